//! What takes one post and no more: Slack, Teams, the generic webhook. All get the delivery's key as a header; the first
//! two pay it no heed.

use super::http::{Http, headers};
use super::{Channel, Parcel, Receipt};
use crate::error::SendError;
use crate::render::{TooLarge, fitted, json, slack, teams};
use crate::sign::signature;
use async_trait::async_trait;
use reqwest::header::HeaderMap;

/// An incoming webhook of Slack.
pub struct Slack {
    pub http: Http,
    pub largest: usize,
}

#[async_trait]
impl Channel for Slack {
    async fn send(&self, parcel: &Parcel<'_>) -> Result<Receipt, SendError> {
        let body = slack::body(parcel.note, self.largest)?;
        let answer = self.http.post(self.http.url(), keyed(parcel)?, body, parcel.now).await?;
        answer.accepted(self.http.host(), parcel.note)?;
        Ok(Receipt::default())
    }
}

/// A workflow's webhook of Teams.
pub struct Teams {
    pub http: Http,
    pub largest: usize,
}

#[async_trait]
impl Channel for Teams {
    async fn send(&self, parcel: &Parcel<'_>) -> Result<Receipt, SendError> {
        let body = teams::body(parcel.note, self.largest)?;
        let answer = self.http.post(self.http.url(), keyed(parcel)?, body, parcel.now).await?;
        let mut answer = answer.accepted(self.http.host(), parcel.note)?;
        // The older connectors say 200 whatever happens, and in words what did.
        if let Some(status) = told_status(&answer.body) {
            answer.status = status;
            answer.accepted(self.http.host(), parcel.note)?;
        }
        Ok(Receipt::default())
    }
}

/// The status in "Microsoft Teams endpoint returned HTTP error 429".
fn told_status(body: &str) -> Option<u16> {
    let (_, rest) = body.split_once("returned HTTP error ")?;
    rest.get(..3)?.parse().ok().filter(|status| (400..600).contains(status))
}

/// Anybody's endpoint. What is signed is the time, a dot and the body, so that nobody sends it once more much later.
pub struct Webhook {
    pub http: Http,
    pub secret: String,
    pub largest: usize,
}

#[async_trait]
impl Channel for Webhook {
    async fn send(&self, parcel: &Parcel<'_>) -> Result<Receipt, SendError> {
        let body = whole(parcel, self.largest)?;
        let seconds = parcel.now.0.div_euclid(1_000_000);
        let headers = headers([
            ("verbatim-signature", signature(&self.secret, seconds, &body)),
            ("verbatim-timestamp", seconds.to_string()),
            ("idempotency-key", parcel.key.to_string()),
        ])?;
        let answer = self.http.post(self.http.url(), headers, body, parcel.now).await?;
        answer.accepted(self.http.host(), parcel.note)?;
        Ok(Receipt::default())
    }
}

/// The header that tells a receiver which delivery it is.
pub(super) fn keyed(parcel: &Parcel<'_>) -> Result<HeaderMap, SendError> {
    headers([("idempotency-key", parcel.key.to_string())])
}

/// The note as JSON, within its bound.
pub(super) fn whole(parcel: &Parcel<'_>, largest: usize) -> Result<String, TooLarge> {
    fitted(parcel.note, largest, |note| json::body(note, parcel.key), String::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_teams_says_in_words_is_heard() {
        let told = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with \
                    ContextId tcid=0";
        assert_eq!(told_status(told), Some(429));
        for other in ["1", "", "returned HTTP error ", "returned HTTP error 20x", "returned HTTP error 200"] {
            assert_eq!(told_status(other), None, "{other}");
        }
    }
}
