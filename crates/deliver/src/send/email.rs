//! Mail by SMTP. Nothing is said, neither who nor what, before the connection is encrypted and the certificate checked;
//! only a server on this machine may be spoken to in the clear.
//!
//! A mail is one for all of its recipients. Whom the server refuses keeps no other from getting it: that is told as
//! [`SendError::Partly`], and the next attempt, if there is one, asks only for those who have it not.

mod transaction;

use super::clear::Clear;
use super::{Channel, Parcel, Receipt};
use crate::address::Reach;
use crate::clean;
use crate::error::{SendError, chain};
use crate::note::Note;
use crate::render::email::{Mail, mail};
use crate::said::{LONGEST, kept};
use crate::secret::{Mask, spellings};
use crate::sign::name_of;
use crate::target::{Email, Target, Tls};
use async_trait::async_trait;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};
use transaction::Failure;

/// What the library says where a server ended before its answer did.
const INCOMPLETE: &str = "response error: incomplete response";
/// How long a server may take over the farewell.
const FAREWELL: Duration = Duration::from_secs(2);

/// Places, from 0, of the recipients whom the server refused, each with why.
type Refused = Vec<(usize, SendError)>;

pub struct Mailer {
    settings: Email,
    login: Option<Credentials>,
    /// What a server that repeats it must not bring into an error.
    mask: Mask,
    security: Security,
    hello: ClientId,
    reach: Reach,
    timeout: Duration,
    largest: usize,
}

/// What [`Tls`] needs to be done.
enum Security {
    Starttls(TlsParameters),
    Wrapped(TlsParameters),
    None,
}

impl Mailer {
    /// `certificate` is one in PEM that is trusted beside those of the system.
    ///
    /// # Errors
    /// A sentence, where the certificates cannot be used.
    pub fn new(
        target: &Target,
        settings: &Email,
        password: Option<String>,
        reach: Reach,
        certificate: Option<&[u8]>,
    ) -> Result<Self, String> {
        let parameters = || -> Result<TlsParameters, smtp::Error> {
            // The name is what the certificate has to be of; the connection itself goes to a checked address.
            let mut builder = TlsParameters::builder(settings.server.clone());
            if let Some(pem) = certificate {
                builder = builder.add_root_certificate(Certificate::from_pem(pem)?);
            }
            builder.build()
        };
        let failed = |error: smtp::Error| format!("TLS cannot be used: {}", chain(&error));
        let security = match settings.tls {
            Tls::Starttls => Security::Starttls(parameters().map_err(failed)?),
            Tls::Wrapped => Security::Wrapped(parameters().map_err(failed)?),
            Tls::None => Security::None,
        };
        let people = settings.to.iter().chain([&settings.from]).map(|mailbox| mailbox.email.to_string());
        let login = settings.login.as_ref().zip(password);
        let secrets = login.as_ref().map(|(login, password)| spellings(&login.user, password));
        let mask = Mask::new(secrets.into_iter().flatten().chain(people));
        let login = login.map(|(login, password)| Credentials::new(login.user.clone(), password));
        let hello = ClientId::Domain(settings.from.email.domain().to_owned());
        let (timeout, largest) = (target.timeout, target.largest);
        Ok(Self { settings: settings.clone(), login, mask, security, hello, reach, timeout, largest })
    }

