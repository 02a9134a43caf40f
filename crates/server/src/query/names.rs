//! Names that a list is asked for: one that nothing has is a slip of the pen, not an empty list.

use crate::desk::Owner;
use crate::problem::Problem;
use crate::state::Topics;
use feedback::insight::NO_TOPIC;
use insight::nearest;
use insight::report::Filter;
use insight::shelf::{Label, Shelf};

/// Names that are told where one does not exist.
const TOLD: usize = 30;

/// Refuses what neither the records nor the configuration know, and says what there is. It may look through all of the
/// records: call it beside the async threads.
///
/// # Errors
/// 400.
pub(super) fn check(
    filter: &Filter,
    shelf: &Shelf,
    topics: &Topics,
    owners: &[Owner],
) -> Result<(), Problem> {
    // What is not read yet may have it.
    if shelf.version().is_none() {
        return Ok(());
    }
    filter.topic.iter().chain(&filter.any_topic).try_for_each(|topic| check_topic(topic, shelf, topics))?;
    let owners: Vec<&str> = owners.iter().map(|owner| owner.name.as_str()).collect();
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
        let known = match label {
            // Whoever has nothing to do so far is an owner all the same.
            Label::Owner if owners.contains(&value) => continue,
            Label::Language if value == "unknown" => continue,
            Label::Owner => {
                shelf.words(label).into_iter().chain(owners.iter().map(|&name| name.to_owned())).collect()
            }
            _ => shelf.words(label),
        };
        return Err(refused(name, value, known, also(label, value, shelf)));
    }
    Ok(())
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
        let told = |set: &[(&str, &str)]| {
            let mut filter = Filter::default();
            set.iter().for_each(|(name, value)| filter.set(name, value).unwrap());
            check(&filter, &shelf(), &Topics::default(), &owners).map_err(|problem| problem.detail)
        };
        for fine in [
            ("product", "app"),
            ("owner", "identity"),
            ("owner", "finance"),
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
        assert!(check(&filter, &Shelf::default(), &Topics::default(), &[]).is_ok());
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
