//! Changes of an inventory, as changes of its documents.
//!
//! In go edits as the language has them ([`Named::Edit`](crate::types::Named)), out comes for each
//! document what changes in it. Where several files say something, a change goes where the value stands;
//! a file that a system's tools keep takes all of them, under that system's rules.

mod rules;

use std::collections::BTreeMap;

use rules::{contradict, read_only, within_marks};
use serde_json::{Value as Json, json};

use super::clan::Layers;
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Document, Kind, Node, Patch};
use crate::inventory::model::{Dialect, Inventory};
use crate::inventory::path;
use crate::text::{did_you_mean, quoted};

/// A change of the inventory.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What is done.
    pub change: Change,
    /// The names that lead to the value, as queries write them.
    pub at: Vec<String>,
}

/// What an edit does with a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Puts a value there.
    Set(Json),
    /// Takes it away.
    Remove,
    /// Adds an element to a list, or a key to an object.
    Add(Json),
    /// Takes an element out of a list, or a key out of an object.
    Take(Json),
}

impl Edit {
    /// Reads an edit as the language writes it; nothing where it is none.
    pub fn from_json(data: &Json) -> Option<Edit> {
        let at = data.get("at")?.as_array()?.iter().map(|name| name.as_str().map(str::to_owned));
        let value = || data.get("value").cloned();
        let change = match data.get("change")?.as_str()? {
            "set" => Change::Set(value()?),
            "remove" => Change::Remove,
            "add" => Change::Add(value()?),
            "take" => Change::Take(value()?),
            _ => return None,
        };
        Some(Edit { change, at: at.collect::<Option<Vec<String>>>()? })
    }
}

/// What changes in each document, by its number.
///
/// # Errors
/// Every edit that cannot be made, by its number and without a place: names that are not there, values that
/// may not be written.
pub fn patches(model: &Inventory, edits: &[Edit]) -> Result<BTreeMap<u32, Patch>, Vec<(usize, Diagnostic)>> {
    let mut work = Work { model, layers: Layers::of(model), patches: BTreeMap::new() };
    let mut failures = Vec::new();
    for (number, edit) in edits.iter().enumerate() {
        let before = edits.iter().take(number);
        if let Some(other) =
            before.filter(|_| work.layers.persisted.is_some()).find(|other| contradict(other, edit))
        {
            let reason = format!("another change of the same list is of `{}`", path::print(&other.at));
            failures.push((number, *read_only(edit, &reason)));
            continue;
        }
        if let Err(failure) = work.edit(edit) {
            failures.push((number, *failure));
        }
    }
    if failures.is_empty() { Ok(work.patches) } else { Err(failures) }
}

type Failure = Box<Diagnostic>;

struct Work<'i> {
    model: &'i Inventory,
    layers: Layers<'i>,
    patches: BTreeMap<u32, Patch>,
}

/// The places of one value: in each document that may hold it, the names that lead there.
struct Target<'i> {
    places: Vec<(&'i Document, Vec<String>)>,
    /// The names from the top of a Clan's inventory, to which its rules apply.
    in_clan: Option<Vec<String>>,
    /// Whether what is added where nothing is becomes the key of an object, and not the element of a list.
    of_keys: bool,
}

impl<'i> Work<'i> {
    fn edit(&mut self, edit: &Edit) -> Result<(), Failure> {
        let targets = self.targets(edit)?;
        for mut target in targets {
            let known = target.places.len();
            target.places = target
                .places
                .into_iter()
                .filter_map(|(document, at)| Some((document, within_marks(document, &at)?)))
                .collect();
            if known > 0 && target.places.is_empty() {
                return Err(read_only(edit, "it stands in one of several definitions, in a `mkMerge`"));
            }
            self.change(edit, &target)?;
        }
        Ok(())
    }

