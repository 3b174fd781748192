//! Ansible: hosts in groups, and groups in groups, with variables for both.
//!
//! What comes in are the documents of an inventory, one source after the other, and on demand the files of
//! variables beside them ([`Beside`]). What goes out are nodes, groups and tags in the draft; variables stay
//! in their documents, as layers of which a later one wins. The rules are those of ansible-core 2.14's own
//! sources (`plugins/inventory`, `inventory/data.py`, `vars/manager.py`) with its default configuration.

mod constructed;
mod finish;
mod graph;
pub mod ini;
mod listing;
mod literal;
mod methods;
mod pattern;
mod patterns;
mod sources;
mod templates;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Document, Kind, Node, Raw, TreeBuilder};
use crate::inventory::draft::Draft;
use crate::inventory::groups::PRIORITY;
use crate::inventory::model::{Part, Spot};
use crate::limits::Limits;
use crate::text::{Span, list_and, quoted};

pub(super) use constructed::OPTIONS as CONSTRUCTED_OPTIONS;
use graph::{Graph, Refused};
pub use patterns::{PATTERNS, Pattern};

/// Whose variables a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A group: files below `group_vars`.
    Group,
    /// A host: files below `host_vars`.
    Host,
}

/// What stands beside an inventory's documents, for a dialect that cannot read files.
pub trait Beside {
    /// The number of the folder in which a document stands; nothing for one that is no file. Folders are
    /// numbered in the order in which they are first used.
    fn folder(&mut self, document: u32) -> Option<u32>;

    /// The folder from which Ansible would be called, whose variables win over those beside the sources.
    fn working_folder(&mut self) -> Option<u32>;

    /// The files of variables of a group or host in a folder, read into the draft, in the order in which they
    /// are laid over each other.
    ///
    /// # Errors
    /// A file that cannot be read as its format.
    fn variables(
        &mut self,
        draft: &mut Draft,
        folder: u32,
        of: Owner,
        name: &str,
    ) -> Result<Vec<u32>, Vec<Diagnostic>>;
}

/// No files at all, for documents that are not files.
pub struct Nothing;

impl Beside for Nothing {
    fn folder(&mut self, _document: u32) -> Option<u32> {
        None
    }

    fn working_folder(&mut self) -> Option<u32> {
        None
    }

    fn variables(
        &mut self,
        _draft: &mut Draft,
        _folder: u32,
        _of: Owner,
        _name: &str,
    ) -> Result<Vec<u32>, Vec<Diagnostic>> {
        Ok(Vec::new())
    }
}

/// A key at the top of a document with its value.
pub(super) struct TopKey {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) value: Raw,
}

/// Keys that only Ansible's documents have at the top.
pub(super) const OWN_KEYS: [&str; 4] = ["all", "ungrouped", "_meta", "plugin"];

/// The keys of a group.
pub(in crate::dialects) const GROUP_KEYS: [&str; 3] = ["hosts", "vars", "children"];

/// Whether a value has the shape of a group: an object with nothing but hosts, variables and children.
pub(super) fn is_group(value: Node<'_>) -> bool {
    let mut keys = value.entries().map(|(key, _)| GROUP_KEYS.contains(&&*key.text)).peekable();
    value.kind() == Kind::Object && keys.peek().is_some() && keys.all(|known| known)
}

/// Reads the sources of an inventory one after the other.
pub(super) struct Reader<'b> {
    graph: Graph,
    beside: &'b mut dyn Beside,
    limits: &'b Limits,
    /// The folders of the sources so far, in their order.
    folders: Vec<u32>,
    /// Variables that were computed, by host, with the text that says them.
    computed: Vec<Computed>,
    /// Files of variables that have been looked for, by folder, owner and number.
    files: HashMap<(u32, Owner, u32), Vec<Raw>>,
    /// The depths of the groups, with how many children there were then.
    depths: Option<(usize, Arc<Vec<u32>>)>,
    failures: Vec<Diagnostic>,
}

