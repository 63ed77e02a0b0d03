//! What a new reply phrase did: praise in reviews, and purchases after conversations, before and after its day,
//! less what happened meanwhile to those who did not take it up.

use std::collections::BTreeSet;

use super::scripts;
use super::{Chat, Desk, direction};
use crate::error::Result;
use crate::report::chats::{Table, Value};
use crate::said;
use crate::stats::change::newcombe;
use crate::stats::event::in_differences;
use crate::stats::gate::Shift;
use crate::stats::many::benjamini_hochberg;
use crate::stats::two_sample::doubled_mid_p;
use crate::stats::{CONFIDENCE, Count, Pair};
use crate::words::{Day, Kind, LabelId, Said, Stance};
use crate::workspace::{Event, Labels};

/// Days on either side of a new reply phrase.
const AROUND: i32 = 28;
/// Praise that a reply phrase may bring.
const PRAISE: [&str; 3] = ["service/named_agent", "service/attitude", "service/response"];
/// Fewest mentions, before and after together, that say anything.
const FEWEST: u64 = 5;
/// Standard errors on either side of a difference of differences, for the interval shown.
const Z: f64 = 1.959_963_984_540_054;

/// One comparison: where the phrase was taken up, and beside it.
struct Compared {
    event: usize,
    what: Said,
    treated: Pair,
    control: Option<(Said, Pair)>,
}

/// Praise of service, and purchases, four weeks before and after a reply phrase was taken up.
pub fn table(desk: &Desk<'_>, labels: &[Labels]) -> Result<Table> {
    let (events, _) = desk.workspace.events()?;
    let is_reply = |e: &Event| ["reply", "话术", "回复"].contains(&e.kind.to_lowercase().as_str());
    let events: Vec<Event> = events.into_iter().filter(is_reply).collect();
    let phrases: Vec<(String, Vec<String>)> =
        events.iter().map(|e| (e.text.clone(), quoted(&e.text).map_or(Vec::new(), scripts::pieces))).collect();
    let heard = scripts::heard(desk, &phrases)?;
    let mut compared: Vec<Compared> = Vec::new();
    for (at, event) in events.iter().enumerate() {
        praise(desk, labels, at, event, &mut compared);
        let users = adopters(desk, event, &heard[at]);
        bought(desk, at, event, &users, &mut compared);
    }
    compared.retain(|c| c.treated.before.base > 0 && c.treated.after.base > 0);
    Ok(shown(&events, &compared))
}

/// The phrase in the text of an event: what stands in quotation marks, or after a colon.
fn quoted(text: &str) -> Option<&str> {
    let marks = [('“', '”'), ('「', '」'), ('『', '』'), ('"', '"')];
    let inside = marks.iter().find_map(|(open, close)| {
        let (_, rest) = text.split_once(*open)?;
        rest.split_once(*close).map(|(phrase, _)| phrase)
    });
    inside.or_else(|| text.split_once(['：', ':']).map(|(_, phrase)| phrase)).filter(|p| p.trim().chars().count() >= 4)
}

fn side(day: Day, event: &Event) -> Option<usize> {
    match day.0 - event.day.0 {
        d if (-AROUND..0).contains(&d) => Some(0),
        d if (0..AROUND).contains(&d) => Some(1),
        _ => None,
    }
}

fn pair(n: [u64; 2], base: [u64; 2]) -> Pair {
    Pair::new(Count::new(n[0], base[0]), Count::new(n[1], base[1]))
}

