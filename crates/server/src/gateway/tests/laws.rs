//! What holds whatever is sent.

use super::*;
use feedback::decode::Decoded;
use feedback::event::Headers;
use proptest::prelude::*;

/// What an item of a request may be.
fn item() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_u32..4, 0_u32..13).prop_map(|(id, score)| event(&format!("r-{id}"), score)),
        Just("{}".to_owned()),
        Just("7".to_owned()),
        Just(event("r-1", 9).replace("created", "deleted")),
        "[a-z0-9\"]{0,6}".prop_map(|text| serde_json::json!(text).to_string()),
    ]
}

fn taken(body: Vec<u8>) -> (Result<Receipt, Trouble>, Vec<Incoming>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let answer = runtime.block_on(gateway.events(&HeaderMap::new(), body.into(), NOW));
    assert_eq!(gateway.waiting(), 0);
    (answer, memory.taken())
}

/// Each accepted item is durable, once and in its order; nothing else is.
fn holds(answer: &Result<Receipt, Trouble>, taken: &[Incoming]) -> Result<(), TestCaseError> {
    let accepted = answer.as_ref().map_or(0, |receipt| receipt.accepted);
    prop_assert_eq!(accepted, taken.len());
    let mut seen = std::collections::HashSet::new();
    for message in taken {
        let decoded = decoder().decode(&message.payload, Headers::default(), NOW);
        let Ok(Decoded::Item(item)) = decoded else { return Err(TestCaseError::fail("not sound")) };
        prop_assert_eq!(item.native_id.as_bytes(), message.key.as_slice());
        prop_assert!(seen.insert((item.item_id(), item.version, item.updated_at, item.content_hash)));
    }
    if let Ok(receipt) = answer {
        let all = receipt.accepted + receipt.duplicate + receipt.ignored + receipt.refused;
        prop_assert_eq!(all, receipt.items.len());
        prop_assert!(receipt.items.iter().enumerate().all(|(place, item)| item.index == place));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_accepted_is_what_was_handed_over(items in prop::collection::vec(item(), 1..6)) {
        let (array, as_array) = taken(format!("[{}]", items.join(", ")).into_bytes());
        holds(&array, &as_array)?;
        prop_assert_eq!(array.as_ref().unwrap().items.len(), items.len());
        // Two lines at least, so that they look like lines.
        if items.len() > 1 {
            let (lines, as_lines) = taken(items.join("\n").into_bytes());
            holds(&lines, &as_lines)?;
            prop_assert_eq!(lines.unwrap(), array.unwrap());
            prop_assert_eq!(as_lines, as_array);
        }
    }

    #[test]
    fn no_body_breaks_it(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let (answer, taken) = taken(body);
        holds(&answer, &taken)?;
    }
}
