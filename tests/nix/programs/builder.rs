//! Builds programs that have a type, of every construct of the language.

use crate::properties::Choices;

/// The types of the expressions that are built.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Int,
    Float,
    Bool,
    Text,
    List(Box<Kind>),
    /// With the attributes `a` and `b`.
    Set(Box<Kind>, Box<Kind>),
}

use Kind::{Bool, Float, Int, List, Set, Text};

/// Texts that something could trip over.
const TEXTS: [&str; 14] = [
    "\"\"",
    "\"a\"",
    "\"b\"",
    "\"web-12.example\"",
    "\"1.2.10\"",
    "\"é\"",
    "\"\\n\\t\"",
    "\"\\\"\\\\\"",
    "\"$\"",
    "\"$$x\"",
    "\"\\${a}\"",
    "''it''",
    "''\n    one\n      two\n  ''",
    "''\n  $$ ''${x} ''' \\ \"\n''",
];

/// A program of a random type.
pub(super) fn program(choices: &mut Choices<'_>) -> String {
    let mut builder = Builder { choices, scope: Vec::new(), next: 0 };
    let kind = builder.kind(2);
    builder.expression(&kind, 6)
}

pub(super) struct Builder<'c, 'b> {
    pub(super) choices: &'c mut Choices<'b>,
    /// The names in scope, with their types.
    scope: Vec<(String, Kind)>,
    next: usize,
}

pub(super) fn list(kind: &Kind) -> Kind {
    List(Box::new(kind.clone()))
}

impl Builder<'_, '_> {
    pub(super) fn kind(&mut self, depth: usize) -> Kind {
        match self.choices.below(if depth == 0 { 4 } else { 7 }) {
            0 => Int,
            1 => Text,
            2 => Bool,
            3 => Float,
            4 | 5 => List(Box::new(self.kind(depth - 1))),
            _ => Set(Box::new(self.kind(depth - 1)), Box::new(self.kind(depth - 1))),
        }
    }

    /// A type whose values have an order.
    pub(super) fn ordered(&mut self) -> Kind {
        match self.choices.below(4) {
            0 => Int,
            1 => Text,
            2 => Float,
            _ => list(&Int),
        }
    }

    pub(super) fn name(&mut self) -> String {
        self.next += 1;
        // Names that mean something in invq alone, and some that mean something nowhere.
        const NAMES: [&str; 6] = ["v", "x-", "y'", "machines", "tag", "head"];
        let name = NAMES[self.choices.below(NAMES.len())];
        format!("{name}{}", self.next)
    }

    /// Something with names in scope.
    fn within<T>(&mut self, names: &[(&str, &Kind)], build: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.scope.len();
        self.scope.extend(names.iter().map(|(name, kind)| ((*name).to_owned(), (*kind).clone())));
        let built = build(self);
        self.scope.truncate(before);
        built
    }

    /// `name: body`
    pub(super) fn function(&mut self, from: &Kind, to: &Kind, depth: usize) -> String {
        let name = self.name();
        let body = self.within(&[(&name, from)], |builder| builder.expression(to, depth));
        format!("({name}: {body})")
    }

    pub(super) fn expression(&mut self, kind: &Kind, depth: usize) -> String {
        let known: Vec<String> =
            self.scope.iter().filter(|(_, known)| known == kind).map(|(name, _)| name.clone()).collect();
        if !known.is_empty() && (depth == 0 || self.choices.below(4) == 0) {
            return known[self.choices.below(known.len())].clone();
        }
        if depth == 0 {
            return self.leaf(kind);
        }
        match self.choices.below(3) {
            0 => self.construct(kind, depth - 1),
            _ => self.own(kind, depth - 1),
        }
    }

    pub(super) fn leaf(&mut self, kind: &Kind) -> String {
        match kind {
            Int => ["0", "1", "2", "7", "(-3)", "12"][self.choices.below(6)].to_owned(),
            Float => ["0.5", "1.0", ".25", "(-2.5)", "1.0e3", "3.125"][self.choices.below(6)].to_owned(),
            Bool => ["true", "false"][self.choices.below(2)].to_owned(),
            Text => TEXTS[self.choices.below(TEXTS.len())].to_owned(),
            List(element) => match self.choices.below(3) {
                0 => "[ ]".to_owned(),
                1 => format!("[ {} ]", self.leaf(element)),
                _ => format!("[ {} {} ]", self.leaf(element), self.leaf(element)),
            },
            Set(a, b) => format!("{{ a = {}; b = {}; }}", self.leaf(a), self.leaf(b)),
        }
    }

