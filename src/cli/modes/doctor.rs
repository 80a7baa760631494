//! `--doctor`: prints the checks, as lines or as JSON.

use std::path::Path;

use color_eyre::eyre::{self, WrapErr};

use super::{config_path, print, state_dir, written};
use crate::cli::Arguments;
use crate::clock::now;
use crate::doctor::{self, DoctorInput, Style};
use crate::exit::Exit;
use crate::other_senders::health_alarm_notify;
use crate::output;
use crate::schedule::Installation;

/// Looks at everything, and says what it found.
pub async fn examine(arguments: &Arguments) -> eyre::Result<Exit> {
    let (config, state) = (config_path(arguments)?, state_dir(arguments)?);
    let input = DoctorInput {
        config: &config,
        state: &state,
        schedule: schedule(&config, &state),
        notify_files: health_alarm_notify(Path::new("/")),
        clock: &now,
    };
    let diagnosis = doctor::examine(&input).await;
    if arguments.json {
        print(&output::json(&diagnosis).wrap_err("cannot write the checks as JSON")?)?;
    } else {
        let mut out = output::stdout();
        let color = arguments.color.wanted(out.is_terminal());
        let style = Style { color, unicode: output::shows_unicode(|name| std::env::var(name).ok()) };
        written(diagnosis.write(&mut out, style))?;
    }
    Ok(diagnosis.exit())
}

/// For whom a schedule would be; `None` where that cannot be told.
pub(super) fn schedule(config: &Path, state: &Path) -> Option<Installation> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let installation = Installation::without_config().ok()?;
    Some(Installation { config: absolute(config), state_dir: absolute(state), ..installation })
}
