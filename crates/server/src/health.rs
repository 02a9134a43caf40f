//! Whether the process lives, whether it can do its work, and what it counts.

use crate::auth::Caller;
use crate::intake::{Incoming, Intake, IntakeError, Taken};
use crate::live::Status;
use crate::state::{App, now};
use async_trait::async_trait;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use feedback::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The view follows the tables every few seconds: later than this something is wrong with them, or between.
const VIEW_FRESH: i64 = 120_000_000;
/// So long a failure to take something in counts; then the next request may try.
const FAILURE_COUNTS: i64 = 30_000_000;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
}

/// What one look found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    pub ok: bool,
    pub detail: String,
    /// Of whoever follows a stream: messages that are not through yet, and for how many seconds the oldest waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag_messages: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag_seconds: Option<u64>,
}

impl Check {
    pub fn new(ok: bool, detail: impl Into<String>) -> Self {
        Self { ok, detail: detail.into(), lag_messages: None, lag_seconds: None }
    }

    /// Behind by so much.
    #[must_use]
    pub fn lagging(self, messages: u64, seconds: Option<u64>) -> Self {
        Self { lag_messages: Some(messages), lag_seconds: seconds, ..self }
    }
}

/// A further look, at what only the binary knows.
pub struct Probe {
    pub name: &'static str,
    pub look: Box<dyn Fn(Timestamp) -> Check + Send + Sync>,
}

#[derive(Debug, Serialize)]
struct Ready {
    ready: bool,
    /// For those who are known; the others learn no more than they need.
    #[serde(skip_serializing_if = "Option::is_none")]
    checks: Option<BTreeMap<&'static str, Check>>,
}

async fn readyz(State(app): State<App>, caller: Option<Caller>) -> Response {
    let checks = checks(&app, now());
    let ready = checks.values().all(|check| check.ok);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let sees = caller.is_some_and(|caller| caller.role.may_view());
    (status, Json(Ready { ready, checks: sees.then_some(checks) })).into_response()
}

fn checks(app: &App, now: Timestamp) -> BTreeMap<&'static str, Check> {
    let mut checks = BTreeMap::from([("store", view(&app.live.status(), now))]);
    checks.extend(app.probes.iter().map(|probe| (probe.name, (probe.look)(now))));
    checks
}

/// The tables are reachable where what was read of them is not old.
fn view(status: &Status, now: Timestamp) -> Check {
    let age = status.as_of.map(|at| now.0.saturating_sub(at.0));
    let fresh = age.is_some_and(|age| age < VIEW_FRESH);
    let read = match age {
        Some(age) => format!("read up to {} s ago", age.max(0) / 1_000_000),
        None => "not read yet".to_owned(),
    };
    let trouble = status.trouble.as_ref().map_or(String::new(), |trouble| format!("; {trouble}"));
    Check::new(fresh && !status.loading, format!("{read}{trouble}"))
}

/// An intake that remembers how the last call went, for whoever asks whether it can be reached.
#[derive(Clone)]
pub struct Remembering {
    intake: Arc<dyn Intake>,
    last: Arc<Mutex<Option<Last>>>,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    at: Timestamp,
    fine: bool,
}

impl Remembering {
    #[must_use]
    pub fn new(intake: Arc<dyn Intake>) -> Self {
        Self { intake, last: Arc::default() }
    }

    /// Named `intake`.
    #[must_use]
    pub fn probe(&self) -> Probe {
        let remembering = self.clone();
        Probe { name: "intake", look: Box::new(move |now| remembering.look(now)) }
    }

    fn look(&self, now: Timestamp) -> Check {
        let (name, last) = (self.intake.name(), *self.last.lock().unwrap_or_else(PoisonError::into_inner));
        match last {
            Some(Last { at, fine: false }) if now.0.saturating_sub(at.0) < FAILURE_COUNTS => {
                Check::new(false, format!("{name}: the last messages could not be made durable"))
            }
            Some(Last { fine: true, .. }) => {
                Check::new(true, format!("{name}: the last messages are durable"))
            }
            _ => Check::new(true, format!("{name}: nothing came lately")),
        }
    }
}

