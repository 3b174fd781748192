//! Well-typed expressions do not fail for their types, have the values that their types promise, and
//! keep them when they are printed and read again.

use invq::diagnostic::Code;
use invq::syntax::{format, parse};
use invq::text::Source;
use invq::{Engine, Inventory};
use proptest::prelude::*;
use serde_json::Value;

use super::Choices;

/// The types of the expressions that are tried.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Int,
    Bool,
    String,
    List(Box<Kind>),
    /// With the attributes `a` and `b`.
    Set(Box<Kind>, Box<Kind>),
}

/// Builds an expression; the names in scope have the types beside them.
struct Builder<'c, 'b> {
    choices: &'c mut Choices<'b>,
    scope: Vec<(String, Kind)>,
    next: usize,
}

impl Builder<'_, '_> {
    fn kind(&mut self, depth: usize) -> Kind {
        match self.choices.below(if depth == 0 { 3 } else { 5 }) {
            0 => Kind::Int,
            1 => Kind::Bool,
            2 => Kind::String,
            3 => Kind::List(Box::new(self.kind(depth - 1))),
            _ => Kind::Set(Box::new(self.kind(depth - 1)), Box::new(self.kind(depth - 1))),
        }
    }

    /// Something with a new name in scope.
    fn binding<T>(&mut self, kind: Kind, build: impl FnOnce(&mut Self, &str) -> T) -> T {
        self.next += 1;
        let name = format!("v{}", self.next);
        self.scope.push((name.clone(), kind));
        let built = build(self, &name);
        self.scope.pop();
        built
    }

    fn expression(&mut self, kind: &Kind, depth: usize) -> String {
        let known: Vec<String> =
            self.scope.iter().filter(|(_, known)| known == kind).map(|(name, _)| name.clone()).collect();
        if depth == 0 || self.choices.below(6) == 0 {
            return match known.as_slice() {
                [] => self.literal(kind, depth),
                known => known[self.choices.below(known.len())].clone(),
            };
        }
        let depth = depth - 1;
        match self.choices.below(18) {
            0 => {
                let condition = self.expression(&Kind::Bool, depth);
                let (then, otherwise) = (self.expression(kind, depth), self.expression(kind, depth));
                format!("(if {condition} then {then} else {otherwise})")
            }
            1 => {
                let other = self.kind(1);
                let value = self.expression(&other, depth);
                self.binding(other, |builder, name| {
                    format!("(let {name} = {value}; in {})", builder.expression(kind, depth))
                })
            }
            2 => {
                let other = self.kind(1);
                let value = self.expression(&other, depth);
                self.binding(other, |builder, name| {
                    format!("(({name}: {}) {value})", builder.expression(kind, depth))
                })
            }
            3 => {
                let other = self.kind(1);
                let value = self.expression(&other, depth);
                self.binding(other, |builder, name| {
                    format!("({value} |> ({name}: {}))", builder.expression(kind, depth))
                })
            }
            4 => {
                let other = self.kind(0);
                let (value, extra) = (self.expression(kind, depth), self.expression(&other, depth));
                format!("({{ a = {extra}; b = {value}; }}).b")
            }
            5 => {
                let (value, default) = (self.expression(kind, depth), self.expression(kind, depth));
                let name = self.choices.pick(&["a", "b"]);
                format!("({{ a = {value}; }}.{name} or {default})")
            }
            6 => format!("(head [ {} ])", self.expression(kind, depth)),
            7 => {
                let value = self.expression(kind, depth);
                let default = self.expression(kind, depth);
                self.binding(kind.clone(), |builder, name| {
                    let body = builder.expression(kind, depth);
                    let argument = builder.choices.pick(&["a", "b"]);
                    format!("(({{ {name} ? {default}, ... }}: {body}) {{ {argument} = {value}; }})")
                })
            }
            8 => {
                let value = self.expression(kind, depth);
                self.binding(kind.clone(), |builder, name| {
                    format!("(with {{ {name} = {value}; }}; {})", builder.expression(kind, depth))
                })
            }
            9 => {
                let value = self.expression(kind, depth);
                self.binding(kind.clone(), |_, name| format!("(rec {{ a = {name}; {name} = {value}; }}).a"))
            }
            10 => {
                let (zero, value) = (self.expression(kind, depth), self.expression(kind, depth));
                let times = self.choices.below(5);
                format!(
                    "(let f = n: if n == 0 then {zero} else if n == 1 then {value} else f (n - 1); in f {times})"
                )
            }
            11 => {
                let (value, other) = (self.expression(kind, depth), self.expression(&Kind::Int, depth));
                format!(
                    "(let twin = x: {{ inherit x; y = x; }}; in if (twin {other}).y == 0 then (twin {value}).x else (twin {value}).y)"
                )
            }
            12 => format!("(seq {} {})", self.expression(&Kind::Int, depth), self.expression(kind, depth)),
            _ => self.literal(kind, depth),
        }
    }

