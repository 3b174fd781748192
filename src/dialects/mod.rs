//! Dialects: from documents to the model.
//!
//! What comes in are documents of a [`Draft`]. Their top-level keys say which systems' inventories they
//! are, and one document may be of several. Each dialect fills the draft and reports its own mistakes;
//! only what cannot be read at all is an error here.

pub mod clan;
pub mod clusterconfig;
pub mod native;
pub mod walrus;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Document, Keys, Kind, Notation};
use crate::inventory::draft::Draft;
use crate::inventory::model::{Dialect, Part};
use crate::text::{did_you_mean, list_and, list_or, quoted};

/// Keys that only Clan's inventories have at the top.
const CLAN_KEYS: &[&str] =
    &["inventory", "clan", "machines", "instances", "services", "tags", "meta", "modules"];

/// Keys of Clan's inventories that programs write; they are not offered to people.
const REGISTERED_KEYS: &[&str] = &["clan_machines", "machine_directories"];

/// Keys that any document may have.
const NATIVE_KEYS: &[&str] = &["filters", "include"];

/// The key of ClusterConfig's inventories.
const DOMAIN: &str = "domain";

impl Dialect {
    /// All of them.
    pub const ALL: [Dialect; 3] = [Dialect::Clan, Dialect::ClusterConfig, Dialect::Walrus];

    /// The keys that only this system's inventories have at the top, as they are offered to people.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Dialect::Clan => CLAN_KEYS,
            Dialect::ClusterConfig => &[DOMAIN],
            Dialect::Walrus => walrus::KEYS,
        }
    }

    /// The system whose inventories have this key at the top.
    fn of_key(key: &str) -> Option<Dialect> {
        let registered = REGISTERED_KEYS.contains(&key).then_some(Dialect::Clan);
        Dialect::ALL.into_iter().find(|dialect| dialect.keys().contains(&key)).or(registered)
    }

    /// How people call the system.
    pub fn title(self) -> &'static str {
        match self {
            Dialect::Clan => "Clan",
            Dialect::ClusterConfig => "ClusterConfig",
            Dialect::Walrus => "Walrus",
        }
    }

    /// The word that `--from` takes.
    pub fn word(self) -> &'static str {
        match self {
            Dialect::Clan => "clan",
            Dialect::ClusterConfig => "clusterconfig",
            Dialect::Walrus => "walrus",
        }
    }

    /// The dialect with this word.
    pub fn from_word(word: &str) -> Option<Dialect> {
        Dialect::ALL.into_iter().find(|dialect| dialect.word() == word)
    }
}

/// Reads documents, which are layers in this order, into the draft.
///
/// # Errors
/// Texts that are not valid in their format, and documents of no known dialect; nothing of the draft can
/// be used then.
pub fn read(draft: &mut Draft, documents: &[u32], dialect: Option<Dialect>) -> Result<(), Vec<Diagnostic>> {
    read_with(draft, documents, dialect, &clan::ComputedTags::new())
}

/// Reads documents as [`read`] does, with the machines of Clan's tags whose functions have been evaluated.
///
/// # Errors
/// As [`read`].
pub fn read_with(
    draft: &mut Draft,
    documents: &[u32],
    dialect: Option<Dialect>,
    computed: &clan::ComputedTags,
) -> Result<(), Vec<Diagnostic>> {
    let mut failures = Vec::new();
    let mut layers = Vec::new();
    let mut clusters = clusterconfig::Reader::default();
    let mut systems = walrus::Reader::default();
    for number in documents {
        let Some(document) = draft.document(*number) else { continue };
        let top = read_top(draft, &document, dialect, &mut clusters, &mut systems);
        if let Some(diagnostic) = document.validate() {
            failures.push(diagnostic.clone());
            continue;
        }
        match top.dialects(&document, dialect, documents.len() == 1) {
            Ok(found) => {
                found.iter().for_each(|dialect| draft.add_dialect(*dialect));
                if found.contains(&Dialect::Clan) {
                    layers.push(*number);
                }
            }
            Err(diagnostic) => failures.push(*diagnostic),
        }
    }
    if !failures.is_empty() {
        return Err(failures);
    }
    clusters.check_hosts(draft);
    if !layers.is_empty() {
        clan::read_with(draft, &layers, computed);
    }
    systems.read(draft);
    Ok(())
}

/// The files that a document includes: texts with their places, relative to the document's own folder.
pub fn includes(document: &Document) -> Vec<native::Include> {
    document.root().get("include").map(native::includes).unwrap_or_default()
}

/// Whether a text is an address, or the word for one that is given when a machine starts.
fn is_address(text: &str) -> bool {
    let plain = text.split_once('%').map_or(text, |(address, _)| address);
    text == "dhcp" || plain.parse::<std::net::IpAddr>().is_ok()
}

/// What to write in place of a text that is no address.
fn address_help(text: &str) -> Option<String> {
    let (address, prefix) = text.split_once('/')?;
    (is_address(address) && prefix.parse::<u8>().is_ok())
        .then(|| format!("write {}: the length of the network belongs to `nixosModules`", quoted(address)))
}

