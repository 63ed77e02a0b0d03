//! Messages gathered into conversations, in bounded memory.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Message;
use super::role;
use crate::ingest::field::Field;
use crate::ingest::meaning::uid::hash;
use crate::ingest::source::Source;
use crate::words::{Ledger, Speaker};

/// Most messages that wait for their conversation's end. Past it, the conversations that have been silent
/// longest are closed.
const MOST_OPEN: usize = 200_000;

/// Conversations under way.
pub(in crate::ingest::meaning) struct Talks {
    talks: FxHashMap<String, Talk>,
    /// How often a conversation was closed before its end, by the hash of its key.
    parts: FxHashMap<u64, u32>,
    open: usize,
    clock: u64,
    /// Hash of a sender -> in how many conversations: a name that stands in many is the shop's.
    names: FxHashMap<u64, u32>,
    by_buyer: bool,
}

/// One conversation.
#[derive(Default)]
pub(in crate::ingest::meaning) struct Talk {
    /// What its messages call it: a session's number, or the buyer's name.
    pub key: String,
    /// True if the key is the buyer's: one buyer's conversations are then parted by silence.
    pub by_buyer: bool,
    /// How many conversations of this key were closed before.
    pub part: u32,
    pub messages: Vec<Message>,
    seen: FxHashSet<u64>,
    touched: u64,
}

impl Talks {
    /// No conversation yet.
    pub fn new(source: &Source) -> Talks {
        let header = source.mapping.first(Field::ConvId).and_then(|at| source.headers.get(at));
        let header = header.map_or(String::new(), |h| h.to_lowercase());
        let of_a_log = ["qianniu", "qq_text", "chat_text"].iter().any(|p| source.profile.starts_with(p));
        let named = ["客户", "买家", "旺旺", "顾客", "buyer", "customer", "user"].iter().any(|w| header.contains(w));
        Talks {
            talks: FxHashMap::default(),
            parts: FxHashMap::default(),
            open: 0,
            clock: 0,
            names: FxHashMap::default(),
            by_buyer: header.is_empty() || of_a_log || named,
        }
    }

    /// Takes a row's messages. False if they repeat messages of the conversation.
    pub fn take(&mut self, messages: Vec<Message>, ledger: &mut Ledger) -> bool {
        let Some(first) = messages.first() else { return false };
        let key = first.talk.clone().or_else(|| first.buyer.clone());
        // Without any name, every row is a conversation of its own (a list of tickets).
        let key = key.unwrap_or_else(|| format!("#{}", first.row));
        self.clock += 1;
        let (by_buyer, part) =
            (self.by_buyer && !key.starts_with('#'), self.parts.get(&hash(&[&key])).copied().unwrap_or(0));
        let new = |key: &String| Talk { key: key.clone(), by_buyer, part, ..Talk::default() };
        let talk = self.talks.entry(key).or_insert_with_key(new);
        talk.touched = self.clock;
        let before = talk.messages.len();
        for message in messages {
            if message.same.is_some_and(|same| !talk.seen.insert(same)) {
                if !message.counts {
                    ledger.mark("repeated_messages");
                }
                continue;
            }
            if let Some(sender) = &message.sender {
                let known = talk.messages.iter().rev().take(50).any(|m| m.sender.as_ref() == Some(sender));
                if !known {
                    *self.names.entry(hash(&[sender])).or_default() += 1;
                }
            }
            talk.messages.push(message);
        }
        self.open += talk.messages.len() - before;
        talk.messages.len() > before
    }

    /// Conversations that must be closed to keep memory bounded: those that have been silent longest.
    pub fn crowded(&mut self) -> Vec<Talk> {
        if self.open <= MOST_OPEN {
            return Vec::new();
        }
        let mut touched: Vec<u64> = self.talks.values().map(|t| t.touched).collect();
        touched.sort_unstable();
        let limit = touched[touched.len() / 2];
        let silent = self.talks.extract_if(|_, talk| talk.touched <= limit);
        let closed: Vec<Talk> = silent.map(|(_, talk)| talk).collect();
        for talk in &closed {
            self.open -= talk.messages.len();
            *self.parts.entry(hash(&[&talk.key])).or_default() += 1;
        }
        in_order(closed)
    }

