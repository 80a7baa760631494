use super::{Flaw, Secret, SecretKind, clean, clean_paste};

#[test]
fn shows_only_the_tail() {
    let key = Secret::new("il1api0123456789abcdef3f9a".into());
    assert_eq!(format!("{key} {key:?}"), "****3f9a ****3f9a");
}

#[test]
fn shows_nothing_of_a_short_one() {
    assert_eq!(Secret::new("hunter2hunter2".into()).masked(), "****");
}

#[test]
fn counts_characters_not_bytes() {
    assert_eq!(Secret::new("ключ-который-длинный".into()).masked(), "****нный");
}

#[test]
fn finds_the_key_in_what_was_pasted_around_it() {
    for (given, note) in [
        ("il1api-KEY", None),
        (" il1api-KEY\r\n", None),
        ("\u{feff}il1api-KEY", Some("invisible characters in it")),
        ("il1\u{200b}api\u{ad}-KEY", Some("invisible characters in it")),
        ("il1\u{3164}api\u{e0041}-K\u{fe0f}E\u{180e}Y", Some("invisible characters in it")),
        ("\u{a0}il1api-KEY\u{a0}", Some("no-break or other unusual spaces around it")),
        (" il1api-KEY\u{3000}\n", Some("no-break or other unusual spaces around it")),
        ("'\u{a0}il1api-KEY'", Some("the quotes around it and no-break or other unusual spaces around it")),
        ("\"il1api-KEY\"", Some("the quotes around it")),
        ("`il1api-KEY`", Some("the quotes around it")),
        ("ILERT_API_KEY=il1api-KEY", Some("the name before it")),
        ("export ILERT_API_KEY='il1api-KEY'", Some("the name before it and the quotes around it")),
        ("api_key = \"il1api-KEY\"", Some("the name before it and the quotes around it")),
        ("Bearer il1api-KEY", Some("`Bearer` before it")),
        ("il1api-KEY.", Some("the full stop after it")),
        ("'il1api-KEY'.", Some("the full stop after it and the quotes around it")),
    ] {
        let cleaned = clean(given, SecretKind::Key).unwrap();
        assert_eq!(cleaned.secret.expose(), "il1api-KEY", "{given:?}");
        assert_eq!(cleaned.note(), note.map(|what| format!("used without {what}")), "{given:?}");
    }
    for text in ["bG9uZw==", "a.b-c_d~e+f/g=", "xx", "keyboard", "yourself", "there", "a**b"] {
        assert_eq!(clean(text, SecretKind::Key).unwrap().secret.expose(), text);
    }
}

#[test]
fn a_password_and_a_url_keep_what_is_theirs() {
    for text in ["two words", "a=b", "\"quoted\"", "Bearer of news", "http://x"] {
        assert_eq!(clean(text, SecretKind::Password).unwrap().secret.expose(), text);
    }
    assert_eq!(
        clean("MY_PASSWORD=\"two words\"", SecretKind::Password).unwrap().secret.expose(),
        "two words"
    );
    let url = "https://beat.ilert.com/api/pings/abc?a=b";
    assert_eq!(clean(&format!("'{url}'"), SecretKind::Url).unwrap().secret.expose(), url);
}

#[test]
fn refuses_what_cannot_be_one() {
    for (given, flaw) in [
        ("", Flaw::Empty),
        ("\u{feff} \n", Flaw::Empty),
        ("\"\"", Flaw::Empty),
        ("one\ntwo", Flaw::Control),
        ("one\0two", Flaw::Control),
        ("one two", Flaw::Blank),
        ("one\u{a0}two", Flaw::Blank),
        ("\"il1api-KEY", Flaw::Sign),
        ("<il1api-KEY>", Flaw::Sign),
        ("il1api-KEY,", Flaw::Sign),
        ("il1аpi-KEY", Flaw::Sign), // its `a` is Cyrillic
        ("https://api.ilert.com/api/v1/events/netdata/il1api-KEY", Flaw::NetdataUrl),
        ("https://api.ilert.com/api/events/il1api-KEY", Flaw::Url),
        ("YOUR_API_KEY", Flaw::Placeholder),
        ("your-key", Flaw::Placeholder),
        ("<your key>", Flaw::Placeholder),
        ("\"{{ API_KEY }}\"", Flaw::Placeholder),
        ("ILERT_API_KEY", Flaw::Placeholder),
        ("ILERT_API_KEY=<paste it here>", Flaw::Placeholder),
        ("$ILERT_API_KEY", Flaw::Placeholder),
        ("${ILERT_API_KEY}", Flaw::Placeholder),
        ("xxxxxxxx-xxxx-XXXX", Flaw::Placeholder),
        ("changeme", Flaw::Placeholder),
        ("xxx", Flaw::Placeholder),
        ("il1apixxxxxxxx", Flaw::Placeholder),
        ("il1api-xxxx-XXXX", Flaw::Placeholder),
        ("TODO", Flaw::Placeholder),
        ("REDACTED", Flaw::Placeholder),
        ("[redacted]", Flaw::Placeholder),
        ("null", Flaw::Placeholder),
        ("undefined", Flaw::Placeholder),
        ("None", Flaw::Placeholder),
        ("il1api...", Flaw::Masked),
        ("il1api...3f9a", Flaw::Masked),
        ("****cdef", Flaw::Masked),
        ("••••••••cdef", Flaw::Masked),
        ("il1api…cdef", Flaw::Masked),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n", Flaw::Pem),
    ] {
        assert_eq!(clean(given, SecretKind::Key).unwrap_err(), flaw, "{given:?}");
        assert!(!flaw.to_string().contains("il1api"));
    }
}

#[test]
fn finds_the_key_in_the_url_that_was_pasted() {
    const NETDATA: &str = "used without the URL around it (it is of an alert source of type Netdata, and this program \
                           needs one of type API)";
    for (given, note) in [
        ("https://api.ilert.com/api/events/il1api-KEY", "used without the URL around it"),
        (" ILERT_URL='https://api.ilert.com/api/events/il1api-KEY/?a=b'\n", "used without the URL around it"),
        ("https://api.ilert.com/api/v1/events/netdata/il1api-KEY", NETDATA),
        (
            "https://api.ilert.com/api/events/il1\u{200b}api-KEY",
            "used without invisible characters in it and the URL around it",
        ),
        ("'il1api-KEY'", "used without the quotes around it"),
    ] {
        let cleaned = clean_paste(given, SecretKind::Key).unwrap();
        assert_eq!(
            (cleaned.secret.expose(), cleaned.note().as_deref()),
            ("il1api-KEY", Some(note)),
            "{given:?}"
        );
    }
    for (given, flaw) in [
        ("https://api.ilert.com/api/v1/events/netdata/", Flaw::NetdataUrl),
        ("https://app.ilert.com/alert-sources/il1api-KEY", Flaw::Url),
        ("https://api.ilert.com/api/events/YOUR_API_KEY", Flaw::Url),
        ("two words", Flaw::Blank),
    ] {
        assert_eq!(clean_paste(given, SecretKind::Key).unwrap_err(), flaw, "{given:?}");
    }
}
