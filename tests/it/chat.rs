//! Chats: rounds and clocks against reference values and a table of hard cases; what cannot be timed is counted.

use earful::reading::chat::clock::{self, Timed};
use earful::reading::chat::pack::{Definition, LeftOut, Measure, Unit, bundled};
use earful::reading::chat::{Answers, Talk, Wait};
use earful::words::{Day, Moment, Period, Said, Speaker, Token, Turn, TurnKind};
use serde_json::Value;

fn golden() -> Value {
    let path = format!("{}/tests/golden/service_metrics.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn moment(text: &str) -> Moment {
    Moment::from_civil(text.parse().unwrap())
}

fn definition(unit: Unit, measure: Measure) -> Definition {
    Definition {
        key: "test".into(),
        name: Said::default(),
        from: Day(0),
        measure,
        unit,
        hours: Some((8, 23)),
        days: None,
        within: Some(180),
        cap: (measure == Measure::Mean && unit == Unit::Round).then_some(600),
        answers: Answers::HUMAN,
        leave_out: Vec::new(),
        stars: 3.0,
        meaning: Said::default(),
        source: String::new(),
    }
}

#[test]
fn the_same_log_gives_the_reference_values_by_round_and_by_conversation() {
    let golden = golden();
    let tolerance = golden["tolerance_abs"].as_f64().unwrap();
    for case in golden["cases"].as_array().unwrap() {
        let sessions = case["log"]["sessions"].as_array().unwrap();
        let talks: Vec<(Talk, Option<f32>)> = sessions
            .iter()
            .map(|session| {
                let turns: Vec<Turn> = session["messages"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|m| Turn {
                        speaker: match m["from"].as_str().unwrap() {
                            "customer" => Speaker::Buyer,
                            "agent" => Speaker::Agent,
                            _ => Speaker::Bot,
                        },
                        kind: TurnKind::Said,
                        time: Some(moment(m["t"].as_str().unwrap())),
                        agent: None,
                        text: "这个怎么用".into(),
                    })
                    .collect();
                (Talk::read(&turns, Answers::HUMAN), session["rating"].as_f64().map(|r| r as f32))
            })
            .collect();
        let read = |unit, measure, stars: f32| {
            let definition = Definition { stars, ..definition(unit, measure) };
            let timed = talks.iter().map(|(talk, stars)| Timed { talk, stars: *stars, buyer: None });
            clock::read(&definition, timed, |_| false)
        };
        let round = read(Unit::Round, Measure::Mean, 3.0);
        let conversation = read(Unit::Conversation, Measure::Median, 3.0);
        let counts = [
            ("rounds_in_window", round.base),
            ("rounds_within_180s", round.within),
            ("sessions_in_window", conversation.base),
            ("sessions_without_human_reply", conversation.silent),
            ("rated", round.rated),
            ("dissatisfied_le3", round.low),
            ("dissatisfied_le2", read(Unit::Round, Measure::Dissatisfied, 2.0).low),
        ];
        let expected = &case["expected"];
        for (name, count) in counts {
            assert_eq!(Some(count), expected[name].as_u64(), "{name}");
        }
        for (name, value) in [
            ("rate3_by_round", round.value(Measure::Within)),
            ("rate3_by_session_first_reply", conversation.value(Measure::Within)),
            ("mean_response_capped_s", round.value(Measure::Mean)),
            ("first_response_median_s", conversation.value(Measure::Median)),
            ("first_response_mean_s", conversation.mean()),
        ] {
            let (value, expect) = (value.unwrap(), expected[name].as_f64().unwrap());
            assert!((value - expect).abs() <= tolerance, "{name}: {value} is not {expect}");
        }
    }
}

/// `b 0 在吗` is the buyer after 0 s; `a:Mei`, `bot`, `bot:Mei`, `auto`, `sys`, `back` (the buyer took it back),
/// `aback`, `card`, `pic`; time `-` is missing.
fn turns(lines: &[&str]) -> Vec<Turn> {
    let start = moment("2026-10-12T10:00:00");
    let turn = |line: &&str| {
        let mut parts = line.splitn(3, ' ');
        let (who, at, text) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap_or("尺码准吗"));
        let (who, agent) = who.split_once(':').map_or((who, None), |(w, name)| (w, Some(name.to_string())));
        let (speaker, kind) = match who {
            "b" => (Speaker::Buyer, TurnKind::Said),
            "card" | "pic" => (Speaker::Buyer, TurnKind::Card),
            "back" => (Speaker::Buyer, TurnKind::Recalled),
            "a" => (Speaker::Agent, TurnKind::Said),
            "auto" => (Speaker::Agent, TurnKind::Automatic),
            "aback" => (Speaker::Agent, TurnKind::Recalled),
            "bot" => (Speaker::Bot, TurnKind::Said),
            _ => (Speaker::System, TurnKind::Automatic),
        };
        let text = match who {
            "pic" => "[图片]",
            "card" => "https://item.example.com/item.htm?id=1",
            _ => text,
        };
        let time = at.parse::<i64>().ok().map(|s| Moment(start.0 + s));
        Turn { speaker, kind, time, agent, text: text.into() }
    };
    lines.iter().map(turn).collect()
}

