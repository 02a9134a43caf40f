//! The columns of the table of topics, and what they mean.

use crate::pages::scope::Asked;
use crate::topics::{By, Sort};
use maud::{Markup, html};

/// A column that the table can be sorted by, or cannot.
struct Column {
    name: &'static str,
    by: Option<By>,
    is_number: bool,
}

const fn column(name: &'static str, by: Option<By>, is_number: bool) -> Column {
    Column { name, by, is_number }
}

const COLUMNS: [Column; 9] = [
    column("Topic", Some(By::Name), false),
    column("Mentions", Some(By::Mentions), true),
    column("By week", None, false),
    column("Of all records", None, true),
    column("Sentiment; negative (95% interval)", Some(By::Negative), false),
    column("Change of the share (95% interval), verdict", Some(By::Change), false),
    column("Days that stand out", None, false),
    column("Reach", Some(By::Reach), true),
    column("Revenue touched", Some(By::Revenue), true),
];

pub(super) fn head(asked: &Asked, sort: Sort) -> Markup {
    html! { thead { tr { @for column in &COLUMNS { (cell(column, asked, sort)) } } } }
}

fn cell(Column { name, by, is_number }: &Column, asked: &Asked, sort: Sort) -> Markup {
    let class = is_number.then_some("number");
    let Some(by) = *by else {
        return html! { th class=[class] scope="col" { (name) } };
    };
    let is_sorted = sort.by == by;
    let aria = is_sorted.then_some(if sort.is_descending { "descending" } else { "ascending" });
    // Names begin with A, figures with the most.
    let is_descending = if is_sorted { !sort.is_descending } else { by != By::Name };
    let next = Sort { by, is_descending };
    html! {
        th class=[class] scope="col" aria-sort=[aria] {
            a.sort href=(asked.address("/topics", &next.to_string())) {
                (name)
                @match aria {
                    Some("descending") => span aria-hidden="true" { "\u{a0}\u{2193}" },
                    Some(_) => span aria-hidden="true" { "\u{a0}\u{2191}" },
                    None => {}
                }
            }
        }
    }
}

pub(super) fn notes() -> Markup {
    html! {
        p.soft { small {
            "A record is counted with each of its topics. Shares are of all records, with words or without: the page of \
             the taxonomy tells those of the records with words. The negative share is of the mentions whose sentiment is \
             known. The change is of the topic\u{2019}s share of all records, in points against the period before, within \
             each kind of source: one that sends more than before moves no topic by that alone. Its verdict says whether \
             it is beyond chance, with the false-discovery rate held among the topics that can be judged. Whether some days \
             of the period stand out from what is usual for the topic is another question, and the report\u{2019}s: a share \
             may be as before with a day that stands out, and may have moved without one. Reach counts people and accounts \
             once; revenue is yearly, of each account what was said last. Below 5 neither is shown."
        } }
    }
}
