//! Where a name is to be expected: behind a greeting or thanks, and below a letter.

use super::{Class, scan::Hit};
use crate::wordset::{WordSet, Words};
use std::ops::Range;
use std::sync::LazyLock;

/// Words that end a letter; what stands below them with capitals is a name.
static CLOSINGS: WordSet = LazyLock::new(|| {
    Words::new(
        "regards sincerely wishes truly faithfully cordially respectfully grüße grüßen grüsse grüssen gruß gruss \
     gruesse gruessen cordialement salutations amicalement saludos atentamente cordialmente saluti groet \
     groeten groetjes atenciosamente cumprimentos abraços abraço pozdrawiam",
    )
});

/// Of these, words of mid-sentence and of headings too: `Truly Awful`, `my team wishes Slack`.
static DOUBTFUL: WordSet =
    LazyLock::new(|| Words::new("sincerely wishes truly faithfully cordially respectfully"));

/// Words before a closing that make it unmistakable.
static LEADS: WordSet = LazyLock::new(|| {
    Words::new(
        "best kind kindest warm warmest good yours many very freundlichen freundliche herzliche herzlichen liebe \
     lieben beste besten viele schöne sonnige bien meilleures sincères cordiales un muchos atentos cordiali distinti \
     vriendelijke hartelijke warme veel melhores muitos",
    )
});

/// Words that end a letter where a line of its own follows; in mid-sentence they say something else.
static THANKS: WordSet = LazyLock::new(|| {
    Words::new(
        "thanks thank thx ty cheers best yours danke lg vg mfg merci gracias grazie obrigado obrigada \
     bedankt dank tack you advance ciao many all vielen muchas",
    )
});

/// Words before somebody's name.
static GREETINGS: WordSet = LazyLock::new(|| {
    Words::new(
        "hi hello hey dear mr mrs ms miss dr sir am i'm name signed ask hallo liebe lieber herr frau \
     bonjour salut cher chère madame monsieur bonsoir hola querido querida señor señora buenos ciao caro cara \
     signor signora olá beste heer mevrouw",
    )
});

/// Most words of a name below a letter.
const MOST_WORDS: usize = 3;

/// Whether a name may stand here, although it is a word: beside another part of it, behind a greeting or thanks,
/// or by itself at the end.
pub(super) fn is_place_of_name<'n, I: Iterator<Item = &'n str>>(
    text: &str,
    range: &Range<usize>,
    others: impl Fn() -> I,
) -> bool {
    let (before, after) = (&text[..range.start], &text[range.end..]);
    let same = |word: &str| word == "name" || others().any(|other| other.eq_ignore_ascii_case(word));
    let next = after.trim_start_matches([' ', '.', '[']);
    let next = &next[..next.find(|c: char| !c.is_alphabetic()).unwrap_or(next.len())];
    if after.len() > next.len() && (same(next) || next == "here") {
        return true;
    }
    let line = before.trim_end_matches([' ', '\t']);
    let gap = line.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ']');
    let between = &line[gap.len()..];
    let last = last_word(gap.trim_end_matches(']'));
    let greeting = GREETINGS.contains(last) || CLOSINGS.contains(last) || THANKS.contains(last);
    let introduced = greeting && !gap.ends_with(']') && !between.contains(['.', '!', '?']);
    // `Hello, Will it …`: behind a comma a sentence may begin.
    let begins = between.contains(',') && next.starts_with(char::is_lowercase);
    if between.is_empty() && same(last) || introduced && !begins {
        return true;
    }
    let ends = after.trim_start_matches([' ', '.', '!', ')']);
    let alone = ends.is_empty() || ends.starts_with(['\n', '\r']);
    alone
        && (line.is_empty() || line.ends_with(['\n', '.', '!', '?', ',', '-', '–', '—', '…', ')', '~', '/']))
}

/// Names that nobody has told, below a letter: `Best regards,` and a line of at most three words with capitals.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let mut start = 0;
    loop {
        let end = memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |at| start + at);
        if let Some(range) = signed(text, end) {
            hits.push(Hit::new(range, Class::Name));
        }
        if end == text.len() {
            return;
        }
        start = end + 1;
    }
}

