use super::*;
use crate::alerting::journal::Log;
use crate::config;
use crate::weekly::archived;
use insight::alerts::Hour;

/// An owner above nobody, whose every record is told.
const RULES: &str = "version = \"1\"\n[[owner]]\nname = \"desk\"\ntargets = [\"crm\"]\n\
                     [fallback]\nowner = \"desk\"\npriority = \"P1\"\nactions = [\"crm\"]\n";

const TARGETS: &str = "[[target]]\nname = \"crm\"\nkind = \"webhook\"\nurl = \"https://crm.example.com/hook\"\n\
                       secret = \"0123456789abcdef\"\n";

fn context(dir: &tempfile::TempDir) -> Context {
    context_with(dir, &[])
}

/// With files, each with the variable that names it.
fn context_with(dir: &tempfile::TempDir, files: &[(&str, &str)]) -> Context {
    let at = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let mut variables = vec![("VERBATIM__STORE__PATH".to_owned(), at("tables"))];
    for (variable, text) in files {
        std::fs::write(at(variable), text).unwrap();
        variables.push(((*variable).to_owned(), at(variable)));
    }
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
    assert_eq!(fine, Job::ALL.map(|job| job != Job::Digest));
    let snapshot = serving.metrics.snapshot();
    let of = |name: &str| snapshot.iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!(of("verbatim_serve_job_failures_total{job=\"digest\"}"), 1);
    assert_eq!(of("verbatim_serve_job_failures_total{job=\"alerts\"}"), 0);
    assert_eq!(of("verbatim_serve_job_runs_total{job=\"alerts\"}"), 1);
    assert!(!serving.attempt(Job::Digest, &shutdown).await, "it is tried again");
}

// A key that is missing beside tables counts as lost, and nobody writes to them any more.
#[tokio::test]
async fn tables_that_it_makes_are_those_of_a_worker() {
    let dir = tempfile::tempdir().unwrap();
    let serving = Serving::new(context(&dir)).await.unwrap();
    let key = key::obtain(serving.context.config()).unwrap();
    serving.context.keyed_store(&key).await.unwrap();
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
async fn what_has_nobody_to_tell_does_not_begin() {
    let dir = tempfile::tempdir().unwrap();
    let both = [("VERBATIM__TRIAGE__RULES", RULES), ("VERBATIM__DELIVER__FILE", TARGETS)];
    // Rules with actions and no target, then a target and rules that name none.
    for files in [&both[..1], &both[1..]] {
        let serving = Serving::new(context_with(&dir, files)).await.unwrap();
        assert_eq!(serving.perform(Job::Actions, now()).await.unwrap(), None);
        assert_eq!(serving.store.got_to("actions").await.unwrap(), None);
    }
    let serving = Serving::new(context_with(&dir, &both)).await.unwrap();
    assert_eq!(serving.perform(Job::Actions, now()).await.unwrap(), None, "it begins here");
    assert!(serving.store.got_to("actions").await.unwrap().is_some());
    assert_eq!(serving.perform(Job::Escalations, Timestamp(7)).await.unwrap(), None);
    assert_eq!(serving.store.got_to("escalations").await.unwrap(), Some(7));
}

#[tokio::test]
async fn a_target_that_cannot_be_used_keeps_nobody_from_starting() {
    let dir = tempfile::tempdir().unwrap();
    let shut = "[[target]]\nname = \"s\"\nkind = \"slack\"\nurl = \"env:VERBATIM_TEST_NOT_SET\"\n";
    let serving = Serving::new(context_with(&dir, &[("VERBATIM__DELIVER__FILE", shut)])).await.unwrap();
    assert!(serving.targets.get("s").is_some());
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
