//! What is there is named: which kind, and since when.

use std::path::PathBuf;

use super::machine::Machine;
use crate::schedule::{Installation, Scheduler, Serves, present};

#[test]
fn each_kind_is_this_installations_alone() {
    for (kind, tells_since) in [(Scheduler::Systemd, true), (Scheduler::Cron, false)] {
        let machine = Machine::new();
        let scheduled = |of: &Installation| present(of).unwrap().scheduled(of);
        assert_eq!(scheduled(&machine.installation), []);
        machine.install(kind).unwrap();
        let [ours] = scheduled(&machine.installation).try_into().unwrap();
        assert_eq!((ours.kind, ours.since.is_some()), (kind, tells_since));
        let two = Installation {
            config: PathBuf::from("/two/config.toml"),
            serves: Serves::One { name: "two".to_owned() },
            ..machine.installation.clone()
        };
        assert_eq!(scheduled(&two), []);
        assert_eq!(present(&two).unwrap().others(&two).len(), 1);
    }
}
