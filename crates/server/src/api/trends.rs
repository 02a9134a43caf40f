//! `/v1/trends`: records by day or week, with their sentiment.

mod export;

use super::records::{RecordsQuery, View};
use crate::auth::Caller;
use crate::desk::Date;
use crate::problem::{CONTENT_TYPE, Problem};
use crate::query::{Asked, Ready};
use crate::state::{App, now};
use crate::topics::IntervalShown;
use axum::Json;
use axum::extract::{RawQuery, State};
use feedback::time::Day;
use insight::report::Period;
use insight::shelf::{DayCount, Tally};
use insight::stats::proportion::Proportion;
use insight::stats::{Interval, SUPPRESSED};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Days where the query names none, up to today.
const USUAL_DAYS: i32 = 84;
const MOST_DAYS: i32 = 3_660;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_trends)).merge(export::routes())
}

/// A series without holes: what has no record has a point, too.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Trends {
    pub by: By,
    pub from: Date,
    pub to: Date,
    pub items: Vec<TrendPoint>,
    #[serde(flatten)]
    pub view: View,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TrendsBy)]
pub enum By {
    Day,
    /// ISO weeks; the first and the last may be cut.
    Week,
}

/// The same fields with these days list its records at `/v1/records`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TrendPoint {
    pub from: Date,
    pub to: Date,
    /// It is not over yet.
    pub is_partial: bool,
    pub records: u64,
    /// Those whose sentiment is known: of what is said on the topic where one is named, else of the record.
    pub judged: u64,
    pub negative: TrendShare,
    pub neutral: TrendShare,
    pub positive: TrendShare,
}

/// Of the judged ones. Below 5 of them only the number is told.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TrendShare {
    pub hits: u64,
    #[schema(required = true)]
    pub share: Option<f64>,
    /// Wilson's, of 95%.
    #[schema(value_type = Option<IntervalShown>, required = true)]
    pub interval: Option<Interval>,
}

/// What a point of the series is of.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ByQuery {
    /// `day` where nothing is said
    pub by: Option<By>,
}

/// Count records by day or week.
///
/// Which records is said as at `/v1/records`, by the same fields; `order`, `cursor` and `limit` are of no use here, and
/// nothing is counted by meaning. Without days the last twelve weeks are counted, today included.
#[utoipa::path(
    get,
    path = "/v1/trends",
    tag = "insights",
    params(RecordsQuery, ByQuery),
    responses(
        (status = 200, description = "The series", body = Trends),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such case", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn get_trends(
    State(app): State<App>,
    _caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Trends>, Problem> {
    let query = query.unwrap_or_default();
    let (by, today) = (by(&query)?, now().day());
    let mut asked = Asked::parse_with(&query, &["by"])?;
    if asked.is_by_meaning() {
        return Err(Problem::bad_request("nothing is counted by meaning: leave meaning and like out"));
    }
    let days = days(asked.filter.from, asked.filter.to, today)?;
    (asked.filter.from, asked.filter.to) = (Some(days.from), Some(days.to));
    let ready = Ready::of(&app, asked).await?;
    let view = View::of(&app);
    let count = move || {
        let counted = ready.shelf.series(&ready.query).map_err(Problem::internal)?;
        let items = points(&counted, days, by, today);
        Ok::<_, Problem>(Trends { by, from: Date(days.from), to: Date(days.to), items, view })
    };
    Ok(Json(tokio::task::spawn_blocking(count).await??))
}

fn by(query: &str) -> Result<By, Problem> {
    let mut given =
        form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "by").map(|(_, value)| value);
    let (value, again) = (given.next(), given.next());
    match (value.as_deref(), again) {
        (_, Some(_)) => Err(Problem::bad_request("by is given twice: it takes one value")),
        (None | Some("" | "day"), None) => Ok(By::Day),
        (Some("week"), None) => Ok(By::Week),
        (Some(_), None) => Err(Problem::bad_request("by: expected day or week")),
    }
}

fn days(from: Option<Day>, to: Option<Day>, today: Day) -> Result<Period, Problem> {
    let to = to.unwrap_or_else(|| from.map_or(today, |from| today.max(from)));
    let from = from.unwrap_or_else(|| to.plus(1 - USUAL_DAYS));
    let days = Period { from, to };
    if days.days() > MOST_DAYS {
        return Err(Problem::bad_request(format!(
            "at most {MOST_DAYS} days are counted at once: name from and to"
        )));
    }
    Ok(days)
}