/// `messages:wait by agent`, one a round.
fn shown(talk: &Talk) -> String {
    let round = |r: &earful::reading::chat::Round| {
        let wait = match r.wait {
            Wait::Seconds(s) => s.to_string(),
            Wait::Silence => "never".into(),
            Wait::Untimed => "untimed".into(),
        };
        let agent = r.agent.map(|at| format!(" {}", talk.agents[usize::from(at)])).unwrap_or_default();
        format!("{}:{wait}{agent}{}", r.messages, if r.courtesy { " thanks" } else { "" })
    };
    talk.rounds.iter().map(round).collect::<Vec<_>>().join(", ")
}

#[test]
fn hard_cases_of_rounds() {
    let day = 86_400;
    let tomorrow = format!("b {} 还在吗，发货了没", 2 * day);
    let answered = format!("a:Mei {}", 2 * day + 60);
    let cases: &[(&str, &[&str], &str)] = &[
        ("messages in a row are one round, timed from the first", &["b 0", "b 10", "b 20", "a:Mei 60"], "3:60 Mei"),
        (
            "a greeting at once is no answer",
            &["b 0", "a:Mei 1 亲，欢迎光临！请先描述您的问题哦~", "a:Mei 90"],
            "1:90 Mei",
        ),
        ("the same greeting typed by a person is one", &["b 0", "a:Mei 45 您好，请问有什么可以帮您"], "1:45 Mei"),
        ("an automatic reply is no answer", &["b 0", "auto:Mei 1", "a:Mei 200"], "1:200 Mei"),
        ("an automatic reply to the end is silence, and is owed", &["b 0", "auto:Mei 1"], "1:never Mei"),
        ("a bot alone does not answer", &["b 0", "bot 2"], "1:never"),
        (
            "a bot in the name of an agent who is there does",
            &["b 0", "bot:Mei 5", "b 20", "a:Mei 50"],
            "1:5 Mei, 1:30 Mei",
        ),
        ("a bot does not close, the person after it does", &["b 0", "bot 2", "a:Mei 70"], "1:70 Mei"),
        (
            "a conversation handed on is timed to the second agent",
            &["b 0", "sys 30 由 Mei 转交给 Li", "a:Li 100"],
            "1:100 Li",
        ),
        ("handed on without a word stays with the first", &["b 0", "sys 30 由 Mei 转交给 Li"], "1:never Mei"),
        ("what the buyer took back asks nothing", &["back 0", "a:Mei 60"], ""),
        ("what the agent took back answers nothing", &["b 0", "aback:Mei 20", "a:Mei 80"], "1:80 Mei"),
        (
            "asked, silent, and back two days later: the first round was missed",
            &["b 0", &tomorrow, &answered],
            "1:never, 1:60 Mei",
        ),
        (
            "closed by the platform and opened again",
            &["b 0", "sys 100 会话已结束", "b 300", "a:Mei 330"],
            "1:never, 1:30 Mei",
        ),
        ("begun by the shop", &["a:Mei 0 您的快递到了", "b 1800", "a:Mei 1980"], "1:180 Mei"),
        ("a product card by itself asks nothing", &["card 0"], ""),
        ("a card before the question does not start the clock", &["card 0", "b 30", "a:Mei 60"], "1:30 Mei"),
        ("a picture does", &["pic 0", "a:Mei 60"], "1:60 Mei"),
        ("silence to the end", &["b 0", "a:Mei 40", "b 1200"], "1:40 Mei, 1:never Mei"),
        (
            "thanks are a round that owes nothing",
            &["b 0", "a:Mei 40", "b 60 好的，谢谢"],
            "1:40 Mei, 1:never Mei thanks",
        ),
        (
            "declining more help owes nothing, the same word to a question does",
            &["b 0", "a:Mei 40 请问还有其他问题吗", "b 60 没有", "a:Mei 70 您收到了吗", "b 80 没有"],
            "1:40 Mei, 1:10 Mei thanks, 1:never Mei",
        ),
        ("without a time nothing is timed", &["b -", "a:Mei -"], "1:untimed Mei"),
        ("a missing first time is taken from the next message", &["b -", "b 10", "a:Mei 60"], "2:50 Mei"),
        ("a clock that ran backwards times nothing", &["b 100", "a:Mei 40"], "1:untimed Mei"),
        ("nobody but the platform", &["sys 0 开始接待"], ""),
        ("nothing at all", &[], ""),
    ];
    for (what, lines, expect) in cases {
        assert_eq!(shown(&Talk::read(&turns(lines), Answers::HUMAN)), *expect, "{what}");
    }
    let any = Answers { bot: true, ..Answers::HUMAN };
    assert_eq!(shown(&Talk::read(&turns(&["b 0", "bot 2"]), any)), "1:2", "where bots count they answer");
    assert!(Talk::read(&turns(&["a:Mei 0 您的快递到了", "b 1800"]), Answers::HUMAN).agent_started);
    assert!(!Talk::read(&turns(&["auto:Mei 0", "b 1800"]), Answers::HUMAN).agent_started);
    assert!(Talk::read(&turns(&["b 0", "bot 2"]), Answers::HUMAN).is_bot_alone());
    assert_eq!(Talk::read(&turns(&["b 100", "a:Mei 40"]), Answers::HUMAN).backwards, 1);
}

