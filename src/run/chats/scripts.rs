//! Whether agents use the shop's scripts: the phrases of `scripts.csv`, and wording that many of them repeat.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Chat, Desk};
use crate::error::Result;
use crate::reading::chat::is_greeting;
use crate::records::{Batch, Fields};
use crate::report::chats::{Table, Value};
use crate::text::fold;
use crate::words::{Kind, Said, Speaker, TurnKind};

/// Fewest conversations that make a wording a repeated one, and fewest characters of it.
const REPEATED: usize = 3;
const LONG: usize = 8;
/// Repeated wordings listed.
const LISTED: usize = 30;
/// Stars up to which a conversation is rated low.
const LOW: f32 = 3.0;

/// A phrase of the shop, and every place of a conversation in which an agent says it.
pub struct Script {
    /// What the shop calls it.
    pub name: String,
    /// Places in [`Hall::chats`](super::hall::Hall::chats), each with the agents who say it there.
    pub said: BTreeMap<usize, BTreeSet<String>>,
}

/// One wording that agents repeat.
#[derive(Default)]
struct Wording {
    /// As it was first written.
    text: String,
    chats: BTreeSet<usize>,
    /// How often in the period.
    now: usize,
    agents: BTreeSet<String>,
}

/// Reads every agent's turns once: who says these phrases. A phrase is its pieces, all of which must stand in the
/// turn; what varies (a name, a number) is left out between them.
pub fn heard(desk: &Desk<'_>, phrases: &[(String, Vec<String>)]) -> Result<Vec<Script>> {
    let folded: Vec<Vec<String>> =
        phrases.iter().map(|(_, pieces)| pieces.iter().map(|p| fold(p).to_lowercase()).collect()).collect();
    let mut scripts: Vec<Script> =
        phrases.iter().map(|(name, _)| Script { name: name.clone(), said: BTreeMap::new() }).collect();
    if phrases.is_empty() {
        return Ok(scripts);
    }
    let found = turns(desk, |text, _| {
        let text = fold(text).to_lowercase();
        let says = |pieces: &Vec<String>| !pieces.is_empty() && pieces.iter().all(|p| text.contains(p.as_str()));
        (0..folded.len()).filter(|at| says(&folded[*at])).collect::<Vec<usize>>()
    })?;
    for (chat, agent, said) in found {
        for at in said {
            scripts[at].said.entry(chat).or_default().insert(agent.clone());
        }
    }
    Ok(scripts)
}

/// What `each` makes of every turn that a person of the shop wrote: conversation, agent, what was made.
fn turns<T: Send>(
    desk: &Desk<'_>,
    each: impl Fn(&str, &Chat) -> Vec<T> + Sync,
) -> Result<Vec<(usize, String, Vec<T>)>> {
    let places: BTreeMap<(usize, u32), usize> = desk.hall.chats.iter().map(|c| c.place).zip(0..).collect();
    let read = |batch: &Batch| {
        let mut made = Vec::new();
        for at in (0..batch.len()).filter(|at| batch.kind(*at) == Kind::Chat) {
            let Some(chat) = places.get(&(batch.file(), batch.start() + at as u32)) else { continue };
            for turn in batch.record(at).turns {
                if turn.speaker == Speaker::Agent && turn.kind == TurnKind::Said {
                    let of = each(&turn.text, &desk.hall.chats[*chat]);
                    if !of.is_empty() {
                        made.push((*chat, turn.agent.unwrap_or_default(), of));
                    }
                }
            }
        }
        made
    };
    Ok(desk.hall.ground.store.scan(Fields::ALL, read)?.into_iter().flatten().collect())
}

/// The pieces of a phrase between what varies: `XX`, `…`, brackets, line ends.
pub fn pieces(phrase: &str) -> Vec<String> {
    const VARIES: [&str; 8] = ["XX", "xx", "××", "**", "…", "...", "{}", "\n"];
    let marked = VARIES.iter().fold(phrase.to_string(), |text, mark| text.replace(mark, "\u{0}"));
    let clean = |piece: &str| piece.trim().trim_matches(['，', ',', '。', '.', '！', '!', '~', '～']).to_string();
    marked.split('\u{0}').map(clean).filter(|p| p.chars().count() >= 2).collect()
}

