//! Names that a list is asked for: one that nothing has is a slip of the pen, not an empty list.

use crate::desk::Owner;
use crate::problem::Problem;
use crate::state::{App, Topics};
use feedback::insight::NO_TOPIC;
use feedback::kind::Registry;
use insight::nearest;
use insight::report::Filter;
use insight::shelf::{Label, Shelf};

/// Names that are told where one does not exist.
const TOLD: usize = 30;

/// What the configuration names, whether a record has it or not.
pub(super) struct Named<'n> {
    topics: &'n Topics,
    owners: &'n [Owner],
    kinds: &'n Registry,
}

impl<'n> Named<'n> {
    pub fn of(app: &'n App) -> Self {
        Self { topics: &app.topics, owners: app.desk.owners(), kinds: app.gateway.kinds() }
    }
}

/// Refuses what neither the records nor the configuration know, and says what there is. It may look through all of the
/// records: call it beside the async threads.
///
/// # Errors
/// 400.
pub(super) fn check(filter: &Filter, shelf: &Shelf, named: &Named<'_>) -> Result<(), Problem> {
    // What is not read yet may have it.
    if shelf.version().is_none() {
        return Ok(());
    }
    let mut topics = filter.topic.iter().chain(&filter.any_topic);
    topics.try_for_each(|topic| check_topic(topic, shelf, named.topics))?;
    let labels = [
        ("source", Label::SourceKind, filter.source.as_deref()),
        ("product", Label::Product, filter.product.as_deref()),
        ("platform", Label::Platform, filter.platform.as_deref()),
        ("app_version", Label::AppVersion, filter.app_version.as_deref()),
        ("territory", Label::Territory, filter.territory.as_deref()),
        ("language", Label::Language, filter.language.as_deref()),
        ("segment", Label::Segment, filter.segment.as_deref()),
        ("account", Label::Account, filter.account.as_deref()),
        ("queue", Label::Queue, filter.queue.as_deref()),
        ("owner", Label::Owner, filter.owner.as_deref()),
    ];
    let sources = filter.event_source.iter().map(|name| ("event_source", Label::Source, Some(name.as_str())));
    for (name, label, value) in labels.into_iter().chain(sources) {
        let Some(value) = value.filter(|value| !value.is_empty() && !shelf.tells(label, value)) else {
            continue;
        };
        // Whoever has nothing to do so far is an owner all the same, and what nobody has sent yet a kind.
        let mut known: Vec<String> = match label {
            Label::Owner => named.owners.iter().map(|owner| owner.name.clone()).collect(),
            Label::SourceKind => named.kinds.kinds().map(|kind| kind.as_str().to_owned()).collect(),
            Label::Language => vec!["unknown".to_owned()],
            _ => Vec::new(),
        };
        if known.iter().any(|known| known == value) {
            continue;
        }
        known.extend(shelf.words(label));
        return Err(refused(name, value, known, also(label, value, shelf)));
    }
    Ok(())
}

/// The same for what is no list of records, or has come out empty: each field that it was narrowed by, with its value. Where only
/// the newest records are held all is taken, for these answers come from the tables, which may have it.
///
/// # Errors
/// 400.
pub async fn check_named(app: &App, narrowed: &[(&str, Option<&str>)]) -> Result<(), Problem> {
    let mut filter = Filter::default();
    for (name, value) in narrowed {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            filter.set(name, value).map_err(|bad| Problem::bad_request(bad.to_string()))?;
        }
    }
    if filter == Filter::default() {
        return Ok(());
    }
    let app = app.clone();
    let look = move || check_whole(&filter, &app.live.shelf(), &Named::of(&app));
    tokio::task::spawn_blocking(look).await?
}

fn check_whole(filter: &Filter, shelf: &Shelf, named: &Named<'_>) -> Result<(), Problem> {
    if shelf.since().is_some() { Ok(()) } else { check(filter, shelf, named) }
}

fn check_topic(topic: &str, shelf: &Shelf, topics: &Topics) -> Result<(), Problem> {
    if topic == NO_TOPIC || topics.get(topic).is_some() || shelf.has_topic(topic) {
        return Ok(());
    }
    let known = topics.iter().map(|topic| topic.id.clone()).chain([NO_TOPIC.to_owned()]);
    Err(refused("topic", topic, known.collect(), None))
}