#[test]
fn hours_holidays_and_what_is_left_out_are_counted() {
    let at = |clock: &str, lines: &[&str]| {
        let mut turns = turns(lines);
        let shift = moment(&format!("2026-10-12T{clock}")).0 - moment("2026-10-12T10:00:00").0;
        turns.iter_mut().for_each(|t| t.time = t.time.map(|m| Moment(m.0 + shift)));
        Talk::read(&turns, Answers::HUMAN)
    };
    let talks = [
        at("22:59:59", &["b 0", "a 180"]),
        at("23:00:00", &["b 0", "a 10"]),
        at("07:59:59", &["b 0", "a 10"]),
        at("08:00:00", &["b 0", "a 181"]),
        at("12:00:00", &["a 0 您好，快递到了", "b 60", "a 70"]),
        at("12:00:00", &["b 0", "bot 1"]),
        at("12:00:00", &["b 0", "a 10", "b 20 谢谢"]),
    ];
    let read = |leave_out: Vec<LeftOut>, closed: bool| {
        let definition = Definition { leave_out, ..definition(Unit::Round, Measure::Within) };
        let timed = talks.iter().map(|talk| Timed { talk, stars: None, buyer: None });
        clock::read(&definition, timed, |_| closed)
    };
    let all = read(Vec::new(), true);
    assert_eq!((all.base, all.within, all.silent, all.outside), (6, 3, 2, 2));
    let some = read(vec![LeftOut::AgentStarted, LeftOut::BotAlone, LeftOut::Courtesy], true);
    assert_eq!((some.base, some.within, some.silent), (3, 2, 0));
    assert_eq!(some.left_out.values().sum::<u64>(), 3);
    let none = read(vec![LeftOut::Holiday], true);
    assert_eq!((none.base, none.value(Measure::Within)), (0, None), "nothing counted is no number");
    assert_eq!(read(vec![LeftOut::Holiday], false).base, 6);
}

