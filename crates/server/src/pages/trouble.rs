//! An error, for a person.

use super::layout::bare;
use crate::problem::Problem;
use axum::response::Html;
use maud::html;

pub fn page(problem: &Problem) -> Html<String> {
    let body = html! {
        section.card.login {
            h1 { (problem.title) }
            p { (problem.detail) }
            p { a href="/" { "To the overview" } }
        }
    };
    bare(problem.title, body)
}
