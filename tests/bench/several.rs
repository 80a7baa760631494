//! Several configurations on one agent, which run at once, beside one.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use netdata_ilert::alert::Api;

use super::bench::{BINARY, Bench};
use super::measure::{Errand, at_most_times, costs, line, mib, ms, ratio};

const MANY: u32 = 4;

pub fn measure() {
    let (bench, nodes) = Bench::with_alerts(Api::V3, 1, 100);
    bench.raise(&nodes, 5, 2);
    let (one, four) = (installed(&bench, "one", 1), installed(&bench, "four", MANY));
    for _ in 0..4 {
        bench.wait(600);
        let _ = costs(1, 1, [&one, &four]);
    }
    let [one, four] = costs(10, 5, [&one, &four]);
    line("one configuration, quiet, CPU", ms(one.cpu), "");
    line(&format!("{MANY} configurations, CPU"), ms(four.cpu), "");
    at_most_times(&format!("CPU, {MANY} to one"), four.cpu, one.cpu, f64::from(MANY));
    line(&format!("wall, {MANY} to one"), ratio(four.wall, one.wall), "");
    line(&format!("{MANY} configurations, peak memory"), mib(four.peak), "");
}

/// A folder with so many configurations, and the command that runs all of them.
fn installed(bench: &Bench, name: &str, count: u32) -> Errand {
    let (folder, text) = (bench.path(name), fs::read_to_string(bench.path("config.toml")).unwrap());
    fs::create_dir_all(folder.join("config.d")).unwrap();
    fs::copy(bench.path("ca.pem"), folder.join("ca.pem")).unwrap();
    fs::copy(bench.path("ca.pem"), folder.join("config.d/ca.pem")).unwrap();
    for number in 0..count {
        let file =
            if number == 0 { "config.toml".to_owned() } else { format!("config.d/team-{number}.toml") };
        let path = folder.join(file);
        fs::write(&path, &text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let arguments = [
        format!("HOME={}", folder.display()),
        format!("CONFIGURATION_DIRECTORY={}", folder.display()),
        format!("STATE_DIRECTORY={}", folder.join("state").display()),
        BINARY.to_owned(),
        "--send".to_owned(),
    ];
    Errand { program: "env".to_owned(), arguments: arguments.to_vec() }
}