/// The help that says how an inventory begins.
fn beginning(notation: Notation) -> String {
    let machines = serde_json::json!({ "machines": {} });
    let text = match notation {
        Notation::Json | Notation::Expression => notation.value(&machines),
        Notation::Yaml | Notation::Toml => notation.entry("machines", &serde_json::json!({})),
    };
    format!("write `{text}` for an inventory without machines")
}

/// What the top of a document has.
struct Top {
    keys: Vec<String>,
    kind: Kind,
}

/// Walks the top of a document once: what is known by its key alone is read on the way, so that nothing
/// is scanned a second time.
fn read_top(
    draft: &mut Draft,
    document: &Arc<Document>,
    dialect: Option<Dialect>,
    clusters: &mut clusterconfig::Reader,
    systems: &mut walrus::Reader,
) -> Top {
    let root = document.root();
    let mut keys = Keys::default();
    let mut names = Vec::new();
    for (key, node) in root.entries() {
        if let Some(duplicate) = keys.duplicate(&key, document) {
            draft.mistake(duplicate, Part::Everything);
            continue;
        }
        match &*key.text {
            DOMAIN if dialect.is_none_or(|said| said == Dialect::ClusterConfig) => {
                clusters.domain(draft, &key, node);
            }
            "filters" => native::filters(draft, node),
            "include" => native::check_includes(draft, node),
            _ if dialect.is_none_or(|said| said == Dialect::Walrus) => systems.note(&key, node),
            _ => {}
        }
        names.push(key.text.into_owned());
    }
    Top { keys: names, kind: root.kind() }
}

impl Top {
    /// The systems whose inventory this is.
    fn dialects(
        &self,
        document: &Document,
        said: Option<Dialect>,
        alone: bool,
    ) -> Result<Vec<Dialect>, Box<Diagnostic>> {
        let fail_at = |key: Option<&str>, message: String| {
            // A document may be large: of one as a whole only its beginning is marked.
            let root = document.root();
            let start = root.span().start;
            let key = key.and_then(|wanted| root.entries().find(|(key, _)| key.text == wanted));
            let span = key.map_or(crate::text::Span { start, end: start }, |(key, _)| key.span);
            Err(Box::new(Diagnostic::error(Code::UnknownDialect, message).at(&document.source, span, "")))
        };
        let fail = |message: String| fail_at(None, message);
        match self.kind {
            Kind::Object => {}
            // An empty file is an empty layer.
            Kind::Null if !alone || said.is_some() => return Ok(said.into_iter().collect()),
            Kind::Null => {
                return fail("the inventory is empty".to_owned())
                    .map_err(|diagnostic| Box::new(diagnostic.help(beginning(document.notation()))));
            }
            kind => {
                return fail(format!(
                    "expected an object at the top of the inventory, found {}",
                    kind.describe()
                ));
            }
        }
        let of =
            |wanted: Dialect| move |key: &&str| Dialect::of_key(key).is_some_and(|dialect| dialect == wanted);
        let keys = || self.keys.iter().map(String::as_str);
        let unknown: Vec<&str> =
            keys().filter(|key| Dialect::of_key(key).is_none() && !NATIVE_KEYS.contains(key)).collect();
        if let Some(said) = said {
            // Clan says itself what is wrong with its keys.
            if said != Dialect::Clan && !keys().any(|key| of(said)(&key)) && !self.keys.is_empty() {
                let expected = list_or(said.keys());
                let noun = if said.keys().len() == 1 { "the key" } else { "one of the keys" };
                let title = said.title();
                return fail(format!("expected {noun} {expected} at the top of a {title} inventory"));
            }
            return Ok(vec![said]);
        }
        let found: Vec<Dialect> =
            Dialect::ALL.into_iter().filter(|dialect| keys().any(|key| of(*dialect)(&key))).collect();
        if found.is_empty() && !unknown.is_empty() {
            let message = format!(
                "no dialect of inventories has the {} {} at the top",
                if unknown.len() == 1 { "key" } else { "keys" },
                list_and(unknown.get(..5).unwrap_or(&unknown))
            );
            return fail_at(unknown.first().copied(), message)
                .map_err(|diagnostic| Box::new(diagnostic.help(self.advice(&unknown))));
        }
        // Clan checks its own top-level keys.
        if let (Some(dialect), Some(stray)) = (found.first(), unknown.first())
            && !found.contains(&Dialect::Clan)
        {
            let deciding = keys().find(|key| of(*dialect)(key)).unwrap_or_default();
            let title = dialect.title();
            let message = format!(
                "the key `{deciding}` makes this a {title} inventory, which has no key `{stray}` at the top"
            );
            return fail_at(Some(stray), message)
                .map_err(|diagnostic| Box::new(diagnostic.help(self.advice(&unknown))));
        }
        Ok(found)
    }

    /// What to do about keys that nothing knows.
    fn advice(&self, unknown: &[&str]) -> String {
        if unknown.contains(&"clusters") {
            return "put `clusters` and `suffix` into `domain`".to_owned();
        }
        let known = || Dialect::ALL.into_iter().flat_map(Dialect::keys).chain(NATIVE_KEYS).copied();
        unknown.iter().find_map(|key| did_you_mean(key, known())).unwrap_or_else(|| {
            "an inventory has the key `domain` (ClusterConfig), `machines` and `instances` (Clan), \
             `clouds` and `systems` (Walrus) or `servers` (Operations Center)"
                .to_owned()
        })
    }
}
