//! Which export is this: headers against profiles and aliases, cells against what the headers promise.

mod cells;
mod column;
mod headerless;
mod mapping;

use jiff::civil;
use jiff::tz::TimeZone;

use column::Column;
pub use column::OrderSeen;
use mapping::Reading;

use super::bytes::shown;
use super::container::{Form, Plan, Sheet};
use super::field::Field;
use super::meaning::readings;
use super::source::{Mapping, Settings, Source};
use super::table::{Cell, Row};
use super::vocabulary::{Other, Profile, known};
use crate::error::Error;
use crate::said;
use crate::words::{Kind, Lang, Said};

/// A sheet understood.
pub struct Verdict {
    /// How to read it.
    pub source: Source,
    /// Number of the row that holds the headers, if one does.
    pub header: Option<u64>,
    /// How its container reads it.
    pub plan: Plan,
    /// Headers that nobody knows.
    pub unknown: Vec<String>,
    /// How sure: the better of two sheets wins.
    pub rank: Rank,
    /// What the operator should know of the reading.
    pub notices: Vec<(&'static str, Said)>,
    /// Order of the dates as the sample shows it.
    pub order: OrderSeen,
}

/// How sure a verdict is: first the kind of evidence, then its amount.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Rank(pub u8, pub f64);

/// Why a sheet holds nothing for us.
pub enum Refusal {
    /// No customer's words; what it looks like, if that can be told.
    NotReviews(Option<Other>),
    /// Two exports fit equally well.
    Tie(Vec<&'static str>),
    /// What the operator asked for cannot be done.
    Asked(Error),
}

/// Understands one sheet of a file of this name.
pub fn understand(sheet: &Sheet, file: &str, settings: &Settings<'_>) -> std::result::Result<Verdict, Refusal> {
    let reading = match forced(sheet, settings)? {
        Some(reading) => reading,
        None => match best(sheet) {
            // What the operator says of a column needs no known name beside it.
            Err(Refusal::NotReviews(looks)) => {
                Reading::told(sheet, settings).ok_or_else(|| Refusal::NotReviews(answer(sheet).cloned().or(looks)))?
            }
            found => found?,
        },
    };
    decide(sheet, reading, file, settings)
}

/// The profile that the container or the operator names.
fn forced(sheet: &Sheet, settings: &Settings<'_>) -> std::result::Result<Option<Reading>, Refusal> {
    let asked = settings.profile.as_deref();
    let Some(key) = asked.or(sheet.profile) else { return Ok(None) };
    let Some(profile) = known().profile(key) else {
        let key = shown(key);
        let error = Error::new("unknown_profile", said!("没有名为 {key} 的来源", "there is no profile {key}"))
            .help(said!("用 earful formats 查看全部来源", "`earful formats` lists them all"));
        return Err(Refusal::Asked(error));
    };
    if sheet.profile.is_some() {
        return Ok(Some(Reading::of_keys(sheet, profile)));
    }
    let found = mapping::header_rows(sheet)
        .into_iter()
        .filter_map(|row| Reading::of_profile(sheet, row, profile))
        .max_by_key(|reading| reading.known);
    match found.or_else(|| headerless::of_layout(sheet, profile)) {
        Some(reading) => Ok(Some(reading)),
        None => Err(Refusal::NotReviews(None)),
    }
}

/// The best reading by signature, else by aliases, else by the cells alone.
fn best(sheet: &Sheet) -> std::result::Result<Reading, Refusal> {
    let rows = mapping::header_rows(sheet);
    let mut certain: Vec<Reading> = rows.iter().flat_map(|row| Reading::by_signature(sheet, row)).collect();
    certain.sort_by(|a, b| b.rank.partial_cmp(&a.rank).unwrap_or(std::cmp::Ordering::Equal));
    if let Some(first) = certain.first() {
        let ties: Vec<&'static str> =
            certain.iter().filter(|r| r.rank == first.rank).filter_map(|r| r.profile).map(|p| p.key.as_str()).collect();
        if ties.len() > 1 && ties.iter().any(|key| *key != ties[0]) {
            return Err(Refusal::Tie(ties));
        }
        return Ok(certain.swap_remove(0));
    }
    // Of rows with as many known names the first is the header, and the others repeat it.
    let mut by_names = rows.clone();
    by_names.sort_by_key(|row| std::cmp::Reverse(row.known_names()));
    let mut by_alias = by_names.iter().filter_map(|row| Reading::by_aliases(sheet, row));
    let first = by_alias.next();
    let has_words = |reading: &Reading| reading.mapping.has(Field::Text);
    let by_alias = match first {
        Some(first) if !has_words(&first) => by_alias.find(has_words).or(Some(first)),
        first => first,
    };
    // A reading by names that finds no words is weaker than one by cells that does.
    match by_alias {
        Some(reading) if reading.mapping.has(Field::Text) => Ok(reading),
        named => match (mapping::looks_like(&rows), headerless::infer(sheet, named.as_ref())) {
            (None, Some(reading)) => Ok(reading),
            (looks, _) => Err(Refusal::NotReviews(looks)),
        },
    }
}

fn decide(
    sheet: &Sheet,
    mut reading: Reading,
    file: &str,
    settings: &Settings<'_>,
) -> std::result::Result<Verdict, Refusal> {
    mapping::apply(&mut reading, settings).map_err(Refusal::Asked)?;
    let columns = reading.columns(sheet);
    reading.settle(&columns);
    if !reading.mapping.has(Field::Text) {
        return Err(Refusal::NotReviews(mapping::looks_like(&[mapping::HeaderRow {
            at: None,
            names: reading.headers.clone(),
        }])));
    }
    if lists_columns(sheet, &reading) {
        return Err(Refusal::NotReviews(Some(Other {
            name: said!("列名的对照表", "a list of column names"),
            flag: None,
        })));
    }
    if let Some(answer) = answer(sheet).filter(|_| reading.profile.is_none()) {
        return Err(Refusal::NotReviews(Some(answer.clone())));
    }
    let profile = reading.profile;
    let stem = stem(file);
    let zone = profile.and_then(|p| p.zone.as_deref()).and_then(|name| TimeZone::get(name).ok());
    let time = if reading.kind == Kind::Chat { Field::Ts } else { Field::CreatedAt };
    let look = |field| reading.mapping.first(field).and_then(|c: usize| columns.get(c));
    let by_hand = matches!(reading.kind, Kind::Log | Kind::Lost);
    let scale = look(Field::Rating).and_then(Column::scale);
    let rated = reading.mapping.first(Field::Rating).and_then(|at| reading.headers.get(at));
    if let (Some((_, high)), Some(header), None) = (scale, rated, profile.and_then(|p| p.scale)) {
        reading.notices.push(("other_scale", other_scale(header, high)));
    }
    let mut constants = profile.map_or(Vec::new(), |p| constants(sheet, p));
    // One list of messages that names nobody's dialog is one dialog.
    let names_talks = reading.mapping.has(Field::ConvId) || reading.mapping.has(Field::Buyer);
    if reading.kind == Kind::Chat && !names_talks && sheet.each.is_none() && sheet.container.ends_with("messages[]") {
        constants.push((Field::ConvId, stem.to_string()));
    }
    let source = Source {
        profile: profile.map_or("aliases", |p| &p.key).to_string(),
        platform: match profile.map(|p| p.platform.as_str()).filter(|known| !known.is_empty()) {
            Some(known) => known.to_string(),
            None => settings.platform.clone().unwrap_or_default(),
        },
        kind: reading.kind,
        zone: settings.zone.clone().or(zone).unwrap_or_else(|| settings.home.clone()),
        date_order: settings.date_order,
        scale: profile.and_then(|p| p.scale).or(scale),
        captured: settings.captured.or_else(|| date_in(stem)).or_else(|| by_hand.then(|| month_in(stem)).flatten()),
        product_id: profile.and_then(|p| product_in(stem, p)),
        constants,
        file: stem.to_string(),
        weak_ids: look(Field::ReviewId).is_some_and(|c| c.counts_up),
        headers: reading.headers.clone(),
        mapping: reading.mapping.clone(),
    };
    Ok(Verdict {
        plan: plan(sheet, &reading),
        header: reading.header.map(|row| sheet.sample.row(row).number()),
        unknown: reading.unknown(sheet),
        rank: reading.rank,
        notices: std::mem::take(&mut reading.notices),
        order: look(time).map(|c| c.order).unwrap_or_default(),
        source,
    })
}

/// The ratings are of another scale than one to five stars.
fn other_scale(header: &str, high: f32) -> Said {
    let header = shown(header);
    said!(
        "“{header}”列有不少数大于 5：按 {high} 分制读，满分算 5 星；其实是 5 星制的，改正这些数再导入",
        "many numbers of column “{header}” are above 5: read as out of {high}, which makes 5 stars; if it is 5 stars, correct them and add the file again"
    )
}

/// True if what should be the customers' words are names of columns: a description of exports, no export.
fn lists_columns(sheet: &Sheet, reading: &Reading) -> bool {
    let first = reading.header.map_or(0, |h| h + 1);
    let Some(column) = reading.mapping.first(Field::Text) else { return false };
    let cells =
        (first..sheet.sample.len().min(first + 400)).filter_map(|row| sheet.sample.row(row).cell(column).text());
    let (names, all) = cells.fold((0, 0), |(names, all), cell| (names + usize::from(known().is_name(cell)), all + 1));
    all >= 3 && names * 2 > all
}

/// What all there is is called if it is what a server answers when it refuses: one JSON object of an error, a code and a message.
fn answer(sheet: &Sheet) -> Option<&'static Other> {
    let one = sheet.container.starts_with("json") && sheet.sample.len() == 1;
    known().answer(sheet.headers.iter().flatten().flat_map(|header| header.split('.'))).filter(|_| one)
}

fn plan(sheet: &Sheet, reading: &Reading) -> Plan {
    let mut plan = Plan { columns: reading.headers.len(), text: reading.mapping.first(Field::Text), ..Plan::default() };
    let Some(each) = &sheet.each else { return plan };
    for (field, columns) in reading.mapping.iter() {
        let of_message = matches!(
            field,
            Field::Text
                | Field::Ts
                | Field::CreatedAt
                | Field::Role
                | Field::Sender
                | Field::MsgId
                | Field::MsgType
                | Field::PartType
        );
        let outer = columns.iter().filter(|c| !reading.headers[**c].starts_with(each.as_str()));
        if of_message {
            plan.alone.extend(outer.clone());
        }
        if field == Field::Text && !reading.profile.is_some_and(|p| p.outer_repeats) {
            plan.words.extend(outer);
        }
    }
    plan
}

/// The name without its endings.
fn stem(file: &str) -> &str {
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let cut = |name: &'_ str| name.rfind('.').filter(|dot| *dot > 0 && name.len() - dot <= 8).unwrap_or(name.len());
    let stem = &base[..cut(base)];
    if base.ends_with(".gz") { &stem[..cut(stem)] } else { stem }
}

/// A day in a file's name: `2026-02-20`, `20260220`.
fn date_in(stem: &str) -> Option<civil::Date> {
    let digits: Vec<(usize, &str)> = runs_of_digits(stem).collect();
    let date = |y: &str, m: &str, d: &str| {
        let date = civil::Date::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?).ok()?;
        (2000..2100).contains(&date.year()).then_some(date)
    };
    let near = |(at, n): (usize, &str), next: usize| stem[at + n.len()..next].chars().count() == 1;
    let parted = digits.windows(3).find_map(|w| match *w {
        [y, m, d] if y.1.len() == 4 && m.1.len() <= 2 && d.1.len() <= 2 && near(y, m.0) && near(m, d.0) => {
            date(y.1, m.1, d.1)
        }
        _ => None,
    });
    parted
        .or_else(|| digits.iter().find_map(|(_, n)| if n.len() == 8 { date(&n[..4], &n[4..6], &n[6..]) } else { None }))
}

