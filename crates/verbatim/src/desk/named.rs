//! Things by how their ids begin, and what to say where none, or several, begin so.

use server::desk::DeskError;
use std::error::Error;

/// The one whose id begins so; `what` is its kind, as a sentence names it.
pub fn named<'t, T>(
    all: impl IntoIterator<Item = &'t T>,
    id: impl Fn(&T) -> &str,
    beginning: &str,
    what: &str,
) -> Result<&'t T, DeskError> {
    let wanted = beginning.trim().to_ascii_lowercase();
    if wanted.is_empty() {
        return Err(DeskError::Bad(format!("name the {what} by its id, or by how that begins")));
    }
    let mut fit = all.into_iter().filter(|one| id(one).starts_with(&wanted));
    match (fit.next(), fit.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(_)) if id(one) == wanted => Ok(one),
        (Some(_), Some(_)) => Err(DeskError::Bad(format!(
            "{} {what}s have an id that begins so: give more of it",
            fit.count() + 2
        ))),
        (None, _) => Err(DeskError::NotFound(format!("there is no {what} whose id begins so"))),
    }
}

/// What is no fault of whoever asked.
pub fn failed(error: impl Into<Box<dyn Error + Send + Sync>>) -> DeskError {
    DeskError::Failed(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_found_by_how_its_id_begins() {
        let all = ["aa01".to_owned(), "aa02".to_owned(), "bb".to_owned(), "bbc".to_owned()];
        let found = |beginning: &str| named(&all, |id| id.as_str(), beginning, "case");
        assert_eq!(found(" AA02 ").unwrap(), "aa02");
        assert_eq!(found("bb").unwrap(), "bb", "the whole id is meant");
        assert!(matches!(found("aa"), Err(DeskError::Bad(why)) if why.starts_with("2 cases have an id")));
        assert!(matches!(found("zz"), Err(DeskError::NotFound(why)) if why.contains("no case")));
        assert!(matches!(found(" "), Err(DeskError::Bad(_))));
    }

    #[test]
    fn a_failure_keeps_its_causes() {
        let error = failed(anyhow::anyhow!("the disk is full").context("the log cannot be read"));
        let DeskError::Failed(error) = error else { panic!("{error}") };
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the disk is full"));
    }
}
