//! What runs the sender: what is preselected, what is named, and what is told of it.

use super::{KEY, found, preparation, shown};
use crate::config::{self, TEMPLATE};
use crate::schedule::{
    Crontab, Installation, Present, Scheduler, Serves, UnsuffixedUnits, Way, plan, removal,
};
use crate::secret::Secret;
use crate::setup::Deed;
use crate::wizard::Model;
use crate::wizard::answers::{Schedule, Step};
use crate::wizard::context::{Found, OnDisk, Preparation, Written};
use crate::wizard::form::{Control, Widget};
use crate::wizard::steps::review;

fn installation(variables: &[&str]) -> Installation {
    Installation {
        root: true,
        serves: Serves::All { folder: None },
        invocation: config::Invocation::default(),
        binary: "/usr/bin/netdata-ilert".into(),
        config: "/etc/netdata-ilert/config.toml".into(),
        state_dir: "/var/lib/netdata-ilert".into(),
        credentials: Vec::new(),
        way: Way::default(),
        variables: variables.iter().map(|name| (*name).to_owned()).collect(),
        units: "/nowhere/units".into(),
        vendor: Vec::new(),
        systemd: "/nowhere/systemd".into(),
        path: "/usr/bin".into(),
        limit: std::time::Duration::from_secs(1),
    }
}

/// With this crontab, where systemd does not run.
fn prepared(crontab: &str, variables: &[&str]) -> Preparation {
    prepared_on(&installation(variables), crontab)
}

fn prepared_on(installation: &Installation, crontab: &str) -> Preparation {
    let present = Present {
        service: None,
        timer: None,
        unsuffixed: UnsuffixedUnits::None,
        packaged: None,
        other_units: Vec::new(),
        crontab: Crontab::Text(crontab.to_owned()),
    };
    let cron = plan(Scheduler::Cron, installation, &present).map_err(|error| error.to_string());
    Preparation {
        plans: vec![(Scheduler::Cron, cron)],
        scheduled: present.scheduled(installation),
        serves: format!("that of `root`, for {}", installation.served()),
        by_hand: present.foreign(installation),
        others: present.others(installation),
        removal: removal(installation, &present).ok().filter(|plan| !plan.is_empty()),
        ..preparation(Ok(Some(TEMPLATE.to_string())))
    }
}

/// A configuration that is edited, or a new one, with this crontab.
fn model(crontab: &str, edited: bool, variables: &[&str]) -> Model {
    let usable = || config::parse(&TEMPLATE, std::path::Path::new("/nowhere/c.toml")).unwrap();
    let config = if edited { OnDisk::Usable(Box::new(usable())) } else { OnDisk::Nothing };
    let mut model = found(Found { config, variable: Some(Secret::new(KEY.into())), ..Found::default() });
    model.context.writing.preparation = Some(prepared(crontab, variables));
    model.context.writing.composed = review::compose(&model.answers, &model.context);
    model
}

fn options(model: &Model) -> Vec<String> {
    match model.widget(Control::SCHEDULE) {
        Widget::Choice(choice) => choice.options,
        _ => panic!(),
    }
}

fn at(mut model: Model, step: Step) -> String {
    model.step = step;
    shown(&model)
}

#[test]
fn an_edit_of_one_without_a_schedule_installs_none_and_a_new_one_gets_the_best() {
    assert_eq!(review::schedule::chosen(&model("", true, &[]).answers, &model("", true, &[]).context), None);
    assert!(options(&model("", true, &[]))[0].starts_with("stays as it is: none"));
    let new = model("", false, &[]);
    assert_eq!(review::schedule::chosen(&new.answers, &new.context), Some(Scheduler::Cron));
    let mut chosen = model("", true, &[]);
    chosen.answers.review.schedule = Schedule::Of(Scheduler::Cron);
    assert_eq!(review::schedule::chosen(&chosen.answers, &chosen.context), Some(Scheduler::Cron));
}

