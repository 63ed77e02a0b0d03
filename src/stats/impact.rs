//! What a category costs in stars, and so where the biggest opportunity lies.

/// Ratings in short: enough for a mean and how far it can be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ratings {
    /// Records with a rating.
    pub records: u64,
    /// Sum of their stars.
    pub sum: f64,
    /// Sum of their squared stars.
    pub squares: f64,
}

impl Ratings {
    /// Takes in one rating.
    pub fn add(&mut self, stars: f64) {
        self.records += 1;
        self.sum += stars;
        self.squares += stars * stars;
    }

    /// The mean; `None` without records.
    pub fn mean(self) -> Option<f64> {
        (self.records > 0).then(|| self.sum / self.records as f64)
    }

    /// Those of a whole that are not in a part.
    pub fn without(self, part: Ratings) -> Ratings {
        Ratings { records: self.records - part.records, sum: self.sum - part.sum, squares: self.squares - part.squares }
    }

    /// Variance of the mean; `None` with fewer than two records.
    fn noise(self) -> Option<f64> {
        let n = (self.records >= 2).then_some(self.records as f64)?;
        let spread = self.squares - self.sum * self.sum / n;
        Some(spread.max(0.0) / (n - 1.0) / n)
    }
}

/// How much lower records with a label score than those without.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impact {
    /// Mean stars without less mean stars with it: positive if it costs stars.
    pub gap: f64,
    /// Standard error of the gap (Welch).
    pub se: f64,
    /// Stars the whole mean would gain if records with it scored like the others: gap times its share.
    pub opportunity: f64,
}

/// The star impact of a label; `None` if there are fewer than two rated records with or without it. An
/// association: records that complain of one thing often complain of another too.
pub fn star_impact(with: Ratings, without: Ratings) -> Option<Impact> {
    let gap = without.mean()? - with.mean()?;
    let se = (with.noise()? + without.noise()?).sqrt();
    let share = with.records as f64 / (with.records + without.records) as f64;
    Some(Impact { gap, se, opportunity: gap * share })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_welchs() {
        let of = |stars: &[f64]| {
            let mut r = Ratings::default();
            stars.iter().for_each(|s| r.add(*s));
            r
        };
        let (with, all) = (of(&[1.0, 2.0, 3.0]), of(&[1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 4.0]));
        let impact = star_impact(with, all.without(with)).expect("enough records");
        // means 2 and 4.5, variances 1 and 1/3
        assert_eq!(impact.gap, 2.5);
        assert!((impact.se - (1.0 / 3.0 + 1.0 / 12.0_f64).sqrt()).abs() < 1e-12);
        assert!((impact.opportunity - 2.5 * 3.0 / 7.0).abs() < 1e-12);
        assert_eq!(star_impact(of(&[1.0]), with), None);
    }
}
