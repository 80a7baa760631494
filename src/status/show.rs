//! A status in words and tables.

mod run;

use std::fmt::Write as _;

use super::model::{
    FailedEvent, HeldBack, HeldStatus, Hold, Open, OpenState, StatusReport, SubjectNames, UNRECORDED,
    Untellable, WaitingEvent, named,
};
use crate::config::DeliveredBy;
use crate::delivery::entry::is_ahead;
use crate::delivery::run::{CLOUD_DELIVERS, CLOUD_UNPROVEN};
use crate::delivery::store::MOST_FAILED;
use crate::text::ago::{ago, moment, stamp};
use crate::text::table::{Noted, noted_table};

const ALERT: [&str; 5] = ["level", "node", "alert", "chart", "since"];

impl StatusReport {
    /// The same in words and tables. `now` is this machine's clock, milliseconds; `room` how wide tables may be.
    #[must_use]
    pub fn text(&self, now: i64, room: usize) -> String {
        let mut text = String::new();
        if self.switched_off {
            text.push_str("switched off (`enabled = false`): nothing is sent, and what is open stays open\n");
        }
        if self.delivered_by == Some(DeliveredBy::NetdataCloud) {
            let _ = writeln!(text, "{CLOUD_DELIVERS}\n{CLOUD_UNPROVEN}");
        }
        if let Some(words) = &self.idle_schedule {
            let _ = writeln!(text, "schedule: {words}");
        }
        if self.unusable.is_some() {
            text.push_str("the configuration cannot be used: nothing is sent\n");
        }
        text.push_str(&self.run_text(now));
        text.push_str(&self.unwritable_text(now));
        text.push_str(&self.lost_text());
        if self.is_unknown() {
            text.push_str("\nopen in ilert: cannot tell\n");
        } else {
            heading(&mut text, "open in ilert", self.open.len());
        }
        noted_table(&mut text, room, ALERT, &self.open_rows(&self.open, now));
        if !self.held.is_empty() {
            heading(&mut text, "held back", self.held.len());
            let rows: Vec<_> = self.held.iter().map(|held| self.held_row(held, now)).collect();
            noted_table(&mut text, room, ["status", "node", "alert", "chart", "by", "until"], &rows);
        }
        self.not_told_text(&mut text, now, room);
        if !self.silences.is_empty() {
            heading(&mut text, "silences", self.silences.len());
            let rows: Vec<_> = self.silences.iter().map(|silence| silence.row(now)).collect();
            noted_table(&mut text, room, ["silence", "made", "when", "covers"], &rows);
        }
        heading(&mut text, "waiting", self.waiting.len());
        let rows: Vec<_> = self.waiting.iter().map(|waiting| self.waiting_row(waiting, now)).collect();
        noted_table(&mut text, room, ["recorded", "event", "level", "node", "alert", "chart"], &rows);
        self.failed_text(&mut text, now, room);
        if !self.set_aside.is_empty() {
            let what = "open under an API key or endpoint that is no longer configured";
            heading(&mut text, what, self.set_aside.len());
            noted_table(&mut text, room, ALERT, &self.open_rows(&self.set_aside, now));
            let _ = writeln!(
                text,
                "  nothing here resolves these: resolve them in ilert by hand, then run {}",
                self.invocation.command("--discard all")
            );
        }
        text
    }

    /// That no run is recorded now, and since when.
    fn unwritable_text(&self, now: i64) -> String {
        let Some(reason) = &self.unwritable else { return String::new() };
        let recorded = match &self.last_run {
            Some(run) => format!(
                "no run since {} ({}) is recorded, and none can be",
                stamp(run.started),
                ago(now, run.started)
            ),
            None => "no run can be recorded".to_owned(),
        };
        format!("state:    {recorded}:\n          {reason}\n")
    }

    fn lost_text(&self) -> String {
        if self.unrecorded {
            return format!("state:    {UNRECORDED}: pages may have left all the same\n");
        }
        let Some(lost) = &self.lost else { return String::new() };
        format!(
            "state:    {}\n          what was open in ilert before is not known here;\n          \
             {} takes it over, with an API token of ilert's\n",
            lost.words(),
            self.invocation.command("--adopt")
        )
    }

    /// There was a state, or should be one, and nothing of it is here.
    fn is_unknown(&self) -> bool {
        self.absent && (self.unrecorded || self.lost.is_some())
    }

    fn not_told_text(&self, text: &mut String, now: i64, room: usize) {
        if !self.not_told.is_empty() {
            heading(text, "raised, not told", self.not_told.len());
            let rows: Vec<_> = self
                .not_told
                .iter()
                .map(|one| {
                    let [node, alert, chart] = self.names(&one.name);
                    let cells = [
                        one.kind.word().to_owned(),
                        node,
                        alert,
                        chart,
                        ago(now, one.since.saturating_mul(1000)),
                    ];
                    let silence = one.silence.as_ref().map(|muted| muted.in_words(now));
                    (cells, silence.unwrap_or_else(|| why(one.why).to_owned()))
                })
                .collect();
            noted_table(text, room, ALERT, &rows);
        }
        if let Some(untold) = self.untold {
            let last = self.last_run.as_ref().map_or(0, |run| run.untold);
            let last = if last > 0 { format!(" ({last} in the last run)") } else { String::new() };
            let _ = writeln!(
                text,
                "\ncame and went untold: {} since {}{last}",
                untold.count,
                stamp(untold.since)
            );
        }
    }

