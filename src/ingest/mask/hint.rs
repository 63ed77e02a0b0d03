//! One cheap look at a text: could there be personal data in it at all? Nine texts in ten end here.

use std::sync::LazyLock;

use regex::bytes::Regex;

/// What a text could hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// Enough digits in one place for a telephone, an order, a card.
    pub digits: bool,
    /// A sign of e-mail.
    pub at: bool,
    /// A number before 号.
    pub house: bool,
    /// A word that announces an account or a name.
    pub word: bool,
    /// Letters and digits after a Chinese character, as on a number plate.
    pub plate: bool,
    /// Full-width letters or digits, to be folded first.
    pub wide: bool,
}

const OTHER: u8 = 0;
const DIGIT: u8 = 1;
const BETWEEN: u8 = 2;
const AT: u8 = 3;
const LEAD: u8 = 4;
const UPPER: u8 = 5;

static CLASS: [u8; 256] = {
    let mut class = [OTHER; 256];
    let mut b = b'0';
    while b <= b'9' {
        class[b as usize] = DIGIT;
        b += 1;
    }
    let mut b = b'A';
    while b <= b'Z' {
        class[b as usize] = UPPER;
        b += 1;
    }
    let between = b" -.()+";
    let mut i = 0;
    while i < between.len() {
        class[between[i] as usize] = BETWEEN;
        i += 1;
    }
    class[b'@' as usize] = AT;
    class[0xef] = LEAD;
    class
};

static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    let words = "(?-u)微信|weixin|WeChat|wechat|Wechat|wx|WX|Wx|vx|VX|Vx|v信|V信|薇|QQ|qq|扣扣|收货人|收件人|联系人|寄件人|姓名|收貨人|聯絡人";
    Regex::new(words).expect("a fixed pattern")
});

impl Hint {
    /// Looks at a text.
    pub fn of(text: &str) -> Hint {
        let bytes = text.as_bytes();
        let mut hint = Hint { word: WORDS.is_match(bytes), ..Hint::default() };
        let (mut digits, mut dots, mut plate) = (0u32, 0u32, 0u32);
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let class = CLASS[byte as usize];
            match class {
                OTHER => {
                    hint.house |= digits > 0 && byte == 0xe5 && bytes[at..].starts_with("号".as_bytes());
                    (digits, dots) = (0, 0);
                    // The rest of a Chinese character says nothing more.
                    at += if byte >= 0xe0 { 2 } else { 0 };
                }
                DIGIT => digits += 1,
                BETWEEN => dots += u32::from(byte == b'.'),
                AT => hint.at = true,
                LEAD => {
                    match bytes.get(at + 1..at + 3) {
                        Some([0xbc, 0x90..=0x99]) => (digits, hint.wide) = (digits + 1, true),
                        Some([0xbc, 0xa0]) => (hint.at, hint.wide) = (true, true),
                        Some([0xbc, 0xa1..=0xba] | [0xbd, 0x81..=0x9a]) => hint.wide = true,
                        _ => (digits, dots) = (0, 0),
                    }
                    at += 2;
                }
                _ => {}
            }
            hint.digits |= digits >= 7 || digits >= 4 && dots >= 3;
            plate = match class {
                DIGIT | UPPER if plate > 0 => plate + 1,
                OTHER | LEAD if byte >= 0x80 => 1,
                _ => 0,
            };
            hint.plate |= plate >= 7;
            at += 1;
        }
        hint
    }

    /// True if nothing can be in it.
    pub fn is_clean(self) -> bool {
        self == Hint::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_reviews_pass_at_once() {
        for text in [
            "很好，孩子喜欢",
            "350ml的刚好",
            "用了2个月，59.9元",
            "Fits well; size 12, 5 stars",
            "已经买了3次，1米65穿M",
        ] {
            assert!(Hint::of(text).is_clean(), "{text}");
        }
        assert!(Hint::of("１３８００１３８０００").digits && Hint::of("１３８００１３８０００").wide);
        assert!(Hint::of("示例路1号").house && Hint::of("a@b.c").at && Hint::of("加v信").word);
        assert!(Hint::of("138 0013 8000").digits && Hint::of("1.2.3.4").digits && Hint::of("苏D12340").plate);
    }
}
