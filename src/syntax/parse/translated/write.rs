//! From the tree to the text that invq has for it.

use crate::syntax::format::attr_name;
use crate::syntax::parse::habits::{COLLECTIONS, FILTERS};

use super::Tree;

/// Fields of machines that hold lists.
const LISTS: [&str; 4] = ["tags", "groups", "services", "addresses"];

/// How tightly a text holds together.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    /// A function or a choice.
    Open,
    /// Operators.
    Operator,
    Call,
    One,
}

struct Written {
    text: String,
    level: Level,
    /// Whether it stands for each element of a list.
    is_each: bool,
}

impl Written {
    fn new(text: String, level: Level) -> Written {
        Written { text, level, is_each: false }
    }

    fn one(self) -> String {
        if self.level < Level::One { format!("({})", self.text) } else { self.text }
    }
}

/// Writes trees.
#[derive(Default)]
pub(super) struct Writer {
    /// What jq's `.` stands for.
    current: Option<String>,
    /// Whether bare names are fields of it.
    is_bare: bool,
}

impl Writer {
    fn of(current: &str, is_bare: bool) -> Writer {
        Writer { current: Some(current.to_owned()), is_bare }
    }

    /// A whole text: a field by itself is read of all machines.
    pub(super) fn top(&self, tree: &Tree) -> Option<String> {
        self.whole(tree).map(|written| written.text)
    }

    fn whole(&self, tree: &Tree) -> Option<Written> {
        match tree {
            Tree::Field(base, name)
                if matches!(**base, Tree::Current) && !COLLECTIONS.contains(&name.as_str()) =>
            {
                Some(Written::new(format!("map (m: m.{name}) machines"), Level::Call))
            }
            Tree::Call(function, arguments) if matches!(&**function, Tree::Plain(name) if name == "select") => {
                match arguments.as_slice() {
                    [Tree::Binary(..) | Tree::Not(_)] => self.filtered("machines", arguments.first()?, false),
                    _ => self.write(tree),
                }
            }
            _ => self.write(tree),
        }
    }

    fn call(&self, function: &str, arguments: &[&Tree]) -> Option<Written> {
        let mut text = function.to_owned();
        for argument in arguments {
            text.push(' ');
            text.push_str(&self.write(argument)?.one());
        }
        Some(Written::new(text, Level::Call))
    }

    fn write(&self, tree: &Tree) -> Option<Written> {
        match tree {
            Tree::Plain(text) => {
                let is_name = text.starts_with(|first: char| first.is_ascii_alphabetic())
                    && !matches!(text.as_str(), "true" | "false" | "null");
                match &self.current {
                    Some(current) if self.is_bare && is_name => {
                        Some(Written::new(format!("{current}.{text}"), Level::One))
                    }
                    _ => Some(Written::new(text.clone(), Level::One)),
                }
            }
            Tree::Current => {
                Some(Written::new(self.current.clone().unwrap_or_else(|| "machines".to_owned()), Level::One))
            }
            Tree::Field(base, name) => self.field(base, name),
            Tree::Each(list) => Some(Written { is_each: true, ..self.write(list)? }),
            Tree::Where(list, condition) => self.filtered(&self.write(list)?.one(), condition, true),
            Tree::Index(base, index) => self.index(base, index),
            Tree::Call(function, arguments) => self.called(function, arguments),
            Tree::Apply(function, argument) => {
                let function = self.write(function)?;
                let argument = self.write(argument)?.one();
                let text = if function.level >= Level::Call { function.text } else { function.one() };
                Some(Written::new(format!("{text} {argument}"), Level::Call))
            }
            Tree::Keyword(..) => None,
            Tree::Function(parameter, body) => {
                let body = Writer { current: None, is_bare: false }.write(body)?.text;
                Some(Written::new(format!("{parameter}: {body}"), Level::Open))
            }
            Tree::Not(inner) => {
                let inner = self.write(inner)?;
                let text = if inner.level >= Level::Call { inner.text } else { inner.one() };
                Some(Written::new(format!("!{text}"), Level::Operator))
            }
            Tree::Binary(operator, left, right) => self.binary(operator, left, right),
            Tree::If(condition, then, otherwise) => {
                let (condition, then, otherwise) =
                    (self.write(condition)?, self.write(then)?, self.write(otherwise)?);
                let text = format!("if {} then {} else {}", condition.text, then.text, otherwise.text);
                Some(Written::new(text, Level::Open))
            }
            Tree::List(items) => match items.as_slice() {
                // jq collects what stands for each element.
                [one] if self.write(one)?.is_each => Some(Written { is_each: false, ..self.write(one)? }),
                items => {
                    let items: Option<Vec<String>> =
                        items.iter().map(|item| Some(self.write(item)?.one())).collect();
                    let inner = items?.join(" ");
                    let text = if inner.is_empty() { "[ ]".to_owned() } else { format!("[ {inner} ]") };
                    Some(Written::new(text, Level::One))
                }
            },
            Tree::Comprehension { element, variable, list, condition } => {
                let mut list = self.write(list)?.one();
                if let Some(condition) = condition {
                    list = format!("(filter ({variable}: {}) {list})", self.write(condition)?.text);
                }
                let element = self.write(element)?.text;
                let text = match element == *variable {
                    true => list.trim_start_matches('(').trim_end_matches(')').to_owned(),
                    false => format!("map ({variable}: {element}) {list}"),
                };
                Some(Written::new(text, Level::Call))
            }
            Tree::Pipe(left, right) => self.piped(left, right),
        }
    }

