//! Operations Center: clusters of servers, and what runs on them, as its API answers it.
//!
//! What comes in are lists by the names of the API (`clusters`, `servers`, `cluster_templates`, rows of the
//! inventory such as `networks`), under these keys of a document, or alone as an answer of the API or of its
//! command line gives one. Servers become machines of their clusters. Fields that are not known here stay;
//! words that a field does not take are mistakes of the server or cluster.

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Key, Kind, Node, Raw};
use crate::inventory::draft::Draft;
use crate::inventory::model::{Dialect, NodeKind, Part, PartKind, Spot};
use crate::operations::{versions, words};
use crate::text::{did_you_mean, list_or, quoted};

/// The newest versions by channel and component, where they are given as they are.
const LATEST: &str = "latest_updates";

/// The cluster of servers that are in none.
const NO_CLUSTER: &str = "default";

/// The keys at the top of an Operations Center inventory, as they are offered to people.
pub const KEYS: &[&str] = &[
    "clusters",
    "servers",
    "channels",
    "cluster_templates",
    "updates",
    LATEST,
    "images",
    "instances",
    "network_acls",
    "network_address_sets",
    "network_forwards",
    "network_integrations",
    "network_load_balancers",
    "network_peers",
    "network_zones",
    "networks",
    "profiles",
    "projects",
    "storage_buckets",
    "storage_pools",
    "storage_volumes",
];

/// Whether a key at the top with such a value is Operations Center's.
pub fn has_key(key: &str, kind: Kind) -> bool {
    match kind {
        Kind::List => table(key).is_some(),
        Kind::Object => key == LATEST,
        _ => false,
    }
}

/// A list of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    Clusters,
    Servers,
    Channels,
    Templates,
    Updates,
    Rows(u8),
}

fn table(name: &str) -> Option<Table> {
    Some(match name {
        "clusters" => Table::Clusters,
        "servers" => Table::Servers,
        "channels" => Table::Channels,
        "cluster_templates" => Table::Templates,
        "updates" => Table::Updates,
        rows => {
            let kind = words::ROW_KINDS.iter().position(|(table, kind)| *table == rows || *kind == rows)?;
            Table::Rows(u8::try_from(kind).ok()?)
        }
    })
}

/// What the tops of documents have, to be read when all of them are known.
#[derive(Default)]
pub struct Reader {
    lists: Vec<(Table, Raw)>,
    latest: Vec<Raw>,
}

impl Reader {
    /// Notes a key at the top of a document, if it is Operations Center's.
    pub fn note(&mut self, key: &Key<'_>, node: Node<'_>) {
        match (node.kind(), table(&key.text)) {
            (Kind::List, Some(table)) => self.lists.push((table, node.raw())),
            (Kind::Object, None) if key.text == LATEST => self.latest.push(node.raw()),
            _ => {}
        }
    }

    /// Notes a document that is a list by itself, or the answer of the API around one; gives whether it is
    /// known of what. That is what the file's name says, or what the first element looks like.
    pub fn note_answer(&mut self, root: Node<'_>) -> bool {
        let list = if root.kind() == Kind::List { Some(root) } else { answer(root) };
        let Some(list) = list else { return false };
        let file = root.source().name().rsplit(['/', '\\']).next().unwrap_or("");
        let stem = file.split('.').next().unwrap_or("").replace('-', "_");
        let found = table(&stem).or_else(|| looks_like(list.items().next()?));
        self.lists.extend(found.map(|table| (table, list.raw())));
        found.is_some()
    }

    /// Forgets what a document has, which is not Operations Center's after all.
    pub fn forget(&mut self, document: u32) {
        self.lists.retain(|(_, raw)| raw.document != document);
        self.latest.retain(|raw| raw.document != document);
    }

    /// Reads what was noted, clusters first.
    pub fn read(&self, draft: &mut Draft) {
        if self.lists.is_empty() && self.latest.is_empty() {
            return;
        }
        draft.add_dialect(Dialect::OperationsCenter);
        self.latest(draft);
        let mut seen = HashSet::new();
        for wanted in [Table::Clusters, Table::Servers] {
            self.each(
                draft,
                |found| found == wanted,
                |draft, _, node| match wanted {
                    Table::Clusters => cluster(draft, node),
                    _ => server(draft, node, &mut seen),
                },
            );
        }
        self.each(
            draft,
            |table| !matches!(table, Table::Clusters | Table::Servers),
            |draft, table, node| {
                let operations = draft.operations_mut();
                match table {
                    Table::Channels => operations.channels.push(node.raw()),
                    Table::Templates => operations.templates.push(node.raw()),
                    Table::Updates => operations.updates.push(node.raw()),
                    Table::Rows(kind) => operations.rows.push((kind, node.raw())),
                    _ => {}
                }
            },
        );
    }

