//! Types of expressions, and the expressions that the evaluator runs.

use std::sync::Arc;

use super::Checker;
use super::scope::{Entry, With};
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind, Name, Parameter, Pattern, StringPart, UnaryOperator};
use crate::syntax::parse;
use crate::text::{Span, did_you_mean, quoted};
use crate::types::tir::{self, Body, Constant, Group, Lambda, Root};
use crate::types::{Constraint, Field, Rest, Type};

impl Checker<'_> {
    /// Infers, or checks where a type is expected.
    pub(super) fn go(&mut self, expr: &Expr, expected: Option<&Type>) -> (tir::Expr, Type) {
        match expected {
            Some(expected) => self.check(expr, expected),
            None => self.infer(expr),
        }
    }

    /// Checks that an expression has the expected type; gives the type that it has, or the expected
    /// one where it has another, so that the mistake is told once.
    pub(super) fn check(&mut self, expr: &Expr, expected: &Type) -> (tir::Expr, Type) {
        let (lowered, found) = self.expression(expr, Some(expected));
        let agrees = self.unify(expected, &found, expr.span);
        (lowered, if agrees { found } else { expected.clone() })
    }

    /// Infers the type of an expression.
    pub(super) fn infer(&mut self, expr: &Expr) -> (tir::Expr, Type) {
        self.expression(expr, None)
    }

    /// An expression whose value may not be needed: evaluated when it is, unless that is no work.
    pub(super) fn delay(&mut self, expr: &Expr, expected: Option<&Type>) -> (tir::Expr, Type) {
        if self.is_immediate(expr) {
            return self.go(expr, expected);
        }
        self.scopes.enter_frame(Vec::new());
        let (lowered, ty) = self.go(expr, expected);
        let frame = self.scopes.leave_frame();
        let body = Body { expr: lowered, slots: frame.slots, source: Arc::clone(&self.source) };
        let kind = tir::ExprKind::Delayed(Arc::new(body), frame.captures);
        (tir::Expr { kind, span: expr.span }, ty)
    }

    /// Whether making the value now costs no more than delaying it, and cannot fail.
    fn is_immediate(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Path(_) | ExprKind::Lambda { .. } => true,
            ExprKind::String(parts) => parts.iter().all(|part| matches!(part, StringPart::Text(_))),
            ExprKind::Variable(name) => match self.scopes.lookup(name) {
                Some(Entry::Variable { .. }) => true,
                Some(_) => false,
                None => builtins::find("nix", name).is_some(),
            },
            ExprKind::List(_) => true,
            ExprKind::AttrSet { recursive: false, bindings } => bindings.iter().all(|binding| match binding {
                crate::syntax::ast::Binding::Value { path, .. } => path
                    .iter()
                    .all(|name| matches!(name.kind, crate::syntax::ast::AttrNameKind::Static(_))),
                crate::syntax::ast::Binding::Inherit { .. } => true,
            }),
            _ => false,
        }
    }

    fn expression(&mut self, expr: &Expr, expected: Option<&Type>) -> (tir::Expr, Type) {
        stacker::maybe_grow(128 * 1024, 1024 * 1024, || self.expression_here(expr, expected))
    }

    fn expression_here(&mut self, expr: &Expr, expected: Option<&Type>) -> (tir::Expr, Type) {
        let span = expr.span;
        let at = |kind: tir::ExprKind| tir::Expr { kind, span };
        match &expr.kind {
            ExprKind::Int(number) => (at(tir::ExprKind::Constant(Constant::Int(*number))), Type::Int),
            ExprKind::Float(number) => (at(tir::ExprKind::Constant(Constant::Float(*number))), Type::Float),
            ExprKind::Path(path) => {
                let diagnostic = Diagnostic::error(Code::Syntax, "a path can only be imported")
                    .help(format!("write `import {path}`"));
                self.report(diagnostic, span, "a path by itself");
                (self.nothing(span), Type::Any)
            }
            ExprKind::String(parts) => self.string(parts, span),
            ExprKind::Variable(name) => self.variable(name, span),
            ExprKind::List(items) => self.list(items, span, expected),
            ExprKind::AttrSet { recursive, bindings } => {
                let plan = self.plan(*recursive, bindings);
                self.attr_set(plan, span, expected)
            }
            ExprKind::Let { bindings, body } => self.let_in(bindings, body, span, expected),
            ExprKind::If { condition, then, otherwise } => {
                self.conditional(condition, then, otherwise, span, expected)
            }
            ExprKind::With { scope, body } => self.with(scope, body, span, expected),
            ExprKind::Assert { condition, body } => {
                let (condition, _) = self.check(condition, &Type::Bool);
                let (body, ty) = self.go(body, expected);
                (at(tir::ExprKind::Assert { condition: Box::new(condition), body: Box::new(body) }), ty)
            }
            ExprKind::Lambda { parameter, body } => self.lambda(parameter, body, span, expected, None),
            ExprKind::Apply { function, arguments } => self.apply(function, arguments, span),
            ExprKind::Select { base, path, default } => {
                self.select(base, path, default.as_deref(), span, expected)
            }
            ExprKind::HasAttr { base, path } => self.has_attr(base, path, span),
            ExprKind::Unary { operator: UnaryOperator::Not, operand } => self.not(operand, span),
            ExprKind::Unary { operator: UnaryOperator::Negate, operand } => self.negate(operand, span),
            ExprKind::Chain { first, rest } => self.chain(first, rest, span, expected),
            ExprKind::Ascription { value, ty } => {
                let ty = self.written_type(ty);
                let (value, found) = self.check(value, &ty);
                let unchecked = self.assumes(&ty, &found);
                let value = if unchecked {
                    let ty = self.table.resolve(&ty);
                    at(tir::ExprKind::Checked { value: Box::new(value), ty })
                } else {
                    value
                };
                (value, ty)
            }
        }
    }

    /// Stands for an expression that has a mistake; never evaluated.
    pub(super) fn nothing(&self, span: Span) -> tir::Expr {
        tir::Expr { kind: tir::ExprKind::Constant(Constant::Null), span }
    }

    fn string(&mut self, parts: &[StringPart], span: Span) -> (tir::Expr, Type) {
        if let [] | [StringPart::Text(_)] = parts {
            let text: Name = match parts {
                [StringPart::Text(text)] => text.clone(),
                _ => "".into(),
            };
            return (tir::Expr { kind: tir::ExprKind::Constant(Constant::String(text)), span }, Type::String);
        }
        let mut lowered = Vec::with_capacity(parts.len());
        for part in parts {
            lowered.push(match part {
                StringPart::Text(text) => {
                    tir::Expr { kind: tir::ExprKind::Constant(Constant::String(text.clone())), span }
                }
                StringPart::Interpolation(inner) => {
                    let (value, found) = self.infer(inner);
                    if self.table.unify(&Type::String, &found).is_err() {
                        let shown = self.show(&found);
                        let diagnostic = Diagnostic::error(
                            Code::TypeMismatch,
                            format!("expected a `String` inside `${{}}`, found {shown}"),
                        )
                        .help(format!("write `${{toString ({})}}`", self.source.slice(inner.span)));
                        self.report(diagnostic, inner.span, format!("this is {shown}"));
                    }
                    value
                }
            });
        }
        (tir::Expr { kind: tir::ExprKind::Interpolate(lowered), span }, Type::String)
    }

    fn list(&mut self, items: &[Expr], span: Span, expected: Option<&Type>) -> (tir::Expr, Type) {
        let expected = expected.map(|ty| self.table.shallow(ty));
        let wanted = match &expected {
            Some(Type::List(element)) => Some(Type::clone(element)),
            Some(Type::Any) => Some(Type::Any),
            Some(Type::Filter) => Some(Type::Filter),
            _ => None,
        };
        let mut lowered = Vec::with_capacity(items.len());
        let mut element: Option<Type> = None;
        let mut first: Option<Span> = None;
        let mut mixed = false;
        for item in items {
            // Elements are checked against what is expected as a whole list, so that a mistake in the
            // way it is written is told as one.
            let (value, found) = self.delay_hinted(item, wanted.as_ref());
            lowered.push(value);
            if mixed {
                continue;
            }
            element = Some(match element {
                None => {
                    first = Some(item.span);
                    found
                }
                Some(before) => match self.join(&before, &found) {
                    Some(joined) => joined,
                    None if matches!(wanted, Some(Type::Any)) => Type::Any,
                    None => {
                        mixed = true;
                        self.mixed_list(items, &before, first.unwrap_or(span), &found, item.span);
                        Type::Any
                    }
                },
            });
        }
        let mut ty = element.unwrap_or_else(|| self.table.fresh());
        if let Some(wanted) = &wanted
            && !mixed
        {
            if matches!(wanted, Type::Any) {
                ty = Type::Any;
            } else if self.table.unify(wanted, &ty).is_err() {
                // One element that does not fit is told at its own place.
                let unfit = items.first().map_or(span, |item| item.span);
                self.unify(wanted, &ty, unfit);
                ty = wanted.clone();
            }
        }
        if mixed {
            ty = wanted.unwrap_or_else(|| self.table.fresh());
        }
        (tir::Expr { kind: tir::ExprKind::List(lowered), span }, Type::list(ty))
    }

    /// Like [`Checker::delay`] with an expected type that is only a hint: the caller unifies.
    pub(super) fn delay_hinted(&mut self, expr: &Expr, hint: Option<&Type>) -> (tir::Expr, Type) {
        if self.is_immediate(expr) {
            return self.expression(expr, hint);
        }
        self.scopes.enter_frame(Vec::new());
        let (lowered, ty) = self.expression(expr, hint);
        let frame = self.scopes.leave_frame();
        let body = Body { expr: lowered, slots: frame.slots, source: Arc::clone(&self.source) };
        let kind = tir::ExprKind::Delayed(Arc::new(body), frame.captures);
        (tir::Expr { kind, span: expr.span }, ty)
    }

    /// `with e; body`
    fn with(&mut self, scope: &Expr, body: &Expr, span: Span, expected: Option<&Type>) -> (tir::Expr, Type) {
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

    /// A name: bound around, of Nix's own, of a `with`, of the inventory or of invq, in this order.
    fn variable(&mut self, name: &Name, span: Span) -> (tir::Expr, Type) {
        let at = |kind: tir::ExprKind| tir::Expr { kind, span };
        match self.scopes.lookup(name).cloned() {
            Some(Entry::Variable { id, frame, slot, scheme, .. }) => {
                let ty = self.table.instantiate(&scheme);
                return (at(self.scopes.locate(id, frame, slot)), ty);
            }
            Some(Entry::Module { path, .. }) => return self.module_value(&path, span),
            Some(Entry::With(_)) | None => {}
        }
        if let Some(index) = builtins::find("nix", name) {
            return self.builtin(index, span);
        }
        let mut scopes = Vec::new();
        let mut ty = None;
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
                            match (record.field(name), record.rest) {
                                (Some(field), _) if !field.optional => {
                                    let found = self.field_of(scope, name, &record, &scope_type, span);
                                    return self.with_lookup(name, scopes, ty, Some(found), span);
                                }
                                (None, Rest::Closed) => {}
                                _ => {
                                    ty = Some(Type::Any);
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
                            scopes.push(scope);
                        }
                    }
                }
            }
        }
        let fallback = self.global(name, span);
        if scopes.is_empty() && fallback.is_none() {
            self.unknown_name(name, span);
            return (self.nothing(span), self.table.fresh());
        }
        self.with_lookup(name, scopes, ty, fallback, span)
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
                let (fallback, other) = fallback.map_or((None, None), |(expr, ty)| (Some(Box::new(expr)), Some(ty)));
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
        if let Some(index) = self.context.hosts.iter().position(|(known, _)| known == name) {
            let scheme = self.context.hosts.get(index).map(|(_, scheme)| scheme.clone())?;
            return Some((at(tir::ExprKind::Host(index as u32)), self.table.instantiate(&scheme)));
        }
        if let Some((root, _, ty, _)) = Root::ALL.iter().find(|(_, known, _, _)| **known == **name) {
            let ty = parse::type_expression(&crate::text::Source::new("<type>", *ty))
                .ok()
                .and_then(|expression| crate::types::from_expression(&expression).ok())
                .map_or(Type::Any, |scheme| scheme.ty);
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

    fn unknown_name(&mut self, name: &Name, span: Span) {
        if let Some(help) = parse::foreign_word(name) {
            let diagnostic =
                Diagnostic::error(Code::ForeignSyntax, format!("{} is not written this way", quoted(name)))
                    .help(help);
            self.report(diagnostic, span, "from another language");
            return;
        }
        let inventory = self.context.inventory;
        let machine = inventory.is_some_and(|inventory| inventory.find_nodes(name).next().is_some());
        let tag = inventory.is_some_and(|inventory| inventory.find_tag(name).is_some());
        let diagnostic = Diagnostic::error(Code::UnknownName, format!("no variable is called {}", quoted(name)));
        let (diagnostic, label) = match (machine, tag) {
            (true, _) => (diagnostic.help(format!("write `hostname \"{name}\"`")), "a machine, but no variable"),
            (false, true) => (diagnostic.help(format!("write `tag \"{name}\"`")), "a tag, but no variable"),
            (false, false) => {
                let mut known: Vec<Name> = self.scopes.names();
                known.extend(self.context.hosts.iter().map(|(name, _)| name.clone()));
                known.extend(self.context.filters.iter().cloned());
                let fixed = Root::ALL.iter().map(|(_, name, _, _)| *name);
                let fixed = fixed.chain(builtins::names("bare")).chain(builtins::names("nix"));
                known.extend(fixed.map(Name::from));
                let help = did_you_mean(name, known.iter().map(|name| &**name));
                (diagnostic.maybe_help(help), "not bound")
            }
        };
        self.report(diagnostic, span, label);
    }

    /// A function by itself.
    pub(super) fn lambda(
        &mut self,
        parameter: &Parameter,
        body: &Expr,
        span: Span,
        expected: Option<&Type>,
        name: Option<Name>,
    ) -> (tir::Expr, Type) {
        self.scopes.enter_frame(Vec::new());
        let scope = self.scopes.len();
        let (lambda, ty) = self.lambda_body(parameter, body, expected, name);
        self.scopes.truncate(scope);
        let frame = self.scopes.leave_frame();
        let group = Group { lambdas: vec![lambda(frame.slots)] };
        (tir::Expr { kind: tir::ExprKind::Lambda(Arc::new(group), frame.captures), span }, ty)
    }

    /// The parameter and body of a function whose frame has been entered. The result waits for the
    /// number of slots, which is known when the frame is left.
    pub(super) fn lambda_body(
        &mut self,
        parameter: &Parameter,
        body: &Expr,
        expected: Option<&Type>,
        name: Option<Name>,
    ) -> (impl FnOnce(u32) -> Lambda + use<>, Type) {
        let expected = expected.map(|ty| self.table.shallow(ty));
        let (expected_parameter, expected_result) = match expected {
            Some(Type::Function(parameter, result)) => (Some(Type::clone(&parameter)), Some(Type::clone(&result))),
            Some(Type::Any) => (Some(Type::Any), Some(Type::Any)),
            Some(Type::Filter) => (
                Some(Type::String),
                Some(Type::function(Type::Any, Type::list(Type::Any))),
            ),
            _ => (None, None),
        };
        let slot = self.scopes.slot();
        let (parameter_type, lowered, span) = match parameter {
            Parameter::Name(name, span) => {
                let ty = expected_parameter.unwrap_or_else(|| self.table.fresh());
                let scheme = self.scheme_of(&ty);
                self.scopes.declare(name.clone(), slot, scheme);
                (ty, tir::Parameter::Value, *span)
            }
            Parameter::Pattern(pattern) => {
                let (ty, lowered) = self.pattern(pattern, slot, expected_parameter);
                (ty, lowered, pattern.span)
            }
        };
        let (body, result) = self.go(body, expected_result.as_ref());
        let source = Arc::clone(&self.source);
        let finish = move |slots: u32| Lambda {
            parameter: lowered,
            body: Body { expr: body, slots, source },
            name,
            span,
        };
        (finish, Type::function(parameter_type, result))
    }

    fn pattern(&mut self, pattern: &Pattern, slot: u32, expected: Option<Type>) -> (Type, tir::Parameter) {
        let expected = expected.map(|ty| self.table.shallow(&ty));
        let given = expected.as_ref().and_then(|ty| self.as_record(ty));
        let any = matches!(expected, Some(Type::Any));
        let mut fields = Vec::with_capacity(pattern.fields.len());
        let mut slots = Vec::with_capacity(pattern.fields.len());
        for field in &pattern.fields {
            let known = given.as_ref().and_then(|record| record.field(&field.name));
            let ty = match known {
                Some(known) => known.ty.clone(),
                None if any => Type::Any,
                None => self.table.fresh(),
            };
            let slot = self.scopes.slot();
            let scheme = self.scheme_of(&ty);
            self.scopes.declare(field.name.clone(), slot, scheme);
            slots.push(slot);
            fields.push(Field { name: field.name.clone(), ty, optional: field.default.is_some() });
        }
        let rest = if pattern.open { self.table.fresh_row() } else { Rest::Closed };
        let ty = if any { Type::Any } else { Type::record(fields.clone(), rest) };
        if let Some((name, _)) = &pattern.whole {
            let scheme = self.scheme_of(&ty);
            self.scopes.declare(name.clone(), slot, scheme);
        }
        let mut lowered = Vec::with_capacity(fields.len());
        for ((field, slot), typed) in pattern.fields.iter().zip(slots).zip(&fields) {
            let default = field.default.as_ref().map(|default| self.delay(default, Some(&typed.ty)).0);
            lowered.push(tir::PatternField { name: field.name.clone(), slot, default });
        }
        (ty, tir::Parameter::Pattern { fields: lowered, open: pattern.open })
    }

    fn conditional(
        &mut self,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> (tir::Expr, Type) {
        let (lowered_condition, _) = self.check(condition, &Type::Bool);
        let scope = self.scopes.len();
        self.narrow(condition, true);
        let (lowered_then, a) = self.go(then, expected);
        self.scopes.truncate(scope);
        self.narrow(condition, false);
        let (lowered_otherwise, b) = self.go(otherwise, expected);
        self.scopes.truncate(scope);
        let ty = match self.join(&a, &b) {
            Some(ty) => ty,
            None => {
                if !matches!(expected.map(|ty| self.table.shallow(ty)), Some(Type::Any)) {
                    self.branches_differ(then.span, &a, otherwise.span, &b);
                }
                Type::Any
            }
        };
        let kind = tir::ExprKind::If {
            condition: Box::new(lowered_condition),
            then: Box::new(lowered_then),
            otherwise: Box::new(lowered_otherwise),
        };
        (tir::Expr { kind, span }, ty)
    }

    /// A type that only some types may become.
    pub(super) fn constrained(&mut self, constraint: Constraint) -> Type {
        self.table.fresh_constrained(constraint)
    }
}
