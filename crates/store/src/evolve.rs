//! Tables of an older version get today's columns.

use crate::schema::Table;
use crate::table::PURPOSE;
use crate::table::Purpose;
use deltalake_core::kernel::StructField;
use deltalake_core::kernel::transaction::CommitProperties;
use deltalake_core::{DeltaTable, DeltaTableError};

/// Adds the columns that the table lacks, all of them nullable. Without them it can be read and written all the
/// same, but other engines do not see what is new: so whoever may not write goes on with the table as it is.
pub(crate) async fn evolve(delta: DeltaTable, table: Table) -> DeltaTable {
    match missing(&delta, table) {
        Ok(missing) if !missing.is_empty() => {
            let properties = CommitProperties::default()
                .with_cleanup_expired_logs(Some(false))
                .with_metadata([(PURPOSE.to_owned(), Purpose::Append.as_str().into())]);
            let added =
                delta.clone().add_columns().with_fields(missing).with_commit_properties(properties).await;
            match added {
                Ok(evolved) => evolved,
                Err(error) => {
                    tracing::debug!(
                        table = table.name(),
                        error = &error as &dyn std::error::Error,
                        "the table keeps its older columns"
                    );
                    delta
                }
            }
        }
        _ => delta,
    }
}

fn missing(delta: &DeltaTable, table: Table) -> Result<Vec<StructField>, DeltaTableError> {
    let schema = delta.snapshot()?.schema();
    Ok(table
        .delta_fields()
        .filter(|field| field.is_nullable() && schema.field(field.name()).is_none())
        .collect())
}
