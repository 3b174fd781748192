//! Dialects: from documents to the model.
//!
//! What comes in are documents of a [`Draft`]. Their top-level keys say which systems' inventories they
//! are, and one document may be of several. Each dialect fills the draft and reports its own mistakes;
//! only what cannot be read at all is an error here.

pub mod ansible;
pub mod clan;
pub mod clusterconfig;
pub mod edits;
mod lines;
pub mod native;
pub mod operations_center;
pub mod reader;
pub mod schema;
pub mod walrus;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Document, Key, Keys, Kind, Node, Notation};
use crate::inventory::draft::Draft;
use crate::inventory::model::{Dialect, Part};
use crate::limits::Limits;
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

/// The keys of ClusterConfig's inventories that may stand beside it.
const EXTENSIONS: &str = "extensions";
const MODULES: &str = "modules";

impl Dialect {
    /// All of them.
    pub const ALL: [Dialect; 5] =
        [Dialect::Clan, Dialect::ClusterConfig, Dialect::Walrus, Dialect::OperationsCenter, Dialect::Ansible];

    /// The keys that only this system's inventories have at the top, as they are offered to people.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Dialect::Clan => CLAN_KEYS,
            Dialect::ClusterConfig => &[DOMAIN],
            Dialect::Walrus => walrus::KEYS,
            Dialect::Ansible => &ansible::OWN_KEYS,
            Dialect::OperationsCenter => operations_center::KEYS,
        }
    }

    /// The system whose inventories have this key at the top, with a value of this kind.
    fn of_key(key: &str, kind: Kind) -> Option<Dialect> {
        if operations_center::has_key(key, kind) {
            return Some(Dialect::OperationsCenter);
        }
        let registered = REGISTERED_KEYS.contains(&key).then_some(Dialect::Clan);
        let beside = (key == EXTENSIONS).then_some(Dialect::ClusterConfig);
        let others = Dialect::ALL.into_iter().filter(|dialect| *dialect != Dialect::OperationsCenter);
        others.into_iter().find(|dialect| dialect.keys().contains(&key)).or(registered).or(beside)
    }

    /// How people call the system.
    pub fn title(self) -> &'static str {
        match self {
            Dialect::Clan => "Clan",
            Dialect::ClusterConfig => "ClusterConfig",
            Dialect::Walrus => "Walrus",
            Dialect::Ansible => "Ansible",
            Dialect::OperationsCenter => "Operations Center",
        }
    }

    /// The word that `--from` takes.
    pub fn word(self) -> &'static str {
        match self {
            Dialect::Clan => "clan",
            Dialect::ClusterConfig => "clusterconfig",
            Dialect::Walrus => "walrus",
            Dialect::Ansible => "ansible",
            Dialect::OperationsCenter => "operations-center",
        }
    }

    /// The dialect with this word.
    pub fn from_word(word: &str) -> Option<Dialect> {
        Dialect::ALL.into_iter().find(|dialect| dialect.word() == word)
    }
}

/// What dialects get besides the documents.
pub struct Surroundings<'g> {
    /// The machines of Clan's tags whose functions have been evaluated.
    pub computed_tags: &'g clan::ComputedTags,
    /// The files of variables beside Ansible's sources.
    pub beside: &'g mut dyn ansible::Beside,
    /// Limits of the documents that dialects make themselves.
    pub limits: &'g Limits,
}

/// Reads documents, which are layers in this order, into the draft, with nothing besides.
///
/// # Errors
/// Texts that are not valid in their format, and documents of no known dialect; nothing of the draft can
/// be used then.
pub fn read(draft: &mut Draft, documents: &[u32], dialect: Option<Dialect>) -> Result<(), Vec<Diagnostic>> {
    let given = Surroundings {
        computed_tags: &clan::ComputedTags::new(),
        beside: &mut ansible::Nothing,
        limits: &Limits::default(),
    };
    read_with(draft, documents, dialect, given)
}