    /// All conversations that are left, in the order in which they began.
    pub fn rest(&mut self) -> Vec<Talk> {
        in_order(std::mem::take(&mut self.talks).into_values().collect())
    }

    /// In how many conversations a name speaks.
    pub fn known_from(&self, name: &str) -> u32 {
        self.names.get(&hash(&[name])).copied().unwrap_or(0)
    }
}

/// Conversations by the row on which they begin.
fn in_order(mut talks: Vec<Talk>) -> Vec<Talk> {
    talks.retain(|talk| !talk.messages.is_empty());
    talks.sort_by_key(|talk| talk.messages[0].row);
    talks
}

impl Talk {
    /// Tells the speakers of all messages: by role, by name, by who else is there, by what they say. Messages
    /// whose speaker stays unknown are taken out and given back.
    pub fn settle_speakers(&mut self, talks: &Talks) -> Vec<Message> {
        let nobody_is_named = self.messages.iter().all(|m| m.sender.is_none() && !m.strange_role);
        // Where others have a role that is known, a strange one is no riddle: it is neither side's.
        let roles_are_told = self.messages.iter().any(|m| m.speaker.is_some() && !m.strange_role);
        let mut strangers: Vec<String> = Vec::new();
        for message in self.messages.iter_mut().filter(|m| m.speaker.is_none()) {
            message.speaker = match &message.sender {
                None if nobody_is_named => Some(Speaker::Buyer),
                None => None,
                Some(name) if Some(name) == message.buyer.as_ref() || self.by_buyer && *name == self.key => {
                    Some(Speaker::Buyer)
                }
                Some(name) => role::of_name(name),
            };
            if message.strange_role && roles_are_told {
                continue;
            }
            if let (None, Some(name)) = (message.speaker, &message.sender)
                && !strangers.contains(name)
            {
                strangers.push(name.clone());
            }
        }
        let has = |speaker| self.messages.iter().any(|m| m.speaker == Some(speaker));
        let agents = match strangers.len() {
            0 => Vec::new(),
            _ if has(Speaker::Buyer) && !has(Speaker::Agent) => strangers.clone(),
            1 if has(Speaker::Agent) => Vec::new(),
            _ => self.agents_among(&strangers, talks),
        };
        let riddles = |m: &&mut Message| m.speaker.is_none() && !(m.strange_role && roles_are_told);
        for message in self.messages.iter_mut().filter(riddles) {
            let Some(name) = &message.sender else { continue };
            message.speaker = Some(if agents.contains(name) { Speaker::Agent } else { Speaker::Buyer });
        }
        let (known, unknown) = std::mem::take(&mut self.messages).into_iter().partition(|m| m.speaker.is_some());
        self.messages = known;
        unknown
    }

    /// Who of several unknown names is the shop's: the one of many conversations, else the one who sounds so;
    /// alone, nobody.
    fn agents_among(&self, strangers: &[String], talks: &Talks) -> Vec<String> {
        let most = strangers.iter().map(|name| talks.known_from(name)).max().unwrap_or(0);
        let frequent: Vec<String> =
            strangers.iter().filter(|name| most >= 3 && talks.known_from(name) * 2 > most).cloned().collect();
        if !frequent.is_empty() && frequent.len() < strangers.len() {
            return frequent;
        }
        let sound = |name: &String| {
            let said = self.messages.iter().filter(|m| m.sender.as_ref() == Some(name));
            said.map(|m| role::sounds_like_agent(&m.text)).sum::<i32>()
        };
        let best = strangers.iter().max_by_key(|name| sound(name));
        best.filter(|name| strangers.len() > 1 || sound(name) > 0).into_iter().cloned().collect()
    }
}
