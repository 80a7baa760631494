//! An alert source of a name and with a key, however often it is asked for.

use std::fmt::Write as _;

use netdata_ilert::ilert::account::{provide, sources_named};
use netdata_ilert::secret::Secret;
use netdata_ilert::simulator::Answer;
use netdata_ilert::simulator::ilert::Source;

use crate::ilert_account::{KEY, ServedAccount};

#[tokio::test]
async fn provides_one_source_however_often() {
    let scene = ServedAccount::new();
    let first = provide(&scene.account(), "Netdata", "operations", None).await.unwrap();
    let again = provide(&scene.account(), "Netdata", "7", None).await.unwrap();
    let held = provide(&scene.account(), "Netdata", "7", Some(&first.key)).await.unwrap();
    assert_eq!((first.created, again.created, held.created), (true, false, false));
    assert_eq!((&first.key, &first.key), (&again.key, &held.key));
    assert_eq!(scene.ilert.sources().len(), 1);
    assert_eq!(again.reservations(), [""; 0]);
}

#[tokio::test]
async fn a_source_that_an_unanswered_request_made_is_found() {
    let scene = ServedAccount::new();
    scene.ilert.answer_next(Answer::AcceptThenReset);
    assert!(scene.create().await.unwrap_err().may_pass());
    let provided = provide(&scene.account(), "Netdata", "7", None).await.unwrap();
    assert!(!provided.created);
    assert_eq!(scene.ilert.sources().len(), 1);
}

#[tokio::test]
async fn only_sources_of_type_api_with_the_very_name_are_used() {
    let scene = ServedAccount::new();
    let source = |name: &str, kind: &str, key: &str| Source {
        integration_type: kind.to_owned(),
        ..Source::api(name, key, 7)
    };
    scene.ilert.add_source(source("Netdata", "NETDATA", "another type's"));
    scene.ilert.add_source(source("netdata", "API", "another name's"));
    let provided = provide(&scene.account(), "Netdata", "7", None).await.unwrap();
    assert!(provided.created);
    assert_eq!(scene.ilert.sources().len(), 3);
}

#[tokio::test]
async fn says_what_a_found_source_does_differently() {
    let scene = ServedAccount::new();
    scene.ilert.add_policy(8, "Others");
    scene.ilert.add_source(Source {
        active: false,
        priority_rule: "LOW".to_owned(),
        creation: "BY_TIDE".to_owned(),
        auto_resolution: Some("PT1H".to_owned()),
        ..Source::api("Netdata", KEY, 8)
    });
    let provided = provide(&scene.account(), "Netdata", "7", None).await.unwrap();
    insta::assert_snapshot!(provided.reservations().join("\n"));
}

#[tokio::test]
async fn what_cannot_be_told_apart_or_kept_creates_nothing() {
    let scene = ServedAccount::new();
    scene.ilert.add_policy(8, "OPERATIONS");
    scene.ilert.add_policy(9, "8");
    let held = Secret::new(KEY.to_owned());
    let mut words = String::new();
    for (policy, held) in [("Nights", None), ("12", None), ("Operations", None), ("8", Some(&held))] {
        let error = provide(&scene.account(), "Netdata", policy, held).await.unwrap_err();
        writeln!(words, "{error}").unwrap();
        assert_eq!(scene.ilert.sources(), []);
    }
    for key in ["one", "two"] {
        scene.ilert.add_source(Source::api("Netdata", key, 7));
    }
    let error = provide(&scene.account(), "Netdata", "8", None).await.unwrap_err();
    writeln!(words, "{error}").unwrap();
    scene.ilert.add_source(Source::api("Another", "three", 7));
    let error = provide(&scene.account(), "Another", "8", Some(&held)).await.unwrap_err();
    writeln!(words, "{error}").unwrap();
    assert_eq!(scene.ilert.sources().len(), 3);
    insta::assert_snapshot!(words);
}

#[tokio::test]
async fn long_lists_are_cut_in_words() {
    let scene = ServedAccount::new();
    for id in 100..130 {
        scene.ilert.add_policy(id, &"x".repeat(100));
    }
    let words = provide(&scene.account(), "Netdata", "none", None).await.unwrap_err().to_string();
    assert!(words.ends_with("and 11 more") && words.len() < 2_000, "{words}");
}

#[tokio::test]
async fn sources_are_named_by_type_and_name() {
    let scene = ServedAccount::new();
    let mut ids = Vec::new();
    for (name, kind) in [("Netdata", "API"), (" Netdata ", "API"), ("netdata", "API"), ("Netdata", "EMAIL")] {
        let source =
            Source { integration_type: kind.to_owned(), ..Source::api(name, &ids.len().to_string(), 7) };
        ids.push(scene.ilert.add_source(source));
    }
    let sources = scene.account().alert_sources().await.unwrap();
    let named = |name: &str| sources_named(&sources, name).iter().map(|source| source.id).collect::<Vec<_>>();
    assert_eq!(named("Netdata"), ids[..2]);
    assert_eq!(named(" Netdata"), ids[..2]);
    assert_eq!(named("Netdat"), [0; 0]);
}

#[tokio::test]
async fn a_source_of_another_type_is_said_to_be_one() {
    let scene = ServedAccount::new();
    scene
        .ilert
        .add_source(Source { integration_type: "NETDATA".to_owned(), ..Source::api("Netdata", KEY, 7) });
    let key = Secret::new(KEY.to_owned());
    let found = scene.account().alert_source_of(&key).await.unwrap().unwrap();
    let [only] = found.reservations().try_into().unwrap();
    assert_eq!(only, "its type is NETDATA; only type API takes these events");
}
