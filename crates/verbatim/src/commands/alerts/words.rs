//! An alert as text for a terminal.

use crate::alerting::{carried, few, left_out};
use crate::output;
use insight::alerts::{AlertTold, Moved, Step};
use insight::report::wrap;

/// Characters of a quote that are shown.
const SHOWN: usize = 300;

/// As a run tells it: what moved, in a few lines, what carries it, customers' words, and what to do.
pub fn told(told: &AlertTold) -> String {
    let mut text = head(told);
    text += &few(told).iter().map(|moved| bullet(&moved.text)).collect::<String>();
    text += &left_out(told).map(|left| bullet(&left)).unwrap_or_default();
    if told.step != Step::Resolved {
        text += &behind(told);
    }
    if let Some(records) = told.moved.first().map(command).filter(|command| !command.is_empty()) {
        text += &format!("  Its records:\n{records}");
    }
    text += &output::wrapped(&format!("All of it: verbatim alerts show {}", told.alert), 2, usize::MAX);
    text + &of_use(told) + "\n"
}

/// All of it: everything that moved, each with the command that lists its records, then its parts.
pub fn whole(told: &AlertTold) -> String {
    let mut text = head(told);
    if let Some((first, others)) = told.moved.split_first() {
        text += &command(first);
        text += &others.iter().map(|moved| bullet(&moved.text) + &command(moved)).collect::<String>();
    }
    if !told.parts.is_empty() {
        text += "  Parts of all this, by product, source or case (--json has their commands):\n";
        text += &told.parts.iter().map(|part| bullet(&part.text)).collect::<String>();
    }
    text + &behind(told) + &of_use(told) + "\n"
}

fn head(told: &AlertTold) -> String {
    let parts = [
        told.severity.to_string(),
        told.step.to_string(),
        told.title.clone(),
        told.alert.clone(),
        told.owners.join(", "),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    output::wrapped(&parts.join(" · "), 0, usize::MAX) + &output::wrapped(&told.summary, 2, usize::MAX)
}

fn bullet(text: &str) -> String {
    wrap(text, usize::from(output::width()), "  - ").into_iter().map(|line| line + "\n").collect()
}

/// Whole, for whoever copies it; empty where there is none.
fn command(moved: &Moved) -> String {
    moved.command.as_ref().map(|command| format!("    {command}\n")).unwrap_or_default()
}

/// What carries it, and customers' words.
fn behind(told: &AlertTold) -> String {
    let carried = told
        .carried_by
        .iter()
        .map(|one| output::wrapped(&format!("carried by {}", carried(one)), 2, usize::MAX));
    let quotes = told.quotes.iter().map(|quote| {
        let id: String = quote.record.chars().take(8).collect();
        output::wrapped(&format!("“{}” ({id})", quote.text), 2, SHOWN)
    });
    carried.chain(quotes).collect()
}

fn of_use(told: &AlertTold) -> String {
    let text = format!("Was it of use? verbatim alerts useful {}, or not-useful", told.alert);
    output::wrapped(&text, 2, usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerting::journal::tests::fired;
    use insight::alerts::{AlertEvent, Behind, Quoted, Wordings, tell};

    fn login(step: Step) -> AlertTold {
        let event = AlertEvent { step, ..fired("login_access") };
        let quote = Quoted { record: "0123456789abcdef".to_owned(), text: "login fails again".to_owned() };
        let behind = Behind { quotes: vec![quote], ..Behind::default() };
        tell(&event, behind, &|_| "Login".to_owned(), &Wordings::default()).unwrap()
    }

    #[test]
    fn a_run_tells_it_in_a_few_lines_and_the_command_is_whole() {
        let (login, over) = (login(Step::Fired), login(Step::Resolved));
        let text = told(&login);
        let lines: Vec<&str> = text.lines().collect();
        let head = format!("P1 · fired · Login: more feedback than usual · {} · identity", login.alert);
        assert_eq!(lines[0], head);
        assert!(
            lines[1].starts_with("  Login: 84 records where 31 would be usual (20 to 42), of late"),
            "{text}"
        );
        assert!(text.contains("\n  Its records:\n    verbatim report --records --from 2026-03-02"), "{text}");
        assert!(text.contains("  “login fails again” (01234567)\n"), "{text}");
        assert!(text.contains(&format!("All of it: verbatim alerts show {}", login.alert)), "{text}");
        assert!(text.ends_with(&format!("alerts useful {}, or not-useful\n\n", login.alert)), "{text}");
        assert!(!told(&over).contains("login fails"), "what is over is told in short");
    }

    #[test]
    fn all_of_it_has_every_part() {
        let mut login = login(Step::Fired);
        let part = |text: &str| Moved { text: text.to_owned(), ..login.moved[0].clone() };
        let (others, parts): (Vec<Moved>, Vec<Moved>) =
            ((0..9).map(|at| part(&format!("other {at}"))).collect(), vec![part("Login in app")]);
        login.moved.extend(others);
        login.parts = parts;
        let text = whole(&login);
        assert_eq!(text.matches("    verbatim report --records").count(), 10, "{text}");
        assert!(text.contains("\n  - other 8\n    verbatim report"), "{text}");
        assert!(text.contains("their commands):\n  - Login in app\n"), "{text}");
        let short = told(&login);
        assert!(
            short.contains("  - 5 more, and 1 part of all this, by product, source or case\n"),
            "{short}"
        );
        assert_eq!(short.matches("    verbatim report").count(), 1, "{short}");
    }
}
