//! Clan's own cases and real inventories, as far as membership decides them: what the model says against
//! what Clan computes. Settings are merged elsewhere.
//!
//! The data lies outside of the repository: in `../shared`, or where `INVQ_SHARED` says.

#![allow(clippy::print_stdout, reason = "what a run leaves out must be seen")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use invq::diagnostic::{Code, Diagnostic, Severity};
use invq::dialects::clan;
use invq::inventory::document::{Document, Node, Raw};
use invq::inventory::draft::Draft;
use invq::inventory::model::{Instance, Inventory, Mistake, Part, SelectionKind, Value};
use invq::services::constraints;
use invq::services::fragments::fragments;
use invq::services::members::{Resolved, resolve};
use invq::text::Source;
use serde_json::{Map, Value as Json, json};

fn shared() -> PathBuf {
    std::env::var_os("INVQ_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from)
}

/// The JSON files of a folder by name, or nothing where it is missing.
fn files(folder: &str) -> Vec<(String, Json)> {
    let folder = shared().join(folder);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: {} is not there", folder.display());
        return Vec::new();
    };
    let mut files: Vec<(String, Json)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_stem()?.to_str()?.to_owned();
            let text = std::fs::read_to_string(path).ok()?;
            Some((name, serde_json::from_str(&text).ok()?))
        })
        .collect();
    files.sort_by(|left, right| left.0.cmp(&right.0));
    files
}

/// An inventory with the members of its roles.
struct Loaded {
    inventory: Inventory,
    resolved: Resolved,
}

fn load(documents: &[(String, Json)]) -> Loaded {
    let mut draft = Draft::new();
    let numbers: Vec<u32> = documents
        .iter()
        .map(|(name, value)| {
            let text = serde_json::to_string_pretty(value).unwrap_or_default();
            draft.add_document(Document::json(Source::new(name.as_str(), text)))
        })
        .collect();
    clan::read(&mut draft, &numbers);
    let inventory = draft.finish();
    let resolved = resolve(&inventory, &mut |_, _| Err(Diagnostic::error(Code::Thrown, "no filters here")));
    Loaded { inventory, resolved }
}

/// The documents of a case.
fn documents(input: &Json) -> Vec<(String, Json)> {
    let mut rest = Map::new();
    for key in ["modules", "clan_machines", "machine_directories", "meta"] {
        if let Some(value) = input.get(key) {
            rest.insert(key.to_owned(), value.clone());
        }
    }
    let mut documents = Vec::new();
    let mut put = |name: String, inventory: &Json, rest: Map<String, Json>| {
        let mut document = rest;
        document.insert("inventory".to_owned(), inventory.clone());
        documents.push((name, Json::Object(document)));
    };
    match input.get("layers").and_then(Json::as_array) {
        Some(layers) => {
            for (index, layer) in layers.iter().enumerate() {
                let beside = if index == 0 { rest.clone() } else { Map::new() };
                put(text(layer, "file").to_owned(), layer.get("inventory").unwrap_or(&Json::Null), beside);
            }
        }
        None => {
            put("clan.json".to_owned(), input.get("inventory").unwrap_or(&json!({})), rest);
            if let Some(persisted) = input.get("inventory_json") {
                put("inventory.json".to_owned(), persisted, Map::new());
            }
        }
    }
    documents
}

fn text<'j>(value: &'j Json, key: &str) -> &'j str {
    value.get(key).and_then(Json::as_str).unwrap_or_default()
}

