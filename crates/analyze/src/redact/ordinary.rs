//! Names that are no more than words: of roles, of things, of every day.

use crate::language;
use crate::wordset::{WordSet, Words};
use std::sync::LazyLock;

/// Names that are words, and words that stand where a name should.
static WORDS: WordSet = LazyLock::new(|| {
    Words::new(
        "will may mark grant hope best good young long art rich bill grace joy faith price page case chase \
     summer april june july august sunny love king day white black brown green gray grey rose dawn eve sky \
     star new app the and von van der den del los las dos bin ben for not gut lang user customer support \
     test admin team guest anonymous happy early frank major sharp swift wise west north south east \
     street field fields wood woods stone mobile home don won can jack pat drew sue rob nick dean earl duke \
     ray gene cliff guy olive ivy lily violet hazel daisy iris ruby pearl amber crystal ginger melody \
     harmony angel mercy patience charity destiny autumn winter holly basil sage robin jay martin wolf fox \
     bird fish lane brook brooks ford marsh banks hill hills park parks parker lake rivers church bishop \
     pope prince knight baker cook mason smith taylor butler porter turner walker hunter fisher miller \
     potter shepherd rush noble small little short strong bond cash pound penny sale law lord max min ace \
     chance chip buck rock clay sandy dusty rusty rain snow frost dale glen heath forest reed moss berry \
     cherry rice bean pepper sugar honey candy cookie echo nova dash flash ash link log root port host web \
     data key keys cast general power powers bright smart quick ready true real main post read reads write \
     bell ball hall wall walls gates house mills dear sweet merry carol mia dan jan jun juli juni per sol \
     luz paz mar sean rosa blanco blanca nur son das die sie man song sun hang ping sing das mit und les des \
     una uno con por las sur pas bon bonne leon lion tiger golf polo mini alpha beta gamma delta java ruby \
     swift python rust android ios windows linux mac chrome safari email mail login checkout billing export \
     import sales service system bot help info news client account office agent unknown none null nobody \
     someone everybody company product feedback enterprise business free pro plus basic premium trial you \
     your our all any are was has had but out who how why yes now one two bug fix",
    )
});

/// What somebody is to us, and nobody's name.
static ROLES: WordSet = LazyLock::new(|| {
    Words::new(
        "customer customers user users visitor visitors guest guests support anonymous reviewer reviewers member \
     members client clients team agent agents bot chatbot buyer shopper subscriber admin administrator employee staff \
     helpdesk service assistant operator moderator owner noreply system nobody unknown kunde kunden kundin nutzer \
     nutzerin benutzer besucher gast mitglied mitarbeiter mitarbeiterin anonym käufer kundenservice kundendienst \
     utilisateur utilisatrice cliente acheteur visiteur invité membre anonyme équipe equipe usuario usuaria usuário \
     usuária visitante invitado miembro anónimo anónima anonimo anônimo comprador equipo soporte suporte convidado \
     membro utente ospite klant gebruiker bezoeker klantenservice",
    )
});

/// What stands beside a role and is no name either: `A Google user`, `Website Visitor`.
static FILLERS: WordSet = LazyLock::new(|| {
    Words::new(
        "a an the our my your this new old one first former valued verified happy unhappy real registered website web \
     site app apps store play online mobile email chat phone google amazon apple facebook microsoft android ios iphone \
     trustpilot premium free trial paid pro plus basic business enterprise product sales success care technical tech \
     help desk live community account from of at for in and der die das den ein eine einer unser neue neuer le la les \
     un une el los las o os um uma do da de du von vom del di het een",
    )
});

/// Words of products that people choose as a handle; the rest stands in the lists of languages.
static THINGS: WordSet = LazyLock::new(|| {
    Words::new(
        "refund refunds invoice invoices order orders payment payments payout billing subscription subscriptions \
     dashboard dashboards board boards calendar report reports reporting chart charts filter filters search webhook \
     webhooks integration integrations api sync syncing export exports import imports upload uploads download downloads \
     notification notifications alert alerts reminder reminders message messages inbox folder folders file files task \
     tasks project projects workspace template templates checkout cart basket shipping shipment delivery return returns \
     coupon voucher discount login logout signup password settings setting profile privacy security backup editor \
     widget menu button keyboard mouse screen display theme desktop browser tablet laptop server database cloud network \
     connection performance crash crashes error errors outage downtime release version roadmap beta feature features \
     onboarding tutorial documentation docs manual guide rechnung rechnungen bestellung zahlung erstattung konto \
     kalender bericht suche lieferung facture commande paiement remboursement livraison tableau",
    )
});

/// The words of a name.
pub(super) fn words(name: &str) -> impl Iterator<Item = &str> {
    let blank = |c: char| c.is_whitespace() || matches!(c, ',' | '.' | '·' | '・' | '(' | ')' | '|' | '"');
    name.split(blank).filter(|word| !word.is_empty())
}

pub(super) fn is_role(word: &str) -> bool {
    ROLES.contains(word)
}

/// A role, or what stands beside one.
pub(super) fn is_of_a_role(word: &str) -> bool {
    ROLES.contains(word) || FILLERS.contains(word) || !word.contains(char::is_alphanumeric)
}

/// `Customer`, `A Google user`: nobody's name.
pub(super) fn only_roles(name: &str) -> bool {
    words(name).any(is_role) && words(name).all(is_of_a_role)
}

/// A name that is a word, too: `Will`, `Rose`.
pub(super) fn is_word_too(name: &str) -> bool {
    WORDS.contains(name) || ROLES.contains(name)
}

/// Whether somebody may be called so: by a few words, and not by everyday ones in small letters alone.
pub(super) fn may_be_a_name(text: &str) -> bool {
    const MOST_WORDS: usize = 6;
    text.contains(char::is_alphabetic)
        && words(text).nth(MOST_WORDS).is_none()
        && !words(text).all(is_ordinary_word)
}

/// A word in small letters without digits or signs that people write without meaning anybody.
pub(super) fn is_ordinary_word(handle: &str) -> bool {
    handle.chars().all(char::is_lowercase) && is_everyday(handle)
}

/// The same in any case.
pub(super) fn is_everyday(word: &str) -> bool {
    is_word_too(word) || FILLERS.contains(word) || THINGS.contains(word) || language::is_common_word(word)
}
