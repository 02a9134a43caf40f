//! Names that no field tells: behind a greeting, a title, an introduction.

use super::{becomes, redact};
use crate::redact::{Known, RedactionCounts, Redactor};
use std::time::{Duration, Instant};

#[track_caller]
fn stay(texts: &[&str]) {
    let wrong: Vec<_> =
        texts.iter().map(|text| (redact(text, &[]).0, *text)).filter(|(out, text)| out != text).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn who_is_greeted_goes() {
    becomes(&[
        ("Hi Tobias, the export fails", "Hi [name], the export fails"),
        ("Hi Tobias,\nthe export fails", "Hi [name],\nthe export fails"),
        ("hello Wyxbar!", "hello [name]!"),
        ("Hey Qorbarski\nany news?", "Hey [name]\nany news?"),
        ("Hi Okonkwo 😊 it works", "Hi [name] 😊 it works"),
        ("Hi Priya Nair can you help", "Hi [name] can you help"),
        ("HI TOBIAS, PLEASE HELP", "HI [name], PLEASE HELP"),
        ("HI JOSÉ, PLEASE HELP", "HI [name], PLEASE HELP"),
        ("HALLO JÜRGEN, BITTE HELFEN", "HALLO [name], BITTE HELFEN"),
        ("OLÁ JOÃO, AJUDA", "OLÁ [name], AJUDA"),
        ("hi émilie can you help", "hi [name] can you help"),
        ("Bonjour Émilie, merci", "Bonjour [name], merci"),
        ("hi tobias can you help", "hi [name] can you help"),
        ("good morning anna, it is down again", "good morning [name], it is down again"),
        ("Good afternoon Adaeze Okafor, thanks", "Good afternoon [name], thanks"),
        ("Dear Anna-Lena, it is fixed", "Dear [name], it is fixed"),
        ("Dear Niamh O'Brien, it is fixed", "Dear [name], it is fixed"),
        ("Dear McAllister,", "Dear [name],"),
        ("Hello again Marie, still broken", "Hello again [name], still broken"),
        ("Hi Will, thanks", "Hi [name], thanks"),
        ("Hello, Anna!", "Hello, [name]!"),
        ("Hallo Tobias, die App hängt", "Hallo [name], die App hängt"),
        ("Hallo liebe Wyxbara, die App hängt", "Hallo liebe [name], die App hängt"),
        ("Liebe Anna,\ndanke für die Hilfe", "Liebe [name],\ndanke für die Hilfe"),
        ("Moin Fiete, läuft wieder", "Moin [name], läuft wieder"),
        ("Guten Tag Jürgen Müller-Lüdenscheidt, ich", "Guten Tag [name], ich"),
        ("Bonjour Marie, je n'arrive pas", "Bonjour [name], je n'arrive pas"),
        ("Salut Étienne ! Ça marche", "Salut [name] ! Ça marche"),
        ("Chère Élodie, merci", "Chère [name], merci"),
        ("¡Hola Carlos! No funciona", "¡Hola [name]! No funciona"),
        ("Buenos días María de la Cruz, no puedo", "Buenos días [name], no puedo"),
        ("Olá João, não abre", "Olá [name], não abre"),
        ("Bom dia Beatriz da Silva, tudo bem?", "Bom dia [name], tudo bem?"),
        ("Ciao Giulia, non funziona", "Ciao [name], non funziona"),
        ("Buongiorno Lorenzo, grazie", "Buongiorno [name], grazie"),
        ("Hoi Sjoerd van Loon, het werkt niet", "Hoi [name], het werkt niet"),
        ("Beste Maaike,\nhet werkt niet", "Beste [name],\nhet werkt niet"),
        ("{\"text\":\"Hi Wyxbar\"", "{\"text\":\"Hi [name]\""),
    ]);
}

#[test]
fn who_is_thanked_goes_by_a_name_that_many_have() {
    becomes(&[
        ("Thanks Anna", "Thanks [name]"),
        ("Thank you so much. Thanks, Anna!", "Thank you so much. Thanks, [name]!"),
        ("Thank you Maria, that was quick", "Thank you [name], that was quick"),
        ("Thanks to Oskar from support it works", "Thanks to [name] from support it works"),
        ("Danke Sabine für die Hilfe", "Danke [name] für die Hilfe"),
        ("Vielen Dank an Matthias Vogt!", "Vielen Dank an [name]!"),
        ("Merci à Camille pour son aide", "Merci à [name] pour son aide"),
        ("Gracias Javier por la ayuda", "Gracias [name] por la ayuda"),
        ("Obrigada Larissa", "Obrigada [name]"),
        ("Grazie Martina, gentilissima", "Grazie [name], gentilissima"),
        ("Bedankt Anouk", "Bedankt [name]"),
        ("Doctor Sarah was lovely", "Doctor [name] was lovely"),
    ]);
}

#[test]
fn who_has_a_title_goes() {
    becomes(&[
        ("Dear Ms Okafor, hello", "Dear Ms [name], hello"),
        ("I spoke to Mr. Smith about it", "I spoke to Mr. [name] about it"),
        ("Mr.Smith's desk", "Mr.[name]'s desk"),
        ("mrs Okafor from your team helped", "mrs [name] from your team helped"),
        ("MRS Okafor helped", "MRS [name] helped"),
        ("Mr Grant and Mrs King", "Mr [name] and Mrs [name]"),
        ("Mr J. R. Okafor said so", "Mr [name] said so"),
        ("Dr Omonori (who listened)", "Dr [name] (who listened)"),
        ("Prof. Eyal Thren told us", "Prof. [name] told us"),
        ("Hallo Frau Schmidt,", "Hallo Frau [name],"),
        ("Danke, Herr Weber", "Danke, Herr [name]"),
        ("Herr Weber hat nicht zurückgerufen", "Herr [name] hat nicht zurückgerufen"),
        ("Sehr geehrte Frau Dr. von Thren, danke", "Sehr geehrte Frau Dr. [name], danke"),
        ("mit Herrn Tobias Weber gesprochen", "mit Herrn [name] gesprochen"),
        ("Frau Weber Rechnung fehlt", "Frau [name] Rechnung fehlt"),
        ("Bonjour Monsieur Lefèvre", "Bonjour Monsieur [name]"),
        ("Bonjour Mme Le Goff, merci", "Bonjour Mme [name], merci"),
        ("Merci M. Dupont pour votre aide", "Merci M. [name] pour votre aide"),
        ("el señor García López no responde", "el señor [name] no responde"),
        ("Estimada Sra. de la Fuente: gracias", "Estimada Sra. [name]: gracias"),
        ("el Sr. García no responde", "el Sr. [name] no responde"),
        ("o senhor Pacheco não respondeu", "o senhor [name] não respondeu"),
        ("la signora Rossi è gentile", "la signora [name] è gentile"),
        ("la Sig.ra Bellandi è gentile", "la Sig.ra [name] è gentile"),
        ("Geachte heer van Dijk, dank", "Geachte heer [name], dank"),
        ("Geachte mevrouw de Wit, dank", "Geachte mevrouw [name], dank"),
        ("de heer Hoekstra belde", "de heer [name] belde"),
    ]);
}

#[test]
fn who_tells_a_name_goes() {
    becomes(&[
        ("my name is Priya Nair", "my name is [name]"),
        ("My name is Wyxbar and I pay", "My name is [name] and I pay"),
        ("my name’s Will, hello", "my name’s [name], hello"),
        ("I am Priya Nair from Leeds", "I am [name] from Leeds"),
        ("I'm Wyxbar Qorbarski from the yard", "I'm [name] from the yard"),
        ("Mein Name ist Wyxbar Thren", "Mein Name ist [name]"),
        ("Ich heiße Anke und nutze es", "Ich heiße [name] und nutze es"),
        ("ich bin Uwe Kröger, guten Tag", "ich bin [name], guten Tag"),
        ("Je m'appelle Margaux Fauvel", "Je m'appelle [name]"),
        ("mon nom est Thibault", "mon nom est [name]"),
        ("Me llamo Inés Ríos y pago", "Me llamo [name] y pago"),
        ("Mi nombre es Álvaro", "Mi nombre es [name]"),
        ("o meu nome é Caio", "o meu nome é [name]"),
        ("Me chamo Thiago Azevedo", "Me chamo [name]"),
        ("Mi chiamo Chiara Corradi", "Mi chiamo [name]"),
        ("Mijn naam is Joris", "Mijn naam is [name]"),
        ("Ik heet Maaike de Wit", "Ik heet [name]"),
    ]);
}

#[test]
fn a_name_goes_wherever_else_it_stands() {
    becomes(&[
        ("Hi Wyxbar, I wrote. Wyxbar never answered.", "Hi [name], I wrote. [name] never answered."),
        ("Qorbar knows it. Dear Ms Qorbar, help", "[name] knows it. Dear Ms [name], help"),
        (
            "Wyxbar here. It hangs.\nBest regards,\nWyxbar Thren",
            "[name] here. It hangs.\nBest regards,\n[name]",
        ),
        ("Thanks Wyxbar. Hi Wyxbar, any news?", "Thanks [name]. Hi [name], any news?"),
        ("Hi Will, Will it work?", "Hi [name], Will it work?"),
        ("Hi Wyxbar, Wyxbara and WYXBAR stay", "Hi [name], Wyxbara and WYXBAR stay"),
    ]);
}

#[test]
fn teams_products_and_the_world_stay() {
    stay(&[
        "Hi Team, the export fails",
        "Hello Support,",
        "HELLO SUPPORT, PLEASE HELP",
        "Dear Customer Service, help",
        "Dear Valued Customer,",
        "Hi all, hello everyone,",
        "Hi All,",
        "Hi there, it fails",
        "Hi There!",
        "Hi Slack, please fix it",
        "Hello Larchdeck team, please fix it",
        "Dear Larchdeck Support,",
        "Hi Acme Bank, where is my card",
        "Hello Larchdeck people",
        "Hello Netflix!",
        "Hey Siri, hey Google!",
        "Hello Kitty!",
        "Hello World!",
        "Hello Developers, great app",
        "Dear Sir or Madam,",
        "Dear Sir/Madam,",
        "Dear Hiring Manager,",
        "Hi Guys, great work",
        "Hi PayPal, hello GitHub!",
        "Good Morning America",
        "Good morning London!",
        "Hello Monday! Hello December,",
        "Thanks Zendesk",
        "Thanks Slack, you broke it",
        "Thanks to Google it works",
        "Thank you Larchdeck!",
        "thank you God",
        "Thanks Team",
        "Hallo Leute, die App hängt",
        "Hallo Zusammen,",
        "Hallo liebes Team,",
        "Hallo liebes Larchdeck-Team,",
        "Guten Tag zusammen,",
        "Liebes Team,",
        "Liebe Grüße",
        "Liebe Grüße,",
        "Lieber Kundenservice,",
        "Liebe Supportmitarbeiter, danke",
        "Moin Moin!",
        "Danke Telekom für nichts",
        "Bonjour à tous, Bonjour Madame, Monsieur,",
        "Bonjour l'équipe",
        "Hola Equipo,",
        "Buenas tardes Buenas",
        "Olá Pessoal!",
        "Ciao Ragazzi!",
        "Hallo Allemaal,",
        "Beste App!",
        "Beste klantenservice,",
    ]);
}

#[test]
fn beginnings_of_sentences_stay() {
    stay(&[
        "Hi I have a problem",
        "Hi My app crashes",
        "Hello. The app crashes",
        "Hello, The app crashes",
        "Hello, Amazing!",
        "Hello Please fix it",
        "Hi Currently it hangs",
        "Hi Having trouble with sync",
        "Dear, it crashes",
        "oh dear Everything is gone",
        "Hallo Ich habe ein Problem",
        "Hallo Absturz beim Start",
        "Bonjour Je voudrais un remboursement",
        "Hola Quiero cancelar",
        "Olá Gostaria de cancelar",
        "Ciao Vorrei disdire",
        "Hallo Ik heb een probleem",
        "Thanks The export works",
        "Thanks Everything works",
        "my name is on the invoice twice",
        "my name is Not accepted",
        "the name is Report, the file name is Export",
        "I am American from Texas",
        "I am Happy, I'm Done",
        "I am Team Lead at a school",
        "Ich bin Kunde bei euch",
        "Ich bin Administrator von drei Boards",
        "je suis Parisienne",
        "Soy Cliente desde mayo",
    ]);
}

#[test]
fn titles_of_nobody_stay() {
    stay(&[
        "12 Elm Dr Springfield",
        "I saw the Dr. Everything was fine",
        "waited for my Dr. Receptionist was rude",
        "tl;dr Results in the sheet",
        "meine Frau Probleme hat",
        "Herr der Ringe, Frau und Mann",
        "200 ms Delay, MS Teams, DR Plan",
        "Sr Developer, Sr. Product Manager",
        "Sr. Analyst, Sr Consultant at a bank",
        "our Sr. Associate and a Sr. Specialist",
        "size M. Too small",
        "I miss Slack",
        "Mr President, Mr Support",
        "Bonjour Madame Votre application",
        "Dear Sir Please refund",
        "a sig. The end",
        "Mr. [name], Frau [name], Hi [name]",
        "Hi jane@example, Hi Amazon.com",
    ]);
}

#[test]
fn a_word_of_a_name_is_not_torn() {
    becomes(&[
        ("Hi Jose\u{301}, hello", "Hi [name], hello"),
        ("Hi Wyx\u{200b}bar, hello", "Hi [name], hello"),
        ("Hi\u{a0}Tobias, hello", "Hi\u{a0}[name], hello"),
        ("Mr O’Brien’s desk", "Mr [name]’s desk"),
        ("Hi Élise!é", "Hi [name]!é"),
    ]);
    stay(&["Hi Tobias99, hello", "Hi Tobias_x", "Hi Tobias/Anna", "Mr. ", "Frau", "Hi ", "my name is "]);
}

#[test]
fn the_name_of_a_thing_greets_nobody() {
    let field = |name: &str, value: &str| {
        let (mut out, mut counts) = (String::new(), RedactionCounts::default());
        Redactor.redact_field_into(name, value, Known::nobody(), &mut out, &mut counts);
        out
    };
    assert_eq!(field("product", "Dr. Thren Baking"), "Dr. Thren Baking");
    for name in ["Product", "Brand", "COMPANY", "tags"] {
        assert_eq!(field(name, "Dr. Thren Baking"), "Dr. Thren Baking", "{name}");
    }
    assert_eq!(field("product", "a@b.co"), "[email]");
    assert_eq!(field("note", "Dr. Thren called"), "Dr. [name] called");
}

#[test]
fn the_product_of_the_record_is_nobody() {
    let known = Known::new([]).with_products(["Larchdeck Pro", "Dr. Thren"]);
    for (text, expected) in [
        ("Hi Larchdeck, I pay. Larchdeck crashes", "Hi Larchdeck, I pay. Larchdeck crashes"),
        ("hello LARCHDECK!", "hello LARCHDECK!"),
        ("Hi Tobias, Larchdeck crashes", "Hi [name], Larchdeck crashes"),
        ("Hi Tobias Larchdeck, Larchdeck crashes", "Hi [name], Larchdeck crashes"),
        ("I love Dr. Thren pizza", "I love Dr. Thren pizza"),
        ("Mr Larchdeck called, Larchdeck hangs", "Mr [name] called, Larchdeck hangs"),
        ("my name is Larchdeck", "my name is [name]"),
    ] {
        let (mut out, mut counts) = (String::new(), RedactionCounts::default());
        Redactor.redact_into(text, &known, &mut out, &mut counts);
        assert_eq!(out, expected);
    }
}

/// Each of these would cost its square if a place looked back as far as the text goes.
#[test]
fn long_rows_cost_one_pass() {
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    let names: String =
        (0..8_000).map(|n| format!("Mr Wyx{}{}{}, ", letter(n), letter(n / 26), letter(n / 676))).collect();
    let rows = ["A.", "Dr ", "von Von ", "hi Aé", "Hi A-"].map(|row| row.repeat(20_000));
    for text in rows.into_iter().chain([names]) {
        let begun = Instant::now();
        redact(&text, &[]);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?} for {}", begun.elapsed(), &text[..6]);
    }
}
