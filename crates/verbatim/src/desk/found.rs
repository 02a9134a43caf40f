//! Things by how their ids begin, before they are changed.

use super::named::failed;
use super::{Shared, alerts, cases, now};
use server::desk::{AlertState, CaseState, Found, Known, Thing};

impl Shared {
    pub(super) async fn find(&self, thing: Thing<'_>, beginning: &str) -> Known<Found> {
        match thing {
            Thing::Alert(change) => {
                let told = self.follow_alerts().await?;
                let alert = alerts::find(&told, beginning)?;
                alert.changed(change, None, now()).map_err(alerts::refused)?;
                let state = AlertState::from(alert.state(now().day()));
                Ok(Found { id: alert.id.clone(), detail: was(state.as_str()) })
            }
            Thing::Case(step) => {
                self.cases.follow().await.map_err(failed)?;
                let (case, _) = self.find_case(beginning)?;
                cases::then(&case, step.into(), now())?;
                let state = CaseState::from(case.life.state);
                Ok(Found { id: case.id, detail: was(state.as_str()) })
            }
            Thing::Assigned(owner) => {
                self.check_owner(owner)?;
                self.cases.follow().await.map_err(failed)?;
                let (case, _) = self.find_case(beginning)?;
                Ok(Found { id: case.id, detail: owner.to_owned() })
            }
            Thing::Delivery => {
                let (entry, _) = self.requeued(beginning).await?;
                Ok(Found { id: entry.key.as_str().to_owned(), detail: entry.target })
            }
        }
    }
}

fn was(state: &str) -> String {
    format!("was {state}")
}
