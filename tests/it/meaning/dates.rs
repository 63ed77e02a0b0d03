//! Dates of every form.

use earful::ingest::DateOrder;
use earful::ingest::meaning::dates::{BadDate, Clock};
use earful::ingest::meaning::{DateLook, date_look};
use earful::ingest::table::Cell;
use earful::words::Moment;
use jiff::civil;
use jiff::tz::TimeZone;

fn shanghai() -> Clock {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let mut clock = Clock::new(zone.clone(), zone);
    clock.captured = Some(civil::date(2024, 3, 1));
    clock
}

fn read(clock: &Clock, text: &str) -> String {
    match clock.moment(Cell::Text(text), None) {
        Ok(Some(at)) => {
            let full = at.to_string();
            full.strip_suffix(" 00:00:00").or(full.strip_suffix(":00")).unwrap_or(&full).to_string()
        }
        Ok(None) => "none".into(),
        Err(bad) => format!("{bad:?}"),
    }
}

#[test]
fn dates_of_every_form() {
    let clock = shanghai();
    for (text, expect) in [
        // Plain, and how people and programs vary it.
        ("2024-01-03 12:00:01", "2024-01-03 12:00:01"),
        ("2024-01-03", "2024-01-03"),
        ("2024/1/3", "2024-01-03"),
        ("2024.1.3 9:05", "2024-01-03 09:05"),
        ("2024-1-15 14:02:31", "2024-01-15 14:02:31"),
        (" 2024-01-03T12:00:01 ", "2024-01-03 12:00:01"),
        ("2024-01-03 12:00:01.123", "2024-01-03 12:00:01"),
        ("Sat Jan 06 10:00:00 +0800 2024", "2024-01-06 10:00"),
        ("Mon Jul 02 16:04:10 -0700 2012", "2012-07-03 07:04:10"),
        ("Tue Oct 31 22:10:47 +0000 2017", "2017-11-01 06:10:47"),
        ("2024年1月15日在美国审核", "2024-01-15"),
        ("'2024-01-03", "2024-01-03"),
        ("=\"2024-01-03\"", "2024-01-03"),
        ("２０２４-０１-０３　１２：００", "2024-01-03 12:00"),
        ("20240103", "2024-01-03"),
        ("20240103 12:00", "2024-01-03 12:00"),
        ("20240103120001", "2024-01-03 12:00:01"),
        ("2024年1月3日", "2024-01-03"),
        ("2024年01月03日 10时20分30秒", "2024-01-03 10:20:30"),
        ("2024年1月3日 10点20分", "2024-01-03 10:20"),
        ("2024年1月3日 下午3:05", "2024-01-03 15:05"),
        ("2024/1/3 星期三 下午 3:05:06", "2024-01-03 15:05:06"),
        ("1/15/2024 12:30 AM", "Order"),
        // Zones: what names one is moved to the shop's clock.
        ("2024-01-09T08:00:00Z", "2024-01-09 16:00"),
        ("2024-02-10T08:00:00+08:00", "2024-02-10 08:00"),
        ("2025-03-02 10:12:00 UTC", "2025-03-02 18:12"),
        ("2024-01-03 05:00:00 -0500", "2024-01-03 18:00"),
        ("2024-01-03T05:00:00.000-05:00", "2024-01-03 18:00"),
        ("Wed, 03 Jan 2024 10:20:30 +0000", "2024-01-03 18:20:30"),
        ("Wed Jan 03 2024 10:20:30 GMT+0800 (中国标准时间)", "2024-01-03 10:20:30"),
        ("Wed Jan 03 10:20:30 CST 2024", "2024-01-03 10:20:30"),
        // Months by name.
        ("January 5, 2024", "2024-01-05"),
        ("15 Jan 2024", "2024-01-15"),
        ("3 February 2024", "2024-02-03"),
        ("Jan. 5th, 2024 3:05 pm", "2024-01-05 15:05"),
        ("05-Jan-24", "2024-01-05"),
        ("3. Februar 2024", "2024-02-03"),
        ("3 de febrero de 2024", "2024-02-03"),
        ("01 5, 2014", "2014-01-05"),
        ("Reviewed in the United States on January 15, 2024", "2024-01-15"),
        ("Reviewed in the United Kingdom on 3 February 2024", "2024-02-03"),
        ("Rezension aus Deutschland vom 3. Februar 2024", "2024-02-03"),
        ("Commenté en France le 3 février 2024", "2024-02-03"),
        ("2024年2月3日に日本でレビュー済み", "2024-02-03"),
        // Numbers.
        ("1704700800", "2024-01-08 16:00"),
        ("1704499200000", "2024-01-06 08:00"),
        ("1.7044992E+12", "2024-01-06 08:00"),
        ("45292", "2024-01-01"),
        ("45292.5", "2024-01-01 12:00"),
        // Counted back from the day the file was taken.
        ("昨天 10:20", "2024-02-29 10:20"),
        ("昨天", "2024-02-29"),
        ("今天 下午3:05", "2024-03-01 15:05"),
        ("7小时前", "2024-03-01 05:00"),
        ("3天前", "2024-02-27"),
        ("半年前", "2023-09-01"),
        ("2 weeks ago", "2024-02-16"),
        ("a month ago", "2024-02-01"),
        ("刚刚", "2024-03-01 12:00"),
        // Without a year, without a date.
        ("2月6日", "2024-02-06"),
        ("12月6日 10:20", "2023-12-06 10:20"),
        ("02-06 10:20", "2024-02-06 10:20"),
        ("12:00:01", "2024-03-01 12:00:01"),
        ("下午3:05", "2024-03-01 15:05"),
        // Day and month: one number over 12 settles a row, not the file.
        ("15/01/2024", "Order"),
        ("05/03/2024", "Order"),
        // Nothing, and nonsense.
        ("", "none"),
        ("-", "none"),
        ("0000-00-00 00:00:00", "none"),
        ("2024-02-30", "Unreadable"),
        ("2024-13-01", "Unreadable"),
        ("2024-01-03 25:00:00", "Unreadable"),
        ("1899-01-01", "OutOfRange"),
        ("很好", "Unreadable"),
        ("4.5", "Unreadable"),
        ("2024", "Unreadable"),
        ("I bought it on 5 May 2024 and it broke", "Unreadable"),
        ("星期三 10:20", "Unreadable"),
        ("2024-01-03\u{0}", "Unreadable"),
    ] {
        assert_eq!(read(&clock, text), expect, "{text:?}");
    }
}

