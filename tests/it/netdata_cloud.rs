//! The client of Netdata Cloud against the simulated one: lists as they are, each answer in its own words, and a
//! token that stays where it belongs.

use std::fmt::Write as _;

use netdata_ilert::cloud::{CLOUD, Cloud, CloudError, CloudRoom, Space};
use netdata_ilert::http::Failure;
use netdata_ilert::secret::Secret;
use netdata_ilert::simulator::{self, Answer, Barrier, Fault, Served};

use crate::stage::wire::Wire;

const TOKEN: &str = "0b9a2c5e-token-of-jane-77e1";
const SPACE: &str = "7c2f8a1e-5d43-4a8b-9a58-8d1f0a3f6b11";
const ROOM: &str = "d40a6a1c-1d0e-4d0c-a3cb-2f1b7d1e9c55";

struct ServedCloud {
    cloud: simulator::Cloud,
    served: Served,
}

impl ServedCloud {
    fn new() -> Self {
        let cloud = simulator::Cloud::new();
        cloud.add_token(TOKEN);
        cloud.add_space(SPACE, "Jane's Space");
        cloud.add_room(SPACE, "all", "All nodes", &["web-2", "db", "web-1"]);
        cloud.add_room(SPACE, ROOM, "Web", &["web-2", "web-1"]);
        let served = cloud.serve().unwrap();
        Self { cloud, served }
    }

    /// That answers everything with this status and body.
    fn answering(status: u16, body: impl Into<String>) -> Self {
        let scene = Self::new();
        scene.cloud.answer_all(Some(Answer::StatusBody(status, body.into())));
        scene
    }

    fn client(&self) -> Cloud {
        client(&self.served.url(), TOKEN).unwrap()
    }
}

fn client(base: &str, token: &str) -> Result<Cloud, CloudError> {
    Cloud::new(base, Secret::new(token.to_owned()))
}

/// What each of the four questions is answered with, as an error.
async fn errors(client: &Cloud) -> [CloudError; 4] {
    [
        client.whoami().await.unwrap_err(),
        client.spaces().await.unwrap_err(),
        client.rooms(SPACE).await.unwrap_err(),
        client.nodes(SPACE, ROOM).await.unwrap_err(),
    ]
}

#[tokio::test]
async fn leads_from_the_token_to_the_nodes_of_a_room() {
    let scene = ServedCloud::new();
    let client = scene.client();
    let user = client.whoami().await.unwrap();
    assert_eq!((user.name.as_str(), user.email.as_str()), ("Jane Doe", "jane@example.org"));
    let space = Space { id: SPACE.to_owned(), name: "Jane's Space".into() };
    assert_eq!(client.spaces().await.unwrap(), [space]);
    let room = |id: &str, name: &str, count, everything| CloudRoom {
        id: id.to_owned(),
        name: name.into(),
        node_count: Some(count),
        everything,
    };
    let rooms = [room("all", "All nodes", 3, true), room(ROOM, "Web", 2, false)];
    assert_eq!(client.rooms(SPACE).await.unwrap(), rooms);
    assert_eq!(client.nodes(SPACE, "all").await.unwrap(), ["db", "web-1", "web-2"]);
    assert_eq!(client.nodes(SPACE, ROOM).await.unwrap(), ["web-1", "web-2"]);
    let nodes = |room: &str| format!("POST /api/v3/spaces/{SPACE}/rooms/{room}/nodes");
    assert_eq!(
        scene.served.requests(),
        [
            "GET /api/v2/accounts/me".to_owned(),
            "GET /api/v3/spaces".to_owned(),
            format!("GET /api/v2/spaces/{SPACE}/rooms"),
            nodes("all"),
            nodes(ROOM),
        ]
    );
    assert_eq!(scene.served.connections(), 1);
}

#[tokio::test]
async fn names_are_sorted_and_each_there_once() {
    let scene = ServedCloud::new();
    scene.cloud.add_room(SPACE, "r", "Odd", &["web", "", "ärger", "web", " ", "Web", "db", "web"]);
    assert_eq!(scene.client().nodes(SPACE, "r").await.unwrap(), ["Web", "db", "web", "ärger"]);
}

