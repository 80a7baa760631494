//! The README's table of storms: no measurement, for its clock is virtual; but it takes a fast build.

use super::delivery::lines::HEAD;
use super::delivery::played::{Telling, play};
use super::delivery::trouble::troubles;

pub fn print() {
    println!("{HEAD}");
    for trouble in troubles() {
        for telling in [Telling::Gathered, Telling::Singly] {
            println!("{}", play(trouble, telling).line());
        }
    }
}
