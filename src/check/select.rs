//! Types of selections: `a.b`, `a.b or c`, `a ? b`.

use std::sync::Arc;

use super::Checker;
use super::habits::{left_out, list_method, string_method};
use super::meant::{Candidate, Is, NOT_THERE, annotation_of};
use super::report::null_help;
use super::scope::{Entry, Fact, Known};
use super::unknown::in_module;
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{AttrName, AttrNameKind, Expr, ExprKind, Name};
use crate::syntax::parse;
use crate::text::{Span, nearest, quoted};
use crate::types::tir::{self, Constant, NameKind, NamedString, Root};
use crate::types::{Field, Named, Record, Rest, Type, schema};

/// Longer paths are not made into selections one inside the other.
const LONGEST_CHAIN: usize = 100;

/// What is known about reading an attribute that may not be there.
#[derive(Clone, Copy, PartialEq)]
enum Missing {
    /// It is a mistake.
    Mistake,
    /// There is a default.
    Default,
    /// A condition around has found it to be there.
    Present,
}

impl Checker<'_> {
    pub(super) fn select(
        &mut self,
        base: &Expr,
        path: &[AttrName],
        default: Option<&Expr>,
        span: Span,
        expected: Option<&Type>,
    ) -> (tir::Expr, Type) {
        let (start, start_type, path) = match self.module_path(base) {
            Some(module) => match self.select_builtin(module, path, default.is_some()) {
                Ok((start, ty, rest)) => (start, ty, rest),
                Err(ty) => {
                    return match default {
                        Some(default) => self.go(default, expected),
                        None => (self.nothing(span), ty),
                    };
                }
            },
            None => {
                let before = self.diagnostics.len();
                let (start, ty) = self.infer(base);
                let names: Vec<AttrNameKind> = path.iter().take(2).map(|name| name.kind.clone()).collect();
                self.suggest_machine(before, base, &names, span);
                (start, ty, path)
            }
        };
        if path.is_empty() {
            return (start, start_type);
        }
        let all_static = path.iter().all(|name| matches!(name.kind, AttrNameKind::Static(_)));
        let (lowered, ty) = if all_static && default.is_none() && path.len() <= LONGEST_CHAIN {
            self.select_static(base, start, start_type, path)
        } else {
            self.select_path(start, start_type, path, default.is_some(), span)
        };
        let Some(default) = default else { return (lowered, ty) };
        let (default_value, default_type) = self.infer(default);
        // What nothing is known of may be null, too, where null stands for it.
        let ty = match self.table.shallow(&ty) {
            Type::Variable(_) if default_type == Type::Null => {
                let optional = Type::optional(self.table.fresh());
                let flows = self.table.unify(&optional, &ty).is_ok();
                if flows { optional } else { ty }
            }
            _ => ty,
        };
        let joined = match self.join(&ty, &default_type) {
            Some(joined) => joined,
            None => {
                let (shown, found) = (self.show(&ty), self.show(&default_type));
                let diagnostic = Diagnostic::error(
                    Code::TypeMismatch,
                    format!("expected a default of type {shown}, found {found}"),
                )
                .help(format!("write `or {}`", default_for(&self.table.shallow(&ty))));
                self.report(diagnostic, default.span, format!("this is {found}"));
                ty
            }
        };
        let kind = match lowered.kind {
            tir::ExprKind::SelectPath { base, path, .. } => {
                tir::ExprKind::SelectPath { base, path, default: Some(Box::new(default_value)) }
            }
            other => other,
        };
        (tir::Expr { kind, span }, joined)
    }

    /// Follows a path through sets of builtins; gives the builtin and what is left of the path.
    fn select_builtin<'p>(
        &mut self,
        mut module: String,
        path: &'p [AttrName],
        has_default: bool,
    ) -> Result<(tir::Expr, Type, &'p [AttrName]), Type> {
        for (index, name) in path.iter().enumerate() {
            let AttrNameKind::Static(text) = &name.kind else {
                let (value, ty) = self.module_value(&module, name.span);
                return Ok((value, ty, path.get(index..).unwrap_or(&[])));
            };
            let rest = path.get(index + 1..).unwrap_or(&[]);
            self.probe_module(name.span, &module);
            if let Some(found) = builtins::find(&module, text) {
                let (value, ty) = self.builtin(found, name.span);
                return Ok((value, ty, rest));
            }
            if module == "filters" && self.context.filters.contains(text) {
                let (value, ty) = self.named_filter(text, name.span);
                return Ok((value, ty, rest));
            }
            if let Some(inner) = self.submodule(Some(&module), text) {
                module = inner;
                continue;
            }
            let last = self.table.fresh();
            if !has_default {
                // Of a set inside of this one nothing is known.
                let whole = if rest.is_empty() { last.clone() } else { self.table.fresh() };
                let diagnostic = Diagnostic::error(
                    Code::UnknownField,
                    format!("`{module}` has nothing called {}", quoted(text)),
                )
                .help(format!("`invq doc {module}` lists what it has"));
                match left_out(text).map(str::to_owned).or_else(|| in_module(&module, text)) {
                    Some(reason) => self.report(diagnostic.help(reason), name.span, NOT_THERE),
                    None => {
                        let (members, other) = (self.members(&module), Checker::in_other_set(text));
                        self.report_meant(diagnostic, (text, name.span), NOT_THERE, &whole, members, other);
                    }
                }
            }
            return Err(last);
        }
        let span = path.last().map(|name| name.span).unwrap_or_default();
        let (value, ty) = self.module_value(&module, span);
        Ok((value, ty, &[]))
    }

    fn select_static(
        &mut self,
        base: &Expr,
        start: tir::Expr,
        start_type: Type,
        path: &[AttrName],
    ) -> (tir::Expr, Type) {
        let facts = self.facts(base);
        let mut value = start;
        let mut ty = start_type;
        let mut read: Vec<Name> = Vec::new();
        for name in path {
            let AttrNameKind::Static(text) = &name.kind else { continue };
            self.name_key(&value, text, name.span);
            read.push(text.clone());
            let is = |known| facts.iter().any(|fact| fact.is == known && fact.path == read);
            let missing = if is(Known::Present) { Missing::Present } else { Missing::Mistake };
            let before = value.span;
            let (hint, record) = self.hint(&ty, text);
            ty = self.member(&ty, text, name.span, before, missing);
            if is(Known::NotNull) {
                ty = self.not_null(&ty);
            }
            let name_of = self.shared.name(text);
            let kind = tir::ExprKind::Select { base: Box::new(value), name: name_of, hint, record };
            value = tir::Expr { kind, span: before.to(name.span) };
        }
        (value, ty)
    }

    /// What conditions around have found out about the fields of a variable.
    fn facts(&self, base: &Expr) -> Vec<Fact> {
        match &base.kind {
            ExprKind::Variable(name) => match self.scopes.lookup(name) {
                Some(Entry::Variable { facts, .. }) => facts.clone(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// A literal key of a collection of the inventory names something of it.
    fn name_key(&mut self, base: &tir::Expr, name: &Name, span: Span) {
        let kind = match base.kind {
            tir::ExprKind::Root(Root::Clusters) => NameKind::Cluster,
            tir::ExprKind::Root(Root::Tags) => NameKind::Tag,
            tir::ExprKind::Root(Root::Groups) => NameKind::Group,
            tir::ExprKind::Root(Root::Services) => NameKind::Service,
            tir::ExprKind::Root(Root::Instances) => NameKind::Instance,
            tir::ExprKind::Root(Root::Clouds) => NameKind::Cloud,
            tir::ExprKind::Root(Root::Resources) => NameKind::Table,
            _ => return,
        };
        self.names.push(NamedString {
            kind,
            name: name.clone(),
            span,
            cluster: None,
            instance: None,
            optional: self.optional > 0,
        });
    }

    fn select_path(
        &mut self,
        start: tir::Expr,
        start_type: Type,
        path: &[AttrName],
        has_default: bool,
        span: Span,
    ) -> (tir::Expr, Type) {
        let mut ty = start_type;
        let mut names = Vec::with_capacity(path.len());
        let before = start.span;
        let missing = if has_default { Missing::Default } else { Missing::Mistake };
        for name in path {
            match &name.kind {
                AttrNameKind::Static(text) => {
                    ty = self.member(&ty, text, name.span, before, missing);
                    let kind = tir::ExprKind::Constant(Constant::String(text.clone()));
                    names.push(tir::Expr { kind, span: name.span });
                }
                AttrNameKind::Dynamic(key) => {
                    let (key, _) = self.check(key, &Type::String);
                    ty = self.computed_member(&ty, before, name.span);
                    names.push(key);
                }
            }
        }
        let kind = tir::ExprKind::SelectPath { base: Box::new(start), path: names, default: None };
        (tir::Expr { kind, span }, ty)
    }

    /// Where a field probably is in the value, and the record of the inventory it belongs to.
    fn hint(&self, ty: &Type, name: &str) -> (u32, Option<Named>) {
        match self.table.shallow(ty) {
            Type::Named(named) => (schema::field_index(named, name).unwrap_or(0) as u32, Some(named)),
            Type::Record(record) => {
                let before = record.fields.iter().filter(|field| *field.name < *name).count();
                (before as u32, None)
            }
            _ => (0, None),
        }
    }

    /// The type of an attribute with a known name.
    fn member(&mut self, whole: &Type, name: &Name, span: Span, base: Span, missing: Missing) -> Type {
        self.probe_fields(span, whole, base);
        let ty = self.table.shallow(whole);
        if let Type::Named(record) = &ty {
            self.fields.insert(span, *record);
        }
        match &ty {
            Type::Any => Type::Any,
            Type::Dictionary(value) => Type::clone(value),
            Type::Record(_) | Type::Named(_) => {
                let Some(record) = self.as_record(&ty) else { return Type::Any };
                self.field_type(&record, &ty, name, span, base, missing)
            }
            Type::Variable(_) => {
                let field = self.table.fresh();
                let rest = self.table.fresh_row();
                let optional = missing != Missing::Mistake;
                let wanted =
                    Type::record(vec![Field { name: name.clone(), ty: field.clone(), optional }], rest);
                self.unify(&wanted, &ty, base);
                field
            }
            Type::Optional(inner) if missing != Missing::Default => {
                let text = self.source.slice(base);
                let diagnostic = Diagnostic::error(
                    Code::TypeMismatch,
                    format!("expected an attribute set before `.{name}`, found one that may be null"),
                )
                .help(null_help(text, &format!(".{name}")));
                self.report(diagnostic, base, format!("this is {}", self.show(&ty)));
                self.member(&Type::clone(inner), name, span, base, Missing::Default)
            }
            Type::Optional(inner) => self.member(&Type::clone(inner), name, span, base, missing),
            other => {
                if missing == Missing::Default {
                    return self.table.fresh();
                }
                let shown = self.show(other);
                let diagnostic = Diagnostic::error(
                    Code::TypeMismatch,
                    format!("expected an attribute set before `.{name}`, found {shown}"),
                )
                .maybe_help(self.member_help(other, name, base));
                self.report(diagnostic, base, format!("this is {shown}"));
                self.table.fresh()
            }
        }
    }

    /// The type of an attribute that must be there, in a set that stands elsewhere.
    pub(super) fn required_member(&mut self, whole: &Type, name: &Name, span: Span) -> Type {
        self.member(whole, name, span, span, Missing::Mistake)
    }

    fn member_help(&self, ty: &Type, name: &str, base: Span) -> Option<String> {
        let text = self.source.slice(base);
        let call = format!("{text}.{name}(");
        if let Some(meant) =
            parse::translated(self.source.text()).filter(|_| self.source.text().contains(&call))
        {
            return Some(format!("write `{meant}`"));
        }
        match ty {
            Type::List(_) if list_method(name).is_some() => {
                list_method(name).map(|call| format!("write `{call} {text}`"))
            }
            Type::String if string_method(name).is_some() => {
                string_method(name).map(|call| format!("write `{call} {text}`"))
            }
            Type::String if text.starts_with('"') => Some(match self.filter_before(base) {
                Some(filter) => format!("write `map (m: m.{name}) (select ({filter} {text}))`"),
                None => "strings are joined with `+`".to_owned(),
            }),
            Type::Function(parameter, _) if matches!(self.table.shallow(parameter), Type::Function(..)) => {
                Some(format!("write `{text} (x: x.{name})`"))
            }
            Type::Function(..) if names_something(text) => Some(format!("write `{text} \"{name}\"`")),
            Type::List(element) => match self.as_record(element) {
                Some(record)
                    if record.rest == Rest::Closed
                        && record.field(name).is_none()
                        && !self.is_machine(name)
                        && Checker::near_method(name).is_some() =>
                {
                    Checker::near_method(name).map(|call| format!("write `{call} {text}`"))
                }
                Some(record) if record.field("machine").is_some() && self.is_machine(name) => {
                    Some(format!("write `filter (x: x.machine == \"{name}\") {text}`"))
                }
                Some(record) if record.field(name).is_some() || record.rest != Rest::Closed => {
                    Some(format!("write `map (x: x.{name}) {text}` for all elements"))
                }
                Some(record)
                    if !self.is_machine(name)
                        && !nearest(name, record.fields.iter().map(|field| &*field.name)).is_empty() =>
                {
                    let near = nearest(name, record.fields.iter().map(|field| &*field.name));
                    Some(format!("write `map (x: x.{}) {text}` for all elements", near.first()?))
                }
                Some(record) if record.field("name").is_some() => {
                    Some(format!("write `filter (x: x.name == \"{name}\") {text}`"))
                }
                _ => None,
            },
            Type::Filter => {
                let filter = self.operand_text(base);
                Some(format!("a filter selects machines: write `map (m: m.{name}) (select {filter})`"))
            }
            _ => None,
        }
    }

    fn is_machine(&self, name: &str) -> bool {
        self.context.inventory.is_some_and(|inventory| inventory.find_nodes(name).next().is_some())
    }

    /// The word before a text, where it is a filter that is asked by a name.
    fn filter_before(&self, text: Span) -> Option<&str> {
        let before = self.source.text().get(..text.range().start)?.trim_end();
        before
            .split(|next: char| !next.is_ascii_alphanumeric())
            .next_back()
            .filter(|word| names_something(word))
    }

    fn field_type(
        &mut self,
        record: &Record,
        ty: &Type,
        name: &Name,
        span: Span,
        base: Span,
        missing: Missing,
    ) -> Type {
        match (record.field(name), &record.rest) {
            (Some(field), _) if !field.optional || missing != Missing::Mistake => field.ty.clone(),
            (Some(field), _) => {
                // What is inherited does not stand behind its set.
                let text = format!("{}.{}", self.source.slice(base), crate::inventory::path::segment(name));
                let diagnostic = Diagnostic::error(
                    Code::MissingField,
                    format!("the field {} may be missing", quoted(name)),
                )
                .help(format!("write `{text} or {}`", default_for(&field.ty)));
                self.report(diagnostic, span, "not on every record of this type");
                field.ty.clone()
            }
            (None, Rest::Open(row)) => {
                let field = self.table.fresh();
                let optional = missing != Missing::Mistake;
                let wanted = Field { name: name.clone(), ty: field.clone(), optional };
                if self.table.require_field(*row, wanted).is_err() {
                    self.report(
                        Diagnostic::error(Code::TypeMismatch, "the type of this value would contain itself"),
                        span,
                        "here",
                    );
                }
                field
            }
            (None, Rest::Keys(value)) => Type::clone(value),
            (None, Rest::Closed) if missing == Missing::Default => self.table.fresh(),
            (None, Rest::Closed) => {
                let what = match ty {
                    Type::Named(named) => format!("a {}", named.word().to_lowercase()),
                    _ => "the attribute set".to_owned(),
                };
                let what = what.replace("a instance", "an instance");
                let names: Vec<&str> = record.fields.iter().map(|field| &*field.name).take(12).collect();
                let help = match ty {
                    Type::Named(Named::Machine) => Some(format!(
                        "write `{}.vars.{name} or null` for a variable; `invq doc Machine` lists the fields",
                        self.source.slice(base)
                    )),
                    Type::Named(named) if record.fields.len() > names.len() => {
                        Some(format!("`invq doc {}` lists the fields", named.word()))
                    }
                    _ if names.is_empty() => None,
                    _ => Some(format!("the fields are {}", crate::text::list_and(&names))),
                };
                let diagnostic =
                    Diagnostic::error(Code::UnknownField, format!("{what} has no field {}", quoted(name)))
                        .maybe_help(help);
                if let Some(other) = annotation_of(name).filter(|other| record.field(other).is_some()) {
                    let diagnostic = diagnostic.help(format!("write {}", quoted(other)));
                    self.report(diagnostic, span, "not a field");
                    return self.table.fresh();
                }
                let fields = record.fields.iter();
                let fields = fields.map(|field| Candidate::new(field.name.clone(), Is::Of(field.ty.clone())));
                let place = self.table.fresh();
                self.report_meant(diagnostic, (name, span), "not a field", &place, fields.collect(), None);
                place
            }
        }
    }

    /// The type of an attribute whose name is computed.
    fn computed_member(&mut self, ty: &Type, base: Span, span: Span) -> Type {
        let ty = self.table.shallow(ty);
        match &ty {
            Type::Any | Type::Named(_) => Type::Any,
            Type::Dictionary(value) => Type::clone(value),
            Type::Record(_) => {
                let Some(record) = self.as_record(&ty) else { return Type::Any };
                let types = record.fields.iter().map(|field| field.ty.clone());
                let common = types.reduce(|a, b| self.table.common(&a, &b));
                match &record.rest {
                    Rest::Closed => common.unwrap_or(Type::Any),
                    // The name may be one of those that are not known.
                    Rest::Keys(value) => {
                        common.map_or_else(|| Type::clone(value), |common| self.table.common(&common, value))
                    }
                    Rest::Open(_) => {
                        let value = common.unwrap_or_else(|| self.table.fresh());
                        self.unify(&Type::dictionary(value.clone()), &ty, base);
                        value
                    }
                }
            }
            Type::Variable(_) => {
                let value = self.table.fresh();
                self.unify(&Type::dictionary(value.clone()), &ty, base);
                value
            }
            other => {
                let shown = self.show(other);
                let diagnostic = Diagnostic::error(
                    Code::TypeMismatch,
                    format!("expected an attribute set before `.${{…}}`, found {shown}"),
                );
                self.report(diagnostic, base.to(span), format!("this is {shown}"));
                self.table.fresh()
            }
        }
    }

    /// The name of an attribute that is computed; null says that there is none.
    pub(super) fn computed_key(&mut self, key: &Expr) -> tir::Expr {
        let (value, found) = self.infer(key);
        let expected = match self.table.shallow(&found) {
            Type::Variable(_) => Type::String,
            _ => Type::optional(Type::String),
        };
        self.unify(&expected, &found, key.span);
        value
    }

    /// A field that is known to be there, of a `with`.
    pub(super) fn field_of(
        &mut self,
        base: tir::Expr,
        name: &Name,
        record: &Record,
        ty: &Type,
        span: Span,
    ) -> (tir::Expr, Type) {
        let field = record.field(name).map_or(Type::Any, |field| field.ty.clone());
        let (hint, named) = self.hint(ty, name);
        let name = self.shared.name(name);
        let kind = tir::ExprKind::Select { base: Box::new(base), name, hint, record: named };
        (tir::Expr { kind, span }, field)
    }

    /// The set of builtins inside of another one to which the first names lead, if any, with the other names.
    fn inner_module<'p>(&self, base: &Expr, mut path: &'p [AttrName]) -> (Option<String>, &'p [AttrName]) {
        let (mut outer, mut inner) = (self.module_path(base), None);
        while let (Some(module), [name, rest @ ..]) = (&outer, path)
            && let AttrNameKind::Static(text) = &name.kind
            && let Some(found) = self.submodule(Some(module), text)
        {
            inner = Some(found.clone());
            outer = Some(found);
            path = rest;
        }
        (inner, path)
    }

    pub(super) fn has_attr(&mut self, base: &Expr, path: &[AttrName], span: Span) -> (tir::Expr, Type) {
        let (inner, path) = self.inner_module(base, path);
        let (value, mut ty) = match (inner, path) {
            (Some(_), []) => {
                let kind = tir::ExprKind::Constant(Constant::Bool(true));
                return (tir::Expr { kind, span }, Type::Bool);
            }
            (Some(module), _) => self.module_value(&module, base.span),
            (None, _) => self.infer(base),
        };
        let mut names = Vec::with_capacity(path.len());
        for name in path {
            match &name.kind {
                AttrNameKind::Static(text) => {
                    ty = self.member(&ty, text, name.span, base.span, Missing::Default);
                    let kind = tir::ExprKind::Constant(Constant::String(text.clone()));
                    names.push(tir::Expr { kind, span: name.span });
                }
                AttrNameKind::Dynamic(key) => {
                    let (key, _) = self.check(key, &Type::String);
                    ty = Type::Any;
                    names.push(key);
                }
            }
        }
        (tir::Expr { kind: tir::ExprKind::HasAttr { base: Box::new(value), path: names }, span }, Type::Bool)
    }
}

/// Whether a text is the name of a builtin that takes a name of the inventory.
fn names_something(text: &str) -> bool {
    let builtin = builtins::find("bare", text).or_else(|| builtins::find("filters", text));
    builtin.and_then(builtins::get).is_some_and(|builtin| !builtin.names.is_empty())
}

/// A default that can be typed for a field of this type.
fn default_for(ty: &Type) -> &'static str {
    match ty {
        Type::String | Type::Path => "\"\"",
        Type::Int => "0",
        Type::Float => "0.0",
        Type::Bool => "false",
        Type::List(_) => "[ ]",
        Type::Record(_) | Type::Dictionary(_) => "{ }",
        _ => "null",
    }
}

/// Kept beside the reading of fields: names that stand in strings share the place of the string.
pub(super) fn literal(expr: &Expr) -> Option<(Name, Span)> {
    match &expr.kind {
        ExprKind::String(parts) => match parts.as_slice() {
            [] => Some((Arc::from(""), expr.span)),
            [crate::syntax::ast::StringPart::Text(text)] => Some((text.clone(), expr.span)),
            _ => None,
        },
        _ => None,
    }
}
