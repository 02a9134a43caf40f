//! Where the points of a digest lead here. A digest says it as a command, which is there whatever address the dashboard had
//! when it was made.

use crate::query::PAGE;

/// The address that shows what a command lists; `None` of a command that nothing here answers.
pub fn opens(command: &str) -> Option<String> {
    let words = words(command)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["verbatim", "report", "--records", options @ ..] => Some(with(PAGE, options)),
        ["verbatim", "report", options @ ..] => Some(with("/", options)),
        ["verbatim", "cases", "show", id] => plain(id).map(|id| format!("/cases/{id}")),
        ["verbatim", "alerts", "show", id] => plain(id).map(|id| format!("/alerts/{id}")),
        _ => None,
    }
}

/// Options and their values as fields of an address; an option without one is set.
fn with(path: &str, options: &[&str]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut rest = options.iter().copied();
    while let Some(option) = rest.next() {
        let Some(name) = option.strip_prefix("--") else { continue };
        let value = if FLAGS.contains(&name) { "true" } else { rest.next().unwrap_or_default() };
        query.append_pair(&name.replace('-', "_"), value);
    }
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The options of a list that have no value.
const FLAGS: [&str; 3] = ["judged", "unsure", "unresolved"];

/// An id, and nothing that would make another address of it.
fn plain(id: &str) -> Option<&str> {
    let is_plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_plain.then_some(id)
}

/// The words of a command, as a POSIX shell reads those that a digest writes: plain ones, quoted ones, and a quote behind a
/// backslash. `None` of anything else.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = command.chars();
    while let Some(next) = rest.next() {
        match next {
            ' ' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next()? {
                        '\'' => break,
                        quoted => word.push(quoted),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(rest.next()?),
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Day;
    use insight::digest::Open;
    use insight::report::{Filter, Period};
    use proptest::prelude::*;

    #[test]
    fn a_command_leads_to_what_it_lists() {
        let of = |command: &str| opens(command);
        assert_eq!(of("verbatim cases show aa01").as_deref(), Some("/cases/aa01"));
        assert_eq!(of("verbatim alerts show 3f9c").as_deref(), Some("/alerts/3f9c"));
        let days = Period { from: Day(20_514), to: Day(20_520) };
        assert_eq!(
            opens(&Open::report(days, None).command).as_deref(),
            Some("/?from=2026-03-02&to=2026-03-08")
        );
        for other in [
            "",
            "verbatim cases times --from 2026-03-02",
            "verbatim digest --week 2026-W12",
            "verbatim cases show ../alerts",
            "verbatim report 'open",
            "rm -rf /",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    proptest! {
        /// What a point's command lists is what its address asks for.
        #[test]
        fn a_filter_comes_back(product in "\\PC{1,12}", word in "\\PC{1,12}", unresolved in any::<bool>(), judged in any::<bool>()) {
            let filter = Filter {
                from: Some(Day(20_514)),
                product: Some(product).filter(|text| !text.trim().is_empty()),
                unresolved,
                judged,
                ..Filter::default()
            }
            .phrase(&word);
            let command = Open::records(&filter, None).command;
            let address = opens(&command).unwrap();
            let pairs: Vec<(String, String)> =
                form_urlencoded::parse(address.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
            let expected: Vec<(String, String)> = filter
                .options()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.unwrap_or_else(|| "true".to_owned())))
                .collect();
            prop_assert_eq!(pairs, expected);
        }
    }
}
