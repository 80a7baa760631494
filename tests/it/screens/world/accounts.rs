//! What ilert's account and Netdata Cloud answer to a token.

use netdata_ilert::cloud::{CloudRoom, CloudUser, Space};
use netdata_ilert::ilert::account::{
    Alert, AlertSource, AlertStatus, EscalationPolicy, Fulfilled, HeartbeatMonitor, Overview, Provided, User,
};
use netdata_ilert::secret::Secret;
use netdata_ilert::wizard::context::AlertSnapshot;
use netdata_ilert::wizard::context::CloudReply;
use netdata_ilert::wizard::context::Unfulfilled;
use netdata_ilert::wizard::form::{Control, StepProblem};
use netdata_ilert::wizard::message::Reply;

use super::{HEARTBEAT, KEY};

fn policy(id: i64, name: &str) -> EscalationPolicy {
    EscalationPolicy { id, name: name.into() }
}

/// An alert source as ilert lists it.
pub fn source(id: i64, name: &str) -> AlertSource {
    AlertSource {
        id,
        name: name.into(),
        integration_type: "API".into(),
        integration_key: Some(Secret::new(KEY.into())),
        active: Some(true),
        alert_priority_rule: Some("HIGH".into()),
        alert_creation: Some("ONE_ALERT_PER_EMAIL".into()),
        auto_resolution_timeout: None,
        escalation_policy: Some(policy(7, "Operations")),
    }
}

/// Jane Doe's account: so many escalation policies, and these alert sources.
pub fn overview(policies: i64, sources: Vec<AlertSource>) -> Reply {
    let user = User { first_name: "Jane".into(), last_name: "Doe".into(), role: "ADMIN".into() };
    let named = |id| match id {
        7 => policy(id, "Operations"),
        8 => policy(id, "Databases on call"),
        id => policy(id, &format!("Team {id}")),
    };
    let policies = (7..7 + policies).map(named).collect();
    Reply::Overview(Ok(Box::new(Overview { user, policies, sources })))
}

/// ilert does not take the token, in the client's own words.
pub fn token_wrong() -> Reply {
    let message = "ilert does not accept the API token (403 KEY_ERROR: The provided api key is not valid): create one in \
                   ilert (your user's menu, API keys)";
    Reply::Overview(Err(StepProblem { control: Control::ACCOUNT_TOKEN, message: message.into() }))
}

/// The alert source is there.
pub fn fulfilled(created: bool, source: AlertSource, heartbeat: bool) -> Reply {
    let monitor = HeartbeatMonitor {
        id: 31,
        name: "Netdata (sender on db-1)".into(),
        url: Secret::new(HEARTBEAT.into()),
        created: true,
    };
    let provided =
        Provided { source, key: Secret::new(KEY.into()), created, policy: policy(7, "Operations") };
    let heartbeat = heartbeat.then_some(Ok(monitor));
    Reply::Fulfilled(Ok(Box::new(Fulfilled { provided, heartbeat })))
}

/// Somebody created one of the name meanwhile.
pub fn appeared() -> Reply {
    Reply::Fulfilled(Err(Unfulfilled {
        words: "an alert source called `Netdata` (id 12) appeared in ilert meanwhile, so nothing was created: choose it, or another name".into(),
        appeared: vec![source(12, "Netdata")],
    }))
}

/// The plan is used up.
pub fn plan_limit() -> Reply {
    Reply::Fulfilled(Err(Unfulfilled {
        words:
            "ilert's plan allows no more alert sources (402 PLAN_LIMIT: Your plan does not allow more alert \
                sources): remove one or extend the plan, or give the name of one that is there"
                .into(),
        appeared: Vec::new(),
    }))
}

/// The test's alert, as ilert shows it; `None` where it shows none.
pub fn looked_up(status: Option<AlertStatus>, source: AlertSource) -> Reply {
    let alert = status.map(|status| Alert {
        id: 4711,
        alert_key: "netdata/db-1/test".into(),
        opened: "2026-11-23T05:12:01Z".into(),
        resolved: (status == AlertStatus::Resolved).then(|| "2026-11-23T05:12:03Z".into()),
        status,
    });
    Reply::LookedUp(Ok(Box::new(AlertSnapshot { source: Some(source), alert })))
}

/// The token may not look.
pub fn not_looked_up() -> Reply {
    Reply::LookedUp(Err(
        "the API token's scope is too narrow (403 OAUTH2_SCOPE_ERROR): create one that may read \
                          alerts and alert sources"
            .into(),
    ))
}

/// Jane Doe's spaces in Netdata Cloud.
pub fn spaces(names: &[&str]) -> Reply {
    let user = CloudUser { name: "Jane Doe".into(), email: "jane@example.org".into() };
    let space = |name: &&str| Space { id: format!("space-{name}"), name: (*name).into() };
    Reply::Cloud(Ok(CloudReply::Spaces(user, names.iter().map(space).collect())))
}

/// The rooms of a space.
pub fn rooms() -> Reply {
    let room = |(name, count): (&str, u64)| CloudRoom {
        id: format!("room-{name}"),
        name: name.into(),
        node_count: Some(count),
        everything: name == "All nodes",
    };
    let rooms = [("All nodes", 5), ("Databases", 2), ("Web", 3)].map(room).to_vec();
    Reply::Cloud(Ok(CloudReply::Rooms(rooms)))
}

/// The nodes of a room.
pub fn nodes(hosts: &[&str]) -> Reply {
    let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
    Reply::Cloud(Ok(CloudReply::Nodes(hosts)))
}

/// Netdata Cloud does not take the token.
pub fn cloud_token_wrong() -> Reply {
    Reply::Cloud(Err(
        "Netdata Cloud does not accept the API token (401: Authentication failed): create one in \
                       Netdata Cloud (profile picture, User Settings, API Tokens)"
            .into(),
    ))
}
