//! Sheets without headers, or with headers that nobody knows: the cells alone must say what they are.

use super::Rank;
use super::column::Column;
use super::mapping::Reading;
use crate::ingest::container::Sheet;
use crate::ingest::field::Field;
use crate::ingest::meaning::{DateLook, date_look};
use crate::ingest::source::Mapping;
use crate::ingest::vocabulary::{Profile, known};
use crate::said;
use crate::words::Kind;

/// The number of columns that most rows have.
fn width(sheet: &Sheet) -> usize {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    (0..sheet.sample.len().min(200)).for_each(|row| *counts.entry(sheet.sample.row(row).len()).or_default() += 1);
    counts.into_iter().max_by_key(|(width, count)| (*count, *width)).map_or(0, |(width, _)| width)
}

fn numbered(columns: usize) -> Vec<String> {
    (1..=columns).map(|n| format!("#{n}")).collect()
}

fn reading(
    headers: Vec<String>,
    header: Option<usize>,
    mapping: Mapping,
    profile: Option<&'static Profile>,
    rank: Rank,
) -> Reading {
    let kind = profile.map_or(Kind::Review, |p| p.kind);
    Reading { profile, kind, header, headers, mapping, known: 0, rank, notices: Vec::new() }
}

/// The reading by a layout of this profile.
pub fn of_layout(sheet: &Sheet, profile: &'static Profile) -> Option<Reading> {
    if sheet.headers.is_some() {
        return None;
    }
    let width = width(sheet);
    let columns: Vec<Column> = (0..width).map(|c| Column::of(&sheet.sample, 0, c)).collect();
    let layout = profile.layouts.iter().find(|layout| {
        layout.len() == width && layout.iter().zip(&columns).all(|(field, column)| stands_for(*field, column))
    })?;
    let mut mapping = Mapping::default();
    layout.iter().enumerate().for_each(|(column, field)| mapping.add(*field, column));
    Some(reading(numbered(width), None, mapping, Some(profile), Rank(5, width as f64)))
}

/// True if a column without a name can be this field of a layout.
fn stands_for(field: Field, column: &Column) -> bool {
    match field {
        Field::CreatedAt => column.filled > 0 && column.dates > 0.9,
        Field::Text => column.filled > 0 && column.is_words(),
        Field::Buyer | Field::SkuText => {
            column.filled == 0 || (column.dates < 0.5 && column.chars < 40.0 && column.links < 0.5)
        }
        Field::Helpful => column.filled == 0 || column.numbers > 0.9,
        other => column.fits(other),
    }
}

/// The reading by the cells, with what the names say where some are known.
pub fn infer(sheet: &Sheet, named: Option<&Reading>) -> Option<Reading> {
    let from_names = |reading: &Reading| (reading.headers.clone(), reading.header);
    let (headers, header) = match named {
        Some(reading) => from_names(reading),
        None if sheet.headers.is_some() => return None,
        None => {
            if let Some(by_layout) = known().profiles.iter().find_map(|p| of_layout(sheet, p)) {
                return Some(by_layout);
            }
            unnamed(sheet)?
        }
    };
    let first = header.map_or(0, |h| h + 1);
    let columns: Vec<Column> = (0..headers.len()).map(|c| Column::of(&sheet.sample, first, c)).collect();
    let mut mapping = named.map(|r| r.mapping.clone()).unwrap_or_default();
    let free = |mapping: &Mapping, c: usize| mapping.field(c).is_none();
    let text = (0..columns.len())
        .filter(|c| free(&mapping, *c) && columns[*c].is_free_text())
        .max_by(|a, b| columns[*a].chars.total_cmp(&columns[*b].chars))?;
    mapping.add(Field::Text, text);
    let is_date = |c: &usize| columns[*c].filled > 0 && columns[*c].dates > 0.9;
    let is_rating = |c: &usize| columns[*c].filled > 1 && columns[*c].stars > 0.95 && columns[*c].distinct < 0.9;
    let find = |mapping: &Mapping, wanted: &dyn Fn(&usize) -> bool| {
        (0..columns.len()).filter(|c| free(mapping, *c)).find(|c| wanted(c))
    };
    if !mapping.has(Field::CreatedAt)
        && !mapping.has(Field::Ts)
        && let Some(column) = find(&mapping, &is_date)
    {
        mapping.add(Field::CreatedAt, column);
    }
    if !mapping.has(Field::Rating)
        && let Some(column) = find(&mapping, &is_rating)
    {
        mapping.add(Field::Rating, column);
    }
    // Words alone are no reviews: a date must stand beside them, or a rating where no name says otherwise.
    let dated = mapping.has(Field::CreatedAt) || mapping.has(Field::Ts);
    let rated = mapping.has(Field::Rating) && named.is_none_or(|n| n.mapping.has(Field::Rating));
    if !dated && !rated {
        return None;
    }
    if named.is_none() {
        name_the_rest(&columns, &mut mapping);
    }
    let mut found = reading(headers, header, mapping, None, Rank(2, 0.0));
    found.kind = if named.is_some() { found.kind_by_fields() } else { Kind::Review };
    let column = &found.headers[text];
    let column = super::shown(column);
    found.notices.push((
        "text_by_content",
        said!(
            "按内容判断“{column}”列是顾客的话",
            "column “{column}” was taken for the customer's words by its content"
        ),
    ));
    Some(found)
}

/// The headers of a sheet in which no name is known: numbers, or the first row if it is unlike the rest.
fn unnamed(sheet: &Sheet) -> Option<(Vec<String>, Option<usize>)> {
    let width = width(sheet);
    if width < 2 || sheet.sample.len() < 2 {
        return None;
    }
    let columns: Vec<Column> = (0..width).map(|c| Column::of(&sheet.sample, 1, c)).collect();
    let top = sheet.sample.row(0);
    let unlike = (0..width).any(|c| {
        let dated = columns[c].filled > 0 && columns[c].dates > 0.9 && date_look(top.cell(c)) == DateLook::No;
        let counted = columns[c].filled > 0
            && columns[c].numbers > 0.9
            && top.cell(c).text().is_some_and(|t| t.parse::<f64>().is_err());
        (dated || counted) && !top.cell(c).is_empty()
    });
    match unlike {
        true => Some((top.cells().map(|c| c.text().unwrap_or_default().to_string()).collect(), Some(0))),
        false => Some((numbered(width), None)),
    }
}

/// Buyers by their masks, variants by their few values.
fn name_the_rest(columns: &[Column], mapping: &mut Mapping) {
    for (at, column) in columns.iter().enumerate() {
        if mapping.field(at).is_some() || column.filled == 0 {
            continue;
        }
        if column.masked > 0.5 && !mapping.has(Field::Buyer) {
            mapping.add(Field::Buyer, at);
        } else if column.variants > 0.5 || (column.is_words() && column.distinct < 0.5 && column.chars < 20.0) {
            mapping.add(Field::SkuText, at);
        }
    }
}
