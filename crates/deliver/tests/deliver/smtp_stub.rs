//! A mail server that keeps what it is given.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Takes,
    /// Takes the mail and closes without a word of farewell.
    HangsUp,
    /// Takes the mail and closes without saying so.
    Cuts,
    /// Says nothing at all.
    Hangs,
    /// Answers so to every recipient.
    Refuses(&'static str),
}

#[derive(Debug, Clone, Default)]
pub struct Heard {
    pub commands: Vec<String>,
    pub mails: Vec<Vec<u8>>,
}

pub struct Stub {
    pub address: SocketAddr,
    heard: Arc<Mutex<Heard>>,
}

impl Stub {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let hearing = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, manner, Arc::clone(&hearing)));
            }
        });
        Self { address, heard }
    }

    pub fn heard(&self) -> Heard {
        self.heard.lock().unwrap().clone()
    }
}

/// Ends with the connection, whoever ends that.
async fn serve(stream: TcpStream, manner: Manner, heard: Arc<Mutex<Heard>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    if manner == Manner::Hangs {
        tokio::time::sleep(Duration::from_secs(60)).await;
        return None;
    }
    say(&mut stream, "220 stub ESMTP").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let command = line.trim_end().to_owned();
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        heard.lock().unwrap().commands.push(command);
        match verb.as_str() {
            "EHLO" => say(&mut stream, "250-stub\r\n250 8BITMIME").await?,
            "RCPT" => match manner {
                Manner::Refuses(words) => say(&mut stream, words).await?,
                _ => say(&mut stream, "250 ok").await?,
            },
            "MAIL" => say(&mut stream, "250 ok").await?,
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let mail = data(&mut stream).await?;
                heard.lock().unwrap().mails.push(mail);
                if manner == Manner::Cuts {
                    return None;
                }
                say(&mut stream, "250 queued").await?;
                if manner == Manner::HangsUp {
                    return None;
                }
            }
            "QUIT" => {
                say(&mut stream, "221 bye").await?;
                return None;
            }
            _ => say(&mut stream, "502 what?").await?,
        }
    }
}

async fn say(stream: &mut BufReader<TcpStream>, words: &str) -> Option<()> {
    stream.write_all(format!("{words}\r\n").as_bytes()).await.ok()
}

/// Until the line that is a dot; dots that were doubled are one again.
async fn data(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut mail = Vec::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await.ok()? == 0 {
            return None;
        }
        if line == b".\r\n" {
            return Some(mail);
        }
        mail.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
