//! Values as cells of a spreadsheet.

use serde_json::Value;
use std::borrow::Cow;

/// Between the items of a list.
const BETWEEN: &str = "; ";
/// Where another cell or row may begin. Half of the world's spreadsheets part cells by semicolons; to them the quotes that keep
/// a cell of ours together stand in the middle of one.
const PARTS: [char; 4] = [';', '\t', '\r', '\n'];

/// A place of an item, read once for all items.
#[derive(Debug)]
pub(super) struct Place {
    steps: Vec<&'static str>,
    /// Within the items of a list that stands there.
    within: Option<Vec<&'static str>>,
}

impl Place {
    /// Of a JSON pointer without escapes, which may have one `/*`.
    pub fn of(pointer: &'static str) -> Self {
        let steps = |pointer: &'static str| pointer.split('/').skip(1).collect();
        match pointer.split_once("/*") {
            None => Self { steps: steps(pointer), within: None },
            Some((list, within)) => Self { steps: steps(list), within: Some(steps(within)) },
        }
    }

    /// What stands there, in one cell; of a place within the items of a list, what stands there in each.
    pub fn cell<'v>(&self, item: &'v Value) -> Cow<'v, str> {
        let found = follow(item, &self.steps);
        let Some(within) = &self.within else { return cell(found) };
        let items = found.and_then(Value::as_array).into_iter().flatten();
        let found: Value = items.map(|one| follow(one, within).cloned().unwrap_or_default()).collect();
        Cow::Owned(cell(Some(&found)).into_owned())
    }
}

fn follow<'v>(mut value: &'v Value, steps: &[&str]) -> Option<&'v Value> {
    for step in steps {
        value = match value {
            Value::Object(fields) => fields.get(*step)?,
            Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}

/// A value in one cell: a list's items beside each other, anything deeper as JSON, nothing as nothing.
fn cell(value: Option<&Value>) -> Cow<'_, str> {
    match value {
        None | Some(Value::Null) => Cow::Borrowed(""),
        Some(Value::Bool(true)) => Cow::Borrowed("true"),
        Some(Value::Bool(false)) => Cow::Borrowed("false"),
        Some(Value::String(text)) => defused(Cow::Borrowed(text)),
        Some(Value::Array(items)) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            let beside = items.iter().map(plain).collect::<Vec<_>>().join(BETWEEN);
            // A number may begin with a minus: it is no text of anybody's.
            let beside = Cow::Owned(beside);
            if items.iter().any(Value::is_string) { defused(beside) } else { beside }
        }
        Some(deeper @ (Value::Array(_) | Value::Object(_))) => defused(Cow::Owned(deeper.to_string())),
        Some(number @ Value::Number(_)) => Cow::Owned(number.to_string()),
    }
}

fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        value => Cow::Owned(value.to_string()),
    }
}

/// A text of which no spreadsheet takes any part for a formula: an apostrophe stands before what it might take for one.
fn defused(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_safe = !text.starts_with(['\t', '\r', '\n']) && !text.split_inclusive(PARTS).any(begins_a_formula);
    if is_safe {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 1);
    if text.starts_with(['\t', '\r', '\n']) {
        safe.push('\'');
    }
    for part in text.split_inclusive(PARTS) {
        if begins_a_formula(part) {
            safe.push('\'');
        }
        safe.push_str(part);
    }
    Cow::Owned(safe)
}

/// Some look through blanks and quotes before a sign, some take wide signs as well.
fn begins_a_formula(text: &str) -> bool {
    let is_passed = |c: char| c.is_whitespace() || matches!(c, '"' | '\u{feff}' | '\u{200b}');
    let is_sign =
        |c: char| matches!(c, '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}');
    text.trim_start_matches(is_passed).starts_with(is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn values_are_cells() {
        assert_eq!(cell(None), "");
        assert_eq!(cell(Some(&json!(null))), "");
        assert_eq!(cell(Some(&json!("plain"))), "plain");
        assert_eq!(cell(Some(&json!(-2.5))), "-2.5");
        assert_eq!(cell(Some(&json!(true))), "true");
        assert_eq!(cell(Some(&json!(["a", "b", 3]))), "a; b; 3");
        assert_eq!(cell(Some(&json!([-2, null, -1]))), "-2; ; -1");
        assert_eq!(cell(Some(&json!([{"a": 1}]))), "[{\"a\":1}]");
    }

    #[test]
    fn a_place_may_be_within_the_items_of_a_list() {
        let item =
            json!({ "change": { "low": -1 }, "weeks": [{ "value": 3 }, { "value": null }, { "value": 5 }] });
        let at = |place| Place::of(place).cell(&item);
        assert_eq!(
            (at("/change/low"), at("/weeks/2/value"), at("/weeks/3")),
            ("-1".into(), "5".into(), "".into())
        );
        assert_eq!(at("/weeks/*/value"), "3; ; 5");
        assert_eq!([at("/weeks/*/none"), at("/months/*/value")], ["; ; ", ""]);
    }

    #[test]
    fn no_formula_is_run() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(1)",
            "\tx",
            "\rx",
            "\nx",
            "  =cmd|' /C calc'!A0",
            "\"=1",
            "\" =1",
            "＝1",
            "\u{feff}=1",
        ] {
            let value = json!(formula);
            let defused = cell(Some(&value));
            assert_eq!(defused, format!("'{formula}"));
            assert!(cell(Some(&json!([formula, "b"]))).starts_with('\''), "{formula:?}");
        }
        for plain in ["a=1", "1+1", "x-y", "me@example.org", "'=1", "one; two", "one\ntwo"] {
            assert_eq!(cell(Some(&json!(plain))), plain);
        }
    }

    #[test]
    fn nor_is_one_in_the_middle_of_a_text() {
        assert_eq!(cell(Some(&json!("Great;=cmd|' /C calc'!A0;"))), "Great;'=cmd|' /C calc'!A0;");
        assert_eq!(cell(Some(&json!("Great\r\n \"=1+1"))), "Great\r\n' \"=1+1");
        assert_eq!(cell(Some(&json!(["a", "=1"]))), "a;' =1");
        assert_eq!(cell(Some(&json!([["a;=1"]]))), "[[\"a;'=1\"]]");
    }

    proptest! {
        /// Whatever a spreadsheet parts a cell by, no part is a formula; and but for apostrophes it is the text.
        #[test]
        fn no_part_of_a_cell_is_a_formula(
            text in "(\\PC|[;\"' \t\r\n=+@\u{ff1d}-]){0,20}",
            beside in "[;\"' \t\r\n=+@-]{0,4}",
            in_a_list in any::<bool>(),
        ) {
            let value = if in_a_list { json!([text, beside]) } else { json!(text) };
            let cell = cell(Some(&value));
            for part in cell.split(PARTS) {
                let seen = part.trim_start_matches(|c: char| c.is_whitespace() || "\"\u{feff}\u{200b}".contains(c));
                prop_assert!(!seen.starts_with(['=', '+', '-', '@', '\u{ff1d}']), "{:?} of {:?}", part, cell);
            }
            prop_assert!(!cell.starts_with(['\t', '\r', '\n']), "{:?}", cell);
            let without = |text: &str| text.replace('\'', "");
            let whole = if in_a_list { format!("{text}; {beside}") } else { text };
            prop_assert_eq!(without(&cell), without(&whole));
        }
    }
}
