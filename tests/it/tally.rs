//! The tally: any order gives the same table, rows go out and come back, zeros are filled in.

use earful::stats::tally::{Counter, Key, Row, Tally};
use earful::stats::{Count, Pair};
use earful::words::{Day, Grain, LabelId, Period, Stance};
use proptest::prelude::*;

fn period(text: &str) -> Period {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn row<'a>(period_: &str, shop: &'a str, sku: &'a str, category: &'a str, mentions: u64, base: u64) -> Row<'a> {
    let stance = (!category.is_empty()).then_some(Stance::Complaint);
    Row { period: period(period_), shop, own: shop != "rival", sku, category, stance, mentions, base }
}

fn tally(rows: &[Row<'_>]) -> Tally {
    let mut counter = Counter::default();
    for r in rows {
        counter.add_row(r).unwrap_or_else(|e| panic!("{r:?}: {}", e.en));
    }
    counter.finish()
}

#[test]
fn rows_in_any_order_give_the_same_table_and_come_back() {
    let rows = [
        row("2026-09", "mine", "A", "", 0, 40),
        row("2026-09", "mine", "B", "size", 3, 30),
        row("2026-10", "mine", "A", "colour", 5, 50),
        row("2026-10", "mine", "A", "smell", 7, 50),
        row("2026-10", "rival", "A", "smell", 1, 10),
    ];
    let table = tally(&rows);
    let back: Vec<Row<'_>> = table.rows().collect();
    assert_eq!(back, rows);
    let mut reversed = rows;
    reversed.reverse();
    assert_eq!(tally(&reversed), table);
    let mut halves = Counter::default();
    for half in [&rows[3..], &rows[..3]] {
        halves.merge(&tally(half));
    }
    // the September and October lines of shop "mine" were cut between two halves: bases add up
    assert_eq!(halves.finish().rows().last(), table.rows().last());
}

#[test]
fn a_missing_row_is_zero_of_its_base() {
    let table = tally(&[
        row("2026-09", "mine", "A", "smell", 4, 40),
        row("2026-10", "mine", "A", "size", 5, 50),
        row("2026-10", "mine", "B", "size", 2, 20),
    ]);
    let seen: Vec<(&str, &str, Pair)> = table
        .pairs(period("2026-09"), period("2026-10"))
        .into_iter()
        .map(|(k, p)| (table.skus()[k.sku].as_str(), table.categories()[k.label.category()].as_str(), p))
        .collect();
    let pair = |a, b, c, d| Pair::new(Count::new(a, b), Count::new(c, d));
    assert_eq!(
        seen,
        [("A", "size", pair(0, 40, 5, 50)), ("A", "smell", pair(4, 40, 0, 50)), ("B", "size", pair(0, 0, 2, 20))]
    );
    let smell = table.label("smell", Stance::Complaint).expect("known");
    let series = table.series(Key { shop: 0, sku: 0, label: smell });
    assert_eq!(series.iter().map(|(_, c)| (c.mentions, c.base)).collect::<Vec<_>>(), [(4, 40), (0, 50)]);
}

#[test]
fn rows_that_contradict_each_other_are_refused() {
    let first = row("2026-10", "mine", "A", "smell", 4, 40);
    let cases = [
        (Row { category: "size", base: 41, ..first }, "base"),
        (first, "already"),
        (Row { category: "size", own: false, ..first }, "whose shop"),
        (Row { category: "size", mentions: 41, ..first }, "more mentions"),
        (Row { category: "size", stance: None, ..first }, "stance"),
        (Row { category: "", stance: None, ..first }, "stance"),
    ];
    for (second, expected) in cases {
        let mut counter = Counter::default();
        counter.add_row(&first).expect("the first row is fine");
        let said = counter.add_row(&second).expect_err(expected);
        assert!(said.en.contains(expected), "{}", said.en);
        assert_eq!(counter.finish().rows().collect::<Vec<_>>(), [first], "{expected}");
    }
}

#[test]
fn earlier_pairs_are_as_long_and_end_before() {
    let months = ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10"];
    let mut rows: Vec<Row<'_>> = months.iter().map(|m| row(m, "mine", "A", "smell", 1, 10)).collect();
    rows.push(row("2026-W30", "mine", "A", "smell", 1, 10));
    let table = tally(&rows);
    let pairs = table.earlier(period("2026-09"), 2);
    assert_eq!(pairs, [(period("2026-08"), period("2026-09")), (period("2026-07"), period("2026-08"))]);
    assert_eq!(table.history(period("2026-09"), 9, |_| true).len(), 3);
    assert_eq!(table.history(period("2026-09"), 9, |_| false), [[], [], []]);
}

#[test]
fn unfinished_months_stand_against_the_same_days() {
    let mut counter = Counter::new(&["smell"]);
    let (shop, sku) = (counter.shop("mine", true), counter.sku("A"));
    for day in period("2026-08..2026-10").days() {
        counter.record(Period::new(day, day), shop, sku, &[LabelId::new(0, Stance::Praise)]);
    }
    let (this, last) = (period("2026-10"), period("2026-09"));
    let (this, last) = this.cut_both(last, period("2026-10-12").first()).expect("twelve days");
    let table = counter.finish().over(&[this, last, period("2026-08").first_days(12), period("2026-09")]);
    assert_eq!(table.lines().map(|l| l.base).collect::<Vec<_>>(), [12, 12, 30, 12]);
    assert_eq!(table.earlier(last, 6), [(period("2026-08").first_days(12), last)]);
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn counting_by_day_and_rolling_up_is_counting_by_month(
        records in prop::collection::vec((0i32..120, 0usize..2, 0usize..3, 0u16..40), 0..300),
        rotate in 0usize..300,
    ) {
        let count = |records: &[(i32, usize, usize, u16)], grain: Grain| {
            let mut counter = Counter::new(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
            for (day, shop, sku, label) in records {
                let shop = counter.shop(["rival", "mine"][*shop], *shop == 1);
                let sku = counter.sku(["K", "M", "L"][*sku]);
                let labels = [LabelId(*label), LabelId((*label + 1) % 40)];
                counter.record(Period::containing(Day(20_000 + day), grain), shop, sku, &labels[..usize::from(label % 3)]);
            }
            counter.finish()
        };
        let mut turned = records.clone();
        turned.rotate_left(rotate.min(records.len()));
        let by_month = count(&records, Grain::Month);
        prop_assert_eq!(&count(&turned, Grain::Day).roll_up(Grain::Month), &by_month);
        prop_assert_eq!(by_month.lines().map(|l| l.base).sum::<u64>(), records.len() as u64);
        let mut again = Counter::new(by_month.categories());
        for r in by_month.rows() {
            prop_assert!(again.add_row(&r).is_ok());
        }
        prop_assert_eq!(again.finish(), by_month);
    }
}
