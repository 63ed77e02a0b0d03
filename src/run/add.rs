//! Importing one file: read, met with what is there, kept as a record file, indexed.

use std::fs::File;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil;
use jiff::tz::TimeZone;

use super::places;
use crate::error::{Error, Result};
use crate::ingest::meaning::Sink;
use crate::ingest::{self, Columns, DateOrder, Field, Held, Input, Other, Room, Settings, Sketch};
use crate::records::foreign::Foreign;
use crate::records::{Fields, Known, Meeting, RecordFile, Source, Store, Writer};
use crate::said;
use crate::words::limits::Limits;
use crate::words::{Kind, Ledger, Record, Speaker, TurnKind};
use crate::workspace::{self, Shop, Workspace, Writing};

/// What the operator said about the files to add.
#[derive(Clone, Default)]
pub struct Ask {
    /// `--shop`; else the only own shop of the workspace.
    pub shop: Option<String>,
    /// `--competitor`.
    pub competitor: bool,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--map header=field`.
    pub map: Vec<(String, Field)>,
    /// `--tz`.
    pub zone: Option<String>,
    /// `--date-order`.
    pub date_order: Option<DateOrder>,
    /// `--capture-date`.
    pub captured: Option<civil::Date>,
    /// `--again`: keep a file that is already in under another shop.
    pub again: bool,
    /// `--keep-pii`.
    pub keep_pii: bool,
    /// `--max-size` and its like.
    pub limits: Limits,
}

/// Called with the bytes read so far and the size of the file, if known.
pub type Progress<'a> = &'a (dyn Fn(u64, Option<u64>) + Sync);

/// Adds one file. The workspace is afterwards as before, or holds all of it.
pub fn add(writing: &mut Writing, input: Input<'_>, ask: &Ask, progress: Option<Progress<'_>>) -> Result<Ledger> {
    keep(writing, ask, |settings, _, sink| ingest::read(input, &Settings { progress, ..settings }, sink))
}

/// Keeps what `read` gives as one record file: meets it with what the workspace holds, and writes the account.
pub(super) fn keep(
    writing: &mut Writing,
    ask: &Ask,
    read: impl FnOnce(Settings<'_>, &Shop, &mut Sink<'_>) -> Result<Ledger>,
) -> Result<Ledger> {
    let shop = shop(writing, ask)?;
    let store = Store::open(&writing.records())?;
    let mut asked = settings(writing, &shop, ask)?;
    asked.room.scratch = Some(writing.scratch());
    let known = Known::load(&store, asked.room.pairs())?;
    let held = |record: &Record| {
        Ok(match known.look(record)? {
            Meeting::New => Held::Nothing,
            Meeting::Changed => Held::Another,
            Meeting::Repeat => Held::This,
        })
    };
    let earlier = || sketches(&store);
    let zone = writing.settings().zone_of(&shop.name).to_string();
    let named = writing.settings().shops.iter().map(|other| other.name.clone()).filter(|name| *name != shop.name);
    let others: Vec<Other> = named.map(|shop| Other { shop, holds: AtomicU64::new(0) }).collect();
    let settings = Settings { held: Some(&held), earlier: Some(&earlier), others: &others, ..asked };
    let mut writer = Writer::begin(&writing.records(), &zone)?;
    let mut ledger = read(settings, &shop, &mut |record| writer.push(&record))?;
    check_other_shop(&store, &ledger, ask)?;
    let held = others.iter().map(|other| (other.shop.as_str(), other.holds.load(Ordering::Relaxed)));
    check_elsewhere(held, &mut ledger, ask)?;
    tell_near_shop(writing.settings(), &shop, &mut ledger);
    assert!(ledger.balances(), "every row of {} must be accounted for", ledger.file);
    if writer.pushed() == 0 {
        return Ok(ledger);
    }
    let source = Source { name: ledger.file.clone(), hash: ledger.blake3.clone() };
    let text = serde_json::to_string(&ledger).expect("a ledger is plain data");
    writing.add_shop(&shop)?;
    writer.finish(&source, &text)?;
    Ok(ledger)
}

/// Refuses a file that is already in under another shop: ids are a shop's own, so its records would be counted twice.
fn check_other_shop(store: &Store, ledger: &Ledger, ask: &Ask) -> Result<()> {
    let of = |file: &RecordFile| serde_json::from_str(&file.ledger).map(|l: Ledger| l.shop).unwrap_or_default();
    let same = store.files().iter().filter(|file| file.source.hash == ledger.blake3);
    let shops: Vec<(String, &RecordFile)> = same.map(|file| (of(file), file)).collect();
    // Where its own shop holds it, the rows are repeats, whatever other shop holds them too.
    let is_own = shops.iter().any(|(shop, _)| *shop == ledger.shop);
    let Some((shop, file)) = shops.first().filter(|_| !is_own && !ask.again) else { return Ok(()) };
    let (name, kept) = (&ledger.file, &file.name);
    Err(Error::new(
        "already_in",
        said!(
            "{name}：这个文件已经导入过，在“{shop}”名下；再导入一次，每条都会算两遍",
            "{name}: this file is already in, under \"{shop}\"; added again, every record would count twice"
        ),
    )
    .help(said!(
        "上次写错了店名：删去 records/{kept} 再导入；两家店确实是同一份：加 --again",
        "if the shop was wrong then: delete records/{kept} and add it anew; if both shops do share it: --again"
    )))
}

/// Refuses a file whose records another shop holds already, though its bytes are others: an export of the same reviews from
/// another day, or saved anew. Where it is few of them, it is said. `held`: how many of the new ones which shop holds.
pub(super) fn check_elsewhere<'s>(
    held: impl Iterator<Item = (&'s str, u64)>,
    ledger: &mut Ledger,
    ask: &Ask,
) -> Result<()> {
    let (name, records) = (&ledger.file, ledger.records);
    // The same few words about the same thing on the same day may well be two people's.
    let worth_telling = |(_, n): &(&str, u64)| *n > 0 && n * 20 >= records;
    let Some((shop, n)) = held.max_by_key(|(_, n)| *n).filter(worth_telling) else { return Ok(()) };
    let what = said!(
        "{name}：{records} 条里有 {n} 条“{shop}”名下已经有了，一字不差",
        "{name}: of {records} records \"{shop}\" holds {n} already, word for word"
    );
    if n < 3 || n * 2 < records || ask.again {
        ledger.problem(None, "held_elsewhere", what);
        return Ok(());
    }
    Err(Error::new("held_elsewhere", what).help(said!(
        "检查 --shop 写得对不对；两家店确实是同一份：加 --again",
        "see that --shop names the right shop; if both shops do share them: --again"
    )))
}

/// Says so where a shop is new and nearly bears the name of one that is there: a slip would split the shop in two.
fn tell_near_shop(settings: &workspace::Settings, shop: &Shop, ledger: &mut Ledger) {
    if settings.shop(&shop.name).is_some() {
        return;
    }
    let known: Vec<&str> = settings.shops.iter().map(|s| s.name.as_str()).collect();
    if let Some(near) = places::near(&shop.name, &known) {
        let name = &shop.name;
        let said = said!(
            "新店“{name}”；已经有一家“{near}”：若是同一家，请用同一个名字",
            "new shop \"{name}\"; there is \"{near}\": if they are one, use one name"
        );
        ledger.problem(None, "near_shop", said);
    }
}

/// The newest reviews of the workspace as sketches of their words, the oldest first.
fn sketches(store: &Store) -> Result<Vec<Sketch>> {
    let mut units = store.units();
    let mut rows = 0;
    let newest = units.iter().rev().take_while(|unit| {
        rows += unit.rows as usize;
        rows < Sketch::MOST / 2
    });
    let from = units.len() - newest.count();
    let parts = store.scan_units(&units.split_off(from), Fields::KIND | Fields::TURNS, |batch| {
        let turns = batch.turn_views();
        let said = |at: usize| {
            let turns = &turns[batch.turns_of(at)];
            let first = turns.iter().find(|t| t.speaker == Speaker::Buyer && t.kind == TurnKind::Said)?;
            Sketch::of(first.text)
        };
        (0..batch.len()).filter(|at| batch.kind(*at) == Kind::Review).filter_map(said).collect::<Vec<_>>()
    })?;
    Ok(parts.concat())
}

/// Reads a file as [`add`] would and hands back the first records, keeping nothing.
pub fn dry_run(workspace: &Workspace, input: Input<'_>, ask: &Ask, first: usize) -> Result<(Ledger, Vec<Record>)> {
    let shop = shop(workspace, ask)?;
    let settings = settings(workspace, &shop, ask)?;
    let (mut ledger, records) = ingest::preview(input, &settings, first)?;
    check_other_shop(&Store::open(&workspace.records())?, &ledger, ask)?;
    tell_near_shop(workspace.settings(), &shop, &mut ledger);
    Ok((ledger, records))
}

/// The shop that the file belongs to.
pub(super) fn shop(workspace: &Workspace, ask: &Ask) -> Result<Shop> {
    let shops = &workspace.settings().shops;
    let named = |name: &str| Shop { name: name.to_string(), competitor: ask.competitor, ..Shop::default() };
    match &ask.shop {
        Some(name) => {
            // Asked before the file is read: one that holds nothing new would not be told.
            workspace.settings().check_side(&named(name))?;
            Ok(workspace.settings().shop(name).cloned().unwrap_or_else(|| named(name)))
        }
        None => {
            let mut sides = shops.iter().filter(|s| s.competitor == ask.competitor);
            match (sides.next(), sides.next()) {
                (Some(only), None) => Ok(only.clone()),
                (None, _) if !ask.competitor => Ok(named("我的店")),
                _ => {
                    Err(Error::new("which_shop", said!("没有说明是哪家店的文件", "it is not said whose file this is"))
                        .help(said!(
                            "加上 --shop 店名；竞品再加 --competitor",
                            "add --shop NAME, and --competitor for a competitor's"
                        )))
                }
            }
        }
    }
}

/// How a file of this shop is read.
pub(super) fn settings<'a>(workspace: &Workspace, shop: &Shop, ask: &Ask) -> Result<Settings<'a>> {
    let home = zone(workspace.settings().zone_of(&shop.name))?;
    Ok(Settings {
        home,
        zone: ask.zone.as_deref().map(zone).transpose()?,
        profile: ask.profile.clone(),
        platform: shop.platform.clone(),
        map: ask.map.clone(),
        date_order: ask.date_order,
        captured: ask.captured,
        keep_pii: ask.keep_pii,
        columns: Some(&parquet),
        room: Room { limits: ask.limits, ..Room::default() },
        ..Settings::new(shop.name.clone(), workspace.key()?.0)
    })
}

/// Parquet is at home in `records`, so the importer is handed a reader of it.
struct Parquet(Foreign);

impl Columns for Parquet {
    fn headers(&self) -> Vec<String> {
        self.0.headers()
    }

    fn rows(&mut self, give: &mut dyn FnMut(&[Option<&str>]) -> Result<()>) -> Result<()> {
        self.0.rows(give)
    }
}

/// The reader of Parquet files that the importer is handed.
pub fn parquet(name: &str, file: File) -> Result<Box<dyn Columns>> {
    Ok(Box::new(Parquet(Foreign::open(name, file)?)))
}

fn zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|e| {
        Error::new("zone", said!("不认识时区 {name}", "unknown time zone {name}"))
            .help(said!("写成 Asia/Shanghai 这样的名字", "write it like Asia/Shanghai"))
            .cause(e)
    })
}