/// The last day of the month or the year in the name of a sheet kept by hand, which leaves the year out of its
/// dates: `客服日报2024-01`, `2024年1月`, `2024`.
fn month_in(stem: &str) -> Option<civil::Date> {
    let digits: Vec<(usize, &str)> = runs_of_digits(stem).collect();
    let (at, (start, year)) = digits.iter().enumerate().find_map(|(at, (start, run))| {
        let year: i16 = run.get(..4)?.parse().ok()?;
        (matches!(run.len(), 4 | 6) && (2000..2100).contains(&year)).then_some((at, (*start, *run)))
    })?;
    let beside =
        digits.get(at + 1).filter(|(next, run)| run.len() <= 2 && stem[start + year.len()..*next].chars().count() == 1);
    let month = if year.len() == 6 { year[4..].parse().ok() } else { beside.and_then(|(_, run)| run.parse().ok()) };
    let month = month.filter(|month| (1..=12).contains(month)).unwrap_or(12i8);
    Some(civil::Date::new(year[..4].parse().ok()?, month, 1).ok()?.last_of_month())
}

/// The day on which a sheet says that it was exported: beside or below such words, in its first rows.
pub fn exported_on(sheet: &Sheet) -> Option<civil::Date> {
    let says = |text: &str| {
        ["导出时间", "导出日期", "抓取时间", "采集时间", "下载时间", "export time", "exported"]
            .iter()
            .any(|w| text.to_lowercase().contains(w))
    };
    let day = |cell: Cell<'_>| match cell {
        Cell::Date(at) => Some(at.date()),
        other => date_in(other.text()?),
    };
    let rows = 0..sheet.sample.len().min(20);
    rows.clone().find_map(|at| {
        let row = sheet.sample.row(at);
        let column = row.cells().position(|c| c.text().is_some_and(says))?;
        let beside = row.cells().skip(column).take(2).find_map(day);
        beside.or_else(|| (at + 1..rows.end).find_map(|below| day(sheet.sample.row(below).cell(column))))
    })
}

