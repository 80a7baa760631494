//! `--demo`: the wizard with a simulated Netdata and a simulated ilert, in this process. What it writes is in a
//! temporary folder; the sender then shows with it that it works.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use color_eyre::eyre::{self, WrapErr};
use tokio::time::sleep;

use super::demo::words;
use super::wizard::{Manner, converse, here};
use super::{Setting, print};
use crate::cli::Arguments;
use crate::config::{self, DeliveredBy};
use crate::delivery::run::{self, Exit};
use crate::secret::Secret;
use crate::simulator::story::{Scene, Story};
use crate::simulator::{Clock, Ilert, World, serve_netdata};
use crate::wizard::Place;

const KEY: &str = "il1api-demo-key-of-nobody-5e11";
/// Scenes of the story that have happened when the wizard begins, so that something is raised.
const BEFORE: usize = 2;
/// Scenes that are shown when it is done.
const SHOWN: usize = 4;
/// Between what happens and the sender's run: Netdata's log is read up to the whole second.
const BEAT: Duration = Duration::from_millis(1_100);

/// Asks, and shows the sender with what was written.
pub async fn show(arguments: &Arguments) -> eyre::Result<Exit> {
    let manner = Manner::of(arguments)?;
    let folder = tempfile::tempdir().wrap_err("cannot make a temporary folder")?;
    let ilert = Ilert::new(KEY);
    ilert.set_clock(Clock::Real);
    let world = Arc::new(Mutex::new(Story::world()));
    happen(&world, &ilert, Story::steps().into_iter().take(BEFORE));
    let netdata = serve_netdata(world.clone()).wrap_err("cannot serve the simulated Netdata")?;
    let service = ilert.serve().wrap_err("cannot serve the simulated ilert")?;
    let mut place = here(folder.path().join("config.toml"))?;
    place.defaults.netdata.url = netdata.url();
    place.defaults.ilert.endpoint = service.url();
    let place = Place { demo_key: Some(Secret::new(KEY.to_owned())), isolated: true, ..place };
    let (path, state) = (place.config.clone(), place.state.clone());
    let exit = converse(place, manner).await?;
    if exit == Exit::Done {
        deliver(&path, &state, &world, &ilert).await?;
    }
    Ok(exit)
}

fn happen(world: &Mutex<World>, ilert: &Ilert, scenes: impl Iterator<Item = Scene>) {
    let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
    for scene in scenes {
        Story::apply(&scene.step, &mut world, ilert);
    }
}

/// Runs the sender a few times with the configuration that was written, and tells what ilert gets.
async fn deliver(path: &Path, state: &Path, world: &Mutex<World>, ilert: &Ilert) -> eyre::Result<()> {
    let config = config::load(path)?;
    print(&format!("\nWritten to {}:\n\n", path.display()))?;
    let text = std::fs::read_to_string(path).wrap_err("cannot read what was written")?;
    print(&essence(&text))?;
    if config.notification.delivered_by == DeliveredBy::NetdataCloud {
        print("\nNetdata Cloud would deliver from here on.\n")?;
        return Ok(());
    }
    print("\nThe sender, run with it:\n\n")?;
    let setting = Setting { key: config.api_key()?, config, state: state.to_owned() };
    let mut shown = ilert.received().len();
    let scenes = [None].into_iter().chain(Story::steps().into_iter().skip(BEFORE).take(SHOWN).map(Some));
    for scene in scenes {
        if let Some(scene) = scene {
            print(&format!("netdata  {}\n", scene.words))?;
            happen(world, ilert, std::iter::once(scene));
        }
        sleep(BEAT).await;
        let netdata = setting.netdata()?;
        for problem in run::send(&setting.job(&netdata)).await?.words {
            print(&format!("sender   {problem}\n"))?;
        }
        for received in ilert.received().iter().skip(shown) {
            print(&format!("ilert    {}\n", words(received)))?;
            shown += 1;
        }
    }
    print("\n`netdata-ilert --demo --send` shows more of it; `netdata-ilert` asks for real.\n")?;
    Ok(())
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
