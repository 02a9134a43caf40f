use super::testing::text;
use super::*;
use axum::body::to_bytes;
use serde_json::json;

const COLUMNS: &[(&str, &str)] =
    &[("id", "/id"), ("text", "/text"), ("score", "/score/value"), ("topics", "/topics")];

const LISTS: [&str; 12] = [
    "records",
    "insights",
    "trends",
    "topics",
    "alerts",
    "cases",
    "digests",
    "deliveries",
    "targets",
    "triage",
    "corrections",
    "taxonomy",
];

fn export(format: Format) -> Export {
    Export { format, name: "things", columns: COLUMNS }
}

fn item(id: usize, text: &str) -> serde_json::Value {
    json!({ "id": id, "text": text, "score": { "value": -3 }, "topics": ["a", "b"] })
}

#[tokio::test]
async fn rows_are_written_with_their_header() {
    let write = |sink: &mut Sink| {
        for (id, text) in
            ["plain", "=HYPERLINK(\"http://x\")", "two\nlines, \"quoted\""].into_iter().enumerate()
        {
            assert!(sink.row(&item(id, text)).is_continue());
        }
        Ok::<_, io::Error>(())
    };
    let response = export(Format::Csv).answer(write);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(
        response.headers()[header::CONTENT_DISPOSITION],
        "attachment; filename=\"verbatim-things.csv\""
    );
    let written = text(response).await;
    assert_eq!(
        written,
        "id,text,score,topics\r\n0,plain,-3,a; b\r\n1,\"'=HYPERLINK(\"\"http://x\"\")\",-3,a; b\r\n2,\"two\nlines, \
         \"\"quoted\"\"\",-3,a; b\r\n"
    );
    let response = export(Format::Jsonl).answer(write);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/x-ndjson");
    let lines = text(response).await;
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), lines[1]["text"].as_str()), (3, Some("=HYPERLINK(\"http://x\")")));
}

#[tokio::test]
async fn a_list_of_any_length_goes_through_in_pieces() {
    let write = |sink: &mut Sink| {
        for id in 0..20_000 {
            if sink.row(&item(id, "some words of a customer")).is_break() {
                break;
            }
        }
        Ok::<_, io::Error>(())
    };
    let written = text(export(Format::Csv).answer(write)).await;
    assert_eq!(written.lines().count(), 20_001);
}

#[tokio::test]
async fn whoever_goes_ends_it_and_a_part_is_not_taken_for_the_whole() {
    let (told, ended) = tokio::sync::oneshot::channel();
    let endless = move |sink: &mut Sink| {
        while sink.row(&item(1, "again")).is_continue() {}
        let _ = told.send(());
        Ok::<_, io::Error>(())
    };
    drop(export(Format::Csv).answer(endless));
    ended.await.unwrap();

    let fails = |sink: &mut Sink| {
        let _ = sink.row(&item(1, "one"));
        Err(io::Error::other("no"))
    };
    let response = export(Format::Jsonl).answer(fails);
    assert!(to_bytes(response.into_body(), usize::MAX).await.is_err());
    let panics = |_: &mut Sink| -> Result<(), io::Error> { panic!("a defect") };
    let response = export(Format::Jsonl).answer(panics);
    assert!(to_bytes(response.into_body(), usize::MAX).await.is_err());
}

#[tokio::test]
async fn what_comes_all_at_once_is_a_file_too_and_so_is_nothing() {
    let items = || (0..3).map(|id| item(id, "x")).collect::<Vec<_>>();
    assert_eq!(text(export(Format::Csv).of_all(items())).await.lines().count(), 4);
    assert_eq!(text(export(Format::Jsonl).of_all(items())).await.lines().count(), 3);
    let none = Vec::<serde_json::Value>::new;
    assert_eq!(text(export(Format::Csv).of_all(none())).await, "id,text,score,topics\r\n");
    assert_eq!(text(export(Format::Jsonl).of_all(none())).await, "");
}

/// Every list has both files, each told of by a name of its own and with the fields of its list.
#[test]
fn the_document_has_the_files_of_every_list() {
    let document = serde_json::to_value(crate::app::document()).unwrap();
    let asked = |path: &str| document["paths"][path]["get"]["parameters"].clone();
    for list in LISTS {
        for (ending, kind) in [("csv", "text/csv"), ("jsonl", "application/x-ndjson")] {
            let path = format!("/v1/{list}.{ending}");
            let told = &document["paths"][&path]["get"];
            assert!(told["responses"]["200"]["content"][kind].is_object(), "{path}");
            assert!(told["responses"]["401"].is_object() && told["responses"]["403"].is_object(), "{path}");
            // Of these a file is of one of several lists.
            if !["insights", "taxonomy"].contains(&list) {
                assert_eq!(asked(&path), asked(&format!("/v1/{list}")), "{path}");
            }
        }
    }
    let methods = document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap());
    let names: Vec<&str> = methods.filter_map(|(_, told)| told["operationId"].as_str()).collect();
    let different: std::collections::BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(different.len(), names.len(), "{names:?}");
}

#[tokio::test]
async fn pages_are_put_together() {
    let page = |page: Page| async move {
        let from = page.behind.map_or(0, |behind| behind.rank[0] as usize);
        let items = (from..(from + 3).min(8)).map(|id| item(id, "x")).collect();
        let next = (from + 3 < 8).then(|| format!("{}.0.x", from + 3));
        Ok(Listed { items, next, total: 8 })
    };
    let written = text(export(Format::Csv).of_pages(page).await.unwrap()).await;
    let ids: Vec<&str> = written.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6", "7"]);
    let fails = |_: Page| async { Err::<Listed<serde_json::Value>, _>(Problem::not_found("no such owner")) };
    assert!(export(Format::Csv).of_pages(fails).await.is_err());
}
