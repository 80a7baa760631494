//! The program: parses the arguments, runs one mode, returns its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    netdata_ilert::cli::main()
}
