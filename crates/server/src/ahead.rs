//! What people open first, made before they ask, and made again while the facts move on.
//!
//! Knows: which periods are one click away. Must not: keep anything itself, or stand in the way of whoever asks.

use crate::pages::scope::CHOICES;
use crate::state::{App, now};
use crate::topics;
use insight::report::Scope;
use std::time::Duration;
use tokio::time::sleep;

/// Between one look and the next. Where nothing has changed a look costs next to nothing; where much does, what is kept says
/// how much of the time goes into making it again.
const PAUSE: Duration = Duration::from_secs(30);

/// Each topic by itself in one of so many rounds: what is counted of one is shown for longer than they take.
const ROUNDS: usize = 16;

/// Until it is dropped. What cannot be made is in the log, and tried again.
pub async fn keep_ready(app: App) {
    for round in 0.. {
        let usual = app.settings.report_weeks;
        for weeks in periods(usual) {
            let scope = Scope::weeks_before(now(), weeks);
            let Ok(made) = app.reports.get(&scope, now).await else { continue };
            let ids = app.topics.iter().map(|topic| topic.id.clone());
            let due: Vec<String> = if weeks == usual { due(ids, round) } else { Vec::new() };
            topics::count_ahead(&app, &scope, &made.report, &due).await;
        }
        sleep(PAUSE).await;
    }
}

/// All of them at first, a part of them in each round after that: of those that are counted again only so many may wait.
fn due<T>(all: impl Iterator<Item = T>, round: usize) -> Vec<T> {
    all.enumerate()
        .filter(|(at, _)| round == 0 || at % ROUNDS == round % ROUNDS)
        .map(|(_, one)| one)
        .collect()
}

/// In weeks; the one that pages show unasked first.
fn periods(usual: i32) -> impl Iterator<Item = i32> {
    std::iter::once(usual).chain(CHOICES.into_iter().filter(move |weeks| *weeks != usual))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_topic_has_its_round() {
        assert_eq!(due(0..24, 0).len(), 24);
        let mut counted: Vec<usize> = (1..=ROUNDS).flat_map(|round| due(0..24, round)).collect();
        counted.sort_unstable();
        assert_eq!(counted, (0..24).collect::<Vec<_>>());
    }

    #[test]
    fn the_usual_period_comes_first_and_once() {
        assert_eq!(periods(4).collect::<Vec<_>>(), [4, 1, 12, 26]);
        assert_eq!(periods(8).collect::<Vec<_>>(), [8, 1, 4, 12, 26]);
    }
}
