//! Paths: lists of names, and their text form.
//!
//! The text form is that of ClusterConfig, `domain.clusters.lab.machines.web1`; a name that is no plain
//! attribute name is quoted as in Nix: `machines."db.prod"`. ClusterConfig itself joins names with dots
//! and no quotes, so that names with dots lead nowhere there; here such a text resolves too.

use super::model::{Inventory, NodeKind};
use crate::syntax::ast::Name;

/// A list of names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path {
    /// The names, outermost first.
    pub names: Vec<Name>,
}

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To a machine or VM.
    Node(u32),
    /// To a cluster.
    Cluster(u32),
    /// To a service of a cluster.
    Instance(u32),
}

/// Whether Nix does not take a word as an attribute name without quotes.
fn is_keyword(name: &str) -> bool {
    matches!(name, "assert" | "else" | "if" | "in" | "inherit" | "let" | "or" | "rec" | "then" | "with")
}

/// A name as it stands in an option, as Nix writes it: plain where it can be, else quoted.
pub fn segment(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { quote(name) }
}

/// Whether a name stands in an option without quotes.
fn is_plain(name: &str) -> bool {
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let continues = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'\'');
    starts && name.bytes().all(continues) && !is_keyword(name)
}

/// A name as it stands in a filter's path: plain, as ClusterConfig has it, but where it would be read as
/// several names or none.
fn path_segment(name: &str) -> String {
    let needs_quotes = |character: char| matches!(character, '.' | '"') || character.is_control();
    if name.is_empty() || name.contains(needs_quotes) { quote(name) } else { name.to_owned() }
}

fn quote(name: &str) -> String {
    let mut text = String::from("\"");
    let mut rest = name.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '$' if rest.peek() == Some(&'{') => text.push_str("\\$"),
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

/// An option as text: names as Nix writes them, with dots between.
pub fn print<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    // A large inventory may have many mistakes, each with its option.
    let mut text = String::new();
    for name in names {
        if !text.is_empty() {
            text.push('.');
        }
        match name.as_ref() {
            plain if is_plain(plain) => text.push_str(plain),
            other => text.push_str(&quote(other)),
        }
    }
    text
}

/// The text form of a filter's path.
pub fn print_path<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let segments: Vec<String> = names.into_iter().map(|name| path_segment(name.as_ref())).collect();
    segments.join(".")
}

impl Path {
    /// Reads the text form. Outside of quotes a name may have any characters but dots and quotes, since
    /// ClusterConfig's own paths have no quotes. Nothing where a quote is not closed, or where text
    /// follows a closing quote.
    pub fn parse(text: &str) -> Option<Path> {
        let mut names = Vec::new();
        let mut rest = text;
        loop {
            let (name, after) = match rest.strip_prefix('"') {
                Some(quoted) => unquote(quoted)?,
                None => {
                    let end = rest.find('.').unwrap_or(rest.len());
                    let name = rest.get(..end)?;
                    if name.contains('"') {
                        return None;
                    }
                    (name.to_owned(), rest.get(end..)?)
                }
            };
            names.push(name.into());
            if after.is_empty() {
                return Some(Path { names });
            }
            rest = after.strip_prefix('.')?;
        }
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&print_path(&self.names))
    }
}

/// The text up to the closing quote, escapes resolved, and what comes after it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((name, text.get(at + 1..)?)),
            '\\' => name.push(match characters.next()?.1 {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            }),
            other => name.push(other),
        }
    }
    None
}

/// The word for nodes of a kind in paths.
fn collection(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Machine => "machines",
        NodeKind::Vm => "vms",
    }
}

impl Inventory {
    /// The path of a node in its text form: `domain.clusters.<cluster>.machines.<machine>`.
    pub fn node_path(&self, node: u32) -> String {
        let index = node as usize;
        let cluster = self.nodes.cluster.get(index).copied().unwrap_or(u32::MAX);
        let cluster = self.clusters.get(cluster as usize).map_or("", |cluster| &*cluster.name);
        let kind = self.nodes.kind.get(index).copied().unwrap_or(NodeKind::Machine);
        let mut text = String::from("domain.clusters.");
        for part in [&path_segment(cluster), collection(kind), &path_segment(self.nodes.name(node))] {
            if !text.ends_with('.') {
                text.push('.');
            }
            text.push_str(part);
        }
        text
    }

    /// Where a path in its text form leads; nothing where it leads nowhere, or to something else.
    ///
    /// Names with dots are also found where they are not quoted: the first split that leads somewhere
    /// counts, split after split from the left.
    pub fn resolve_path(&self, text: &str) -> Option<Target> {
        let exact = Path::parse(text).and_then(|path| self.resolve_names(&path.names));
        exact.or_else(|| self.resolve_unquoted(text))
    }

    fn resolve_names(&self, names: &[Name]) -> Option<Target> {
        let [domain, clusters, cluster, rest @ ..] = names else { return None };
        if (&**domain, &**clusters) != ("domain", "clusters") {
            return None;
        }
        let cluster = self.find_cluster(cluster)?;
        match rest {
            [] => Some(Target::Cluster(cluster)),
            [collection, name] => match &**collection {
                "machines" => self.find_node(cluster, name, NodeKind::Machine).map(Target::Node),
                "vms" => self.find_node(cluster, name, NodeKind::Vm).map(Target::Node),
                // The machine wins, as it stands first.
                "nodes" => self.find_nodes_in(cluster, name).next().map(Target::Node),
                "services" => self.find_instance(Some(cluster), name).map(Target::Instance),
                _ => None,
            },
            _ => None,
        }
    }

    fn resolve_unquoted(&self, text: &str) -> Option<Target> {
        let rest = text.strip_prefix("domain.clusters.")?;
        let splits = [(".machines.", NodeKind::Machine), (".vms.", NodeKind::Vm)];
        let found = rest.match_indices('.').find_map(|(at, _)| {
            let (cluster, after) = (rest.get(..at)?, rest.get(at..)?);
            let cluster = self.find_cluster(cluster)?;
            splits.iter().find_map(|(word, kind)| self.find_node(cluster, after.strip_prefix(word)?, *kind))
        });
        found.map(Target::Node).or_else(|| self.find_cluster(rest).map(Target::Cluster))
    }

    /// The machine that a VM's `host` names: `machine.cluster`, with or without the domain suffix.
    ///
    /// The suffix is taken off by whole labels; then the first split into a machine and a cluster that
    /// both exist counts, from the left (`get.vmHost` of ClusterConfig).
    pub fn vm_host(&self, host: &str) -> Option<u32> {
        host_splits(host, &self.suffix).find_map(|(machine, cluster)| {
            self.find_node(self.find_cluster(cluster)?, machine, NodeKind::Machine)
        })
    }
}

/// The ways to read `machine.cluster`, with or without the domain suffix: pairs of a machine's and a
/// cluster's name, split after split from the left.
pub fn host_splits<'h>(host: &'h str, suffix: &str) -> impl Iterator<Item = (&'h str, &'h str)> + use<'h> {
    let host = match host.strip_suffix(suffix) {
        Some("") => "",
        Some(rest) if !suffix.is_empty() => rest.strip_suffix('.').unwrap_or(host),
        _ => host,
    };
    host.match_indices('.').filter_map(move |(at, _)| Some((host.get(..at)?, host.get(at + 1..)?)))
}

#[cfg(test)]
mod tests;
