//! What an expression of JavaScript, Python or jq says, as invq writes it.
//!
//! What comes in is a text that invq cannot read; what goes out is the expression that was meant, where
//! all of the text is understood: `machines.filter(m => m.cluster === 'lab')` is
//! `filter (m: m.cluster == "lab") machines`. It is shown as an edit, so that a doubtful reading gives
//! nothing.

use crate::syntax::format::{attr_name, quote_string};

/// Longer texts are not looked at.
const LONGEST: usize = 160;

/// How deep texts may nest.
const DEEPEST: usize = 24;

/// The collections that jq's paths begin with.
const COLLECTIONS: [&str; 8] =
    ["machines", "clusters", "services", "instances", "placements", "clouds", "groups", "tags"];

/// Filters that are asked by a name.
const FILTERS: [&str; 5] = ["tag", "hostname", "cluster", "service", "group"];

/// Fields of machines that hold lists.
const LISTS: [&str; 4] = ["tags", "groups", "services", "addresses"];

/// The expression that a text means; nothing where it is not understood.
pub(crate) fn translated(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(';');
    if text.len() > LONGEST || text.contains(['\n', '#']) {
        return None;
    }
    let tokens = tokens(text)?;
    let mut reader = Reader { tokens: &tokens, at: 0, depth: 0 };
    let tree = reader.pipe()?;
    // A text by itself says nothing.
    if reader.at < tokens.len() || matches!(tree, Tree::Plain(_)) {
        return None;
    }
    let written = Writer { current: None, is_bare: false }.top(&tree)?.text;
    let words = self::tokens(&written).unwrap_or_default();
    let is_foreign = |at: usize, word: &str| {
        let is_field = at > 0 && matches!(words.get(at - 1), Some((Token::Sign("."), _)));
        !is_field && word != "where" && super::foreign_word(word).is_some()
    };
    let stays = words.iter().enumerate().any(|(at, (token, _))| match token {
        Token::Word(word) => is_foreign(at, word),
        _ => false,
    });
    (written != text && !stays && super::is_expression(&written)).then_some(written)
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Number(String),
    Text(String),
    Sign(&'static str),
}

/// The tokens of a text, and whether each follows the one before it without a space.
type Tokens = Vec<(Token, bool)>;

const SIGNS: [&str; 36] = [
    "===", "!==", "==", "!=", "<=", ">=", "=>", "->", "&&", "||", "<>", "|>", "(", ")", "[", "]", "{", "}",
    ",", ".", ":", "?", "<", ">", "+", "-", "*", "/", "%", "|", "&", "!", "=", "$", ";", "@",
];

fn tokens(text: &str) -> Option<Tokens> {
    let mut found = Tokens::new();
    let mut rest = text;
    let mut is_glued = false;
    while let Some(first) = rest.chars().next() {
        let before = found.len();
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else if first == '"' || first == '\'' {
            if is_glued && !matches!(found.last(), Some((Token::Sign(_), _))) {
                return None;
            }
            let inner = rest.get(1..)?;
            let end = inner.find(first)?;
            let inner = inner.get(..end).filter(|inner| !inner.contains(['\\', '$']))?;
            found.push((Token::Text(inner.to_owned()), is_glued));
            end + 2
        } else if first.is_ascii_digit() {
            let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
            let length = number.len();
            if rest.get(length..)?.starts_with(|next: char| next.is_ascii_alphabetic() || next == '_') {
                return None;
            }
            found.push((Token::Number(number), is_glued));
            length
        } else if first.is_ascii_alphabetic() || first == '_' {
            let word: String =
                rest.chars().take_while(|next| next.is_ascii_alphanumeric() || *next == '_').collect();
            if is_glued && !matches!(found.last(), Some((Token::Sign(_), _))) {
                return None;
            }
            let length = word.len();
            found.push((Token::Word(word), is_glued));
            length
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
            found.push((Token::Sign(sign), is_glued));
            sign.len()
        };
        is_glued = found.len() > before;
        rest = rest.get(length..)?;
    }
    Some(found)
}

/// An expression as other languages have it.
enum Tree {
    /// A number, a text or a name, as invq writes it.
    Plain(String),
    /// jq's `.`
    Current,
    Field(Box<Tree>, String),
    Index(Box<Tree>, Box<Tree>),
    /// `a[]`
    Each(Box<Tree>),
    /// `a[?c]`
    Where(Box<Tree>, Box<Tree>),
    Call(Box<Tree>, Vec<Tree>),
    /// `f a`
    Apply(Box<Tree>, Box<Tree>),
    /// `key=…` of a call
    Keyword(String, Box<Tree>),
    Function(String, Box<Tree>),
    Binary(&'static str, Box<Tree>, Box<Tree>),
    Not(Box<Tree>),
    If(Box<Tree>, Box<Tree>, Box<Tree>),
    List(Vec<Tree>),
    /// `[ e for x in l if c ]`
    Comprehension {
        element: Box<Tree>,
        variable: String,
        list: Box<Tree>,
        condition: Option<Box<Tree>>,
    },
    Pipe(Box<Tree>, Box<Tree>),
}

struct Reader<'t> {
    tokens: &'t [(Token, bool)],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|(token, _)| token)
    }

    fn is_glued(&self) -> bool {
        self.tokens.get(self.at).is_some_and(|(_, is_glued)| *is_glued)
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(0), Some(Token::Sign(found)) if *found == sign)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(0), Some(Token::Word(found)) if found == word)
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let is_there = self.is_sign(sign);
        self.at += usize::from(is_there);
        is_there
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_there = self.is_word(word);
        self.at += usize::from(is_there);
        is_there
    }

    fn name(&mut self) -> Option<String> {
        match self.peek(0) {
            Some(Token::Word(word)) => {
                let word = word.clone();
                self.at += 1;
                Some(word)
            }
            _ => None,
        }
    }

    fn pipe(&mut self) -> Option<Tree> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut left = self.conditional()?;
        while self.take_sign("|") {
            left = Tree::Pipe(Box::new(left), Box::new(self.conditional()?));
        }
        self.depth -= 1;
        Some(left)
    }

    /// Functions, and both forms of a choice.
    fn conditional(&mut self) -> Option<Tree> {
        if self.take_word("lambda") {
            let parameter = self.name()?;
            return if self.take_sign(":") { self.function(parameter) } else { None };
        }
        for (before, after) in [(0, 1), (1, 3)] {
            let arrow = |token: Option<&Token>| matches!(token, Some(Token::Sign("=>" | "->")));
            let is_in_parentheses = before == 1;
            if let Some(Token::Word(parameter)) = self.peek(before)
                && arrow(self.peek(after))
                && (!is_in_parentheses || self.is_sign("("))
            {
                let parameter = parameter.clone();
                self.at += after + 1;
                return self.function(parameter);
            }
        }
        if let (Some(Token::Word(parameter)), Some(Token::Sign(":"))) = (self.peek(0), self.peek(1)) {
            let parameter = parameter.clone();
            self.at += 2;
            return self.function(parameter);
        }
        let value = self.either()?;
        if self.take_sign("?") {
            let then = self.conditional()?;
            let otherwise = if self.take_sign(":") { self.conditional()? } else { return None };
            return Some(Tree::If(Box::new(value), Box::new(then), Box::new(otherwise)));
        }
        if self.take_word("if") {
            let condition = self.either()?;
            let otherwise = if self.take_word("else") { self.conditional()? } else { return None };
            return Some(Tree::If(Box::new(condition), Box::new(value), Box::new(otherwise)));
        }
        Some(value)
    }

    fn function(&mut self, parameter: String) -> Option<Tree> {
        Some(Tree::Function(parameter, Box::new(self.conditional()?)))
    }

    fn either(&mut self) -> Option<Tree> {
        let mut left = self.both()?;
        while self.take_sign("||") || self.take_word("or") || self.take_word("OR") {
            left = Tree::Binary("||", Box::new(left), Box::new(self.both()?));
        }
        Some(left)
    }

    fn both(&mut self) -> Option<Tree> {
        let mut left = self.negated()?;
        while self.take_sign("&&") || self.take_word("and") || self.take_word("AND") {
            left = Tree::Binary("&&", Box::new(left), Box::new(self.negated()?));
        }
        Some(left)
    }

    fn negated(&mut self) -> Option<Tree> {
        if self.take_word("not") || self.take_word("NOT") {
            return Some(Tree::Not(Box::new(self.negated()?)));
        }
        let left = self.sum()?;
        let is_not = self.is_word("not") && matches!(self.peek(1), Some(Token::Word(word)) if word == "in");
        self.at += usize::from(is_not);
        if self.take_word("in") {
            let found = Tree::Binary("in", Box::new(left), Box::new(self.sum()?));
            return Some(if is_not { Tree::Not(Box::new(found)) } else { found });
        }
        let operators = [
            ("===", "=="),
            ("!==", "!="),
            ("<>", "!="),
            ("==", "=="),
            ("!=", "!="),
            ("<=", "<="),
            (">=", ">="),
        ];
        for (sign, operator) in operators.into_iter().chain([("<", "<"), (">", ">")]) {
            if self.take_sign(sign) {
                return Some(Tree::Binary(operator, Box::new(left), Box::new(self.sum()?)));
            }
        }
        Some(left)
    }

    fn sum(&mut self) -> Option<Tree> {
        let mut left = self.applied()?;
        loop {
            let operator = ["+", "-", "*", "/"].into_iter().find(|sign| self.is_sign(sign));
            let Some(operator) = operator else { return Some(left) };
            self.at += 1;
            left = Tree::Binary(operator, Box::new(left), Box::new(self.applied()?));
        }
    }

    /// `f a`, as invq calls.
    fn applied(&mut self) -> Option<Tree> {
        if self.take_sign("!") {
            return Some(Tree::Not(Box::new(self.applied()?)));
        }
        let mut function = self.postfix()?;
        loop {
            let is_argument = match self.peek(0) {
                Some(Token::Text(_) | Token::Number(_)) => true,
                Some(Token::Sign(sign)) => matches!(*sign, "(" | "["),
                Some(Token::Word(word)) => !matches!(
                    word.as_str(),
                    "and" | "or" | "not" | "in" | "if" | "else" | "for" | "AND" | "OR" | "NOT" | "then"
                ),
                None => false,
            };
            if !is_argument {
                return Some(function);
            }
            function = Tree::Apply(Box::new(function), Box::new(self.postfix()?));
        }
    }

    fn postfix(&mut self) -> Option<Tree> {
        let mut value = self.primary()?;
        loop {
            if self.is_sign(".") && matches!(self.peek(1), Some(Token::Word(_))) {
                self.at += 1;
                value = Tree::Field(Box::new(value), self.name()?);
            } else if self.is_sign("(") && matches!(value, Tree::Field(..)) {
                value = Tree::Call(Box::new(value), self.arguments()?);
            } else if self.is_sign("[") && self.is_glued() && !matches!(value, Tree::List(_)) {
                self.at += 1;
                if self.take_sign("]") || (self.take_sign("*") && self.take_sign("]")) {
                    value = Tree::Each(Box::new(value));
                    continue;
                }
                let is_condition = self.take_sign("?");
                let inner = self.pipe()?;
                if !self.take_sign("]") {
                    return None;
                }
                value = match is_condition {
                    true => Tree::Where(Box::new(value), Box::new(inner)),
                    false => Tree::Index(Box::new(value), Box::new(inner)),
                };
            } else {
                return Some(value);
            }
        }
    }

    fn arguments(&mut self) -> Option<Vec<Tree>> {
        let mut arguments = Vec::new();
        self.at += 1;
        while !self.take_sign(")") {
            if !arguments.is_empty() && !self.take_sign(",") {
                return None;
            }
            if let (Some(Token::Word(word)), Some(Token::Sign("="))) = (self.peek(0), self.peek(1)) {
                let word = word.clone();
                self.at += 2;
                arguments.push(Tree::Keyword(word, Box::new(self.pipe()?)));
            } else {
                arguments.push(self.pipe()?);
            }
        }
        Some(arguments)
    }

    fn primary(&mut self) -> Option<Tree> {
        match self.peek(0)?.clone() {
            Token::Number(number) => {
                self.at += 1;
                Some(Tree::Plain(number))
            }
            Token::Text(text) => {
                self.at += 1;
                Some(Tree::Plain(quote_string(&text)))
            }
            Token::Word(word) => {
                self.at += 1;
                let value = Tree::Plain(match word.as_str() {
                    "True" => "true".to_owned(),
                    "False" => "false".to_owned(),
                    "None" | "undefined" => "null".to_owned(),
                    _ => word,
                });
                let is_call = self.is_sign("(");
                Some(if is_call { Tree::Call(Box::new(value), self.arguments()?) } else { value })
            }
            Token::Sign("(") => {
                self.at += 1;
                let inner = self.pipe()?;
                self.take_sign(")").then_some(inner)
            }
            Token::Sign("[") => {
                self.at += 1;
                self.list()
            }
            Token::Sign(".") => {
                self.at += 1;
                match self.peek(0) {
                    Some(Token::Word(_)) => Some(Tree::Field(Box::new(Tree::Current), self.name()?)),
                    _ => Some(Tree::Current),
                }
            }
            Token::Sign(_) => None,
        }
    }

    fn list(&mut self) -> Option<Tree> {
        let mut items = Vec::new();
        while !self.take_sign("]") {
            if !items.is_empty() {
                // invq's own lists have no commas.
                self.take_sign(",");
            }
            items.push(self.pipe()?);
            if items.len() == 1 && self.take_word("for") {
                let variable = self.name()?;
                let list = if self.take_word("in") { self.sum()? } else { return None };
                let condition = if self.take_word("if") { Some(Box::new(self.either()?)) } else { None };
                let element = Box::new(items.pop()?);
                let list = Box::new(list);
                return self.take_sign("]").then_some(Tree::Comprehension {
                    element,
                    variable,
                    list,
                    condition,
                });
            }
        }
        Some(Tree::List(items))
    }
}

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

