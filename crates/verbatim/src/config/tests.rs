use super::*;

fn with(file: &str, variables: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    assemble(Some((Path::new("my.toml"), file)), variables)
}

fn wrong(file: &str, variables: &[(&str, &str)]) -> String {
    with(file, variables).expect_err("the configuration is wrong").to_string()
}

#[test]
fn the_defaults_are_a_configuration() {
    let loaded = assemble(None, std::iter::empty()).unwrap();
    assert_eq!(loaded.config.worker.batch_rows, 20_000);
    assert_eq!(loaded.config.worker.batch_bytes, Bytes(32 << 20));
    assert_eq!(loaded.config.topics().len(), 4);
    assert_eq!(loaded.config.limits.limits(), feedback::limits::Limits::default());
    assert!(shown(&loaded.layers).iter().all(|line| line.from.is_none()));
}

#[test]
fn a_file_wins_over_defaults_and_a_variable_over_both() {
    let file = "[store]\npath = \"/from/file\"\n[worker]\nthreads = 3\n";
    let loaded = with(file, &[("VERBATIM__STORE__PATH", "/from/env"), ("PATH", "/bin")]).unwrap();
    assert_eq!(loaded.config.store.path, Path::new("/from/env"));
    assert_eq!(loaded.config.worker.threads, 3);
    let lines = shown(&loaded.layers);
    let from = |key: &str| lines.iter().find(|line| line.key == key).unwrap().from.clone();
    assert_eq!(from("store.path").as_deref(), Some("$VERBATIM__STORE__PATH"));
    assert_eq!(from("worker.threads").as_deref(), Some("my.toml line 4"));
    assert_eq!(from("worker.batch_rows"), None);
}

#[test]
fn unknown_keys_are_refused_with_the_place_and_the_nearest_name() {
    let text = wrong("[store]\n\npaht = \"x\"\n", &[]);
    assert!(text.contains("my.toml line 3") && text.contains("did you mean store.path?"), "{text}");
    let text = wrong("[stroe]\npath = \"x\"\n", &[]);
    assert!(text.contains("my.toml line 1") && text.contains("did you mean store?"), "{text}");
    let text = wrong("", &[("VERBATIM__STROE__PAHT", "x")]);
    assert!(text.contains("did you mean $VERBATIM__STORE__PATH?"), "{text}");
    let text = wrong("", &[("VERBATIM__STROE__PATH", "x")]);
    assert!(text.contains("did you mean $VERBATIM__STORE__PATH?"), "{text}");
    let text = wrong("", &[("VERBATIM__WORKER__BATCH_ROW", "5")]);
    assert!(text.contains("$VERBATIM__WORKER__BATCH_ROW: there is no such setting"), "{text}");
    assert!(text.contains("did you mean $VERBATIM__WORKER__BATCH_ROWS?"), "{text}");
    // Where nothing is near, a variable is told where to look, as a file is.
    let text = wrong("", &[("VERBATIM__FOO__BAR", "x")]);
    let says =
        "$VERBATIM__FOO__BAR: there is no such setting: `verbatim config show` lists the sections there are";
    assert!(text.contains(says), "{text}");
    let text = wrong("", &[("VERBATIM__STORE__QQQ", "x")]);
    assert!(text.contains("`verbatim config show` lists the keys of [store]"), "{text}");
    let text = wrong("", &[("VERBATIM__STORE__PATH__X", "x")]);
    assert!(text.contains("$VERBATIM__STORE__PATH has nothing below it"), "{text}");
}

#[test]
fn variables_that_look_like_settings_and_are_none_are_warned_of() {
    let file = "[kafka.properties]\n\"sasl.password\" = \"env:VERBATIM_SASL\"\n";
    let loaded = with(
        file,
        &[
            ("VERBATIM_STORE__PATH", "/elsewhere"),
            ("VERBATIM_WORKER_BATCH_ROWS", "5"),
            ("VERBATIM_HOME", "x"),
            // What is ours, a secret's, and what is nobody's business.
            ("VERBATIM_CONFIG", "my.toml"),
            ("VERBATIM_SASL", "hunter2"),
            ("VERBATIM__LOG__LEVEL", "info"),
            ("VERBATIMLY", "x"),
        ],
    )
    .unwrap();
    assert_eq!(loaded.config.store.path, Path::new("verbatim-data"));
    let warned: Vec<(&str, &str)> =
        loaded.warnings.iter().map(|w| (w.at.as_str(), w.message.as_str())).collect();
    let says = |at: usize, name: &str, hint: &str| {
        assert!(warned[at].0 == name && warned[at].1.ends_with(hint), "{name} {hint}: {warned:?}");
    };
    assert_eq!(warned.len(), 3, "{warned:?}");
    says(0, "$VERBATIM_HOME", "VERBATIM__SECTION__KEY, with two underscores each time");
    says(1, "$VERBATIM_STORE__PATH", "did you mean $VERBATIM__STORE__PATH?");
    says(2, "$VERBATIM_WORKER_BATCH_ROWS", "did you mean $VERBATIM__WORKER__BATCH_ROWS?");
}