/// Praise in the reviews of the shop that the event names, and of the shops of the other side.
fn praise(desk: &Desk<'_>, labels: &[Labels], at: usize, event: &Event, compared: &mut Vec<Compared>) {
    let facts = &desk.hall.ground.facts;
    let own = |shop: &str| desk.workspace.settings().shop(shop).is_none_or(|s| !s.competitor);
    let here_is_own = event.shop.is_empty() || own(&event.shop);
    // 0: taken up here; 1: the other side; `None`: neither.
    let group = |shop: &str| match (event.shop.is_empty(), own(shop) == here_is_own) {
        (true, true) => Some(0),
        (false, true) => (event.shop == shop).then_some(0),
        (_, false) => Some(1),
    };
    let mut counts = [[[0u64; 2]; PRAISE.len()]; 2];
    let mut bases = [[0u64; 2]; 2];
    for (file, labels) in facts.files.iter().zip(labels) {
        let here = |row: u32| -> Option<(usize, usize)> {
            let row = row as usize;
            let group = group(&facts.shops[file.shop[row] as usize])?;
            let sku = event.sku.is_empty() || group == 1 || event.sku == facts.skus[file.sku[row] as usize];
            Some((group, side(file.day(row)?, event)?)).filter(|_| sku && file.kind(row) == Kind::Review)
        };
        let rows = &file.current - &file.silent;
        rows.iter().filter_map(here).for_each(|(group, side)| bases[group][side] += 1);
        for (which, id) in PRAISE.iter().enumerate() {
            let Some(label) = desk.hall.ground.taxonomy.find(id).map(|c| LabelId::new(c, Stance::Praise)) else {
                continue;
            };
            let said = labels.iter().find(|(l, _)| *l == label).map(|(_, said)| said & &rows);
            said.iter().flatten().filter_map(here).for_each(|(group, side)| counts[group][which][side] += 1);
        }
    }
    let other = if here_is_own { said!("竞品", "competitors") } else { said!("自家店", "own shops") };
    for (which, id) in PRAISE.iter().enumerate() {
        let Some(category) = desk.hall.ground.taxonomy.find(id) else { continue };
        let Said { zh, en } = &desk.hall.ground.taxonomy.categories()[category].name;
        let [treated, control] = [0, 1].map(|group| pair(counts[group][which], bases[group]));
        compared.push(Compared {
            event: at,
            what: said!("{zh}·好评", "{en}, praise"),
            treated,
            control: Some((other.clone(), control)),
        });
    }
}

/// The agents who say the phrase after its day.
fn adopters(desk: &Desk<'_>, event: &Event, script: &scripts::Script) -> BTreeSet<String> {
    let after = |chat: &usize| {
        desk.hall.chats[*chat].day().and_then(|day| side(day, event)) == Some(1)
            && applies(event, &desk.hall.chats[*chat])
    };
    script.said.iter().filter(|(chat, _)| after(chat)).flat_map(|(_, agents)| agents.clone()).collect()
}

fn applies(event: &Event, chat: &Chat) -> bool {
    (event.shop.is_empty() || event.shop == chat.shop) && (event.sku.is_empty() || event.sku == chat.sku)
}

/// Purchases after the conversations of those agents who took the phrase up, and of those who did not; where
/// nobody is known to say it, of all conversations the event applies to, and of the others.
fn bought(desk: &Desk<'_>, at: usize, event: &Event, users: &BTreeSet<String>, compared: &mut Vec<Compared>) {
    if !desk.hall.knows_sales() {
        return;
    }
    let agents: BTreeSet<&String> =
        desk.hall.chats.iter().filter(|c| applies(event, c)).flat_map(|c| &c.talk.agents).collect();
    let by_agent = !users.is_empty() && users.len() < agents.len();
    let mut counts = [[0u64; 2]; 2];
    let mut bases = [[0u64; 2]; 2];
    for chat in desk.hall.chats.iter().filter(|c| c.could_buy() && c.talk.human) {
        let Some(side) = chat.day().and_then(|day| side(day, event)) else { continue };
        let group = match (applies(event, chat), by_agent) {
            (true, true) => usize::from(!chat.talk.agents.iter().any(|agent| users.contains(agent))),
            (true, false) => 0,
            (false, true) => continue,
            (false, false) => 1,
        };
        bases[group][side] += 1;
        counts[group][side] += u64::from(chat.bought(desk.hall.sales.window));
    }
    let control = pair(counts[1], bases[1]);
    let other = match by_agent {
        true => said!("没用这句话的客服", "agents who did not take it up"),
        false => said!("其他店或 SKU 的会话", "conversations of other shops or SKUs"),
    };
    let days = desk.hall.sales.window;
    compared.push(Compared {
        event: at,
        what: said!("{days} 天内下单的会话", "conversations with a purchase within {days} days"),
        treated: pair(counts[0], bases[0]),
        control: (control.before.base > 0 && control.after.base > 0).then_some((other, control)),
    });
}

