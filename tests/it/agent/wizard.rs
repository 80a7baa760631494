//! The wizard, line by line, between a real agent, a simulated ilert and a simulated Netdata Cloud; and the sender
//! with what it wrote.

use std::path::Path;
use std::vec::IntoIter;

use netdata_ilert::config::{self, TEMPLATE};
use netdata_ilert::exit::Exit;
use netdata_ilert::prompt::Lines;
use netdata_ilert::simulator::Cloud;
use netdata_ilert::simulator::ilert::Access;
use netdata_ilert::wizard::effect::EffectRunner;
use netdata_ilert::wizard::plain::run;
use netdata_ilert::wizard::theme::Theme;
use netdata_ilert::wizard::{Model, Place};

use super::agent::{Agent, HOST, Watches};
use super::sender::Sender;
use super::{ALL, prompt};

const TOKEN: &str = "il1tkn9876543210fedcba9876543210fedc77e1";
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
fn place(sender: &Sender, agent: &Agent, cloud: String) -> Place {
    let path = sender.path("config.toml");
    let mut defaults = config::parse(&TEMPLATE, &path).unwrap();
    defaults.netdata.url = agent.url();
    defaults.ilert.endpoint = sender.endpoint();
    Place {
        config: path,
        state: sender.path("state"),
        binary: Path::new(env!("CARGO_BIN_EXE_netdata-ilert")).to_owned(),
        root: false,
        host: HOST.to_owned(),
        unique: "unique".to_owned(),
        now: 1_795_348_800,
        defaults,
        cloud,
        demo: None,
        isolated: true,
        health_alarm_notify: Vec::new(),
    }
}

#[tokio::test]
async fn leads_from_two_tokens_to_a_room_that_the_sender_tells_of() {
    let Some(agent) = Agent::start_new(Watches::Gauge).await else { return };
    let mut sender = Sender::new(&agent);
    sender.ilert.add_token(TOKEN, Access::Full);
    sender.ilert.add_policy(7, "Operations");
    let cloud = Cloud::new();
    cloud.add_token(CLOUD_TOKEN);
    cloud.add_space("s1", "Production");
    cloud.add_room("s1", "r1", "Here", &[HOST, "another-host"]);
    cloud.add_room("s1", "r2", "Elsewhere", &["another-host"]);
    let cloud = cloud.serve().unwrap();
    for (room, told) in [("2", Vec::new()), ("1", vec!["ALERT flip_gauge/warning LOW"])] {
        std::fs::remove_file(sender.path("config.toml")).unwrap();
        let answers = [
            &["1"][..],
            // For me: the token, and an alert source of the default name, called by the only policy.
            &["2", TOKEN],
            if told.is_empty() { &["", "", "", "", "n"] } else { &["", "", "n"] },
            &["y"],
            &["", ""],
            &["", "", "", "", ""],
            // Rooms of Netdata Cloud's, in the order of their names: Elsewhere, Here.
            &["", "4", CLOUD_TOKEN, if room == "1" { "2" } else { "1" }, "", ""],
            &["", ""],
            // The live test, which ilert shows.
            &["1"],
            &["y"],
        ]
        .concat();
        let mut model = Model::new(place(&sender, &agent, cloud.url()), Theme::of(false, false));
        let mut said = Vec::new();
        let ended =
            run(&mut model, &mut EffectRunner::default(), &mut said, &mut Script(answers.into_iter())).await;
        let said = String::from_utf8(said).unwrap();
        assert_eq!(ended.map_err(|error| error.to_string()), Ok(Exit::Done), "{said}");
        assert!(said.contains("resolved in ilert") && said.contains("v1.37"), "{said}");
        assert!(!said.contains(TOKEN) && !said.contains(CLOUD_TOKEN), "{said}");
        sender.news();
        agent.raise(60, &ALL, "WARNING").await;
        sender.send_quietly().await;
        assert_eq!(prompt(sender.news()), told, "{said}");
    }
    assert_eq!(sender.ilert.sources().len(), 1, "the second time it was found");
}
