//! The words for what was left out and why, in both languages.

use crate::said;
use crate::words::Said;

/// What to tell about a row that was left out; `None` where the count says enough.
pub fn of_row(reason: &str) -> Option<Said> {
    Some(match reason {
        "bad_date" => said!("日期读不懂，这一行未导入", "the date cannot be read; the row was left out"),
        "no_date" => said!("没有日期，这一行未导入", "no date; the row was left out"),
        "no_year" => said!(
            "日期没有年份，上面的行也没有；用 --capture-date 指明文件的日期",
            "the date has no year, nor have the rows above; tell the file's day with --capture-date"
        ),
        "no_capture_date" => said!(
            "日期是“几天前”这样的写法；用 --capture-date 指明抓取日期",
            "the date is told as so many days ago; tell the day it was taken with --capture-date"
        ),
        "date_order" => said!(
            "日和月的次序无法判断；用 --date-order 指明",
            "day and month could be either way round; tell the order with --date-order"
        ),
        "unknown_role" => said!(
            "看不出这条消息是客户还是客服发的，未导入",
            "it cannot be told whether the customer or the shop sent this message; it was left out"
        ),
        "too_many_turns" => {
            said!("会话太长，超出的消息未导入", "the conversation is too long; messages past the limit were left out")
        }
        _ => return None,
    })
}

/// The source has no dates at all.
pub fn no_date_column(told: bool) -> Said {
    if told {
        return said!(
            "文件没有日期列；全部记录按 --capture-date 的日期计",
            "the file has no column of dates; all records carry the day of --capture-date"
        );
    }
    said!(
        "文件没有日期列：记录只计总数，不分时期；可用 --capture-date 指定日期",
        "the file has no column of dates: its records count in totals, not by period; --capture-date gives them a day"
    )
}

/// Messages tell the time of day only, and the file's name or the operator tells the day, or nobody does.
pub fn day_of_clocks(told: bool) -> Said {
    if told {
        return said!(
            "消息只有钟点没有日期：日期取自文件名或 --capture-date，当作最后一条消息的日子",
            "messages tell the time of day only: the day is that of the file's name or of --capture-date, taken as the last message's"
        );
    }
    said!(
        "消息只有钟点没有日期，文件名里也没有：记录只计总数，不分时期；用 --capture-date 指明日期",
        "messages tell the time of day only, and the file's name tells no day: they count in totals, not by period; tell the day with --capture-date"
    )
}

/// What was odd about so many messages that are kept; `None` where the count says enough.
pub fn of_messages(mark: &str, n: u64) -> Option<Said> {
    Some(match mark {
        "role_guessed" => said!(
            "{n} 条消息的角色列不认识，是客户还是客服按名字和说法推断：用 --dry-run 核对一下",
            "the role of {n} messages is not known; who is the customer was told by names and words: check it with --dry-run"
        ),
        "message_without_time" => said!(
            "{n} 条消息没有时间：留在上一条之后，不计响应时长",
            "{n} messages have no time: they stay behind the one above and time nothing"
        ),
        "clock_went_back" => said!(
            "{n} 个会话的时间不按顺序：已按时间排好；早于提问的回复不计响应时长",
            "the times of {n} conversations are out of order: put in order; answers before their question time nothing"
        ),
        _ => return None,
    })
}

/// Some reviews are of several SKUs.
pub fn more_skus(reviews: u64) -> Said {
    said!(
        "{reviews} 条评价写了几个 SKU：计入第一个",
        "{reviews} reviews name several SKUs: each counts under the first"
    )
}

/// Some texts were longer than what is kept.
pub fn cut(texts: u64, most: usize) -> Said {
    let kib = most >> 10;
    said!(
        "{texts} 段文字超过 {kib} KiB，只留下开头；可用 --max-text 放宽",
        "{texts} texts were longer than {kib} KiB and only their beginning was kept; --max-text keeps more"
    )
}

/// Some ratings are none on the file's scale.
pub fn bad_ratings(rows: u64) -> Said {
    said!(
        "{rows} 行的评分读不懂，或者超出范围：文字照样计入，星级空着；改正后再导入就会更新",
        "{rows} ratings are not understood or outside of the scale: their words count, without stars; correct them and add the file again"
    )
}

/// A file of headers alone.
pub fn no_rows() -> Said {
    said!(
        "只有表头，没有一行数据：请确认导出已经完成",
        "there are headers and not one row: see that the export was finished"
    )
}

/// All ratings lie in a narrow band.
pub fn narrow_stars(low: f32, high: f32) -> Said {
    said!(
        "全部评分都在 {low}–{high} 星之间：像是按星级筛选过的样本，差评率没有意义",
        "all ratings lie between {low} and {high} stars: this looks like a sample filtered by stars; its bad-review rate means nothing",
        low = low,
        high = high
    )
}
