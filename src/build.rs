//! Leaves what nothing reads out of the stripped release binary: a ninth of it.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=assets/link/no-unwind-tables.ld");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    if leaves_tables_out() {
        let folder = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{folder}/assets/link/no-unwind-tables.ld");
    }
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
