//! The figures as text.

use super::figures::{ALL, Export, Figures, IN_TIME, Load, MEANING_IN_TIME, Pages, Route, Streamed};
use super::hooks::Hooks;
use super::latency::Times;
use super::oracle::Tally;
use super::visits::Sort;
use std::fmt::{Display, Formatter, Result};

impl Display for Figures {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let tables = &self.tables;
        writeln!(f, "{}\n{}, profile {}, {}\n", self.machine, self.binary, self.profile, self.date)?;
        writeln!(
            f,
            "{} facts of {} messages, with vectors of {} numbers; made by profile {}:",
            tables.facts,
            tables.messages,
            tables.dimensions(),
            tables.profile
        )?;
        for step in &tables.steps {
            writeln!(f, "  {:<28}{:>8.1} s{:>8.0} MiB", step.name, step.seconds, step.peak_mib)?;
        }
        if let Some(pages) = &self.pages {
            write!(f, "\n{pages}")?;
        }
        for hooks in &self.hooks {
            write!(f, "\n{hooks}")?;
        }
        writeln!(f, "\nrepeats that nobody sent: {}", self.repeats)
    }
}

impl Display for Pages {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let start = &self.start;
        writeln!(
            f,
            "The server listened after {:.1} s and had {} records in memory after {:.1} s: {:.0} MiB of them, {:.0} MiB \
             resident, {:.0} MiB at most until then. Its jobs had their first turn after {:.1} s; {:.0} MiB at most.",
            start.listens_seconds,
            start.records,
            start.loaded_seconds,
            start.records_mib,
            start.resident_mib,
            start.peak_mib,
            start.settled_seconds,
            start.settled_peak_mib
        )?;
        if let Some(stream) = &self.stream {
            write!(f, "{stream}")?;
        }
        self.loads.iter().try_for_each(|load| write!(f, "\n{load}"))?;
        self.exports.iter().try_for_each(|export| write!(f, "\n{export}"))?;
        if !self.unasked.is_empty() {
            writeln!(f, "\nOf the API nobody asked for {}.", self.unasked.join(", "))?;
        }
        writeln!(f, "\nThe server's most memory: {:.0} MiB.", self.peak_mib)
    }
}

impl Display for Streamed {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(
            f,
            "Meanwhile {:.0} events a second for {:.0} s; {} were not committed at the end; the worker took {:.1} s of \
             processor and {:.0} MiB. {}",
            self.events_per_second,
            self.seconds,
            self.lag,
            self.worker_cpu_seconds,
            self.worker_peak_mib,
            self.tally
        )
    }
}

impl Display for Load {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(
            f,
            "{}: {:.1} requests a second for {:.0} s",
            self.name, self.requests_per_second, self.seconds
        )?;
        writeln!(
            f,
            "{:<32}{:>8}{:>8}{:>9}{:>9}{:>9}{:>9}{:>9}",
            "", "n", "failed", "p50 ms", "p95 ms", "p99 ms", "max ms", "KiB"
        )?;
        self.routes.iter().try_for_each(|route| write!(f, "{route}"))?;
        for (status, address) in &self.failures {
            let status = status.map_or("no answer".to_owned(), |status| status.to_string());
            writeln!(f, "  failed: {status} {address}")?;
        }
        let slowest = self
            .slowest()
            .into_iter()
            .map(|Route { route, times, answers, .. }| format!("{route} {:.0} ms of {answers}", times.p95));
        writeln!(f, "slowest by p95: {}", slowest.collect::<Vec<_>>().join("; "))?;
        let percent = |share: f64| 100.0 * share;
        writeln!(
            f,
            "within {} ms: {:.2}% of pages, {:.2}% of the API, {:.2}% of both; within {} ms: {:.2}% by meaning",
            IN_TIME.as_millis(),
            percent(self.pages_in_time),
            percent(self.api_in_time),
            percent(self.in_time),
            MEANING_IN_TIME.as_millis(),
            percent(self.meaning_in_time)
        )?;
        writeln!(
            f,
            "server {:.1} s of processor, {:.0} MiB at most; clients {:.1} s",
            self.server_cpu_seconds, self.server_mib, self.client_cpu_seconds
        )
    }
}

impl Display for Route {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let name = match (self.route, self.sort) {
            (ALL, Sort::Page) => "pages",
            (ALL, Sort::Api) => "API",
            (ALL, Sort::Meaning) => "by meaning",
            (ALL, Sort::File) => "files",
            (route, _) => &format!("  {route}"),
        };
        let Times { p50, p95, p99, max } = self.times;
        write!(f, "{name:<32}{:>8}{:>8}", self.answers, self.failed)?;
        writeln!(f, "{p50:>9.1}{p95:>9.1}{p99:>9.1}{max:>9.1}{:>9.1}", self.kib)
    }
}

impl Display for Export {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(
            f,
            "{}: {:.1} MiB in {:.1} s, {:.1} MiB/s; the server held {:.0} MiB before and {:.0} MiB at most",
            self.path,
            self.mib,
            self.seconds,
            self.mib / self.seconds,
            self.before_mib,
            self.server_mib
        )
    }
}

impl Display for Hooks {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Times { p50, p95, p99, max } = self.times;
        writeln!(
            f,
            "Webhooks into {}, {} a second asked: {:.1} a second durable over {:.1} s; p50 {p50:.1}, p95 {p95:.1}, p99 \
             {p99:.1}, max {max:.1} ms",
            self.into, self.asked_per_second, self.taken_per_second, self.seconds
        )?;
        let statuses: Vec<String> =
            self.statuses.iter().map(|(status, n)| format!("{n} of {status}")).collect();
        writeln!(
            f,
            "  answers: {}; server {:.1} s of processor, {:.0} MiB at most; sender {:.1} s\n  {}",
            statuses.join(", "),
            self.server_cpu_seconds,
            self.server_mib,
            self.sender_cpu_seconds,
            self.tally
        )
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self { sent, taken, lost, doubled, invented, unanswered } = self;
        write!(
            f,
            "Oracle: {sent} sent, {taken} taken, {lost} lost, {doubled} doubled, {invented} invented; {unanswered} in the \
             tables without an answer."
        )
    }
}
