//! A sender as one would write it in bash: asks for what is raised, compares it with what was raised before, and posts
//! the difference. No delays, no order, no pace, no retries: the least that one can do.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::bench::Bench;
use super::measure::Errand;
use super::services::KEY;

const SCRIPT: &str = r#"#!/bin/bash
set -euo pipefail
netdata=$1 ilert=$2 key=$3 folder=$4
raised() {
    curl --silent --fail "$netdata/api/v3/alerts?options=instances&status=raised" ||
        curl --silent "$netdata/api/v1/alarms"
}
raised | grep -oE '"tr_i": ?"[^"]*"|^ *"[^"]+": ?\{' | sort >"$folder/raised" || true
if [[ ${5-} == learn ]]; then
    mv "$folder/raised" "$folder/told"
    exit
fi
post() {
    curl --silent --cacert "$folder/ca.pem" --output /dev/null "$ilert/api/events" --data         "{"apiKey": "$key", "eventType": "$1", "summary": "$2", "alertKey": "$2"}"
}
comm -13 "$folder/told" "$folder/raised" | while read -r alert; do post ALERT "${alert//[^a-z_.]/}"; done
comm -23 "$folder/told" "$folder/raised" | while read -r alert; do post RESOLVE "${alert//[^a-z_.]/}"; done
mv "$folder/raised" "$folder/told"
"#;

/// The script, for this bench; it has told all that is raised.
pub fn errand(bench: &Bench) -> Errand {
    let path = bench.path("sender.sh");
    fs::write(&path, SCRIPT).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    let arguments = [
        path.display().to_string(),
        bench.services.netdata.url(),
        bench.url(),
        KEY.to_owned(),
        bench.folder.path().display().to_string(),
    ];
    let learnt = Command::new("bash").args(&arguments).arg("learn").status().unwrap();
    assert!(learnt.success());
    Errand { program: "bash".to_owned(), arguments: arguments.to_vec() }
}
