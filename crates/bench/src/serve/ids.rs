//! Names for what one run sends: each its own, none of which looks like a number of somebody.

use std::time::{SystemTime, UNIX_EPOCH};

/// By the time, so that no run is like another one on the same tables.
pub fn of_run(kind: &str) -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    format!("{kind}-{}", letters(seconds, 7))
}

/// The `number`-th of a run.
pub fn of_item(run: &str, number: u64) -> String {
    format!("{run}-{}", letters(number, 6))
}

/// A number in letters: long digits could be taken for a telephone's.
fn letters(mut number: u64, most: usize) -> String {
    let mut name = vec![b'a'; most];
    for letter in name.iter_mut().rev() {
        *letter = b'a' + (number % 26) as u8;
        number /= 26;
    }
    name.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_has_a_name_and_names_are_in_their_order() {
        let names: Vec<String> = (0..2_000).map(|number| of_item("live-x", number)).collect();
        assert_eq!((names[0].as_str(), names[27].as_str()), ("live-x-aaaaaa", "live-x-aaaabb"));
        assert!(names.is_sorted_by(|one, next| one < next));
    }
}
