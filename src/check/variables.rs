//! What names mean: variables, attributes of `with`, builtins, and what the inventory brings.

use std::sync::Arc;

use super::Checker;
use super::meant;
use super::scope::{BindingId, Entry, Fact, Known, Origin, With};
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{AttrNameKind, Expr, ExprKind, Name};
use crate::syntax::parse;
use crate::text::{Span, quoted};
use crate::types::tir::{self, Root};
use crate::types::{Field, Named, Rest, Type, from_own_text, schema};

/// Through how many variables the place of a value is followed.
const ORIGINS: u32 = 4;

/// Behind so many mistakes, nothing is suggested for another unknown name: finding out what could be meant is
/// most of the work of a long text that is something else altogether.
const SUGGESTED: usize = 500;

/// A chain of selections with names that are written out, without its defaults.
fn plain_selection(expr: &Expr) -> Option<Expr> {
    let kind = match &expr.kind {
        ExprKind::Select { base, path, .. }
            if path.iter().all(|name| matches!(name.kind, AttrNameKind::Static(_))) =>
        {
            let base = match &base.kind {
                ExprKind::Variable(_) => Expr::clone(base),
                _ => plain_selection(base)?,
            };
            ExprKind::Select { base: Box::new(base), path: path.clone(), default: None }
        }
        _ => return None,
    };
    Some(Expr { kind, span: expr.span })
}

/// With what a chain of selections begins.
fn start_of(selection: &Expr) -> Option<&Expr> {
    match &selection.kind {
        ExprKind::Select { base, .. } => match &base.kind {
            ExprKind::Select { .. } => start_of(base),
            _ => Some(base),
        },
        _ => None,
    }
}

