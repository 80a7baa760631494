//! The program: arguments to one mode to one exit code.

fn main() {}
