//! A pull reader over one JSON text. It never recurses and never allocates but for strings with escapes.

use super::string;
use std::borrow::Cow;

/// Where a text stops being JSON within bounds; a byte offset and what should have stood there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Syntax { at: usize, expected: &'static str },
    TooDeep { at: usize },
}

/// A value that is not made of others, or the news that it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar<'a> {
    Null,
    Bool(bool),
    /// As written; it follows JSON's grammar.
    Number(&'a str),
    Text(Cow<'a, str>),
    /// An array or an object, not consumed.
    Compound,
}

pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    max_depth: u32,
}

impl<'a> Reader<'a> {
    /// `depth` values already enclose this text; more than `max_depth` (at most 64) are refused.
    pub fn new(text: &'a str, depth: u32, max_depth: u32) -> Self {
        Self { text, at: 0, depth, max_depth: max_depth.min(crate::limits::Limits::DEEPEST) }
    }

    pub fn fault<T>(&self, expected: &'static str) -> Result<T, Fault> {
        Err(Fault::Syntax { at: self.at, expected })
    }

    /// The next byte that is not white space, 0 at the end (JSON has no raw NUL).
    #[inline]
    pub fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return byte;
            }
            self.at += 1;
        }
        0
    }

    /// Nothing but white space may follow.
    pub fn finish(&mut self) -> Result<(), Fault> {
        self.peek();
        if self.at == self.text.len() { Ok(()) } else { self.fault("the end of the message") }
    }

    fn enter(&mut self) -> Result<(), Fault> {
        if self.depth == self.max_depth {
            return Err(Fault::TooDeep { at: self.at });
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
        self.at += 1;
    }

    /// Calls `each` with every key; it must consume the value. The caller has peeked a `{`.
    pub fn object<E: From<Fault>>(
        &mut self,
        mut each: impl FnMut(&mut Self, Cow<'a, str>) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.peek() != b'{' {
            self.fault("an object")?;
        }
        self.enter()?;
        if self.peek() == b'}' {
            self.leave();
            return Ok(());
        }
        loop {
            let key = self.key()?;
            each(self, key)?;
            match self.peek() {
                b',' => self.at += 1,
                b'}' => break,
                _ => self.fault("',' or '}'")?,
            }
        }
        self.leave();
        Ok(())
    }

    /// Calls `each` with the index of every element; it must consume it. The caller has peeked a `[`.
    pub fn array<E: From<Fault>>(
        &mut self,
        mut each: impl FnMut(&mut Self, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.peek() != b'[' {
            self.fault("an array")?;
        }
        self.enter()?;
        if self.peek() == b']' {
            self.leave();
            return Ok(());
        }
        for index in 0.. {
            each(self, index)?;
            match self.peek() {
                b',' => self.at += 1,
                b']' => break,
                _ => self.fault("',' or ']'")?,
            }
        }
        self.leave();
        Ok(())
    }

    fn key(&mut self) -> Result<Cow<'a, str>, Fault> {
        if self.peek() != b'"' {
            return self.fault("a key in double quotes");
        }
        let key = self.string()?;
        self.colon()?;
        Ok(key)
    }

    fn colon(&mut self) -> Result<(), Fault> {
        if self.peek() != b':' {
            return self.fault("':'");
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let (text, end) = string::read(self.text, self.at)?;
        self.at = end;
        Ok(text)
    }

    /// A scalar, or [`Scalar::Compound`] with the reader still before it.
    pub fn scalar(&mut self) -> Result<Scalar<'a>, Fault> {
        Ok(match self.peek() {
            b'"' => Scalar::Text(self.string()?),
            b'{' | b'[' => Scalar::Compound,
            b'-' | b'0'..=b'9' => Scalar::Number(self.number()?),
            b't' => self.word("true", Scalar::Bool(true))?,
            b'f' => self.word("false", Scalar::Bool(false))?,
            b'n' => self.word("null", Scalar::Null)?,
            _ => self.fault("a value")?,
        })
    }

    fn word<T>(&mut self, word: &'static str, value: T) -> Result<T, Fault> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return self.fault(word);
        }
        self.at += word.len();
        Ok(value)
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        while bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start { self.fault("a digit") } else { Ok(()) }
    }

    fn number(&mut self) -> Result<&'a str, Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        if bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        if bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    /// Checks one value of any kind and gives it as written.
    pub fn skip(&mut self) -> Result<&'a str, Fault> {
        self.peek();
        let start = self.at;
        // One bit an enclosing value, the innermost lowest: 1 for an object.
        let mut objects = 0_u64;
        let outside = self.depth;
        loop {
            match self.peek() {
                b'{' => {
                    self.enter()?;
                    objects = objects << 1 | 1;
                    if self.peek() != b'}' {
                        self.skip_key()?;
                        continue;
                    }
                }
                b'[' => {
                    self.enter()?;
                    objects <<= 1;
                    if self.peek() != b']' {
                        continue;
                    }
                }
                b'"' => self.at = string::skip(self.text, self.at)?,
                _ => {
                    self.scalar()?;
                }
            }
            // A value, or the inside of an empty one, has ended: go on behind it.
            loop {
                if self.depth == outside {
                    return Ok(&self.text[start..self.at]);
                }
                let object = objects & 1 == 1;
                match (self.peek(), object) {
                    (b',', true) => {
                        self.at += 1;
                        self.skip_key()?;
                        break;
                    }
                    (b',', false) => {
                        self.at += 1;
                        break;
                    }
                    (b'}', true) | (b']', false) => {
                        self.leave();
                        objects >>= 1;
                    }
                    (_, true) => return self.fault("',' or '}'"),
                    (_, false) => return self.fault("',' or ']'"),
                }
            }
        }
    }

    fn skip_key(&mut self) -> Result<(), Fault> {
        if self.peek() != b'"' {
            return self.fault("a key in double quotes");
        }
        self.at = string::skip(self.text, self.at)?;
        self.colon()
    }
}
