//! Work on all cores, results in the order of the input, a bounded number of items in between.

use std::sync::{Mutex, mpsc};

/// Runs `work` over `items` on `threads` threads, each with a state of its own from `state`, and hands the
/// results to `sink` in order. Stops at the sink's first error. No more than four items a thread wait.
pub fn map<T, R, S, E>(
    items: impl Iterator<Item = T> + Send,
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) -> R + Sync,
    mut sink: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E>
where
    T: Send,
    R: Send,
{
    let (to_workers, for_workers) = mpsc::sync_channel::<(T, mpsc::SyncSender<R>)>(threads);
    let for_workers = Mutex::new(for_workers);
    let (in_order, ordered) = mpsc::sync_channel::<mpsc::Receiver<R>>(3 * threads);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut state = state();
                loop {
                    let next = for_workers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
                    let Ok((item, answer)) = next else { break };
                    // The sink may have stopped: then nobody waits for the answer.
                    let _ = answer.send(work(&mut state, item));
                }
            });
        }
        scope.spawn(move || {
            for item in items {
                let (answer, wait) = mpsc::sync_channel(1);
                if in_order.send(wait).is_err() || to_workers.send((item, answer)).is_err() {
                    break;
                }
            }
        });
        // `ordered` moves in, so that an early end closes it and the reader stops.
        let ordered = ordered;
        for result in ordered {
            match result.recv() {
                Ok(result) => sink(result)?,
                // Its worker panicked; the scope passes the panic on.
                Err(_) => break,
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_input() {
        let mut seen = Vec::new();
        let done: Result<(), ()> = map(
            0..1000,
            4,
            || (),
            |(), n: u32| (0..n % 97).fold(n, |a, _| a),
            |n| {
                seen.push(n);
                Ok(())
            },
        );
        assert_eq!(done, Ok(()));
        assert_eq!(seen, (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_of_the_sink_ends_it() {
        let mut seen = 0;
        let done = map(
            0..,
            3,
            || (),
            |(), n: u64| n,
            |n| {
                seen += 1;
                if n == 10 { Err("enough") } else { Ok(()) }
            },
        );
        assert_eq!((done, seen), (Err("enough"), 11));
    }
}
