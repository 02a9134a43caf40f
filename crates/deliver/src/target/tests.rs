use super::*;

fn wrong(text: &str) -> String {
    Targets::parse("deliver.toml", text).unwrap_err().to_string()
}

#[test]
fn the_example_in_config_is_right_and_shows_no_secret() {
    let text = include_str!("../../../../config/deliver.toml");
    let targets = Targets::parse("deliver.toml", text).unwrap();
    assert!(targets.is_empty(), "nothing is sent anywhere before somebody asks for it");
    // What is commented out has to be right as well.
    let is_setting = |line: &&str| {
        let key = line.split_once(" = ").map_or("", |(key, _)| key);
        line.starts_with("[[") || (!key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    };
    let settings = text.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_setting);
    let uncommented: String = settings.flat_map(|line| [line, "\n"]).collect();
    let targets = Targets::parse("deliver.toml", &uncommented).unwrap();
    let kinds: std::collections::BTreeSet<&str> = targets.iter().map(|target| target.to.kind()).collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["email", "jira", "kafka", "slack", "teams", "webhook"]
    );
}

#[test]
fn a_target_is_read_with_its_defaults() {
    let text = "[[target]]\nname = \"mail\"\nkind = \"email\"\nserver = \"smtp.example.com\"\n\
                from = \"Verbatim <v@example.com>\"\nto = \"pm@example.com\"\nuser = \"v\"\npassword = \"hunter2\"\n\
                deadline = \"2h\"\n";
    let targets = Targets::parse("deliver.toml", text).unwrap();
    let target = targets.get("mail").unwrap();
    assert_eq!(target.deadline, Duration::from_secs(7200));
    assert_eq!((target.largest, target.at_once), (256 << 10, 2));
    let To::Email(email) = &target.to else { panic!("{target:?}") };
    assert_eq!((email.server.as_str(), email.port, email.tls), ("smtp.example.com", 587, Tls::Starttls));
    assert_eq!(email.to.len(), 1);
    assert!(!format!("{targets:?}").contains("hunter2"));
    assert_eq!(targets.nearest("mial"), Some("mail"));
}

#[test]
fn everything_wrong_is_said_with_its_line() {
    let text = "colour = 1\n[[target]]\nname = \"a\"\nkind = \"slack\"\nurl = \"http://example.com/s3cret\"\n\
                dedline = \"2h\"\ntimeout = \"1h\"\n[[target]]\nname = \"b c\"\nkind = \"slak\"\n\
                [[target]]\nname = \"c\"\nkind = \"webhook\"\nurl = \"https://example.com/\"\nsecret = \"short\"\n\
                at_once = 0\n";
    let text = wrong(text);
    for says in [
        "there is no setting colour",
        "deliver.toml line 5: target a: url: it must begin with https://",
        "deliver.toml line 6: target a: dedline: there is no such setting here: did you mean deadline?",
        "deliver.toml line 7: target a: timeout: must be from 100ms to 2m",
        "deliver.toml line 9: target b c: name: must be at most 64",
        "deliver.toml line 10: target b c: kind: there is no kind \"slak\": did you mean slack?",
        "target c: secret: must have at least 16 characters",
        "target c: at_once: must be a whole number from 1 to 32",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(!text.contains("s3cret") && !text.contains("\"short\""), "{text}");
}

#[test]
fn what_is_missing_is_named() {
    let text = wrong(
        "[[target]]\nname = \"m\"\nkind = \"email\"\nserver = \"smtp.example.com:x\"\nfrom = \"nobody\"\n",
    );
    for says in [
        "server: expected a host",
        "from: \"nobody\" is no address",
        "to: is missing: without an address nobody gets the mail",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    let text = wrong(
        "[[target]]\nname = \"j\"\nkind = \"jira\"\nurl = \"https://x.atlassian.net\"\nproject = \"voc\"\n",
    );
    assert!(text.contains("project: expected the key of a project"), "{text}");
    assert!(text.contains("user: is missing") && text.contains("password: is missing"), "{text}");
    assert!(wrong("[[target]]\nkind = \"kafka\"\ntopic = \"t\"\n").contains("name: is missing"));
    let twice = "[[target]]\nname = \"k\"\nkind = \"kafka\"\ntopic = \"t\"\n".repeat(2);
    assert!(
        wrong(&twice).contains("deliver.toml line 6: target k: name: there is a target of this name already")
    );
    assert!(wrong("target = 1\n").contains("expected a list"));
    let broken = wrong("[[target]\nname = \"s3cret");
    assert!(broken.contains("is not TOML") && !broken.contains("s3cret"), "{broken}");
}

#[test]
fn mail_in_the_clear_is_for_this_machine_and_without_a_password() {
    let plain = "[[target]]\nname = \"m\"\nkind = \"email\"\nserver = \"[::1]:2525\"\nfrom = \"v@example.com\"\n\
                 to = [\"a@example.com\", \"b@example.com\"]\ntls = \"none\"\n";
    assert!(wrong(plain).contains("tls: \"none\" is only for a mail server on this machine"));
    let named = format!("{plain}allow_private = [\"::1\"]\n");
    let targets = Targets::parse("deliver.toml", &named).unwrap();
    let To::Email(email) = &targets.get("m").unwrap().to else { panic!("no mail") };
    assert_eq!((email.server.as_str(), email.port, email.to.len()), ("::1", 2525, 2));
    let secret = format!("{named}user = \"u\"\npassword = \"p\"\n");
    assert!(wrong(&secret).contains("a password is not sent in the clear"));
}
