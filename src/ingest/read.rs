//! The front door: one file in, records out, and the ledger that accounts for every row.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use rayon::prelude::*;

use super::bytes::{Bytes, Input};
use super::container::{Container, Document, Plan, Sheet, documents, is_misnamed};
use super::detect::{self, OrderSeen, Refusal, Verdict};
use super::field::Field;
use super::meaning::{self, Copies, Gather, Memory, Reader, Sink};
use super::source::Settings;
use super::table::{Batch, Row};
use super::vocabulary::known;
use crate::error::{Error, Result};
use crate::said;
use crate::stats::days::DayCounts;
use crate::words::{Kind, Ledger, Record, Said};

/// The code of the problem that records are dated long after all others.
pub const FAR_DATES: &str = "far_dates";

/// Reads one export: gives its records to `sink` and returns the account of its rows.
///
/// Memory is bounded whatever the size of the file. Nothing is given to `sink` before the whole file
/// is understood; if reading fails later, what was given must be thrown away.
pub fn read(input: Input<'_>, settings: &Settings<'_>, sink: &mut Sink<'_>) -> Result<Ledger> {
    let name = input.name();
    let mut bytes = Bytes::open(&input, &settings.room)?;
    let mut ledger = Ledger {
        file: name.clone(),
        blake3: bytes.fingerprint()?.to_hex().to_string(),
        bytes: bytes.len,
        shop: settings.shop.clone(),
        ..Ledger::default()
    };
    let mut understood = Vec::new();
    let (mut refusals, mut headers, mut misnamed) = (Vec::new(), Vec::new(), None);
    let (documents, mut skipped) = documents(bytes, settings)?;
    for mut document in documents {
        misnamed = misnamed.or(is_misnamed(&document.name, document.form).then_some(document.form));
        let chosen = choose(&mut document, settings, &mut refusals, &mut headers)?;
        skipped += chosen.skipped;
        if !chosen.sheets.is_empty() {
            understood.push((document, chosen.sheets));
        }
    }
    if understood.is_empty() {
        return Err(detect::refuse(&name, refusals, &headers, misnamed));
    }
    if skipped > 0 {
        let said = said!(
            "{skipped} 个工作表或文件里没有顾客的话，已跳过",
            "{skipped} sheets or files without customers' words were passed over"
        );
        ledger.problem(None, "sheets_skipped", said);
    }
    for (document, sheets) in &mut understood {
        for (at, sheet) in sheets.iter_mut() {
            settle_order(document, *at, sheet, settings)?;
        }
    }
    let reviews =
        understood.iter().any(|(_, sheets)| sheets.iter().any(|(_, u)| u.verdict.source.kind == Kind::Review));
    let copies = match settings.earlier.filter(|_| reviews) {
        Some(earlier) => Copies::of(earlier()?),
        None => Copies::default(),
    };
    let mut memory = Memory::new(&settings.room, copies);
    for (document, sheets) in understood {
        import(document, sheets, settings, &mut memory, &mut ledger, sink)?;
    }
    tell_strays(&memory.days, &mut ledger);
    Ok(ledger)
}

/// Reads one export and keeps only its first `n` records: what `add --dry-run` shows.
pub fn preview(input: Input<'_>, settings: &Settings<'_>, n: usize) -> Result<(Ledger, Vec<Record>)> {
    let mut first = Vec::new();
    let ledger = read(input, settings, &mut |record| {
        if first.len() < n {
            first.push(record);
        }
        Ok(())
    })?;
    Ok((ledger, first))
}

/// The sheets of a document that hold records.
struct Chosen {
    sheets: Vec<(usize, Understood)>,
    /// Sheets that do not.
    skipped: usize,
}

struct Understood {
    sheet: Sheet,
    verdict: Verdict,
}

/// Understands every sheet, and takes the best and all that are of its kind.
fn choose(
    document: &mut Document,
    settings: &Settings<'_>,
    refusals: &mut Vec<Refusal>,
    headers: &mut Vec<String>,
) -> Result<Chosen> {
    let mut found = Vec::new();
    let mut skipped = 0;
    let mut exported = None;
    for (at, sheet) in document.container.sheets()?.into_iter().enumerate() {
        if sheet.sample.is_empty() {
            continue;
        }
        exported = exported.or_else(|| detect::exported_on(&sheet));
        match detect::understand(&sheet, &document.name, settings) {
            Ok(verdict) => found.push((at, Understood { sheet, verdict })),
            Err(refusal) => {
                skipped += usize::from(sheet.headers.is_none());
                if headers.is_empty() {
                    *headers = known_headers(&sheet);
                }
                refusals.push(refusal);
            }
        }
    }
    let rank = |u: &Understood| u.verdict.rank;
    let best = found
        .iter()
        .map(|(_, u)| rank(u))
        .fold(None, |best, r| if best.is_some_and(|b| b >= r) { best } else { Some(r) });
    let Some(best) = best else { return Ok(Chosen { sheets: Vec::new(), skipped }) };
    let winner = found.iter().position(|(_, u)| rank(u) == best).unwrap_or_default();
    let like = Likeness::of(&found[winner].1);
    let before = found.len();
    let mut sheets: Vec<_> =
        found.into_iter().filter(|(_, u)| Likeness::of(u) == like && rank(u).0 == best.0).collect();
    // Lists of a tree are only read together if a profile knows them; tables whenever they are alike.
    let is_tree = sheets.first().is_some_and(|(_, u)| u.sheet.headers.is_some());
    if is_tree && best.0 < 6 {
        sheets.retain(|(_, u)| rank(u) == best);
        sheets.truncate(1);
    } else if !is_tree {
        skipped += before - sheets.len();
    }
    for (_, sheet) in &mut sheets {
        let source = &mut sheet.verdict.source;
        source.captured = source.captured.or(exported);
    }
    Ok(Chosen { sheets, skipped })
}

