//! How a candidate would be written into a taxonomy. What customers said stands in it only where a person chose that.

use feedback::insight::NO_TOPIC;

/// Characters of an id.
const LONGEST_ID: usize = 40;
/// Words that name a topic.
const NAMED_BY: usize = 2;

/// A topic as it could be called; a person says what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// None that is taken.
    pub id: String,
    pub name: String,
    pub keywords: Vec<String>,
}

/// From the words that set a candidate apart.
#[must_use]
pub fn suggestion(words: &[String], is_taken: impl Fn(&str) -> bool) -> Suggestion {
    let named: Vec<&str> = words.iter().take(NAMED_BY).map(String::as_str).collect();
    let plain = id_of(&named.join(" "));
    let plain = if plain.is_empty() || plain == NO_TOPIC { "new_topic".to_owned() } else { plain };
    let id = match is_taken(&plain) {
        false => plain,
        // One of these is free: there are fewer topics.
        true => (2..).map(|number| format!("{plain}_{number}")).find(|id| !is_taken(id)).unwrap_or(plain),
    };
    let name = if named.is_empty() { "New topic".to_owned() } else { capital(&named.join(", ")) };
    Suggestion { id, name, keywords: words.to_vec() }
}

/// Lower-case letters and digits, with `_` between words.
fn id_of(words: &str) -> String {
    let mut id = String::new();
    for c in words.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            id.push(c);
        } else if c != '\'' && !id.is_empty() && !id.ends_with('_') {
            id.push('_');
        }
        if id.len() == LONGEST_ID {
            break;
        }
    }
    id.trim_end_matches('_').to_owned()
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A topic in TOML, to stand at the end of a taxonomy. Whoever is offered it has to say what belongs there.
#[must_use]
pub fn block(suggestion: &Suggestion, examples: &[String]) -> String {
    let list = |all: &[String]| all.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
    let mut text = format!(
        "\n[[topic]]\nid = {}\nname = {}\ndescription = {}\nkeywords = [{}]\n",
        quoted(&suggestion.id),
        quoted(&suggestion.name),
        quoted(&format!(
            "What customers say about {}. (Say in a sentence what belongs here.)",
            suggestion.keywords.join(", ")
        )),
        list(&suggestion.keywords),
    );
    if !examples.is_empty() {
        text += "examples = [\n";
        examples.iter().for_each(|example| text += &format!("  {},\n", quoted(example)));
        text += "]\n";
    }
    text
}

/// A basic string of TOML, in one line. What steers how text runs is written out, so that it steers nothing.
fn quoted(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            _ if c.is_control() || steers(c) => written += &format!("\\u{:04X}", u32::from(c)),
            _ => written.push(c),
        }
    }
    written.push('"');
    written
}

/// Marks of direction, and separators of lines.
fn steers(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_suggestion_is_called_by_its_words() {
        let told = suggestion(&words(&["captcha loop", "can't", "never"]), |_| false);
        assert_eq!((told.id.as_str(), told.name.as_str()), ("captcha_loop_cant", "Captcha loop, can't"));
        assert_eq!(told.keywords.len(), 3);
        let taken = suggestion(&words(&["captcha"]), |id| ["captcha", "captcha_2"].contains(&id));
        assert_eq!(taken.id, "captcha_3");
        assert_eq!(suggestion(&[], |_| false).id, "new_topic");
        assert_eq!(suggestion(&words(&["退款"]), |_| false).id, "new_topic");
        assert_eq!(suggestion(&words(&["none"]), |_| false).id, "new_topic");
        assert!(suggestion(&[format!("{} b", "a".repeat(99))], |_| false).id.len() <= LONGEST_ID);
    }

    proptest! {
        /// Whatever customers write is a string in it and nothing else.
        #[test]
        fn a_block_is_read_as_it_was_meant(keywords in prop::collection::vec(any::<String>(), 0..3), examples in prop::collection::vec(any::<String>(), 0..3)) {
            let suggestion = Suggestion { id: "a".into(), name: keywords.concat(), keywords: keywords.clone() };
            let written = block(&suggestion, &examples);
            let read: toml::Table = toml::from_str(&written).unwrap();
            let topic = &read["topic"][0];
            let list = |key: &str| -> Vec<String> {
                let all = topic.get(key).and_then(toml::Value::as_array).into_iter().flatten();
                all.map(|value| value.as_str().unwrap().to_owned()).collect()
            };
            let name = keywords.concat();
            prop_assert_eq!(topic["name"].as_str(), Some(name.as_str()));
            prop_assert_eq!(list("keywords"), keywords);
            prop_assert_eq!(list("examples"), examples);
            let turned = '\u{202e}';
            prop_assert!(!written.contains(turned));
        }
    }
}
