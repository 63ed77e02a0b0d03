//! What the cells of one column look like: the evidence that settles what a header leaves open.

use rustc_hash::FxHashSet;

use crate::ingest::field::Field;
use crate::ingest::meaning::{DateLook, date_look, looks_like_stars, says_nothing};
use crate::ingest::source::DateOrder;
use crate::ingest::table::{Batch, Cell};
use crate::text::script::is_han;

/// Numbers above a scale show another scale where they are one in so many; fewer are slips.
const SLIPS: usize = 10;
/// How many rows are looked at.
const ROWS: usize = 400;

/// The look of one column's cells.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Cells that hold something: neither empty nor a word for nothing, such as N/A.
    pub filled: usize,
    /// Cells looked at.
    pub rows: usize,
    /// Mean length of the filled cells, in characters.
    pub chars: f64,
    /// Shares of the filled cells that are dates, ratings, numbers, addresses of pages.
    pub dates: f64,
    /// Ratings.
    pub stars: f64,
    /// Numbers.
    pub numbers: f64,
    /// Addresses of pages.
    pub links: f64,
    /// Names with stars in them, as platforms mask buyers.
    pub masked: f64,
    /// Variants: `颜色:黑;尺码:XL`, or words beside a code.
    pub variants: f64,
    /// Codes: no blanks, no Han.
    pub codes: f64,
    /// Names of platforms.
    pub platforms: f64,
    /// Names of roles: buyer, agent.
    pub roles: f64,
    /// Lowest and highest number.
    pub range: Option<(f64, f64)>,
    /// How many numbers are above 5, and above 10.
    pub above: [usize; 2],
    /// Share of different values among the filled cells.
    pub distinct: f64,
    /// Whole numbers that go up by one from the first row: a count of rows, no identity.
    pub counts_up: bool,
    /// How the dates that have several readings look.
    pub order: OrderSeen,
}

/// What the numeric dates of a column say of their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderSeen {
    /// Numbers of the first date that can be read in two ways.
    pub either: Option<[u16; 3]>,
    /// How many can only be read in each of the orders.
    pub only: [u64; DateOrder::ALL.len()],
}

impl OrderSeen {
    /// Takes one more cell.
    pub fn see(&mut self, look: DateLook) {
        match look {
            DateLook::Either(numbers) => self.either = self.either.or(Some(numbers)),
            DateLook::Only(order) => self.only[order as usize] += 1,
            _ => {}
        }
    }

    /// True if some dates are numbers whose order the whole file has to settle.
    pub fn is_open(&self) -> bool {
        self.either.is_some() || self.told().next().is_some()
    }

    /// The orders in which some dates can only be read, with their number, the most frequent first.
    pub fn told(&self) -> impl Iterator<Item = (DateOrder, u64)> + use<> {
        let mut told: Vec<(DateOrder, u64)> =
            DateOrder::ALL.into_iter().zip(self.only).filter(|(_, n)| *n > 0).collect();
        told.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        told.into_iter()
    }
}

const PLATFORMS: &[&str] = &[
    "淘宝",
    "天猫",
    "京东",
    "拼多多",
    "抖音",
    "抖店",
    "快手",
    "小红书",
    "1688",
    "唯品会",
    "苏宁",
    "得物",
    "视频号",
    "微店",
    "有赞",
    "tmall",
    "taobao",
    "jd",
    "pdd",
    "douyin",
    "kuaishou",
    "tiktok",
    "amazon",
    "亚马逊",
    "shopee",
    "虾皮",
    "lazada",
    "shopify",
    "aliexpress",
    "速卖通",
    "ebay",
    "temu",
    "shein",
    "walmart",
    "etsy",
];

const ROLES: &[&str] = &[
    "客户",
    "买家",
    "顾客",
    "用户",
    "访客",
    "消费者",
    "客服",
    "商家",
    "卖家",
    "店铺",
    "机器人",
    "系统",
    "坐席",
    "user",
    "customer",
    "buyer",
    "visitor",
    "client",
    "agent",
    "seller",
    "staff",
    "admin",
    "bot",
    "robot",
    "system",
    "lead",
    "waiter",
    "shop",
];

