//! Surveys: a response with several answers. Each answer with words or a score is a record of its own, beside the
//! question it answers; one answer may also stand at the top level. What the others hold, a choice or a number, is
//! metadata of every record, under `answers.<id>`.

use super::{
    Content, Path, Scope,
    common::{Common, null_or},
    fields::fields,
    metadata::{Metadata, Origin},
    read,
    score::{self, Rule},
};
use crate::{
    json::Reader,
    record::Record,
    refusal::{Reason, Refusal},
    score::Score,
};
use std::borrow::Cow;

fields! {
    pub(crate) SurveyField { Answers = "answers", Question = "question", Text = "text", Score = "score" }
}

fields! {
    pub(crate) AnswerField { Id = "id", Question = "question", Text = "text", Score = "score" }
}

#[derive(Default)]
struct Answer<'a> {
    part: Cow<'a, str>,
    question: Option<Cow<'a, str>>,
    text: Option<Cow<'a, str>>,
    score: Option<Score>,
    metadata: Metadata<'a>,
}

impl Answer<'_> {
    fn is_record(&self) -> bool {
        self.text.is_some() || self.score.is_some()
    }
}

pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    common: &mut Common<'a>,
    scope: &Scope<'_>,
) -> Result<Content<'a>, Refusal> {
    let root = Path::Root;
    let data = root.key("data");
    let mut answers = Vec::new();
    let mut single = Answer::default();
    reader.object(|reader, key| {
        let Some(field) = SurveyField::parse(&key) else { return common.read(reader, key, &data, scope) };
        let path = &data.key(field.name());
        match field {
            SurveyField::Answers => answers = read_answers(reader, path, scope)?,
            SurveyField::Question => single.question = read::text(reader, path, scope.limits.heading)?,
            SurveyField::Text => single.text = read::text(reader, path, scope.limits.text)?,
            SurveyField::Score => {
                let extras = (&mut single.metadata, Origin::Extra);
                single.score = score::read(reader, path, Rule::Named, scope, extras)?;
            }
        }
        Ok(())
    })?;
    if single.is_record() {
        answers.push(single);
    } else {
        lend(single, &mut answers, common, scope)?;
    }
    let (answers, others) = answers.into_iter().partition::<Vec<_>, _>(Answer::is_record);
    if answers.is_empty() {
        return Err(data.refuse(Reason::Empty, "an answer with a text or a score"));
    }
    refuse_equal_parts(&answers, &data.key("answers"))?;
    others.into_iter().try_for_each(|answer| fold(answer, common, scope))?;
    Ok(Content::Records(records(answers, common)))
}

fn read_answers<'a>(
    reader: &mut Reader<'a>,
    path: &Path<'_>,
    scope: &Scope<'_>,
) -> Result<Vec<Answer<'a>>, Refusal> {
    let mut answers = Vec::new();
    if reader.peek() != b'[' {
        return null_or(reader, path, "an array of answers").map(|()| answers);
    }
    reader.array(|reader, index| {
        answers.push(read_answer(reader, &path.index(index), scope)?);
        read::at_most(answers.len(), scope.limits.answers, "answers", path)
    })?;
    Ok(answers)
}

fn read_answer<'a>(
    reader: &mut Reader<'a>,
    path: &Path<'_>,
    scope: &Scope<'_>,
) -> Result<Answer<'a>, Refusal> {
    if reader.peek() != b'{' {
        return Err(path.refuse(Reason::BadType, "an object"));
    }
    let (mut answer, mut id) = (Answer::default(), None);
    reader.object(|reader, key| {
        let Some(field) = AnswerField::parse(&key) else {
            return answer.metadata.read(reader, key, Origin::Answer, scope);
        };
        let path = &path.key(field.name());
        match field {
            AnswerField::Id => id = read::id(reader, path, scope)?,
            AnswerField::Question => answer.question = read::text(reader, path, scope.limits.heading)?,
            AnswerField::Text => answer.text = read::text(reader, path, scope.limits.text)?,
            AnswerField::Score => {
                let extras = (&mut answer.metadata, Origin::Answer);
                answer.score = score::read(reader, path, Rule::Named, scope, extras)?;
            }
        }
        Ok::<_, Refusal>(())
    })?;
    answer.part = id.ok_or_else(|| path.key("id").refuse(Reason::MissingField, "the answer's id"))?;
    Ok(answer)
}

/// What stands at the top level without being an answer: its question is that of the answers that name none.
fn lend<'a>(
    top: Answer<'a>,
    answers: &mut [Answer<'a>],
    common: &mut Common<'a>,
    scope: &Scope<'_>,
) -> Result<(), Refusal> {
    common.metadata.fold(top.metadata, str::to_owned, scope)?;
    let Some(question) = top.question else { return Ok(()) };
    let mut lent = false;
    for answer in answers.iter_mut().filter(|answer| answer.question.is_none() && answer.is_record()) {
        answer.question = Some(question.clone());
        lent = true;
    }
    if lent { Ok(()) } else { common.metadata.text("question".into(), &question, scope) }
}

/// Makes metadata of an answer without words or a score; one that was passed over holds nothing.
fn fold<'a>(answer: Answer<'a>, common: &mut Common<'a>, scope: &Scope<'_>) -> Result<(), Refusal> {
    if answer.metadata.is_empty() {
        return Ok(());
    }
    let name = |field: &str| format!("answers.{}.{field}", answer.part);
    if let Some(question) = &answer.question {
        common.metadata.text(name("question").into(), question, scope)?;
    }
    common.metadata.fold(answer.metadata, name, scope)
}

fn refuse_equal_parts(answers: &[Answer<'_>], path: &Path<'_>) -> Result<(), Refusal> {
    if answers.len() < 2 {
        return Ok(());
    }
    let mut parts: Vec<&str> = answers.iter().map(|answer| &*answer.part).collect();
    parts.sort_unstable();
    if parts.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(path.refuse(Reason::DuplicatePart, "each answer under its own id"));
    }
    Ok(())
}

/// In the order of their ids, since a response is the same whatever the order it was sent in.
fn records<'a>(mut answers: Vec<Answer<'a>>, common: &mut Common<'a>) -> Vec<Record<'a>> {
    answers.sort_by(|a, b| a.part.cmp(&b.part));
    let metadata = std::mem::take(&mut common.metadata);
    let shared = common.record();
    let last = answers.len() - 1;
    let mut shared = Some(shared);
    let build = |(index, answer): (usize, Answer<'a>)| {
        let shared = if index == last { shared.take() } else { shared.clone() };
        Record {
            part: answer.part,
            question: answer.question,
            body: answer.text.unwrap_or_default(),
            score: answer.score,
            metadata: metadata.with(answer.metadata).finish(),
            ..shared.unwrap_or_default()
        }
    };
    answers.into_iter().enumerate().map(build).collect()
}
