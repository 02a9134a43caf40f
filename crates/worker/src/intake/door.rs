//! Room for what was accepted and is not durable yet, over all callers: bounded, and who finds none is told for how long.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(1);
const LATE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub struct Door {
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    inside: usize,
    /// When somebody left last, or came in where nobody was.
    moved: Instant,
}

/// Bytes inside; dropped, they have left.
#[derive(Debug)]
pub struct Room {
    door: Arc<Door>,
    bytes: usize,
}

impl Door {
    /// `most`: bytes that may be inside together.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, state: Mutex::new(State { inside: 0, moved: Instant::now() }) }
    }

    /// Whoever is larger than all of the room comes in where nobody else is.
    ///
    /// # Errors
    /// Where there is no room; with how long to stay away: as long as nobody has left by now, for then nobody will soon.
    pub fn enter(self: &Arc<Self>, bytes: usize) -> Result<Room, Duration> {
        let mut state = self.lock();
        if state.inside == 0 {
            state.moved = Instant::now();
        } else if state.inside.saturating_add(bytes) > self.most {
            return Err(state.moved.elapsed().clamp(SOON, LATE));
        }
        state.inside += bytes;
        Ok(Room { door: Arc::clone(self), bytes })
    }

    /// Bytes inside.
    #[must_use]
    pub fn inside(&self) -> usize {
        self.lock().inside
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Two plain values: whoever panicked left them whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut state = self.door.lock();
        state.inside -= self.bytes;
        state.moved = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_bounded_and_given_back() {
        let door = Arc::new(Door::new(100));
        let (first, second) = (door.enter(60).unwrap(), door.enter(40).unwrap());
        assert_eq!(door.enter(1).unwrap_err(), SOON, "somebody came in just now");
        drop(first);
        assert_eq!(door.inside(), 40);
        assert!(door.enter(61).is_err() && door.enter(60).is_ok());
        drop(second);
        assert_eq!(door.inside(), 0);
    }

    #[test]
    fn what_is_larger_than_the_room_comes_in_alone() {
        let door = Arc::new(Door::new(100));
        let small = door.enter(1).unwrap();
        assert!(door.enter(101).is_err());
        drop(small);
        let large = door.enter(101).unwrap();
        assert!(door.enter(1).is_err());
        drop(large);
        door.enter(1).unwrap();
    }
}
