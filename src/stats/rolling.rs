//! Rates over the last 60 days, as platforms hold shops to them, and why they moved.
//!
//! Neighbouring values share 59 days, so no rule about runs may be used on them.

use super::Count;

/// The last days together, as of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rolling {
    /// All records of the window: the rate is the sum's, never a mean of daily rates.
    pub count: Count,
    /// How many days there were; fewer than the window while it warms up.
    pub days: usize,
}

/// The sum of the `window` days that end with each day, from an unbroken series of days.
pub fn rolling(days: &[Count], window: usize) -> Vec<Rolling> {
    let mut sum = Count::default();
    days.iter()
        .enumerate()
        .map(|(t, day)| {
            sum += *day;
            if let Some(gone) = t.checked_sub(window) {
                sum.mentions -= days[gone].mentions;
                sum.base -= days[gone].base;
            }
            Rolling { count: sum, days: (t + 1).min(window) }
        })
        .collect()
}

/// Why a rolling rate moved from the day before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// What the day that came in did, in rate.
    pub came: f64,
    /// What the day that left the window did: positive if a good day left.
    pub left: f64,
}

/// Splits the last step of a rolling rate exactly: r − r′ = [(x − r′n) − (x₋ − r′n₋)]/N. `None` on the first
/// day or without records.
pub fn explain(days: &[Count], window: usize, at: usize) -> Option<Step> {
    let sums = rolling(&days[..=at], window);
    let before = sums[at.checked_sub(1)?].count.rate()?;
    let now = sums[at].count;
    now.rate()?;
    let surplus = |day: Count| (day.mentions as f64 - before * day.base as f64) / now.base as f64;
    let gone = at.checked_sub(window).map_or(Count::default(), |t| days[t]);
    Some(Step { came: surplus(days[at]), left: -surplus(gone) })
}