/// Change of the treated less that of the control, its interval and p-value; alone where there is no control.
fn effect(compared: &Compared) -> Option<(f64, f64, f64, f64)> {
    if let Some((_, control)) = &compared.control
        && let Some(net) = in_differences(compared.treated, *control, 0.0)
    {
        let half = Z * net.points_se;
        return Some((net.points, net.points - half, net.points + half, net.p));
    }
    let interval = newcombe(compared.treated, CONFIDENCE);
    Some((compared.treated.change()?, interval.low, interval.high, doubled_mid_p(compared.treated)?))
}

fn shown(events: &[Event], compared: &[Compared]) -> Table {
    let mut table = Table::new(
        "phrases",
        Said::new("换了话术前后", "Before and after a new reply phrase"),
        &[
            ("event", "事件", "event"),
            ("what", "看什么", "what"),
            ("before", "之前四周", "four weeks before"),
            ("after", "之后四周", "four weeks after"),
            ("control", "对照", "control"),
            ("control_before", "对照之前", "control before"),
            ("control_after", "对照之后", "control after"),
            ("points", "净变化（百分点）", "net change, points"),
            ("low", "区间下限", "interval from"),
            ("high", "区间上限", "interval to"),
            ("verdict", "站得住吗", "does it hold"),
        ],
    )
    .note(Said::new(
        "事件取自 events.csv，类型 reply，话术写在引号里或冒号后；净变化 = 变化减去对照的变化，区间 95%；同一时间可能还有别的事，不等于因果",
        "events of kind reply in events.csv, the phrase in quotation marks or after a colon; net change = change less that of the control, 95% interval; something else may have happened at the time: no proof of a cause",
    ));
    let effects: Vec<Option<(f64, f64, f64, f64)>> = compared.iter().map(effect).collect();
    let p: Vec<f64> = effects.iter().flatten().map(|e| e.3).collect();
    let mut q = benjamini_hochberg(&p).into_iter();
    for (one, effect) in compared.iter().zip(effects) {
        let Some((points, low, high, _)) = effect else { continue };
        let q = q.next().unwrap_or(1.0);
        let shift = match (one.treated.mentions() < FEWEST, q <= 0.10 && low * high > 0.0) {
            (true, _) => Shift::TooFew,
            (false, true) if points > 0.0 => Shift::Rise,
            (false, true) => Shift::Fall,
            (false, false) => Shift::Steady,
        };
        let share = |count: Count| Value::share(count.mentions, count.base);
        let event = &events[one.event];
        let control = one.control.as_ref();
        table.push(vec![
            Value::text(format!("{} {} {}", event.day, event.shop, event.text)),
            Value::Said(one.what.clone()),
            share(one.treated.before),
            share(one.treated.after),
            control.map_or(Value::None, |(name, _)| Value::Said(name.clone())),
            control.map_or(Value::None, |(_, pair)| share(pair.before)),
            control.map_or(Value::None, |(_, pair)| share(pair.after)),
            Value::Points(points),
            Value::Points(low),
            Value::Points(high),
            Value::Moved(direction(shift)),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn the_phrase_of_an_event_is_quoted_or_follows_a_colon() {
        assert_eq!(quoted("开始说“满意的话记得夸我”"), Some("满意的话记得夸我"));
        assert_eq!(quoted("new closing: tell us how you like it"), Some(" tell us how you like it"));
        assert_eq!(quoted("换了收尾话术"), None);
    }
}
