//! What the server counts of itself, and what `/metrics` tells of it and of whoever works beside it.

mod help;
mod text;

pub use help::help;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use text::Families;

/// Counters of others, each name with its labels, as `verbatim_serve_job_runs_total{job="rollup"}`. Asked at each look.
pub type Counters = Box<dyn Fn() -> Vec<(String, u64)> + Send + Sync>;

/// Upper ends of the histogram's parts, in milliseconds and as they are written in seconds. Pages are meant to take less
/// than 150 ms, a search by meaning less than 400.
const BUCKETS: [(u64, &str); 12] = [
    (5, "0.005"),
    (10, "0.01"),
    (25, "0.025"),
    (50, "0.05"),
    (100, "0.1"),
    (150, "0.15"),
    (250, "0.25"),
    (400, "0.4"),
    (1_000, "1"),
    (2_500, "2.5"),
    (10_000, "10"),
    (30_000, "30"),
];

/// Routes that requests without one are counted as.
const NO_ROUTE: &str = "none";

/// Counters since the start.
#[derive(Default)]
pub struct ServerMetrics {
    /// By the pattern that was matched, of which there are as many as routes.
    routes: RwLock<HashMap<String, Arc<Route>>>,
    /// Requests under way.
    pub(crate) running: AtomicU64,
    /// Open now, and all that there ever were.
    pub(crate) connections: AtomicU64,
    pub(crate) accepted: AtomicU64,
    /// Connections that were cut: a head that did not come, an answer that nobody took.
    pub(crate) cut: AtomicU64,
    /// Requests that took too long.
    pub(crate) timeouts: AtomicU64,
    /// Handlers that broke off by a defect.
    pub(crate) panics: AtomicU64,
    others: RwLock<Vec<Counters>>,
}

#[derive(Debug, Default)]
struct Route {
    /// 1xx to 5xx.
    classes: [AtomicU64; 5],
    /// Of each part by itself; the last is beyond them all.
    parts: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
}

impl ServerMetrics {
    /// Tells of these as well from now on.
    pub fn join(&self, counters: Counters) {
        self.others.write().unwrap_or_else(PoisonError::into_inner).push(counters);
    }

    pub(crate) fn answered(&self, route: Option<&str>, status: u16, took: Duration) {
        let route = self.route(route.unwrap_or(NO_ROUTE));
        if let Some(class) = route.classes.get(usize::from(status / 100).wrapping_sub(1)) {
            add(class);
        }
        let part = BUCKETS.partition_point(|(end, _)| Duration::from_millis(*end) < took);
        add(&route.parts[part]);
        route.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn route(&self, name: &str) -> Arc<Route> {
        // Plain numbers: whoever panicked left them whole.
        if let Some(route) = self.routes.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Arc::clone(route);
        }
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(routes.entry(name.to_owned()).or_default())
    }

    /// Prometheus' text format, version 0.0.4.
    #[must_use]
    pub fn render(&self) -> String {
        let mut families = Families::default();
        self.write_own(&mut families);
        self.write_routes(&mut families);
        for counters in self.others.read().unwrap_or_else(PoisonError::into_inner).iter() {
            counters().into_iter().for_each(|(name, value)| families.joined(&name, value));
        }
        families.written()
    }

    fn write_own(&self, families: &mut Families) {
        for (name, help, counter) in [
            ("verbatim_http_running_requests", "Requests under way", &self.running),
            ("verbatim_http_open_connections", "Connections that are open", &self.connections),
            ("verbatim_http_connections_total", "Connections that were accepted", &self.accepted),
            (
                "verbatim_http_cut_connections_total",
                "Connections that were cut for being slow or broken",
                &self.cut,
            ),
            ("verbatim_http_timeouts_total", "Requests that took too long", &self.timeouts),
            ("verbatim_http_panics_total", "Requests that broke off by a defect", &self.panics),
        ] {
            families.plain(name, help, &[], read(counter).to_string());
        }
    }

    fn write_routes(&self, families: &mut Families) {
        let mut routes: Vec<(String, Arc<Route>)> = {
            let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
            routes.iter().map(|(name, route)| (name.clone(), Arc::clone(route))).collect()
        };
        routes.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, route) in &routes {
            for (class, counter) in ["1xx", "2xx", "3xx", "4xx", "5xx"].into_iter().zip(&route.classes) {
                let count = read(counter);
                if count > 0 {
                    let labels = [("route", name.as_str()), ("status", class)];
                    families.plain(
                        "verbatim_http_requests_total",
                        "Requests that were answered",
                        &labels,
                        count.to_string(),
                    );
                }
            }
            route.write_histogram(name, families);
        }
    }
}

