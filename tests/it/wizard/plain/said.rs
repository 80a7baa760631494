//! What is said, and where: hints at their questions, warnings once, no key unasked.

use netdata_ilert::exit::Exit;
use netdata_ilert::wizard::Step;

use super::{TO_NETDATA, ask};
use crate::wizard::harness::KEY;

#[tokio::test]
async fn says_what_was_found_before_it_asks() {
    let (_, said, _, _) = ask(&[]).await;
    let place = |text: &str| said.find(text).unwrap_or_else(|| panic!("no {text} in\n{said}"));
    assert!(place("no configuration yet") < place("Who delivers:"), "{said}");
    assert!(place("1 critical now") < place("Who delivers:"), "{said}");
}

#[tokio::test]
async fn a_token_is_asked_for_with_the_place_where_it_comes_from() {
    let (_, said, _, _) = ask(&["1", "1"]).await;
    let hint = said.find("In ilert: your user menu, API keys").unwrap_or_else(|| panic!("{said}"));
    assert!(hint < said.find("API token, not shown").unwrap(), "{said}");
}

#[tokio::test]
async fn what_is_not_there_yet_is_no_hint_before_its_question() {
    let (_, said, _, _) = ask(&TO_NETDATA).await;
    assert!(said.contains("API key, not shown") && !said.contains("nothing pasted yet"), "{said}");
}

#[tokio::test]
async fn hints_of_the_live_test_stand_at_their_questions_once() {
    let answers = [&TO_NETDATA[..], &["", "", "", "", "", "", "", "n", "", "", "", "", "2"]].concat();
    let (_, said, _, _) = ask(&answers).await;
    for (hint, then) in
        [("looks the alert up; never saved", "API token, not shown"), ("Accepted means queued", "Seen?:")]
    {
        let lines: Vec<&str> = said.lines().collect();
        let found: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].contains(hint)).collect();
        let [at] = found.as_slice() else { panic!("{hint}: {found:?}\n{said}") };
        assert!(
            !lines[*at].starts_with(' ') && lines[at + 1..at + 5].iter().any(|line| line.starts_with(then)),
            "{said}"
        );
    }
}

#[tokio::test]
async fn says_that_nothing_would_be_resolved_at_the_question_at_review_and_at_the_end() {
    let answers = [
        &TO_NETDATA[..],
        &["", "", "", ""],
        // The types: critical and warning alone.
        &["", "", "4", "1 2", ""],
        &["", ""],
        &["", "", "2"],
        &["y"],
    ]
    .concat();
    let (ended, said, _folder, _services) = ask(&answers).await;
    assert_eq!(ended.map_err(|error| error.to_string()), Ok(Exit::Done), "{said}");
    let at = |step: Step, from: usize| {
        let title = format!(": {}\n", netdata_ilert::wizard::steps::title(step));
        from + said[from..].find(&title).unwrap_or_else(|| panic!("{title} is not in\n{said}"))
    };
    let (preview, review) = (at(Step::Preview, 0), at(Step::Review, 0));
    let written = said.find("Done, but something needs a look").unwrap_or_else(|| panic!("{said}"));
    let parts = [&said[..preview], &said[preview..review], &said[review..written], &said[written..]];
    let told = parts.map(|part| part.matches("! Without \"clear\", an alert stays open").count());
    assert_eq!(told, [1, 0, 1, 1], "{said}");
}

#[tokio::test]
async fn hints_stand_before_their_questions_in_whole_lines_and_are_said_once() {
    let answers = ["1", "2", "?", "y", "y", "y", "y", "y", "two words", "-", ""];
    let (_, said, _, _) = ask(&answers).await;
    for (hint, question) in [
        ("such as http://proxy:3128; empty: HTTPS_PROXY and NO_PROXY count", "Proxy []: "),
        ("certificates to trust besides, PEM: of a proxy that opens TLS", "CA file []: "),
    ] {
        assert!(said.contains(&format!("{hint}\n{question}")), "{said}");
        assert_eq!(said.matches(hint).count(), 1, "{said}");
    }
    // The help that a narrow screen breaks sooner.
    assert!(said.contains("This one has the type \"API\""), "{said}");
}

#[tokio::test]
async fn tells_what_goes_into_netdata_clouds_form_before_it_asks_and_the_key_when_asked() {
    let answers = [
        &["2", "2", "y", "y", "y", "y", "", KEY, "1"][..],
        &["", "", "", ""],
        &["Cloudy", "", "", "y", "y", "y", "y", "s", "?", "y"],
        // The preview alone: Netdata Cloud uses no templates.
        &[""],
        &["3"],
        &["y"],
    ]
    .concat();
    let (ended, said, folder, _services) = ask(&answers).await;
    assert_eq!(ended.map_err(|error| error.to_string()), Ok(Exit::Done), "{said}");
    let place = |text: &str| said.find(text).unwrap_or_else(|| panic!("no {text} in\n{said}"));
    let form = place("[ ] Fill in the form");
    for value in
        ["Configuration name: Cloudy", "Rooms: All", "Notification: critical", "Alert Source API key: ****"]
    {
        assert!(place("Choose ilert") < place(value) && place(value) < form, "{value}\n{said}");
    }
    assert!(place("`s` shows it whole") < place(KEY) && place(KEY) < form, "{said}");
    assert_eq!(said.matches(KEY).count(), 1, "{said}");
    assert!(!said.contains("Templates:") && !said.contains("Silences: times"), "{said}");
    assert!(said.contains("Each line of the form is ready"), "{said}");
    assert!(folder.path().join("config.toml").exists());
}

#[tokio::test]
async fn shows_a_key_to_nobody_who_does_not_ask_and_says_what_a_pattern_is() {
    let answers = [
        &["2", "2", "y", "y", "y", "y", "", KEY, "1"][..],
        &["", "", "", ""],
        &["Cloudy", "", "", "y", "y", "y", "y", "", "y"],
    ]
    .concat();
    let (_, said, _, _) = ask(&answers).await;
    assert!(said.contains("`s` shows it whole") && !said.contains(KEY), "{said}");
    let answers = [&TO_NETDATA[..], &["", "", "", "", "", "3", "", "db-*"]].concat();
    let (_, said, _, _) = ask(&answers).await;
    let hint = said
        .find("`!` leaves out, the first match decides: `!db-test db-*`")
        .unwrap_or_else(|| panic!("{said}"));
    assert!(hint < said.find("Pattern []: ").unwrap(), "{said}");
}