    /// An expression that only values of this type have.
    fn literal(&mut self, kind: &Kind, depth: usize) -> String {
        let depth = depth.saturating_sub(1);
        let leaf = depth == 0;
        match kind {
            Kind::Int => match self.choices.below(if leaf { 2 } else { 7 }) {
                0 | 1 => self.choices.below(10).to_string(),
                2 => {
                    let operator = self.choices.pick(&["+", "-", "*"]);
                    let (left, right) = (self.expression(kind, depth), self.expression(kind, depth));
                    format!("({left} {operator} {right})")
                }
                3 => format!("(-{})", self.expression(kind, depth)),
                4 => {
                    let element = self.kind(1);
                    format!("(length {})", self.expression(&Kind::List(Box::new(element)), depth))
                }
                5 => {
                    let list = self.expression(&Kind::List(Box::new(Kind::Int)), depth);
                    format!("(foldl' (x: y: x + y) 0 {list})")
                }
                _ => format!("(stringLength {})", self.expression(&Kind::String, depth)),
            },
            Kind::Bool => match self.choices.below(if leaf { 2 } else { 7 }) {
                0 => "true".to_owned(),
                1 => "false".to_owned(),
                2 => {
                    let operator = self.choices.pick(&["<", "<=", ">", ">=", "=="]);
                    let (left, right) =
                        (self.expression(&Kind::Int, depth), self.expression(&Kind::Int, depth));
                    format!("({left} {operator} {right})")
                }
                3 => {
                    let operator = self.choices.pick(&["&&", "||", "->"]);
                    let (left, right) = (self.expression(kind, depth), self.expression(kind, depth));
                    format!("({left} {operator} {right})")
                }
                4 => format!("(!{})", self.expression(kind, depth)),
                5 => {
                    let other = self.kind(1);
                    let (left, right) = (self.expression(&other, depth), self.expression(&other, depth));
                    format!("({left} != {right})")
                }
                _ => {
                    let set = Kind::Set(Box::new(self.kind(0)), Box::new(self.kind(0)));
                    let name = self.choices.pick(&["a", "b", "c"]);
                    format!("({} ? {name})", self.expression(&set, depth))
                }
            },
            Kind::String => match self.choices.below(if leaf { 2 } else { 5 }) {
                0 => "\"x\"".to_owned(),
                1 => "\"\"".to_owned(),
                2 => format!("\"<${{{}}}>\"", self.expression(kind, depth)),
                3 => format!("({} + {})", self.expression(kind, depth), self.expression(kind, depth)),
                _ => format!("(toString {})", self.expression(&Kind::Int, depth)),
            },
            Kind::List(element) => match self.choices.below(if leaf { 2 } else { 6 }) {
                0 => "[ ]".to_owned(),
                1 => format!("[ {} {} ]", self.expression(element, depth), self.expression(element, depth)),
                2 => format!("({} ++ {})", self.expression(kind, depth), self.expression(kind, depth)),
                3 => {
                    let other = self.kind(1);
                    let list = self.expression(&Kind::List(Box::new(other.clone())), depth);
                    self.binding(other, |builder, name| {
                        format!("(map ({name}: {}) {list})", builder.expression(element, depth))
                    })
                }
                4 => {
                    let list = self.expression(kind, depth);
                    self.binding(Kind::clone(element), |builder, name| {
                        format!("(filter ({name}: {}) {list})", builder.expression(&Kind::Bool, depth))
                    })
                }
                _ => {
                    let count = self.choices.below(4);
                    self.binding(Kind::Int, |builder, name| {
                        format!("(genList ({name}: {}) {count})", builder.expression(element, depth))
                    })
                }
            },
            Kind::Set(a, b) => {
                let (left, right) = (self.expression(a, depth), self.expression(b, depth));
                match self.choices.below(4) {
                    0 | 1 => format!("{{ a = {left}; b = {right}; }}"),
                    2 => format!("({{ a = {left}; }} // {{ b = {right}; }})"),
                    _ => format!("({} // {{ b = {right}; }})", self.expression(kind, depth)),
                }
            }
        }
    }
}

fn is_of(value: &Value, kind: &Kind) -> bool {
    match (kind, value) {
        (Kind::Int, Value::Number(number)) => number.is_i64(),
        (Kind::Bool, Value::Bool(_)) | (Kind::String, Value::String(_)) => true,
        (Kind::List(element), Value::Array(items)) => items.iter().all(|item| is_of(item, element)),
        (Kind::Set(a, b), Value::Object(members)) => {
            members.len() == 2
                && members.get("a").is_some_and(|value| is_of(value, a))
                && members.get("b").is_some_and(|value| is_of(value, b))
        }
        _ => false,
    }
}

fn value(engine: &Engine, inventory: &Inventory, text: &str) -> Result<Value, Code> {
    let query = engine.compile(text, inventory).map_err(|mistakes| mistakes[0].code)?;
    let answer = query.run(inventory).map_err(|mistake| mistake.code)?;
    answer.into_data(inventory).map_err(|mistake| mistake.code)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn types_keep_their_promises(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut choices = Choices::new(&bytes);
        let mut builder = Builder { choices: &mut choices, scope: Vec::new(), next: 0 };
        let kind = builder.kind(2);
        let text = builder.expression(&kind, 5);
        let engine = Engine::default();
        let inventory = engine.empty();
        let found = value(&engine, &inventory, &text);
        match &found {
            Ok(data) => prop_assert!(is_of(data, &kind), "{text}\n{data} is no {kind:?}"),
            Err(code) => prop_assert!(matches!(code, Code::Arithmetic), "{text}\n{code:?}"),
        }
        let source = Source::new("<query>", text.as_str());
        let tree = parse::expression(&source).map_err(|mistake| TestCaseError::fail(mistake.message))?;
        let printed = format::expression(&tree);
        prop_assert_eq!(found, value(&engine, &inventory, &printed), "{}\n{}", text, printed);
    }
}