    /// Does something with each element of the lists that are wanted; what is no object is a mistake.
    fn each(
        &self,
        draft: &mut Draft,
        wanted: impl Fn(Table) -> bool,
        mut then: impl FnMut(&mut Draft, Table, Node<'_>),
    ) {
        for (table, raw) in self.lists.iter().filter(|(table, _)| wanted(*table)) {
            let Some(document) = draft.document(raw.document) else { continue };
            for node in document.node(*raw).items() {
                if node.kind() == Kind::Object {
                    then(draft, *table, node);
                } else {
                    let message = format!("expected an object, found {}", node.kind().describe());
                    let wrong =
                        Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), "");
                    draft.mistake(wrong, Part::Everything);
                }
            }
        }
    }

    /// The newest versions: as given, else as the updates have them.
    fn latest(&self, draft: &mut Draft) {
        let mut latest = serde_json::Map::new();
        let mut updates: Vec<Json> = Vec::new();
        for (table, raw) in &self.lists {
            if *table == Table::Updates
                && let Some(document) = draft.document(raw.document)
            {
                updates.extend(document.node(*raw).items().map(Node::to_json));
            }
        }
        if let Json::Object(found) = versions::latest(&updates) {
            latest.extend(found);
        }
        for raw in &self.latest {
            let given = draft.document(raw.document).map(|document| document.node(*raw).to_json());
            if let Some(Json::Object(given)) = given {
                latest.extend(given);
            }
        }
        draft.operations_mut().latest = Json::Object(latest);
    }
}

/// The list in an answer of the API.
fn answer(root: Node<'_>) -> Option<Node<'_>> {
    let is_answer = root.get("type").and_then(Node::as_str).is_some_and(|kind| kind == "sync");
    root.get("metadata").filter(|list| is_answer && list.kind() == Kind::List)
}

/// What an element of a list is of, by the fields that only one kind has.
fn looks_like(element: Node<'_>) -> Option<Table> {
    let has = |key: &str| element.get(key).is_some();
    if has("server_status") {
        Some(Table::Servers)
    } else if has("update_status") {
        Some(Table::Clusters)
    } else if has("service_config_template") {
        Some(Table::Templates)
    } else if has("files") && has("version") {
        Some(Table::Updates)
    } else {
        None
    }
}

/// Reports a word that a field does not take.
fn check_word(draft: &mut Draft, place: &str, known: &[&str], node: Node<'_>, part: &Part) {
    let Some(found) = node.as_str() else {
        if !node.is_null() {
            let message = format!("expected a string in `{place}`, found {}", node.kind().describe());
            let wrong = Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), "");
            draft.mistake(wrong, part.clone());
        }
        return;
    };
    if found.is_empty() || known.contains(&&*found) {
        return;
    }
    let words: Vec<&str> = known.iter().copied().filter(|word| !word.is_empty()).collect();
    let help =
        did_you_mean(&found, words.iter().copied()).unwrap_or_else(|| format!("it is {}", list_or(&words)));
    let message = format!("`{place}` is never {}", quoted(&found));
    let wrong = Diagnostic::error(Code::InvalidOption, message).at(node.source(), node.span(), "").help(help);
    draft.mistake(wrong, part.clone());
}

/// The name of an element, which must be there.
fn named<'d>(draft: &mut Draft, node: Node<'d>, what: &str) -> Option<(std::borrow::Cow<'d, str>, Spot)> {
    let name = node.get("name");
    match name.and_then(|name| Some((name.as_str()?, name.spot()))) {
        Some((text, spot)) if !text.is_empty() => Some((text, spot)),
        _ => {
            let node = name.unwrap_or(node);
            let start = node.span().start;
            let span = if name.is_some() { node.span() } else { crate::text::Span { start, end: start + 1 } };
            let wrong = Diagnostic::error(Code::MissingOption, format!("a {what} has no name"))
                .at(node.source(), span, "")
                .help("add `name`");
            draft.mistake(wrong, Part::Everything);
            None
        }
    }
}

