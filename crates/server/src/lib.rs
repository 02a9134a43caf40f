//! HTTP: the gateway that takes feedback in, the API, and the dashboard.
//!
//! Knows: requests and answers, who may ask for what, how facts, insights and logs look as JSON and as pages.
//! Must not: hold logic that the command line could not call; know Kafka, the worker's loop or how messages are
//! delivered. What it needs of those are traits that the binary implements: [`intake::Intake`], [`desk::Desk`],
//! [`live::Reading`] and [`taxonomy::Keeping`].
//!
//! Invariants:
//! - Nothing answers without a known caller but `/healthz`, `/readyz` (its status alone), the login, the assets, and
//!   hooks, which look at their vendor's signature. One layer sees to that for every route ([`auth`]), those of whoever
//!   adds one later included; the same layer refuses what a browser sends at another site's wish.
//! - What is taken in is durable before it is answered with 202, and of a request nothing is half taken.
//! - Bounded before it is read: connections, headers, bodies, what they unpack to, items, time.
//! - Every string of the outside is data: escaped where it is shown, and in no log; addresses are logged as the route
//!   they matched, for their queries hold words.
//! - A change is in the audit log before it is answered as done.
//! - A failure tells the client nothing of its causes; they are in the log.

pub mod ahead;
pub mod api;
pub mod app;
pub mod assets;
pub mod audit;
pub mod auth;
pub mod corrections;
pub mod current;
pub mod desk;
pub mod gateway;
pub mod health;
pub mod intake;
pub mod kept;
pub mod letters;
pub mod live;
pub mod metrics;
pub mod pages;
pub mod pipeline;
pub mod problem;
pub mod query;
pub mod quiet;
pub mod reports;
pub mod serve;
pub mod state;
mod stored;
pub mod taxonomy;
pub mod topics;

pub use problem::Problem;
pub use state::{App, Inner, Settings};
