//! The names of a contract's fields: one list for the decoder and for the test that compares the schema.

macro_rules! fields {
    ($(#[$doc:meta])* $vis:vis $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $vis enum $name { $($variant),+ }

        #[allow(dead_code)] // Some lists are read by the tests alone.
        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            #[inline]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }

            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

pub(crate) use fields;
