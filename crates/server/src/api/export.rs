//! Lists as files: CSV for spreadsheets and JSON lines for programs, written while they are read, so that a list of any
//! length takes no more memory than a few pieces of it.
//!
//! JSON lines hold the objects of the list. CSV has a column for each plain value of them, a list's in one cell with `; ` between;
//! filters are left out. What a spreadsheet would take for a formula gets an apostrophe before it: what customers write is never
//! run.

mod cells;
mod described;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;

pub(super) use described::{Csv, Jsonl};

use crate::desk::{AT_MOST, Listed, Page};
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use cells::Place;
use futures::stream;
use serde::Serialize;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::ops::ControlFlow;
use tokio::sync::mpsc;

/// Bytes that are sent at once.
const PIECE: usize = 32 << 10;
/// Pieces that wait for whoever reads slowly.
const WAITING: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    /// JSON lines.
    Jsonl,
}

impl Format {
    fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/x-ndjson",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

/// What is written, and how.
#[derive(Debug, Clone, Copy)]
pub struct Export {
    pub format: Format,
    /// Of the file, without its ending: letters, digits and hyphens.
    pub name: &'static str,
    /// Of the CSV: each with its name and where it stands in an item's JSON, as a JSON pointer (RFC 6901); `/*` stands for each
    /// item of a list. Whoever reads the files goes by the names.
    pub columns: &'static [(&'static str, &'static str)],
}

impl Export {
    /// Has `write` write all rows, on a thread of its own. Where it fails, or breaks off, the answer breaks off, too, so that
    /// nobody takes a part for the whole.
    pub fn answer<E>(self, write: impl FnOnce(&mut Sink) -> Result<(), E> + Send + 'static) -> Response
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let (sender, pieces) = mpsc::channel(WAITING);
        let mut sink = Sink { rows: Rows::new(self), sender, is_gone: false };
        tokio::task::spawn_blocking(move || match write(&mut sink) {
            Ok(()) => sink.finish(),
            Err(error) => {
                tracing::error!(why = crate::problem::chain(&error), "an export broke off");
                sink.break_off();
            }
        });
        // Without its end told, what a panic cuts would look whole.
        let pieces = stream::unfold(Some(pieces), |pieces| async move {
            let mut pieces = pieces?;
            match pieces.recv().await {
                Some(Piece::Rows(bytes)) => Some((Ok(bytes), Some(pieces))),
                Some(Piece::End) => None,
                None => Some((Err(io::Error::other("the export broke off")), None)),
            }
        });
        self.response(Body::from_stream(pieces))
    }

    /// A list that comes all at once.
    pub fn of_all<T: Serialize + Send + 'static>(self, items: Vec<T>) -> Response {
        self.answer(move |sink| {
            // Where nobody reads on there is nothing more to do.
            let _ = items.iter().try_for_each(|item| sink.row(item));
            Ok::<_, Infallible>(())
        })
    }

    /// All pages of a list, one after the other.
    ///
    /// # Errors
    /// Those of the first page.
    pub async fn of_pages<T, F, Fut>(self, mut page: F) -> Result<Response, Problem>
    where
        T: Serialize + Send + 'static,
        F: FnMut(Page) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Listed<T>, Problem>> + Send,
    {
        let first = page(Page { limit: AT_MOST, behind: None }).await?;
        let begun = (Rows::new(self), Some(first), page);
        let pieces = stream::try_unfold(begun, |(mut rows, listed, mut page)| async move {
            let Some(listed) = listed else { return Ok(None) };
            listed.items.iter().for_each(|item| rows.add(item));
            let next = match listed.next {
                None => None,
                Some(cursor) => {
                    let behind = Page::new(Some(AT_MOST), Some(&cursor)).map_err(io::Error::other)?;
                    // The log has why.
                    let next = page(behind).await.map_err(|_| io::Error::other("the export broke off"))?;
                    Some(next)
                }
            };
            Ok::<_, io::Error>(Some((rows.taken(), (rows, next, page))))
        });
        Ok(self.response(Body::from_stream(pieces)))
    }

    fn response(self, body: Body) -> Response {
        let mut response = body.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.format.content_type()));
        let file = format!("attachment; filename=\"verbatim-{}.{}\"", self.name, self.format.ending());
        // Of a fixed name and ending.
        if let Ok(file) = HeaderValue::from_str(&file) {
            headers.insert(header::CONTENT_DISPOSITION, file);
        }
        response
    }
}

enum Piece {
    Rows(Bytes),
    End,
}

/// Takes rows. It waits while whoever reads them is slow.
pub struct Sink {
    rows: Rows,
    sender: mpsc::Sender<Piece>,
    is_gone: bool,
}

impl Sink {
    /// Breaks where nobody reads on.
    pub fn row(&mut self, item: &impl Serialize) -> ControlFlow<()> {
        self.rows.add(item);
        if self.rows.len() >= PIECE {
            self.send();
        }
        if self.is_gone { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn send(&mut self) {
        let piece = Piece::Rows(self.rows.taken());
        self.is_gone = self.sender.blocking_send(piece).is_err();
    }

    fn finish(mut self) {
        self.send();
        // Whoever went does not miss it.
        let _ = self.sender.blocking_send(Piece::End);
    }

    fn break_off(mut self) {
        self.send();
    }
}

/// No further field.
const END_OF_ROW: Option<&[u8]> = None;

/// Rows as bytes.
enum Rows {
    Lines(Vec<u8>),
    Table { places: Vec<Place>, writer: Box<csv::Writer<Vec<u8>>> },
}

impl Rows {
    fn new(export: Export) -> Self {
        if export.format == Format::Jsonl {
            return Self::Lines(Vec::new());
        }
        let places = export.columns.iter().map(|(_, place)| Place::of(place)).collect();
        let mut writer = table();
        // Into memory, here and below; every row has as many cells.
        let _ = writer.write_record(export.columns.iter().map(|(name, _)| name));
        Self::Table { places, writer }
    }

    /// Bytes so far, but for a few that wait to be put behind them.
    fn len(&self) -> usize {
        match self {
            Self::Lines(bytes) => bytes.len(),
            Self::Table { writer, .. } => writer.get_ref().len(),
        }
    }

    fn add(&mut self, item: &impl Serialize) {
        match self {
            Self::Lines(bytes) => {
                // Plain data: there is nothing in it that JSON has no form for.
                if serde_json::to_writer(&mut *bytes, item).is_ok() {
                    bytes.push(b'\n');
                }
            }
            Self::Table { places, writer } => {
                let item = serde_json::to_value(item).unwrap_or_default();
                let cells = places.iter().map(|place| place.cell(&item));
                let mut cells = cells.map(|cell| writer.write_field(cell.as_bytes()));
                let _ = cells.try_for_each(|written| written).and_then(|()| writer.write_record(END_OF_ROW));
            }
        }
    }

    fn taken(&mut self) -> Bytes {
        match self {
            Self::Lines(bytes) => std::mem::take(bytes).into(),
            Self::Table { writer, .. } => {
                let writer = std::mem::replace(writer, table());
                writer.into_inner().unwrap_or_default().into()
            }
        }
    }
}

fn table() -> Box<csv::Writer<Vec<u8>>> {
    let rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    Box::new(rows)
}