/// Wording without what differs from chat to chat: digits, masks, the ends of sentences.
fn plain(sentence: &str) -> String {
    let mut out = String::new();
    let mut inside = 0u32;
    for c in fold(sentence).chars() {
        match c {
            '[' => inside += 1,
            ']' => inside = inside.saturating_sub(1),
            c if inside > 0 || c.is_whitespace() || !c.is_alphanumeric() || c.is_ascii_digit() => {}
            c => out.push(c),
        }
    }
    out
}

/// Whether the shop's own phrases are said, and what agents say again and again.
pub fn tables(desk: &Desk<'_>) -> Result<Vec<Table>> {
    let listed: Vec<(String, Vec<String>)> =
        desk.workspace.scripts()?.into_iter().map(|(phrase, name)| (name, pieces(&phrase))).collect();
    let scripts = heard(desk, &listed)?;
    let now: BTreeSet<usize> = indexed(desk).collect();
    let mut table = Table::new(
        "scripts",
        Said::new("话术用了没有", "Scripts used"),
        &[
            ("script", "话术", "script"),
            ("from", "出自", "from"),
            ("now", "本期", "now"),
            ("before", "上期", "before"),
            ("agents", "客服", "agents"),
            ("bought_with", "用了的成交", "bought where said"),
            ("bought_without", "没用的成交", "bought where not"),
            ("low_with", "用了的低分", "rated low where said"),
            ("low_without", "没用的低分", "rated low where not"),
        ],
    )
    .shown(12)
    .note(Said::new(
        "占比 = 说过的会话 / 有人工回复的会话；名单取自 scripts.csv（名称,话术，变化处写 XX），其余是客服反复说的整句；用与不用之差不等于因果",
        "share = conversations with it / conversations in which a person answered; the list is scripts.csv (name,phrase, XX where it varies), the others are sentences that agents repeat; a difference between with and without is no proof of a cause",
    ));
    for script in &scripts {
        let said: BTreeSet<usize> = script.said.keys().copied().collect();
        let agents: BTreeSet<&String> =
            script.said.iter().filter(|(chat, _)| now.contains(chat)).flat_map(|(_, agents)| agents).collect();
        table.push(row(desk, &script.name, Said::new("名单", "the list"), &said, agents.len()));
    }
    for wording in repeated(desk, &now)? {
        let from = Said::new("反复说的", "repeated");
        table.push(row(desk, &desk.hide(&wording.text), from, &wording.chats, wording.agents.len()));
    }
    let mut tables = vec![table];
    tables.extend((!scripts.is_empty()).then(|| by_agent(desk, &scripts, &now)));
    Ok(tables)
}

/// Places of the period's conversations.
fn indexed(desk: &Desk<'_>) -> impl Iterator<Item = usize> {
    let places: BTreeSet<(usize, u32)> = desk.now().map(|c| c.place).collect();
    desk.hall.chats.iter().enumerate().filter(move |(_, c)| places.contains(&c.place)).map(|(at, _)| at)
}

