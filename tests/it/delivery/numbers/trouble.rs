//! Trouble on a parent with many nodes: what happens in each minute of it.

use std::ops::Range;

use netdata_ilert::alert::AlertId;
use netdata_ilert::alert::Status::{self, Clear, Critical};

use crate::delivery::world::{World, alert};

/// The parent, and a node that none of the trouble is about.
const AROUND: [&str; 2] = ["parent", "other"];
/// How many nodes more are in trouble each minute, where it spreads.
const SPREAD: usize = 20;
/// How many nodes of the parent that restarts have an alert raised.
const RAISED: usize = 10;

#[derive(Clone, Copy)]
pub struct Trouble {
    pub name: &'static str,
    /// How many nodes it is about.
    pub nodes: usize,
    /// How many kinds of alert are raised on each.
    kinds: usize,
    /// How many minutes it lasts.
    pub lasts: usize,
    /// How often each alert of it is raised.
    pub raises: usize,
    /// What is raised long before.
    pub before: fn(&Self, &mut World),
    /// What happens in a minute of it.
    pub happens: fn(&Self, &mut World, usize),
    /// All is well again.
    pub ends: fn(&Self, &mut World),
    /// It takes long to play: `cargo bench` does.
    pub is_large: bool,
}

/// What becomes critical in the middle of each trouble, and clear at its end.
pub fn unrelated() -> AlertId {
    alert(AROUND[1], "raid")
}

pub fn troubles() -> [Trouble; 8] {
    [
        outage("1000 nodes unreachable for 4 min", 4),
        outage("1000 nodes unreachable for 10 min", 10),
        Trouble { is_large: true, ..outage("1000 nodes unreachable for 2 h", 120) },
        Trouble { is_large: true, ..at_once("10000 alerts at once on 1000 nodes, for 10 min", 1000, 10) },
        at_once("60 kinds of alert at once on one node, for 10 min", 1, 60),
        Trouble { is_large: true, ..spreading("20 nodes more each minute, for 1 h", 60) },
        Trouble {
            name: "a parent of 500 nodes restarts, with 10 alerts raised",
            nodes: 500,
            lasts: 20,
            before: |_, world| back(world, 0..500),
            happens: |_, world, minute| restart(world, minute),
            ends: |_, world| set(world, 0..RAISED, 1, Clear),
            ..QUIET
        },
        Trouble {
            name: "one alert that comes and goes 15 times in 1 h",
            lasts: 60,
            raises: 15,
            happens: |_, world, minute| match minute % 4 {
                0 => set(world, 0..1, 1, Critical),
                2 => set(world, 0..1, 1, Clear),
                _ => {}
            },
            ..QUIET
        },
    ]
}

const QUIET: Trouble = Trouble {
    name: "",
    nodes: 1,
    kinds: 1,
    lasts: 0,
    raises: 1,
    before: |_, _| {},
    happens: |_, _, _| {},
    ends: |_, _| {},
    is_large: false,
};

pub fn outage(name: &'static str, lasts: usize) -> Trouble {
    Trouble {
        name,
        nodes: 1000,
        lasts,
        happens: |trouble, world, _| reach(world, 0..trouble.nodes, false),
        ends: |trouble, world| reach(world, 0..trouble.nodes, true),
        ..QUIET
    }
}

pub fn at_once(name: &'static str, nodes: usize, kinds: usize) -> Trouble {
    Trouble {
        name,
        nodes,
        kinds,
        lasts: 10,
        happens: |trouble, world, minute| {
            if minute == 0 {
                set(world, 0..trouble.nodes, trouble.kinds, Critical);
            }
        },
        ends: |trouble, world| set(world, 0..trouble.nodes, trouble.kinds, Clear),
        ..QUIET
    }
}

pub fn spreading(name: &'static str, lasts: usize) -> Trouble {
    Trouble {
        name,
        nodes: lasts * SPREAD,
        lasts,
        happens: |_, world, minute| set(world, minute * SPREAD..(minute + 1) * SPREAD, 1, Critical),
        ends: |trouble, world| set(world, 0..trouble.nodes, 1, Clear),
        ..QUIET
    }
}

impl Trouble {
    /// Every node: those that it is about come last.
    pub fn hosts(&self) -> Vec<String> {
        AROUND.into_iter().map(str::to_owned).chain((0..self.nodes).map(host)).collect()
    }
}

/// Away for two minutes; then the nodes stream again, one after the other, within four minutes.
fn restart(world: &mut World, minute: usize) {
    match minute {
        0 => {
            world.away = Some("connection refused".to_owned());
            (0..500).for_each(|node| world.restart(&host(node)));
            reach(world, 0..500, false);
        }
        2..6 => {
            world.away = None;
            back(world, (minute - 2) * 125..(minute - 1) * 125);
        }
        _ => {}
    }
}

/// Nodes stream; the first ones have an alert raised.
fn back(world: &mut World, nodes: Range<usize>) {
    reach(world, nodes.clone(), true);
    for node in nodes {
        set(world, node..node + 1, 1, if node < RAISED { Critical } else { Clear });
    }
}

fn host(number: usize) -> String {
    format!("node-{number:04}")
}

/// So many kinds of alert on each of these nodes are evaluated to a status.
fn set(world: &mut World, nodes: Range<usize>, kinds: usize, status: Status) {
    for node in nodes {
        for kind in 0..kinds {
            world.set(&alert(&host(node), &format!("kind_{kind:02}")), status);
        }
    }
}

fn reach(world: &mut World, nodes: Range<usize>, reachable: bool) {
    for node in &mut world.nodes[AROUND.len() + nodes.start..AROUND.len() + nodes.end] {
        node.reachable = reachable;
    }
}
