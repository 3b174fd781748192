//! The inventory plugin `constructed`: variables and groups from expressions over what earlier sources say.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::graph::ALL;
use super::templates::{Failure, Scope, Templates};
use super::{Computed, Owner, Reader};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Document, Kind, Node, Raw};
use crate::inventory::draft::Draft;
use crate::text::{Span, did_you_mean, quoted};

/// The names of the plugin.
const NAMES: [&str; 2] = ["constructed", "ansible.builtin.constructed"];

/// The options of the plugin.
pub(in crate::dialects) const OPTIONS: [&str; 8] = [
    "plugin",
    "strict",
    "compose",
    "groups",
    "keyed_groups",
    "leading_separator",
    "use_vars_plugins",
    "use_extra_vars",
];

/// The options of a keyed group.
const KEYED_OPTIONS: [&str; 6] =
    ["key", "prefix", "separator", "parent_group", "default_value", "trailing_separator"];

/// An expression with its place; reported at most once for all hosts.
struct Expression<'d> {
    node: Node<'d>,
    text: String,
    is_reported: bool,
}

impl<'d> Expression<'d> {
    fn of(node: Node<'d>) -> Expression<'d> {
        let text = match node.as_str() {
            Some(text) => text.into_owned(),
            // `true`, `5`: expressions as they stand.
            None => node.source().slice(node.span()).to_owned(),
        };
        Expression { node, text, is_reported: false }
    }
}

/// Groups that are called after the value of an expression.
struct Keyed<'d> {
    key: Expression<'d>,
    prefix: String,
    separator: String,
    parent: Option<Expression<'d>>,
    default_value: Option<String>,
    trailing_separator: bool,
}

