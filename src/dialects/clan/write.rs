//! What may be written into the file that Clan's tools keep, `inventory.json`.
//!
//! The file is a layer beside what people write (`clan.nix`), and tools change it alone. A value that
//! the other layers give is theirs: scalars can only be read, of lists the elements stay. What they give
//! as a default may be overridden, and what they force may not, with all that is below it. Read from
//! clan-core's persistence functions and the priorities of its options.
//!
//! An inventory without that file, or without any other, belongs to who writes it: everything may be
//! written.

use std::path::Path;
use std::sync::Arc;

use super::outer;
use crate::inventory::document::{Document, Kind, Node};
use crate::inventory::model::Inventory;

/// The name of the file that Clan's tools write.
const PERSISTED: &str = "inventory.json";

/// The priority of what is written without a mark.
const WRITTEN: i64 = 100;

/// What may be done with a value, and why not the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteRule {
    /// Whether it may be set; of a list, whether elements may be added.
    pub writable: bool,
    /// Whether it may be removed.
    pub deletable: bool,
    /// Why something may not be done; empty where everything may.
    pub reason: String,
}

/// The layers of a Clan, as far as writing is concerned.
pub struct Layers<'i> {
    /// What people write, with the names that lead to the inventory in it.
    pub written: Vec<(&'i Document, Vec<&'static str>)>,
    /// What tools write, where other layers stand beside it.
    pub persisted: Option<(&'i Document, Vec<&'static str>)>,
}

impl<'i> Layers<'i> {
    /// The layers of an inventory.
    pub fn of(model: &'i Inventory) -> Layers<'i> {
        let (mut written, mut persisted) = (Vec::new(), Vec::new());
        for document in model.documents.iter().map(Arc::as_ref).filter(|document| !document.is_derived()) {
            let Some(prefix) = outer::prefix(document.root()) else { continue };
            let name = Path::new(document.source.name()).file_name();
            match name.is_some_and(|name| name == PERSISTED) {
                true => persisted.push((document, prefix)),
                false => written.push((document, prefix)),
            }
        }
        match (persisted.pop(), written.is_empty()) {
            (Some(only), false) if persisted.is_empty() => Layers { written, persisted: Some(only) },
            (last, _) => {
                written.extend(persisted);
                written.extend(last);
                Layers { written, persisted: None }
            }
        }
    }

    /// What may be done with the value to which names lead from the top of the inventory.
    pub fn rule<S: AsRef<str>>(&self, at: &[S]) -> WriteRule {
        let at: Vec<&str> = at.iter().map(AsRef::as_ref).collect();
        let Some((persisted, prefix)) = &self.persisted else {
            return WriteRule { writable: true, deletable: true, reason: String::new() };
        };
        let own = below(persisted.root(), prefix, &at);
        let others: Vec<Node<'_>> = self
            .written
            .iter()
            .filter_map(|(document, prefix)| below(document.root(), prefix, &at))
            .collect();
        let (writable, why_written) = self.writable(&at, own, &others);
        let (deletable, why_kept) = deletable(&at, own, &others);
        let reason = if writable { why_kept } else { why_written };
        WriteRule { writable, deletable: deletable && writable, reason: reason.to_owned() }
    }

    fn writable(&self, at: &[&str], own: Option<Node<'_>>, others: &[Node<'_>]) -> (bool, &'static str) {
        if let ["machines", _, "name" | "machineClass"] = at {
            return (false, "tools never change a machine's name and class");
        }
        // Of what is forced, everything below is forced too.
        for end in 0..=at.len() {
            let around = at.get(..end).unwrap_or(at);
            let around =
                self.written.iter().filter_map(|(document, prefix)| below(document.root(), prefix, around));
            if around.filter_map(priority).any(|priority| priority < WRITTEN) {
                return (false, "another file forces it");
            }
        }
        let plain = others.iter().filter(|node| priority(**node).is_none_or(|priority| priority == WRITTEN));
        let mut kinds = plain.map(|node| node.kind());
        match kinds.find(|kind| !matches!(kind, Kind::Object | Kind::List)) {
            None => (true, ""),
            Some(Kind::Expression) => (false, "a function in another file computes it"),
            Some(_) if own.is_some() => (true, ""),
            Some(_) => (false, "another file gives it"),
        }
    }
}

fn deletable(at: &[&str], own: Option<Node<'_>>, others: &[Node<'_>]) -> (bool, &'static str) {
    if is_option(at) {
        return (false, "it is an option of a fixed set, and can be set alone");
    }
    match (own, others) {
        (_, [_, ..]) => (false, "another file gives it"),
        (None, []) => (false, "nothing gives it"),
        (Some(_), []) => (true, ""),
    }
}

