//! Answers as a simulated Netdata: from a [`World`] and a path to a status and a body. Pure.

mod format;
mod query;
mod v1;
mod v3;

use std::io;
use std::sync::{Arc, Mutex};

use hyper::header::AUTHORIZATION;

use super::World;
use super::lock;
use super::request::segments;
use super::server::{Response, Served, ServerReply};
use crate::alert::Api;
use query::Query;

/// Starts to serve this world's agent on a port of this machine. Needs a tokio runtime.
pub fn serve_netdata(world: Arc<Mutex<World>>) -> io::Result<Served> {
    Served::plain(move |request, _, _| {
        let authorization = request.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let target = request.uri.path_and_query().map_or("/", |target| target.as_str());
        ServerReply::Respond(answer(&mut lock(&world), target, authorization))
    })
}

/// What the agent answers to `GET target` with this `Authorization` header.
#[must_use]
pub fn answer(world: &mut World, target: &str, authorization: Option<&str>) -> Response {
    world.catch_up();
    if !world.netdata {
        return Response::html(200, "<!DOCTYPE html><html><body><h1>It works!</h1></body></html>");
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query = Query::parse(query);
    let segments = segments(path);
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let open = matches!(segments.as_slice(), ["api", "v3", "info" | "me"]);
    let refusal = refused(world, authorization);
    if let Some(refusal) = refusal.filter(|refusal| !(open && matches!(refusal.status, 451 | 412 | 403))) {
        return refusal;
    }
    match segments.as_slice() {
        ["host", host, rest @ ..] => match node_named(world, host) {
            Some(node) => api(world, node, rest, &query),
            None => {
                Response::text(404, format!("This netdata does not maintain a database for host: {host}"))
            }
        },
        rest => api(world, 0, rest, &query),
    }
}

fn api(world: &World, node: usize, path: &[&str], query: &Query) -> Response {
    match path {
        ["api", "v1", rest @ ..] => v1::answer(world, node, rest, query),
        ["api", "v2" | "v3", rest @ ..] if world.api == Api::V3 => v3::answer(world, rest, query),
        ["api", version, ..] => Response::text(404, format!("Unsupported API version: {version}")),
        [""] | [] => Response::html(200, "<!doctype html><html><title>Netdata Agent Console</title></html>"),
        _ => Response::text(404, "File does not exist, or is not accessible: "),
    }
}

/// A listed node by its host name or machine GUID.
fn node_named(world: &World, name: &str) -> Option<usize> {
    let listed = |found: &dyn Fn(&super::world::Node) -> bool| {
        world.nodes.iter().position(|node| node.listed && found(node))
    };
    listed(&|node| node.host == name).or_else(|| listed(&|node| node.guid.eq_ignore_ascii_case(name)))
}

fn refused(world: &World, authorization: Option<&str>) -> Option<Response> {
    let guarded = world.guard.as_ref().filter(|guard| authorization != Some(guard.header.as_str()));
    let status = world.refusal.or_else(|| guarded.map(|guard| guard.status))?;
    Some(Response::text(
        status,
        match status {
            503 => "This service is currently unavailable",
            401 => "401 Authorization Required",
            _ => "You need to be authorized to access this resource",
        },
    ))
}

#[cfg(test)]
mod tests;
