//! Where the text of a closure gives the parts of its result.
//!
//! In goes the body of a function; out comes a tree of places, beside which the value that a call gives
//! can be walked: sets by name, lists by index, through `let`, `if`, `//`, the marks of modules and calls of
//! functions that stand in the same text. What the text does not tell stands where the expression does
//! that makes it. The tree depends on the text alone, so that it is made once, however often the closure
//! is called.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use crate::builtins;
use crate::syntax::ast::{BinaryOperator, Name};
use crate::text::Span;
use crate::types::tir::{Binding, Body, Capture, Expr, ExprKind, Group, Parameter};

/// The places of a value and of its parts.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// The expression that gives the value.
    pub(super) span: Span,
    attrs: BTreeMap<Name, Written>,
    /// Where attributes with computed names come from, if that is one place.
    computed: Option<Box<Written>>,
    items: Vec<Written>,
}

impl Written {
    fn at(span: Span) -> Written {
        Written { span, ..Written::default() }
    }

    /// Where an attribute is written.
    pub(super) fn attr(&self, name: &str) -> Option<&Written> {
        self.attrs.get(name).or(self.computed.as_deref())
    }

    /// Where an element of a list of this length is written.
    pub(super) fn item(&self, index: usize, length: usize) -> Option<&Written> {
        if self.items.len() == length { self.items.get(index) } else { None }
    }

    /// The parts of both, those of `self` first; of the elements of lists it is not known whose they are.
    fn or(mut self, other: Written) -> Written {
        for (name, written) in other.attrs {
            self.attrs.entry(name).or_insert(written);
        }
        self.computed = self.computed.or(other.computed);
        if self.items.is_empty() {
            self.items = other.items;
        } else if !other.items.is_empty() {
            self.items.clear();
        }
        self
    }
}

/// The trees that are known, by the address of the body: bodies live as long as the inventory.
#[derive(Default)]
pub(super) struct Known(Mutex<HashMap<usize, Arc<Written>>>);

impl Known {
    /// The places in a body that belongs to the inventory.
    pub(super) fn of(&self, body: &Body) -> Arc<Written> {
        let mut known = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let key = std::ptr::from_ref(body).addr();
        Arc::clone(known.entry(key).or_insert_with(|| Arc::new(of_body(body))))
    }
}

/// How many parts a tree has at most; further parts stand where their whole does.
const MOST_PARTS: usize = 10_000;

/// How deep names and calls are followed.
const MOST_DEPTH: usize = 64;

/// The places in the value of a body.
fn of_body(body: &Body) -> Written {
    let mut walk = Walk { frames: vec![Frame::default()], left: MOST_PARTS };
    walk.written(Site { expr: &body.expr, frame: 0 }, 0)
}

/// An expression in a frame.
#[derive(Clone, Copy)]
struct Site<'t> {
    expr: &'t Expr,
    frame: usize,
}

/// What is known of what a slot or capture holds.
#[derive(Clone, Copy)]
enum Bound<'t> {
    Site(Site<'t>),
    /// A function, and the frame that has its captures.
    Function(&'t Group, usize, usize),
    Unknown,
}

/// What a frame's slots and captures hold, as far as the text tells.
#[derive(Default)]
struct Frame<'t> {
    slots: HashMap<u32, Bound<'t>>,
    captures: Vec<Bound<'t>>,
    /// The functions that the running one belongs to.
    group: Option<(&'t Group, usize)>,
}

struct Walk<'t> {
    frames: Vec<Frame<'t>>,
    left: usize,
}

