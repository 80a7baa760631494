//! The last answers of a pure function that takes long for a screen: what is asked at each key has mostly not changed.

use std::cell::RefCell;
use std::collections::VecDeque;

/// So many answers are kept: a screen asks no more different questions.
const MOST: usize = 16;

/// Questions and their answers, the oldest first.
#[derive(Debug)]
pub struct Memo<Q, A>(RefCell<VecDeque<(Q, A)>>);

impl<Q: PartialEq, A: Clone> Memo<Q, A> {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self(RefCell::new(VecDeque::new()))
    }

    /// The answer to a question, found out by `ask` where the question is new.
    pub fn answer(&self, question: Q, ask: impl FnOnce(&Q) -> A) -> A {
        if let Some((_, answer)) = self.0.borrow().iter().find(|(asked, _)| *asked == question) {
            return answer.clone();
        }
        let answer = ask(&question);
        let mut kept = self.0.borrow_mut();
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back((question, answer.clone()));
        answer
    }
}

impl<Q: PartialEq, A: Clone> Default for Memo<Q, A> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Memo};

    #[test]
    fn asks_once_for_what_was_asked_lately() {
        let (memo, mut asked) = (Memo::new(), Vec::new());
        let mut ask = |number: usize| {
            let answer = memo.answer(number, |number| {
                asked.push(*number);
                number * 2
            });
            assert_eq!(answer, number * 2);
        };
        (0..MOST).chain(0..MOST).for_each(&mut ask);
        [MOST, MOST, 0].into_iter().for_each(&mut ask);
        let expected: Vec<usize> = (0..=MOST).chain([0]).collect();
        assert_eq!(asked, expected);
    }
}
