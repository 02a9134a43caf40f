//! What belongs to a register: greetings and signatures of letters, tags and emoji of posts, and the personal data
//! that people add.

use crate::{
    company::HANDLE,
    compose::Speaker,
    event::Source,
    grammar::{read, sentence},
    opinion::Mood,
    pii,
    rng::Rng,
    texts::{frames, languages},
};

/// The text as its source has it; `native` where it is not in English.
pub(crate) fn decorate(
    rng: &mut Rng,
    text: String,
    (mood, source, native): (Mood, Source, bool),
    speaker: Speaker<'_>,
) -> String {
    match source {
        Source::Ticket => letter(rng, text, speaker, native),
        Source::Social => post(rng, text, mood),
        Source::Survey | Source::Nps => {
            let mut text = text;
            if rng.chance(0.07) {
                text = format!("{text} {}", emoji(rng, mood));
            }
            if rng.chance(0.025) {
                text = format!("{text} {}", pii::sentence(rng, speaker.person));
            }
            text
        }
    }
}

fn letter(rng: &mut Rng, text: String, speaker: Speaker<'_>, native: bool) -> String {
    let person = speaker.person;
    let voice = speaker.voice();
    let (hello, bye) = match languages::find(person.language) {
        Some(language) if native || rng.chance(0.2) => (language.hello, language.bye),
        _ => (frames::HELLO, frames::BYE),
    };
    let mut out = String::new();
    if rng.chance(0.7) {
        let template = *rng.pick(hello);
        out = sentence(&read(rng, voice, template)).trim_end_matches('.').to_owned() + ",\n";
    }
    out.push_str(&text);
    if rng.chance(0.14) {
        out = format!("{out} {}", pii::sentence(rng, person));
    }
    if rng.chance(0.6) {
        let template = *rng.pick(bye);
        out = format!(
            "{out}\n{}\n{}",
            read(rng, voice, template),
            if rng.chance(0.6) { person.name() } else { person.first.to_owned() }
        );
        if rng.chance(0.2) {
            out = format!("{out}\n{}, {}", person.account, pii::phone(rng));
        }
    }
    out
}

fn post(rng: &mut Rng, text: String, mood: Mood) -> String {
    let mut out = text;
    if rng.chance(0.35) {
        out = if rng.chance(0.5) { format!("{HANDLE} {out}") } else { format!("{out} {HANDLE}") };
    }
    if rng.chance(0.35) {
        out = format!("{out} {}", emoji(rng, mood));
    }
    if rng.chance(0.25) {
        let tags: &[&str] = match mood {
            Mood::Negative => &["#fail", "#frustrated", "#larchdeck", "#notagain", "#help"],
            Mood::Neutral => &["#larchdeck", "#question", "#planning", "#crewlife"],
            Mood::Positive => &["#larchdeck", "#love", "#win", "#crewlife", "#happy"],
        };
        out = format!("{out} {}", rng.pick(tags));
    }
    out
}

fn emoji(rng: &mut Rng, mood: Mood) -> &'static str {
    let choices: &[&str] = match mood {
        Mood::Negative => &["😡", "😤", "🙄", "😞", "👎", "🤦", "😭", "💔"],
        Mood::Neutral => &["🤔", "🙂", "👀", "🤷", "☕"],
        Mood::Positive => &["😍", "🎉", "👍", "❤️", "🙌", "😊", "🚀", "⭐"],
    };
    choices[rng.below(choices.len())]
}
