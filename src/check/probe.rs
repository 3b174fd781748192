//! What could stand at a place: for completion.
//!
//! A name is written where somebody wants to know, and the expression around it is checked as any other;
//! when the checker comes to that name it notes what it knows there. That the name itself is unknown does
//! not matter.

use std::sync::Arc;

use super::scope::With;
use super::{Checker, Context};
use crate::syntax::ast::{self, Name};
use crate::text::{Source, Span};
use crate::types::tir::NamedString;
use crate::types::{Scheme, Type};

/// A name about which something is wanted to be known.
pub(super) struct Probe {
    at: Span,
    found: Option<Found>,
}

/// What could stand at a place.
#[derive(Clone, Debug)]
pub enum Found {
    /// A field of a value of this type, which stands there.
    Fields(Type, Span),
    /// A member of a set of builtins.
    Module(String),
    /// A name: variables that are bound around, innermost last, and what an enclosing `with` has.
    Scope {
        /// Variables with their types.
        variables: Vec<(Name, Type)>,
        /// Types of the values of enclosing `with`s.
        values: Vec<Type>,
        /// Sets of builtins of enclosing `with`s.
        modules: Vec<String>,
    },
}

/// What is known of an expression that may have mistakes.
#[derive(Clone, Debug)]
pub struct Probed {
    /// What could stand at the place that was asked for.
    pub found: Option<Found>,
    /// The names in its strings.
    pub names: Vec<NamedString>,
}

/// Checks an expression for what could stand at a place of it.
pub fn probe(source: &Arc<Source>, expr: &ast::Expr, at: Span, context: &Context<'_>) -> Probed {
    let mut checker = Checker::new(source, context);
    checker.probe = Some(Probe { at, found: None });
    checker.scopes.enter_frame(Vec::new());
    checker.infer(expr);
    let found = checker.probe.take().and_then(|probe| probe.found);
    let known = |ty: &Type| checker.table.resolve(ty);
    let found = found.map(|found| match found {
        Found::Fields(ty, base) => Found::Fields(known(&ty), base),
        Found::Module(path) => Found::Module(path),
        Found::Scope { variables, values, modules } => Found::Scope {
            variables: variables.iter().map(|(name, ty)| (name.clone(), known(ty))).collect(),
            values: values.iter().map(known).collect(),
            modules,
        },
    });
    Probed { found, names: checker.names }
}

impl Checker<'_> {
    fn is_probed(&self, span: Span) -> bool {
        self.probe.as_ref().is_some_and(|probe| probe.at == span)
    }

    fn note(&mut self, found: Found) {
        if let Some(probe) = &mut self.probe {
            probe.found = Some(found);
        }
    }

    /// Notes the type of the value whose field a name is.
    pub(super) fn probe_fields(&mut self, span: Span, ty: &Type, base: Span) {
        if self.is_probed(span) {
            self.note(Found::Fields(ty.clone(), base));
        }
    }

    /// Notes the set of builtins whose member a name is.
    pub(super) fn probe_module(&mut self, span: Span, path: &str) {
        if self.is_probed(span) {
            self.note(Found::Module(path.to_owned()));
        }
    }

    /// Notes what a name could mean.
    pub(super) fn probe_scope(&mut self, span: Span) {
        if !self.is_probed(span) {
            return;
        }
        let plain = |scheme: &Scheme| scheme.ty.clone();
        let variables = self.scopes.variables().map(|(name, scheme)| (name.clone(), plain(scheme))).collect();
        let (mut values, mut modules) = (Vec::new(), Vec::new());
        for with in self.scopes.withs() {
            match with {
                With::Module(path) => modules.push(path),
                With::Value { ty, .. } => values.push(ty),
            }
        }
        self.note(Found::Scope { variables, values, modules });
    }
}
