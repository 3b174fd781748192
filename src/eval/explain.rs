//! Why a filter holds for a machine, or does not: the filter taken apart, with the facts behind each
//! part.

use std::rc::Rc;

use super::Evaluation;
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::{Inventory, NodeKind, Selection, SelectionKind};
use crate::syntax::format::quote_string;
use crate::text::{count, did_you_mean, list_and, quoted};
use crate::types::Named;
use crate::value::{Entity, Evaluator, Fault, Filter, FilterKind, Name, Parts, Value};

/// A filter, or a part of one, with what it says of one machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The filter as it could be typed.
    pub filter: String,
    /// Whether it holds.
    pub holds: bool,
    /// What is known of the machine that decides it; empty where the parts do.
    pub fact: String,
    /// What it is made of.
    pub parts: Vec<Explanation>,
    /// Whether one part that holds is enough, and not all must.
    pub any: bool,
}

impl Explanation {
    /// The record that queries see.
    pub(super) fn into_value(self) -> Value {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            Value::attrs([
                ("fact", Value::string(self.fact)),
                ("filter", Value::string(self.filter)),
                ("holds", Value::Bool(self.holds)),
                ("parts", Value::list(self.parts.into_iter().map(Explanation::into_value).collect())),
            ])
        })
    }
}

/// The machine of a name, which no other has; `cluster/name` means that of one cluster.
pub(super) fn find_machine(model: &Inventory, name: &str) -> Result<Entity, Fault> {
    let home = |node: u32| {
        let cluster = model.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
        model.clusters.get(cluster as usize).map_or("", |cluster| &*cluster.name)
    };
    let nodes = model.find_meant(name);
    let plain = name.rsplit('/').next().unwrap_or(name);
    match nodes.as_slice() {
        [only] => Ok(Entity { kind: Named::Machine, id: *only }),
        [] => {
            let known =
                (0..u32::try_from(model.nodes.len()).unwrap_or(u32::MAX)).map(|node| model.nodes.name(node));
            let diagnostic =
                Diagnostic::error(Code::UnknownMachine, format!("no machine is called {}", quoted(name)));
            Err(Fault::new(diagnostic.maybe_help(did_you_mean(plain, known))))
        }
        [first, ..] => {
            let clusters: Vec<&str> = nodes.iter().map(|node| home(*node)).collect();
            let message = format!(
                "machines of several clusters are called {}: of {}",
                quoted(name),
                list_and(&clusters)
            );
            let machine = [home(*first), "machines", plain].map(crate::syntax::format::attr_name).join(".");
            let diagnostic = Diagnostic::error(Code::InvalidValue, message);
            Err(Fault::new(diagnostic.help(format!("write `explain clusters.{machine}`"))))
        }
    }
}

/// So many parts of a filter are told, in its text and one by one.
const MANY: u32 = 300;