    /// An expression of any type, by what the language has.
    fn construct(&mut self, kind: &Kind, depth: usize) -> String {
        let other = self.kind(1);
        match self.choices.below(27) {
            0 => {
                let condition = self.expression(&Bool, depth);
                format!(
                    "(if {condition} then {} else {})",
                    self.expression(kind, depth),
                    self.expression(kind, depth)
                )
            }
            1 => {
                let (first, second) = (self.name(), self.name());
                let value = self.expression(&other, depth);
                let later = self.within(&[(&first, &other)], |builder| builder.expression(kind, depth));
                let names: [(&str, &Kind); 2] = [(&first, &other), (&second, kind)];
                let body = self.within(&names, |builder| builder.expression(kind, depth));
                format!("(let {second} = {later}; {first} = {value}; in {body})")
            }
            2 => format!("({} {})", self.function(&other, kind, depth), self.expression(&other, depth)),
            3 => {
                let (first, second) = (self.name(), self.name());
                let default = self.expression(kind, depth);
                let value = self.expression(kind, depth);
                let names: [(&str, &Kind); 2] = [(&first, kind), (&second, kind)];
                let body = self.within(&names, |builder| builder.expression(kind, depth));
                let given = if self.choices.below(2) == 0 { &first } else { &second };
                // Each is the default of the other.
                match self.choices.below(3) {
                    0 => format!(
                        "(({{ {first} ? {second}, {second} ? {first} }}: {body}) {{ {given} = {value}; }})"
                    ),
                    1 => format!(
                        "(({{ {first} ? {default}, {second} ? {first}, ... }}: {body}) {{ {given} = {value}; }})"
                    ),
                    _ => format!(
                        "((args@{{ {first}, ... }}: args.{first}) {{ {first} = {value}; other = {default}; }})"
                    ),
                }
            }
            4 => {
                let name = self.name();
                let value = self.expression(&other, depth);
                let body = self.within(&[(&name, &other)], |builder| builder.expression(kind, depth));
                format!("(with {{ {name} = {value}; }}; {body})")
            }
            5 => {
                let (inner, value) = (self.expression(kind, depth), self.expression(kind, depth));
                let name = self.name();
                format!("(with {{ {name} = {inner}; }}; let {name} = {value}; in {name})")
            }
            6 => {
                let name = self.name();
                let value = self.expression(&other, depth);
                let body = self.within(&[(&name, &other)], |builder| builder.expression(kind, depth));
                format!("(rec {{ result = {body}; {name} = {value}; }}).result")
            }
            7 => {
                let name = self.name();
                let value = self.expression(kind, depth);
                let key = self.choices.pick(&["a.b", "\"a\".b", "a.\"b\"", "a.${\"b\"}", "${\"a\"}.b"]);
                format!("(let {name} = {{ {key} = {value}; }}; in {name}.a.b)")
            }
            8 => {
                let (value, default) = (self.expression(kind, depth), self.expression(kind, depth));
                let path = self.choices.pick(&["a", "b", "a or (throw \"never\")"]);
                match path.contains("or") {
                    true => format!("({{ a = {value}; }}.{path})"),
                    false => format!("({{ a = {value}; }}.{path} or {default})"),
                }
            }
            9 => {
                let (value, unused) = (self.expression(kind, depth), self.failure());
                let name = self.name();
                format!("(let {name} = {unused}; in {value})")
            }
            10 => {
                let (value, unused) = (self.expression(kind, depth), self.failure());
                format!("({{ a = {unused}; b = {value}; }}).b")
            }
            11 => {
                let (value, unused) = (self.expression(kind, depth), self.failure());
                format!("(builtins.elemAt [ {unused} {value} ] 1)")
            }
            12 => {
                let (name, value) = (self.name(), self.expression(kind, depth));
                format!("(let {name} = {value}; in {{ inherit {name}; }}).{name}")
            }
            13 => {
                let value = self.expression(kind, depth);
                format!("(let inherit ({{ result = {value}; }}) result; in result)")
            }
            14 => format!("(assert {}; {})", self.truth(depth), self.expression(kind, depth)),
            15 => {
                let (value, walked) = (self.expression(kind, depth), self.expression(&other, depth));
                let function = self.choices.pick(&["seq", "deepSeq"]);
                format!("(builtins.{function} {walked} {value})")
            }
            16 => {
                let (zero, value) = (self.expression(kind, depth), self.expression(kind, depth));
                let times = self.choices.below(6);
                format!(
                    "(let f = n: if n == 0 then {zero} else if n == 1 then {value} else f (n - 1); in f {times})"
                )
            }
            17 => {
                let step = self.function(kind, kind, depth.saturating_sub(1));
                let start = self.expression(kind, depth);
                let times = self.choices.below(4);
                format!("(builtins.foldl' (x: n: {step} x) {start} (builtins.genList (n: n) {times}))")
            }
            18 => {
                let (value, default) = (self.expression(kind, depth), self.expression(kind, depth));
                let tried = match self.choices.below(3) {
                    0 => value,
                    1 => "throw \"no\"".to_owned(),
                    _ => format!("assert {}; {value}", self.expression(&Bool, depth)),
                };
                format!("(let t = builtins.tryEval ({tried}); in if t.success then t.value else {default})")
            }
            19 => format!(
                "(builtins.head ({} ++ [ {} ]))",
                self.expression(&list(kind), depth),
                self.expression(kind, depth)
            ),
            20 => format!("({{ inherit ({{ a = {}; }}) a; }}.a)", self.expression(kind, depth)),
            21 => {
                let set = Set(Box::new(kind.clone()), Box::new(other));
                format!("({}).a", self.expression(&set, depth))
            }
            22 => {
                let compose = self.function(&other, kind, depth.saturating_sub(1));
                let value = self.function(kind, &other, depth.saturating_sub(1));
                let start = self.expression(kind, depth);
                format!("((f: g: x: f (g x)) {compose} {value} {start})")
            }
            23 => format!("(builtins.getAttr \"a\" {{ a = {}; }})", self.expression(kind, depth)),
            24 => format!("(let f = a: b: a; in f {} {})", self.expression(kind, depth), self.failure()),
            // Those that may fail.
            25 => format!("(builtins.head {})", self.expression(&list(kind), depth)),
            _ => self.own(kind, depth),
        }
    }

    /// What fails once it is evaluated, and has any type.
    pub(super) fn failure(&mut self) -> &'static str {
        self.choices.pick(&[
            "(throw \"x\")",
            "(builtins.head [ ])",
            "(let x = x; in x)",
            "(assert false; throw \"y\")",
        ])
    }

    /// What is true.
    fn truth(&mut self, depth: usize) -> String {
        let kind = self.kind(1);
        let value = self.expression(&kind, depth.saturating_sub(1));
        let name = self.name();
        format!("(let {name} = {value}; in {name} == {name})")
    }
}
