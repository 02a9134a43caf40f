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
    let mut bare = note.clone();
    let blocks = std::mem::take(&mut bare.blocks);
    let shortened = |kept: usize| {
        let mut shorter = bare.clone();
        shorter.blocks = blocks[..kept].to_vec();
        shorter.blocks.push(Block::Paragraph { text: left_out(blocks.len() - kept) });
        render(&shorter)
    };
    // More blocks take more room, and there may be many: how many fit is found by halving.
    let (mut best, mut fewest, mut too_many) = (None, 0, blocks.len());
    while fewest < too_many {
        let kept = fewest + (too_many - fewest) / 2;
        let rendered = shortened(kept);
        if size(&rendered) <= most {
            (best, fewest) = (Some(rendered), kept + 1);
        } else {
            too_many = kept;
        }
    }
    best.ok_or(TooLarge { most })
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

    #[test]
    fn as_many_parts_are_kept_as_fit() {
        let mut note = samples::alert();
        note.blocks =
            (0..200).map(|at| Block::Paragraph { text: format!("part {at} {}", "x".repeat(at)) }).collect();
        let key = crate::outbox::Key::of("a", "b");
        let render = |note: &Note| json::body(note, &key);
        for most in [2_000, 5_000, 9_999] {
            let cut = fitted(&note, most, render, String::len).unwrap();
            let kept = (0..200).filter(|at| cut.contains(&format!("part {at} "))).count();
            assert!(cut.len() <= most && cut.contains(&left_out(200 - kept)), "{most}: {cut}");
            // One more would have been too many.
            let mut more = note.clone();
            more.blocks.truncate(kept + 1);
            more.blocks.push(Block::Paragraph { text: left_out(199 - kept) });
            assert!(render(&more).len() > most, "{most}");
        }
    }
}
