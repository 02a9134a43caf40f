//! An archived digest, read back: as it was made, nothing is counted anew.
//!
//! Where somebody who was quoted in it was erased since, what was rendered is gone. It is rendered again then, from its page
//! without their words.

use super::archive::{PAGE, newest};
use anyhow::{Context as _, Result, bail};
use insight::digest::render::{html, markdown};
use insight::digest::{Page, Week};
use serde_json::Value;
use std::collections::BTreeSet;
use store::{Digest, Store};

/// Weeks that are named where the one that was asked for is not there.
const NAMED: usize = 8;

/// The one of a week and an owner that was archived last.
#[derive(Debug)]
pub struct Kept {
    digest: Digest,
    /// `None` where it is gone as a whole.
    payload: Option<Value>,
}

impl Kept {
    /// Everybody's, where no owner is named.
    pub async fn find(store: &Store, week: Week, owner: Option<&str>) -> Result<Self> {
        let (all, _) = newest(store).await?;
        found(all, &week.to_string(), owner.unwrap_or_default())
    }

    pub fn of(digest: Digest) -> Self {
        let payload = digest.payload.as_deref().and_then(|text| serde_json::from_str(text).ok());
        Self { digest, payload }
    }

    pub fn markdown(&self) -> Result<String> {
        match &self.digest.markdown {
            Some(text) => Ok(text.clone()),
            None => Ok(markdown(&self.page()?)),
        }
    }

    pub fn html(&self) -> Result<String> {
        match &self.digest.html {
            Some(text) => Ok(text.clone()),
            None => Ok(html(&self.page()?)),
        }
    }

    /// What every format is rendered from.
    pub fn page(&self) -> Result<Page> {
        let page = self.payload.as_ref().and_then(|payload| payload.get(PAGE));
        let page = page.with_context(|| {
            format!(
                "of the digest of {0} no page is kept that could be written in this format: --format json shows what \
                 is, and `verbatim digest --week {0}` tells the week anew",
                self.digest.week
            )
        })?;
        let mut page: Page = serde_json::from_value(page.clone())
            .with_context(|| format!("the page of the digest of {} cannot be read", self.digest.week))?;
        // All of it may have been of somebody who was erased.
        page.sections.retain(|section| !section.points.is_empty());
        Ok(page)
    }

    /// Everything that it says, for programs.
    pub fn json(&self) -> Result<String> {
        let mut payload = self.payload.clone().with_context(|| {
            format!(
                "nothing is left of the digest of {0}: `verbatim digest --week {0}` tells the week anew",
                self.digest.week
            )
        })?;
        if let Some(fields) = payload.as_object_mut() {
            fields.remove(PAGE);
        }
        Ok(serde_json::to_string_pretty(&payload)?)
    }
}

fn found(all: Vec<Digest>, week: &str, owner: &str) -> Result<Kept> {
    let said = absent(&all, week, owner);
    let Some(digest) = all.into_iter().find(|one| one.week == week && one.owner == owner) else {
        bail!(said)
    };
    Ok(Kept::of(digest))
}