/// What a document of the plugin says.
struct Config<'d> {
    strict: bool,
    leading_separator: bool,
    uses_files: bool,
    compose: Vec<(String, Expression<'d>)>,
    groups: Vec<(String, Expression<'d>)>,
    keyed: Vec<Keyed<'d>>,
}

impl Reader<'_> {
    /// Makes the variables and groups that a document of the plugin describes.
    pub(super) fn constructed(&mut self, draft: &mut Draft, document: &Arc<Document>, plugin: Node<'_>) {
        let name = plugin.as_str().unwrap_or_default().into_owned();
        if !NAMES.contains(&name.as_str()) {
            self.unknown_plugin(draft, plugin, &name);
            return;
        }
        let mut config = self.config(draft, document.root());
        let templates = Templates::new();
        let folders = if config.uses_files { self.source_folders() } else { Vec::new() };
        for host in 0..self.graph.hosts.len() as u32 {
            let scope = self.scope(draft, host, &folders, &[]);
            let composed = self.compose(draft, host, &mut config, &templates, &scope);
            let scope =
                if composed.is_empty() { scope } else { self.scope(draft, host, &folders, &composed) };
            self.computed.extend(composed.into_iter().map(|(name, value, span)| Computed {
                host,
                name,
                value,
                span,
                first: false,
            }));
            self.conditional_groups(draft, host, &mut config, &templates, &scope);
            self.keyed_groups(draft, host, &mut config, &templates, &scope);
        }
    }

    fn config<'d>(&mut self, draft: &mut Draft, root: Node<'d>) -> Config<'d> {
        let mut config = Config {
            strict: false,
            leading_separator: true,
            uses_files: false,
            compose: Vec::new(),
            groups: Vec::new(),
            keyed: Vec::new(),
        };
        for (key, value) in root.entries() {
            let pairs =
                || value.entries().map(|(key, node)| (key.text.into_owned(), Expression::of(node))).collect();
            match (&*key.text, value.kind()) {
                ("plugin", _) | (_, Kind::Null) => {}
                ("strict", Kind::Bool) => config.strict = value.as_bool().unwrap_or_default(),
                ("leading_separator", Kind::Bool) => {
                    config.leading_separator = value.as_bool().unwrap_or(true)
                }
                ("use_vars_plugins", Kind::Bool) => config.uses_files = value.as_bool().unwrap_or_default(),
                ("use_extra_vars", Kind::Bool) => {}
                ("compose", Kind::Object) => config.compose = pairs(),
                ("groups", Kind::Object) => config.groups = pairs(),
                ("keyed_groups", Kind::List) => {
                    config.keyed = value.items().filter_map(|item| self.keyed(draft, item)).collect();
                }
                (known, kind) if OPTIONS.contains(&known) => {
                    let expected = match known {
                        "compose" | "groups" => "an object of expressions",
                        "keyed_groups" => "a list of objects",
                        _ => "a boolean",
                    };
                    self.wrong_option(
                        draft,
                        value,
                        &format!("expected {expected} in `{known}`, found {}", kind.describe()),
                    );
                }
                (unknown, _) => self.unknown_option(draft, value, key.span, unknown, &OPTIONS),
            }
        }
        config
    }

    fn keyed<'d>(&mut self, draft: &mut Draft, node: Node<'d>) -> Option<Keyed<'d>> {
        if node.kind() != Kind::Object {
            let message = format!("expected an object in `keyed_groups`, found {}", node.kind().describe());
            self.wrong_option(draft, node, &message);
            return None;
        }
        for (key, value) in node.entries().filter(|(key, _)| !KEYED_OPTIONS.contains(&&*key.text)) {
            self.unknown_option(draft, value, key.span, &key.text, &KEYED_OPTIONS);
        }
        let text = |name: &str| node.get(name).filter(|value| !value.is_null()).map(plain);
        let Some(key) = node.get("key") else {
            self.wrong_option(draft, node, "expected `key` in an entry of `keyed_groups`");
            return None;
        };
        let trailing = node.get("trailing_separator").and_then(Node::as_bool);
        let default_value = text("default_value");
        if trailing.is_some() && default_value.is_some() {
            let message = "expected one of `default_value` and `trailing_separator`, found both";
            self.wrong_option(draft, node, message);
        }
        Some(Keyed {
            key: Expression::of(key),
            prefix: text("prefix").unwrap_or_default(),
            separator: text("separator").unwrap_or_else(|| "_".to_owned()),
            parent: node.get("parent_group").filter(|value| !value.is_null()).map(Expression::of),
            default_value,
            trailing_separator: trailing.unwrap_or(true),
        })
    }

    fn wrong_option(&self, draft: &mut Draft, node: Node<'_>, message: &str) {
        let diagnostic = Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), "");
        self.report(draft, diagnostic);
    }

    fn unknown_option(&self, draft: &mut Draft, node: Node<'_>, span: Span, unknown: &str, known: &[&str]) {
        let message = format!("the plugin `constructed` has no option {}", quoted(unknown));
        let diagnostic = Diagnostic::error(Code::UnknownOption, message).at(node.source(), span, "");
        self.report(draft, diagnostic.maybe_help(did_you_mean(unknown, known.iter().copied())));
    }

    /// The folders of the sources before this one, of which the last mention counts.
    fn source_folders(&self) -> Vec<u32> {
        let mut order: Vec<u32> = Vec::new();
        for folder in &self.folders {
            order.retain(|known| known != folder);
            order.push(*folder);
        }
        order
    }

    /// The variables that a host has by now.
    fn scope(
        &mut self,
        draft: &mut Draft,
        host: u32,
        folders: &[u32],
        composed: &[(String, Json, Span)],
    ) -> Scope {
        let depths = self.depths_by_now();
        let mut groups = self.graph.groups_of(host);
        groups.sort_by_key(|group| {
            let entry = self.graph.groups.get(*group as usize);
            (
                depths.get(*group as usize).copied(),
                entry.map(|entry| (entry.priority, Arc::clone(&entry.name))),
            )
        });
        let mut raws: Vec<Raw> = Vec::new();
        for group in &groups {
            raws.extend(
                self.graph.groups.get(*group as usize).into_iter().flat_map(|group| &group.variables),
            );
        }
        for folder in folders {
            for group in &groups {
                raws.extend(self.files(draft, *folder, Owner::Group, *group));
            }
        }
        raws.extend(self.graph.hosts.get(host as usize).into_iter().flat_map(|host| &host.variables));
        for folder in folders {
            raws.extend(self.files(draft, *folder, Owner::Host, host));
        }
        let layers = raws.into_iter().filter_map(|raw| Some((draft.document(raw.document)?, raw))).collect();
        let name = self.graph.hosts.get(host as usize).map(|host| Arc::clone(&host.name)).unwrap_or_default();
        let short = match name.parse::<std::net::IpAddr>() {
            Ok(_) => &*name,
            Err(_) => name.split('.').next().unwrap_or(&name),
        };
        let mut names: Vec<Arc<str>> =
            groups.iter().filter(|group| **group != ALL).map(|group| self.graph.name(*group)).collect();
        names.sort_unstable();
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        let own = vec![
            ("inventory_hostname_short", json!(short)),
            ("inventory_hostname", json!(&*name)),
            ("group_names", json!(names)),
        ];
        let composed = composed.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect();
        Scope { layers: Arc::new(layers), composed: Arc::new(composed), own: Arc::new(own) }
    }

    fn depths_by_now(&mut self) -> Arc<Vec<u32>> {
        let count = self.graph.edge_count();
        match &self.depths {
            Some((known, depths)) if *known == count => Arc::clone(depths),
            _ => {
                let depths = Arc::new(self.graph.depths());
                self.depths = Some((count, Arc::clone(&depths)));
                depths
            }
        }
    }

    fn compose(
        &mut self,
        draft: &mut Draft,
        host: u32,
        config: &mut Config<'_>,
        templates: &Templates,
        scope: &Scope,
    ) -> Vec<(String, Json, Span)> {
        let mut composed = Vec::new();
        for (name, expression) in &mut config.compose {
            match templates.value(&expression.text, scope) {
                Ok(value) => composed.push((name.clone(), value, expression.node.span())),
                Err(failure) => self.failed(draft, host, expression, failure, config.strict),
            }
        }
        composed
    }

    fn conditional_groups(
        &mut self,
        draft: &mut Draft,
        host: u32,
        config: &mut Config<'_>,
        templates: &Templates,
        scope: &Scope,
    ) {
        for (name, expression) in &mut config.groups {
            match templates.holds(&expression.text, scope) {
                Ok(false) => {}
                Ok(true) => {
                    let group = self.graph.group(&safe_name(name), Some(expression.node.spot()));
                    self.graph.add_host(group, host);
                }
                Err(failure) => self.failed(draft, host, expression, failure, config.strict),
            }
        }
    }

    fn keyed_groups(
        &mut self,
        draft: &mut Draft,
        host: u32,
        config: &mut Config<'_>,
        templates: &Templates,
        scope: &Scope,
    ) {
        for keyed in &mut config.keyed {
            let value = match templates.value(&keyed.key.text, scope) {
                Ok(value) => value,
                Err(failure) => {
                    self.failed(draft, host, &mut keyed.key, failure, config.strict);
                    continue;
                }
            };
            let names = match keyed.names(&value) {
                Ok(names) => names,
                Err(message) => {
                    let failure = Failure { message, range: None, is_unsupported: false };
                    self.failed(draft, host, &mut keyed.key, failure, true);
                    continue;
                }
            };
            if names.is_empty() {
                continue;
            }
            let mut parent = None;
            if let Some(expression) = &mut keyed.parent {
                match templates.text(&expression.text, scope) {
                    Ok(name) => parent = Some((safe_name(&name), expression.node)),
                    Err(failure) => {
                        self.failed(draft, host, expression, failure, config.strict);
                        continue;
                    }
                }
            }
            let separator =
                if keyed.prefix.is_empty() && !config.leading_separator { "" } else { &keyed.separator };
            for name in names {
                let name = safe_name(&format!("{}{separator}{name}", keyed.prefix));
                let group = self.graph.group(&name, Some(keyed.key.node.spot()));
                self.graph.add_host(group, host);
                if let Some((parent, node)) = &parent {
                    let parent = self.graph.group(parent, Some(node.spot()));
                    self.add_child(draft, parent, group, (node.document(), node.span()));
                }
            }
        }
    }

    /// Reports an expression that has no value, where that matters, and once.
    fn failed(
        &self,
        draft: &mut Draft,
        host: u32,
        expression: &mut Expression<'_>,
        failure: Failure,
        strict: bool,
    ) {
        if expression.is_reported || !(strict || failure.is_unsupported) {
            return;
        }
        expression.is_reported = true;
        let (code, message) = match failure.is_unsupported {
            true => {
                (Code::UnsupportedTemplate, format!("the expression is not known here: {}", failure.message))
            }
            false => {
                let name =
                    self.graph.hosts.get(host as usize).map(|host| quoted(&host.name)).unwrap_or_default();
                (Code::InvalidOption, format!("the expression has no value for {name}: {}", failure.message))
            }
        };
        let node = expression.node;
        let embedded = node.embedded();
        let diagnostic = match (embedded, failure.range) {
            (Some(embedded), Some(range)) => {
                Diagnostic::error(code, message).at(&embedded, Span::new(range.start, range.end), "")
            }
            _ => Diagnostic::error(code, message).at(node.source(), node.span(), ""),
        };
        let help = match failure.is_unsupported {
            true => "write down what Ansible makes of it with `ansible-inventory --list`",
            false => "give a default with `| default('')`, or remove `strict: true`",
        };
        self.report(draft, diagnostic.help(help));
    }
}

