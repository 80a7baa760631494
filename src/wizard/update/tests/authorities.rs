//! A CA file that cannot be used is told where it is asked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{answer, at, update, work};
use crate::http::{ClientError, Failure};
use crate::ilert::client::{RetryReason, Verdict};
use crate::wizard::Step;
use crate::wizard::effect::Work;
use crate::wizard::form::{Control, Given};
use crate::wizard::message::{Message, Reply};
use crate::wizard::model::Model;
use crate::wizard::steps::test::remedy;

const PATH: &str = "/nowhere/ca.pem";

fn refused() -> Reply {
    Reply::Authorities(BTreeMap::from([(PathBuf::from(PATH), "no such file".to_owned())]))
}

fn naming(step: Step, more: Control, field: Control) -> (Model, Vec<super::Effect>) {
    let mut model = at(step);
    if step == Step::Source {
        update(&mut model, Message::Give(Control::WAY, Given::Option(1)));
        model.focus = Control::TODO;
        update(&mut model, Message::TickAll);
    }
    update(&mut model, Message::Give(more, Given::Tick(true)));
    let effects = update(&mut model, Message::Give(field, Given::Text(PATH.into())));
    let files = [PathBuf::from(PATH)].into();
    let looks = effects.iter().filter_map(|effect| match effect {
        super::Effect::Start(_, work @ Work::Authorities(_)) => Some(work),
        _ => None,
    });
    assert_eq!(looks.collect::<Vec<_>>(), [&Work::Authorities(files)]);
    let mine = effects.into_iter();
    let mine = mine.filter(|effect| matches!(effect, super::Effect::Start(_, Work::Authorities(_))));
    (model, mine.collect())
}

#[test]
fn enter_waits_for_the_look_at_it_and_stays_where_it_cannot_be_used() {
    for (step, more, field) in [
        (Step::Source, Control::ILERT_MORE, Control::ILERT_CA),
        (Step::Netdata, Control::AGENT_MORE, Control::CA_FILE),
    ] {
        let (mut model, effects) = naming(step, more, field);
        update(&mut model, Message::Next);
        assert_eq!((model.step, &model.problem), (step, &None), "it is being looked at");
        answer(&mut model, &effects, refused());
        let problem = model.problem.as_ref().unwrap();
        assert_eq!((model.step, problem.control, problem.message.as_str()), (step, field, "no such file"));
        // It is there now: Enter looks again.
        let effects = update(&mut model, Message::Next);
        assert!(matches!(work(&effects), Some(Work::Authorities(_))), "{effects:?}");
        let effects = answer(&mut model, &effects, Reply::Authorities(BTreeMap::new()));
        assert_eq!(model.problem, None);
        if step == Step::Netdata {
            assert!(matches!(work(&effects), Some(Work::Probe { .. })), "{effects:?}");
        } else {
            assert_eq!(model.step, Step::Key);
        }
    }
}

#[test]
fn it_is_not_gone_past_without_an_answer_of_netdatas() {
    let (mut model, effects) = naming(Step::Netdata, Control::AGENT_MORE, Control::CA_FILE);
    answer(&mut model, &effects, refused());
    let effects = super::super::agent::ask(&mut model, super::super::agent::Soon::Again);
    answer(&mut model, &effects, Reply::Probed(Err("no such file".to_owned())));
    update(&mut model, Message::Give(Control::ANYWAY, Given::Tick(true)));
    let effects = update(&mut model, Message::Next);
    answer(&mut model, &effects, refused());
    assert_eq!((model.step, model.problem.unwrap().control), (Step::Netdata, Control::CA_FILE));
}

#[test]
fn the_live_test_says_which_field_to_correct() {
    let roots = |variable| ClientError::Roots { path: PATH.into(), variable, reason: "no PEM".into() };
    for (error, says, back) in [
        (roots(false), "Correct CA file, in the step \"ilert alert source\" under More", Some(Step::Source)),
        (roots(true), "SSL_CERT_FILE", None),
        (ClientError::Proxy("no URL".into()), "Correct Proxy, in the step", Some(Step::Source)),
        (
            ClientError::ProxyVariable { variable: "HTTPS_PROXY", reason: "no URL".into() },
            "correct HTTPS_PROXY",
            None,
        ),
    ] {
        let verdict = Verdict::Later(RetryReason::Unsent(Failure::Client(error)));
        let (advice, step) = remedy(&verdict).unwrap();
        assert!(advice.contains(says) && !advice.contains("internet"), "{advice}");
        assert_eq!(step, back);
    }
}
