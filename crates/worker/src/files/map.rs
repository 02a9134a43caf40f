//! A column map: which column of a CSV file holds which field of a payload.

use feedback::kind::Contract;
use std::collections::BTreeMap;

/// From the names of payload fields, with dots into objects and numbers into lists (`author.email`,
/// `answers.0.text`), to where their values come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMap {
    /// Field to column name.
    pub columns: BTreeMap<String, String>,
    /// Field to a value that every row has.
    pub constants: BTreeMap<String, String>,
}

/// A map that was held against a file's header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BoundMap {
    root: Vec<(String, Node)>,
    has_id: bool,
    /// Columns that no field takes; they are kept as metadata.
    unmapped: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Node {
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
    Column(usize),
    Constant(String),
}

impl ColumnMap {
    /// Every column under its own name: for files that use the names of the contract, in whatever case.
    pub(super) fn of_header(header: &[String], contract: Contract) -> Self {
        let field = |name: &String| {
            let lower = name.to_lowercase();
            let first = lower.split('.').next().unwrap_or_default();
            if contract.has_field(first) { lower } else { name.clone() }
        };
        let named = header.iter().filter(|name| !name.is_empty());
        Self { columns: named.map(|name| (field(name), name.clone())).collect(), constants: BTreeMap::new() }
    }

    /// Fields that are given twice, or both as a value and as an object.
    #[must_use]
    pub fn clashes(&self) -> Vec<&str> {
        let mut tree = BTreeMap::new();
        let fields = self.columns.keys().chain(self.constants.keys());
        fields.filter(|field| !insert(&mut tree, field, Node::Column(0))).map(String::as_str).collect()
    }

    /// # Errors
    /// Says which column the file does not have, or which field is both a value and an object.
    pub(super) fn bind(&self, header: &[String]) -> Result<BoundMap, String> {
        self.bind_where(header, |_| true)
    }

    /// As [`Self::bind`]; a column that the map names, but `is_field` does not know, is told with those that are kept.
    pub(super) fn bind_where(
        &self,
        header: &[String],
        is_field: impl Fn(&str) -> bool,
    ) -> Result<BoundMap, String> {
        if let Some(field) = self.clashes().first() {
            return Err(format!("{field} is given twice, or both as a value and as an object"));
        }
        let mut tree = BTreeMap::new();
        let mut used = vec![false; header.len()];
        for (field, column) in &self.columns {
            let wanted = column.trim().to_lowercase();
            let at = header.iter().position(|name| name.to_lowercase() == wanted).ok_or_else(|| {
                let found = super::header::told(header);
                format!("there is no column {column:?} for {field}; the file has {found}")
            })?;
            used[at] = true;
            insert(&mut tree, field, Node::Column(at));
        }
        for (field, value) in &self.constants {
            insert(&mut tree, field, Node::Constant(value.clone()));
        }
        let has_id = tree.contains_key("id");
        let mut unmapped = Vec::new();
        for (at, name) in header.iter().enumerate().filter(|(at, name)| !(used[*at] && is_field(name))) {
            // What stands in a column without a name is somebody's words all the same.
            let name = if name.is_empty() { format!("column {}", at + 1) } else { name.clone() };
            if !used[at] {
                keep(&mut tree, &name, at);
            }
            unmapped.push(name);
        }
        let node = |name: &str, branch: Branch| match branch {
            // A column may be called 1.
            Branch::Inner(below) if name == "metadata" => Branch::object(below),
            branch => branch.into_node(),
        };
        let root = tree.into_iter().map(|(name, branch)| (name.clone(), node(&name, branch))).collect();
        Ok(BoundMap { root, has_id, unmapped })
    }
}

/// A column that nobody asked for, as a field of the metadata. What the map itself puts there comes first.
fn keep(tree: &mut BTreeMap<String, Branch>, name: &str, at: usize) {
    let metadata = tree.entry("metadata".to_owned()).or_insert_with(|| Branch::Inner(BTreeMap::new()));
    if let Branch::Inner(fields) = metadata {
        fields.entry(name.to_owned()).or_insert(Branch::Leaf(Node::Column(at)));
    }
}

enum Branch {
    Leaf(Node),
    Inner(BTreeMap<String, Branch>),
}

