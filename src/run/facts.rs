//! The light columns of every record, side by side: what counting needs beside the labels.

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::records::{Batch, Fields, Names, Snapshot, Store};
use crate::report::model::{Base, Counted};
use crate::stats::days::Days;
use crate::words::{Day, Kind, Silence};

/// A record without a date has this day.
const NO_DAY: i32 = i32::MIN;
/// Stars up to which a record counts as low.
const LOW_STARS: f32 = 3.0;

/// The light columns of all record files, with names turned into numbers.
#[derive(Default)]
pub struct Facts {
    /// Names of the shops, in order of first sight.
    pub shops: Vec<String>,
    /// SKUs, in order of first sight.
    pub skus: Vec<String>,
    /// The last title seen for each SKU; empty if none was.
    pub products: Vec<String>,
    /// The last listing seen for each SKU, by its id; empty if none was.
    pub listings: Vec<String>,
    /// Platform keys, in order of first sight; empty for unknown.
    pub platforms: Vec<String>,
    /// One entry a record file, in the order of the store.
    pub files: Vec<FileFacts>,
}

/// The light columns of one record file; each has one entry a row.
#[derive(Default)]
pub struct FileFacts {
    /// Place in [`Facts::shops`].
    pub shop: Vec<u32>,
    /// Place in [`Facts::skus`].
    pub sku: Vec<u32>,
    /// Place in [`Facts::platforms`].
    pub platform: Vec<u32>,
    kind: Vec<Kind>,
    day: Vec<i32>,
    /// Stars, NaN where there are none.
    stars: Vec<f32>,
    order: Vec<u64>,
    /// Rows with the newest version of their record.
    pub current: RoaringBitmap,
    /// Rows with the first version of their record.
    pub first: RoaringBitmap,
    /// Rows without words of the buyer.
    pub silent: RoaringBitmap,
    /// Rows that nearly repeat another record.
    pub near_copies: RoaringBitmap,
}

impl FileFacts {
    /// The day of a row.
    pub fn day(&self, row: usize) -> Option<Day> {
        Some(self.day[row]).filter(|d| *d != NO_DAY).map(Day)
    }

    /// The stars of a row, 1 to 5.
    pub fn stars(&self, row: usize) -> Option<f32> {
        Some(self.stars[row]).filter(|s| !s.is_nan())
    }

    /// What a row is.
    pub fn kind(&self, row: usize) -> Kind {
        self.kind[row]
    }

    /// The rows that are counted. Of orders: every row that carries one; what is counted is [`Facts::orders`].
    pub fn counted(&self, counted: Counted) -> RoaringBitmap {
        let mut rows = match counted.base {
            Base::All | Base::Given => self.current.clone(),
            Base::Text | Base::LowStars | Base::Orders => &self.current - &self.silent,
        };
        if let Some(kind) = counted.kind {
            rows = rows.iter().filter(|r| self.kind[*r as usize] == kind).collect();
        }
        match counted.base {
            Base::LowStars => rows = rows.iter().filter(|r| self.stars[*r as usize] <= LOW_STARS).collect(),
            Base::Orders => rows = rows.iter().filter(|r| self.order[*r as usize] != 0).collect(),
            Base::All | Base::Text | Base::Given => {}
        }
        rows
    }
}

impl Facts {
    /// Reads the light columns of every record file.
    pub fn read(store: &Store) -> Result<Facts> {
        let fields = Fields::SHOP
            | Fields::SKU
            | Fields::PLATFORM
            | Fields::KIND
            | Fields::PRODUCT
            | Fields::TIME
            | Fields::STARS
            | Fields::ORDER
            | Fields::SILENCE
            | Fields::NEAR_COPY;
        let parts = store.scan(fields, Part::of)?;
        let snapshot = Snapshot::take(store)?;
        let (mut shops, mut skus, mut platforms) = (Numbers::default(), Numbers::default(), Numbers::default());
        let (mut products, mut listings): (Vec<String>, Vec<String>) = Default::default();
        let mut files: Vec<FileFacts> = store.files().iter().map(|_| FileFacts::default()).collect();
        for part in parts {
            let shop_of: Vec<u32> = part.shops.iter().map(|name| shops.number(name)).collect();
            let platform_of: Vec<u32> = part.platforms.iter().map(|name| platforms.number(name)).collect();
            let sku_of: Vec<u32> = part.skus.iter().map(|(name, _)| skus.number(name)).collect();
            for known in [&mut products, &mut listings] {
                known.resize(skus.names.len(), String::new());
            }
            for (number, (_, [product, listing])) in sku_of.iter().zip(part.skus) {
                for (known, seen) in [(&mut products, product), (&mut listings, listing)] {
                    if !seen.is_empty() {
                        known[*number as usize] = seen;
                    }
                }
            }
            let file = &mut files[part.file];
            file.shop.extend(part.shop.iter().map(|local| shop_of[*local as usize]));
            file.sku.extend(part.sku.iter().map(|local| sku_of[*local as usize]));
            file.platform.extend(part.platform.iter().map(|local| platform_of[*local as usize]));
            file.kind.extend(part.kind);
            file.day.extend(part.day);
            file.stars.extend(part.stars);
            file.order.extend(part.order);
            file.silent.extend(part.silent);
            file.near_copies.extend(part.near_copies);
        }
        for (file, (current, first)) in files.iter_mut().zip(snapshot.current.into_iter().zip(snapshot.first)) {
            file.current = current;
            file.first = first;
        }
        Ok(Facts { shops: shops.names, skus: skus.names, products, listings, platforms: platforms.names, files })
    }

