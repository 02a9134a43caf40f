//! Prints some texts of a history to read: `cargo run -p demo --example sample -- [seed] [how many]`.

use demo::{History, Options, Truth};
use feedback::{
    decode::{Decoded, Decoder},
    event::Headers,
    record::Change,
    time::Day,
};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().unwrap_or(7));
    let (seed, count) = (arguments.next().unwrap_or(7), arguments.next().unwrap_or(60) as usize);
    let history = History::new(Options { seed, ..Options::new(Day(20_779)) });
    let decoder = Decoder::new(Default::default(), Default::default());
    let step = history.events().len() / count.max(1);
    for event in history.events().iter().step_by(step.max(1)) {
        let headers: Headers = event.headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let (Truth::Item(truth), Ok(Decoded::Item(item))) =
            (&event.truth, decoder.decode(&event.payload, headers, event.at))
        else {
            continue;
        };
        let Change::Upsert(records) = &item.change else { continue };
        for record in records.iter().filter(|record| !record.body.is_empty()) {
            let Some(meant) = truth.records.iter().find(|truth| truth.part == record.part) else { continue };
            println!(
                "[{} {:?} {:?} {:?}] {}",
                item.kind, meant.sentiment, meant.kind, meant.topics, record.body
            );
        }
    }
}
