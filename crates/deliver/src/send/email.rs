//! Mail by SMTP. Nothing is said, neither who nor what, before the connection is encrypted and the certificate checked;
//! only a server on this machine may be spoken to in the clear.

use super::{Channel, Parcel, Receipt};
use crate::address::Reach;
use crate::clean;
use crate::error::{SendError, chain};
use crate::render::email::{Mail, mail};
use crate::secret::Mask;
use crate::sign::name_of;
use crate::target::{Email, Target, Tls};
use async_trait::async_trait;
use lettre::Message;
use lettre::message::MultiPart;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use std::time::{Duration, SystemTime};

/// Characters of a server's words that an error repeats.
const LONGEST_SAID: usize = 200;

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
        let mask = Mask::new(password.clone());
        let login = settings.login.as_ref().zip(password);
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

    async fn hand_over(&self, message: &Message) -> Result<(), SendError> {
        let addresses = self.reach.addresses(&self.settings.server, self.settings.port).await?;
        let wrapped = match &self.security {
            Security::Wrapped(parameters) => Some(parameters.clone()),
            Security::Starttls(_) => None,
            Security::None if addresses.iter().all(|at| at.ip().to_canonical().is_loopback()) => None,
            Security::None => {
                let reason = "mail goes in the clear only to a server on this machine".to_owned();
                return Err(SendError::Settings { reason });
            }
        };
        let broken = |error: smtp::Error| self.broken(&error);
        let (limit, hello) = (Some(self.timeout), &self.hello);
        let connected =
            AsyncSmtpConnection::connect_tokio1(&addresses[..], limit, hello, wrapped, None).await;
        let mut connection = connected.map_err(broken)?;
        if let Security::Starttls(parameters) = &self.security {
            connection.starttls(parameters.clone(), hello).await.map_err(broken)?;
        }
        if let Some(login) = &self.login {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], login).await.map_err(broken)?;
        }
        connection.send(message.envelope(), &message.formatted()).await.map_err(broken)?;
        // It is theirs now: how they take the farewell makes no difference, and must not lead to another mail.
        let _ = connection.quit().await;
        Ok(())
    }

    fn broken(&self, error: &smtp::Error) -> SendError {
        let host = self.settings.server.clone();
        let said = clean::cut(&clean::line(&self.mask.hide(chain(error))), LONGEST_SAID);
        let status = error.status().and_then(|code| code.to_string().parse::<u16>().ok());
        match status {
            Some(status) if error.is_permanent() => SendError::Refused { host, status, said },
            Some(status) if error.is_transient() => SendError::Busy { host, status, after: None, said },
            // It cannot do what is asked of it: no encryption, no way to log in.
            _ if error.is_client() => SendError::Settings { reason: format!("{host}: {said}") },
            _ if error.is_timeout() => self.timed_out(),
            _ => SendError::Connection { host, reason: said },
        }
    }

    fn timed_out(&self) -> SendError {
        SendError::Timeout { host: self.settings.server.clone(), seconds: self.timeout.as_secs().max(1) }
    }
}

#[async_trait]
impl Channel for Mailer {
    async fn send(&self, parcel: &Parcel<'_>) -> Result<Receipt, SendError> {
        let message = self.message(parcel, mail(parcel.note, self.largest)?)?;
        let handed = tokio::time::timeout(self.timeout, self.hand_over(&message)).await;
        handed.unwrap_or_else(|_| Err(self.timed_out()))?;
        Ok(Receipt::default())
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
