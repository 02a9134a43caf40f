//! One mail for several people on one connection, recipient by recipient. The library's own way ends at the first one who
//! is refused, so that nobody gets it.

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};

const NO_UTF8: &str = "it takes no address beyond ASCII (SMTPUTF8)";
const NO_8BIT: &str = "it takes no mail beyond ASCII (8BITMIME)";

/// Why a server does not take something.
#[derive(Debug)]
pub enum Failure {
    /// It said so, or said nothing that can be understood.
    Answer(Error),
    /// It cannot do what that needs, and was not asked.
    Lacks(&'static str),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Answer(error)
    }
}

/// Hands a mail over to all of these whom the server takes it for. Those whom it refuses are told by their places, each
/// with why; where it refuses all of them it gets no mail.
///
/// # Errors
/// [`Failure`] that is of nobody alone: nobody has it, unless the connection ended before the server said so.
pub async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    from: &Address,
    to: &[Address],
    mail: &[u8],
) -> Result<Vec<(usize, Failure)>, Failure> {
    let parameters = parameters(connection, from, to, mail)?;
    connection.command(Mail::new(Some(from.clone()), parameters)).await?;
    let mut refused = Vec::new();
    for (at, address) in to.iter().enumerate() {
        if !is_ascii(address) && !has(connection, Extension::SmtpUtfEight) {
            refused.push((at, Failure::Lacks(NO_UTF8)));
            continue;
        }
        match connection.command(Rcpt::new(address.clone(), Vec::new())).await {
            Ok(_) => {}
            // An answer is of this one alone.
            Err(error) if error.status().is_some() => refused.push((at, Failure::Answer(error))),
            Err(error) => return Err(error.into()),
        }
    }
    if refused.len() < to.len() {
        connection.command(Data).await?;
        connection.message(mail).await?;
    }
    Ok(refused)
}

/// What is to be said ahead of the mail (RFC 6531 and RFC 6152).
fn parameters(
    connection: &AsyncSmtpConnection,
    from: &Address,
    to: &[Address],
    mail: &[u8],
) -> Result<Vec<MailParameter>, Failure> {
    let mut parameters = Vec::new();
    if has(connection, Extension::SmtpUtfEight) {
        if !to.iter().chain([from]).all(is_ascii) {
            parameters.push(MailParameter::SmtpUtfEight);
        }
    } else if !is_ascii(from) {
        return Err(Failure::Lacks(NO_UTF8));
    }
    if !mail.is_ascii() {
        if !has(connection, Extension::EightBitMime) {
            return Err(Failure::Lacks(NO_8BIT));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

fn has(connection: &AsyncSmtpConnection, extension: Extension) -> bool {
    connection.server_info().supports_feature(extension)
}

fn is_ascii(address: &Address) -> bool {
    AsRef::<str>::as_ref(address).is_ascii()
}
