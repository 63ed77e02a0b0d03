//! One million messages of chats: grouped into conversations, clocked and classified, against the same messages
//! classified one by one as reviews. The bench asserts its answers, and that chats take at most twice the time.
//!
//! `EARFUL_ROWS` sets the number of messages (200,000 if unset). Texts are put together here.

use std::hint::black_box;
use std::time::{Duration, Instant};

use earful::reading::chat::clock::{self, Timed};
use earful::reading::chat::pack::bundled;
use earful::reading::chat::stage::{Known, stage};
use earful::reading::chat::{Answers, Talk};
use earful::reading::{Classifier, Scratch};
use earful::taxonomy::bundled as taxonomy;
use earful::words::{Kind, Moment, Speaker, Stage, Turn, TurnKind, TurnView, View};

/// Messages of a conversation.
const TURNS: usize = 10;

const ASKED: [&str; 5] = [
    "这款会掉色吗，洗了会不会缩水",
    "身高一米六体重一百穿几码合适",
    "快递到哪了怎么还没更新物流",
    "收到了有股塑料味能退吗",
    "现在拍有赠品吗，能便宜点不",
];
const ANSWERED: [&str; 5] = [
    "亲，正常洗涤不掉色的，建议冷水手洗",
    "亲建议您拍中码哦，偏宽松的版型",
    "我帮您催一下快递，请您留意物流",
    "亲可以申请七天无理由退货的",
    "亲，现在拍下有小礼品赠送",
];

/// A message as an export has it: conversation, time, speaker, text; conversations are mixed up.
struct Message {
    talk: u32,
    at: Moment,
    speaker: Speaker,
    text: &'static str,
}

fn messages(n: usize) -> Vec<Message> {
    let talks = n / TURNS;
    (0..n)
        .map(|i| {
            let (talk, turn) = (i % talks, i / talks);
            let buyer = turn.is_multiple_of(2);
            Message {
                talk: talk as u32,
                at: Moment(1_790_000_000 + talk as i64 * 97 + turn as i64 * 60),
                speaker: if buyer { Speaker::Buyer } else { Speaker::Agent },
                text: if buyer { ASKED[(talk + turn) % 5] } else { ANSWERED[(talk + turn) % 5] },
            }
        })
        .collect()
}

fn view<'a>(kind: Kind, turns: &'a [TurnView<'a>]) -> View<'a> {
    View { kind, platform: "taobao", sku: "1", stars: None, stage: "", lang: "", turns }
}

/// Every message as a review of its own: labels found.
fn as_reviews(messages: &[Message], classifier: &Classifier) -> usize {
    let mut scratch = Scratch::default();
    messages
        .iter()
        .map(|m| {
            let turns = [TurnView { speaker: Speaker::Buyer, kind: TurnKind::Said, text: m.text }];
            classifier.labels(&view(Kind::Review, &turns), &mut scratch).len()
        })
        .sum()
}

/// Grouped, clocked and classified: conversations, rounds, rounds in time, labels, conversations with a stage.
fn as_chats(messages: &[Message], classifier: &Classifier) -> [usize; 5] {
    let mut order: Vec<u32> = (0..messages.len() as u32).collect();
    order.sort_unstable_by_key(|i| (messages[*i as usize].talk, messages[*i as usize].at, *i));
    let packs = bundled();
    let definition = &packs[0].metrics[0];
    let mut scratch = Scratch::default();
    let mut talks = Vec::new();
    let (mut labels, mut staged) = (0, 0);
    for group in order.chunk_by(|a, b| messages[*a as usize].talk == messages[*b as usize].talk) {
        let turns: Vec<Turn> = group
            .iter()
            .map(|i| &messages[*i as usize])
            .map(|m| Turn {
                speaker: m.speaker,
                kind: TurnKind::Said,
                time: Some(m.at),
                agent: None,
                text: m.text.to_string(),
            })
            .collect();
        talks.push(Talk::read(&turns, Answers::HUMAN));
        let (found, _) = stage(&turns, Known { names_order: false, orders: &[], began: turns[0].time });
        staged += usize::from(found != Stage::Unknown);
        let views: Vec<TurnView<'_>> =
            turns.iter().map(|t| TurnView { speaker: t.speaker, kind: t.kind, text: &t.text }).collect();
        labels += classifier.labels(&view(Kind::Chat, &views), &mut scratch).len();
    }
    let timed = talks.iter().map(|talk| Timed { talk, stars: None, buyer: None });
    let reading = clock::read(definition, timed, |_| false);
    [talks.len(), reading.base as usize, reading.within as usize, labels, staged]
}

fn best<T>(times: usize, mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut shortest: Option<(Duration, T)> = None;
    for _ in 0..times {
        let start = Instant::now();
        let answer = black_box(run());
        let took = start.elapsed();
        if shortest.as_ref().is_none_or(|(t, _)| took < *t) {
            shortest = Some((took, answer));
        }
    }
    shortest.expect("at least one run")
}

fn main() {
    let rows: usize = std::env::var("EARFUL_ROWS").ok().and_then(|n| n.parse().ok()).unwrap_or(200_000);
    let rows = (rows / TURNS).max(1) * TURNS;
    let messages = messages(rows);
    let classifier = Classifier::new(&taxonomy());
    let (reviews, labels) = best(3, || as_reviews(&messages, &classifier));
    let (chats, [talks, rounds, in_time, found, staged]) = best(3, || as_chats(&messages, &classifier));
    assert_eq!(
        (talks, rounds, in_time),
        (rows / TURNS, rows / 2, rows / 2),
        "every question is a round answered in a minute"
    );
    assert_eq!(staged, talks, "every conversation tells its stage");
    assert!(labels > rows / 4 && found >= talks, "labels are found either way");
    let times = chats.as_secs_f64() / reviews.as_secs_f64();
    println!(
        "{rows} messages: as reviews {reviews:.2?}, as {talks} chats grouped, clocked, staged and classified {chats:.2?}: {times:.2} times"
    );
    assert!(times <= 2.0, "chats take {times:.2} times as long as reviews");
}