/// Reads documents as [`read`] does, with what else is known.
///
/// # Errors
/// As [`read`].
pub fn read_with(
    draft: &mut Draft,
    documents: &[u32],
    dialect: Option<Dialect>,
    given: Surroundings<'_>,
) -> Result<(), Vec<Diagnostic>> {
    let mut failures = Vec::new();
    let mut layers = Vec::new();
    let mut sources = Vec::new();
    let mut clusters = clusterconfig::Reader::default();
    let mut systems = walrus::Reader::default();
    let mut operations = operations_center::Reader::default();
    for number in documents {
        let Some(document) = clusterconfig::settled(draft, *number) else { continue };
        let top = read_top(draft, &document, dialect, &mut clusters, &mut systems, &mut operations);
        if let Some(diagnostic) = document.validate() {
            failures.push(diagnostic.clone());
            continue;
        }
        match top.dialects(&document, dialect, documents.len() == 1) {
            Ok(found) => {
                found.iter().for_each(|dialect| draft.add_dialect(*dialect));
                for stray in top.strays(&document, &found) {
                    draft.mistake(stray, Part::Everything);
                }
                if found.contains(&Dialect::Clan) {
                    layers.push(*number);
                }
                if found.contains(&Dialect::Ansible) {
                    sources.push((document, top.others));
                }
                if !found.contains(&Dialect::OperationsCenter) {
                    operations.forget(*number);
                }
            }
            Err(diagnostic) => failures.push(*diagnostic),
        }
    }
    if !failures.is_empty() {
        return Err(failures);
    }
    clusters.finish(draft);
    if !layers.is_empty() {
        clan::read_with(draft, &layers, given.computed_tags);
    }
    operations.read(draft);
    systems.read(draft);
    if sources.is_empty() {
        return Ok(());
    }
    // Last, so that hosts find the machines that other systems have.
    let mut hosts = ansible::Reader::new(given.beside, given.limits);
    for (document, keys) in &sources {
        hosts.document(draft, document, keys);
    }
    hosts.finish(draft)
}

/// Whether a document is a source of Ansible and nothing else, so that its scalars are those of YAML 1.1.
pub fn is_ansible_alone(document: &Document, dialect: Option<Dialect>) -> bool {
    match dialect {
        Some(said) => said == Dialect::Ansible,
        None => {
            let top = Top::of(document, dialect);
            top.is_ansible(document, dialect) && top.others.len() == top.keys.len()
        }
    }
}

/// Whether a key at the top is of another system than Ansible.
fn is_known(key: &str, kind: Kind) -> bool {
    NATIVE_KEYS.contains(&key)
        || Dialect::of_key(key, kind).is_some_and(|dialect| dialect != Dialect::Ansible)
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
        Notation::Yaml | Notation::Toml | Notation::Ini => notation.entry("machines", &serde_json::json!({})),
    };
    format!("write `{text}` for an inventory without machines")
}

/// What the top of a document has.
struct Top {
    keys: Vec<(String, Kind)>,
    kind: Kind,
    /// The keys that may be Ansible's.
    others: Vec<ansible::TopKey>,
    /// Whether it is an answer of Operations Center's API.
    is_answer: bool,
}

