//! Jira Cloud: an issue for each case, made once; what comes later is a comment on it.

use super::answer::Answer;
use super::http::{Http, headers};
use super::{Channel, Parcel, Receipt};
use crate::error::SendError;
use crate::note::Step;
use crate::render::jira::{comment, issue, search, subject};
use crate::target::Jira;
use async_trait::async_trait;
use reqwest::Url;
use reqwest::header::{ACCEPT, HeaderValue};
use serde_json::Value;

pub struct Project {
    pub http: Http,
    pub settings: Jira,
    pub largest: usize,
}

#[async_trait]
impl Channel for Project {
    /// An issue is looked for before it is made: by what an earlier delivery noted, else by its label. Jira's search lags
    /// some seconds behind, so that only a kill between making an issue and noting it, and a restart within these, could
    /// make a second one; the outbox waits longer than that before it attempts the same again.
    async fn send(&self, parcel: &Parcel<'_>) -> Result<Receipt, SendError> {
        if let Some(known) = parcel.known {
            return self.commented(parcel, known).await;
        }
        match self.found(parcel).await? {
            // An attempt made it that could not be noted: it says all of this already.
            Some(found) if matches!(parcel.note.step, Step::Opens | Step::Single) => {
                Ok(Receipt { reference: Some(found) })
            }
            Some(found) => self.commented(parcel, &found).await,
            None => self.made(parcel).await,
        }
    }

    fn wants_reference(&self) -> bool {
        true
    }
}

impl Project {
    async fn found(&self, parcel: &Parcel<'_>) -> Result<Option<String>, SendError> {
        let body = search(&self.settings.project, subject(parcel.note));
        let answer = self.parsed(&self.post(parcel, &["search", "jql"], body).await?)?;
        let issues = answer["issues"].as_array().ok_or_else(|| self.odd("it lists no issues"))?;
        issues.first().map(|issue| self.issue_key(issue)).transpose()
    }

    async fn made(&self, parcel: &Parcel<'_>) -> Result<Receipt, SendError> {
        let Jira { project, issue_type, labels, .. } = &self.settings;
        let body = issue(parcel.note, parcel.key, project, issue_type, labels, self.largest)?;
        let answer = self.parsed(&self.post(parcel, &["issue"], body).await?)?;
        Ok(Receipt { reference: Some(self.issue_key(&answer)?) })
    }

    /// What is answered to a comment is of no interest once it is taken.
    async fn commented(&self, parcel: &Parcel<'_>, issue: &str) -> Result<Receipt, SendError> {
        let body = comment(parcel.note, parcel.key, self.largest)?;
        self.post(parcel, &["issue", issue, "comment"], body).await?;
        Ok(Receipt { reference: Some(issue.to_owned()) })
    }

    /// As `VOC-12`. It becomes a part of an address, and is held to that form.
    fn issue_key(&self, issue: &Value) -> Result<String, SendError> {
        let key = issue["key"].as_str().unwrap_or_default();
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if key.is_empty() || key.len() > 100 || !key.bytes().all(plain) {
            return Err(self.odd("the issue has no key"));
        }
        Ok(key.to_owned())
    }

    async fn post(&self, parcel: &Parcel<'_>, path: &[&str], body: String) -> Result<Answer, SendError> {
        let mut headers = headers([("idempotency-key", parcel.key.to_string())])?;
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let answer = self.http.post(self.address(path)?, headers, body, parcel.now).await?;
        answer.accepted(self.http.host())
    }

    fn parsed(&self, answer: &Answer) -> Result<Value, SendError> {
        serde_json::from_str(&answer.body).map_err(|_| self.odd("it is no JSON"))
    }

    fn address(&self, path: &[&str]) -> Result<Url, SendError> {
        let mut url = self.http.url();
        let none = |()| SendError::Settings { reason: "its url cannot be extended".to_owned() };
        url.path_segments_mut().map_err(none)?.pop_if_empty().extend(["rest", "api", "3"]).extend(path);
        Ok(url)
    }

    fn odd(&self, reason: &str) -> SendError {
        SendError::Answer { host: self.http.host().to_owned(), reason: reason.to_owned() }
    }
}
