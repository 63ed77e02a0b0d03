//! Checks that a row of digits is what its shape suggests: checksums and word context.

/// GB 11643: the last character of an 18-digit identity number follows from the others.
pub fn is_identity(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    bytes[17].to_ascii_uppercase() == b"10X98765432"[(sum % 11) as usize]
}

/// Luhn: what every payment card's number satisfies. Other characters than digits are passed over.
pub fn is_card(number: &str) -> bool {
    let digits = number.bytes().rev().filter(u8::is_ascii_digit).map(|b| u32::from(b - b'0'));
    let mut sum = 0;
    let mut count = 0;
    for (at, digit) in digits.enumerate() {
        sum += if at % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 };
        count += 1;
    }
    (13..=19).contains(&count) && sum % 10 == 0
}

/// True for the numbers of an IPv4 address.
pub fn is_address_of_net(text: &str) -> bool {
    text.split('.').all(|part| part.parse::<u16>().is_ok_and(|n| n < 256))
}

/// True if the first character is one of the family names that nine in ten Chinese bear.
pub fn starts_with_family_name(name: &str) -> bool {
    const NAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范\
        金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蔣葉蘇魏呂盧鍾譚陸範賈韋鄒\
        龍賀顧龔萬錢嚴湯";
    name.chars().next().is_some_and(|c| NAMES.contains(c))
}

/// True for Chinese characters.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums() {
        assert!(is_identity("110101190001010014"));
        assert!(!is_identity("110101190001010015"));
        assert!(is_card("6222000000000000004") && is_card("4111 1111 1111 1111"));
        assert!(!is_card("6222000000000000005") && !is_card("0"));
        assert!(is_address_of_net("203.0.113.7") && !is_address_of_net("1.2.3.400"));
        assert!(starts_with_family_name("张三") && !starts_with_family_name("不在家"));
    }
}
