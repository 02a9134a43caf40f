//! Another taxonomy, put in force.

use super::{read, tag};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use serde::Serialize;
use utoipa::ToSchema;

/// What the audit calls it; the object is the version that is put in force.
pub const SWITCH: &str = "taxonomy.switch";

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
    let before = app.taxonomy.kept().await?.in_force.version().to_owned();
    let (workshop, base) = (app.taxonomy.clone(), base.trim().to_owned());
    let switching = async {
        let switch = move || workshop.keeping.switch(&text, &base);
        Ok::<_, Problem>(tag(&tokio::task::spawn_blocking(switch).await??.text))
    };
    let base = app.audited(caller, SWITCH, &version, &format!("in place of {before}"), switching).await?;
    Ok(TaxonomySwitched { version, before, base })
}
