//! How numbers are written, the same in every form: a share with its base, a change in points.

use super::model::{Estimate, MIN_BASE_FOR_PERCENT, Ratio};
use crate::words::Lang;

/// `11.4% (24/210)`; `2/3` where the base is too small for a percentage; `—` without records.
pub fn share(ratio: Ratio) -> String {
    match ratio.share() {
        None => "—".to_string(),
        Some(_) if ratio.base < MIN_BASE_FOR_PERCENT => format!("{}/{}", ratio.mentions, ratio.base),
        Some(p) => format!("{:.1}% ({}/{})", p * 100.0, ratio.mentions, ratio.base),
    }
}

/// `+6.4 [+1.1 … +11.9]`, in percentage points.
pub fn points(change: Option<Estimate>) -> String {
    match change {
        None => "—".to_string(),
        Some(e) => format!("{:+.1} [{:+.1} … {:+.1}]", e.value * 100.0, e.low * 100.0, e.high * 100.0),
    }
}

/// `×2.3 [1.1 … 4.6]`; never "infinite times".
pub fn times(times: Option<Estimate>, lang: Lang) -> String {
    match times {
        None => "—".to_string(),
        Some(e) if !e.value.is_finite() => lang.of("上期为零", "none before").to_string(),
        Some(e) if !e.high.is_finite() => format!("×{:.1} [{:.1} …]", e.value, e.low),
        Some(e) => format!("×{:.1} [{:.1} … {:.1}]", e.value, e.low, e.high),
    }
}

/// `×2.3`, where there is no room for the interval.
pub fn about(times: Option<Estimate>, lang: Lang) -> String {
    match times {
        Some(e) if e.value.is_finite() => format!("×{:.1}", e.value),
        other => self::times(other, lang),
    }
}

/// A row of blocks, one a period, as high as the share; a space where there are no records.
pub fn spark(series: &[Ratio]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let top = series.iter().filter_map(|r| r.share()).fold(0.0, f64::max);
    let block = |p: f64| if top > 0.0 { BLOCKS[((p / top * 7.0).round() as usize).min(7)] } else { BLOCKS[0] };
    series.iter().map(|r| r.share().map_or(' ', block)).collect()
}

/// A fingerprint as people compare it: its first twelve digits.
pub fn short(fingerprint: &str) -> &str {
    fingerprint.get(..12).unwrap_or(fingerprint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_always_carries_its_base() {
        let ratio = |mentions, base| Ratio { mentions, base };
        assert_eq!(share(ratio(24, 210)), "11.4% (24/210)");
        assert_eq!(share(ratio(2, 3)), "2/3");
        assert_eq!(share(ratio(0, 0)), "—");
        assert_eq!(spark(&[ratio(0, 10), ratio(5, 10), ratio(0, 0), ratio(10, 10)]), "▁▅ █");
    }
}
