//! Leaves what nothing reads out of the stripped release binary: a ninth of it.

use std::error::Error;
use std::{env, fs};

const SCRIPT: &str = "assets/link/no-unwind-tables.ld";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SCRIPT}");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    if leaves_tables_out() {
        // Of a checkout that has moved, cargo knows where this folder is now.
        let script = format!("{}/link.ld", env::var("OUT_DIR")?);
        fs::copy(SCRIPT, &script)?;
        println!("cargo::rustc-link-arg-bins=-T");
        println!("cargo::rustc-link-arg-bins={script}");
    }
    Ok(())
}

/// Whether this is a release for Linux with glibc, without what a debugger or a profiler reads, and by the linker that
/// comes with Rust or with the C compiler. Another one may not know such a script; musl's start code needs the tables.
fn leaves_tables_out() -> bool {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let is_tried = is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("CARGO_CFG_TARGET_ARCH", "x86_64");
    let has_own_linker = env::var_os("RUSTC_LINKER").is_some()
        || env::var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("link"));
    is_tried && is("PROFILE", "release") && is("DEBUG", "false") && !has_own_linker
}
