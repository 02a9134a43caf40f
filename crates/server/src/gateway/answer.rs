//! What a sender hears of what it sent, item by item.

use crate::problem;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use feedback::refusal::{IgnoreReason, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

/// What became of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// It is durable.
    Accepted,
    /// The same was taken already; nothing was taken again.
    Duplicate,
    /// Sound, and no feedback, for the reason that is given; nothing was taken.
    Ignored,
    /// Something is wrong with it, always; nothing was taken.
    Refused,
    /// It is durable and could not be read; somebody will look at it.
    DeadLetter,
}

impl ItemStatus {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Ignored => "ignored",
            Self::Refused => "refused",
            Self::DeadLetter => "dead_letter",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemOutcome {
    pub status: ItemStatus,
    /// Why it was not accepted: one word, which programs may tell apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "missing_field")]
    pub reason: Option<&'static str>,
    /// Where in the item, and what was expected there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "data.id: expected a value")]
    pub detail: Option<String>,
}

impl ItemOutcome {
    pub(super) fn of(status: ItemStatus) -> Self {
        Self { status, reason: None, detail: None }
    }

    pub(super) fn ignored(reason: IgnoreReason) -> Self {
        Self { status: ItemStatus::Ignored, reason: Some(reason.as_str()), detail: None }
    }

    /// Refused, or a dead letter.
    pub(super) fn unread(status: ItemStatus, refusal: Refusal) -> Self {
        Self { status, reason: Some(refusal.reason.as_str()), detail: Some(refusal.detail) }
    }
}

/// One item of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemAnswer {
    /// Its place in the request, from 0; blank lines do not count.
    pub index: usize,
    #[serde(flatten)]
    pub outcome: ItemOutcome,
}

/// Everything of a request: what counts as accepted is durable.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Receipt {
    /// Durable, dead letters of a webhook among them.
    pub accepted: usize,
    /// Equal to an item before it in the same request.
    pub duplicate: usize,
    pub ignored: usize,
    pub refused: usize,
    pub items: Vec<ItemAnswer>,
}

impl Receipt {
    pub(super) fn push(&mut self, outcome: ItemOutcome) {
        *self.count(outcome.status) += 1;
        self.items.push(ItemAnswer { index: self.items.len(), outcome });
    }

    /// Another outcome of an item, which was found later.
    pub(super) fn change(&mut self, index: usize, outcome: ItemOutcome) {
        let Some(status) = self.items.get(index).map(|item| item.outcome.status) else { return };
        *self.count(status) -= 1;
        *self.count(outcome.status) += 1;
        self.items[index].outcome = outcome;
    }

    fn count(&mut self, status: ItemStatus) -> &mut usize {
        match status {
            ItemStatus::Accepted | ItemStatus::DeadLetter => &mut self.accepted,
            ItemStatus::Duplicate => &mut self.duplicate,
            ItemStatus::Ignored => &mut self.ignored,
            ItemStatus::Refused => &mut self.refused,
        }
    }
}

/// What became of what a webhook brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum HookOutcome {
    /// One event, as nearly always; or nothing that was taken before.
    One(ItemOutcome),
    /// Several, each by itself: a dead letter counts as accepted.
    Several(Receipt),
}

impl From<Receipt> for HookOutcome {
    fn from(receipt: Receipt) -> Self {
        match receipt.items.as_slice() {
            [only] => Self::One(only.outcome.clone()),
            _ => Self::Several(receipt),
        }
    }
}

impl HookOutcome {
    pub(super) fn has(&self, statuses: &[ItemStatus]) -> bool {
        match self {
            Self::One(outcome) => statuses.contains(&outcome.status),
            Self::Several(receipt) => {
                receipt.items.iter().any(|item| statuses.contains(&item.outcome.status))
            }
        }
    }
}

/// The answer where something was refused and nothing accepted: a problem (RFC 9457), with the items.
#[derive(Debug, Serialize, ToSchema)]
pub struct NothingTaken {
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    title: &'static str,
    #[schema(example = 422)]
    status: u16,
    detail: &'static str,
    #[serde(flatten)]
    receipt: Receipt,
}

impl From<Receipt> for NothingTaken {
    fn from(receipt: Receipt) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: "nothing was taken: each item says what is wrong with it",
            receipt,
        }
    }
}

/// 202 where something was accepted, 422 where only something was refused, else 200.
impl IntoResponse for Receipt {
    fn into_response(self) -> Response {
        match (self.accepted, self.refused) {
            (0, 0) => Json(self).into_response(),
            (0, _) => {
                let content_type = [(header::CONTENT_TYPE, problem::CONTENT_TYPE)];
                (StatusCode::UNPROCESSABLE_ENTITY, content_type, Json(NothingTaken::from(self)))
                    .into_response()
            }
            _ => (StatusCode::ACCEPTED, Json(self)).into_response(),
        }
    }
}

