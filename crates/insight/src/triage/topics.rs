//! The topics there are, and which stands below which.

/// What the taxonomy says of its topics' order; names and examples are no matter here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TopicTree {
    /// Ids, each with the id of the topic above.
    topics: Vec<(String, Option<String>)>,
}

impl TopicTree {
    /// From ids, each with its `parent`.
    #[must_use]
    pub fn new<'a>(topics: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        let owned = |(id, parent): (&str, Option<&str>)| (id.to_owned(), parent.map(str::to_owned));
        Self { topics: topics.into_iter().map(owned).collect() }
    }

    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.ids().any(|known| known == id)
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.topics.iter().map(|(id, _)| id.as_str())
    }

    /// The topic itself and all below it; of an unknown one just itself, for older facts may carry it.
    #[must_use]
    pub fn below(&self, id: &str) -> Vec<String> {
        let mut found = vec![id.to_owned()];
        let mut next = 0;
        while next < found.len() {
            let children =
                self.topics.iter().filter(|(_, parent)| parent.as_deref() == Some(found[next].as_str()));
            // Never one twice: a taxonomy whose parents go round is refused elsewhere, and must not hang this.
            let new: Vec<String> =
                children.map(|(id, _)| id.clone()).filter(|id| !found.contains(id)).collect();
            found.extend(new);
            next += 1;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_takes_in_all_below_it() {
        let pairs =
            [("money", None), ("billing", Some("money")), ("refunds", Some("billing")), ("app", None)];
        let tree = TopicTree::new(pairs);
        assert_eq!(tree.below("money"), ["money", "billing", "refunds"]);
        assert_eq!(tree.below("app"), ["app"]);
        assert_eq!(tree.below("gone"), ["gone"]);
        assert!(tree.has("refunds") && !tree.has("gone"));
        let round = TopicTree::new([("a", Some("b")), ("b", Some("a"))]);
        assert_eq!(round.below("a"), ["a", "b"]);
    }
}
