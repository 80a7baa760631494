//! Netdata: asks an agent or a parent, whichever API it speaks, and turns the answer into an
//! [`Observation`](crate::alert::Observation).
