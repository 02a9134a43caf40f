//! How a note gets there: one trait, one file for each kind of target.

mod answer;
mod clear;
mod email;
mod http;
mod jira;
mod kafka;
mod posts;

pub use kafka::{BrokerError, Producer};

use crate::address::{BadUrl, Reach, Resolve, web_address};
use crate::error::SendError;
use crate::note::Note;
use crate::outbox::Key;
use crate::secret::{Secret, SecretError, spellings};
use crate::target::{Target, To};
use async_trait::async_trait;
use feedback::time::Timestamp;
use http::Http;
use std::path::PathBuf;
use std::sync::Arc;

/// What a target can be told.
#[async_trait]
pub trait Channel: Send + Sync {
    /// One attempt, bounded in time and size.
    ///
    /// # Errors
    /// [`SendError`], which says whether another attempt may help.
    async fn send(&self, parcel: &Parcel<'_>) -> Result<Receipt, SendError>;

    /// Whether it needs to know what an earlier delivery of the group made.
    fn wants_reference(&self) -> bool {
        false
    }
}

/// A note on its way.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'p> {
    pub note: &'p Note,
    pub key: &'p Key,
    /// When it was queued: the same for every attempt.
    pub queued: Timestamp,
    /// Now.
    pub now: Timestamp,
    /// What the receiver called the thing that an earlier delivery of the group made.
    pub known: Option<&'p str>,
    /// Marks of those of several recipients who have it by an earlier attempt, as [`SendError::Partly`] told them: it is
    /// for the others alone.
    pub taken: &'p [String],
}

/// What a receiver gave back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// What it calls the thing that was made, the key of an issue.
    pub reference: Option<String>,
}

/// A target that cannot be opened, for what the settings say or what they refer to.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    #[error("target {target}: {key} cannot be read")]
    Secret { target: String, key: &'static str, source: SecretError },
    #[error("target {target}: its url cannot be used")]
    Url { target: String, source: BadUrl },
    #[error("target {target}: secret must have at least {} characters", crate::target::SHORTEST_SECRET)]
    ShortSecret { target: String },
    #[error("target {target}: the certificates in {} cannot be used: {reason}", path.display())]
    Certificates { target: String, path: PathBuf, reason: String },
    #[error("target {target}: {reason}")]
    Unusable { target: String, reason: String },
    #[error("target {target}: there is no Kafka here to write to: set kafka.bootstrap")]
    NoProducer { target: String },
}

/// Follows the secrets of a target and makes it ready. Nothing is connected to yet.
///
/// # Errors
/// [`TargetError`].
pub fn open(
    target: &Target,
    resolver: Arc<dyn Resolve>,
    producer: Option<Arc<dyn Producer>>,
) -> Result<Box<dyn Channel>, TargetError> {
    let opening = Opening { target, resolver };
    let channel: Box<dyn Channel> = match &target.to {
        To::Slack { url } => {
            let http = opening.http(url, Vec::new())?;
            Box::new(posts::Slack { http, largest: target.largest })
        }
        To::Teams { url } => {
            let http = opening.http(url, Vec::new())?;
            Box::new(posts::Teams { http, largest: target.largest })
        }
        To::Webhook { url, secret } => {
            let secret = opening.reveal("secret", secret)?;
            if secret.chars().count() < crate::target::SHORTEST_SECRET {
                return Err(TargetError::ShortSecret { target: target.name.clone() });
            }
            let http = opening.http(url, vec![secret.clone()])?;
            Box::new(posts::Webhook { http, secret, largest: target.largest })
        }
        To::Email(settings) => {
            let password = settings.login.as_ref().map(|login| opening.reveal("password", &login.password));
            let password = password.transpose()?;
            // Read as the others read it too: an empty file is told, not passed over.
            opening.roots()?;
            let certificates = opening.certificates()?;
            let mailer =
                email::Mailer::new(target, settings, password, opening.reach(), certificates.as_deref());
            Box::new(mailer.map_err(|reason| opening.unusable(reason))?)
        }
        To::Jira(settings) => {
            let password = opening.reveal("password", &settings.login.password)?;
            let masked = spellings(&settings.login.user, &password);
            let (url, roots) = (settings.url.clone(), opening.roots()?);
            let http = Http::new(url, target, opening.reach(), roots, masked);
            let http = http.map_err(|reason| opening.unusable(reason))?;
            let http = http.with_login(settings.login.user.clone(), password);
            Box::new(jira::Project { http, settings: settings.clone(), largest: target.largest })
        }
        To::Kafka { topic } => {
            let none = || TargetError::NoProducer { target: target.name.clone() };
            let producer = producer.ok_or_else(none)?;
            Box::new(kafka::Topic { producer, topic: topic.clone(), largest: target.largest })
        }
    };
    Ok(channel)
}

struct Opening<'t> {
    target: &'t Target,
    resolver: Arc<dyn Resolve>,
}

impl Opening<'_> {
    fn reveal(&self, key: &'static str, secret: &Secret) -> Result<String, TargetError> {
        let target = || self.target.name.clone();
        secret.reveal().map_err(|source| TargetError::Secret { target: target(), key, source })
    }

    fn reach(&self) -> Reach {
        Reach::new(Arc::clone(&self.resolver), self.target.allowed.clone())
    }

    fn http(&self, url: &Secret, masked: Vec<String>) -> Result<Http, TargetError> {
        let url = web_address(&self.reveal("url", url)?, &self.target.allowed);
        let url = url.map_err(|source| TargetError::Url { target: self.target.name.clone(), source })?;
        let http = Http::new(url, self.target, self.reach(), self.roots()?, masked);
        http.map_err(|reason| self.unusable(reason))
    }

    /// The bytes of `ca_file`, where there is one.
    fn certificates(&self) -> Result<Option<Vec<u8>>, TargetError> {
        let Some(path) = &self.target.ca_file else { return Ok(None) };
        std::fs::read(path).map(Some).map_err(|error| self.bad_certificates(error.to_string()))
    }

    fn roots(&self) -> Result<Vec<reqwest::Certificate>, TargetError> {
        let Some(bytes) = self.certificates()? else { return Ok(Vec::new()) };
        let roots = reqwest::Certificate::from_pem_bundle(&bytes);
        let roots = roots.map_err(|error| self.bad_certificates(crate::error::chain(&error)))?;
        if roots.is_empty() {
            Err(self.bad_certificates("it holds none in PEM".to_owned()))
        } else {
            Ok(roots)
        }
    }

    fn bad_certificates(&self, reason: String) -> TargetError {
        let path = self.target.ca_file.clone().unwrap_or_default();
        TargetError::Certificates { target: self.target.name.clone(), path, reason }
    }

    fn unusable(&self, reason: String) -> TargetError {
        TargetError::Unusable { target: self.target.name.clone(), reason }
    }
}
