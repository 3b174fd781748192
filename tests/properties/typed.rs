//! Programs made from types: every construct of the language and every builtin of the table, chosen
//! by what is needed. They are accepted, keep what their types promise, and with one part of another
//! type put in they are refused or still keep it.

use std::sync::LazyLock;

use invq::types::{Constraint, Field, Named, Printer, Record, Rest, Type};
use invq::{Engine, Inventory, Query};
use proptest::prelude::*;

use super::Choices;
use super::callable::{CALLABLE, is_of, matches, satisfies, substituted};
use super::outcome::{bounded, failure_of_types};

/// Builds an expression; the names in scope have the types beside them.
struct Builder<'c, 'b> {
    choices: &'c mut Choices<'b>,
    scope: Vec<(String, Type)>,
    next: usize,
    /// After so many parts, one of another type is put in.
    until_mistake: Option<usize>,
}

impl Builder<'_, '_> {
    fn some_type(&mut self, depth: usize) -> Type {
        match self.choices.below(if depth == 0 { 5 } else { 12 }) {
            0 => Type::Int,
            1 => Type::String,
            2 => Type::Bool,
            3 => Type::Float,
            4 => Type::Named(Named::Machine),
            5 | 6 => Type::list(self.some_type(depth - 1)),
            7 => Type::dictionary(self.some_type(depth - 1)),
            8 => Type::optional(self.some_type(depth - 1)),
            9 => Type::function(self.some_type(depth - 1), self.some_type(depth - 1)),
            10 => Type::Filter,
            _ => {
                let fields = ["a", "b", "key"].into_iter().take(1 + self.choices.below(3));
                let fields: Vec<Field> = fields
                    .map(|name| Field { name: name.into(), ty: self.some_type(depth - 1), optional: false })
                    .collect();
                Type::record(fields, Rest::Closed)
            }
        }
    }

    /// A type for which a constraint holds.
    fn type_for(&mut self, constraint: Constraint) -> Type {
        let simple = |this: &mut Self| match this.choices.below(3) {
            0 => Type::Int,
            1 => Type::Float,
            _ => Type::String,
        };
        match constraint {
            Constraint::Number => [Type::Int, Type::Float][self.choices.below(2)].clone(),
            Constraint::Addable => simple(self),
            Constraint::Logical => [Type::Bool, Type::Filter][self.choices.below(2)].clone(),
            Constraint::Ordered | Constraint::Printable => {
                let ty = simple(self);
                if self.choices.below(3) == 0 { Type::list(ty) } else { ty }
            }
            Constraint::Keyed => {
                let key = Field { name: "key".into(), ty: simple(self), optional: false };
                Type::record(vec![key], Rest::Closed)
            }
            Constraint::Countable => Type::list(self.some_type(0)),
            Constraint::None | Constraint::Data => {
                let ty = self.some_type(2);
                if satisfies(constraint, &ty) { ty } else { Type::Int }
            }
        }
    }

    /// Something with a new name in scope.
    fn binding<T>(&mut self, ty: Type, build: impl FnOnce(&mut Self, &str) -> T) -> T {
        self.next += 1;
        let name = format!("v{}", self.next);
        self.scope.push((name.clone(), ty));
        let built = build(self, &name);
        self.scope.pop();
        built
    }

    fn expression(&mut self, ty: &Type, depth: usize) -> String {
        // What is computed from `{ }` may turn out to be a dictionary; written, it is a set without attributes.
        if matches!(ty, Type::Record(record) if record.fields.is_empty()) {
            return "{ }".to_owned();
        }
        let expression = self.expression_of(ty, depth);
        let ty = text_of(ty);
        // What has all its fields may stand where some may be missing, and then has to say so: nothing else
        // makes the two one type.
        if ty.contains("? :") { format!("({expression} :: {ty})") } else { expression }
    }

