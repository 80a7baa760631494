//! The home screen: the installed configurations, and how each is.

use crate::secret::Secret;
use crate::text::{ShownPath as _, one_line};
use crate::url;
use crate::wizard::answers::Answers;
use crate::wizard::context::{Card, Context, HomeContext, Purpose, Resolving, Usable};
use crate::wizard::form::{Access, Control, Row, field};
use crate::wizard::page::Page;

/// Longest name of the person's that is shown, in characters.
const LONGEST_NAME: usize = 40;

/// How many open alerts are named before a configuration is deleted.
const MOST_NAMED: usize = 3;
/// Longest line about what is wrong, in characters.
const LONGEST_LINE: usize = 200;

impl Control {
    /// The configurations, in the order of their names.
    pub const CONFIGURATION: Self = Self { row: &Row::new("configuration", "", Access::Look), at: 0 };
    /// What one that is added is called.
    pub const NEW_NAME: Self = Self { row: &Row::new("new-name", "Name", field!(Text: home.name)), at: 0 };
}

/// The configurations, or the name of the one that is added.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    if answers.home.adds {
        return vec![Control::NEW_NAME];
    }
    Control::CONFIGURATION.all(cards(context).len().max(1)).collect()
}

fn cards(context: &Context) -> &[Card] {
    context.home.as_ref().and_then(|home| home.cards.as_deref()).unwrap_or_default()
}

/// The configuration that a control stands for.
#[must_use]
pub fn card(control: Control, context: &Context) -> Option<&Card> {
    cards(context).get(control.at).filter(|_| control.is_of(Control::CONFIGURATION))
}

/// Whether something is done to one, or all are looked at.
#[must_use]
pub fn is_busy(context: &Context) -> bool {
    context.is_busy(Purpose::Home) || context.is_busy(Purpose::Resolve)
}

/// Puts it on a page.
pub fn page(page: &mut Page<'_>) {
    let ((answers, context), theme) = (page.known(), page.theme());
    let Some(home) = &context.home else { return };
    page.title("Configurations");
    for told in &home.told {
        match told {
            Ok(done) => page.item(theme.tick(), theme.good(), &context.place.abridged(done)),
            Err(failed) => page.item("!", theme.bad(), &context.place.abridged(failed)),
        }
    }
    if let Some(Resolving { name, deletes }) = &home.resolving {
        let then = if *deletes { ", then deleting it" } else { "" };
        let words = format!("resolving in ilert what is open under `{name}`{then}; esc stops waiting");
        page.item(theme.pending(), theme.dim(), &words);
    }
    page.gap();
    match home.cards.as_deref() {
        None => page.dim("looking at them"),
        Some([]) => nothing_left(page, home),
        Some(cards) => {
            for (at, card) in cards.iter().enumerate() {
                put(page, Control::CONFIGURATION.at(at), card);
                page.gap();
            }
        }
    }
    if answers.home.adds {
        page.gap();
        page.control(Control::NEW_NAME);
        page.hint(&where_to(answers, home));
    }
}

fn nothing_left(page: &mut Page<'_>, home: &HomeContext) {
    page.text("There is no configuration any more. `n` adds one.");
    if home.done.iter().any(Result::is_ok) {
        page.dim("A schedule stays where one is installed: `netdata-ilert --remove-schedule` removes it.");
    }
}

/// Where the one that is added is written.
fn where_to(answers: &Answers, home: &HomeContext) -> String {
    let name = answers.home.name.value().trim();
    if name == crate::config::FIRST {
        return "the file config.toml; another name is a file in config.d".to_owned();
    }
    let name = if name.is_empty() { "NAME" } else { name };
    let folder = home.folders.first.with_file_name("config.d");
    format!("letters, digits, - _ and .; the file {}", folder.join(format!("{name}.toml")).shown())
}

/// A configuration: its name, what it is about, how it runs, what is wrong.
fn put(page: &mut Page<'_>, control: Control, card: &Card) {
    let (theme, place) = (page.theme(), &page.view.context.place);
    let (glyph, state) = match card.is_on() {
        Some(false) => (theme.off(), ", switched off"),
        _ if !card.wrong.is_empty() => ("!", ""),
        // Nothing is proven yet.
        _ if !card.has_run => (theme.pending(), ""),
        _ => (theme.tick(), ""),
    };
    let name = card.usable.as_ref().map(|usable| &usable.config.notification.name);
    let name = name.map_or_else(String::new, |name| format!(" \"{}\"", one_line(name, LONGEST_NAME)));
    page.entry(control, "", &format!("{glyph} {}{name}{state}", card.name));
    if let Some(usable) = &card.usable {
        page.explain(control, &about(usable), theme.dim());
    }
    if !card.run.is_empty() {
        page.explain(control, &card.run, theme.dim());
    }
    for silence in &card.silences {
        page.explain(control, &one_line(silence, LONGEST_LINE), theme.dim());
    }
    for wrong in &card.wrong {
        let line = format!("! {}", one_line(&place.abridged(wrong), LONGEST_LINE));
        page.explain(control, &line, theme.warn());
    }
}

/// Its key's end, its nodes, its URL.
fn about(usable: &Usable) -> String {
    let config = &usable.config;
    let key = usable.key.as_ref().map_or_else(|| "no key".to_owned(), Secret::masked);
    let rooms = &config.notification.rooms;
    let nodes =
        if rooms.is_empty() { "all nodes".to_owned() } else { one_line(&rooms.join(", "), LONGEST_NAME) };
    let urls: Vec<String> = config.netdata.url.iter().map(url::shown).collect();
    format!("key {key}; {nodes}; {}", urls.join(", "))
}

/// What is asked before one is deleted: what is open, what goes, and what stays.
#[must_use]
pub fn deleting(control: Control, context: &Context) -> String {
    let Some(card) = card(control, context) else { return String::new() };
    let Some(installed) = &card.installed else { return String::new() };
    let shown = |path: &std::path::Path| context.place.abridged(&path.shown());
    let mut gone = vec![format!("`{}`", shown(&installed.path))];
    gone.extend(card.files.go.iter().map(|path| format!("`{}`", shown(path))));
    let stays = card.files.stay.iter().map(|(path, why)| format!(" `{}` stays, as {why}.", shown(path)));
    format!(
        "Removes {}.{} Its state in `{}` stays, and so do the alert source in ilert and the schedule.\n\n{}",
        gone.join(", "),
        stays.collect::<String>(),
        shown(&installed.state),
        open(card)
    )
}

/// Whether what is open can be resolved before it is deleted.
#[must_use]
pub fn resolves(control: Control, context: &Context) -> bool {
    card(control, context).is_some_and(|card| card.resolvable().is_some())
}

/// What is open in ilert.
fn open(card: &Card) -> String {
    if card.open == 0 {
        return "Nothing is open in ilert.".to_owned();
    }
    let first = card.named.get(..MOST_NAMED).unwrap_or(&card.named);
    let more = card.open.saturating_sub(first.len());
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let named = format!("Open in ilert: {}{more}.", first.join(", "));
    if card.resolvable().is_some() {
        return named;
    }
    format!("{named} Without its key this cannot be resolved here: resolve it in ilert.")
}
