//! What conditions tell about the variables in them: that a field is there, that a value is not null.

use super::Checker;
use super::scope::{Entry, Fact, Known};
use crate::syntax::ast::{AttrName, AttrNameKind, BinaryOperator as Op, Expr, ExprKind, Name, UnaryOperator};
use crate::types::Type;

impl Checker<'_> {
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
        match &condition.kind {
            ExprKind::Unary { operator: UnaryOperator::Not, operand } => self.narrow(operand, !truth),
            ExprKind::Chain { first, rest } => match (rest.as_slice(), truth) {
                ([(Op::And, ..), ..], true) | ([(Op::Or, ..), ..], false) => {
                    self.narrow(first, truth);
                    for (_, _, operand) in rest {
                        self.narrow(operand, truth);
                    }
                }
                ([(Op::NotEqual, _, other)], true) | ([(Op::Equal, _, other)], false) => {
                    let (a, b) = (first.as_ref(), other);
                    if is_null(b) {
                        self.narrow_null(a);
                    } else if is_null(a) {
                        self.narrow_null(b);
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
                self.learn(name, facts);
            }
            ExprKind::Apply { function, arguments } if !truth => {
                if let (ExprKind::Variable(name), [argument]) = (&function.kind, arguments.as_slice())
                    && &**name == "isNull"
                    && self.scopes.lookup(name).is_none()
                {
                    self.narrow_null(argument);
                }
            }
            _ => {}
        }
    }

    /// Brings facts about a variable's fields into scope.
    fn learn(&mut self, variable: &Name, more: Vec<Fact>) {
        if let Some(Entry::Variable { name, id, frame, slot, scheme, facts }) =
            self.scopes.lookup(variable).cloned()
        {
            let facts = facts.into_iter().chain(more).collect();
            self.scopes.narrow(Entry::Variable { name, id, frame, slot, scheme, facts });
        }
    }

    fn narrow_null(&mut self, expr: &Expr) {
        let name = match &expr.kind {
            ExprKind::Variable(name) => name,
            ExprKind::Select { base, path, default } => {
                let ExprKind::Variable(name) = &base.kind else { return };
                let Some(path) = static_path(path) else { return };
                let mut facts = vec![Fact { path: path.clone(), is: Known::NotNull }];
                // `m.cloud or null` is not null only where the field is there.
                if default.as_ref().is_some_and(|default| is_null(default)) {
                    facts.push(Fact { path, is: Known::Present });
                }
                return self.learn(name, facts);
            }
            _ => return,
        };
        let Some(Entry::Variable { name, id, frame, slot, scheme, facts }) =
            self.scopes.lookup(name).cloned()
        else {
            return;
        };
        let ty = self.table.instantiate(&scheme);
        if let Type::Optional(inner) = self.table.shallow(&ty) {
            let scheme = self.plain(&inner);
            self.scopes.narrow(Entry::Variable { name, id, frame, slot, scheme, facts });
        }
    }
}

/// The names of a path that is written out.
fn static_path(path: &[AttrName]) -> Option<Vec<Name>> {
    let name = |name: &AttrName| match &name.kind {
        AttrNameKind::Static(text) => Some(text.clone()),
        AttrNameKind::Dynamic(_) => None,
    };
    path.iter().map(name).collect()
}

pub(super) fn is_null(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Variable(name) if &**name == "null")
}
