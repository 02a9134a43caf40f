use super::*;
use serde_json::json;

fn review(id: &str, stars: u32) -> serde_json::Value {
    json!({"id": id, "attributes": {
        "rating": stars, "title": "Fast", "body": "It starts in no time", "reviewerNickname": "Ann",
        "createdDate": "2026-03-01T10:00:00-08:00", "territory": "USA",
    }})
}

async fn import(
    gateway: &Gateway,
    name: &str,
    query: ImportQuery,
    body: impl Into<Body>,
) -> Result<Receipt, &'static str> {
    let taken = gateway.import(name, query, &HeaderMap::new(), body.into(), NOW).await;
    assert_eq!(gateway.waiting(), 0);
    taken.map_err(|trouble| trouble.code())
}

fn events(memory: &Memory) -> Vec<serde_json::Value> {
    memory.taken().iter().map(|message| serde_json::from_slice(&message.payload).unwrap()).collect()
}

#[tokio::test]
async fn what_an_api_answers_is_split_and_read() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let answer = json!({"data": [review("1", 5), review("2", 9), review("3", 4)], "links": {}}).to_string();
    let receipt = import(&gateway, "app-store", ImportQuery::default(), answer).await.unwrap();
    assert_eq!(statuses(&receipt), ["accepted", "refused", "accepted"]);
    assert_eq!(memory.keys(), ["1", "3"]);
    let taken = memory.taken();
    assert_eq!((taken[0].kind.as_str(), taken[0].source.as_str()), ("social", "app-store"));
    assert_eq!(events(&memory)[0]["data"].get("product"), None);
}

#[tokio::test]
async fn a_connection_and_the_query_say_what_items_are_called() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let query = ImportQuery { source: Some("ios-eu".to_owned()), ..ImportQuery::default() };
    for query in [ImportQuery::default(), query] {
        import(&gateway, "shop", query, review("1", 5).to_string()).await.unwrap();
    }
    let taken = memory.taken();
    assert_eq!((taken[0].source.as_str(), taken[1].source.as_str()), ("shop", "ios-eu"));
    assert!(events(&memory).iter().all(|event| event["data"]["product"] == "Atlas"));
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_is_read() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let query = ImportQuery { kind: Some("ticket".to_owned()), ..ImportQuery::default() };
    assert_eq!(import(&gateway, "app-store", query, "{}").await, Err("bad_query"));
    assert_eq!(import(&gateway, "nobody", ImportQuery::default(), "{}").await, Err("unknown_vendor"));
    assert_eq!(import(&gateway, "app-store", ImportQuery::default(), " ").await, Err("empty"));
    assert_eq!(import(&gateway, "app-store", ImportQuery::default(), "reviews").await, Err("not_json"));
    let small = with_limits(&memory, Limits { items: 2, ..Limits::default() });
    let three = json!([review("1", 5), review("2", 4), review("3", 3)]).to_string();
    assert_eq!(import(&small, "app-store", ImportQuery::default(), three).await, Err("too_many_items"));
    assert!(memory.taken().is_empty());
}

#[test]
fn a_query_has_no_words_but_these() {
    let read = crate::query::fields::read::<ImportQuery>;
    assert_eq!(read("source=ios").unwrap().source.as_deref(), Some("ios"));
    assert!(read("sources=ios").is_err());
}