/// 202 where something is durable now, also where another event of the delivery was refused: what is answered with an error
/// comes again whole. 422 where something was refused, and nothing taken; 200 where there was nothing to take.
impl IntoResponse for HookOutcome {
    fn into_response(self) -> Response {
        let status = if self.has(&[ItemStatus::Accepted, ItemStatus::DeadLetter]) {
            StatusCode::ACCEPTED
        } else if self.has(&[ItemStatus::Refused]) {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        };
        (status, Json(self)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use feedback::refusal::Reason;
    use serde_json::{Value, json};

    async fn told(answer: impl IntoResponse) -> (u16, String, Value) {
        let response = answer.into_response();
        let content_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, content_type, serde_json::from_slice(&body).unwrap())
    }

    fn receipt(outcomes: impl IntoIterator<Item = ItemOutcome>) -> Receipt {
        let mut receipt = Receipt::default();
        outcomes.into_iter().for_each(|outcome| receipt.push(outcome));
        receipt
    }

    fn refused() -> ItemOutcome {
        ItemOutcome::unread(
            ItemStatus::Refused,
            Refusal::new(Reason::MissingField, "data.id: expected a value"),
        )
    }

    #[tokio::test]
    async fn every_item_is_answered() {
        let (status, content_type, body) = told(receipt([
            ItemOutcome::of(ItemStatus::Accepted),
            ItemOutcome::of(ItemStatus::Duplicate),
            ItemOutcome::ignored(IgnoreReason::AgentOnly),
            refused(),
        ]))
        .await;
        assert_eq!((status, content_type.as_str()), (202, "application/json"));
        let expected = json!({
            "accepted": 1, "duplicate": 1, "ignored": 1, "refused": 1,
            "items": [
                {"index": 0, "status": "accepted"},
                {"index": 1, "status": "duplicate"},
                {"index": 2, "status": "ignored", "reason": "agent_only"},
                {"index": 3, "status": "refused", "reason": "missing_field", "detail": "data.id: expected a value"},
            ],
        });
        assert_eq!(body, expected);
    }

    #[tokio::test]
    async fn where_nothing_is_taken_the_status_says_so() {
        let (status, content_type, body) = told(receipt([refused()])).await;
        assert_eq!((status, content_type.as_str()), (422, problem::CONTENT_TYPE));
        assert_eq!((&body["status"], &body["refused"]), (&json!(422), &json!(1)));
        assert_eq!(body["items"][0]["reason"], "missing_field");
        let (status, _, _) = told(receipt([ItemOutcome::ignored(IgnoreReason::Repost)])).await;
        assert_eq!(status, 200);
        assert_eq!(told(receipt([])).await.0, 200);
    }

    #[tokio::test]
    async fn a_webhook_is_answered_as_what_it_brought() {
        let letter = || {
            let refusal = Refusal::new(Reason::OutOfRange, "stars: expected a number from 1 to 5");
            ItemOutcome::unread(ItemStatus::DeadLetter, refusal)
        };
        let of = |outcomes: Vec<ItemOutcome>| HookOutcome::from(receipt(outcomes));
        let ignored = || ItemOutcome::ignored(IgnoreReason::NotFeedback);
        for (outcomes, status) in [
            (vec![ItemOutcome::of(ItemStatus::Accepted)], 202),
            (vec![letter()], 202),
            (vec![ignored()], 200),
            (vec![ItemOutcome::of(ItemStatus::Duplicate)], 200),
            (vec![refused()], 422),
            (vec![ignored(), letter()], 202),
            (vec![ItemOutcome::of(ItemStatus::Accepted), refused()], 202),
            (vec![letter(), refused()], 202),
            (vec![ignored(), refused()], 422),
            (vec![ignored(), ignored()], 200),
        ] {
            assert_eq!(told(of(outcomes.clone())).await.0, status, "{outcomes:?}");
        }
        let (_, _, one) = told(of(vec![ignored()])).await;
        assert_eq!(one, json!({"status": "ignored", "reason": "not_feedback"}));
        let (_, _, several) = told(of(vec![ItemOutcome::of(ItemStatus::Accepted), letter()])).await;
        assert_eq!(
            (&several["accepted"], &several["items"][1]["status"]),
            (&json!(2), &json!("dead_letter"))
        );
    }

    #[test]
    fn a_status_has_one_name_in_answers_and_metrics() {
        use ItemStatus::{Accepted, DeadLetter, Duplicate, Ignored, Refused};
        for status in [Accepted, Duplicate, Ignored, Refused, DeadLetter] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }
}
