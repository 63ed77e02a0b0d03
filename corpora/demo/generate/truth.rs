//! What is known about every record of the exports, for tests, and a summary for people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use crate::chats::Chat;
use crate::plan::Plan;
use crate::reviews::Review;

/// The ground truth, one line a record.
#[derive(Default)]
pub struct Truth {
    lines: String,
}

impl Truth {
    /// Notes what a record says: file, row (or place in the list, or line of the text), id, labels.
    pub fn note(&mut self, file: &str, row: usize, id: &str, labels: &BTreeSet<&str>) {
        self.line(file, row, id, labels, "");
    }

    /// The same of a conversation, with its stage and whether an order followed.
    pub fn note_chat(&mut self, file: &str, line: usize, chat: &Chat) {
        let end = if chat.ordered.is_some() { " ordered" } else { "" };
        self.line(file, line, &chat.buyer, &chat.labels, &format!("{}{end}", chat.stage));
    }

    fn line(&mut self, file: &str, row: usize, id: &str, labels: &BTreeSet<&str>, chat: &str) {
        let labels: Vec<String> = labels.iter().map(|l| l.replace(' ', ":")).collect();
        writeln!(self.lines, "{file},{row},{id},{},{chat}", labels.join(" ")).expect("writing to memory");
    }

    /// Writes the file.
    pub fn write(&self, path: &Path) {
        std::fs::write(path, format!("file,row,id,labels,chat\n{}", self.lines)).expect("truth.csv can be written");
    }
}

/// Prints, for every planted shift, the share by month among the reviews with text.
pub fn summary(plan: &Plan, reviews: &[Review], chats: &[Chat]) {
    let silent = reviews.iter().filter(|r| r.silent).count();
    println!("{} reviews ({silent} without words), {} chats", reviews.len(), chats.len());
    let months: Vec<&str> = plan.months.iter().map(|m| m.0.as_str()).collect();
    for shift in &plan.shift {
        let mut cells: BTreeMap<(&str, String), (usize, usize)> = BTreeMap::new();
        for review in reviews.iter().filter(|r| !r.silent && plan.shift(r.sku, &shift.says).is_some()) {
            if review.sku.shop != shift.shop && !shift.sku.contains(&review.sku.id) {
                continue;
            }
            let cell = cells.entry((&review.sku.id, review.time.strftime("%Y-%m").to_string())).or_default();
            cell.0 += usize::from(review.labels.contains(shift.says.as_str()));
            cell.1 += 1;
        }
        println!("{} ({}), {}", shift.name, shift.says, months.join(" "));
        let totals: Vec<String> = months
            .iter()
            .map(|m| cells.iter().filter(|(k, _)| k.1 == **m).fold((0, 0), |t, (_, c)| (t.0 + c.0, t.1 + c.1)))
            .map(|(x, n)| format!("{x}/{n}"))
            .collect();
        println!("  all: {}", totals.join(" "));
        let mut skus: Vec<&str> = cells.keys().map(|k| k.0).collect();
        skus.dedup();
        for sku in skus {
            let row: Vec<String> =
                months.iter().map(|m| cells[&(sku, m.to_string())]).map(|(x, n)| format!("{x}/{n}")).collect();
            println!("  {sku}: {}", row.join(" "));
        }
    }
}
