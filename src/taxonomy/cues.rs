//! Cues: the words that decide a stance - denial, question, wish, contrast, opinion - as editable lists.

use super::Keyword;
use crate::words::{Lang, keyed};

/// The folder of the cue lists.
pub const CUES: &str = "_cues/";

/// What a cue does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Cue {
    /// A good opinion.
    Positive,
    /// A bad opinion.
    Negative,
    /// Denies what follows in its clause.
    Negation,
    /// Denies what stands before it, at the end of its clause (异味没有).
    DeniesBefore,
    /// How little there is of the complaint before it (发热很小, 故障率低).
    Little,
    /// Not as much as something else, however far that is (没有超市买的好, 不如以前).
    Less,
    /// Asks.
    Question,
    /// Asks at the end of a clause, if nothing says that it is meant otherwise (吗, 呢).
    Tag,
    /// What may be: with it, a tag truly asks (会…吗).
    Possible,
    /// Asks for the reason, so that the complaint in it is taken as given (怎么, 为什么, why).
    Why,
    /// A complaint in the clothes of a question (难道, 凭什么).
    Rhetorical,
    /// Wished or advised, not so.
    Wish,
    /// Under a condition, not so.
    Conditional,
    /// Not seen yet (没试过, 听说).
    Unsure,
    /// The answer to the question in its clause is not known (不知道会不会…).
    Unknown,
    /// Feared, before it was seen (担心).
    Feared,
    /// Expected, so that what is good did not come (以为很暖和).
    Expected,
    /// Promised, so that what is good did not come; what is bad is told (说好的加绒).
    Promised,
    /// Said by the shop, so that what is good is only said; what is bad is told (客服说是正品).
    Claimed,
    /// Nearly, so not (差点).
    Almost,
    /// Said by or of somebody or something else (朋友说, 上一家).
    ThirdParty,
    /// Of other things or an earlier time: what is bad from here on to the end of the sentence is none of this one's (I tried
    /// many brands, they all leaked) ...
    Others,
    /// ... unless it comes back to this one (now, 终于) ...
    This,
    /// ... or points at it (these, 这款).
    Points,
    /// May be of other things or an earlier time: it is, if the sentence comes back to this one after what is bad (most cards are
    /// slow, but this one flies).
    Elsewhere,
    /// Begins a clause that turns (但是, but).
    Contrast,
    /// Turns after an opinion or at the head of what is said, not right after its topic (就是: 物流就是给力).
    Turn,
    /// Denial does not reach across it (就, 却).
    Barrier,
    /// All but this (除了, except).
    Except,
    /// Everything else, after an exception (都, 其他, the rest).
    Rest,
    /// Joins two things; an opinion does not reach back across it (和, and).
    Joiner,
    /// Holds this one against something else, which follows (和, 比, than).
    Measure,
    /// How much: begins something new, and praises in a chat (很, 非常).
    Degree,
    /// A plain quality that takes the denial right before it, which then goes no further (不贵值得买).
    Quality,
    /// An opinion too weak to be praise in a chat (可以, ok).
    Weak,
    /// In a chat: it was done before (已经).
    Done,
    /// In a chat: it is wanted all the same (帮, 麻烦).
    Wanted,
    /// Only who writes to a shop says it (在吗, 人工客服): the text is a chat, even if nobody said so.
    Talk,
    /// Speaks to the shop (你们, 亲): a single line with it is a chat if it asks.
    Address,
    /// Only a review says it (差评, 第一次买): a text with it is none of a chat.
    Verdict,
    /// Only who answers for the shop says it: from there on nothing is the customer's (thank you for your query) ...
    Reply,
    /// ... until it is signed (regards).
    Signed,
    /// Nothing by itself: covers the cues inside it (不锈钢, 不管).
    Idiom,
    /// Grammar, like all that follow: a short denial, which denies the word right after it alone (不夹不磨).
    Bare,
    /// Answers the writer's own question: so it is.
    Yes,
    /// Answers the writer's own question: it is not.
    No,
    /// Denies neither a list nor a thing (不).
    Not,
    /// Denies a thing, or holds it against another (没有白瓶的好用).
    HasNot,
    /// Denies what a thing is (不是).
    IsNot,
    /// Leads on from a denial, over a degree (不是一次很愉快的购物) or to the denial that undoes it (不能说没有).
    LeadsOn,
    /// So much that a denial goes on over a degree right after it (没觉得颜色很好看).
    Feels,
    /// How much, in one word that may be said twice (不会太紧太松).
    So,
    /// Joins an opinion or a quality to its thing (的, with).
    Of,
    /// Goes on a list that is denied (没有瑕疵和脏污).
    Listing,
    /// Says nothing at the end of a clause (异味没有了哦).
    Particle,
    /// Before what is missing: even that (连包装都没有).
    Even,
    /// Asks at the end of a message, softens what is told elsewhere (换货吧, 能退不).
    Softly,
    /// Belongs to the word after it, so that no question begins there (就是 + 不是很厚).
    Parted,
    /// Wonders at how good it is (怎么这么好看), or how bad (快递这么不负责任吗).
    How,
    /// Right after what was done (退货了).
    Did,
    /// What can be done (可以退吗, cannot recommend it enough).
    Can,
    /// With what cannot be: so much of it (cannot recommend it enough).
    Enough,
    /// Doubted rather than denied ...
    Doubted,
    /// ... if this follows (不会是假的吧).
    Doubt,
    /// What it would be without a fault (没有线头就更好了).
    Better,
    /// The verb after which a statement tells what a thing is (the camera is poor) ...
    ToBe,
    /// ... unless what it is said of comes after it (is it, are they) ...
    Subject,
    /// ... or a question opens with this (which, how).
    AsksFirst,
}

