//! Where a request may go: the address is looked up, every answer is checked, and the connection is made to just those
//! that were checked. Whoever writes an address into the settings, or answers for its name, gets nothing inside.

mod range;

pub use range::{Range, range_of};

use async_trait::async_trait;
use ipnet::IpNet;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use url::Url;

/// Tells the addresses of a name.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// # Errors
    /// Where the name has none, or nobody could be asked.
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// The resolver of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((host, port)).await?.collect())
    }
}

/// The networks inside that a target names as its own (`allow_private`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allowed(Vec<IpNet>);

impl Allowed {
    /// Reads networks (`10.1.0.0/16`, `fd00::/8`) and single addresses.
    ///
    /// # Errors
    /// The first text that is neither.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, String> {
        let read = |text: &str| {
            let single = || text.parse::<IpAddr>().map(IpNet::from);
            text.parse::<IpNet>().or_else(|_| single()).map_err(|_| text.to_owned())
        };
        texts.into_iter().map(|text| read(text.trim())).collect::<Result<Vec<IpNet>, _>>().map(Self)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an address is named, by itself or as the IPv4 address that it stands for.
    #[must_use]
    pub fn names(&self, ip: IpAddr) -> bool {
        let plain = ip.to_canonical();
        self.0.iter().any(|net| net.contains(&ip) || net.contains(&plain))
    }

    /// Why an address must not be connected to; `None` where it may.
    #[must_use]
    pub fn refuses(&self, ip: IpAddr) -> Option<Range> {
        let range = range_of(ip)?;
        (!range.can_be_allowed() || !self.names(ip)).then_some(range)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    #[error("{host} could not be looked up")]
    Unresolved { host: String, source: io::Error },
    #[error("{host} has no address")]
    NoAddress { host: String },
    #[error(
        "{host} is at {ip}, {range}: nothing is sent there{}",
        if range.can_be_allowed() { " unless allow_private of the target names that address or its network" } else { "" }
    )]
    Refused { host: String, ip: IpAddr, range: Range },
    #[error(
        "{host} is not inside, and beyond the own network only https is spoken: write https:// in its url"
    )]
    Plain { host: String },
}

/// A target's way out.
#[derive(Clone)]
pub struct Reach {
    resolver: Arc<dyn Resolve>,
    allowed: Allowed,
}

impl Reach {
    #[must_use]
    pub fn new(resolver: Arc<dyn Resolve>, allowed: Allowed) -> Self {
        Self { resolver, allowed }
    }

    #[must_use]
    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// The addresses of a host as they are now, all of them checked: where one is refused, so is the host, since a name
    /// that answers with both is up to something. `host` is a name or an address without brackets.
    ///
    /// # Errors
    /// [`AddressError`].
    pub async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, AddressError> {
        let addresses = match host.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => {
                let answer = self.resolver.resolve(host, port).await;
                answer.map_err(|source| AddressError::Unresolved { host: host.to_owned(), source })?
            }
        };
        if addresses.is_empty() {
            return Err(AddressError::NoAddress { host: host.to_owned() });
        }
        for address in &addresses {
            if let Some(range) = self.allowed.refuses(address.ip()) {
                return Err(AddressError::Refused { host: host.to_owned(), ip: address.ip(), range });
            }
        }
        Ok(addresses)
    }
}

/// The text is no address that anything is sent to. Nothing of it is repeated here: such an address is often a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    #[error("it is not an address such as https://example.com/hook")]
    Form,
    #[error("it must begin with https:// (http:// is for addresses inside that allow_private names)")]
    Scheme,
    #[error("it must hold no name or password before the host: give them as settings of their own")]
    Credentials,
    #[error("it must not hold a part after #")]
    Fragment,
    #[error("it leads to an address inside that allow_private does not name")]
    Inside,
}

/// Reads an address that a target posts to.
///
/// # Errors
/// [`BadUrl`], which holds nothing of the text.
pub fn web_address(text: &str, allowed: &Allowed) -> Result<Url, BadUrl> {
    let url = Url::parse(text.trim()).map_err(|_| BadUrl::Form)?;
    match url.scheme() {
        "https" => {}
        "http" if !allowed.is_empty() => {}
        _ => return Err(BadUrl::Scheme),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadUrl::Credentials);
    }
    if url.fragment().is_some() {
        return Err(BadUrl::Fragment);
    }
    let ip = match url.host() {
        Some(url::Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(url::Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        Some(url::Host::Domain(_)) => None,
        None => return Err(BadUrl::Form),
    };
    if ip.is_some_and(|ip| allowed.refuses(ip).is_some()) {
        return Err(BadUrl::Inside);
    }
    Ok(url)
}

#[cfg(test)]
mod tests;
