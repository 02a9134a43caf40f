//! Two ways to ask: some who wait for each answer, and many who do not know of each other.

use super::client::{Asking, Client, Target};
use super::visits::{Visit, Visitor};
use anyhow::{Context, Result, anyhow};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

/// What somebody who waits for answers does in between, at least and at most.
const THINKS: (f64, f64) = (0.05, 0.15);

/// How one request ended.
#[derive(Debug, Clone, Copy)]
pub struct Done<T> {
    pub of: T,
    /// Of those who wait, since it was sent; of the others, since it was due, whatever kept it from being sent.
    pub took: Duration,
    /// `None` where no answer came.
    pub status: Option<u16>,
    pub bytes: usize,
}

/// Each visitor asks, waits for the answer, thinks, and asks again, for so long.
pub async fn closed(
    target: &Arc<Target>,
    visitors: Vec<Visitor>,
    lasts: Duration,
) -> Result<Vec<Done<Visit>>> {
    let until = Instant::now() + lasts;
    let mut all = JoinSet::new();
    for visitor in visitors {
        all.spawn(visit(Arc::clone(target), visitor, until));
    }
    let mut done = Vec::new();
    while let Some(one) = all.join_next().await {
        done.extend(one.context("a visitor broke off by a defect of this program")??);
    }
    Ok(done)
}

async fn visit(target: Arc<Target>, mut visitor: Visitor, until: Instant) -> Result<Vec<Done<Visit>>> {
    let (mut client, mut done) = (Client::new(&target), Vec::new());
    while Instant::now() < until {
        let visit = visitor.next();
        let asking = target.get(&visit.address)?;
        done.push(ask(&mut client, Instant::now(), visit, asking).await);
        let (least, most) = THINKS;
        sleep(Duration::from_secs_f64(least + (most - least) * visitor.pause())).await;
    }
    Ok(done)
}

/// Each is asked when it is due, whether or not those before were answered. Over as many connections as that needs, up to
/// `lines`; whoever finds none waits, and that counts.
pub async fn open<T: Send + 'static>(
    target: &Arc<Target>,
    lines: u32,
    plan: impl Iterator<Item = Result<(Duration, T, Asking)>>,
) -> Result<Vec<Done<T>>> {
    let began = Instant::now();
    let idle: Arc<Mutex<Vec<Client>>> = Arc::default();
    let room = Arc::new(Semaphore::new(lines as usize));
    let (tell, mut told) = mpsc::unbounded_channel();
    for due in plan {
        let (after, of, asking) = due?;
        let due = began + after;
        sleep_until(due).await;
        let room = Arc::clone(&room)
            .acquire_owned()
            .await
            .map_err(|_| anyhow!("the requests broke off by a defect of this program"))?;
        let (idle, target, tell) = (Arc::clone(&idle), Arc::clone(target), tell.clone());
        tokio::spawn(async move {
            let client = lock(&idle).pop();
            let mut client = client.unwrap_or_else(|| Client::new(&target));
            let done = ask(&mut client, due, of, asking).await;
            lock(&idle).push(client);
            drop(room);
            // It is read to its end below.
            let _ = tell.send(done);
        });
    }
    drop(tell);
    let mut done = Vec::new();
    while let Some(one) = told.recv().await {
        done.push(one);
    }
    Ok(done)
}

fn lock(idle: &Mutex<Vec<Client>>) -> std::sync::MutexGuard<'_, Vec<Client>> {
    // Whoever panicked left it whole.
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn ask<T>(client: &mut Client, since: Instant, of: T, asking: Asking) -> Done<T> {
    let answer = client.ask(asking).await;
    let took = since.elapsed();
    match answer {
        Ok(answer) => Done { of, took, status: Some(answer.status), bytes: answer.body.len() },
        Err(_) => Done { of, took, status: None, bytes: 0 },
    }
}

/// When each of those who do not know of each other asks: on average so many a second, for so long.
pub fn arrivals(visitor: &mut Visitor, per_second: f64, lasts: Duration) -> Vec<Duration> {
    let (mut at, mut due) = (0.0, Vec::new());
    loop {
        // Waits between events that know nothing of each other (a Poisson process) are exponential.
        at -= (1.0 - visitor.pause()).ln() / per_second;
        if at >= lasts.as_secs_f64() {
            return due;
        }
        due.push(Duration::from_secs_f64(at));
    }
}
