use proptest::prelude::*;

use super::super::lossless;
use super::super::tests::root;
use super::{MARKER, by_hand, is_in, is_marked, with, without};

const LINE: &str = "* * * * * /usr/bin/netdata-ilert --send # netdata-ilert --install-schedule";

/// Bytes of any kind, and what looks like a crontab with lines that are nearly ours.
fn crontab() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        "[ #*a-z0-9%\\t\\r\u{e9}]{0,20}".prop_map(String::into_bytes),
        Just(format!("#{LINE}").into_bytes()),
        Just(format!("{LINE} and more").into_bytes()),
        Just(MARKER.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(line, 0..8).prop_map(|lines| lines.join(&b'\n'))
}

fn lines_of_others(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| !is_marked(&lossless::text(line))).collect()
}

#[test]
fn knows_lines_of_others_that_send() {
    for line in [
        "* * * * * netdata-ilert --send",
        "*/5 * * * * root /usr/bin/netdata-ilert --config /etc/netdata-ilert/config.toml --state-dir=/b --send >/dev/null 2>&1",
        "* * * * * sh -c 'cd / && \"/usr/bin/netdata-ilert\" --send'",
        "* * * * * K=x netdata-ilert --send # mine",
        "@reboot netdata-ilert --watch=15",
    ] {
        let found = by_hand(&format!("MAILTO=x\n{line}\n"), &root());
        assert_eq!(found, Some(2), "{line}");
    }
    for line in [
        LINE,
        "#* * * * * netdata-ilert --send",
        "* * * * * netdata-ilert --status",
        "* * * * * backup # netdata-ilert --send",
        "* * * * * netdata-ilert --doctor; mail --send",
        "* * * * * netdata-ilert-wrapper --send",
        "RUN=/usr/bin/netdata-ilert --send",
    ] {
        assert_eq!(by_hand(&format!("MAILTO=x\n{line}\n"), &root()), None, "{line}");
    }
}

#[test]
fn remembers_a_newline_that_it_added() {
    let root = root();
    let installed = with("a", LINE, &root);
    assert!(is_in(&installed, &root) && with(&installed, LINE, &root) == installed, "{installed}");
    assert_eq!(without(&installed, &root), "a");
    // What came below it needs the newline.
    assert_eq!(without(&format!("{installed}b\n"), &root), "a\nb\n");
}

proptest! {
    #[test]
    fn what_was_installed_and_removed_left_every_byte(before in crontab(), again in any::<bool>()) {
        let text = lossless::text(&before);
        let root = root();
        prop_assume!(!is_in(&text, &root));
        let mut installed = with(&text, LINE, &root);
        if again {
            installed = with(&installed, LINE, &root);
        }
        // What is written is read back by another run.
        let installed = lossless::bytes(&installed);
        prop_assert!(is_in(&lossless::text(&installed), &root));
        let removed = lossless::bytes(&without(&lossless::text(&installed), &root));
        prop_assert_eq!(removed, before);
    }

    #[test]
    fn lines_of_others_stay_as_they_are_wherever_ours_stands(before in crontab(), at in any::<prop::sample::Index>()) {
        let mut lines: Vec<_> = before.split_inclusive(|byte| *byte == b'\n').collect();
        let ours = format!("{LINE}\n");
        lines.insert(at.index(lines.len() + 1), ours.as_bytes());
        let before = lines.concat();
        let text = lossless::text(&before);
        for after in [with(&text, LINE, &root()), without(&text, &root())] {
            let after = lossless::bytes(&after);
            prop_assert_eq!(lines_of_others(&after), lines_of_others(&before));
        }
    }
}