/// Whether names lead to an option of a fixed set, as against a name that somebody chose.
fn is_option(at: &[&str]) -> bool {
    match at {
        [] | [_] | ["meta", _] => true,
        ["machines", _, rest @ ..] => !rest.is_empty(),
        ["instances", _, _] | ["instances", _, "module", _] => true,
        ["instances", _, "roles", _, rest @ ..] => match rest {
            [] | ["machines" | "tags", _] => false,
            [_] | ["machines" | "tags", _, "settings"] => true,
            _ => false,
        },
        _ => false,
    }
}

/// The priority of a definition that says one: `{ "_type": "override", "priority": 50, … }`.
fn priority(node: Node<'_>) -> Option<i64> {
    let mark = node.get("_type")?.as_str()?;
    if mark != "override" {
        return None;
    }
    node.get("priority")?.as_int()
}

/// The value to which names lead below the inventory in a document; marks around objects are seen
/// through.
fn below<'d>(root: Node<'d>, prefix: &[&str], at: &[&str]) -> Option<Node<'d>> {
    let mut node = root;
    for name in prefix.iter().chain(at) {
        if priority(node).is_some() {
            node = node.get("content")?;
        }
        node = node.get(name)?;
    }
    Some(node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialects::clan;
    use crate::inventory::draft::Draft;
    use crate::text::Source;

    const WRITTEN_BY_PEOPLE: &str = r#"{ "inventory": {
        "meta": { "name": "c", "description": { "_type": "override", "priority": 1000, "content": "d" } },
        "machines": { "jon": { "tags": ["a"], "description": "laptop",
            "deploy": { "_type": "override", "priority": 50, "content": { "targetHost": "x" } } } },
        "instances": { "net": { "roles": { "peer": { "tags": { "a": {} } } } } } } }"#;

    const WRITTEN_BY_TOOLS: &str = r#"{
        "machines": { "jon": { "tags": ["b"], "description": "laptop" }, "ui": { "installedAt": 1 } },
        "instances": { "net": { "roles": { "peer": { "machines": { "ui": {} } } } }, "mine": {} } }"#;

    fn model(files: &[(&str, &str)]) -> Inventory {
        let mut draft = Draft::new();
        let numbers: Vec<u32> = files
            .iter()
            .map(|(name, text)| draft.add_document(Document::json(Source::new(*name, *text))))
            .collect();
        clan::read(&mut draft, &numbers);
        draft.finish()
    }

    #[test]
    fn what_other_files_say_is_theirs() {
        let model = model(&[("clan.json", WRITTEN_BY_PEOPLE), ("a/inventory.json", WRITTEN_BY_TOOLS)]);
        let layers = Layers::of(&model);
        let rule = |at: &str| {
            let rule = layers.rule(&at.split('.').collect::<Vec<_>>());
            (rule.writable, rule.deletable, rule.reason)
        };
        let told = |writable: bool, deletable: bool, reason: &str| (writable, deletable, reason.to_owned());
        assert_eq!(rule("meta.name"), told(false, false, "another file gives it"));
        assert!(rule("meta.icon").0);
        // A default may be overridden.
        assert!(rule("meta.description").0);
        assert_eq!(rule("machines.jon.deploy.targetHost"), told(false, false, "another file forces it"));
        assert!(rule("machines.jon.tags").0);
        // Both say the same: it is in the tools' file already.
        assert!(rule("machines.jon.description").0);
        let name = "tools never change a machine's name and class";
        assert_eq!(rule("machines.ui.name"), told(false, false, name));
        assert_eq!(rule("machines.jon"), told(true, false, "another file gives it"));
        assert_eq!(rule("machines.ui"), told(true, true, ""));
        assert_eq!(rule("machines.new"), told(true, false, "nothing gives it"));
        let option = "it is an option of a fixed set, and can be set alone";
        assert_eq!(rule("machines.ui.installedAt"), told(true, false, option));
        assert_eq!(rule("instances.mine"), told(true, true, ""));
        assert_eq!(rule("instances.net.roles.peer.machines.ui"), told(true, true, ""));
        assert!(!rule("instances.net.roles.peer.tags.a").1);
        assert!(!rule("instances.net.roles.peer.machines").1);
    }

    #[test]
    fn an_inventory_of_one_file_is_its_writers() {
        for name in ["clan.json", "inventory.json"] {
            let model = model(&[(name, WRITTEN_BY_PEOPLE)]);
            let rule = Layers::of(&model).rule(&["meta", "name"]);
            assert_eq!(rule, WriteRule { writable: true, deletable: true, reason: String::new() });
        }
    }
}
