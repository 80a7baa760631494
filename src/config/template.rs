//! The annotated file, written from the rows: a comment on every key, and defaults and examples commented out.

use std::sync::LazyLock;

use super::change::dotted;
use super::fields::Config;
use super::row::{SettingRow, Shape};
use super::table::Table;

/// The annotated file that `--print-config` prints and that the wizard fills in: a comment on every key.
pub static TEMPLATE: LazyLock<String> = LazyLock::new(|| {
    let mut page = Page { text: PREAMBLE.to_owned(), said: Vec::new() };
    for row in Config::rows(None) {
        page.top(&row);
    }
    page.text
});

const PREAMBLE: &str = "\
#:schema /usr/share/netdata-ilert/config.schema.json
#
# netdata-ilert: makes ilert show what Netdata shows.
#
# A line such as `#url = ...` shows a key that is not set, with its default or with an example;
# take the `#` away to set it. Durations are written \"90s\", \"2m\", \"1h 30m\". Paths are absolute,
# or start from this file's folder. `netdata-ilert --doctor` checks this file and what it names.
";

/// How far a title's dashes go.
const WIDTH: usize = 96;

struct Page {
    text: String,
    /// Comments that stand under this title already: tables of the same rows have them once.
    said: Vec<&'static [&'static str]>,
}

impl Page {
    /// A row of the whole file: a value, or tables under a title.
    fn top(&mut self, row: &SettingRow) {
        self.said.clear();
        self.line("");
        if row.shape.is_value() {
            self.comment(row.help);
            return self.value(row);
        }
        if let Some(title) = row.help.first() {
            let title = format!("# ---- {} ", title.trim());
            let dashes = "-".repeat(WIDTH.saturating_sub(title.chars().count()));
            self.line(&format!("{title}{dashes}"));
            self.line("");
        }
        match &row.shape {
            Shape::Table(rows) => self.table(row.key, rows),
            Shape::Tables(rows) => self.tables(row.key, rows),
            _ => {
                self.line(&format!("[{}]", row.key));
                let example = row.example.unwrap_or_default();
                self.line(&format!("#{}", example.trim_matches(['{', ' ', '}'])));
            }
        }
    }

    fn table(&mut self, name: &str, rows: &[SettingRow]) {
        for (at, row) in rows.iter().enumerate() {
            if let Shape::Table(inner) = &row.shape {
                if at > 0 {
                    self.line("");
                }
                let name = dotted(name, row.key);
                self.line(&format!("# {}", row.help.concat().trim()));
                self.table(&name, inner);
                continue;
            }
            let new = !self.said.contains(&row.help);
            if at == 0 {
                self.line(&format!("[{name}]"));
            } else if new {
                self.line("");
            }
            if new {
                self.comment(row.help);
            }
            self.value(row);
        }
    }

    /// A table of which there are any number, commented out as a whole.
    fn tables(&mut self, name: &str, rows: &[SettingRow]) {
        for row in rows {
            for (at, line) in row.help.iter().enumerate() {
                let key = if at == 0 { format!("`{}`:", row.key) } else { String::new() };
                self.line(&format!("# {key}{line}").replace("#  ", "# "));
            }
        }
        self.line(&format!("#[[{name}]]"));
        for row in rows {
            self.line(&format!("#{} = {}", row.key, row.example.unwrap_or_default()));
        }
    }

    fn comment(&mut self, help: &'static [&'static str]) {
        for line in help {
            self.line(&format!("#{line}"));
        }
        self.said.push(help);
    }

    fn value(&mut self, row: &SettingRow) {
        let set = if row.is_required { "" } else { "#" };
        let value = row.example.or(row.default.as_deref()).unwrap_or_default();
        self.line(&format!("{set}{} = {value}", row.key));
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}
