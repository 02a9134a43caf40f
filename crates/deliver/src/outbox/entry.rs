//! One delivery: a note on its way to a target, and the events that move it.

use crate::note::Note;
use crate::sign::name_of;
use feedback::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Names a delivery for good, and tells a receiver that it heard it already: 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(String);

impl Key {
    #[must_use]
    pub fn of(note: &str, target: &str) -> Self {
        Self(name_of(&[note, target]))
    }

    /// `None` where the text is not a key as [`Key::as_str`] writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        (text.len() == 32 && digits).then(|| Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// Something that happened to a delivery. Kept as it is, never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub key: Key,
    pub at: Timestamp,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    Queued {
        target: String,
        note: Box<Note>,
        deadline: Timestamp,
    },
    /// An attempt begins; nobody else makes one before `until`, by which this one has ended whatever happens.
    Sending {
        until: Timestamp,
    },
    /// Some of those whom it is for have it, by their marks. Attempts that follow are for the others alone.
    Partly {
        taken: Vec<String>,
    },
    Retried {
        next: Timestamp,
        why: String,
    },
    Delivered {
        /// What the receiver calls the thing that was made, the key of an issue.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
    },
    Failed {
        why: String,
    },
    /// Somebody wants what failed attempted again, under the same key.
    Requeued {
        deadline: Timestamp,
    },
}

/// A delivery as its events leave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub key: Key,
    pub target: String,
    pub note: Note,
    pub queued: Timestamp,
    pub deadline: Timestamp,
    /// Attempts begun since it was queued, or queued again.
    pub attempts: u32,
    pub state: State,
    pub reference: Option<String>,
    /// Marks of those who have it, where not everybody whom it is for does.
    pub taken: Vec<String>,
    /// Why the last attempt did not deliver.
    pub why: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Queued {
        next: Timestamp,
    },
    /// Under way, or cut off by the end of a process.
    Sending {
        until: Timestamp,
    },
    Delivered {
        at: Timestamp,
    },
    Failed {
        at: Timestamp,
    },
}

impl Event {
    /// A note for a target, to be there by the deadline.
    #[must_use]
    pub fn queue(note: Note, target: &str, now: Timestamp, deadline: std::time::Duration) -> Self {
        let key = Key::of(&note.id, target);
        let deadline = after(now, deadline);
        let what = What::Queued { target: target.to_owned(), note: Box::new(note), deadline };
        Self { key, at: now, what }
    }
}

impl Entry {
    /// The entry that an event begins; `None` where it begins none.
    #[must_use]
    pub fn queued(event: &Event) -> Option<Self> {
        let What::Queued { target, note, deadline } = &event.what else { return None };
        Some(Self {
            key: event.key.clone(),
            target: target.clone(),
            note: (**note).clone(),
            queued: event.at,
            deadline: *deadline,
            attempts: 0,
            state: State::Queued { next: event.at },
            reference: None,
            taken: Vec::new(),
            why: None,
        })
    }

    /// Moves on. What was delivered stays so, whatever is noted later; what failed becomes delivered, by whoever had sent
    /// it and noted it late, or is queued again by whoever mended what was wrong, and nothing else.
    pub fn apply(&mut self, event: &Event) {
        if matches!(self.state, State::Delivered { .. }) {
            return;
        }
        let failed = matches!(self.state, State::Failed { .. });
        match &event.what {
            What::Delivered { reference } => {
                self.state = State::Delivered { at: event.at };
                self.reference.clone_from(reference);
                self.why = None;
            }
            What::Requeued { deadline } if failed => {
                self.state = State::Queued { next: event.at };
                self.deadline = *deadline;
                // It begins anew, also as to how long it waits between attempts.
                (self.attempts, self.why) = (0, None);
            }
            // What they have they keep, whatever becomes of the others.
            What::Partly { taken } => self.taken.extend(taken.iter().cloned()),
            // It is on its way already.
            What::Queued { .. } | What::Requeued { .. } => {}
            _ if failed => {}
            What::Sending { until } => {
                self.attempts = self.attempts.saturating_add(1);
                self.state = State::Sending { until: *until };
            }
            What::Retried { next, why } => {
                self.state = State::Queued { next: *next };
                self.why = Some(why.clone());
            }
            What::Failed { why } => {
                self.state = State::Failed { at: event.at };
                self.why = Some(why.clone());
            }
        }
    }

    #[must_use]
    pub fn has_ended(&self) -> bool {
        matches!(self.state, State::Delivered { .. } | State::Failed { .. })
    }

    /// Whether it is to be attempted now; one that was cut off is, once its attempt must have ended.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        match self.state {
            State::Queued { next } => next <= now,
            State::Sending { until } => until <= now,
            State::Delivered { .. } | State::Failed { .. } => false,
        }
    }

    /// The event that begins an attempt; where the deadline is past, the one that gives up.
    #[must_use]
    pub fn begin(&self, now: Timestamp, longest: std::time::Duration) -> Event {
        let what = if now > self.deadline {
            What::Failed { why: self.too_late() }
        } else {
            What::Sending { until: after(now, longest) }
        };
        Event { key: self.key.clone(), at: now, what }
    }

    /// The event that has a failed delivery attempted again; `None` of any other. Its key stays, so that a receiver that
    /// took it after all takes it once.
    #[must_use]
    pub fn requeue(&self, now: Timestamp, deadline: std::time::Duration) -> Option<Event> {
        let what = What::Requeued { deadline: after(now, deadline) };
        matches!(self.state, State::Failed { .. }).then(|| Event { key: self.key.clone(), at: now, what })
    }

    pub(super) fn too_late(&self) -> String {
        format!("given up at its deadline: {}", self.tried())
    }

    /// Where an attempt is allowed again when the deadline is past.
    pub(super) fn left_alone(&self, until: Timestamp) -> String {
        format!(
            "given up, for the receiver is to be left alone until {}, which is after the deadline at {}: {}",
            moment(until),
            moment(self.deadline),
            self.tried()
        )
    }

    fn tried(&self) -> String {
        let attempts = match self.attempts {
            0 => "nobody attempted it".to_owned(),
            1 => "one attempt was made".to_owned(),
            many => format!("{many} attempts were made"),
        };
        let why = self.why.as_ref().map(|why| format!("; at last: {why}")).unwrap_or_default();
        format!("{attempts}{why}")
    }
}

/// To the second.
fn moment(at: Timestamp) -> String {
    let at = at.to_datetime().map(|at| at.format("%Y-%m-%d %H:%M:%S UTC").to_string());
    at.unwrap_or_else(|| "an unknown time".to_owned())
}

/// A moment later.
pub(super) fn after(now: Timestamp, wait: std::time::Duration) -> Timestamp {
    let micros = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
    Timestamp(now.0.saturating_add(micros))
}
