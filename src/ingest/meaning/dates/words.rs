//! The words in dates: months of the languages that shops export in, weekdays, halves of the day, zones.

const MONTHS: [&[&str]; 12] = [
    &[
        "january", "jan", "januar", "jän", "jänner", "janvier", "janv", "enero", "ene", "gennaio", "gen", "januari",
        "janeiro", "styczeń", "stycznia", "ocak", "januára",
    ],
    &[
        "february",
        "feb",
        "februar",
        "février",
        "fevrier",
        "févr",
        "fév",
        "febrero",
        "febbraio",
        "februari",
        "fevereiro",
        "fev",
        "pebruari",
        "lutego",
        "şubat",
    ],
    &[
        "march", "mar", "märz", "mär", "mrz", "mars", "marzo", "maart", "mrt", "março", "marco", "maret", "mac",
        "marca", "mart",
    ],
    &["april", "apr", "avril", "avr", "abril", "abr", "aprile", "kwietnia", "nisan"],
    &["may", "mai", "mayo", "maggio", "mag", "mei", "maio", "maj", "maja", "mayıs"],
    &["june", "jun", "juni", "juin", "junio", "giugno", "giu", "junho", "jun", "czerwca", "haziran"],
    &["july", "jul", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho", "julai", "lipca", "temmuz"],
    &[
        "august", "aug", "août", "aout", "agosto", "ago", "augustus", "agustus", "agu", "ogos", "augusti", "sierpnia",
        "ağustos",
    ],
    &[
        "september",
        "sep",
        "sept",
        "septembre",
        "septiembre",
        "settembre",
        "set",
        "setembro",
        "september",
        "września",
        "eylül",
    ],
    &[
        "october",
        "oct",
        "oktober",
        "okt",
        "octobre",
        "octubre",
        "ottobre",
        "ott",
        "outubro",
        "out",
        "października",
        "ekim",
    ],
    &["november", "nov", "novembre", "noviembre", "novembro", "nop", "listopada", "kasım"],
    &[
        "december",
        "dec",
        "dezember",
        "dez",
        "décembre",
        "déc",
        "diciembre",
        "dic",
        "dicembre",
        "desember",
        "des",
        "dezembro",
        "disember",
        "dis",
        "grudnia",
        "aralık",
    ],
];

/// The month of a word in lower case, without its full stop.
pub fn month(word: &str) -> Option<i8> {
    MONTHS.iter().position(|names| names.contains(&word)).map(|m| m as i8 + 1)
}

/// True for words that may stand in a date and say nothing of it. `CST` is China's time or Chicago's: a shop
/// that sees it means its own clock.
pub fn is_filler(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "t", "at", "on", "of", "de", "del", "di", "d", "den", "der", "the", "um", "à", "st", "nd", "rd", "th", "er",
        "cst",
    ];
    WORDS.contains(&word) || is_weekday(word)
}

/// True for the name of a day of the week.
pub fn is_weekday(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "mon",
        "monday",
        "tue",
        "tues",
        "tuesday",
        "wed",
        "wednesday",
        "thu",
        "thur",
        "thurs",
        "thursday",
        "fri",
        "friday",
        "sat",
        "saturday",
        "sun",
        "sunday",
        "周一",
        "周二",
        "周三",
        "周四",
        "周五",
        "周六",
        "周日",
        "周天",
        "星期一",
        "星期二",
        "星期三",
        "星期四",
        "星期五",
        "星期六",
        "星期日",
        "星期天",
    ];
    WORDS.contains(&word)
}

/// Half of the day: `Some(true)` after noon.
pub fn afternoon(word: &str) -> Option<bool> {
    match word {
        "am" | "上午" | "早上" | "凌晨" | "清晨" | "午前" => Some(false),
        "pm" | "下午" | "晚上" | "晚" | "傍晚" | "午後" => Some(true),
        _ => None,
    }
}

/// Minutes east of Greenwich for a zone's abbreviation.
pub fn zone(word: &str) -> Option<i32> {
    Some(match word {
        "z" | "utc" | "gmt" | "wet" => 0,
        "bst" | "cet" | "west" => 60,
        "cest" | "eet" => 120,
        "msk" => 180,
        "wib" | "ict" => 420,
        "sgt" | "myt" | "hkt" | "pht" | "wita" => 480,
        "jst" | "kst" => 540,
        "est" | "cdt" => -300,
        "edt" => -240,
        "mst" | "pdt" => -420,
        "mdt" => -360,
        "pst" => -480,
        _ => return None,
    })
}
