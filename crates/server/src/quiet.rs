//! Work that takes seconds: on threads of its own, which give way to everything else.
//!
//! Knows: how threads are made to give way. Must not: know what they work on.
//!
//! Invariants:
//! - Whoever waits for a page or an answer has the cores before whatever is done here, also before all that `rayon` divides it
//!   into. (polars has threads of its own, which give way to nobody.)
//! - A thread that waits for a part of its work may take up other work of this kind meanwhile: nothing that is done here holds
//!   a lock while it divides anything.
//! - It goes on, slowly, where everything else takes all cores.

use crate::kept::BrokeOff;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::LazyLock;
use tokio::sync::oneshot;

/// So much nicer than the program: a core that others want as well gives about a tenth of itself to this.
#[cfg(target_os = "linux")]
const NICER: i32 = 10;

static THREADS: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let threads = ThreadPoolBuilder::new()
        .thread_name(|at| format!("quiet-{at}"))
        .start_handler(|_| give_way())
        // Whoever waits for the answer hears of it.
        .panic_handler(|_| {});
    threads
        .build()
        .inspect_err(|error| tracing::warn!(%error, "no threads that give way; work goes on without"))
        .ok()
});

/// Does it there.
///
/// # Errors
/// Where it panicked.
pub async fn quietly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, BrokeOff> {
    let Some(threads) = &*THREADS else {
        return tokio::task::spawn_blocking(work).await.map_err(|_| BrokeOff);
    };
    let (tell, told) = oneshot::channel();
    threads.spawn(move || {
        // Nobody may wait any more.
        let _ = tell.send(work());
    });
    told.await.map_err(|_| BrokeOff)
}

/// This thread alone.
#[cfg(target_os = "linux")]
fn give_way() {
    // SAFETY: it takes a plain number and touches no memory of ours. In Linux it is the calling thread that becomes nicer, and no
    // other (nice(2), "C library/kernel differences"); to become that nobody needs a right.
    unsafe { libc::nice(NICER) };
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[tokio::test]
    async fn what_is_divided_here_stays_here() {
        let name = || std::thread::current().name().unwrap_or_default().to_owned();
        let work = move || (0..64).into_par_iter().map(|_| name()).collect::<Vec<_>>();
        let names = quietly(work).await.unwrap();
        assert!(names.iter().all(|name| name.starts_with("quiet-")), "{names:?}");
    }

    #[tokio::test]
    async fn what_panics_is_told_and_the_next_goes_on() {
        assert_eq!(quietly(|| panic!("on purpose")).await, Err::<(), _>(BrokeOff));
        assert_eq!(quietly(|| 7).await, Ok(7));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn its_threads_give_way_and_no_others_do() {
        // SAFETY: as above.
        let nice = || unsafe { libc::getpriority(libc::PRIO_PROCESS, 0) };
        let before = nice();
        assert_eq!(quietly(nice).await, Ok((before + NICER).min(19)));
        assert_eq!(nice(), before);
    }
}
