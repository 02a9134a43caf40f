//! One client for each target: addresses checked and pinned, no redirects, no proxy, bounded in time and in what is read.

use super::answer::{Answer, retry_after};
use crate::address::{AddressError, Reach};
use crate::error::{SendError, chain};
use crate::secret::Mask;
use crate::target::Target;
use feedback::time::Timestamp;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, Url, redirect::Policy};
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Bytes of an answer that are read; the rest is of no interest.
const LONGEST_ANSWER: usize = 64 << 10;

pub struct Http {
    url: Url,
    /// Without the brackets of an IPv6 address.
    host: String,
    port: u16,
    reach: Reach,
    roots: Vec<Certificate>,
    /// Name and password, sent with every request.
    login: Option<(String, String)>,
    timeout: Duration,
    /// What an answer that repeats it must not bring into an error.
    mask: Mask,
    pinned: Mutex<Option<Pinned>>,
}

/// A client, and the only addresses that it knows.
struct Pinned {
    addresses: Vec<SocketAddr>,
    client: Client,
}

impl Http {
    /// `url` was read by [`crate::address::web_address`]; of an answer neither it nor what is `masked` gets any further.
    ///
    /// # Errors
    /// A sentence, where the address has no host or its port is unknown.
    pub fn new(
        url: Url,
        target: &Target,
        reach: Reach,
        roots: Vec<Certificate>,
        mut masked: Vec<String>,
    ) -> Result<Self, String> {
        let host = url.host_str().map(|host| host.trim_matches(['[', ']']).to_owned());
        let (Some(host), Some(port)) = (host, url.port_or_known_default()) else {
            return Err("its url names no host".to_owned());
        };
        // The whole of what stands behind the host, and each part of it, which may be the key by itself.
        let query = url.query().unwrap_or_default();
        masked.extend([url.path(), query].map(str::to_owned));
        masked.extend(url.path().split('/').chain(query.split(['&', '='])).map(str::to_owned));
        let (login, timeout, pinned) = (None, target.timeout, Mutex::default());
        Ok(Self { url, host, port, reach, roots, login, timeout, mask: Mask::new(masked), pinned })
    }

    #[must_use]
    pub fn with_login(mut self, user: String, password: String) -> Self {
        self.login = Some((user, password));
        self
    }

    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The address of the target itself.
    #[must_use]
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// Posts JSON and gives the answer back, whatever it is. `url` is on the target's own host.
    ///
    /// # Errors
    /// [`SendError`] where there is no answer.
    pub async fn post(
        &self,
        url: Url,
        headers: HeaderMap,
        body: String,
        now: Timestamp,
    ) -> Result<Answer, SendError> {
        // The look-up of the name counts as well, so that the time is measured around all of it.
        let posted = tokio::time::timeout(self.timeout, self.posted(url, headers, body, now)).await;
        posted.unwrap_or_else(|_| Err(self.timed_out()))
    }

    async fn posted(
        &self,
        url: Url,
        headers: HeaderMap,
        body: String,
        now: Timestamp,
    ) -> Result<Answer, SendError> {
        let client = self.client().await?;
        let mut request =
            client.post(url).headers(headers).header(CONTENT_TYPE, "application/json").body(body);
        if let Some((user, password)) = &self.login {
            request = request.basic_auth(user, Some(password));
        }
        let mut response = request.send().await.map_err(|error| self.broken(error))?;
        let status = response.status().as_u16();
        let after = retry_after(response.headers(), now);
        let mut read: Vec<u8> = Vec::new();
        // What cuts the body off takes nothing back of what the status said.
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = LONGEST_ANSWER - read.len();
            read.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if read.len() == LONGEST_ANSWER {
                break;
            }
        }
        Ok(Answer { status, after, body: self.mask.hide(String::from_utf8_lossy(&read).into_owned()) })
    }

    /// The client for the addresses that the name has now. All of them are checked, and it connects to no other.
    async fn client(&self) -> Result<Client, SendError> {
        let addresses = self.reach.addresses(&self.host, self.port).await?;
        if self.url.scheme() != "https" && !addresses.iter().all(|at| self.reach.allowed().names(at.ip())) {
            return Err(AddressError::Plain { host: self.host.clone() }.into());
        }
        // Resolvers answer in another order each time.
        let mut sorted = addresses.clone();
        sorted.sort_unstable();
        let mut pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pinned) = pinned.as_ref().filter(|pinned| pinned.addresses == sorted) {
            return Ok(pinned.client.clone());
        }
        let client = self.build(&addresses)?;
        *pinned = Some(Pinned { addresses: sorted, client: client.clone() });
        Ok(client)
    }

    fn build(&self, addresses: &[SocketAddr]) -> Result<Client, SendError> {
        let mut builder = Client::builder()
            .user_agent(concat!("verbatim/", env!("CARGO_PKG_VERSION")))
            .use_rustls_tls()
            .https_only(self.url.scheme() == "https")
            // A proxy would look the name up by itself, and a redirect leads to where nobody has looked.
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .timeout(self.timeout)
            .connect_timeout(self.timeout)
            .pool_max_idle_per_host(1)
            .dns_resolver(Arc::new(Nobody))
            .resolve_to_addrs(&self.host, addresses);
        for root in &self.roots {
            builder = builder.add_root_certificate(root.clone());
        }
        let unusable = |error: reqwest::Error| SendError::Settings { reason: chain(&error.without_url()) };
        builder.build().map_err(unusable)
    }

    /// Why there is no answer. An error's own address is taken out: it may be a key.
    fn broken(&self, error: reqwest::Error) -> SendError {
        if error.is_timeout() {
            return self.timed_out();
        }
        let settings = error.is_builder();
        let reason = self.mask.hide(chain(&error.without_url()));
        if settings {
            SendError::Settings { reason }
        } else {
            SendError::Connection { host: self.host.clone(), reason }
        }
    }

    fn timed_out(&self) -> SendError {
        SendError::Timeout { host: self.host.clone(), seconds: self.timeout.as_secs().max(1) }
    }
}

/// Whom a client asks for names beyond the one that was checked.
struct Nobody;

impl Resolve for Nobody {
    fn resolve(&self, _: Name) -> Resolving {
        let answer: Result<Addrs, Box<dyn Error + Send + Sync>> = Err("no such name was checked".into());
        Box::pin(std::future::ready(answer))
    }
}

/// Headers, of which the second part is hexadecimal, a number or such.
///
/// # Errors
/// [`SendError::Settings`] where one cannot be a header.
pub fn headers<const N: usize>(pairs: [(&'static str, String); N]) -> Result<HeaderMap, SendError> {
    let mut headers = HeaderMap::with_capacity(N + 1);
    for (name, value) in pairs {
        let value = HeaderValue::from_str(&value);
        let value =
            value.map_err(|_| SendError::Settings { reason: format!("the header {name} cannot be made") })?;
        headers.insert(HeaderName::from_static(name), value);
    }
    Ok(headers)
}
