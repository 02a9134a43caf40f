//! A mail server that keeps what it is given.

use super::wire::{Wire, encrypted};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Takes,
    /// Takes the mail and closes without a word of farewell.
    HangsUp,
    /// Takes the mail and closes without saying so.
    Cuts,
    /// Says nothing at all.
    Hangs,
    /// Takes the mail and never answers the farewell.
    Lingers,
    /// Answers so to every recipient.
    Refuses(&'static str),
    /// Answers so to recipients whose address holds this, and takes all others.
    RefusesSome(&'static str, &'static str),
    /// The same the first time that each of them is named; later it takes them.
    DelaysSome(&'static str, &'static str),
    /// Repeats the login that it refuses.
    RefusesLogins,
}

/// How its connections get encrypted.
#[derive(Clone)]
pub enum Cover {
    /// Not at all.
    None,
    /// From the first byte.
    Wrapped(TlsAcceptor),
    /// It offers STARTTLS and answers it so; where that begins with a go-ahead, the handshake follows.
    Starttls(TlsAcceptor, &'static str),
}

#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// All of them, with what was sent ahead of a handshake.
    pub commands: Vec<String>,
    /// Those among them that came in the clear.
    pub clear: Vec<String>,
    pub mails: Vec<Vec<u8>>,
}

pub struct Stub {
    pub address: SocketAddr,
    heard: Arc<Mutex<Heard>>,
}

impl Stub {
    pub async fn start(manner: Manner) -> Self {
        Self::covered(manner, Cover::None).await
    }

    pub async fn covered(manner: Manner, cover: Cover) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let hearing = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let wire: Wire = Box::new(stream);
                let (stream, cover, heard) = (BufReader::new(wire), cover.clone(), Arc::clone(&hearing));
                tokio::spawn(Session { stream, encrypted: false, manner, cover, heard }.run());
            }
        });
        Self { address, heard }
    }

    pub fn heard(&self) -> Heard {
        self.heard.lock().unwrap().clone()
    }
}

/// One connection; `None` from any of its functions is the end of it.
struct Session {
    stream: BufReader<Wire>,
    encrypted: bool,
    manner: Manner,
    cover: Cover,
    heard: Arc<Mutex<Heard>>,
}

impl Session {
    async fn run(mut self) -> Option<()> {
        if self.manner == Manner::Hangs {
            tokio::time::sleep(Duration::from_secs(60)).await;
            return None;
        }
        if let Cover::Wrapped(acceptor) = self.cover.clone() {
            self = self.encrypt(&acceptor).await?;
        }
        self.say("220 stub ESMTP").await?;
        loop {
            let line = self.command().await?;
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match (verb.as_str(), self.manner) {
                ("EHLO", _) => self.say(self.offers()).await?,
                ("STARTTLS", _) => self = self.starttls().await?,
                ("AUTH", Manner::RefusesLogins) => self.say(&format!("535 5.7.8 no: {line}")).await?,
                ("AUTH", _) => self.say("235 welcome").await?,
                ("RCPT", Manner::Refuses(words)) => self.say(words).await?,
                ("RCPT", Manner::RefusesSome(who, words)) if line.contains(who) => self.say(words).await?,
                ("RCPT", Manner::DelaysSome(who, words)) if line.contains(who) && self.times(&line) == 1 => {
                    self.say(words).await?;
                }
                ("MAIL" | "RCPT", _) => self.say("250 ok").await?,
                ("DATA", manner) => {
                    self.say("354 go on").await?;
                    let mail = self.data().await?;
                    self.heard.lock().unwrap().mails.push(mail);
                    if manner == Manner::Cuts {
                        return None;
                    }
                    self.say("250 queued").await?;
                    if manner == Manner::HangsUp {
                        return None;
                    }
                }
                ("QUIT", Manner::Lingers) => {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                    return None;
                }
                ("QUIT", _) => {
                    self.say("221 bye").await?;
                    return None;
                }
                _ => self.say("502 what?").await?,
            }
        }
    }

    /// A login at any time, to see who would be led to give it in the clear.
    fn offers(&self) -> &'static str {
        match self.cover {
            Cover::Starttls(..) if !self.encrypted => {
                "250-stub\r\n250-8BITMIME\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN"
            }
            _ => "250-stub\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
        }
    }

    async fn starttls(mut self) -> Option<Self> {
        let Cover::Starttls(acceptor, answer) = self.cover.clone() else {
            self.say("502 what?").await?;
            return Some(self);
        };
        self.say(answer).await?;
        if answer.starts_with("220") { self.encrypt(&acceptor).await } else { Some(self) }
    }

    async fn encrypt(mut self, acceptor: &TlsAcceptor) -> Option<Self> {
        let ahead = String::from_utf8_lossy(self.stream.buffer()).into_owned();
        if !ahead.is_empty() {
            self.note(ahead);
        }
        self.stream = BufReader::new(encrypted(self.stream.into_inner(), acceptor).await?);
        self.encrypted = true;
        Some(self)
    }

    /// The next one, which is noted.
    async fn command(&mut self) -> Option<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let command = line.trim_end().to_owned();
        self.note(command.clone());
        Some(command)
    }

    /// How often a command was given, on any connection.
    fn times(&self, command: &str) -> usize {
        self.heard.lock().unwrap().commands.iter().filter(|heard| *heard == command).count()
    }

    fn note(&self, words: String) {
        let mut heard = self.heard.lock().unwrap();
        if !self.encrypted {
            heard.clear.push(words.clone());
        }
        heard.commands.push(words);
    }

    /// In one piece, whatever it holds.
    async fn say(&mut self, words: &str) -> Option<()> {
        self.stream.write_all(format!("{words}\r\n").as_bytes()).await.ok()?;
        self.stream.flush().await.ok()
    }

    /// Until the line that is a dot; dots that were doubled are one again.
    async fn data(&mut self) -> Option<Vec<u8>> {
        let mut mail = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.stream.read_until(b'\n', &mut line).await.ok()? == 0 {
                return None;
            }
            if line == b".\r\n" {
                return Some(mail);
            }
            mail.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }
}
