//! Sets the rows in relation, in the order of the file: what lacks a date, repeats, follow-ups, conversations,
//! and the account of every row.

use std::sync::atomic::Ordering;

use rustc_hash::FxHashMap;

use super::chat::{Builder, Talks};
use super::copies::{Copies, mix};
use super::dates::{BadDate, Clock};
use super::reader::{Draft, Reading, What, When};
use super::reasons;
use super::uid::Identity;
use crate::disk::Pairs;
use crate::error::Result;
use crate::ingest::bytes::Room;
use crate::ingest::field::Field;
use crate::ingest::mask::{Masker, Pii};
use crate::ingest::source::{Held, Settings, Source};
use crate::stats::days::DayCounts;
use crate::words::{Kind, Ledger, Moment, Record, Speaker, TurnKind, Uid};

/// Where the records go.
pub type Sink<'s> = dyn FnMut(Record) -> Result<()> + 's;

/// Most records that wait for follow-ups in rows of their own.
const MOST_WAITING: usize = 200_000;

/// What an import remembers of its records, whichever file of an archive they stand in. It takes no more memory
/// than its room has, however many they are.
pub struct Memory {
    /// uid -> what it said.
    seen: Pairs,
    copies: Copies,
    /// How many records there are of each day.
    pub days: DayCounts,
}

impl Memory {
    /// A memory in which these texts have been said before.
    pub fn new(room: &Room, copies: Copies) -> Memory {
        Memory { seen: room.pairs(), copies, days: DayCounts::default() }
    }
}

/// Sets rows in relation: repeats, follow-ups, conversations.
pub struct Gather<'a> {
    source: &'a Source,
    settings: &'a Settings<'a>,
    clock: Clock,
    dated: bool,
    /// The date of the row above, for rows that lack a part of theirs.
    above: Option<Moment>,
    memory: &'a mut Memory,
    /// How often a text that anyone could have written has been seen.
    times_seen: Pairs,
    waiting: Option<Vec<(Draft, Vec<&'static str>)>>,
    talks: Option<Talks>,
    /// Number of rated records, lowest and highest rating.
    rated: (u64, f32, f32),
}

/// The ledger, with the words for what goes into it.
pub(super) struct Account<'l> {
    pub ledger: &'l mut Ledger,
}

impl Account<'_> {
    /// Leaves a row out; reasons that an operator can do something about are told with the row.
    pub fn leave_out(&mut self, row: u64, reason: &'static str) {
        self.ledger.leave_out(reason);
        if let Some(said) = reasons::of_row(reason) {
            self.ledger.problem(Some(row), reason, said);
        }
    }

    /// Counts a fact about what was kept.
    pub fn mark(&mut self, fact: &str) {
        self.ledger.mark(fact);
    }
}

