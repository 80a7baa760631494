use super::parse_event;
use crate::payload::{Action, KeyKind, Notice, ResolveReason, Subject, alert_key};

const INSTANCE: &str = include_str!("../../tests/fixtures/preview/v3-instance.json");
const TRANSITION: &str = include_str!("../../tests/fixtures/preview/v3-transition.json");
const ALARM: &str = include_str!("../../tests/fixtures/preview/v1-alarm.json");
const LOG_ENTRY: &str = include_str!("../../tests/fixtures/preview/v1-alarm-log-entry.json");

fn with_host(json: &str) -> String {
    json.replacen('{', r#"{"host":"db-1","#, 1)
}

fn key(notice: &Notice) -> String {
    alert_key(&notice.subject, notice.kind)
}

#[test]
fn takes_what_netdata_answers() {
    let instance = parse_event(&with_host(INSTANCE)).unwrap();
    assert_eq!(key(&instance), "netdata/db-1//statsd_flip.temp_gauge/flip_gauge/critical");
    assert_eq!((instance.facts.value, instance.facts.when), (Some(90.0), 1_795_407_230));
    assert_eq!(instance.facts.role, "sysadmin");

    let transition = parse_event(TRANSITION).unwrap();
    assert_eq!(
        key(&transition),
        "netdata/nd2/5c6fb82f-092b-4509-83f1-ab7e4de141ad/statsd_flip.temp_gauge/flip_silent/warning"
    );
    assert_eq!(transition.action, Action::Resolve(ResolveReason::Cleared));
    assert_eq!((transition.facts.old_value, transition.facts.duration), (Some(60.0), Some(22)));
    assert_eq!(transition.facts.role, "silent");

    let alarm = parse_event(&with_host(ALARM)).unwrap();
    assert_eq!(alarm.kind, KeyKind::Warning);
    assert_eq!(alarm.facts.value_text, "4.25 load");
    assert_eq!(alarm.facts.when, 1_795_404_755);
    let warn = "($this * 100 / $load_cpu_number) > (($status >= $WARNING) ? 175 : 200)";
    assert_eq!(alarm.facts.config.unwrap().warn_when, warn);

    let entry = parse_event(&format!("[{LOG_ENTRY}]")).unwrap();
    assert_eq!(key(&entry), "netdata/deb137//statsd_flip.temp_gauge/flip_gauge/warning");
    assert_eq!(entry.facts.transition, "1795404800");
}

#[test]
fn takes_one_written_by_hand() {
    let alert =
        parse_event(r#"{"host":"a","chart":"c","name":"n","status":"warning","value":"nan"}"#).unwrap();
    assert_eq!((key(&alert).as_str(), alert.facts.value), ("netdata/a//c/n/warning", None));
    assert_eq!(alert.facts.config, None);
    let node = parse_event(r#"{"host":"a","guid":"G","status":"UNREACHABLE","info":"gone"}"#).unwrap();
    assert_eq!(key(&node), "netdata/a/g/unreachable");
    let back = parse_event(r#"{"host":"a","status":"reachable"}"#).unwrap();
    assert!(
        matches!(back.subject, Subject::Node(_)) && back.action == Action::Resolve(ResolveReason::Reachable)
    );
}

/// The same reader as for an agent's answer.
#[test]
fn takes_what_no_strict_reader_takes() {
    let given = |member: &str| {
        parse_event(&format!(r#"{{"host":"a","chart":"c","name":"n","status":"CRITICAL",{member}}}"#))
            .unwrap()
            .facts
    };
    for value in ["1e999", "nan", "0x10"] {
        assert_eq!(given(&format!("\"value\":{value}")).value, None, "{value}");
    }
    assert_eq!(given(r#""info":"half \ud800 a pair""#).info, "half \u{fffd} a pair");
    assert_eq!(given(r#""info":"say "hi" now""#).info, "say \"hi\" now");
    assert_eq!(given("\n\t\"info\": \"a\ttab, a \\path\",\n\t\"units\": \"%\"\n").units, "%");
    assert_eq!(given(r#""when":"1795348800","duration":60.0"#).when, 1_795_348_800);
}

#[test]
fn says_what_is_wrong() {
    let errors = [
        "{",
        "[]",
        "3",
        r#"{"alarms":{}}"#,
        INSTANCE,
        r#"{"host":"a","status":"critical"}"#,
        r#"{"host":"a","chart":"c","name":"n","status":"UNDEFINED"}"#,
        r#"{"host":"a","chart":"c","name":"n","st":"CRITICAL","v":"high"}"#,
        r#"{"host":"a","chart":"c","name":"n","status":"CLEAR","when":-1}"#,
        r#"{"host":["a"]}"#,
    ]
    .map(|json| parse_event(json).unwrap_err().to_string())
    .join("\n");
    insta::assert_snapshot!(errors, @r#"
    this is not JSON: EOF while parsing an object at line 1 column 1
    expected one alert as a JSON object; found a list of 0
    expected one alert as a JSON object; found `3`
    expected one alert as a JSON object; found a whole answer of Netdata: take one of its `alarms`
    `host` is missing: the node's host name; give it as `host` or `hostname`
    `chart` is missing: the chart's id; give it as `chart` or `instance_id` or `instance` or `ch`
    `status` is `UNDEFINED`, never sent to ilert; expected CRITICAL, WARNING, CLEAR, REMOVED, UNREACHABLE or REACHABLE
    `v` is the text "high"; expected a number or null
    `when` is `-1`; expected a number of seconds
    `host` is a list of 1; expected text
    "#);
}
