//! Jira Cloud: an issue for each case, made once; what comes later is a comment on it.

use super::answer::Answer;
use super::http::Http;
use super::posts::keyed;
use super::{Channel, Parcel, Receipt};
use crate::error::SendError;
use crate::note::Step;
use crate::render::jira::{comment, issue, search, subject};
use crate::target::Jira;
use async_trait::async_trait;
use reqwest::Url;
use reqwest::header::{ACCEPT, HeaderValue};
use serde_json::Value;
use std::time::Duration;

/// By when Jira's search has found an issue that was made, which takes it some seconds.
const FOUND_BY: Duration = Duration::from_secs(60);

pub struct Project {
    pub http: Http,
    pub settings: Jira,
    pub largest: usize,
}

#[async_trait]
impl Channel for Project {
    /// An issue is looked for before it is made: by what an earlier delivery noted, else by its label. Jira's search lags
    /// some seconds behind. So where an issue may have been made that nobody noted, nobody looks for it before the search
    /// has it: behind a lost answer the next attempt waits, and behind a kill the outbox does.
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
        let answered = self.post(parcel, &["issue"], body).await;
        let key = answered.and_then(|answer| self.issue_key(&self.parsed(&answer)?));
        Ok(Receipt { reference: Some(key.map_err(doubted)?) })
    }

    /// What is answered to a comment is of no interest once it is taken.
    async fn commented(&self, parcel: &Parcel<'_>, issue: &str) -> Result<Receipt, SendError> {
        let body = comment(parcel.note, parcel.key, self.largest)?;
        self.post(parcel, &["issue", issue, "comment"], body).await?;
        Ok(Receipt { reference: Some(issue.to_owned()) })
    }

    /// It becomes a part of an address, and is kept: nothing else than a key is taken for one.
    fn issue_key(&self, issue: &Value) -> Result<String, SendError> {
        let key = issue["key"].as_str().filter(|key| is_issue_key(key));
        key.map(str::to_owned).ok_or_else(|| self.odd("the issue has no key"))
    }

    async fn post(&self, parcel: &Parcel<'_>, path: &[&str], body: String) -> Result<Answer, SendError> {
        let mut headers = keyed(parcel)?;
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let answer = self.http.post(self.address(path)?, headers, body, parcel.now).await?;
        answer.accepted(self.http.host(), parcel.note)
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

/// The error of an attempt to make an issue, with the doubt that it leaves: a connection that was cut, an answer that did
/// not come, was lost on the way or makes no sense, and a failure inside of Jira may all come behind an issue that was made.
fn doubted(error: SendError) -> SendError {
    let may_be_made = matches!(
        error,
        SendError::Timeout { .. }
            | SendError::Connection { .. }
            | SendError::Answer { .. }
            | SendError::Busy { status: 500..=599, .. }
    );
    if may_be_made {
        let after = error.after().unwrap_or_default().max(FOUND_BY);
        SendError::InDoubt { error: Box::new(error), after }
    } else {
        error
    }
}

/// As `VOC-12`.
fn is_issue_key(key: &str) -> bool {
    let Some((project, number)) = key.rsplit_once('-') else { return false };
    let is_project = project.len() <= 64
        && project.starts_with(|c: char| c.is_ascii_uppercase())
        && project.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    is_project && (1..=10).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_key_is_taken_for_one() {
        assert!(is_issue_key("VOC-12") && is_issue_key("A1_B-1"));
        for other in ["", "VOC", "VOC-", "-1", "voc-1", "VOC-1a", "../../admin", "Jane-7", "V-12345678901"] {
            assert!(!is_issue_key(other), "{other}");
        }
    }
}
