//! One table from the values of an enum to the words for them in files and options, and back.

/// `keyed!(Kind { Review = "review", Chat = "chat" })`: gives the enum `ALL`, `KEYS`, `key` and `from_key`.
macro_rules! keyed {
    ($what:ident { $($value:ident = $key:literal),+ $(,)? }) => {
        impl $what {
            /// Every value, in order.
            pub const ALL: [$what; [$($key),+].len()] = [$($what::$value),+];

            /// The words for them in files and options, in the same order.
            pub const KEYS: [&str; $what::ALL.len()] = [$($key),+];

            /// The word used in files and options.
            pub fn key(self) -> &'static str {
                match self {
                    $($what::$value => $key),+
                }
            }

            /// The value of that `key`.
            pub fn from_key(key: &str) -> Option<$what> {
                $what::ALL.into_iter().find(|value| value.key() == key)
            }
        }
    };
}
pub(crate) use keyed;

/// `called!(Kind { Review: "评价", "评论" })`: what people call the values of a keyed enum beside their keys, the usual
/// Chinese word first. Gives `word`, `words` and `written`.
macro_rules! called {
    ($what:ident { $($value:ident: $zh:literal $(, $word:literal)*);+ $(;)? }) => {
        impl $what {
            /// What an operator types for it.
            pub fn word(self, lang: $crate::words::Lang) -> &'static str {
                lang.of(self.words()[1], self.words()[0])
            }

            /// Everything that people call it: its key, the usual Chinese word, others.
            pub fn words(self) -> &'static [&'static str] {
                match self {
                    $($what::$value => {
                        // A key may be empty: then it cannot be written.
                        const KEY: &str = $what::KEYS[$what::$value as usize];
                        &[KEY, $zh $(, $word)*]
                    }),+
                }
            }

            /// The value that a person wrote, by any of its words; one or several of it, in capital letters or small,
            /// joined or not.
            pub fn written(text: &str) -> Option<$what> {
                let text = $crate::words::keyed::letters(text);
                let is = |word: &&str| $crate::words::keyed::is_written(word, &text);
                $what::ALL.into_iter().find(|value| value.words().iter().any(|word| is(word)))
            }
        }
    };
}
pub(crate) use called;

/// The letters and digits of a word, small.
pub(crate) fn letters(text: &str) -> String {
    each_letter(text).collect()
}

fn each_letter(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// True if the letters are those of this word, or of several of it. Asked of every row, so it stops at the first other letter.
pub(crate) fn is_written(word: &str, text: &str) -> bool {
    let is = |text: &str| !text.is_empty() && each_letter(word).eq(text.chars());
    is(text) || word.len() > 2 && text.strip_suffix('s').is_some_and(is)
}
