//! From a text to the tree of what JavaScript, Python and jq have in common.

use crate::syntax::format::quote_string;

use super::Tree;

/// How deep texts may nest.
const DEEPEST: usize = 24;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Word(String),
    Number(String),
    Text(String),
    Sign(&'static str),
}

/// The tokens of a text, and whether each follows the one before it without a space.
pub(super) type Tokens = Vec<(Token, bool)>;

const SIGNS: [&str; 36] = [
    "===", "!==", "==", "!=", "<=", ">=", "=>", "->", "&&", "||", "<>", "|>", "(", ")", "[", "]", "{", "}",
    ",", ".", ":", "?", "<", ">", "+", "-", "*", "/", "%", "|", "&", "!", "=", "$", ";", "@",
];

pub(super) fn tokens(text: &str) -> Option<Tokens> {
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

/// Reads tokens and gives trees.
pub(super) struct Reader<'t> {
    tokens: &'t [(Token, bool)],
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(tokens: &'t [(Token, bool)]) -> Reader<'t> {
        Reader { tokens, at: 0, depth: 0 }
    }

    /// Whether nothing is left.
    pub(super) fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

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

    /// A whole expression, with jq's pipes.
    pub(super) fn pipe(&mut self) -> Option<Tree> {
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
        if self.take_sign("|") {
            let parameter = self.name()?;
            return if self.take_sign("|") { self.function(parameter) } else { None };
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
