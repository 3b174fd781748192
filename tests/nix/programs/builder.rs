//! Builds programs that have a type, of every construct and of the functions that Nix has too.

use crate::properties::Choices;

/// The types of the expressions that are built.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
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

/// Patterns of regular expressions.
const PATTERNS: [&str; 8] = [
    "[a-z]+",
    "([a-z]*)[-.](.*)",
    "(a|ab)(c|bcd)?",
    "[0-9]+",
    "(x)?(.*)",
    "[[:alpha:]]*",
    "(.)",
    "([^.]*)\\\\.(.*)",
];

/// A program of a random type.
pub(super) fn program(choices: &mut Choices<'_>) -> String {
    let mut builder = Builder { choices, scope: Vec::new(), next: 0 };
    let kind = builder.kind(2);
    builder.expression(&kind, 6)
}

struct Builder<'c, 'b> {
    choices: &'c mut Choices<'b>,
    /// The names in scope, with their types.
    scope: Vec<(String, Kind)>,
    next: usize,
}

fn list(kind: &Kind) -> Kind {
    List(Box::new(kind.clone()))
}

impl Builder<'_, '_> {
    fn kind(&mut self, depth: usize) -> Kind {
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
    fn ordered(&mut self) -> Kind {
        match self.choices.below(4) {
            0 => Int,
            1 => Text,
            2 => Float,
            _ => list(&Int),
        }
    }

    fn name(&mut self) -> String {
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
    fn function(&mut self, from: &Kind, to: &Kind, depth: usize) -> String {
        let name = self.name();
        let body = self.within(&[(&name, from)], |builder| builder.expression(to, depth));
        format!("({name}: {body})")
    }

    fn expression(&mut self, kind: &Kind, depth: usize) -> String {
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

    fn leaf(&mut self, kind: &Kind) -> String {
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
    fn failure(&mut self) -> &'static str {
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

    /// An expression by what this type has.
    fn own(&mut self, kind: &Kind, depth: usize) -> String {
        match kind {
            Int => self.int(depth),
            Float => self.float(depth),
            Bool => self.bool(depth),
            Text => self.text(depth),
            List(element) => self.list(element, depth),
            Set(a, b) => self.set(a, b, depth),
        }
    }

    fn int(&mut self, depth: usize) -> String {
        match self.choices.below(13) {
            0 => self.leaf(&Int),
            1 | 2 => {
                let operator = self.choices.pick(&["+", "-", "*"]);
                format!("({} {operator} {})", self.expression(&Int, depth), self.expression(&Int, depth))
            }
            3 => format!(
                "({} / {})",
                self.expression(&Int, depth),
                self.choices.pick(&["2", "3", "(-2)", "7"])
            ),
            4 => format!("(-{})", self.expression(&Int, depth)),
            5 => {
                let element = self.kind(1);
                format!("(builtins.length {})", self.expression(&list(&element), depth))
            }
            6 => format!(
                "(builtins.foldl' (x: y: x - y) {} {})",
                self.expression(&Int, depth),
                self.expression(&list(&Int), depth)
            ),
            7 => format!("(builtins.stringLength {})", self.expression(&Text, depth)),
            8 => format!(
                "(builtins.compareVersions {} {})",
                self.expression(&Text, depth),
                self.expression(&Text, depth)
            ),
            9 => {
                let function = self.choices.pick(&["bitAnd", "bitOr", "bitXor", "add", "sub"]);
                format!(
                    "(builtins.{function} {} {})",
                    self.expression(&Int, depth),
                    self.expression(&Int, depth)
                )
            }
            10 => {
                let function = self.choices.pick(&["ceil", "floor"]);
                format!("(builtins.{function} {})", self.expression(&Float, depth))
            }
            11 => format!(
                "(let f = n: if n < 1 then 0 else n + f (n - 1); in f ({} / 3))",
                self.choices.below(60)
            ),
            _ => {
                let element = self.kind(0);
                format!(
                    "(builtins.length (builtins.attrNames (builtins.groupBy (x: builtins.toJSON x) {})))",
                    self.expression(&list(&element), depth)
                )
            }
        }
    }

    fn float(&mut self, depth: usize) -> String {
        let operator = self.choices.pick(&["+", "-", "*"]);
        match self.choices.below(5) {
            0 => self.leaf(&Float),
            1 => {
                format!("({} {operator} {})", self.expression(&Float, depth), self.expression(&Float, depth))
            }
            // Beside an integer a parameter would be taken for one too, so that both are written out.
            2 => format!("({} {operator} {})", self.leaf(&Int), self.leaf(&Float)),
            3 => format!(
                "({} / {})",
                self.expression(&Float, depth),
                self.choices.pick(&["2.0", "0.5", "(-4.0)"])
            ),
            _ => format!("(-{})", self.expression(&Float, depth)),
        }
    }

    fn bool(&mut self, depth: usize) -> String {
        match self.choices.below(14) {
            0 => self.leaf(&Bool),
            1 | 2 => {
                let kind = self.ordered();
                let operator = self.choices.pick(&["<", "<=", ">", ">=", "==", "!="]);
                format!("({} {operator} {})", self.expression(&kind, depth), self.expression(&kind, depth))
            }
            3 => {
                let operator = self.choices.pick(&["&&", "||", "->"]);
                format!("({} {operator} {})", self.expression(&Bool, depth), self.expression(&Bool, depth))
            }
            4 => format!("(!{})", self.expression(&Bool, depth)),
            5 => {
                let kind = self.kind(2);
                let operator = self.choices.pick(&["==", "!="]);
                format!("({} {operator} {})", self.expression(&kind, depth), self.expression(&kind, depth))
            }
            6 => {
                let set = Set(Box::new(self.kind(0)), Box::new(self.kind(0)));
                let path = self.choices.pick(&["a", "b", "c", "\"a\"", "${\"c\"}", "c.d"]);
                format!("({} ? {path})", self.expression(&set, depth))
            }
            7 => {
                let kind = self.kind(0);
                format!(
                    "(builtins.elem {} {})",
                    self.expression(&kind, depth),
                    self.expression(&list(&kind), depth)
                )
            }
            8 => {
                let kind = self.kind(0);
                let function = self.choices.pick(&["any", "all"]);
                format!(
                    "(builtins.{function} {} {})",
                    self.function(&kind, &Bool, depth),
                    self.expression(&list(&kind), depth)
                )
            }
            9 => format!(
                "(builtins.match \"{}\" {} != null)",
                self.choices.pick(&PATTERNS),
                self.expression(&Text, depth)
            ),
            10 => {
                let operator = self.choices.pick(&["&&", "||", "->"]);
                let left = if operator == "||" { "true" } else { "false" };
                let last = self.failure();
                format!("({left} {operator} {last})")
            }
            11 => {
                let kind = self.kind(1);
                let function = self.choices.pick(&[
                    "isInt",
                    "isString",
                    "isList",
                    "isAttrs",
                    "isFloat",
                    "isBool",
                    "isFunction",
                ]);
                format!("(builtins.{function} {})", self.expression(&kind, depth))
            }
            12 => {
                let kind = self.kind(1);
                let name = self.name();
                format!("(let {name} = [ {} ]; in {name} == {name})", self.expression(&kind, depth))
            }
            _ => format!(
                "(builtins.lessThan {} {})",
                self.expression(&Int, depth),
                self.expression(&Int, depth)
            ),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        match self.choices.below(15) {
            0 => self.leaf(&Text),
            1 => format!("\"<${{{}}}>\"", self.expression(&Text, depth)),
            2 => format!("({} + {})", self.expression(&Text, depth), self.expression(&Text, depth)),
            3 => {
                let kind = [Int, Float, Bool, Text, list(&Int), list(&Text), list(&list(&Bool))]
                    [self.choices.below(7)]
                .clone();
                format!("(toString {})", self.expression(&kind, depth))
            }
            4 => format!(
                "(builtins.substring {} {} {})",
                self.choices.below(5),
                self.choices.pick(&["1", "2", "(-1)", "100"]),
                self.ascii(depth)
            ),
            5 => {
                let (from, to) = (
                    self.choices.pick(&["a", "b", "", "$", "we"]),
                    self.choices.pick(&["b", "", "aa", "<>"]),
                );
                format!(
                    "(builtins.replaceStrings [ \"{from}\" \"x\" ] [ \"{to}\" \"y\" ] {})",
                    self.ascii(depth)
                )
            }
            6 => format!(
                "(builtins.concatStringsSep {} {})",
                self.expression(&Text, depth),
                self.expression(&list(&Text), depth)
            ),
            7 => {
                // Floats in JSON have other digits in older versions of Nix.
                let kind =
                    [Int, Bool, Text, list(&Int), list(&Text), Set(Box::new(Bool), Box::new(list(&Int)))]
                        [self.choices.below(6)]
                    .clone();
                format!("(builtins.toJSON {})", self.expression(&kind, depth))
            }
            8 => {
                let kind = self.kind(1);
                format!("(builtins.typeOf {})", self.expression(&kind, depth))
            }
            9 => format!("''a ${{{}}}\n    b''", self.expression(&Text, depth)),
            10 => format!(
                "''\n    ${{{}}} ''${{x}}\n      $$${{{}}}\n  ''",
                self.expression(&Text, depth),
                self.expression(&Text, depth)
            ),
            11 => format!("(builtins.hashString \"md5\" {})", self.expression(&Text, depth)),
            12 => {
                let kind = self.kind(1);
                format!(
                    "(builtins.concatStringsSep \",\" (builtins.attrNames {{ z = 1; a-b = {}; B = 2; }}))",
                    self.leaf(&kind)
                )
            }
            13 => format!(
                "(builtins.toJSON (builtins.match \"{}\" {}))",
                self.choices.pick(&PATTERNS),
                self.ascii(depth)
            ),
            _ => format!(
                "(builtins.toJSON (builtins.split \"{}\" {}))",
                self.choices.pick(&PATTERNS),
                self.ascii(depth)
            ),
        }
    }

    /// A text without letters that take several bytes, where Nix would cut or match those.
    fn ascii(&mut self, depth: usize) -> String {
        match self.choices.below(3) {
            0 => format!("(toString {})", self.expression(&Int, depth)),
            1 => "\"web-12.example\"".to_owned(),
            _ => "\"abcd ab x\"".to_owned(),
        }
    }

    fn list(&mut self, element: &Kind, depth: usize) -> String {
        let own = list(element);
        match self.choices.below(15) {
            0 => self.leaf(&own),
            1 => format!("[ {} {} ]", self.expression(element, depth), self.expression(element, depth)),
            2 => format!("({} ++ {})", self.expression(&own, depth), self.expression(&own, depth)),
            3 | 4 => {
                let other = self.kind(1);
                format!(
                    "(map {} {})",
                    self.function(&other, element, depth),
                    self.expression(&list(&other), depth)
                )
            }
            5 => format!(
                "(builtins.filter {} {})",
                self.function(element, &Bool, depth),
                self.expression(&own, depth)
            ),
            6 => format!(
                "(builtins.genList {} {})",
                self.function(&Int, element, depth),
                self.choices.below(4)
            ),
            7 => format!(
                "(builtins.concatMap {} {})",
                self.function(element, &own, depth),
                self.expression(&own, depth)
            ),
            8 => format!(
                "(builtins.concatLists [ {} {} ])",
                self.expression(&own, depth),
                self.expression(&own, depth)
            ),
            9 => {
                let side = self.choices.pick(&["right", "wrong"]);
                format!(
                    "(builtins.partition {} {}).{side}",
                    self.function(element, &Bool, depth),
                    self.expression(&own, depth)
                )
            }
            10 => format!(
                "(builtins.attrValues {{ z = {}; a = {}; }})",
                self.expression(element, depth),
                self.expression(element, depth)
            ),
            11 => format!(
                "(builtins.catAttrs \"a\" [ {{ a = {}; }} {{ a = {}; }} ])",
                self.expression(element, depth),
                self.expression(element, depth)
            ),
            12 => {
                // Equal keys keep their order.
                let key = self.function(element, &Int, depth);
                let order = self.choices.pick(&["<", ">"]);
                format!(
                    "(let k = {key}; in builtins.sort (a: b: k a {order} k b) {})",
                    self.expression(&own, depth)
                )
            }
            13 => match element {
                Text => match self.choices.below(3) {
                    0 => format!("(builtins.splitVersion {})", self.expression(&Text, depth)),
                    1 => format!(
                        "(builtins.attrNames {{ b = 1; ${{{}}} = 2; }})",
                        self.choices.pick(&["\"a\"", "\"c\"", "\"\""])
                    ),
                    _ => format!("(builtins.sort builtins.lessThan {})", self.expression(&own, depth)),
                },
                Int => format!(
                    "(map (x: x.key) (builtins.genericClosure {{ startSet = map (key: {{ inherit key; }}) {}; operator = x: if x.key > 3 then [ {{ key = x.key / 2; }} ] else [ ]; }}))",
                    self.expression(&own, depth)
                ),
                _ => self.leaf(&own),
            },
            _ => format!(
                "(builtins.tail ([ {} ] ++ {}))",
                self.expression(element, depth),
                self.expression(&own, depth)
            ),
        }
    }

    fn set(&mut self, a: &Kind, b: &Kind, depth: usize) -> String {
        let own = Set(Box::new(a.clone()), Box::new(b.clone()));
        let (left, right) = (self.expression(a, depth), self.expression(b, depth));
        match self.choices.below(9) {
            0 | 1 => format!("{{ b = {right}; a = {left}; }}"),
            2 => format!("({{ a = {left}; }} // {{ b = {right}; }})"),
            // A parameter on the left would be taken for a set without `b`.
            3 => format!("({} // {{ b = {right}; }})", self.leaf(&own)),
            // Its fields are known where the types of all others are.
            4 => {
                let (a, b) = (self.leaf(a), self.leaf(b));
                format!("(builtins.removeAttrs {{ a = {a}; b = {b}; c = 1; }} [ \"c\" \"d\" ])")
            }
            5 => {
                let name = self.name();
                format!("(rec {{ a = {left}; b = let {name} = {right}; in {name}; }})")
            }
            6 => format!("(let a = {left}; in {{ inherit a; inherit ({{ b = {right}; }}) b; }})"),
            7 => format!("{{ \"a\" = {left}; \"b\" = {right}; }}"),
            _ => format!("(({{ a, b }}@all: all) {{ a = {left}; b = {right}; }})"),
        }
    }
}
