//! What the elements of HTML mean for a text.

use html5gum::State;

/// How an element shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// Within a line.
    Inline,
    /// On lines of its own.
    Block,
    /// On lines of its own, with a blank line around it.
    Paragraph,
    /// As a paragraph, white space as it stands.
    Preformatted,
    /// `<br>`.
    Break,
    /// An item of a list.
    Item,
    /// A cell of a table: on the line of its row.
    Cell,
    Image,
    /// Words of somebody else.
    Quote,
    /// It shows nothing, nor does anything inside.
    Dropped,
}

pub(super) fn of(name: &[u8]) -> Element {
    match name {
        b"br" => Element::Break,
        b"li" => Element::Item,
        b"td" | b"th" => Element::Cell,
        b"img" => Element::Image,
        b"pre" | b"listing" | b"textarea" | b"xmp" => Element::Preformatted,
        b"blockquote" => Element::Quote,
        b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"ul" | b"ol" | b"dl" | b"hr" | b"table"
        | b"figure" => Element::Paragraph,
        b"address" | b"article" | b"aside" | b"body" | b"caption" | b"center" | b"dd" | b"details"
        | b"dir" | b"div" | b"dt" | b"fieldset" | b"figcaption" | b"footer" | b"form" | b"header"
        | b"html" | b"legend" | b"main" | b"menu" | b"nav" | b"option" | b"section" | b"summary"
        | b"tbody" | b"tfoot" | b"thead" | b"tr" => Element::Block,
        b"audio" | b"canvas" | b"datalist" | b"iframe" | b"noembed" | b"noframes" | b"noscript"
        | b"script" | b"style" | b"svg" | b"template" | b"title" | b"video" => Element::Dropped,
        _ => Element::Inline,
    }
}

/// How the content of an element is read where tags in it are none.
pub(super) fn content_state(name: &[u8]) -> Option<State> {
    match name {
        b"script" => Some(State::ScriptData),
        b"title" => Some(State::RcData),
        b"iframe" | b"noembed" | b"noframes" | b"noscript" | b"style" => Some(State::RawText),
        _ => None,
    }
}

/// Elements that never have content or an end tag.
pub(super) fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

/// Elements that end where the next one of their kind begins.
pub(super) fn ends_at_next(name: &[u8]) -> bool {
    matches!(name, b"p" | b"li" | b"dt" | b"dd" | b"td" | b"th" | b"tr" | b"option")
}

/// Whether HTML has such an element; the names that a person may write in angle brackets (`<data>`, `<object>`, `<time>`)
/// are left out where bodies hardly ever have them.
pub(super) fn is_known(name: &[u8]) -> bool {
    let inline: &[&[u8]] = &[
        b"a", b"abbr", b"b", b"bdi", b"bdo", b"big", b"cite", b"code", b"del", b"em", b"font", b"head", b"i",
        b"ins", b"kbd", b"label", b"mark", b"q", b"s", b"small", b"span", b"strike", b"strong", b"sub",
        b"sup", b"tt", b"u", b"wbr",
    ];
    let shown = !matches!(of(name), Element::Inline | Element::Dropped);
    let dropped: &[&[u8]] = &[b"iframe", b"noscript", b"script", b"style", b"svg", b"template", b"title"];
    shown || inline.contains(&name) || dropped.contains(&name) || matches!(name, b"meta" | b"link")
}
