//! Values as cells of a spreadsheet.

use serde_json::Value;

/// Between the items of a list.
const BETWEEN: &str = "; ";

/// A value in one cell: a list's items beside each other, anything deeper as JSON, nothing as nothing.
pub(super) fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => defused(text.clone()),
        Some(Value::Array(items)) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            defused(items.join(BETWEEN))
        }
        // A number may begin with a minus: it is no text of anybody's.
        Some(value) => value.to_string(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// A text that no spreadsheet takes for a formula. Some look through blanks before it, some take wide signs as well.
fn defused(text: String) -> String {
    let is_sign =
        |c: char| matches!(c, '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}');
    let begins_a_cell = text.starts_with(['\t', '\r', '\n']);
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}';
    if begins_a_cell || text.trim_start_matches(blank).starts_with(is_sign) {
        format!("'{text}")
    } else {
        text
    }
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
        assert_eq!(cell(Some(&json!([{"a": 1}]))), "[{\"a\":1}]");
    }

    #[test]
    fn no_formula_is_run() {
        for formula in
            ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "\rx", "\nx", "  =cmd|' /C calc'!A0", "＝1", "\u{feff}=1"]
        {
            let defused = cell(Some(&json!(formula)));
            assert_eq!(defused, format!("'{formula}"));
            assert!(cell(Some(&json!([formula, "b"]))).starts_with('\''), "{formula:?}");
        }
        for plain in ["a=1", "1+1", "x-y", "me@example.org", "'=1"] {
            assert_eq!(cell(Some(&json!(plain))), plain);
        }
    }

    proptest! {
        #[test]
        fn a_text_is_its_cell_but_for_the_apostrophe(text in "\\PC{0,20}") {
            let cell = cell(Some(&json!(text)));
            prop_assert_eq!(cell.strip_prefix('\'').filter(|_| !text.starts_with('\'')).unwrap_or(&cell), &text);
            prop_assert!(!cell.starts_with(['=', '+', '-', '@']));
        }
    }
}
