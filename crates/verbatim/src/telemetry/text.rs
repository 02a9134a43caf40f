//! The fields of a line as a person reads it: behind the message, each as `name=value`.

use std::error::Error;
use std::fmt::{Debug, Result, Write};
use tracing::field::{Field, Visit};
use tracing_subscriber::field::{MakeVisitor, VisitFmt, VisitOutput};
use tracing_subscriber::fmt::format::{DefaultVisitor, Writer};

/// The names under which counters are exported. Their line says in its message what they say, and the fields are for
/// programs.
const COUNTERS: &str = "verbatim_worker_";

pub struct Text;

impl<'a> MakeVisitor<Writer<'a>> for Text {
    type Visitor = Shown<'a>;

    fn make_visitor(&self, writer: Writer<'a>) -> Shown<'a> {
        Shown(DefaultVisitor::new(writer, true))
    }
}

/// All but the counters.
pub struct Shown<'a>(DefaultVisitor<'a>);

impl Visit for Shown<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if is_shown(field) {
            self.0.record_str(field, value);
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        if is_shown(field) {
            self.0.record_error(field, value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if is_shown(field) {
            self.0.record_debug(field, value);
        }
    }
}

fn is_shown(field: &Field) -> bool {
    !field.name().starts_with(COUNTERS)
}

impl VisitOutput<Result> for Shown<'_> {
    fn finish(self) -> Result {
        self.0.finish()
    }
}

impl VisitFmt for Shown<'_> {
    fn writer(&mut self) -> &mut dyn Write {
        self.0.writer()
    }
}
