//! How long it takes until the program is there.

use super::bench::BINARY;
use super::measure::{cost, line, mib, ms};

pub fn measure() {
    let arguments = ["--version".to_owned()];
    let (ours, theirs) = (cost(50, BINARY, &arguments), cost(50, "curl", &arguments));
    line("netdata-ilert --version, wall", ms(ours.wall), "");
    line("netdata-ilert --version, peak memory", mib(ours.peak), "");
    line("curl --version, wall", ms(theirs.wall), "");
    let size = std::fs::metadata(BINARY).unwrap().len();
    // `.ci/run` decides.
    line("the binary, bytes", size, "≤ 9 000 000");
}
