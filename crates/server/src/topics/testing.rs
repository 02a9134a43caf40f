//! Invented topics, for the tests of this crate.

use super::{ShareMoved, TopicLine, TopicReach};
use crate::state::{Topic, Topics};
use insight::report::Filter;
use insight::report::model::{Figure, Share};
use insight::stats::Interval;

pub fn topic(id: &str, parent: Option<&str>) -> Topic {
    Topic {
        id: id.to_owned(),
        name: format!("About {id}"),
        description: format!("What belongs to {id}"),
        examples: vec![format!("my {id} is broken")],
        keywords: Vec::new(),
        parent: parent.map(str::to_owned),
        owner: Some("identity".to_owned()),
    }
}

pub fn topics() -> Topics {
    Topics::new("1:0", vec![topic("search", None), topic("billing", None), topic("speed", Some("search"))])
}

/// A line whose other figures are all `negative`, or none.
pub fn line(name: &str, mentions: u64, negative: Option<f64>) -> TopicLine {
    let figure = |value| Figure { value, filter: Filter::default().topic(name) };
    TopicLine {
        topic: name.to_owned(),
        name: name.to_owned(),
        parent: None,
        owner: None,
        is_current: true,
        mentions: figure(mentions),
        weeks: Vec::new(),
        share: None,
        negative: Share {
            hits: 0,
            n: 0,
            share: negative,
            interval: None,
            filter: Filter::default(),
            of: figure(0),
        },
        neutral: 0,
        positive: 0,
        change: negative.map(|by| ShareMoved {
            before: 0.1,
            after: 0.1 + by,
            difference: by,
            interval: Interval::new(by, by),
            p: by,
            q: None,
            verdict: None,
            mentions_before: figure(1),
        }),
        volume_verdict: None,
        negative_verdict: None,
        reach: TopicReach { people: None, anonymous: 0, accounts: None, revenue: negative },
    }
}