impl Evaluation<'_> {
    /// Explains what a filter says of a node, resolved in the node's own cluster.
    ///
    /// # Errors
    /// As resolving the filter.
    pub fn explain(&mut self, filter: &Value, node: u32) -> Result<Explanation, Fault> {
        let filter = crate::builtins::filters::to_filter(self, filter)?;
        let mut left = MANY;
        self.resolving(|evaluation| evaluation.explain_filter(&filter, node, &mut left))
    }

    /// A filter as it could be typed; one of more parts than anybody reads ends in dots.
    pub fn filter_text(&self, filter: &Filter) -> String {
        filter_text(filter)
    }

    /// Explains a filter, and its parts while any are left to be told.
    fn explain_filter(&mut self, filter: &Filter, node: u32, left: &mut u32) -> Result<Explanation, Fault> {
        stacker::maybe_grow(super::RED_ZONE, super::STACK_PIECE, || self.explain_here(filter, node, left))
    }

    fn explain_here(&mut self, filter: &Filter, node: u32, left: &mut u32) -> Result<Explanation, Fault> {
        self.step()?;
        *left = left.saturating_sub(1);
        let any = matches!(filter.kind, FilterKind::Or(_));
        let mut explanation = Explanation {
            filter: filter_text(filter),
            holds: false,
            fact: String::new(),
            parts: Vec::new(),
            any,
        };
        match &filter.kind {
            FilterKind::And(_)
            | FilterKind::Or(_)
            | FilterKind::Not(_)
            | FilterKind::Counted(..)
            | FilterKind::Optional(_)
            | FilterKind::Named(_)
                if *left == 0 =>
            {
                let cluster =
                    self.world.model().nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
                let value = Value::Filter(Rc::new(filter.clone()));
                explanation.holds = self.resolve_within(&value, cluster)?.contains(node);
                explanation.fact = "its parts are too many to be told".to_owned();
            }
            FilterKind::And(parts) => {
                explanation.parts = self.explain_every(parts, node, left)?;
                explanation.holds = explanation.parts.iter().all(|part| part.holds);
            }
            FilterKind::Or(parts) => {
                for part in parts.iter() {
                    explanation.parts.push(self.explain_filter(part, node, left)?);
                }
                explanation.holds = explanation.parts.iter().any(|part| part.holds);
            }
            FilterKind::Not(inner) | FilterKind::Counted(_, inner) | FilterKind::Optional(inner) => {
                let is_not = matches!(filter.kind, FilterKind::Not(_));
                let optional = u32::from(matches!(filter.kind, FilterKind::Optional(_)));
                self.optional += optional;
                let inner = self.explain_filter(inner, node, left);
                self.optional -= optional;
                let inner = inner?;
                explanation =
                    Explanation { filter: explanation.filter, holds: inner.holds != is_not, ..inner };
            }
            FilterKind::InCluster(name, inner) if self.is_in(node, name) => {
                let inner = self.explain_filter(inner, node, left)?;
                explanation.holds = inner.holds;
                explanation.parts.push(inner);
            }
            FilterKind::Named(name) => {
                let name = name.clone();
                let inner =
                    self.with_named(&name, |evaluation, inner| evaluation.explain_filter(inner, node, left))?;
                explanation.holds = inner.holds;
                explanation.parts.push(inner);
            }
            _ => {
                explanation.holds = self.holds(filter, node)?;
                explanation.fact = self.fact(filter, node)?;
                if let FilterKind::Role(instance, role) = &filter.kind {
                    explanation.parts = self.selections(instance, role, node)?;
                    explanation.any = true;
                }
            }
        }
        Ok(explanation)
    }

    /// Parts that must all hold. A query asks a predicate only about machines that the others leave, so
    /// that one which fails does not matter where another part does not hold.
    fn explain_every(
        &mut self,
        parts: &[Filter],
        node: u32,
        left: &mut u32,
    ) -> Result<Vec<Explanation>, Fault> {
        let mut explained = Vec::with_capacity(parts.len());
        for part in parts {
            explained.push(self.explain_filter(part, node, left).map_err(|fault| (part, fault)));
        }
        let is_decided = explained.iter().any(|part| part.as_ref().is_ok_and(|part| !part.holds));
        explained
            .into_iter()
            .map(|part| match part {
                Ok(part) => Ok(part),
                Err((part, fault)) if is_decided && matches!(part.kind, FilterKind::Where(_)) => {
                    let fact = format!("it is not asked, and would fail: {}", fault.diagnostic().message);
                    Ok(Explanation {
                        filter: filter_text(part),
                        holds: false,
                        fact,
                        parts: Vec::new(),
                        any: false,
                    })
                }
                Err((_, fault)) => Err(fault),
            })
            .collect()
    }

    /// Whether a filter without parts holds for a node, without asking about any other.
    fn holds(&mut self, filter: &Filter, node: u32) -> Result<bool, Fault> {
        let model = self.world.model();
        let cluster = model.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
        let mut asked = filter.clone();
        if matches!(filter.kind, FilterKind::Where(_)) {
            let alone = Filter::new(FilterKind::Nodes([Name::from(model.nodes.name(node))].into()));
            asked = Filter::new(FilterKind::And(Parts::new(vec![alone, asked])));
        }
        Ok(self.resolve_within(&Value::Filter(Rc::new(asked)), cluster)?.contains(node))
    }

    /// Whether a node is in the cluster of this name.
    fn is_in(&self, node: u32, cluster: &str) -> bool {
        let model = self.world.model();
        model
            .find_cluster(cluster)
            .is_some_and(|known| model.nodes.cluster.get(node as usize) == Some(&known))
    }

    /// What selects the machines of a role, each explained; of the instance in the node's own cluster.
    fn selections(&mut self, instance: &str, role: &str, node: u32) -> Result<Vec<Explanation>, Fault> {
        let model = self.world.model();
        let home = model.nodes.cluster.get(node as usize).copied();
        let instances =
            model.instances_named(instance).filter_map(|index| model.instances.get(index as usize));
        let at_home = instances.filter(|instance| instance.cluster.is_none() || instance.cluster == home);
        let roles = at_home.flat_map(|instance| &instance.roles).filter(|known| *known.name == *role);
        let mut explained = Vec::new();
        for selection in roles.flat_map(|role| &role.selections) {
            explained.push(self.explain_selection(selection, node)?);
        }
        Ok(explained)
    }

    /// Explains what selects machines for a role, or for a service.
    ///
    /// # Errors
    /// As resolving a filter.
    pub fn explain_selection(&mut self, selection: &Selection, node: u32) -> Result<Explanation, Fault> {
        let filter = match &selection.kind {
            SelectionKind::Machine(name) => FilterKind::Machine(name.clone()),
            SelectionKind::Tag(tag) => FilterKind::Tag(tag.clone()),
            SelectionKind::Filter(expression) => {
                let value = self.embedded(*expression)?;
                return self.explain(&value, node);
            }
        };
        // A selection may name what is not there; that is told elsewhere, and selects nothing here.
        let filter = Filter::new(filter);
        let written = filter_text(&filter);
        let optional = Filter::new(FilterKind::Optional(Rc::new(filter)));
        let explained = self.explain_filter(&optional, node, &mut MANY.clone())?;
        Ok(Explanation { filter: written, ..explained })
    }

    /// What a predicate reads of the machine: `m.vars.cpus` is 8.
    fn predicate_facts(&mut self, filter: &Filter, node: u32) -> Result<Option<String>, Fault> {
        let Some(place) = &filter.place else { return Ok(None) };
        let Some((parameter, paths)) = reads(place.source.slice(place.span)) else { return Ok(None) };
        let mut facts = Vec::new();
        for path in paths.iter().take(FACTS) {
            let mut value = Value::Entity(Entity { kind: Named::Machine, id: node });
            let mut found = true;
            for name in path {
                let evaluator: &mut dyn Evaluator = self;
                let inside = match evaluator.force(&value)? {
                    inside @ (Value::Attrs(_) | Value::Entity(_)) => inside,
                    _ => break,
                };
                match evaluator.attr(&inside, name)? {
                    Some(next) => value = next,
                    None => {
                        found = false;
                        break;
                    }
                }
            }
            let shown = match (found, self.force(&value)?) {
                (false, _) => "missing".to_owned(),
                (true, Value::Closure(_) | Value::Builtin(_) | Value::Entity(_)) => continue,
                (true, value) => short(&self.data(&value)?),
            };
            facts.push(format!("`{parameter}.{}` is {shown}", path.join(".")));
        }
        Ok((!facts.is_empty()).then(|| facts.join(", ")))
    }

    /// What is known of a node that decides a filter without parts.
    fn fact(&mut self, filter: &Filter, node: u32) -> Result<String, Fault> {
        let model = self.world.model();
        let name = model.nodes.name(node);
        let called = || format!("it is called {}", quoted(name));
        let list = |what: &str, names: &[String], nothing: &str| match (names, names.get(..NAMES)) {
            ([], _) => nothing.to_owned(),
            (names, Some(shown)) if names.len() > NAMES + 1 => {
                // The name that is asked for is what matters.
                let asked = names.iter().filter(|name| Some(name.as_str()) == asked_name(filter));
                let others = shown.iter().filter(|name| Some(name.as_str()) != asked_name(filter));
                let shown: Vec<String> = asked.chain(others).take(NAMES).map(|name| quoted(name)).collect();
                format!("{what} {} and {} more", shown.join(", "), names.len() - NAMES)
            }
            (names, _) => format!("{what} {}", list_and(names)),
        };
        Ok(match &filter.kind {
            FilterKind::All | FilterKind::ClusterNodes => "every machine is selected".to_owned(),
            FilterKind::None => "no machine is selected".to_owned(),
            FilterKind::Machine(_) | FilterKind::Nodes(_) | FilterKind::Glob(_) | FilterKind::Matching(_) => {
                called()
            }
            FilterKind::Vm(_) | FilterKind::ClusterMachines | FilterKind::ClusterVms => {
                match model.nodes.kind.get(node as usize) {
                    Some(NodeKind::Vm) => format!("it is the VM {}", quoted(name)),
                    _ => format!("it is the machine {}", quoted(name)),
                }
            }
            FilterKind::Tag(_) => list("it carries", &self.texts(node, "tags")?, "it carries no tag"),
            FilterKind::Group(_) => list("it is in", &self.texts(node, "groups")?, "it is in no group"),
            FilterKind::Cluster(_) | FilterKind::InCluster(..) => {
                list("it is in", &self.texts(node, "cluster")?, "")
            }
            FilterKind::Service(_) => list("it gets", &self.texts(node, "services")?, "it gets no service"),
            FilterKind::Instance(instance)
                if self.holds(filter, node)? && self.roles(node, instance)?.is_empty() =>
            {
                "it is selected, and holds no role".to_owned()
            }
            FilterKind::Instance(instance) | FilterKind::Role(instance, _) => {
                let held = self.roles(node, instance)?;
                list("it holds", &held, &format!("it holds no role of {}", quoted(instance)))
            }
            FilterKind::Cloud(_) => list("it is in", &self.texts(node, "cloud")?, "it is in no cloud"),
            FilterKind::ReachableFrom(from) => self.way(from, node)?,
            FilterKind::System(_) => list("its system is", &self.texts(node, "system")?, "it has no system"),
            FilterKind::Class(_) => list("its class is", &self.texts(node, "class")?, ""),
            FilterKind::Kind(_) => list("its kind is", &self.texts(node, "kind")?, ""),
            FilterKind::Address(_) => {
                list("its addresses are", &self.texts(node, "addresses")?, "it has no address")
            }
            FilterKind::Where(_) => match self.predicate_facts(filter, node)? {
                Some(facts) => facts,
                None => "the function says so".to_owned(),
            },
            FilterKind::Path(_) => format!("its path is {}", quoted(&model.node_path(node))),
            FilterKind::Function(_) => {
                let cluster = self.texts(node, "cluster")?.concat();
                let value = Value::Filter(Rc::new(filter.clone()));
                let config = self.root(crate::types::tir::Root::Config)?;
                let paths = self.filter_paths(&value, &cluster, &config)?;
                format!("the function gives {}", count(paths.len(), "path", "paths"))
            }
            _ => String::new(),
        })
    }

    /// A field of a machine as texts: one, several or none.
    fn texts(&mut self, node: u32, field: &str) -> Result<Vec<String>, Fault> {
        let entity = Entity { kind: Named::Machine, id: node };
        let Some(value) = self.world.entity_field(entity, field)? else { return Ok(Vec::new()) };
        match self.data(&value)? {
            serde_json::Value::String(text) => Ok(vec![text]),
            serde_json::Value::Array(items) => {
                Ok(items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
            }
            serde_json::Value::Null => Ok(Vec::new()),
            other => Err(Fault::new(Diagnostic::error(
                Code::TypeMismatch,
                format!("expected texts in {}, found {other}", quoted(field)),
            ))),
        }
    }

    /// How a node is reached from the machine of a name, cloud by cloud.
    fn way(&mut self, from: &str, node: u32) -> Result<String, Fault> {
        let model = self.world.model();
        let name = |cloud: u32| model.clouds.get(cloud as usize).map_or("", |cloud| &*cloud.name);
        let Some(to) = self.world.cloud_of(node)? else { return Ok("it is in no cloud".to_owned()) };
        let mut from_clouds = Vec::new();
        for start in model.find_nodes(from) {
            let Some(cloud) = self.world.cloud_of(start)? else { continue };
            if let Some(route) = model.route(cloud, to) {
                let clouds: Vec<String> = route.into_iter().map(|cloud| quoted(name(cloud))).collect();
                return Ok(match clouds.as_slice() {
                    [only] => format!("both are in {only}"),
                    clouds => format!("the way is {}", clouds.join(" → ")),
                });
            }
            from_clouds.push(name(cloud));
        }
        Ok(format!("it is in {}, to which no way leads from {}", quoted(name(to)), list_and(&from_clouds)))
    }

    /// The roles of an instance that a node holds.
    fn roles(&mut self, node: u32, instance: &str) -> Result<Vec<String>, Fault> {
        let model = self.world.model();
        let mut held = Vec::new();
        for index in model.instances_named(instance) {
            let roles = model.instances.get(index as usize).map_or(&[][..], |instance| &instance.roles);
            for role in roles {
                if self.world.instance_nodes(index, Some(&role.name))?.contains(node) {
                    held.push(role.name.to_string());
                }
            }
        }
        Ok(held)
    }
}

