//! A report as data: everything that any of its forms shows, and nothing that depends on one of them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::said;
use crate::words::{Day, Kind, Period, Said, Stance};

/// Name and version of the JSON form.
pub const SCHEMA: &str = "earful.report/1";
/// Below this base a ratio is shown as `2/3`, never as a percentage.
pub const MIN_BASE_FOR_PERCENT: u64 = 20;

/// A whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The shops in it, own ones first.
    pub shops: Vec<Shop>,
    /// The period reported on, such as `2026-10`.
    pub period: String,
    /// The period it is compared with.
    pub against: String,
    /// Set if the period is not over: it is compared with the same number of days.
    pub provisional: Option<Provisional>,
    /// Which records the ratios are of.
    #[serde(flatten)]
    pub counted: Counted,
    /// What was read and left out, over the whole workspace.
    pub read: Read,
    /// The message in one sentence.
    pub verdict: Said,
    /// Said beside the verdict where the gate could not learn from earlier periods how restless the shop is.
    pub caution: Option<Said>,
    /// How the gate was set.
    pub gate: Gate,
    /// Rises and falls that hold, the heaviest first.
    pub shifts: Vec<Shift>,
    /// Ratios of whole shops that moved because the mix of SKUs did: no shifts, each a sentence.
    pub mixed: Vec<Said>,
    /// How many ratios moved too little to matter, and how many had too few records to tell.
    pub steady: usize,
    /// See [`Report::steady`].
    pub too_few: usize,
    /// What four weeks show together and the week alone does not; only in weekly reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wider: Option<Wider>,
    /// SKU × category for the complaints of this period.
    pub matrix: Matrix,
    /// The periods of every series in the report, oldest first.
    pub periods: Vec<String>,
    /// Ratios of the whole own shop over time, the most frequent first.
    pub trends: Vec<Trend>,
    /// Own shops against competitors, the widest gap first.
    pub versus: Vec<Versus>,
    /// What own shops and competitors are known for, in sentences.
    pub versus_notes: Vec<Said>,
    /// The customers' own words behind the shifts and the largest categories.
    pub quotes: Vec<Quote>,
    /// The figures a shop is held to; `None` without rated records of own shops.
    pub standing: Option<Standing>,
    /// What happened, from `events.csv`, within the periods shown.
    pub events: Vec<Event>,
    /// What chats, lost sales and after-sale cases tell; `None` without them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<super::chats::Tables>,
    /// Every cell of both periods, to pivot.
    pub cells: Vec<Cell>,
    /// What the words and numbers mean.
    pub definitions: Vec<Definition>,
    /// Fingerprint of the taxonomy that gave the labels.
    pub taxonomy: String,
    /// Fingerprint of the records that were counted.
    pub data: String,
}

/// A shop and how many of its records lie in the two periods.
#[derive(Clone, Debug, Serialize)]
pub struct Shop {
    /// Name.
    pub name: String,
    /// True for the user's own.
    pub own: bool,
    /// Records of this period.
    pub now: u64,
    /// Records of the period compared with.
    pub before: u64,
}

/// A period that is not over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Provisional {
    /// Last complete day in the data.
    pub until: String,
    /// Days compared on both sides.
    pub days: u32,
}

/// Which records a ratio is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    /// Every record, with or without words.
    All,
    /// Records with words of the customer.
    Text,
    /// Records with words and at most three stars.
    LowStars,
    /// Orders, where records carry one.
    Orders,
    /// Whatever a table of counts from elsewhere was counted over.
    Given,
}

impl Base {
    /// All bases that can be asked for.
    pub const ALL: [Base; 4] = [Base::All, Base::Text, Base::LowStars, Base::Orders];

    /// The word used in options.
    pub fn key(self) -> &'static str {
        match self {
            Base::All => "all",
            Base::Text => "text",
            Base::LowStars => "low-stars",
            Base::Orders => "orders",
            Base::Given => "given",
        }
    }

    /// The base of that [`key`](Base::key).
    pub fn from_key(key: &str) -> Option<Base> {
        Base::ALL.into_iter().find(|b| b.key() == key)
    }
}

/// Which records a ratio is of: what they are, and which of those.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Which of them count.
    pub base: Base,
    /// Only records of this kind; `None` for all kinds together.
    #[serde(serialize_with = "kind_key")]
    pub kind: Option<Kind>,
}