fn cluster(draft: &mut Draft, node: Node<'_>) {
    let Some((name, spot)) = named(draft, node, "cluster") else { return };
    let known = draft.find_cluster(&name);
    let id = draft.cluster(&name, Some(spot));
    let first =
        draft.operations_mut().clusters.iter().find(|(cluster, _)| *cluster == id).map(|(_, raw)| *raw);
    if let (Some(_), Some(first)) = (known, first) {
        twice(draft, first, node, &name, Part::Cluster(id));
        return;
    }
    if let Some(status) = node.get("status") {
        check_word(draft, "status", words::CLUSTER_STATUSES, status, &Part::Cluster(id));
    }
    draft.operations_mut().clusters.push((id, node.raw()));
}

/// What is there already must be equal.
fn twice(draft: &mut Draft, first: Raw, again: Node<'_>, name: &str, part: Part) {
    let Some(document) = draft.document(first.document) else { return };
    let first = document.node(first);
    if first.to_json() != again.to_json() {
        let place = |node: Node<'_>| node.get("name").unwrap_or(node).spot();
        let message = format!("{} is there twice, and differs", quoted(name));
        let wrong = draft.twice(Diagnostic::error(Code::Conflict, message), place(first), place(again));
        draft.mistake(wrong.help("keep the newer of the two answers"), part);
    }
}

fn server(draft: &mut Draft, node: Node<'_>, seen: &mut HashSet<String>) {
    let Some((name, spot)) = named(draft, node, "server") else { return };
    if !seen.insert(name.to_string()) {
        if let Some((id, first)) = find_server(draft, &name) {
            twice(draft, first, node, &name, Part::Node(id));
        }
        return;
    }
    let of = node.get("cluster").filter(|cluster| cluster.as_str().is_some_and(|name| !name.is_empty()));
    let cluster = match of.and_then(|of| Some((of, of.as_str()?))) {
        None => draft.cluster(NO_CLUSTER, None),
        Some((of, cluster)) => match draft.find_cluster(&cluster) {
            Some(known) => known,
            None => {
                let known = draft.operations_mut().clusters.len();
                let id = draft.cluster(&cluster, None);
                if known > 0 {
                    let message = format!("no cluster is called {}", quoted(&cluster));
                    let wrong = Diagnostic::warning(Code::UnknownName, message).at(
                        of.source(),
                        of.span(),
                        "not among the clusters",
                    );
                    draft.mistake(wrong, Part::Nothing);
                }
                id
            }
        },
    };
    let id = draft.node(cluster, &name, NodeKind::Machine, spot);
    draft.add_part(id, PartKind::Entry, node.raw());
    for (key, value) in node.entries() {
        let mut check = |known: &[&str]| check_word(draft, &key.text, known, value, &Part::Node(id));
        match &*key.text {
            "server_status" => check(words::SERVER_STATUSES),
            "server_status_detail" => check(words::SERVER_STATUS_DETAILS),
            "server_type" => check(words::SERVER_TYPES),
            "description" if value.as_str().is_some_and(|text| !text.is_empty()) => {
                draft.add_part(id, PartKind::Description, value.raw());
            }
            "properties" if value.kind() == Kind::Object => draft.add_part(id, PartKind::Vars, value.raw()),
            "os_data" => {
                if let Some(interfaces) = value.get_path(&["network", "state", "interfaces"]) {
                    draft.add_part(id, PartKind::Ips, interfaces.raw());
                }
            }
            _ => {}
        }
    }
    draft.operations_mut().servers.push((id, node.raw()));
}

/// The server of a name that has been read.
fn find_server(draft: &mut Draft, name: &str) -> Option<(u32, Raw)> {
    let servers = std::mem::take(&mut draft.operations_mut().servers);
    let found = servers.iter().copied().find(|(_, raw)| {
        let document = draft.document(raw.document);
        document.is_some_and(|document| {
            document.node(*raw).get("name").and_then(Node::as_str).is_some_and(|known| known == name)
        })
    });
    draft.operations_mut().servers = servers;
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_key() {
        for (name, _) in words::ROW_KINDS {
            assert!(KEYS.contains(&name), "{name}");
        }
        assert!(KEYS.iter().all(|key| table(key).is_some() || *key == LATEST));
    }
}
