//! Where the server listens, and whom it lets in there.

use super::ServerSection;
use std::net::SocketAddr;
use std::time::Duration;

/// A batch waits a few seconds, and so does a look at how far the workers are.
const LEAST_LAG: Duration = Duration::from_secs(30);

const TIMES: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(600);

impl ServerSection {
    /// Where to listen; `None` where nothing is to be answered. `Config::problems` has refused what is no address.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listen.trim().parse().ok()
    }

    /// The keys that are wrong, each with why.
    pub(super) fn wrong(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let address = self.address();
        if address.is_none() && !self.listen.trim().is_empty() {
            let listen = &self.listen;
            wrong.push((
                "listen",
                format!(
                    "expected an address and a port, as in \"127.0.0.1:8080\", or \"\", found {listen:?}"
                ),
            ));
        }
        let is_local = address.is_none_or(|address| address.ip().to_canonical().is_loopback());
        if self.open_on_loopback && !is_local {
            let listen = &self.listen;
            wrong.push((
                "open_on_loopback",
                format!(
                    "is only for a server that other machines do not reach, and server.listen is {listen:?}"
                ),
            ));
        }
        if self.open_on_loopback && self.behind_proxy {
            let why = "cannot be beside behind_proxy: whoever asks the proxy would be an admin";
            wrong.push(("open_on_loopback", why.to_owned()));
        }
        if !TIMES.contains(&self.request_time.0) {
            wrong.push(("request_time", "must be from 1s to 10m".to_owned()));
        }
        if !self.ready_lag.0.is_zero() && self.ready_lag.0 < LEAST_LAG {
            wrong.push((
                "ready_lag",
                "must be 0s (no bound), or at least 30s: workers commit in batches".to_owned(),
            ));
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::assemble;

    fn wrong(change: impl FnOnce(&mut ServerSection)) -> Vec<(&'static str, String)> {
        let mut section = assemble(None, std::iter::empty()).unwrap().config.server;
        change(&mut section);
        section.wrong()
    }

    #[test]
    fn an_address_is_one_or_there_is_none() {
        for listen in ["", " ", "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:80", "127.0.0.1:0"] {
            assert_eq!(wrong(|section| section.listen = listen.to_owned()), [], "{listen:?}");
        }
        for listen in ["localhost:8080", "8080", ":8080", "127.0.0.1", "http://127.0.0.1:8080"] {
            let wrong = wrong(|section| section.listen = listen.to_owned());
            assert!(wrong[0].0 == "listen" && wrong[0].1.contains("as in \"127.0.0.1:8080\""), "{wrong:?}");
        }
    }

    #[test]
    fn nobody_is_an_admin_from_another_machine() {
        let open = |listen: &str, behind_proxy: bool| {
            let wrong = wrong(|section| {
                section.open_on_loopback = true;
                section.listen = listen.to_owned();
                section.behind_proxy = behind_proxy;
            });
            wrong.iter().map(|(key, _)| *key).collect::<Vec<_>>()
        };
        for listen in ["127.0.0.1:8080", "[::1]:8080", "[::ffff:127.0.0.1]:8080", ""] {
            assert_eq!(open(listen, false), [""; 0], "{listen}");
            assert_eq!(open(listen, true), ["open_on_loopback"], "{listen}");
        }
        for listen in ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:8080"] {
            assert_eq!(open(listen, false), ["open_on_loopback"], "{listen}");
        }
    }

    #[test]
    fn workers_may_be_late_without_a_bound_or_within_a_sound_one() {
        for (seconds, is_wrong) in [(0, false), (1, true), (29, true), (30, false), (86_400, false)] {
            let wrong = wrong(|section| section.ready_lag.0 = Duration::from_secs(seconds));
            assert_eq!(wrong.iter().any(|(key, _)| *key == "ready_lag"), is_wrong, "{seconds}");
        }
    }

    #[test]
    fn a_request_has_its_time() {
        for millis in [0, 999, 600_001] {
            let wrong = wrong(|section| section.request_time.0 = Duration::from_millis(millis));
            assert_eq!(wrong[0].0, "request_time");
        }
    }
}
