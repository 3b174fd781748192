//! `meta`: what the inventory says about itself.
//!
//! Clan's defaults are filled in. A missing name is a mistake of `meta` alone, since Clan, too, misses
//! it only when somebody reads it.

use serde_json::Value as Json;

use super::layers;
use super::place::{Path, is_object, is_string_or_null, key_spot, name};
use super::report::{Owner, Report};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node, Notation};
use crate::inventory::model::{Spot, Value};
use crate::syntax::ast::Name;
use crate::text::quoted;

pub(in crate::dialects) const KEYS: [&str; 5] = ["name", "description", "icon", "tld", "domain"];

/// What `meta` says, defaults included.
pub(super) struct Meta {
    /// All fields by name.
    pub(super) fields: Vec<(Name, Value)>,
    /// The domain below which the machines are.
    pub(super) domain: Name,
    /// Where the domain is given.
    pub(super) domain_spot: Option<Spot>,
}

/// Reads `meta` from all places that define it, in layer order.
pub(super) fn read(report: &mut Report<'_>, layers: &[Node<'_>]) -> Meta {
    let path = Path::root("meta");
    let mut defined: Vec<(&str, Node<'_>)> = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        if !is_object(*layer) {
            report.wrong_type(&Owner::Meta, path, "an object", *layer);
            continue;
        }
        for earlier in layers.iter().take(index) {
            layers::check(report, &Owner::Meta, path, *earlier, *layer);
        }
        for (key, value) in report.entries(|| Owner::Meta, *layer) {
            match KEYS.iter().find(|known| **known == key.text) {
                Some(known) if check(report, known, path.below(known), value) => defined.push((known, value)),
                Some(_) => {}
                None => report.unknown_key(&Owner::Meta, Some(path), &key, value, &KEYS),
            }
        }
        deprecated(report, *layer);
    }
    let text =
        |key: &str| defined.iter().find(|(known, _)| *known == key).and_then(|(_, value)| value.as_str());
    let domain = text("domain").or_else(|| text("tld")).unwrap_or("clan".into());
    let mut fields: Vec<(Name, Value)> = Vec::new();
    for key in ["description", "domain", "icon", "name", "tld"] {
        let value = match (key, text(key)) {
            ("domain", _) => Json::from(&*domain),
            (_, Some(text)) => Json::from(&*text),
            ("name", None) => continue,
            (_, None) => Json::Null,
        };
        fields.push((name(key), Value::Json(value)));
    }
    // The name is needed only where `meta` is read; inventories without any `meta` are common.
    if !layers.is_empty() && layers.iter().all(|layer| is_object(*layer) && layer.get("name").is_none()) {
        let spot = layers.first().map(|layer| layer.spot()).unwrap_or_default();
        let message = "the inventory has no name: `meta.name` is not given".to_owned();
        let help = Some(name_edit(report, layers.first().copied()));
        report.error(&Owner::Meta, Code::MissingOption, spot, message, help);
    }
    let domain_spot = ["domain", "tld"]
        .iter()
        .find_map(|key| defined.iter().find(|(known, value)| known == key && !value.is_null()))
        .map(|(_, value)| value.spot());
    Meta { fields, domain: name(&domain), domain_spot }
}

/// Checks the value of a key of `meta`.
fn check(report: &mut Report<'_>, key: &str, path: Path<'_>, value: Node<'_>) -> bool {
    let typed = match key {
        "name" | "domain" => value.kind() == Kind::String,
        _ => is_string_or_null(value),
    };
    if !typed {
        let expected = if matches!(key, "name" | "domain") { "a string" } else { "a string or `null`" };
        report.wrong_type(&Owner::Meta, path, expected, value);
        return false;
    }
    let Some(text) = value.as_str() else { return true };
    let (valid, expected, rule) = match key {
        "name" => (
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')),
            "a plain name",
            "use letters, digits, `_` and `-`",
        ),
        "tld" => (
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase()),
            "a top-level domain",
            "use lower-case letters",
        ),
        "domain" => (
            is_domain(&text),
            "a domain",
            "use labels of lower-case letters, digits and `-`, with dots between",
        ),
        _ => (true, "", ""),
    };
    if !valid {
        let message = format!("expected {expected} as `{path}`, found {}", quoted(&text));
        report.error(&Owner::Meta, Code::InvalidName, value.spot(), message, Some(rule.to_owned()));
    }
    valid
}

/// Whether the text is a domain as Clan takes it.
fn is_domain(text: &str) -> bool {
    text.split('.').all(|label| {
        let inner =
            label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        inner && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    })
}

/// `tld` is the old name of `domain`, and Clan warns of it.
fn deprecated(report: &mut Report<'_>, layer: Node<'_>) {
    let Some((key, value)) = layer.entries().find(|(key, value)| key.text == "tld" && !value.is_null())
    else {
        return;
    };
    let written = value.as_str().unwrap_or_default();
    let diagnostic = Diagnostic::warning(Code::OutdatedOption, "`meta.tld` is the old name of `meta.domain`");
    let diagnostic = report
        .label(diagnostic, key_spot(&key, value), "")
        .help(format!("write `meta.domain = \"{written}\"`"));
    report.add(&Owner::Nothing, diagnostic);
}

/// The edit that gives the inventory a name: in `meta`, or with it.
fn name_edit(report: &Report<'_>, meta: Option<Node<'_>>) -> String {
    let document = meta.map(|meta| meta.document()).or(report.documents.first().copied());
    let notation = document.map_or(Notation::Expression, |document| document.notation());
    let name = Json::from("my-clan");
    match (notation, meta) {
        (Notation::Expression, _) => format!("write `meta.name = {}`", notation.value(&name)),
        (_, Some(_)) => format!("write `{}`", notation.entry("name", &name)),
        (_, None) => format!("write `{}`", notation.entry("meta", &serde_json::json!({ "name": name }))),
    }
}
