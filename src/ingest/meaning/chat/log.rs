//! Text logs: lines become messages, messages become rows whose columns are called like fields.

use super::header::{Header, Shape, clock, day, named, nameless_qq};
use super::role;
use super::seller_page::SellerPage;
use crate::ingest::table::{Batch, Cell};
use crate::said;
use crate::words::{Said, Speaker};

/// One message of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spoken {
    /// Line of the file on which it begins.
    pub row: u64,
    /// Who wrote it, as the log names them.
    pub sender: String,
    /// To whom, where it says so.
    pub to: Option<String>,
    /// When, as it is written.
    pub at: String,
    /// What; lines parted by line breaks.
    pub text: String,
    /// A link that stood on a line of its own.
    pub link: Option<String>,
    /// Which part of the log, where blank lines part dialogs.
    pub block: u32,
}

/// Lines being put together to messages.
#[derive(Clone, Debug, Default)]
pub struct Speech {
    /// True if the name stands before the text, on the line below the time.
    below: bool,
    /// True if a blank line ends a dialog.
    blank_ends: bool,
    /// How header lines are told.
    style: Style,
    /// The day that a line has said, where lines say only the hour.
    day: Option<String>,
    current: Option<Spoken>,
    /// A time whose name is still to come.
    time: Option<(u64, String)>,
    /// The line above, which may turn out to be a name.
    above: Option<String>,
    block: u32,
}

/// How the header lines of a log are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Style {
    /// Each says who and when.
    #[default]
    Usual,
    /// The log says that it is QQ's: a person may have no number.
    Qq,
    /// The day stands on a line of its own.
    ByDay,
}

impl Style {
    fn of(head: &str) -> Style {
        let mut lines = head.lines().filter(|line| !line.trim().is_empty()).take(40);
        if head.lines().take(20).any(|line| object_of(line).is_some() && !line.starts_with(LINE)) {
            return Style::Qq;
        }
        let mut after_day = false;
        let is_by_day = lines.any(|line| {
            let found = after_day && clock(line).is_some();
            after_day = day(line).is_some();
            found
        });
        if is_by_day { Style::ByDay } else { Style::Usual }
    }

    fn header(self, line: &str) -> Option<Header<'_>> {
        match self {
            Style::Usual => Header::of(line),
            Style::Qq => Header::of(line).or_else(|| nameless_qq(line)),
            Style::ByDay => clock(line),
        }
    }
}

impl Speech {
    /// The messages of a whole dialog that stands in one cell; `None` if it does not begin like one.
    pub fn of_cell(text: &str) -> Option<Vec<Spoken>> {
        let first = text.lines().find(|line| !line.trim().is_empty())?;
        Header::of(first).or_else(|| text.lines().nth(1).and_then(Header::of).filter(|h| h.shape == Shape::Time))?;
        let mut speech = Speech { below: names_stand_below(text), ..Speech::default() };
        let mut all: Vec<Spoken> = (1..).zip(text.lines()).filter_map(|(n, line)| speech.line(n, line)).collect();
        all.extend(speech.finish());
        (!all.is_empty()).then_some(all)
    }

    /// Takes a line; gives the message that it ends.
    pub fn line(&mut self, number: u64, line: &str) -> Option<Spoken> {
        let line = line.trim();
        if line.is_empty() {
            self.above = None;
            if !self.blank_ends {
                return None;
            }
            self.block += 1;
            return self.current.take();
        }
        if let Some((row, at)) = self.time.take() {
            let (sender, text) = named(line).unwrap_or(("", line));
            return self.start(Spoken { row, sender: sender.into(), at, text: text.into(), ..Spoken::default() });
        }
        if let Some(day) = day(line).filter(|_| self.style == Style::ByDay) {
            self.day = Some(day.to_string());
            return self.current.take();
        }
        let Some(header) = self.style.header(line) else {
            self.text(line);
            return None;
        };
        let at = match &self.day {
            Some(day) => format!("{day} {}", header.at),
            None => header.at.to_string(),
        };
        if header.shape != Shape::Time {
            let (sender, to) = (header.sender.to_string(), header.to.map(str::to_string));
            return self.start(Spoken { row: number, sender, to, at, text: header.text.into(), ..Spoken::default() });
        }
        if self.below {
            self.time = Some((number, at));
            return self.current.take();
        }
        let sender = self.take_name();
        self.start(Spoken { row: number, sender, at, ..Spoken::default() })
    }

    /// The last message.
    pub fn finish(&mut self) -> Option<Spoken> {
        self.time = None;
        self.current.take()
    }

    fn start(&mut self, spoken: Spoken) -> Option<Spoken> {
        self.above = None;
        self.current.replace(Spoken { block: self.block, ..spoken })
    }

