//! Owners who have an address alone: the email target that says `owners = true` reaches each of them by a target of their
//! own, made here and named TARGET/OWNER. No name in the file holds a slash, so that nothing else is ever called so.

use super::{Email, Target, Targets, To};
use lettre::message::Mailbox;

/// Between the name of the target and that of the owner.
const BETWEEN: char = '/';

/// The name in the file that a name comes from: itself, but for that of an owner's target.
pub(crate) fn listed_name(name: &str) -> &str {
    name.split_once(BETWEEN).map_or(name, |(listed, _)| listed)
}

fn of_owner(listed: &str, owner: &str) -> String {
    format!("{listed}{BETWEEN}{owner}")
}

impl Target {
    /// Whether owners who have an address alone are reached by it.
    #[must_use]
    pub fn reaches_owners(&self) -> bool {
        matches!(&self.to, To::Email(email) if email.owners)
    }

    /// Whether anything can be sent to the target itself.
    #[must_use]
    pub fn has_recipients(&self) -> bool {
        !matches!(&self.to, To::Email(email) if email.to.is_empty())
    }
}

impl Targets {
    /// With a target for each of these owners, who are a name and an address; without one where no target reaches owners,
    /// or the address is none that mail can go to.
    #[must_use]
    pub fn with_owners<'o>(mut self, owners: impl IntoIterator<Item = (&'o str, &'o str)>) -> Self {
        let Some(from) = self.for_owners().cloned() else { return self };
        let To::Email(email) = &from.to else { return self };
        for (owner, address) in owners {
            let Ok(to) = address.parse::<Mailbox>() else { continue };
            let name = of_owner(&from.name, owner);
            let to = To::Email(Email { to: vec![to], owners: false, ..email.clone() });
            self.owners.insert(name.clone(), Target { name, to, ..from.clone() });
        }
        self
    }

    /// The target that reaches owners who have an address alone.
    #[must_use]
    pub fn for_owners(&self) -> Option<&Target> {
        self.listed.values().find(|target| target.reaches_owners())
    }

    /// The target of an owner who is reached so.
    #[must_use]
    pub fn of_owner(&self, owner: &str) -> Option<&Target> {
        self.owners.get(&of_owner(&self.for_owners()?.name, owner))
    }

    /// Why nothing can be sent to a target that the file lists all the same, and what to do; `None` of any other name.
    #[must_use]
    pub fn instead_of(&self, name: &str) -> Option<String> {
        self.listed.get(name).filter(|target| !target.has_recipients())?;
        let (why, own) = ("it reaches owners alone", "give it addresses of its own by `to`");
        Some(match self.owners.keys().next() {
            Some(first) => format!("{why}: name one of them, as in {first:?}, or {own}"),
            None => format!("{why}, and no owner has an address and no targets: {own}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "[[target]]\nname = \"mail\"\nkind = \"email\"\nserver = \"smtp.example.com\"\n\
                        from = \"v@example.com\"\nuser = \"v\"\npassword = \"env:P\"\ndeadline = \"2h\"\n\
                        owners = true\n";
    const OWNERS: [(&str, &str); 3] =
        [("identity", "identity@example.com"), ("customer success", "cs@example.com"), ("broken", "a b@c")];

    fn targets(text: &str) -> Targets {
        Targets::parse("deliver.toml", text).unwrap()
    }

    fn wrong(text: &str) -> String {
        Targets::parse("deliver.toml", text).unwrap_err().to_string()
    }

    fn names(targets: &Targets) -> Vec<&str> {
        targets.iter().map(|target| target.name.as_str()).collect()
    }

    #[test]
    fn each_owner_gets_a_target_with_the_same_settings() {
        let targets = targets(MAIL).with_owners(OWNERS);
        assert_eq!(names(&targets), ["mail/customer success", "mail/identity"]);
        let (listed, made) = (targets.for_owners().unwrap(), targets.of_owner("identity").unwrap());
        assert_eq!(targets.get("mail/identity").unwrap().name, made.name);
        assert_eq!((made.deadline, made.at_once), (listed.deadline, listed.at_once));
        let (To::Email(listed), To::Email(made)) = (&listed.to, &made.to) else { panic!("no mail") };
        assert_eq!((&made.server, made.port, made.tls), (&listed.server, listed.port, listed.tls));
        assert!(made.login.is_some() && !made.owners);
        assert_eq!(made.to, ["identity@example.com".parse::<Mailbox>().unwrap()]);
        assert!(targets.of_owner("broken").is_none() && targets.of_owner("nobody").is_none());
        assert_eq!((listed_name("mail/customer success"), listed_name("mail")), ("mail", "mail"));
    }

    #[test]
    fn what_only_reaches_owners_is_no_target_itself() {
        let none = targets(MAIL);
        assert!(none.get("mail").is_none() && none.iter().next().is_none() && !none.is_empty());
        assert_eq!(none.listed().count(), 1);
        assert!(
            none.instead_of("mail").unwrap().contains("and no owner has an address and no targets: give it")
        );
        let some = none.with_owners(OWNERS);
        let why = "it reaches owners alone: name one of them, as in \"mail/customer success\", or give it \
                   addresses of its own by `to`";
        assert_eq!(some.instead_of("mail").as_deref(), Some(why));
        assert_eq!((some.instead_of("mail/identity"), some.instead_of("nobody")), (None, None));
        assert_eq!(some.nearest("mail/identiti"), Some("mail/identity"));
    }

    #[test]
    fn with_addresses_of_its_own_it_is_one_as_well() {
        let both = targets(&format!("{MAIL}to = \"pm@example.com\"\n")).with_owners(OWNERS);
        assert_eq!(names(&both), ["mail", "mail/customer success", "mail/identity"]);
        assert!(both.get("mail").is_some() && both.instead_of("mail").is_none());
    }

    #[test]
    fn without_such_a_target_owners_get_none() {
        let plain = MAIL.replace("owners = true", "owners = false\nto = \"pm@example.com\"");
        let plain = targets(&plain).with_owners(OWNERS);
        assert_eq!(names(&plain), ["mail"]);
        assert!(plain.for_owners().is_none() && plain.of_owner("identity").is_none());
        assert!(wrong(&MAIL.replace("owners = true\n", "")).contains("to: is missing"));
    }

    #[test]
    fn one_email_target_alone_reaches_owners() {
        let twice = format!("{MAIL}{}", MAIL.replace("\"mail\"", "\"post\""));
        let told = wrong(&twice);
        let says = "line 18: target post: owners: mail reaches the owners already: one target does";
        assert!(told.contains(says), "{told}");
        let told = wrong(&MAIL.replace("= true", "= \"yes\""));
        assert!(told.contains("owners: must be true or false, without quotes, found text"), "{told}");
        let told = wrong("[[target]]\nname = \"k\"\nkind = \"kafka\"\ntopic = \"t\"\nowners = true\n");
        assert!(told.contains("owners: there is no such setting here"), "{told}");
    }
}
