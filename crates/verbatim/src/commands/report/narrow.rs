//! What narrows the records of a list: the filter that a figure carries, as options.

use super::values::{
    answers, band, day, days, kind, moment, phrase, priority, scale, score, sentiment, weekday, wording,
};
use feedback::judgement::SentimentLabel;
use feedback::time::Day;
use insight::report::filter::{Answers, Band, Filter, Moment, Weekday, Wording};
use insight::triage::Priority;

/// The fields of a filter that a report as a whole does not take. A report asks for `--records` with any of them.
#[derive(Debug, Clone, clap::Args)]
#[group(id = Narrow::GROUP)]
pub struct Narrow {
    /// First of the days to leave out, included
    #[arg(long, requires = "except_to", value_name = "DATE", value_parser = day)]
    except_from: Option<Day>,
    /// Last of the days to leave out, included
    #[arg(long, requires = "except_from", value_name = "DATE", value_parser = day)]
    except_to: Option<Day>,
    /// More days to leave out, as in 2026-02-01/2026-02-03, with commas between
    #[arg(long, value_name = "DAYS", value_parser = days)]
    also_except: Option<String>,
    /// monday … sunday, UTC
    #[arg(long, value_name = "DAY", value_parser = weekday)]
    weekday: Option<Weekday>,
    /// negative, neutral, positive or unknown; of the topic, where one is named
    #[arg(long, value_name = "LABEL", value_parser = sentiment)]
    sentiment: Option<SentimentLabel>,
    /// Only what is judged: negative, neutral or positive
    #[arg(long)]
    judged: bool,
    /// `with` words of the customer, or `without`: a score alone
    #[arg(long, value_name = "WHICH", value_parser = wording)]
    words: Option<Wording>,
    /// bug, feature_request, complaint, praise, question, cancellation, other or unknown
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<String>,
    /// ISO 639-1
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    /// web, ios, android …
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,
    /// As the record names it
    #[arg(long, value_name = "VERSION")]
    app_version: Option<String>,
    /// As the record names it, such as DE
    #[arg(long, value_name = "CODE")]
    territory: Option<String>,
    /// Which answer of a response it is, by its id
    #[arg(long, value_name = "ID")]
    part: Option<String>,
    /// The question it answers
    #[arg(long, value_name = "TEXT")]
    question: Option<String>,
    /// How its id begins, as beside a quote; of any day, without --from and --to
    #[arg(long, value_name = "ID-PREFIX")]
    record: Option<String>,
    /// nps, csat, ces (ease) or stars
    #[arg(long, value_name = "KIND", value_parser = score)]
    score: Option<String>,
    /// The scale of the score, as in 0-10
    #[arg(long, value_name = "MIN-MAX", value_parser = scale, allow_hyphen_values = true)]
    scale: Option<String>,
    /// Exactly this answer
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    value: Option<f64>,
    /// promoters, passives, detractors, or top2 for the satisfied
    #[arg(long, value_name = "BAND", value_parser = band)]
    band: Option<Band>,
    /// `last`: of a person who answered several times, the last answer only
    #[arg(long, value_name = "WHICH", value_parser = answers)]
    answers: Option<Answers>,
    /// First moment, UTC, as in 2026-03-02T06:00; of any day, without --from and --to
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<Moment>,
    /// The moment that it has to be before
    #[arg(long, value_name = "TIME", value_parser = moment)]
    before: Option<Moment>,
    /// About one of these topics, each once; may be repeated
    #[arg(long, value_name = "ID")]
    any_topic: Vec<String>,
    /// Whole words in any case, in the title or the text; may be repeated, and one of them is enough
    #[arg(long, value_name = "WORDS", value_parser = phrase, allow_hyphen_values = true)]
    phrase: Vec<String>,
    /// The customer's account, as the record names it
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// The customer's segment, as the record names it
    #[arg(long, value_name = "NAME")]
    segment: Option<String>,
    /// Whom the triage gave it to
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// P1, P2, P3 or P4, by the triage
    #[arg(long, value_name = "PRIORITY", value_parser = priority)]
    priority: Option<Priority>,
    /// Where the triage put it
    #[arg(long, value_name = "NAME")]
    queue: Option<String>,
    /// Only what waits for a person, for the triage was too unsure of it
    #[arg(long)]
    unsure: bool,
    /// The reports of a case, by how its id begins; of any day, without --from and --to
    #[arg(long, value_name = "ID-PREFIX")]
    case: Option<String>,
    /// But for the reports of cases that are resolved
    #[arg(long)]
    unresolved: bool,
}

impl Narrow {
    /// All of them, for a command that does not take them always.
    pub const GROUP: &str = "narrow";

    /// What of `whole` fits as well.
    pub fn of(self, whole: Filter) -> Filter {
        Filter {
            except_from: self.except_from,
            except_to: self.except_to,
            also_except: self.also_except,
            weekday: self.weekday,
            words: self.words,
            part: self.part,
            question: self.question,
            record: self.record,
            value: self.value,
            sentiment: self.sentiment,
            judged: self.judged,
            kind: self.kind,
            language: self.language,
            platform: self.platform,
            app_version: self.app_version,
            territory: self.territory,
            score: self.score,
            scale: self.scale,
            band: self.band,
            answers: self.answers,
            since: self.since,
            before: self.before,
            any_topic: self.any_topic,
            phrase: self.phrase,
            account: self.account,
            segment: self.segment,
            owner: self.owner,
            priority: self.priority,
            queue: self.queue,
            unsure: self.unsure,
            case: self.case,
            unresolved: self.unresolved,
            ..whole
        }
    }
}
