//! The answers of *Preview*: the templates.

use serde::{Deserialize, Serialize};

use super::Drafted;
use super::options::Options;
use crate::config::{Config, Templates};
use crate::wizard::field::TextArea;

/// The built-in template of the summary, to begin one's own with.
const SUMMARY: &str = include_str!("../../../assets/templates/summary.txt.j2");
/// The built-in template of the details.
const DETAILS: &str = include_str!("../../../assets/templates/details.md.j2");

/// Preview.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreviewAnswers {
    /// Whose templates.
    pub words: TemplateChoice,
    /// Template of the summary.
    pub summary: TextArea,
    /// Template of the details.
    pub details: TextArea,
}

impl Drafted for PreviewAnswers {}

/// Whose templates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateChoice {
    /// The built-in ones.
    #[default]
    BuiltIn,
    /// One's own.
    Own,
}

impl Options for TemplateChoice {
    const ALL: &'static [Self] = &[Self::BuiltIn, Self::Own];

    fn label(self) -> &'static str {
        match self {
            Self::BuiltIn => "built in",
            Self::Own => "my own",
        }
    }
}

impl PreviewAnswers {
    pub(super) fn of(config: &Config) -> Self {
        let Templates { summary, details } = &config.templates;
        let own = summary.is_some() || details.is_some();
        Self {
            words: if own { TemplateChoice::Own } else { TemplateChoice::BuiltIn },
            summary: TextArea::new(summary.as_deref().unwrap_or(SUMMARY)),
            details: TextArea::new(details.as_deref().unwrap_or(DETAILS)),
        }
    }

    /// The templates that replace the built-in ones.
    #[must_use]
    pub fn templates(&self) -> Templates {
        let own = |area: &TextArea, built_in: &str| {
            let text = area.given();
            (self.words == TemplateChoice::Own && text != built_in).then_some(text)
        };
        Templates { summary: own(&self.summary, SUMMARY), details: own(&self.details, DETAILS) }
    }
}