/// Whether the place was free.
fn insert(tree: &mut BTreeMap<String, Branch>, field: &str, leaf: Node) -> bool {
    match field.split_once('.') {
        None => tree.insert(field.to_owned(), Branch::Leaf(leaf)).is_none(),
        Some((first, rest)) => {
            match tree.entry(first.to_owned()).or_insert_with(|| Branch::Inner(BTreeMap::new())) {
                Branch::Inner(below) => insert(below, rest, leaf),
                Branch::Leaf(_) => false,
            }
        }
    }
}

/// Fields that are all numbers stand for the items of a list.
fn is_list(below: &BTreeMap<String, Branch>) -> bool {
    below.keys().all(|name| name.bytes().all(|b| b.is_ascii_digit()))
}

impl Branch {
    fn into_node(self) -> Node {
        match self {
            Self::Leaf(node) => node,
            Self::Inner(below) if is_list(&below) => {
                let mut items: Vec<(usize, Node)> = below
                    .into_iter()
                    .map(|(name, branch)| (name.parse().unwrap_or(usize::MAX), branch.into_node()))
                    .collect();
                items.sort_by_key(|(at, _)| *at);
                Node::Array(items.into_iter().map(|(_, node)| node).collect())
            }
            Self::Inner(below) => Self::object(below),
        }
    }

    fn object(below: BTreeMap<String, Self>) -> Node {
        Node::Object(below.into_iter().map(|(name, branch)| (name, branch.into_node())).collect())
    }
}

impl BoundMap {
    pub fn unmapped(&self) -> &[String] {
        &self.unmapped
    }

    /// Whether a column or a constant stands for this field of the payload.
    pub fn has(&self, field: &str) -> bool {
        self.root.iter().any(|(name, _)| name == field)
    }

    /// Writes the payload of one row. Empty cells are left out; `id` stands in for a missing id column.
    pub fn write(&self, row: &csv::ByteRecord, id: &str, out: &mut Vec<u8>) {
        out.push(b'{');
        let mut first = true;
        if !self.has_id {
            out.extend_from_slice(b"\"id\":");
            string(id.as_bytes(), out);
            first = false;
        }
        members(&self.root, row, first, out);
        out.push(b'}');
    }
}

fn members(nodes: &[(String, Node)], row: &csv::ByteRecord, mut first: bool, out: &mut Vec<u8>) {
    for (name, node) in nodes.iter().filter(|(_, node)| !is_empty(node, row)) {
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        string(name.as_bytes(), out);
        out.push(b':');
        value(node, row, out);
    }
}

fn value(node: &Node, row: &csv::ByteRecord, out: &mut Vec<u8>) {
    match node {
        Node::Column(at) => string(row.get(*at).unwrap_or_default(), out),
        Node::Constant(text) => string(text.as_bytes(), out),
        Node::Object(nodes) => {
            out.push(b'{');
            members(nodes, row, true, out);
            out.push(b'}');
        }
        Node::Array(nodes) => {
            out.push(b'[');
            for (at, node) in nodes.iter().filter(|node| !is_empty(node, row)).enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                value(node, row, out);
            }
            out.push(b']');
        }
    }
}

/// Whether this row gives it nothing. A list's item needs more than constants: an answer that nobody gave is none.
fn is_empty(node: &Node, row: &csv::ByteRecord) -> bool {
    match node {
        Node::Column(at) => row.get(*at).is_none_or(|cell| cell.trim_ascii().is_empty()),
        Node::Constant(text) => text.is_empty(),
        Node::Object(nodes) => nodes.iter().all(|(_, node)| is_empty(node, row)),
        Node::Array(nodes) => nodes.iter().all(|node| match node {
            Node::Object(nodes) => {
                nodes.iter().all(|(_, node)| matches!(node, Node::Constant(_)) || is_empty(node, row))
            }
            node => is_empty(node, row),
        }),
    }
}

