//! Attribute sets and `let`: nested paths merged, bindings put in order, types generalised.

use std::collections::HashMap;
use std::sync::Arc;

use super::Checker;
use super::references::{Known, bound_names, references, strongly_connected};
use super::scope::BindingId;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{self, AttrName, AttrNameKind, Expr, ExprKind, Name};
use crate::text::{Span, quoted};
use crate::types::tir::{self, Binding};
use crate::types::{ByName, Field, Record, Rest, Scheme, Type};

/// The bindings of a set, with nested paths made into nested sets.
#[derive(Default)]
pub(super) struct Plan<'a> {
    recursive: bool,
    entries: Vec<Entry<'a>>,
    /// Where the entry of a name is.
    places: HashMap<Name, usize>,
    dynamic: Vec<(&'a AttrName, Item<'a>)>,
}

struct Entry<'a> {
    name: Name,
    span: Span,
    item: Item<'a>,
}

/// What a name is bound to.
enum Item<'a> {
    Expr(&'a Expr),
    /// `inherit x;`
    Outer(Name, Span),
    /// `inherit (e) x;`
    From(&'a Expr, Name, Span),
    Set(Plan<'a>),
}

impl Checker<'_> {
    /// Merges nested paths; reports names that are bound twice.
    pub(super) fn plan<'a>(&mut self, recursive: bool, bindings: &'a [ast::Binding]) -> Plan<'a> {
        let mut plan = Plan { recursive, ..Plan::default() };
        self.insert_all(&mut plan, bindings);
        plan
    }

    fn insert_all<'a>(&mut self, plan: &mut Plan<'a>, bindings: &'a [ast::Binding]) {
        for binding in bindings {
            match binding {
                ast::Binding::Value { path, value } => self.insert(plan, path, Item::Expr(value)),
                ast::Binding::Inherit { from, names } => {
                    for name in names {
                        let AttrNameKind::Static(text) = &name.kind else {
                            let diagnostic =
                                Diagnostic::error(Code::Syntax, "`inherit` takes plain names only")
                                    .help("write `${name} = set.${name};`");
                            self.report(diagnostic, name.span, "a computed name");
                            continue;
                        };
                        let item = match from {
                            Some(from) => Item::From(from, text.clone(), name.span),
                            None => Item::Outer(text.clone(), name.span),
                        };
                        self.insert(plan, std::slice::from_ref(name), item);
                    }
                }
            }
        }
    }

    /// The item at the end of a path, in the sets that the path opens.
    fn nested<'a>(&mut self, path: &'a [AttrName], item: Item<'a>) -> Item<'a> {
        if path.is_empty() {
            return item;
        }
        let mut inner = Plan::default();
        self.insert(&mut inner, path, item);
        Item::Set(inner)
    }

    fn insert<'a>(&mut self, plan: &mut Plan<'a>, path: &'a [AttrName], item: Item<'a>) {
        let Some((first, rest)) = path.split_first() else { return };
        let AttrNameKind::Static(name) = &first.kind else {
            plan.dynamic.push((first, self.nested(rest, item)));
            return;
        };
        let Some(known) = plan.places.get(name).copied() else {
            let item = self.nested(rest, item);
            plan.places.insert(name.clone(), plan.entries.len());
            plan.entries.push(Entry { name: name.clone(), span: first.span, item });
            return;
        };
        let Some(entry) = plan.entries.get_mut(known) else { return };
        // A literal set and further paths into it are one set, as in Nix.
        if let Item::Expr(Expr { kind: ExprKind::AttrSet { recursive, bindings }, .. }) = &entry.item {
            let inner = self.plan(*recursive, bindings);
            entry.item = Item::Set(inner);
        }
        match (&mut entry.item, rest, item) {
            (Item::Set(inner), [_, ..], item) => self.insert(inner, rest, item),
            (Item::Set(inner), [], Item::Expr(Expr { kind: ExprKind::AttrSet { bindings, .. }, .. })) => {
                self.insert_all(inner, bindings);
            }
            _ => {
                let source = Arc::clone(&self.source);
                let diagnostic =
                    Diagnostic::error(Code::DuplicateName, format!("{} is bound twice", quoted(name)))
                        .at(&source, first.span, "again here")
                        .at(&source, entry.span, "first bound here")
                        .help("remove one of the two, or give it another name");
                self.diagnostics.push(diagnostic);
            }
        }
    }

    /// An attribute set literal.
    pub(super) fn attr_set(
        &mut self,
        plan: Plan<'_>,
        span: Span,
        expected: Option<&Type>,
    ) -> (tir::Expr, Type) {
        let expected = expected.map(|ty| self.table.shallow(ty));
        let scope = self.scopes.len();
        let mut bindings = Vec::new();
        let mut fields: Vec<(Name, tir::Expr, Type)> = Vec::new();
        let Plan { recursive, entries, dynamic, .. } = plan;
        if recursive {
            let (slots, lowered) = self.recursive(entries, false, expected.as_ref());
            bindings = lowered;
            for (name, slot, ty) in slots {
                fields.push((name, tir::Expr { kind: tir::ExprKind::Local(slot), span }, ty));
            }
        } else {
            let closure = self.expected_closure(expected.as_ref(), &entries);
            let record = expected.as_ref().and_then(|ty| self.as_record(ty));
            let wanted = record.as_deref().map(Record::by_name);
            for entry in entries {
                let field = match &closure {
                    Some(closure) if &*entry.name == "definition" => Some(closure.clone()),
                    _ => self.expected_field(expected.as_ref(), wanted.as_ref(), &entry.name),
                };
                let each = expected.as_ref().and_then(|ty| self.constraint_of_parts(ty));
                let (value, ty) = match each {
                    Some(constraint) => {
                        self.part(constraint, entry.item.span(entry.span), |checker, hint| {
                            checker.item(&entry.item, entry.span, Some(hint))
                        })
                    }
                    None => self.item(&entry.item, entry.span, field.as_ref()),
                };
                fields.push((entry.name, value, ty));
            }
        }
        let mut ty = Type::record(
            fields
                .iter()
                .map(|(name, _, ty)| Field { name: name.clone(), ty: ty.clone(), optional: false })
                .collect(),
            Rest::Closed,
        );
        // What begins as an empty set where any type will do is being filled: `foldl' f { } list`.
        if fields.is_empty() && dynamic.is_empty() && matches!(expected, Some(Type::Variable(_))) {
            ty = Type::dictionary(self.table.fresh());
        }
        fields.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        let keys: Vec<Name> = fields.iter().map(|(name, ..)| name.clone()).collect();
        let keys = self.shared.shape(&keys);
        let values = fields.into_iter().map(|(_, value, _)| value).collect();
        let mut expr = tir::Expr { kind: tir::ExprKind::AttrSet { keys, values }, span };
        if !dynamic.is_empty() {
            let mut element = match expected {
                Some(Type::Dictionary(element)) => Type::clone(&element),
                Some(Type::Any) => Type::Any,
                _ => self.table.fresh(),
            };
            let mut extra = Vec::new();
            for (name, item) in dynamic {
                let AttrNameKind::Dynamic(key) = &name.kind else { continue };
                let key = self.computed_key(key);
                let (value, value_ty) = self.item(&item, name.span, None);
                element = self.join(&element, &value_ty).unwrap_or(Type::Any);
                extra.push((key, value));
            }
            // Known and computed names together are a dictionary of what all values have in common.
            if let Type::Record(record) = &ty {
                for field in &record.fields {
                    element = self.join(&element, &field.ty).unwrap_or(Type::Any);
                }
            }
            ty = Type::dictionary(element);
            expr = tir::Expr { kind: tir::ExprKind::DynamicAttrs { base: Box::new(expr), extra }, span };
        }
        self.scopes.truncate(scope);
        if !bindings.is_empty() {
            expr = tir::Expr { kind: tir::ExprKind::Let { bindings, body: Box::new(expr) }, span };
        }
        (expr, ty)
    }

    /// The type that a field of a set must have for the set to have the expected type.
    fn expected_field(
        &mut self,
        expected: Option<&Type>,
        fields: Option<&ByName<'_>>,
        name: &str,
    ) -> Option<Type> {
        match expected? {
            Type::Any => Some(Type::Any),
            // A set of different values may still become a dictionary of `Any`.
            Type::Dictionary(value)
                if matches!(self.table.shallow(value), Type::Variable(_))
                    || matches!(self.table.shallow(value), Type::List(inner)
                        if matches!(self.table.shallow(&inner), Type::Variable(_))) =>
            {
                None
            }
            Type::Dictionary(value) => Some(Type::clone(value)),
            Type::Variable(_) => {
                let constraint = self.constraint_of_parts(expected?)?;
                Some(self.constrained(constraint))
            }
            _ => fields?.get(name).map(|field| field.ty.clone()),
        }
    }

    /// The type of a service's closure, where the set is expected to be a service that declares its
    /// roles by name.
    fn expected_closure(&self, expected: Option<&Type>, entries: &[Entry<'_>]) -> Option<Type> {
        let service = self.as_record(expected?)?;
        for field in ["selectors", "roles", "definition"] {
            service.field(field)?;
        }
        let definition = entries.iter().find(|entry| &*entry.name == "definition")?;
        let Item::Expr(closure) = definition.item else { return None };
        if !super::may_be_function(closure) {
            return None;
        }
        let roles = match entries.iter().find(|entry| &*entry.name == "roles").map(|entry| &entry.item) {
            None => Vec::new(),
            Some(Item::Set(plan)) if plan.dynamic.is_empty() => {
                plan.entries.iter().map(|entry| entry.name.clone()).collect()
            }
            Some(Item::Expr(Expr { kind: ExprKind::AttrSet { bindings, .. }, .. })) => bound_names(bindings),
            Some(_) => return None,
        };
        Some(super::closure_type(closure, &roles))
    }

    /// The value of a binding, delayed where it needs to be.
    fn item(&mut self, item: &Item<'_>, span: Span, expected: Option<&Type>) -> (tir::Expr, Type) {
        match item {
            Item::Expr(expr) => self.delay(expr, expected),
            Item::Outer(name, span) => self.delay(&variable(name, *span), expected),
            Item::From(from, name, span) => self.delay(&selection(from, name, *span), expected),
            Item::Set(inner) => {
                // The plan is read once for each time its set is made; sets of nested paths are small.
                let inner = inner.reborrow();
                self.attr_set(inner, span, expected)
            }
        }
    }

    /// `let … in body`.
    pub(super) fn let_in(
        &mut self,
        bindings: &[ast::Binding],
        body: &Expr,
        span: Span,
        expected: Option<&Type>,
    ) -> (tir::Expr, Type) {
        let scope = self.scopes.len();
        let plan = self.plan(true, bindings);
        if let Some((name, _)) = plan.dynamic.first() {
            let diagnostic = Diagnostic::error(Code::Syntax, "`let` binds plain names only")
                .help("bind an attribute set: `let set = { ${name} = value; }; in …`");
            self.report(diagnostic, name.span, "a computed name");
        }
        let (_, bindings) = self.recursive(plan.entries, true, None);
        let (body, ty) = self.go(body, expected);
        self.scopes.truncate(scope);
        (tir::Expr { kind: tir::ExprKind::Let { bindings, body: Box::new(body) }, span }, ty)
    }

    /// Bindings that see each other. Leaves them in scope; gives their slots and types.
    fn recursive(
        &mut self,
        entries: Vec<Entry<'_>>,
        modules: bool,
        expected: Option<&Type>,
    ) -> (Vec<(Name, u32, Type)>, Vec<Binding>) {
        let names: Vec<Name> = entries.iter().map(|entry| entry.name.clone()).collect();
        let known = Known::new(&names);
        let edges: Vec<Vec<usize>> =
            entries.iter().map(|entry| item_references(&entry.item, &known)).collect();
        let mut slots: Vec<Option<(Name, u32, Type)>> = names.iter().map(|_| None).collect();
        let mut lowered = Vec::new();
        // What is inherited from outside is read before anything here hides it.
        let outer: Vec<Option<(tir::Expr, Type)>> = entries
            .iter()
            .map(|entry| match &entry.item {
                Item::Outer(..) => Some(self.item(&entry.item, entry.span, None)),
                _ => None,
            })
            .collect();
        let mut outer_modules = Vec::new();
        if modules {
            for entry in &entries {
                if let Item::Outer(name, span) = &entry.item
                    && let Some(path) = self.module_path(&variable(name, *span))
                {
                    outer_modules.push((name.clone(), path));
                }
            }
        }
        for (index, value) in outer.into_iter().enumerate() {
            if let (Some((value, ty)), Some(entry)) = (value, entries.get(index)) {
                let slot = self.scopes.slot();
                let scheme = self.plain(&ty);
                self.scopes.declare(entry.name.clone(), slot, scheme);
                lowered.push(Binding::Plain { slot, value });
                put(&mut slots, index, (entry.name.clone(), slot, ty));
            }
        }
        for (name, path) in outer_modules {
            self.scopes.declare_module(name, path);
        }
        let record = expected.and_then(|ty| self.as_record(ty));
        let wanted = record.as_deref().map(Record::by_name);
        for group in strongly_connected(&edges) {
            let members: Vec<(usize, &Entry<'_>)> = group
                .iter()
                .filter_map(|index| entries.get(*index).map(|entry| (*index, entry)))
                .filter(|(_, entry)| !matches!(entry.item, Item::Outer(..)))
                .collect();
            let recursive = members.len() > 1
                || members
                    .first()
                    .is_some_and(|(index, _)| edges.get(*index).is_some_and(|to| to.contains(index)));
            if !recursive {
                for (index, entry) in members {
                    if modules
                        && let Item::Expr(expr) = &entry.item
                        && let Some(path) = self.module_path(expr)
                    {
                        self.scopes.declare_module(entry.name.clone(), path);
                        continue;
                    }
                    let field = self.expected_field(expected, wanted.as_ref(), &entry.name);
                    self.table.enter();
                    let (value, ty) = self.item(&entry.item, entry.span, field.as_ref());
                    self.table.leave();
                    let scheme = self.table.generalize(&ty);
                    let slot = self.scopes.slot();
                    let id = self.scopes.declare(entry.name.clone(), slot, scheme);
                    match &entry.item {
                        Item::Expr(expr) => self.remember_origin(&entry.name, id, expr),
                        Item::From(from, name, span) => {
                            self.remember_origin(name, id, &selection(from, name, *span))
                        }
                        Item::Outer(..) | Item::Set(_) => {}
                    }
                    lowered.push(Binding::Plain { slot, value });
                    put(&mut slots, index, (entry.name.clone(), slot, ty));
                }
                continue;
            }
            self.table.enter();
            let mut declared: Vec<(usize, u32, BindingId, Type)> = members
                .iter()
                .map(|(index, entry)| {
                    // What a pattern asks for is known before the function is used, also what may be left out.
                    let ty = match &entry.item {
                        Item::Expr(expr) => self.shape(expr),
                        _ => self.table.fresh(),
                    };
                    let slot = self.scopes.slot();
                    let scheme = self.plain(&ty);
                    let id = self.scopes.declare(entry.name.clone(), slot, scheme);
                    (*index, slot, id, ty)
                })
                .collect();
            let lambdas: Option<Vec<(&Name, &Expr)>> = members
                .iter()
                .map(|(_, entry)| match &entry.item {
                    Item::Expr(expr) if matches!(expr.kind, ExprKind::Lambda { .. }) => {
                        Some((&entry.name, *expr))
                    }
                    _ => None,
                })
                .collect();
            match lambdas {
                Some(lambdas) => lowered.push(self.functions(&lambdas, &mut declared)),
                None => {
                    let mut cycle = Vec::new();
                    for ((_, entry), (_, slot, _, ty)) in members.iter().zip(&declared) {
                        let (value, found) = self.item(&entry.item, entry.span, None);
                        self.unify(ty, &found, entry.span);
                        cycle.push((*slot, value));
                    }
                    lowered.push(Binding::Cycle { members: cycle });
                }
            }
            self.table.leave();
            for (index, slot, id, ty) in declared {
                let scheme = self.table.generalize(&ty);
                if let Some(name) = names.get(index) {
                    self.scopes.set_scheme(name, id, &scheme);
                    put(&mut slots, index, (name.clone(), slot, ty));
                }
            }
        }
        (slots.into_iter().flatten().collect(), lowered)
    }

    /// A type for names that are bound without a value of their own.
    pub(super) fn scheme_of(&self, ty: &Type) -> Scheme {
        self.plain(ty)
    }
}

impl<'a> Plan<'a> {
    /// The same plan again.
    fn reborrow(&self) -> Plan<'a> {
        Plan {
            recursive: self.recursive,
            places: self.places.clone(),
            entries: self
                .entries
                .iter()
                .map(|entry| Entry {
                    name: entry.name.clone(),
                    span: entry.span,
                    item: entry.item.reborrow(),
                })
                .collect(),
            dynamic: self.dynamic.iter().map(|(name, item)| (*name, item.reborrow())).collect(),
        }
    }
}