fn points(counted: &[DayCount], days: Period, by: By, today: Day) -> Vec<TrendPoint> {
    let mut counted = counted.iter().peekable();
    let parts: Vec<Period> = match by {
        By::Day => (days.from.0..=days.to.0).map(|day| Period { from: Day(day), to: Day(day) }).collect(),
        By::Week => days.weeks(),
    };
    // Both are in the order of time.
    let mut point = |part: Period| {
        let mut tally = Tally::default();
        while let Some(count) = counted.next_if(|count| count.day <= part.to) {
            tally += count.tally;
        }
        self::point(part, tally, today)
    };
    parts.into_iter().map(&mut point).collect()
}

fn point(days: Period, tally: Tally, today: Day) -> TrendPoint {
    let judged = tally.negative + tally.neutral + tally.positive;
    let share = |hits: u64| {
        let part = Proportion::new(hits, judged);
        let is_shown = judged >= SUPPRESSED;
        TrendShare { hits, share: is_shown.then(|| part.share()), interval: is_shown.then(|| part.wilson()) }
    };
    TrendPoint {
        from: Date(days.from),
        to: Date(days.to),
        is_partial: days.to >= today,
        records: tally.records,
        judged,
        negative: share(tally.negative),
        neutral: share(tally.neutral),
        positive: share(tally.positive),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_the_last_weeks_unless_they_are_named() {
        let today = Day(20_545);
        let told = |from: Option<i32>, to: Option<i32>| {
            days(from.map(Day), to.map(Day), today).map(|days| (days.from.0, days.to.0)).ok()
        };
        assert_eq!(told(None, None), Some((20_462, 20_545)));
        assert_eq!(told(Some(20_500), None), Some((20_500, 20_545)));
        assert_eq!(told(None, Some(20_100)), Some((20_017, 20_100)));
        assert_eq!(told(Some(20_600), None), Some((20_600, 20_600)), "of days to come there is nothing");
        assert_eq!(told(Some(0), None), None);
    }

    #[test]
    fn by_is_a_day_or_a_week() {
        assert_eq!(by("").ok(), Some(By::Day));
        assert_eq!(by("topic=a&by=week").ok(), Some(By::Week));
        assert!(by("by=hour").is_err() && by("by=day&by=day").is_err());
    }

    proptest! {
        /// Every record is in one point, and the points follow each other without a hole.
        #[test]
        fn points_are_the_days_put_together(
            counts in prop::collection::vec((0_u64..9, 0_u64..9, 0_u64..9), 1..40),
            first in 20_500_i32..20_507,
            is_week in any::<bool>(),
        ) {
            let count = |(at, (negative, neutral, unknown)): (usize, &(u64, u64, u64))| {
                let records = negative + neutral + unknown;
                let tally = Tally { records, negative: *negative, neutral: *neutral, positive: 0, unknown: *unknown };
                DayCount { day: Day(first + at as i32), tally, scores: Vec::new() }
            };
            let counted: Vec<DayCount> = counts.iter().enumerate().filter(|(at, _)| at % 3 > 0).map(count).collect();
            let days = Period { from: Day(first), to: Day(first + counts.len() as i32 - 1) };
            let by = if is_week { By::Week } else { By::Day };
            let points = points(&counted, days, by, days.to);
            let records = counted.iter().map(|day| day.tally.records).sum::<u64>();
            prop_assert_eq!(points.iter().map(|point| point.records).sum::<u64>(), records);
            prop_assert!(points.windows(2).all(|pair| pair[0].to.0.plus(1) == pair[1].from.0));
            prop_assert_eq!((points[0].from.0, points[points.len() - 1].to.0), (days.from, days.to));
            for point in &points {
                prop_assert_eq!(point.negative.share.is_some(), point.judged >= 5);
                let shares = [&point.negative, &point.neutral, &point.positive];
                prop_assert_eq!(shares.map(|share| share.hits).iter().sum::<u64>(), point.judged);
            }
            prop_assert!(points[points.len() - 1].is_partial);
        }
    }
}
