//! A taxonomy that is switched on while the server runs.

use super::*;
use serde_json::{Value, json};

impl Running {
    /// The status and the body.
    async fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let address = self.address;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        let answer = spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        });
        let answer = answer.await.unwrap();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (status, body.to_owned())
    }

    async fn json(&self, method: &str, path: &str, headers: &str, body: &Value) -> (u16, Value) {
        let headers = format!("{headers}content-type: application/json\r\n");
        let (status, body) = self.send(method, path, &headers, &body.to_string()).await;
        (status, serde_json::from_str(&body).unwrap_or_default())
    }
}

const EDITED: &str = "version = \"mine\"\n[[topic]]\nid = \"parking\"\nname = \"Parking <b>\"\n\
                      description = \"Where cars stand.\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_taxonomy_is_tried_and_switched_on_while_it_runs() {
    let dir = tempfile::tempdir().unwrap();
    let context = context(&dir, "127.0.0.1:0");
    let bearer =
        |name: &str, role: Role| format!("authorization: Bearer {}\r\n", token(&context, name, role));
    let [viewer, editor, admin] =
        [("v", Role::Viewer), ("e", Role::Editor), ("a", Role::Admin)].map(|(name, role)| bearer(name, role));
    let running = start(context).await;

    let (status, shown) = running.json("GET", "/v1/taxonomy", &viewer, &Value::Null).await;
    assert_eq!((status, shown["topics"].as_array().map(Vec::len)), (200, Some(24)), "{shown}");
    assert_eq!(shown["file"], Value::Null);
    let base = shown["base"].as_str().unwrap();

    // Whoever looks may not try, and whoever tries may not switch on.
    let (edit, change) = (json!({ "text": EDITED }), json!({ "text": EDITED, "base": base }));
    assert_eq!(running.json("POST", "/v1/taxonomy/preview", &viewer, &edit).await.0, 403);
    let (status, trial) = running.json("POST", "/v1/taxonomy/preview", &editor, &edit).await;
    assert_eq!(
        (status, trial["base"].as_str(), trial["records"].as_u64()),
        (200, Some(base), Some(0)),
        "{trial}"
    );
    assert_eq!(trial["topics"].as_array().map(Vec::len), Some(25));
    assert!(trial["warnings"].to_string().contains("triage rule"), "{}", trial["warnings"]);
    assert_eq!(running.json("PUT", "/v1/taxonomy", &editor, &change).await.0, 403);

    let wrong = json!({ "text": "version = 1\n", "base": base });
    let (status, problem) = running.json("PUT", "/v1/taxonomy", &admin, &wrong).await;
    assert!(status == 400 && problem["detail"].as_str().unwrap().contains("line 1"), "{problem}");
    let (status, switched) = running.json("PUT", "/v1/taxonomy", &admin, &change).await;
    assert_eq!(status, 200, "{switched}");
    assert!(switched["version"].as_str().unwrap().starts_with("mine:"), "{switched}");
    // Somebody who did not see it changes nothing.
    assert_eq!(running.json("PUT", "/v1/taxonomy", &admin, &change).await.0, 409);

    // Everything goes by it at once.
    let (_, shown) = running.json("GET", "/v1/taxonomy", &viewer, &Value::Null).await;
    assert_eq!((&shown["version"], &shown["base"]), (&switched["version"], &switched["base"]));
    assert!(shown["file"].as_str().unwrap().ends_with("tables.taxonomy.toml"), "{}", shown["file"]);
    assert_eq!(std::fs::read_to_string(dir.path().join("tables.taxonomy.toml")).unwrap(), EDITED);
    let (status, page) = running.send("GET", "/taxonomy", &viewer, "").await;
    assert!(status == 200 && page.contains("Parking &lt;b&gt;") && !page.contains("login_access"), "{page}");
    assert_eq!(running.send("GET", "/taxonomy/edit", &viewer, "").await.0, 403);
    let (status, page) = running.send("GET", "/taxonomy/edit?topic=parking", &editor, "").await;
    assert!(
        status == 200 && page.contains("data-line=\"3\"") && page.contains("Parking &lt;b&gt;"),
        "{page}"
    );

    // By the forms of the pages, too; what is wrong in a text is told, and the text is kept.
    let form = format!("{editor}accept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\n");
    let (status, page) =
        running.send("POST", "/taxonomy/preview", &form, "text=version+%3D+1%0D%0A&weeks=2").await;
    assert!(status == 400 && page.contains("line 1") && page.contains("version = 1\n</textarea>"), "{page}");
    let back = "text=version+%3D+%22back%22%0D%0A&weeks=2";
    let (status, page) = running.send("POST", "/taxonomy/preview", &form, back).await;
    assert!(status == 200 && page.contains("no topic in it") && page.contains("Only an admin"), "{page}");
    let form = format!("{admin}accept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\n");
    let (status, page) = running.send("POST", "/taxonomy", &form, &format!("{back}&base=another")).await;
    assert!(
        status == 409 && page.contains("another one by now") && page.contains("version = &quot;back&quot;"),
        "{page}"
    );
    let base = switched["base"].as_str().unwrap();
    let (status, _) = running.send("POST", "/taxonomy", &form, &format!("{back}&base={base}")).await;
    assert_eq!(status, 303);
    let copies = std::fs::read_dir(dir.path()).unwrap().filter(|entry| {
        entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("tables.taxonomy.toml.mine-")
    });
    assert_eq!(copies.count(), 1, "the one before stays beside it");
    running.stop().await;
}