    fn text(&mut self, line: &str) {
        if is_noise(line) {
            return;
        }
        self.above = Some(line.to_string());
        let Some(current) = &mut self.current else { return };
        if is_link(line) {
            current.link = Some(line.to_string());
            return;
        }
        if !current.text.is_empty() {
            current.text.push('\n');
        }
        current.text.push_str(line);
    }

    /// The name on the line above a time: it was taken for the end of the message before.
    fn take_name(&mut self) -> String {
        let Some(name) = self.above.take().filter(|name| name.chars().count() <= 48) else { return String::new() };
        if let Some(current) = &mut self.current
            && let Some(rest) = current.text.strip_suffix(&name)
        {
            current.text = rest.trim_end().to_string();
        }
        name
    }
}

/// Lines that clients put between messages.
fn is_noise(line: &str) -> bool {
    const WHOLE: &[&str] =
        &["已读", "未读", "发送中", "已送达", "送达", "已发送", "发送失败", "Read", "Unread", "Delivered"];
    let price =
        line.strip_prefix(['¥', '￥']).is_some_and(|rest| rest.trim().starts_with(|c: char| c.is_ascii_digit()));
    WHOLE.contains(&line)
        || price
        || line.starts_with("当前用户来自")
        || line.ends_with("撤回了一条消息")
        || line.starts_with('由') && line.contains("转交给")
}

fn is_link(line: &str) -> bool {
    (line.starts_with("http://") || line.starts_with("https://")) && !line.contains(char::is_whitespace)
}

/// True if nearly every time that stands alone has `name: text` below it.
fn names_stand_below(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_time = |line: &str| Header::of(line).is_some_and(|h| h.shape == Shape::Time);
    let below: Vec<bool> =
        lines.windows(2).filter(|pair| is_time(pair[0])).map(|pair| named(pair[1]).is_some()).collect();
    !below.is_empty() && below.iter().filter(|b| **b).count() * 5 >= below.len() * 4
}

/// A chat log being read line by line.
pub struct Log {
    profile: &'static str,
    speech: Speech,
    /// True if some names show that they are the shop's: then the others are buyers, and dialogs are theirs.
    shop_is_named: bool,
    /// The person that the log is about, where its head says so.
    object: Option<String>,
    /// The buyer of the block, and what was said before the buyer was known.
    buyer: Option<String>,
    block: u32,
    held: Vec<Spoken>,
    page: Option<SellerPage>,
}

const HEADERS: &[&str] = &["conv_id", "ts", "sender", "role", "msg_type", "text", "product_ref"];
/// An agent who speaks for longer than this before any buyer speaks to nobody.
const MOST_HELD: usize = 500;

impl Log {
    /// A reader for this text, if the first lines look like a chat log.
    pub fn sniff(head: &str) -> Option<Log> {
        let style = Style::of(head);
        let log = |profile| Log {
            profile,
            speech: Speech {
                style,
                below: names_stand_below(head),
                blank_ends: profile == "qianniu_paren",
                ..Speech::default()
            },
            shop_is_named: false,
            object: None,
            buyer: None,
            block: 0,
            held: Vec::new(),
            page: None,
        };
        if SellerPage::looks_like(head) {
            return Some(Log { page: Some(SellerPage::default()), ..log("tmall_seller_page") });
        }
        let lines = head.lines().map(str::trim).filter(|line| !line.is_empty() && !is_noise(line)).take(400);
        let lines: Vec<Option<Header<'_>>> = lines.map(|line| style.header(line)).collect();
        let headers: Vec<&Header<'_>> = lines.iter().flatten().collect();
        let early =
            lines.iter().take(8).flatten().next().is_some() || head.lines().take(20).any(|l| object_of(l).is_some());
        if headers.is_empty() || !early || headers.len() * 15 < lines.len() {
            return None;
        }
        let count = |shapes: &[Shape]| headers.iter().filter(|h| shapes.contains(&h.shape)).count();
        let counts = [
            (count(&[Shape::Paren]), "qianniu_paren"),
            (count(&[Shape::Tail, Shape::Arrow, Shape::Bracket, Shape::Time]), "qianniu_clipboard"),
            (count(&[Shape::Qq]), "qq_text"),
            (count(&[Shape::Inline, Shape::Clock]), "chat_text"),
        ];
        let (_, profile) = counts.into_iter().rev().max_by_key(|(count, _)| *count)?;
        let names = head
            .lines()
            .filter_map(|line| Some(Header::of(line)?.sender).or(Some(line.trim())).filter(|n| n.len() < 96));
        let shop_is_named =
            names.into_iter().any(|name| role::of_name(name) == Some(Speaker::Agent) && !name.contains(' '));
        Some(Log { shop_is_named, ..log(profile) })
    }

