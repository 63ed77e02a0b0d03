//! Whose records a purge is of: a buyer goes by the name that the exports give, or by the token that tables show.

use std::collections::BTreeSet;

use super::facts::Facts;
use crate::error::{Error, Result};
use crate::ingest::mask::Keys;
use crate::records::{Fields, Store};
use crate::said;
use crate::words::Token;
use crate::workspace::Workspace;

/// Digits of a token that tables show, and the fewest that name a buyer.
const SHOWN: usize = 8;

/// The buyer who was asked for; `None` if the workspace has nobody of that name or token.
pub fn buyer(workspace: &Workspace, asked: &str) -> Result<Option<Token>> {
    let asked = asked.trim();
    let store = Store::open(&workspace.records())?;
    let parts =
        store.scan(Fields::BUYER, |batch| (0..batch.len()).filter_map(|at| batch.buyer(at)).collect::<Vec<_>>())?;
    let ordered = workspace.orders()?.into_iter().filter_map(|order| order.buyer);
    let known: BTreeSet<Token> = parts.into_iter().flatten().chain(ordered).collect();
    let keys = Keys::new(workspace.key()?.0);
    let platforms = Facts::read(&store)?.platforms;
    let named: BTreeSet<Token> = platforms.iter().filter_map(|platform| keys.buyer(platform, asked)).collect();
    let digits = asked.to_lowercase();
    let is_meant =
        |token: &&Token| named.contains(token) || (digits.len() >= SHOWN && token.to_string().starts_with(&digits));
    let found: Vec<Token> = known.iter().filter(is_meant).copied().collect();
    match found[..] {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => {
            let tokens = found.iter().map(Token::to_string).collect::<Vec<_>>().join(" ");
            Err(Error::new("option", said!("不止一位买家符合", "more than one buyer is meant"))
                .help(said!("用完整的代号再来一次：{tokens}", "again with a whole token: {tokens}")))
        }
    }
}
