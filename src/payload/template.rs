//! Templates: minijinja with strict names, bounded work and a few filters for people on call.
//!
//! Filters beside minijinja's own: `duration` (seconds → `2h 5m`), `quantity(units)` (number → `96.2 %`),
//! `utc` and `local` (a time → ISO 8601), `markdown` (escapes text), `code` (a code span). `{% … %}` on a
//! line of its own leaves no line behind.

mod bounds;
mod error;
mod filters;

use std::fmt;
use std::io::{self, Write};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};

pub use error::TemplateError;
use error::explain;

use super::variables::Variables;
use crate::config::Templates;

const SUMMARY: &str = include_str!("../../assets/templates/summary.txt.j2");
const DETAILS: &str = include_str!("../../assets/templates/details.md.j2");

/// Work that one rendering may do (minijinja's fuel: instructions, or 64 bytes of text each). The built-in
/// templates stay below a thousandth of it but for long descriptions; a runaway is over in milliseconds.
const FUEL: u64 = 50_000;

/// Longest text that a template may render, bytes; the event takes far less.
const LONGEST_OUTPUT: usize = 1 << 20;

/// Which template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// `templates.summary`.
    Summary,
    /// `templates.details`.
    Details,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Summary => "templates.summary",
            Self::Details => "templates.details",
        })
    }
}

