//! How many bytes, as people read and write them.

use std::fmt;

/// Shown in the largest binary unit that has no more than one decimal: `8 MiB`, `1.5 KiB`, `1,000 bytes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub usize);

const UNITS: [(usize, &str); 3] = [(30, "GiB"), (20, "MiB"), (10, "KiB")];

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0 as u128;
        for (power, unit) in UNITS {
            let (whole, tenths) = (bytes >> power, (bytes * 10) >> power);
            if whole > 0 && (tenths << power) == bytes * 10 {
                return match tenths % 10 {
                    0 => write!(f, "{whole} {unit}"),
                    tenth => write!(f, "{whole}.{tenth} {unit}"),
                };
            }
        }
        let digits = bytes.to_string();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        f.write_str(if bytes == 1 { " byte" } else { " bytes" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_as_settings_have_them() {
        for (bytes, told) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1,000 bytes"),
            (1 << 10, "1 KiB"),
            (3 << 9, "1.5 KiB"),
            (1_234_567, "1,234,567 bytes"),
            (8 << 20, "8 MiB"),
            ((8 << 20) + 1, "8,388,609 bytes"),
            (2 << 30, "2 GiB"),
        ] {
            assert_eq!(Size(bytes).to_string(), told);
        }
    }
}
