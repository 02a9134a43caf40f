//! Getting data in and out.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "import_export",
    weight: 0.035,
    moods: [0.52, 0.32, 0.16],
    bug_share: 0.6,
    neg: &[
        "the CSV import",
        "exports that [time out|lose half the columns]",
        "imports that [fail at row {80-900}|garble accents]",
        "not being able to export [our own data|attachments]",
    ],
    pos: &[
        "the easy import",
        "export to spreadsheet in one click",
        "how well the CSV import guesses the columns",
    ],
    ask: &[
        "[scheduled|automatic] exports",
        "export to PDF",
        "a spreadsheet import that keeps the dates",
        "bulk import of [contacts|attachments]",
    ],
    bugs: &[
        "the CSV import [stops|fails] at row {40-900} with error {err}",
        "exporting [a board|our data] to [PDF|CSV|a spreadsheet] gives [an empty file|a file without attachments|broken umlauts]",
        "import [swaps day and month|drops the last column|doubles every row] since {since}",
        "the export [times out|never finishes] for more than {2-9},000 tasks",
    ],
    complaints: &[
        "exporting our own data is [a nightmare|needlessly hard], [one board at a time by hand|attachments are left behind]",
        "{2-5} days to import [our old boards|one spreadsheet], [the importer rejects every second row|half of it garbled]",
    ],
    requests: &[
        "please add [scheduled exports|export to PDF|import from a spreadsheet] [for {trade}|]",
        "[a preview before the import|an undo for imports] would be [good|a relief]",
    ],
    questions: &[
        "how can I export [all boards|one board with attachments|comments] to [CSV|PDF]?",
        "which [columns|format|encoding] does the CSV import expect?",
    ],
    praise: &[
        "importing {800-9000} rows from a spreadsheet [took two minutes|worked first time], [wow|excellent]",
        "the export [is complete|has everything], [clean CSV|ready for the spreadsheet], [great|thank you]",
    ],
    plain: &[
        "we export to CSV at the end of every month",
        "we imported about {300-4000} rows from the old system",
    ],
};
