//! The answers of one question.

use crate::event::{Answer, Score};
use crate::html::{self, Quotes};
use crate::node::Node;
use crate::vendors::{asked, scale};
use feedback::refusal::Refusal;
use serde_json::Value;
use std::collections::HashMap;

/// What a question says about its answers.
struct Question {
    id: String,
    heading: Option<String>,
    /// The lowest and the highest of its choices' numbers, where they are known and rate something.
    scale: Option<(f64, f64)>,
    /// By the ids of the choices.
    numbers: HashMap<String, f64>,
    /// What is written there is a number or a date, not words.
    is_measure: bool,
}

pub(super) fn read(question: &Node<'_, '_>) -> Result<Vec<Answer>, Refusal> {
    let family = question.get("family").text()?.unwrap_or_default();
    // Names, addresses and telephone numbers.
    if family == "demographic" {
        return Ok(Vec::new());
    }
    let subtype = question.get("subtype").text()?.unwrap_or_default();
    let heading = question.get("heading").text()?.map(|heading| html::readable(heading, Quotes::Keep));
    let numbers = numbers(question)?;
    let rates = matches!(subtype, "rating" | "star" | "emoji" | "nps") || family == "star_rating";
    let read = Question {
        id: question.get("id").id()?,
        heading: heading.as_deref().and_then(asked::question),
        scale: scale_of(&numbers).filter(|_| rates),
        numbers,
        is_measure: matches!(family, "slider" | "datetime") || subtype == "numerical",
    };
    let mut said = Said::default();
    let given = question.get("answers");
    for answer in given.items()? {
        read.answer(&answer.object()?, &mut said)?;
        asked::at_most(&said.answers, &given)?;
    }
    Ok(said.answers)
}

/// The numbers of the choices: their weights, but for NPS, whose weights are categories, what their texts begin with.
fn numbers(question: &Node<'_, '_>) -> Result<HashMap<String, f64>, Refusal> {
    let mut numbers = HashMap::new();
    for choice in question.get("choices").items()? {
        if choice.get("is_na").boolean()? == Some(true) {
            continue;
        }
        let text = choice.get("text").label()?;
        let weight = choice.get("weight").number()?;
        let number = text.as_deref().and_then(leading).or(weight);
        numbers.extend(choice.get("id").label()?.zip(number));
    }
    Ok(numbers)
}

/// Of "9" and of "9 - very likely".
fn leading(text: &str) -> Option<f64> {
    let digits = text.trim_start();
    let end = digits.find(|char: char| !char.is_ascii_digit()).unwrap_or(digits.len());
    if end > 2 { None } else { digits[..end].parse().ok() }
}

fn scale_of(numbers: &HashMap<String, f64>) -> Option<(f64, f64)> {
    let min = numbers.values().copied().reduce(f64::min)?;
    let max = numbers.values().copied().reduce(f64::max)?;
    (min < max).then_some((min, max))
}

#[derive(Default)]
struct Said {
    answers: Vec<Answer>,
    /// Where the answers stand that were chosen.
    chosen: HashMap<String, usize>,
}

impl Question {
    fn answer(&self, answer: &Node<'_, '_>, said: &mut Said) -> Result<(), Refusal> {
        let row = answer.get("row_id").label()?;
        let part = row.map_or_else(|| self.id.clone(), |row| format!("{}.{row}", self.id));
        if let Some(text) = answer.get("text").text()? {
            // What is added to a choice ("Other: …") stands beside what was chosen.
            let is_added = !answer.any_of(&["other_id", "choice_id"]).is_absent();
            let mut added = self.part(if is_added { format!("{part}.other") } else { part.clone() });
            if self.is_measure {
                added.value = Some(Value::String(text.to_owned()));
            } else {
                added.text = Some(text.to_owned());
            }
            said.answers.push(added);
        }
        let Some(choice) = answer.get("choice_id").label()? else { return Ok(()) };
        let text = answer.get("simple_text").label()?;
        let mut chosen = self.part(part);
        chosen.score = self.score(&choice, text.as_deref());
        if chosen.score.is_none() {
            chosen.value = Some(Value::String(text.unwrap_or(choice)));
        }
        said.choose(chosen);
        Ok(())
    }

    fn part(&self, id: String) -> Answer {
        Answer { id, question: self.heading.clone(), ..Answer::default() }
    }

    fn score(&self, choice: &str, text: Option<&str>) -> Option<Score> {
        let heading = self.heading.as_deref();
        if let (Some((min, max)), Some(number)) = (self.scale, self.numbers.get(choice)) {
            return scale::score(heading, *number, min, max);
        }
        // NPS is known by its question, and its scale by that.
        let number = text.and_then(leading).filter(|number| (0.0..=10.0).contains(number))?;
        scale::score(heading, number, 0.0, 10.0).filter(|score| score.kind == "nps")
    }
}

impl Said {
    /// Of several choices of one part the values are listed.
    fn choose(&mut self, answer: Answer) {
        let known = self.chosen.get(&answer.id).and_then(|at| self.answers.get_mut(*at));
        match (known.and_then(|known| known.value.as_mut()), answer.value) {
            (Some(Value::Array(values)), Some(value)) => values.push(value),
            (Some(known), Some(value)) => *known = vec![known.take(), value].into(),
            (_, value) => {
                self.chosen.insert(answer.id.clone(), self.answers.len());
                self.answers.push(Answer { value, ..answer });
            }
        }
    }
}