    fn change(&mut self, edit: &Edit, target: &Target<'i>) -> Result<(), Failure> {
        let standing: Vec<(&'i Document, Vec<String>)> = target
            .places
            .iter()
            .filter(|(document, at)| self.value(document, at).is_some())
            .map(|(document, at)| (*document, at.clone()))
            .collect();
        match &edit.change {
            Change::Set(value) => {
                let (document, at) = self.home(edit, target, &standing)?;
                self.refuse_type(edit, document, &at, value)?;
                let value = self.own_elements(edit, target, value)?;
                self.put(document, &at, Some(value));
            }
            Change::Remove => {
                self.refuse_removal(edit, target)?;
                if standing.is_empty() {
                    return Err(nothing_there(edit));
                }
                standing.iter().for_each(|(document, at)| self.put(document, at, None));
            }
            Change::Add(element) => {
                if standing.iter().any(|(document, at)| self.holds(document, at, element)) {
                    return Ok(());
                }
                let (document, at) = self.home(edit, target, &standing)?;
                let now = self.value(document, &at);
                match (now, element.as_str()) {
                    (Some(Json::Array(mut items)), _) => {
                        items.push(element.clone());
                        self.put(document, &at, Some(items.into()));
                    }
                    (Some(Json::Object(_)), Some(key)) => self.put_key(document, &at, key, Some(json!({}))),
                    (None, Some(key)) if target.of_keys => self.put_key(document, &at, key, Some(json!({}))),
                    (None | Some(Json::Null), _) => self.put(document, &at, Some(json!([element]))),
                    (Some(_), _) => return Err(no_list(edit)),
                }
            }
            Change::Take(element) => {
                let holding: Vec<_> =
                    standing.into_iter().filter(|(document, at)| self.holds(document, at, element)).collect();
                if holding.is_empty() {
                    return Err(self.nothing_to_take(edit, element));
                }
                for (document, at) in holding {
                    self.refuse_foreign(edit, document)?;
                    match (self.value(document, &at), element.as_str()) {
                        (Some(Json::Array(mut items)), _) => {
                            items.retain(|item| item != element);
                            self.put(document, &at, Some(items.into()));
                        }
                        (Some(_), Some(key)) => self.put_key(document, &at, key, None),
                        _ => return Err(no_list(edit)),
                    }
                }
            }
        }
        Ok(())
    }

    /// The document that a value is written to.
    fn home(
        &self,
        edit: &Edit,
        target: &Target<'i>,
        standing: &[(&'i Document, Vec<String>)],
    ) -> Result<(&'i Document, Vec<String>), Failure> {
        if let (Some(at), Some((persisted, _))) = (&target.in_clan, &self.layers.persisted) {
            let rule = self.layers.rule(at);
            if !rule.writable {
                return Err(read_only(edit, &rule.reason));
            }
            let place = target.places.iter().find(|(document, _)| std::ptr::eq(*document, *persisted));
            if let Some((document, at)) = place {
                return Ok((document, at.clone()));
            }
        }
        if let Some((document, at)) = standing.last() {
            return Ok((document, at.clone()));
        }
        // Where nothing stands yet: beside what is nearest.
        let depth = |(document, at): &&(&'i Document, Vec<String>)| {
            (0..=at.len()).rev().find(|end| self.value(document, at.get(..*end).unwrap_or(at)).is_some())
        };
        let nearest = target.places.iter().max_by_key(depth);
        nearest.map(|(document, at)| (*document, at.clone())).ok_or_else(|| nothing_there(edit))
    }

    /// A value as it is now, edits before this one included.
    fn value(&self, document: &Document, at: &[String]) -> Option<Json> {
        let mut node: Option<Node<'_>> = Some(document.root());
        let mut made: Option<Json> = None;
        let mut patch = self.patches.get(&document.number());
        for name in at {
            if let Some(instead) = patch.and_then(|patch| patch.instead.as_ref()) {
                node = None;
                made.clone_from(instead);
            }
            node = node.and_then(|node| node.get(name));
            made = made.and_then(|value| value.get(name).cloned());
            patch = patch.and_then(|patch| patch.below.get(name));
        }
        match patch {
            Some(patch) if !patch.is_empty() => match (&patch.instead, node) {
                (Some(instead), _) => instead.clone(),
                // Keys have been added or taken away: what the document has, with those.
                (None, Some(node)) if node.kind() == Kind::Object => {
                    let mut value = node.to_json();
                    if let Some(fields) = value.as_object_mut() {
                        for (key, patch) in &patch.below {
                            match &patch.instead {
                                Some(None) => drop(fields.remove(key)),
                                Some(Some(value)) => drop(fields.insert(key.clone(), value.clone())),
                                None => drop(fields.entry(key.clone()).or_insert_with(|| json!({}))),
                            }
                        }
                    }
                    Some(value)
                }
                (None, _) => Some(json!({})),
            },
            _ => made.or_else(|| node.map(Node::to_json)),
        }
    }

    fn holds(&self, document: &Document, at: &[String], element: &Json) -> bool {
        match self.value(document, at) {
            Some(Json::Array(items)) => items.contains(element),
            Some(Json::Object(fields)) => element.as_str().is_some_and(|key| fields.contains_key(key)),
            _ => false,
        }
    }

    fn put(&mut self, document: &Document, at: &[String], value: Option<Json>) {
        let patch = self.patches.entry(document.number()).or_default();
        *patch.at(at) = Patch { instead: Some(value), below: BTreeMap::new() };
    }

    fn put_key(&mut self, document: &Document, at: &[String], key: &str, value: Option<Json>) {
        let mut at = at.to_vec();
        at.push(key.to_owned());
        self.put(document, &at, value);
    }

    /// What the names of an edit mean.
    fn targets(&self, edit: &Edit) -> Result<Vec<Target<'i>>, Failure> {
        let at: Vec<&str> = edit.at.iter().map(String::as_str).collect();
        match at.as_slice() {
            ["machines", name, rest @ ..] => self.machines(edit, name, rest),
            ["instances", name, rest @ ..] => self.instances(edit, name, rest),
            [] => Err(Box::new(
                Diagnostic::error(Code::InvalidValue, "the edit names nothing")
                    .help("write the names that lead to a value: `[ \"meta\" \"name\" ]`"),
            )),
            [first, ..] => {
                let in_clan = self.is_clan() && super::CLAN_KEYS.contains(first);
                if in_clan {
                    return Ok(vec![self.in_clan(&at, false)]);
                }
                let places = self.documents().map(|document| (document, edit.at.clone())).collect();
                Ok(vec![Target { places, in_clan: None, of_keys: false }])
            }
        }
    }

    /// The documents that people write.
    fn documents(&self) -> impl Iterator<Item = &'i Document> {
        self.model.documents.iter().map(|document| &**document).filter(|document| !document.is_derived())
    }

    fn is_clan(&self) -> bool {
        self.model.dialects.contains(&Dialect::Clan)
    }

    /// A value of a Clan's inventory.
    fn in_clan(&self, at: &[&str], of_keys: bool) -> Target<'i> {
        let written = self.layers.written.iter().chain(&self.layers.persisted);
        let places = written
            .map(|(document, prefix)| {
                (*document, prefix.iter().chain(at).map(|name| (*name).to_owned()).collect())
            })
            .collect();
        Target { places, in_clan: Some(at.iter().map(|name| (*name).to_owned()).collect()), of_keys }
    }