    fn failed_text(&self, text: &mut String, now: i64, room: usize) {
        heading(text, "failed", self.failed.len());
        let rows: Vec<_> = self.failed.iter().map(|failed| self.failed_row(failed, now)).collect();
        noted_table(text, room, ["id", "age", "event", "level", "node", "alert", "chart"], &rows);
        if self.failed_dropped > 0 {
            let _ = writeln!(
                text,
                "  {} older ones were dropped: at most {MOST_FAILED} are kept",
                self.failed_dropped
            );
        }
        if !self.failed.is_empty() {
            let [retry, discard, all] = ["--retry ID…", "--discard ID…", "--discard all"]
                .map(|arguments| self.invocation.command(arguments));
            let _ = writeln!(text, "  {retry} tries again,\n  {discard} drops,\n  {all} drops all");
        }
    }

    fn open_rows(&self, list: &[Open], now: i64) -> Vec<Noted<5>> {
        list.iter()
            .map(|open| {
                let [node, alert, chart] = self.names(&open.name);
                let cells = [
                    open.kind.word().to_owned(),
                    node,
                    alert,
                    chart,
                    ago(now, open.since.saturating_mul(1000)),
                ];
                (cells, open_note(open.state).to_owned())
            })
            .collect()
    }

    fn held_row(&self, held: &HeldBack, now: i64) -> Noted<6> {
        let [node, alert, chart] = self.names(&held.name);
        let status = match held.status {
            HeldStatus::Warning => "warning",
            HeldStatus::Critical => "critical",
            HeldStatus::Clear => "clear",
            HeldStatus::Gone => "gone",
            HeldStatus::Away => "away",
        };
        let by = match held.by {
            Hold::Delay => "Netdata's delay",
            Hold::ResolveAfter => "resolve_after",
            Hold::Flapping => "flapping",
            Hold::RemovedAfter => "removed_after",
            Hold::UnreachableAfter => "unreachable_after",
        };
        let until = held.until.map(|until| moment(now, until)).unwrap_or_default();
        let waits = (!held.members.is_empty()).then(|| format!("waits for {}", named(held.members.iter())));
        ([status.to_owned(), node, alert, chart, by.to_owned(), until], waits.unwrap_or_default())
    }

    fn waiting_row(&self, waiting: &WaitingEvent, now: i64) -> Noted<6> {
        let [node, alert, chart] = self.names(&waiting.name);
        let event = event_type(&waiting.event);
        let mut notes = Vec::new();
        if let Some(until) = waiting.rests_until.filter(|until| is_ahead(*until, now)) {
            notes.push(format!("rests until {}", moment(now, until / 1000)));
        }
        match waiting.faults {
            0 => {}
            1 => notes.push("failed once while others were taken".to_owned()),
            times => notes.push(format!("failed {times} times while others were taken")),
        }
        if waiting.tried && waiting.faults == 0 {
            notes.push("was sent, and ilert did not say that it took it: it is sent again first".to_owned());
        }
        (
            [ago(now, waiting.since), event, waiting.kind.word().to_owned(), node, alert, chart],
            notes.join(", "),
        )
    }

    fn failed_row(&self, failed: &FailedEvent, now: i64) -> Noted<7> {
        let [node, alert, chart] = self.names(&failed.name);
        let cells = [
            failed.id.to_string(),
            ago(now, failed.at),
            event_type(&failed.event),
            failed.kind.word().to_owned(),
            node,
            alert,
            chart,
        ];
        (cells, failed.words())
    }

    /// Node, alert and chart; of two nodes of one name enough of the GUID to tell them apart.
    fn names(&self, name: &SubjectNames) -> [String; 3] {
        let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "–".to_owned());
        let node = if self.twins.contains(&name.host) {
            format!("{} ({})", name.host, name.guid.chars().take(8).collect::<String>())
        } else {
            name.host.clone()
        };
        [node, word(name.storm.as_ref().map_or(&name.alert, |_| &name.storm)), word(&name.chart)]
    }
}

fn heading(text: &mut String, what: &str, count: usize) {
    let _ = match count {
        0 => writeln!(text, "\n{what}: none"),
        count => writeln!(text, "\n{what}: {count}"),
    };
}

/// What an event does: the first word of its name.
fn event_type(event: &str) -> String {
    event.split(' ').next().unwrap_or_default().to_owned()
}

fn open_note(state: OpenState) -> &'static str {
    match state {
        OpenState::Open => "",
        OpenState::Maybe => "maybe open: its ALERT was sent, and ilert did not say that it took it",
        OpenState::Refused => "ilert refused its RESOLVE for good: resolve it in ilert",
        OpenState::Over => "over, but its end is not among the notification types: resolve it in ilert",
    }
}

fn why(why: Untellable) -> &'static str {
    match why {
        Untellable::Refused => "ilert refused its ALERT for good: it is sent again when it is raised again",
        Untellable::Silent => "silent: its recipients, or a Netdata silence",
        Untellable::Silenced => "silenced here",
        Untellable::Types => "its level is not among the notification types",
    }
}
