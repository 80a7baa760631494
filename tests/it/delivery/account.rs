//! The model's own account of what each alert went through, kept apart from the code that is judged by it.

use std::collections::BTreeMap;

use netdata_ilert::alert::{AlertId, Level, Status};

/// For how long a raise that is over is still news, seconds.
pub const NEWS: i64 = 15 * 60;

/// One alert.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// It was critical since it last cleared.
    pub was_critical: bool,
    /// The last change came with a restart or a removal: what follows may or may not count.
    pub noisy: bool,
    /// It cleared after a restart or a removal: only who sees it clear knows.
    pub unproven: bool,
    /// A raise whose delay has not passed, and whether it is from clear.
    pub coming: Option<Coming>,
    /// Raises that were due.
    pub raises: Vec<Raise>,
    /// Until when it counts as critical, as far as Netdata's delays say.
    pub critical_until: i64,
}

/// A raise that will be due.
#[derive(Clone, Copy, Debug)]
pub struct Coming {
    pub due: i64,
    pub level: Level,
    pub from_clear: bool,
}

/// A raise that was due.
#[derive(Clone, Copy, Debug)]
pub struct Raise {
    pub due: i64,
    pub level: Level,
    /// When it was over.
    pub ended: Option<i64>,
    /// ALERTs of the alert, and of its critical key, that ilert had seen by then.
    pub attempts: usize,
    pub critical_attempts: usize,
    /// Nothing needs to be told of it: silent, or open already.
    pub superseded: bool,
    /// A storm tells the alert, at a lower level.
    pub gathered: bool,
}

impl Raise {
    /// Until when it is to be told, whatever comes, if it is news for so long after it is over.
    fn news_until(&self, news: i64) -> i64 {
        self.ended.map_or(i64::MAX, |ended| ended + news)
    }
}

/// All alerts, and the runs in which everything could have been told.
#[derive(Debug, Default)]
pub struct Accounts {
    pub of: BTreeMap<AlertId, Account>,
    /// When nothing was in the way of a run.
    pub healthy_runs: Vec<i64>,
}

impl Accounts {
    pub fn get(&mut self, id: &AlertId) -> &mut Account {
        self.of.get_mut(id).unwrap()
    }

    /// What was raised by now need not be told: nobody could know, or nobody is to.
    pub fn forgive(&mut self, id: &AlertId) {
        let account = self.get(id);
        (account.coming, account.noisy) = (None, true);
        // A clear in between may not have been seen either.
        account.was_critical |= account.critical_until > 0;
        for raise in &mut account.raises {
            raise.superseded = true;
        }
    }

    /// A restart or a removal at this time: nobody knows whether what was raised is over. A critical whose fall is not
    /// due yet has not fallen.
    pub fn make_noise(&mut self, id: &AlertId, now: i64) {
        let account = self.get(id);
        (account.noisy, account.coming) = (true, None);
        if account.critical_until > now {
            account.critical_until = i64::MAX;
        }
        for raise in &mut account.raises {
            raise.ended.get_or_insert(now);
        }
    }

    /// An alert goes to a status at this time, which counts after a delay.
    pub fn set(&mut self, id: &AlertId, change: Change) {
        let Change { before, status, now, delay, silent, patient } = change;
        let account = self.get(id);
        account.coming = None;
        let noisy = std::mem::take(&mut account.noisy);
        account.unproven = noisy && status == Status::Clear;
        match status {
            Status::Clear if delay == 0 && !noisy && !patient && before != Status::Clear => {
                account.was_critical = false;
            }
            Status::Critical => (account.was_critical, account.critical_until) = (true, i64::MAX),
            _ => {}
        }
        // A fall that is not due yet never happened: this one counts in its place.
        if status != Status::Critical && account.critical_until > now {
            account.critical_until = now + delay;
        }
        if status.level().is_none() || (before.level() > status.level()) {
            for raise in account.raises.iter_mut().filter(|raise| Some(raise.level) > status.level()) {
                raise.ended.get_or_insert(now);
            }
        }
        let grows = status.level() > before.level() && before.level().is_some();
        if let Some(level) =
            status.level().filter(|_| (before == Status::Clear || grows) && !noisy && !silent)
        {
            account.coming = Some(Coming { due: now + delay, level, from_clear: before == Status::Clear });
        }
    }

    /// Why a raise was lost, if one was. `attempts` and `critical` are the ALERTs that ilert has seen in the end; a
    /// warning that is over is `news` for so many seconds.
    pub fn lost(&self, id: &AlertId, attempts: usize, critical: usize, news: i64) -> Option<&Raise> {
        self.of[id].raises.iter().find(|raise| {
            let news = if raise.level == Level::Warning { news } else { NEWS };
            let until = raise.news_until(news);
            let could = self.healthy_runs.iter().any(|run| (raise.due + 5..until).contains(run));
            let told = match raise.level {
                Level::Critical if could => critical > raise.critical_attempts,
                Level::Critical => attempts > raise.attempts || raise.gathered,
                Level::Warning => attempts > raise.attempts || !could,
            };
            !raise.superseded && !told
        })
    }
}

/// A change of an alert.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    pub before: Status,
    pub status: Status,
    pub now: i64,
    pub delay: i64,
    pub silent: bool,
    /// With `resolve_after`: a clear that does not last is none.
    pub patient: bool,
}