fn runs_of_digits(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(|c: char| !c.is_ascii_digit()).filter_map(move |run| {
        let start = at;
        // What parts the runs may be longer than a byte, so the place is found, not counted.
        let place = text[start..].find(run).map(|p| p + start)?;
        at = place + run.len();
        (!run.is_empty()).then_some((place, run))
    })
}

/// The product that the file's name carries, where the profile says that it does.
fn product_in(stem: &str, profile: &Profile) -> Option<String> {
    match profile.product_in_name.as_deref()? {
        "asin" => stem
            .split(|c: char| !c.is_ascii_alphanumeric())
            .find(|word| word.len() == 10 && word.starts_with("B0"))
            .map(str::to_string),
        _ => runs_of_digits(stem).map(|(_, n)| n).find(|n| (9..=19).contains(&n.len())).map(str::to_string),
    }
}

/// Values of the file as a whole.
fn constants(sheet: &Sheet, profile: &Profile) -> Vec<(Field, String)> {
    let ends = |path: &str, wanted: &str| {
        path == wanted || path.strip_suffix(wanted).is_some_and(|rest| rest.ends_with(['.', '/']))
    };
    let of = |(field, wanted): (&Field, &String)| {
        let found = sheet.constants.iter().find(|(path, _)| ends(path, wanted))?;
        Some((*field, found.1.clone()))
    };
    profile.file.iter().filter_map(of).collect()
}

