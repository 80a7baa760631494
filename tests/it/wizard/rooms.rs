//! Rooms of Netdata Cloud's, listed with a token and written down as the nodes that they have.

use netdata_ilert::config::{self, DeliveredBy};
use netdata_ilert::exit::Exit;
use netdata_ilert::simulator::{Answer, Barrier};
use tokio::task::LocalSet;

use super::harness::{Harness, Services, words, world};

const TOKEN: &str = "ndc-44c1d0a7b35e4c0f9d2e-61aa";

fn services() -> Services {
    let services = Services::with(world());
    let cloud = &services.cloud;
    cloud.add_token(TOKEN);
    cloud.add_space("s1", "Production");
    cloud.add_space("s2", "Lab");
    cloud.add_room("s1", "r0", "All nodes", &["db-1", "web-1"]);
    cloud.add_room("s1", "r1", "Databases", &["db-1", "db-2"]);
    cloud.add_room("s2", "r2", "Bench", &["bench-1"]);
    services
}

/// At *Notification*, the rooms to be Netdata Cloud's, the focus on the token.
async fn at_the_token(services: Services) -> Harness {
    let wizard = Harness::start_in(tempfile::tempdir().unwrap(), services, (80, 40), |_| {});
    wizard.to_notification().await;
    wizard.press("tab");
    for _ in 0..3 {
        wizard.press("down");
    }
    wizard.press("tab");
    wizard.until_shows("API Tokens").await;
    wizard
}

#[tokio::test]
async fn a_room_becomes_the_pattern_of_its_nodes() {
    LocalSet::new()
        .run_until(async {
            let wizard = at_the_token(services()).await;
            wizard.paste(&format!("{TOKEN}\n"));
            wizard.press("enter");
            let screen = wizard.until_shows("Databases (2 nodes)").await;
            assert!(screen.contains("Jane Doe") && screen.contains("● Production"), "{screen}");
            wizard.press("tab");
            wizard.press("tab");
            wizard.press("space");
            wizard.until_shows("db-1, db-2").await;
            wizard.write_untested().await;
            let requests = wizard.services.cloud_port.requests();
            assert!(requests.iter().all(|request| !request.contains(TOKEN)), "{requests:?}");
            let (exit, folder) = wizard.end().await;
            assert_eq!(exit.unwrap(), Exit::Done);
            let text = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
            assert!(!text.contains(TOKEN));
            let config = config::load(&folder.path().join("config.toml")).unwrap();
            assert_eq!(config.notification.rooms, ["Databases"]);
            assert_eq!(config.rooms[0].nodes.as_str(), "db-1 db-2");
        })
        .await;
}

#[tokio::test]
async fn where_netdata_cloud_delivers_the_rooms_are_ready_to_copy() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start_in(tempfile::tempdir().unwrap(), services(), (80, 50), |_| {});
            wizard.until_shows("no configuration yet").await;
            wizard.press("down");
            wizard.to_notification().await;
            wizard.press("tab");
            wizard.press("down");
            wizard.press("tab");
            wizard.paste(TOKEN);
            wizard.press("enter");
            wizard.until_shows("Databases (2 nodes)").await;
            wizard.press("down");
            wizard.until_shows("● Lab").await;
            wizard.until_shows("Bench (1 node)").await;
            wizard.press("tab");
            wizard.press("space");
            wizard.until_shows("bench-1").await;
            wizard.until_shows("Rooms: Bench").await;
            // To what is to be done there, and the form's four lines; the last of the five leads on.
            for _ in 0..9 {
                wizard.press("enter");
            }
            wizard.write_untested().await;
            let (_, folder) = wizard.end().await;
            let config = config::load(&folder.path().join("config.toml")).unwrap();
            assert_eq!(config.notification.delivered_by, DeliveredBy::NetdataCloud);
            assert_eq!(config.notification.rooms, ["Bench"]);
        })
        .await;
}

#[tokio::test]
async fn each_refusal_has_its_own_words_and_enter_asks_again() {
    for (status, says) in
        [(401, "does not accept the API token"), (403, "scope:all"), (429, "429"), (503, "503"), (404, "404")]
    {
        LocalSet::new()
            .run_until(async {
                let wizard = at_the_token(services()).await;
                let body = format!(r#"{{"errorMessage":"no {TOKEN}","errorMsgKey":"Err"}}"#);
                wizard.services.cloud.answer_next(Answer::StatusBody(status, body));
                wizard.paste(TOKEN);
                wizard.press("enter");
                let screen = wizard.until_says(says).await;
                assert!(!words(&screen).replace(' ', "").contains(TOKEN), "{screen}");
                wizard.press("enter");
                wizard.until_shows("Databases (2 nodes)").await;
            })
            .await;
    }
}

#[tokio::test]
async fn esc_gives_up_the_question() {
    LocalSet::new()
        .run_until(async {
            let wizard = at_the_token(services()).await;
            let barrier = Barrier::new();
            wizard.services.cloud.answer_next(Answer::Stall(barrier.clone()));
            wizard.paste(TOKEN);
            wizard.press("enter");
            barrier.arrived(1).await;
            wizard.until_shows("esc cancel").await;
            wizard.press("esc");
            wizard.until_shows("enter list the rooms").await;
            barrier.open();
            wizard.press("enter");
            wizard.until_shows("Databases (2 nodes)").await;
        })
        .await;
}
