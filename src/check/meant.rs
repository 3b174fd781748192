//! What was meant by a name that nothing has: of the names near to it first those whose type fits.
//!
//! A mistake is told where it is found, with the nearest names. What the name is used for is known only
//! when the whole expression has been checked; then the names are put in order by that.

use std::collections::HashMap;
use std::sync::Arc;

use super::Checker;
use super::modules::MODULES;
use super::scope::{Entry, With};
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::Inventory;
use crate::syntax::ast::{Expr, ExprKind, Name};
use crate::syntax::format::quote_string;
use crate::text::{Source, Span, near, nearest, offer};
use crate::types::tir::Root;
use crate::types::{Constraint, Scheme, Type, from_own_text};

/// How many near names are looked at.
const LOOKED_AT: usize = 12;

/// How many near names a message has.
const SHOWN: usize = 3;

/// Of more machines than these no near names are looked for where something else is asked for.
const MACHINES: usize = 10_000;

/// Shorter words are near to too much.
const SHORTEST: usize = 3;

/// What closures know a machine's property by, which people look for under the name that queries know.
pub(super) fn annotation_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "name" | "hostName" | "hostname" | "host" => "machineName",
        "cluster" => "clusterName",
        "domain" => "fqdn",
        "ip" | "address" | "addresses" | "interfaces" => "ips",
        _ => return None,
    })
}

/// The label of a name that nothing has.
pub(super) const NOT_BOUND: &str = "not bound";

/// The label of a name that a set of builtins does not have.
pub(super) const NOT_THERE: &str = "not there";

/// A name that could stand at a place.
pub(super) struct Candidate {
    /// What is compared.
    pub(super) name: Name,
    /// How it is written here, where that is more: `m.name`.
    written: Option<Name>,
    is: Is,
}

impl Candidate {
    pub(super) fn new(name: impl Into<Name>, is: Is) -> Candidate {
        Candidate { name: name.into(), written: None, is }
    }
}

/// What a candidate is.
pub(super) enum Is {
    Bound(Scheme),
    Builtin(u32),
    Root(&'static str),
    Of(Type),
    Module,
}

/// A name that nothing has, with those that may be meant.
pub(super) struct Meant {
    source: Arc<Source>,
    span: Span,
    /// What the place asks for, once everything is checked.
    ty: Type,
    /// Names, the nearest first.
    near: Vec<Near>,
    /// What else the word may be: a name of the inventory or of a set of builtins.
    else_where: Option<Elsewhere>,
    /// The help that has been told.
    told: Option<String>,
    /// Whether it stands before arguments.
    is_called: bool,
}

/// A near name.
struct Near {
    distance: usize,
    written: Name,
    is: Is,
}

/// A word that is called so, or nearly so, where it must be written in another way.
pub(super) struct Elsewhere {
    help: String,
    label: &'static str,
    /// Whether the word itself is called so.
    pub(super) is_exact: bool,
    /// Whether it could be called.
    may_be_called: bool,
    /// What to write where a string is asked for.
    as_string: Option<String>,
    /// What to write where a function is asked for.
    as_function: Option<String>,
}

impl Elsewhere {
    fn new(help: String, label: &'static str) -> Elsewhere {
        Elsewhere { help, label, is_exact: true, may_be_called: false, as_string: None, as_function: None }
    }
}

impl Checker<'_> {
    /// Tells a mistake about a name, and remembers what may be meant; `ty` is the type of the place.
    pub(super) fn report_meant(
        &mut self,
        diagnostic: Diagnostic,
        (name, span): (&str, Span),
        label: &str,
        ty: &Type,
        candidates: Vec<Candidate>,
        else_where: Option<Elsewhere>,
    ) {
        let found = near(name, candidates.iter().map(|candidate| &*candidate.name), LOOKED_AT);
        let found: HashMap<Name, usize> =
            found.into_iter().map(|(distance, name)| (Name::from(name), distance)).collect();
        let mut near: Vec<Near> = Vec::with_capacity(found.len());
        for Candidate { name, written, is } in candidates {
            let Some(distance) = found.get(&name) else { continue };
            let written = written.unwrap_or(name);
            // Of equal names the first one is what the name means.
            if near.iter().all(|known| known.written != written) {
                near.push(Near { distance: *distance, written, is });
            }
        }
        near.sort_by(|a, b| (a.distance, &a.written).cmp(&(b.distance, &b.written)));
        let first = |near: &[Near]| did_you_mean(near.iter().map(|near| &near.written));
        let (told, label) = match &else_where {
            Some(other) if other.is_exact || near.is_empty() => (Some(other.help.clone()), other.label),
            _ => (first(&near).or_else(|| diagnostic.help.clone()), label),
        };
        let diagnostic = Diagnostic { help: told.clone(), ..diagnostic };
        self.report(diagnostic, span, label);
        let source = Arc::clone(&self.source);
        if near.is_empty() && else_where.is_none() {
            return;
        }
        self.meant.push(Meant { source, span, ty: ty.clone(), near, else_where, told, is_called: false });
    }