impl<'a> Item<'a> {
    /// Where its value is written; `name` is where its name is.
    fn span(&self, name: Span) -> Span {
        match self {
            Item::Expr(expr) => expr.span,
            Item::Outer(_, span) | Item::From(_, _, span) => *span,
            Item::Set(_) => name,
        }
    }

    fn reborrow(&self) -> Item<'a> {
        match self {
            Item::Expr(expr) => Item::Expr(expr),
            Item::Outer(name, span) => Item::Outer(name.clone(), *span),
            Item::From(from, name, span) => Item::From(from, name.clone(), *span),
            Item::Set(inner) => Item::Set(inner.reborrow()),
        }
    }
}

fn put<T>(slots: &mut [Option<T>], index: usize, value: T) {
    if let Some(slot) = slots.get_mut(index) {
        *slot = Some(value);
    }
}

pub(super) fn variable(name: &Name, span: Span) -> Expr {
    Expr { kind: ExprKind::Variable(name.clone()), span }
}

pub(super) fn selection(from: &Expr, name: &Name, span: Span) -> Expr {
    let path = vec![AttrName { kind: AttrNameKind::Static(name.clone()), span }];
    Expr { kind: ExprKind::Select { base: Box::new(from.clone()), path, default: None }, span }
}

/// The names of a recursive scope that a binding refers to.
fn item_references(item: &Item<'_>, names: &Known) -> Vec<usize> {
    let mut found = Vec::new();
    collect(item, names, &mut found);
    found
}

fn collect(item: &Item<'_>, names: &Known, found: &mut Vec<usize>) {
    match item {
        Item::Expr(expr) | Item::From(expr, ..) => references(expr, names, found),
        Item::Outer(..) => {}
        Item::Set(plan) => {
            for entry in &plan.entries {
                if let Item::Outer(name, _) = &entry.item
                    && let Some(index) = names.place(name)
                {
                    found.push(index);
                }
                collect(&entry.item, names, found);
            }
            for (name, item) in &plan.dynamic {
                if let AttrNameKind::Dynamic(key) = &name.kind {
                    references(key, names, found);
                }
                collect(item, names, found);
            }
        }
    }
}