impl Column {
    /// The look of a column in the rows from `first` on.
    pub fn of(rows: &Batch, first: usize, column: usize) -> Column {
        let mut look = Column::default();
        let mut seen = FxHashSet::default();
        let (mut dates, mut stars, mut numbers, mut links, mut masked) = (0, 0, 0, 0, 0);
        let (mut variants, mut codes, mut platforms, mut roles, mut chars) = (0, 0, 0, 0, 0);
        let mut run: Option<(i64, i64)> = None;
        look.counts_up = true;
        // Files that were appended to say their headers again.
        let header = first.checked_sub(1).and_then(|row| rows.row(row).cell(column).text());
        for index in first..rows.len().min(first + ROWS) {
            let cell = rows.row(index).cell(column);
            look.rows += 1;
            if cell.is_empty() || cell.text().is_some_and(says_nothing) || (header.is_some() && cell.text() == header) {
                continue;
            }
            look.filled += 1;
            let date = date_look(cell);
            look.order.see(date);
            dates += usize::from(date != DateLook::No);
            stars += usize::from(looks_like_stars(cell));
            let number = number(cell);
            numbers += usize::from(number.is_some());
            if let Some(n) = number {
                look.above[0] += usize::from(n > 5.0);
                look.above[1] += usize::from(n > 10.0);
                look.range = Some(look.range.map_or((n, n), |(low, high)| (low.min(n), high.max(n))));
            }
            let whole = number.filter(|n| n.fract() == 0.0 && n.abs() < 1e15).map(|n| n as i64);
            run = match (run, whole) {
                (None, Some(n)) if look.filled == 1 => Some((n, n)),
                (Some((first, last)), Some(n)) if n == last + 1 => Some((first, n)),
                _ => {
                    look.counts_up = false;
                    run
                }
            };
            let text = cell.text().unwrap_or_default();
            chars += text.chars().count();
            seen.insert(text);
            let lower = text.to_lowercase();
            links += usize::from(lower.starts_with("http") || lower.starts_with("//"));
            masked += usize::from(text.contains("**") || (text.contains('*') && text.chars().count() < 20));
            variants += usize::from(is_variant(text));
            codes += usize::from(!text.contains(|c: char| c.is_whitespace() || is_han(c)));
            platforms += usize::from(text.chars().count() < 16 && PLATFORMS.iter().any(|p| lower.contains(p)));
            let letters = text.chars().count();
            roles += usize::from(ROLES.iter().any(|r| lower.contains(r) && letters <= r.chars().count() + 2));
        }
        let share = |n: usize| if look.filled == 0 { 0.0 } else { n as f64 / look.filled as f64 };
        look.counts_up &= run.is_some_and(|(first, _)| first <= 1) && look.filled > 1;
        look.chars = share(chars);
        (look.dates, look.stars, look.numbers, look.links) = (share(dates), share(stars), share(numbers), share(links));
        (look.masked, look.variants, look.codes) = (share(masked), share(variants), share(codes));
        (look.platforms, look.roles) = (share(platforms), share(roles));
        look.distinct = if seen.is_empty() { share(look.filled) } else { share(seen.len()) };
        look
    }

    /// The first of these fields, which a name may mean, that the cells allow. A name that can mean only one
    /// thing is believed, unless that thing can be checked: a date, a rating, words.
    pub fn settles(&self, fields: &[Field]) -> Option<Field> {
        let checked = |f: &Field| {
            self.is_date_of(*f) || matches!(f, Field::Rating | Field::RatingRaw | Field::Text | Field::ReviewId)
        };
        match fields {
            [only] if !checked(only) => Some(*only),
            _ => fields.iter().copied().find(|f| self.fits(*f)),
        }
    }

    fn is_date_of(&self, field: Field) -> bool {
        matches!(field, Field::CreatedAt | Field::Ts | Field::BoughtAt | Field::AppendTime | Field::ReplyTime)
    }

    /// True if the cells do not speak against the field.
    pub fn fits(&self, field: Field) -> bool {
        if self.filled == 0 {
            return true;
        }
        match field {
            date if self.is_date_of(date) => self.dates > 0.9,
            Field::Rating | Field::RatingRaw => self.stars > 0.9,
            Field::Text | Field::AppendText | Field::Reply => {
                self.is_words() && !(self.stars > 0.9 && self.chars < 6.0) && self.roles < 0.9
            }
            Field::SkuId => self.codes > 0.5 && self.variants < 0.5,
            // What repeats is the id of something else.
            Field::ReviewId => self.distinct > 0.6,
            Field::SkuText => self.links < 0.5,
            Field::Platform => self.platforms > 0.5,
            Field::Role => self.roles > 0.5 || self.numbers > 0.9 || self.distinct < 0.5,
            _ => true,
        }
    }

    /// The scale of a column of ratings, if its numbers show another than 1 to 5. One slip of the pen does not: it would
    /// make a bad review of every three stars.
    pub fn scale(&self) -> Option<(f32, f32)> {
        let (low, high) = self.range.filter(|_| self.numbers > 0.9)?;
        let many = |n: usize| n > 1 && n * SLIPS >= self.filled;
        match self.above {
            [_, above] if many(above) => (high <= 100.0).then_some((0.0, 100.0)),
            [above, _] if many(above) => Some((if low < 1.0 { 0.0 } else { 1.0 }, 10.0)),
            _ => None,
        }
    }

    /// True if the cells repeat as the names of products do, where a review's headline would not.
    pub fn repeats(&self) -> bool {
        self.filled >= 20 && self.distinct < 0.3 && self.chars >= 8.0
    }

    /// True if the cells are words rather than numbers, dates or addresses.
    pub fn is_words(&self) -> bool {
        self.numbers < 0.9 && self.dates < 0.9 && self.links < 0.9
    }

    /// True if the cells can be what people wrote, with no header to say so.
    pub fn is_free_text(&self) -> bool {
        self.filled > 0
            && self.is_words()
            && self.chars >= 5.0
            && self.distinct > 0.5
            && self.variants < 0.5
            && self.masked < 0.5
            && self.stars < 0.9
    }
}

fn number(cell: Cell<'_>) -> Option<f64> {
    match cell {
        Cell::Number(n) => Some(n),
        _ => cell.text()?.parse().ok().filter(|n: &f64| n.is_finite()),
    }
}

/// `颜色:黑;尺码:XL`, `Color: Pink`, `白色 L`, `黑,XL` - but not `CUP-BLUE-350`, and no sentence.
fn is_variant(text: &str) -> bool {
    let is_short = text.chars().count() < 80;
    let pairs = text.contains([':', '：']) && !text.contains("//");
    let han = text.chars().any(is_han);
    is_short && (pairs || (han && text.contains([' ', ',', ';', '；', '/', '['])) || text.starts_with('['))
}