/// A variable of a host that stands nowhere as it is.
struct Computed {
    host: u32,
    name: String,
    value: serde_json::Value,
    span: Span,
    /// Whether variables that are written win over it.
    first: bool,
}

impl<'b> Reader<'b> {
    pub(super) fn new(beside: &'b mut dyn Beside, limits: &'b Limits) -> Reader<'b> {
        Reader {
            graph: Graph::new(),
            beside,
            limits,
            folders: Vec::new(),
            computed: Vec::new(),
            files: HashMap::new(),
            depths: None,
            failures: Vec::new(),
        }
    }

    /// Reads a document, of which these are the keys that are Ansible's.
    pub(super) fn document(&mut self, draft: &mut Draft, document: &Arc<Document>, keys: &[TopKey]) {
        let plugin = keys.iter().find(|key| key.name == "plugin").map(|key| document.node(key.value));
        match plugin.filter(|plugin| plugin.kind() == Kind::String) {
            Some(plugin) => self.constructed(draft, document, plugin),
            None => self.source(draft, document, keys),
        }
        self.place_computed(draft, document);
        let folder = self.beside.folder(document.number());
        self.folders.extend(folder);
    }

    /// Reports a mistake for which it is not known who is in the inventory.
    fn report(&self, draft: &mut Draft, diagnostic: Diagnostic) {
        draft.mistake(diagnostic, Part::Everything);
    }

    /// Adds hosts of a pattern to a group.
    fn add_hosts(
        &mut self,
        draft: &mut Draft,
        group: u32,
        pattern: &str,
        place: (&Document, Span),
        variables: Option<Raw>,
    ) {
        let (document, span) = place;
        let spot = Spot { document: document.number(), span };
        if pattern::is_name(pattern) {
            self.add_host(group, pattern, spot, variables);
            return;
        }
        let hosts = match pattern::expand(pattern) {
            Ok(hosts) => hosts,
            Err(expected) => {
                let message = format!("expected {expected} in {}", quoted(pattern));
                let diagnostic = Diagnostic::error(Code::InvalidName, message).at(&document.source, span, "");
                self.report(draft, diagnostic.help("write a host, or a range such as `web[01:20]`"));
                return;
            }
        };
        for name in &hosts.names {
            if name.trim().is_empty() {
                let diagnostic = Diagnostic::error(
                    Code::InvalidName,
                    "expected the name of a host, found nothing",
                )
                .at(&document.source, span, "");
                self.report(draft, diagnostic.help("write its name, or remove the entry"));
                continue;
            }
            let (host, is_new) = self.add_host(group, name, spot, variables);
            if let (true, Some(port)) = (is_new, hosts.port) {
                let name = "ansible_port".to_owned();
                self.computed.push(Computed { host, name, value: port.into(), span, first: true });
            }
        }
    }

    /// Adds a host to a group; its number, and whether it is new.
    fn add_host(&mut self, group: u32, name: &str, spot: Spot, variables: Option<Raw>) -> (u32, bool) {
        let (host, is_new) = self.graph.host(name, spot);
        self.graph.add_host(group, host);
        if let Some(entry) = self.graph.hosts.get_mut(host as usize) {
            entry.variables.extend(variables);
        }
        (host, is_new)
    }

    /// Puts a group into another, or says why it cannot be.
    fn add_child(&mut self, draft: &mut Draft, parent: u32, child: u32, place: (&Document, Span)) {
        let (message, help) = match self.graph.add_child(parent, child) {
            Ok(()) => return,
            Err(Refused::Itself) => {
                let message = format!("the group {} is its own child", quoted(&self.graph.name(child)));
                (message, "remove it from its own children")
            }
            Err(Refused::Cycle(way)) => {
                let way: Vec<String> = way.iter().map(|name| quoted(name)).collect();
                let message = format!(
                    "the group {} holds the group that it is to be in: {}",
                    quoted(&self.graph.name(child)),
                    way.join(" → ")
                );
                (message, "remove one of these children")
            }
        };
        let diagnostic =
            Diagnostic::error(Code::GroupCycle, message).at(&place.0.source, place.1, "").help(help);
        self.report(draft, diagnostic);
    }

    /// Sets the priority of a group where an object of variables gives one.
    fn set_priority(&mut self, draft: &mut Draft, group: u32, variables: Node<'_>) {
        for (_, value) in variables.entries().filter(|(key, _)| key.text == PRIORITY) {
            let number = value.as_int().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
            match (number, self.graph.groups.get_mut(group as usize)) {
                (Some(number), Some(group)) => group.priority = number,
                _ => {
                    let message =
                        format!("expected a whole number in `{PRIORITY}`, found {}", value.kind().describe());
                    let diagnostic =
                        Diagnostic::error(Code::InvalidOption, message).at(value.source(), value.span(), "");
                    self.report(draft, diagnostic);
                }
            }
        }
    }

    /// Puts the variables that were computed for a document's hosts into a document of their own, with the
    /// places of the text that says them.
    fn place_computed(&mut self, draft: &mut Draft, document: &Arc<Document>) {
        if self.computed.is_empty() {
            return;
        }
        let computed = std::mem::take(&mut self.computed);
        let mut builder = TreeBuilder::new(Arc::clone(&document.source));
        let mut objects = Vec::with_capacity(computed.len());
        for Computed { name, value, span, .. } in &computed {
            let value = builder.json(value, *span);
            objects.push(builder.object([(name.as_str(), *span, value)], *span));
        }
        let root = builder.list(objects, Span::new(0, 0));
        let number = draft.add_document_beside(builder.finish_as(root, document.notation(), self.limits));
        let Some(values) = draft.document(number) else { return };
        for (computed, value) in computed.iter().zip(values.root().items()) {
            let Some(host) = self.graph.hosts.get_mut(computed.host as usize) else { continue };
            let at = if computed.first { 0 } else { host.variables.len() };
            host.variables.insert(at, value.raw());
        }
    }

    /// The objects of variables that the files of a group or host in a folder hold.
    fn files(&mut self, draft: &mut Draft, folder: u32, of: Owner, number: u32) -> Vec<Raw> {
        if let Some(known) = self.files.get(&(folder, of, number)) {
            return known.clone();
        }
        let name = match of {
            Owner::Group => self.graph.name(number),
            Owner::Host => {
                self.graph.hosts.get(number as usize).map(|host| Arc::clone(&host.name)).unwrap_or_default()
            }
        };
        let documents = match self.beside.variables(draft, folder, of, &name) {
            Ok(documents) => documents,
            Err(failures) => {
                self.failures.extend(failures);
                Vec::new()
            }
        };
        let mut found = Vec::with_capacity(documents.len());
        for number in documents {
            let Some(document) = draft.document(number) else { continue };
            let root = document.root();
            match root.kind() {
                Kind::Object => found.push(root.raw()),
                Kind::Null => {}
                kind => {
                    let message = format!("expected an object of variables, found {}", kind.describe());
                    let start = Span::new(root.span().start as usize, root.span().start as usize);
                    let diagnostic =
                        Diagnostic::error(Code::InvalidOption, message).at(&document.source, start, "");
                    self.report(draft, diagnostic.help("write each variable as `name: value`"));
                }
            }
        }
        // Where there is none it costs no more to look again, and most hosts have none.
        if !found.is_empty() {
            self.files.insert((folder, of, number), found.clone());
        }
        found
    }

    /// Reports an inventory plugin that asks a service.
    fn unknown_plugin(&self, draft: &mut Draft, plugin: Node<'_>, name: &str) {
        let message = format!("the inventory plugin {} cannot be run here", quoted(name));
        let diagnostic =
            Diagnostic::error(Code::UnknownDialect, message).at(plugin.source(), plugin.span(), "");
        let help = "only `constructed` needs nothing from outside: write down what it gives with `ansible-inventory --list`";
        self.report(draft, diagnostic.help(help));
    }
}

/// What a list of keys that nothing knows is called in messages.
fn known_keys() -> String {
    list_and(&GROUP_KEYS)
}
