//! Whom to tell that a case is resolved, as a part of its message.

use crate::cases::Report;
use crate::output;
use deliver::{Block, Quote};

/// People that a message to people names; the command names all.
const PEOPLE: usize = 20;
/// Reports that a part of a program's message has. One that is too large for its target loses whole parts, the last first.
const PART: usize = 100;

/// Who reads a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Person,
    Program,
}

/// Whoever reported waits for an answer: where it was made, and their pseudonym. A program gets all of them. `command`
/// shows the case.
pub fn whom_to_tell(tell: &[Report], command: &str, reader: Reader) -> Vec<Block> {
    if tell.is_empty() {
        return Vec::new();
    }
    let quotes = |reports: &[Report]| Block::Quotes { quotes: reports.iter().map(quote).collect() };
    let mut blocks = vec![Block::Heading { text: "Whom to tell".to_owned() }];
    match reader {
        Reader::Person => {
            let (named, others) = tell.split_at(tell.len().min(PEOPLE));
            blocks.push(quotes(named));
            if !others.is_empty() {
                let others = output::grouped(others.len() as u64);
                let text = format!("And {others} more: {command} --json has them all.");
                blocks.push(Block::Paragraph { text });
            }
        }
        Reader::Program => {
            if tell.len() > PART {
                let all = output::counted(tell.len() as u64, "report");
                let text = format!("{all} in all: {command} --json has them, too.");
                blocks.push(Block::Paragraph { text });
            }
            blocks.extend(tell.chunks(PART).map(quotes));
        }
    }
    blocks
}

/// As a quote, so that an erasure finds it by its record.
fn quote(report: &Report) -> Quote {
    let who = if report.names.is_empty() { "nobody knows whom".to_owned() } else { report.names.join(", ") };
    let text = format!("{} {} {}, of {who}", report.source, report.event_source, report.native_id);
    Quote { text, record: report.record.clone(), link: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reports(count: usize) -> Vec<Report> {
        let report = |number: usize| Report {
            record: format!("r{number}"),
            names: if number == 0 { Vec::new() } else { vec![format!("a_{number}")] },
            source: "ticket".to_owned(),
            event_source: "desk".to_owned(),
            native_id: format!("T-{number}"),
        };
        (0..count).map(report).collect()
    }

    /// How many each list of quotes has.
    fn named(blocks: &[Block]) -> Vec<usize> {
        let lists = blocks.iter().filter_map(|block| match block {
            Block::Quotes { quotes } => Some(quotes.len()),
            _ => None,
        });
        lists.collect()
    }

    fn told(count: usize, reader: Reader) -> (Vec<usize>, String) {
        let blocks = whom_to_tell(&reports(count), "verbatim cases show aa01", reader);
        (named(&blocks), serde_json::to_string(&blocks).unwrap())
    }

    #[test]
    fn who_is_to_be_told_is_named_by_pseudonym_and_native_id() {
        for reader in [Reader::Person, Reader::Program] {
            let (named, text) = told(2, reader);
            assert_eq!(named, [2]);
            assert!(text.contains("\"ticket desk T-0, of nobody knows whom\",\"record\":\"r0\""), "{text}");
            assert!(text.contains("ticket desk T-1, of a_1"), "{text}");
            assert!(whom_to_tell(&[], "", reader).is_empty());
        }
    }

    #[test]
    fn people_see_twenty_and_the_command_for_the_rest() {
        assert!(!told(20, Reader::Person).1.contains("more:"));
        let (named, text) = told(25, Reader::Person);
        assert_eq!(named, [20]);
        assert!(text.contains("T-19, of a_19") && !text.contains("T-20"), "{text}");
        assert!(text.contains("And 5 more: verbatim cases show aa01 --json has them all."), "{text}");
    }

    #[test]
    fn a_program_gets_them_all() {
        let (named, text) = told(1_234, Reader::Program);
        assert_eq!((named.len(), named.iter().sum::<usize>()), (13, 1_234));
        let all = "1,234 reports in all: verbatim cases show aa01 --json has them, too.";
        assert!(text.contains(all) && text.contains("T-1233, of a_1233"), "{text}");
        assert!(!told(100, Reader::Program).1.contains("in all"), "nothing can be missing");
    }
}