    /// Every machine of a name, or the one of `cluster/name`.
    fn machines(&self, edit: &Edit, written: &str, rest: &[&str]) -> Result<Vec<Target<'i>>, Failure> {
        let model = self.model;
        let split = written.split_once('/').filter(|(cluster, _)| model.find_cluster(cluster).is_some());
        let (cluster, name) = match split {
            Some((cluster, name)) if model.find_nodes(written).next().is_none() => (Some(cluster), name),
            _ => (None, written),
        };
        let home = |node: u32| model.nodes.cluster.get(node as usize).copied();
        let nodes = model.find_meant(written);
        let is_new = matches!(edit.change, Change::Set(_)) && rest.is_empty();
        if nodes.is_empty() && !is_new {
            let known =
                (0..u32::try_from(model.nodes.len()).unwrap_or(u32::MAX)).map(|node| model.nodes.name(node));
            let message = format!("no machine is called {}", quoted(written));
            let diagnostic = Diagnostic::error(Code::UnknownMachine, message);
            return Err(Box::new(diagnostic.maybe_help(did_you_mean(name, known))));
        }
        if !nodes.is_empty() && is_new {
            let message = format!("a machine is called {} already", quoted(name));
            return Err(Box::new(
                Diagnostic::error(Code::DuplicateName, message)
                    .help("write another name, or change the machine with `setValue`"),
            ));
        }
        let mut targets = Vec::new();
        for node in nodes {
            let cluster = home(node).and_then(|cluster| model.clusters.get(cluster as usize));
            let kind = if model.is_vm(node) { "vms" } else { "machines" };
            let in_domain =
                self.in_domain(cluster.map_or("", |cluster| &cluster.name), &[&[kind, name], rest].concat());
            let stands = |target: &Target<'i>| {
                let whole = |at: &[String]| {
                    at.len().checked_sub(rest.len()).and_then(|end| at.get(..end)).map(<[String]>::to_vec)
                };
                target.places.iter().any(|(document, at)| {
                    whole(at).is_some_and(|machine| self.value(document, &machine).is_some())
                })
            };
            match in_domain {
                Some(target) if stands(&target) => targets.push(target),
                _ => targets.push(self.in_clan(&[&["machines", name], rest].concat(), false)),
            }
        }
        if targets.is_empty() {
            targets.push(self.new_machine(cluster, name)?);
        }
        Ok(targets)
    }

    fn new_machine(&self, cluster: Option<&str>, name: &str) -> Result<Target<'i>, Failure> {
        let clusters: Vec<&str> = self.model.clusters.iter().map(|cluster| &*cluster.name).collect();
        let meant = match (cluster, clusters.as_slice()) {
            (Some(cluster), _) => Some(cluster),
            (None, [only]) => Some(*only),
            (None, _) => None,
        };
        if self.is_clan() && cluster.is_none() {
            return Ok(self.in_clan(&["machines", name], false));
        }
        let Some(meant) = meant else {
            let message = format!("it is not said in which cluster {} is", quoted(name));
            let first = clusters.first().copied().unwrap_or_default();
            return Err(Box::new(
                Diagnostic::error(Code::InvalidValue, message).help(format!("write `{first}/{name}`")),
            ));
        };
        self.in_domain(meant, &["machines", name]).ok_or_else(|| {
            let message = format!("machines of the cluster {} cannot be added", quoted(meant));
            Box::new(
                Diagnostic::error(Code::InvalidValue, message)
                    .help("add the machine with `setValue`, where its system has it"),
            )
        })
    }

    /// A value of one of ClusterConfig's clusters.
    fn in_domain(&self, cluster: &str, at: &[&str]) -> Option<Target<'i>> {
        let documents = self.documents().filter(|document| document.root().get("domain").is_some());
        let path: Vec<String> =
            ["domain", "clusters", cluster].iter().chain(at).map(|name| (*name).to_owned()).collect();
        let places: Vec<(&'i Document, Vec<String>)> =
            documents.map(|document| (document, path.clone())).collect();
        (!places.is_empty()).then_some(Target { places, in_clan: None, of_keys: false })
    }

    /// An instance of a Clan's service, by the name that queries know it by.
    fn instances(&self, edit: &Edit, name: &str, rest: &[&str]) -> Result<Vec<Target<'i>>, Failure> {
        let model = self.model;
        let found = model.instances_named(name).next().and_then(|index| model.instances.get(index as usize));
        match found {
            Some(instance) if instance.selectors.is_some() => {
                let message =
                    format!("{} is a service of ClusterConfig, which selects by filters", quoted(name));
                let cluster = instance.cluster.and_then(|cluster| model.clusters.get(cluster as usize));
                let way =
                    ["domain", "clusters", cluster.map_or("", |cluster| &cluster.name), "services", name];
                let way: Vec<String> = way.iter().map(|name| format!("{name:?}")).collect();
                let help = format!("change it where it stands: `setValue [ {} … ] …`", way.join(" "));
                Err(Box::new(Diagnostic::error(Code::InvalidValue, message).help(help)))
            }
            // The older interface has its services by module, roles with lists, and `config` for settings.
            Some(instance) if instance.key.is_some() => {
                let service =
                    model.services.get(instance.service as usize).map_or("", |service| &service.name);
                let key = instance.key.as_deref().unwrap_or(name);
                let rest: Vec<&str> = rest
                    .iter()
                    .enumerate()
                    .map(|(at, word)| if at == 2 && *word == "settings" { "config" } else { word })
                    .collect();
                Ok(vec![self.in_clan(&[&["services", service, key], rest.as_slice()].concat(), false)])
            }
            None if !self.is_clan() => Err(nothing_there(edit)),
            _ => {
                let of_keys = matches!(rest, ["roles", _, "machines"]);
                Ok(vec![self.in_clan(&[&["instances", name], rest].concat(), of_keys)])
            }
        }
    }

    /// Why an element cannot be taken: of tags, where the machine has it from.
    fn nothing_to_take(&self, edit: &Edit, element: &Json) -> Failure {
        let shown = element.as_str().map_or_else(|| element.to_string(), quoted);
        let message = format!("{} does not have {shown}", quoted(&path::print(&edit.at)));
        let diagnostic = Diagnostic::error(Code::MissingElement, message);
        let declared = element.as_str().and_then(|tag| {
            let tag = self.model.tags.get(self.model.find_tag(tag)? as usize)?;
            (edit.at.last()? == "tags" && tag.listed.is_some()).then(|| tag.name.to_string())
        });
        Box::new(diagnostic.maybe_help(declared.map(|tag| {
            format!(
                "the inventory's own list gives the tag: change it with `setValue [ \"tags\" {tag:?} ] …`"
            )
        })))
    }
}

fn nothing_there(edit: &Edit) -> Failure {
    let message = format!("there is no {} to change", quoted(&path::print(&edit.at)));
    Box::new(Diagnostic::error(Code::MissingElement, message))
}

fn no_list(edit: &Edit) -> Failure {
    let message = format!("{} is no list", quoted(&path::print(&edit.at)));
    Box::new(Diagnostic::error(Code::TypeMismatch, message).help("write the whole value with `setValue`"))
}