/// Walks the top of a document once: what is known by its key alone is read on the way, so that nothing
/// is scanned a second time.
fn read_top(
    draft: &mut Draft,
    document: &Arc<Document>,
    dialect: Option<Dialect>,
    clusters: &mut clusterconfig::Reader,
    systems: &mut walrus::Reader,
    operations: &mut operations_center::Reader,
) -> Top {
    if document.notation() == Notation::Ini || dialect == Some(Dialect::Ansible) {
        return Top::of(document, dialect);
    }
    let root = document.root();
    if document.is_lines() && dialect.is_none() {
        lines::machines(draft, root);
        return Top::new(Kind::Object);
    }
    let mut keys = Keys::default();
    let mut top = Top::new(root.kind());
    for (key, node) in root.entries() {
        if let Some(duplicate) = keys.duplicate(&key, document) {
            draft.mistake(duplicate, Part::Everything);
            continue;
        }
        match &*key.text {
            DOMAIN if dialect.is_none_or(|said| said == Dialect::ClusterConfig) => {
                clusters.domain(draft, &key, node);
            }
            EXTENSIONS if dialect.is_none_or(|said| said == Dialect::ClusterConfig) => {
                clusters.extensions(draft, &key, node);
            }
            // Clan's modules are an object.
            MODULES if dialect != Some(Dialect::Clan) && node.kind() == Kind::List => {
                clusters.modules(draft, &key, node);
                top.keys.push((EXTENSIONS.to_owned(), node.kind()));
                continue;
            }
            "filters" => native::filters(draft, node),
            "include" => native::check_includes(draft, node),
            reader::KEY => {
                reader::machines(draft, node);
                root.get("meta").into_iter().for_each(|meta| reader::meta(draft, meta));
                return Top::new(root.kind());
            }
            _ => {
                let is = |wanted: Dialect| dialect.is_none_or(|said| said == wanted);
                if is(Dialect::Walrus) {
                    systems.note(&key, node);
                }
                if is(Dialect::OperationsCenter) {
                    operations.note(&key, node);
                }
            }
        }
        top.add(&key, node, dialect);
    }
    let may_be = dialect.is_none_or(|said| said == Dialect::OperationsCenter);
    // An answer has its list in `metadata`; other documents are not looked through once more.
    let may_be = may_be && (root.kind() == Kind::List || top.keys.iter().any(|(key, _)| key == "metadata"));
    top.is_answer = may_be && operations.note_answer(root);
    top
}

impl Top {
    fn new(kind: Kind) -> Top {
        Top { keys: Vec::new(), kind, others: Vec::new(), is_answer: false }
    }

    /// The top of a document, of which nothing is read.
    fn of(document: &Document, dialect: Option<Dialect>) -> Top {
        let root = document.root();
        let mut top = Top::new(root.kind());
        root.entries().for_each(|(key, node)| top.add(&key, node, dialect));
        top
    }

    fn add(&mut self, key: &Key<'_>, node: Node<'_>, dialect: Option<Dialect>) {
        let name = key.text.to_string();
        if dialect == Some(Dialect::Ansible) || !is_known(&name, node.kind()) {
            self.others.push(ansible::TopKey { name: name.clone(), span: key.span, value: node.raw() });
        }
        self.keys.push((name, node.kind()));
    }

