//! Functions: their parameters, their patterns, and their bodies.

use std::sync::Arc;

use super::Checker;
use super::bindings::{selection, variable};
use super::narrow::is_null;
use super::scope::WHOLE;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Expr, Name, Parameter, Pattern, PatternField};
use crate::syntax::lex::lexemes;
use crate::text::{Span, did_you_mean, list_and, quoted};
use crate::types::schema::CLOSURE_ARGUMENTS;
use crate::types::tir::{self, Body, Group, Lambda};
use crate::types::{Field, Named, Needed, Record, Rest, Type};

/// What functions that are modules take, and nothing else does.
const MODULE_ARGUMENTS: [&str; 4] = ["config", "lib", "options", "pkgs"];

impl Checker<'_> {
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
        let known = std::mem::take(&mut self.of_argument);
        let expected = expected.map(|ty| self.table.shallow(ty));
        let is_predicate = expected == Some(Type::Filter) && self.is_predicate(parameter, body);
        let (expected_parameter, expected_result) = match expected {
            _ if is_predicate => (Some(Type::Named(Named::Machine)), Some(Type::Bool)),
            Some(Type::Function(parameter, result)) => {
                (Some(Type::clone(&parameter)), Some(Type::clone(&result)))
            }
            Some(Type::Any) => (Some(Type::Any), Some(Type::Any)),
            Some(Type::Filter) => {
                (Some(Type::String), Some(Type::function(Type::Any, Type::list(Type::Any))))
            }
            _ => (None, None),
        };
        let slot = self.scopes.slot();
        let (parameter_type, lowered, span) = match parameter {
            Parameter::Name(name, span) => {
                let ty = expected_parameter.unwrap_or_else(|| self.table.fresh());
                let scheme = self.scheme_of(&ty);
                self.scopes.declare(name.clone(), slot, scheme);
                if !known.is_empty() {
                    self.learn(name, known);
                }
                (ty, tir::Parameter::Value, *span)
            }
            Parameter::Pattern(pattern) => {
                let (ty, lowered) = self.pattern(pattern, slot, expected_parameter);
                (ty, lowered, pattern.span)
            }
        };
        if is_predicate {
            let whole = span.to(body.span);
            let help = format!("write `where ({})`", self.source.slice(whole));
            let diagnostic =
                Diagnostic::error(Code::TypeMismatch, "expected a filter, found a question about a machine")
                    .help(help);
            self.report(diagnostic, whole, "this is asked about each machine");
        }
        let (body, result) = self.go(body, expected_result.as_ref());
        let source = Arc::clone(&self.source);
        let needed = Needed::of(&lowered, &body);
        let finish = move |slots: u32| Lambda {
            parameter: lowered,
            body: Body { expr: body, slots, source },
            name,
            span,
            needed,
        };
        // What a mistake gives fits everywhere, so that it is told once.
        (finish, if is_predicate { self.table.fresh() } else { Type::function(parameter_type, result) })
    }

    /// Whether a function reads fields of what it is given: as a filter it would be given the name of a
    /// cluster, which has none.
    fn is_predicate(&self, parameter: &Parameter, body: &Expr) -> bool {
        let Parameter::Name(name, _) = parameter else { return false };
        let text = self.source.slice(body.span);
        let words: Vec<&str> =
            lexemes(text).iter().filter_map(|lexeme| text.get(lexeme.span.range())).collect();
        words.windows(2).any(|pair| matches!(pair, [word, "."] if *word == &**name))
    }

    fn pattern(&mut self, pattern: &Pattern, slot: u32, expected: Option<Type>) -> (Type, tir::Parameter) {
        let expected = expected.map(|ty| self.table.shallow(&ty));
        let given = expected.as_ref().and_then(|ty| self.as_record(ty));
        let any = matches!(expected, Some(Type::Any));
        // `lib` has functions for values of all types, and `config` is free-form.
        let of_module = self.context.in_inventory
            && pattern.fields.iter().all(|field| MODULE_ARGUMENTS.contains(&&*field.name));
        let mut fields = Vec::with_capacity(pattern.fields.len());
        let mut slots = Vec::with_capacity(pattern.fields.len());
        // By this name the whole argument is found again.
        let whole: Name = WHOLE.into();
        let whole_type = expected.clone().unwrap_or(Type::Any);
        let whole_type = self.scheme_of(&whole_type);
        self.scopes.declare(whole.clone(), slot, whole_type);
        for field in &pattern.fields {
            let known = given.as_ref().and_then(|record| record.field(&field.name));
            let ty = match known {
                Some(known) => known.ty.clone(),
                None if any || of_module => Type::Any,
                None => self.table.fresh(),
            };
            // `{ port ? null }` takes null, too, whatever is given.
            let ty = match (&field.default, self.table.shallow(&ty)) {
                (Some(default), known) if is_null(default) && !matches!(known, Type::Variable(_)) => {
                    Type::optional(known)
                }
                _ => ty,
            };
            let slot = self.scopes.slot();
            let scheme = self.scheme_of(&ty);
            let id = self.scopes.declare(field.name.clone(), slot, scheme);
            if self.table.shallow(&ty) == Type::Any {
                self.remember_origin(
                    &field.name,
                    id,
                    &selection(&variable(&whole, field.span), &field.name, field.span),
                );
            }
            slots.push(slot);
            let mut optional = field.default.is_some();
            if let (None, Some(given), false) = (known, &given, optional)
                && given.rest == Rest::Closed
            {
                self.not_given(field, given);
                // It has been told; the rest of the pattern is still checked.
                optional = true;
            }
            fields.push(Field { name: field.name.clone(), ty, optional });
        }
        let rest = if pattern.open { self.table.fresh_row() } else { Rest::Closed };
        let ty = if any { Type::Any } else { Type::record(fields.clone(), rest) };
        if let Some((name, _)) = &pattern.whole {
            // What is given is more than what the pattern names.
            let known = expected.filter(|_| pattern.open && given.is_some());
            let scheme = self.scheme_of(known.as_ref().unwrap_or(&ty));
            self.scopes.declare(name.clone(), slot, scheme);
        }
        let mut lowered = Vec::with_capacity(fields.len());
        for ((field, slot), typed) in pattern.fields.iter().zip(slots).zip(&fields) {
            let default = field.default.as_ref().map(|default| {
                if is_null(default) {
                    self.may_be_null(&self.table.shallow(&typed.ty));
                }
                self.delay(default, Some(&typed.ty)).0
            });
            lowered.push(tir::PatternField { name: field.name.clone(), slot, default });
        }
        (ty, tir::Parameter::Pattern { fields: lowered, open: pattern.open })
    }

    /// A pattern names an argument that its function is never given.
    fn not_given(&mut self, field: &PatternField, given: &Record) {
        let is_closure = given.fields.iter().all(|given| CLOSURE_ARGUMENTS.contains(&&*given.name));
        let known: Vec<&str> = match is_closure {
            true => CLOSURE_ARGUMENTS.to_vec(),
            false => given.fields.iter().map(|field| &*field.name).collect(),
        };
        let help = did_you_mean(&field.name, known.iter().copied())
            .unwrap_or_else(|| format!("what is given is {}", list_and(&known)));
        let message = format!("nothing is given as {}", quoted(&field.name));
        self.report(Diagnostic::error(Code::UnknownArgument, message).help(help), field.span, "not given");
    }
}
