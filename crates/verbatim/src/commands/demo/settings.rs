//! The settings of a demo: the user's analysis, rules and limits, and all else its own.

use super::place::Place;
use crate::config::{Config, Destination, Secret, ServerSection};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;

/// The demo's own place, key and broker; what it makes is served to this machine alone, and none of it leaves.
pub fn settle(config: &mut Config, place: &Place) {
    config.store.path = place.tables();
    config.privacy.key = Secret::default();
    config.privacy.key_file = place.key();
    config.kafka.properties.clear();
    config.kafka.vendors.clear();
    config.vendors.clear();
    config.gateway.into = Destination::Store;
    for topic in [&mut config.triage.topic, &mut config.cases.topic] {
        topic.clear();
    }
    for names in [&mut config.cases.to, &mut config.alerts.to, &mut config.digest.to] {
        names.clear();
    }
    // They speak of the user's topics.
    "none".clone_into(&mut config.digest.targets);
    "none".clone_into(&mut config.deliver.file);
    config.dashboard.address.clear();
    open(&mut config.server);
}

/// Whoever asks from this machine may look and try: there is nobody's feedback in it.
fn open(server: &mut ServerSection) {
    server.tokens = PathBuf::new();
    server.behind_proxy = false;
    server.open_on_loopback = true;
    server.listen = free(server.address()).to_string();
}

/// The configured address where it is this machine's own and nobody listens there, otherwise any port that is free.
fn free(configured: Option<SocketAddr>) -> SocketAddr {
    let own = configured.filter(|address| address.ip().is_loopback());
    let free = own.filter(|address| TcpListener::bind(address).is_ok());
    free.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::assemble;
    use std::path::Path;

    #[test]
    fn a_demo_keeps_to_itself_and_to_this_machine() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::prepare(dir.path()).unwrap();
        let file = "[server]\nlisten = \"0.0.0.0:0\"\nbehind_proxy = true\n[deliver]\nfile = \"mine.toml\"\n\
                    [alerts]\nto = [\"desk\"]\n[gateway]\ninto = \"kafka\"\n[limits]\ntext = 5000\n\
                    [vendors.zendesk]\nsecret = \"env:NOT_SET\"\n[triage]\ntopic = \"told\"\n";
        let mut config = assemble(Some((Path::new("my.toml"), file)), std::iter::empty()).unwrap().config;
        settle(&mut config, &place);
        assert_eq!(config.server.listen, "127.0.0.1:0");
        assert!(config.server.open_on_loopback && !config.server.behind_proxy);
        assert_eq!(config.gateway.into, Destination::Store);
        assert_eq!((config.deliver.file.as_str(), config.triage.topic.as_str()), ("none", ""));
        assert!(config.alerts.to.is_empty() && config.vendors.is_empty());
        assert_eq!(config.store.path, place.tables());
        assert_eq!(config.limits.text, 5000, "the limits are the user's");
    }

    #[test]
    fn a_port_that_somebody_has_is_not_asked_for() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        assert_eq!(free(Some(address)).port(), 0);
        drop(taken);
        assert_eq!(free(Some(address)), address);
        assert_eq!(free(None).to_string(), "127.0.0.1:0");
    }
}
