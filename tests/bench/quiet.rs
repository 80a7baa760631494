//! A run that finds nothing new: what a machine pays every minute, beside `curl` fetching the same addresses, and beside
//! a sender in bash.

use std::time::Duration;

use netdata_ilert::alert::Api;
use netdata_ilert::config;
use netdata_ilert::delivery::Job;
use netdata_ilert::delivery::run;
use netdata_ilert::exit::Exit;
use netdata_ilert::netdata::{Credentials, Parents};
use netdata_ilert::secret::Secret;

use super::bench::Bench;
use super::measure::{Cost, Errand, at_most_mib, at_most_times, costs, cpu_here, line, mib, ms, ratio};
use super::peer;

/// One agent with 100 alerts of which 5 are raised and told.
pub fn small() {
    for (api, name) in [(Api::V3, "2.11"), (Api::V1, "1.37")] {
        let (bench, nodes) = Bench::with_alerts(api, 1, 100);
        bench.cost(1);
        bench.raise(&nodes, 5, 2);
        bench.send_until(5);
        bench.settle();
        let beside = beside_curl(&bench, 10);
        println!("  agent {name}, 5 raised, {} addresses", beside.addresses);
        print(&beside);
        if api == Api::V3 {
            bench.services.world().hide_versions();
            let beside = beside_curl(&bench, 10);
            println!("  agent {name}, 5 raised, a full look, {} addresses", beside.addresses);
            print(&beside);
            line("  run::send in a process that is up, CPU", ms(in_process(&bench)), "");
        }
    }
}

/// What a run costs, and what others do.
pub struct Beside {
    pub ours: Cost,
    pub curl: Cost,
    pub bash: Cost,
    /// How many are fetched.
    pub addresses: usize,
}

/// A quiet run's rows.
pub fn print(Beside { ours, curl, bash, .. }: &Beside) {
    line("  --send, CPU", ms(ours.cpu), "");
    line("  curl, CPU", ms(curl.cpu), "");
    line("  bash and curl, CPU", ms(bash.cpu), "");
    at_most_times("  CPU, --send to curl", ours.cpu, curl.cpu, 1.0);
    line("  CPU, --send to bash and curl", ratio(ours.cpu, bash.cpu), "");
    line("  --send, wall", ms(ours.wall), "");
    line("  wall, --send to curl", ratio(ours.wall, curl.wall), "≤ 1.2 ×");
    at_most_mib("  --send, peak memory", ours.peak, 16);
    line("  curl, peak memory", mib(curl.peak), "");
}

/// The cost of the sender, of `curl` fetching the same addresses, and of a sender in bash; by turns.
pub fn beside_curl(bench: &Bench, rounds: u32) -> Beside {
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
    let fetching = Errand { program: "curl".to_owned(), arguments };
    let times = if rounds < 10 { 1 } else { 5 };
    let [ours, of_curl, of_bash] = costs(rounds, times, [&bench.errand(), &fetching, &peer::errand(bench)]);
    Beside { ours, curl: of_curl, bash: of_bash, addresses: addresses.len() }
}

/// CPU of a whole run without the start of a process.
fn in_process(bench: &Bench) -> Duration {
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