/// What makes two sheets parts of one table.
#[derive(PartialEq)]
struct Likeness {
    profile: String,
    kind: Kind,
    each: Option<String>,
    fields: Option<Vec<Field>>,
}

impl Likeness {
    fn of(understood: &Understood) -> Likeness {
        let source = &understood.verdict.source;
        let is_alias = source.profile == "aliases";
        Likeness {
            profile: source.profile.clone(),
            kind: source.kind,
            each: understood.sheet.each.clone(),
            fields: is_alias.then(|| source.mapping.iter().map(|(f, _)| f).collect()),
        }
    }
}

/// The headers of a refused sheet, if they are headers for sure and not somebody's data.
fn known_headers(sheet: &Sheet) -> Vec<String> {
    let familiar =
        |names: &[String]| names.iter().any(|n| !known().fields(n).is_empty() || known().against(n).is_some());
    let of_row = |row: usize| -> Vec<String> {
        sheet.sample.row(row).cells().map(|c| c.text().unwrap_or_default().to_string()).collect()
    };
    match &sheet.headers {
        Some(headers) => headers.clone(),
        None => (0..sheet.sample.len().min(10)).map(of_row).find(|names| familiar(names)).unwrap_or_default(),
    }
}

/// Settles the order of numeric dates: by the operator, by the file as a whole, by the profile; else asks.
fn settle_order(
    document: &mut Document,
    at: usize,
    understood: &mut Understood,
    settings: &Settings<'_>,
) -> Result<()> {
    let verdict = &mut understood.verdict;
    if settings.date_order.is_some() {
        return Ok(());
    }
    let source = &verdict.source;
    let field = if source.kind == Kind::Chat { Field::Ts } else { Field::CreatedAt };
    let Some(column) = source.mapping.first(field) else { return Ok(()) };
    let mut order = verdict.order;
    if order.is_open() {
        order = scan_order(&mut *document.container, at, column, &verdict.plan)?;
    }
    let known = known().profile(&source.profile).and_then(|p| p.date_order);
    let mut told = order.told();
    verdict.source.date_order = match (told.next(), told.next(), known) {
        (Some(_), Some(_), _) => return Err(detect::refuse_orders(&document.name, &source.headers[column], order)),
        (Some((only, _)), None, _) => Some(only),
        (None, _, Some(known)) => Some(known),
        (None, _, None) => match order.either {
            Some(date) => return Err(detect::refuse_order(&document.name, &source.headers[column], date)),
            None => None,
        },
    };
    Ok(())
}

/// Looks at every date of the file: one row can settle all.
fn scan_order(container: &mut dyn Container, sheet: usize, column: usize, plan: &Plan) -> Result<OrderSeen> {
    let mut order = OrderSeen::default();
    container.rows(sheet, plan, &mut |mut batch| {
        for row in 0..batch.len() {
            order.see(meaning::date_look(batch.row(row).cell(column)));
        }
        batch.clear();
        Ok(batch)
    })?;
    Ok(order)
}

/// Tells of records that are dated so long after all others that it must be a slip.
pub(super) fn tell_strays(days: &DayCounts, ledger: &mut Ledger) {
    if let Some(strays) = days.days().and_then(|days| days.strays) {
        ledger.problem(None, FAR_DATES, strays.said());
    }
}

/// Reads the sheets of one document and writes down how.
fn import(
    mut document: Document,
    sheets: Vec<(usize, Understood)>,
    settings: &Settings<'_>,
    memory: &mut Memory,
    ledger: &mut Ledger,
    sink: &mut Sink<'_>,
) -> Result<()> {
    note(&document, &sheets, ledger);
    let (gauge, len) = (document.gauge.clone(), document.len);
    let first = &sheets[0].1.verdict.source;
    let mut gather = Gather::new(first, settings, memory);
    for (at, understood) in &sheets {
        let verdict = &understood.verdict;
        let reader = Reader::new(&verdict.source, settings);
        let flow = Flow { reader: &reader, verdict, sheet: *at, gauge: &gauge, len, settings };
        flow.run(&mut *document.container, &mut gather, ledger, sink)?;
    }
    gather.finish(ledger, sink)?;
    let broken = document.container.broken();
    if broken > 0 {
        let said = said!(
            "{broken} 个字符无法解码，已用 \u{FFFD} 代替",
            "{broken} characters could not be decoded and stand as \u{FFFD}"
        );
        ledger.problem(None, "broken_bytes", said);
    }
    Ok(())
}

