//! An alert as text for a terminal.

use crate::alerting::carried;
use crate::output;
use insight::alerts::AlertTold;

/// Characters of a quote that are shown.
const SHOWN: usize = 300;

/// A heading, the line that says it all, and what is behind it.
pub fn told(told: &AlertTold) -> String {
    let owner = if told.owner.is_empty() { String::new() } else { format!(" · {}", told.owner) };
    let heading = format!("{} · {} · {} · {}{owner}", told.severity, told.step, told.title, told.alert);
    let mut text = output::wrapped(&heading, 0, usize::MAX);
    text += &output::wrapped(&told.summary, 2, usize::MAX);
    for moved in &told.moved {
        text += &output::wrapped(&format!("- {}", moved.text), 2, usize::MAX);
        // Whole, for whoever copies it.
        text += &moved.command.as_ref().map(|command| format!("    {command}\n")).unwrap_or_default();
    }
    for one in &told.carried_by {
        text += &output::wrapped(&format!("carried by {}", carried(one)), 2, usize::MAX);
    }
    for quote in &told.quotes {
        let id: String = quote.record.chars().take(8).collect();
        text += &output::wrapped(&format!("“{}” ({id})", quote.text), 2, SHOWN);
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerting::journal::tests::fired;
    use insight::alerts::{Behind, Quoted, tell};

    #[test]
    fn all_of_it_is_shown_and_the_command_is_whole() {
        let event = fired("login_access");
        let quote = Quoted { record: "0123456789abcdef".to_owned(), text: "login fails again".to_owned() };
        let behind = Behind { carried_by: Vec::new(), quotes: vec![quote] };
        let told = told(&tell(&event, behind, &|_| "Login".to_owned()).unwrap());
        let first = told.lines().next().unwrap();
        assert_eq!(first, format!("P1 · fired · Login: more feedback than usual · {} · identity", event.id));
        assert!(told.contains("\n    verbatim report --records --from 2026-03-02"), "{told}");
        assert!(told.contains("  “login fails again” (01234567)\n"), "{told}");
    }
}