struct Writer {
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
    fn top(&self, tree: &Tree) -> Option<Written> {
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
                    ("map" | "filter" | "sort_by" | "sortBy" | "group_by" | "groupBy", [function]) => {
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
                    _ => return None,
                }
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

#[cfg(test)]
mod tests {
    use super::translated;

    #[test]
    fn expressions_of_other_languages() {
        for (text, expected) in [
            (
                ".machines[] | select(.tags[] == \"web\") | .name",
                "map (m: m.name) (filter (m: elem \"web\" m.tags) machines)",
            ),
            (".[] | .name", "map (m: m.name) machines"),
            ("[.[] | select(.cluster==\"lab\")]", "filter (m: m.cluster == \"lab\") machines"),
            ("machines | map(.name)", "map (m: m.name) machines"),
            ("machines | length", "length machines"),
            (
                "machines | map(select(.kind == \"virtual\")) | length",
                "length (filter (m: m.kind == \"virtual\") machines)",
            ),
            ("machines.map(m => m.name)", "map (m: m.name) machines"),
            (
                "machines.filter(m => m.tags.includes(\"web\")).map(m => m.name)",
                "map (m: m.name) (filter (m: elem \"web\" m.tags) machines)",
            ),
            ("machines.find((m) => m.name === 'jon')", "findFirst (m: m.name == \"jon\") null machines"),
            (
                "[m.name for m in machines if \"web\" in m.tags and not m.adopted]",
                "map (m: m.name) (filter (m: elem \"web\" m.tags && !m.adopted) machines)",
            ),
            ("map(lambda m: m.name, machines)", "map (m: m.name) machines"),
            ("sorted(machines, key=lambda m: m.name)", "sortOn (m: m.name) machines"),
            (
                "len([m for m in machines if m.kind == 'virtual'])",
                "length (filter (m: m.kind == \"virtual\") machines)",
            ),
            (
                "m.name if m.kind == \"virtual\" else \"none\"",
                "if m.kind == \"virtual\" then m.name else \"none\"",
            ),
            (
                "where (m: \"web\" not in m.tags and m.cluster == 'lab')",
                "where (m: !elem \"web\" m.tags && m.cluster == \"lab\")",
            ),
            (
                "filter (m: m.name in [\"a\", \"b\"]) machines",
                "filter (m: elem m.name [ \"a\" \"b\" ]) machines",
            ),
            ("machines[?cluster=='lab'].name", "map (m: m.name) (filter (m: m.cluster == \"lab\") machines)"),
            ("machines[*].name", "map (m: m.name) machines"),
            ("\"web\" in tags", "tags ? \"web\""),
            ("[1, 2, 3]", "[ 1 2 3 ]"),
            ("hostname [ \"jon\", \"sara\" ]", "hostname [ \"jon\" \"sara\" ]"),
            ("machines[\"jon\"]", "filter (m: m.name == \"jon\") machines"),
            ("hostname(\"jon\", 'sara')", "hostname \"jon\" \"sara\""),
            ("\",\".join([m.name for m in machines])", "concatStringsSep \",\" (map (m: m.name) machines)"),
        ] {
            assert_eq!(translated(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_gives_nothing() {
        for text in [
            "",
            "machines |",
            "a ? b",
            "for x in y",
            "(((",
            "x.y.z(",
            "zip(a, b)",
            "def f(x): x",
            "'",
            "'web*'",
            "web[1-2]",
        ] {
            assert_eq!(translated(text), None, "{text}");
        }
        assert_eq!(translated(&"(".repeat(150)), None);
    }
}
