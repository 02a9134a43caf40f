//! Another taxonomy, put in force.

use super::{read, tag};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use serde::Serialize;
use utoipa::ToSchema;

/// The taxonomy that is in force now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaxonomySwitched {
    /// As records name it that are judged from now on.
    pub version: String,
    /// The one that it took the place of.
    pub before: String,
    /// What the next change gives as `base`.
    pub base: String,
}

/// Puts a [cleaned](super::clean) text in force in place of the one whose tag is `base`, and notes who did it. Records that
/// were judged before stay as they are.
///
/// # Errors
/// 400 for a text that is wrong, with its line; 409 where it is another one by now, or cannot be written.
pub async fn switch(
    app: &App,
    caller: &Caller,
    text: String,
    base: &str,
) -> Result<TaxonomySwitched, Problem> {
    let version = read(&text)?.version().to_owned();
    let (workshop, base) = (app.taxonomy.clone(), base.trim().to_owned());
    let switching = move || {
        let before = workshop.keeping.read()?;
        let after = workshop.keeping.switch(&text, &base)?;
        Ok::<_, Problem>((before.in_force.version().to_owned(), tag(&after.text)))
    };
    let (before, base) = tokio::task::spawn_blocking(switching).await??;
    app.audit(caller, "taxonomy.switch", &version, &format!("in place of {before}")).await?;
    Ok(TaxonomySwitched { version, before, base })
}
