//! Pieces of HTML: nothing gets into the page but through these, escaped.

use crate::output;

/// A text as text, in an element or in an attribute's quotes; without what would turn its direction.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in output::printable(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

pub fn heading(level: u8, text: &str) -> String {
    format!("<h{level}>{}</h{level}>\n", escaped(text))
}

pub fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escaped(text))
}

/// What the cells of a table hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    Numbers,
    Words,
}

/// A table that scrolls by itself where the screen is narrow. The first cell of a row is its heading; a row with fewer
/// cells than the header is filled up.
pub fn table<R>(caption: &str, cells: Cells, header: &[&str], rows: impl IntoIterator<Item = R>) -> String
where
    R: IntoIterator<Item = String>,
{
    let class = if cells == Cells::Words { " class=\"words\"" } else { "" };
    let head: String =
        header.iter().map(|name| format!("<th scope=\"col\">{}</th>", escaped(name))).collect();
    let mut body = String::new();
    for row in rows {
        body += "<tr>";
        let blank = std::iter::repeat_with(String::new);
        for (at, cell) in row.into_iter().chain(blank).take(header.len()).enumerate() {
            let cell = escaped(&cell);
            body +=
                &if at == 0 { format!("<th scope=\"row\">{cell}</th>") } else { format!("<td>{cell}</td>") };
        }
        body += "</tr>\n";
    }
    let caption = escaped(caption);
    format!(
        "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\"><table{class}>\
         <caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n"
    )
}

/// A picture, and its figures behind it.
pub fn figure(svg: &str, table: &str) -> String {
    format!("<figure>{svg}</figure>\n<details><summary>The figures</summary>\n{table}</details>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(
            escaped("<a href=\"x\">Tom & 'Ann'</a>"),
            "&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Ann&#39;&lt;/a&gt;"
        );
        assert_eq!(escaped("a\u{202e}b\u{7}"), "a\u{fffd}b\u{fffd}");
    }

    #[test]
    fn a_table_says_what_its_cells_belong_to() {
        let rows = [vec!["<1>".to_owned(), "2".to_owned()], vec!["3".to_owned()]];
        let table = table("Counts", Cells::Numbers, &["label", "n"], rows);
        assert!(table.contains("<caption>Counts</caption>") && table.contains("<th scope=\"col\">n</th>"));
        assert!(table.contains("<tr><th scope=\"row\">&lt;1&gt;</th><td>2</td></tr>"), "{table}");
        assert!(table.contains("<tr><th scope=\"row\">3</th><td></td></tr>"), "{table}");
    }
}