/// The name at the end of a line.
fn signed(text: &str, end: usize) -> Option<Range<usize>> {
    let end = text[..end].trim_end_matches([' ', '\r']).len();
    // Most lines end here: with a sign, or a small word.
    let mut start = end;
    for _ in 0..MOST_WORDS {
        let rest = text[..start].trim_end_matches(' ');
        let word = last_word(rest.strip_suffix('.').unwrap_or(rest));
        let initial = word.chars().nth(1).is_none();
        let fits = word.starts_with(char::is_uppercase) && (rest.ends_with(word) || initial);
        if !fits || CLOSINGS.contains(word) {
            break;
        }
        start = rest.len() - word.len() - usize::from(!rest.ends_with(word));
        let before = text[..start].trim_end_matches(' ');
        let gap = before.trim_end_matches([',', ' ', '\n', '\r', '-', '–', '—', '!', '.']);
        let closing = last_word(gap);
        let between = &before[gap.len()..];
        let own_line = between.contains('\n');
        let last = text[end..].bytes().all(|byte| byte.is_ascii_whitespace());
        if closes(gap, closing, between, last) || own_line && is_thanks(gap, closing) {
            return Some(start..end);
        }
        if own_line {
            break;
        }
    }
    None
}

/// Whether a letter closes here: behind the closing stand a comma or the line's end, or it is unmistakable and the
/// name the last of the text.
fn closes(text: &str, closing: &str, between: &str, last: bool) -> bool {
    if !CLOSINGS.contains(closing) || between.contains(['!', '.']) {
        return false;
    }
    let before = text[..text.len() - closing.len()].trim_end_matches(' ');
    let led = LEADS.contains(last_word(before));
    let begins = before.is_empty() || before.ends_with('\n');
    let doubtful = DOUBTFUL.contains(closing);
    match between.contains('\n') {
        _ if between.contains(',') => true,
        true => !doubtful || led || begins,
        false => last && (led || begins && !doubtful),
    }
}

/// A line that is no more than thanks: `All the best`, and not `what works best`.
fn is_thanks(text: &str, last: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or(text);
    let first = line.split_whitespace().next().unwrap_or_default();
    THANKS.contains(last) && THANKS.contains(first) && line.split_whitespace().count() <= 4
}

fn last_word(text: &str) -> &str {
    let from = text.rfind(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’' | '-'));
    let from = from.map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    &text[from..]
}

#[cfg(test)]
mod tests {
    use crate::redact::tests::redact;

    #[test]
    fn a_name_below_a_letter_goes() {
        for (text, expected) in [
            ("It works now.\n\nBest regards,\nGrace Miller", "It works now.\n\nBest regards,\n[name]"),
            ("Kind regards\nG. H. Miller\nCEO", "Kind regards\n[name]\nCEO"),
            ("Please fix it. Best regards, Zoë", "Please fix it. Best regards, [name]"),
            (
                "Danke!\nMit freundlichen Grüßen Jürgen Müller-Lüdenscheidt",
                "Danke!\nMit freundlichen Grüßen [name]",
            ),
            ("Many thanks,\r\nIvan Petrov\r\n", "Many thanks,\r\n[name]\r\n"),
            ("best regards Ann", "best regards [name]"),
            ("Too slow. Best wishes Ann", "Too slow. Best wishes [name]"),
            ("Nett!\nGrüße Anna", "Nett!\nGrüße [name]"),
            ("Yours truly\nAnn Lee", "Yours truly\n[name]"),
            ("Sincerely\nAnn Lee", "Sincerely\n[name]"),
            ("Sincerely, Ann", "Sincerely, [name]"),
            ("All the best,\nAnna\n\nsent from my phone", "All the best,\n[name]\n\nsent from my phone"),
        ] {
            assert_eq!(redact(text, &[]).0, expected, "{text:?}");
        }
    }

    #[test]
    fn other_lines_stay() {
        for text in [
            "What works best\nDark Mode",
            "Thanks, Slack integration works",
            "Thanks! Android is fine\nWindows",
            "With regards to Billing",
            "Truly Awful",
            "Sincerely Terrible",
            "This app is truly Amazing",
            "My team wishes Slack",
            "My team wishes\nSlack Sync",
            "best regards Ann from Billing is what it says",
            "Best wishes Slack\nand more",
            "Best regards,\nsent from my phone",
            "Regards\n",
            "The export fails.\nAndroid",
            "Best, Fast, Cheap",
            "",
            "\n\n",
        ] {
            assert_eq!(redact(text, &[]).0, text);
        }
    }
}
