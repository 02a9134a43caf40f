//! What people do to a case: acknowledge, resolve, reopen, give it to another owner.

use super::book::{Book, Logged, Report, Telling};
use super::known::{KnownCase, known};
use anyhow::{Context as _, Result, bail};
use feedback::time::Timestamp;
use insight::cases::{Life, Refused, State, Step, StoredReport};
use store::{CaseEvent, Next, Quoted, Store};

/// How often it is tried again where others write to the log meanwhile.
const ROUNDS: usize = 8;

/// A step that was taken.
#[derive(Debug)]
pub struct Done {
    /// As it stands behind the step.
    pub case: KnownCase,
    pub before: State,
    pub at: Timestamp,
    pub by: String,
}

/// The whole id of the case whose id begins so, and its state.
pub async fn called(store: &Store, beginning: &str) -> Result<(String, State)> {
    let book = Book::read(store).await?;
    let case = book.find(beginning)?;
    Ok((case.id.clone(), case.life.state))
}

/// Takes a step of the case whose id begins so, by a person. What its state does not allow is refused and changes
/// nothing. Where it is resolved everybody who reported is noted with it, to be told.
pub async fn step(store: &Store, beginning: &str, step: Step, by: &str, now: Timestamp) -> Result<Done> {
    for _ in 0..ROUNDS {
        let book = Book::read(store).await?;
        let case = book.find(beginning)?.clone();
        // Clocks differ: the log goes forward all the same.
        let at = now.max(case.life.last_at);
        let life = match case.life.then(step, at) {
            Ok(life) => life,
            Err(refused) => return Err(anyhow::Error::new(refused).context(refusal(&case.id, refused))),
        };
        let before = case.life.state;
        let known = known(store, vec![case]).await?.into_iter().next();
        let mut known = known.context("the case is gone")?;
        let event = step_event(&known.case.id, &known.reports, step, by, at)?;
        match store.append(std::slice::from_ref(&event), Some(book.mark)).await {
            Ok(_) => {
                settle(&mut known, life, &event, step);
                return Ok(Done { case: known, before, at, by: by.to_owned() });
            }
            // What others wrote may change what is allowed: all of it anew.
            Err(error) if error.next() != Next::Stop => {}
            Err(error) => {
                return Err(anyhow::Error::new(error).context("the case could not be changed"));
            }
        }
    }
    bail!(
        "nothing is known to have changed, for others write to the cases all the time: look with `verbatim cases show`, \
           and try again"
    )
}

/// Gives the case whose id begins so to another owner, by a person; the last word counts.
pub async fn assign(store: &Store, beginning: &str, owner: &str, by: &str, now: Timestamp) -> Result<String> {
    let book = Book::read(store).await?;
    let case = book.find(beginning)?;
    let event = assign_event(case, owner, by, now);
    store.append(&[event], None).await.context("the case could not be given to anybody")?;
    Ok(case.id.clone())
}

/// What is noted where a case is given to an owner.
pub fn assign_event(case: &Logged, owner: &str, by: &str, now: Timestamp) -> CaseEvent {
    let at = now.max(case.life.last_at);
    CaseEvent { owner: Some(owner.to_owned()), ..blank(&case.id, CaseEvent::ASSIGNED, by, at) }
}

/// `nothing was changed in 5b1e0c2f: the case is resolved already …`.
pub fn refusal(id: &str, refused: Refused) -> String {
    format!("nothing was changed in {}: {refused}", id.get(..8).unwrap_or(id))
}

fn settle(known: &mut KnownCase, life: Life, event: &CaseEvent, step: Step) {
    known.case.life = life;
    let by = event.told_by.clone();
    known.case.steps.push(insight::cases::Event { at: event.at, step, by });
    if step == Step::Resolved {
        known.case.tell = known.reports.iter().map(report).collect();
    }
}