/// A JSON string. Bytes that are not UTF-8 stay what they are: the decoder refuses the row for them.
fn string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            0..=31 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const HEADER: [&str; 4] = ["Review ID", "Text", "Stars", "Mail"];

    fn header() -> Vec<String> {
        HEADER.map(str::to_owned).to_vec()
    }

    fn map(columns: &[(&str, &str)], constants: &[(&str, &str)]) -> ColumnMap {
        let own =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        ColumnMap { columns: own(columns), constants: own(constants) }
    }

    fn row(map: &ColumnMap, cells: &[&str]) -> Value {
        let mut out = Vec::new();
        map.bind(&header()).unwrap().write(&csv::ByteRecord::from(cells.to_vec()), "row-1", &mut out);
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn cells_reach_into_objects_and_lists() {
        let map = map(
            &[
                ("id", "review id"),
                ("author.email", "Mail"),
                ("answers.0.text", "Text"),
                ("answers.1.score.value", "Stars"),
            ],
            &[("answers.0.id", "why"), ("answers.1.id", "rate"), ("answers.1.score.kind", "stars")],
        );
        let full = row(&map, &["r1", "say \"hi\"\n\u{1}", "4", "a@b.example"]);
        let expected = json!({
            "id": "r1",
            "author": { "email": "a@b.example" },
            "answers": [
                { "id": "why", "text": "say \"hi\"\n\u{1}" },
                { "id": "rate", "score": { "kind": "stars", "value": "4" } },
            ],
        });
        assert_eq!(full, expected);
    }

    #[test]
    fn empty_cells_are_left_out_and_a_row_without_id_gets_its_number() {
        let map = map(&[("text", "Text"), ("author.email", "Mail")], &[("product", "Atlas")]);
        assert_eq!(
            row(&map, &["", "fine", " ", ""]),
            json!({ "id": "row-1", "text": "fine", "product": "Atlas" })
        );
        assert_eq!(row(&map, &[""]), json!({ "id": "row-1", "product": "Atlas" }), "a short row");
    }

    #[test]
    fn columns_that_no_field_takes_are_kept_as_metadata() {
        let map = map(&[("text", " TEXT ")], &[("metadata.Stars", "from the map")]);
        let bound = map.bind(&header()).unwrap();
        assert_eq!(bound.unmapped(), ["Review ID", "Stars", "Mail"]);
        let expected = json!({
            "id": "row-1", "text": "fine",
            "metadata": { "Review ID": "r1", "Mail": "a@b.example", "Stars": "from the map" },
        });
        assert_eq!(row(&map, &["r1", "fine", "4", "a@b.example"]), expected);
    }

    #[test]
    fn a_header_may_write_the_contracts_names_in_any_case() {
        let header = ["ID", "Text", "Author.Email", "Plan Tier"].map(str::to_owned);
        let map = ColumnMap::of_header(&header, Contract::Nps);
        assert_eq!(map.columns.keys().collect::<Vec<_>>(), ["Plan Tier", "author.email", "id", "text"]);
    }

    #[test]
    fn a_map_that_does_not_fit_says_so() {
        let missing = map(&[("text", "Comment")], &[]).bind(&header()).unwrap_err();
        assert!(missing.contains("\"Comment\"") && missing.contains("Review ID"), "{missing}");
        let row = ["r1", "Tobias Meier", "4"].map(str::to_owned);
        let missing = map(&[("text", "Text")], &[]).bind(&row).unwrap_err();
        assert!(missing.contains("the file has no header: its first line looks like a row"), "{missing}");
        assert!(!missing.contains("Tobias"), "{missing}");
        let clash = map(&[("author", "Mail"), ("author.email", "Mail")], &[]).bind(&header()).unwrap_err();
        assert!(clash.starts_with("author.email is given twice"), "{clash}");
        let both = map(&[("text", "Text"), ("a.b", "Mail"), ("a.b.c", "Mail")], &[("text", "x")]);
        assert_eq!(both.clashes(), ["a.b.c", "text"]);
    }

    #[test]
    fn a_column_without_a_name_is_kept_by_its_number() {
        let header = ["id", "", "text", ""].map(str::to_owned);
        let map = ColumnMap::of_header(&header, Contract::Nps).bind(&header).unwrap();
        assert_eq!(map.unmapped(), ["column 2", "column 4"]);
        let mut out = Vec::new();
        map.write(&csv::ByteRecord::from(vec!["1", "and this", "fine", " "]), "row-1", &mut out);
        let row: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(row, json!({ "id": "1", "text": "fine", "metadata": { "column 2": "and this" } }));
    }

    #[test]
    fn what_is_not_utf8_is_not_repaired() {
        let mut out = Vec::new();
        let record = csv::ByteRecord::from(vec![&b"r1"[..], b"\xff", b"", b""]);
        map(&[("text", "Text")], &[]).bind(&header()).unwrap().write(&record, "1", &mut out);
        assert!(std::str::from_utf8(&out).is_err());
    }
}
