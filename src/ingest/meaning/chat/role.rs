//! Who speaks: by what a column says, by the name, by what is said.

use super::super::reader::Reader;
use crate::ingest::field::Field;
use crate::words::Speaker;

impl Reader<'_> {
    /// The speaker that the role column names.
    pub(in crate::ingest::meaning) fn role(&self, role: &str) -> Option<Speaker> {
        let flag = match role {
            "1" | "true" | "True" | "TRUE" | "是" => Some(true),
            "0" | "false" | "False" | "FALSE" | "否" => Some(false),
            _ => None,
        };
        let Some(flag) = flag else { return Speaker::written(role) };
        // waiter_send, from_agent: a flag says yes for the one whom the column names.
        let header = self.source.mapping.first(Field::Role).and_then(|at| self.source.headers.get(at));
        let header = header.map_or(String::new(), |h| h.to_lowercase());
        let names = |words: &[&str]| words.iter().any(|w| header.contains(w));
        let yes = if names(&["inbound"]) {
            Speaker::Buyer
        } else if names(&["waiter", "agent", "seller", "staff", "客服", "商家", "is_cs", "sender", "me", "self"]) {
            Speaker::Agent
        } else if names(&["buyer", "customer", "user", "visitor", "客户", "买家"]) {
            Speaker::Buyer
        } else {
            return None;
        };
        Some(if flag { yes } else { other(yes) })
    }
}

fn other(speaker: Speaker) -> Speaker {
    if speaker == Speaker::Agent { Speaker::Buyer } else { Speaker::Agent }
}

/// The speaker of a name, where the name alone shows it: a shop's accounts are `shop:person`.
pub fn of_name(name: &str) -> Option<Speaker> {
    const BOTS: &[&str] = &["机器人", "店小蜜", "智能客服", "服务助手", "小助手", "robot", "Robot", "chatbot"];
    const SYSTEMS: &[&str] = &["系统消息", "系统", "系统通知", "平台", "system", "System"];
    if BOTS.iter().any(|bot| name.contains(bot)) || name == "bot" || name == "Bot" {
        return Some(Speaker::Bot);
    }
    if SYSTEMS.contains(&name) {
        return Some(Speaker::System);
    }
    let account = name.split_once([':', '：']).is_some_and(|(shop, person)| !shop.is_empty() && !person.is_empty());
    let shop = ["旗舰店", "专营店", "专卖店", "企业店", "官方店", "客服"].iter().any(|end| name.ends_with(end));
    // "Shop Support", "Kids Cup Store": the last word says whose account it is.
    let last = name.rsplit(' ').next().unwrap_or(name).to_lowercase();
    let named = ["support", "shop", "store", "helpdesk", "service"].contains(&last.as_str());
    (account || shop || named || name.starts_with("客服") || name.starts_with("Agent ")).then_some(Speaker::Agent)
}

/// How much a message sounds like the shop's side: addresses, offers to help, thanks for waiting.
pub fn sounds_like_agent(text: &str) -> i32 {
    const SHOP: &[&str] = &[
        "亲，",
        "亲~",
        "亲,",
        "亲亲",
        "您好",
        "欢迎光临",
        "请问有什么",
        "为您",
        "帮您",
        "请您",
        "给您",
        "抱歉",
        "不好意思亲",
        "感谢您",
        "稍等",
        "下单哦",
        "拍下",
        "客服",
        "how can i help",
        "sorry for",
        "apologize",
        "thank you for",
        "we will",
        "please provide",
        "happy to help",
    ];
    const CUSTOMER: &[&str] = &[
        "吗",
        "怎么",
        "什么时候",
        "我要",
        "我的",
        "退款",
        "为什么",
        "能不能",
        "where is my",
        "i received",
        "my order",
        "i want",
    ];
    let folded = text.to_lowercase();
    let count = |words: &[&str]| words.iter().filter(|w| folded.contains(*w)).count() as i32;
    count(SHOP) * 2 - count(CUSTOMER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_words_tell_the_speaker() {
        assert_eq!(of_name("示例旗舰店:小美"), Some(Speaker::Agent));
        assert_eq!(of_name("示例买家01"), None);
        assert_eq!((of_name("Shop Support"), of_name("Ann Storer")), (Some(Speaker::Agent), None));
        assert_eq!(of_name("店小蜜机器人"), Some(Speaker::Bot));
        for (word, speaker) in [
            ("mall_cs", Speaker::Agent),
            ("客户", Speaker::Buyer),
            ("Visitor", Speaker::Buyer),
            ("robot", Speaker::Bot),
        ] {
            assert_eq!(Speaker::written(word), Some(speaker), "{word}");
        }
        assert_eq!(Speaker::written("observer"), None);
        assert!(sounds_like_agent("亲，您好，请问有什么可以帮您") > 0 && sounds_like_agent("我的快递怎么还没到") < 0);
    }
}