#[async_trait]
impl Intake for Remembering {
    async fn accept(&self, messages: Vec<Incoming>) -> Result<Taken, IntakeError> {
        let done = self.intake.accept(messages).await;
        // One that is busy works, and so does one that a message is too large for.
        let fine = !matches!(done, Err(IntakeError::Unavailable(_)));
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Last { at: now(), fine });
        done
    }

    fn name(&self) -> &'static str {
        self.intake.name()
    }
}

/// For Prometheus.
async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

    #[test]
    fn a_view_that_is_old_loading_or_not_there_is_not_ready() {
        let status = |age: Option<i64>, loading: bool| Status {
            as_of: age.map(|seconds| Timestamp(NOW.0 - seconds * 1_000_000)),
            loading,
            ..Status::default()
        };
        for (age, loading, ok) in [
            (Some(0), false, true),
            (Some(119), false, true),
            (Some(120), false, false),
            (Some(1), true, false),
            (None, true, false),
            (None, false, false),
            (Some(-5), false, true),
        ] {
            assert_eq!(view(&status(age, loading), NOW).ok, ok, "{age:?} {loading}");
        }
        let trouble = Status { trouble: Some("the disk is full".to_owned()), ..status(Some(150), false) };
        assert_eq!(view(&trouble, NOW).detail, "read up to 150 s ago; the disk is full");
    }

    #[test]
    fn what_is_behind_is_told_in_numbers_to_those_who_may_see_it() {
        let checks = BTreeMap::from([
            ("intake", Check::new(true, "fine")),
            ("worker", Check::new(false, "late").lagging(12, Some(90))),
        ]);
        let told = |checks| serde_json::to_value(Ready { ready: false, checks }).unwrap();
        let expected = serde_json::json!({
            "ready": false,
            "checks": {
                "intake": { "ok": true, "detail": "fine" },
                "worker": { "ok": false, "detail": "late", "lag_messages": 12, "lag_seconds": 90 },
            },
        });
        assert_eq!(told(Some(checks)), expected);
        assert_eq!(told(None), serde_json::json!({ "ready": false }));
    }

    struct Fickle(AtomicBool);

    #[async_trait]
    impl Intake for Fickle {
        async fn accept(&self, messages: Vec<Incoming>) -> Result<Taken, IntakeError> {
            match (self.0.load(Ordering::Relaxed), messages.is_empty()) {
                (true, _) => Ok(Taken::default()),
                (false, true) => Err(IntakeError::Busy { retry_after: Duration::from_secs(1) }),
                (false, false) => Err(IntakeError::Unavailable("gone".into())),
            }
        }

        fn name(&self) -> &'static str {
            "store"
        }
    }

    #[tokio::test]
    async fn an_intake_that_failed_is_not_reachable_until_it_may_be_tried_again() {
        let fickle = Arc::new(Fickle(AtomicBool::new(true)));
        let intake = Remembering::new(Arc::clone(&fickle) as Arc<dyn Intake>);
        let probe = intake.probe();
        assert_eq!((probe.look)(now()), Check::new(true, "store: nothing came lately"));
        let message = || Incoming {
            kind: "nps".to_owned(),
            source: "web".to_owned(),
            product: None,
            payload: Default::default(),
            vendor: None,
            key: Vec::new(),
        };
        intake.accept(vec![message()]).await.unwrap();
        assert_eq!((probe.look)(now()), Check::new(true, "store: the last messages are durable"));
        fickle.0.store(false, Ordering::Relaxed);
        intake.accept(Vec::new()).await.unwrap_err();
        assert!((probe.look)(now()).ok, "busy is no failure");
        intake.accept(vec![message()]).await.unwrap_err();
        assert!(!(probe.look)(now()).ok);
        assert!((probe.look)(Timestamp(now().0 + FAILURE_COUNTS)).ok);
    }
}
