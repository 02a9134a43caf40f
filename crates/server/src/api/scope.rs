//! Which days, product and source an answer is about: as the pages have it in their address.

use crate::problem::Problem;
use crate::query::scope::Asked;
use crate::query::{check_named, fields};
use crate::state::App;
use insight::report::Scope;
use utoipa::IntoParams;

/// The fields of every scope.
const OF_A_SCOPE: [&str; 5] = ["weeks", "from", "to", "product", "source"];

/// The last complete weeks unless days are named; what is empty is not asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ScopeQuery {
    /// So many complete weeks.
    #[param(minimum = 1, maximum = 104)]
    pub weeks: Option<u32>,
    #[param(format = Date)]
    pub from: Option<String>,
    /// The last day. Only complete days count: the answer says which it is of.
    #[param(format = Date)]
    pub to: Option<String>,
    pub product: Option<String>,
    /// A kind of source: `survey`, `ticket`, `nps`, `social` …
    pub source: Option<String>,
}

/// What the query of an address asks for, with the values of the fields that this answer has beside those of a scope: empty
/// where it names none.
///
/// # Errors
/// 400: what there is no such field of, or what cannot be read, with what can.
pub(super) fn scope<const N: usize>(
    query: Option<&str>,
    own: [&str; N],
    usual_weeks: i32,
) -> Result<(Scope, [String; N]), Problem> {
    let (mut asked, mut values) = (Asked::default(), std::array::from_fn(|_| String::new()));
    let mut given: Vec<String> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let field = match name.as_ref() {
            "weeks" => &mut asked.weeks,
            "from" => &mut asked.from,
            "to" => &mut asked.to,
            "product" => &mut asked.product,
            "source" => &mut asked.source,
            name => {
                let at = own.iter().position(|own| *own == name).ok_or_else(|| {
                    let known = OF_A_SCOPE.into_iter().chain(own);
                    Problem::bad_request(fields::unknown(name, known))
                })?;
                &mut values[at]
            }
        };
        if given.iter().any(|given| *given == name) {
            return Err(Problem::bad_request(format!("{name} is given twice: it takes one value")));
        }
        value.trim().clone_into(field);
        given.push(name.into_owned());
    }
    Ok((asked.scope(usual_weeks)?, values))
}

/// Refuses a product or a source that nothing has.
///
/// # Errors
/// 400, with those that there are.
pub(super) async fn check_names(app: &App, scope: &Scope) -> Result<(), Problem> {
    check_named(app, &[("product", scope.product.as_deref()), ("source", scope.source.as_deref())]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_read_with_what_an_answer_has_beside() {
        let (told, [sort]) =
            scope(Some("from=2026-03-02&to=2026-03-08&product=our+app&sort=-reach&source="), ["sort"], 4)
                .unwrap();
        assert_eq!((told.period.days(), told.product.as_deref(), told.source), (7, Some("our app"), None));
        assert_eq!(sort, "-reach");
        let (usual, []) = scope(None, [], 4).unwrap();
        assert_eq!(usual.period.days(), 28);
    }

    #[test]
    fn what_there_is_not_is_told_with_what_there_is() {
        let refused = |query: &str| scope(Some(query), ["sort"], 4).unwrap_err().detail;
        let told = refused("sources=nps");
        assert!(told.contains("did you mean source?") && told.ends_with("product, source, sort"), "{told}");
        assert!(!refused("my-secret-word=1").contains("secret"));
        assert!(refused("weeks=2&weeks=3").contains("twice"));
        assert!(refused("weeks=0").contains("from 1 to"));
        assert!(refused("topic=a").contains("no such field"));
    }
}