/// What is there, where it is not.
fn absent(all: &[Digest], week: &str, owner: &str) -> String {
    let name = |owner: &str| if owner.is_empty() { "everybody".to_owned() } else { owner.to_owned() };
    let owners: Vec<String> = all.iter().filter(|one| one.week == week).map(|one| name(&one.owner)).collect();
    if !owners.is_empty() {
        return format!(
            "the digest of {week} for {} is not archived: there are those for {}",
            name(owner),
            owners.join(", ")
        );
    }
    let weeks: BTreeSet<&str> = all.iter().map(|one| one.week.as_str()).collect();
    if weeks.is_empty() {
        return "no digest is archived: `verbatim digest --archive` keeps one, `verbatim serve` each week's"
            .to_owned();
    }
    let last: Vec<&str> = weeks.iter().rev().take(NAMED).copied().collect();
    let more = match weeks.len() - last.len() {
        0 => String::new(),
        more => format!(" and {more} before"),
    };
    format!("no digest of {week} is archived: there are those of {}{more}", last.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weekly::Told;
    use crate::weekly::archive::written;
    use crate::weekly::message::tests::{case, point, told as invented, week};
    use feedback::time::Timestamp;
    use insight::digest::Section;
    use serde_json::json;
    use store::StoreOptions;

    fn told() -> Told {
        let title = "cannot log in since monday";
        let cases = vec![point(title, true, &[("r2", "no login at all")])];
        let targets = vec![point("NPS", false, &[])];
        let section = |title: &str, points| Section { title: title.to_owned(), points, more: None };
        invented(
            vec![section("New and growing cases", cases), section("Targets", targets)],
            vec![case(title)],
        )
    }

    fn digest(week: &str, owner: &str) -> Digest {
        Digest {
            made_at: Timestamp(0),
            week: week.to_owned(),
            owner: owner.to_owned(),
            markdown: None,
            html: None,
            payload: None,
            quoted: Vec::new(),
        }
    }

    #[tokio::test]
    async fn it_is_read_back_as_it_was_made() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let told = told();
        store.append(&[written(&told, Timestamp(7)).unwrap().0], None).await.unwrap();
        let kept = Kept::find(&store, week(), Some("identity")).await.unwrap();
        assert_eq!(kept.markdown().unwrap(), markdown(&told.page));
        assert_eq!(kept.html().unwrap(), html(&told.page));
        assert_eq!(kept.page().unwrap(), told.page, "what every other format is made of");
        let json: Value = serde_json::from_str(&kept.json().unwrap()).unwrap();
        assert_eq!((&json["week"], &json["owner"]), (&"2026-W12".into(), &"identity".into()));
        assert_eq!(json.get(PAGE), None);
        let error = Kept::find(&store, week(), None).await.unwrap_err().to_string();
        assert_eq!(
            error,
            "the digest of 2026-W12 for everybody is not archived: there are those for identity"
        );
    }

    #[test]
    fn without_what_was_rendered_it_is_rendered_again_and_what_was_erased_is_gone() {
        let told = told();
        let mut page = serde_json::to_value(&told.page).unwrap();
        // As an erasure leaves it: the point with its words is out of it.
        page["sections"][0]["points"] = json!([]);
        let payload = Some(json!({ "week": "2026-W12", "page": page }));
        let kept = Kept { digest: digest("2026-W12", ""), payload };
        let text = kept.markdown().unwrap();
        assert!(
            text.contains("NPS") && !text.contains("log in") && !text.contains("growing cases"),
            "{text}"
        );
        assert!(kept.html().unwrap().contains("NPS"));
    }

    #[test]
    fn what_is_not_kept_is_told_with_what_to_do() {
        let old = Kept { digest: digest("2026-W12", ""), payload: Some(json!({ "week": "2026-W12" })) };
        let error = old.markdown().unwrap_err().to_string();
        assert!(
            error.contains("--format json") && error.contains("verbatim digest --week 2026-W12"),
            "{error}"
        );
        assert_eq!(old.json().unwrap(), "{\n  \"week\": \"2026-W12\"\n}");
        let gone = Kept { digest: digest("2026-W12", ""), payload: None };
        assert!(gone.json().unwrap_err().to_string().contains("nothing is left"));
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is() {
        let said = |all: &[Digest], week: &str, owner: &str| {
            found(all.to_vec(), week, owner).unwrap_err().to_string()
        };
        assert!(said(&[], "2026-W12", "").contains("verbatim digest --archive"));
        let all = [digest("2026-W10", ""), digest("2026-W11", ""), digest("2026-W11", "identity")];
        assert_eq!(
            said(&all, "2026-W12", "identity"),
            "no digest of 2026-W12 is archived: there are those of 2026-W11, 2026-W10"
        );
        assert_eq!(
            said(&all, "2026-W11", "finance"),
            "the digest of 2026-W11 for finance is not archived: there are those for everybody, identity"
        );
        let many: Vec<Digest> = (10..30).map(|number| digest(&format!("2026-W{number}"), "")).collect();
        assert!(
            said(&many, "2026-W40", "").ends_with("2026-W22 and 12 before"),
            "{}",
            said(&many, "2026-W40", "")
        );
    }
}