    /// The mail as it goes out: the same for every attempt, but for the boundary between its parts.
    fn message(&self, parcel: &Parcel<'_>, mail: Mail) -> Result<Message, SendError> {
        let domain = self.settings.from.email.domain();
        let micros = u64::try_from(parcel.queued.0).unwrap_or(0);
        let mut builder = Message::builder()
            .from(self.settings.from.clone())
            .subject(mail.subject)
            .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(format!("<{}@{domain}>", parcel.key)))
            .header(AutoSubmitted);
        for to in &self.settings.to {
            builder = builder.to(to.clone());
        }
        if !parcel.note.group.is_empty() {
            // A mail that nobody got begins the thread, so that all of a group stand in one.
            let thread = format!("<{}@{domain}>", name_of(&["thread", &parcel.note.group]));
            builder = builder.in_reply_to(thread.clone()).references(thread);
        }
        let parts = MultiPart::alternative_plain_html(mail.text, mail.html);
        builder.multipart(parts).map_err(|error| SendError::Settings { reason: chain(&error) })
    }

    /// Hands it over for the recipients at these places. The connection comes back, to take leave on.
    async fn hand_over(
        &self,
        message: &Message,
        places: &[usize],
    ) -> Result<(Refused, AsyncSmtpConnection), SendError> {
        let addresses = self.reach.addresses(&self.settings.server, self.settings.port).await?;
        let here = || addresses.iter().all(|at| at.ip().to_canonical().is_loopback());
        if matches!(self.security, Security::None) && !here() {
            let reason = "mail goes in the clear only to a server on this machine".to_owned();
            return Err(SendError::Settings { reason });
        }
        let mut connection = self.connection(&addresses).await?;
        let broken = |error: smtp::Error| self.broken(&error);
        if let Some(login) = &self.login {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], login).await.map_err(broken)?;
        }
        let people: Vec<Address> = places.iter().map(|at| self.settings.to[*at].email.clone()).collect();
        let from = &self.settings.from.email;
        match transaction::hand_over(&mut connection, from, &people, &message.formatted()).await {
            Ok(refused) => {
                let refused = refused.iter().map(|(at, failure)| (places[*at], self.failed(failure)));
                Ok((refused.collect(), connection))
            }
            Err(failure) => {
                connection.abort().await;
                Err(self.failed(&failure))
            }
        }
    }

    /// The places of those who have it not by an earlier attempt.
    fn without(&self, taken: &[String]) -> Vec<usize> {
        let people = self.settings.to.iter().enumerate();
        people.filter(|(_, mailbox)| !taken.contains(&mark(mailbox))).map(|(at, _)| at).collect()
    }

    /// Whether everybody has it now. Who is to come again later has another attempt, without those who have it.
    fn judged(&self, asked: &[usize], refused: Refused) -> Result<Receipt, SendError> {
        let missing: Vec<usize> = refused.iter().map(|(at, _)| *at).collect();
        let telling = refused.iter().position(|(_, error)| error.is_retryable()).unwrap_or(0);
        let Some((_, error)) = refused.into_iter().nth(telling) else { return Ok(Receipt::default()) };
        let of = self.settings.to.len();
        if missing.len() == of {
            return Err(error);
        }
        let have = asked.iter().filter(|at| !missing.contains(at));
        let taken = have.map(|at| mark(&self.settings.to[*at])).collect();
        let refused = missing.iter().map(|at| at + 1).collect();
        Err(SendError::Partly { taken, of, refused, error: Box::new(error) })
    }

    /// A connection on which everything may be said that is to be said, to a server that has greeted.
    async fn connection(&self, addresses: &[SocketAddr]) -> Result<AsyncSmtpConnection, SendError> {
        let broken = |error: smtp::Error| self.broken(&error);
        let (limit, hello) = (Some(self.timeout), &self.hello);
        let wrapped = match &self.security {
            Security::Starttls(parameters) => {
                let stream = Clear::connect(addresses).await.map_err(|error| self.unreached(&error))?;
                let connected = AsyncSmtpConnection::connect_with_transport(Box::new(stream), hello).await;
                let mut connection = connected.map_err(broken)?;
                connection.starttls(parameters.clone(), hello).await.map_err(broken)?;
                return Ok(connection);
            }
            Security::Wrapped(parameters) => Some(parameters.clone()),
            Security::None => None,
        };
        let connected = AsyncSmtpConnection::connect_tokio1(addresses, limit, hello, wrapped, None).await;
        connected.map_err(broken)
    }

    fn unreached(&self, error: &io::Error) -> SendError {
        match error.kind() {
            io::ErrorKind::TimedOut => self.timed_out(),
            _ => SendError::Connection { host: self.settings.server.clone(), reason: error.to_string() },
        }
    }

    fn failed(&self, failure: &Failure) -> SendError {
        match failure {
            Failure::Answer(error) => self.broken(error),
            Failure::Lacks(what) => {
                SendError::Settings { reason: format!("{}: {what}", self.settings.server) }
            }
        }
    }

    fn broken(&self, error: &smtp::Error) -> SendError {
        let host = self.settings.server.clone();
        let said = clean::line(&self.mask.hide(chain(error)));
        let status = error.status().and_then(|code| code.to_string().parse::<u16>().ok());
        match status {
            Some(status) if error.is_permanent() => SendError::Refused { host, status, said },
            Some(status) if error.is_transient() => SendError::Busy { host, status, after: None, said },
            // It cannot do what is asked of it: no encryption, no way to log in.
            _ if error.is_client() => SendError::Settings { reason: format!("{host}: {said}") },
            _ if error.is_timeout() => self.timed_out(),
            // In these the library repeats what it could not understand.
            _ if error.is_response() && said != INCOMPLETE => {
                SendError::Connection { host, reason: "it does not answer as a mail server does".to_owned() }
            }
            _ => SendError::Connection { host, reason: clean::cut(&said, LONGEST) },
        }
    }

    fn timed_out(&self) -> SendError {
        SendError::Timeout { host: self.settings.server.clone(), seconds: self.timeout.as_secs().max(1) }
    }
}

#[async_trait]
impl Channel for Mailer {
    async fn send(&self, parcel: &Parcel<'_>) -> Result<Receipt, SendError> {
        let asked = self.without(parcel.taken);
        if asked.is_empty() {
            return Ok(Receipt::default());
        }
        let message = self.message(parcel, mail(parcel.note, self.largest)?)?;
        let handed = tokio::time::timeout(self.timeout, self.hand_over(&message, &asked)).await;
        let handed = handed.unwrap_or_else(|_| Err(self.timed_out()));
        let (refused, mut connection) = handed.map_err(|error| without_echo(error, parcel.note))?;
        // It is theirs now: how they take the farewell makes no difference, and must not lead to another mail.
        let _ = tokio::time::timeout(FAREWELL.min(self.timeout), connection.quit()).await;
        let refused = refused.into_iter().map(|(at, error)| (at, without_echo(error, parcel.note)));
        self.judged(&asked, refused.collect())
    }
}

/// Stands for a recipient in what is kept, where no address belongs.
fn mark(mailbox: &Mailbox) -> String {
    name_of(&["recipient", mailbox.email.as_ref()])
}

/// The error with as much of the server's words as may be kept.
fn without_echo(error: SendError, note: &Note) -> SendError {
    match error {
        SendError::Busy { host, status, after, said } => {
            SendError::Busy { host, status, after, said: kept(&said, note) }
        }
        SendError::Refused { host, status, said } => {
            SendError::Refused { host, status, said: kept(&said, note) }
        }
        other => other,
    }
}

/// Keeps those who are away from answering (RFC 3834).
#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
