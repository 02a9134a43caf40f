//! Progress on stderr: a bar on a terminal, now and then a plain line elsewhere.

use crate::output::grouped;
use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Between two plain lines.
const PAUSE: Duration = Duration::from_secs(10);

/// indicatif's own has four decimals.
fn rate(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    // What cannot be shown is not worth a word.
    let _ = write!(out, "{}", per_second(state.per_sec()));
}

/// 12345.678 as "12,346/s".
fn per_second(rate: f64) -> String {
    format!("{}/s", grouped(rate.round() as u64))
}

/// 1234567 as "1.18 MiB".
fn size(bytes: u64) -> String {
    HumanBytes(bytes).to_string()
}

pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    /// How a position is written.
    number: fn(u64) -> String,
    plain: Option<Mutex<Instant>>,
}

impl Progress {
    /// `total` of `what`; 0 where it is not known.
    pub fn new(what: &'static str, total: u64) -> Self {
        Self::styled(what, total, grouped, "{prefix:<10} {bar:30} {human_pos} of {human_len}  {rate}  {eta}")
    }

    /// Counts bytes.
    pub fn bytes(what: &'static str, total: u64) -> Self {
        Self::styled(what, total, size, "{prefix:<10} {bar:30} {bytes} of {total_bytes}  {eta}")
    }

    /// Shows nothing.
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), what: "", number: grouped, plain: None }
    }

    fn styled(what: &'static str, total: u64, number: fn(u64) -> String, template: &str) -> Self {
        if !std::io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
            return Self { bar, what, number, plain: Some(Mutex::new(Instant::now())) };
        }
        let bar = ProgressBar::new(total).with_prefix(what);
        let template = if total == 0 { "{prefix:<10} {spinner} {human_pos}  {rate}" } else { template };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.with_key("rate", rate).progress_chars("━╸ "));
        }
        Self { bar, what, number, plain: None }
    }

    pub fn set(&self, position: u64) {
        self.bar.set_position(position);
        let Some(last) = &self.plain else { return };
        // A poisoned lock means that a printing thread died: nothing to keep intact here.
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.elapsed() >= PAUSE {
            *last = Instant::now();
            eprintln!("{}", self.line(position));
        }
    }

    /// "consuming: 12,000 of 30,000".
    fn line(&self, position: u64) -> String {
        let total = self.bar.length().filter(|total| *total > 0);
        let of = total.map(|total| format!(" of {}", (self.number)(total))).unwrap_or_default();
        format!("{}: {}{of}", self.what, (self.number)(position))
    }

    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_whole_and_grouped() {
        assert_eq!([0.0, 0.4, 999.6, 12_345.678].map(per_second), ["0/s", "0/s", "1,000/s", "12,346/s"]);
        let hidden = |total: Option<u64>, number: fn(u64) -> String| Progress {
            bar: ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden()),
            what: "reading",
            number,
            plain: None,
        };
        assert_eq!(hidden(Some(30_000), grouped).line(12_000), "reading: 12,000 of 30,000");
        assert_eq!(hidden(None, grouped).line(12_000), "reading: 12,000");
        assert_eq!(hidden(Some(3 << 20), size).line(1 << 20), "reading: 1.00 MiB of 3.00 MiB");
    }
}
