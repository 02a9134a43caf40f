//! What a caller may do.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

/// Not a ladder: a sender sends and sees nothing, a viewer sees and changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Posts feedback to the gateway, nothing else: for programs of others.
    Sender,
    /// Looks at everything.
    Viewer,
    /// And corrects, judges alerts, works on cases, posts feedback.
    Editor,
    /// And changes what holds for all: the taxonomy, say.
    Admin,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no role: use sender, viewer, editor or admin")]
pub struct NoRole(String);

impl Role {
    pub const ALL: [Self; 4] = [Self::Sender, Self::Viewer, Self::Editor, Self::Admin];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    #[must_use]
    pub fn may_send(self) -> bool {
        matches!(self, Self::Sender | Self::Editor | Self::Admin)
    }

    #[must_use]
    pub fn may_view(self) -> bool {
        matches!(self, Self::Viewer | Self::Editor | Self::Admin)
    }

    #[must_use]
    pub fn may_edit(self) -> bool {
        matches!(self, Self::Editor | Self::Admin)
    }

    #[must_use]
    pub fn may_administer(self) -> bool {
        self == Self::Admin
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Role {
    type Err = NoRole;

    fn from_str(text: &str) -> Result<Self, NoRole> {
        let text = text.trim();
        let found = Self::ALL.into_iter().find(|role| role.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| NoRole(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_its_name_says() {
        // Sends, views, edits, administers.
        for (role, may) in [
            (Role::Sender, [true, false, false, false]),
            (Role::Viewer, [false, true, false, false]),
            (Role::Editor, [true, true, true, false]),
            (Role::Admin, [true, true, true, true]),
        ] {
            let found = [role.may_send(), role.may_view(), role.may_edit(), role.may_administer()];
            assert_eq!(found, may, "{role}");
        }
    }

    #[test]
    fn a_name_reads_back() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert_eq!(" Admin ".parse(), Ok(Role::Admin));
        let error = "root".parse::<Role>().unwrap_err().to_string();
        assert_eq!(error, "\"root\" is no role: use sender, viewer, editor or admin");
    }
}