/// Writes into the ledger how a document was read.
fn note(document: &Document, sheets: &[(usize, Understood)], ledger: &mut Ledger) {
    let add = |whole: &mut String, part: &str| {
        if whole.is_empty() {
            whole.push_str(part);
        } else if !whole.split(" + ").any(|p| p == part) {
            whole.push_str(" + ");
            whole.push_str(part);
        }
    };
    add(&mut ledger.encoding, document.encoding);
    for (_, understood) in sheets {
        let verdict = &understood.verdict;
        let mut container = [document.packing, &understood.sheet.container].concat();
        if understood.sheet.headers.is_none() {
            if sheets.len() > 1 {
                container.push_str("-multisheet");
            } else if verdict.header.is_none() {
                container.push_str("-noheader");
            }
        }
        add(&mut ledger.container, &container);
        add(&mut ledger.profile, &verdict.source.profile);
        for (field, columns) in verdict.source.mapping.iter().filter(|(f, _)| *f != Field::Nothing) {
            for column in columns {
                ledger.mapping.insert(verdict.source.headers[*column].clone(), field.key().into());
            }
        }
        for unknown in &verdict.unknown {
            if !ledger.unknown_columns.contains(unknown) {
                ledger.unknown_columns.push(unknown.clone());
            }
        }
        for (code, said) in &verdict.notices {
            ledger.problem(None, code, said.clone());
        }
    }
}

/// One sheet on its way: parsed by one thread, read by all, gathered in order by this one.
struct Flow<'a> {
    reader: &'a Reader<'a>,
    verdict: &'a Verdict,
    sheet: usize,
    gauge: &'a Arc<AtomicU64>,
    len: u64,
    settings: &'a Settings<'a>,
}

/// What came of one batch: its readings in order, and the rows that could not be read.
struct Read {
    readings: Vec<meaning::Reading>,
    lost: Vec<(u64, &'static str, Said)>,
}

/// Batches under way between two threads.
const UNDER_WAY: usize = 4;

impl Flow<'_> {
    fn run(
        &self,
        container: &mut dyn Container,
        gather: &mut Gather<'_>,
        ledger: &mut Ledger,
        sink: &mut Sink<'_>,
    ) -> Result<()> {
        let (full, batches) = sync_channel::<Batch>(UNDER_WAY);
        let (empty, empties) = channel::<Batch>();
        let (done, reads) = sync_channel::<Read>(UNDER_WAY);
        std::thread::scope(|scope| {
            let parser = scope.spawn(move || parse(container, self.sheet, &self.verdict.plan, full, empties));
            scope.spawn(move || self.read_all(batches, empty, done));
            for read in reads {
                for (row, code, what) in read.lost {
                    ledger.rows += 1;
                    ledger.leave_out(code);
                    ledger.problem(Some(row), code, what);
                }
                for reading in read.readings {
                    gather.take(reading, ledger, sink)?;
                }
                if let Some(progress) = self.settings.progress {
                    progress(self.gauge.load(Ordering::Relaxed), Some(self.len));
                }
            }
            match parser.join() {
                Ok(parsed) => parsed,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    /// Reads batches as they come, rows of one batch at the same time.
    fn read_all(&self, batches: Receiver<Batch>, empty: Sender<Batch>, done: SyncSender<Read>) {
        for mut batch in batches {
            let rows: Vec<usize> = (0..batch.len()).filter(|row| self.is_record(batch.row(*row))).collect();
            let read = |row: &usize| self.reader.read(batch.row(*row));
            let readings = rows.par_iter().with_min_len(64).map(read).collect();
            let lost = std::mem::take(&mut batch.lost);
            batch.clear();
            // Nobody needs the empty batch at the end of the file.
            let _ = empty.send(batch);
            if done.send(Read { readings, lost }).is_err() {
                return;
            }
        }
    }

    /// False for what stands above the headers, the headers themselves, their repetitions and blank rows.
    fn is_record(&self, row: Row<'_>) -> bool {
        let source = &self.verdict.source;
        match self.verdict.header {
            Some(header) if row.number() <= header => false,
            Some(_) if detect::repeats_header(&source.headers, &source.mapping, row) => false,
            _ => !row.is_empty(),
        }
    }
}

/// Why the parser stopped when nobody wanted more rows; never shown.
fn unwanted() -> Error {
    Error::new("stopped", Said::default())
}

fn parse(
    container: &mut dyn Container,
    sheet: usize,
    plan: &Plan,
    full: SyncSender<Batch>,
    empties: Receiver<Batch>,
) -> Result<()> {
    container.rows(sheet, plan, &mut |batch| {
        full.send(batch).map_err(|_| unwanted())?;
        Ok(empties.try_recv().unwrap_or_default())
    })
}
