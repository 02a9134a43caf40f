//! From an opinion to words: statements, and how each register strings them together.

use crate::{
    company::Platform,
    event::Source,
    grammar::{Voice, read, sentence},
    opinion::{Mood, Opinion, Point},
    people::Person,
    pii,
    register::decorate,
    rng::Rng,
    texts::{
        frames,
        languages::{self, Language},
        offtopic,
    },
    typos::mistype,
};
use feedback::judgement::FeedbackKind;

/// Who speaks, on what.
#[derive(Clone, Copy)]
pub(crate) struct Speaker<'a> {
    pub person: &'a Person,
    pub platform: Platform,
    /// What the payload says.
    pub version: &'a str,
    /// What is said where a text names a version. People are vague about that, and nothing in the words may move
    /// with time where nothing happens.
    pub named: &'a str,
}

impl<'a> Speaker<'a> {
    pub fn voice(self) -> Voice<'a> {
        Voice { platform: self.platform, version: self.named }
    }
}

/// Words, and the language they are in.
pub(crate) struct Words {
    pub text: String,
    pub language: &'static str,
}

/// What a survey, a score, a post or the first message of a ticket says.
pub(crate) fn words(rng: &mut Rng, speaker: Speaker<'_>, opinion: &Opinion, source: Source) -> Words {
    if let Some((language, mut sentences)) = foreign(rng, speaker, opinion) {
        let tails = match opinion.mood {
            Mood::Negative => language.negative_tail,
            Mood::Positive => language.positive_tail,
            Mood::Neutral => &[],
        };
        if !tails.is_empty() && rng.chance(0.45) {
            let tail = *rng.pick(tails);
            sentences.push(read(rng, speaker.voice(), tail));
        }
        let space = if language.code == "ja" { "" } else { " " };
        let text: Vec<String> = sentences.iter().map(|s| sentence(s)).collect();
        let text = decorate(rng, text.join(space), (opinion.mood, source, true), speaker);
        return Words { text, language: language.code };
    }
    let text = match source {
        Source::Ticket => long(rng, speaker, opinion),
        _ => short(rng, speaker, opinion, source),
    };
    let mut text = mistype(rng, text);
    let money = opinion.points.iter().any(|point| matches!(point.topic.id, "billing" | "payments"));
    if money && source == Source::Ticket && rng.chance(0.15) {
        text = format!("{text} {}", pii::payment(rng));
    }
    Words { text: decorate(rng, text, (opinion.mood, source, false), speaker), language: "en" }
}

/// A headline: the first point in a few words.
pub(crate) fn title(rng: &mut Rng, speaker: Speaker<'_>, opinion: &Opinion) -> String {
    if let Some((language, sentences)) = foreign(rng, speaker, opinion) {
        let ends = if language.code == "ja" { ['。', '、'] } else { [',', '.'] };
        let first = sentences[0].split(ends).next().unwrap_or_default();
        return first.to_owned();
    }
    let template = match opinion.points.first() {
        None => match opinion.mood {
            Mood::Negative => *rng.pick(offtopic::GENERAL_NEG),
            Mood::Neutral => "[hello|a question|short note|feedback]",
            Mood::Positive => *rng.pick(offtopic::GENERAL_POS),
        },
        Some(point) => match point.mood {
            Mood::Negative => *rng.pick(point.topic.neg),
            Mood::Neutral => *rng.pick(point.topic.ask),
            Mood::Positive => *rng.pick(point.topic.pos),
        },
    };
    let text = read(rng, speaker.voice(), template);
    let text = text.strip_prefix("the ").unwrap_or(&text);
    sentence(text).trim_end_matches('.').to_owned()
}

/// One statement on one point; neither capital nor full stop.
pub(crate) fn statement(rng: &mut Rng, voice: Voice<'_>, point: &Point) -> String {
    use FeedbackKind as K;
    let topic = point.topic;
    if !point.story.is_empty() && point.kind != K::Cancellation && rng.chance(0.85) {
        let template = *rng.pick(point.story);
        return read(rng, voice, template);
    }
    let (sentences, frames, phrases, frame_share) = match point.kind {
        K::Bug => (topic.bugs, frames::NEG, topic.neg, 0.2),
        K::Complaint => (topic.complaints, frames::NEG, topic.neg, 0.35),
        K::Cancellation => (topic.complaints, frames::CANCEL, topic.neg, 1.0),
        K::FeatureRequest => (topic.requests, frames::ASK, topic.ask, 0.45),
        K::Question => (topic.questions, frames::ASK, topic.ask, 0.0),
        K::Praise => (topic.praise, frames::POS, topic.pos, 0.4),
        K::Other | K::Unknown => (topic.plain, frames::ASK, topic.ask, 0.0),
    };
    if sentences.is_empty() || rng.chance(frame_share) {
        let (frame, phrase) = (*rng.pick(frames), *rng.pick(phrases));
        return framed(rng, voice, frame, &[("{neg}", phrase), ("{pos}", phrase), ("{ask}", phrase)]);
    }
    let template = *rng.pick(sentences);
    read(rng, voice, template)
}

/// Fills the phrases in first, so that each reads its own choices.
fn framed(rng: &mut Rng, voice: Voice<'_>, frame: &str, phrases: &[(&str, &str)]) -> String {
    let mut template = frame.to_owned();
    for (slot, phrase) in phrases {
        template = template.replace(slot, phrase);
    }
    read(rng, voice, &template)
}

