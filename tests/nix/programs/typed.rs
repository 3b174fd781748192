//! The expressions of each type: its operators, and the functions that Nix has too.

use super::builder::{Builder, Kind, list};

use Kind::{Bool, Float, Int, List, Set, Text};

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

impl Builder<'_, '_> {
    /// An expression by what this type has.
    pub(super) fn own(&mut self, kind: &Kind, depth: usize) -> String {
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
            9 => {
                format!("(builtins.match \"{}\" {} != null)", self.choices.pick(&PATTERNS), self.ascii(depth))
            }
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
