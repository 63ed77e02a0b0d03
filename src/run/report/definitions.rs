//! What the words and numbers of a report mean, for the sheet and section of that name.

use crate::report::model::{Counted, Definition};
use crate::words::Said;

/// Terms and what they mean: both names, both meanings.
const TERMS: &[(&str, &str, &str, &str)] = &[
    (
        "记录",
        "record",
        "一条评价（追评并入首评）、一次会话或登记表的一行；数的是它",
        "one review (with its follow-up), one conversation or one line of a sheet: what is counted",
    ),
    (
        "占比",
        "mention rate",
        "提到的记录 ÷ 分母；一条记录提到几次都算一次",
        "records that mention it / base; a record counts once however often it mentions it",
    ),
    (
        "立场",
        "stance",
        "不满、好评、询问、提及；“没有异味”是好评，“会掉色吗”是询问",
        "complaint, praise, question, mention; \"no smell at all\" is praise, \"does it fade?\" a question",
    ),
    (
        "变化",
        "change",
        "百分点之差，方括号是 95% 区间（Newcombe）",
        "difference in percentage points with its 95% interval (Newcombe)",
    ),
    (
        "倍数",
        "times",
        "本期占比 ÷ 上期占比及 95% 区间（Miettinen–Nurminen）",
        "share now / share before with its 95% interval (Miettinen–Nurminen)",
    ),
    (
        "站得住",
        "holds",
        "两期合计至少 10 条提到、每期至少 20 条记录；双侧 mid-p 按本店往期的波动放宽后，在全部格子上控制误报率",
        "at least 10 mentions in the two periods together and 20 records in each; doubled mid-p, widened by the unrest of earlier periods, controlled for false discovery over all cells",
    ),
    (
        "误报、q 值",
        "false ones, q",
        "q 值：像它这么强或更强的变化里，预计有多大比例只是偶然；列出的都不超过设定值（--q，默认 10%）。校准：先按往期扣掉本店平时的波动",
        "q: of changes as strong as this or stronger, the share to be expected from chance alone; what is told stays within --q (10% by default). Calibrated: the shop's usual ups and downs are learnt from earlier periods and taken off first",
    ),
    (
        "话语份额",
        "share of voice",
        "某一类不满的提及 ÷ 一方全部不满提及；占比的分母是记录，它的分母是提及",
        "mentions of one complaint / all complaint mentions of a side: its base is mentions, not records",
    ),
    (
        "同星级相比",
        "odds at equal stars",
        "同样星级（及共有的渠道）的评价里，自家提到它的机会是竞品的几倍；×1 是一样",
        "among reviews with the same stars (and a channel that both share), how many times the odds of the competitors' to mention it one's own have; ×1 is alike",
    ),
    (
        "至少多/少",
        "at least",
        "若占比没变，本期至少不会有的条数（90% 区间近端 × 本期样本）；清单按它排序",
        "records that the old share would not have given (near end of the 90% interval × base); it orders the list",
    ),
    (
        "样本太少",
        "too few",
        "只有三倍以上的变化才看得见，不作判断",
        "only a change above three times could be seen, so nothing is said",
    ),
    ("差评率", "bad-review rate", "一二星 ÷ 有星级的记录", "one or two stars / records with stars"),
    (
        "原声",
        "quotes",
        "在有该标签的记录中均匀取样，按命中的说法分组，从最常见的说法里各取一条长度易读的；相同文字算一条",
        "an even spread of the records with the label, grouped by the words matched; one readable text of each of the most frequent wordings, copies once",
    ),
];

/// Fingerprint of the definitions: two reports with the same one count alike.
pub fn fingerprint(counted: Counted) -> String {
    let mut hash = blake3::Hasher::new();
    for definition in all(counted) {
        for said in [definition.term, definition.meaning] {
            hash.update(said.zh.as_bytes()).update(said.en.as_bytes());
        }
    }
    hash.finalize().to_hex()[..16].to_string()
}

/// All definitions of a report over what is counted.
pub fn all(counted: Counted) -> Vec<Definition> {
    let base = counted.said();
    let definition = |(zh, en, means_zh, means_en): (&str, &str, &str, &str)| Definition {
        term: Said::new(zh, en),
        meaning: Said::new(means_zh, means_en),
    };
    let first = Definition { term: Said::new("分母", "base"), meaning: base };
    std::iter::once(first).chain(TERMS.iter().copied().map(definition)).collect()
}
