//! How long it takes until the program is there.

use super::measure::{Budget, cost, line, mib, ms, row};
use super::bench::BINARY;

pub fn measure() {
    let arguments = ["--version".to_owned()];
    let (ours, theirs) = (cost(50, BINARY, &arguments), cost(50, "curl", &arguments));
    line("netdata-ilert --version, wall", ms(ours.wall), "");
    line("netdata-ilert --version, peak memory", mib(ours.peak), "");
    line("curl --version, wall", ms(theirs.wall), "");
    let size = std::fs::metadata(BINARY).unwrap().len();
    row("the binary, bytes", size, Budget::Decides("≤ 9 000 000", size <= 9_000_000));
}
