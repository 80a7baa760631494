//! Netdata Cloud's strictness, request by request.

use std::collections::HashSet;

use hyper::Request;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};

use super::*;

const TOKEN: &str = "0b9a2c5e-token-of-jane-77e1";
const ROOMS: &str = "/api/v2/spaces/s1/rooms";
const NODES: &str = "/api/v3/spaces/s1/rooms/r1/nodes";
const ALL: &str = r#"{"scope":{"nodes":[]}}"#;

fn cloud() -> Cloud {
    let cloud = Cloud::new();
    cloud.add_token(TOKEN);
    cloud.add_space("s1", "Jane's Space");
    cloud.add_room("s1", "r0", "All nodes", &["web", "db", "web"]);
    cloud.add_room("s1", "r1", "Web", &["web", "web"]);
    cloud
}

struct Call<'a> {
    method: &'a str,
    token: Option<&'a str>,
    content_type: Option<&'a str>,
    body: &'a str,
}

const GET: Call<'_> = Call { method: "GET", token: Some(TOKEN), content_type: None, body: "" };
const POST: Call<'_> = Call { method: "POST", content_type: Some("application/json"), body: ALL, ..GET };

/// Status and body of an answer.
fn ask(cloud: &Cloud, target: &str, call: &Call<'_>) -> (u16, Value) {
    let mut request = Request::builder().method(call.method).uri(target);
    if let Some(token) = call.token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    if let Some(content_type) = call.content_type {
        request = request.header(CONTENT_TYPE, content_type);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let ServerReply::Respond(answer) = cloud.handle(&parts, call.body.as_bytes(), false) else {
        panic!("no answer")
    };
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

#[test]
fn wants_a_token_that_it_knows() {
    let cloud = cloud();
    for token in
        [None, Some(""), Some("another"), Some("0b9a2c5e-token-of-jane-77e"), Some("bearer 0b9a2c5e")]
    {
        for (path, call) in [
            ("/api/v2/accounts/me", GET),
            ("/api/v3/spaces", GET),
            (ROOMS, GET),
            ("/api/v2/spaces/none/rooms", GET),
            (NODES, POST),
        ] {
            let (status, body) = ask(&cloud, path, &Call { token, ..call });
            assert_eq!(status, 401, "{token:?} {path}");
            assert_eq!(
                body,
                json!({"errorMsgKey": "ErrUnauthorized", "errorMessage": "Unauthorized", "errorCode": "unauthorized"})
            );
        }
    }
    let (parts, ()) = Request::get(ROOMS).header(AUTHORIZATION, TOKEN).body(()).unwrap().into_parts();
    assert!(matches!(cloud.handle(&parts, b"", false), ServerReply::Respond(Response { status: 401, .. })));
}

#[test]
fn tells_of_user_spaces_and_rooms() {
    let cloud = cloud();
    let (status, user) = ask(&cloud, "/api/v2/accounts/me", &GET);
    assert_eq!(
        (status, &user["name"], &user["email"]),
        (200, &json!("Jane Doe"), &json!("jane@example.org"))
    );
    let spaces = json!([{"id": "s1", "slug": "jane-s-space", "name": "Jane's Space"}]);
    assert_eq!(ask(&cloud, "/api/v3/spaces", &GET), (200, spaces));
    let rooms = json!([
        {"id": "r0", "slug": "all-nodes", "name": "All nodes", "node_count": 3, "untouchable": true},
        {"id": "r1", "slug": "web", "name": "Web", "node_count": 2, "untouchable": false},
    ]);
    assert_eq!(ask(&cloud, ROOMS, &GET), (200, rooms));
    assert_eq!(ask(&Cloud::new(), "/api/v3/spaces", &GET).0, 401);
}

#[test]
fn a_node_is_the_same_in_every_room() {
    let cloud = cloud();
    let nodes = |room: &str| {
        let (status, answer) = ask(&cloud, &format!("/api/v3/spaces/s1/rooms/{room}/nodes"), &POST);
        assert_eq!(status, 200);
        answer["nodes"].as_array().unwrap().clone()
    };
    let (all, web) = (nodes("r0"), nodes("r1"));
    assert_eq!(all.iter().map(|node| node["nm"].as_str().unwrap()).collect::<Vec<_>>(), ["web", "db", "web"]);
    assert_eq!(web, [all[0].clone(), all[2].clone()]);
    let ids: HashSet<&str> =
        all.iter().flat_map(|node| [node["nd"].as_str().unwrap(), node["mg"].as_str().unwrap()]).collect();
    assert_eq!(ids.len(), 6);
    assert!(all.iter().all(|node| node["state"] == "reachable"));
    let scope = json!({"scope": {"nodes": [all[1]["nd"], "another"]}}).to_string();
    let (_, one) = ask(&cloud, "/api/v3/spaces/s1/rooms/r0/nodes", &Call { body: &scope, ..POST });
    assert_eq!(one["nodes"], json!([all[1]]));
}

#[test]
fn knows_no_other_space_room_or_path() {
    let cloud = cloud();
    cloud.add_room("none", "r1", "Nobody's", &["web"]);
    for (path, call) in [
        ("/", GET),
        ("/api/v2/spaces", GET),
        ("/api/v3/spaces/", GET),
        ("/api/v3/accounts/me", GET),
        ("/api/v3/spaces/s1/rooms", GET),
        ("/api/v2/spaces/none/rooms", GET),
        ("/api/v2/spaces//rooms", GET),
        ("/api/v2/spaces/S1/rooms", GET),
        ("/api/v2/spaces/s1/rooms/r1/nodes", POST),
        ("/api/v3/spaces/none/rooms/r1/nodes", POST),
        ("/api/v3/spaces/s1/rooms/none/nodes", POST),
    ] {
        let (status, body) = ask(&cloud, path, &call);
        assert_eq!((status, &body["errorMsgKey"]), (404, &json!("ErrNotFound")), "{path}");
    }
}

#[test]
fn reads_an_id_as_one_segment() {
    let cloud = cloud();
    cloud.add_space("a/b c", "Odd");
    cloud.add_room("a/b c", "..%", "Odder", &["x"]);
    assert_eq!(ask(&cloud, "/api/v2/spaces/a%2Fb%20c/rooms", &GET).1[0]["name"], "Odder");
    assert_eq!(ask(&cloud, "/api/v3/spaces/a%2Fb%20c/rooms/..%25/nodes", &POST).0, 200);
    assert_eq!(ask(&cloud, "/api/v2/spaces/a/b%20c/rooms", &GET).0, 404);
}

#[test]
fn takes_no_other_method() {
    let cloud = cloud();
    for method in ["POST", "PUT", "DELETE", "HEAD"] {
        for path in ["/api/v2/accounts/me", "/api/v3/spaces", ROOMS] {
            assert_eq!(ask(&cloud, path, &Call { method, ..POST }).0, 405, "{method} {path}");
        }
    }
    for method in ["GET", "PUT", "DELETE"] {
        assert_eq!(ask(&cloud, NODES, &Call { method, ..POST }).0, 405, "{method}");
    }
}

#[test]
fn takes_no_other_body() {
    let cloud = cloud();
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        assert_eq!(ask(&cloud, NODES, &Call { content_type, ..POST }).0, 415, "{content_type:?}");
    }
    let charset = Some("application/json; charset=utf-8");
    assert_eq!(ask(&cloud, NODES, &Call { content_type: charset, ..POST }).0, 200);
    for body in [
        "",
        "[]",
        "{}",
        r#"{"scope":null}"#,
        r#"{"scope":{}}"#,
        r#"{"scope":{"nodes":null}}"#,
        r#"{"scope":{"nodes":{}}}"#,
        r#"{"scope":{"nodes":"all"}}"#,
        r#"{"scope":{"nodes":[7]}}"#,
        r#"{"scope":{"nodes":[],"contexts":[]}}"#,
        r#"{"scope":{"nodes":[]},"more":1}"#,
        r#"{"scope":{"nodes":[]}"#,
        r#"{"scope":{"nodes":[]}} and more"#,
    ] {
        let (status, answer) = ask(&cloud, NODES, &Call { body, ..POST });
        assert_eq!((status, &answer["errorCode"]), (400, &json!("badRequest")), "{body}");
    }
}

#[test]
fn answers_as_the_script_has_it_and_then_again_as_itself() {
    let cloud = cloud();
    cloud.answer_all(Some(Answer::Status(503)));
    cloud.answer_next(Answer::Status(429));
    cloud.answer_next(Answer::StatusBody(200, "[]".to_owned()));
    let status = |target: &str| ask(&cloud, target, &GET).0;
    assert_eq!(status("/api/v3/spaces"), 429);
    assert_eq!(ask(&cloud, "/api/v3/spaces", &GET), (200, json!([])));
    assert_eq!((status("/api/v3/spaces"), status("/api/v3/spaces")), (503, 503));
    cloud.answer_all(None);
    assert_eq!(status("/api/v3/spaces"), 200);
    // A 2xx is not given where Cloud itself would refuse.
    cloud.answer_next(Answer::StatusBody(200, "[]".to_owned()));
    assert_eq!(status("/api/v2/spaces/none/rooms"), 404);
}