fn kind_key<S: serde::Serializer>(kind: &Option<Kind>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(kind.map_or("all", Kind::key))
}

impl Counted {
    /// What it means, for the definitions and the header.
    pub fn said(self) -> Said {
        let (zh, en) = match self.kind {
            None => ("记录", "records"),
            Some(Kind::Review) => ("评价", "reviews"),
            Some(Kind::Chat) => ("会话", "conversations"),
            Some(Kind::Log) => ("登记", "log entries"),
            Some(Kind::Lost) => ("未成交登记", "lost sales"),
            Some(Kind::Case) => ("售后单", "after-sale cases"),
        };
        match self.base {
            Base::Given => said!("计数表给出的样本", "as given by the table of counts"),
            Base::All => said!("全部{zh}（含无文字的）", "all {en}, with or without words"),
            Base::Text => said!("有文字的{zh}", "{en} with words"),
            Base::LowStars => said!("三星及以下、有文字的{zh}", "{en} with words and at most 3 stars"),
            Base::Orders => said!(
                "留下{zh}的订单（每单每个 SKU 算一次，归到最早一条那天，任何一条提到都算）",
                "orders that left {en} with words: each once for a SKU, on the day of its first, mentioning what any of them mentions"
            ),
        }
    }
}

/// What was read into the workspace.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Read {
    /// Imported files.
    pub files: usize,
    /// Rows read.
    pub rows: u64,
    /// Rows that became records.
    pub kept: u64,
    /// Rows that repeat others.
    pub repeats: u64,
    /// Rows left out, by reason.
    pub left_out: BTreeMap<String, u64>,
    /// Labels that people decided by hand, which win over the rules.
    #[serde(skip_serializing_if = "none")]
    pub decided: u64,
}

fn none(count: &u64) -> bool {
    *count == 0
}

/// How the gate was set.
#[derive(Clone, Debug, Serialize)]
pub struct Gate {
    /// Share of false highlights accepted among the highlights.
    pub q: f64,
    /// Clustering learnt from earlier periods; 1 is none.
    pub phi: f64,
    /// Drift learnt from earlier periods, as a variance of log odds.
    pub tau2: f64,
    /// Cells that it was learnt from; too few and `calibrated` is false.
    pub learnt_from: usize,
    /// True if it was learnt from earlier periods, as it should be.
    pub calibrated: bool,
    /// Where it was learnt: `earlier` periods, `here` (the very periods compared), or `nowhere`.
    pub learnt: &'static str,
    /// Ratios that were tested.
    pub tested: usize,
}

/// Mentions of a base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ratio {
    /// Records that mention it.
    pub mentions: u64,
    /// Records that could have.
    pub base: u64,
}

impl Ratio {
    /// The share, 0..=1; `None` without records.
    pub fn share(self) -> Option<f64> {
        (self.base > 0).then(|| self.mentions as f64 / self.base as f64)
    }
}

/// Where a ratio is: a shop, one SKU of it or all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Shop.
    pub shop: String,
    /// SKU; `None` for the whole shop or a listing.
    pub sku: Option<String>,
    /// The listing, by its id, where all of its SKUs are meant together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<String>,
    /// Title of the product, if one SKU is meant and it is known.
    pub product: String,
}

/// A category as a report names it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Category {
    /// Path in the taxonomy.
    pub id: String,
    /// Name in both languages.
    pub name: Said,
    /// `product`, `logistics` or `service`.
    pub area: String,
    /// Who acts.
    pub owner: String,
    /// What to do.
    pub action: Said,
}

/// Which way a ratio went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// It rose, and the gate holds.
    Rise,
    /// It fell, and the gate holds.
    Fall,
    /// It did not move enough to say so.
    Steady,
    /// Too few records to tell.
    TooFew,
}

/// An estimate with its 95% interval.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end; infinite values are written as null in JSON.
    pub high: f64,
}

