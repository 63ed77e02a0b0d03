//! Reviews copied from the seller's back office: 初次评价： and 追加评价： with a time, the words around them.

use crate::ingest::meaning::dates::read;
use crate::ingest::table::{Batch, Cell};

/// Reviews being put together line by line.
#[derive(Clone, Debug, Default)]
pub struct SellerPage {
    row: u64,
    created: String,
    text: String,
    append_time: String,
    append: String,
    order: String,
    /// True while lines belong to the follow-up.
    in_append: bool,
}

const FIRST: &[&str] = &["初次评价：", "初次评价:", "初评：", "初评:"];
const APPEND: &[&str] = &["追加评价：", "追加评价:", "追评：", "追评:"];
const ORDER: &[&str] = &["订单号", "订单编号"];
const OTHER: &[&str] = &["情感分类", "情感识别中", "待识别", "正面", "中性", "负面", "回复", "举报", "查看", "解释"];

impl SellerPage {
    /// The columns of its rows.
    pub const HEADERS: &'static [&'static str] = &["created_at", "text", "append_time", "append_text", "order_id"];

    /// True if the text has reviews of this page.
    pub fn looks_like(head: &str) -> bool {
        head.lines().filter(|line| labelled(line, FIRST).is_some_and(|rest| split_time(rest).is_some())).count() > 0
    }

    /// Takes a line.
    pub fn line(&mut self, number: u64, line: &str, rows: &mut Batch) {
        let line = line.trim();
        if let Some(rest) = labelled(line, FIRST) {
            if !self.created.is_empty() {
                self.finish(rows);
            }
            if self.row == 0 {
                self.row = number;
            }
            let (time, words) = split_time(rest).unwrap_or(("", rest));
            self.created = time.to_string();
            self.in_append = false;
            add(&mut self.text, words);
        } else if let Some(rest) = labelled(line, APPEND) {
            let (time, words) = split_time(rest).unwrap_or(("", rest));
            self.append_time = time.to_string();
            self.in_append = true;
            add(&mut self.append, words);
        } else if let Some(rest) = ORDER.iter().find_map(|label| line.strip_prefix(label)) {
            // An order's number stands at the head of its review, or at its end.
            if !self.order.is_empty() {
                self.finish(rows);
            }
            self.order = rest.trim_start_matches([':', '：', ' ']).to_string();
            self.row = if self.row == 0 { number } else { self.row };
        } else if !line.is_empty() && !OTHER.iter().any(|label| line.starts_with(label)) && !self.created.is_empty() {
            add(if self.in_append { &mut self.append } else { &mut self.text }, line);
        }
    }

    /// Gives out the review under way.
    pub fn finish(&mut self, rows: &mut Batch) {
        let done = std::mem::take(self);
        if done.created.is_empty() {
            return;
        }
        for cell in [&done.created, &done.text, &done.append_time, &done.append, &done.order] {
            rows.push(Cell::Text(cell));
        }
        rows.end_row(done.row);
    }
}

fn labelled<'a>(line: &'a str, labels: &[&str]) -> Option<&'a str> {
    labels.iter().find_map(|label| line.trim().strip_prefix(label)).map(str::trim)
}

/// A time at the beginning or the end, and the rest.
fn split_time(text: &str) -> Option<(&str, &str)> {
    let is_time = |part: &str| matches!(read(part), Ok(Some(_)));
    let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let head = cuts
        .iter()
        .rev()
        .find(|at| **at <= 24 && is_time(&text[..**at]))
        .map(|at| (text[..*at].trim(), text[*at..].trim()));
    head.or_else(|| {
        cuts.iter()
            .find(|at| text.len() - **at <= 24 && is_time(&text[**at..]))
            .map(|at| (text[*at..].trim(), text[..*at].trim()))
    })
}

fn add(text: &mut String, line: &str) {
    if !text.is_empty() && !line.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}
