//! Names as people write them: a part of the author's, with other accents, in other scripts, as a handle, an agent's,
//! or one that no field tells. Each is planted in a sound message and in one that ends as a dead letter.

use super::{Nest, damage};
use crate::event::Source;
use serde_json::{Value, json};

/// Syllables of no common word, for scripts that write without blanks.
const HAN: [char; 16] =
    ['璟', '瓅', '甯', '畇', '皙', '睿', '硕', '祎', '稷', '竣', '筠', '綦', '纾', '羿', '翀', '耘'];
const SYLLABLES: [&str; 16] = [
    "bar", "cor", "dil", "fam", "gon", "hul", "jin", "kam", "lud", "mor", "nip", "pol", "rav", "sut", "tev",
    "vom",
];

/// A first and a last name that nobody has, different for each of the first 256 messages.
fn person(n: u64) -> (String, String) {
    let word = format!("{}{}", SYLLABLES[(n % 16) as usize], SYLLABLES[(n / 16 % 16) as usize]);
    (format!("Wyx{word}"), format!("Qor{word}ski"))
}

impl Nest {
    pub(super) fn names(&mut self) {
        for broken in [false, true] {
            self.parts(broken);
            self.accents(broken);
            self.han(broken);
            self.handles(broken);
            self.agent(broken);
            self.untold(broken);
        }
    }

    /// The message as it is, or so that it is refused.
    fn plant(&mut self, field: &str, source: Source, data: Value, secrets: Vec<String>, broken: bool) {
        let field = if broken { format!("broken: {field}") } else { field.to_owned() };
        self.lay(&field, source, data, secrets);
        if let Some(canary) = self.hatched.last_mut().filter(|_| broken) {
            canary.broken = true;
            let way = if source == Source::Ticket { "no role" } else { "score 11" };
            canary.payload = damage(way, &canary.payload);
        }
    }

    fn parts(&mut self, broken: bool) {
        let (first, last) = person(self.count + 1);
        let mut data = self.data(Source::Nps);
        data["author"] = json!({ "name": format!("{first} {last}") });
        data["text"] = format!("Works well.\nThanks,\n{first}").into();
        self.plant("a first name in a signature", Source::Nps, data, vec![first], broken);

        let (first, last) = person(self.count + 1);
        let small = last.to_lowercase();
        let mut data = self.data(Source::Nps);
        data["author"] = json!({ "name": format!("{last}, {first}") });
        data["text"] = format!("mr {small} here, it is the {last} account").into();
        self.plant("a last name", Source::Nps, data, vec![last, small], broken);
    }

    /// The name has accents and the text none, or the other way round.
    fn accents(&mut self, broken: bool) {
        for (known, said) in
            [("méllü", "mellue"), ("rosenuer", "rosenür"), ("José", "Jose"), ("luka", "łuká")]
        {
            let (first, _) = person(self.count + 1);
            let said = format!("{first}{said}");
            let mut data = self.data(Source::Nps);
            data["author"] = json!({ "name": format!("{first}{known}") });
            data["text"] = format!("{said} says hello").into();
            self.plant("a name with other accents", Source::Nps, data, vec![said], broken);
        }
    }

    fn han(&mut self, broken: bool) {
        let n = self.count as usize + 1;
        let given: String = [HAN[n % 16], HAN[n / 16 % 16]].iter().collect();
        let mut data = self.data(Source::Nps);
        data["author"] = json!({ "name": format!("王{given}") });
        data["text"] = format!("我是{given}。谢谢,王{given}").into();
        self.plant("a name without blanks", Source::Nps, data, vec![given], broken);
    }

    /// Of letters only, in the text, a permalink and metadata.
    fn handles(&mut self, broken: bool) {
        let (first, last) = person(self.count + 1);
        let handle = format!("{first}{last}").to_lowercase();
        let mut data = self.data(Source::Nps);
        data["author"] = json!({ "id": handle });
        data["text"] = format!("as {handle} I cannot log in").into();
        data["permalink"] = format!("https://forum.example/u/{handle}/posts").into();
        data["metadata"] = json!({ "seen": { "by": [format!("{handle} of the forum")] } });
        self.plant("a handle of letters", Source::Nps, data, vec![handle], broken);
    }

    fn agent(&mut self, broken: bool) {
        let (first, last) = person(self.count + 1);
        let mut data = self.data(Source::Ticket);
        data["messages"] = json!([
            { "role": "customer", "text": format!("thank you {first} for the help") },
            { "role": "agent", "name": format!("{first} {last}"), "text": format!("Gladly! {first} of {last} & Co") },
        ]);
        self.plant("an agent's name", Source::Ticket, data, vec![first, last], broken);
    }

    /// Only a greeting, a title or an introduction says that it is a name.
    fn untold(&mut self, broken: bool) {
        let texts: [fn(&str, &str) -> String; 7] = [
            |first, last| format!("Hi {first} {last}, the export stops. So says {first}."),
            |first, last| {
                format!("Thank you for the call.\nDear Ms {last}, it was {first} {last}?\nBest,\n{first}")
            },
            |first, last| format!("My name is {first} {last} and the boards are slow."),
            |first, last| format!("Hallo Frau {last},\nbitte auch an {last} senden. Ich heiße {first}."),
            |first, last| format!("Bonjour {first}, j'ai parlé à Mme {last} hier."),
            |first, last| format!("¡Hola {first}! El señor {last} no responde."),
            |first, last| format!("Geachte heer van {last}, mijn naam is {first}."),
        ];
        for text in texts {
            let (first, last) = person(self.count + 1);
            let mut data = self.data(Source::Nps);
            data["text"] = text(&first, &last).into();
            self.plant("a name that no field tells", Source::Nps, data, vec![first, last], broken);
        }
        let (first, last) = person(self.count + 1);
        let mut data = self.data(Source::Ticket);
        data["messages"] = json!([
            { "role": "customer", "text": "The boards are slow." },
            { "role": "agent", "text": format!("Dear {first}, Mrs {last} looks into it.") },
        ]);
        self.plant("a name that no field tells", Source::Ticket, data, vec![first, last], broken);
    }
}
