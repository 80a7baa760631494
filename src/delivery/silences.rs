//! The silences of this program: those of the configuration, and those made by hand, which the state keeps.
//!
//! A silence works like Netdata's own: no ALERT is sent; an alert that was sent is followed until it is resolved; one
//! that is still raised at the end is sent then.

use serde::{Deserialize, Serialize};

use crate::config::{Asked, Config, Pattern, Silence, Window};
use crate::text::ago::moment;

/// A silence made by hand, with `--silence`. Times are this machine's clock, milliseconds since the epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// What `--unsilence` calls it.
    pub id: i64,
    /// A pattern for host names.
    pub nodes: String,
    /// A pattern for names of alerts; `None` covers everything on those nodes, and that they are unreachable.
    pub alerts: Option<String>,
    /// When it begins.
    pub from: i64,
    /// When it ends.
    pub until: i64,
    /// Why, in a person's words.
    pub reason: Option<String>,
    /// When it was made.
    pub made_at: i64,
}

/// What a state that cannot be read means for them: a page too many rather than one too few.
pub const UNREAD: &str = "silences made by hand are in it and hold no page back until it can be read";

/// What holds an alert or node back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Muted {
    /// The silence, in words.
    pub by: String,
    /// When it ends (this machine's clock, milliseconds); `None` where no end is to be seen.
    pub until: Option<i64>,
}

/// All silences that a run knows.
#[derive(Clone, Debug)]
pub struct Silences<'a> {
    config: &'a Config,
    by_hand: Vec<(ByHand, Silence)>,
}

impl Muted {
    /// What holds it back, and until when. `now` is this machine's clock, milliseconds.
    #[must_use]
    pub fn in_words(&self, now: i64) -> String {
        match self.until {
            Some(until) if until <= now => {
                format!(
                    "silenced by {} until {}; nothing was known of it since",
                    self.by,
                    moment(now, until / 1000)
                )
            }
            Some(until) => format!("silenced by {} until {}", self.by, moment(now, until / 1000)),
            None => format!("silenced by {}", self.by),
        }
    }
}

impl ByHand {
    /// What it is called in words.
    #[must_use]
    pub fn words(&self) -> String {
        let why = self.reason.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
        format!("`--silence` {}{why}", self.id)
    }

    /// When it is in force.
    #[must_use]
    pub fn window(&self) -> Window {
        Window { from: Some(self.from), until: Some(self.until) }
    }

    /// What it covers.
    #[must_use]
    pub fn scope(&self) -> Silence {
        Silence::of(self.words(), Some(Pattern::new(&self.nodes)), self.alerts.as_deref().map(Pattern::new))
    }
}

impl<'a> Silences<'a> {
    /// Those of the configuration and these.
    #[must_use]
    pub fn of(config: &'a Config, by_hand: &[ByHand]) -> Self {
        Self { config, by_hand: by_hand.iter().map(|silence| (silence.clone(), silence.scope())).collect() }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.config.silences.is_empty() && self.by_hand.is_empty()
    }

    /// Whether the same silences are in force at two times (milliseconds).
    #[must_use]
    pub(super) fn are_alike(&self, one: i64, other: i64) -> bool {
        let configured = self.config.silences.iter().all(|one_of| one_of.window(one) == one_of.window(other));
        let is_over = |made: &ByHand, at| made.until <= at;
        configured
            && self.by_hand.iter().all(|(made, _)| {
                made.window().holds(one) == made.window().holds(other)
                    && is_over(made, one) == is_over(made, other)
            })
    }

    /// The silence that holds something back at this time (milliseconds); of several the one that ends last.
    #[must_use]
    pub(super) fn holding(&self, asked: &Asked<'_>, at: i64) -> Option<Muted> {
        let configured = self.config.silences.iter().filter_map(|silence| {
            let covers = silence.covers(asked, &self.config.rooms);
            let window = covers.then(|| silence.window(at)).flatten()?;
            Some(Muted { by: format!("`{}`", silence.name), until: window.until })
        });
        let by_hand = self.by_hand.iter().filter_map(|(made, scope)| {
            let holds = made.window().holds(at) && scope.covers(asked, &self.config.rooms);
            holds.then(|| Muted { by: made.words(), until: Some(made.until) })
        });
        configured.chain(by_hand).max_by_key(|muted| muted.until.unwrap_or(i64::MAX))
    }
}