    fn expression_of(&mut self, ty: &Type, depth: usize) -> String {
        match self.until_mistake {
            Some(0) => {
                self.until_mistake = None;
                let other = self.some_type(1);
                return self.expression(&other, depth.min(1));
            }
            Some(left) => self.until_mistake = Some(left - 1),
            None => {}
        }
        let known: Vec<String> =
            self.scope.iter().filter(|(_, known)| known == ty).map(|(name, _)| name.clone()).collect();
        if !known.is_empty() && self.choices.below(3) == 0 {
            return known[self.choices.below(known.len())].clone();
        }
        if depth == 0 {
            return self.literal(ty, 0);
        }
        let depth = depth - 1;
        match self.choices.below(32) {
            0 => {
                let condition = self.expression(&Type::Bool, depth);
                format!(
                    "(if {condition} then {} else {})",
                    self.expression(ty, depth),
                    self.expression(ty, depth)
                )
            }
            1 => {
                let other = self.some_type(2);
                let value = self.expression(&other, depth);
                self.binding(other, |this, name| {
                    format!("(let {name} = {value}; in {})", this.expression(ty, depth))
                })
            }
            2 => {
                let other = self.some_type(1);
                let value = self.expression(&other, depth);
                self.binding(other, |this, name| {
                    format!("(({name}: {}) {value})", this.expression(ty, depth))
                })
            }
            3 => {
                let other = self.some_type(1);
                let value = self.expression(&other, depth);
                self.binding(other, |this, name| {
                    format!("({value} |> ({name}: {}))", this.expression(ty, depth))
                })
            }
            4 => {
                let value = self.expression(ty, depth);
                let other = self.some_type(1);
                let extra = self.expression(&other, depth);
                format!("(({{ a = {extra}; }} // {{ b = {value}; }}).b)")
            }
            5 => {
                let value = self.expression(ty, depth);
                let default = self.expression(ty, depth);
                format!("({{ a = {value}; }}.{} or {default})", self.choices.pick(&["a", "b"]))
            }
            6 => {
                // A function of all types, at two.
                let other = self.some_type(1);
                let (value, extra) = (self.expression(ty, depth), self.expression(&other, depth));
                format!(
                    "(let both = x: {{ inherit x; y = [ x ]; }}; in seq (both {extra}).x (head (both {value}).y))"
                )
            }
            7 => {
                let (value, default) = (self.expression(ty, depth), self.expression(ty, depth));
                self.binding(ty.clone(), |this, name| {
                    let body = this.expression(ty, depth);
                    let argument = if this.choices.below(2) == 0 { name } else { "other" };
                    format!("(({{ {name} ? {default}, ... }}: {body}) {{ {argument} = {value}; }})")
                })
            }
            8 => {
                let value = self.expression(ty, depth);
                self.binding(ty.clone(), |this, name| {
                    format!("(with {{ {name} = {value}; }}; {})", this.expression(ty, depth))
                })
            }
            9 => {
                let value = self.expression(ty, depth);
                // Names that no pattern binds: `rec` would catch those of the value.
                format!("(rec {{ inner = outer; outer = {value}; }}).inner")
            }
            10 => {
                let (zero, value) = (self.expression(ty, depth), self.expression(ty, depth));
                let times = self.choices.below(4);
                format!(
                    "(let f = n: if n == 0 then {zero} else if n == 1 then {value} else f (n - 1); in f {times})"
                )
            }
            11 => {
                // What may be null, narrowed.
                if matches!(ty, Type::Optional(_)) {
                    return self.literal(ty, depth);
                }
                let value = self.expression(&Type::optional(ty.clone()), depth);
                let otherwise = self.expression(ty, depth);
                self.binding(Type::Bool, |_, name| {
                    format!("(let {name} = {value}; in if {name} == null then {otherwise} else {name})")
                })
            }
            12 => {
                // An argument that may be null by default.
                let value = self.expression(ty, depth);
                let otherwise = self.expression(ty, depth);
                if matches!(ty, Type::Optional(_)) {
                    return otherwise;
                }
                format!("(({{ x ? null }}: if x != null then x else {otherwise}) {{ x = {value}; }})")
            }
            13 => {
                // Fields that are asked for.
                let (value, otherwise) = (self.expression(ty, depth), self.expression(ty, depth));
                let name = self.choices.pick(&["a", "b"]);
                format!("((x: if x ? {name} then x.{name} else {otherwise}) {{ a = {value}; }})")
            }
            14 => {
                let value = self.expression(ty, depth);
                format!("(removeAttrs {{ a = {value}; b = 1; }} [ \"b\" ]).a")
            }
            15 => format!("(assert {}; {})", self.truth(), self.expression(ty, depth)),
            16 => {
                let value = self.expression(ty, depth);
                format!("(let x.a.b = {value}; in x.a.b)")
            }
            17 => {
                // What a value is asked to be, where its type is known.
                let (value, otherwise) = (self.expression(ty, depth), self.expression(ty, depth));
                let asked =
                    self.choices.pick(&["String", "Int", "Float", "Bool", "List", "Attrs", "Function"]);
                let not = self.choices.pick(&["", "!"]);
                let asked = format!("{not}builtins.is{asked} x");
                let [then, otherwise] = if not.is_empty() { ["x", &otherwise] } else { [&*otherwise, "x"] };
                format!("(head (map (x: if {asked} then {then} else {otherwise}) [ {value} ]))")
            }
            18 => {
                // A parameter that goes on to where null is taken, too.
                let (value, otherwise) = (self.expression(ty, depth), self.expression(ty, depth));
                let given = "given = { x ? null }: x == null";
                format!("((y: let {given}; in if given {{ x = y; }} then {otherwise} else y) {value})")
            }
            19..25 => self.call(ty, depth),
            25..30 => self.of_rows(ty, depth),
            _ => self.literal(ty, depth),
        }
    }