impl<'a> Gather<'a> {
    /// Nothing gathered yet.
    pub fn new(source: &'a Source, settings: &'a Settings<'a>, memory: &'a mut Memory) -> Gather<'a> {
        let has = |field| source.mapping.has(field);
        Gather {
            source,
            settings,
            clock: Clock::of(source, settings),
            dated: has(Field::CreatedAt) || has(Field::Ts),
            above: None,
            memory,
            times_seen: settings.room.pairs(),
            waiting: has(Field::IsAppend).then(Vec::new),
            talks: (source.kind == Kind::Chat).then(|| Talks::new(source)),
            rated: (0, f32::MAX, f32::MIN),
        }
    }

    /// Takes the next row's reading, in the order of the file.
    pub fn take(&mut self, reading: Reading, ledger: &mut Ledger, sink: &mut Sink<'_>) -> Result<()> {
        ledger.rows += 1;
        let mut account = Account { ledger };
        reading.masked.iter().for_each(|pii| count_masked(*pii, account.ledger));
        match reading.what {
            What::Out(reason) => account.leave_out(reading.row, reason),
            What::Record(draft) => self.record(*draft, reading.marks, &mut account, sink)?,
            What::Messages(messages) => {
                reading.marks.iter().for_each(|mark| account.mark(mark));
                let Some(talks) = &mut self.talks else { return Ok(()) };
                if !talks.take(messages, account.ledger) {
                    account.ledger.repeats += 1;
                }
                let crowded = talks.crowded();
                self.close(crowded, &mut account, sink)?;
            }
        }
        Ok(())
    }

    /// Gives out what waited for further rows.
    pub fn finish(mut self, ledger: &mut Ledger, sink: &mut Sink<'_>) -> Result<()> {
        let mut account = Account { ledger };
        let waiting = self.waiting.take();
        self.join(waiting.unwrap_or_default(), &mut account, sink)?;
        let rest = self.talks.as_mut().map(Talks::rest).unwrap_or_default();
        self.close(rest, &mut account, sink)?;
        if !self.dated && ledger.records > 0 {
            ledger.problem(None, "no_date_column", reasons::no_date_column(self.settings.captured.is_some()));
        }
        for (mark, told) in [("day_from_file", true), ("time_without_day", false)] {
            if ledger.marks.contains_key(mark) {
                ledger.problem(None, mark, reasons::day_of_clocks(told));
            }
        }
        for mark in ["role_guessed", "message_without_time", "clock_went_back"] {
            if let Some(n) = ledger.marks.get(mark).copied()
                && let Some(told) = reasons::of_messages(mark, n)
            {
                ledger.problem(None, mark, told);
            }
        }
        if let Some(rows) = ledger.marks.get("bad_rating") {
            ledger.problem(None, "bad_rating", reasons::bad_ratings(*rows));
        }
        if let Some(reviews) = ledger.marks.get("more_skus") {
            ledger.problem(None, "more_skus", reasons::more_skus(*reviews));
        }
        if let Some(cut) = ledger.marks.get("cut") {
            ledger.problem(None, "cut", reasons::cut(*cut, self.settings.room.limits.text_bytes));
        }
        if ledger.rows == 0 {
            ledger.problem(None, "no_rows", reasons::no_rows());
        }
        let (rated, low, high) = self.rated;
        if rated >= 50 && (low >= 4.0 || high <= 3.0) {
            ledger.problem(None, "narrow_stars", reasons::narrow_stars(low, high));
        }
        ledger.days = self.memory.days.range();
        Ok(())
    }

    fn record(
        &mut self,
        mut draft: Draft,
        marks: Vec<&'static str>,
        account: &mut Account<'_>,
        sink: &mut Sink<'_>,
    ) -> Result<()> {
        match self.time_of(&draft, account) {
            Ok(time) => set_time(&mut draft.record, time),
            Err(reason) => {
                account.leave_out(draft.record.row, reason);
                return Ok(());
            }
        }
        match &mut self.waiting {
            Some(waiting) => {
                waiting.push((draft, marks));
                if waiting.len() < MOST_WAITING {
                    return Ok(());
                }
                let full = std::mem::take(waiting);
                self.join(full, account, sink)
            }
            None => self.keep(draft, &marks, account, sink),
        }
    }

    /// The row's date: its own, completed by the row above, or the reason why there is none.
    fn time_of(
        &mut self,
        draft: &Draft,
        account: &mut Account<'_>,
    ) -> std::result::Result<Option<Moment>, &'static str> {
        let by_hand = matches!(self.source.kind, Kind::Log | Kind::Lost);
        let time = match draft.when {
            When::At(moment) => moment,
            When::Partial(stated) => self.clock.place(stated, self.above).map_err(|why| match why {
                BadDate::Capture => "no_year",
                _ => "bad_date",
            })?,
            When::Never if !self.dated => {
                return Ok(self.settings.captured.map(|d| crate::words::Day::from_civil(d).start()));
            }
            // Sheets kept by hand write the day once, over merged cells.
            When::Never if by_hand && self.above.is_some() => {
                account.mark("date_from_above");
                return Ok(self.above);
            }
            When::Never => return Err("no_date"),
            When::Bad(BadDate::Order) => return Err("date_order"),
            When::Bad(BadDate::Capture) => return Err("no_capture_date"),
            When::Bad(_) => return Err("bad_date"),
        };
        self.above = Some(time);
        Ok(Some(time))
    }

    /// Joins follow-ups in rows of their own to their reviews, then keeps all.
    fn join(
        &mut self,
        drafts: Vec<(Draft, Vec<&'static str>)>,
        account: &mut Account<'_>,
        sink: &mut Sink<'_>,
    ) -> Result<()> {
        let mut reviews: Vec<(Draft, Vec<&'static str>)> = Vec::with_capacity(drafts.len());
        let mut place: FxHashMap<Uid, usize> = FxHashMap::default();
        let (appends, firsts): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|(draft, _)| draft.parent.is_some());
        for (draft, marks) in firsts {
            place.entry(draft.identity.uid(draft.record.time)).or_insert(reviews.len());
            reviews.push((draft, marks));
        }
        for (mut draft, mut marks) in appends {
            let parent = draft.parent.map(|p| p.uid(None)).and_then(|uid| place.get(&uid));
            let Some((review, _)) = parent.map(|at| &mut reviews[*at]) else {
                marks.push("follow_up_alone");
                draft.parent = None;
                reviews.push((draft, marks));
                continue;
            };
            let turns = draft.record.turns.into_iter().filter(|t| t.speaker == Speaker::Buyer);
            let fresh: Vec<_> =
                turns.filter(|t| !review.record.turns.iter().any(|known| known.text == t.text)).collect();
            if fresh.is_empty() {
                account.ledger.repeats += 1;
                continue;
            }
            account.ledger.kept += 1;
            review.record.turns.extend(fresh);
            review.record.silence = None;
            review.content = super::uid::content(&review.record);
            // A silent review that has found words is kept like any other.
            review.silent = None;
        }
        reviews.into_iter().try_for_each(|(draft, marks)| self.keep(draft, &marks, account, sink))
    }

    /// Keeps a record unless it repeats one.
    fn keep(
        &mut self,
        mut draft: Draft,
        marks: &[&'static str],
        account: &mut Account<'_>,
        sink: &mut Sink<'_>,
    ) -> Result<()> {
        let record = &mut draft.record;
        let (time, mut times) = (record.time, 0);
        // A short text by nobody in particular is said by many: the n-th of a file is the n-th of the next export.
        if draft.anyones {
            let uid = draft.identity.uid(time).0;
            times = self.times_seen.get(uid)?.unwrap_or(0);
            self.times_seen.put(uid, times + 1)?;
        }
        record.uid = nth(draft.identity.uid(time), times);
        // Without a number, the same words on the same day are the same record, whatever the hour.
        let hour = match draft.identity {
            Identity::Number(_) => record.time.map_or(0, |t| t.0 as u64),
            Identity::Words(_) => 0,
        };
        let content = mix(draft.content ^ hour);
        let before = self.memory.seen.put(record.uid.0, content)?;
        if before == Some(content) {
            account.ledger.repeats += 1;
            return Ok(());
        }
        if before.is_some() {
            account.mark("changed");
        }
        let held = self.held(record)?;
        if held == Held::This {
            account.ledger.repeats += 1;
            return Ok(());
        }
        if held == Held::Nothing {
            self.look_elsewhere(record, draft.elsewhere.iter().map(|identity| nth(identity.uid(time), times)))?;
        }
        // A later version of a record is no copy of it.
        if let Some(sketch) = draft.sketch.filter(|_| before.is_none() && held == Held::Nothing) {
            record.near_copy = self.memory.copies.has_like(&sketch);
        }
        if record.near_copy {
            account.mark("near_copy");
        }
        marks.iter().for_each(|mark| account.mark(mark));
        match draft.silent {
            Some(reason) => account.leave_out(record.row, reason),
            None => account.ledger.kept += 1,
        }
        self.give(draft.record, account, sink)
    }

    /// Makes records of conversations that are over.
    fn close(&mut self, talks: Vec<super::chat::Talk>, account: &mut Account<'_>, sink: &mut Sink<'_>) -> Result<()> {
        if talks.is_empty() {
            return Ok(());
        }
        let builder = Builder {
            source: self.source,
            shop: &self.settings.shop,
            others: self.settings.others,
            masker: Masker::new(self.settings.key, self.settings.keep_pii),
            clock: self.clock.clone(),
            dated: self.dated,
        };
        for talk in talks {
            let Some(all) = &self.talks else { break };
            if talk.part > 0 {
                account.mark("conversation_parted");
            }
            for mut built in builder.build(talk, all, account) {
                let content = super::uid::content(&built.record);
                let before = self.memory.seen.put(built.record.uid.0, content)?;
                if before == Some(content) || self.held(&built.record)? == Held::This {
                    account.ledger.repeats += built.rows;
                    continue;
                }
                self.look_elsewhere(&mut built.record, built.elsewhere.into_iter())?;
                account.ledger.kept += built.rows;
                self.give(built.record, account, sink)?;
            }
        }
        Ok(())
    }

    /// What the workspace holds of a record.
    fn held(&self, record: &Record) -> Result<Held> {
        self.settings.held.map_or(Ok(Held::Nothing), |held| held(record))
    }

    /// Counts a new record that another shop holds word for word, by what its uid would be there.
    fn look_elsewhere(&self, record: &mut Record, uids: impl Iterator<Item = Uid>) -> Result<()> {
        let own = record.uid;
        for (other, uid) in self.settings.others.iter().zip(uids) {
            record.uid = uid;
            if self.held(record)? == Held::This {
                other.holds.fetch_add(1, Ordering::Relaxed);
            }
        }
        record.uid = own;
        Ok(())
    }

    fn give(&mut self, record: Record, account: &mut Account<'_>, sink: &mut Sink<'_>) -> Result<()> {
        account.ledger.records += 1;
        if let Some(time) = record.time {
            self.memory.days.add(time.day());
        }
        if let Some(stars) = record.stars.as_ref().filter(|_| record.kind == Kind::Review) {
            let (count, low, high) = self.rated;
            self.rated = (count + 1, low.min(stars.value), high.max(stars.value));
        }
        sink(record)
    }
}

/// The uid of the n-th record that is told apart by nothing but its place, from 0.
fn nth(uid: Uid, n: u64) -> Uid {
    if n == 0 { uid } else { Uid(mix(uid.0 ^ n)) }
}

/// Sets the record's time, and that of the customer's first turn where the row alone did not tell it.
fn set_time(record: &mut Record, time: Option<Moment>) {
    record.time = time;
    let first = |kind| matches!(kind, TurnKind::Said | TurnKind::Automatic);
    let said = record.turns.iter_mut().find(|t| t.speaker != Speaker::Agent && first(t.kind));
    if let Some(turn) = said.filter(|t| t.time.is_none()) {
        turn.time = time;
    }
}

fn count_masked(pii: Pii, ledger: &mut Ledger) {
    ledger.mark(match pii {
        Pii::Email => "masked_email",
        Pii::Order => "masked_order",
        Pii::Courier => "masked_courier",
        Pii::Identity => "masked_id",
        Pii::BankCard => "masked_card",
        Pii::VirtualMobile | Pii::Mobile | Pii::Landline | Pii::Phone => "masked_phone",
        Pii::Address => "masked_address",
        Pii::Wechat | Pii::Qq => "masked_account",
        Pii::Name => "masked_name",
        Pii::Hotline | Pii::Passport | Pii::Permit | Pii::Plate | Pii::Ip => "masked_other",
    });
}
