use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{ASIDE, FILE, FoundDraft, load, remove, save};
use crate::config::DeliveredBy;
use crate::config::Notify;
use crate::ilert::account::{AutoResolution, GroupingWindow};
use crate::schedule::Scheduler;
use crate::secret::Secret;
use crate::wizard::answers::{
    AlertSourceChoice, Answers, Existing, ForMe, GroupingChoice, Keep, PickedRoom, Resume, Rooms, Schedule,
    Seen, TemplateChoice, TestKind, Way,
};
use crate::wizard::field::{Field, SecretField, TextArea};

/// Some answers of each step.
fn full() -> Answers {
    let mut answers = Answers::default();
    answers.start.delivery = DeliveredBy::NetdataCloud;
    answers.source.way = Way::ForMe;
    answers.source.for_me.name = Field::new("Other");
    answers.source.done = vec![true, true, false, false];
    answers.key.keep = Keep::Variable;
    answers.agent.url = Field::new("http://127.0.0.1:19999");
    answers.agent.username = Field::new("netdata");
    answers.agent.ca_file = Field::new("/etc/ssl/ca.pem");
    answers.notification.name = Field::new("Netdata \"production\"");
    answers.notification.mode = Rooms::Pick;
    answers.notification.picked.insert("db-1".into());
    let room = PickedRoom { name: "Web".into(), nodes: Some(vec!["web-1".into()]), everything: false };
    answers.notification.cloud_rooms.insert("r1".into(), room);
    answers.notification.notify = Notify::of(|word| word == "clear");
    answers.preview.words = TemplateChoice::Own;
    answers.preview.summary = TextArea::new("{{ alert }}\n");
    answers.review.schedule = Schedule::Of(Scheduler::Cron);
    answers
}

#[test]
fn goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state/netdata-ilert");
    assert_eq!(load(&state), FoundDraft::Nothing);
    for draft in [Answers::default(), full()] {
        save(&state, &draft).unwrap();
        assert_eq!(load(&state), FoundDraft::Draft(Box::new(draft)));
    }
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(state.clone()), mode(state.join(FILE))), (0o700, 0o600));
    // Nothing half-written is left beside it.
    assert_eq!(fs::read_dir(&state).unwrap().count(), 1);
    remove(&state).unwrap();
    remove(&state).unwrap();
    assert_eq!(load(&state), FoundDraft::Nothing);
}

/// What a draft does not keep, each another than at the start.
fn chosen_anew() -> Answers {
    let secret = || SecretField::new(&Secret::new("hunter2-0123456789abcdef".into()));
    let mut answers = full();
    answers.start.existing = Existing::Replace;
    answers.start.resume = Resume::Drop;
    answers.source.grouping = GroupingChoice::OneOpen;
    answers.source.more = true;
    answers.source.for_me = ForMe {
        token: secret(),
        filter: Field::new("night"),
        policy: Some(7),
        window: GroupingWindow::ALL[1],
        threshold: Field::new("0.5"),
        auto_resolution: Some(AutoResolution::ALL[1]),
        chosen: Some(AlertSourceChoice::New),
        heartbeat: true,
        ..answers.source.for_me
    };
    answers.key.field = secret();
    answers.agent.password = secret();
    answers.agent.token = secret();
    answers.agent.more = true;
    answers.agent.anyway = true;
    answers.notification.find = Field::new("db");
    answers.notification.cloud_token = secret();
    answers.notification.space = Some("s1".into());
    answers.test.kind = TestKind::High;
    answers.test.seen = Seen::Yes;
    answers.review.leave_open = true;
    answers
}

#[test]
fn goes_on_without_losing_what_it_does_not_keep() {
    let text = serde_json::to_string(&full()).unwrap();
    let mut answers = chosen_anew();
    answers.resume(serde_json::from_str(&text).unwrap());
    assert_eq!(answers, chosen_anew());
    let mut fresh = Answers::default();
    fresh.resume(serde_json::from_str(&text).unwrap());
    assert_eq!(serde_json::to_string(&fresh).unwrap(), text, "all that it keeps is taken up");
}

#[test]
fn keeps_no_secret() {
    const SECRET: &str = "hunter2-0123456789abcdef";
    let folder = tempfile::tempdir().unwrap();
    let field = SecretField::new(&Secret::new(SECRET.into()));
    let mut answers = full();
    answers.key.field = field.clone();
    answers.agent.password = field.clone();
    answers.agent.token = field.clone();
    answers.source.for_me.token = field.clone();
    answers.notification.cloud_token = field;
    for (url, kept) in [
        ("https://me:hunter2@netdata.example.org/x", "https://netdata.example.org/x"),
        ("me:hunter2@netdata.example.org", ""),
        ("https://netdata.example.org/x?token=hunter2#hunter2", "https://netdata.example.org/x"),
        ("netdata.example.org?token=hunter2", ""),
        ("netdata.example.org", "netdata.example.org"),
    ] {
        answers.agent.url = Field::new(url);
        save(folder.path(), &answers).unwrap();
        assert!(!fs::read_to_string(folder.path().join(FILE)).unwrap().contains("hunter2"));
        let FoundDraft::Draft(draft) = load(folder.path()) else { panic!("no draft") };
        assert_eq!(draft.agent.url.value(), kept);
    }
}

#[test]
fn puts_aside_what_it_cannot_read() {
    for (text, word) in [
        ("", "not kept whole"),
        ("{\"version\": 2, \"na", "not kept whole"),
        ("{\"version\": 3, \"answers\": 7}", "newer version"),
        // As 0.1.0 wrote it.
        (
            "{\"version\": 1, \"step\": 4, \"delivery\": \"this-machine\", \"rooms\": \"all\"}",
            "older version",
        ),
        ("{}", "does not read as one"),
        ("{\"version\": 2, \"answers\": {\"notification\": {\"mode\": 5}}}", "does not read as one"),
        ("[1]", "does not read as one"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), text).unwrap();
        let FoundDraft::Unusable(said) = load(folder.path()) else { panic!("usable: {text}") };
        assert!(said.contains(word) && said.contains(ASIDE), "{said}");
        assert_eq!(load(folder.path()), FoundDraft::Nothing);
        assert_eq!(fs::read_to_string(folder.path().join(ASIDE)).unwrap(), text);
    }
}

#[test]
fn reads_what_has_more_than_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"{"version": 2, "answers": {"key": {"keep": "config", "later": 1}, "later": []}}"#;
    fs::write(folder.path().join(FILE), text).unwrap();
    let mut expected = Answers::default();
    expected.key.keep = Keep::Config;
    assert_eq!(load(folder.path()), FoundDraft::Draft(Box::new(expected)));
}

#[test]
fn reads_who_delivers_as_earlier_versions_wrote_it() {
    for (word, by) in [("here", DeliveredBy::NetdataIlert), ("cloud", DeliveredBy::NetdataCloud)] {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(r#"{{"version": 2, "answers": {{"start": {{"delivery": "{word}"}}}}}}"#);
        fs::write(folder.path().join(FILE), text).unwrap();
        let FoundDraft::Draft(draft) = load(folder.path()) else { panic!("no draft") };
        assert_eq!(draft.start.delivery, by);
    }
}

#[test]
fn says_so_when_it_cannot_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let said = save(&file, &Answers::default()).unwrap_err().to_string();
    assert!(said.contains("cannot keep the answers") && said.contains(FILE), "{said}");
}
