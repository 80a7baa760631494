//! A run that finds nothing new: what a machine pays every minute.

use netdata_ilert::alert::Api;
use netdata_ilert::config;
use netdata_ilert::delivery::Job;
use netdata_ilert::delivery::run;
use netdata_ilert::exit::Exit;
use netdata_ilert::netdata::{Credentials, Parents};
use netdata_ilert::secret::Secret;

use super::measure::{Cost, cost, cpu_here, line, mib, ms, ratio};
use super::stage::Stage;

/// One agent with 100 alerts of which 5 are raised and told.
pub fn small() {
    for (api, name) in [(Api::V3, "2.11"), (Api::V1, "1.37")] {
        let (stage, nodes) = Stage::with_alerts(api, 1, 100);
        stage.cost(1);
        stage.raise(&nodes, 5, 2);
        stage.send_until(5);
        stage.wait(600);
        let (ours, theirs, addresses) = beside_curl(&stage, 100);
        println!("  agent {name}, 5 raised, {addresses} addresses");
        line("  --send, CPU", ms(ours.cpu), "");
        line("  --send, wall", ms(ours.wall), "");
        line("  --send, peak memory", mib(ours.peak), "≤ 16 MiB");
        line("  curl, CPU", ms(theirs.cpu), "");
        line("  curl, wall", ms(theirs.wall), "");
        line("  curl, peak memory", mib(theirs.peak), "");
        line("  CPU, --send to curl", ratio(ours.cpu, theirs.cpu), "≤ 1 ×");
        line("  wall, --send to curl", ratio(ours.wall, theirs.wall), "≤ 1.2 ×");
        line("  run::send in a process that is up, CPU", ms(in_process(&stage)), "");
    }
}

/// A parent with 1 000 nodes.
pub fn parent() {
    let mut before = None;
    for (alerts, cpu, peak) in [(1, "", ""), (10, "≤ 250 ms", "≤ 96 MiB"), (100, "linear", "")] {
        let (stage, nodes) = Stage::with_alerts(Api::V3, 1000, alerts);
        stage.cost(1);
        stage.raise(&nodes, alerts, 100);
        stage.send_until(1000 * alerts as u64);
        stage.wait(600);
        stage.cost(1);
        let (ours, theirs, _) = beside_curl(&stage, if alerts > 10 { 2 } else { 10 });
        println!("  1 000 nodes, {} raised", 1000 * alerts);
        line("  --send, CPU", ms(ours.cpu), cpu);
        line("  --send, wall", ms(ours.wall), "");
        line("  --send, peak memory", mib(ours.peak), peak);
        line("  CPU, --send to curl", ratio(ours.cpu, theirs.cpu), "");
        if let Some(before) = before.replace(ours.cpu) {
            line("  CPU, to a tenth of the alerts", ratio(ours.cpu, before), "");
        }
    }
}

/// The cost of the sender and that of `curl` fetching the same addresses, and how many those are.
fn beside_curl(stage: &Stage, times: u32) -> (Cost, Cost, usize) {
    stage.services.netdata.forget_requests();
    stage.cost(1);
    let base = stage.services.netdata.url();
    let addresses: Vec<String> = stage
        .services
        .netdata
        .requests()
        .iter()
        .filter_map(|request| Some(format!("{base}{}", request.strip_prefix("GET ")?)))
        .collect();
    let mut arguments = vec!["--silent".to_owned()];
    arguments.extend(
        addresses.iter().flat_map(|address| [address.clone(), "--output".into(), "/dev/null".into()]),
    );
    let theirs = cost(times, "curl", &arguments);
    (stage.cost(times), theirs, addresses.len())
}

/// CPU of a whole run without the start of a process.
fn in_process(stage: &Stage) -> std::time::Duration {
    let config = config::load(&stage.path("config.toml")).unwrap();
    let key: Secret = config.api_key().unwrap();
    let netdata = Parents::with(&config.netdata, &Credentials::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = stage.path("state");
    let mut now = 1_900_000_000_000;
    cpu_here(100, || {
        now += 60_000;
        let job = Job { clock: &|| now, ..Job::new(&config, &key, &folder, &netdata) };
        let report = runtime.block_on(run::send(&job)).unwrap();
        assert_eq!((report.exit, report.record.accepted), (Exit::Done, 0), "{:?}", report.words);
    })
}