impl Loaded {
    fn nodes(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.inventory.nodes.len()).unwrap_or_default()
    }

    fn name(&self, node: u32) -> &str {
        self.inventory.nodes.name(node)
    }

    fn service(&self, instance: &Instance) -> &str {
        self.inventory.services.get(instance.service as usize).map_or("", |service| &service.id)
    }

    /// The instances of one API with their indices.
    fn instances(&self, older: bool) -> impl Iterator<Item = (usize, &Instance)> {
        self.inventory
            .instances
            .iter()
            .enumerate()
            .filter(move |(_, instance)| instance.key.is_some() == older)
    }

    /// The members of each role of an instance.
    fn members(&self, index: usize) -> BTreeMap<String, Vec<String>> {
        let roles = self.inventory.instances.get(index).map(|instance| &instance.roles);
        let members = self.resolved.instances.get(index).map(|members| &members.roles);
        roles
            .into_iter()
            .flatten()
            .zip(members.into_iter().flatten())
            .map(|(role, members)| {
                let names = members.names(&self.inventory).iter().map(ToString::to_string).collect();
                (role.name.to_string(), names)
            })
            .collect()
    }

    fn tag_names(&self, node: u32) -> Vec<&str> {
        let tags = self.inventory.nodes.tags(node).iter();
        tags.filter_map(|tag| self.inventory.tags.get(*tag as usize)).map(|tag| &*tag.name).collect()
    }

    fn machines(&self) -> Json {
        self.nodes().map(|node| self.name(node)).collect()
    }

    fn listed(&self) -> BTreeMap<&str, Vec<&str>> {
        let listed = |tag: &'_ invq::inventory::model::Tag| tag.listed.clone();
        self.inventory
            .tags
            .iter()
            .filter_map(|tag| {
                Some((&*tag.name, listed(tag)?.into_iter().map(|node| self.name(node)).collect()))
            })
            .collect()
    }

    fn memberships(&self) -> Json {
        let entry = |(index, instance): (usize, &Instance)| {
            let answer = json!({ "service": self.service(instance), "roles": self.members(index) });
            (instance.name.to_string(), answer)
        };
        Json::Object(self.instances(false).map(entry).collect())
    }

    fn machine_roles(&self) -> Json {
        let placements = |node: u32| -> Json {
            let of_node = self.resolved.placements_of(&self.inventory, node).iter();
            of_node
                .filter_map(|placement| {
                    let instance = self.inventory.instances.get(placement.instance as usize)?;
                    let role = instance.roles.get(placement.role? as usize)?;
                    let service = self.service(instance);
                    let shown =
                        json!({ "service": service, "role": &*role.name, "instance": &*instance.name });
                    instance.key.is_none().then_some(shown)
                })
                .collect()
        };
        Json::Object(self.nodes().map(|node| (self.name(node).to_owned(), placements(node))).collect())
    }

    /// Service, instance, role, members of the older API.
    fn resolved_roles(&self) -> Json {
        let mut services: BTreeMap<&str, BTreeMap<&str, BTreeMap<String, Vec<String>>>> = BTreeMap::new();
        for (index, instance) in self.instances(true) {
            let key = instance.key.as_deref().unwrap_or_default();
            services.entry(self.service(instance)).or_default().insert(key, self.members(index));
        }
        json!(services)
    }

    fn matched_roles(&self) -> Json {
        let matched = |node: u32| {
            let mut services: BTreeMap<&str, BTreeMap<&str, ()>> = BTreeMap::new();
            for placement in self.resolved.placements_of(&self.inventory, node) {
                let instance = self.inventory.instances.get(placement.instance as usize);
                let Some(instance) = instance.filter(|instance| instance.key.is_some()) else { continue };
                let role = placement.role.and_then(|role| instance.roles.get(role as usize));
                let roles = services.entry(self.service(instance)).or_default();
                roles.extend(role.map(|role| (&*role.name, ())));
            }
            let lists: BTreeMap<&str, Vec<&str>> =
                services.into_iter().map(|(service, roles)| (service, roles.into_keys().collect())).collect();
            json!(lists)
        };
        Json::Object(self.nodes().map(|node| (self.name(node).to_owned(), matched(node))).collect())
    }

    /// What the configuration of each machine sees of the older API.
    fn older_memberships(&self) -> Json {
        let of_node = |node: u32| {
            let mut services: BTreeMap<&str, BTreeMap<&str, Json>> = BTreeMap::new();
            for (index, instance) in self.instances(true) {
                let placed =
                    self.resolved.instances.get(index).is_some_and(|members| members.placed.contains(node));
                if placed {
                    let roles: BTreeMap<String, Json> = self
                        .members(index)
                        .into_iter()
                        .map(|(role, machines)| (role, json!({ "machines": machines })))
                        .collect();
                    let key = instance.key.as_deref().unwrap_or_default();
                    services
                        .entry(self.service(instance))
                        .or_default()
                        .insert(key, json!({ "roles": roles }));
                }
            }
            json!(services)
        };
        Json::Object(self.nodes().map(|node| (self.name(node).to_owned(), of_node(node))).collect())
    }

    fn checks(&self) -> Json {
        let checks = constraints::checks(&self.inventory, &self.resolved);
        checks
            .iter()
            .map(|check| json!({ "id": check.id, "message": check.message, "severity": check.severity.word() }))
            .collect()
    }

    /// Failed assertions by service of the older API.
    fn assertions(&self) -> Json {
        let checks = constraints::checks(&self.inventory, &self.resolved);
        let mut services: BTreeMap<&str, BTreeMap<&str, Json>> =
            self.instances(true).map(|(_, instance)| (self.service(instance), BTreeMap::new())).collect();
        for (service, failed) in &mut services {
            let prefix = format!("{service}.");
            failed.extend(
                checks.iter().filter(|check| check.id.starts_with(&prefix)).map(|check| {
                    (check.id.as_str(), json!({ "assertion": false, "message": check.message }))
                }),
            );
        }
        json!(services)
    }

    /// The configuration that each machine gets from the older API.
    fn service_config(&self) -> Json {
        let piece = |raws: &Vec<Raw>| -> Json {
            let layers = raws.iter().filter_map(|raw| self.inventory.node(*raw)).map(Node::to_json);
            layers.reduce(|_, later| later).unwrap_or_else(|| json!({}))
        };
        let of_node = |node: u32| -> Json {
            let fragments = fragments(&self.inventory, &self.resolved, node);
            fragments
                .iter()
                .filter_map(|fragments| {
                    let instance = self.inventory.instances.get(fragments.instance as usize)?;
                    let contents: Vec<Json> = fragments.pieces.iter().map(piece).collect();
                    Some(json!({ "service": self.service(instance), "contents": contents }))
                })
                .collect()
        };
        Json::Object(self.nodes().map(|node| (self.name(node).to_owned(), of_node(node))).collect())
    }

    fn for_each_machine(&self, answer: &Json) -> Json {
        Json::Object(self.nodes().map(|node| (self.name(node).to_owned(), answer.clone())).collect())
    }

    fn meta(&self) -> Json {
        let fields = self.inventory.meta.iter().map(|(name, value)| {
            let value = match value {
                Value::Json(value) => value.clone(),
                Value::Raw(_) => Json::Null,
            };
            (name.to_string(), value)
        });
        Json::Object(fields.collect())
    }

    fn mistakes_of(&self, code: Code) -> Vec<&Mistake> {
        self.inventory.mistakes.iter().filter(|mistake| mistake.diagnostic.code == code).collect()
    }

    /// Names in roles of the older API that the inventory does not have.
    fn inventory_assertions(&self) -> Json {
        let unknown = self.mistakes_of(Code::UnknownMachine).len() + self.mistakes_of(Code::UnknownTag).len();
        json!(vec![Json::Null; unknown])
    }

    fn list_tags(&self) -> Json {
        let special: Vec<&str> = self.listed().into_keys().collect();
        let in_roles = self.inventory.instances.iter().flat_map(|instance| &instance.roles);
        let in_roles =
            in_roles.flat_map(|role| &role.selections).filter_map(|selection| match &selection.kind {
                SelectionKind::Tag(tag) => Some(&**tag),
                _ => None,
            });
        let mut options: Vec<&str> =
            self.nodes().flat_map(|node| self.tag_names(node)).chain(in_roles).collect();
        options.retain(|tag| !special.contains(tag));
        options.sort_unstable();
        options.dedup();
        json!({ "options": options, "special": special })
    }

    fn machines_list(&self, tags: &Json) -> Json {
        let wanted: Vec<&str> = tags.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let has_all = |node: &u32| wanted.iter().all(|tag| self.tag_names(*node).contains(tag));
        self.nodes().filter(has_all).map(|node| self.name(node)).collect()
    }

    fn of_service(&self, query: &str, id: &str) -> Option<Json> {
        let service = self.inventory.find_service(id)?;
        match query {
            "service_machines_of" => {
                let machines = self.resolved.services.get(service as usize)?;
                Some(machines.iter().map(|node| self.name(node)).collect())
            }
            "manifest_name_of" => {
                let service = self.inventory.services.get(service as usize)?;
                Some(json!(service.manifest.as_deref()))
            }
            _ => None,
        }
    }

    /// The answer to a query, or nothing where the model alone does not give it.
    fn answer(&self, api: &str, check: &Json) -> Option<Json> {
        let query = text(check, "query");
        if let Some((query, id)) = query.split_once(':') {
            return self.of_service(query, id);
        }
        let listed = |tag: &str| json!(self.listed().get(tag));
        Some(match (api, query) {
            ("services", "memberships") => self.older_memberships(),
            (_, "memberships") => self.memberships(),
            (_, "machine_roles") => self.machine_roles(),
            (_, "machine_tags") => Json::Object(
                self.nodes().map(|node| (self.name(node).to_owned(), json!(self.tag_names(node)))).collect(),
            ),
            (_, "tags") => json!(self.listed()),
            (_, "all_machines") => self.machines(),
            (_, "nixos" | "darwin") => listed(query),
            (_, "service_ids") => self.inventory.services.iter().map(|service| &*service.id).collect(),
            (_, "checks") => self.checks(),
            (_, "meta") => self.meta(),
            (_, "resolved_roles") => self.for_each_machine(&self.resolved_roles()),
            (_, "matched_roles") => self.matched_roles(),
            (_, "assertions") => self.for_each_machine(&self.assertions()),
            (_, "service_config") => self.service_config(),
            (_, "inventory_assertions") => self.inventory_assertions(),
            (_, "list_tags") => self.list_tags(),
            (_, "machines_list") => self.machines_list(check.get("tags")?),
            _ => return None,
        })
    }

    /// The errors on which a query depends. Unknown machines are left out: Clan counts them.
    fn errors(&self, query: &str) -> Vec<&Mistake> {
        let concerns = |part: &Part| match part {
            Part::Everything => true,
            Part::Node(_) => query.starts_with("machine") || query == "tags",
            Part::Service(_) | Part::Instance(_) | Part::Role(..) => {
                matches!(query, "memberships" | "machine_roles" | "resolved" | "checks" | "machine_imports")
            }
            Part::Meta => query == "meta",
            _ => false,
        };
        let of_query = self.inventory.mistakes.iter().filter(|mistake| {
            mistake.diagnostic.severity == Severity::Error
                && mistake.diagnostic.code != Code::UnknownMachine
                && concerns(&mistake.part)
        });
        of_query.collect()
    }
}

