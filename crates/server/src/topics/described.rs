//! How figures of [`insight`] look in JSON, for the description of the API.

use insight::report::Filter;
use utoipa::ToSchema;

/// A number, and what lists the records that it counts.
#[derive(ToSchema)]
#[schema(as = Figure)]
pub struct FigureShown {
    pub value: u64,
    #[schema(value_type = Object)]
    pub filter: Filter,
}

/// Of 95%.
#[derive(ToSchema)]
#[schema(as = Interval)]
pub struct IntervalShown {
    pub low: f64,
    pub high: f64,
}

/// A part of `n`; below 5 of them neither the share nor its interval is told.
#[derive(ToSchema)]
#[schema(as = Share)]
pub struct ShareShown {
    pub hits: u64,
    pub n: u64,
    #[schema(required = true)]
    pub share: Option<f64>,
    #[schema(required = true)]
    pub interval: Option<IntervalShown>,
    /// Lists the hits.
    #[schema(value_type = Object)]
    pub filter: Filter,
    pub of: FigureShown,
}