#[test]
fn the_order_of_day_and_month_is_told_or_the_row_is_refused() {
    use DateOrder::{DayFirst, MonthFirst, YearFirst};
    for (text, look) in [
        ("2024-01-03", DateLook::Sure),
        ("15/01/2024", DateLook::Only(DayFirst)),
        ("01/15/2024", DateLook::Only(MonthFirst)),
        ("05/03/2024 10:20", DateLook::Either([5, 3, 2024])),
        ("24-01-05", DateLook::Only(YearFirst)),
        ("5/3/24", DateLook::Either([5, 3, 24])),
        ("24/1/18", DateLook::Either([24, 1, 18])),
        ("32/13/2024", DateLook::No),
        ("12:00", DateLook::TimeOnly),
        ("2月6日", DateLook::NoYear),
        ("2 weeks ago", DateLook::Relative),
        ("4.5", DateLook::No),
        ("好", DateLook::No),
        ("", DateLook::No),
    ] {
        assert_eq!(date_look(Cell::Text(text)), look, "{text}");
    }
    let mut clock = shanghai();
    for (order, expect) in [(DayFirst, "2024-02-03"), (MonthFirst, "2024-03-02")] {
        clock.order = Some(order);
        assert_eq!(read(&clock, "03/02/2024"), expect);
    }
    assert_eq!(read(&clock, "13/02/2024"), "Unreadable");
    clock.order = Some(YearFirst);
    assert_eq!(read(&clock, "24/1/18 9:05"), "2024-01-18 09:05");
}

#[test]
fn times_without_a_zone_are_moved_to_the_shops_clock_and_days_stay() {
    let zone = |name: &str| TimeZone::get(name).unwrap();
    let clock = Clock::new(zone("America/New_York"), zone("Asia/Shanghai"));
    assert_eq!(read(&clock, "2024-01-05 10:00:00"), "2024-01-04 21:00");
    assert_eq!(read(&clock, "2024-01-05"), "2024-01-05");
    assert_eq!(read(&clock, "2024-07-05T00:00:00Z"), "2024-07-04 20:00");
}

#[test]
fn what_a_date_lacks_comes_from_the_row_above() {
    let mut clock = shanghai();
    let at = |text: &str| clock.moment(Cell::Text(text), None).unwrap().unwrap();
    let (new_year, late) = (at("2023-12-30"), at("2023-12-30 23:59:30"));
    let below = |text: &str, above: Moment| clock.moment(Cell::Text(text), Some(above)).unwrap().unwrap().to_string();
    assert_eq!(below("1月2日", new_year), "2024-01-02 00:00:00");
    assert_eq!(below("12月29日", new_year), "2023-12-29 00:00:00");
    assert_eq!(below("0:00:10", late), "2023-12-31 00:00:10", "past midnight");
    assert_eq!(below("23:59:20", late), "2023-12-30 23:59:20", "a little back in time");
    clock.captured = None;
    assert_eq!(clock.moment(Cell::Text("昨天"), None), Err(BadDate::Capture));
    assert_eq!(clock.moment(Cell::Text("2月6日"), None), Err(BadDate::Capture));
    let excel = civil::date(2024, 1, 3).at(9, 5, 0, 0);
    assert_eq!(clock.moment(Cell::Date(excel), None), Ok(Some(Moment::from_civil(excel))));
    assert_eq!(clock.moment(Cell::Number(45292.25), None).unwrap().unwrap().to_string(), "2024-01-01 06:00:00");
}

#[test]
fn any_text_is_a_date_or_a_reason() {
    use proptest::prelude::*;
    let clock = shanghai();
    proptest!(|(text in "[0-9年月日时分秒:/. TZ+,JanuFeb昨天前ago-]{0,24}", any in ".{0,40}")| {
        let _ = clock.moment(Cell::Text(&text), None);
        let _ = clock.moment(Cell::Text(&any), Some(Moment(1 << 40)));
    });
}
