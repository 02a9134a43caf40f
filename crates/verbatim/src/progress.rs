//! Progress on stderr: a bar on a terminal, now and then a plain line elsewhere.

use crate::output::grouped;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Between two plain lines.
const PAUSE: Duration = Duration::from_secs(10);

/// indicatif's own has four decimals.
fn rate(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    // What cannot be shown is not worth a word.
    let _ = write!(out, "{}/s", grouped(state.per_sec() as u64));
}

pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    plain: Option<Mutex<Instant>>,
}

impl Progress {
    /// `total` of `what`; 0 where it is not known.
    pub fn new(what: &'static str, total: u64) -> Self {
        Self::styled(what, total, "{prefix:<10} {bar:30} {human_pos} of {human_len}  {rate}  {eta}")
    }

    /// Counts bytes.
    pub fn bytes(what: &'static str, total: u64) -> Self {
        Self::styled(what, total, "{prefix:<10} {bar:30} {bytes} of {total_bytes}  {eta}")
    }

    /// Shows nothing.
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), what: "", plain: None }
    }

    fn styled(what: &'static str, total: u64, template: &str) -> Self {
        if !std::io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
            return Self { bar, what, plain: Some(Mutex::new(Instant::now())) };
        }
        let bar = ProgressBar::new(total).with_prefix(what);
        let template = if total == 0 { "{prefix:<10} {spinner} {human_pos}  {rate}" } else { template };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.with_key("rate", rate).progress_chars("━╸ "));
        }
        Self { bar, what, plain: None }
    }

    pub fn set(&self, position: u64) {
        self.bar.set_position(position);
        let Some(last) = &self.plain else { return };
        // A poisoned lock means that a printing thread died: nothing to keep intact here.
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.elapsed() >= PAUSE {
            *last = Instant::now();
            let total = self.bar.length().filter(|total| *total > 0);
            let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
            eprintln!("{}: {position}{of}", self.what);
        }
    }

    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}
