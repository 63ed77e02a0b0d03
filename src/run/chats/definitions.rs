//! Every definition of every pack side by side: how each platform counts, since when, and where that was found.

use crate::reading::chat::Answers;
use crate::reading::chat::pack::{Definition, LeftOut, Measure, Pack, Unit, bundled};
use crate::report::chats::{Table, Tables, Value, duration};
use crate::said;
use crate::words::{Lang, Said};

/// The packs as a report of their own; it needs no workspace.
pub fn all() -> Tables {
    let packs = bundled();
    let title = Said::new("响应指标的口径", "Definitions of the clocks");
    let verdict = vec![Said::new(
        "平台的算法会变，出处多为公开转述：以后台为准。用 earful chats --pack 平台 按它的口径数。",
        "Platforms change how they count, and most sources are secondary: check your console. earful chats --pack PLATFORM counts as it does.",
    )];
    Tables { title, verdict, tables: vec![metrics(&packs), attribution(&packs)] }
}

fn metrics(packs: &[Pack]) -> Table {
    let mut table = Table::new(
        "definitions",
        Said::new("指标", "Metrics"),
        &[
            ("pack", "口径", "pack"),
            ("metric", "指标", "metric"),
            ("from", "生效", "from"),
            ("measure", "数什么", "measure"),
            ("unit", "按", "unit"),
            ("hours", "时段", "hours"),
            ("days", "窗口（天）", "days"),
            ("cap", "封顶", "cap"),
            ("answers", "什么算回复", "what answers"),
            ("left_out", "不计", "left out"),
            ("meaning", "分子 / 分母", "numerator / denominator"),
            ("source", "出处", "source"),
        ],
    )
    .shown(usize::MAX);
    for pack in packs {
        for definition in &pack.metrics {
            table.push(row(pack, definition));
        }
    }
    table
}

fn row(pack: &Pack, definition: &Definition) -> Vec<Value> {
    let hours = definition.hours.map(|(from, to)| format!("{from}:00–{to}:00"));
    vec![
        Value::text(&pack.key),
        Value::Said(definition.name.clone()),
        Value::Text(definition.from.to_string()),
        Value::Said(measure(definition)),
        Value::Said(unit(definition.unit)),
        hours.map_or(Value::Said(Said::new("全天", "all day")), Value::Text),
        definition.days.map_or(Value::None, |days| Value::Count(u64::from(days))),
        Value::seconds(definition.cap.map(|cap| cap as f64)),
        Value::Said(answers(definition.answers)),
        left_out(&definition.leave_out).map_or(Value::None, Value::Said),
        Value::Said(definition.meaning.clone()),
        Value::text(&definition.source),
    ]
}

fn measure(definition: &Definition) -> Said {
    let seconds = definition.within.unwrap_or(0);
    let stars = definition.stars;
    match definition.measure {
        Measure::Within => {
            let within = |lang| duration(seconds as f64, lang);
            Said::new(format!("{}内（含）", within(Lang::Zh)), format!("within {}, included", within(Lang::En)))
        }
        Measure::Mean => Said::new("平均", "mean"),
        Measure::MeanOfMeans => Said::new("各会话平均的平均", "mean of the conversations' means"),
        Measure::Median => Said::new("中位数", "median"),
        Measure::Unanswered => Said::new("无人回答", "without an answer"),
        Measure::Dissatisfied => said!("≤ {stars} 星", "up to {stars} stars"),
    }
}

/// What is counted once.
pub fn unit(unit: Unit) -> Said {
    match unit {
        Unit::Round => Said::new("轮次", "round"),
        Unit::Conversation => Said::new("会话", "conversation"),
        Unit::Buyer => Said::new("人", "buyer"),
    }
}

fn answers(answers: Answers) -> Said {
    match (answers.assisting_bot, answers.bot, answers.automatic) {
        (_, _, true) => Said::new("任何回复", "any reply"),
        (_, true, false) => Said::new("人工或机器人", "a person or a bot"),
        (true, false, false) => Said::new("人工（含辅助机器人）", "a person, or a bot that assists one"),
        (false, false, false) => Said::new("人工", "a person"),
    }
}

fn left_out(reasons: &[LeftOut]) -> Option<Said> {
    let named = reasons.iter().map(|reason| match reason {
        LeftOut::AgentStarted => ("卖家发起", "begun by the shop"),
        LeftOut::BotAlone => ("全自动会话", "only bots answered"),
        LeftOut::Holiday => ("休假", "holidays"),
        LeftOut::Courtesy => ("只道谢的轮次", "mere thanks"),
    });
    let (zh, en): (Vec<&str>, Vec<&str>) = named.unzip();
    (!zh.is_empty()).then(|| Said::new(zh.join("、"), en.join(", ")))
}

fn attribution(packs: &[Pack]) -> Table {
    let mut table = Table::new(
        "attribution",
        Said::new("几天内下单算成交", "Days in which a purchase is a conversation's own"),
        &[("pack", "口径", "pack"), ("days", "天", "days"), ("source", "出处", "source")],
    );
    for pack in packs {
        table.push(vec![
            Value::text(&pack.key),
            Value::Count(u64::from(pack.attribution_days)),
            Value::text(&pack.attribution_source),
        ]);
    }
    table
}
