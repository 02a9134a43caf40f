//! Names that a report is asked for: one that nothing has is a slip of the pen, not an empty answer.

use crate::config;
use crate::context::Context;
use crate::{owners, weekly};
use anyhow::{Context as _, Result, bail, ensure};
use insight::report::filter::Filter;
use insight::report::{Known, accounts, known, shell_word};
use insight::triage::TriageFile;
use store::Store;

/// Names that are told where one does not exist; of accounts there may be many.
const MOST: usize = 30;

/// Refuses a name that neither the tables nor the configuration know, and says what there is.
pub async fn check(
    filter: &Filter,
    store: &Store,
    topics: &[(String, String)],
    context: &Context,
) -> Result<()> {
    let Filter { topic, source, event_source, product, platform, territory, language, .. } = filter;
    let Filter { any_topic, account, segment, owner, queue, .. } = filter;
    let names = [topic, source, product, platform, territory, language, segment, owner, queue];
    if let Some(account) = account {
        let facts = store.current_facts().await?;
        let held = tokio::task::spawn_blocking(move || accounts(facts)).await;
        let held = held.context("the tables could not be looked through")??;
        check_name("account", Some(account), held)?;
    }
    if names.iter().all(|name| name.is_none()) && event_source.is_empty() && any_topic.is_empty() {
        return Ok(());
    }
    let facts = store.current_facts().await?;
    let held = tokio::task::spawn_blocking(move || known(facts));
    let mut held = held.await.context("the tables could not be looked through")??;
    held.topics.extend(topics.iter().map(|(id, _)| id.clone()));
    held.topics.push(feedback::insight::NO_TOPIC.to_owned());
    held.languages.push("unknown".to_owned());
    let registry = context.config().registry();
    held.sources.extend(registry.kinds().map(|kind| kind.as_str().to_owned()));
    // Whoever acts on nothing so far is an owner all the same.
    if owner.is_some() || queue.is_some() {
        held.owners.extend(weekly::owner_names(context.config())?);
        held.queues.extend(owners::triage_file(context.config())?.iter().flat_map(queues));
    }
    check_kind(source.as_deref(), &held)?;
    event_source.iter().try_for_each(|name| check_event_source(name, &held))?;
    any_topic.iter().try_for_each(|id| check_name("topic", Some(id), held.topics.clone()))?;
    check_name("topic", topic.as_deref(), held.topics)?;
    check_name("source", source.as_deref(), held.sources)?;
    check_name("product", product.as_deref(), held.products)?;
    check_name("platform", platform.as_deref(), held.platforms)?;
    check_name("territory", territory.as_deref(), held.territories)?;
    check_name("language", language.as_deref(), held.languages)?;
    check_name("segment", segment.as_deref(), held.segments)?;
    check_name("owner", owner.as_deref(), held.owners)?;
    check_name("queue", queue.as_deref(), held.queues)
}

/// Where the rules may put a record.
fn queues(file: &TriageFile) -> Vec<String> {
    let outcomes = file.rules.iter().map(|rule| &rule.outcome).chain(&file.fallback);
    let reviews = file.rules.iter().filter_map(|rule| rule.review_queue.as_ref());
    let own = outcomes.map(|outcome| &outcome.queue);
    own.chain(reviews).chain([&file.review_queue]).cloned().collect()
}

/// Elsewhere a source is what sends events; here it is its kind.
fn check_kind(name: Option<&str>, held: &Known) -> Result<()> {
    let Some(name) = name.filter(|name| !held.sources.iter().any(|kind| kind == name)) else { return Ok(()) };
    let of = held.origins.iter().filter(|(origin, _)| origin == name);
    let kinds: Vec<String> = of.map(|(_, kind)| format!("--source {kind}")).collect();
    ensure!(
        kinds.is_empty(),
        "{name:?} is an event source: --event-source {} has what it sent, {} all of its kind",
        shell_word(name),
        kinds.join(" or ")
    );
    Ok(())
}

fn check_event_source(name: &str, held: &Known) -> Result<()> {
    let origins: Vec<String> = held.origins.iter().map(|(origin, _)| origin.clone()).collect();
    let is_kind =
        !origins.iter().any(|origin| origin == name) && held.sources.iter().any(|kind| kind == name);
    ensure!(!is_kind, "{name:?} is a kind of source: --source {name}");
    check_name("event source", Some(name), origins)
}

fn check_name(what: &str, name: Option<&str>, mut known: Vec<String>) -> Result<()> {
    known.sort_unstable();
    known.dedup();
    let Some(name) = name.filter(|name| !known.iter().any(|known| known == name)) else { return Ok(()) };
    if known.is_empty() {
        bail!("there is no {what} {name:?}: no record names a {what}");
    }
    let nearest = config::nearest(name, known.iter().map(String::as_str));
    let meant = nearest.map(|nearest| format!("did you mean {nearest:?}? ")).unwrap_or_default();
    let more = match known.len().checked_sub(MOST) {
        None | Some(0) => String::new(),
        Some(more) => format!(" and {more} more"),
    };
    known.truncate(MOST);
    bail!("there is no {what} {name:?}: {meant}there are {}{more}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_told_with_the_nearest_name() {
        let known = || vec!["billing".to_owned(), "search".to_owned(), "billing".to_owned()];
        assert!(check_name("topic", Some("billing"), known()).is_ok());
        assert!(check_name("topic", None, known()).is_ok());
        let error = check_name("topic", Some("biling"), known()).unwrap_err().to_string();
        assert_eq!(error, r#"there is no topic "biling": did you mean "billing"? there are billing, search"#);
        let error = check_name("product", Some("app"), Vec::new()).unwrap_err().to_string();
        assert!(error.contains("no record names a product"), "{error}");
        let many = || (0..100).map(|n| format!("customer {n:03}")).collect::<Vec<_>>();
        assert!(check_name("account", Some("customer 077"), many()).is_ok());
        let error = check_name("account", Some("custmer 077"), many()).unwrap_err().to_string();
        assert!(error.contains("did you mean \"customer 077\"?"), "{error}");
        assert!(error.ends_with("customer 029 and 70 more"), "{error}");
    }

    #[test]
    fn every_queue_of_the_rules_may_be_asked_for() {
        let file = TriageFile::standard().unwrap();
        let queues = queues(&file);
        assert!(queues.contains(&file.review_queue), "{queues:?}");
        assert!(file.fallback.is_some_and(|fallback| queues.contains(&fallback.queue)));
        assert!(file.rules.iter().all(|rule| queues.contains(&rule.outcome.queue)));
    }

    #[test]
    fn a_kind_of_source_and_a_source_of_events_are_told_apart() {
        let held = Known {
            sources: vec!["nps".into(), "survey".into()],
            origins: vec![("web form".into(), "nps".into()), ("web form".into(), "survey".into())],
            ..Known::default()
        };
        assert!(check_kind(Some("nps"), &held).is_ok() && check_kind(Some("npss"), &held).is_ok());
        let error = check_kind(Some("web form"), &held).unwrap_err().to_string();
        assert!(error.contains("--event-source 'web form' has what it sent"), "{error}");
        assert!(error.ends_with("--source nps or --source survey all of its kind"), "{error}");
        assert!(check_event_source("web form", &held).is_ok());
        let error = check_event_source("nps", &held).unwrap_err().to_string();
        assert!(error.ends_with("is a kind of source: --source nps"), "{error}");
        let error = check_event_source("web-form", &held).unwrap_err().to_string();
        assert!(error.contains("did you mean \"web form\"?"), "{error}");
    }
}
