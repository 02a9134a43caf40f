//! One spelling for one value: no white space, keys in order, the last of equal keys, fewest escapes.
//! Numbers stay as written.

use super::{Fault, Reader, Scalar};
use std::borrow::Cow;

/// The canonical text of a value that [`Reader::skip`] has already found sound and within its depth.
pub(crate) fn canonical(raw: &str) -> Result<Cow<'_, str>, Fault> {
    let plain_string = raw.starts_with('"') && !raw.contains('\\');
    if plain_string || !raw.starts_with(['"', '{', '[']) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    // The text was read within its bounds before; here only its own depth counts.
    value(&mut Reader::new(raw, 0, u32::MAX), &mut out)?;
    Ok(Cow::Owned(out))
}

fn value(reader: &mut Reader<'_>, out: &mut String) -> Result<(), Fault> {
    match reader.peek() {
        b'[' => {
            out.push('[');
            reader.array(|reader, index| {
                if index > 0 {
                    out.push(',');
                }
                value(reader, out)
            })?;
            out.push(']');
        }
        b'{' => object(reader, out)?,
        _ => match reader.scalar()? {
            Scalar::Text(text) => quote(&text, out),
            Scalar::Number(number) => out.push_str(number),
            Scalar::Bool(true) => out.push_str("true"),
            Scalar::Bool(false) => out.push_str("false"),
            Scalar::Null | Scalar::Compound => out.push_str("null"),
        },
    }
    Ok(())
}

fn object(reader: &mut Reader<'_>, out: &mut String) -> Result<(), Fault> {
    let mut fields = Vec::new();
    reader.object(|reader, key| {
        let mut text = String::new();
        value(reader, &mut text)?;
        fields.push((key, text));
        Ok::<_, Fault>(())
    })?;
    // Stable, so that of equal keys the last one written stands last.
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    out.push('{');
    let mut first = true;
    for (index, (key, text)) in fields.iter().enumerate() {
        if fields.get(index + 1).is_some_and(|next| next.0 == *key) {
            continue;
        }
        if !std::mem::replace(&mut first, false) {
            out.push(',');
        }
        quote(key, out);
        out.push(':');
        out.push_str(text);
    }
    out.push('}');
    Ok(())
}

/// A text as JSON has it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    quote(text, &mut out);
    out
}

/// The reader leaves no other control character in a text.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
}
