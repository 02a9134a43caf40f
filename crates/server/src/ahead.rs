//! What people open first, made before they ask, and made again while the facts move on.
//!
//! Knows: which periods are one click away. Must not: keep anything itself, or stand in the way of whoever asks.

use crate::pages::scope::CHOICES;
use crate::reports::Look;
use crate::state::{App, now};
use crate::topics;
use insight::report::Scope;
use std::time::Duration;
use tokio::time::sleep;

/// Between one look and the next. Where nothing has changed a look costs next to nothing; where much does, what is kept says
/// how much of the time goes into making it again.
const PAUSE: Duration = Duration::from_secs(30);

/// The topics each by itself in every so many rounds: what is counted of one is shown for as long.
const TOPICS_EVERY: u32 = 16;

/// Until it is dropped. What cannot be made is in the log, and tried again.
pub async fn keep_ready(app: App) {
    for round in (0..TOPICS_EVERY).cycle() {
        let usual = app.settings.report_weeks;
        for weeks in periods(usual) {
            let scope = Scope::weeks_before(now(), weeks);
            let Ok(made) = app.reports.get(&scope, now).await else { continue };
            let _ = topics::read_table(&app, &scope).await;
            if weeks == usual && round == 0 {
                count_topics(&app, &scope, &Look::Made(made)).await;
            }
        }
        sleep(PAUSE).await;
    }
}

async fn count_topics(app: &App, scope: &Scope, report: &Look) {
    let ids: Vec<String> = app.topics.iter().map(|topic| topic.id.clone()).collect();
    for topic in ids {
        let _ = topics::count(app, &topic, scope, report).await;
    }
}

/// In weeks; the one that pages show unasked first.
fn periods(usual: i32) -> impl Iterator<Item = i32> {
    std::iter::once(usual).chain(CHOICES.into_iter().filter(move |weeks| *weeks != usual))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_period_comes_first_and_once() {
        assert_eq!(periods(4).collect::<Vec<_>>(), [4, 1, 12, 26]);
        assert_eq!(periods(8).collect::<Vec<_>>(), [8, 1, 4, 12, 26]);
    }
}
