//! The exit codes, and what each means. Every mode ends with one of them.

use crate::interrupt::Interrupt;

/// How a mode ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Done; for `--send`: all told, or left only by pace.
    Done = 0,
    /// Unexpected failure.
    Failure = 1,
    /// The command line was not understood.
    Usage = 2,
    /// The configuration, a key file, or a variable that names a proxy, cannot be used.
    Configuration = 3,
    /// ilert refused for good; a person must look.
    Refused = 4,
    /// Something is kept for the next run.
    Later = 75,
    /// Ctrl-C.
    Interrupted = 130,
}

impl Exit {
    /// The worst of several: 0, 75, 4, 3, then 2 and 1. Nothing at all is done.
    #[must_use]
    pub fn worst(exits: impl IntoIterator<Item = Self>) -> Self {
        const ORDER: [Exit; 7] = [
            Exit::Done,
            Exit::Later,
            Exit::Refused,
            Exit::Configuration,
            Exit::Usage,
            Exit::Failure,
            Exit::Interrupted,
        ];
        let place = |exit: &Self| ORDER.iter().position(|one| one == exit);
        exits.into_iter().max_by_key(place).unwrap_or(Self::Done)
    }
}

/// Why a mode did not do what it was asked, and how it ends.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct Stopped {
    /// What happened, to what, and what to do.
    pub words: String,
    /// What the program returns.
    pub exit: Exit,
}

/// How a mode ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    With(Exit),
    /// Because it was told to: 130, 143, 129 or 131, as a shell sees a program that a signal ended.
    By(Interrupt),
}

impl Ended {
    /// The process's exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::With(exit) => exit as u8,
            Self::By(interrupt) => interrupt.code(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_worst_of_several_wins() {
        let order = [Exit::Done, Exit::Later, Exit::Refused, Exit::Configuration, Exit::Failure];
        for (at, worst) in order.into_iter().enumerate() {
            assert_eq!(Exit::worst(order.into_iter().take(at + 1).rev()), worst);
        }
        assert_eq!(Exit::worst([]), Exit::Done);
    }
}
