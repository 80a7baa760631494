//! What a schedule that is there runs.

/// What a schedule that is there runs, against what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// What it should.
    This,
    /// The first configuration alone, where it should run all: version 0.1.0 wrote it.
    FirstAlone,
    /// Another program, configuration or state folder.
    Other,
}
