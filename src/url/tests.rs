//! What is read, what is refused, and that nothing secret is shown.

use proptest::prelude::*;

use super::{Url, UrlError, is_loopback, segment, shown};

#[test]
fn knows_this_machine() {
    for url in ["http://127.0.0.1:19999", "http://127.9.9.9", "http://localhost/x", "http://[::1]:1"] {
        assert!(is_loopback(url), "{url}");
    }
    for url in ["http://example.org", "http://127.0.0.1.example.org", "http://10.0.0.1", "nonsense"] {
        assert!(!is_loopback(url), "{url}");
    }
    assert!(!is_loopback("http://localhost@example.org") && is_loopback("http://example.org@localhost"));
}

#[test]
fn a_host_is_a_name_or_an_address() {
    for text in ["http://\"il1api0123\":19999", "http://il1{api}", "https://a'b", "http://a,b:1", "http://a!"]
    {
        assert_eq!(Url::parse(text), Err(UrlError::Host), "{text}");
    }
    for text in ["http://db_1.example.org:1", "http://[fe80::1]:19999", "http://10.0.0.1"] {
        assert!(Url::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn shows_no_login_and_no_token() {
    for (text, url) in [
        ("http://me:hunter2@host:1/x", "http://****@host:1/x"),
        ("http://hunter2@host", "http://****@host"),
        ("http://host/x?token=hunter2", "http://host/x?…"),
        ("http://host/x#hunter2", "http://host/x#…"),
        ("http://me:a?hunter2@host", "http://****@host"),
        ("http://host:19999/netdata", "http://host:19999/netdata"),
        ("http://me:hunter2@", "http://****@"),
        ("me:hunter2@host:1", "****@host:1"),
        ("host:19999?token=hunter2", "host:19999?…"),
    ] {
        assert_eq!(shown(text), url);
        if let Ok(parsed) = Url::parse(text) {
            assert_eq!(format!("{parsed} {parsed:?}").matches("hunter2").count(), 0, "{parsed}");
        }
    }
    let url = Url::parse("https://me:word@host:443/a/?token=1#x").unwrap();
    assert_eq!(url.to_string(), "https://****@host/a/?…");
    assert_eq!(url.plain().to_string(), "https://host/a");
}

#[test]
fn a_refusal_repeats_nothing_of_the_text() {
    for (text, says) in [
        ("", "begin with"),
        ("hunter2:19999", "begin with"),
        ("hunter2:word@host", "begin with"),
        ("hunter2://host", "begin with"),
        ("http://", "host"),
        ("http://hunter2 b", "spaces"),
        ("http:\\\\hunter2", "begin with"),
        ("http://me:word@hunter2:99999", "port"),
        ("http://me:12/hunter2@host", "`@`"),
    ] {
        let refused = Url::parse(text).unwrap_err().to_string();
        assert!(refused.contains(says) && !refused.contains("hunter2"), "{text}: {refused}");
    }
}

#[test]
fn hides_nothing_from_a_request() {
    let url = Url::parse("http://u%40x:p%2Fw@host/netdata/?a=b").unwrap();
    let (user, password) = url.login().unwrap();
    assert_eq!((user.as_str(), password.expose()), ("u@x", "p/w"));
    assert_eq!(url.expose().as_str(), "http://u%40x:p%2Fw@host/netdata/?a=b");
    assert_eq!(
        url.below("api/events").unwrap().expose().as_str(),
        "http://u%40x:p%2Fw@host/netdata/api/events"
    );
    assert_eq!(Url::parse("http://host").unwrap().login(), None);
}

#[test]
fn knows_what_names_a_proxy() {
    for value in ["http://proxy:3128", "proxy:3128", "socks5://me:word@[::1]:1080", "socks5h://proxy"] {
        assert!(Url::proxy(value).is_ok(), "{value}");
    }
    for value in ["::bad", "http://", "ftp://proxy", "http://a b", "http://proxy:99999"] {
        assert!(Url::proxy(value).is_err(), "{value}");
    }
    assert!(matches!(Url::proxy("ftp://proxy"), Err(UrlError::Scheme(_))));
    assert_eq!(Url::proxy("socks5://proxy").unwrap().name(), Some(("proxy", 1080)));
}

#[test]
fn makes_one_segment_of_a_name() {
    assert_eq!(segment("a/b c-1.x"), "a%2Fb%20c-1.x");
}

proptest! {
    #[test]
    fn nothing_that_may_be_secret_is_shown(
        user in "[a-z:]{0,4}", password in "[a-z:?#/@%]{0,6}", rest in "[a-z/]{0,5}", query in "[a-z=&]{0,9}",
    ) {
        let text = format!("http://{user}SECRET{password}@host/{rest}?{query}SECRET");
        prop_assert!(!shown(&text).contains("SECRET"), "{}", shown(&text));
        if let Ok(url) = Url::parse(&text) {
            for shown in [url.to_string(), url.plain().to_string()] {
                prop_assert!(!shown.to_uppercase().contains("SECRET"), "{shown}");
            }
        }
    }
}
