//! Why something could not be sent, whose fault that is, and whether another try may help.

use crate::address::AddressError;
use crate::render::TooLarge;
use std::error::Error;
use std::time::Duration;

/// An attempt that did not deliver. A host stands for the whole address, which may be a key.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("the target cannot be used: {reason}")]
    Settings { reason: String },
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    #[error("{host} did not answer within {seconds} s")]
    Timeout { host: String, seconds: u64 },
    #[error("no connection to {host}, or it was cut: {reason}{}", advice(reason))]
    Connection { host: String, reason: String },
    /// It asks to come again, or is broken for now.
    #[error("{host} cannot take it now and answered {status}{}", quoted(said))]
    Busy { host: String, status: u16, after: Option<Duration>, said: String },
    #[error(
        "{host} answered {status}, a redirect, which is not followed: give the target the address itself"
    )]
    Redirected { host: String, status: u16 },
    #[error("{host} refused it with {status}{}", quoted(said))]
    Refused { host: String, status: u16, said: String },
    #[error("{host} accepted it, and answered what cannot be understood: {reason}")]
    Answer { host: String, reason: String },
    #[error("the broker did not take it: {reason}")]
    Broker { reason: String, retryable: bool },
    /// To try it again before `after` could do it twice, and no key keeps the receiver from that.
    #[error("{error}; it may have got there all the same")]
    InDoubt { error: Box<SendError>, after: Duration },
    /// Of a mail to several people.
    #[error("{}: {error}", shares(*of, refused))]
    Partly {
        /// Marks of those who have it by this attempt.
        taken: Vec<String>,
        /// Recipients in all.
        of: usize,
        /// Places, from 1, of those who have it not.
        refused: Vec<usize>,
        /// Of one of them: where any is worth another attempt, of such a one.
        error: Box<SendError>,
    },
}

/// Whose fault an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Of what is written in the settings.
    Settings,
    /// Of whoever was to receive it.
    Receiver,
    /// Of the way there.
    Network,
    /// Of this program, which made something that cannot be sent.
    Program,
}

impl SendError {
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Settings { .. } | Self::Redirected { .. } => Fault::Settings,
            Self::Address(AddressError::Refused { .. } | AddressError::Plain { .. }) => Fault::Settings,
            Self::Address(_) | Self::Timeout { .. } | Self::Connection { .. } => Fault::Network,
            Self::TooLarge(_) => Fault::Program,
            // Who may not get in has the wrong key; what is not there is misspelled.
            Self::Refused { status: 401 | 403 | 404 | 410, .. } => Fault::Settings,
            Self::Busy { .. } | Self::Refused { .. } | Self::Answer { .. } | Self::Broker { .. } => {
                Fault::Receiver
            }
            Self::InDoubt { error, .. } | Self::Partly { error, .. } => error.fault(),
        }
    }

    /// Whether the same attempt may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Address(AddressError::Unresolved { .. } | AddressError::NoAddress { .. })
            | Self::Timeout { .. }
            | Self::Connection { .. }
            | Self::Busy { .. }
            | Self::Answer { .. }
            | Self::InDoubt { .. } => true,
            Self::Broker { retryable, .. } => *retryable,
            Self::Partly { error, .. } => error.is_retryable(),
            _ => false,
        }
    }

    /// How long the receiver is to be left alone, for it asked for that or because of what is in doubt.
    #[must_use]
    pub fn after(&self) -> Option<Duration> {
        match self {
            Self::Busy { after, .. } => *after,
            Self::InDoubt { after, .. } => Some(*after),
            Self::Partly { error, .. } => error.after(),
            _ => None,
        }
    }
}

/// What a receiver said, where it said anything.
fn quoted(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
}

/// How many have it, and who has not, by their places in the target's list: no address gets into a log.
fn shares(of: usize, refused: &[usize]) -> String {
    let places: Vec<String> = refused.iter().map(usize::to_string).collect();
    let who = match places.as_slice() {
        [one] => format!("number {one} of the target's `to` has not"),
        several => format!("numbers {} of the target's `to` have not", several.join(", ")),
    };
    format!("{} of {of} recipients have it, and {who}", of.saturating_sub(refused.len()))
}

/// What to do about a certificate from an authority that is not known here, in the words of rustls an `UnknownIssuer`.
fn advice(reason: &str) -> &'static str {
    if reason.contains("UnknownIssuer") {
        ", which is to say that nobody known here issued it; if it comes from an authority of your own, name that one's \
         certificate as ca_file of the target"
    } else {
        ""
    }
}

/// An error with what stands below it, as one sentence. What an error repeats of its source is said once.
#[must_use]
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !told.contains(&words) {
            told = format!("{told}: {words}");
        }
        cause = error.source();
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_says_whose_fault_it_is_and_whether_to_try_again() {
        let refused = |status| SendError::Refused { host: "h".into(), status, said: String::new() };
        let after = Some(Duration::from_secs(7));
        let busy = SendError::Busy { host: "h".into(), status: 429, after, said: "slow down".into() };
        assert_eq!((busy.fault(), busy.is_retryable(), busy.after()), (Fault::Receiver, true, after));
        assert_eq!(busy.to_string(), "h cannot take it now and answered 429: slow down");
        assert_eq!((refused(400).fault(), refused(400).is_retryable()), (Fault::Receiver, false));
        assert_eq!((refused(404).fault(), refused(404).is_retryable()), (Fault::Settings, false));
        assert_eq!(refused(400).to_string(), "h refused it with 400");
        let nobody = AddressError::NoAddress { host: "h".into() };
        let nobody = SendError::from(nobody);
        assert_eq!((nobody.fault(), nobody.is_retryable()), (Fault::Network, true));
    }

    #[test]
    fn what_holds_of_a_part_or_is_in_doubt_says_so_and_is_judged_by_its_cause() {
        let refused = |status| Box::new(SendError::Refused { host: "h".into(), status, said: String::new() });
        let partly = |refused_ones: &[usize], error| SendError::Partly {
            taken: Vec::new(),
            of: 4,
            refused: refused_ones.to_vec(),
            error,
        };
        let one = partly(&[2], refused(550));
        assert_eq!((one.fault(), one.is_retryable(), one.after()), (Fault::Receiver, false, None));
        let says =
            "3 of 4 recipients have it, and number 2 of the target's `to` has not: h refused it with 550";
        assert_eq!(one.to_string(), says);
        let after = Some(Duration::from_secs(7));
        let busy = SendError::Busy { host: "h".into(), status: 451, after, said: String::new() };
        let two = partly(&[1, 4], Box::new(busy));
        assert_eq!((two.is_retryable(), two.after()), (true, after));
        let says = "2 of 4 recipients have it, and numbers 1, 4 of the target's `to` have not: ";
        assert!(two.to_string().starts_with(says), "{two}");
        let after = Duration::from_secs(60);
        let timeout = Box::new(SendError::Timeout { host: "h".into(), seconds: 5 });
        let doubt = SendError::InDoubt { error: timeout, after };
        assert_eq!((doubt.fault(), doubt.is_retryable(), doubt.after()), (Fault::Network, true, Some(after)));
        let says = "h did not answer within 5 s; it may have got there all the same";
        assert_eq!(doubt.to_string(), says);
    }

    #[test]
    fn a_chain_says_everything_once() {
        let source = std::io::Error::other("connection reset");
        let error = AddressError::Unresolved { host: "h".into(), source };
        assert_eq!(chain(&SendError::from(error)), "h could not be looked up: connection reset");
    }
}
