//! By what the rows were judged.

use crate::error::StoreError;
use crate::{Store, collect};
use polars::prelude::*;

/// One encoder beside one taxonomy, and the rows of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedBy {
    pub encoder: String,
    pub taxonomy: String,
    pub rows: u64,
}

impl Store {
    /// The encoders and taxonomies that judged the rows of `feedback`, superseded ones included, most rows first.
    /// Rows that none judged, such as deletions, are left out.
    pub async fn judged_by(&self) -> Result<Vec<JudgedBy>, StoreError> {
        let by = [col("encoder"), col("taxonomy")];
        let rows = self.feedback().await?.select(by.clone()).drop_nulls(None);
        let counts = collect(rows.group_by(by).agg([len().cast(DataType::Int64).alias("n")])).await?;
        let (encoders, taxonomies) = (counts.column("encoder")?.str()?, counts.column("taxonomy")?.str()?);
        let rows = counts.column("n")?.i64()?;
        let judged = encoders.iter().zip(taxonomies.iter()).zip(rows.iter());
        let mut judged: Vec<JudgedBy> = judged
            .filter_map(|((encoder, taxonomy), rows)| {
                let (encoder, taxonomy) = (encoder?.to_owned(), taxonomy?.to_owned());
                Some(JudgedBy { encoder, taxonomy, rows: rows?.unsigned_abs() })
            })
            .collect();
        judged.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.encoder.cmp(&b.encoder)));
        Ok(judged)
    }
}
