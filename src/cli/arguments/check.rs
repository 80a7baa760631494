//! Which flags go together.

use std::borrow::Cow;

use super::{Arguments, Chosen};

impl Arguments {
    /// What clap cannot say: which flags go together. (Its `requires` is void where another mode is given.)
    pub fn check(&self) -> Result<(), Cow<'static, str>> {
        if let Some(flag) = self.answers.given().filter(|_| !self.setup) {
            return Err(format!("`{flag}` goes with `--setup`").into());
        }
        let prints_data =
            self.status || self.doctor || self.preview || self.setup || (self.send && self.dry_run);
        let drops = self.discard.as_deref().unwrap_or_default();
        let misplaced = [
            (drops.contains(&Chosen::All) && drops.len() > 1, "`--discard` takes either ids or `all`"),
            (self.dry_run && !self.send && !self.setup, "`--dry-run` goes with `--send` and `--setup`"),
            (self.event.is_some() && !self.preview, "`--event` goes with `--preview`"),
            (self.sample && !self.preview, "`--sample` goes with `--preview`"),
            (
                self.priority.is_some() && !self.test && !self.setup,
                "`--priority` goes with `--test` and `--setup`",
            ),
            (
                self.priority.is_some() && self.answers.no_test,
                "`--priority` is of the test that `--no-test` leaves out",
            ),
            (
                self.escalation_policy.is_some()
                    && self.create_alert_source.is_none()
                    && self.answers.alert_source.is_none(),
                "`--escalation-policy` goes with `--create-alert-source` and `--alert-source`",
            ),
            (
                self.create_alert_source.is_some() && self.escalation_policy.is_none(),
                "`--create-alert-source` needs `--escalation-policy` with an id or a name: who is called",
            ),
            (self.alerts.is_some() && self.silence.is_none(), "`--alerts` goes with `--silence`"),
            (self.length.is_some() && self.silence.is_none(), "`--for` goes with `--silence`"),
            (self.reason.is_some() && self.silence.is_none(), "`--reason` goes with `--silence`"),
            (
                self.silence.is_some() && self.length.is_none(),
                "`--silence` needs `--for` with a duration, such as `--for 2h`: a silence that nobody ends hides alerts",
            ),
            (
                self.json && !prints_data,
                "`--json` goes with `--status`, `--doctor`, `--preview`, `--setup` and `--send --dry-run`",
            ),
            (self.demo && !self.send && !self.is_wizard(), "`--demo` goes with the wizard or with `--send`"),
            (self.plain && !self.is_wizard(), "`--plain` goes with the wizard"),
            (
                self.demo && self.dry_run,
                "`--demo` shows real runs of the sender: it does not go with `--dry-run`",
            ),
        ];
        match misplaced.into_iter().find(|(is_misplaced, _)| *is_misplaced) {
            Some((_, words)) => Err(words.into()),
            None => Ok(()),
        }
    }
}
