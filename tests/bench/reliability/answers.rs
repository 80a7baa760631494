//! What ilert and Netdata may answer instead of what they should.

use netdata_ilert::simulator::{Answer, Fault};

use super::scene::{Tally, busy, busy_v1};

/// The statuses that somebody on the way may answer.
const STATUSES: [u16; 22] = [
    301, 302, 307, 308, 400, 401, 403, 404, 407, 408, 413, 418, 422, 425, 429, 451, 500, 502, 503, 504, 511,
    599,
];

/// One request, or all of a run, is answered so.
pub fn ilert(tally: &mut Tally) {
    let page = "<html><body>Sign in to the network</body></html>".to_owned();
    let mut answers =
        vec![Answer::Reset, Answer::AcceptThenReset, Answer::Redirect("http://127.0.0.1:9/".into())];
    answers.extend([200, 202, 403, 407, 502].map(Answer::Html));
    answers.extend([200, 202, 400, 503].map(|status| Answer::Instead(status, page.clone())));
    answers.push(Answer::StatusBody(202, "{".to_owned()));
    // What ilert itself refuses for good is no fault of the way: those are in the tests.
    answers.extend(
        STATUSES.iter().filter(|status| !(400..500).contains(*status)).map(|one| Answer::Status(*one)),
    );
    answers.extend([401, 403, 404, 408, 425, 429].map(Answer::Status));
    for answer in answers {
        for all in [false, true] {
            let stage = busy();
            if all {
                stage.ilert.answer_all(Some(answer.clone()));
            } else {
                stage.ilert.answer_next(answer.clone());
            }
            let case = format!("{answer:?}, all {all}");
            tally.ended(&case, stage.command(&["--send"]));
            stage.ilert.recover();
            tally.judge(&case, &stage);
        }
    }
}

/// Any address of the agent's is cut off, for v3 and v1.
pub fn netdata(tally: &mut Tally) {
    for make in [busy, busy_v1] {
        let probe = make();
        probe.netdata.forget_requests();
        probe.send();
        let mut paths: Vec<String> = probe
            .netdata
            .requests()
            .iter()
            .filter_map(|request| Some(request.strip_prefix("GET ")?.split('?').next()?.to_owned()))
            .collect();
        paths.dedup();
        paths.push("/".to_owned());
        for path in paths {
            for runs in 1..=3 {
                let stage = make();
                stage.netdata.fail_at(&path, Some(Fault::Reset));
                for _ in 0..runs {
                    tally.ended(&path, stage.command(&["--send"]));
                }
                stage.netdata.fail_at(&path, None);
                tally.judge(&format!("{path} reset for {runs} runs"), &stage);
            }
        }
    }
}
