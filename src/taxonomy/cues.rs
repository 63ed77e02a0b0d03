//! Cues: the words that decide a stance - denial, question, wish, contrast, opinion - as editable lists.

use super::Keyword;
use crate::words::keyed;

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
    /// Nearly, so not (差点).
    Almost,
    /// Said by or of somebody or something else (朋友说, 上一家).
    ThirdParty,
    /// Of other things or an earlier time: what is bad from here on to the end of the sentence is none of this one's (I tried
    /// many brands, they all leaked) ...
    Others,
    /// ... unless this one is named again (these, now).
    This,
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
    /// Answers the writer's own question: so it is.
    Yes,
    /// Answers the writer's own question: it is not.
    No,
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
    /// Nothing by itself: covers the cues inside it (不锈钢, 不管).
    Idiom,
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
    Almost = "almost",
    ThirdParty = "third_party",
    Others = "others",
    This = "this",
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
    Yes = "yes",
    No = "no",
    Done = "done",
    Wanted = "wanted",
    Talk = "talk",
    Address = "address",
    Verdict = "verdict",
    Idiom = "idiom",
});

impl Cue {
    /// True if it is only looked up where another cue asks for it: among the others it would hide some.
    pub fn stands_apart(self) -> bool {
        use Cue::*;
        matches!(
            self,
            Others
                | This
                | Elsewhere
                | Measure
                | Degree
                | Quality
                | Weak
                | Yes
                | No
                | Done
                | Wanted
                | Talk
                | Address
                | Verdict
        )
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
