//! The figures of one run, for people and for programs.

use super::base::Made;
use super::hooks::Hooks;
use super::latency::Times;
use super::load::Done;
use super::oracle::Tally;
use super::server::Start;
use super::visits::{Sort, Visit};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// What the answers are held against: pages and the API, and search by meaning.
pub const IN_TIME: Duration = Duration::from_millis(150);
pub const MEANING_IN_TIME: Duration = Duration::from_millis(400);

/// Of a load, told with their addresses.
const FAILURES: usize = 5;
/// Routes of a load that are told once more.
const SLOWEST: usize = 5;

#[derive(Debug, Serialize)]
pub struct Figures {
    pub machine: String,
    /// RFC 3339.
    pub date: String,
    pub profile: String,
    pub binary: String,
    pub tables: Made,
    pub pages: Option<Pages>,
    pub hooks: Vec<Hooks>,
    /// Repeats that the tables noted beside the items above; none came.
    pub repeats: u64,
}

/// What was asked of one server, while a worker took events.
#[derive(Debug, Serialize)]
pub struct Pages {
    pub start: Start,
    pub stream: Option<Streamed>,
    pub loads: Vec<Load>,
    pub exports: Vec<Export>,
    /// What the API can be asked for, and was not.
    pub unasked: Vec<String>,
    /// Of the server, over all of it.
    pub peak_mib: f64,
}

/// The events that came meanwhile.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Streamed {
    pub events_per_second: f64,
    pub seconds: f64,
    /// Not committed when the last was sent: a batch waits up to five seconds.
    pub lag: u64,
    pub worker_peak_mib: f64,
    pub worker_cpu_seconds: f64,
    pub tally: Tally,
}

/// One way of asking.
#[derive(Debug, Serialize)]
pub struct Load {
    pub name: String,
    pub seconds: f64,
    pub requests_per_second: f64,
    /// Answers of 200 within 150 ms, of all requests to pages and the API, to pages, and to the API; and within 400 ms, of all
    /// searches by meaning.
    pub in_time: f64,
    pub pages_in_time: f64,
    pub api_in_time: f64,
    pub meaning_in_time: f64,
    pub routes: Vec<Route>,
    /// The first of what was not answered with 200: its status, if any, and its address.
    pub failures: Vec<(Option<u16>, String)>,
    pub server_mib: f64,
    pub server_cpu_seconds: f64,
    pub client_cpu_seconds: f64,
}

#[derive(Debug, Serialize)]
pub struct Route {
    pub sort: Sort,
    pub route: &'static str,
    /// Answers of 200, whose times these are.
    pub answers: usize,
    /// What was answered otherwise, or not at all.
    pub failed: usize,
    #[serde(flatten)]
    pub times: Times,
    /// Of an answer, in the mean.
    pub kib: f64,
}

#[derive(Debug, Serialize)]
pub struct Export {
    pub path: &'static str,
    pub mib: f64,
    pub seconds: f64,
    /// The server's most memory meanwhile, and that at its beginning.
    pub server_mib: f64,
    pub before_mib: f64,
}

/// What a load took of processors and memory.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    pub seconds: f64,
    pub server_mib: f64,
    pub server_cpu_seconds: f64,
    pub client_cpu_seconds: f64,
}

impl Load {
    pub fn new(name: String, done: &[Done<Visit>], spent: Spent) -> Self {
        let in_time = |wanted: &dyn Fn(Sort) -> bool, bound| {
            let of: Vec<&Done<Visit>> = done.iter().filter(|one| wanted(one.of.sort)).collect();
            of.iter().filter(|one| is_fine(one) && one.took < bound).count() as f64 / of.len() as f64
        };
        let failed = done.iter().filter(|one| !is_fine(one)).map(|one| (one.status, one.of.address.clone()));
        Self {
            name,
            seconds: spent.seconds,
            requests_per_second: done.len() as f64 / spent.seconds,
            in_time: in_time(&|sort| matches!(sort, Sort::Page | Sort::Api), IN_TIME),
            pages_in_time: in_time(&|sort| sort == Sort::Page, IN_TIME),
            api_in_time: in_time(&|sort| sort == Sort::Api, IN_TIME),
            meaning_in_time: in_time(&|sort| sort == Sort::Meaning, MEANING_IN_TIME),
            routes: routes(done),
            failures: failed.take(FAILURES).collect(),
            server_mib: spent.server_mib,
            server_cpu_seconds: spent.server_cpu_seconds,
            client_cpu_seconds: spent.client_cpu_seconds,
        }
    }
}

