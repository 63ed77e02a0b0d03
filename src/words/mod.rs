//! The nouns of the house: what a record is, who speaks, what a span, a period or a problem is.
//! Nothing here knows a file, a clock or an error.

pub(crate) mod keyed;
mod lang;
mod ledger;
pub mod limits;
mod order;
mod period;
mod platform;
mod problem;
mod record;
mod span;
mod stage;
mod stance;
mod time;

pub(crate) use keyed::{called, keyed};
pub use lang::{Lang, Said};
pub use ledger::{Ledger, Notice};
pub use order::Order;
pub use period::{Grain, Period};
pub use platform::{platform_called, platform_names};
pub use problem::{Place, Problem, Severity};
pub use record::{Kind, LabelId, Record, Silence, Speaker, Stars, Token, Turn, TurnKind, TurnView, Uid, View};
pub use span::Span;
pub use stage::Stage;
pub use stance::{NO_STANCE, Stance};
pub use time::{Day, Moment};