/// How many values that a predicate reads are told.
const FACTS: usize = 3;

/// The parameter of a predicate, and what is read of it: names behind dots, each way once.
fn reads(predicate: &str) -> Option<(&str, Vec<Vec<&str>>)> {
    let lexemes: Vec<_> = crate::syntax::lex::lexemes(predicate)
        .into_iter()
        .filter(|lexeme| !lexeme.kind.is_trivia())
        .collect();
    let word = |index: usize| lexemes.get(index).and_then(|lexeme| predicate.get(lexeme.span.range()));
    let is_name = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && !crate::syntax::lex::KEYWORDS.contains(&text)
    };
    let start = (0..lexemes.len()).find(|index| word(*index) != Some("("))?;
    let parameter = word(start).filter(|text| is_name(text))?;
    if word(start + 1) != Some(":") {
        return None;
    }
    let mut found: Vec<Vec<&str>> = Vec::new();
    for index in start + 2..lexemes.len() {
        if word(index) != Some(parameter) || word(index.wrapping_sub(1)) == Some(".") {
            continue;
        }
        let mut path = Vec::new();
        let mut at = index + 1;
        while let (Some("."), Some(name)) = (word(at), word(at + 1).filter(|text| is_name(text))) {
            path.push(name);
            at += 2;
        }
        if !path.is_empty() && !found.contains(&path) {
            found.push(path);
        }
    }
    Some((parameter, found))
}