    /// Whether the keys that no other system knows are groups of Ansible.
    fn is_ansible(&self, document: &Document, said: Option<Dialect>) -> bool {
        let own = |key: &ansible::TopKey| ansible::OWN_KEYS.contains(&&*key.name);
        document.notation() == Notation::Ini
            || said == Some(Dialect::Ansible)
            || said.is_none()
                && (self.others.iter().any(own)
                    || !self.others.is_empty()
                        && self.others.iter().all(|key| ansible::is_group(document.node(key.value))))
    }

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
        if self.is_answer {
            return Ok(vec![Dialect::OperationsCenter]);
        }
        match self.kind {
            Kind::Object => {}
            // An empty file is an empty layer.
            Kind::Null if !alone || said.is_some() => return Ok(said.into_iter().collect()),
            Kind::Null => {
                return fail("the inventory is empty".to_owned())
                    .map_err(|diagnostic| Box::new(diagnostic.help(beginning(document.notation()))));
            }
            kind => {
                let message =
                    format!("expected an object at the top of the inventory, found {}", kind.describe());
                let list = "`--reader FILE` reads lists of any kind; those of Operations Center are known by the names of their files, such as `networks.json`";
                let help = if kind == Kind::List { list.to_owned() } else { beginning(document.notation()) };
                return fail(message).map_err(|diagnostic| Box::new(diagnostic.help(help)));
            }
        }
        let is_ansible = self.is_ansible(document, said);
        if is_ansible && (said.is_some() || document.notation() == Notation::Ini) {
            return Ok(vec![Dialect::Ansible]);
        }
        // Clan has instances too, of services.
        let is_clan =
            self.keys.iter().any(|(key, _)| key != "instances" && CLAN_KEYS.contains(&key.as_str()));
        let of_key = |(key, kind): &(String, Kind)| match key.as_str() {
            "instances" if is_clan => Some(Dialect::Clan),
            key => Dialect::of_key(key, *kind),
        };
        let has = |wanted: Dialect| match wanted {
            Dialect::Ansible => is_ansible,
            wanted => self.keys.iter().any(|key| of_key(key) == Some(wanted)),
        };
        let unknown = self.keys.iter().filter(|key| !is_ansible && !is_known(&key.0, key.1));
        let unknown: Vec<&str> = unknown.map(|(key, _)| key.as_str()).collect();
        if let Some(said) = said {
            // Clan says itself what is wrong with its keys.
            if said != Dialect::Clan && !has(said) && !self.keys.is_empty() {
                let expected = list_or(said.keys());
                let noun = if said.keys().len() == 1 { "the key" } else { "one of the keys" };
                let title = said.title();
                return fail(format!("expected {noun} {expected} at the top of a {title} inventory"));
            }
            return Ok(vec![said]);
        }
        let found: Vec<Dialect> = Dialect::ALL.into_iter().filter(|dialect| has(*dialect)).collect();
        if found.is_empty() && !unknown.is_empty() {
            let message = format!(
                "no dialect of inventories has the {} {} at the top",
                if unknown.len() == 1 { "key" } else { "keys" },
                list_and(unknown.get(..5).unwrap_or(&unknown))
            );
            return fail_at(unknown.first().copied(), message)
                .map_err(|diagnostic| Box::new(diagnostic.help(self.advice(&unknown))));
        }
        Ok(found)
    }

    /// The mistakes of keys that the systems of a document do not have. Clan tells of its own.
    fn strays(&self, document: &Document, found: &[Dialect]) -> Vec<Diagnostic> {
        let Some(dialect) = found.first().filter(|_| !found.contains(&Dialect::Clan)) else {
            return Vec::new();
        };
        if found.contains(&Dialect::Ansible) {
            return Vec::new();
        }
        // Going through the document passes over all of its text.
        if self.keys.iter().all(|(key, kind)| is_known(key, *kind)) {
            return Vec::new();
        }
        let deciding = self.keys.iter().find(|(key, kind)| Dialect::of_key(key, *kind) == Some(*dialect));
        let Some((deciding, _)) = deciding else { return Vec::new() };
        let title = dialect.title();
        let entries = document.root().entries();
        let strays = entries.filter(|(key, value)| !is_known(&key.text, value.kind()));
        let mistake = |(key, _): (Key<'_>, Node<'_>)| {
            let message = format!(
                "the key {} makes this a {title} inventory, which has no key {} at the top",
                quoted(deciding),
                quoted(&key.text)
            );
            let diagnostic = Diagnostic::error(Code::UnknownOption, message);
            diagnostic.at(&document.source, key.span, "").help(self.advice(&[&*key.text]))
        };
        strays.map(mistake).collect()
    }

    /// What to do about keys that nothing knows.
    fn advice(&self, unknown: &[&str]) -> String {
        if unknown.contains(&"clusters") {
            return "put `clusters` and `suffix` into `domain`".to_owned();
        }
        let known = || Dialect::ALL.into_iter().flat_map(Dialect::keys).chain(NATIVE_KEYS).copied();
        unknown.iter().find_map(|key| did_you_mean(key, known())).unwrap_or_else(|| {
            "an inventory has the key `domain` (ClusterConfig), `machines` and `instances` (Clan), \
             `clouds` and `systems` (Walrus), `servers` (Operations Center), or `all` and groups with `hosts` (Ansible); \
             `--reader FILE` reads anything else"
                .to_owned()
        })
    }
}
