//! What pages load: a sheet, a script, an icon. Built in, and served under names that change with their content, so that
//! browsers may keep them for ever.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

/// A file that is built in.
pub struct Asset {
    name: &'static str,
    kind: &'static str,
    content: &'static str,
    path: LazyLock<String>,
}

pub static STYLE: Asset = Asset {
    name: "style.css",
    kind: "text/css; charset=utf-8",
    content: include_str!("assets/style.css"),
    path: LazyLock::new(|| hashed(&STYLE)),
};
pub static SCRIPT: Asset = Asset {
    name: "script.js",
    kind: "text/javascript; charset=utf-8",
    content: include_str!("assets/script.js"),
    path: LazyLock::new(|| hashed(&SCRIPT)),
};
pub static ICON: Asset = Asset {
    name: "icon.svg",
    kind: "image/svg+xml",
    content: include_str!("assets/icon.svg"),
    path: LazyLock::new(|| hashed(&ICON)),
};

impl Asset {
    /// `/assets/style.3f9a2c01.css`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

fn hashed(asset: &Asset) -> String {
    let hash = Sha256::digest(asset.content);
    let (stem, ending) = asset.name.rsplit_once('.').unwrap_or((asset.name, ""));
    format!("/assets/{stem}.{:02x}{:02x}{:02x}{:02x}.{ending}", hash[0], hash[1], hash[2], hash[3])
}

/// Open to everybody: there is nothing of anybody in them.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Response {
    let asked = |asset: &&Asset| asset.path().strip_prefix("/assets/") == Some(name.as_str());
    match [&STYLE, &SCRIPT, &ICON].into_iter().find(asked) {
        Some(asset) => {
            let headers = [
                (header::CONTENT_TYPE, asset.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, asset.content).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_with_the_content() {
        assert!(STYLE.path().starts_with("/assets/style.") && STYLE.path().ends_with(".css"));
        assert_eq!(STYLE.path().len(), "/assets/style.01234567.css".len());
        assert_ne!(STYLE.path(), SCRIPT.path());
    }

    /// The pages' policy lets nothing in from elsewhere, and no page asks for it.
    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for asset in [&STYLE, &SCRIPT, &ICON] {
            let outside = asset.content.replace("http://www.w3.org/2000/svg", "");
            assert!(!outside.contains("http:") && !outside.contains("https:"), "{}", asset.name);
            assert!(!outside.contains("@import"), "{}", asset.name);
        }
    }
}