/// What happened to the checks of all files.
#[derive(Default)]
struct Tally {
    passed: usize,
    later: Vec<String>,
    failed: Vec<String>,
}

impl Tally {
    fn compare(&mut self, what: String, answer: &Json, expected: &Json) {
        if answer == expected {
            self.passed += 1;
        } else {
            self.failed.push(format!("{what}\n  expected {expected}\n  found    {answer}"));
        }
    }

    fn finish(self, title: &str) {
        println!(
            "{title}: {} passed, {} for later: {}",
            self.passed,
            self.later.len(),
            self.later.join(", ")
        );
        assert!(self.failed.is_empty(), "{} failed:\n{}", self.failed.len(), self.failed.join("\n"));
    }
}

#[test]
fn cases() {
    let mut tally = Tally::default();
    for (name, case) in files("cases/clan") {
        let Some(checks) = case.get("checks").and_then(Json::as_array) else { continue };
        let loaded = load(&documents(case.get("input").unwrap_or(&Json::Null)));
        for check in checks {
            let query = text(check, "query");
            let what = format!("{name} {query}");
            let errors = loaded.errors(query);
            if check.get("expect_error").is_some() {
                match errors.as_slice() {
                    [] => tally.later.push(format!("{what} (error)")),
                    _ => tally.passed += 1,
                }
                continue;
            }
            if let [first, ..] = errors.as_slice() {
                tally.failed.push(format!("{what}: {}", first.diagnostic.message));
                continue;
            }
            match (loaded.answer(text(&case, "api"), check), check.get("expect")) {
                (Some(answer), Some(expected)) => tally.compare(what, &answer, expected),
                _ => tally.later.push(what),
            }
        }
    }
    tally.finish("cases");
}

