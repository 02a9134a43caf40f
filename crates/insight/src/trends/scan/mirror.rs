//! The episodes of a history of which a change may be but the mirror image.

use super::{Found, Least, PLAINLY, Scanner, Work, are_apart};
use crate::trends::cells::Cells;
use std::ops::Range;

/// Episodes beside `found`, the other way, that explain it: against days with an outage among them all others look
/// better, and `found` may be just that. At most `most` of them; none where `found` stands by itself.
///
/// One explains it where it stands out more than `found` does. Of several none may, for each is measured against
/// days with the others among them: so the strongest is taken out, then the strongest in what is left, until one of
/// them stands out plainly more than `found` still does beside days without those before it. Several must look
/// like episodes and not like what is usual: together they take no more of the study than one may, and at most
/// half of the days beside `found`. A change for good keeps standing out however the days before it are cut.
#[must_use]
pub fn mirrored(cells: &Cells, found: &Found, least: Least, most: usize) -> Vec<Range<usize>> {
    let longest = longest_episode(cells.days());
    let room = longest.min(days_beside(cells, &found.window) / 2);
    // A long window may take in parts of several and all the room: shorter ones tell them apart.
    let lengths = std::iter::once(longest).chain((2..=most).map(|parts| room.div_ceil(parts)));
    let mut tries = lengths.map(|longest| Search { cells, found, least, most, room }.explain(longest));
    tries.find(|episodes| !episodes.is_empty()).unwrap_or_default()
}

/// Episodes take at most a quarter of the study.
pub(super) fn longest_episode(days: usize) -> usize {
    days / 4
}

struct Search<'a> {
    cells: &'a Cells,
    found: &'a Found,
    least: Least,
    most: usize,
    /// Days that several episodes may take together.
    room: usize,
}

impl Search<'_> {
    /// With episodes of at most `longest` days.
    fn explain(&self, longest: usize) -> Vec<Range<usize>> {
        let mut windows = episodes_beside(self.cells.days(), longest, &self.found.window);
        let (mut rest, mut taken, mut left) = (self.cells.clone(), Vec::new(), self.found.statistic);
        while taken.len() < self.most {
            let Some(episode) = self.strongest(&rest, &windows, Some(!self.found.is_up())) else { break };
            rest = rest.without(&episode.window);
            windows.retain(|window| are_apart(window, &episode.window));
            taken.push(episode.window);
            if episode.statistic > left {
                return taken;
            }
            let length: usize = taken.iter().map(ExactSizeIterator::len).sum();
            if length > self.room {
                break;
            }
            windows.retain(|window| length + window.len() <= self.room);
            match self.strongest(&rest, std::slice::from_ref(&self.found.window), None) {
                Some(still) if still.is_up() == self.found.is_up() => left = still.statistic + PLAINLY,
                // Beside the other days it is nothing, or the reverse.
                Some(_) => return taken,
                // Too little is left to tell one from the other.
                None => break,
            }
        }
        Vec::new()
    }

    /// The window that stands out most, in one direction where `up` names it.
    fn strongest(&self, cells: &Cells, windows: &[Range<usize>], up: Option<bool>) -> Option<Found> {
        let scanner = Scanner { up, ..Scanner::new(cells, windows, self.least) };
        scanner.most_unusual(cells.all_events(), &mut Work::default())
    }
}

/// Every window that may be an episode and has no day of `found`.
fn episodes_beside(days: usize, longest: usize, found: &Range<usize>) -> Vec<Range<usize>> {
    let lengths = (1..=14).chain((21..).step_by(7)).take_while(|length| *length <= longest);
    let all = lengths.flat_map(|length| (0..=days - length).map(move |start| start..start + length));
    all.filter(|window| are_apart(window, found)).collect()
}

/// Days with exposure that are not `found`'s.
fn days_beside(cells: &Cells, found: &Range<usize>) -> usize {
    let is_known = |day: &usize| (0..cells.strata()).any(|stratum| cells.exposure(stratum)[*day] > 0);
    (0..cells.days()).filter(|day| !found.contains(day)).filter(is_known).count()
}