/// What is noted of a step; its reports are needed where it is resolved.
pub fn step_event(
    case: &str,
    reports: &[StoredReport],
    step: Step,
    by: &str,
    at: Timestamp,
) -> Result<CaseEvent> {
    let reports: &[StoredReport] = if step == Step::Resolved { reports } else { &[] };
    let telling = Telling { tell: reports.iter().map(report).collect() };
    let payload = (step == Step::Resolved).then(|| serde_json::to_string(&telling)).transpose()?;
    let quoted = reports.iter().map(|report| Quoted {
        record_id: report.record.clone(),
        author: report.author.clone(),
        author_alias: report.author_alias.clone(),
    });
    Ok(CaseEvent { payload, quoted: quoted.collect(), ..blank(case, step.as_str(), by, at) })
}

fn blank(case: &str, step: &str, by: &str, at: Timestamp) -> CaseEvent {
    CaseEvent {
        at,
        case: case.to_owned(),
        step: step.to_owned(),
        record: None,
        told_by: Some(by.to_owned()),
        owner: None,
        topic: None,
        kind: None,
        product: None,
        vector: None,
        payload: None,
        quoted: Vec::new(),
    }
}

/// A report whose author is to be told, by their pseudonyms and by what the source knows it by.
fn report(report: &StoredReport) -> Report {
    Report {
        record: report.record.clone(),
        names: report.author.iter().chain(&report.author_alias).cloned().collect(),
        source: report.source.clone(),
        event_source: report.event_source.clone(),
        native_id: report.native_id.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::known::tests::invented;
    use super::*;

    #[test]
    fn whom_to_tell_is_noted_so_that_an_erasure_finds_them() {
        let mut known = invented();
        let event = step_event(&known.case.id, &known.reports, Step::Resolved, "jane", Timestamp(9)).unwrap();
        let telling: Telling = serde_json::from_str(event.payload.as_deref().unwrap()).unwrap();
        let told: Vec<(&str, usize)> =
            telling.tell.iter().map(|one| (one.native_id.as_str(), one.names.len())).collect();
        assert_eq!(told, [("T-r1", 1), ("T-r2", 1), ("T-r3", 1), ("T-r4", 0)]);
        let quoted: Vec<&str> = event.quoted.iter().map(|quoted| quoted.record_id.as_str()).collect();
        assert_eq!(quoted, ["r1", "r2", "r3", "r4"]);
        let life = known.case.life.then(Step::Resolved, Timestamp(6_000_000)).unwrap();
        settle(&mut known, life, &event, Step::Resolved);
        assert_eq!((known.case.life.state, known.case.tell.len()), (State::Resolved, 4));
    }

    #[test]
    fn other_steps_name_nobody_but_who_took_them() {
        let known = invented();
        let event = step_event("aa01", &known.reports, Step::Reopened, "jane", Timestamp(9)).unwrap();
        assert_eq!((event.payload, event.quoted.len(), event.told_by.as_deref()), (None, 0, Some("jane")));
        let told = refusal("aa01bb02cc03", Refused::AcknowledgedAlready);
        assert_eq!(
            told,
            "nothing was changed in aa01bb02: the case is acknowledged already: resolve it when it is done"
        );
        let given = assign_event(&known.case, "finance", "jane", Timestamp(9));
        assert_eq!((given.owner.as_deref(), given.step.as_str()), (Some("finance"), CaseEvent::ASSIGNED));
        assert_eq!(given.at, known.case.life.last_at, "the log goes forward");
    }

    #[tokio::test]
    async fn a_step_that_is_refused_is_known_as_such() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), store::StoreOptions::default()).await.unwrap();
        store.append(&[super::super::testing::opened("aa01", "r1", 10)], None).await.unwrap();
        let error = step(&store, "aa", Step::Reopened, "jane", Timestamp(20)).await.unwrap_err();
        assert_eq!(error.downcast_ref::<Refused>(), Some(&Refused::NotResolved(State::Open)));
        assert!(error.to_string().starts_with("nothing was changed in aa01: the case is open"), "{error}");
        assert_eq!(called(&store, "aa").await.unwrap(), ("aa01".to_owned(), State::Open));
        assert_eq!(assign(&store, "aa", "finance", "jane", Timestamp(20)).await.unwrap(), "aa01");
        let book = Book::read(&store).await.unwrap();
        assert_eq!(book.find("aa01").unwrap().owner, "finance");
    }
}