#[test]
fn the_schedule_that_is_there_is_named_on_both_pages() {
    let line = prepared("", &[]).plan(Scheduler::Cron).unwrap().crontab.clone().unwrap().1;
    let there = model(&line, true, &[]);
    assert!(review::plan(&there.answers, &there.context).is_none(), "it is kept");
    let whose = "that of `root`, for all configurations in `/etc/netdata-ilert`";
    for step in [Step::Express, Step::Review] {
        let page = at(there.clone(), step);
        assert!(page.contains(whose), "{page}");
    }
}

#[test]
fn a_line_for_another_folder_is_never_offered_to_be_kept() {
    let others = "* * * * * CONFIGURATION_DIRECTORY=/srv/home-1 netdata-ilert --send # netdata-ilert --install-schedule\n";
    let new = model(others, false, &[]);
    assert!(options(&new).iter().all(|option| !option.contains("keep")), "{:?}", options(&new));
    let (_, after) = review::plan(&new.answers, &new.context).unwrap().crontab.clone().unwrap();
    assert!(after.starts_with(others), "{after}");
    for step in [Step::Express, Step::Review] {
        let page = at(new.clone(), step);
        assert!(page.contains("line 1 of the crontab runs the configurations in `/srv/home-1`"), "{page}");
    }
}

#[test]
fn a_line_by_hand_is_found_and_named_to_the_end() {
    let mut new = model("*/5 * * * * /usr/local/bin/netdata-ilert --send\n", false, &[]);
    assert_eq!(review::schedule::chosen(&new.answers, &new.context), None);
    for step in [Step::Express, Step::Review] {
        let page = at(new.clone(), step);
        assert!(
            page.to_lowercase().contains("line 1 of the crontab, which")
                || page.contains("line 1 of the crontab runs it"),
            "{page}"
        );
    }
    new.context.writing.written = Some(Written::default());
    let last = at(new, Step::Review);
    assert!(last.contains("Line 1 of the crontab") && !last.contains("Nothing runs the sender"), "{last}");
}

#[test]
fn that_nothing_runs_the_sender_is_a_warning_to_the_end() {
    let none = |crontab: &str, edited: bool, ran_lately: bool| {
        let mut model = model(crontab, edited, &[]);
        let fix = Some("`netdata-ilert --watch 15` runs it in a loop.".to_owned());
        let preparation = model.context.writing.preparation.take().unwrap();
        let plans = Vec::new();
        model.context.writing.preparation =
            Some(Preparation { by_itself: fix, ran_lately, plans, ..preparation });
        model
    };
    let warning = "! Nothing runs the sender yet: no alert reaches ilert";
    for edited in [false, true] {
        let mut model = none("", edited, false);
        for step in [Step::Express, Step::Review] {
            let page = at(model.clone(), step);
            assert!(page.contains(warning), "{page}");
        }
        model.context.writing.written = Some(Written::default());
        let last = at(model, Step::Review);
        let (warned, on) = (last.find(warning).unwrap(), last.find("From here on").unwrap());
        assert!(last.starts_with("Done, but something needs a look") && warned < on, "{last}");
        assert!(
            last.contains("`netdata-ilert --watch 15` runs it") && !last.contains("--install-schedule"),
            "{last}"
        );
    }
    let scheduled = prepared("", &[]).plan(Scheduler::Cron).unwrap().crontab.clone().unwrap().1;
    let by_hand = "* * * * * netdata-ilert --send\n";
    for (crontab, edited, ran_lately) in
        [(by_hand, false, false), (&*scheduled, true, false), ("", true, true)]
    {
        let quiet = none(crontab, edited, ran_lately);
        assert_eq!(review::schedule::caveat(&quiet.answers, &quiet.context), None);
    }
}