    /// What is needed, from sets of which not all is known where they are used.
    fn of_rows(&mut self, ty: &Type, depth: usize) -> String {
        let (value, other) = (self.expression(ty, depth), self.expression(ty, depth));
        match self.choices.below(8) {
            0 => {
                let name = self.choices.pick(&["a", "b"]);
                format!("(head (tail ((x: k: [ x.a x.${{k}} ]) {{ a = {value}; b = {other}; }} \"{name}\")))")
            }
            1 => {
                let name = self.choices.pick(&["a", "b"]);
                format!(
                    "((foldl' (sofar: k: sofar // {{ ${{k}} = {value}; }}) {{ }} [ \"a\" \"b\" ]).{name} or {other})"
                )
            }
            2 => format!(
                "(let x = {{ a = {value}; b = {other}; }}; in {{ inherit (x) a; }} // {{ c = 1; }}).a"
            ),
            3 => format!("(head (map (r: r.a or {other}) [ {{ a = {value}; }} {{ }} {{ b = 1; }} ]))"),
            4 => format!("((r: (r // {{ a = {value}; }}).a) {{ a = 1; c = 2; }})"),
            5 => format!("((r: (r.o or {{ }}).a or {other}) {{ o = {{ a = {value}; }}; }})"),
            6 => format!("(((c: s: if c then s else {{ }}) true {{ a = {value}; }}).a or {other})"),
            _ => format!("(head (map (n: {{ a = {value}; b = {other}; }}.${{n}}) (attrNames {{ a = 1; }})))"),
        }
    }

