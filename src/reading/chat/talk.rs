//! Turns become rounds: from the customer's first unanswered message to the first answer.
//!
//! Messages of the customer in a row are one round. Greetings, automatic replies and notices answer nothing; a
//! bot that writes in the name of a person who is there assists, one that writes alone does not answer unless
//! the definition says so. A round without an answer stays open to the end, or until the conversation is
//! closed and opened again.

use std::collections::BTreeSet;

use super::manners::{self, MACHINE_SECONDS, WORDS, is_courtesy, is_greeting};
use crate::words::{Moment, Speaker, Turn, TurnKind};

/// A pause after which the customer's next message begins anew, in seconds: an open round before it was missed.
const REOPENED_AFTER: i64 = 24 * 3600;

/// What closes a round beside a person's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Answers {
    /// A bot that answers in the name of an agent who takes part.
    pub assisting_bot: bool,
    /// A bot by itself.
    pub bot: bool,
    /// Greetings and automatic messages.
    pub automatic: bool,
}

impl Answers {
    /// A person, or a bot that assists one.
    pub const HUMAN: Answers = Answers { assisting_bot: true, bot: false, automatic: false };
}

/// How long the customer waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Seconds from the first message of the round to the answer.
    Seconds(i64),
    /// No answer came.
    Silence,
    /// An answer came, but a time is missing or the clock ran backwards.
    Untimed,
}

/// From the customer's first unanswered message to the first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// The customer's first message, by its place among the turns.
    pub first: usize,
    /// The customer's last message before the answer.
    pub last: usize,
    /// How many messages the customer sent.
    pub messages: usize,
    /// When the first of them was sent.
    pub at: Option<Moment>,
    /// The answer, by its place among the turns.
    pub answer: Option<usize>,
    /// How long it took.
    pub wait: Wait,
    /// The customer only thanked or agreed: no answer is owed.
    pub courtesy: bool,
    /// A bot, a greeting or an automatic message came meanwhile.
    pub machine: bool,
    /// The conversation was handed on while the round was open.
    pub handed_on: bool,
    /// The agent who answered, or who had the conversation when nobody did: a place in [`Talk::agents`].
    pub agent: Option<u16>,
}

/// A conversation as its rounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    /// In order of time.
    pub rounds: Vec<Round>,
    /// Names of the agents, in order of appearance.
    pub agents: Vec<String>,
    /// Messages of all speakers.
    pub messages: usize,
    /// The first message that is not the platform's.
    pub began: Option<Moment>,
    /// The last message.
    pub ended: Option<Moment>,
    /// A person of the shop wrote first.
    pub agent_started: bool,
    /// A person of the shop wrote at all, greetings apart.
    pub human: bool,
    /// True if a bot wrote in it.
    pub bot: bool,
    /// How often the conversation was closed, or silent for a day, and opened again.
    pub reopened: usize,
    /// Messages that were taken back.
    pub taken_back: usize,
    /// Answers whose time is before that of the question.
    pub backwards: usize,
}

impl Talk {
    /// Reads the turns of a conversation, in order of time.
    pub fn read(turns: &[Turn], answers: Answers) -> Talk {
        let mut talk = Talk { messages: turns.len(), ..Talk::default() };
        let people = turns.iter().filter(|t| t.speaker == Speaker::Agent).filter_map(|t| t.agent.as_deref()).collect();
        let mut state =
            State { talk: &mut talk, answers, people, open: None, last: None, has: None, closed: false, said: "" };
        for (at, turn) in turns.iter().enumerate() {
            state.hear(at, turn);
        }
        state.close_silent();
        talk
    }

    /// True if only bots answered: no person ever wrote.
    pub fn is_bot_alone(&self) -> bool {
        self.bot && !self.human
    }
}

struct State<'t> {
    talk: &'t mut Talk,
    answers: Answers,
    /// Names in which a person of the shop writes.
    people: BTreeSet<&'t str>,
    open: Option<Round>,
    /// Time of the last turn that has one.
    last: Option<Moment>,
    /// The agent who has the conversation.
    has: Option<u16>,
    /// The platform said that the conversation is over.
    closed: bool,
    /// What the shop said last.
    said: &'t str,
}

impl<'t> State<'t> {
    fn hear(&mut self, at: usize, turn: &'t Turn) {
        if turn.kind == TurnKind::Recalled {
            self.talk.taken_back += 1;
        }
        match turn.speaker {
            Speaker::System => self.notice(turn),
            Speaker::Buyer => self.buyer(at, turn),
            Speaker::Agent | Speaker::Bot => self.shop(at, turn),
        }
        if turn.speaker != Speaker::System && turn.time.is_some() {
            self.talk.began = self.talk.began.or(turn.time);
            self.talk.ended = self.talk.ended.max(turn.time);
        }
        self.last = turn.time.or(self.last);
    }