/// What is rendered, which is not to be longer than anybody could use.
#[derive(Default)]
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST_OUTPUT {
            return Err(io::Error::other(format!("what it renders is longer than {LONGEST_OUTPUT} bytes")));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The two templates, compiled.
#[derive(Debug)]
pub(super) struct Compiled {
    environment: Environment<'static>,
    problem: Option<TemplateError>,
    /// Configured templates that never speak of a storm: the built-in ones tell it.
    storms_built_in: Vec<Which>,
}

/// The name under which a built-in template is kept beside a configured one.
const BUILT_IN: &str = "built-in";

impl Compiled {
    /// Compiles the configured templates, or the built-in ones. What does not compile is kept as the
    /// answer to every rendering.
    pub fn new(templates: &Templates) -> Self {
        let mut environment = environment();
        let mut problem = None;
        let mut storms_built_in = Vec::new();
        for (which, configured, built_in) in
            [(Which::Summary, &templates.summary, SUMMARY), (Which::Details, &templates.details, DETAILS)]
        {
            let source = configured.as_deref().unwrap_or(built_in);
            if !source.contains("storm")
                && environment.add_template_owned(format!("{which} {BUILT_IN}"), built_in).is_ok()
            {
                storms_built_in.push(which);
            }
            if let Err((line, message)) = bounds::check(source) {
                problem.get_or_insert(TemplateError { which, line: Some(line), column: None, message });
                continue;
            }
            if let Err(error) = environment.add_template_owned(which.to_string(), source.to_owned()) {
                problem.get_or_insert_with(|| explain(which, source, &error));
            }
        }
        Self { environment, problem, storms_built_in }
    }

    /// What is wrong with a template before it meets any alert.
    pub fn problem(&self) -> Option<&TemplateError> {
        self.problem.as_ref()
    }

    /// Renders one of the two, as it comes: not cleaned, not cut. A configured template that never names `storm` knows
    /// nothing of storms: the built-in one tells them.
    pub fn render(&self, which: Which, variables: &Variables) -> Result<String, TemplateError> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        let is_built_in = !variables.storm.is_empty() && self.storms_built_in.contains(&which);
        let name = if is_built_in { format!("{which} {BUILT_IN}") } else { which.to_string() };
        let template = self.environment.get_template(&name).map_err(|error| explain(which, "", &error))?;
        let mut text = Bounded::default();
        match template.render_captured_to(Serde(variables), &mut text) {
            Ok(_) => Ok(String::from_utf8_lossy(&text.0).into_owned()),
            Err(error) => Err(explain(which, template.source(), &error)),
        }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // The one value that can hold itself: to show that would overflow the stack.
    environment.remove_global("namespace");
    environment.set_debug(true); // names what is undefined, and where
    environment.set_fuel(Some(FUEL));
    filters::add(&mut environment);
    environment
}

/// The names that a template may use: the fields of `Variables`.
pub const NAMES: [&str; 46] = [
    "action",
    "agent_version",
    "alert",
    "by_alert",
    "by_node",
    "calculation",
    "chart",
    "class",
    "cleared",
    "component",
    "context",
    "crit_when",
    "duration",
    "edit_command",
    "guid",
    "info",
    "level",
    "lookup",
    "members",
    "netdata_ilert_version",
    "node",
    "old_status",
    "old_value",
    "old_value_text",
    "other_criticals",
    "other_warnings",
    "reason",
    "role",
    "source",
    "source_file",
    "source_line",
    "standing",
    "status",
    "storm",
    "summary",
    "times",
    "told_singly",
    "total",
    "transition",
    "type",
    "units",
    "value",
    "value_text",
    "warn_when",
    "was_critical",
    "when",
];

#[cfg(test)]
mod tests {
    use super::{Compiled, NAMES, Templates, Which};
    use crate::payload::samples;
    use crate::payload::variables::Variables;

    fn render(template: &str) -> Result<String, String> {
        let templates = Templates { summary: Some(template.into()), details: None };
        let notice = samples(1_795_410_720).remove(0);
        Compiled::new(&templates)
            .render(Which::Summary, &Variables::new(&notice, "v2.11.0", None))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn names_every_variable() {
        let variables = Variables::new(&samples(1_795_410_720).remove(0), "v2.11.0", None);
        let serde_json::Value::Object(fields) = serde_json::to_value(variables).unwrap() else { panic!() };
        let mut fields: Vec<_> = fields.keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, NAMES);
    }

    #[test]
    fn has_filters_for_people_on_call() {
        for (template, expected) in [
            ("{{ 7500 | duration }}", "2h 5m"),
            ("{{ 96.2 | quantity('%') }} {{ 4 | quantity }}", "96.2 % 4"),
            ("{{ when | utc }} {{ 1795410720 | utc }}", "2026-11-23T05:12:00Z 2026-11-23T05:12:00Z"),
            ("{{ '' | local }}|{{ cleared | utc }}", "|"),
            ("{{ 'a b' | urlencode }}", "a%20b"),
            ("{{ '<b>' }}", "<b>"),
            ("{% if node %}\n{{ node }}\n{% endif %}\n", "db-1\n"),
        ] {
            assert_eq!(render(template).as_deref(), Ok(expected), "{template}");
        }
    }

    #[test]
    fn says_where_and_what_is_wrong() {
        insta::assert_snapshot!(
            [
                "{{ nod }}",
                "a\n  {{ zebra.x }}",
                "{{ node",
                "{{ node | shout }}",
                "{{ 'x' | local }}",
                "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
                "{% include 'other' %}",
            ]
            .map(|template| render(template).unwrap_err())
            .join("\n"),
            @r#"
            `templates.summary`, line 1, column 4: `nod` is undefined; did you mean `node`?
            `templates.summary`, line 2, column 6: `zebra` is undefined; known are action, agent_version, alert, by_alert, by_node, calculation, chart, class, cleared, component, context, crit_when, duration, edit_command, guid, info, level, lookup, members, netdata_ilert_version, node, old_status, old_value, old_value_text, other_criticals, other_warnings, reason, role, source, source_file, source_line, standing, status, storm, summary, times, told_singly, total, transition, type, units, value, value_text, warn_when, was_critical, when
            `templates.summary`, line 1, column 4: syntax error: unexpected end of input, expected end of variable block
            `templates.summary`, line 1, column 11: unknown filter: filter shout is unknown
            `templates.summary`, line 1, column 10: invalid operation: x is no time: seconds since 1970 or ISO 8601 was expected
            `templates.summary`, line 1: it does too much work; make it shorter
            `templates.summary`, line 1, column 4: syntax error: unknown statement include
            "#
        );
    }
}
