//! The wizard, line by line, between a real agent, a simulated ilert and a simulated Netdata Cloud; and the sender
//! with what it wrote.

use std::vec::IntoIter;

use netdata_ilert::exit::Exit;
use netdata_ilert::prompt::Lines;
use netdata_ilert::simulator::ilert::TokenRights;
use netdata_ilert::wizard::effect::EffectRunner;
use netdata_ilert::wizard::plain::run;
use netdata_ilert::wizard::theme::Theme;
use netdata_ilert::wizard::{Model, Place};

use super::process::{Agent, HOST, Watches};
use super::sender::Sender;
use super::{ALL, prompt};
use crate::stage::{Stage, TOKEN};
use crate::wizard::harness;

const CLOUD_TOKEN: &str = "ndc-44c1d0a7b35e4c0f9d2e-61aa";

/// Answers that were written down before.
struct Script(IntoIter<&'static str>);

impl Lines for Script {
    fn hide(&mut self) {}

    async fn next(&mut self) -> Option<String> {
        self.0.next().map(str::to_owned)
    }
}

/// A wizard that writes where this sender reads.
fn place(stage: &Stage, agent: &Agent) -> Place {
    let mut place = harness::place(stage.folder.path(), stage);
    place.defaults.netdata.url = agent.url().into();
    HOST.clone_into(&mut place.host);
    place
}

#[tokio::test]
async fn leads_from_two_tokens_to_a_room_that_the_sender_tells_of() {
    let Some(agent) = Agent::start_new(Watches::Gauge).await else { return };
    let mut sender = Sender::new(&agent);
    sender.stage.ilert.add_token(TOKEN, TokenRights::Full);
    sender.stage.ilert.add_policy(7, "Operations");
    let cloud = &sender.stage.cloud;
    cloud.add_token(CLOUD_TOKEN);
    cloud.add_space("s1", "Production");
    cloud.add_room("s1", "r1", "Here", &[HOST, "another-host"]);
    cloud.add_room("s1", "r2", "Elsewhere", &["another-host"]);
    for (room, told) in [("2", Vec::new()), ("1", vec!["ALERT flip_gauge/warning LOW"])] {
        std::fs::remove_file(sender.stage.path("config.toml")).unwrap();
        let answers = [
            &["1"][..],
            // For me: the token, and an alert source of the default name, called by the only policy.
            &["1", TOKEN],
            if told.is_empty() { &["", "", "", "", "n", ""] } else { &["", "", "n", ""] },
            &["y"],
            &["", "", "", ""],
            // Rooms of Netdata Cloud's, in the order of their names: Elsewhere, Here.
            &["", "4", CLOUD_TOKEN, if room == "1" { "2" } else { "1" }, "", ""],
            // Elsewhere has none of the agent's nodes: that is said, and asked once more.
            if room == "2" { &[""] } else { &[] },
            &["", ""],
            // The live test, which ilert shows.
            &["1"],
            &["y"],
        ]
        .concat();
        let mut model = Model::new(place(&sender.stage, &agent), Theme::of(false, false));
        let mut said = Vec::new();
        let ended =
            run(&mut model, &mut EffectRunner::default(), &mut said, &mut Script(answers.into_iter())).await;
        let said = String::from_utf8(said).unwrap();
        assert_eq!(ended.map_err(|error| error.to_string()), Ok(Exit::Done), "{said}");
        assert!(said.contains("resolved in ilert") && said.contains("v1.37"), "{said}");
        assert!(!said.contains(TOKEN) && !said.contains(CLOUD_TOKEN), "{said}");
        sender.news();
        agent.raise(60, &ALL, "WARNING").await;
        sender.send_quietly();
        assert_eq!(prompt(sender.news()), told, "{said}");
    }
    assert_eq!(sender.stage.ilert.sources().len(), 1, "the second time it was found");
}