/// Data in few characters.
fn short(data: &serde_json::Value) -> String {
    let text = data.to_string();
    if text.chars().count() <= 40 {
        return text;
    }
    match data {
        serde_json::Value::Array(items) => count(items.len(), "element", "elements"),
        serde_json::Value::Object(fields) => count(fields.len(), "field", "fields"),
        _ => text.chars().take(39).chain(['…']).collect(),
    }
}

/// The name that a filter asks for among those that a machine has.
fn asked_name(filter: &Filter) -> Option<&str> {
    match &filter.kind {
        FilterKind::Tag(name) | FilterKind::Group(name) | FilterKind::Service(name) => Some(name),
        _ => None,
    }
}

/// At most so many names are told of one property.
const NAMES: usize = 6;

/// A filter as it could be typed; one of more parts than anybody reads ends in dots.
fn filter_text(filter: &Filter) -> String {
    text(filter, 0, &mut MANY.clone())
}

/// A filter as it could be typed, while any parts are left; `level` is the precedence of what is around
/// it.
fn text(filter: &Filter, level: u8, left: &mut u32) -> String {
    if *left == 0 {
        return "…".to_owned();
    }
    *left -= 1;
    let call =
        |name: &str, argument: &str| parenthesised(format!("{name} {}", quote_string(argument)), level > 3);
    // What was written as a function is told as it was written.
    let written = || filter.place.as_ref().map(|place| place.source.slice(place.span).to_owned());
    match &filter.kind {
        FilterKind::All => "all".to_owned(),
        FilterKind::None => "none".to_owned(),
        FilterKind::Machine(name) => call("hostname", name),
        FilterKind::Vm(name) => call("vmName", name),
        FilterKind::ClusterMachines => "clusterMachines".to_owned(),
        FilterKind::ClusterVms => "clusterVms".to_owned(),
        FilterKind::ClusterNodes => "clusterNodes".to_owned(),
        FilterKind::Tag(name) => call("tag", name),
        FilterKind::Group(name) => call("group", name),
        FilterKind::Cluster(name) => call("cluster", name),
        FilterKind::InCluster(name, inner) => {
            parenthesised(format!("inCluster {} {}", quote_string(name), text(inner, 4, left)), level > 3)
        }
        FilterKind::Service(name) => call("service", name),
        FilterKind::Instance(name) => call("instance", name),
        FilterKind::Role(instance, role) => {
            parenthesised(format!("role {} {}", quote_string(instance), quote_string(role)), level > 3)
        }
        FilterKind::Cloud(name) => call("cloud", name),
        FilterKind::ReachableFrom(name) => call("reachableFrom", name),
        FilterKind::System(name) => call("system", name),
        FilterKind::Class(name) => call("class", name),
        FilterKind::Kind(name) => call("kind", name),
        FilterKind::Address(block) => call("address", &block.to_string()),
        FilterKind::Glob(glob) => call("glob", glob.glob().glob()),
        FilterKind::Matching(regex) => call("matching", regex.as_str()),
        FilterKind::Nodes(names) => {
            call("nodes", &crate::builtins::nodeset::fold(names.iter().map(|name| &**name)))
        }
        FilterKind::Where(_) => {
            parenthesised(format!("where {}", written().unwrap_or_else(|| "(m: …)".to_owned())), level > 3)
        }
        FilterKind::Path(path) => call("path", path),
        FilterKind::Named(name) => format!("filters.{}", crate::syntax::format::attr_name(name)),
        FilterKind::Optional(inner) => parenthesised(format!("optional {}", text(inner, 4, left)), level > 3),
        FilterKind::Counted(count, inner) => {
            let (word, number) = count.parts();
            parenthesised(format!("{word} {number} {}", text(inner, 4, left)), level > 3)
        }
        FilterKind::Not(inner) => format!("!{}", text(inner, 3, left)),
        FilterKind::And(parts) => joined(parts, " && ", 2, level, left),
        FilterKind::Or(parts) => joined(parts, " || ", 1, level, left),
        FilterKind::Function(_) => written().unwrap_or_else(|| "(c: cfg: …)".to_owned()),
    }
}

fn joined(parts: &[Filter], operator: &str, own: u8, level: u8, left: &mut u32) -> String {
    let mut texts = Vec::new();
    for part in parts {
        texts.push(text(part, own + 1, left));
        if *left == 0 && texts.len() < parts.len() {
            texts.push("…".to_owned());
            break;
        }
    }
    parenthesised(texts.join(operator), level > own)
}

fn parenthesised(text: String, needed: bool) -> String {
    if needed { format!("({text})") } else { text }
}
