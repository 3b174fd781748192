//! Conditions that ask what a value is: `isString x`, `typeOf x == "list"`.
//!
//! Where nothing is known of a value that is asked so, it may be anything: it is `Any`. In the branch behind
//! the condition it is what the condition says.

use std::collections::HashMap;

use super::Checker;
use super::narrow::static_path;
use super::scope::{Fact, Known};
use super::select::literal;
use crate::syntax::ast::{BinaryOperator as Op, Expr, ExprKind, Name, UnaryOperator};
use crate::types::{Constraint, Type};

/// What a value can be asked to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Null,
    Bool,
    Int,
    Float,
    String,
    List,
    Attrs,
    Function,
}

impl Kind {
    /// The kind that a builtin asks for.
    fn of_builtin(name: &str) -> Option<Kind> {
        Some(match name {
            "isNull" => Kind::Null,
            "isBool" => Kind::Bool,
            "isInt" => Kind::Int,
            "isFloat" => Kind::Float,
            "isString" => Kind::String,
            "isList" => Kind::List,
            "isAttrs" => Kind::Attrs,
            "isFunction" => Kind::Function,
            _ => return None,
        })
    }

    /// The kind that `typeOf` tells by a word.
    fn of_word(word: &str) -> Option<Kind> {
        Some(match word {
            "null" => Kind::Null,
            "bool" => Kind::Bool,
            "int" => Kind::Int,
            "float" => Kind::Float,
            "string" => Kind::String,
            "list" => Kind::List,
            "set" => Kind::Attrs,
            "lambda" => Kind::Function,
            _ => return None,
        })
    }

    /// The kind that all values of a type have; nothing where they may have several.
    fn of_type(ty: &Type) -> Option<Kind> {
        Some(match ty {
            Type::Null => Kind::Null,
            Type::Bool => Kind::Bool,
            Type::Int => Kind::Int,
            Type::Float => Kind::Float,
            Type::String => Kind::String,
            Type::List(_) => Kind::List,
            Type::Record(_) | Type::Dictionary(_) | Type::Named(_) => Kind::Attrs,
            Type::Function(..) => Kind::Function,
            _ => return None,
        })
    }

    /// The type of data without a schema that is of this kind.
    fn of_data(self) -> Type {
        match self {
            Kind::Null => Type::Null,
            Kind::Bool => Type::Bool,
            Kind::Int => Type::Int,
            Kind::Float => Type::Float,
            Kind::String => Type::String,
            Kind::List => Type::list(Type::Any),
            Kind::Attrs => Type::dictionary(Type::Any),
            Kind::Function => Type::Any,
        }
    }
}

