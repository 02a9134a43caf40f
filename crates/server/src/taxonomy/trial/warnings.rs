//! What an edit may not mean so.

use crate::taxonomy::Naming;
use analyze::Taxonomy;
use analyze::taxonomy::Topic;
use insight::report::count;
use insight::taxonomy::{Difference, Fate, TopicDifference};

/// In the order of what would be missed most.
pub(super) fn of(
    before: &Taxonomy,
    after: &Taxonomy,
    difference: &Difference,
    naming: &[Naming],
) -> Vec<String> {
    let mut told = Vec::new();
    if after.topics().is_empty() {
        told.push("There is no topic in it: all feedback that comes would have none.".to_owned());
    }
    if after.version() == before.version() {
        told.push("It is the taxonomy in force, word for word.".to_owned());
    }
    let of = |fate: Fate| difference.topics.iter().filter(move |topic| topic.fate == fate);
    told.extend(of(Fate::Removed).map(|topic| removed(topic, before, after, naming)));
    if difference.records > 0 {
        let silent = of(Fate::New).filter(|topic| topic.after == 0);
        told.extend(silent.map(|topic| {
            format!(
                "The new topic {:?} finds none of these records: about ten examples help, a thought each.",
                topic.id
            )
        }));
    }
    told
}

fn removed(topic: &TopicDifference, before: &Taxonomy, after: &Taxonomy, naming: &[Naming]) -> String {
    let mut told = format!("The topic {:?} goes", topic.id);
    if topic.before > 0 {
        told += &format!(
            ": records that have it keep it ({} of these would have it by the taxonomy in force), and no more are counted to it",
            count(topic.before)
        );
    }
    told += ".";
    let by: Vec<&str> =
        naming.iter().filter(|naming| naming.topic == topic.id).map(|naming| naming.by.as_str()).collect();
    if !by.is_empty() {
        told += &format!(" It is named by {}: change that too.", by.join(", "));
    }
    let old = before.topics().iter().find(|old| old.id == topic.id);
    let new = old.and_then(|old| after.topics().iter().find(|new| is_renamed(old, new, before)));
    if let Some(new) = new {
        told += &format!(
            " {:?} looks like it under another id. An id never moves: keep the id, and change the name, or its history ends \
             here.",
            new.id
        );
    }
    told
}

/// Whether a topic that the taxonomy before has not seems to be one of it.
fn is_renamed(old: &Topic, new: &Topic, before: &Taxonomy) -> bool {
    let is_new = before.find(&new.id).is_none();
    let common = new.examples.iter().filter(|example| old.examples.contains(example)).count();
    let same_name = new.name.trim().to_lowercase() == old.name.trim().to_lowercase();
    is_new && (same_name || common > 0 && 2 * common >= old.examples.len())
}
