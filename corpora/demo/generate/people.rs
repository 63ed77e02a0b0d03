//! Names as platforms show them. Nobody here exists.

use crate::dice::Dice;
use crate::sentences::Frame;

/// A buyer's nickname in full, as service sees it.
pub fn nickname(frame: &Frame, dice: &mut Dice) -> String {
    let base = dice.pick(&frame.nicknames);
    match dice.below(4) {
        0 => base.clone(),
        1 => format!("{base}{}", dice.between(1, 99)),
        2 => format!("{base}_{}", dice.between(1980, 2012)),
        _ => format!("tb{}{base}", dice.between(10, 999)),
    }
}

/// First and last character with stars between: `云**朵`.
pub fn masked(name: &str, stars: &str) -> String {
    let first = name.chars().next().expect("a name");
    let last = name.chars().next_back().expect("a name");
    format!("{first}{stars}{last}")
}

/// An overseas buyer: `Karen M.`
pub fn overseas(frame: &Frame, dice: &mut Dice) -> String {
    format!("{} {}.", dice.pick(&frame.given_names), dice.pick(&frame.initials))
}
