//! Durations and sizes as the settings spell them everywhere.

use std::time::Duration;

/// A number and its unit. `None` where there is no number, or the unit is not one of `units`.
fn number_and_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().ok()?;
    let unit = text[digits..].trim();
    let (_, factor) = units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
    number.checked_mul(*factor)
}

/// `"250ms"`, `"5s"`, `"10m"`, `"24h"`, `"7d"`.
pub fn span(text: &str) -> Option<Duration> {
    let units =
        [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];
    number_and_unit(text, &units).map(Duration::from_millis)
}

/// `"900B"`, `"64KiB"`, `"2MiB"`.
pub fn bytes(text: &str) -> Option<usize> {
    let units = [("b", 1), ("kib", 1 << 10), ("mib", 1 << 20), ("kb", 1000), ("mb", 1_000_000)];
    number_and_unit(text, &units).and_then(|bytes| usize::try_from(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        assert_eq!(span("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(span("7d"), Some(Duration::from_secs(7 * 86_400)));
        assert_eq!(bytes("64KiB"), Some(64 << 10));
        assert_eq!(bytes("2 MB"), Some(2_000_000));
        for wrong in ["", "5", "s", "-5s", "5 parsecs", "99999999999999999999s", "9999999999999999w"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
