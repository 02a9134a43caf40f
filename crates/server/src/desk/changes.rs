//! What people change at the desk, each change noted in the audit before it is made: for the API and the pages. What is not
//! allowed as things stand is refused before, and not noted. The command line notes its own by the same names.

use super::{AlertChange, AlertChanged, CaseChanged, CaseStep, Found, Requeued, Thing};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::Inner;
use feedback::time::Day;
use insight::report::scope::parse_day;

/// Characters of a reason.
pub const LONGEST_REASON: usize = 500;

/// What the audit calls it that a case is given to another owner, and that a delivery is attempted again.
pub const ASSIGN: &str = "case.assign";
pub const REQUEUE: &str = "delivery.requeue";

/// What the audit calls a change of an alert, as `alert.useful`.
#[must_use]
pub fn alert_action(change: &AlertChange) -> String {
    format!("alert.{}", change.as_str())
}

/// What the audit calls a step of a case, as `case.resolve`.
#[must_use]
pub fn case_action(step: CaseStep) -> String {
    format!("case.{}", step.as_str())
}

/// Changes an alert.
///
/// # Errors
/// What the desk refuses, and what cannot be noted.
pub async fn alert(
    app: &Inner,
    caller: &Caller,
    id: &str,
    change: &AlertChange,
) -> Result<AlertChanged, Problem> {
    let Found { id, detail } = app.desk.find(Thing::Alert(change), id).await?;
    let changing = app.desk.change_alert(&id, change, &caller.name);
    app.audited(caller, &alert_action(change), &id, &detail, changing).await
}

/// Takes a step of a case.
///
/// # Errors
/// As of [`alert`].
pub async fn case(app: &Inner, caller: &Caller, id: &str, step: CaseStep) -> Result<CaseChanged, Problem> {
    let Found { id, detail } = app.desk.find(Thing::Case(step), id).await?;
    let stepping = app.desk.take_step(&id, step, &caller.name);
    app.audited(caller, &case_action(step), &id, &detail, stepping).await
}

/// Gives a case to another owner.
///
/// # Errors
/// As of [`alert`].
pub async fn assign(app: &Inner, caller: &Caller, id: &str, owner: &str) -> Result<CaseChanged, Problem> {
    let owner = owner.trim();
    let Found { id, detail } = app.desk.find(Thing::Assigned(owner), id).await?;
    app.audited(caller, ASSIGN, &id, &detail, app.desk.assign(&id, owner, &caller.name)).await
}

/// Has a delivery attempted again.
///
/// # Errors
/// As of [`alert`].
pub async fn requeue(app: &Inner, caller: &Caller, key: &str) -> Result<Requeued, Problem> {
    let Found { id, detail } = app.desk.find(Thing::Delivery, key).await?;
    app.audited(caller, REQUEUE, &id, &detail, app.desk.requeue(&id)).await
}

/// What somebody writes of a silence, for pages and programs.
///
/// # Errors
/// 400: where the day is none, or the reason too long.
pub fn silencing(until: &str, reason: &str) -> Result<AlertChange, Problem> {
    let read = |text: &str| {
        parse_day(text).ok_or_else(|| Problem::bad_request("until: expected a date as in 2026-03-05"))
    };
    let until: Option<Day> = Some(until.trim()).filter(|text| !text.is_empty()).map(read).transpose()?;
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.chars().count() > LONGEST_REASON {
        return Err(Problem::bad_request(format!("reason: expected at most {LONGEST_REASON} characters")));
    }
    Ok(AlertChange::Silence { until, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_is_read_from_what_somebody_writes() {
        let read = silencing(" 2026-03-05 ", "the  servers\nmove").unwrap();
        assert_eq!(
            read,
            AlertChange::Silence { until: Some(Day(20_517)), reason: "the servers move".to_owned() }
        );
        assert_eq!(silencing("", "").unwrap(), AlertChange::Silence { until: None, reason: String::new() });
        assert!(silencing("soon", "").unwrap_err().detail.contains("2026-03-05"));
        assert!(silencing("", &"x".repeat(LONGEST_REASON + 1)).is_err());
    }

    #[test]
    fn the_audit_has_one_name_for_each_change() {
        assert_eq!(alert_action(&AlertChange::NotUseful), "alert.not-useful");
        assert_eq!(CaseStep::ALL.map(case_action), ["case.acknowledge", "case.resolve", "case.reopen"]);
    }
}
