//! The program: arguments to one mode to one exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    netdata_ilert::cli::main()
}