    fn notice(&mut self, turn: &Turn) {
        if manners::holds(&turn.text, &WORDS.over) {
            self.closed = true;
        }
        let Some((before, after)) = WORDS.handed_on.iter().find_map(|word| turn.text.split_once(&**word)) else {
            return;
        };
        let before = before.trim();
        let from = WORDS.handed_by.iter().find_map(|by| before.strip_prefix(&**by)).unwrap_or(before).trim();
        if let Some(round) = &mut self.open {
            round.handed_on = true;
            // Who handed on without a word still owes the answer.
            if !from.is_empty() && round.agent.is_none() {
                round.agent = Some(agent(&mut self.talk.agents, from));
            }
        } else if !after.trim().is_empty() {
            self.has = Some(agent(&mut self.talk.agents, after.trim()));
        }
    }

    fn buyer(&mut self, at: usize, turn: &Turn) {
        let silent = match turn.kind {
            TurnKind::Said | TurnKind::FollowUp => false,
            TurnKind::Card => !is_picture(&turn.text),
            TurnKind::Automatic | TurnKind::Recalled => true,
        };
        if silent {
            return;
        }
        let pause = turn.time.zip(self.last).is_some_and(|(now, before)| now.0 - before.0 > REOPENED_AFTER);
        if (self.closed || pause) && self.talk.began.is_some() {
            self.talk.reopened += 1;
            self.close_silent();
        }
        self.closed = false;
        let declines = || manners::declines(&turn.text) && manners::asks_for_more(self.said);
        let courtesy = turn.kind == TurnKind::Said && (is_courtesy(&turn.text) || declines());
        match &mut self.open {
            Some(round) => {
                round.last = at;
                round.messages += 1;
                round.at = round.at.or(turn.time);
                round.courtesy &= courtesy;
            }
            None => {
                self.open = Some(Round {
                    first: at,
                    last: at,
                    messages: 1,
                    at: turn.time,
                    answer: None,
                    wait: Wait::Silence,
                    courtesy,
                    machine: false,
                    handed_on: false,
                    agent: self.has,
                });
            }
        }
    }

    fn shop(&mut self, at: usize, turn: &'t Turn) {
        if turn.kind == TurnKind::Recalled {
            return;
        }
        self.said = &turn.text;
        // A bot by itself is no agent.
        let is_person = turn.speaker == Speaker::Agent || self.assists(turn);
        let name = turn.agent.as_deref().filter(|_| is_person);
        let who = name.map(|name| agent(&mut self.talk.agents, name));
        let waited = self.open.and_then(|round| Some(turn.time?.0 - round.at?.0));
        let since = turn.time.zip(self.last).map(|(now, before)| now.0 - before.0);
        let at_once = since.is_none_or(|s| s <= MACHINE_SECONDS);
        let machine =
            turn.kind == TurnKind::Automatic || turn.kind == TurnKind::Said && at_once && is_greeting(&turn.text);
        let counts = match turn.speaker {
            Speaker::Bot => {
                self.talk.bot = true;
                is_person && self.answers.assisting_bot || self.answers.bot
            }
            _ if machine => self.answers.automatic,
            _ => {
                self.talk.human = true;
                self.talk.agent_started |= self.talk.rounds.is_empty() && self.open.is_none();
                true
            }
        };
        if turn.speaker == Speaker::Agent {
            self.has = who.or(self.has);
        }
        let Some(round) = &mut self.open else { return };
        if !counts {
            round.machine = true;
            // Whose account greeted has the conversation now, and owes the answer.
            round.agent = round.agent.or(who.filter(|_| turn.speaker == Speaker::Agent));
            return;
        }
        round.answer = Some(at);
        round.agent = who.or(round.agent);
        round.wait = match waited {
            Some(seconds) if seconds >= 0 => Wait::Seconds(seconds),
            Some(_) => {
                self.talk.backwards += 1;
                Wait::Untimed
            }
            None => Wait::Untimed,
        };
        self.talk.rounds.push(*round);
        self.open = None;
    }

    /// A bot that writes in the name of a person who also writes, or that says that it assists.
    fn assists(&self, turn: &Turn) -> bool {
        turn.agent.as_deref().is_some_and(|name| manners::holds(name, &WORDS.assists) || self.people.contains(name))
    }

    fn close_silent(&mut self) {
        self.talk.rounds.extend(self.open.take());
    }
}

/// The place of an agent's name.
fn agent(agents: &mut Vec<String>, name: &str) -> u16 {
    let at = agents.iter().position(|known| known == name).unwrap_or_else(|| {
        agents.push(name.to_string());
        agents.len() - 1
    });
    at.min(usize::from(u16::MAX)) as u16
}

/// Pictures, voice and video are messages; cards and links of products and orders come by themselves.
fn is_picture(text: &str) -> bool {
    let text = text.trim_start_matches(['[', '【']).to_lowercase();
    WORDS.pictures.iter().any(|word| text.starts_with(&**word))
}