    /// True if a record of this kind counts.
    pub fn has(&self, kind: Kind) -> bool {
        self.files.iter().any(|f| f.current.iter().any(|r| f.kind[r as usize] == kind))
    }

    /// The order behind every counted row: by file and row, and how many orders there are. An order of several SKUs
    /// is one for each of them; it belongs where its earliest record stands, and mentions what any of them mentions.
    pub fn orders(&self, counted: Counted) -> (Vec<FxHashMap<u32, u32>>, Vec<(usize, u32)>) {
        let mut number: FxHashMap<(u64, u32), u32> = FxHashMap::default();
        let mut first: Vec<(usize, u32)> = Vec::new();
        let mut of: Vec<FxHashMap<u32, u32>> = vec![FxHashMap::default(); self.files.len()];
        for (at, file) in self.files.iter().enumerate() {
            for row in file.counted(counted) {
                let key = (file.order[row as usize], file.sku[row as usize]);
                let order = *number.entry(key).or_insert_with(|| {
                    first.push((at, row));
                    first.len() as u32 - 1
                });
                let day = |(file, row): (usize, u32)| self.files[file].day[row as usize];
                let earliest = &mut first[order as usize];
                // A record without a date says nothing of when.
                if day(*earliest) == NO_DAY || (day((at, row)) != NO_DAY && day((at, row)) < day(*earliest)) {
                    *earliest = (at, row);
                }
                of[at].insert(row, order);
            }
        }
        (of, first)
    }

    /// The days of the records of a kind, or of all; `None` if none has a date.
    pub fn days(&self, kind: Option<Kind>) -> Option<Days> {
        Days::of(self.files.iter().flat_map(|file| {
            let wanted = move |row: &u32| kind.is_none_or(|kind| file.kind[*row as usize] == kind);
            file.current.iter().filter(wanted).filter_map(|row| file.day(row as usize))
        }))
    }
}

/// The columns of one row group, with numbers of its own.
struct Part {
    file: usize,
    shops: Vec<String>,
    /// Name, and title and listing.
    skus: Vec<(String, [String; 2])>,
    platforms: Vec<String>,
    shop: Vec<u32>,
    sku: Vec<u32>,
    platform: Vec<u32>,
    kind: Vec<Kind>,
    day: Vec<i32>,
    stars: Vec<f32>,
    order: Vec<u64>,
    silent: Vec<u32>,
    near_copies: Vec<u32>,
}

impl Part {
    fn of(batch: &Batch) -> Part {
        let rows = batch.len();
        let (shops, shop) = local(batch.shops(), rows);
        let (skus, sku) = local(batch.skus(), rows);
        let (platforms, platform) = local(batch.platforms(), rows);
        let last = |names: &Names| {
            let mut last = vec![None; skus.len()];
            for (at, sku) in sku.iter().enumerate() {
                last[*sku as usize] = names.number(at).or(last[*sku as usize]);
            }
            let name = |number: Option<usize>| number.map_or_else(String::new, |n| names.name(n).to_string());
            last.into_iter().map(name).collect::<Vec<_>>()
        };
        let titles = last(batch.products()).into_iter().zip(last(batch.product_ids())).map(|(title, id)| [title, id]);
        let skus = skus.iter().cloned().zip(titles).collect();
        let rows_where = |wanted: &dyn Fn(usize) -> bool| -> Vec<u32> {
            (0..rows).filter(|at| wanted(*at)).map(|at| batch.start() + at as u32).collect()
        };
        Part {
            file: batch.file(),
            shops,
            skus,
            platforms,
            shop,
            sku,
            platform,
            kind: (0..rows).map(|at| batch.kind(at)).collect(),
            day: (0..rows).map(|at| batch.time(at).map_or(NO_DAY, |t| t.day().0)).collect(),
            stars: (0..rows).map(|at| batch.stars(at).unwrap_or(f32::NAN)).collect(),
            order: (0..rows).map(|at| batch.order(at).map_or(0, |t| t.0)).collect(),
            silent: rows_where(&|at| matches!(batch.silence(at), Some(Silence::DefaultPraise | Silence::Empty))),
            near_copies: rows_where(&|at| batch.near_copy(at)),
        }
    }
}

/// The names of a column and the number of each row's; a row without one has the name "".
fn local(names: &Names, rows: usize) -> (Vec<String>, Vec<u32>) {
    let mut all: Vec<String> = (0..names.numbers()).map(|n| names.name(n).to_string()).collect();
    let none = all.len() as u32;
    let of: Vec<u32> = (0..rows).map(|at| names.number(at).map_or(none, |n| n as u32)).collect();
    if of.contains(&none) {
        all.push(String::new());
    }
    (all, of)
}

/// Names and their numbers.
#[derive(Default)]
struct Numbers {
    names: Vec<String>,
    of: FxHashMap<String, u32>,
}

impl Numbers {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.of.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.to_string());
        self.of.insert(name.to_string(), number);
        number
    }
}
