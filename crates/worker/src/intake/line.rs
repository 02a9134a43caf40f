//! What waits: the requests in the order in which they came, each message with the offset that it keeps.

use super::{Arrival, IntakeError, Request};
use feedback::time::Timestamp;
use std::collections::VecDeque;

#[derive(Default)]
pub(super) struct Line {
    requests: VecDeque<Placed>,
    /// All offsets below are in the tables, or given up.
    through: i64,
    /// The next one to hand on.
    at: i64,
    /// The next one to give.
    end: i64,
    /// Of payloads that are not handed on.
    bytes: usize,
}

struct Placed {
    first: i64,
    request: Request,
}

impl Placed {
    fn end(&self) -> i64 {
        self.first + self.request.messages.len() as i64
    }
}

impl Line {
    pub fn push(&mut self, request: Request) {
        let first = self.end;
        self.end += request.messages.len() as i64;
        self.bytes += bytes(&request.messages);
        self.requests.push_back(Placed { first, request });
    }

    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// Messages that are not handed on.
    pub fn rows(&self) -> usize {
        (self.end - self.at) as usize
    }

    /// Bytes of these.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn through(&self) -> i64 {
        self.through
    }

    /// The next message to hand on, with its offset and when it came.
    pub fn next_message(&mut self) -> Option<(i64, Timestamp, &Arrival)> {
        let after = self.requests.partition_point(|placed| placed.first <= self.at);
        let placed = self.requests.get(after.checked_sub(1)?)?;
        let offset = self.at;
        let message = placed.request.messages.get((offset - placed.first) as usize)?;
        self.at += 1;
        self.bytes -= message.payload.len();
        Some((offset, placed.request.arrived, message))
    }

    /// All offsets below this one are in the tables: whose last message is among them is told so. How many were.
    pub fn committed(&mut self, to: i64) -> usize {
        self.through = self.through.max(to);
        let answered = self.requests.iter().take_while(|placed| placed.end() <= self.through).count();
        self.requests.drain(..answered).for_each(|placed| answer(placed.request, Ok(())));
        answered
    }

    /// Hands on once more what is not through.
    pub fn again(&mut self) {
        self.at = self.through;
        let left = self.requests.iter().map(|placed| {
            let done = (self.at - placed.first).max(0) as usize;
            bytes(placed.request.messages.get(done..).unwrap_or_default())
        });
        self.bytes = left.sum();
    }

    /// Gives up all that waits.
    pub fn refuse(&mut self, error: &IntakeError) {
        for Placed { request, .. } in self.requests.drain(..) {
            answer(request, Err(error.clone()));
        }
        (self.through, self.at, self.bytes) = (self.end, self.end, 0);
    }
}

fn bytes(messages: &[Arrival]) -> usize {
    messages.iter().map(|message| message.payload.len()).sum()
}

fn answer(request: Request, answer: Result<(), IntakeError>) {
    // Whoever has stopped waiting is told nothing.
    let _ = request.tell.send(answer);
}

#[cfg(test)]
mod tests {
    use super::super::Door;
    use super::*;
    use proptest::prelude::*;
    use std::sync::Arc;
    use tokio::sync::oneshot;

    type Answer = oneshot::Receiver<Result<(), IntakeError>>;

    fn request(messages: usize) -> (Request, Answer) {
        let (tell, answer) = oneshot::channel();
        let message = Arrival { payload: vec![b'x'; 3].into(), vendor: None };
        let room = Arc::new(Door::new(usize::MAX)).enter(1).unwrap();
        let messages = vec![message; messages];
        (Request { messages, arrived: Timestamp(0), tell, _room: room }, answer)
    }

    fn offsets(line: &mut Line, most: usize) -> Vec<i64> {
        (0..most).map_while(|_| line.next_message().map(|(offset, ..)| offset)).collect()
    }

    #[test]
    fn a_request_is_answered_with_its_last_message_and_no_other() {
        let mut line = Line::default();
        let ((one, mut first), (two, mut second)) = (request(2), request(3));
        line.push(one);
        line.push(two);
        assert_eq!((line.rows(), line.bytes()), (5, 15));
        assert_eq!(offsets(&mut line, 4), [0, 1, 2, 3]);
        assert_eq!((line.rows(), line.bytes()), (1, 3));
        assert_eq!((line.committed(1), line.committed(3)), (0, 1));
        assert!(matches!(first.try_recv(), Ok(Ok(()))) && second.try_recv().is_err());
        // What was handed on and is not through comes again, with the offset that it has.
        line.again();
        assert_eq!((line.rows(), line.bytes()), (2, 6));
        assert_eq!(offsets(&mut line, 9), [3, 4]);
        assert_eq!(line.committed(5), 1);
        assert!(matches!(second.try_recv(), Ok(Ok(()))));
        assert_eq!((line.is_empty(), line.through()), (true, 5));
    }

    #[test]
    fn what_is_given_up_takes_its_offsets_with_it() {
        let mut line = Line::default();
        let (one, mut first) = request(2);
        line.push(one);
        assert_eq!(offsets(&mut line, 1), [0]);
        line.refuse(&IntakeError::Closed);
        assert!(matches!(first.try_recv(), Ok(Err(IntakeError::Closed))));
        let (two, _second) = request(1);
        line.push(two);
        assert_eq!((line.through(), offsets(&mut line, 9)), (2, vec![2]));
    }

    proptest! {
        /// However batches are cut, and whichever of them is lost: each request is answered, once all of it is through.
        #[test]
        fn every_request_is_answered_once_it_is_through(
            sizes in prop::collection::vec(1_usize..5, 1..12),
            cuts in prop::collection::vec((1_usize..7, any::<bool>()), 40),
        ) {
            let mut line = Line::default();
            let mut waiting: VecDeque<(i64, Answer)> = VecDeque::new();
            let mut end = 0;
            for size in sizes {
                let (request, answer) = request(size);
                line.push(request);
                end += size as i64;
                waiting.push_back((end, answer));
            }
            let cuts = cuts.into_iter().chain(std::iter::repeat((3, false)));
            let mut done = 0;
            for (most, lost) in cuts {
                let cut = offsets(&mut line, most);
                prop_assert_eq!(cut.first(), Some(&done), "no offset is passed over");
                if lost {
                    line.again();
                    continue;
                }
                done += cut.len() as i64;
                line.committed(done);
                while waiting.front().is_some_and(|(end, _)| *end <= done) {
                    let (_, mut answer) = waiting.pop_front().unwrap();
                    prop_assert!(matches!(answer.try_recv(), Ok(Ok(()))));
                }
                prop_assert!(waiting.iter_mut().all(|(_, answer)| answer.try_recv().is_err()));
                if done == end {
                    break;
                }
            }
            prop_assert!(line.is_empty() && line.rows() == 0 && line.bytes() == 0);
        }
    }
}
