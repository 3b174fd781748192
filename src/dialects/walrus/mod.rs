//! Walrus: systems, and the clouds that they are in.
//!
//! What comes in are `clouds`, `systems` and `easyMode` of all documents; clouds, nodes and roles go out
//! into the draft. Walrus was described and never built: its text (lifewiki.net/walrus, 2008) says that a
//! system is in exactly one cloud, which may follow from its address, that it has an address, and that
//! credentials are needed unless new systems are set up in easy mode. What the text leaves open is decided
//! here: of overlapping blocks the longest one wins, equal ones in two clouds are a mistake, IPv4 and
//! IPv6 are alike, and reaching goes on from cloud to cloud.
//!
//! ```
//! use invq::dialects;
//! use invq::inventory::document::Document;
//! use invq::inventory::draft::Draft;
//! use invq::text::Source;
//!
//! let text = r#"{ "clouds": { "colo": { "blocks": ["10.0.0.0/8"] } },
//!     "systems": { "db01": { "ip": "10.0.0.5", "auth": "key", "roles": ["database"] } } }"#;
//! let mut draft = Draft::new();
//! let document = draft.add_document(Document::json(Source::new("systems.json", text)));
//! assert!(dialects::read(&mut draft, &[document], None).is_ok());
//! let inventory = draft.finish();
//! assert_eq!(inventory.cloud_system(0).and_then(|system| system.cloud), Some(0));
//! ```

mod clouds;
mod systems;

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::clouds::Blocks;
use crate::inventory::document::{Key, Node, Raw};
use crate::inventory::draft::Draft;
use crate::inventory::model::{Dialect, Part, PartKind};
use crate::text::{Span, did_you_mean, list_or, quoted};

use super::clusterconfig::place::wrong_type;

/// The keys at the top of a Walrus inventory.
pub const KEYS: &[&str] = &["clouds", "systems", EASY_MODE];

/// Says that new systems are set up without credentials.
const EASY_MODE: &str = "easyMode";

/// What the tops of documents have, to be read when all of them are known.
#[derive(Default)]
pub struct Reader {
    clouds: Vec<Section>,
    systems: Vec<Section>,
    easy_mode: Vec<Section>,
}

/// A key at the top of a document, with its value.
#[derive(Clone, Copy)]
struct Section {
    key: Span,
    value: Raw,
}

impl Reader {
    /// Notes a key at the top of a document, if it is Walrus'.
    pub fn note(&mut self, key: &Key<'_>, node: Node<'_>) {
        let sections = match &*key.text {
            "clouds" => &mut self.clouds,
            "systems" => &mut self.systems,
            EASY_MODE => &mut self.easy_mode,
            _ => return,
        };
        sections.push(Section { key: key.span, value: node.raw() });
    }

    /// Reads what was noted: clouds before systems, and machines of other systems that name a cloud last.
    pub fn read(&self, draft: &mut Draft) {
        if !(self.clouds.is_empty() && self.systems.is_empty() && self.easy_mode.is_empty()) {
            draft.add_dialect(Dialect::Walrus);
        }
        clouds::read(draft, &self.clouds);
        let easy_mode = self.easy_mode(draft);
        systems::read(draft, &self.systems, easy_mode);
        name_clouds(draft, !self.clouds.is_empty());
    }

    /// Whether any document says so.
    fn easy_mode(&self, draft: &mut Draft) -> bool {
        let mut easy = false;
        for section in &self.easy_mode {
            section.with(draft, EASY_MODE, |draft, place, node| match node.as_bool() {
                Some(said) => easy |= said,
                None => draft.mistake(wrong_type(place, node, "`true` or `false`"), Part::Everything),
            });
        }
        easy
    }
}

impl Section {
    /// Does something with the section's value, whose name is known.
    fn with(
        &self,
        draft: &mut Draft,
        name: &str,
        then: impl FnOnce(&mut Draft, &super::clusterconfig::place::Place<'_>, Node<'_>),
    ) {
        let Some(document) = draft.document(self.value.document) else { return };
        let key = Key { text: name.into(), span: self.key };
        let place = super::clusterconfig::place::Place::root(&key);
        then(draft, &place, document.node(self.value));
    }
}

/// Machines of other systems may name a cloud too. Where clouds are declared it must be one of them, and
/// otherwise it is one by being named.
fn name_clouds(draft: &mut Draft, declared: bool) {
    if !draft.names_clouds() {
        return;
    }
    for node in 0..draft.node_count() {
        for raw in draft.node_parts(node, PartKind::Cloud) {
            let Some(document) = draft.document(raw.document) else { continue };
            let value = document.node(raw);
            let Some(name) = value.as_str() else { continue };
            if !declared {
                draft.cloud(&name, None);
            } else if draft.find_cloud(&name).is_none() {
                draft.mistake(unknown_cloud(draft, &name, value), Part::CloudOf(node));
            }
        }
    }
}

/// The mistake of a cloud that is not declared.
fn unknown_cloud(draft: &Draft, name: &str, node: Node<'_>) -> Diagnostic {
    let known = || draft.clouds().iter().map(|cloud| &*cloud.name);
    let names: Vec<&str> = known().take(10).collect();
    let help = did_you_mean(name, known()).unwrap_or_else(|| match names.as_slice() {
        [] => {
            let entry = node.document().notation().entry(name, &serde_json::json!({}));
            format!("declare it: write `{entry}` in `clouds`")
        }
        _ => format!("declare it in `clouds`, or name {}", list_or(&names)),
    });
    Diagnostic::error(Code::UnknownName, format!("no cloud is called {}", quoted(name)))
        .at(node.source(), node.span(), "not declared")
        .help(help)
}

/// A block of addresses, or a single address as the block of it alone.
fn block(text: &str) -> Result<ipnet::IpNet, Diagnostic> {
    crate::builtins::address_block(text).map_err(crate::value::Fault::into_diagnostic)
}

/// The blocks of the clouds that have been read.
fn blocks(draft: &Draft) -> Blocks {
    Blocks::new(draft.clouds())
}

/// The keys that each object takes, with which the schema is compared.
#[cfg(test)]
pub(super) mod keys {
    pub(in crate::dialects) use super::clouds::OPTIONS as CLOUD_OPTIONS;
    pub(in crate::dialects) use super::systems::OPTIONS as SYSTEM_OPTIONS;
}
