//! Reading ahead: an encoder that reads texts together is shown those of many messages before they are processed.
//!
//! Decoding and redaction are done twice then; beside what such an encoder costs a text, they are nothing.

use super::redacted::Texts;
use super::{Desk, Message, Processor, Ready};
use analyze::Input;
use feedback::decode::Decoded;
use feedback::kind::Contract;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The redacted words of one record.
struct Words {
    title: Option<String>,
    body: String,
    question: Option<String>,
    language_hint: Option<String>,
    contract: Option<Contract>,
}

impl Processor {
    /// How many messages are best read ahead together; 1 where that gains nothing.
    #[must_use]
    pub fn group(&self) -> usize {
        self.analyzer().group()
    }

    /// Reads the texts of these messages together. Processing each of them with the same desk is faster then, and gives
    /// what it gives without.
    pub fn foresee<'m>(&self, messages: impl Iterator<Item = Message<'m>>, desk: &mut Desk) {
        // What is read hangs on the encoder, and on no taxonomy that may be switched meanwhile.
        let analyzer = self.analyzer();
        let (mut words, group) = (Vec::new(), analyzer.group());
        for message in messages {
            // A message may hold many texts; what is beyond is read alone, with the same result.
            if words.len() >= group {
                break;
            }
            // What cannot be read now is told when it is processed.
            let _ = catch_unwind(AssertUnwindSafe(|| self.words_of(&message, &mut desk.texts, &mut words)));
        }
        let inputs: Vec<Input<'_>> = words
            .iter()
            .map(|words| Input {
                title: words.title.as_deref(),
                body: &words.body,
                question: words.question.as_deref(),
                language_hint: words.language_hint.as_deref(),
                contract: words.contract,
                ..Input::default()
            })
            .collect();
        let read = catch_unwind(AssertUnwindSafe(|| analyzer.foresee(&inputs, true, &mut desk.scratch)));
        desk.spoiled |= read.is_err();
    }

    fn words_of(&self, message: &Message<'_>, texts: &mut Vec<Texts>, words: &mut Vec<Words>) {
        let Ok(event) = self.open(message) else { return };
        let Ok(Decoded::Item(item)) = self.decode(&event, message.ingested_at) else { return };
        let contract = self.contract(&item.kind);
        let Ready { records, .. } = self.ready(&item, texts);
        words.extend(records.iter().map(|record| Words {
            title: record.title.map(str::to_owned),
            body: record.body.to_owned(),
            question: record.question.map(str::to_owned),
            language_hint: record.language_hint.map(str::to_owned),
            contract,
        }));
    }
}