// In the order of the documentation.
keyed!(Cue {
    Positive = "positive",
    Negative = "negative",
    Negation = "negation",
    DeniesBefore = "denies_before",
    Little = "little",
    Less = "less",
    Question = "question",
    Tag = "tag",
    Possible = "possible",
    Why = "why",
    Rhetorical = "rhetorical",
    Wish = "wish",
    Conditional = "conditional",
    Unsure = "unsure",
    Unknown = "unknown",
    Feared = "feared",
    Expected = "expected",
    Promised = "promised",
    Claimed = "claimed",
    Almost = "almost",
    ThirdParty = "third_party",
    Others = "others",
    This = "this",
    Points = "points",
    Elsewhere = "elsewhere",
    Contrast = "contrast",
    Turn = "turn",
    Barrier = "barrier",
    Except = "except",
    Rest = "rest",
    Joiner = "joiner",
    Measure = "measure",
    Degree = "degree",
    Quality = "quality",
    Weak = "weak",
    Done = "done",
    Wanted = "wanted",
    Talk = "talk",
    Address = "address",
    Verdict = "verdict",
    Reply = "reply",
    Signed = "signed",
    Idiom = "idiom",
    Bare = "bare",
    Yes = "yes",
    No = "no",
    Not = "not",
    HasNot = "has_not",
    IsNot = "is_not",
    LeadsOn = "leads_on",
    Feels = "feels",
    So = "so",
    Of = "of",
    Listing = "listing",
    Particle = "particle",
    Even = "even",
    Softly = "softly",
    Parted = "parted",
    How = "how",
    Did = "did",
    Can = "can",
    Enough = "enough",
    Doubted = "doubted",
    Doubt = "doubt",
    Better = "better",
    ToBe = "to_be",
    Subject = "subject",
    AsksFirst = "asks_first",
});