#[test]
fn real_inventories() {
    let mut tally = Tally::default();
    for (name, real) in files("real/clan") {
        let mut input = Map::new();
        for key in ["inventory", "inventory_json"] {
            input.extend(real.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        if let Some(names) =
            real.get("machines_registered_elsewhere").and_then(|elsewhere| elsewhere.get("names"))
        {
            input.insert("clan_machines".to_owned(), names.clone());
        }
        if let Some(modules) = real.get("module_roles").and_then(Json::as_object) {
            let declared = modules.iter().map(|(module, roles)| (module.clone(), json!({ "roles": roles })));
            input.insert("modules".to_owned(), Json::Object(declared.collect()));
        }
        let loaded = load(&documents(&Json::Object(input)));
        let api = text(&real, "api");
        let expected = real.get("expected").and_then(Json::as_object);
        for (query, expected) in expected.into_iter().flatten() {
            let what = format!("{name} {query}");
            let answer = match query.as_str() {
                "warnings" => Some(json!(vec![Json::Null; loaded.mistakes_of(Code::UnknownTag).len()])),
                "unknown_machines" if *expected == json!({}) => {
                    assert!(loaded.mistakes_of(Code::UnknownMachine).is_empty(), "{what}");
                    Some(json!({}))
                }
                "resolved_roles" => Some(loaded.resolved_roles()),
                "assertions" => Some(loaded.assertions()),
                _ => loaded.answer(api, &json!({ "query": query })),
            };
            match answer {
                Some(answer) => tally.compare(what, &answer, expected),
                None => tally.later.push(what),
            }
        }
        let others = loaded.inventory.mistakes.iter().filter(|mistake| mistake.part != Part::Meta);
        for mistake in others {
            tally.failed.push(format!("{name}: {}", mistake.diagnostic.message));
        }
    }
    tally.finish("real inventories");
}

/// Calls `visit` with the value with each of its parts replaced, one at a time.
fn with_each_part_replaced(value: &Json, by: &Json, visit: &mut dyn FnMut(Json)) {
    visit(by.clone());
    match value {
        Json::Object(entries) => {
            for (key, part) in entries {
                with_each_part_replaced(part, by, &mut |part| {
                    let mut entries = entries.clone();
                    entries.insert(key.clone(), part);
                    visit(Json::Object(entries));
                });
            }
        }
        Json::Array(items) => {
            for (index, part) in items.iter().enumerate() {
                with_each_part_replaced(part, by, &mut |part| {
                    let replaced = items.iter().enumerate();
                    visit(
                        replaced
                            .map(|(at, item)| if at == index { part.clone() } else { item.clone() })
                            .collect(),
                    );
                });
            }
        }
        _ => {}
    }
}

#[test]
fn nothing_is_lost_without_a_mistake() {
    let mut silent = Vec::new();
    for name in ["e01-union-of-names-and-tags", "l06-persisted-file", "o08-disabled", "o12-constraint-min"] {
        let Some((_, case)) = files("cases/clan").into_iter().find(|(known, _)| known == name) else {
            continue;
        };
        let documents = documents(case.get("input").unwrap_or(&Json::Null));
        let Some(whole) = documents.first().and_then(|(_, document)| document.get("inventory")) else {
            continue;
        };
        // No part of an inventory may be a number where the cases have none.
        with_each_part_replaced(whole, &json!(1.5), &mut |replaced| {
            let loaded = load(&[("clan.json".to_owned(), json!({ "inventory": &replaced }))]);
            let told = loaded.inventory.mistakes.iter().any(|mistake| mistake.part != Part::Meta);
            if !told {
                silent.push(format!("{name}: {replaced}"));
            }
        });
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
