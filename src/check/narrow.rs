//! What conditions tell about the variables in them: that a field is there, that a value is not null.

use super::Checker;
use super::scope::{Entry, Fact, Known};
use super::tested::Kind;
use crate::syntax::ast::{
    AttrName, AttrNameKind, BinaryOperator as Op, Expr, ExprKind, Name, Parameter, UnaryOperator,
};
use crate::types::Type;

/// What a condition tells something about.
enum Subject {
    /// A variable, or fields of one.
    Variable(Name),
    /// A call or a selection that is written like this, which is not null.
    Written(Name),
}

impl Checker<'_> {
    /// What is known of a value of which a predicate holds that is written out.
    pub(super) fn facts_of_predicate(&self, predicate: &Expr) -> Vec<Fact> {
        let ExprKind::Lambda { parameter: Parameter::Name(variable, _), body } = &predicate.kind else {
            return Vec::new();
        };
        let mut told = Vec::new();
        self.tells(body, true, &mut told);
        let of_it = told
            .into_iter()
            .filter(|(subject, _)| matches!(subject, Subject::Variable(name) if name == variable));
        of_it.flat_map(|(_, facts)| facts).collect()
    }

    /// A value whose type is not known yet is compared with null: it may be null.
    pub(super) fn may_be_null(&mut self, ty: &Type) {
        if let Type::Variable(_) = ty {
            let inner = self.table.fresh();
            // Where it cannot be null, the comparison is false, and no mistake.
            let _ = self.table.unify(ty, &Type::optional(inner));
        }
    }

    /// Brings what a condition tells about variables into scope, where it has the given truth.
    pub(super) fn narrow(&mut self, condition: &Expr, truth: bool) {
        let mut told = Vec::new();
        self.tells(condition, truth, &mut told);
        for (subject, facts) in told {
            match subject {
                Subject::Variable(name) => self.learn(&name, facts),
                Subject::Written(text) if self.scopes.is_not_null(&text) => {}
                Subject::Written(text) => self.scopes.narrow(Entry::NotNull { text }),
            }
        }
    }

    /// What a condition tells, where it has the given truth.
    fn tells(&self, condition: &Expr, truth: bool, told: &mut Vec<(Subject, Vec<Fact>)>) {
        if let Some((subject, is)) = self.test_of(condition) {
            let is = match is {
                Known::Is(kind) if !truth => Known::IsNot(kind),
                Known::IsNot(kind) if !truth => Known::Is(kind),
                is => is,
            };
            match &subject.kind {
                _ if is == Known::IsNot(Kind::Null) => told.extend(self.not_null_of(subject)),
                ExprKind::Variable(name) => {
                    told.push((Subject::Variable(name.clone()), vec![Fact { path: Vec::new(), is }]));
                }
                _ => {}
            }
            return;
        }
        match &condition.kind {
            ExprKind::Unary { operator: UnaryOperator::Not, operand } => self.tells(operand, !truth, told),
            ExprKind::Chain { first, rest } => match (rest.as_slice(), truth) {
                ([(Op::And, ..), ..], true) | ([(Op::Or, ..), ..], false) => {
                    self.tells(first, truth, told);
                    for (_, _, operand) in rest {
                        self.tells(operand, truth, told);
                    }
                }
                ([(Op::NotEqual, _, other)], true) | ([(Op::Equal, _, other)], false) => {
                    let (a, b) = (first.as_ref(), other);
                    let is_null = |expr: &Expr| is_null(expr) && self.scopes.lookup("null").is_none();
                    if is_null(b) {
                        told.extend(self.not_null_of(a));
                    } else if is_null(a) {
                        told.extend(self.not_null_of(b));
                    }
                }
                _ => {}
            },
            ExprKind::HasAttr { base, path } if truth => {
                let ExprKind::Variable(name) = &base.kind else { return };
                let Some(path) = static_path(path) else { return };
                let mut facts = Vec::new();
                for length in 1..=path.len() {
                    let Some(prefix) = path.get(..length).map(<[Name]>::to_vec) else { continue };
                    if length < path.len() {
                        facts.push(Fact { path: prefix.clone(), is: Known::NotNull });
                    }
                    facts.push(Fact { path: prefix, is: Known::Present });
                }
                told.push((Subject::Variable(name.clone()), facts));
            }
            _ => {}
        }
    }

    /// That what is written here is not null.
    fn not_null_of(&self, expr: &Expr) -> Option<(Subject, Vec<Fact>)> {
        let written = || Some((Subject::Written(self.bare_text(expr).into()), Vec::new()));
        match &expr.kind {
            ExprKind::Variable(name) => {
                let fact = Fact { path: Vec::new(), is: Known::NotNull };
                Some((Subject::Variable(name.clone()), vec![fact]))
            }
            ExprKind::Select { base, path, default } => {
                let ExprKind::Variable(name) = &base.kind else { return written() };
                let path = static_path(path)?;
                let mut facts = vec![Fact { path: path.clone(), is: Known::NotNull }];
                // `m.cloud or null` is not null only where the field is there.
                if default.as_ref().is_some_and(|default| is_null(default)) {
                    facts.push(Fact { path, is: Known::Present });
                }
                Some((Subject::Variable(name.clone()), facts))
            }
            ExprKind::Apply { .. } => written(),
            _ => None,
        }
    }

    /// Brings facts about a variable and its fields into scope.
    pub(super) fn learn(&mut self, variable: &Name, mut more: Vec<Fact>) {
        let Some(Entry::Variable { facts, .. }) = self.scopes.lookup(variable) else { return };
        more.retain(|fact| !facts.contains(fact));
        if more.is_empty() {
            return;
        }
        let Some(Entry::Variable { name, id, frame, slot, mut scheme, facts, from }) =
            self.scopes.lookup(variable).cloned()
        else {
            return;
        };
        if more.iter().any(|fact| fact.path.is_empty()) {
            let ty = self.table.instantiate(&scheme);
            let is_not_null = more.iter().any(|fact| fact.path.is_empty() && fact.is == Known::NotNull);
            if let Some(ty) = self.as_tested(&ty, &more) {
                scheme = self.plain(&ty);
            } else if is_not_null && matches!(self.table.shallow(&ty), Type::Optional(_) | Type::Null) {
                let ty = self.not_null(&ty);
                scheme = self.plain(&ty);
            }
        }
        let facts = facts.into_iter().chain(more).collect();
        self.scopes.narrow(Entry::Variable { name, id, frame, slot, scheme, facts, from });
    }

    /// The type of a call or a selection, which is not null where a condition around has asked the same.
    pub(super) fn asked(&mut self, expr: &Expr, ty: Type) -> Type {
        match self.table.shallow(&ty) {
            Type::Optional(_) if self.scopes.is_not_null(self.bare_text(expr)) => self.not_null(&ty),
            _ => ty,
        }
    }

    /// A call or a selection as it is written, without parentheses around it.
    fn bare_text(&self, expr: &Expr) -> &str {
        let (first, last) = match &expr.kind {
            ExprKind::Apply { function, arguments } => {
                (function.span, arguments.last().map(|argument| argument.span))
            }
            ExprKind::Select { base, path, default: None } => (base.span, path.last().map(|name| name.span)),
            _ => (expr.span, None),
        };
        self.source.slice(first.to(last.unwrap_or(expr.span)))
    }

    /// The type of a value that is not null; what is always null is never used there.
    pub(super) fn not_null(&mut self, ty: &Type) -> Type {
        match self.table.shallow(ty) {
            Type::Optional(inner) => Type::clone(&inner),
            Type::Null => self.table.fresh(),
            Type::Variable(variable) => self.table.not_null(variable).unwrap_or(Type::Variable(variable)),
            other => other,
        }
    }
}

/// The names of a path that is written out.
pub(super) fn static_path(path: &[AttrName]) -> Option<Vec<Name>> {
    let name = |name: &AttrName| match &name.kind {
        AttrNameKind::Static(text) => Some(text.clone()),
        AttrNameKind::Dynamic(_) => None,
    };
    path.iter().map(name).collect()
}

pub(super) fn is_null(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Variable(name) if &**name == "null")
}
