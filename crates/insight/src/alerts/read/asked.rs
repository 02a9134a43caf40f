//! Which answers are counted by the hour, and under which name.
//!
//! Of several questions that a source asks on one scale each is watched by itself, as far as a report gives it a row. Of NPS
//! and CSAT, which are about people, a person counts once a day, with the first answer of the day. A report takes the last
//! one; here that would not do. What counts in an hour has to be known when the hour is over: with the last one, an answer
//! that has been looked at would be taken back by the next, perhaps because of what it said, and the evidence would be none
//! (the expectation of an e-value holds for what is chosen before it is seen). A day is the shortest stretch that a report
//! knows: a longer one would leave out whoever answered just before a change, and find it later by as much. Answers that one
//! person gives on several days are more than a report counts: what is told of them is counted as there
//! (`super::reported`).

use super::{Answer, Record, Stored, Text};
use crate::{
    alerts::series::{Question, ScoreName, counts_people},
    report::last_of_each,
    stats::SUPPRESSED,
};
use feedback::{score::ScoreKind, time::Day};
use std::collections::{HashMap, HashSet};

/// Questions of a source on one scale that are watched each by itself: as many as a report gives a row each.
const MOST_QUESTIONS: usize = 6;

/// A score kind, the bounds of its scale by their bits, and a kind of source.
type Group = (ScoreKind, u64, u64, Text);

/// A part of the response, or a wording.
type Asked = (Text, Text);

/// The names that answers are counted under.
pub(super) struct Names(HashMap<(Group, Asked), ScoreName>);

impl Names {
    pub fn of(stored: &Stored) -> Self {
        let mut groups: HashMap<Group, HashMap<Asked, Vec<&Record>>> = HashMap::new();
        for record in &stored.records {
            if let Some(answer) = record.answer {
                let questions = groups.entry(group(record, answer)).or_default();
                questions.entry(asked(answer)).or_default().push(record);
            }
        }
        let mut names = HashMap::new();
        for (group, questions) in groups {
            let are_apart = are_apart(group.0, &questions);
            for (asked, answers) in questions {
                if let Some(answer) = answers.first().and_then(|record| record.answer) {
                    let question = are_apart.then(|| question(stored, asked));
                    names.insert((group, asked), ScoreName::of(answer.score, question.as_ref()));
                }
            }
        }
        Self(names)
    }

    /// `None` without an answer.
    pub fn name(&self, record: &Record) -> Option<&ScoreName> {
        let answer = record.answer?;
        self.0.get(&(group(record, answer), asked(answer)))
    }
}

fn group(record: &Record, answer: Answer) -> Group {
    let score = answer.score;
    (score.kind(), score.min().to_bits(), score.max().to_bits(), record.source())
}

fn asked(answer: Answer) -> Asked {
    (answer.part, answer.wording)
}

fn question(stored: &Stored, (part, wording): Asked) -> Question {
    let [part, wording] = [part, wording].map(|text| stored.texts.of(text).to_owned());
    Question { part, wording }
}

/// Not where there are too many questions, or too few answers to most of them.
fn are_apart(kind: ScoreKind, questions: &HashMap<Asked, Vec<&Record>>) -> bool {
    let n = |answers: &[&Record]| as_counted(kind, answers).len() as u64;
    let few = || questions.values().filter(|answers| n(answers) < SUPPRESSED).count();
    (2..=MOST_QUESTIONS).contains(&questions.len()) && 2 * few() <= questions.len()
}

/// The answers that a report counts among some to one question: of NPS and CSAT the last of each person.
pub(super) fn as_counted<'a>(kind: ScoreKind, answers: &[&'a Record]) -> Vec<&'a Record> {
    if !counts_people(kind) {
        return answers.to_vec();
    }
    let answers = answers.iter().copied();
    last_of_each(answers, |record| (record.person, record.occurred, &record.id))
}

/// Which answers about one thing count by the hour, of records that come in the order of their time.
#[derive(Default)]
pub(super) struct Once<'a>(HashSet<Said<'a>>);

/// That a person has answered on a day.
#[derive(PartialEq, Eq, Hash)]
struct Said<'a> {
    product: Text,
    source: Text,
    name: &'a ScoreName,
    person: Text,
    day: Day,
}

impl<'a> Once<'a> {
    /// Whether the record's answer counts. Of nobody knows whom each does.
    pub fn counts(&mut self, record: &Record, answer: Answer, name: &'a ScoreName) -> bool {
        let is_of_a_person = counts_people(answer.score.kind());
        let Some(person) = record.person.filter(|_| is_of_a_person) else { return true };
        let (product, source) = (record.product(), record.source());
        self.0.insert(Said { product, source, name, person, day: record.at.day() })
    }
}
