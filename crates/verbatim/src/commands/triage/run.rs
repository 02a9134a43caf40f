//! `verbatim triage run`: tells of what was triaged, once.

use crate::acting::{Acted, act};
use crate::alerting;
use crate::context::{self, Context};
use crate::outbox::StoreOutbox;
use crate::output;
use anyhow::{Context as _, Result, ensure};
use insight::triage::RuleSet;

pub fn run(context: &Context) -> Result<()> {
    context.ensure_tables()?;
    let rules = context.rules()?;
    if !rules.as_deref().is_some_and(RuleSet::has_actions) {
        let nobody = "No rule names a delivery target in its actions, so that there is nobody to tell.";
        return show(&Acted::default(), nobody, context);
    }
    let targets = context.targets()?;
    ensure!(
        !targets.is_empty(),
        "there are no delivery targets: name a file with some by deliver.file (config/deliver.toml tells how)"
    );
    let (names, base) = (context.topic_names()?, alerting::base(context.config())?);
    let acted = context::runtime()?.block_on(async {
        let outbox = StoreOutbox::new(context.store().await?);
        let acted = act(&outbox, &targets, &names, base.as_ref()).await;
        acted.context("not all could be queued: run it again, it goes on where this one stopped")
    })?;
    show(&acted, &told(&acted), context)
}

fn show(acted: &Acted, told: &str, context: &Context) -> Result<()> {
    if context.json { output::json(acted) } else { output::text(told) }
}

fn told(acted: &Acted) -> String {
    match acted {
        Acted { begun: true, .. } => {
            "It begins here: of what is triaged from now on the targets hear that its rule names.".to_owned()
        }
        Acted { records: 0, .. } => "Nothing new.".to_owned(),
        Acted { records, queued, .. } => format!(
            "{} told, {} queued.",
            output::counted(*records as u64, "record"),
            output::counted(*queued as u64, "message")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_told() {
        let done = |records, queued| told(&Acted { begun: false, records, queued });
        assert_eq!([done(0, 0), done(1, 2)], ["Nothing new.", "1 record told, 2 messages queued."]);
        assert!(told(&Acted { begun: true, records: 0, queued: 0 }).starts_with("It begins here"));
    }
}
