//! How mistakes in types are told.

use std::sync::Arc;

use super::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind};
use crate::text::Span;
use crate::types::unify::Mismatch;
use crate::types::{Constraint, Printer, Type};

/// Longer types are cut in messages.
const LONG: usize = 120;

impl Checker<'_> {
    /// A type in backticks, as it is known now.
    pub(super) fn show(&self, ty: &Type) -> String {
        format!("`{}`", cut(Printer::default().print(&self.table.resolve(ty))))
    }

    /// Two types with the same letters for the same variables.
    pub(super) fn show_both(&self, a: &Type, b: &Type) -> (String, String) {
        let mut printer = Printer::default();
        let a = printer.print(&self.table.resolve(a));
        let b = printer.print(&self.table.resolve(b));
        (format!("`{}`", cut(a)), format!("`{}`", cut(b)))
    }

    /// As [`Checker::show_both`], where the first type is what is expected: what its variables may
    /// become is told in words.
    pub(super) fn show_expected(&self, expected: &Type, found: &Type) -> (String, String) {
        let constraint_of = |ty: &Type| match ty {
            Type::Variable(variable) => self.table.constraint(*variable),
            _ => Constraint::None,
        };
        let resolved = self.table.resolve(expected);
        let (mut wanted, shown) = self.show_both(expected, found);
        let whole = constraint_of(&resolved);
        if whole != Constraint::None {
            return (constraint_words(whole).to_owned(), self.show(found));
        }
        let element = match &resolved {
            Type::List(element) => constraint_of(element),
            _ => Constraint::None,
        };
        if element != Constraint::None {
            wanted = format!("a list of {}", constraint_plural(element));
        }
        (wanted, shown)
    }

    /// Whether what a type may become, or its elements, is told in words.
    pub(super) fn is_constrained(&self, ty: &Type) -> bool {
        match self.table.shallow(ty) {
            Type::Variable(variable) => self.table.constraint(variable) != Constraint::None,
            Type::List(element) => self.is_constrained(&element),
            _ => false,
        }
    }

    /// Makes types agree, or reports why they do not; tells whether they do.
    pub(super) fn unify(&mut self, expected: &Type, found: &Type, span: Span) -> bool {
        let Err(mismatch) = self.table.unify(expected, found) else { return true };
        let (wanted, shown) = self.show_expected(expected, found);
        let diagnostic = match &mismatch {
            Mismatch::Infinite => infinite(),
            _ => Diagnostic::error(Code::TypeMismatch, format!("expected {wanted}, found {shown}"))
                .maybe_help(self.mismatch_help(&mismatch, span)),
        };
        self.report(diagnostic, span, format!("this is {shown}"));
        false
    }

    /// What to do about a mismatch, where it tells more than the two types.
    pub(super) fn mismatch_help(&mut self, mismatch: &Mismatch, span: Span) -> Option<String> {
        let source = Arc::clone(&self.source);
        let text = source.slice(span);
        match mismatch {
            Mismatch::Types { expected, found } => {
                match (self.table.shallow(expected), self.table.shallow(found)) {
                    (Type::Bool, Type::Optional(_)) => Some(format!("write `{text} != null`")),
                    (_, Type::Optional(_)) => Some(null_help(text, "")),
                    (Type::Record(record), Type::Dictionary(_)) => {
                        let needed = record.fields.iter().find(|field| !field.optional)?;
                        Some(format!(
                            "the keys of this set are not known: read it with `.{} or …`",
                            needed.name
                        ))
                    }
                    (Type::Filter, Type::String) => Some(format!("write `hostname {text}` or `tag {text}`")),
                    (Type::String, Type::List(element))
                        if self.table.shallow(&element) == Type::String && is_short(text) =>
                    {
                        Some(format!(
                            "one text is asked for: write `concatStringsSep \",\" {}`",
                            self.operand_text(span)
                        ))
                    }
                    (Type::Function(..), Type::String | Type::Int | Type::Bool | Type::List(_))
                        if !text.contains('\n') =>
                    {
                        Some(format!("a function of one more argument is expected: write `x: {text}`"))
                    }
                    (Type::Bool, found) => self.logical_help(&found, span),
                    (Type::List(wanted), found) if is_short(text) => self.as_list(&wanted, &found, span),
                    _ => None,
                }
            }
            Mismatch::MissingField(name) => Some(format!("the field `{name}` is missing: add `{name} = …;`")),
            Mismatch::MaybeMissing(name) => {
                Some(format!("the field `{name}` may be missing: read it with `.{name} or …`"))
            }
            Mismatch::UnknownField(name) => {
                Some(format!("there is no field `{name}` in the type that is expected"))
            }
            Mismatch::Infinite | Mismatch::Constraint(..) => None,
        }
    }

    /// What to write where a list is asked for: one of the keys or values of a set, or of one element.
    fn as_list(&mut self, wanted: &Type, found: &Type, span: Span) -> Option<String> {
        let text = self.operand_text(span);
        let of_texts = self.table.shallow(wanted) == Type::String;
        let mut is_of = |element: &Type| self.table.compatible_as(wanted, element);
        match found {
            Type::Dictionary(_) | Type::Record(_) if of_texts => Some(format!("write `(attrNames {text})`")),
            Type::Dictionary(value) if is_of(value) => Some(format!("write `(attrValues {text})`")),
            found if is_of(found) => Some(format!("write `[ {text} ]`")),
            _ => None,
        }
    }

    /// A list whose elements have different types.
    pub(super) fn mixed_list(
        &mut self,
        items: &[Expr],
        list: Span,
        (first, first_span): (&Type, Span),
        (other, span): (&Type, Span),
    ) {
        let (a, b) = self.show_both(first, other);
        let source = Arc::clone(&self.source);
        let text = self.source.slice(list);
        let help = match (self.table.shallow(first), self.table.shallow(other)) {
            (Type::Filter, Type::String) => {
                let name = self.source.slice(span);
                Some(format!("a name alone selects nothing: write `(tag {name})` or `(hostname {name})`"))
            }
            (Type::Function(..), _) => {
                Some(format!("to call the function write `[ {} ]`", self.as_calls(items)))
            }
            (Type::Int, Type::Float) => float_help(self.source.slice(first_span)),
            (Type::Float, Type::Int) => float_help(self.source.slice(span)),
            _ if text.len() <= 60 && !text.contains('\n') => {
                Some(format!("write `({text} :: [Any])` for a list of values as they come"))
            }
            _ => Some("write `:: [Any]` behind a list of values as they come".to_owned()),
        };
        let diagnostic = Diagnostic::error(
            Code::MixedList,
            format!("the elements of a list have one type, found {a} and {b}"),
        )
        .at(&source, span, format!("this is {b}"))
        .at(&source, first_span, format!("this is {a}"))
        .maybe_help(help);
        self.diagnostics.push(diagnostic);
    }

    /// Elements that were meant as calls: each begins with a name that has arguments behind it.
    fn as_calls(&self, items: &[Expr]) -> String {
        let mut calls: Vec<Vec<&str>> = Vec::new();
        for item in items {
            let text = self.source.slice(item.span);
            let is_name = matches!(item.kind, ExprKind::Variable(_) | ExprKind::Select { .. });
            match calls.last_mut() {
                Some(call) if call.len() == 1 || !is_name => call.push(text),
                _ => calls.push(vec![text]),
            }
        }
        let written = |call: &Vec<&str>| match call.as_slice() {
            [alone] => (*alone).to_owned(),
            call => format!("({})", call.join(" ")),
        };
        calls.iter().map(written).collect::<Vec<String>>().join(" ")
    }

    /// What to write for branches of different types.
    fn branches_help(&self, (then, a): (Span, &Type), (otherwise, b): (Span, &Type)) -> Option<String> {
        let text = |span: Span| self.source.slice(span);
        match (self.table.shallow(a), self.table.shallow(b)) {
            (Type::Int, Type::Float) => float_help(text(then)),
            (Type::Float, Type::Int) => float_help(text(otherwise)),
            (Type::String, Type::Int | Type::Float | Type::Bool) => {
                Some(format!("write `toString {}`", self.operand_text(otherwise)))
            }
            (Type::Int | Type::Float | Type::Bool, Type::String) => {
                Some(format!("write `toString {}`", self.operand_text(then)))
            }
            (Type::List(_), Type::String | Type::Int | Type::Record(_)) => {
                Some(format!("write `[ {} ]`", self.operand_text(otherwise)))
            }
            (Type::String | Type::Int | Type::Record(_), Type::List(_)) => {
                Some(format!("write `[ {} ]`", self.operand_text(then)))
            }
            _ => None,
        }
        .filter(|help| help.len() <= 80 && !help.contains('\n'))
    }

    /// Branches of an `if` that have different types.
    pub(super) fn branches_differ(
        &mut self,
        then_span: Span,
        then: &Type,
        else_span: Span,
        otherwise: &Type,
    ) {
        let (a, b) = self.show_both(then, otherwise);
        let source = Arc::clone(&self.source);
        let diagnostic = Diagnostic::error(
            Code::TypeMismatch,
            format!("the branches of an `if` have one type, found {a} and {b}"),
        )
        .at(&source, else_span, format!("this is {b}"))
        .at(&source, then_span, format!("this is {a}"))
        .maybe_help(self.branches_help((then_span, then), (else_span, otherwise)));
        self.diagnostics.push(diagnostic);
    }
}

