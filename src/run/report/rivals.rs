//! A report on competitors alone: what of the own shops stands beside it, and what to do about what moves there.
//! The next steps of a category are for the shop's own people; a competitor's warehouse takes no orders from us.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::report::model::{Category, Direction, Ratio};
use crate::said;
use crate::stats::tally::Tally;
use crate::words::{LabelId, Period, Said, Stance};

/// True if only competitors were asked for.
pub fn only(tally: &Tally) -> bool {
    !tally.is_empty() && tally.lines().all(|line| !tally.shops()[line.shop].own)
}

/// The counts that own shops and competitors are compared by: what was asked for; with all own shops where that
/// was competitors alone.
pub fn beside<'a>(tally: &'a Tally, all: &Tally) -> Cow<'a, Tally> {
    if !only(tally) {
        return Cow::Borrowed(tally);
    }
    // Each table numbers its shops and SKUs itself.
    let asked: BTreeSet<(&str, &str)> =
        tally.lines().map(|l| (tally.shops()[l.shop].name.as_str(), tally.skus()[l.sku].as_str())).collect();
    Cow::Owned(all.filter(|line| {
        let shop = &all.shops()[line.shop];
        shop.own || asked.contains(&(shop.name.as_str(), all.skus()[line.sku].as_str()))
    }))
}

/// The ratio of all own shops; `None` if they have no records.
pub fn ours(all: &Tally, period: Period, label: LabelId) -> Option<Ratio> {
    let mut ratio = Ratio::default();
    for line in all.lines_of(period).filter(|l| all.shops()[l.shop].own) {
        ratio.base += line.base;
        ratio.mentions += line.count(label).mentions;
    }
    (ratio.base > 0).then_some(ratio)
}

/// The category of a competitor's shift, with what we can do about it.
pub fn advised(category: Category, stance: Stance, way: Direction) -> Category {
    let rise = way == Direction::Rise;
    let (owner, action) = match stance {
        Stance::Praise if rise => (
            "operations",
            said!(
                "对手因此更常被夸：读这些原声和他们的客服、详情页，找出做法，能学就学",
                "They are praised for it more: read these words, their replies and their listing; learn how it is done"
            ),
        ),
        Stance::Praise => (
            "marketing",
            said!(
                "对手不再因此被夸：我们这一项若做得好，正好讲出来",
                "They are praised for it less: if we do it well, now is the time to say so"
            ),
        ),
        Stance::Complaint if rise => (
            "marketing",
            said!(
                "对手的短板：我们这一项若更好，写进详情页和话术（不点对手的名）；也查查我们会不会犯同样的错",
                "A weak spot of theirs: if ours is better, say so in the listing and in replies (without naming them), and see that it does not happen to us"
            ),
        ),
        Stance::Complaint => (
            "operations",
            said!("对手这一项在变好：看他们改了什么", "They are getting better at it: find out what they changed"),
        ),
        Stance::Question if rise => (
            "listing",
            said!(
                "他们的客人在问这个：我们的详情页和话术先答上",
                "Their customers ask this: answer it in our listing and replies first"
            ),
        ),
        Stance::Question | Stance::Mention => ("", Said::default()),
    };
    Category { owner: owner.into(), action, ..category }
}
