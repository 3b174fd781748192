//! Sources that are written down: YAML, JSON, TOML and INI.

use std::collections::HashMap;

use super::graph::UNGROUPED;
use super::ini::Section;
use super::{GROUP_KEYS, Reader, TopKey, known_keys, listing};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Document, Key, Kind, Node, Notation};
use crate::inventory::draft::Draft;
use crate::inventory::model::{Part, Spot};
use crate::text::{Span, did_you_mean, quoted};

impl Reader<'_> {
    /// Reads a document whose keys are groups.
    pub(super) fn source(&mut self, draft: &mut Draft, document: &Document, keys: &[TopKey]) {
        if document.notation() == Notation::Ini {
            self.ini(draft, document);
            return;
        }
        if listing::is_listing(document, keys) {
            self.listing(draft, document, keys);
            return;
        }
        for key in keys {
            self.group(draft, &key.name, key.span, document.node(key.value));
        }
    }

    /// Reads a group with all that it holds.
    fn group(&mut self, draft: &mut Draft, name: &str, span: Span, node: Node<'_>) -> u32 {
        let spot = Spot { document: node.document().number(), span };
        let group = self.graph.group(name, Some(spot));
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || match node.kind() {
            Kind::Null => {}
            Kind::Object => self.group_entries(draft, group, node),
            kind => {
                let message =
                    format!("expected an object in the group {}, found {}", quoted(name), kind.describe());
                let diagnostic =
                    Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), "");
                self.report(draft, diagnostic.help(format!("a group has the keys {}", known_keys())));
            }
        });
        group
    }

    fn group_entries(&mut self, draft: &mut Draft, group: u32, node: Node<'_>) {
        let mut seen: Vec<Key<'_>> = Vec::new();
        for (key, value) in node.entries() {
            self.warn_twice(draft, &mut seen, &key, node.document());
            match (&*key.text, value.kind()) {
                (known, Kind::Null) if GROUP_KEYS.contains(&known) => {}
                ("hosts", Kind::Object) => {
                    for (host, variables) in value.entries() {
                        self.host(draft, group, &host, variables);
                    }
                }
                ("hosts", Kind::String) => {
                    let pattern = value.as_str().unwrap_or_default();
                    self.add_hosts(draft, group, &pattern, (value.document(), value.span()), None);
                }
                ("vars", Kind::Object) => {
                    self.set_priority(draft, group, value);
                    if let Some(entry) = self.graph.groups.get_mut(group as usize) {
                        entry.variables.push(value.raw());
                    }
                }
                ("children", Kind::Object) => {
                    for (child, inner) in value.entries() {
                        let number = self.group(draft, &child.text, child.span, inner);
                        self.add_child(draft, group, number, (value.document(), child.span));
                    }
                }
                // TOML has lists where YAML has keys.
                ("children", Kind::List) if node.document().notation() == Notation::Toml => {
                    self.children(draft, group, value);
                }
                ("children", Kind::String) => {
                    let child = value.as_str().unwrap_or_default();
                    let spot = value.spot();
                    let number = self.graph.group(&child, Some(spot));
                    self.add_child(draft, group, number, (value.document(), spot.span));
                }
                (known, kind) if GROUP_KEYS.contains(&known) => {
                    let message = format!("expected an object in `{known}`, found {}", kind.describe());
                    let diagnostic =
                        Diagnostic::error(Code::InvalidOption, message).at(value.source(), value.span(), "");
                    self.report(draft, diagnostic.help("write each name as a key, with `:` behind it"));
                }
                (unknown, _) => self.unknown_key(draft, group, unknown, &key, value),
            }
        }
    }

    /// The names of a list of children.
    pub(super) fn children(&mut self, draft: &mut Draft, group: u32, list: Node<'_>) {
        for item in list.items() {
            match item.as_str() {
                Some(child) => {
                    let number = self.graph.group(&child, Some(item.spot()));
                    self.add_child(draft, group, number, (item.document(), item.span()));
                }
                None => self.wrong_name(draft, item, "a group"),
            }
        }
    }

    pub(super) fn wrong_name(&mut self, draft: &mut Draft, item: Node<'_>, what: &str) {
        let message = format!("expected the name of {what}, found {}", item.kind().describe());
        let diagnostic = Diagnostic::error(Code::InvalidOption, message).at(item.source(), item.span(), "");
        self.report(draft, diagnostic.help("put it in quotes"));
    }

    fn host(&mut self, draft: &mut Draft, group: u32, key: &Key<'_>, variables: Node<'_>) {
        let layer = match variables.kind() {
            Kind::Object => Some(variables.raw()),
            Kind::Null => None,
            kind => {
                let message = format!(
                    "expected an object of variables for {}, found {}",
                    quoted(&key.text),
                    kind.describe()
                );
                let diagnostic = Diagnostic::error(Code::InvalidOption, message).at(
                    variables.source(),
                    variables.span(),
                    "",
                );
                self.report(draft, diagnostic.help("write each variable as a key with its value"));
                None
            }
        };
        self.add_hosts(draft, group, &key.text, (variables.document(), key.span), layer);
    }

    /// What Ansible passes over with a warning: hosts under a misspelt key would be missing.
    fn unknown_key(&mut self, draft: &mut Draft, group: u32, unknown: &str, key: &Key<'_>, value: Node<'_>) {
        let name = self.graph.name(group);
        let message = format!("a group has no key {}", quoted(unknown));
        let near = did_you_mean(unknown, GROUP_KEYS);
        let help = near.unwrap_or_else(|| match value.kind() {
            Kind::Object | Kind::Null => {
                format!("put it below `children` of {}, or below `vars`", quoted(&name))
            }
            _ => format!("put it below `vars` of {}", quoted(&name)),
        });
        let diagnostic = Diagnostic::error(Code::UnknownOption, message).at(value.source(), key.span, "");
        self.report(draft, diagnostic.help(help));
    }

    /// Of equal keys the last one counts in Ansible, which is hardly ever meant.
    fn warn_twice<'d>(&self, draft: &mut Draft, seen: &mut Vec<Key<'d>>, key: &Key<'d>, document: &Document) {
        if let Some(first) = seen.iter().find(|known| known.text == key.text) {
            let message = format!("{} stands twice in one group", quoted(&key.text));
            let diagnostic = Diagnostic::warning(Code::DuplicateName, message)
                .at(&document.source, key.span, "again here, which Ansible takes alone")
                .at(&document.source, first.span, "first here")
                .help("put both into one");
            draft.mistake(diagnostic, Part::Nothing);
        }
        seen.push(key.clone());
    }

    /// Reads the sections of an INI document.
    fn ini(&mut self, draft: &mut Draft, document: &Document) {
        let mut pending = Pending::default();
        for (key, section) in document.root().entries() {
            let (name, kind) = Section::of(&key.text);
            let spot = Spot { document: document.number(), span: key.span };
            let group = match (key.span.is_empty(), self.graph.find_group(name)) {
                (true, _) => UNGROUPED,
                (false, Some(known)) => known,
                (false, None) => {
                    if kind == Section::Vars {
                        pending.only_variables.push((name.to_owned(), key.span));
                    }
                    self.graph.group(name, Some(spot))
                }
            };
            if kind != Section::Vars {
                pending.only_variables.retain(|(known, _)| known != name);
                for (parent, span) in pending.children.remove(name).unwrap_or_default() {
                    self.add_child(draft, parent, group, (document, span));
                }
            }
            match kind {
                Section::Hosts => {
                    for (host, variables) in section.entries() {
                        let layer = (variables.kind() == Kind::Object).then(|| variables.raw());
                        self.add_hosts(draft, group, &host.text, (document, host.span), layer);
                    }
                }
                Section::Vars => {
                    self.set_priority(draft, group, section);
                    if let Some(entry) = self.graph.groups.get_mut(group as usize) {
                        entry.variables.push(section.raw());
                    }
                }
                Section::Children => {
                    for (child, _) in section.entries() {
                        match self.graph.find_group(&child.text) {
                            Some(known) => self.add_child(draft, group, known, (document, child.span)),
                            None => pending.add_child(&child.text, group, child.span),
                        }
                    }
                }
            }
        }
        self.report_pending(draft, document, &pending);
    }

    /// Groups that no section of the document declares.
    fn report_pending(&self, draft: &mut Draft, document: &Document, pending: &Pending) {
        let children =
            pending.order.iter().filter_map(|name| Some((name, pending.children.get(name)?.first()?.1)));
        for (name, span) in children {
            let message = format!("no section declares the group {}", quoted(name));
            let known = self.graph.groups.iter().map(|group| &*group.name);
            let help = did_you_mean(name, known).unwrap_or_else(|| format!("add the section `[{name}]`"));
            let diagnostic = Diagnostic::error(Code::UnknownName, message).at(&document.source, span, "");
            self.report(draft, diagnostic.help(help));
        }
        for (name, span) in &pending.only_variables {
            let message = format!("the group {} has variables, and no section declares it", quoted(name));
            let known = self.graph.groups.iter().map(|group| &*group.name).filter(|known| known != name);
            let help = did_you_mean(name, known).unwrap_or_else(|| format!("add the section `[{name}]`"));
            let diagnostic = Diagnostic::error(Code::UnknownName, message).at(&document.source, *span, "");
            self.report(draft, diagnostic.help(help));
        }
    }
}

/// Groups of an INI document that are named before they are declared.
#[derive(Default)]
struct Pending {
    /// By name, with their parents and the places where those name them.
    children: HashMap<String, Vec<(u32, Span)>>,
    /// Names in the order in which they came.
    order: Vec<String>,
    /// Groups that only have variables.
    only_variables: Vec<(String, Span)>,
}

impl Pending {
    fn add_child(&mut self, name: &str, parent: u32, span: Span) {
        if !self.children.contains_key(name) {
            self.order.push(name.to_owned());
        }
        self.children.entry(name.to_owned()).or_default().push((parent, span));
    }
}
