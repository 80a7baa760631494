//! The README's table of storms, line by line.

use super::played::{Played, Telling};

pub const HEAD: &str = "\
| what happens | told | pages | events | all told | quiet | another critical |
|---|---|---|---|---|---|---|";

impl Played {
    /// Its line of the table. Minutes begun count.
    pub fn line(&self) -> String {
        let told = match self.telling {
            Telling::Gathered => "**by default**",
            Telling::Singly => "one by one",
        };
        let minutes = |milliseconds: i64| format!("{} min", (milliseconds + 59_999) / 60_000);
        let all_told = self.all_told().map_or_else(|| "–".to_owned(), minutes);
        format!(
            "| {} | {told} | {} | {} | {all_told} | {} | {} |",
            self.trouble.name,
            self.pages(),
            self.events.len(),
            minutes(self.quiet()),
            minutes(self.delay()),
        )
    }
}