    /// Puts what may be meant in order, now that it is known what each name is used for.
    pub(super) fn order_meant(&mut self) {
        for meant in std::mem::take(&mut self.meant) {
            let at = self.diagnostics.iter().position(|diagnostic| {
                diagnostic.help == meant.told
                    && diagnostic.labels.first().is_some_and(|label| {
                        label.span == meant.span && Arc::ptr_eq(&label.source, &meant.source)
                    })
            });
            let Some(at) = at else { continue };
            let (help, label) = self.best(&meant);
            let Some(diagnostic) = self.diagnostics.get_mut(at) else { continue };
            diagnostic.help = help;
            if let (Some(label), Some(first)) = (label, diagnostic.labels.first_mut()) {
                first.message = label.to_owned();
            }
        }
    }

    /// The help of a mistake, and its label where that changes with it.
    fn best(&mut self, meant: &Meant) -> (Option<String>, Option<&'static str>) {
        let place = self.table.shallow(&meant.ty);
        let is_set = matches!(place, Type::Record(_) | Type::Dictionary(_) | Type::Named(_));
        let mut near = Vec::with_capacity(meant.near.len());
        for one in &meant.near {
            // A function has no attributes.
            let may_be =
                (!meant.is_called || self.can_be_called(&one.is)) && !(is_set && self.is_function(&one.is));
            if may_be {
                near.push(one);
            }
        }
        let mut near: Vec<(bool, usize, &Name)> = near
            .into_iter()
            .map(|near| (!self.fits(&place, &near.is), near.distance, &near.written))
            .collect();
        near.sort();
        let fits = near.first().is_some_and(|(is_unfit, _, _)| !is_unfit);
        // What does not fit is named only where it is nearer than all that fits.
        if let Some((false, least, _)) = near.first().copied() {
            near.retain(|(is_unfit, distance, _)| !is_unfit || *distance < least);
        }
        if let Some(other) = &meant.else_where {
            let may_be = other.may_be_called || !meant.is_called;
            // What is nearly a tag is one only where a filter may stand.
            let wanted = other.is_exact
                || (near.is_empty() && self.may_be_filter(&place))
                || (!fits && matches!(place, Type::Filter));
            if may_be && wanted {
                let help = match (&other.as_string, &other.as_function, &place) {
                    (Some(string), _, Type::String) => format!("write `{string}`"),
                    (_, Some(function), Type::Function(..)) => format!("write `{function}`"),
                    _ => other.help.clone(),
                };
                return (Some(help), Some(other.label));
            }
            let label = other.is_exact.then_some(NOT_BOUND);
            return (did_you_mean(near.into_iter().map(|(_, _, name)| name)), label);
        }
        (did_you_mean(near.into_iter().map(|(_, _, name)| name)), None)
    }