    fn field(&self, base: &Tree, name: &str) -> Option<Written> {
        if matches!(base, Tree::Current) && self.current.is_none() && COLLECTIONS.contains(&name) {
            return Some(Written::new(name.to_owned(), Level::One));
        }
        if matches!(base, Tree::Current) && self.current.is_none() {
            return None;
        }
        let written = self.write(base)?;
        if written.is_each {
            let text = format!("map (m: m.{name}) {}", written.one());
            return Some(Written { is_each: true, ..Written::new(text, Level::Call) });
        }
        if matches!(name, "length" | "size") {
            return Some(Written::new(format!("length {}", written.one()), Level::Call));
        }
        Some(Written::new(format!("{}.{}", written.one(), attr_name(name)), Level::One))
    }

    fn index(&self, base: &Tree, index: &Tree) -> Option<Written> {
        let base = self.write(base)?.one();
        let index = self.write(index)?.text;
        Some(match index.strip_prefix('"').and_then(|index| index.strip_suffix('"')) {
            Some(_) if base == "machines" => {
                Written::new(format!("filter (m: m.name == {index}) machines"), Level::Call)
            }
            Some(key) => Written::new(format!("{base}.{}", attr_name(key)), Level::One),
            None if index.bytes().all(|byte| byte.is_ascii_digit()) => {
                Written::new(format!("elemAt {base} {index}"), Level::Call)
            }
            None => return None,
        })
    }

    /// The elements of a list of which a condition holds.
    fn filtered(&self, list: &str, condition: &Tree, is_bare: bool) -> Option<Written> {
        let condition = Writer::of("m", is_bare).write(condition)?.text;
        let text = format!("filter (m: {condition}) {list}");
        Some(Written { is_each: true, ..Written::new(text, Level::Call) })
    }

    fn binary(&self, operator: &str, left: &Tree, right: &Tree) -> Option<Written> {
        // `.tags[] == "web"`
        if let ("==", Tree::Each(list), other) | ("==", other, Tree::Each(list)) = (operator, left, right) {
            return self.call("elem", &[other, list]);
        }
        if operator == "in" {
            return match right {
                // `tag in ["web", "db"]`
                Tree::List(names) if matches!(left, Tree::Plain(name) if FILTERS.contains(&name.as_str())) => {
                    let calls: Option<Vec<String>> =
                        names.iter().map(|name| self.applied(left, name)).collect();
                    Some(Written::new(calls?.join(" || "), Level::Operator))
                }
                Tree::Plain(name) if COLLECTIONS.contains(&name.as_str()) && name != "machines" => {
                    let Tree::Plain(key) = left else { return None };
                    Some(Written::new(format!("{name} ? {key}"), Level::Operator))
                }
                _ => self.call("elem", &[left, right]),
            };
        }
        let side = |tree: &Tree| -> Option<String> {
            let written = self.write(tree)?;
            let is_same = matches!(tree, Tree::Binary(inner, ..) if *inner == operator);
            let is_tighter = operator.len() == 2 && matches!(operator, "&&" | "||");
            let inner =
                matches!(tree, Tree::Binary("==" | "!=" | "<" | ">" | "<=" | ">=" | "in", ..) | Tree::Not(_));
            let stays = written.level > Level::Operator || is_same || (is_tighter && inner);
            Some(if stays { written.text } else { written.one() })
        };
        Some(Written::new(format!("{} {operator} {}", side(left)?, side(right)?), Level::Operator))
    }

