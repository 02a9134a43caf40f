//! From tags and text to lines.

use super::Quotes;
use super::elements::{self, Element};
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, State, Tokenizer};

/// Stands on a line of its own where a quotation was left out, so that who follows the lines knows. It cannot come from
/// the input: of its characters this one is dropped, as browsers do.
pub(super) const QUOTATION: char = '\0';

/// More line breaks than these (one blank line) are shown as these.
const MOST_BREAKS: usize = 2;

pub(super) fn render(html: &str, quotes: Quotes) -> String {
    let mut page = Page::new(quotes);
    let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| page.see(event));
    let mut tokens = Tokenizer::new_with_emitter(html, emitter);
    // An event asks at most for another way to read on.
    while let Some(Ok(state)) = tokens.next() {
        tokens.set_state(state);
    }
    drop(tokens);
    page.out.truncate(page.out.trim_end().len());
    page.out
}

/// A start tag while its attributes are read.
#[derive(Default)]
struct Tag {
    name: Vec<u8>,
    attribute: Attribute,
    hidden: bool,
    /// What a mail program puts around the mail that is answered.
    quotes: bool,
    /// What stands between an answer and all that was written before.
    cuts: bool,
    alt: Option<String>,
}

#[derive(Default, Clone, Copy)]
enum Attribute {
    Alt,
    Class,
    Id,
    Style,
    #[default]
    Other,
}

impl Tag {
    fn attribute(&mut self, name: &[u8]) {
        self.hidden |= name == b"hidden";
        self.attribute = match name {
            b"alt" => Attribute::Alt,
            b"class" => Attribute::Class,
            b"id" => Attribute::Id,
            b"style" => Attribute::Style,
            _ => Attribute::Other,
        };
    }

    fn value(&mut self, value: &[u8]) {
        const QUOTING: [&str; 5] =
            ["gmail_quote", "moz-cite-prefix", "protonmail_quote", "yahoo_quoted", "zmail_extra"];
        const CUTTING: [&[u8]; 2] = [b"appendonsend", b"divRplyFwdMsg"];
        let value = value.trim_ascii();
        match self.attribute {
            Attribute::Alt => self.alt = Some(String::from_utf8_lossy(value).into_owned()),
            Attribute::Class => {
                let value = String::from_utf8_lossy(value);
                let mut classes = value.split_ascii_whitespace();
                self.quotes |= classes.any(|class| QUOTING.iter().any(|quoting| class.starts_with(quoting)));
            }
            Attribute::Id => self.cuts |= CUTTING.contains(&value),
            Attribute::Style => {
                let style: Vec<u8> =
                    value.iter().filter(|byte| !byte.is_ascii_whitespace()).copied().collect();
                let style = style.to_ascii_lowercase();
                self.hidden |= style.windows(b"display:none".len()).any(|part| part == b"display:none");
            }
            Attribute::Other => {}
        }
    }
}

/// An element of which nothing is shown.
struct Skipped {
    /// Empty where it goes on to the end.
    name: Vec<u8>,
    /// How many of that name are open.
    depth: usize,
}

/// The lines so far, and what stands between them and the next character.
struct Page {
    quotes: Quotes,
    out: String,
    breaks: usize,
    space: bool,
    bullet: bool,
    /// Something between the last character and the next was not shown.
    cut: bool,
    /// How many preformatted elements are open.
    preformatted: usize,
    /// Of those, the first line break is not shown.
    starts_preformatted: bool,
    tag: Option<Tag>,
    skipped: Option<Skipped>,
}

impl Page {
    fn new(quotes: Quotes) -> Self {
        Self {
            quotes,
            out: String::new(),
            breaks: 0,
            space: false,
            bullet: false,
            cut: false,
            preformatted: 0,
            starts_preformatted: false,
            tag: None,
            skipped: None,
        }
    }