/// The refusal of a whole file, from those of its sheets; `misnamed` is what a file is that is only called a workbook.
pub fn refuse(name: &str, refusals: Vec<Refusal>, headers: &[String], misnamed: Option<Form>) -> Error {
    let name = shown(name);
    let has_rows = !refusals.is_empty();
    let mut looks = None;
    for refusal in refusals {
        match refusal {
            Refusal::Asked(error) => return error,
            Refusal::Tie(keys) => {
                let keys = keys.join(", ");
                return Error::new(
                    "ambiguous_profile",
                    said!("{name}：同时像这几种来源：{keys}", "{name}: fits several exports equally well: {keys}"),
                )
                .help(said!("用 --profile 指定其中一种", "name one of them with --profile"));
            }
            Refusal::NotReviews(found) => looks = looks.or(found),
        }
    }
    if let Some(Other { name: Said { zh, en }, flag }) = looks {
        let help = match flag {
            Some(flag) => said!(
                "用 earful add {flag} 导入它；或请导出评价、聊天记录",
                "import it with earful add {flag}, or export the reviews or the chats"
            ),
            None => said!("请导出评价或聊天记录", "export the reviews or the chats instead"),
        };
        return Error::new(
            "not_a_review_file",
            said!("{name}：没有顾客的话，看起来是{zh}", "{name}: no customer's words in it; it looks like {en}"),
        )
        .help(help);
    }
    if let Some((zh, en)) = misnamed.filter(|_| headers.is_empty()) {
        let said = said!(
            "{name}：看名字不是{zh}，内容却是，里面没有评价或聊天",
            "{name}: by its name something else, but it is {en}, and holds no reviews and no chats"
        );
        return Error::new("misnamed", said).help(said!(
            "多半是下载没有成功（登录过期时会存下网页）；登录后重新导出",
            "most likely the download failed (a login that has ended leaves a page); log in and export it again"
        ));
    }
    if !has_rows {
        return Error::new("empty_file", said!("{name}：里面没有一行数据", "{name}: there is not one row in it")).help(
            said!(
                "请确认导出已经完成，工作表没有删空",
                "check that the export has finished and its sheets are not empty"
            ),
        );
    }
    let listed: Vec<String> = headers.iter().filter(|h| !h.trim().is_empty()).take(12).map(|h| shown(h)).collect();
    let said = match listed.join(" | ") {
        none if none.is_empty() => said!(
            "{name}：找不到评价或聊天内容所在的列，也没有认识的列名",
            "{name}: no column with the customer's words was found, nor any header that is known"
        ),
        listed => said!(
            "{name}：找不到评价或聊天内容所在的列；列名：{listed}",
            "{name}: no column with the customer's words was found; columns: {listed}"
        ),
    };
    Error::new("no_text_column", said).help(said!(
        "有顾客的话那一列，用 --map 列名=text 指出；没有，就另外导出评价或聊天记录",
        "name the column that holds them with --map HEADER=text; if there is none, export the reviews or the chats"
    ))
}