    /// `filter (m.name == "jon") machines`: what is asked of a value that has no name yet, as a function. The
    /// names in it that nothing has, and that are the reason, are not told.
    pub(super) fn with_parameter(&mut self, body: Span, given: &Type) -> Option<String> {
        let unknown: Vec<Span> = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.code == Code::UnknownName)
            .filter_map(|diagnostic| diagnostic.labels.first())
            .filter(|label| Arc::ptr_eq(&label.source, &self.source))
            .map(|label| label.span)
            .filter(|span| span.start >= body.start && span.end <= body.end)
            .collect();
        let (text, start) = (self.source.slice(body).to_owned(), body.range().start);
        let (text, start) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            Some(inner) => (inner.to_owned(), start + 1),
            None => (text, start),
        };
        let name = self.source.slice(*unknown.first()?).to_owned();
        let is_selected = |span: &Span| {
            self.source.text().get(span.range().end..).is_some_and(|rest| rest.starts_with('.'))
                && self.source.slice(*span) == name
        };
        let mended = if unknown.iter().all(is_selected) {
            format!("({name}: {text})")
        } else {
            let is_field = |span: &Span| {
                let name = self.source.slice(*span);
                self.as_record(given).is_some_and(|record| record.field(name).is_some())
            };
            if !unknown.iter().all(is_field) {
                return None;
            }
            let mut mended = text;
            for span in unknown.iter().rev() {
                mended.insert_str(span.range().start.checked_sub(start)?, "m.");
            }
            format!("(m: {mended})")
        };
        if mended.len() > 100 || mended.contains('\n') {
            return None;
        }
        self.diagnostics.retain(|diagnostic| {
            diagnostic.code != Code::UnknownName
                || diagnostic.labels.first().is_none_or(|label| !unknown.contains(&label.span))
        });
        Some(mended)
    }

    fn may_be_filter(&self, place: &Type) -> bool {
        match place {
            Type::Filter => true,
            Type::Variable(variable) => {
                matches!(self.table.constraint(*variable), Constraint::None | Constraint::Logical)
            }
            _ => false,
        }
    }

    /// Says that an unknown name is called, if a function is one; `before` is how many there were before it.
    pub(super) fn is_called(&mut self, before: usize, function: &Expr) {
        if let (ExprKind::Variable(_), Some(meant)) = (&function.kind, self.meant.get_mut(before)) {
            meant.is_called = true;
        }
    }

    /// Whether a variable is near to the unknown name that was met after so many.
    pub(super) fn has_near(&self, before: usize) -> bool {
        self.meant.get(before).is_some_and(|meant| !meant.near.is_empty())
    }

    fn type_of(&mut self, is: &Is) -> Option<Type> {
        Some(match is {
            Is::Module => return None,
            Is::Bound(scheme) => self.table.instantiate(scheme),
            Is::Builtin(index) => self.table.instantiate(&builtins::scheme(*index)),
            Is::Root(text) => from_own_text(text).ty,
            Is::Of(ty) => ty.clone(),
        })
    }

    fn fits(&mut self, place: &Type, is: &Is) -> bool {
        match self.type_of(is) {
            Some(ty) => self.table.compatible_as(place, &ty),
            None => matches!(place, Type::Variable(_) | Type::Record(_) | Type::Dictionary(_)),
        }
    }

    /// Whether something could stand before arguments: data of which nothing is known hardly does.
    fn can_be_called(&mut self, is: &Is) -> bool {
        let ty = self.type_of(is).map(|ty| self.table.shallow(&ty));
        matches!(ty, Some(Type::Function(..) | Type::Filter | Type::Variable(_)))
    }

    fn is_function(&mut self, is: &Is) -> bool {
        let ty = self.type_of(is).map(|ty| self.table.shallow(&ty));
        matches!(ty, Some(Type::Function(..) | Type::Filter))
    }

    /// All names that are bound where the checker stands, the innermost first.
    pub(super) fn bound_names(&self) -> Vec<Candidate> {
        let mut names: Vec<Candidate> = self
            .scopes
            .named()
            .filter_map(|entry| match entry {
                Entry::Variable { name, scheme, .. } => {
                    Some(Candidate::new(name.clone(), Is::Bound(scheme.clone())))
                }
                Entry::Module { name, .. } => Some(Candidate::new(name.clone(), Is::Module)),
                Entry::With(_) | Entry::NotNull { .. } => None,
            })
            .collect();
        names.reverse();
        for with in self.scopes.withs() {
            match with {
                With::Module(path) => names.extend(self.members(&path)),
                With::Value { ty, .. } => names.extend(self.fields_of(&ty)),
            }
        }
        let hosts = self.context.hosts.iter();
        names.extend(hosts.map(|(name, scheme)| Candidate::new(name.clone(), Is::Bound(scheme.clone()))));
        names.extend(Root::ALL.iter().map(|(_, name, ty, _)| Candidate::new(*name, Is::Root(ty))));
        names.extend(self.named_filters());
        for scope in ["bare", "nix"] {
            names.extend(self.members(scope));
        }
        names.extend(MODULES.iter().map(|name| Candidate::new(*name, Is::Module)));
        for (variable, ty) in self.bound_records() {
            names.extend(self.fields_of(&ty).map(|field| {
                let written = Some(Name::from(format!("{variable}.{}", field.name)));
                Candidate { written, ..field }
            }));
        }
        names
    }

    /// The innermost variables that are records, with their types.
    fn bound_records(&self) -> Vec<(Name, Type)> {
        let bound: Vec<(&Name, &Scheme)> = self.scopes.variables().collect();
        let innermost = bound.into_iter().rev().take(LOOKED_AT);
        innermost
            .map(|(name, scheme)| (name.clone(), self.table.shallow(&scheme.ty)))
            .filter(|(_, ty)| matches!(ty, Type::Named(_) | Type::Record(_)))
            .collect()
    }

    fn fields_of(&self, ty: &Type) -> impl Iterator<Item = Candidate> + use<> {
        let fields = self.as_record(ty).map(|record| record.fields.clone()).unwrap_or_default();
        fields.into_iter().map(|field| Candidate::new(field.name, Is::Of(field.ty)))
    }

    fn named_filters(&self) -> impl Iterator<Item = Candidate> {
        let filters = self.context.filters.iter();
        filters.map(|name| Candidate::new(name.clone(), Is::Of(Type::Filter)))
    }

    /// What a set of builtins has, the sets inside of it too.
    pub(super) fn members(&self, path: &str) -> Vec<Candidate> {
        let mut members: Vec<Candidate> = builtins::names(path)
            .filter_map(|name| Some((name, builtins::find(path, name)?)))
            .map(|(name, index)| Candidate::new(name, Is::Builtin(index)))
            .collect();
        members.extend(builtins::modules(path).into_iter().map(|name| Candidate::new(name, Is::Module)));
        if path == "filters" {
            members.extend(self.named_filters());
        }
        members
    }

    /// What a word that is no variable is called elsewhere.
    pub(super) fn elsewhere(&self, name: &str) -> Option<Elsewhere> {
        if let Some((filter, label)) = self.context.inventory.and_then(|inventory| called_so(inventory, name))
        {
            let string = quote_string(name);
            let named = Elsewhere::new(format!("write `{filter} {string}`"), label);
            return Some(Elsewhere { as_string: Some(string), ..named });
        }
        if let Some(path) = builtins::path_of(name) {
            let builtin = Elsewhere::new(format!("write `{path}`"), NOT_BOUND);
            return Some(Elsewhere { may_be_called: true, ..builtin });
        }
        let help = nearest_of(self.context.inventory?, name)?;
        Some(Elsewhere { is_exact: false, ..Elsewhere::new(help, NOT_BOUND) })
    }

    /// A builtin that another set has.
    pub(super) fn in_other_set(name: &str) -> Option<Elsewhere> {
        let help = format!("write `{}`", builtins::path_of(name)?);
        Some(Elsewhere { may_be_called: true, ..Elsewhere::new(help, NOT_THERE) })
    }

    /// A field of what is bound here: `map (m: name) machines`.
    pub(super) fn field_of_bound(&self, name: &str) -> Option<Elsewhere> {
        let mut records = self.bound_records().into_iter();
        let (variable, _) = records.find(|(_, ty)| self.fields_of(ty).any(|field| *field.name == *name))?;
        let help = format!("write `{variable}.{name}`");
        Some(Elsewhere { may_be_called: true, ..Elsewhere::new(help, NOT_BOUND) })
    }

    /// A field of machines that stands alone.
    pub(super) fn field_alone(name: &str) -> Elsewhere {
        let help = format!(
            "write `where (m: m.{name} == …)` to ask machines, or `map (m: m.{name}) machines` to read it"
        );
        let field = Elsewhere::new(help, "a field of machines, but no variable");
        Elsewhere { as_function: Some(format!("(m: m.{name})")), ..field }
    }
}

