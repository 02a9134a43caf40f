//! Things by how their ids begin, before they are changed.

use super::named::{failed, named};
use super::{Shared, alerts, now};
use server::desk::{AlertState, CaseState, Found, Known, Thing};

impl Shared {
    pub(super) async fn find(&self, thing: Thing, beginning: &str) -> Known<Found> {
        match thing {
            Thing::Alert => {
                let told = self.follow_alerts().await?;
                let alert = alerts::find(&told, beginning)?;
                let state = AlertState::from(alert.state(now().day()));
                Ok(Found { id: alert.id.clone(), detail: was(state.as_str()) })
            }
            Thing::Case => {
                self.cases.follow().await.map_err(failed)?;
                let (case, _) = self.find_case(beginning)?;
                let state = CaseState::from(case.life.state);
                Ok(Found { id: case.id, detail: was(state.as_str()) })
            }
            Thing::Delivery => {
                let found = self.outbox.look(|entries| -> Known<Found> {
                    let entry = named(entries, |entry| entry.key.as_str(), beginning, "delivery")?;
                    Ok(Found { id: entry.key.as_str().to_owned(), detail: entry.target.clone() })
                });
                found.await.map_err(failed)?
            }
        }
    }
}

fn was(state: &str) -> String {
    format!("was {state}")
}
