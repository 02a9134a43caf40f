//! A stub's end of a connection, in the clear or encrypted.

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;

pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub type Wire = Box<dyn Stream>;

/// `None` where the other side does not want what it is shown.
pub async fn encrypted(wire: Wire, acceptor: &TlsAcceptor) -> Option<Wire> {
    let stream = acceptor.accept(wire).await.ok()?;
    Some(Box::new(stream))
}
