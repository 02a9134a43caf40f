//! What users attach to a response under names of their own: hidden fields, custom variables, properties of a person.

use crate::event::Item;
use serde_json::Value;

/// Puts each where the contracts have a place for it, and the others beside the item as metadata, under their own names.
/// What has no name that we know is nobody's mistake, so nothing is refused here.
pub(super) fn read(fields: &Value, item: &mut Item) {
    for (name, value) in fields.as_object().into_iter().flatten() {
        let label = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Null => continue,
            _ => String::new(),
        };
        match place(name, item) {
            Some(place @ None) if !label.is_empty() => *place = Some(label),
            _ if value.is_string() && label.is_empty() => {}
            _ => drop(item.metadata.insert(name.clone(), value.clone())),
        }
    }
}

fn place<'i>(name: &str, item: &'i mut Item) -> Option<&'i mut Option<String>> {
    let name = name.trim().to_lowercase().replace(['-', ' ', '.'], "_");
    let author = &mut item.author;
    Some(match name.as_str() {
        "user_id" | "userid" | "uid" | "customer_id" | "customerid" | "contact_id" | "person_id"
        | "respondent_id" => &mut author.id,
        "email" | "e_mail" | "email_address" | "user_email" | "customer_email" => &mut author.email,
        "name" | "full_name" | "fullname" | "user_name" | "customer_name" => &mut author.name,
        "account" | "account_id" | "account_name" | "company" | "company_id" | "company_name"
        | "organization" | "organisation" | "organization_id" | "org" | "org_id" | "tenant" | "tenant_id"
        | "workspace" | "workspace_id" => &mut author.account,
        "segment" | "plan" | "tier" => &mut author.segment,
        "product" | "product_name" => &mut item.product,
        "app_version" | "version" => &mut item.app_version,
        "platform" | "os" => &mut item.platform,
        "territory" | "country" | "country_code" => &mut item.territory,
        "language" | "lang" | "locale" => &mut item.language,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn known_names_have_a_place_and_others_stay_beside() {
        let mut item = Item::default();
        item.author.email = Some("own@example.org".to_owned());
        let fields = json!({
            "User-ID": 77, "email": "hidden@example.org", "Company": " Acme ", "plan": "pro", "Country": "NL",
            "campaign": "spring", "seats": 12, "beta": true, "blank": " ", "none": null, "account": {"id": 1},
        });
        read(&fields, &mut item);
        assert_eq!(item.author.id.as_deref(), Some("77"));
        assert_eq!(item.author.email.as_deref(), Some("own@example.org"));
        assert_eq!(
            (item.author.account.as_deref(), item.author.segment.as_deref()),
            (Some("Acme"), Some("pro"))
        );
        assert_eq!(item.territory.as_deref(), Some("NL"));
        let beside = json!({
            "account": {"id": 1}, "beta": true, "campaign": "spring", "email": "hidden@example.org", "seats": 12,
        });
        assert_eq!(Value::Object(item.metadata), beside);
    }
}