    fn see(&mut self, event: CallbackEvent<'_>) -> Option<State> {
        self.cut = true;
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = Some(Tag { name: name.to_vec(), ..Tag::default() });
            }
            // End tags have attributes too, with no tag open here.
            CallbackEvent::AttributeName { name } => self.tag.iter_mut().for_each(|tag| tag.attribute(name)),
            CallbackEvent::AttributeValue { value } => self.tag.iter_mut().for_each(|tag| tag.value(value)),
            CallbackEvent::CloseStartTag { self_closing } => {
                let tag = self.tag.take().unwrap_or_default();
                let state = elements::content_state(&tag.name);
                self.open(tag, self_closing);
                return state;
            }
            CallbackEvent::EndTag { name } => {
                self.tag = None;
                self.close(name);
            }
            CallbackEvent::String { value } if self.skipped.is_none() => {
                self.text(&String::from_utf8_lossy(value));
            }
            _ => {}
        }
        None
    }

    fn open(&mut self, tag: Tag, self_closing: bool) {
        if let Some(skipped) = &mut self.skipped {
            if tag.name != skipped.name {
                return;
            }
            if !elements::ends_at_next(&tag.name) {
                skipped.depth += 1;
                return;
            }
            self.skipped = None;
        }
        let element = elements::of(&tag.name);
        let left_out =
            self.quotes == Quotes::LeaveOut && (element == Element::Quote || tag.quotes || tag.cuts);
        // Of the elements of other vocabularies `/>` is the end.
        let ends = elements::is_void(&tag.name) || (self_closing && tag.name == b"svg");
        if left_out && !ends {
            self.line();
            self.bullet = false;
            self.push(QUOTATION);
            self.line();
            let name = if tag.cuts { Vec::new() } else { tag.name };
            self.skipped = Some(Skipped { name, depth: 1 });
        } else if (tag.hidden || element == Element::Dropped) && !ends {
            self.skipped = Some(Skipped { name: tag.name, depth: 1 });
        } else if !tag.hidden {
            self.show(element, tag.alt.as_deref());
        }
    }

    fn show(&mut self, element: Element, alt: Option<&str>) {
        match element {
            Element::Inline | Element::Dropped => {}
            Element::Block => self.line(),
            Element::Paragraph | Element::Quote => self.paragraph(),
            Element::Preformatted => {
                self.paragraph();
                self.preformatted += 1;
                self.starts_preformatted = true;
            }
            Element::Break => self.breaks = (self.breaks + 1).min(MOST_BREAKS),
            Element::Item => {
                self.line();
                self.bullet = true;
            }
            Element::Cell => self.space = true,
            // Mail programs write smileys as images; other images say nothing of the customer's.
            Element::Image => alt.filter(|alt| is_symbol(alt)).into_iter().for_each(|alt| self.text(alt)),
        }
    }

    fn close(&mut self, name: &[u8]) {
        if let Some(skipped) = &mut self.skipped {
            if name == skipped.name {
                skipped.depth -= 1;
                if skipped.depth == 0 {
                    self.skipped = None;
                }
            }
            return;
        }
        match elements::of(name) {
            Element::Inline | Element::Dropped | Element::Image => {}
            Element::Block | Element::Item => self.line(),
            Element::Paragraph | Element::Quote => self.paragraph(),
            Element::Preformatted => {
                self.paragraph();
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            Element::Break => self.breaks = (self.breaks + 1).min(MOST_BREAKS),
            Element::Cell => self.space = true,
        }
    }

    fn line(&mut self) {
        self.breaks = self.breaks.max(1);
    }

    fn paragraph(&mut self) {
        self.breaks = MOST_BREAKS;
    }

    fn text(&mut self, text: &str) {
        for char in text.chars() {
            match char {
                '\n' if self.preformatted > 0 => {
                    if !self.starts_preformatted {
                        self.breaks = (self.breaks + 1).min(MOST_BREAKS);
                    }
                }
                ' ' | '\t' if self.preformatted > 0 => self.push(char),
                ' ' | '\t' | '\n' | '\u{c}' | '\r' | '\u{a0}' => self.space = true,
                // Nobody sees these: no character, places to break a word, a byte order mark.
                QUOTATION | '\u{ad}' | '\u{34f}' | '\u{200b}' | '\u{feff}' => self.cut = true,
                _ => self.push(char),
            }
            self.starts_preformatted = false;
        }
    }

    fn push(&mut self, char: char) {
        if self.breaks > 0 || self.out.is_empty() {
            if !self.out.is_empty() {
                self.out.extend(std::iter::repeat_n('\n', self.breaks));
            }
            self.space = false;
            self.breaks = 0;
        }
        if std::mem::take(&mut self.bullet) {
            self.out.push_str("- ");
            self.space = false;
        }
        // What stood apart must not become a tag by what was left out between.
        let opens = char.is_ascii_alphabetic() || matches!(char, '/' | '!' | '?');
        let joins = self.cut && opens && self.out.ends_with('<');
        if std::mem::take(&mut self.space) || joins {
            self.out.push(' ');
        }
        self.cut = false;
        self.out.push(char);
    }
}

/// A smiley rather than a word.
fn is_symbol(alt: &str) -> bool {
    !alt.is_empty() && alt.chars().count() <= 16 && !alt.chars().any(char::is_alphanumeric)
}