#[tokio::test]
async fn what_is_empty_is_no_error() {
    let scene = ServedCloud::new();
    scene.cloud.add_space("empty", "Nothing yet");
    scene.cloud.add_room(SPACE, "r", "Nobody", &[]);
    assert_eq!(scene.client().rooms("empty").await.unwrap(), []);
    assert_eq!(scene.client().nodes(SPACE, "r").await.unwrap(), [""; 0]);
    let client = ServedCloud::answering(200, "null");
    assert_eq!(client.client().spaces().await.unwrap(), []);
    assert_eq!(client.client().rooms(SPACE).await.unwrap(), []);
    let client = ServedCloud::answering(200, r#"{"nodes":null}"#);
    assert_eq!(client.client().nodes(SPACE, ROOM).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn an_id_is_one_segment_of_a_path() {
    let scene = ServedCloud::new();
    scene.cloud.add_space("a/../b?c#d %", "Odd");
    scene.cloud.add_room("a/../b?c#d %", "ключ", "Odder", &["x"]);
    let rooms = scene.client().rooms("a/../b?c#d %").await.unwrap();
    assert_eq!(rooms[0].name, "Odder");
    assert_eq!(scene.client().nodes("a/../b?c#d %", &rooms[0].id).await.unwrap(), ["x"]);
    scene.served.forget_requests();
    for id in ["", ".", ".."] {
        let refused = CloudError::NoId(id.to_owned());
        assert_eq!(scene.client().rooms(id).await.unwrap_err(), refused);
        assert_eq!(scene.client().nodes(id, ROOM).await.unwrap_err(), refused);
        assert_eq!(scene.client().nodes(SPACE, id).await.unwrap_err(), refused);
    }
    assert!(scene.served.requests().is_empty());
}

#[tokio::test]
async fn each_refusal_has_its_own_words() {
    let mut words = String::new();
    for (status, body) in [
        (302, ""),
        (400, r#"{"errorMsgKey":"ErrBadRequest","errorMessage":"","errorCode":"badRequest"}"#),
        (
            401,
            r#"{"errorMsgKey":"ErrUnauthorized","errorMessage":"Token expired","errorCode":"unauthorized"}"#,
        ),
        (403, r#"{"errorMsgKey":"ErrForbidden","errorMessage":null,"errorCode":"forbidden"}"#),
        (404, r#"{"errorMessage":"Space not found"}"#),
        (405, "{}"),
        (407, "<html>Login</html>"),
        (408, ""),
        (409, r#"{"errorMessage":"0B9A2C5E-token-of-jane-77e1 again\n\u001b[31m"}"#),
        (425, ""),
        (429, r#"{"errorMessage":"Too many requests"}"#),
        (500, ""),
        (503, "<html>Away</html>"),
    ] {
        let [first, others @ ..] = errors(&ServedCloud::answering(status, body).client()).await;
        assert!(others.iter().all(|other| *other == first), "{status}: {others:?}");
        assert!(!format!("{first:?}").to_lowercase().contains(TOKEN), "{first:?}");
        writeln!(words, "{first}").unwrap();
    }
    assert!(!words.to_lowercase().contains(TOKEN), "{words}");
    insta::assert_snapshot!(words);
}

#[tokio::test]
async fn each_refusal_is_of_its_own_kind() {
    let scene = ServedCloud::new();
    for (answer, kind) in [
        (Answer::Status(302), "Redirected"),
        (Answer::Status(400), "Refused"),
        (Answer::Status(401), "TokenWrong"),
        (Answer::Status(403), "Forbidden"),
        (Answer::Status(404), "NotFound"),
        (Answer::Html(407), "Proxy"),
        (Answer::Status(408), "Unavailable"),
        (Answer::Status(422), "Refused"),
        (Answer::Status(425), "Unavailable"),
        (Answer::Status(429), "Limited"),
        (Answer::Html(502), "Unavailable"),
    ] {
        scene.cloud.answer_next(answer.clone());
        let error = format!("{:?}", scene.client().spaces().await.unwrap_err());
        assert!(error.starts_with(&format!("{kind}(ErrorAnswer {{ status: ")), "{answer:?}: {error}");
    }
}

#[tokio::test]
async fn a_token_that_cloud_does_not_know_is_told_so() {
    let scene = ServedCloud::new();
    for error in errors(&client(&scene.served.url(), "another").unwrap()).await {
        assert!(matches!(error, CloudError::TokenWrong(_)), "{error}");
    }
    let error = scene.client().rooms("none").await.unwrap_err();
    assert!(matches!(error, CloudError::NotFound(_)), "{error}");
    let error = scene.client().nodes(SPACE, "none").await.unwrap_err();
    assert!(matches!(error, CloudError::NotFound(_)), "{error}");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (scene, elsewhere) = (ServedCloud::new(), ServedCloud::new());
    scene.cloud.answer_all(Some(Answer::Redirect(format!("{}/api/v3/spaces", elsewhere.served.url()))));
    for error in errors(&scene.client()).await {
        assert!(matches!(error, CloudError::Redirected(_)), "{error}");
    }
    assert_eq!(elsewhere.served.connections(), 0);
}

#[tokio::test]
async fn what_cannot_be_used_never_goes_out() {
    for token in ["", "two words", "line\nbreak", "ключ", "Bearer 0b9a2c5e"] {
        assert_eq!(client(CLOUD, token).unwrap_err(), CloudError::NoToken, "{token:?}");
    }
    for base in [
        "",
        "app.netdata.cloud",
        "ftp://app.netdata.cloud",
        "https://",
        "https://jane@app.netdata.cloud",
        "https://:word@app.netdata.cloud",
        "https://app.netdata.cloud?a=b",
        "https://app.netdata.cloud/#a",
    ] {
        let error = client(base, TOKEN).unwrap_err();
        assert!(matches!(error, CloudError::Base(_)), "{base}: {error}");
        assert!(!error.to_string().contains("word"), "{error}");
    }
    assert!(client(CLOUD, TOKEN).is_ok());
}

#[tokio::test]
async fn an_answer_that_is_not_clouds_is_none() {
    for body in [
        "",
        "<html>Welcome to the hotel</html>",
        "7",
        r#"{"nodes":{}}"#,
        r#"[{"id":"s1","name":"cut o"#,
        r#"{"nodes":[{"nm":"cut o"#,
        r#"[{"name":"without an id"}]"#,
        r#"[{"id":null}]"#,
    ] {
        let scene = ServedCloud::answering(200, body);
        let client = scene.client();
        for (error, asked) in [
            (client.spaces().await.unwrap_err(), "v3/spaces".to_owned()),
            (client.rooms(SPACE).await.unwrap_err(), format!("v2/spaces/{SPACE}/rooms")),
            (client.nodes(SPACE, ROOM).await.unwrap_err(), format!("v3/spaces/{SPACE}/rooms/{ROOM}/nodes")),
        ] {
            assert_eq!(error, CloudError::Unreadable { path: asked }, "{body}");
        }
    }
    for body in ["", "<html>Welcome to the hotel</html>", "7", r#"{"name":"cut o"#] {
        let error = ServedCloud::answering(200, body).client().whoami().await.unwrap_err();
        assert_eq!(error, CloudError::Unreadable { path: "v2/accounts/me".to_owned() }, "{body}");
    }
    let error = ServedCloud::answering(204, "").client().spaces().await.unwrap_err();
    assert!(error.to_string().contains("`/api/v3/spaces`"), "{error}");
}

#[tokio::test]
async fn an_answer_without_an_end_is_not_read() {
    const MIB: usize = 1 << 20;
    let scene = ServedCloud::answering(200, format!("[{}]", " ".repeat(4 * MIB)));
    let too_large = |limit| CloudError::Failed(Failure::TooLarge(limit));
    assert_eq!(scene.client().spaces().await.unwrap_err(), too_large(4 * MIB));
    assert_eq!(scene.client().rooms(SPACE).await.unwrap_err(), too_large(4 * MIB));
    // A large room is read.
    let nodes = format!(r#"{{"nodes":[{{"nm":"a"}}{}]}}"#, " ".repeat(31 * MIB));
    assert_eq!(ServedCloud::answering(200, nodes).client().nodes(SPACE, ROOM).await.unwrap(), ["a"]);
    let scene = ServedCloud::answering(200, " ".repeat(32 * MIB + 1));
    assert_eq!(scene.client().nodes(SPACE, ROOM).await.unwrap_err(), too_large(32 * MIB));
}

#[tokio::test]
async fn words_that_cloud_adds_keep_nothing_from_working() {
    let user = r#"{"id":7,"name":null,"plan":{"class":"Moon"}}"#;
    let user = ServedCloud::answering(200, user).client().whoami().await.unwrap();
    assert_eq!((user.name.as_str(), user.email.as_str()), ("", ""));
    let rooms = r#"[{"id":"a","name":null,"node_count":null,"untouchable":null,"kind":"BY_MOON","new":{"x":[1]}},
        {"id":"b","name":"B","node_count":-1},{"id":"c","node_count":"12","untouchable":"true"},
        {"id":"d","node_count":{"total":3},"untouchable":[]}]"#;
    let rooms = ServedCloud::answering(200, rooms).client().rooms(SPACE).await.unwrap();
    let read: Vec<_> =
        rooms.iter().map(|room| (room.name.as_str(), room.node_count, room.everything)).collect();
    assert_eq!(read, [("", None, false), ("B", None, false), ("", Some(12), true), ("", None, false)]);
    let nodes = r#"{"nodes":[{"nm":"a","state":"quantum","health":{}},{"nm":null},{}],"versions":{}}"#;
    assert_eq!(ServedCloud::answering(200, nodes).client().nodes(SPACE, ROOM).await.unwrap(), ["a"]);
}

#[tokio::test]
async fn no_answer_is_told_as_it_is() {
    let mut scene = ServedCloud::new();
    scene.served.fail(Some(Fault::Reset));
    for error in errors(&scene.client()).await {
        assert_eq!(error, CloudError::Failed(Failure::Closed));
    }
    scene.served.stop().await;
    for error in errors(&scene.client()).await {
        assert_eq!(error, CloudError::Failed(Failure::Refused));
    }
}

#[tokio::test]
async fn a_stalled_answer_can_be_given_up_and_asked_for_again() {
    let scene = ServedCloud::new();
    let barrier = Barrier::new();
    scene.cloud.answer_next(Answer::Stall(barrier.clone()));
    let client = scene.client();
    tokio::select! {
        biased;
        answer = client.spaces() => panic!("{answer:?}"),
        () = barrier.arrived(1) => {}
    }
    assert_eq!(client.spaces().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_none() {
    let wire = Wire::listen().await;
    let client = client(&wire.url(), TOKEN).unwrap();
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{\"id\":\"s1\"}]";
    let (error, _) = tokio::join!(client.spaces(), wire.answer(cut));
    assert_eq!(error, Err(CloudError::Failed(Failure::Closed)));
}

#[tokio::test]
async fn the_token_is_in_one_header_alone() {
    let wire = Wire::listen().await;
    let client = client(&format!("{}/behind/", wire.url()), TOKEN).unwrap();
    assert!(!format!("{client:?}").contains(TOKEN));
    let empty = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 4\r\n\r\nnull";
    let (spaces, (request, _)) = tokio::join!(client.spaces(), wire.answer(empty));
    assert_eq!(spaces.unwrap(), []);
    assert!(request.starts_with("GET /behind/api/v3/spaces HTTP/1.1\r\n"), "{request}");
    assert!(request.contains(&format!("\r\nauthorization: Bearer {TOKEN}\r\n")), "{request}");
    assert_eq!(request.matches(TOKEN).count(), 1);
}

#[tokio::test]
async fn what_is_called_too_long_is_cut_before_it_is_kept() {
    let long = "x".repeat(100_000);
    let space = format!("[{{\"id\":\"{long}\",\"name\":\"{long}\"}}]");
    let spaces = ServedCloud::answering(200, space.clone()).client().spaces().await.unwrap();
    assert!(spaces[0].id.len() <= 1000 && spaces[0].name.chars().count() <= 100, "{spaces:?}");
    let rooms = ServedCloud::answering(200, space).client().rooms(SPACE).await.unwrap();
    assert!(rooms[0].id.len() <= 1000 && rooms[0].name.chars().count() <= 100, "{rooms:?}");
    let steers = r#"{"name":"a\u001b[2J\u202eb","email":null}"#;
    let user = ServedCloud::answering(200, steers).client().whoami().await.unwrap();
    assert_eq!((user.name.as_str(), user.email.as_str()), ("a [2Jb", ""));
    let nodes = format!("{{\"nodes\":[{{\"nm\":\"{long}\"}}]}}");
    let nodes = ServedCloud::answering(200, nodes).client().nodes(SPACE, ROOM).await.unwrap();
    assert!(nodes[0].len() <= 1000);
    for id in ["", "\"id\":\"\",", "\"id\":null,"] {
        let error = ServedCloud::answering(200, format!("[{{{id}\"name\":\"n\"}}]"))
            .client()
            .spaces()
            .await
            .unwrap_err();
        assert!(matches!(error, CloudError::Unreadable { .. }), "{id}: {error}");
    }
}
