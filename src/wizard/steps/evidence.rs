//! How far the alert source and its key are proven: what ilert said of them, whoever asked.

use super::key;
use super::source::{self, for_me, way};
use crate::doctor::{self, KeyUse};
use crate::ilert::account::{AlertSource, Provided};
use crate::ilert::client::Verdict;
use crate::ilert::oddity;
use crate::secret::Secret;
use crate::wizard::answers::{Answers, Way};
use crate::wizard::context::{AlertSnapshot, Context, KeyTarget};
use crate::wizard::form::{Caveat, Evidence};
use crate::words::sentence;

/// The key as it is now, and where it would be taken.
#[must_use]
pub fn target(answers: &Answers, context: &Context) -> Option<KeyTarget> {
    Some(KeyTarget { key: key::secret(answers, context)?, ilert: source::ilert(answers, context) })
}

/// What ilert said to the key last: to a live test, or to what tries a key. A failure on the way says nothing of the key.
fn told<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Verdict> {
    let now = target(answers, context)?;
    let run = context.test.run.as_ref();
    let run = run.filter(|run| run.target.key == now.key && run.target.ilert == now.ilert);
    let tested = run.into_iter().flat_map(|run| [&run.resolved, &run.alerted]).flatten();
    let tried = context.key.as_ref().filter(|(asked, _)| *asked == now);
    let verdicts =
        tested.map(|posted| &posted.verdict).chain(tried.and_then(|(_, verdict)| verdict.as_ref()));
    verdicts
        .into_iter()
        .find(|verdict| matches!(verdict, Verdict::Accepted { .. } | Verdict::KeyWrong { .. }))
}

fn caveat(what: impl Into<String>, fix: &str) -> Caveat {
    Caveat { what: what.into(), fix: fix.to_owned() }
}

/// How far the key is proven.
#[must_use]
pub fn of_key(answers: &Answers, context: &Context) -> Evidence {
    let Some(key) = key::secret(answers, context) else { return Evidence::Untried("there is no key") };
    let told = told(answers, context);
    let made = for_me::made(answers, context).is_some_and(|made| made.fulfilled.provided.key == key);
    let flaw = match told {
        Some(Verdict::KeyWrong { .. }) => Some(caveat(
            format!("ilert does not accept the key {key}"),
            "Paste the key of an active alert source of type API.",
        )),
        None if !made => oddity(&key)
            .map(|odd| caveat(format!("The API key {odd}"), "The live test shows whether ilert takes it.")),
        _ => None,
    };
    let otherwise = if told.is_some() || made {
        Evidence::Proven
    } else {
        Evidence::Untried("nobody has tried the key yet")
    };
    Evidence::unless(flaw.into_iter().chain(shared(answers, context, key)), otherwise)
}

/// That another configuration sends with the same key.
fn shared(answers: &Answers, context: &Context, key: Secret) -> Option<Caveat> {
    let base = context.base(answers.start.existing);
    if !base.notification.enabled {
        return None;
    }
    let endpoint = source::ilert(answers, context).endpoint;
    let own = KeyUse { key, endpoint, events_per_minute: base.delivery.events_per_minute };
    let others = context.found.as_ref()?.neighbours.iter().map(|(name, used)| (name.as_str(), used));
    let line = doctor::shared_key(&own, others)?;
    Some(caveat(line.says, &sentence(&line.fix.unwrap_or_default())))
}

/// How far the alert source is proven.
#[must_use]
pub fn of_source(answers: &Answers, context: &Context) -> Evidence {
    let made = for_me::made(answers, context);
    let told = told(answers, context);
    if matches!(told, Some(Verdict::KeyWrong { .. })) {
        let fix = "Look in ilert whether it is there, is active, and has this key.";
        return Evidence::Doubtful(vec![caveat("ilert knows no alert source with this key", fix)]);
    }
    let key = key::named(answers, context);
    if !key.is_empty() && !key::is_chosen(answers, context) {
        let what = format!("Another alert source was chosen, and its key is missing: {key}, is used");
        return Evidence::Doubtful(vec![caveat(
            what,
            "Create that alert source and give its key, or keep this one.",
        )]);
    }
    let known = told.is_some() || made.is_some() || seen(answers, context).is_some();
    let otherwise = match way(answers, context) {
        _ if known => Evidence::Proven,
        Way::ByHand => Evidence::Untried("you made it, and ilert was not asked yet"),
        Way::ForMe | Way::Kept => Evidence::Untried("ilert was not asked yet"),
    };
    Evidence::unless(reservations(answers, context), otherwise)
}

/// Which of its settings treat real alerts otherwise than Netdata shows them; of one that was just created, none: that is as
/// it was ordered.
#[must_use]
pub fn reservations(answers: &Answers, context: &Context) -> Vec<Caveat> {
    let made = for_me::made(answers, context).map(|made| &made.fulfilled.provided);
    if made.is_some_and(|provided| provided.created) {
        return Vec::new();
    }
    let seen = seen(answers, context).map(AlertSource::reservations);
    let words = seen.or(made.map(Provided::reservations)).unwrap_or_default();
    let caveat = |words: String| caveat(format!("Check the alert source: {words}"), "Change that in ilert.");
    words.into_iter().map(caveat).collect()
}

/// The alert source of the key, as it was looked up with the live test.
fn seen<'a>(answers: &Answers, context: &'a Context) -> Option<&'a AlertSource> {
    let (now, run) = (target(answers, context)?, context.test.run.as_ref()?);
    let same = run.target.key == now.key && run.target.ilert == now.ilert;
    match &run.look_up.last {
        Some(Ok(AlertSnapshot { source, .. })) if same => source.as_ref(),
        _ => None,
    }
}