#[test]
fn a_secret_that_the_schedule_will_not_have_is_a_caveat_to_the_end() {
    let mut new = model("", false, &["ILERT_API_KEY"]);
    for step in [Step::Express, Step::Review] {
        let page = at(new.clone(), step);
        assert!(page.contains('!') && page.contains("`ILERT_API_KEY`, which cron does not set"), "{page}");
    }
    let deeds = review::deeds(&new.answers, &new.context).unwrap();
    let Some(Deed::DryRun { environment: Some(environment), .. }) = deeds.back() else { panic!("{deeds:?}") };
    let mut config = new.config();
    config.integration.api_key = config::SecretSource::Env("ILERT_API_KEY".into());
    assert!(environment.see(&config).is_err(), "whatever this environment has");
    new.context.writing.written = Some(Written::default());
    let last = at(new, Step::Review);
    assert!(
        last.contains("Put `ILERT_API_KEY=…`") && !last.contains("runs the sender from now on"),
        "{last}"
    );
    // Where the crontab sets it, all is well.
    let set = model("ILERT_API_KEY=k\n", false, &["ILERT_API_KEY"]);
    assert_eq!(review::schedule::caveat(&set.answers, &set.context), None);
}

#[test]
fn a_variable_that_only_this_shell_has_is_told_on_the_last_page() {
    let mut new = model("", false, &[]);
    let set = |name: &str| (name == "HTTPS_PROXY").then(|| "http://me:hunter2@proxy:3128".to_owned());
    let way = Way::of(&config::parse(&TEMPLATE, std::path::Path::new("/nowhere/c.toml")).unwrap(), set);
    new.context.writing.preparation = Some(prepared_on(&Installation { way, ..installation(&[]) }, ""));
    new.context.writing.written = Some(Written::default());
    let last = at(new, Step::Review);
    assert!(last.contains("! `HTTPS_PROXY` is set here, and is not set for cron"), "{last}");
    assert!(last.contains("Set Proxy, under More, or put `HTTPS_PROXY=…`"), "{last}");
    assert!(!last.contains("hunter2"), "{last}");
}

#[test]
fn what_a_line_by_hand_does_not_have_is_told_to_the_end() {
    let set = |name: &str| (name == "HTTPS_PROXY").then(|| "http://me:hunter2@proxy:3128".to_owned());
    let way = Way::of(&config::parse(&TEMPLATE, std::path::Path::new("/nowhere/c.toml")).unwrap(), set);
    let installation = Installation { way, ..installation(&["ILERT_API_KEY"]) };
    let line = "* * * * * netdata-ilert --send\n";
    let mut new = model(line, false, &[]);
    new.context.writing.preparation = Some(prepared_on(&installation, line));
    let done = |mut model: Model| {
        model.context.writing.written = Some(Written::default());
        model
    };
    let (express, review, last) =
        (at(new.clone(), Step::Express), at(new.clone(), Step::Review), at(done(new.clone()), Step::Review));
    for page in [express, review, last] {
        assert!(page.contains("! `HTTPS_PROXY` is set here, and is not set for cron"), "{page}");
        assert!(page.contains("! Line 1 of the crontab may send nothing"), "{page}");
        assert!(!page.contains("hunter2"), "{page}");
    }
    let set = format!("ILERT_API_KEY=k\nHTTPS_PROXY=http://me:hunter2@proxy:3128\n{line}");
    new.context.writing.preparation = Some(prepared_on(&installation, &set));
    let last = at(done(new), Step::Review);
    assert!(last.contains("Line 3 of the crontab, which"), "{last}");
    assert!(!last.contains("HTTPS_PROXY") && !last.contains("may send nothing"), "{last}");
}

#[test]
fn what_cannot_be_written_is_told_before_the_test() {
    let mut new = model("", false, &[]);
    new.context.writing.preparation.as_mut().unwrap().unwritable =
        Some("cannot write to the folder `/x`".into());
    new.context.writing.composed = review::compose(&new.answers, &new.context);
    for step in [Step::Express, Step::Review] {
        let page = at(new.clone(), step);
        assert!(page.contains("cannot write to the folder `/x`"), "{page}");
    }
    assert_eq!(review::deeds(&new.answers, &new.context), None);
    let denied = |said: &str| (Scheduler::Cron, Err(said.to_owned()));
    new.context.writing.preparation.as_mut().unwrap().plans =
        vec![denied("cannot read the crontab: not allowed")];
    let page = at(new, Step::Express);
    assert!(page.contains("No schedule can be installed: cannot read the crontab: not allowed"), "{page}");
}