#[test]
fn ten_thousand_messages_in_one_conversation_are_read() {
    let lines: Vec<String> =
        (0..10_000).map(|i| format!("{} {}", if i % 5 == 4 { "a:Mei" } else { "b" }, i * 7)).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let talk = Talk::read(&turns(&lines), Answers::HUMAN);
    assert_eq!((talk.rounds.len(), talk.messages, talk.agents.len()), (2_000, 10_000, 1));
    assert!(talk.rounds.iter().all(|r| r.messages == 4 && r.wait == Wait::Seconds(28)));
}

#[test]
fn every_platform_reads_the_same_log_by_its_own_definition() {
    let day: Day = "2026-10-31".parse::<Period>().unwrap().first();
    let talks = [turns(&["b 0", "bot 2", "a:Mei 240"]), turns(&["b 0", "bot 2"])];
    let rate = |pack: &str, key: &str| {
        let packs = bundled();
        let pack = packs.iter().find(|p| p.key == pack).unwrap();
        let definition = *pack.on(day).iter().find(|d| d.key == key).unwrap();
        let read: Vec<Talk> = talks.iter().map(|t| Talk::read(t, definition.answers)).collect();
        let timed = read.iter().map(|talk| Timed { talk, stars: None, buyer: None });
        let reading = clock::read(definition, timed, |_| false);
        (reading.within, reading.base)
    };
    assert_eq!(rate("pdd", "rate_5min"), (2, 2), "any reply counts");
    assert_eq!(rate("douyin", "rate_3min"), (0, 2), "only a person's does");
    assert_eq!(rate("kuaishou", "rate_3min"), (0, 1), "those who reached no person are not counted");
    assert_eq!(rate("tiktok", "response_rate"), (1, 1), "what was solved by itself is not counted");
}

