//! The name of the configuration that speaks, if there are several.
//!
//! Each of several configurations is worked on by a thread of its own, which is called after it. What that thread says
//! ([`prefixed`]) and logs begins with the name.

use std::cell::RefCell;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    static SPEAKER: RefCell<Option<Speaker>> = const { RefCell::new(None) };
}

/// Who speaks.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// The configuration's name.
    pub name: Arc<str>,
    /// Whether there are several, so that the name must be said. It may change.
    pub one_of_several: Arc<AtomicBool>,
}

impl Speaker {
    /// One of several, for as long as it speaks.
    #[must_use]
    pub fn one_of_several(name: &str) -> Self {
        Self { name: name.into(), one_of_several: Arc::new(AtomicBool::new(true)) }
    }

    /// Whatever this thread says from now on is this one's.
    pub fn speak(self) {
        SPEAKER.with_borrow_mut(|speaker| *speaker = Some(self));
    }
}

/// The name that this thread's words begin with, if they are one's of several.
#[must_use]
pub fn name() -> Option<Arc<str>> {
    SPEAKER.with_borrow(|speaker| {
        let speaker = speaker.as_ref()?;
        speaker.one_of_several.load(Ordering::Relaxed).then(|| Arc::clone(&speaker.name))
    })
}

/// A line, with the speaker's name before it if there are several.
#[must_use]
pub fn prefixed(line: impl Display) -> String {
    name().map_or_else(|| line.to_string(), |name| format!("{name}: {line}"))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;
    use std::thread;

    use super::{Speaker, prefixed};

    #[test]
    fn each_thread_has_its_own() {
        let speaks = |name: &'static str| {
            move || {
                let speaker = Speaker::one_of_several(name);
                let several = speaker.one_of_several.clone();
                speaker.speak();
                let said = prefixed("hello");
                several.store(false, Ordering::Relaxed);
                [said, prefixed("hello")]
            }
        };
        assert_eq!(thread::spawn(speaks("a")).join().unwrap(), ["a: hello", "hello"]);
        assert_eq!(thread::spawn(speaks("b")).join().unwrap(), ["b: hello", "hello"]);
        assert_eq!(prefixed("hello"), "hello");
    }
}