    fn truth(&mut self) -> &'static str {
        self.choices.pick(&["true", "1 == 1", "[ ] != [ 1 ]", "\"a\" < \"b\"", "(false -> true)"])
    }

    /// A call of a builtin that gives what is needed.
    fn call(&mut self, ty: &Type, depth: usize) -> String {
        let start = self.choices.below(256);
        let count = CALLABLE.len();
        let start = start * count / 256 + self.choices.below(8);
        for index in 0..count {
            let callable = &CALLABLE[(start + index) % count];
            // What is called with fewer arguments is a function.
            let mut chosen = vec![None; callable.constraints.len()];
            if callable.parameters.is_empty()
                || !matches(&callable.result, ty, &mut chosen, &callable.constraints)
            {
                continue;
            }
            for (index, constraint) in callable.constraints.iter().enumerate() {
                if chosen[index].is_none() {
                    chosen[index] = Some(self.type_for(*constraint));
                }
            }
            let arguments: Vec<String> = callable
                .parameters
                .iter()
                .map(|parameter| self.expression(&substituted(parameter, &chosen), depth))
                .collect();
            return format!("({} {})", callable.name, arguments.join(" "));
        }
        self.literal(ty, depth)
    }

    /// An expression that only values of this type have.
    fn literal(&mut self, ty: &Type, depth: usize) -> String {
        let leaf = depth == 0;
        let depth = depth.saturating_sub(1);
        let variant = if leaf { 0 } else { self.choices.below(6) };
        match ty {
            Type::Int => match variant {
                0 => self.choices.below(10).to_string(),
                1 => format!("(-{})", self.expression(ty, depth)),
                2 => format!("({}).source.line", self.expression(&Type::Named(Named::Machine), depth)),
                _ => {
                    let operator = self.choices.pick(&["+", "-", "*"]);
                    format!("({} {operator} {})", self.expression(ty, depth), self.expression(ty, depth))
                }
            },
            Type::Float => match variant {
                0 | 1 => "2.5".to_owned(),
                _ => {
                    let operator = self.choices.pick(&["+", "-", "*"]);
                    format!(
                        "({} {operator} {})",
                        self.expression(ty, depth),
                        self.expression(&Type::Int, depth)
                    )
                }
            },
            Type::Bool => match variant {
                0 => self.choices.pick(&["true", "false"]).to_owned(),
                1 => {
                    let of = self.type_for(Constraint::Ordered);
                    let operator = self.choices.pick(&["<", "<=", ">", ">="]);
                    format!("({} {operator} {})", self.expression(&of, depth), self.expression(&of, depth))
                }
                2 => {
                    let of = self.some_type(2);
                    format!("({} == {})", self.expression(&of, depth), self.expression(&of, depth))
                }
                3 => format!("(!{})", self.expression(ty, depth)),
                4 => {
                    let machine = self.expression(&Type::Named(Named::Machine), depth);
                    format!("({machine} ? cloud)")
                }
                _ => {
                    let operator = self.choices.pick(&["&&", "||", "->"]);
                    format!("({} {operator} {})", self.expression(ty, depth), self.expression(ty, depth))
                }
            },
            Type::String => match variant {
                0 => self.choices.pick(&["\"a\"", "\"\"", "\"web1\"", "\"10.0.0.1\"", "''b''"]).to_owned(),
                1 => format!("\"<${{{}}}>\"", self.expression(ty, depth)),
                2 => format!("({} + {})", self.expression(ty, depth), self.expression(ty, depth)),
                3 => {
                    let machine = self.expression(&Type::Named(Named::Machine), depth);
                    format!("({machine}).{}", self.choices.pick(&["name", "cluster", "fqdn", "path"]))
                }
                4 => {
                    format!("(({}).cloud or \"none\")", self.expression(&Type::Named(Named::Machine), depth))
                }
                _ => format!("(toString {})", self.expression(&Type::Int, depth)),
            },
            Type::Null => "null".to_owned(),
            Type::Optional(inner) => match variant {
                0 | 1 => format!("(null :: {})", text_of(ty)),
                _ => format!("({} :: {})", self.expression(inner, depth), text_of(ty)),
            },
            Type::List(inner) => match variant {
                0 => format!("([ ] :: {})", text_of(ty)),
                1 | 2 => format!("[ {} {} ]", self.argument(inner, depth), self.argument(inner, depth)),
                3 => format!("({} ++ {})", self.expression(ty, depth), self.expression(ty, depth)),
                _ => format!("[ {} ]", self.argument(inner, depth)),
            },
            Type::Dictionary(inner) => match variant {
                0 => format!("({{ }} :: {})", text_of(ty)),
                1 => format!(
                    "({{ ${{\"k\" + \"\"}} = {}; }} :: {})",
                    self.expression(inner, depth),
                    text_of(ty)
                ),
                2 => format!("({} // {})", self.expression(ty, depth), self.expression(ty, depth)),
                _ => format!("({{ x = {}; }} :: {})", self.expression(inner, depth), text_of(ty)),
            },
            Type::Record(record) => {
                let fields: Vec<String> = record
                    .fields
                    .iter()
                    .map(|field| format!("{} = {};", field.name, self.expression(&field.ty, depth)))
                    .collect();
                format!("{{ {} }}", fields.join(" "))
            }
            Type::Function(parameter, result) => {
                if let Type::Record(record) = &**parameter
                    && variant > 2
                {
                    return self.pattern(record, result, depth);
                }
                self.binding(Type::clone(parameter), |this, name| {
                    format!("({name}: {})", this.expression(result, depth))
                })
            }
            Type::Filter => match variant {
                0 => self.choices.pick(&["(tag \"backup\")", "(hostname \"jon\")", "all", "none"]).to_owned(),
                1 => format!("(!{})", self.expression(ty, depth)),
                2 => self.binding(Type::Named(Named::Machine), |this, name| {
                    format!("(where ({name}: {}))", this.expression(&Type::Bool, depth))
                }),
                3 => format!("(inCluster \"lab\" {})", self.expression(ty, depth)),
                _ => {
                    let operator = self.choices.pick(&["&&", "||"]);
                    format!("({} {operator} {})", self.expression(ty, depth), self.expression(ty, depth))
                }
            },
            Type::Named(Named::Machine) => {
                self.choices.pick(&["(head machines)", "(lib.last machines)"]).to_owned()
            }
            Type::Named(_) => format!("(head ([ ] :: [{}]))", text_of(ty)),
            Type::Path => "(head machines).path".to_owned(),
            Type::Any | Type::Never | Type::Variable(_) => "null".to_owned(),
        }
    }

    /// An element of a list.
    fn argument(&mut self, ty: &Type, depth: usize) -> String {
        format!("({})", self.expression(ty, depth))
    }

    /// A function of a set, by its attributes.
    fn pattern(&mut self, record: &Record, result: &Type, depth: usize) -> String {
        let mut parts: Vec<String> = Vec::new();
        let before = self.scope.len();
        for field in &record.fields {
            let has_default = self.choices.below(3) == 0 || field.optional;
            let default = match has_default {
                true => format!(" ? {}", self.expression(&field.ty, depth.min(1))),
                false => String::new(),
            };
            parts.push(format!("{}{default}", field.name));
        }
        for field in &record.fields {
            self.scope.push((field.name.to_string(), field.ty.clone()));
        }
        let body = self.expression(result, depth);
        self.scope.truncate(before);
        let whole = self.choices.pick(&["", "@whole"]);
        let function = format!("({{ {} }}{whole}: {body})", parts.join(", "));
        // One that gives defaults takes more sets than the type says.
        let ty = Type::function(Type::record(record.fields.clone(), record.rest.clone()), result.clone());
        format!("({function} :: {})", text_of(&ty))
    }
}