impl Keyed<'_> {
    /// The names, without the prefix, that a value gives.
    fn names(&self, value: &Json) -> Result<Vec<String>, String> {
        let or_default = |text: String| match &self.default_value {
            Some(default) if text.is_empty() => default.clone(),
            _ => text,
        };
        Ok(match value {
            Json::String(text) if text.is_empty() && self.default_value.is_none() => Vec::new(),
            Json::String(text) => vec![or_default(text.clone())],
            Json::Array(items) => items.iter().map(|item| or_default(python_text(item))).collect(),
            Json::Object(members) => members
                .iter()
                .map(|(name, value)| match (python_text(value), &self.default_value) {
                    (text, Some(default)) if text.is_empty() => format!("{name}{}{default}", self.separator),
                    (text, None) if text.is_empty() && !self.trailing_separator => name.clone(),
                    (text, _) => format!("{name}{}{text}", self.separator),
                })
                .collect(),
            Json::Null | Json::Bool(false) => Vec::new(),
            Json::Bool(true) | Json::Number(_) => {
                return Err(format!("expected a text, a list or an object as key, found `{value}`"));
            }
        })
    }
}

/// A scalar as a text.
fn plain(node: Node<'_>) -> String {
    node.as_str().map_or_else(|| node.source().slice(node.span()).to_owned(), |text| text.into_owned())
}

/// A value as Python writes it into a text.
fn python_text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}

/// A name in which everything that cannot stand in a variable's name is an underscore.
fn safe_name(name: &str) -> String {
    let kept = |(place, next): (usize, char)| {
        let word = next == '_' || next.is_alphanumeric();
        if !word || place == 0 && next.is_numeric() { '_' } else { next }
    };
    name.chars().enumerate().map(kept).collect()
}
