//! Fields that take only some words: a literal beside one must be one of them.

use super::Checker;
use super::select::literal;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{AttrNameKind, Expr, ExprKind, Name};
use crate::text::{Span, did_you_mean, list_or, quoted};
use crate::types::schema;
use crate::types::tir::{NameKind, NamedString};

impl Checker<'_> {
    /// The two sides of a comparison, or an element and a list.
    pub(super) fn check_words(&mut self, left: &Expr, right: &Expr) {
        for (field, other) in [(left, right), (right, left)] {
            if let Some((name, words)) = self.field_words(field) {
                for (found, span) in literals(other) {
                    if !words.contains(&&*found) {
                        self.unknown_word(&name, words, &found, span);
                    }
                }
            } else if let Some(kind) = self.field_names(field) {
                self.name_beside(field, kind, other);
            }
        }
    }

    /// `m.cluster == "lab"`: a literal beside a field that names something is looked up as it is in
    /// `cluster "lab"`.
    fn name_beside(&mut self, field: &Expr, kind: NameKind, other: &Expr) {
        let default = match &field.kind {
            ExprKind::Select { default: Some(default), .. } => literal(default).map(|(text, _)| text),
            _ => None,
        };
        for (name, span) in literals(other) {
            if !name.is_empty() && default.as_ref() != Some(&name) {
                let optional = self.optional > 0;
                self.names.push(NamedString { kind, name, span, cluster: None, instance: None, optional });
            }
        }
    }

    /// What a field that is selected names.
    fn field_names(&self, expr: &Expr) -> Option<NameKind> {
        let ExprKind::Select { path, .. } = &expr.kind else { return None };
        let last = path.last()?;
        let AttrNameKind::Static(name) = &last.kind else { return None };
        schema::names(*self.fields.get(&last.span)?, name)
    }

    /// The words of a field that is selected, where its values are known.
    fn field_words(&self, expr: &Expr) -> Option<(Name, &'static [&'static str])> {
        let ExprKind::Select { path, .. } = &expr.kind else { return None };
        let last = path.last()?;
        let AttrNameKind::Static(name) = &last.kind else { return None };
        let record = self.fields.get(&last.span)?;
        Some((name.clone(), schema::words(*record, name)?))
    }

    fn unknown_word(&mut self, field: &str, words: &[&str], found: &str, span: Span) {
        let known: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
        let help = did_you_mean(found, known.iter().copied());
        let help = help.unwrap_or_else(|| format!("it is {}", list_or(&known)));
        let message = format!("{} is never {}", quoted(field), quoted(found));
        self.report(Diagnostic::error(Code::UnknownName, message).help(help), span, "none of its words");
    }
}

/// A literal, or those in a list.
pub(super) fn literals(expr: &Expr) -> Vec<(Name, Span)> {
    match &expr.kind {
        ExprKind::List(items) => items.iter().filter_map(literal).collect(),
        _ => literal(expr).into_iter().collect(),
    }
}