/// Nine conversations in which the definitions differ: buyer, stars, start of the clock, turns.
type Talked = (u64, Option<f32>, &'static str, &'static [&'static str]);
const TALKED: &[Talked] = &[
    // In time to the second; the same buyer is not answered at all at noon.
    (1, Some(3.0), "2026-10-12T10:00:00", &["b 0", "a:Mei 180"]),
    (1, None, "2026-10-12T12:00:00", &["b 0"]),
    // A bot at once, a person late; a bot alone.
    (2, Some(1.0), "2026-10-12T10:00:00", &["b 0", "bot 2", "a:Mei 400"]),
    (3, None, "2026-10-12T10:00:00", &["b 0", "bot 2"]),
    // The last second of the day's hours, and a question after them.
    (4, None, "2026-10-12T22:59:59", &["b 0", "a:Mei 60", "b 1801"]),
    // Begun by the shop, two rounds.
    (5, Some(2.0), "2026-10-12T12:00:00", &["a:Mei 0 您的快递到了", "b 60", "a:Mei 70", "b 120", "a:Mei 150"]),
    // A holiday.
    (6, Some(5.0), "2026-10-13T10:00:00", &["b 0", "a:Mei 10"]),
    // Thanks at the end.
    (7, None, "2026-10-12T10:00:00", &["b 0", "a:Mei 30", "b 60 谢谢"]),
    // Thirteen hours.
    (8, None, "2026-10-12T10:00:00", &["b 0", "a:Mei 46800"]),
];

/// Pack, metric, day, and the number by that pack's rule, worked out by hand: a share as parts, a time in seconds.
const NUMBERS: &[(&str, &str, &str, f64, Option<(u64, u64)>)] = &[
    // Every round at any hour, mere thanks apart; nothing is capped.
    ("earful", "rate_3min", "2026-10-31", 6.0 / 11.0, Some((6, 11))),
    ("earful", "first_response", "2026-10-31", 60.0, None),
    ("earful", "mean_response", "2026-10-31", 47_520.0 / 8.0, None),
    ("earful", "rate_12h", "2026-10-31", 5.0 / 8.0, Some((5, 8))),
    ("earful", "rate_24h", "2026-10-31", 6.0 / 8.0, Some((6, 8))),
    ("earful", "unanswered", "2026-10-31", 3.0 / 11.0, Some((3, 11))),
    ("earful", "dissatisfied_60d", "2026-10-31", 3.0 / 4.0, Some((3, 4))),
    // Until midnight, thanks are a round; the mean until eleven, 600 s at most and for silence, without bot-only ones.
    ("taobao", "rate_3min", "2026-10-31", 6.0 / 12.0, Some((6, 12))),
    ("taobao", "mean_response", "2026-10-31", 2_520.0 / 10.0, None),
    // Until eleven: the question at half past eleven is out.
    ("douyin", "rate_3min", "2026-10-31", 6.0 / 11.0, Some((6, 11))),
    // Persons who reached a person; one round unanswered is a person unanswered.
    ("kuaishou", "rate_3min", "2026-10-31", 3.0 / 7.0, Some((3, 7))),
    // The first reply of anybody, at any hour.
    ("pdd", "rate_5min", "2026-10-31", 7.0 / 9.0, Some((7, 9))),
    ("pdd", "rate_3min", "2026-10-31", 6.0 / 11.0, Some((6, 11))),
    // Begun by the customer, not on a holiday, not solved by itself: 24 hours once, 12 since August 2025.
    ("tiktok", "response_rate", "2025-07-31", 5.0 / 6.0, Some((5, 6))),
    ("tiktok", "response_rate", "2025-08-01", 4.0 / 6.0, Some((4, 6))),
    ("tiktok", "response_rate_us", "2026-10-31", 5.0 / 6.0, Some((5, 6))),
    ("tiktok", "dissatisfied_60d", "2026-10-31", 2.0 / 3.0, Some((2, 3))),
    ("tiktok", "dissatisfied_60d_2", "2026-10-31", 1.0 / 3.0, Some((1, 3))),
    // Answered conversations only; the mean of the conversations' means.
    ("tencent", "first_response", "2026-10-31", 47_490.0 / 7.0, None),
    ("tencent", "mean_response", "2026-10-31", 47_500.0 / 7.0, None),
];

#[test]
fn every_definition_of_every_pack_gives_the_number_worked_out_by_hand() {
    let packs = bundled();
    let day = |text: &str| text.parse::<Period>().unwrap().first();
    let holiday = day("2026-10-13");
    let logs: Vec<Vec<Turn>> = TALKED
        .iter()
        .map(|(_, _, start, lines)| {
            let shift = moment(start).0 - moment("2026-10-12T10:00:00").0;
            let mut turns = turns(lines);
            turns.iter_mut().for_each(|t| t.time = t.time.map(|m| Moment(m.0 + shift)));
            turns
        })
        .collect();
    for (pack, key, on, value, ratio) in NUMBERS {
        let pack = packs.iter().find(|p| p.key == *pack).unwrap();
        let definition = *pack.on(day(on)).iter().find(|d| d.key == *key).unwrap_or_else(|| panic!("{key}"));
        let talks: Vec<Talk> = logs.iter().map(|turns| Talk::read(turns, definition.answers)).collect();
        let timed = talks.iter().zip(TALKED).map(|(talk, (buyer, stars, ..))| Timed {
            talk,
            stars: *stars,
            buyer: Some(Token(*buyer)),
        });
        let reading = clock::read(definition, timed, |day| day == holiday);
        let (what, measure) = (format!("{} {key} on {on}", pack.key), definition.measure);
        assert_eq!(reading.ratio(measure), *ratio, "{what}");
        let found = reading.value(measure).unwrap();
        assert!((found - value).abs() < 1e-9, "{what}: {found}, not {value}");
    }
    // No definition goes without its number.
    for (pack, definition) in packs.iter().flat_map(|p| p.metrics.iter().map(move |m| (p, m))) {
        let tried = |(p, k, ..): &(&str, &str, &str, f64, Option<(u64, u64)>)| *p == pack.key && *k == definition.key;
        assert!(NUMBERS.iter().any(tried), "{} {}", pack.key, definition.key);
    }
}
