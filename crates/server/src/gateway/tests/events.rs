use super::*;

async fn post(gateway: &Gateway, body: impl Into<Body>) -> Result<Receipt, &'static str> {
    post_as(gateway, &[], body).await
}

async fn post_as(
    gateway: &Gateway,
    told: &[(&'static str, &str)],
    body: impl Into<Body>,
) -> Result<Receipt, &'static str> {
    let taken = gateway.events(&headers(told), body.into(), NOW).await;
    assert_eq!(gateway.waiting(), 0, "the room is given back");
    taken.map_err(|trouble| trouble.code())
}

#[tokio::test]
async fn one_event_an_array_and_lines_are_taken_in_their_order() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    assert_eq!(post(&gateway, event("a", 9)).await.unwrap().accepted, 1);
    let array = format!("[{}, {}]", event("b", 8), event("c", 7));
    assert_eq!(post(&gateway, array).await.unwrap().accepted, 2);
    let lines = format!("{}\n\n{}\r\n", event("d", 6), event("e", 5));
    assert_eq!(post(&gateway, lines.clone()).await.unwrap().accepted, 2);
    let told = [("content-type", "application/x-ndjson"), ("content-encoding", "gzip")];
    let receipt = post_as(&gateway, &told, gzip(&lines.replace("\"e\"", "\"f\""))).await.unwrap();
    assert_eq!(statuses(&receipt), ["accepted", "accepted"]);
    assert_eq!(memory.keys(), ["a", "b", "c", "d", "e", "d", "f"]);
    let first = &memory.taken()[0];
    assert_eq!((first.kind.as_str(), first.source.as_str(), first.vendor), ("nps", "web-nps", None));
    assert_eq!(first.payload, event("a", 9));
}

#[tokio::test]
async fn an_event_in_binary_mode_is_handed_on_whole() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let told = [
        ("content-type", "application/json"),
        ("ce-specversion", "1.0"),
        ("ce-id", "e-1"),
        ("ce-source", "web%20nps"),
        ("ce-type", "feedback.nps.created"),
        ("ce-time", "2026-03-02T09:00:00Z"),
        ("ce-tenant", "an extension of the transport's"),
    ];
    let receipt = post_as(&gateway, &told, r#"{"id": "r-1", "score": 9}"#).await.unwrap();
    assert_eq!(statuses(&receipt), ["accepted"]);
    let taken = memory.taken();
    assert_eq!((taken[0].source.as_str(), taken[0].key.as_slice()), ("web nps", &b"r-1"[..]));
    let event: serde_json::Value = serde_json::from_slice(&taken[0].payload).unwrap();
    assert_eq!(event["data"]["score"], 9);
    // What is missing is told as for any other event.
    let receipt = post_as(&gateway, &told[..3], r#"{"id": "r-1", "score": 9}"#).await.unwrap();
    assert_eq!(receipt.items[0].outcome.reason, Some("missing_field"));
    assert_eq!(post_as(&gateway, &told, "{} {}").await, Err("not_json"));
    assert_eq!(memory.taken().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_is_told_and_what_is_sound_is_taken() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let agents = r#"{"specversion": "1.0", "id": "e-9", "source": "desk", "type": "feedback.ticket.updated",
        "time": "2026-03-02T09:00:00Z", "data": {"id": "t-1", "messages": [{"role": "agent", "text": "Hello"}]}}"#;
    let again = event("a", 9).replace("event of a", "the same in another event");
    let body = format!("[{}, {}, {}, 7, {again}]", event("a", 9), event("b", 11), agents);
    let receipt = post(&gateway, body).await.unwrap();
    assert_eq!(statuses(&receipt), ["accepted", "refused", "ignored", "refused", "duplicate"]);
    let reasons: Vec<_> = receipt.items.iter().map(|item| item.outcome.reason).collect();
    assert_eq!(reasons, [None, Some("out_of_range"), Some("agent_only"), Some("bad_type"), None]);
    assert_eq!((receipt.accepted, receipt.refused, receipt.ignored, receipt.duplicate), (1, 2, 1, 1));
    assert_eq!(memory.keys(), ["a"]);
    // Another version of the same item is no duplicate.
    let body = format!("{}\n{}", event("a", 9), event("a", 8));
    assert_eq!(statuses(&post(&gateway, body).await.unwrap()), ["accepted", "accepted"]);
}

#[tokio::test]
async fn what_is_refused_whole_reaches_nobody() {
    let memory = Memory::new();
    let limits = Limits { body: 4_000, unpacked: 8_000, items: 3, ..Limits::default() };
    let gateway = with_limits(&memory, limits);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let brotli = [("content-encoding", "br")];
    let packed = [("content-encoding", "gzip")];
    assert_eq!(post(&gateway, "").await, Err("empty"));
    assert_eq!(post(&gateway, "score=9").await, Err("not_json"));
    assert_eq!(post(&gateway, "{\"specversion\": \"1.0\",").await, Err("not_json"));
    assert_eq!(post(&gateway, &b"{\"id\": \"\xff\"}"[..]).await, Err("not_json"));
    assert_eq!(post(&gateway, " ".repeat(4_001)).await, Err("too_large"));
    assert_eq!(post(&gateway, "[1, 2, 3, 4]").await, Err("too_many_items"));
    assert_eq!(post_as(&gateway, &form, event("a", 9)).await, Err("content_type"));
    assert_eq!(post_as(&gateway, &brotli, event("a", 9)).await, Err("content_encoding"));
    assert_eq!(post_as(&gateway, &packed, event("a", 9)).await, Err("not_gzip"));
    assert_eq!(post_as(&gateway, &packed, gzip(&" ".repeat(8_001))).await, Err("too_large"));
    let receipt = post(&gateway, "[1, 2]").await.unwrap();
    assert_eq!((receipt.accepted, receipt.refused), (0, 2));
    assert!(memory.taken().is_empty());
    let counted = gateway.counters();
    let count = |name: &str| counted.iter().find(|(told, _)| told == name).map(|(_, count)| *count);
    assert_eq!(count("verbatim_gateway_refused_total{reason=\"not_json\"}"), Some(3));
    assert_eq!(count("verbatim_gateway_unread_items_total{reason=\"bad_type\"}"), Some(2));
    assert_eq!(count("verbatim_gateway_items_total{route=\"events\",status=\"refused\"}"), Some(2));
}

#[tokio::test]
async fn an_empty_array_is_sound_and_nothing() {
    let memory = Memory::new();
    assert_eq!(post(&gateway(&memory), "[]").await, Ok(Receipt::default()));
}
