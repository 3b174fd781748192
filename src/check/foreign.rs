//! Operators that other languages write as words: `a and b`, `not x`.
//!
//! They parse as calls, since an operand and a word beside it are a function and its argument.

use super::Checker;
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind};
use crate::syntax::parse;
use crate::text::{Span, quoted};
use crate::types::Type;

use super::scope::With;

/// Mended expressions up to this length are shown as a whole.
const LONGEST_EDIT: usize = 60;

impl Checker<'_> {
    /// Reports the first word in a call that is an operator elsewhere, and what the call should read;
    /// nothing where there is none. Gives the type that the mended expression would have.
    pub(super) fn foreign_operators(&mut self, function: &Expr, arguments: &[Expr]) -> Option<Type> {
        let items: Vec<&Expr> = std::iter::once(function).chain(arguments).collect();
        if let Some(diagnostic) = self.query_of_sql(&items) {
            self.diagnostics.push(diagnostic);
            return Some(self.table.fresh());
        }
        let (word, name) = items.iter().find_map(|item| match &item.kind {
            ExprKind::Variable(name) if symbol(name).is_some() && !self.is_bound(name) => Some((*item, name)),
            _ => None,
        })?;
        let whole = items.last().map_or(function.span, |last| function.span.to(last.span));
        let is_short = whole.range().len() <= 2 * LONGEST_EDIT;
        let help = match is_short.then(|| self.mended(&items)).flatten() {
            Some(mended) if mended.len() <= LONGEST_EDIT && !mended.contains('\n') => {
                Some(format!("write `{mended}`"))
            }
            _ => parse::foreign_word(name).map(str::to_owned),
        };
        let diagnostic = Diagnostic::error(Code::ForeignSyntax, format!("{} is no operator", quoted(name)))
            .maybe_help(help);
        self.report(diagnostic, word.span, "from another language");
        // What else is wrong with the operands is told, names aside: they are read out of their place.
        let before = self.diagnostics.len();
        let mut ty = self.table.fresh();
        for item in items {
            if !matches!(&item.kind, ExprKind::Variable(name) if symbol(name).is_some()) {
                let (_, found) = self.infer(item);
                if matches!(self.table.shallow(&found), Type::Bool | Type::Filter) {
                    ty = found;
                }
            }
        }
        let mut kept = self.diagnostics.split_off(before);
        kept.retain(|diagnostic| diagnostic.code != Code::UnknownName);
        self.diagnostics.append(&mut kept);
        Some(ty)
    }

    /// `select name from machines` and `machines where name == "jon"` parse as calls, too.
    fn query_of_sql(&self, items: &[&Expr]) -> Option<Diagnostic> {
        let is_word =
            |item: &Expr, word: &str| matches!(&item.kind, ExprKind::Variable(name) if **name == *word);
        let (first, rest) = items.split_first()?;
        let selects = is_word(first, "select")
            && !self.is_bound("from")
            && rest.iter().any(|item| is_word(item, "from"));
        let filters = is_word(first, "machines") && rest.first().is_some_and(|item| is_word(item, "where"));
        if !selects && !filters {
            return None;
        }
        parse::query_of_sql(&self.source, first.span)
    }

    /// `select * from machines` parses as a product, too.
    pub(super) fn whole_query_of_sql(&self) -> Option<Diagnostic> {
        let text = self.source.text();
        let start = text.len() - text.trim_start().len();
        let is_query = text.get(start..start + 7).is_some_and(|word| word.eq_ignore_ascii_case("select "));
        if !is_query || self.is_bound("from") {
            return None;
        }
        parse::query_of_sql(&self.source, Span::new(start, start + 6))
    }

    pub(super) fn is_bound(&self, name: &str) -> bool {
        let of_with = |with: &With| match with {
            With::Module(path) => builtins::find(path, name).is_some(),
            With::Value { ty, .. } => match self.as_record(ty) {
                Some(record) => record.field(name).is_some(),
                None => true,
            },
        };
        self.scopes.lookup(name).is_some()
            || self.context.hosts.iter().any(|(known, _)| &**known == name)
            || self.scopes.withs().iter().any(of_with)
    }

    /// The text of a call with operators for words.
    fn mended(&self, items: &[&Expr]) -> Option<String> {
        let word = |item: &Expr| match &item.kind {
            ExprKind::Variable(name) => symbol(name),
            _ => None,
        };
        for operator in ["||", "&&", "=="] {
            if let Some(at) = items.iter().position(|item| word(item) == Some(operator)) {
                let left = self.mended(items.get(..at)?)?;
                let right = self.mended(items.get(at + 1..)?)?;
                return Some(format!("{left} {operator} {right}"));
            }
        }
        let (first, rest) = items.split_first()?;
        if word(first) == Some("!") {
            return self.mended(rest).map(|operand| format!("!{operand}"));
        }
        if rest.iter().any(|item| word(item).is_some()) {
            return None;
        }
        let texts: Vec<&str> = items.iter().map(|item| self.source.slice(item.span)).collect();
        Some(texts.join(" "))
    }
}

/// The operator for a word.
fn symbol(word: &str) -> Option<&'static str> {
    Some(match word {
        "and" | "AND" => "&&",
        "or" | "OR" => "||",
        "not" | "NOT" => "!",
        "is" => "==",
        _ => return None,
    })
}