impl Checker<'_> {
    /// `with e; body`
    pub(super) fn with(
        &mut self,
        scope: &Expr,
        body: &Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> (tir::Expr, Type) {
        let before = self.scopes.len();
        if let Some(path) = self.module_path(scope) {
            self.scopes.with_module(path);
            let (body, ty) = self.go(body, expected);
            self.scopes.truncate(before);
            return (body, ty);
        }
        let (value, scope_type) = self.delay(scope, None);
        match self.table.shallow(&scope_type) {
            Type::Any | Type::Variable(_) | Type::Record(_) | Type::Dictionary(_) | Type::Named(_) => {}
            other => {
                let shown = self.show(&other);
                let diagnostic = Diagnostic::error(
                    Code::TypeMismatch,
                    format!("expected an attribute set after `with`, found {shown}"),
                )
                .help("name the set whose attributes are meant");
                self.report(diagnostic, scope.span, format!("this is {shown}"));
            }
        }
        let slot = self.scopes.slot();
        self.scopes.with_value(slot, scope_type);
        let (body, ty) = self.go(body, expected);
        self.scopes.truncate(before);
        let bindings = vec![tir::Binding::Plain { slot, value }];
        (tir::Expr { kind: tir::ExprKind::Let { bindings, body: Box::new(body) }, span }, ty)
    }

    /// Remembers what a variable is bound to, where that is an attribute of another.
    pub(super) fn remember_origin(&mut self, bound: &Name, id: BindingId, value: &Expr) {
        if let Some(selection) = plain_selection(value)
            && let Some(start) = start_of(&selection)
            && let ExprKind::Variable(name) = &start.kind
        {
            let root = self.scopes.binding(name);
            let origin = Origin { selection: Arc::new(selection), root };
            self.scopes.set_origin(bound, id, &origin);
        }
    }

    /// A variable with what it is bound to, where the name with which that begins means here what it
    /// means there.
    fn with_origin(&mut self, value: tir::Expr, origin: &Origin) -> tir::Expr {
        let means_the_same = start_of(&origin.selection).is_some_and(|start| match &start.kind {
            ExprKind::Variable(name) => self.scopes.binding(name) == origin.root,
            _ => false,
        });
        if !means_the_same || self.origins >= ORIGINS {
            return value;
        }
        let before = self.mark();
        self.origins += 1;
        let (from, _) = self.infer(&origin.selection);
        self.origins -= 1;
        let is_mistaken = self.diagnostics.len() > before.diagnostics;
        self.rollback(before);
        if is_mistaken {
            return value;
        }
        let span = value.span;
        tir::Expr { kind: tir::ExprKind::Named { value: Box::new(value), from: Box::new(from) }, span }
    }

    /// A name: bound around, of Nix's own, of a `with`, of the inventory or of invq, in this order.
    pub(super) fn variable(&mut self, name: &Name, span: Span) -> (tir::Expr, Type) {
        let at = |kind: tir::ExprKind| tir::Expr { kind, span };
        self.probe_scope(span);
        match self.scopes.lookup(name).cloned() {
            Some(Entry::Variable { id, frame, slot, scheme, facts, from, .. }) => {
                let ty = self.table.instantiate(&scheme);
                let ty = self.with_known_fields(ty, &facts);
                let value = at(self.scopes.locate(id, frame, slot));
                return match from {
                    Some(origin) if self.table.shallow(&ty) == Type::Any => {
                        (self.with_origin(value, &origin), ty)
                    }
                    _ => (value, ty),
                };
            }
            Some(Entry::Module { path, .. }) => return self.module_value(&path, span),
            Some(Entry::With(_) | Entry::NotNull { .. }) | None => {}
        }
        // What Nix has in `builtins` alone has a name of its own, too: `__length`.
        let own = builtins::find("nix", name);
        if let Some(index) = own.or_else(|| builtins::find("builtins", name.strip_prefix("__")?)) {
            return self.builtin(index, span);
        }
        let mut scopes = Vec::new();
        let mut ty = None;
        let mut unknown = None;
        for with in self.scopes.withs() {
            match with {
                With::Module(path) => {
                    let index = builtins::find(&path, name);
                    let inner = format!("{path}.{name}");
                    let found = match index {
                        Some(index) => self.builtin(index, span),
                        None if builtins::is_module(&inner) => self.module_value(&inner, span),
                        None => continue,
                    };
                    return self.with_lookup(name, scopes, ty, Some(found), span);
                }
                With::Value { id, frame, slot, ty: scope_type } => {
                    let scope = at(self.scopes.locate(id, frame, slot));
                    match self.table.shallow(&scope_type) {
                        Type::Record(_) | Type::Named(_) => {
                            let Some(record) = self.as_record(&scope_type) else { continue };
                            match (record.field(name), &record.rest) {
                                (Some(field), _) if !field.optional => {
                                    let found = self.field_of(scope, name, &record, &scope_type, span);
                                    return self.with_lookup(name, scopes, ty, Some(found), span);
                                }
                                (None, Rest::Closed) => {}
                                _ => {
                                    ty = Some(Type::Any);
                                    unknown = Some(scope_type);
                                    scopes.push(scope);
                                }
                            }
                        }
                        Type::Dictionary(value) => {
                            ty = Some(match ty {
                                None => Type::clone(&value),
                                Some(ty) => self.join(&ty, &value).unwrap_or(Type::Any),
                            });
                            scopes.push(scope);
                        }
                        _ => {
                            ty = Some(Type::Any);
                            unknown = Some(scope_type);
                            scopes.push(scope);
                        }
                    }
                }
            }
        }
        let fallback = self.global(name, span);
        if scopes.is_empty() && fallback.is_none() {
            let ty = self.table.fresh();
            self.unknown_name(name, span, &ty);
            return (self.nothing(span), ty);
        }
        // Where nothing else could have the name, the set after `with` must.
        if let (Some(scope_type), [_], None) = (unknown, scopes.as_slice(), &fallback)
            && self.table.shallow(&scope_type) != Type::Any
        {
            ty = Some(self.required_member(&scope_type, name, span));
        }
        self.with_lookup(name, scopes, ty, fallback, span)
    }

    /// The type of a set of which conditions around have found out that fields are there.
    fn with_known_fields(&mut self, ty: Type, facts: &[Fact]) -> Type {
        if facts.is_empty() {
            return ty;
        }
        let Type::Record(record) = self.table.shallow(&ty) else { return ty };
        let is_there = |field: &Field| {
            let is_of_field = |fact: &&Fact| matches!(fact.path.as_slice(), [name] if *name == field.name);
            field.optional && facts.iter().filter(is_of_field).any(|fact| fact.is == Known::Present)
        };
        if !record.fields.iter().any(is_there) {
            return ty;
        }
        let fields = record.fields.iter().map(|field| match is_there(field) {
            true => Field { optional: false, ..field.clone() },
            false => field.clone(),
        });
        Type::record(fields.collect(), record.rest.clone())
    }

    fn with_lookup(
        &mut self,
        name: &Name,
        scopes: Vec<tir::Expr>,
        ty: Option<Type>,
        fallback: Option<(tir::Expr, Type)>,
        span: Span,
    ) -> (tir::Expr, Type) {
        match (scopes.is_empty(), fallback) {
            (true, Some(fallback)) => fallback,
            (_, fallback) => {
                let (fallback, other) =
                    fallback.map_or((None, None), |(expr, ty)| (Some(Box::new(expr)), Some(ty)));
                let ty = match (ty, other) {
                    (Some(ty), None) => ty,
                    (Some(ty), Some(other)) => self.join(&ty, &other).unwrap_or(Type::Any),
                    _ => Type::Any,
                };
                let kind = tir::ExprKind::WithLookup { name: name.clone(), scopes, fallback };
                (tir::Expr { kind, span }, ty)
            }
        }
    }

    /// Names that are weaker than `with`: given from outside, of the inventory, of invq.
    fn global(&mut self, name: &Name, span: Span) -> Option<(tir::Expr, Type)> {
        let at = |kind: tir::ExprKind| tir::Expr { kind, span };
        if let Some(index) = self.context.hosts.iter().rposition(|(known, _)| known == name) {
            let scheme = self.context.hosts.get(index).map(|(_, scheme)| scheme.clone())?;
            return Some((at(tir::ExprKind::Host(index as u32)), self.table.instantiate(&scheme)));
        }
        if let Some((root, _, ty, _)) = Root::ALL.iter().find(|(_, known, _, _)| **known == **name) {
            let ty = from_own_text(ty).ty;
            self.asks_inventory = true;
            return Some((at(tir::ExprKind::Root(*root)), ty));
        }
        if self.context.filters.contains(name) {
            return Some(self.named_filter(name, span));
        }
        if let Some(index) = builtins::find("bare", name) {
            return Some(self.builtin(index, span));
        }
        if self.module_path(&Expr { kind: ExprKind::Variable(name.clone()), span }).is_some() {
            return Some(self.module_value(name, span));
        }
        None
    }

    /// A named filter of the inventory.
    pub(super) fn named_filter(&mut self, name: &Name, span: Span) -> (tir::Expr, Type) {
        self.asks_inventory = true;
        self.filters.push(name.clone());
        (tir::Expr { kind: tir::ExprKind::NamedFilter(name.clone()), span }, Type::Filter)
    }

    /// A builtin, with a type of its own for this use.
    pub(super) fn builtin(&mut self, index: u32, span: Span) -> (tir::Expr, Type) {
        self.asks_inventory |=
            builtins::get(index).is_some_and(|builtin| builtin.scopes.contains(&"filters"));
        let ty = self.table.instantiate(&builtins::scheme(index));
        (tir::Expr { kind: tir::ExprKind::Builtin(index), span }, ty)
    }

    /// A set of builtins as a value.
    pub(super) fn module_value(&mut self, path: &str, span: Span) -> (tir::Expr, Type) {
        let mut members: Vec<(Name, u32)> = builtins::names(path)
            .filter_map(|name| builtins::find(path, name).map(|index| (Name::from(name), index)))
            .collect();
        members.sort();
        members.dedup_by(|(a, _), (b, _)| a == b);
        let mut fields = Vec::with_capacity(members.len());
        let mut values = Vec::with_capacity(members.len());
        for (name, index) in &members {
            let (value, ty) = self.builtin(*index, span);
            fields.push(Field { name: name.clone(), ty, optional: false });
            values.push(value);
        }
        let mut keys: Vec<Name> = members.into_iter().map(|(name, _)| name).collect();
        if path == "filters" {
            for name in self.context.filters {
                if keys.contains(name) {
                    continue;
                }
                let (value, ty) = self.named_filter(name, span);
                let at = keys.partition_point(|key| key < name);
                keys.insert(at, name.clone());
                values.insert(at, value);
                fields.push(Field { name: name.clone(), ty, optional: false });
            }
        }
        let kind = tir::ExprKind::AttrSet { keys: keys.into(), values };
        (tir::Expr { kind, span }, Type::record(fields, Rest::Closed))
    }

    fn unknown_name(&mut self, name: &Name, span: Span, ty: &Type) {
        if let Some(diagnostic) = self.unknown_by_place(name, span) {
            return self.report(diagnostic, span, meant::NOT_BOUND);
        }
        if let Some(help) = parse::foreign_word(name) {
            let diagnostic =
                Diagnostic::error(Code::ForeignSyntax, format!("{} is not written this way", quoted(name)))
                    .help(help);
            self.report(diagnostic, span, "from another language");
            return;
        }
        if &**name == "import" {
            let diagnostic = Diagnostic::error(Code::Syntax, "`import` takes a path that is written out")
                .help("write `import ./part.invq`");
            self.report(diagnostic, span, "no path follows");
            return;
        }
        let diagnostic =
            Diagnostic::error(Code::UnknownName, format!("no variable is called {}", quoted(name)));
        if self.diagnostics.len() >= SUGGESTED {
            return self.report(diagnostic, span, meant::NOT_BOUND);
        }
        let field = schema::field_index(Named::Machine, name).is_some();
        // `web:!lab` reads as a function.
        if let Some(filter) = parse::filter_of_pattern(self.source.text().trim()) {
            let message = "a pattern of names is no expression";
            let diagnostic =
                Diagnostic::error(Code::ForeignSyntax, message).help(format!("write `{filter}`"));
            self.report(diagnostic, span, "here");
            return;
        }
        let other = self.elsewhere(name);
        let other = match (self.field_of_bound(name), other) {
            (Some(of_bound), _) => Some(of_bound),
            (None, Some(other)) if other.is_exact => Some(other),
            _ if field => Some(Checker::field_alone(name)),
            (None, other) => other,
        };
        let names = self.bound_names();
        self.report_meant(diagnostic, (name, span), meant::NOT_BOUND, ty, names, other);
    }
}
