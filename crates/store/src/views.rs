//! What is current, for engines that run SQL.

use crate::schema::Table;

/// Statements for DuckDB (with its `delta` extension) that make views of the tables under `root`:
/// `feedback` (what is current, as people corrected it), `feedback_judged` (the same as the models judged it),
/// `corrections`, `dead_letters`, `insights`, `digests` (the last one of each week and owner), and all logs as they lie. The
/// rules are those of `resolve` and of `corrected`; other engines need another way to name a Delta table where the logs are
/// named, and another word for the lists that `feedback` makes of topics.
#[must_use]
pub fn views_sql(root: &str) -> String {
    let columns: Vec<&str> = Table::Feedback.columns().iter().map(|column| column.name).collect();
    // A quote in a path would end the literal.
    let root = root.trim_end_matches('/').replace('\'', "''");
    include_str!("views.sql").replace("{columns}", &columns.join(", ")).replace("{root}", &root)
}

#[cfg(test)]
mod tests {
    use super::views_sql;

    #[test]
    fn the_root_is_a_literal() {
        let sql = views_sql("/data/o'neill/");
        assert!(sql.contains("delta_scan('/data/o''neill/feedback')"), "{sql}");
        assert!(!sql.contains('{'), "{sql}");
    }
}
