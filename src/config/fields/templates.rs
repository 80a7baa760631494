//! `[templates]`: minijinja templates that replace the built-in ones.

use crate::config::kind::{Maybe, Text};
use crate::config::table::table;

table! {
    /// `[templates]`: minijinja; `None` is the built-in one.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Templates {
        /// Templates (minijinja) that replace the built-in ones. `--preview` shows the result.
        /// The summary: one line.
        summary: Option<String> => Maybe<Text> = None, like "...";

        /// The details: Markdown, several lines between three quotation marks.
        details: Option<String> => Maybe<Text> = None, like "...";
    }
}
