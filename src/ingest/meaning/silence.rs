//! Reviews without words: the platform's own praise in their place, and cells with nothing in them.

use crate::words::Silence;

/// What the platforms write where the customer wrote nothing; signs do not count.
const WHOLE: &[&str] = &[
    "此用户没有填写评价",
    "此用户没有填写评论",
    "此用户没有评价",
    "此用户未填写评价内容",
    "此用户未填写评价",
    "此用户未及时填写评价内容",
    "用户未填写评价内容",
    "用户未填写评价",
    "该用户未填写评价内容",
    "该用户没有填写评价",
    "买家没有填写评价内容",
    "默认好评",
    "系统默认好评",
    "系统默认评价",
    "默认评价",
    "此评价为系统默认评价",
    "15天内买家未作出评价",
    "该用户觉得商品非常好",
    "用户暂无评价",
    "暂无评价内容",
    "此用戶沒有填寫評價",
    "買家未填寫評價",
    "系統默認好評",
    "用户没有填写评价",
];

/// Beginnings that no customer writes.
const BEGINS: &[&str] = &[
    "评价方未及时做出评价",
    "评价方未及时作出评价",
    "买家未及时作出评价",
    "买家未及时做出评价",
    "用户未及时作出评价",
    "用户未及时做出评价",
    "此用户未及时填写评价",
    "用户未点评系统默认",
    "该用户觉得商品非常好给出",
    "该用户觉得商品较好给出",
    "该用户觉得商品很好给出",
    "15天内买家未",
];

/// Whether the text has no words of the customer, and why.
pub fn silence(text: &str) -> Option<Silence> {
    if text.len() > 240 {
        return None;
    }
    if matches!(text, "(空)" | "（空）") {
        return Some(Silence::DefaultPraise);
    }
    let is_sign = |c: char| c.is_whitespace() || c.is_control() || c.is_ascii_punctuation() || is_wide_sign(c);
    // Most texts begin otherwise: the first letters decide.
    let first = text.trim_start_matches(is_sign);
    if first.is_empty() {
        return Some(Silence::Empty);
    }
    if !first.starts_with(['此', '用', '该', '买', '默', '系', '1', '评', '暂', '買']) {
        return None;
    }
    let letters: String = text.chars().filter(|c| !is_sign(*c)).collect();
    let is_default = WHOLE.contains(&letters.as_str()) || BEGINS.iter().any(|b| letters.starts_with(b));
    is_default.then_some(Silence::DefaultPraise)
}

fn is_wide_sign(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}'
        | '\u{ff5b}'..='\u{ff65}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{200b}'..='\u{200f}'
        | '\u{fe0f}' | '\u{feff}' | '·' | '¡' | '¿' | '´' | '¨')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platforms_words_are_not_the_customers() {
        for text in [
            "此用户没有填写评价",
            "此用户没有填写评价。",
            "此用户没有填写评论!",
            "此用户未填写评价内容",
            "此用户未及时填写评价内容",
            "用户未填写评价内容",
            "评价方未及时做出评价,系统默认好评!",
            "买家未及时作出评价，系统默认好评！",
            "系统默认好评",
            "系统默认好评!",
            "默认好评",
            "15天内买家未作出评价",
            "该用户觉得商品非常好",
            "该用户觉得商品非常好，给出5星好评",
            "(空)",
        ] {
            assert_eq!(silence(text), Some(Silence::DefaultPraise), "{text}");
        }
        for text in ["", "  ", "。。。", "!!!", "……", "\u{200b}", "\0"] {
            assert_eq!(silence(text), Some(Silence::Empty), "{text}");
        }
        for text in ["好", "👍", "默认好评，其实有味道", "用户体验不好", "1", "此用户很满意", "系统很卡"]
        {
            assert_eq!(silence(text), None, "{text}");
        }
    }
}
