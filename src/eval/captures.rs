//! What bodies capture of the frames around them, and where they find it.

use std::rc::Rc;
use std::sync::Arc;

use super::{Evaluation, Frame};
use crate::types::tir::{Capture, Expr, ExprKind};
use crate::value::{Captured, Closure, Value};

/// Where a running body finds what it captured.
#[derive(Clone, Copy)]
pub(super) enum Captures<'f> {
    /// Here.
    Own(&'f [Value]),
    /// In the frame around, which is still there: nothing had to be captured.
    Around(&'f [Capture], &'f Frame<'f>),
}

impl Evaluation<'_> {
    /// What a body has captured; nothing where that is a function of its own group, which is nowhere by itself.
    #[inline]
    pub(super) fn captured<'e>(&'e self, index: u32, frame: &Frame<'e>) -> Option<&'e Value> {
        match frame.captures {
            Captures::Own(values) => values.get(index as usize),
            Captures::Around(captures, around) => match *captures.get(index as usize)? {
                Capture::Local(slot) => self.stack.get(around.base + slot as usize),
                Capture::Captured(index) => self.captured_around(index, around),
                Capture::Sibling(_) => None,
            },
        }
    }

    #[inline(never)]
    fn captured_around<'e>(&'e self, index: u32, frame: &Frame<'e>) -> Option<&'e Value> {
        self.captured(index, frame)
    }

    /// What stands in a frame; nothing where that is a function of its own group.
    #[inline]
    pub(super) fn capture<'e>(&'e self, capture: Capture, frame: &Frame<'e>) -> Option<&'e Value> {
        match capture {
            Capture::Local(slot) => self.stack.get(frame.base + slot as usize),
            Capture::Captured(index) => self.captured(index, frame),
            Capture::Sibling(_) => None,
        }
    }

    /// A captured value of the frame.
    #[inline]
    pub(super) fn capture_one(&self, capture: Capture, frame: &Frame<'_>) -> Value {
        match self.capture(capture, frame) {
            Some(value) => value.clone(),
            None => Self::function_of_group(capture, frame),
        }
    }

    /// The function of a running function's own group that is captured.
    pub(super) fn function_of_group(capture: Capture, frame: &Frame<'_>) -> Value {
        let (mut capture, mut frame) = (capture, frame);
        loop {
            match (capture, frame.captures) {
                (Capture::Sibling(index), _) => return Self::sibling(index, frame),
                (Capture::Captured(index), Captures::Around(captures, around)) => {
                    let Some(next) = captures.get(index as usize) else { return Value::Null };
                    (capture, frame) = (*next, around);
                }
                _ => return Value::Null,
            }
        }
    }

    pub(super) fn sibling(index: u32, frame: &Frame<'_>) -> Value {
        match frame.closure {
            Some(closure) if closure.index == index as usize => Value::Closure(Rc::clone(closure)),
            Some(closure) => Value::Closure(Closure::new(
                Arc::clone(&closure.group),
                index as usize,
                Rc::clone(&closure.captures),
            )),
            None => Value::Null,
        }
    }

    /// The function that an expression names, where the frame holds it for as long as it runs.
    #[inline]
    pub(super) fn function_at_hand<'f>(function: &Expr, frame: &Frame<'f>) -> Option<&'f Rc<Closure>> {
        let index = match function.kind {
            ExprKind::Captured(index) => index,
            ExprKind::Sibling(index) => return Self::running(index, frame),
            _ => return None,
        };
        match frame.captures {
            Captures::Own(values) => match values.get(index as usize)? {
                Value::Closure(closure) => Some(closure),
                _ => None,
            },
            Captures::Around(captures, around) => {
                Self::function_around(*captures.get(index as usize)?, around)
            }
        }
    }

    fn function_around<'f>(capture: Capture, frame: &'f Frame<'f>) -> Option<&'f Rc<Closure>> {
        let (mut capture, mut frame) = (capture, frame);
        loop {
            match (capture, frame.captures) {
                (Capture::Sibling(index), _) => return Self::running(index, frame),
                (Capture::Local(_), _) => return None,
                (Capture::Captured(index), Captures::Own(values)) => {
                    return match values.get(index as usize)? {
                        Value::Closure(closure) => Some(closure),
                        _ => None,
                    };
                }
                (Capture::Captured(index), Captures::Around(captures, around)) => {
                    (capture, frame) = (*captures.get(index as usize)?, around);
                }
            }
        }
    }

    /// The running function, where that is the one with this index in its group.
    fn running<'f>(index: u32, frame: &Frame<'f>) -> Option<&'f Rc<Closure>> {
        frame.closure.filter(|closure| closure.index == index as usize)
    }

    pub(super) fn capture_all(&self, captures: &[Capture], frame: &Frame<'_>) -> Rc<[Value]> {
        captures.iter().map(|capture| self.capture_one(*capture, frame)).collect()
    }

    /// The captured values of an expression that is delayed.
    pub(super) fn captured_by(&self, captures: &[Capture], frame: &Frame<'_>) -> Captured {
        match captures {
            [one] => Captured::One([self.capture_one(*one, frame)]),
            [one, two] => Captured::Two([self.capture_one(*one, frame), self.capture_one(*two, frame)]),
            many => Captured::Many(self.capture_all(many, frame)),
        }
    }
}