/// The refusal of dates that can be read in two ways, with the readings of one of them; or that must be read in
/// both. A date is no personal data, so it may stand in the message.
pub fn refuse_order(name: &str, header: &str, numbers: [u16; 3]) -> Error {
    let (name, header) = (shown(name), shown(header));
    let written = numbers.map(|n| format!("{n:02}")).join("/");
    let said = said!(
        "{name}：“{header}”列的日期有不止一种读法，没有一行能判定，例如 {written}",
        "{name}: the dates of column “{header}” can be read in more than one way, and no row settles it: {written}, for one"
    );
    let readings = readings(numbers).map(|(order, date)| (order.key(), date));
    let (zh, en): (Vec<_>, Vec<_>) = readings
        .map(|(order, date)| {
            (format!("--date-order {order} 读作 {date}"), format!("--date-order {order} reads it as {date}"))
        })
        .unzip();
    Error::new("ambiguous_dates", said).help(Said::new(zh.join("；"), en.join("; ")))
}

/// Some dates of the file can only be read in one order, others only in another: then nobody knows of the rest.
pub fn refuse_orders(name: &str, header: &str, seen: OrderSeen) -> Error {
    let (name, header) = (shown(name), shown(header));
    let rows = |lang: Lang| -> Vec<String> {
        seen.told()
            .map(|(order, n)| lang.of(format!("{}的 {n} 行", order.word(lang)), format!("{n} rows {}", order.key())))
            .collect()
    };
    let (zh, en) = (rows(Lang::Zh).join("，"), rows(Lang::En).join(", "));
    let said = said!(
        "{name}：“{header}”列的日期次序不一：只能读成{zh}；其余的行就说不准了",
        "{name}: the dates of column “{header}” have several orders: {en}; the other rows could be either"
    );
    let usual = seen.told().next().map_or("", |(order, _)| order.key());
    Error::new("ambiguous_dates", said).help(said!(
        "在表格里统一成 2026-01-31 这样的写法；或用 --date-order {usual} 照多数读，读不成日期的行不计入",
        "write all of them as 2026-01-31 in the file; or go by most with --date-order {usual}: rows that are no date then are left out"
    ))
}

