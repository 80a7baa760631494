//! `--demo`: the wizard with a simulated Netdata and a simulated ilert, in this process. What it writes goes
//! into a temporary folder; the sender then runs with it, to show that it works.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use color_eyre::eyre::{self, WrapErr};
use tokio::time::sleep;

use super::demo::words;
use super::wizard::{Manner, converse, here};
use super::{SenderSetup, print, width_of};
use crate::cli::Arguments;
use crate::config::{self, DeliveredBy, Invocation};
use crate::delivery::run;
use crate::exit::{Ended, Exit};
use crate::interrupt::Interrupts;
use crate::output::stdout;
use crate::secret::Secret;
use crate::simulator::ilert::{Source, TokenRights};
use crate::simulator::scenario::{self, ScenarioStep};
use crate::simulator::{Clock, Cloud, Ilert, World, serve_netdata};
use crate::wizard::page::wrap::wrap;
use crate::wizard::{Demo, Model, Place};

const KEY: &str = "il1api-demo-key-of-nobody-and-nothing-5e11";
const ILERT_TOKEN: &str = "il1tkn-demo-token-of-nobody";
const CLOUD_TOKEN: &str = "netdata-cloud-demo-token-of-nobody";
/// Steps of the scenario that have happened when the wizard begins, so that something is raised.
const BEFORE: usize = 2;
/// Scenes that are shown when it is done, before the storm at the end.
const SHOWN: usize = 4;
/// Between what happens and the sender's run: Netdata's log is read up to the whole second.
const BEAT: Duration = Duration::from_millis(1_100);

/// Asks, and shows the sender with what was written.
pub async fn show(arguments: &Arguments, mut interrupts: Interrupts) -> eyre::Result<Ended> {
    let manner = Manner::of(arguments)?;
    let folder = tempfile::tempdir().wrap_err("cannot make a temporary folder")?;
    let ilert = account();
    let world = Arc::new(Mutex::new(scenario::world()));
    happen(&world, &ilert, scenario::steps().into_iter().take(BEFORE));
    let netdata = serve_netdata(world.clone()).wrap_err("cannot serve the simulated Netdata")?;
    let service = ilert.serve().wrap_err("cannot serve the simulated ilert")?;
    let cloud = space().serve().wrap_err("cannot serve the simulated Netdata Cloud")?;
    let mut place = here(folder.path().join("config.toml"))?;
    place.defaults.netdata.url = netdata.url().into();
    place.defaults.ilert.endpoint = service.url();
    let secret = |text: &str| Secret::new(text.to_owned());
    let demo = Demo { key: secret(KEY), ilert_token: secret(ILERT_TOKEN), cloud_token: secret(CLOUD_TOKEN) };
    let place = Place { cloud: cloud.url(), demo: Some(demo), isolated: true, ..place };
    let (path, state) = (place.config.clone(), place.state.clone());
    let ended = Box::pin(converse(|theme| Model::new(place, theme), manner, &mut interrupts)).await?;
    if ended != Ended::With(Exit::Done) {
        return Ok(ended);
    }
    tokio::select! {
        shown = deliver(&path, &state, &world, &ilert) => shown.map(|()| ended),
        Some(interrupt) = interrupts.next() => Ok(Ended::By(interrupt)),
    }
}

/// ilert, with an alert source and some escalation policies.
fn account() -> Ilert {
    let ilert = Ilert::new(KEY);
    ilert.set_clock(Clock::Real);
    ilert.add_token(ILERT_TOKEN, TokenRights::Full);
    for (id, name) in [(101, "Operations"), (102, "Databases on call"), (103, "Nobody, for tests")] {
        ilert.add_policy(id, name);
    }
    ilert.add_source(Source::api("Demo", KEY, 101));
    ilert
}

