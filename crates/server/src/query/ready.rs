//! A list that can be answered: what was asked, looked up in the other rooms.

use super::Asked;
use super::names;
use crate::live::Reading;
use crate::problem::Problem;
use crate::state::App;
use feedback::ids::Id;
use insight::InsightError;
use insight::report::Filter;
use insight::shelf::{Hit, Hits, Meaning, Page, Query, Search, Shelf};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What was asked, and what it is asked of. Its questions take the processor: ask them beside the async threads.
pub struct Ready {
    pub asked: Asked,
    pub shelf: Arc<Shelf>,
    pub query: Query,
    /// What is to be alike, and the record that it is of, which is left out.
    nearest: Option<(Meaning, Option<Id>)>,
}

impl Ready {
    /// Asks the log of cases where need be, encodes what is asked by meaning, and checks the names.
    ///
    /// # Errors
    /// 400 for what nothing has, and for texts without a word that is known; 404 for a record that is not there.
    pub async fn of(app: &App, asked: Asked) -> Result<Self, Problem> {
        let filter = if asked.filter.asks_for_cases() {
            app.desk.of_cases(asked.filter.clone()).await?
        } else {
            asked.filter.clone()
        };
        let app = app.clone();
        let look_up = move || {
            let shelf = app.live.shelf();
            names::check(&filter, &shelf, &app.topics, app.desk.owners())?;
            Self::new(asked, filter, shelf, app.reading.as_ref())
        };
        tokio::task::spawn_blocking(look_up).await?
    }

    fn new(asked: Asked, filter: Filter, shelf: Arc<Shelf>, reading: &dyn Reading) -> Result<Self, Problem> {
        let search = match asked.words.as_str() {
            "" => Search::default(),
            words => Search::parse(words).map_err(|error| Problem::bad_request(format!("q: {error}")))?,
        };
        let nearest = match (asked.meaning.as_str(), asked.like.as_str()) {
            ("", "") => None,
            ("", like) => Some(like_record(&shelf, like)?),
            (text, _) => Some((like_text(reading, text)?, None)),
        };
        Ok(Self { query: Query { filter, search }, asked, shelf, nearest })
    }

    /// The page that was asked for.
    ///
    /// # Errors
    /// Only of the program.
    pub fn page(&self) -> Result<Hits, Problem> {
        let Asked { order, cursor, limit, .. } = &self.asked;
        let hits = match &self.nearest {
            Some((meaning, but)) => self.shelf.nearest(&self.query, meaning, *but, *cursor, *limit),
            None => {
                let page = Page { order: *order, after: *cursor, limit: *limit, count: true };
                self.shelf.list(&self.query, &page)
            }
        };
        hits.map_err(Problem::internal)
    }

    /// All of the list, as far as whoever shows it goes on; of one by meaning the nearest `most`.
    ///
    /// # Errors
    /// Only of the program.
    pub fn walk(
        &self,
        most: usize,
        show: &mut dyn FnMut(&Hit) -> ControlFlow<()>,
    ) -> Result<(), InsightError> {
        let Some((meaning, but)) = &self.nearest else {
            return self.shelf.walk(&self.query, self.asked.order, show);
        };
        let hits = self.shelf.nearest(&self.query, meaning, *but, None, most)?.hits;
        // Whether it was shown to the end is the shower's to know.
        let _ = hits.iter().try_for_each(show);
        Ok(())
    }
}

fn like_record(shelf: &Shelf, beginning: &str) -> Result<(Meaning, Option<Id>), Problem> {
    let hit = one(shelf, beginning)?;
    let meaning = hit.meaning().ok_or_else(|| {
        Problem::bad_request("like: this record has no words that are known, so that nothing is like it")
    })?;
    Ok((meaning, Some(hit.id())))
}

fn like_text(reading: &dyn Reading, text: &str) -> Result<Meaning, Problem> {
    let vector = reading.vector(text);
    let vector =
        vector.ok_or_else(|| Problem::bad_request("meaning: none of these words is known; try others"))?;
    Ok(Meaning { version: reading.version().to_owned(), vector })
}

/// The one record whose id begins so.
///
/// # Errors
/// 404 where there is none, 400 where there are several.
pub(crate) fn one(shelf: &Shelf, beginning: &str) -> Result<Hit, Problem> {
    let mut found = shelf.beginning_with(beginning, 2);
    match (found.len(), found.pop()) {
        (1, Some(hit)) => Ok(hit),
        (0, _) | (_, None) => Err(Problem::not_found(
            "no record that is held has an id that begins so: it may have been deleted, or be too old",
        )),
        _ => Err(Problem::bad_request("several records have ids that begin so: give more of it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{record, shelf};
    use axum::http::StatusCode;
    use insight::shelf::Text;

    /// Knows two words.
    struct Two;

    impl Reading for Two {
        fn vector(&self, text: &str) -> Option<Vec<f32>> {
            match text {
                "east" => Some(vec![1.0, 0.0]),
                "north" => Some(vec![0.0, 1.0]),
                _ => None,
            }
        }

        fn version(&self) -> &str {
            "v1"
        }
    }

    fn ready(query: &str) -> Result<Ready, Problem> {
        let asked = Asked::parse(query)?;
        Ready::new(asked.clone(), asked.filter, Arc::new(shelf()), &Two)
    }

    fn found(query: &str) -> Vec<String> {
        let body = |hit: &Hit| hit.row().text(Text::Body).unwrap_or_default().to_owned();
        ready(query).unwrap().page().unwrap().hits.iter().map(body).collect()
    }

    #[test]
    fn by_time_by_words_and_by_meaning() {
        assert_eq!(found(""), ["north-east", "north", "east"]);
        assert_eq!(found("order=oldest"), ["east", "north", "north-east"]);
        assert_eq!(found("q=north"), ["north-east", "north"]);
        assert_eq!(found("meaning=north"), ["north", "north-east", "east"]);
        assert_eq!(found("meaning=east&product=app&limit=1"), ["east"]);
        // Not the record itself.
        assert_eq!(found(&format!("like={}", record(1))), ["north-east", "north"]);
    }

    #[test]
    fn pages_go_on_behind_their_cursors() {
        for query in ["limit=2", "limit=2&meaning=north", "limit=2&order=oldest"] {
            let first = ready(query).unwrap();
            let page = first.page().unwrap();
            assert_eq!((page.hits.len(), page.total), (2, Some(3)), "{query}");
            let address = first.asked.behind(page.next.unwrap()).address("/x");
            let next = ready(address.split_once('?').unwrap().1).unwrap().page().unwrap();
            assert_eq!((next.hits.len(), next.next), (1, None), "{query}");
        }
    }

    #[test]
    fn all_of_it_is_shown_until_somebody_stops() {
        for (query, most) in [("product=app", 3), ("meaning=east", 2)] {
            let mut shown = 0;
            let mut show = |_: &Hit| {
                shown += 1;
                ControlFlow::Continue(())
            };
            ready(query).unwrap().walk(2, &mut show).unwrap();
            assert_eq!(shown, most, "{query}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_told() {
        let status = |query: &str| ready(query).map(|_| ()).unwrap_err().status;
        assert_eq!(status("meaning=nothing"), StatusCode::BAD_REQUEST);
        assert_eq!(status("like=0"), StatusCode::BAD_REQUEST, "several");
        assert_eq!(status("like=f"), StatusCode::NOT_FOUND);
    }
}