/// Two periods of one ratio, compared.
#[derive(Clone, Debug, Serialize)]
pub struct Shift {
    /// Where.
    pub place: Place,
    /// What.
    pub category: Category,
    /// With which stance.
    pub stance: Stance,
    /// Which way.
    pub direction: Direction,
    /// This period.
    pub now: Ratio,
    /// The period compared with.
    pub before: Ratio,
    /// The same period of last year, if there are records.
    pub last_year: Option<Ratio>,
    /// Change of the share, as a fraction: 0.064 is 6.4 points.
    pub change: Option<Estimate>,
    /// How many times the share before.
    pub times: Option<Estimate>,
    /// Share of false ones to expect among highlights at least as strong as this.
    pub q: Option<f64>,
    /// At least this many records more (rise) or fewer (fall) than the old share would have given.
    pub extra: u64,
    /// The ratio in each of [`Report::periods`].
    pub series: Vec<Ratio>,
    /// What is behind it, each a sentence.
    pub causes: Vec<Said>,
    /// Places in [`Report::quotes`].
    pub quotes: Vec<usize>,
}

/// Shifts of a longer stretch, a family of tests of its own: a rolled-up cell that is told holds by itself.
#[derive(Clone, Debug, Serialize)]
pub struct Wider {
    /// The stretch that ends with the reported period.
    pub period: String,
    /// The one before.
    pub against: String,
    /// What holds over it, without what the period itself tells.
    pub shifts: Vec<Shift>,
}

/// SKU × category of this period's complaints.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Matrix {
    /// Columns.
    pub categories: Vec<Category>,
    /// Rows, the largest base first.
    pub rows: Vec<MatrixRow>,
}

/// One SKU.
#[derive(Clone, Debug, Serialize)]
pub struct MatrixRow {
    /// Which.
    pub place: Place,
    /// Records of this period.
    pub base: u64,
    /// Records with one or two stars of those with stars.
    pub bad: Ratio,
    /// Complaints of this period and of the one before, for each column.
    pub cells: Vec<MatrixCell>,
}

/// One SKU and category.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct MatrixCell {
    /// This period.
    pub now: Ratio,
    /// The period compared with.
    pub before: Ratio,
    /// Which way, by the gate.
    pub direction: Direction,
    /// A place in [`Report::quotes`], where somebody said so.
    pub quote: Option<usize>,
}

/// A ratio over time.
#[derive(Clone, Debug, Serialize)]
pub struct Trend {
    /// Where.
    pub place: Place,
    /// What.
    pub category: Category,
    /// With which stance.
    pub stance: Stance,
    /// The ratio in each of [`Report::periods`].
    pub series: Vec<Ratio>,
}

/// Own shops against competitors.
#[derive(Clone, Debug, Serialize)]
pub struct Versus {
    /// What.
    pub category: Category,
    /// With which stance.
    pub stance: Stance,
    /// Own.
    pub own: Ratio,
    /// The competitors'.
    pub other: Ratio,
    /// Own share less the competitors', as a fraction.
    pub gap: Option<Estimate>,
    /// Odds own against competitors among records with the same stars (and channel, if they share one).
    pub matched: Option<Estimate>,
    /// False-discovery value within this table.
    pub q: Option<f64>,
    /// True if the gap holds.
    pub holds: bool,
    /// A place in [`Report::quotes`] for own and for the competitors, where there is one.
    pub quotes: Vec<usize>,
}

/// A customer's own words.
#[derive(Clone, Debug, Serialize)]
pub struct Quote {
    /// Which record.
    pub uid: String,
    /// Where.
    pub place: Place,
    /// Day it was written.
    pub day: Option<String>,
    /// Stars, 1 to 5.
    pub stars: Option<f32>,
    /// Source file.
    pub file: String,
    /// Row in it.
    pub row: u64,
    /// What it is quoted for.
    pub category: Category,
    /// With which stance.
    pub stance: Stance,
    /// The words, masked, shortened around the match.
    pub text: String,
    /// The matches, as byte ranges of `text`.
    pub matches: Vec<(usize, usize)>,
    /// How many other records say the same.
    pub alike: usize,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Day.
    pub day: String,
    /// Kind, as it stands in `events.csv`.
    pub kind: String,
    /// Shop; empty for all.
    pub shop: String,
    /// SKU; empty for all.
    pub sku: String,
    /// What.
    pub text: String,
    /// What changed after it and not in the control, the strongest first.
    pub effects: Vec<Effect>,
    /// What it was compared with: other SKUs or competitors; `None` if there was nothing to compare with.
    pub control: Option<Said>,
}

