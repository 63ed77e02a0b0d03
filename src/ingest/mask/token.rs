//! Keyed tokens: one buyer, one token in one workspace, and nothing that leads back.

use crate::words::Token;

/// The workspace's secret, and what is derived from it.
#[derive(Clone)]
pub struct Keys([u8; 32]);

impl Keys {
    /// Keys from the workspace's 32 secret bytes.
    pub fn new(key: [u8; 32]) -> Keys {
        Keys(key)
    }

    /// The token of a buyer's name or number. Nobody's name gives no token: a name that the platform has
    /// masked (`j***1`) or that says "anonymous" is shared by many.
    pub fn buyer(&self, platform: &str, name: &str) -> Option<Token> {
        let name = name.trim();
        (!is_shared(name)).then(|| self.token("buyer", realm(platform), name))
    }

    /// The token of an order's number; `None` for what stands for "no order" (empty, 0).
    pub fn order(&self, number: &str) -> Option<Token> {
        let number = number.trim();
        let is_none = number.bytes().all(|b| matches!(b, b'0' | b'-'));
        (!is_none).then(|| self.token("order", "", number))
    }

    /// The token of a parcel's number.
    pub fn parcel(&self, number: &str) -> Token {
        self.token("parcel", "", number)
    }

    /// A token within a domain, so that equal text in two domains gives two tokens.
    pub fn token(&self, domain: &str, realm: &str, text: &str) -> Token {
        let mut hash = blake3::Hasher::new_keyed(&self.0);
        for part in [domain, realm, text] {
            hash.update(&(part.len() as u32).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Token(u64::from_le_bytes(hash.finalize().as_bytes()[..8].try_into().expect("eight bytes")))
    }
}

/// Where a name is one person's: one account works on several platforms of one house. What says nothing of its platform
/// is taken for Taobao's, as the lists of orders are that people keep by hand.
fn realm(platform: &str) -> &str {
    match platform {
        "" | "tmall" | "taobao" | "1688" => "taobao",
        other => other,
    }
}

fn is_shared(name: &str) -> bool {
    const NOBODY: &[&str] = &[
        "匿名",
        "匿名用户",
        "匿名买家",
        "匿名客户",
        "匿名評價",
        "京东用户",
        "拼多多用户",
        "默认昵称",
        "anonymous",
        "guest",
        "amazon customer",
        "kindle customer",
        "a google user",
        "none",
        "null",
        "nan",
        "-",
        "0",
    ];
    name.is_empty() || name.contains(['*', '＊']) || NOBODY.iter().any(|n| name.eq_ignore_ascii_case(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_buyer_one_token() {
        let keys = Keys::new([7; 32]);
        let token = keys.buyer("tmall", "示例买家01").unwrap();
        assert_eq!(keys.buyer("taobao", " 示例买家01 "), Some(token));
        assert_ne!(keys.buyer("jd", "示例买家01"), Some(token));
        assert_ne!(Keys::new([8; 32]).buyer("tmall", "示例买家01"), Some(token), "another workspace, another token");
        assert_ne!(keys.order("示例买家01"), Some(token));
        for nobody in ["", "x***y", "匿名用户", "Anonymous"] {
            assert_eq!(keys.buyer("tmall", nobody), None, "{nobody}");
        }
        assert_eq!((keys.order(""), keys.order("0")), (None, None));
    }
}
