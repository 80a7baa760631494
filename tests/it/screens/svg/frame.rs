//! Frames, drawn as lines through the middle of their cells: as characters they would leave gaps.

use super::{HEIGHT, WIDTH};

/// The path of a frame's character in the cell at this place; `None` for any other text.
pub fn path(text: &str, x: f64, y: f64) -> Option<String> {
    let (right, bottom) = (x + WIDTH, y + HEIGHT);
    let (middle, centre) = (x + WIDTH / 2.0, y + HEIGHT / 2.0);
    let to_left = format!("M{middle} {centre}H{x}");
    let to_right = format!("M{middle} {centre}H{right}");
    let up = format!("M{middle} {centre}V{y}");
    let down = format!("M{middle} {centre}V{bottom}");
    Some(match text {
        "─" => format!("M{x} {centre}H{right}"),
        "│" => format!("M{middle} {y}V{bottom}"),
        "╭" => format!("M{middle} {bottom}Q{middle} {centre} {right} {centre}"),
        "╮" => format!("M{x} {centre}Q{middle} {centre} {middle} {bottom}"),
        "╰" => format!("M{middle} {y}Q{middle} {centre} {right} {centre}"),
        "╯" => format!("M{x} {centre}Q{middle} {centre} {middle} {y}"),
        "┌" => down + &to_right,
        "┐" => down + &to_left,
        "└" => up + &to_right,
        "┘" => up + &to_left,
        "├" => up + &down + &to_right,
        "┤" => up + &down + &to_left,
        "┬" => down + &to_left + &to_right,
        "┴" => up + &to_left + &to_right,
        "┼" => up + &down + &to_left + &to_right,
        _ => return None,
    })
}
