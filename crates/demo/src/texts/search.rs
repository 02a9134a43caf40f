//! Finding things: search, filters, saved views.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "search",
    weight: 0.04,
    moods: [0.54, 0.24, 0.22],
    bug_share: 0.45,
    neg: &[
        "the [useless|hopeless|poor] search",
        "search results in no [sensible|useful] order",
        "never finding [old tasks|anything]",
        "search that misses [attachments|half of our tasks|exact matches]",
        "filters that [reset themselves|forget everything]",
    ],
    pos: &[
        "the search",
        "how [quickly|easily] I find [old tasks|everything]",
        "the saved filters",
        "search across all boards",
    ],
    ask: &[
        "search inside attachments",
        "saved searches",
        "a search that forgives typos",
        "filtering by [author|date|several tags]",
    ],
    bugs: &[
        "search [finds nothing|returns no results] for [tasks I can see|the exact title] since {since}",
        "[search results|the filters] [show archived tasks only|ignore the date|leave out attachments] [on|with] {device}",
        "the filter [forgets|loses] its settings {often}[, so I search from scratch|]",
    ],
    complaints: &[
        "the search is [useless|hopeless|a lottery], I [never find|can't find] [anything|last month's tasks], [scrolling is faster|it ignores the exact title]",
        "searching for [an old task|one document] takes [{10-25} minutes|half my morning], [the results are random|no ranking at all]",
        "[why can't search look|search still does not look] into [attachments|comments], [half our knowledge is lost|we gave up searching]",
    ],
    requests: &[
        "please let search [look into attachments|sort by date|forgive typos]",
        "[saved filters|a search box on every board|filtering by several tags] would [save me time|help a lot]",
    ],
    questions: &[
        "how do I search [for an exact phrase|archived tasks|within comments]?",
        "can I [save|share] a filter with my team?",
    ],
    praise: &[
        "the search [finds everything|is superb|is brilliant], [even a task from three years ago|within a second]",
        "saved filters are [a gem|great], [I find what I need at once|everyone has their own view]",
    ],
    plain: &["I search by [tag|title] most of the time", "the search results page has a new layout"],
};