impl Checker<'_> {
    /// What a condition asks about a value, where it holds.
    pub(super) fn test_of<'e>(&self, condition: &'e Expr) -> Option<(&'e Expr, Known)> {
        match &condition.kind {
            ExprKind::Apply { function, arguments } => {
                let [subject] = arguments.as_slice() else { return None };
                let kind = Kind::of_builtin(&self.builtin_name(function)?)?;
                Some((subject, Known::Is(kind)))
            }
            ExprKind::Chain { first, rest } => {
                let [(operator @ (Op::Equal | Op::NotEqual), _, word)] = rest.as_slice() else { return None };
                let ExprKind::Apply { function, arguments } = &first.kind else { return None };
                let ([subject], "typeOf") = (arguments.as_slice(), &*self.builtin_name(function)?) else {
                    return None;
                };
                let kind = Kind::of_word(&literal(word)?.0)?;
                Some((subject, if *operator == Op::Equal { Known::Is(kind) } else { Known::IsNot(kind) }))
            }
            _ => None,
        }
    }

    /// A value of which nothing is known, and which a condition asks what it is, may be anything.
    pub(super) fn open_tested(&mut self, condition: &Expr) {
        match &condition.kind {
            ExprKind::Unary { operator: UnaryOperator::Not, operand } => return self.open_tested(operand),
            ExprKind::Chain { first, rest } if matches!(rest.first(), Some((Op::And | Op::Or, ..))) => {
                self.open_tested(first);
                for (_, _, operand) in rest {
                    self.open_tested(operand);
                }
                return;
            }
            _ => {}
        }
        let Some((subject, Known::Is(kind) | Known::IsNot(kind))) = self.test_of(condition) else { return };
        if kind == Kind::Null || !is_short(subject) {
            return;
        }
        let ty = self.type_of_asked(subject);
        if let Type::Variable(variable) = self.table.shallow(&ty)
            && self.table.constraint(variable) == Constraint::None
        {
            // What nothing is known of agrees with everything.
            let _ = self.table.unify(&ty, &Type::Any);
        }
    }

    /// As [`Checker::open_tested`], where operands of `&&` and `||` ask whether a variable is of one kind or another.
    pub(super) fn open_tested_twice(&mut self, operands: &[&Expr]) {
        let mut asked = Vec::new();
        for operand in operands {
            self.kinds_asked(operand, &mut asked);
        }
        let mut kinds: HashMap<&Name, Kind> = HashMap::new();
        let mut others = asked.into_iter().filter(|(_, kind)| *kind != Kind::Null);
        if others.any(|(name, kind)| *kinds.entry(name).or_insert(kind) != kind) {
            operands.iter().for_each(|operand| self.open_tested(operand));
        }
    }

    fn kinds_asked<'e>(&self, condition: &'e Expr, asked: &mut Vec<(&'e Name, Kind)>) {
        match &condition.kind {
            ExprKind::Unary { operator: UnaryOperator::Not, operand } => self.kinds_asked(operand, asked),
            ExprKind::Chain { first, rest } if matches!(rest.first(), Some((Op::And | Op::Or, ..))) => {
                self.kinds_asked(first, asked);
                rest.iter().for_each(|(_, _, operand)| self.kinds_asked(operand, asked));
            }
            _ => {
                if let Some((subject, Known::Is(kind) | Known::IsNot(kind))) = self.test_of(condition)
                    && let ExprKind::Variable(name) = &subject.kind
                {
                    asked.push((name, kind));
                }
            }
        }
    }

    /// Whether a condition asks what data without a schema is.
    pub(super) fn asks_of_data(&mut self, condition: &Expr) -> bool {
        match &condition.kind {
            ExprKind::Unary { operator: UnaryOperator::Not, operand } => self.asks_of_data(operand),
            ExprKind::Chain { first, rest } if matches!(rest.first(), Some((Op::And | Op::Or, ..))) => {
                self.asks_of_data(first) || rest.iter().any(|(_, _, operand)| self.asks_of_data(operand))
            }
            _ => match self.test_of(condition) {
                Some((subject, _)) if is_short(subject) => {
                    let ty = self.type_of_asked(subject);
                    self.table.shallow(&ty) == Type::Any
                }
                _ => false,
            },
        }
    }

    /// The type of what a condition asks about; its mistakes are told where it is checked.
    fn type_of_asked(&mut self, subject: &Expr) -> Type {
        let before = self.mark();
        let (_, ty) = self.infer(subject);
        self.rollback(before);
        ty
    }

    /// The type of a variable of which a condition has found out what it is.
    pub(super) fn as_tested(&mut self, ty: &Type, facts: &[Fact]) -> Option<Type> {
        let mut narrowed = None;
        for fact in facts.iter().filter(|fact| fact.path.is_empty()) {
            let ty = self.table.shallow(narrowed.as_ref().unwrap_or(ty));
            narrowed = match (fact.is, &ty) {
                (Known::Is(Kind::Null), _) => None,
                (Known::Is(kind), Type::Any) => Some(kind.of_data()),
                (Known::Is(kind), Type::Optional(inner)) => {
                    let inner = self.table.shallow(inner);
                    Some(if inner == Type::Any { kind.of_data() } else { inner })
                }
                (Known::IsNot(Kind::Null), Type::Optional(_)) => Some(self.not_null(&ty)),
                // What has become a `Float` may have been an integer.
                (Known::Is(Kind::Int) | Known::IsNot(Kind::Float), Type::Float) => None,
                // It is never of another kind than its type says: nothing uses it here.
                (Known::Is(kind), known) if Kind::of_type(known).is_some_and(|known| known != kind) => {
                    Some(self.table.fresh())
                }
                (Known::IsNot(kind), known) if Kind::of_type(known) == Some(kind) => Some(self.table.fresh()),
                _ => None,
            }
            .or(narrowed);
        }
        narrowed
    }
}

/// Whether what is asked about is a variable or an attribute of one, which is checked quickly once more.
pub(super) fn is_short(subject: &Expr) -> bool {
    match &subject.kind {
        ExprKind::Variable(_) => true,
        ExprKind::Select { base, path, default: None } => {
            matches!(base.kind, ExprKind::Variable(_)) && static_path(path).is_some()
        }
        _ => false,
    }
}