/// Elsewhere a source is what sends events; here it is its kind.
fn also(label: Label, value: &str, shelf: &Shelf) -> Option<&'static str> {
    match label {
        Label::SourceKind if shelf.tells(Label::Source, value) => Some("event_source"),
        Label::Source if shelf.tells(Label::SourceKind, value) => Some("source"),
        _ => None,
    }
}

fn refused(name: &str, value: &str, mut known: Vec<String>, also: Option<&str>) -> Problem {
    known.sort_unstable();
    known.dedup();
    let mut told = format!("no record has this {name}");
    match (also, nearest(value, known.iter().map(String::as_str))) {
        (Some(also), _) => told += &format!(": it is a name of {also}"),
        (None, Some(near)) => told += &format!(": did you mean {near:?}?"),
        (None, None) => {}
    }
    if known.is_empty() {
        return Problem::bad_request(format!("{told}; none has any"));
    }
    let more = known.len().saturating_sub(TOLD);
    known.truncate(TOLD);
    if !told.ends_with('?') {
        told.push('.');
    }
    told += &format!(" There are {}", known.join(", "));
    if more > 0 {
        told += &format!(" and {more} more");
    }
    Problem::bad_request(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::shelf;

    #[test]
    fn what_nothing_has_is_refused_and_what_somebody_may_have_is_not() {
        let owners = [Owner { name: "finance".to_owned(), topics: Vec::new() }];
        let (topics, kinds) = (Topics::default(), Registry::default());
        let named = Named { topics: &topics, owners: &owners, kinds: &kinds };
        let told = |set: &[(&str, &str)]| {
            let mut filter = Filter::default();
            set.iter().for_each(|(name, value)| filter.set(name, value).unwrap());
            check(&filter, &shelf(), &named).map_err(|problem| problem.detail)
        };
        for fine in [
            ("product", "app"),
            ("owner", "identity"),
            ("owner", "finance"),
            ("source", "ticket"),
            ("language", "unknown"),
            ("topic", "none"),
            ("segment", ""),
        ] {
            assert_eq!(told(&[fine]), Ok(()), "{fine:?}");
        }
        for (name, value, expected) in [
            ("product", "apps", "did you mean \"app\"?"),
            ("owner", "identit", "There are finance, identity"),
            ("topic", "billing", "no record has this topic"),
            ("source", "web form", "it is a name of event_source"),
            ("source", "tickets", "did you mean \"ticket\"? There are nps, social, survey, ticket"),
            ("event_source", "nps", "it is a name of source"),
            ("account", "ACME", "none has any"),
        ] {
            let told = told(
                &[("product", "app"), (name, value)]
                    .into_iter()
                    .skip(usize::from(name == "product"))
                    .collect::<Vec<_>>(),
            );
            assert!(told.as_ref().is_err_and(|told| told.contains(expected)), "{name}: {told:?}");
        }
        // Before all is read nobody knows.
        let mut filter = Filter::default();
        filter.set("product", "apps").unwrap();
        assert!(check(&filter, &Shelf::default(), &named).is_ok());
        assert!(check_whole(&filter, &shelf(), &named).is_err());
        let cut = shelf().cut(2);
        assert!(cut.since().is_some() && cut.version().is_some());
        assert!(check_whole(&filter, &cut, &named).is_ok(), "an older record may have it");
        assert!(check(&filter, &cut, &named).is_err(), "a list has only what is held");
    }

    #[test]
    fn a_slip_of_the_pen_is_told_with_the_nearest_name() {
        let known = || vec!["search".to_owned(), "billing".to_owned(), "billing".to_owned()];
        let told = refused("topic", "biling", known(), None).detail;
        assert_eq!(told, "no record has this topic: did you mean \"billing\"? There are billing, search");
        let told = refused("source", "web form", known(), Some("event_source")).detail;
        assert_eq!(
            told,
            "no record has this source: it is a name of event_source. There are billing, search"
        );
        let told = refused("event_source", "twitter", known(), None).detail;
        assert_eq!(told, "no record has this event_source. There are billing, search");
        assert_eq!(
            refused("account", "ACME", Vec::new(), None).detail,
            "no record has this account; none has any"
        );
        let many = (0..100).map(|n| format!("customer {n:03}")).collect();
        let told = refused("account", "custmer 077", many, None).detail;
        assert!(told.contains("\"customer 077\"") && told.ends_with("customer 029 and 70 more"), "{told}");
    }
}
