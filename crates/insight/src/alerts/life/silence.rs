//! What nobody wants to hear of for a while, and what is left of an incident without it.

use crate::alerts::{
    hour::Hour,
    incident::Incident,
    series::{SeriesKey, What},
};
use feedback::time::Day;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// The topic and the product of a case, by its id; the product is empty where its reports name none.
pub(super) type OfCase<'a> = &'a dyn Fn(&str) -> Option<(String, String)>;

/// Nothing of this is told until the day is over, but for the end of what was told before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    pub topic: Option<String>,
    pub product: Option<String>,
    pub source: Option<String>,
    /// The last day of it, UTC; `None` until it is taken out of the file.
    pub until: Option<Day>,
    pub reason: String,
}

impl Silence {
    /// Whether its last day is over on `today`, so that it does nothing any more.
    #[must_use]
    pub fn is_over(&self, today: Day) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Whether it covers a series of an incident by what that is of. A case is of its topic and product; a series of all
    /// products is of one where all that moved of it by product is, and likewise by source.
    fn covers(&self, key: &SeriesKey, incident: &Incident, case: OfCase<'_>) -> bool {
        let of_case = match &key.what {
            What::Case(id) => case(id),
            _ => None,
        };
        let of_case = of_case.as_ref().map(|(topic, product)| (topic.as_str(), product.as_str()));
        let topic = match &key.what {
            What::Topic(id) => Some(id.as_str()),
            _ => of_case.map(|(topic, _)| topic),
        };
        let its_product = of_case.map(|(_, product)| product).filter(|product| !product.is_empty());
        let parts = || incident.keys().filter(move |part| part.what == key.what || key.what == What::All);
        let by_product = || only(parts().filter_map(|part| part.product.as_deref()));
        let by_source = || only(parts().filter_map(|part| part.source.as_deref()));
        let product = key.product.as_deref().or(its_product).or_else(by_product);
        let source = key.source.as_deref().or_else(by_source);
        let is = |wanted: &Option<String>, of: Option<&str>| wanted.as_deref().is_none_or(|w| of == Some(w));
        is(&self.topic, topic) && is(&self.product, product) && is(&self.source, source)
    }
}

/// What it is of: `the topic login_access, the source nps`.
impl std::fmt::Display for Silence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named = [("topic", &self.topic), ("product", &self.product), ("source", &self.source)];
        let named =
            named.into_iter().filter_map(|(what, name)| Some(format!("the {what} {}", name.as_ref()?)));
        let named = named.collect::<Vec<_>>().join(", ");
        f.pad(if named.is_empty() { "everything" } else { &named })
    }
}

/// The one thing that all of them are; `None` where there is none, or more than one.
fn only<'a>(mut all: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = all.next()?;
    all.all(|one| one == first).then_some(first)
}

/// What is left of an incident to be told: without the series that a silence covers, and without those that are covered in
/// all their parts, for they moved with these.
///
/// # Errors
/// The reasons of the silences, where they leave nothing.
pub(super) fn left(
    incident: &Incident,
    silences: &[Silence],
    now: Hour,
    case: OfCase<'_>,
) -> Result<Incident, String> {
    let running: Vec<&Silence> = silences.iter().filter(|silence| !silence.is_over(now.day())).collect();
    let spells = &incident.spells;
    // Parts before what they are parts of.
    let mut order: Vec<usize> = (0..spells.len()).collect();
    order.sort_by_key(|at| (spells[*at].key.what == What::All, Reverse(spells[*at].key.narrowed())));
    let mut is_covered = vec![false; spells.len()];
    let mut reasons: Vec<&str> = Vec::new();
    for at in order {
        let key = &spells[at].key;
        let silence = running.iter().find(|silence| silence.covers(key, incident, case));
        let mut parts = (0..spells.len()).filter(|part| is_part(&spells[*part].key, key)).peekable();
        let has_parts = parts.peek().is_some();
        is_covered[at] = silence.is_some() || (has_parts && parts.all(|part| is_covered[part]));
        if let Some(reason) = silence.map(|silence| silence.reason.as_str())
            && !reasons.contains(&reason)
        {
            reasons.push(reason);
        }
    }
    let open = spells.iter().zip(is_covered).filter(|(_, is_covered)| !is_covered);
    let spells: Vec<_> = open.map(|(spell, _)| spell.clone()).collect();
    if spells.is_empty() { Err(reasons.join("; ")) } else { Ok(Incident { spells }) }
}