#[test]
fn all_mistakes_are_said_at_once() {
    let text = wrong("[worker]\nbatch_rows = \"many\"\nthreats = 2\n", &[("VERBATIM__LOG__LEVLE", "x")]);
    assert!(text.contains("3 mistakes"), "{text}");
    let file = "[worker]\nbatch_time = \"5 apples\"\non_gap = \"explode\"\n[kinds.review]\ncontract = \"blog\"\n\
                [analyze]\nmax_topics = 17\n[kafka]\ngroup = \" \"\nbootstrap = \"\"\n[log]\nlevel = \"loud\"\n\
                [kafka.topics]\nnps = \"feedback.survey\"\n";
    let text = wrong(file, &[("VERBATIM__LIMITS__DEPTH", "0")]);
    assert!(text.contains("9 mistakes"), "{text}");
    for says in [
        "my.toml line 2: worker.batch_time: expected a duration",
        "my.toml line 3: worker.on_gap",
        "my.toml line 5: kinds.review.contract",
        "my.toml line 7: analyze.max_topics: must be from 1 to 16",
        "my.toml line 9: kafka.group: must not be empty",
        "my.toml line 10: kafka.bootstrap: must not be empty",
        "my.toml line 12: log.level",
        "is nps's topic already",
        "$VERBATIM__LIMITS__DEPTH: limits.depth: must be from 1 to 64",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
}

#[test]
fn numbers_lie_within_ranges_that_are_told() {
    let file = "[limits]\nid = 0\nanswers = 0\nscore = -1.0\nrevenue = nan\nearliest = \"2999-01-01\"\n\
                days_ahead = 4000000000\n[analyze]\nmax_analyzed = \"0B\"\n[report]\nweeks = 60000\n\
                [worker]\nbatch_time = \"0s\"\n";
    let text = wrong(file, &[]);
    assert!(text.contains("9 mistakes"), "{text}");
    for says in [
        "line 2: limits.id: must be from 1 to 65536",
        "line 3: limits.answers: must be from 1 to 100000",
        "line 4: limits.score: must be from 1 to 1e9",
        "line 5: limits.revenue: must be from 0 to 1e18",
        "line 6: limits.earliest: must be from 1900-01-01 to 20",
        "line 7: limits.days_ahead: must be from 0 to 366",
        "line 9: analyze.max_analyzed: must be from 1B to 1GiB",
        "line 11: report.weeks: must be from 1 to 520",
        "line 13: worker.batch_time: must be from 1ms to 24h",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
}

#[test]
fn tables_lie_where_this_program_can_reach_them() {
    let text = wrong("[store]\npath = \"ftp://host/tables\"\n", &[]);
    assert!(text.contains("my.toml line 2: store.path: ftp:// is not known"), "{text}");
    let text = wrong("[store]\npath = \"s3://bucket/tables\"\n", &[]);
    let says = if cfg!(feature = "s3") {
        "privacy.key: tables in a bucket"
    } else {
        "store.path: this program was built"
    };
    assert!(text.contains(says), "{text}");
    let local = with("[store]\npath = \"file:///srv/tables\"\n", &[]).unwrap();
    assert_eq!(local.config.store.path, Path::new("/srv/tables"));
}

#[test]
fn wrong_types_say_which_value_and_what_is_expected() {
    let text = wrong("[worker]\nbatch_time = 5\n", &[]);
    assert!(
        text.contains("my.toml line 2: worker.batch_time: expected text such as \"5s\", found 5"),
        "{text}"
    );
    let text = wrong("[worker]\nbatch_time = \"5 apples\"\n", &[]);
    assert!(text.contains("my.toml line 2: worker.batch_time: expected a duration"), "{text}");
    let text = wrong("[worker]\non_gap = \"explode\"\n", &[]);
    assert!(text.contains("worker.on_gap") && text.contains("`fail`"), "{text}");
    let text = wrong("", &[("VERBATIM__WORKER__THREADS", "all")]);
    assert!(text.contains("expected a whole number, found \"all\""), "{text}");
    let text = wrong("[limits]\nearliest = \"last year\"\n", &[]);
    assert!(text.contains("limits.earliest: expected a date"), "{text}");
    let text = wrong("[worker]\nbatch_rows = 0\n", &[]);
    assert!(text.contains("worker.batch_rows: must be from 1 to 10000000"), "{text}");
}

#[test]
fn broken_toml_is_placed_but_not_quoted() {
    let text = wrong("[privacy]\nkey = \"s3cret\n", &[]);
    assert!(text.contains("my.toml line 2") && !text.contains("s3cret"), "{text}");
}

#[test]
fn a_dotted_name_without_its_quotes_is_told_how_to_be_written() {
    let text = wrong("[kafka.properties]\nsecurity.protocol = \"ssl\"\nssl.ca.location = \"/ca\"\n", &[]);
    for says in [
        "line 2: kafka.properties.security: expected text, a number, true or false, found a section: write the name \
         in quotes, \"security.protocol\" = …",
        "\"ssl.ca.location\" = …",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    let text = wrong("[import.reviews.columns]\nauthor.email = \"Mail\"\n", &[]);
    assert!(text.contains("write the name in quotes, \"author.email\" = …"), "{text}");
    let text = wrong("[worker]\nthreads.most = 5\n", &[]);
    assert!(!text.contains("quotes"), "{text}");
}

#[test]
fn a_column_map_names_fields_of_its_kind() {
    let file = "[import.reviews]\nkind = \"social\"\n[import.reviews.columns]\ntext = \"Words\"\n\
                \"score.val\" = \"Stars\"\noccured_at = \"When\"\n[import.reviews.constants]\ntext = \"none\"\n";
    // The worker reads no map, and is not to stop for one.
    let warned = |file: &str| -> Vec<String> {
        let warnings = with(file, &[]).unwrap().warnings;
        warnings.into_iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect()
    };
    let text = warned(file);
    assert_eq!(text.len(), 3, "{text:?}");
    for says in [
        "line 5: import.reviews.columns.\"score.val\": there is no such field: did you mean score.value?",
        "line 6: import.reviews.columns.occured_at: there is no such field: did you mean occurred_at?",
        "line 8: import.reviews.constants.text: is given twice",
    ] {
        assert!(text.iter().any(|text| text.contains(says)), "{says}: {text:?}");
    }
    // Whoever names the kind on the command line only may mean any.
    let answers = "[import.a]\ncolumns = { \"answers.0.text\" = \"Why\" }\n";
    assert_eq!(warned(answers), [""; 0]);
    assert!(warned(&format!("{answers}kind = \"nps\"\n"))[0].contains("there is no such field"));
}

#[test]
fn properties_pass_through_and_secrets_are_masked() {
    let file = "[kafka.properties]\n\"security.protocol\" = \"sasl_ssl\"\n\"socket.timeout.ms\" = 5000\n\
                \"sasl.password\" = \"hunter2\"\n";
    let loaded = with(file, &[("VERBATIM__KAFKA__PROPERTIES__SSL_KEY_PASSWORD", "hunter3")]).unwrap();
    let resolved = reveal(&loaded.config.kafka.properties).unwrap();
    assert_eq!(resolved["sasl.password"], "hunter2");
    assert_eq!(resolved["ssl.key.password"], "hunter3");
    assert_eq!(resolved["socket.timeout.ms"], "5000");
    let printed = format!("{:?} {}", loaded.config, serde_json::to_string(&shown(&loaded.layers)).unwrap());
    assert!(!printed.contains("hunter"), "{printed}");
    assert!(printed.contains("sasl_ssl"));
}

#[test]
fn further_kinds_come_by_configuration() {
    let file = "[kinds]\nreview = { contract = \"social\", topic = \"feedback.review\" }\n";
    let config = with(file, &[]).unwrap().config;
    assert!(config.registry().get("review").is_some());
    assert_eq!(config.topics()["review"], "feedback.review");
    let text = wrong("[kinds.review]\ncontract = \"blog\"\n", &[]);
    assert!(text.contains("kinds.review.contract"), "{text}");
    let text = wrong("[kafka.topics]\nsurvye = \"x\"\n", &[]);
    assert!(text.contains("did you mean survey?"), "{text}");
}

#[test]
fn a_list_in_a_variable_has_commas_or_is_written_as_in_a_file() {
    let loaded = with("[cases]\nto = [\"crm\"]\n", &[("VERBATIM__ALERTS__TO", "crm, pager,")]).unwrap();
    assert_eq!(loaded.config.cases.to, ["crm"]);
    assert_eq!(loaded.config.alerts.to, ["crm", "pager"]);
    let loaded = with("", &[("VERBATIM__ALERTS__TO", "[\"crm\", \"pager\"]")]).unwrap();
    assert_eq!(loaded.config.alerts.to, ["crm", "pager"]);
    let text = wrong("", &[("VERBATIM__ALERTS__TO", "[crm")]);
    assert!(text.contains("expected a list, as in a,b"), "{text}");
    let text = wrong("[cases]\nto = \"crm\"\n", &[]);
    assert!(text.contains("my.toml line 2: cases.to: expected a list"), "{text}");
}

#[test]
fn a_time_an_address_and_a_topic_are_what_they_should_be() {
    let file = "[digest]\nday = \"someday\"\ntime = \"8\"\nzone = \"Mars/Olympus\"\n[dashboard]\naddress = \"ftp://x\"\n\
                [triage]\ntopic = \"feedback.ticket\"\n";
    let text = wrong(file, &[]);
    for says in [
        "my.toml line 2: digest.day: expected a day such as \"monday\"",
        "my.toml line 3: digest.time: expected a time such as \"08:00\"",
        "my.toml line 4: digest.zone: there is no time zone \"Mars/Olympus\"",
        "my.toml line 6: dashboard.address: \"ftp://x\" is no address of a dashboard",
        "my.toml line 8: triage.topic: feedback.ticket is ticket's topic",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
}