fn row(desk: &Desk<'_>, name: &str, from: Said, said: &BTreeSet<usize>, agents: usize) -> Vec<Value> {
    let now: BTreeSet<(usize, u32)> = desk.now().map(|c| c.place).collect();
    let before: BTreeSet<(usize, u32)> = desk.before().map(|c| c.place).collect();
    let (mut shares, mut bought, mut low) = ([[0u64; 2]; 2], [[0u64; 2]; 2], [[0u64; 2]; 2]);
    for (at, chat) in desk.hall.chats.iter().enumerate().filter(|(_, c)| c.talk.human) {
        let says = said.contains(&at);
        let side = if now.contains(&chat.place) { 0 } else { 1 };
        if side == 1 && !before.contains(&chat.place) {
            continue;
        }
        shares[side][0] += u64::from(says);
        shares[side][1] += 1;
        let with = usize::from(!says);
        if side == 0 && chat.could_buy() {
            bought[with][0] += u64::from(chat.bought(desk.hall.sales.window));
            bought[with][1] += 1;
        }
        if let Some(stars) = chat.stars.filter(|_| side == 0) {
            low[with][0] += u64::from(stars <= LOW);
            low[with][1] += 1;
        }
    }
    let share = |[n, base]: [u64; 2]| if base == 0 { Value::None } else { Value::share(n, base) };
    let known = desk.hall.knows_sales();
    let sale = |pair| if known { share(pair) } else { Value::None };
    vec![
        Value::text(name),
        Value::Said(from),
        share(shares[0]),
        share(shares[1]),
        Value::Count(agents as u64),
        sale(bought[0]),
        sale(bought[1]),
        share(low[0]),
        share(low[1]),
    ]
}

/// Sentences that agents write again and again in the period, the most frequent first.
fn repeated(desk: &Desk<'_>, now: &BTreeSet<usize>) -> Result<Vec<Wording>> {
    let places: BTreeSet<(usize, u32)> = desk.now().chain(desk.before()).map(|c| c.place).collect();
    let found = turns(desk, |text, chat| {
        if !places.contains(&chat.place) {
            return Vec::new();
        }
        let sentences = text.split_inclusive(['。', '！', '!', '？', '?', '~', '～', '\n', ';', '；']);
        let long = sentences.filter(|s| !is_greeting(s)).map(|s| (plain(s), s.trim().to_string()));
        long.filter(|(plain, _)| plain.chars().count() >= LONG).collect()
    })?;
    let mut wordings: BTreeMap<String, Wording> = BTreeMap::new();
    for (chat, agent, sentences) in found {
        for (plain, text) in sentences {
            let wording = wordings.entry(plain).or_insert_with(|| Wording { text, ..Wording::default() });
            wording.chats.insert(chat);
            wording.now += usize::from(now.contains(&chat));
            if now.contains(&chat) {
                wording.agents.insert(agent.clone());
            }
        }
    }
    let mut repeated: Vec<Wording> = wordings.into_values().filter(|w| w.now >= REPEATED).collect();
    repeated.sort_by(|a, b| Reverse(a.now).cmp(&Reverse(b.now)).then_with(|| a.text.cmp(&b.text)));
    repeated.truncate(LISTED);
    Ok(repeated)
}

/// How often each agent says each phrase of the list.
fn by_agent(desk: &Desk<'_>, scripts: &[Script], now: &BTreeSet<usize>) -> Table {
    let mut table = Table::new(
        "scripts_by_agent",
        Said::new("各客服用话术", "Scripts by agent"),
        &[("agent", "客服", "agent"), ("conversations", "会话", "conversations")],
    );
    for (at, script) in scripts.iter().enumerate() {
        table.column(format!("script_{}", at + 1), Said::new(&script.name, &script.name));
    }
    let mut talks: BTreeMap<&String, u64> = BTreeMap::new();
    for chat in now.iter().map(|at| &desk.hall.chats[*at]) {
        chat.talk.agents.iter().for_each(|name| *talks.entry(name).or_default() += 1);
    }
    let mut rows: Vec<(&String, u64)> = talks.into_iter().collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    for (agent, n) in rows {
        let mut row = vec![Value::text(desk.agent(agent)), Value::Count(n)];
        row.extend(scripts.iter().map(|script| {
            let said = script.said.iter().filter(|(chat, by)| now.contains(chat) && by.contains(agent)).count();
            Value::share(said as u64, n)
        }));
        table.push(row);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_its_pieces_and_a_wording_what_stays() {
        assert_eq!(pieces("我是客服XX，满意的话记得夸我哦~"), ["我是客服", "满意的话记得夸我哦"]);
        assert_eq!(pieces("质量问题我们包邮退换"), ["质量问题我们包邮退换"]);
        assert_eq!(plain("亲，[买家#1f]您的3单 已发出！"), plain("亲，您的12单已发出~"));
    }
}