/// The filter that selects by a name of the inventory, and what is called so.
fn called_so(inventory: &Inventory, name: &str) -> Option<(&'static str, &'static str)> {
    let of_kind = [
        (inventory.find_nodes(name).next().is_some(), "hostname", "a machine, but no variable"),
        (inventory.find_tag(name).is_some(), "tag", "a tag, but no variable"),
        (inventory.find_cluster(name).is_some(), "cluster", "a cluster, but no variable"),
        (
            inventory.services.iter().any(|service| &*service.name == name),
            "service",
            "a service, but no variable",
        ),
        (inventory.clouds.iter().any(|cloud| &*cloud.name == name), "cloud", "a cloud, but no variable"),
    ];
    of_kind.into_iter().find(|(is_called, _, _)| *is_called).map(|(_, filter, label)| (filter, label))
}

/// ``did you mean `tag "backup"`?`` for a word without quotes that is nearly a tag or a machine.
fn nearest_of(inventory: &Inventory, word: &str) -> Option<String> {
    if word.len() < SHORTEST {
        return None;
    }
    let tags = nearest(word, inventory.tags.iter().map(|tag| &*tag.name));
    let few = inventory.nodes.len() <= MACHINES;
    let machines = if few { inventory.nearest_nodes(word, None) } else { Vec::new() };
    let tags = tags.into_iter().map(|tag| format!("tag {}", quote_string(tag)));
    let machines = machines.into_iter().map(|name| format!("hostname {}", quote_string(name)));
    let meant: Vec<String> = tags.chain(machines).take(SHOWN).collect();
    offer(&meant)
}

fn did_you_mean<'n>(names: impl Iterator<Item = &'n Name>) -> Option<String> {
    offer(&names.take(SHOWN).collect::<Vec<_>>())
}
