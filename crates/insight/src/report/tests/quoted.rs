//! A quote is one of the records that the command above it lists.

use super::*;

#[test]
fn the_quotes_are_of_the_records_that_the_last_command_above_them_lists() {
    let inputs = inputs(&history(7, all()));
    let (scope, now) = last_four();
    let report = report(&inputs, &scope, now, &names()).unwrap();
    assert!(report.movers.iter().any(|mover| mover.quoted.is_some()));
    for mover in &report.movers {
        let filter = mover.quoted.as_ref().map_or(&mover.filter, |quoted| &quoted.filter);
        let listed = records(inputs.facts.clone(), filter).unwrap();
        for quote in &mover.quotes {
            assert!(listed.iter().any(|line| line.record_id == quote.record_id), "{quote:?}: {filter:?}");
        }
    }
}

/// As it is printed: below each quote's last command stands nothing that the command does not list.
#[test]
fn the_last_command_printed_above_a_quote_lists_it() {
    let inputs = inputs(&history(7, all()));
    let (scope, now) = last_four();
    let report = report(&inputs, &scope, now, &names()).unwrap();
    let filters: Vec<&Filter> = report
        .movers
        .iter()
        .flat_map(|mover| [Some(&mover.filter), mover.quoted.as_ref().map(|quoted| &quoted.filter)])
        .flatten()
        .collect();
    let (mut above, mut seen) = (None, 0);
    for line in render(&report, 400, false).lines() {
        let named = |filter: &&&Filter| {
            line.trim() == format!("verbatim report --records {}", filter.args().join(" "))
        };
        above = filters.iter().find(named).copied().or(above);
        let quote = report.movers.iter().flat_map(|mover| &mover.quotes);
        let quote = quote.into_iter().find(|quote| line.contains(&quote.text));
        if let (Some(quote), Some(filter)) = (quote, above) {
            let listed = records(inputs.facts.clone(), filter).unwrap();
            assert!(listed.iter().any(|record| record.record_id == quote.record_id), "{line}: {filter:?}");
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen} quotes were found in the text");
}

/// Of complaints that became fewer the command lists what is left of them; praise is quoted, with its own.
#[test]
fn praise_beside_fewer_complaints_has_a_command_of_its_own() {
    let report = last_four_of(&history(7, all()));
    let billing = find(&report, "billing", Direction::Better);
    let quoted = billing.quoted.as_ref().unwrap();
    let sentiment = |filter: &Filter| filter.sentiment.unwrap().as_str();
    assert_eq!((sentiment(&billing.filter), sentiment(&quoted.filter)), ("negative", "positive"));
    assert!(quoted.value > billing.records);
    let told = format!("Quoted from the {} positive mentions:", quoted.value);
    let text = render(&report, 200, false);
    let below = text.split(&told).nth(1).expect("it is said what is quoted");
    let command = format!("\n      verbatim report --records {}\n", quoted.filter.args().join(" "));
    assert!(below.starts_with(&command), "{below}");
    // What became more is quoted from the records that are told.
    assert_eq!(find(&report, "login_access", Direction::Worse).quoted, None);
}
