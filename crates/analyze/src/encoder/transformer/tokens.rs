//! A passage as rows of tokens.
//!
//! A row reads `[CLS] source question [SEP] text [SEP]`. A text that is too long for one row stands in several, cut between
//! segments where that is possible, each with the question in front.

use rust_bert::RustBertError;
use rust_bert::pipelines::common::{ModelType, TokenizerOption};
use std::ops::Range;
use std::path::Path;

const CLS: i64 = 101;
const SEP: i64 = 102;
/// Longer rows cost more than they tell: attention grows with the square.
pub const LONGEST_ROW: usize = 128;
/// Of a question only the beginning is read.
const LONGEST_CONTEXT: usize = 32;

pub struct Tokenizer(TokenizerOption);

/// One row, and where the segments' tokens stand in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    pub ids: Vec<i64>,
    /// The number of a segment and its tokens; a segment that was cut stands in several rows.
    pub segments: Vec<(usize, Range<usize>)>,
}

impl Row {
    /// The tokens of the text, without the context; empty without words.
    #[must_use]
    pub fn text(&self) -> Range<usize> {
        let start = self.segments.first().map_or(0, |(_, tokens)| tokens.start);
        start..self.segments.last().map_or(0, |(_, tokens)| tokens.end)
    }
}

impl Tokenizer {
    /// # Errors
    /// Where the vocabulary cannot be read.
    pub fn new(vocabulary: &Path) -> Result<Self, RustBertError> {
        let path = vocabulary.to_string_lossy();
        Ok(Self(TokenizerOption::from_file(ModelType::Bert, &path, None, true, None, None)?))
    }

    #[must_use]
    pub fn ids(&self, text: &str) -> Vec<i64> {
        self.0.convert_tokens_to_ids(&self.0.tokenize(&plain(text)))
    }

    /// The rows of a text in segments, with what is known of where it comes from and what was asked.
    #[must_use]
    pub fn rows<'t>(&self, context: &str, segments: impl Iterator<Item = &'t str>) -> Vec<Row> {
        let mut head = vec![CLS];
        if !context.is_empty() {
            head.extend(self.ids(context).into_iter().take(LONGEST_CONTEXT));
            head.push(SEP);
        }
        let mut rows = Rows { head, done: Vec::new(), row: Row::default() };
        for (number, segment) in segments.enumerate() {
            rows.add(number, &self.ids(segment));
        }
        rows.finish()
    }
}

struct Rows {
    head: Vec<i64>,
    done: Vec<Row>,
    row: Row,
}

impl Rows {
    fn add(&mut self, number: usize, mut ids: &[i64]) {
        if self.room() < ids.len() {
            self.close();
        }
        while !ids.is_empty() {
            if self.row.ids.is_empty() {
                self.row.ids.extend_from_slice(&self.head);
            }
            let (now, later) = ids.split_at(ids.len().min(self.room()));
            let start = self.row.ids.len();
            self.row.ids.extend_from_slice(now);
            self.row.segments.push((number, start..start + now.len()));
            ids = later;
            if !ids.is_empty() {
                self.close();
            }
        }
    }

    /// Room for tokens before the last `[SEP]`.
    fn room(&self) -> usize {
        (LONGEST_ROW - 1).saturating_sub(self.row.ids.len().max(self.head.len()))
    }

    fn close(&mut self) {
        if !self.row.segments.is_empty() {
            self.row.ids.push(SEP);
            self.done.push(std::mem::take(&mut self.row));
        }
    }

    fn finish(mut self) -> Vec<Row> {
        self.close();
        self.done
    }
}

/// What the vocabulary does not know is said in words it knows: emoji by their names, links and mentions by one word.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            plain.push(' ');
        }
        if word.starts_with("http://") || word.starts_with("https://") || word.starts_with("www.") {
            plain.push_str("http");
        } else if word.len() > 1 && word.starts_with('@') {
            plain.push_str("@user");
        } else {
            word.chars().for_each(|character| spell(character, &mut plain));
        }
    }
    plain
}

fn spell(character: char, plain: &mut String) {
    // Below, everything is letters, signs and punctuation.
    if character < '\u{2190}' {
        return plain.push(character);
    }
    let mut buffer = [0; 4];
    match emojis::get(character.encode_utf8(&mut buffer)) {
        Some(emoji) => {
            plain.push(' ');
            plain.push_str(emoji.name());
            plain.push(' ');
        }
        // Joiners and variation selectors between emoji.
        None if matches!(character, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}') => {}
        None => plain.push(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(segments: &[usize]) -> Vec<Row> {
        let mut rows = Rows { head: vec![CLS, 7, SEP], done: Vec::new(), row: Row::default() };
        segments.iter().enumerate().for_each(|(number, length)| rows.add(number, &vec![1; *length]));
        rows.finish()
    }

    #[test]
    fn segments_share_a_row_while_there_is_room() {
        let two = rows(&[3, 0, 2]);
        assert_eq!(two.len(), 1);
        assert_eq!(two[0].ids, [CLS, 7, SEP, 1, 1, 1, 1, 1, SEP]);
        assert_eq!(two[0].segments, [(0, 3..6), (2, 6..8)]);
        assert_eq!(two[0].text(), 3..8);
        assert!(rows(&[]).is_empty() && rows(&[0]).is_empty());
    }

    #[test]
    fn a_long_text_stands_in_several_rows() {
        for lengths in [&[100, 100, 50][..], &[1000], &[124, 1], &[5, 124]] {
            let rows = rows(lengths);
            assert!(rows.iter().all(|row| row.ids.len() <= LONGEST_ROW && row.ids.last() == Some(&SEP)));
            let of = |wanted: usize| -> usize {
                let segments = rows.iter().flat_map(|row| &row.segments);
                segments.filter(|(number, _)| *number == wanted).map(|(_, tokens)| tokens.len()).sum()
            };
            assert!(lengths.iter().enumerate().all(|(number, length)| of(number) == *length), "{lengths:?}");
        }
    }

    #[test]
    fn what_the_vocabulary_lacks_is_said_in_words() {
        assert_eq!(
            plain("see https://x.y/z @bob now 😡👍🏽!"),
            "see http @user now  enraged face  thumbs up !"
        );
        assert_eq!(plain("a @ b – café"), "a @ b – café");
    }
}
