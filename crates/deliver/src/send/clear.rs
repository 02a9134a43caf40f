//! A connection that begins in the clear and gets encrypted later, as by STARTTLS.
//!
//! Whoever is on the way can put words of its own behind the server's go-ahead. A reader that has taken them in by then
//! gives them out after the handshake, as if they had come encrypted from the server: that a mail was taken, say, which
//! never got there. So nothing is read ahead here: until the encryption begins a reader gets one byte at a time, and what
//! was slipped in is left for the handshake, which fails on it.

use lettre::transport::smtp::client::AsyncTokioStream;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What a handshake begins with (the record's type, RFC 8446, section 5.1). A command of SMTP begins with a letter.
const HANDSHAKE: u8 = 22;

#[derive(Debug)]
pub struct Clear {
    stream: TcpStream,
    /// Whether the handshake has begun.
    encrypted: bool,
}

impl Clear {
    /// To the first of the addresses that answers.
    ///
    /// # Errors
    /// Of the last one that did not, where none does.
    pub async fn connect(addresses: &[SocketAddr]) -> io::Result<Self> {
        Ok(Self { stream: TcpStream::connect(addresses).await?, encrypted: false })
    }
}

impl AsyncRead for Clear {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.encrypted || buf.remaining() == 0 {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        let mut byte = [0; 1];
        let mut one = ReadBuf::new(&mut byte);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut one))?;
        buf.put_slice(one.filled());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Clear {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if buf.first() == Some(&HANDSHAKE) {
            self.encrypted = true;
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Clear {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn nothing_is_read_ahead_before_the_handshake() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut clear = Clear::connect(&[listener.local_addr().unwrap()]).await.unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        server.write_all(b"220 go\r\nmore").await.unwrap();
        let mut buffer = [0; 64];
        for byte in b"220 go\r\n" {
            assert_eq!(clear.read(&mut buffer).await.unwrap(), 1);
            assert_eq!(buffer[0], *byte);
        }
        // A command changes nothing about that; the first record of a handshake does.
        clear.write_all(b"NOOP\r\n").await.unwrap();
        assert_eq!(clear.read(&mut buffer).await.unwrap(), 1);
        clear.write_all(&[HANDSHAKE, 3, 1]).await.unwrap();
        assert_eq!(clear.read(&mut buffer).await.unwrap(), 3);
        assert_eq!(buffer[..3], *b"ore");
    }
}
