//! A limit per minute for each key or token, in fixed minutes of ilert's clock.

use std::collections::HashMap;

use crate::secret::Secret;

#[derive(Default)]
pub(super) struct Limit {
    /// `None` takes all.
    most: Option<u32>,
    /// How many came in which minute.
    counted: HashMap<String, (i64, u32)>,
}

impl Limit {
    /// From now on, with nothing counted.
    pub fn set(&mut self, most: Option<u32>) {
        *self = Self { most, counted: HashMap::new() };
    }

    /// Counts one more at this second. Returns whether it is taken.
    pub fn takes(&mut self, who: &Secret, now: i64) -> bool {
        let Some(most) = self.most else { return true };
        let minute = now.div_euclid(60);
        let counted = self.counted.entry(who.expose().to_owned()).or_default();
        if counted.0 != minute {
            *counted = (minute, 0);
        }
        counted.1 += 1;
        counted.1 <= most
    }
}
