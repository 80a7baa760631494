//! From the answers to the draft that is kept of them, and back.

use crate::config::{Notify, SecretSource};
use crate::schedule::Kind;
use crate::wizard::draft::{self, Draft};
use crate::wizard::field::{Field, TextArea};
use crate::wizard::model::Model;
use crate::wizard::steps::key::Keep;
use crate::wizard::steps::notification::Rooms;
use crate::wizard::steps::notification::cloud_rooms::{CloudRooms, Picked};
use crate::wizard::steps::preview::Words;
use crate::wizard::steps::source::Way;
use crate::wizard::steps::start::Delivery;

/// The answers, without the secrets.
pub(super) fn draft(model: &Model) -> Draft {
    let notification = &model.notification;
    let templates = model.preview.templates();
    let text = |field: &Field| Some(field.value().trim().to_owned()).filter(|text| !text.is_empty());
    Draft {
        step: Some(model.reached as usize),
        delivery: Some(match model.start.delivery {
            Delivery::Here => draft::Delivery::ThisMachine,
            Delivery::Cloud => draft::Delivery::NetdataCloud,
        }),
        alert_source: Some(match model.source.way {
            Way::ByHand => draft::AlertSourceWay::ByHand,
            Way::ForMe => draft::AlertSourceWay::ForMe,
        }),
        source_name: text(&model.source.for_me.name),
        ilert_ticks: model.source.done.clone(),
        cloud_ticks: notification.cloud_done.clone(),
        key_place: match model.key.keep {
            Keep::File => Some(draft::KeyPlace::File),
            Keep::Variable => Some(draft::KeyPlace::Environment),
            Keep::Config => Some(draft::KeyPlace::Configuration),
            Keep::Credential => Some(draft::KeyPlace::Credential),
        },
        netdata_url: text(&model.agent.url),
        username: text(&model.agent.username),
        ca_file: text(&model.agent.ca_file).map(Into::into),
        name: text(&notification.name),
        room_name: text(&notification.room_name),
        rooms: match notification.mode {
            Rooms::All => Some(draft::Rooms::All),
            Rooms::Pick => Some(draft::Rooms::Picked(notification.picked.iter().cloned().collect())),
            Rooms::Pattern => Some(draft::Rooms::Pattern(notification.pattern.value().to_owned())),
            Rooms::Cloud => Some(draft::Rooms::Cloud(picked(&notification.cloud))),
            Rooms::Configured => Some(draft::Rooms::Configured),
        },
        notify: Some(notification.notify.words().map(str::to_owned).collect()),
        summary: templates.summary,
        details: templates.details,
        schedule: model.review.chosen.then_some(match model.review.schedule {
            Some(Kind::Systemd) => draft::Schedule::Systemd,
            Some(Kind::Cron) => draft::Schedule::Cron,
            None => draft::Schedule::Nothing,
        }),
    }
}

fn picked(cloud: &CloudRooms) -> Vec<draft::CloudRoom> {
    let room = |(id, picked): (&String, &Picked)| draft::CloudRoom {
        id: id.clone(),
        name: picked.name.clone(),
        nodes: picked.nodes.clone(),
        everything: picked.everything,
    };
    cloud.picked.iter().map(room).collect()
}

/// Takes up what a draft says, and leaves the rest as it is.
pub(super) fn resume(model: &mut Model, draft: &Draft) {
    match draft.delivery {
        Some(draft::Delivery::ThisMachine) => model.start.delivery = Delivery::Here,
        Some(draft::Delivery::NetdataCloud) => model.start.delivery = Delivery::Cloud,
        None => {}
    }
    ticks(&mut model.source.done, &draft.ilert_ticks);
    ticks(&mut model.notification.cloud_done, &draft.cloud_ticks);
    match draft.key_place {
        Some(draft::KeyPlace::File) => model.key.keep = Keep::File,
        Some(draft::KeyPlace::Environment) => model.key.keep = Keep::Variable,
        Some(draft::KeyPlace::Configuration) => model.key.keep = Keep::Config,
        Some(draft::KeyPlace::Credential) if holds_credential(model) => model.key.keep = Keep::Credential,
        Some(draft::KeyPlace::Credential) | None => {}
    }
    match draft.alert_source {
        Some(draft::AlertSourceWay::ByHand) => model.source.way = Way::ByHand,
        Some(draft::AlertSourceWay::ForMe) => model.source.way = Way::ForMe,
        None => {}
    }
    text(&mut model.source.for_me.name, draft.source_name.as_deref());
    text(&mut model.agent.url, draft.netdata_url.as_deref());
    text(&mut model.agent.username, draft.username.as_deref());
    text(&mut model.agent.ca_file, draft.ca_file.as_ref().and_then(|path| path.to_str()));
    text(&mut model.notification.name, draft.name.as_deref());
    text(&mut model.notification.room_name, draft.room_name.as_deref());
    rooms(model, draft);
    if let Some(notify) = &draft.notify {
        model.notification.notify = Notify::of(|word| notify.iter().any(|one| one == word));
    }
    for (area, template) in
        [(&mut model.preview.summary, &draft.summary), (&mut model.preview.details, &draft.details)]
    {
        if let Some(template) = template {
            *area = TextArea::new(template);
            model.preview.words = Words::Own;
        }
    }
    if let Some(schedule) = draft.schedule {
        model.review.chosen = true;
        model.review.schedule = match schedule {
            draft::Schedule::Systemd => Some(Kind::Systemd),
            draft::Schedule::Cron => Some(Kind::Cron),
            draft::Schedule::Nothing => None,
        };
    }
    model.touched = true;
}

fn rooms(model: &mut Model, draft: &Draft) {
    let notification = &mut model.notification;
    match &draft.rooms {
        Some(draft::Rooms::All) => notification.mode = Rooms::All,
        Some(draft::Rooms::Picked(hosts)) => {
            notification.mode = Rooms::Pick;
            notification.picked = hosts.iter().cloned().collect();
        }
        Some(draft::Rooms::Pattern(pattern)) => {
            notification.mode = Rooms::Pattern;
            notification.pattern = Field::new(pattern);
        }
        Some(draft::Rooms::Cloud(rooms)) => {
            notification.mode = Rooms::Cloud;
            let room = |room: &draft::CloudRoom| {
                let (name, nodes) = (room.name.clone(), room.nodes.clone());
                (room.id.clone(), Picked { name, nodes, everything: room.everything })
            };
            notification.cloud.picked = rooms.iter().map(room).collect();
        }
        Some(draft::Rooms::Configured) if notification.is_configured() => {
            notification.mode = Rooms::Configured;
        }
        Some(draft::Rooms::Configured) | None => {}
    }
}

fn holds_credential(model: &Model) -> bool {
    matches!(model.base.integration.api_key, SecretSource::Credential(_))
}

fn ticks(boxes: &mut [bool], kept: &[bool]) {
    for (one, kept) in boxes.iter_mut().zip(kept) {
        *one = *kept;
    }
}

fn text(field: &mut Field, kept: Option<&str>) {
    if let Some(kept) = kept {
        *field = Field::new(kept);
    }
}