    fn applied(&self, function: &Tree, argument: &Tree) -> Option<String> {
        Some(format!("{} {}", self.write(function)?.one(), self.write(argument)?.one()))
    }

    fn called(&self, function: &Tree, arguments: &[Tree]) -> Option<Written> {
        let arguments: Vec<&Tree> = arguments.iter().collect();
        match function {
            Tree::Plain(name) => match (name.as_str(), arguments.as_slice()) {
                ("len" | "size", [list]) => self.call("length", &[list]),
                ("count", [list]) if !matches!(list, Tree::Function(..)) => self.call("length", &[list]),
                ("list", [list]) => self.write(list),
                ("set", [list]) => self.call("unique", &[list]),
                ("str", [value]) => self.call("toString", &[value]),
                ("sorted", [list, Tree::Keyword(word, key)]) if word == "key" => {
                    self.call("sortOn", &[key, list])
                }
                ("sorted", [list]) => {
                    Some(Written::new(format!("sort (a: b: a < b) {}", self.write(list)?.one()), Level::Call))
                }
                ("reversed", [list]) => self.call("reverseList", &[list]),
                ("zip" | "enumerate" | "print" | "range" | "dict" | "reduce", _) => None,
                (_, []) => None,
                (name, arguments) => self.call(name, arguments),
            },
            Tree::Field(base, method) => self.method(base, method, &arguments),
            _ => None,
        }
    }

    fn method(&self, base: &Tree, method: &str, arguments: &[&Tree]) -> Option<Written> {
        let is_list = match base {
            Tree::Field(_, name) => LISTS.contains(&name.as_str()),
            Tree::List(_) | Tree::Call(..) => true,
            _ => false,
        };
        match (method, arguments) {
            ("map" | "flatMap" | "forEach" | "collect", [function]) => {
                self.call(if method == "flatMap" { "concatMap" } else { "map" }, &[function, base])
            }
            ("filter" | "where" | "select", [function]) => self.call("filter", &[function, base]),
            ("find" | "first", [function]) => {
                let (function, list) = (self.write(function)?.one(), self.write(base)?.one());
                Some(Written::new(format!("findFirst {function} null {list}"), Level::Call))
            }
            ("some" | "any", [function]) => self.call("any", &[function, base]),
            ("every" | "all", [function]) => self.call("all", &[function, base]),
            ("sort_by" | "sortBy", [function]) => self.call("sortOn", &[function, base]),
            ("groupBy" | "group_by", [function]) => self.call("groupBy", &[function, base]),
            ("includes" | "contains", [element]) if is_list => self.call("elem", &[element, base]),
            ("includes" | "contains", [part]) => self.call("hasInfix", &[part, base]),
            ("startsWith" | "startswith", [part]) => self.call("hasPrefix", &[part, base]),
            ("endsWith" | "endswith", [part]) => self.call("hasSuffix", &[part, base]),
            ("split", [by]) => self.call("splitString", &[by, base]),
            // Python joins with the text before, JavaScript with the argument.
            ("join", [list]) if matches!(base, Tree::Plain(text) if text.starts_with('"')) => {
                self.call("concatStringsSep", &[base, list])
            }
            ("join", [by]) => self.call("concatStringsSep", &[by, base]),
            ("toUpperCase" | "upper", []) => self.call("toUpper", &[base]),
            ("toLowerCase" | "lower", []) => self.call("toLower", &[base]),
            ("toString", []) => self.call("toString", &[base]),
            ("keys", []) => self.call("attrNames", &[base]),
            ("values", []) => self.call("attrValues", &[base]),
            ("items", []) => self.call("lib.attrsToList", &[base]),
            ("len" | "length" | "count" | "size", []) => self.call("length", &[base]),
            ("get", [Tree::Plain(key)]) if matches!(base, Tree::Plain(list) if list == "machines") => {
                Some(Written::new(format!("findFirst (m: m.name == {key}) null machines"), Level::Call))
            }
            ("get", [Tree::Plain(key)]) => {
                let key = key.strip_prefix('"')?.strip_suffix('"')?;
                let text = format!("{}.{} or null", self.write(base)?.one(), attr_name(key));
                Some(Written::new(text, Level::Operator))
            }
            _ => None,
        }
    }