/// All points in order; now and then two that disagree in one breath.
fn statements(rng: &mut Rng, speaker: Speaker<'_>, opinion: &Opinion) -> Vec<String> {
    let voice = speaker.voice();
    let points = &opinion.points;
    if let [a, b] = points.as_slice() {
        let pair = match (a.mood, b.mood) {
            (Mood::Negative, Mood::Positive) => Some((b, a)),
            (Mood::Positive, Mood::Negative) => Some((a, b)),
            _ => None,
        };
        if let Some((good, bad)) = pair
            && rng.chance(0.55)
        {
            let (frame, pos, neg) =
                (*rng.pick(frames::MIXED), *rng.pick(good.topic.pos), *rng.pick(bad.topic.neg));
            return vec![framed(rng, voice, frame, &[("{pos}", pos), ("{neg}", neg)])];
        }
    }
    points.iter().map(|point| statement(rng, voice, point)).collect()
}

fn general(rng: &mut Rng, speaker: Speaker<'_>, opinion: &Opinion) -> String {
    let texts = match opinion.mood {
        _ if opinion.chatter => offtopic::REMARKS,
        Mood::Negative => offtopic::GENERAL_NEG,
        Mood::Neutral => offtopic::GENERAL_NEUTRAL,
        Mood::Positive => offtopic::GENERAL_POS,
    };
    let template = *rng.pick(texts);
    let first = read(rng, speaker.voice(), template);
    if opinion.chatter || !rng.chance(0.4) {
        return first;
    }
    let template = *rng.pick(texts);
    format!("{first}, {}", read(rng, speaker.voice(), template))
}

fn tail(rng: &mut Rng, voice: Voice<'_>, mood: Mood) -> String {
    let tails = match mood {
        Mood::Negative => frames::NEG_TAIL,
        Mood::Neutral => frames::NEUTRAL_TAIL,
        Mood::Positive => frames::POS_TAIL,
    };
    let template = *rng.pick(tails);
    read(rng, voice, template)
}

/// Something before the first statement.
fn open(rng: &mut Rng, voice: Voice<'_>, mood: Mood, parts: &mut [String]) {
    let openers = match mood {
        Mood::Negative => frames::NEG_OPEN,
        Mood::Neutral => frames::NEUTRAL_OPEN,
        Mood::Positive => frames::POS_OPEN,
    };
    let template = *rng.pick(openers);
    if let Some(first) = parts.first_mut() {
        *first = format!("{} {first}", read(rng, voice, template));
    }
}

fn short(rng: &mut Rng, speaker: Speaker<'_>, opinion: &Opinion, source: Source) -> String {
    if opinion.points.is_empty() {
        return general(rng, speaker, opinion);
    }
    if source != Source::Social && opinion.fits_a_phrase() && rng.chance(0.17) {
        return title(rng, speaker, opinion);
    }
    let mut parts = statements(rng, speaker, opinion);
    if rng.chance(0.28) {
        open(rng, speaker.voice(), opinion.points[0].mood, &mut parts);
    }
    let more = if source == Source::Nps { 0.3 } else { 0.45 };
    if rng.chance(more) && opinion.sentiment().is_some() {
        parts.push(tail(rng, speaker.voice(), opinion.mood));
    }
    if rng.chance(0.15) {
        let template = *rng.pick(frames::CONTEXT);
        parts.insert(0, read(rng, speaker.voice(), template));
    }
    parts.iter().map(|part| sentence(part)).collect::<Vec<_>>().join(" ")
}

fn long(rng: &mut Rng, speaker: Speaker<'_>, opinion: &Opinion) -> String {
    let voice = speaker.voice();
    let mut parts = Vec::new();
    if rng.chance(0.5) {
        let template = *rng.pick(frames::CONTEXT);
        parts.push(read(rng, voice, template));
    }
    if opinion.points.is_empty() {
        parts.push(general(rng, speaker, opinion));
    } else {
        parts.extend(statements(rng, speaker, opinion));
    }
    let bug = opinion.points.iter().any(|point| point.kind == FeedbackKind::Bug);
    if bug && rng.chance(0.7) {
        let template = *rng.pick(frames::TRIED);
        parts.push(read(rng, voice, template));
    }
    if rng.chance(0.55) {
        parts.push(tail(rng, voice, opinion.mood));
    }
    parts.iter().map(|part| sentence(part)).collect::<Vec<_>>().join(" ")
}

/// The remarks in the person's own language, where it has some for every point; else they write English.
fn foreign(
    rng: &mut Rng,
    speaker: Speaker<'_>,
    opinion: &Opinion,
) -> Option<(&'static Language, Vec<String>)> {
    let language = languages::find(speaker.person.language)?;
    let sentences: Option<Vec<String>> = opinion
        .points
        .iter()
        .map(|point| {
            let remarks = language.remarks.iter().find(|remarks| remarks.topic == point.topic.id)?;
            let templates = match point.mood {
                Mood::Negative => remarks.negative,
                Mood::Neutral => remarks.neutral,
                Mood::Positive => remarks.positive,
            };
            let template = *rng.pick(templates);
            Some(read(rng, speaker.voice(), template))
        })
        .collect();
    sentences.filter(|sentences| !sentences.is_empty()).map(|sentences| (language, sentences))
}
