//! A run that finds nothing new: what a machine pays every minute.

use netdata_ilert::alert::Api;
use netdata_ilert::config;
use netdata_ilert::delivery::Job;
use netdata_ilert::delivery::run;
use netdata_ilert::exit::Exit;
use netdata_ilert::netdata::{Credentials, Parents};
use netdata_ilert::secret::Secret;

use super::bench::Bench;
use super::measure::{Cost, cost, cpu_here, line, mib, ms, ratio};

/// One agent with 100 alerts of which 5 are raised and told.
pub fn small() {
    for (api, name) in [(Api::V3, "2.11"), (Api::V1, "1.37")] {
        let (bench, nodes) = Bench::with_alerts(api, 1, 100);
        bench.cost(1);
        bench.raise(&nodes, 5, 2);
        bench.send_until(5);
        bench.wait(600);
        let (ours, theirs, addresses) = beside_curl(&bench, 100);
        println!("  agent {name}, 5 raised, {addresses} addresses");
        line("  --send, CPU", ms(ours.cpu), "");
        line("  --send, wall", ms(ours.wall), "");
        line("  --send, peak memory", mib(ours.peak), "≤ 16 MiB");
        line("  curl, CPU", ms(theirs.cpu), "");
        line("  curl, wall", ms(theirs.wall), "");
        line("  curl, peak memory", mib(theirs.peak), "");
        line("  CPU, --send to curl", ratio(ours.cpu, theirs.cpu), "≤ 1 ×");
        line("  wall, --send to curl", ratio(ours.wall, theirs.wall), "≤ 1.2 ×");
        line("  run::send in a process that is up, CPU", ms(in_process(&bench)), "");
    }
}

/// A parent with 1 000 nodes.
pub fn parent() {
    let mut before = None;
    for (alerts, cpu, peak) in [(1, "", ""), (10, "≤ 250 ms", "≤ 96 MiB"), (100, "linear", "")] {
        let (bench, nodes) = Bench::with_alerts(Api::V3, 1000, alerts);
        bench.cost(1);
        bench.raise(&nodes, alerts, 100);
        bench.send_until(1000 * alerts as u64);
        bench.wait(600);
        bench.cost(1);
        let (ours, theirs, _) = beside_curl(&bench, if alerts > 10 { 2 } else { 10 });
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
fn beside_curl(bench: &Bench, times: u32) -> (Cost, Cost, usize) {
    bench.services.netdata.forget_requests();
    bench.cost(1);
    let base = bench.services.netdata.url();
    let addresses: Vec<String> = bench
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
    (bench.cost(times), theirs, addresses.len())
}

/// CPU of a whole run without the start of a process.
fn in_process(bench: &Bench) -> std::time::Duration {
    let config = config::load(&bench.path("config.toml")).unwrap();
    let key: Secret = config.api_key().unwrap();
    let netdata = Parents::with(&config.netdata, &Credentials::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = bench.path("state");
    let mut now = 1_900_000_000_000;
    cpu_here(100, || {
        now += 60_000;
        let job = Job { clock: &|| now, ..Job::new(&config, &key, &folder, &netdata) };
        let report = runtime.block_on(run::send(&job)).unwrap();
        assert_eq!((report.exit, report.record.accepted), (Exit::Done, 0), "{:?}", report.words);
    })
}
