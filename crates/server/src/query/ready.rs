//! A list that can be answered: what was asked, looked up in the other rooms.

use super::Asked;
use super::names::{self, Named};
use crate::live::Reading;
use crate::problem::Problem;
use crate::state::App;
use axum::http::StatusCode;
use feedback::ids::Id;
use insight::InsightError;
use insight::report::Filter;
use insight::shelf::{Hit, Hits, Meaning, Page, Query, Search, Shelf, Text};
use std::ops::ControlFlow;
use std::sync::Arc;

/// Below this a record is not called alike, and no list by meaning has it. Cosines of 64 numbers that have nothing to do with
/// each other are spread by an eighth around nothing: one pair in a hundred reaches this by chance. At half of what lies
/// between it and the same, reports are of one case ([`insight::cases::CaseRules`]).
pub const ALIKE: f32 = 0.3;

/// [`Problem::reason`] where a record is named to which nothing can be like.
pub const NOTHING_TO_COMPARE: &str = "nothing_to_compare";

/// Whether a record belongs to its list: of one by meaning, whether it is near enough.
#[must_use]
pub fn is_alike(hit: &Hit) -> bool {
    hit.likeness.is_none_or(|likeness| likeness >= ALIKE)
}

/// A part of a list.
pub struct Found {
    /// By meaning, those that are near enough; counted is all that could be compared.
    pub hits: Hits,
    /// How alike the first was, near enough or not; `None` of a list that is not by meaning.
    pub nearest: Option<f32>,
}

impl From<Hits> for Found {
    fn from(mut hits: Hits) -> Self {
        let nearest = hits.hits.first().and_then(|hit| hit.likeness);
        let found = hits.hits.len();
        hits.hits.retain(is_alike);
        if hits.hits.len() < found {
            // Behind what is not near enough nothing is nearer.
            hits.next = None;
        }
        Self { hits, nearest }
    }
}

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
    /// 400 for what nothing has, and for texts without a word that is known; 404 for a record that is not there, 422 for
    /// one that nothing can be compared with.
    pub async fn of(app: &App, asked: Asked) -> Result<Self, Problem> {
        let filter = if asked.filter.asks_for_cases() {
            app.desk.of_cases(asked.filter.clone()).await?
        } else {
            asked.filter.clone()
        };
        let app = app.clone();
        let look_up = move || {
            let shelf = app.live.shelf();
            names::check(&filter, &shelf, &Named::of(&app))?;
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
    pub fn page(&self) -> Result<Found, Problem> {
        let Asked { order, cursor, limit, .. } = &self.asked;
        let hits = match &self.nearest {
            Some((meaning, but)) => self.shelf.nearest(&self.query, meaning, *but, *cursor, *limit),
            None => {
                let page = Page { order: *order, after: *cursor, limit: *limit, count: true };
                self.shelf.list(&self.query, &page)
            }
        };
        hits.map(Found::from).map_err(Problem::internal)
    }

    /// All of the list, as far as whoever shows it goes on; of one by meaning the nearest `most`, as far as they are alike.
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
        let _ = hits.iter().take_while(|hit| is_alike(hit)).try_for_each(show);
        Ok(())
    }
}

fn like_record(shelf: &Shelf, beginning: &str) -> Result<(Meaning, Option<Id>), Problem> {
    let hit = one(shelf, beginning)?;
    let meaning = hit.meaning().ok_or_else(|| nothing_to_compare(&hit))?;
    Ok((meaning, Some(hit.id())))
}

/// The record is there, and what was asked of it has no answer.
fn nothing_to_compare(hit: &Hit) -> Problem {
    let row = hit.row();
    let why = match row.text(Text::Title).or(row.text(Text::Body)) {
        None => "this record has no words to compare, so that nothing can be like it",
        Some(_) => "of the words of this record the encoder knew none, so that nothing can be like it",
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, why).because(NOTHING_TO_COMPARE)
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
fn one(shelf: &Shelf, beginning: &str) -> Result<Hit, Problem> {
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
    use crate::query::testing::{record, shelf, speechless};

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
        ready_of(shelf(), query)
    }

    fn ready_of(shelf: Shelf, query: &str) -> Result<Ready, Problem> {
        let asked = Asked::parse(query)?;
        Ready::new(asked.clone(), asked.filter, Arc::new(shelf), &Two)
    }

    fn found(query: &str) -> Vec<String> {
        let body = |hit: &Hit| hit.row().text(Text::Body).unwrap_or_default().to_owned();
        ready(query).unwrap().page().unwrap().hits.hits.iter().map(body).collect()
    }

    #[test]
    fn by_time_by_words_and_by_meaning() {
        assert_eq!(found(""), ["north-east", "north", "east"]);
        assert_eq!(found("order=oldest"), ["east", "north", "north-east"]);
        assert_eq!(found("q=north"), ["north-east", "north"]);
        assert_eq!(found("meaning=north"), ["north", "north-east"], "what is far is not alike");
        assert_eq!(found("meaning=east&product=app&limit=1"), ["east"]);
        // Not the record itself.
        assert_eq!(found(&format!("like={}", record(1))), ["north-east"]);
    }

    #[test]
    fn pages_go_on_behind_their_cursors() {
        for (query, left) in [("limit=2", 1), ("limit=2&meaning=north", 0), ("limit=2&order=oldest", 1)] {
            let first = ready(query).unwrap();
            let page = first.page().unwrap().hits;
            assert_eq!((page.hits.len(), page.total), (2, Some(3)), "{query}");
            let address = first.asked.behind(page.next.unwrap()).address("/x");
            let next = ready(address.split_once('?').unwrap().1).unwrap().page().unwrap().hits;
            assert_eq!((next.hits.len(), next.next), (left, None), "{query}");
        }
    }

    #[test]
    fn what_is_nearest_is_told_though_it_is_too_far() {
        let far = ready(&format!("like={}&q=north&limit=1", record(1))).unwrap().page().unwrap();
        assert_eq!(far.hits.hits.len(), 1);
        let far = ready(&format!("like={}&q=north+-east", record(1))).unwrap().page().unwrap();
        assert_eq!((far.hits.hits.len(), far.hits.total, far.hits.next), (0, Some(1), None));
        assert!(far.nearest.unwrap().abs() < 0.01);
        assert_eq!(ready("").unwrap().page().unwrap().nearest, None);
    }

    #[test]
    fn all_of_it_is_shown_until_somebody_stops() {
        for (query, at_most, most) in [("product=app", 2, 3), ("meaning=east", 1, 1), ("meaning=east", 9, 2)]
        {
            let mut shown = 0;
            let mut show = |_: &Hit| {
                shown += 1;
                ControlFlow::Continue(())
            };
            ready(query).unwrap().walk(at_most, &mut show).unwrap();
            assert_eq!(shown, most, "{query} {at_most}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_told() {
        let status = |query: &str| ready(query).map(|_| ()).unwrap_err().status;
        assert_eq!(status("meaning=nothing"), StatusCode::BAD_REQUEST);
        assert_eq!(status("like=0"), StatusCode::BAD_REQUEST, "several");
        assert_eq!(status("like=f"), StatusCode::NOT_FOUND);
    }

    #[test]
    fn to_a_record_without_known_words_nothing_is_like() {
        for (number, why) in [(1, "has no words to compare"), (2, "the encoder knew none")] {
            let problem =
                ready_of(speechless(), &format!("like={}", record(number))).map(|_| ()).unwrap_err();
            assert_eq!(problem.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(problem.reason, Some(NOTHING_TO_COMPARE));
            assert!(problem.detail.contains(why), "{problem:?}");
        }
    }
}
