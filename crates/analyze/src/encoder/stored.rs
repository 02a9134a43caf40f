//! A record's vector as it is stored and compared: the encoder's own, or, for measurements (feature `wide-vectors`), the same
//! direction in 256 dimensions.

use super::wordpiece::Vector;

#[cfg(not(feature = "wide-vectors"))]
pub type Stored = Vector;
#[cfg(feature = "wide-vectors")]
pub type Stored = [i8; feedback::wide::WIDE];

/// Behind the version of the encoder's space: two spaces are never compared.
#[cfg(not(feature = "wide-vectors"))]
pub const SPACE: &str = "";
#[cfg(feature = "wide-vectors")]
pub const SPACE: &str = feedback::wide::WIDENED;

#[cfg(not(feature = "wide-vectors"))]
pub fn stored(vector: Vector) -> Stored {
    vector
}

#[cfg(feature = "wide-vectors")]
pub fn stored(vector: Vector) -> Stored {
    // No longer than the vector, which is as long as eight bits can say.
    feedback::wide::widened(vector.map(i32::from)).map(|number| number as i8)
}