    /// A stage that asks a text or a set, as jq has them, or a filter of Jinja.
    fn stage(&self, name: &str, arguments: &[Tree], value: &str) -> Option<Written> {
        let text = match (name, arguments) {
            ("test", [Tree::Plain(pattern)]) => {
                let plain = pattern.trim_matches('"');
                let is_plain = plain.chars().all(|next| next.is_ascii_alphanumeric() || "-_".contains(next));
                match is_plain {
                    true => format!("hasInfix {pattern} {value}"),
                    false => format!("match \".*({plain}).*\" {value} != null"),
                }
            }
            ("startswith", [Tree::Plain(part)]) => format!("hasPrefix {part} {value}"),
            ("endswith", [Tree::Plain(part)]) => format!("hasSuffix {part} {value}"),
            ("contains", [Tree::Plain(part)]) => format!("hasInfix {part} {value}"),
            ("has", [Tree::Plain(key)]) => format!("{value} ? {key}"),
            ("map", [Tree::Keyword(word, field)]) if word == "attribute" => {
                format!("map (m: m.{}) {value}", self.write(field)?.text.trim_matches('"'))
            }
            ("selectattr", [Tree::Plain(field), Tree::Plain(test), expected])
                if matches!(test.trim_matches('"'), "equalto" | "eq" | "==") =>
            {
                let expected = self.write(expected)?.text;
                format!("filter (m: m.{} == {expected}) {value}", field.trim_matches('"'))
            }
            _ => return None,
        };
        Some(Written::new(text, Level::Call))
    }

    /// A stage of jq.
    fn piped(&self, left: &Tree, right: &Tree) -> Option<Written> {
        let left = self.write(left)?;
        let is_each = left.is_each;
        let list = left.one();
        let of_each = |tree: &Tree| Writer::of("m", false).write(tree).map(|written| written.text);
        let mut written = match right {
            Tree::Each(inner) if matches!(**inner, Tree::Current) => Written::new(list, Level::One),
            Tree::Call(function, arguments) => {
                let Tree::Plain(name) = &**function else { return None };
                match (name.as_str(), arguments.as_slice()) {
                    ("select" | "filter", [condition]) if is_each || *name == *"select" => {
                        self.filtered(&list, condition, false)?
                    }
                    ("map", [Tree::Call(inner, conditions)]) if matches!(&**inner, Tree::Plain(name) if name == "select") => {
                        self.filtered(&list, conditions.first()?, false)?
                    }
                    ("map" | "filter" | "sort_by" | "sortBy" | "group_by" | "groupBy", [function])
                        if !matches!(function, Tree::Keyword(..)) =>
                    {
                        let name = match name.as_str() {
                            "sort_by" | "sortBy" => "sortOn",
                            "group_by" => "groupBy",
                            name => name,
                        };
                        let function = match function {
                            Tree::Function(..) => self.write(function)?.text,
                            other => format!("m: {}", of_each(other)?),
                        };
                        Written::new(format!("{name} ({function}) {list}"), Level::Call)
                    }
                    ("join", [by]) => Written::new(
                        format!("concatStringsSep {} {list}", self.write(by)?.one()),
                        Level::Call,
                    ),
                    ("any" | "all", [condition]) => {
                        Written::new(format!("{name} (m: {}) {list}", of_each(condition)?), Level::Call)
                    }
                    (name, arguments) => self.stage(name, arguments, &list)?,
                }
            }
            Tree::Index(inner, index) if matches!(**inner, Tree::Current) && !is_each => {
                let index = self.write(index)?.text;
                let is_index = index.bytes().all(|byte| byte.is_ascii_digit());
                Written::new(is_index.then(|| format!("elemAt {list} {index}"))?, Level::Call)
            }
            Tree::Plain(name) if name == "list" => Written::new(list, Level::One),
            Tree::Plain(name) if name == "keys" && list == "machines" => {
                Written::new("map (m: m.name) machines".to_owned(), Level::Call)
            }
            Tree::Plain(name) if !is_each => {
                let function = match name.as_str() {
                    "length" | "count" | "wc" => "length",
                    "keys" => "attrNames",
                    "values" => "attrValues",
                    "first" => "head",
                    "last" => "last",
                    "unique" | "uniq" => "unique",
                    "reverse" => "reverseList",
                    "to_entries" => "lib.attrsToList",
                    _ => return None,
                };
                Written::new(format!("{function} {list}"), Level::Call)
            }
            other if is_each => Written::new(format!("map (m: {}) {list}", of_each(other)?), Level::Call),
            _ => return None,
        };
        written.is_each = is_each;
        Some(written)
    }
}
