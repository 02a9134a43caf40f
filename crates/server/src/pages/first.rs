//! How somebody sends the first event: what they see who see nothing yet.

use crate::auth::{By, Caller};
use crate::state::{App, now};
use axum::http::{HeaderMap, header};
use feedback::time::Timestamp;
use insight::report::filter::Moment;
use insight::report::shell_word;
use maud::{Markup, html};

/// A command that sends an event to this server, by the address that the browser used.
#[must_use]
pub fn first_event(app: &App, caller: &Caller, headers: &HeaderMap) -> Markup {
    let address = address(app.settings.address.as_deref(), headers);
    let command = command(&address, caller.by != By::Loopback, now());
    html! {
        div.scroll tabindex="0" role="group" aria-label="A command to copy" { pre { code { (command) } } }
        @if caller.by != By::Loopback {
            p.soft { "The token is one of the role sender: whoever runs this server makes it with "
                code { "verbatim token create NAME --role sender" } "." }
        }
    }
}

/// Where people open the dashboard, else the host that was asked, as long as it is one.
fn address(told: Option<&str>, headers: &HeaderMap) -> String {
    if let Some(told) = told {
        return told.to_owned();
    }
    let is_host = |host: &&str| host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    format!("http://{}", host.filter(|host| !host.is_empty()).filter(is_host).unwrap_or("127.0.0.1:8080"))
}

fn command(address: &str, needs_token: bool, now: Timestamp) -> String {
    let token = if needs_token { "  -H \"Authorization: Bearer $VERBATIM_TOKEN\" \\\n" } else { "" };
    // Of a week that is over, for the overview counts no others; whole seconds are enough.
    let at = Moment(Timestamp(now.0 - now.0.rem_euclid(1_000_000) - 7 * 86_400 * 1_000_000));
    let event = format!(
        "{{\"specversion\": \"1.0\", \"id\": \"e-1\", \"source\": \"try-out\", \"type\": \"feedback.nps.created\",\n    \
         \"time\": \"{at}\",\n    \
         \"data\": {{\"id\": \"r-1\", \"score\": 3, \"text\": \"The export is slow since the update\"}}}}"
    );
    let address = shell_word(&format!("{address}/v1/events"));
    format!("curl {address} \\\n{token}  -H 'Content-Type: application/cloudevents+json' \\\n  -d '{event}'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Day;

    fn asked(host: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, host.parse().unwrap())])
    }

    #[test]
    fn the_address_is_the_one_that_the_browser_used() {
        assert_eq!(address(None, &asked("localhost:8080")), "http://localhost:8080");
        assert_eq!(address(None, &asked("[::1]:8080")), "http://[::1]:8080");
        assert_eq!(address(Some("https://v.example"), &asked("localhost:8080")), "https://v.example");
        for hostile in ["a b", "$(reboot)", "x'; reboot", "me@evil.example", ""] {
            assert_eq!(address(None, &asked(hostile)), "http://127.0.0.1:8080", "{hostile}");
        }
        assert_eq!(address(None, &HeaderMap::new()), "http://127.0.0.1:8080");
    }

    #[test]
    fn the_command_sends_one_sound_event() {
        let told = command("http://localhost:8080", true, Timestamp(Day(20_514).start().0 + 1_500_000));
        assert!(told.starts_with(
            "curl http://localhost:8080/v1/events \\\n  -H \"Authorization: Bearer $VERBATIM_TOKEN\""
        ));
        let (_, event) = told.split_once("-d '").unwrap();
        let event: serde_json::Value = serde_json::from_str(event.strip_suffix('\'').unwrap()).unwrap();
        assert_eq!((&event["time"], &event["data"]["score"]), (&"2026-02-23T00:00:01Z".into(), &3.into()));
        assert!(!command("http://localhost:8080", false, Timestamp(0)).contains("Bearer"));
    }
}