impl Reading {
    /// The look of every column.
    fn columns(&self, sheet: &Sheet) -> Vec<Column> {
        let first = self.header.map_or(0, |h| h + 1);
        (0..self.headers.len()).map(|c| Column::of(&sheet.sample, first, c)).collect()
    }

    /// Headers that nobody knows.
    fn unknown(&self, sheet: &Sheet) -> Vec<String> {
        let first = self.header.map_or(0, |h| h + 1);
        let filled =
            |column: usize| (first..sheet.sample.len().min(400)).any(|r| !sheet.sample.row(r).cell(column).is_empty());
        let unknown = (0..self.headers.len()).filter(|c| self.mapping.field(*c).is_none());
        unknown.filter(|c| !self.headers[*c].trim().is_empty() && filled(*c)).map(|c| self.headers[c].clone()).collect()
    }
}

/// True if the row repeats the headers, as files do that were appended to.
pub fn repeats_header(headers: &[String], mapping: &Mapping, row: Row<'_>) -> bool {
    let mut same = 0;
    for (_, columns) in mapping.iter() {
        for column in columns {
            match row.cell(*column).text() {
                Some(text) if text == headers[*column].trim() => same += 1,
                Some(_) => return false,
                None => {}
            }
        }
    }
    same >= 2.min(mapping.iter().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_go_and_dates_stay() {
        for (file, name) in [("a/b/评价2026.01.05.csv", "评价2026.01.05"), ("x.csv.gz", "x"), ("x", "x"), (".x", ".x")]
        {
            assert_eq!(stem(file), name);
        }
    }

    #[test]
    fn a_name_tells_its_day() {
        for (stem, day) in [
            ("千牛聊天记录_原始逐条_2024-02-20_10-00", Some("2024-02-20")),
            ("B0SAMPLE01  Kids Insulated Cup  20240220", Some("2024-02-20")),
            ("评价2026年1月5日", Some("2026-01-05")),
            ("评价2026.01.05", Some("2026-01-05")),
            ("600000000001", None),
            ("reviews-99-99", None),
        ] {
            assert_eq!(date_in(stem).map(|d| d.to_string()).as_deref(), day, "{stem}");
        }
        for (stem, day) in [
            ("客服日报_2024-02", Some("2024-02-29")),
            ("客服登记2024年1月", Some("2024-01-31")),
            ("202403售后", Some("2024-03-31")),
            ("2024年登记表", Some("2024-12-31")),
            ("客服日报12月", None),
            ("sheet 1999-12", None),
        ] {
            assert_eq!(month_in(stem).map(|d| d.to_string()).as_deref(), day, "{stem}");
        }
    }
}