/// What changed after an event, less what changed in the control.
#[derive(Clone, Debug, Serialize)]
pub struct Effect {
    /// What.
    pub category: Category,
    /// With which stance.
    pub stance: Stance,
    /// Before the event.
    pub before: Ratio,
    /// After it, without the transition days.
    pub after: Ratio,
    /// The control before and after.
    pub control: [Ratio; 2],
    /// How many times more the odds moved here than in the control.
    pub times: f64,
    /// False-discovery value over all categories of this event.
    pub q: f64,
    /// Other dates that were tried, and how many of them gave as strong a change.
    pub placebo: Option<(usize, usize)>,
}

/// The figures a shop is held to.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    /// Last of the days.
    pub until: String,
    /// Days that count: 60, or fewer while the records warm up.
    pub days: u32,
    /// Bad reviews (1 or 2 stars) of those days by the stars first given.
    pub first: Ratio,
    /// The same as they stand today, after changed stars.
    pub current: Ratio,
    /// Of the low-star records with words of this period, those that complain of the product.
    pub quality: Ratio,
    /// What each complaint costs in stars, the costliest first.
    pub costs: Vec<Cost>,
}

/// What a category costs in stars.
#[derive(Clone, Debug, Serialize)]
pub struct Cost {
    /// What.
    pub category: Category,
    /// Rated records that complain of it.
    pub ratio: Ratio,
    /// Mean stars of the other records less those of records that complain of it.
    pub gap: f64,
    /// Standard error of the gap.
    pub se: f64,
    /// Stars that the mean of all would gain if these records scored like the others.
    pub opportunity: f64,
    /// True for the largest opportunity of its area.
    pub biggest: bool,
}

/// One count with its place.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// Period.
    pub period: String,
    /// Shop.
    pub shop: String,
    /// True for the user's own.
    pub own: bool,
    /// SKU.
    pub sku: String,
    /// Category path.
    pub category: String,
    /// Stance.
    pub stance: Stance,
    /// Mentions of the base.
    #[serde(flatten)]
    pub ratio: Ratio,
    /// The gate's word on the change to this period: `rise` and `fall` are highlights; `None` in the period
    /// compared with.
    pub shift: Option<Direction>,
    /// Share of false ones to expect among highlights at least as strong; `None` if it was not tested.
    pub q: Option<f64>,
}

/// What a word or number means.
#[derive(Clone, Debug, Serialize)]
pub struct Definition {
    /// The word.
    pub term: Said,
    /// What it means.
    pub meaning: Said,
}

impl Report {
    /// Where a day `2026-10-12` lies on the axis of [`Report::periods`], in periods from the first; `None` outside.
    pub fn place_of_day(&self, day: &str) -> Option<f64> {
        let day = Day::from_civil(day.parse().ok()?);
        let spans: Option<Vec<Period>> = self.periods.iter().map(|p| p.parse().ok()).collect();
        let spans = spans?;
        let i = spans.iter().position(|p| p.first() <= day && day <= p.last())?;
        let within = f64::from(day.0 - spans[i].first().0) / f64::from(spans[i].len());
        // The mark of a period stands for its middle.
        Some((i as f64 + within - 0.5).max(0.0))
    }
}

impl Quote {
    /// The words cut at the matches: each piece with whether it was matched.
    pub fn pieces(&self) -> Vec<(&str, bool)> {
        pieces(&self.text, &self.matches)
    }
}

/// A text cut at the matches, which are in order and do not overlap: each piece with whether it was matched.
pub fn pieces<'a>(text: &'a str, matches: &[(usize, usize)]) -> Vec<(&'a str, bool)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for &(start, end) in matches {
        pieces.push((&text[at..start], false));
        pieces.push((&text[start..end], true));
        at = end;
    }
    pieces.push((&text[at..], false));
    pieces
}

impl Direction {
    /// The mark that stands beside the number; never colour alone.
    pub fn mark(self) -> &'static str {
        match self {
            Direction::Rise => "▲",
            Direction::Fall => "▼",
            Direction::Steady => "·",
            Direction::TooFew => "?",
        }
    }

    /// The word used in files.
    pub fn key(self) -> &'static str {
        match self {
            Direction::Rise => "rise",
            Direction::Fall => "fall",
            Direction::Steady => "steady",
            Direction::TooFew => "too-few",
        }
    }

    /// The word for it.
    pub fn said(self) -> Said {
        match self {
            Direction::Rise => Said::new("上升", "rise"),
            Direction::Fall => Said::new("下降", "fall"),
            Direction::Steady => Said::new("平稳", "steady"),
            Direction::TooFew => Said::new("样本太少，看不出", "too few to tell"),
        }
    }
}