/// What an operator reads for each cue, in Chinese and English, in the order of [`Cue::ALL`].
static NAMES: [(Cue, &str, &str); Cue::ALL.len()] = [
    (Cue::Positive, "好话", "good word"),
    (Cue::Negative, "坏话", "bad word"),
    (Cue::Negation, "否定", "denial"),
    (Cue::DeniesBefore, "否定前面的话", "denies what stands before it"),
    (Cue::Little, "程度很小", "little of it"),
    (Cue::Less, "不如别的", "less than another"),
    (Cue::Question, "询问", "question"),
    (Cue::Tag, "句末的问词", "question word at the end"),
    (Cue::Possible, "问有没有可能", "asks what may be"),
    (Cue::Why, "问原因", "asks for the reason"),
    (Cue::Rhetorical, "反问", "rhetorical question"),
    (Cue::Wish, "愿望或建议", "wish or advice"),
    (Cue::Conditional, "假设", "condition"),
    (Cue::Unsure, "还没试过", "not seen yet"),
    (Cue::Unknown, "不知道", "not known"),
    (Cue::Feared, "担心过", "feared before"),
    (Cue::Expected, "原先的期待", "expected before"),
    (Cue::Promised, "承诺过", "promised"),
    (Cue::Claimed, "商家的说法", "said by the shop"),
    (Cue::Almost, "差一点", "nearly"),
    (Cue::ThirdParty, "说的是别人或别家", "said by or of others"),
    (Cue::Others, "说的是别的东西", "of other things"),
    (Cue::This, "又说回这件", "back to this one"),
    (Cue::Points, "指这件", "points at this one"),
    (Cue::Elsewhere, "可能说的是别的", "may be of other things"),
    (Cue::Contrast, "转折", "contrast"),
    (Cue::Turn, "转折", "contrast"),
    (Cue::Barrier, "否定到此为止", "denial stops here"),
    (Cue::Except, "除外", "exception"),
    (Cue::Rest, "其余的", "all the rest"),
    (Cue::Joiner, "并列", "joins two things"),
    (Cue::Measure, "比较", "comparison"),
    (Cue::Degree, "程度", "degree"),
    (Cue::Quality, "普通的性质", "plain quality"),
    (Cue::Weak, "不算夸奖的好话", "too weak to be praise"),
    (Cue::Done, "已经做了", "done before"),
    (Cue::Wanted, "仍然想要", "still wanted"),
    (Cue::Talk, "对客服说的话", "said to a shop only"),
    (Cue::Address, "称呼客服", "speaks to the shop"),
    (Cue::Verdict, "评价里才有的话", "said in reviews only"),
    (Cue::Reply, "商家的回复", "the shop's reply"),
    (Cue::Signed, "商家的落款", "the shop's signature"),
    (Cue::Idiom, "固定说法", "set phrase"),
    (Cue::Bare, "短的否定", "short denial"),
    (Cue::Yes, "自问自答：是", "own answer: yes"),
    (Cue::No, "自问自答：不是", "own answer: no"),
    (Cue::Not, "不", "not"),
    (Cue::HasNot, "没有", "has not"),
    (Cue::IsNot, "不是", "is not"),
    (Cue::LeadsOn, "接着否定", "leads on from a denial"),
    (Cue::Feels, "觉得", "feels"),
    (Cue::So, "程度（可连说）", "degree, said twice"),
    (Cue::Of, "修饰", "joins a quality to its thing"),
    (Cue::Listing, "列举", "goes on a list"),
    (Cue::Particle, "语气词", "particle"),
    (Cue::Even, "连……都", "even"),
    (Cue::Softly, "缓和语气", "softens"),
    (Cue::Parted, "属于后面的词", "belongs to the next word"),
    (Cue::How, "感叹", "wonders how good"),
    (Cue::Did, "做过了", "was done"),
    (Cue::Can, "能做", "can be done"),
    (Cue::Enough, "怎么都不够", "not enough of it"),
    (Cue::Doubted, "怀疑", "doubted"),
    (Cue::Doubt, "怀疑的结尾", "end of a doubt"),
    (Cue::Better, "没有它会更好", "better without"),
    (Cue::ToBe, "是", "to be"),
    (Cue::Subject, "主语", "subject"),
    (Cue::AsksFirst, "开头的问词", "opens a question"),
];

impl Cue {
    /// The name an operator reads.
    pub fn name(self, lang: Lang) -> &'static str {
        let (_, zh, en) = NAMES[self as usize];
        lang.of(zh, en)
    }

    /// True if it is only looked up where another cue asks for it: among the others it would hide some.
    pub fn stands_apart(self) -> bool {
        use Cue::*;
        matches!(
            self,
            Others
                | This
                | Points
                | Elsewhere
                | Measure
                | Degree
                | Quality
                | Weak
                | Done
                | Wanted
                | Talk
                | Address
                | Verdict
                | Reply
                | Signed
        )
    }

    /// True if it is grammar: asked for at a place, and not looked for.
    pub fn stands_in_place(self) -> bool {
        self > Cue::Idiom
    }
}

/// A cue word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CueWord {
    /// What it does.
    pub cue: Cue,
    /// The word.
    pub keyword: Keyword,
    /// The file that it stands in.
    pub file: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cue_has_its_own_row_of_names() {
        for (i, (cue, zh, en)) in NAMES.into_iter().enumerate() {
            assert_eq!((cue, cue as usize), (Cue::ALL[i], i));
            assert!(!zh.is_ascii() && en.is_ascii() && !en.contains('_'), "{zh} {en}");
        }
    }
}
