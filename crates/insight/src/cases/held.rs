//! Reports of cases from the records in memory, as [`super::of_records`] reads them from the tables, and whose they are.

use super::stored::{StoredReport, Vectors, compared, said};
use crate::{
    report::People,
    shelf::{Label, Mention, Row, Shelf, Text, parse_id},
};
use feedback::{ids::Id, insight::NO_TOPIC, judgement::FeedbackKind, span::Span};

/// Those of the records with these ids that are held, in the order in which they occurred.
#[must_use]
pub fn of_held(shelf: &Shelf, records: &[&str], vectors: Vectors) -> Vec<StoredReport> {
    let ids: Vec<Id> = records.iter().filter_map(|record| parse_id(record)).collect();
    let hits = shelf.find_all(&ids);
    let mut reports: Vec<StoredReport> = hits.iter().map(|hit| report(&hit.row(), vectors)).collect();
    reports.sort_by(|a, b| (a.occurred_at, &a.record).cmp(&(b.occurred_at, &b.record)));
    reports
}

/// Who is one person, by all records that are held.
#[must_use]
pub fn held_people(shelf: &Shelf) -> People {
    let pairs: Vec<(&str, &str)> = shelf.pairs().into_iter().collect();
    People::of_pairs(&pairs)
}

fn report(row: &Row<'_>, vectors: Vectors) -> StoredReport {
    let label = |label| row.label(label).map(str::to_owned);
    let text = |text| row.text(text).map(str::to_owned);
    let (topic, span) = surest(&row.topics);
    let texts = [row.text(Text::Title), row.text(Text::Body)];
    let (space, vector) = row.vector.unwrap_or_default();
    let vector = if vectors == Vectors::Read { vector.to_vec() } else { Vec::new() };
    StoredReport {
        record: row.id.to_string(),
        source: label(Label::SourceKind).unwrap_or_default(),
        event_source: label(Label::Source).unwrap_or_default(),
        native_id: text(Text::NativeId).unwrap_or_default(),
        author: text(Text::Author),
        author_alias: text(Text::AuthorAlias),
        account: label(Label::Account),
        revenue: row.revenue,
        product: label(Label::Product).unwrap_or_default(),
        kind: row.label(Label::Kind).and_then(FeedbackKind::parse).unwrap_or(FeedbackKind::Unknown),
        space: space.to_owned(),
        vector: compared(space, vector, topic, texts),
        topic: topic.to_owned(),
        owner: label(Label::Owner),
        priority: label(Label::Priority),
        occurred_at: row.at,
        stored_at: row.stored_at,
        triaged_at: row.triaged_at,
        words: said(texts, span),
    }
}

/// The surest topic and where it stands; of two as sure the one that comes first.
fn surest<'t>(topics: &[Mention<&'t str>]) -> (&'t str, Span) {
    let sure = |mention: &Mention<&str>| mention.confidence.unwrap_or(0.0);
    let mut surest: Option<&Mention<&'t str>> = None;
    for mention in topics {
        if surest.is_none_or(|before| sure(mention) > sure(before)) {
            surest = Some(mention);
        }
    }
    surest.map_or((NO_TOPIC, Span::new(0, 0)), |mention| (mention.topic, mention.span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cases::of_records,
        shelf::parts,
        testing::{Decided, Fact, facts},
    };
    use feedback::{judgement::SentimentLabel, time::Day};
    use polars::prelude::{LazyFrame, NULL, col, lit, when};
    use std::sync::Arc;

    fn all() -> Vec<Fact> {
        let decided =
            Decided { owner: "identity", priority: "P2", queue: "identity", unsure: Some("urgency") };
        let login = vec![("login_access", "negative", (4, 14)), ("usability", "negative", (0, 3))];
        let bug = Fact {
            kind: "bug",
            body: "the login page is blank".to_owned(),
            author: Some("a_1".to_owned()),
            author_alias: Some("a_2".to_owned()),
            account: Some("Acme"),
            product: Some("app"),
            topics: login,
            decided: Some(decided),
            ..Fact::new(2, Day(20_514), "ticket")
        };
        let titled = Fact {
            title: Some("How do\n I export?"),
            kind: "question",
            ..Fact::new(1, Day(20_515), "ticket")
        };
        let little = Fact { body: "nothing really".to_owned(), ..Fact::new(3, Day(20_514), "nps") };
        let blank =
            Fact { title: Some(" "), body: "it lost my work".to_owned(), ..Fact::new(4, Day(20_513), "nps") };
        vec![bug, titled, little, blank]
    }

    fn frame(all: &[Fact]) -> LazyFrame {
        facts(all).with_columns([
            lit(1_200.0).alias("revenue"),
            lit("v1").alias("vector"),
            when(col("triage_owner").is_not_null()).then(lit(8_i64)).otherwise(lit(NULL)).alias("triaged_at"),
            lit(7_i64).alias("ingested_at"),
            lit(&[127_u8, 129][..]).alias("embedding"),
        ])
    }

    fn shelf(all: &[Fact]) -> Shelf {
        let parts = parts(frame(all)).unwrap().into_iter();
        Shelf::default().with(Some(1), parts.map(|part| (part.day(), vec![Arc::new(part)])))
    }

    #[test]
    fn what_is_held_tells_what_the_tables_tell() {
        let all = all();
        let shelf = shelf(&all);
        let mut ids: Vec<String> = all.iter().map(Fact::record_id).collect();
        ids.extend([Id(9).to_string(), "no id".to_owned()]);
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        for vectors in [Vectors::Read, Vectors::Leave] {
            let read = of_records(frame(&all), &ids, vectors).unwrap();
            assert_eq!((of_held(&shelf, &ids, vectors), read.len()), (read, 4));
        }
        let one = of_held(&shelf, &ids[1..2], Vectors::Read);
        assert_eq!((one.len(), one[0].words.as_str()), (1, "How do I export?"));
        assert!(of_held(&shelf, &[], Vectors::Read).is_empty());
    }

    #[test]
    fn who_is_one_person_there_is_one_here() {
        let both = |id: u64, author: &str, alias: &str| Fact {
            author: Some(author.to_owned()),
            author_alias: Some(alias.to_owned()),
            ..Fact::new(id, Day(20_514 + (id % 3) as i32), "ticket")
        };
        let mut all: Vec<Fact> = (0..20).map(|id| both(id, &format!("a_{id}"), "anonymous")).collect();
        all.extend([both(30, "a_1", "id"), both(31, "id", "b_1"), both(32, "a_1", "id")]);
        all.push(Fact { author_alias: None, ..both(33, "c_1", "") });
        let (read, held) = (People::read(&facts(&all)).unwrap(), held_people(&shelf(&all)));
        for name in ["a_1", "id", "b_1", "c_1", "a_9", "anonymous", "nobody"] {
            assert_eq!(held.of(name), read.of(name), "{name}");
        }
        assert_eq!((held.of("b_1"), held.of("anonymous")), ("a_1", "anonymous"));
    }

    #[test]
    fn of_two_topics_as_sure_the_first_is_told() {
        let mention = |topic, confidence, start| Mention {
            topic,
            sentiment: SentimentLabel::Unknown,
            confidence,
            span: Span::new(start, 9),
        };
        let topics = [mention("a", None, 0), mention("b", Some(0.5), 1), mention("c", Some(0.5), 2)];
        assert_eq!(surest(&topics), ("b", Span::new(1, 9)));
        assert_eq!(surest(&[]), (NO_TOPIC, Span::new(0, 0)));
    }
}