impl Route {
    fn write_histogram(&self, route: &str, families: &mut Families) {
        let family = "verbatim_http_request_duration_seconds";
        let help = "From a request's head to the head of its answer";
        let mut below = 0;
        let ends = BUCKETS.iter().map(|(_, end)| *end).chain(["+Inf"]);
        for (end, part) in ends.zip(&self.parts) {
            below += read(part);
            families.histogram(family, help, "_bucket", &[("route", route), ("le", end)], below.to_string());
        }
        let seconds = Duration::from_micros(read(&self.micros)).as_secs_f64();
        families.histogram(family, help, "_sum", &[("route", route)], seconds.to_string());
        families.histogram(family, help, "_count", &[("route", route)], below.to_string());
    }
}

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

/// Something that goes on, counted as long as this lives.
pub(crate) struct Under<'c>(&'c AtomicU64);

impl<'c> Under<'c> {
    pub fn way(counter: &'c AtomicU64) -> Self {
        counter.fetch_add(1, Ordering::Relaxed);
        Self(counter)
    }
}

impl Drop for Under<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_told_as_prometheus_reads_it() {
        let metrics = ServerMetrics::default();
        metrics.answered(Some("/v1/records"), 200, Duration::from_millis(5));
        metrics.answered(Some("/v1/records"), 200, Duration::from_micros(150_001));
        metrics.answered(Some("/v1/records"), 503, Duration::from_secs(31));
        metrics.answered(None, 404, Duration::ZERO);
        metrics.accepted.fetch_add(3, Ordering::Relaxed);
        metrics.join(Box::new(|| {
            vec![
                ("verbatim_serve_job_runs_total{job=\"alerts\"}".to_owned(), 7),
                ("verbatim_deliver_running_attempts".to_owned(), 1),
                ("verbatim_serve_job_runs_total{job=\"rollup\"}".to_owned(), 2),
            ]
        }));
        let _running = Under::way(&metrics.running);
        let text = metrics.render();
        for line in [
            "# TYPE verbatim_http_requests_total counter",
            "verbatim_http_requests_total{route=\"/v1/records\",status=\"2xx\"} 2",
            "verbatim_http_requests_total{route=\"/v1/records\",status=\"5xx\"} 1",
            "verbatim_http_requests_total{route=\"none\",status=\"4xx\"} 1",
            "# TYPE verbatim_http_request_duration_seconds histogram",
            "verbatim_http_request_duration_seconds_bucket{route=\"/v1/records\",le=\"0.005\"} 1",
            "verbatim_http_request_duration_seconds_bucket{route=\"/v1/records\",le=\"0.15\"} 1",
            "verbatim_http_request_duration_seconds_bucket{route=\"/v1/records\",le=\"0.25\"} 2",
            "verbatim_http_request_duration_seconds_bucket{route=\"/v1/records\",le=\"+Inf\"} 3",
            "verbatim_http_request_duration_seconds_sum{route=\"/v1/records\"} 31.155001",
            "verbatim_http_request_duration_seconds_count{route=\"/v1/records\"} 3",
            "# TYPE verbatim_http_running_requests gauge",
            "verbatim_http_running_requests 1",
            "verbatim_http_connections_total 3",
            "# HELP verbatim_serve_job_runs_total Times that a scheduled job had something to do and did it, by job.",
            "verbatim_serve_job_runs_total{job=\"alerts\"} 7",
            "verbatim_deliver_running_attempts 1",
        ] {
            assert!(text.lines().any(|told| told == line), "{line}\n{text}");
        }
        let heads: Vec<&str> = text.lines().filter(|line| line.starts_with("# TYPE")).collect();
        assert!(heads.is_sorted_by(|a, b| a < b), "each family once: {heads:?}");
    }

    #[test]
    fn what_goes_on_is_counted_until_it_is_over() {
        let counter = AtomicU64::new(0);
        let one = Under::way(&counter);
        {
            let _other = Under::way(&counter);
            assert_eq!(read(&counter), 2);
        }
        drop(one);
        assert_eq!(read(&counter), 0);
    }

    #[test]
    fn a_histogram_never_falls_and_ends_with_all() {
        let metrics = ServerMetrics::default();
        for millis in [0, 1, 5, 6, 149, 150, 151, 400, 30_000, 30_001, 1_000_000] {
            metrics.answered(Some("/x"), 200, Duration::from_millis(millis));
        }
        let text = metrics.render();
        let parts: Vec<u64> = text
            .lines()
            .filter(|line| line.contains("_seconds_bucket{"))
            .map(|line| line.rsplit_once(' ').unwrap().1.parse().unwrap())
            .collect();
        assert_eq!(parts.len(), BUCKETS.len() + 1);
        assert!(parts.is_sorted() && parts.last() == Some(&11), "{parts:?}");
        let below = |end: &str| {
            let line = text.lines().find(|line| line.contains(&format!("le=\"{end}\""))).unwrap();
            line.rsplit_once(' ').unwrap().1.to_owned()
        };
        assert_eq!(
            (below("0.005"), below("0.15"), below("30")),
            ("3".to_owned(), "6".to_owned(), "9".to_owned())
        );
    }
}