impl<'t> Walk<'t> {
    fn written(&mut self, site: Site<'t>, depth: usize) -> Written {
        let Site { expr, frame } = site;
        let whole = Written::at(expr.span);
        if depth >= MOST_DEPTH || self.left == 0 {
            return whole;
        }
        self.left -= 1;
        let below = |walk: &mut Walk<'t>, expr: &'t Expr| walk.written(Site { expr, frame }, depth + 1);
        let inner = match &expr.kind {
            ExprKind::Delayed(body, captures) => {
                let frame = self.enter(captures, frame, None);
                return self.written(Site { expr: &body.expr, frame }, depth);
            }
            ExprKind::Let { bindings, body } => {
                bindings.iter().for_each(|binding| self.bind(binding, frame));
                return below(self, body);
            }
            ExprKind::Assert { body, .. } => return below(self, body),
            ExprKind::Checked { value, .. } | ExprKind::Named { value, .. } => return below(self, value),
            ExprKind::If { then, otherwise, .. } => {
                let then = below(self, then);
                then.or(below(self, otherwise))
            }
            ExprKind::Chain { first, rest }
                if rest.iter().all(|(operator, _)| *operator == BinaryOperator::Update) =>
            {
                let operands = std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand));
                let written: Vec<Written> = operands.map(|operand| below(self, operand)).collect();
                // The last set that has an attribute gives it.
                written.into_iter().rev().reduce(Written::or).unwrap_or_default()
            }
            ExprKind::AttrSet { keys, values } => {
                let attrs = keys.iter().zip(values);
                let attrs = attrs.map(|(name, value)| (name.clone(), below(self, value))).collect();
                Written { attrs, ..Written::default() }
            }
            ExprKind::DynamicAttrs { base, extra } => {
                let base = below(self, base);
                match extra.as_slice() {
                    [(_, value)] => Written { computed: Some(Box::new(below(self, value))), ..base },
                    _ => base,
                }
            }
            ExprKind::List(items) => {
                let items = items.iter().map(|item| below(self, item)).collect();
                Written { items, ..Written::default() }
            }
            ExprKind::Local(_) | ExprKind::Captured(_) => match self.bound(expr, frame) {
                Bound::Site(site) => self.written(site, depth + 1),
                Bound::Function(..) | Bound::Unknown => whole,
            },
            ExprKind::Apply { function, arguments } => self.call(function, arguments, frame, depth),
            _ => whole,
        };
        Written { span: expr.span, ..inner }
    }

    /// The result of a call: of a mark, or of a function whose text is known.
    fn call(&mut self, function: &'t Expr, arguments: &'t [Expr], frame: usize, depth: usize) -> Written {
        let below = |walk: &mut Walk<'t>, expr: &'t Expr| walk.written(Site { expr, frame }, depth + 1);
        let name = match &function.kind {
            ExprKind::Builtin(index) => builtins::get(*index).map(|builtin| builtin.name),
            // Modules get `lib` as an argument.
            ExprKind::Select { name, .. } => Some(&**name),
            _ => None,
        };
        if let Some(name) = name {
            let field = match (name, arguments.len()) {
                ("mkMerge", 1) => "contents",
                ("mkForce" | "mkDefault" | "mkBefore" | "mkAfter" | "mkOptionDefault", 1) => "content",
                ("mkIf" | "mkOverride" | "mkOrder", 2) => "content",
                _ => return Written::default(),
            };
            let content = arguments.last().map(|content| below(self, content));
            let attrs = content.into_iter().map(|content| (Name::from(field), content)).collect();
            return Written { attrs, ..Written::default() };
        }
        let (group, index, around) = match self.bound(function, frame) {
            Bound::Function(group, index, around) => (group, index, around),
            Bound::Site(Site { expr: Expr { kind: ExprKind::Lambda(group, captures), .. }, frame }) => {
                let around = self.enter(captures, frame, None);
                (&**group, 0, around)
            }
            Bound::Site(_) | Bound::Unknown => return Written::default(),
        };
        let (mut function, mut arguments) = ((group, index, around), arguments);
        // A function of several arguments is one that gives the next.
        loop {
            let (group, index, around) = function;
            let (Some(lambda), [argument, rest @ ..]) = (group.lambdas.get(index), arguments) else {
                return Written::default();
            };
            let captures = self.frames.get(around).map(|frame| frame.captures.clone()).unwrap_or_default();
            let mut slots = HashMap::new();
            if matches!(lambda.parameter, Parameter::Value) {
                slots.insert(0, Bound::Site(Site { expr: argument, frame }));
            }
            let inner = self.frames.len();
            self.frames.push(Frame { slots, captures, group: Some((group, around)) });
            let body = &lambda.body.expr;
            function = match (&body.kind, rest) {
                (_, []) => return self.written(Site { expr: body, frame: inner }, depth + 1),
                (ExprKind::Lambda(group, captures), _) => (&**group, 0, self.enter(captures, inner, None)),
                _ => return Written::default(),
            };
            arguments = rest;
        }
    }

    /// A frame with these captures from the frame around.
    fn enter(&mut self, captures: &[Capture], around: usize, group: Option<(&'t Group, usize)>) -> usize {
        let outer = self.frames.get(around);
        let bound = |capture: &Capture| {
            let outer = outer?;
            match capture {
                Capture::Local(slot) => outer.slots.get(slot).copied(),
                Capture::Captured(index) => outer.captures.get(*index as usize).copied(),
                Capture::Sibling(index) => {
                    outer.group.map(|(group, frame)| Bound::Function(group, *index as usize, frame))
                }
            }
        };
        let captures = captures.iter().map(|capture| bound(capture).unwrap_or(Bound::Unknown)).collect();
        self.frames.push(Frame { slots: HashMap::new(), captures, group });
        self.frames.len() - 1
    }

    fn bind(&mut self, binding: &'t Binding, frame: usize) {
        let bound: Vec<(u32, Bound<'t>)> = match binding {
            Binding::Plain { slot, value } => vec![(*slot, Bound::Site(Site { expr: value, frame }))],
            Binding::Cycle { members } => {
                let site = |expr| Bound::Site(Site { expr, frame });
                members.iter().map(|(slot, value)| (*slot, site(value))).collect()
            }
            Binding::Functions { slots, group, captures } => {
                let around = self.enter(captures, frame, None);
                let functions = slots.iter().enumerate();
                functions.map(|(index, slot)| (*slot, Bound::Function(group, index, around))).collect()
            }
        };
        if let Some(frame) = self.frames.get_mut(frame) {
            frame.slots.extend(bound);
        }
    }

    fn bound(&self, expr: &'t Expr, frame: usize) -> Bound<'t> {
        let here = self.frames.get(frame);
        let found = match &expr.kind {
            ExprKind::Local(slot) => here.and_then(|frame| frame.slots.get(slot)).copied(),
            ExprKind::Captured(index) => here.and_then(|frame| frame.captures.get(*index as usize)).copied(),
            ExprKind::Sibling(index) => here
                .and_then(|frame| frame.group)
                .map(|(group, around)| Bound::Function(group, *index as usize, around)),
            ExprKind::Lambda(..) => Some(Bound::Site(Site { expr, frame })),
            _ => None,
        };
        found.unwrap_or(Bound::Unknown)
    }
}
