//! Messages that a receiver would refuse for their size lose their last parts, and say so.

use crate::note::{Block, Note};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("even without its details the message has more than {most} bytes: raise `largest` of the target")]
pub struct TooLarge {
    pub most: usize,
}

/// The note rendered within `most` bytes, as `size` counts them: whole where it fits, else with as many of its blocks,
/// from the first, as do.
///
/// # Errors
/// [`TooLarge`] where not even title, summary and links fit.
pub fn fitted<T>(
    note: &Note,
    most: usize,
    render: impl Fn(&Note) -> T,
    size: impl Fn(&T) -> usize,
) -> Result<T, TooLarge> {
    let whole = render(note);
    if size(&whole) <= most {
        return Ok(whole);
    }
    for kept in (0..note.blocks.len()).rev() {
        let mut shorter = note.clone();
        shorter.blocks.truncate(kept);
        shorter.blocks.push(Block::Paragraph { text: left_out(note.blocks.len() - kept) });
        let rendered = render(&shorter);
        if size(&rendered) <= most {
            return Ok(rendered);
        }
    }
    Err(TooLarge { most })
}

pub(super) fn left_out(parts: usize) -> String {
    let s = if parts == 1 { "" } else { "s" };
    format!("Too long for one message: {parts} more part{s} left out here.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{json, samples};

    #[test]
    fn what_does_not_fit_loses_its_last_parts_and_says_so() {
        let note = samples::alert();
        let key = crate::outbox::Key::of("a", "b");
        let render = |note: &Note| json::body(note, &key);
        let whole = render(&note);
        assert_eq!(fitted(&note, whole.len(), render, String::len).unwrap(), whole);
        let cut = fitted(&note, whole.len() - 1, render, String::len).unwrap();
        assert!(cut.len() < whole.len() && cut.contains("1 more part left out"), "{cut}");
        assert_eq!(fitted(&note, 10, render, String::len), Err(TooLarge { most: 10 }));
    }
}