impl Load {
    /// Of what is held against a bound the routes with the greatest 95th percentiles.
    pub fn slowest(&self) -> Vec<&Route> {
        let is_one = |route: &&Route| route.route != ALL && route.sort != Sort::File && route.answers > 0;
        let mut routes: Vec<&Route> = self.routes.iter().filter(is_one).collect();
        routes.sort_by(|a, b| b.times.p95.total_cmp(&a.times.p95));
        routes.truncate(SLOWEST);
        routes
    }
}

fn is_fine<T>(done: &Done<T>) -> bool {
    done.status == Some(200)
}

/// By route, and each sort together.
fn routes(done: &[Done<Visit>]) -> Vec<Route> {
    let mut groups: BTreeMap<(Sort, &'static str), Vec<&Done<Visit>>> = BTreeMap::new();
    for one in done {
        groups.entry((one.of.sort, one.of.route)).or_default().push(one);
        groups.entry((one.of.sort, ALL)).or_default().push(one);
    }
    groups.into_iter().map(|((sort, route), done)| Route::of(sort, route, &done)).collect()
}

/// The name of the line about all of a sort; it stands before the others.
pub const ALL: &str = "";

impl Route {
    fn of(sort: Sort, route: &'static str, done: &[&Done<Visit>]) -> Self {
        let fine: Vec<&&Done<Visit>> = done.iter().filter(|one| is_fine(one)).collect();
        let took: Vec<Duration> = fine.iter().map(|one| one.took).collect();
        let bytes: usize = fine.iter().map(|one| one.bytes).sum();
        Self {
            sort,
            route,
            answers: fine.len(),
            failed: done.len() - fine.len(),
            times: Times::of(&took),
            kib: bytes as f64 / 1024.0 / fine.len() as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_that_was_asked() {
        let done = |sort, route, millis, status| Done {
            of: Visit { sort, route, address: String::new() },
            took: Duration::from_millis(millis),
            status,
            bytes: 2048,
        };
        let all = [
            done(Sort::Page, "/", 20, Some(200)),
            done(Sort::Page, "/", 1, Some(404)),
            done(Sort::Api, "/v1/records", 200, Some(200)),
            done(Sort::Meaning, "/feedback?meaning", 300, Some(200)),
            done(Sort::Meaning, "/feedback?meaning", 3, None),
            done(Sort::File, "/v1/cases.csv|jsonl", 900, Some(200)),
        ];
        let spent = Spent { seconds: 2.0, server_mib: 1.0, server_cpu_seconds: 0.1, client_cpu_seconds: 0.1 };
        let load = Load::new("a load".to_owned(), &all, spent);
        assert!((load.in_time - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!([load.pages_in_time, load.api_in_time, load.meaning_in_time], [0.5, 0.0, 0.5]);
        assert_eq!(load.requests_per_second, 3.0);
        let slowest: Vec<&str> = load.slowest().iter().map(|route| route.route).collect();
        assert_eq!(slowest, ["/feedback?meaning", "/v1/records", "/"]);
        let lines: Vec<_> =
            load.routes.iter().map(|route| (route.route, route.answers, route.failed)).collect();
        let expected = [
            ("", 1, 1),
            ("/", 1, 1),
            ("", 1, 0),
            ("/v1/records", 1, 0),
            ("", 1, 1),
            ("/feedback?meaning", 1, 1),
            ("", 1, 0),
            ("/v1/cases.csv|jsonl", 1, 0),
        ];
        assert_eq!(lines, expected);
        assert!((load.routes[0].kib - 2.0).abs() < 1e-9);
    }
}
