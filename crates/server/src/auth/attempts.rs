//! Wrong tokens, counted by whom they come from. Nobody guesses a right one: whoever tries on is told to stop.

use feedback::time::Timestamp;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// So many a window are answered as wrong; after that the peer is told to wait. A right token always counts.
const MOST: u32 = 10;
const WINDOW: i64 = 60 * 1_000_000;
/// So many peers are remembered; beyond, the one that began first is forgotten.
const PEERS: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Attempts {
    peers: Mutex<HashMap<IpAddr, Failures>>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    since: Timestamp,
    number: u32,
}

impl Failures {
    fn is_over(self, now: Timestamp) -> bool {
        !(0..WINDOW).contains(&(now.0 - self.since.0))
    }
}

impl Attempts {
    /// Counts a wrong one.
    ///
    /// # Errors
    /// How long the peer has to wait, where it had too many.
    pub fn failed(&self, peer: Option<IpAddr>, now: Timestamp) -> Result<(), Duration> {
        let Some(peer) = peer.map(household) else { return Ok(()) };
        // Whoever panicked left it whole.
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        if !peers.contains_key(&peer) && peers.len() >= PEERS {
            forget(&mut peers, now);
        }
        let failures = peers.entry(peer).or_insert(Failures { since: now, number: 0 });
        if failures.is_over(now) {
            *failures = Failures { since: now, number: 0 };
        }
        failures.number = failures.number.saturating_add(1);
        if failures.number <= MOST {
            return Ok(());
        }
        let left = (failures.since.0 + WINDOW - now.0).max(0);
        Err(Duration::from_micros(left.unsigned_abs()))
    }
}

/// Whoever has one IPv6 address has all of its network.
fn household(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

fn forget(peers: &mut HashMap<IpAddr, Failures>, now: Timestamp) {
    peers.retain(|_, failures| !failures.is_over(now));
    if peers.len() < PEERS {
        return;
    }
    let oldest = peers.iter().min_by_key(|(_, failures)| failures.since).map(|(peer, _)| *peer);
    oldest.map(|peer| peers.remove(&peer));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(1_800_000_000_000_000 + seconds * 1_000_000)
    }

    fn peer(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_peer_with_too_many_waits_for_the_rest_of_a_minute() {
        let attempts = Attempts::default();
        for n in 0..10 {
            assert_eq!(attempts.failed(peer("192.0.2.1"), at(n)), Ok(()), "{n}");
        }
        assert_eq!(attempts.failed(peer("192.0.2.1"), at(20)), Err(Duration::from_secs(40)));
        assert_eq!(
            attempts.failed(peer("::ffff:192.0.2.1"), at(59)),
            Err(Duration::from_secs(1)),
            "the same one"
        );
        assert_eq!(attempts.failed(peer("192.0.2.2"), at(20)), Ok(()), "another one");
        assert_eq!(attempts.failed(peer("192.0.2.1"), at(60)), Ok(()));
    }

    #[test]
    fn a_network_is_one_peer() {
        let attempts = Attempts::default();
        for n in 0..10 {
            assert!(attempts.failed(peer(&format!("2001:db8:0:1::{n}")), at(0)).is_ok());
        }
        assert!(attempts.failed(peer("2001:db8:0:1:ffff::1"), at(0)).is_err());
        assert!(attempts.failed(peer("2001:db8:0:2::1"), at(0)).is_ok());
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let attempts = Attempts::default();
        for n in 0..(PEERS as u32 + 100) {
            attempts.failed(Some(IpAddr::from(n.to_be_bytes())), at(i64::from(n) / 1000)).unwrap();
        }
        assert_eq!(attempts.peers.lock().unwrap().len(), PEERS);
    }
}