/// Whether a text can stand in a help.
fn is_short(text: &str) -> bool {
    text.len() <= 80 && !text.contains('\n')
}

/// How to write a whole number among others.
fn float_help(number: &str) -> Option<String> {
    let is_written = number.bytes().all(|byte| byte.is_ascii_digit());
    is_written.then(|| format!("write `{number}.0`"))
}

/// A type that would contain itself.
pub(super) fn infinite() -> Diagnostic {
    Diagnostic::error(Code::TypeMismatch, "the type of this value would contain itself")
        .help("write `:: Any` behind the value; what is done with it is then checked when it runs")
}

/// How to ask whether a value is null before something is done with it.
pub(super) fn null_help(text: &str, then: &str) -> String {
    if text.len() <= 24 && !text.contains('\n') {
        format!("it may be null: write `if {text} == null then … else {text}{then}`")
    } else {
        format!("it may be null: write `let x = …; in if x == null then … else x{then}`")
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONG) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text,
    }
}

/// What an operator works on, in words.
pub(super) fn constraint_words(constraint: Constraint) -> &'static str {
    match constraint {
        Constraint::None => "a value",
        Constraint::Number => "a number",
        Constraint::Addable => "a number or a `String`",
        Constraint::Logical => "`Bool` or `Filter`",
        Constraint::Ordered => "a number, a `String` or a list of these",
        Constraint::Countable => "a list or an attribute set",
        Constraint::Printable => "a number, a `String`, a `Bool`, null or a list of these",
        Constraint::Data => "a value without functions",
        Constraint::Keyed => "an attribute set with a `key`",
    }
}

/// The same in the plural.
fn constraint_plural(constraint: Constraint) -> &'static str {
    match constraint {
        Constraint::None => "values",
        Constraint::Number => "numbers",
        Constraint::Addable => "numbers or strings",
        Constraint::Logical => "booleans or filters",
        Constraint::Ordered => "numbers, strings, or lists of these",
        Constraint::Countable => "lists or attribute sets",
        Constraint::Printable => "numbers, strings, booleans, null or lists of these",
        Constraint::Data => "values without functions",
        Constraint::Keyed => "attribute sets with a `key`",
    }
}
