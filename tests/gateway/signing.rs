//! Signatures as vendors make them, by a program that knows nothing of ours.

use crate::program::{stderr, with_stdin};
use chrono::{DateTime, SecondsFormat, Utc};
use std::process::Command;

/// Sent by SurveyMonkey with each request, and a part of its key.
const CLIENT: &str = "client-7";

pub type Headers = Vec<(&'static str, String)>;

pub fn is_possible() -> bool {
    Command::new("openssl").arg("version").output().is_ok_and(|output| output.status.success())
}

/// The headers of a delivery that is signed by `secret` at a time, for vendors that tell one.
pub fn sign(vendor: &str, secret: &str, at: DateTime<Utc>, body: &str) -> Headers {
    match vendor {
        "typeform" => {
            vec![("typeform-signature", format!("sha256={}", base64(&mac("-sha256", secret, body))))]
        }
        "surveymonkey" => vec![
            ("sm-apikey", CLIENT.to_owned()),
            ("sm-signature", base64(&mac("-sha1", &format!("{CLIENT}&{secret}"), body))),
        ],
        "nps" => {
            let seconds = at.timestamp().to_string();
            let signature = hex(&mac("-sha256", secret, &format!("{seconds}.{body}")));
            vec![("x-signature-timestamp", seconds), ("x-signature-256", format!("sha256={signature}"))]
        }
        "helpscout" => vec![
            ("x-helpscout-event", "satisfaction.ratings".to_owned()),
            ("x-helpscout-signature", base64(&mac("-sha1", secret, body))),
        ],
        "zendesk" => {
            let time = at.to_rfc3339_opts(SecondsFormat::Secs, true);
            let signature = base64(&mac("-sha256", secret, &format!("{time}{body}")));
            vec![("x-zendesk-webhook-signature-timestamp", time), ("x-zendesk-webhook-signature", signature)]
        }
        "intercom" => {
            vec![("x-hub-signature", format!("sha1={}", hex(&mac("-sha1", secret, body))))]
        }
        other => panic!("{other} signs nothing"),
    }
}

fn mac(hash: &str, key: &str, text: &str) -> Vec<u8> {
    openssl(&["dgst", hash, "-hmac", key, "-binary"], text.as_bytes())
}

fn base64(bytes: &[u8]) -> String {
    String::from_utf8(openssl(&["base64", "-A"], bytes)).unwrap().trim().to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn openssl(args: &[&str], input: &[u8]) -> Vec<u8> {
    let output = with_stdin(Command::new("openssl").args(args), input);
    assert!(output.status.success(), "{}", stderr(&output));
    output.stdout
}