    /// Key of the profile: `qianniu_paren`, `qianniu_clipboard`, `qq_text`, `chat_text`, `tmall_seller_page`.
    pub fn profile(&self) -> &'static str {
        self.profile
    }

    /// The columns of the rows that this log gives: keys of fields.
    pub fn headers(&self) -> &'static [&'static str] {
        if self.page.is_some() { SellerPage::HEADERS } else { HEADERS }
    }

    /// What was recognised, for the operator.
    pub fn said(&self) -> Said {
        match self.profile {
            "qianniu_paren" => said!("聊天文本：名字 (时间): 内容", "chat text: name (time): text"),
            "qianniu_clipboard" => {
                said!("聊天文本：名字和时间一行，内容另起一行", "chat text: name and time, the text on the lines below")
            }
            "qq_text" => said!("QQ 消息管理器导出的文本", "text from QQ's message manager"),
            "tmall_seller_page" => said!("从卖家后台复制的评价", "reviews copied from the seller's back office"),
            _ => said!("聊天文本：时间、名字: 内容", "chat text: time, name: text"),
        }
    }

    /// Takes the next line; finished messages become rows.
    pub fn line(&mut self, number: u64, line: &str, rows: &mut Batch) {
        if let Some(page) = &mut self.page {
            page.line(number, line, rows);
            return;
        }
        if let Some(object) = object_of(line) {
            self.object = Some(object.to_string());
            return;
        }
        if let Some(spoken) = self.speech.line(number, line) {
            self.take(spoken, rows);
        }
    }

    /// Gives out the last message.
    pub fn finish(&mut self, rows: &mut Batch) {
        if let Some(page) = &mut self.page {
            page.finish(rows);
            return;
        }
        if let Some(spoken) = self.speech.finish() {
            self.take(spoken, rows);
        }
        self.release(rows);
    }

    /// Finds whose dialog a message belongs to; what the shop says before the buyer is known waits.
    fn take(&mut self, spoken: Spoken, rows: &mut Batch) {
        if let Some(object) = self.object.clone() {
            let role = if is_same(&spoken.sender, &object) { "buyer" } else { "agent" };
            return push(&spoken, &object, role, rows);
        }
        if !self.shop_is_named {
            return push(&spoken, &format!("#{}", spoken.block), "", rows);
        }
        if spoken.block != self.block {
            self.release(rows);
            (self.block, self.buyer) = (spoken.block, None);
        }
        let shops = |name: &str| name.is_empty() || role::of_name(name).is_some();
        let buyer =
            if !shops(&spoken.sender) { Some(&spoken.sender) } else { spoken.to.as_ref().filter(|to| !shops(to)) };
        if let Some(buyer) = buyer.cloned()
            && self.buyer.replace(buyer).is_none()
        {
            self.release(rows);
        }
        match &self.buyer {
            Some(buyer) => push(&spoken, buyer, "", rows),
            None => {
                self.held.push(spoken);
                if self.held.len() > MOST_HELD {
                    self.release(rows);
                }
            }
        }
    }

    fn release(&mut self, rows: &mut Batch) {
        let talk = self.buyer.clone().unwrap_or_else(|| format!("#{}", self.block));
        self.held.drain(..).for_each(|spoken| push(&spoken, &talk, "", rows));
    }
}

/// How a log of LINE begins.
const LINE: &str = "[LINE]";

/// Whom a log is about, where its head says so: `消息对象:name` of QQ, `[LINE] Chat history with name`.
fn object_of(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches('\u{feff}');
    if let Some(said) = line.strip_prefix(LINE) {
        let said = said.trim();
        const AROUND: &[(&str, &str)] =
            &[("Chat history with ", ""), ("與", "的聊天記錄"), ("与", "的聊天记录"), ("", "とのトーク履歴")];
        return AROUND.iter().find_map(|(before, after)| said.strip_prefix(before)?.strip_suffix(after)).map(str::trim);
    }
    line.strip_prefix("消息对象")?.strip_prefix([':', '：']).map(str::trim)
}

/// The sender's name, or the number behind it, is the one that the log is about.
fn is_same(sender: &str, object: &str) -> bool {
    let bare = |name: &str| name.split(['(', '<', '（']).next().unwrap_or(name).trim().to_string();
    bare(sender) == bare(object)
}

fn push(spoken: &Spoken, talk: &str, role: &str, rows: &mut Batch) {
    let link = spoken.link.as_deref().unwrap_or("");
    let (text, link) = if spoken.text.is_empty() { (link, "") } else { (spoken.text.as_str(), link) };
    for cell in [talk, &spoken.at, &spoken.sender, role, "", text, link] {
        rows.push(Cell::Text(cell));
    }
    rows.end_row(spoken.row);
}