/// Netdata Cloud, with the nodes of the scenario in rooms.
fn space() -> Cloud {
    const SPACE: &str = "demo-space";
    let cloud = Cloud::new();
    cloud.add_token(CLOUD_TOKEN);
    cloud.add_space(SPACE, "Demo");
    cloud.add_room(SPACE, "room-all", "All nodes", &["parent-1", "db-1", "web-1"]);
    cloud.add_room(SPACE, "room-databases", "Databases", &["db-1"]);
    cloud.add_room(SPACE, "room-web", "Web", &["web-1"]);
    cloud
}

fn happen(world: &Mutex<World>, ilert: &Ilert, steps: impl Iterator<Item = ScenarioStep>) {
    let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
    for step in steps {
        step.happening.apply(&mut world, ilert);
    }
}

/// Runs the sender a few times with the configuration that was written, and tells what ilert gets.
async fn deliver(path: &Path, state: &Path, world: &Mutex<World>, ilert: &Ilert) -> eyre::Result<()> {
    let config = config::load(path)?;
    print("\nWhat was written, which goes when the demo ends:\n\n")?;
    let text = std::fs::read_to_string(path).wrap_err("cannot read what was written")?;
    print(&essence(&text))?;
    if config.notification.delivered_by == DeliveredBy::NetdataCloud {
        print("\nNetdata Cloud would deliver from here on.\n")?;
        return Ok(());
    }
    print("\nThe sender, run with it:\n\n")?;
    let path = state.with_file_name("config.toml");
    let setup = SenderSetup {
        path,
        key: config.api_key()?,
        config,
        state: state.to_owned(),
        invocation: Invocation::default(),
    };
    let mut shown = ilert.received().len();
    let scenes = scenario::steps().into_iter().skip(BEFORE).take(SHOWN).chain(scenario::storm());
    for step in [None].into_iter().chain(scenes.map(Some)) {
        if let Some(step) = step {
            tell("netdata", step.words)?;
            happen(world, ilert, std::iter::once(step));
        }
        sleep(BEAT).await;
        let netdata = setup.netdata()?;
        for problem in run::send(&setup.job(&netdata)).await?.words {
            tell("sender", &problem)?;
        }
        for received in ilert.received().iter().skip(shown) {
            tell("ilert", &words(received))?;
            shown += 1;
        }
    }
    print("\n`netdata-ilert --demo --send` shows more of it; `netdata-ilert` asks for real.\n")?;
    Ok(())
}

fn tell(who: &str, words: &str) -> eyre::Result<()> {
    print(&told(who, words, width_of(&stdout())))?;
    Ok(())
}

/// What somebody does, broken between words where the terminal ends. One that does not say where has 80 columns.
fn told(who: &str, words: &str, columns: usize) -> String {
    const NAME: u16 = 9;
    let columns = u16::try_from(columns).ok().filter(|columns| *columns > 2 * NAME).unwrap_or(80);
    let mut told = String::new();
    for (at, line) in wrap(words, columns - NAME).iter().enumerate() {
        let name = if at == 0 { who } else { "" };
        let _ = writeln!(told, "{name:<width$}{line}", width = usize::from(NAME));
    }
    told
}

/// What a configuration sets, without its comments, its empty tables, and a key that it holds.
fn essence(text: &str) -> String {
    let mut essence = String::new();
    let mut table = None;
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if line.starts_with('[') {
            table = Some(line);
        } else if !line.starts_with("api_key = \"") {
            for line in table.take().into_iter().chain([line]) {
                essence.push_str("    ");
                essence.push_str(line);
                essence.push('\n');
            }
        }
    }
    essence
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn what_is_told_ends_where_the_terminal_does() {
        let words = "disk_space_usage and ram_in_use of several nodes are raised ".repeat(3);
        for (columns, widest) in [(40, 40), (80, 80), (usize::MAX, 80), (1, 80)] {
            let told = told("netdata", &words, columns);
            assert!(told.lines().count() > 2 && told.lines().all(|line| line.len() <= widest), "{told}");
            assert_eq!(
                told.split_whitespace().skip(1).collect::<Vec<_>>(),
                words.split_whitespace().collect::<Vec<_>>()
            );
        }
    }
}
