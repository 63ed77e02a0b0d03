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
