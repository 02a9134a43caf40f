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

/// Until it is dropped. What cannot be made is in the log, and tried again.
pub async fn keep_ready(app: App) {
    loop {
        for weeks in periods(app.settings.report_weeks) {
            let scope = Scope::weeks_before(now(), weeks);
            if app.reports.get(&scope, now).await.is_ok() {
                let _ = topics::read_table(&app, &scope).await;
            }
        }
        sleep(PAUSE).await;
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
