//! Asks Netdata, one agent or several parents, and reconciles the ledger with what is shown, or with the lack of it.

use std::sync::Arc;

use super::asleep::Asleep;
use super::explain::explain;
use super::job::Observer;
use super::ledger::Ledger;
use super::parents::AskedParent;
use super::plan::PlanInput;
use super::reason::Reasons;
use super::reconcile::{reconcile, reconcile_away, reconcile_parents, reconcile_parents_away};
use super::report::Report;
use crate::alert::{NodeId, Observation};
use crate::config::Config;
use crate::netdata::merge::merge;
use crate::netdata::parents::ParentAnswer;
use crate::netdata::{Cursor, Error, Interest, Visits};

/// What is due, and the cursor for the next observation if Netdata answered.
pub(super) struct Reconciled {
    pub ledger: Ledger,
    pub cursor: Option<Cursor>,
    pub plan_input: PlanInput,
}

/// Asks Netdata and reconciles the ledger with its answer, or with the lack of one. Agents may have been asked already who
/// they are.
pub(super) async fn observe_and_reconcile(
    observer: &Observer<'_>,
    visits: Option<Visits<'_>>,
    mut ledger: Ledger,
    asleep: &mut Asleep<'_>,
    cursor: Option<&Cursor>,
    report: &mut Report,
) -> Reconciled {
    ledger.reasons = tracing::enabled!(tracing::Level::INFO).then(Reasons::default);
    let answers = ask(observer, visits, &ledger, asleep, cursor).await;
    let now = (observer.clock)();
    let mut reconciled = if observer.netdata.are_several() {
        with_parents(observer.config, ledger, cursor, answers, report, now)
    } else {
        with_agent(observer.config, ledger, asleep, answers, report, now)
    };
    asleep.wake_beside(&mut reconciled.ledger);
    if let Some(reasons) = &reconciled.ledger.reasons {
        explain(reasons, now);
    }
    reconciled
}

async fn ask(
    observer: &Observer<'_>,
    visits: Option<Visits<'_>>,
    ledger: &Ledger,
    asleep: &Asleep<'_>,
    cursor: Option<&Cursor>,
) -> Vec<ParentAnswer> {
    let is_alone = !observer.netdata.are_several();
    let interest = |guid: &str| {
        let known = ledger.cursor_of(guid, cursor);
        let followed = asleep.following(ledger, guid, is_alone);
        let config = observer.config.clone();
        let labels = config.label_names();
        let covers = Arc::new(move |node: &_, labels: &_| config.covers(node, labels).unwrap_or(true));
        Interest { cursor: known.or(cursor.filter(|_| is_alone)), followed, covers, labels }
    };
    match visits {
        Some(visits) => observer.netdata.ask_on(visits, &interest).await,
        None => observer.netdata.ask(&interest).await,
    }
}

/// Reconciles with what the one agent shows.
fn with_agent(
    config: &Config,
    mut ledger: Ledger,
    asleep: &mut Asleep<'_>,
    answers: Vec<ParentAnswer>,
    report: &mut Report,
    now: i64,
) -> Reconciled {
    let notify = config.notification.notify;
    let without =
        |ledger| Reconciled { ledger, cursor: None, plan_input: PlanInput::without_agent(notify, now) };
    match answers.into_iter().next().map(|answer| answer.seen) {
        Some(Ok((mut seen, cursor))) => {
            report.observed(&seen, config);
            asleep.part(&mut seen, &mut ledger, config);
            let plan_input = PlanInput { notify, now: seen.now, recorded: now };
            let ledger = reconcile(ledger, &seen, config, now);
            Reconciled { ledger, cursor: Some(cursor), plan_input }
        }
        Some(Err(error)) => {
            report.away(&error, &ledger);
            without(reconcile_away(ledger, &error.reason(), config, now))
        }
        // There always is a URL.
        None => without(ledger),
    }
}

/// Reconciles with what several parents show together.
fn with_parents(
    config: &Config,
    mut ledger: Ledger,
    cursor: Option<&Cursor>,
    answers: Vec<ParentAnswer>,
    report: &mut Report,
    now: i64,
) -> Reconciled {
    let notify = config.notification.notify;
    ledger.keep_cursor(cursor);
    let Answered { shown, asked, failed, doubled } = Answered::of(answers);
    for AskedParent { url, answer } in &asked {
        match answer {
            Ok((agent, _)) => tracing::info!("{url} answers: {} {}", agent.node, agent.version),
            Err(reason) => tracing::info!("{url} does not answer: {reason}"),
        }
    }
    for (first, url, node) in doubled {
        report.doubled(first, url, &node);
    }
    let Some(merged) = merge(shown, &ledger.known()) else {
        report.parents_away(&failed, &ledger);
        let ledger = reconcile_parents_away(ledger, &asked, config, now);
        return Reconciled { ledger, cursor: None, plan_input: PlanInput::without_agent(notify, now) };
    };
    report.observed(&merged.seen, config);
    for (own, url, answered_at) in ledger.back_again(&asked) {
        report.parent_back(own, url, answered_at, now);
    }
    let plan_input = PlanInput { notify, now: merged.seen.now, recorded: now };
    let cursor = asked.iter().find_map(|one| one.answer.as_ref().ok()).map(|(_, cursor)| cursor.clone());
    let ledger = reconcile_parents(ledger, &merged, &asked, config, now);
    let others_show_all = merged.elsewhere.is_empty() && ledger.others_show_all(&asked);
    for error in &failed {
        report.parent_away(error, others_show_all);
    }
    Reconciled { ledger, cursor, plan_input }
}

/// The answers of several URLs, sorted.
#[derive(Default)]
struct Answered {
    /// What was seen, each agent once.
    shown: Vec<Observation>,
    /// Who answered where, likewise.
    asked: Vec<AskedParent>,
    /// Why others did not.
    failed: Vec<Error>,
    /// URLs that lead to the same agent as an earlier one: that one, the URL, the agent.
    doubled: Vec<(String, String, NodeId)>,
}

impl Answered {
    /// Sorts answers; an agent that two URLs lead to counts once.
    fn of(answers: Vec<ParentAnswer>) -> Self {
        let mut sorted = Self::default();
        for ParentAnswer { url, seen } in answers {
            let answer = match seen {
                Ok((seen, cursor)) => {
                    let node = &seen.agent.node;
                    if let Some(first) = sorted.url_of(&node.guid) {
                        sorted.doubled.push((first.to_owned(), url, NodeId::clone(node)));
                        continue;
                    }
                    let answer = Ok((seen.agent.clone(), cursor));
                    sorted.shown.push(seen);
                    answer
                }
                Err(error) => {
                    let reason = error.reason();
                    sorted.failed.push(error);
                    Err(reason)
                }
            };
            sorted.asked.push(AskedParent { url, answer });
        }
        sorted
    }

    fn url_of(&self, guid: &str) -> Option<&str> {
        let leads_to =
            |one: &&AskedParent| one.answer.as_ref().is_ok_and(|(agent, _)| agent.node.guid == guid);
        self.asked.iter().find(leads_to).map(|one| one.url.as_str())
    }
}
