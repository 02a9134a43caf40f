//! What the text stages cost: `cargo run --release -p analyze --example text_speed`.
//!
//! Prints nanoseconds a text for redaction, language and segments, over sentences as customers write them
//! (about 25 words), by kind of text. The best of several rounds, on one core.

use analyze::{
    language,
    pseudonym::PseudonymKey,
    redact::{Known, RedactionCounts, Redactor},
    segment,
};
use std::{hint::black_box, time::Instant};

const ENGLISH: &[&str] = &[
    "I really like the new dashboard, but since the last update it takes forever to load and sometimes it just shows a blank page.",
    "Support answered within an hour and actually fixed the problem. Great service, we will definitely stay for another year with you!",
    "The export to CSV is broken again: dates come out in the wrong format and half of the columns are missing in the file.",
    "Honestly the price went up twice this year and I do not see what we get for it, so we are looking at other tools now.",
    "Would be lovely if we could mute notifications on weekends. Also dark mode, please. Otherwise the app is solid and my team is happy.",
    "Login with Google fails on my iPhone since version 4.2.0, I get a white screen after the redirect and have to restart the app.",
];

const EUROPEAN: &[&str] = &[
    "Seit dem letzten Update stürzt die App ständig ab, wenn ich einen Bericht öffne. Das war früher deutlich besser, bitte schnell beheben.",
    "La nueva versión es muy lenta y no puedo iniciar sesión desde ayer. El soporte no contesta y ya he escrito tres veces esta semana.",
    "Très bonne application, mais les notifications arrivent en retard et je rate des réunions. Dommage, car le reste fonctionne très bien.",
    "Questa applicazione è comoda, però il prezzo è aumentato troppo e l'assistenza risponde solo dopo tre giorni, peccato davvero.",
];

const PERSONAL: &[&str] = &[
    "Please call me back on +1 (212) 555-0142 or write to jane.doe@example.com, the invoice was charged twice to my card and nobody answers.",
    "My card 4111 1111 1111 1111 was charged twice and the IBAN for the refund is DE89 3704 0044 0532 0130 00, please fix this soon.",
    "It happens from 203.0.113.7 as well as from home, the link was https://jane:hunter2@boards.example/export and it never worked for us.",
];

const EMOJI: &[&str] = &[
    "Love love love this app 😍😍 best thing I’ve used in years — my whole team switched to it, and we’re never going back… thank you! ❤️",
    "ugh 🙄 it crashed AGAIN while I was presenting… third time this week 😡 pls fix it or we’re gone, I’m not paying for this anymore",
];

const KNOWN: &[&str] = &["Jane Doe", "jane.doe@example.com", "jdoe_99"];

fn main() {
    println!(
        "{:<12}{:>8}{:>10}{:>10}{:>10}{:>10}",
        "texts", "bytes", "redact", "+known", "language", "segment"
    );
    for (name, texts) in
        [("english", ENGLISH), ("european", EUROPEAN), ("personal", PERSONAL), ("emoji", EMOJI)]
    {
        let bytes = texts.iter().map(|text| text.len()).sum::<usize>() / texts.len();
        let (mut out, mut counts) = (String::with_capacity(4096), RedactionCounts::default());
        let redactor = Redactor::new();
        let mut redact = |known: &[&str]| {
            let known = Known::new(known.iter().copied());
            best(texts, |text| {
                out.clear();
                redactor.redact_into(black_box(text), &known, &mut out, &mut counts);
                black_box(&out);
            })
        };
        let (plain, known) = (redact(&[]), redact(KNOWN));
        let language = best(texts, |text| {
            black_box(language::detect(black_box(text), None));
        });
        let mut segments = Vec::new();
        let segment = best(texts, |text| {
            segment::segment_into(black_box(text), &mut segments);
            black_box(&segments);
        });
        println!("{name:<12}{bytes:>8}{plain:>8.0}ns{known:>8.0}ns{language:>8.0}ns{segment:>8.0}ns");
    }
    if let Ok(key) = PseudonymKey::from_bytes(std::array::from_fn(|i| i as u8)) {
        let author = best(&["jane.doe@example.com"], |email| {
            black_box(key.author("forms", Some("17"), Some(black_box(email))));
        });
        println!("pseudonym of an author: {author:.0} ns");
    }
}

/// Nanoseconds a text, in the best of some rounds.
fn best(texts: &[&str], mut work: impl FnMut(&str)) -> f64 {
    const TIMES: usize = 3_000;
    let round = |work: &mut dyn FnMut(&str)| {
        let begin = Instant::now();
        for _ in 0..TIMES {
            texts.iter().for_each(|text| work(text));
        }
        begin.elapsed().as_nanos() as f64 / (TIMES * texts.len()) as f64
    };
    (0..20).map(|_| round(&mut work)).fold(f64::INFINITY, f64::min)
}
