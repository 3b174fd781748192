//! Expressions that nobody made well-typed: what the checker lets through, and has no part of type
//! `Any`, does not fail for its types.

use invq::Engine;
use proptest::prelude::*;

use super::Choices;
use super::outcome::{bounded, failure_of_types};

/// Builds an expression of no type in particular, in which names mostly mean something.
struct Builder<'c, 'b> {
    choices: &'c mut Choices<'b>,
    scope: Vec<String>,
}

/// Builtins that are applied to one, two or three arguments.
const ONE: [&str; 22] = [
    "head",
    "tail",
    "length",
    "attrNames",
    "attrValues",
    "toString",
    "toJSON",
    "isNull",
    "listToAttrs",
    "concatLists",
    "sum",
    "lib.last",
    "lib.optionals true",
    "removeAttrs",
    "lib.flip removeAttrs [ \"a\" ]",
    "lib.singleton",
    "lib.reverseList",
    "lib.attrsToList",
    "lib.concatStrings",
    "lib.zipAttrs",
    "builtins.toXML",
    "not",
];
const TWO: [&str; 20] = [
    "map",
    "filter",
    "mapAttrs",
    "sort",
    "elem",
    "lib.concatMap",
    "all",
    "lib.any",
    "elemAt",
    "seq",
    "catAttrs",
    "lib.filterAttrs",
    "lib.mapAttrsToList",
    "lib.genAttrs",
    "lib.optional",
    "lib.defaultTo",
    "lib.recursiveUpdate",
    "groupBy",
    "lib.zipAttrsWith",
    "lib.mapNullable",
];
const THREE: [&str; 6] =
    ["foldl'", "lib.foldr", "lib.findFirst", "lib.zipListsWith", "lib.attrByPath", "lib.foldlAttrs"];

/// What makes dictionaries, of which nobody knows before which keys they have.
const DICTIONARIES: [&str; 8] = [
    "listToAttrs",
    "zipAttrs",
    "groupBy",
    "genAttrs",
    "filterAttrs",
    "recursiveUpdate",
    "removeAttrs",
    "{ ${",
];

impl Builder<'_, '_> {
    fn name(&mut self) -> String {
        match self.scope.len() {
            0 => "null".to_owned(),
            count => self.scope[self.choices.below(count)].clone(),
        }
    }

    fn with_name<T>(&mut self, build: impl FnOnce(&mut Self, &str) -> T) -> T {
        let name = format!("v{}", self.scope.len());
        self.scope.push(name.clone());
        let built = build(self, &name);
        self.scope.pop();
        built
    }

    fn field(&mut self) -> &'static str {
        self.choices.pick(&["a", "b", "key", "name", "value"])
    }

    fn leaf(&mut self) -> String {
        match self.choices.below(10) {
            0 => "1".to_owned(),
            1 => "\"a\"".to_owned(),
            2 => "null".to_owned(),
            3 => self.choices.pick(&["true", "[ ]", "{ }", "1.5"]).to_owned(),
            4 => "tag \"backup\"".to_owned(),
            _ => self.name(),
        }
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return format!("({})", self.leaf());
        }
        let depth = depth - 1;
        let text = match self.choices.below(30) {
            0 | 1 => self.leaf(),
            2 => self.with_name(|this, name| format!("{name}: {}", this.expression(depth))),
            3 => {
                let field = self.field();
                self.scope.push(field.to_owned());
                let default = match self.choices.below(3) {
                    0 => format!(" ? {}", self.expression(depth.min(1))),
                    1 => " ? null".to_owned(),
                    _ => String::new(),
                };
                let body = self.expression(depth);
                self.scope.pop();
                format!("{{ {field}{default}, ... }}: {body}")
            }
            4 | 5 => {
                let value = self.expression(depth);
                self.with_name(|this, name| format!("let {name} = {value}; in {}", this.expression(depth)))
            }
            6 => self.with_name(|this, name| {
                format!("let {name} = {}; in {}", this.expression(depth), this.expression(depth))
            }),
            7 | 8 => {
                let (function, argument) = (self.expression(depth), self.expression(depth));
                format!("{function} {argument}")
            }
            9 => {
                let value = self.expression(depth);
                self.with_name(|this, name| format!("({name}: {}) {value}", this.expression(depth)))
            }
            10 => format!("{{ {} = {}; }}", self.field(), self.expression(depth)),
            11 => {
                let (a, b) = (self.expression(depth), self.expression(depth));
                format!("{{ a = {a}; b = {b}; }}")
            }
            12 => format!("{}.{}", self.expression(depth), self.field()),
            13 => format!("{}.{} or {}", self.expression(depth), self.field(), self.expression(depth)),
            14 => {
                let (name, field) = (self.name(), self.field());
                let other = self.expression(depth);
                format!("if {name} ? {field} then {name}.{field} else {other}")
            }
            15 => {
                let name = self.name();
                let (then, otherwise) = (self.expression(depth), self.expression(depth));
                format!("if {name} == null then {then} else {otherwise}")
            }
            16 => {
                let (a, b) = (self.expression(depth), self.expression(depth));
                format!("if true then {a} else {b}")
            }
            17 | 18 => format!("{} // {}", self.expression(depth), self.expression(depth)),
            19 => {
                let operator = self.choices.pick(&["+", "-", "<", "==", "++", "&&", "||", "!="]);
                format!("{} {operator} {}", self.expression(depth), self.expression(depth))
            }
            20 => format!("[ {} {} ]", self.expression(depth), self.expression(depth)),
            21 => format!("[ {} ]", self.expression(depth)),
            22 => format!("\"${{{}}}\"", self.expression(depth)),
            23 => format!("{{ ${{\"{}\"}} = {}; }}", self.field(), self.expression(depth)),
            24 => format!("removeAttrs {} [ \"{}\" ]", self.expression(depth), self.field()),
            25 => format!("with {}; {}", self.expression(depth), self.field()),
            26 => format!("{} {}", self.choices.pick(&ONE), self.expression(depth)),
            27 => {
                let builtin = self.choices.pick(&TWO);
                format!("{builtin} {} {}", self.expression(depth), self.expression(depth))
            }
            28 => {
                let builtin = self.choices.pick(&THREE);
                let (a, b) = (self.expression(depth), self.expression(depth));
                format!("{builtin} {a} {b} {}", self.expression(depth))
            }
            _ => {
                let (value, body) = (self.expression(depth), self.expression(depth));
                format!("rec {{ a = {value}; b = {body}; }}")
            }
        };
        format!("({text})")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn what_checks_without_any_does_not_fail_for_types(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut choices = Choices::new(&bytes);
        let text = Builder { choices: &mut choices, scope: Vec::new() }.expression(5);
        let engine = Engine::new(bounded());
        let inventory = engine.empty();
        let Ok(query) = engine.compile(&text, &inventory) else { return Ok(()) };
        if !query.mentions_any() {
            let failure = failure_of_types(&query, &inventory);
            let is_key = |failure: &String| failure.contains("has no attribute");
            let may_miss_keys = DICTIONARIES.iter().any(|maker| text.contains(maker));
            let failure = failure.filter(|failure| !(may_miss_keys && is_key(failure)));
            prop_assert!(failure.is_none(), "{}\n: {}\n{}", text, query.type_text(), failure.unwrap_or_default());
        }
    }
}
