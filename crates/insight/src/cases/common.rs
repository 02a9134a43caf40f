//! What all feedback has in common, taken from the vectors before two reports are compared.
//!
//! Every vector of a space points, for a good part, where the mean of all of them does: two reports look alike because both
//! are feedback on software. Without that part (Mu and Viswanath 2018, "All-but-the-top", the mean alone) a cosine says how
//! alike two reports are. Of the pairs within a case so many are of one intent, and of the pairs of one intent so many are in
//! one case, at a likeness of 0.5 (with the common part at 0.6, where as many were together): banking77 (3,080 questions of 77
//! intents to one bank) 32% and 15% (14% and 18%), clinc150 (1,500 of 151) 40% and 35% (22% and 32%), Bitext (1,500 of 27)
//! 57% and 56% (45% and 63%). Measured on 27 November 2026; none of these texts was learned from.

/// Hundredths of an eight-bit step, so that nothing is lost by rounding.
const PARTS: f64 = 100.0;
/// What is shorter than this says nothing that all do not say, of a length of 127.
const LEAST: f64 = 4.0;

/// The mean vector of texts that the demo invents, by the space's version.
const MEANS: &[(&str, &[i16])] = &[(
    "minilm-static-64:644fc9e0",
    &[
        -4879, 2235, -3685, -1042, -558, -1438, -2079, 1744, 784, 906, 1468, -1178, -328, -545, -533, -1184,
        -418, 385, 269, -501, -146, -128, -634, 1283, 292, 407, -20, -186, 194, 546, -288, 52, -71, 903, -91,
        -415, 508, 258, -979, 705, -589, -419, -184, 322, -1146, -401, -149, -148, 550, 399, 440, 563, -121,
        -12, -502, -169, 888, 636, 695, 620, -365, -309, -182, -129,
    ],
)];

/// The vector without what is common in its space, of length 127 again; empty where nothing is left. Of a space whose mean
/// is not known the vector as it is.
#[must_use]
pub fn apart(space: &str, vector: Vec<i8>) -> Vec<i8> {
    let Some(mean) = mean(space).filter(|mean| mean.len() == vector.len()) else { return vector };
    let left: Vec<f64> =
        vector.iter().zip(mean).map(|(of, mean)| f64::from(*of) - f64::from(*mean) / PARTS).collect();
    let length = left.iter().map(|number| number * number).sum::<f64>().sqrt();
    if length < LEAST {
        return Vec::new();
    }
    // Within the eight bits: no number is longer than all of them together.
    left.iter().map(|number| (number * 127.0 / length).round() as i8).collect()
}

/// In hundredths; `None` where it is not known.
#[must_use]
pub fn mean(space: &str) -> Option<&'static [i16]> {
    #[cfg(any(test, feature = "wide-vectors"))]
    if let Some(space) = space.strip_suffix(feedback::wide::WIDENED) {
        return wide::mean(space);
    }
    MEANS.iter().find(|(known, _)| *known == space).map(|(_, mean)| *mean)
}

/// Of spaces whose vectors were widened for a measurement.
#[cfg(any(test, feature = "wide-vectors"))]
mod wide {
    use feedback::wide::{WIDE, widened};
    use std::sync::LazyLock;

    static MEANS: LazyLock<Vec<(&str, [i16; WIDE])>> = LazyLock::new(|| {
        // No longer than the mean itself.
        let wide = |mean: &[i16]| widened(mean.iter().copied().map(i32::from)).map(|number| number as i16);
        super::MEANS.iter().map(|(space, mean)| (*space, wide(mean))).collect()
    });

    pub fn mean(space: &str) -> Option<&'static [i16]> {
        MEANS.iter().find(|(known, _)| *known == space).map(|(_, mean)| mean.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_have_in_common_makes_nothing_alike() {
        let (space, mean) = MEANS[0];
        let plain: Vec<i8> = mean.iter().map(|number| (f64::from(*number) / PARTS).round() as i8).collect();
        assert_eq!(apart(space, plain.clone()), Vec::<i8>::new(), "it says nothing of its own");
        let with = |at: usize| {
            let mut vector = plain.clone();
            vector[at] = vector[at].saturating_add(60);
            apart(space, vector)
        };
        let likeness = super::super::likeness(&with(0), &with(1));
        assert!(likeness.abs() < 0.1, "{likeness}");
        let length: f64 = with(2).iter().map(|number| f64::from(*number).powi(2)).sum::<f64>().sqrt();
        assert!((length - 127.0).abs() < 3.0, "{length}");
    }

    #[test]
    fn of_a_space_that_was_widened_the_same_is_taken() {
        let (space, mean) = MEANS[0];
        let wide = |vector: &[i8]| -> Vec<i8> {
            let wide = feedback::wide::widened(vector.iter().copied().map(i32::from));
            wide.iter().map(|number| *number as i8).collect()
        };
        let with = |at: usize, by: i8| -> Vec<i8> {
            let numbers = mean.iter().map(|number| (f64::from(*number) / PARTS).round() as i8);
            let mut numbers: Vec<i8> = numbers.collect();
            numbers[at] = numbers[at].saturating_add(by);
            numbers
        };
        let (one, other) = (with(0, 60), with(1, 60));
        let widened = format!("{space}{}", feedback::wide::WIDENED);
        let narrow = super::super::likeness(&apart(space, one.clone()), &apart(space, other.clone()));
        let likeness = super::super::likeness(&apart(&widened, wide(&one)), &apart(&widened, wide(&other)));
        assert!((narrow - likeness).abs() < 0.05, "{narrow} and {likeness}");
        assert!(
            super::super::likeness(&wide(&one), &wide(&other)) > 0.3,
            "with what is common they are alike"
        );
    }

    #[test]
    fn of_an_unknown_space_nothing_is_taken() {
        assert_eq!(apart("v1", vec![127, -127]), [127, -127]);
        assert_eq!(apart(MEANS[0].0, vec![1, 2]), [1, 2], "not of this space");
    }
}
