//! Cases for the dashboard: lists by what was counted, one with all its reports, and what people do about it.

use super::figures::{Figure, Figures, InTurn, count, count_held};
use super::made::Stamp;
use super::named::{failed, named};
use super::titles::Wanted;
use super::{LONG, SHORT, Shared, now};
use crate::blocking::blocking;
use crate::cases::{
    Assigned, Book, KnownCase, Logged, assign_event, known, known_held, known_within, refusal, step_event,
    tell_cases,
};
use crate::surroundings::chain;
use feedback::time::{Day, Timestamp};
use insight::cases::{Event, Life, LoopStep, LoopTimes, Reach, Step, StoredReport};
use insight::report::Filter;
use insight::report::filter::OfCases;
use server::desk::{
    At, CaseAssigned, CaseChanged, CaseEntry, CaseLife, CaseReach, CaseReport, CaseRow, CaseStep, CaseTell,
    CaseWhole, CasesFilter, CasesIn, CasesSort, DeskError, Known, Listed, Page, Ranked, listed,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use store::{Mark, Next};

/// Reports that are shown with a case; the newest.
const REPORTS: usize = 200;
/// How often it is tried again where others write to the log meanwhile.
const ROUNDS: usize = 8;
/// Days that a case's reports are looked for on by themselves; of one that was seen longer all facts are read.
const MOST_DAYS: i32 = 366;

/// The life of a case behind a step that is taken now, and when that is: clocks differ, and its log goes forward all the same.
pub(super) fn then(case: &Logged, to: Step, now: Timestamp) -> Known<(Life, Timestamp)> {
    let at = now.max(case.life.last_at);
    let life = case.life.then(to, at).map_err(|why| DeskError::Conflict(refusal(&case.id, why)))?;
    Ok((life, at))
}

impl Shared {
    /// What is known by counting; `None` while that is done for the first time.
    pub(super) async fn counted_cases(self: &Arc<Self>, patience: Duration) -> Known<Option<Arc<Figures>>> {
        self.cases.follow().await.map_err(failed)?;
        let now = self.stamp(0).await?;
        let held = self.records.all(&now);
        // Of what is counted in memory that is the version.
        let facts = held.as_ref().and_then(|shelf| shelf.version()).unwrap_or(now.facts);
        let shared = Arc::clone(self);
        let make = async move {
            match held {
                Some(shelf) => count_held(shelf, &shared.cases).await,
                None => count(&shared.store, &shared.cases).await,
            }
        };
        self.figures.get(Stamp { facts, ..now }, patience, make).await.map_err(failed)
    }

    pub(super) async fn list_cases(
        self: &Arc<Self>,
        wanted: &CasesFilter,
        page: &Page,
    ) -> Known<Listed<CaseRow>> {
        let figures = self.counted_cases(SHORT).await?;
        // Before the look at the log: their records are taken out of it somewhat later than they are noted as erased.
        let anew = self.cases.anew();
        let (shared, wanted, page) = (Arc::clone(self), wanted.clone(), page.clone());
        let found = blocking("the listing of the cases broke off", move || {
            fitting(&shared.cases.book(), figures.as_deref(), &wanted, &page)
        });
        let found = found.await.map_err(failed)?;
        let called: Vec<Wanted> = found.items.iter().filter_map(|(_, called)| called.clone()).collect();
        let now = self.stamp(0).await?;
        let titles =
            self.titles.of(&self.store, self.records.shelf(&now), &called, now.erasures + anew).await;
        let mut titles = titles.map_err(failed)?.into_iter();
        Ok(found.map(|(row, called)| match called {
            Some(_) => CaseRow { title: titles.next().flatten(), ..row },
            None => row,
        }))
    }

    pub(super) async fn show_case(self: &Arc<Self>, beginning: &str) -> Known<CaseWhole> {
        let figures = self.counted_cases(LONG).await?;
        let case = self.find_case(beginning)?.0;
        let figure = figures.as_ref().and_then(|figures| figures.of(case.number()?));
        if let (Some(figures), Some(figure)) = (&figures, figure)
            && let Some(known) = self.held_case(&case, figures, figure).await?
        {
            return Ok(whole(&known, Some(figure)));
        }
        let expected = figure.map_or(case.records.len() as u64, |figure| figure.reach.reports);
        let within = match (&figures, days_of(&case)) {
            (Some(figures), Some(days)) => {
                let people = Arc::clone(&figures.people);
                Some(known_within(&self.store, case.clone(), &days, people).await.map_err(failed)?)
            }
            _ => None,
        };
        // A later version of a report may have another day than the log noted.
        let known = match within.filter(|known| known.reports.len() as u64 >= expected) {
            Some(known) => known,
            None => self.read_case(case).await?,
        };
        Ok(whole(&known, figure))
    }

    /// By the records in memory; `None` where one of its reports may not be among them.
    async fn held_case(&self, case: &Logged, figures: &Figures, figure: &Figure) -> Known<Option<KnownCase>> {
        let Some(shelf) = self.records.shelf(&self.stamp(0).await?) else { return Ok(None) };
        // What is left out of it is older.
        let is_whole = shelf.since().is_none_or(|since| case.seen().is_some_and(|(first, _)| first >= since));
        let is_newer = shelf.version() >= Some(figures.facts);
        let (case, people) = (case.clone(), Arc::clone(&figures.people));
        let look = move || known_held(&shelf, case, &people);
        let known = blocking("the look at the records in memory broke off", look).await.map_err(failed)?;
        let has_all = known.reports.len() as u64 >= figure.reach.reports || (is_whole && is_newer);
        Ok(has_all.then_some(known))
    }

    /// By all facts.
    async fn read_case(&self, case: Logged) -> Known<KnownCase> {
        let read = self.known_by_all(vec![case]).await.map_err(failed)?;
        let called = KnownCase::called(&self.store, read).await.map_err(failed)?;
        called.into_iter().next().ok_or_else(|| DeskError::NotFound("the case is gone".to_owned()))
    }

    /// Reads all facts, as does whatever is counted: one after the other.
    async fn known_by_all(&self, cases: Vec<Logged>) -> anyhow::Result<Vec<KnownCase>> {
        // It is never closed.
        let _turn = self.turn.acquire().await;
        known(&self.store, cases).await
    }

    /// And up to where the log was read.
    pub(super) fn find_case(&self, beginning: &str) -> Known<(Logged, Mark)> {
        let book = self.cases.book();
        let case = named(book.cases.values(), |case| case.id.as_str(), beginning, "case")?;
        Ok((case.clone(), book.mark))
    }

    pub(super) async fn take_step(
        self: &Arc<Self>,
        beginning: &str,
        step: CaseStep,
        by: &str,
    ) -> Known<CaseChanged> {
        let to = Step::from(step);
        for _ in 0..ROUNDS {
            self.cases.follow().await.map_err(failed)?;
            let (case, mark) = self.find_case(beginning)?;
            let (life, at) = then(&case, to, now())?;
            let reports = match to {
                // Everybody who reported it, wherever their reports lie by now.
                Step::Resolved => self.known_by_all(vec![case.clone()]).await.map_err(failed)?,
                _ => Vec::new(),
            };
            let known = reports.first();
            let own: &[StoredReport] = known.map_or(&[][..], |known| known.reports.as_slice());
            let event = step_event(&case.id, own, to, by, at).map_err(failed)?;
            match self.store.append(&[event], Some(mark)).await {
                Ok(_) => {
                    let tell = known.map(|known| known.tell.iter().map(CaseTell::from).collect());
                    self.settle(&case.id).await;
                    return Ok(CaseChanged {
                        before: case.life.state.into(),
                        state: life.state.into(),
                        id: case.id,
                        owner: case.owner,
                        at: At(at),
                        by: by.to_owned(),
                        tell,
                    });
                }
                // What others wrote may change what is allowed: all of it anew.
                Err(error) if error.next() != Next::Stop => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Err(DeskError::Conflict(
            "nothing is known to have changed, for others write to the cases all the time: look again, and repeat it"
                .to_owned(),
        ))
    }

    pub(super) async fn assign_case(
        self: &Arc<Self>,
        beginning: &str,
        owner: &str,
        by: &str,
    ) -> Known<CaseChanged> {
        self.check_owner(owner)?;
        self.cases.follow().await.map_err(failed)?;
        let (case, _) = self.find_case(beginning)?;
        let event = assign_event(&case, owner, by, now());
        let at = At(event.at);
        self.store.append(&[event], None).await.map_err(failed)?;
        self.settle(&case.id).await;
        let state = case.life.state.into();
        let (owner, by) = (owner.to_owned(), by.to_owned());
        Ok(CaseChanged { id: case.id, before: state, state, owner, at, by, tell: None })
    }

    pub(super) fn check_owner(&self, owner: &str) -> Known<()> {
        if self.owners.iter().any(|known| known.name == owner) {
            return Ok(());
        }
        let names: Vec<&str> = self.owners.iter().map(|owner| owner.name.as_str()).collect();
        Err(DeskError::Bad(format!("there is no such owner: there are {}", names.join(", "))))
    }

    /// The next look shows what was changed, and who is to hear of it does: beside, for it stands already.
    async fn settle(self: &Arc<Self>, case: &str) {
        if let Err(error) = self.cases.follow().await {
            tracing::warn!(why = chain(&error), "the log of cases could not be read on");
        }
        if self.cases_to.is_empty() {
            return;
        }
        let (shared, case) = (Arc::clone(self), case.to_owned());
        tokio::spawn(async move {
            if let Err(error) = shared.tell_case(&case).await {
                let why = chain(&error);
                tracing::error!(case, why, "a case was changed, but no message of it could be queued yet");
            }
        });
    }

    async fn tell_case(&self, case: &str) -> anyhow::Result<()> {
        let logged = self.cases.book().cases.get(case).cloned();
        let known = self.known_by_all(logged.into_iter().collect()).await?;
        let base = self.alerting.base.as_ref();
        tell_cases(&self.outbox, &self.receivers, &self.cases_to, &known, &self.names, base).await?;
        Ok(())
    }

    pub(super) async fn of_cases(&self, filter: Filter) -> Known<Filter> {
        if !filter.asks_for_cases() {
            return Ok(filter);
        }
        self.cases.follow().await.map_err(failed)?;
        answered(filter, &self.cases.book())
    }
}

fn answered(filter: Filter, book: &Book) -> Known<Filter> {
    let find = |beginning: &str| named(book.cases.values(), |case| case.id.as_str(), beginning, "case");
    let case = filter.case.as_deref().map(find).transpose()?;
    let resolved = book.cases.values().filter(|case| filter.unresolved && case.life.is_resolved());
    let of_cases = OfCases {
        members: case.iter().flat_map(|case| &case.records).cloned().collect(),
        resolved: resolved.flat_map(|case| &case.records).cloned().collect(),
    };
    let case = case.map(|case| case.id.clone());
    Ok(Filter { case, of_cases: Some(of_cases), ..filter })
}

/// Those that are shown, each with what it takes to call it.
fn fitting(
    book: &Book,
    figures: Option<&Figures>,
    wanted: &CasesFilter,
    page: &Page,
) -> Listed<(CaseRow, Option<Wanted>)> {
    let mut figures = figures.map(Figures::in_turn);
    let cases = book.cases.values().map(|case| (case, figure_of(&mut figures, case)));
    let fit = cases.filter(|(case, figure)| wants(wanted, case, *figure)).map(|(case, figure)| Ranked {
        rank: rank(wanted.sort, case, figure),
        name: &case.id,
        item: (case, figure),
    });
    listed(fit.collect(), page).map(|(case, figure)| {
        let reports = figure.map_or(case.records.len() as u64, |figure| figure.reach.reports);
        (row(case, figure), Wanted::of(case, reports))
    })
}

fn figure_of<'b>(figures: &mut Option<InTurn<'b>>, case: &Logged) -> Option<&'b Figure> {
    figures.as_mut()?.of(case.number()?)
}

fn wants(wanted: &CasesFilter, case: &Logged, figure: Option<&Figure>) -> bool {
    // Of what is erased or taken back as a whole nobody has anything to do.
    let is_left = wanted.state == CasesIn::All
        || match figure {
            Some(figure) => figure.reach.reports > 0,
            None => !case.records.is_empty(),
        };
    let of = |wanted: &Option<String>, has: &str| wanted.as_ref().is_none_or(|wanted| wanted == has);
    let priority = figure.and_then(|figure| figure.priority);
    is_left
        && wanted.state.has(case.life.state.into())
        && of(&wanted.owner, &case.owner)
        && of(&wanted.topic, &case.topic)
        && of(&wanted.kind, &case.kind)
        && of(&wanted.product, &case.product)
        && wanted.priority.is_none_or(|wanted| priority == Some(wanted))
}

fn rank(sort: CasesSort, case: &Logged, figure: Option<&Figure>) -> [i64; 2] {
    // Of one that was not counted yet somebody has said something.
    let people = figure.map_or(1, Figure::people_at_least) as i64;
    let reports = figure.map_or(case.records.len() as u64, |figure| figure.reach.reports) as i64;
    let counted = figure.and_then(|figure| figure.reach.last_seen);
    let seen = counted.or(case.seen().map(|(_, last)| last));
    match sort {
        CasesSort::People => [people, reports],
        CasesSort::Newest => [seen.map_or(i64::MIN, |at| at.0), people],
        CasesSort::Opened => [case.life.opened_at.0, people],
        CasesSort::Priority => {
            let urgency = figure.and_then(|figure| figure.priority).map_or(i64::MIN, |one| -(one as i64));
            [urgency, people]
        }
    }
}

fn row(case: &Logged, figure: Option<&Figure>) -> CaseRow {
    let times = figure.and_then(|figure| figure.times(&case.life));
    blank(
        case,
        figure.map(|figure| &figure.reach),
        times,
        figure.and_then(|figure| figure.priority).map(|priority| priority.as_str()),
    )
}

/// Before it is called anything.
fn blank(
    case: &Logged,
    reach: Option<&Reach>,
    times: Option<LoopTimes>,
    priority: Option<&'static str>,
) -> CaseRow {
    let reach = reach.map(CaseReach::from);
    // What was counted tells more than the log: a later version may have another time, and reports may be gone.
    let last_reported_at = match &reach {
        Some(reach) => reach.last_seen,
        None => case.seen().map(|(_, last)| At(last)),
    };
    let took = |step: LoopStep| Some((step.as_str().to_owned(), times?.took(step)?));
    CaseRow {
        id: case.id.clone(),
        topic: case.topic.clone(),
        kind: case.kind.clone(),
        product: case.product.clone(),
        owner: case.owner.clone(),
        title: None,
        life: CaseLife::from(&case.life),
        people_at_least: reach.map(|reach| reach.people_at_least()),
        last_reported_at,
        reach,
        priority,
        took: LoopStep::ALL.into_iter().filter_map(took).collect::<BTreeMap<_, _>>(),
        filter: Filter::default().case(&case.id),
    }
}

fn whole(known: &KnownCase, figure: Option<&Figure>) -> CaseWhole {
    let case = &known.case;
    let times = figure.and_then(|figure| figure.times(&case.life)).or_else(|| known.times());
    let priority = figure.and_then(|figure| figure.priority).map(|priority| priority.as_str());
    let row = blank(case, Some(&known.reach), times, priority);
    let title = known.has_words().then(|| known.title().to_owned());
    let newest = known.reports.iter().zip(&known.people).rev().take(REPORTS);
    CaseWhole {
        case: CaseRow { title, ..row },
        steps: case.steps.iter().map(entry).collect(),
        assigned: case.assigned.iter().map(assigned).collect(),
        tell: known.tell.iter().map(CaseTell::from).collect(),
        reports: newest.map(|(report, person)| report_of(report, person.as_deref())).collect(),
    }
}

fn entry(event: &Event) -> CaseEntry {
    // A record's id stands in place of a person where a report did it.
    let opens = matches!(event.step, Step::Opened | Step::Reopened);
    let by_record = opens && event.by.as_ref().is_some_and(|by| by.len() == 32);
    CaseEntry { at: At(event.at), step: event.step.as_str(), by: event.by.clone(), by_record }
}

fn assigned(one: &Assigned) -> CaseAssigned {
    CaseAssigned { at: At(one.at), owner: one.owner.clone(), by: one.by.clone() }
}

fn report_of(report: &StoredReport, person: Option<&str>) -> CaseReport {
    CaseReport {
        record: report.record.clone(),
        occurred_at: At(report.occurred_at),
        source: report.source.clone(),
        event_source: report.event_source.clone(),
        native_id: report.native_id.clone(),
        person: person.map(str::to_owned),
        account: report.account.clone(),
        words: report.words.clone(),
    }
}

/// The days on which its reports occurred, where they are not too many to be named.
fn days_of(case: &Logged) -> Option<BTreeSet<Day>> {
    let (first, last) = case.seen()?;
    let (first, last) = (first.day(), last.day());
    (last.0.saturating_sub(first.0) < MOST_DAYS).then(|| (first.0..=last.0).map(Day).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::invented;
    use feedback::time::Timestamp;
    use server::desk::CaseState;
    use std::collections::HashSet;

    fn book(known: &KnownCase) -> Book {
        let mut book = Book::default();
        book.cases.insert(known.case.id.clone(), known.case.clone());
        book
    }

    #[test]
    fn a_case_that_was_not_counted_yet_is_listed_by_its_log() {
        let book = book(&invented());
        let found = fitting(&book, None, &CasesFilter::default(), &Page::default());
        let (row, called) = &found.items[0];
        assert_eq!((row.reach, row.people_at_least, row.took.len()), (None, None, 0));
        assert_eq!((row.life.state, called.as_ref().unwrap().reports), (CaseState::Acknowledged, 4));
        assert_eq!(serde_json::to_value(&row.filter).unwrap(), serde_json::json!({ "case": "aa01" }));
    }

    #[test]
    fn one_page_after_another_is_the_whole_list() {
        let (known, mut book) = (invented(), Book::default());
        for number in 0..7_i64 {
            let mut case = known.case.clone();
            case.id = format!("aa{number:02}");
            // Several of them at once.
            case.life.opened_at = Timestamp(number % 3);
            book.cases.insert(case.id.clone(), case);
        }
        let wanted = CasesFilter { sort: CasesSort::Opened, ..CasesFilter::default() };
        for limit in [1, 2, 3, 6, 7, 8] {
            let (mut shown, mut cursor) = (Vec::new(), None::<String>);
            loop {
                let page = Page::new(Some(limit), cursor.as_deref()).unwrap();
                let part = fitting(&book, None, &wanted, &page);
                assert!(part.total == 7 && part.items.len() <= limit);
                shown.extend(part.items.into_iter().map(|(row, _)| row.id));
                cursor = part.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(shown, ["aa02", "aa05", "aa01", "aa04", "aa00", "aa03", "aa06"], "{limit}");
        }
    }

    #[test]
    fn every_filter_narrows_the_list() {
        let book = book(&invented());
        let count = |wanted: CasesFilter| fitting(&book, None, &wanted, &Page::default()).total;
        let named = |name: &str| Some(name.to_owned());
        let all = CasesFilter::default;
        assert_eq!(count(all()), 1);
        assert_eq!(count(CasesFilter { state: CasesIn::Only(CaseState::Resolved), ..all() }), 0);
        for (fits, wanted) in [
            (1, CasesFilter { owner: named("identity"), ..all() }),
            (0, CasesFilter { owner: named("finance"), ..all() }),
            (1, CasesFilter { topic: named("login_access"), ..all() }),
            (0, CasesFilter { kind: named("praise"), ..all() }),
            (1, CasesFilter { product: named(""), ..all() }),
            (0, CasesFilter { priority: Some(insight::triage::Priority::P1), ..all() }),
        ] {
            assert_eq!(count(wanted.clone()), fits, "{wanted:?}");
        }
    }

    #[test]
    fn a_whole_case_says_who_did_what() {
        let known = invented();
        let mut figure = Figure::tested(known.reach.clone(), known.told().began);
        figure.priority = Some(insight::triage::Priority::P2);
        let whole = whole(&known, Some(&figure));
        assert_eq!((whole.case.title.as_deref(), whole.case.priority), (Some("words of r2"), Some("P2")));
        assert_eq!((whole.case.people_at_least, whole.tell.len()), (Some(3), 3));
        let newest: Vec<&str> = whole.reports.iter().map(|report| report.record.as_str()).collect();
        assert_eq!(newest, ["r4", "r3", "r2", "r1"]);
        let last = whole.steps.last().unwrap();
        assert_eq!((last.step, last.by.as_deref(), last.by_record), ("acknowledged", Some("jane"), false));
        assert_eq!(whole.case.took["acknowledged"], 3.999_999);
        let json = serde_json::to_value(&whole).unwrap();
        assert_eq!((&json["id"], &json["life"]["state"]), (&"aa01".into(), &"acknowledged".into()));
    }

    #[test]
    fn a_filter_hears_what_the_log_says() {
        let known = invented();
        let book = book(&known);
        let filter = answered(Filter::default().case("AA"), &book).unwrap();
        assert_eq!(filter.case.as_deref(), Some("aa01"));
        let of_cases = filter.of_cases.unwrap();
        assert_eq!(of_cases.members, known.case.records.iter().cloned().collect::<HashSet<_>>());
        assert!(of_cases.resolved.is_empty());
        assert!(matches!(answered(Filter::default().case("zz"), &book), Err(DeskError::NotFound(_))));
    }

    #[test]
    fn reports_are_looked_for_on_the_days_of_the_case() {
        let days = days_of(&invented().case).unwrap();
        assert_eq!(days, BTreeSet::from([Day(0)]));
    }
}
