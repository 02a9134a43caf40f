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
    #[error("no connection to {host}, or it was cut: {reason}")]
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
            | Self::Answer { .. } => true,
            Self::Broker { retryable, .. } => *retryable,
            _ => false,
        }
    }

    /// How long the receiver asked to be left alone.
    #[must_use]
    pub fn after(&self) -> Option<Duration> {
        match self {
            Self::Busy { after, .. } => *after,
            _ => None,
        }
    }
}

/// What a receiver said, where it said anything.
fn quoted(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
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
    fn a_chain_says_everything_once() {
        let source = std::io::Error::other("connection reset");
        let error = AddressError::Unresolved { host: "h".into(), source };
        assert_eq!(chain(&SendError::from(error)), "h could not be looked up: connection reset");
    }
}
