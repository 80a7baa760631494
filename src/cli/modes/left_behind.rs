//! The states whose configuration is gone, and what they left open in ilert: nothing resolves it.

use color_eyre::eyre;

use super::selection;
use crate::cli::Arguments;
use crate::config::{self, FoundConfigurations, Installed};
use crate::delivery::user_of;
use crate::status;
use crate::text::ShownPath as _;

/// A state that something is open by, or that cannot be read.
pub(super) struct LeftBehind {
    /// What its folder is called.
    pub(super) name: String,
    /// What is wrong.
    pub(super) says: String,
    /// What to do.
    pub(super) fix: String,
}

/// All of them below the usual folder of states.
pub(super) fn left_behind(arguments: &Arguments) -> eyre::Result<Vec<LeftBehind>> {
    let (first, states) = (config::default_path()?, selection::states(arguments)?);
    let mut all = Vec::new();
    for state in FoundConfigurations::find(&first, &states).left_behind(&states) {
        let Some(name) = state.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
        let file = if Installed::own_folders(&states).contains(&state) {
            // The state says whose it is.
            user_of(&state).filter(|user| !user.exists())
        } else {
            Some(first.with_file_name("config.d").join(format!("{name}.toml")))
        };
        let Some(file) = file else { continue };
        let (folder, file) = (state.shown(), file.shown());
        let gone = format!("the state `{folder}` has no configuration any more");
        let says = match status::read(&state) {
            Ok(left) if left.open.is_empty() => continue,
            Ok(left) => {
                format!("{gone}, and nothing resolves what is open by it: {}", left.open_in_words())
            }
            Err(error) => format!("{gone}: {error}"),
        };
        let fix = format!("put `{file}` back, or resolve them in ilert by hand and remove the folder");
        all.push(LeftBehind { name, says, fix });
    }
    Ok(all)
}
