//! Takes what was pasted: into the text that has the focus; else, if it can be a key or a token, where that belongs. What
//! nothing takes is said to be left out.

use super::{edit, home};
use crate::ilert::{Looks, looks};
use crate::secret::{Cleaned, SecretKind, clean_paste};
use crate::wizard::answers::{Step, Way};
use crate::wizard::effect::Effect;
use crate::wizard::form::{Control, Typing, Widget};
use crate::wizard::model::Model;
use crate::wizard::steps::{key, named, source};

/// Takes it.
pub(super) fn take(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.overlay.is_some() {
        return leave(model, "close this window first, then paste again");
    }
    let secret = clean_paste(text, SecretKind::Key).ok();
    let looks = secret.as_ref().map_or(Looks::Unknown, |Cleaned { secret, .. }| looks(secret));
    let fits = match model.typing(model.focus) {
        // Whatever is typed into one of these is shown.
        Some(Typing::Text(_) | Typing::Area(_)) => looks == Looks::Unknown,
        Some(Typing::Secret(_)) => true,
        None => false,
    };
    if fits && model.step == Step::Home {
        return home::paste(model, text);
    }
    if fits {
        return edit::paste(model, text);
    }
    match secret.map(|_| place(model, looks)) {
        Some(Ok(control)) => give(model, control, text),
        Some(Err(why)) => leave(model, &why),
        None => leave(model, &nowhere(model)),
    }
}

/// Pastes what the demo's services take: into the field with the focus; else where this screen asks for it.
pub(super) fn demo(model: &mut Model) -> Vec<Effect> {
    let secret = |control: Control| control.demo(&model.context).cloned();
    if let Some(secret) = secret(model.focus) {
        return edit::paste(model, secret.expose());
    }
    let place = place(model, Looks::Unknown).ok();
    if let Some((control, secret)) = place.and_then(|control| Some((control, secret(control)?))) {
        return give(model, control, secret.expose());
    }
    model.notice = Some("nothing is pasted: no key and no token is asked for on this screen".to_owned());
    Vec::new()
}

/// The field that a key or a token belongs into, or why there is none.
fn place(model: &Model, looks: Looks) -> Result<Control, String> {
    if model.step == Step::Source {
        return match (source::way(&model.answers, &model.context), looks) {
            (Way::ForMe, Looks::Key) => Err(
                "it begins like the API key of an alert source, and here an API token is asked for; choose \"I do, in a \
                 browser\" to give a key"
                    .to_owned(),
            ),
            (Way::ForMe, _) => Ok(Control::ACCOUNT_TOKEN),
            (Way::ByHand, Looks::Token) => Err(
                "it begins like an API token of your account; choose \"this wizard, with an API token\" to give one"
                    .to_owned(),
            ),
            (Way::ByHand, _) => Ok(Control::API_KEY),
            (Way::Kept, _) => {
                let key = key::named(&model.answers, &model.context);
                Err(format!("the key {key} is kept; choose who creates another alert source to give another key"))
            }
        };
    }
    let is_secret = |control: &Control| matches!(model.widget(*control), Widget::Secret(_));
    let fields: Vec<Control> = model.controls().into_iter().filter(is_secret).collect();
    match fields.as_slice() {
        [field] if *field != Control::API_KEY || looks != Looks::Token => Ok(*field),
        _ => Err(nowhere(model)),
    }
}

/// Puts it there, and says so. A field of this screen gets the focus.
fn give(model: &mut Model, control: Control, text: &str) -> Vec<Effect> {
    let here = model.controls().contains(&control);
    if here {
        model.focus = control;
    }
    let Some(Typing::Secret(field)) = model.typing(control) else { return Vec::new() };
    field.paste(text);
    let count = field.count();
    let effects = edit::touched(model);
    let label = control.label();
    model.notice = Some(if here {
        format!("pasted into \"{label}\": {count} characters")
    } else {
        format!("pasted as the {label}: {count} characters; {} has it", named(Step::Key))
    });
    effects
}

/// What to do where nothing on this screen takes it.
fn nowhere(model: &Model) -> String {
    let is_text = |control: &Control| {
        matches!(
            model.widget(*control),
            Widget::Text(_) | Widget::Secret(_) | Widget::Area(_) | Widget::Pick(..)
        )
    };
    if model.controls().iter().any(|control| !model.focus.is_of(*control) && is_text(control)) {
        return "go to the field that it is for (tab), then paste again".to_owned();
    }
    format!("this screen has no field for it; a key goes into {}", named(Step::Key))
}

fn leave(model: &mut Model, why: &str) -> Vec<Effect> {
    model.notice = Some(format!("what was pasted is not used: {why}"));
    Vec::new()
}
