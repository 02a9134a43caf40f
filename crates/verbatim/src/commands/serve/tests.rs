use super::*;
use crate::alerting::journal::Log;
use crate::config;
use crate::weekly::archived;
use insight::alerts::Hour;

fn context(dir: &tempfile::TempDir) -> Context {
    let path = dir.path().join("tables").to_string_lossy().into_owned();
    let variables = [("VERBATIM__STORE__PATH".to_owned(), path)];
    Context { loaded: config::assemble(None, variables.into_iter()).unwrap(), json: false }
}

#[tokio::test]
async fn a_job_that_fails_is_counted_and_the_others_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut serving = Serving::new(context(&dir)).await.unwrap();
    // Taken away after the start.
    serving.context.loaded.config.digest.targets = "/no/such/goals.toml".to_owned();
    let (serving, shutdown) = (Arc::new(serving), Shutdown::new());
    let mut fine = Vec::new();
    for job in Job::ALL {
        fine.push(serving.attempt(job, &shutdown).await);
    }
    assert_eq!(fine, [true, true, true, false, true]);
    let snapshot = serving.metrics.snapshot();
    let of = |name: &str| snapshot.iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!(of("verbatim_serve_job_failures_total{job=\"digest\"}"), 1);
    assert_eq!(of("verbatim_serve_job_failures_total{job=\"alerts\"}"), 0);
    assert_eq!(of("verbatim_serve_job_runs_total{job=\"alerts\"}"), 1);
    assert!(!serving.attempt(Job::Digest, &shutdown).await, "it is tried again");
}

#[tokio::test]
async fn what_the_tables_say_is_done_is_not_done_again() {
    let dir = tempfile::tempdir().unwrap();
    let first = Serving::new(context(&dir)).await.unwrap();
    let at = now();
    assert!(first.perform(Job::Alerts, at).await.unwrap().is_some());
    assert_eq!(Log::read(&first.store).await.unwrap().looked, Some(Hour::of(at)));
    assert_eq!(first.perform(Job::Alerts, at).await.unwrap(), None);
    // Another process, which remembers nothing.
    let second = Serving::new(context(&dir)).await.unwrap();
    assert_eq!(second.perform(Job::Alerts, at).await.unwrap(), None);
    let later = Timestamp(at.0 + 2 * 3_600_000_000);
    assert!(second.perform(Job::Alerts, later).await.unwrap().is_some());
    // No feedback, no digest, and none that stands in the way of the first one.
    assert_eq!(second.perform(Job::Digest, at).await.unwrap(), None);
    assert_eq!(archived(&second.store).await.unwrap().0, []);
}

#[tokio::test]
async fn asked_to_stop_it_stops() {
    let dir = tempfile::tempdir().unwrap();
    let serving = Arc::new(Serving::new(context(&dir)).await.unwrap());
    let shutdown = Shutdown::new();
    let (going, stop) = (Arc::clone(&serving), shutdown.clone());
    let task = tokio::spawn(async move { going.go_on(&stop).await });
    shutdown.request();
    tokio::time::timeout(Duration::from_secs(60), task).await.unwrap().unwrap();
}