/// Whether a series is a part of another, by their names alone: the same in a narrower place, or anything of everything
/// together, where their places meet.
fn is_part(part: &SeriesKey, whole: &SeriesKey) -> bool {
    if part.what != whole.what {
        return whole.what == What::All && part.is_nested_with(whole);
    }
    let within = |part: &Option<String>, whole: &Option<String>| whole.is_none() || part == whole;
    part.narrowed() > whole.narrowed()
        && within(&part.product, &whole.product)
        && within(&part.source, &whole.source)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::{
        incident::{
            by_found,
            tests::{of, spell, within},
        },
        watch::Spell,
    };

    const NOW: Hour = Hour(20_514 * 24 + 12);

    fn silence(topic: Option<&str>, product: Option<&str>, source: Option<&str>) -> Silence {
        let [topic, product, source] = [topic, product, source].map(|name| name.map(str::to_owned));
        Silence { topic, product, source, until: Some(NOW.day()), reason: "a planned move".to_owned() }
    }

    fn of_topic(topic: &str) -> Silence {
        silence(Some(topic), None, None)
    }

    fn case(id: &str) -> Option<(String, String)> {
        let of = |topic: &str, product: &str| Some((topic.to_owned(), product.to_owned()));
        match id {
            "aa01" => of("login", "app"),
            "bb02" => of("price", ""),
            _ => None,
        }
    }

    fn running(topic: &str) -> Spell {
        spell(topic, NOW.0 - 20, NOW.0 - 4, None, 20)
    }

    fn all() -> Spell {
        of(What::All, &running(""))
    }

    fn case_of(id: &str) -> Spell {
        of(What::Case(id.to_owned()), &running(""))
    }

    fn from(source: &str, spell: &Spell) -> Spell {
        Spell { key: SeriesKey { source: Some(source.to_owned()), ..spell.key.clone() }, ..spell.clone() }
    }

    /// Whatever is left, in words; else why nothing is.
    fn told(spells: &[Spell], silences: &[Silence]) -> String {
        let mut spells = spells.to_vec();
        spells.sort_by(by_found);
        let name = |spell: &Spell| match &spell.key.what {
            What::All => "all".to_owned(),
            What::Topic(id) | What::Words(id) | What::Case(id) => id.clone(),
        };
        let placed = |spell: &Spell| {
            let place = [&spell.key.product, &spell.key.source].into_iter().flatten();
            place.fold(name(spell), |text, of| format!("{text}/{of}"))
        };
        match left(&Incident { spells }, silences, NOW, &case) {
            Ok(incident) => incident.spells.iter().map(placed).collect::<Vec<_>>().join(" "),
            Err(reason) => format!("nothing: {reason}"),
        }
    }

    const NOTHING: &str = "nothing: a planned move";

    #[test]
    fn a_silenced_topic_stays_silent_when_everything_together_moves_with_it() {
        let (login, silences) = (running("login"), [of_topic("login")]);
        let app = within("app", &login);
        assert_eq!(told(std::slice::from_ref(&login), &silences), NOTHING);
        assert_eq!(told(&[login.clone(), all()], &silences), NOTHING);
        let levels = [login.clone(), app.clone(), all(), within("app", &all()), from("nps", &all())];
        assert_eq!(told(&levels, &silences), NOTHING);
        assert_eq!(told(&[login.clone(), all(), running("price")], &silences), "all price");
        // Of the other product nothing finer is known: it is not the login of the app that moved it.
        assert_eq!(told(&[app, all(), within("web", &all())], &silences), "all all/web");
        assert_eq!(told(&[all()], &silences), "all");
        assert_eq!(told(&[login, all()], &[]), "all login");
    }

    #[test]
    fn a_case_is_silent_with_its_topic_and_its_product() {
        let both = [case_of("aa01"), case_of("bb02"), all()];
        assert_eq!(told(&both, &[of_topic("login")]), "all bb02");
        assert_eq!(told(&both, &[of_topic("login"), of_topic("price")]), NOTHING);
        assert_eq!(told(&both[..1], &[silence(None, Some("app"), None)]), NOTHING);
        assert_eq!(told(&[case_of("cc03"), running("login")], &[of_topic("login")]), "cc03");
    }

    #[test]
    fn a_product_covers_all_products_where_no_other_one_moved() {
        let (login, silences) = (running("login"), [silence(None, Some("app"), None)]);
        let (app, web) = (within("app", &login), within("web", &login));
        assert_eq!(told(std::slice::from_ref(&login), &silences), "login", "nobody knows in which product");
        assert_eq!(told(&[login.clone(), app.clone(), all()], &silences), NOTHING);
        assert_eq!(told(&[login.clone(), app.clone(), from("nps", &login)], &silences), NOTHING);
        assert_eq!(told(&[login.clone(), app.clone(), web, all()], &silences), "all login login/web");
        let price = within("web", &running("price"));
        assert_eq!(told(&[login.clone(), app.clone(), price, all()], &silences), "all price/web");
        let of_both = [silence(Some("login"), Some("app"), None)];
        assert_eq!(told(&[login.clone(), app, all()], &of_both), NOTHING);
        let of_source = [silence(None, None, Some("nps"))];
        assert_eq!(told(&[login.clone(), from("nps", &login)], &of_source), NOTHING);
        let two = [login.clone(), from("nps", &login), from("ticket", &login)];
        assert_eq!(told(&two, &of_source), "login login/ticket");
    }

    #[test]
    fn a_silence_that_is_over_covers_nothing_and_each_reason_is_given_once() {
        let over = Silence { until: Some(NOW.day().plus(-1)), ..of_topic("login") };
        assert_eq!(told(&[running("login")], &[over]), "login");
        let other = Silence { reason: "a sale".to_owned(), ..of_topic("price") };
        let three = [of_topic("login"), other, of_topic("shop")];
        let spells = [running("login"), running("price"), running("shop"), all()];
        assert_eq!(told(&spells, &three), "nothing: a planned move; a sale");
        assert_eq!(told(&spells, &[silence(None, None, None)]), NOTHING, "everything");
    }

    #[test]
    fn a_silence_says_what_it_is_of() {
        let login = of_topic("login");
        assert!(!login.is_over(NOW.day()) && login.is_over(NOW.day().plus(1)));
        assert_eq!(login.to_string(), "the topic login");
        assert_eq!(silence(Some("login"), Some("app"), None).to_string(), "the topic login, the product app");
        let lasting = Silence { until: None, ..silence(None, None, None) };
        assert!(!lasting.is_over(NOW.day().plus(10_000)));
        assert_eq!(lasting.to_string(), "everything");
    }
}
