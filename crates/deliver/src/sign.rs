//! Digests: the signature of the generic webhook, and names made from ids that could hold anything.

use sha2::{Digest, Sha256};

const BLOCK: usize = 64;

/// HMAC-SHA256 (RFC 2104). By hand, for the reason that `analyze` gives: the crate of that name turns on a feature of
/// `digest` that the object store below polars and Delta is otherwise built without.
fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = [0_u8; BLOCK];
    if key.len() > BLOCK {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut inner = Sha256::new_with_prefix(block.map(|byte| byte ^ 0x36));
    for part in parts {
        inner.update(part);
    }
    let outer = Sha256::new_with_prefix(block.map(|byte| byte ^ 0x5c));
    outer.chain_update(inner.finalize()).finalize().into()
}

/// `sha256=` and the hexadecimal MAC over the timestamp (seconds since 1970), a dot, and the body.
#[must_use]
pub fn signature(secret: &str, timestamp: i64, body: &str) -> String {
    let timestamp = timestamp.to_string();
    let mac = hmac(secret.as_bytes(), &[timestamp.as_bytes(), b".", body.as_bytes()]);
    format!("sha256={}", hex(&mac))
}

/// 32 hexadecimal digits that follow from the parts, and from where one ends and the next begins.
#[must_use]
pub fn name_of(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    hex(&digest.finalize()[..16])
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mac_is_the_one_of_rfc_4231() {
        // Test cases 2 and 6: a short key, and one longer than a block.
        let short = hmac(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(hex(&short), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let long = hmac(&[0xaa; 131], &[b"Test Using Larger Than Block-Size Key - Hash Key First"]);
        assert_eq!(hex(&long), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    #[test]
    fn a_signature_is_what_a_receiver_computes() {
        // Python: hmac.new(b"0123456789abcdef", b'1764230400.{"a":1}', "sha256").hexdigest()
        let expected = "sha256=f0883603f73e0f2f8581e05a37c577ee381374dc3b9ca4ef8c7583169b356d79";
        assert_eq!(signature("0123456789abcdef", 1_764_230_400, "{\"a\":1}"), expected);
    }

    #[test]
    fn names_tell_the_parts_apart() {
        assert_eq!(name_of(&["a", "b"]).len(), 32);
        assert_ne!(name_of(&["a", "b"]), name_of(&["ab", ""]));
        assert_eq!(name_of(&["a", "b"]), name_of(&["a", "b"]));
    }
}
