//! The types of options, as tables, and the check of a value against them.

use serde_json::{Map, Value as Json, json};

use super::place::{Place, missing_option, unknown_option, wrong_type, wrong_value};
use crate::diagnostic::Diagnostic;
use crate::dialects::{address_help, is_address};
use crate::inventory::document::{Keys, Kind, Node};
use crate::text::{list_or, nearest, quoted};

/// What a value must be.
pub(in crate::dialects) enum Type {
    /// Anything.
    Any,
    /// `true` or `false`.
    Bool,
    /// A string.
    Text,
    /// A whole number from 0 up to this.
    Unsigned(i64),
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// Null, or this.
    NullOr(&'static Type),
    /// A list of this.
    List(&'static Type),
    /// An object with any keys and values of this.
    Set(&'static Type),
    /// An object with exactly these keys.
    Record(&'static [Field]),
    /// Addresses by interface, or a list of them.
    Addresses,
}

/// A key of a record.
pub(in crate::dialects) struct Field {
    name: &'static str,
    ty: Type,
    /// An example, where the key must be there.
    required: Option<&'static str>,
}

const fn field(name: &'static str, ty: Type) -> Field {
    Field { name, ty, required: None }
}

const fn required(name: &'static str, ty: Type, example: &'static str) -> Field {
    Field { name, ty, required: Some(example) }
}

/// `users` of clusters and machines.
pub(in crate::dialects) const USERS: Type = Type::Set(&Type::Record(&[
    field("systemConfig", Type::Set(&Type::Any)),
    field("homeManagerModules", Type::List(&Type::Any)),
]));

/// `serviceAddresses`
pub(in crate::dialects) const SERVICE_ADDRESSES: Type = Type::List(&Type::Record(&[
    required(
        "tag",
        Type::Record(&[
            required("role", Type::Text, "`\"vault-listener\"`"),
            required("address", Type::Text, "`\"10.0.0.1\"`"),
            field("port", Type::NullOr(&Type::Unsigned(65_535))),
        ]),
        "`{ \"role\": \"web\", \"address\": \"10.0.0.1\" }`",
    ),
    field("config", Type::Any),
]));

/// `virtualization`: upstream keeps the place for later.
pub(in crate::dialects) const VIRTUALIZATION: Type = Type::Record(&[]);

/// `deployment`: the options of colmena 0.4.0, and `formatScript` of the nixos-anywhere module.
pub(in crate::dialects) const DEPLOYMENT: Type = Type::Record(&[
    field("targetHost", Type::NullOr(&Type::Text)),
    field("targetPort", Type::NullOr(&Type::Unsigned(i64::MAX))),
    field("targetUser", Type::NullOr(&Type::Text)),
    field("allowLocalDeployment", Type::Bool),
    field("buildOnTarget", Type::Bool),
    field("tags", Type::List(&Type::Text)),
    field("keys", Type::Set(&KEY)),
    field("replaceUnknownProfiles", Type::Bool),
    field("privilegeEscalationCommand", Type::List(&Type::Text)),
    field("formatScript", Type::NullOr(&Type::Text)),
]);

const KEY: Type = Type::Record(&[
    field("name", Type::Text),
    field("text", Type::NullOr(&Type::Text)),
    field("keyFile", Type::NullOr(&Type::Text)),
    field("keyCommand", Type::NullOr(&Type::List(&Type::Text))),
    field("destDir", Type::Text),
    field("user", Type::Text),
    field("group", Type::Text),
    field("permissions", Type::Text),
    field("uploadAt", Type::OneOf(&["pre-activation", "post-activation"])),
]);

/// A VM's `backend`; what its hypervisor takes is its own business.
pub(in crate::dialects) const BACKEND: Type =
    Type::Record(&[field("type", Type::OneOf(&["microvm"])), field("microvm", Type::Set(&Type::Any))]);

impl Type {
    /// As JSON Schema, without what only reading can tell.
    pub(in crate::dialects) fn schema(&self) -> Json {
        match self {
            Type::Any => json!({}),
            Type::Bool => json!({ "type": "boolean" }),
            Type::Text => json!({ "type": "string" }),
            Type::Unsigned(i64::MAX) => json!({ "type": "integer", "minimum": 0 }),
            Type::Unsigned(most) => json!({ "type": "integer", "minimum": 0, "maximum": most }),
            Type::OneOf(words) => json!({ "enum": words }),
            Type::NullOr(inner) => json!({ "anyOf": [{ "type": "null" }, inner.schema()] }),
            Type::List(inner) => json!({ "type": "array", "items": inner.schema() }),
            Type::Set(inner) => json!({ "type": "object", "additionalProperties": inner.schema() }),
            Type::Record(fields) => {
                let properties = fields.iter().map(|field| (field.name.to_owned(), field.ty.schema()));
                let required: Vec<&str> =
                    fields.iter().filter(|field| field.required.is_some()).map(|field| field.name).collect();
                json!({
                    "type": "object",
                    "properties": properties.collect::<Map<String, Json>>(),
                    "required": required,
                    "additionalProperties": false,
                })
            }
            Type::Addresses => {
                let list = Type::List(&Type::Text).schema();
                json!({ "anyOf": [list, { "type": "object", "additionalProperties": list }] })
            }
        }
    }

    fn describe(&self) -> String {
        match self {
            Type::Any => "anything".to_owned(),
            Type::Bool => "`true` or `false`".to_owned(),
            Type::Text => "a string".to_owned(),
            Type::Unsigned(i64::MAX) => "an integer from 0".to_owned(),
            Type::Unsigned(most) => format!("an integer from 0 to {most}"),
            Type::OneOf(words) => list_or(words),
            Type::NullOr(inner) => format!("null or {}", inner.describe()),
            Type::List(_) => "a list".to_owned(),
            Type::Set(_) | Type::Record(_) => "an object".to_owned(),
            Type::Addresses => "a list of addresses, or an object of such lists by interface".to_owned(),
        }
    }

    /// Whether the value fits, what is inside of it aside.
    fn fits(&self, node: Node<'_>) -> bool {
        let kind = node.kind();
        match self {
            Type::Any => true,
            Type::Bool => kind == Kind::Bool,
            Type::Text => kind == Kind::String,
            Type::Unsigned(most) => node.as_int().is_some_and(|number| (0..=*most).contains(&number)),
            Type::OneOf(words) => node.as_str().is_some_and(|text| words.contains(&&*text)),
            Type::NullOr(inner) => kind == Kind::Null || inner.fits(node),
            Type::List(_) => kind == Kind::List,
            Type::Set(_) | Type::Record(_) => kind == Kind::Object,
            Type::Addresses => matches!(kind, Kind::List | Kind::Object),
        }
    }
}

/// Checks a value; each mistake goes to `report`.
pub(in crate::dialects) fn check(
    node: Node<'_>,
    ty: &Type,
    place: &Place<'_>,
    report: &mut dyn FnMut(Diagnostic),
) {
    if !ty.fits(node) {
        report(match (ty, node.as_str()) {
            // Another string was expected, so that its kind says nothing.
            (Type::OneOf(_), Some(text)) => wrong_value(place, node, &ty.describe(), &quoted(&text)),
            _ => wrong_type(place, node, &ty.describe()),
        });
        return;
    }
    match ty {
        Type::List(inner) => node.items().for_each(|item| check(item, inner, place, report)),
        Type::Set(Type::Any) | Type::Any | Type::Bool | Type::Text | Type::Unsigned(_) | Type::OneOf(_) => {}
        Type::Set(inner) => {
            let mut seen = Keys::default();
            for (key, value) in node.entries() {
                match seen.duplicate(&key, value.document()) {
                    Some(duplicate) => report(duplicate),
                    None => check(value, inner, &place.then(&key), report),
                }
            }
        }
        Type::NullOr(inner) if !node.is_null() => check(node, inner, place, report),
        Type::NullOr(_) => {}
        Type::Record(fields) => record(node, fields, place, report),
        Type::Addresses => addresses(node, place, report),
    }
}

fn record(node: Node<'_>, fields: &[Field], place: &Place<'_>, report: &mut dyn FnMut(Diagnostic)) {
    let mut seen = Keys::default();
    for (key, value) in node.entries() {
        if let Some(duplicate) = seen.duplicate(&key, value.document()) {
            report(duplicate);
            continue;
        }
        let here = place.then(&key);
        match fields.iter().find(|field| *field.name == *key.text) {
            Some(field) => check(value, &field.ty, &here, report),
            None => {
                let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
                report(unknown_option(&here, value, &known));
            }
        }
    }
    for field in fields {
        let is_misspelt = || {
            let is_known = |key: &str| fields.iter().any(|field| field.name == key);
            let mut unknown = node.entries().map(|(key, _)| key).filter(|key| !is_known(&key.text));
            unknown.any(|key| !nearest(field.name, [&*key.text]).is_empty())
        };
        if let Some(example) = field.required
            && !seen.contains(field.name)
            && !is_misspelt()
        {
            report(missing_option(place, node, field.name, example));
        }
    }
}

/// Addresses, without an allocation where all is well: every machine has some.
fn addresses(node: Node<'_>, place: &Place<'_>, report: &mut dyn FnMut(Diagnostic)) {
    if node.kind() == Kind::List {
        texts(node, place, report);
        return;
    }
    for (key, value) in node.entries() {
        let here = place.then(&key);
        if value.kind() == Kind::List {
            texts(value, &here, report);
        } else {
            report(wrong_type(&here, value, "a list of addresses"));
        }
    }
}

fn texts(node: Node<'_>, place: &Place<'_>, report: &mut dyn FnMut(Diagnostic)) {
    for item in node.items() {
        match item.as_str() {
            None => report(wrong_type(place, item, "an address as a string")),
            Some(text) if !is_address(&text) => {
                let diagnostic = wrong_value(place, item, "an address", &quoted(&text));
                report(diagnostic.maybe_help(address_help(&text)));
            }
            Some(_) => {}
        }
    }
}
