//! Since when: the day at which the daily ratio breaks, and the event that lies near it.

use super::super::plan::Plan;
use super::super::rows::Row;
use crate::report::event_name;
use crate::said;
use crate::stats::Count;
use crate::stats::change_point::change_point;
use crate::words::{Day, Lang, Said};
use crate::workspace::Event;

/// How sure the range of days is.
const SURE: f64 = 0.8;
/// A longer range says no more than "some time".
const LONGEST: i32 = 16;
/// An event so many days before the break or after its earliest day lies near.
const NEAR: i32 = 10;

/// The first days, from and to, between which the new ratio most likely began; `None` if no day stands out or
/// if the two periods do not follow each other.
pub fn range(plan: &Plan, seen: &[Row]) -> Option<(Day, Day)> {
    if plan.against.last().plus(1) != plan.period.first() {
        return None;
    }
    let first = plan.against.first();
    let days = plan.counted(plan.period).last().0 - first.0 + 1;
    let mut counts = vec![Count::default(); usize::try_from(days).ok()?];
    for row in seen {
        if let Some(day) = counts.get_mut(row.day as usize) {
            *day += Count::new(u64::from(row.has), 1);
        }
    }
    let (from, to) = change_point(&counts)?.likely(SURE);
    (to as i32 - from as i32 <= LONGEST).then(|| (first.plus(from as i32), first.plus(to as i32)))
}

/// The range in words.
pub fn said((from, to): (Day, Day)) -> Said {
    if from == to {
        return said!("最可能从 {from} 开始（八成把握）", "most likely since {from} (80% sure)");
    }
    said!("最可能从 {from} 到 {to} 之间开始（八成把握）", "most likely since a day from {from} to {to} (80% sure)")
}

/// The nearest event of the place around the range.
pub fn event((from, to): (Day, Day), events: &[Event], shop: &str, sku: Option<&str>) -> Option<Said> {
    let concerns =
        |e: &&Event| (e.shop.is_empty() || e.shop == shop) && (e.sku.is_empty() || sku.is_some_and(|sku| e.sku == sku));
    let near = |e: &&Event| e.day.0 >= from.0 - NEAR && e.day <= to;
    // Of the day itself rather than of days before; of this SKU rather than of the shop.
    let apart = |e: &&Event| ((from.0 - e.day.0).max(0), e.sku.is_empty(), e.day);
    let Event { day, kind, text, .. } = events.iter().filter(concerns).filter(near).min_by_key(apart)?;
    let (zh, en) = (event_name(kind, Lang::Zh), event_name(kind, Lang::En));
    Some(said!(
        "时间相近的事件：{day} {zh} {text}（相近不等于原因）",
        "an event lies near: {day} {en} {text} (near, which proves nothing)"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event_on(day: i32, sku: &str) -> Event {
        Event { day: Day(day), kind: String::new(), shop: String::new(), sku: sku.into(), text: format!("{day}{sku} ") }
    }

    #[test]
    fn the_event_nearest_before_the_break_is_named() {
        let events = [event_on(80, ""), event_on(95, ""), event_on(97, "A"), event_on(97, "B"), event_on(120, "")];
        let named = |sku| event((Day(98), Day(101)), &events, "s", sku).map(|s| s.en);
        assert!(named(Some("A")).unwrap().contains("97A"));
        assert!(named(Some("C")).unwrap().contains("95 "));
        assert!(named(None).unwrap().contains("95 "), "an event of one SKU says nothing of the shop");
        assert!(event((Day(150), Day(151)), &events, "s", None).is_none());
    }
}