fn text_of(ty: &Type) -> String {
    Printer::default().print(ty)
}

/// Why a query that checks does not keep its promise.
fn broken_promise(query: &Query, inventory: &Inventory) -> Option<String> {
    if let Some(failure) = failure_of_types(query, inventory) {
        return Some(failure);
    }
    let data = query.run(inventory).ok()?.into_data(inventory).ok()?;
    (!is_of(&data, query.ty())).then(|| format!("{data} is no {}", query.type_text()))
}

static DEMO: LazyLock<(Engine, Inventory)> = LazyLock::new(|| {
    let engine = Engine::new(bounded());
    let inventory = engine.load_demo().expect("the demo inventory loads");
    (engine, inventory)
});

fn program(bytes: &[u8], mistake: bool) -> (Type, String) {
    let mut choices = Choices::new(bytes);
    let until_mistake = mistake.then(|| choices.below(40));
    let mut builder = Builder { choices: &mut choices, scope: Vec::new(), next: 0, until_mistake };
    let ty = builder.some_type(2);
    let text = builder.expression(&ty, 4);
    (ty, text)
}

/// Ways to use a value of a type that no value of it can be used in.
fn misuses(text: &str, ty: &Type) -> Vec<String> {
    let mut misuses = vec![
        format!("({text}) + (q: q)"),
        format!("-(q: {text})"),
        format!("\"${{[ ({text}) ]}}\""),
        format!("if [ ({text}) ] then 1 else 2"),
        format!("({{ a }}: a) {{ b = {text}; }}"),
        format!("({{ a = {text}; }}).b"),
        format!("toJSON [ (q: {text}) ]"),
        format!("(q: {text}) < (q: {text})"),
        format!("let f = x: x ++ [ ]; in f {{ a = {text}; }}"),
        format!("map {{ a = {text}; }} [ 1 ]"),
    ];
    if !matches!(ty, Type::Function(..) | Type::Filter) {
        misuses.push(format!("({text}) 1"));
    }
    if !matches!(ty, Type::List(_)) {
        misuses.push(format!("head ({text})"));
    }
    if !matches!(ty, Type::Bool) {
        misuses.push(format!("assert {text}; 1"));
    }
    if matches!(ty, Type::Optional(_)) {
        misuses.push(format!("({text}) + 1"));
    }
    if matches!(ty, Type::Record(_) | Type::Named(_)) {
        misuses.push(format!("({text}).nope"));
    }
    misuses
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, ..ProptestConfig::default() })]

    #[test]
    fn programs_of_all_builtins_keep_their_promises(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let (_, text) = program(&bytes, false);
        let (engine, inventory) = &*DEMO;
        let query = engine.compile(&text, inventory);
        let query = query.map_err(|mistakes| TestCaseError::fail(format!("{text}\n{}", mistakes[0].message)))?;
        let broken = broken_promise(&query, inventory);
        prop_assert!(broken.is_none(), "{}\n: {}\n{}", text, query.type_text(), broken.unwrap_or_default());
    }

    #[test]
    fn a_part_of_another_type_is_refused_or_fits(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let (_, text) = program(&bytes, true);
        let (engine, inventory) = &*DEMO;
        let Ok(query) = engine.compile(&text, inventory) else { return Ok(()) };
        if !query.mentions_any() {
            // A part may have become a dictionary, of whose keys nothing is known before.
            let broken = broken_promise(&query, inventory).filter(|told| !told.contains("has no attribute"));
            prop_assert!(broken.is_none(), "{}\n: {}\n{}", text, query.type_text(), broken.unwrap_or_default());
        }
    }

    #[test]
    fn what_is_used_against_its_type_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let (ty, text) = program(&bytes, false);
        let (engine, inventory) = &*DEMO;
        let misuses = misuses(&text, &ty);
        let misuse = &misuses[bytes.iter().map(|byte| usize::from(*byte)).sum::<usize>() % misuses.len()];
        prop_assert!(engine.compile(misuse, inventory).is_err(), "{}\n: {:?}", misuse, ty);
    }
}
