//! The answers that the model alone gives to the queries of the cases.

use std::collections::BTreeMap;

use invq::diagnostic::{Code, Severity};
use invq::inventory::document::{Node, Raw};
use invq::inventory::model::{Instance, Mistake, Part, SelectionKind, Tag, Value};
use invq::services::constraints;
use invq::services::fragments::fragments;
use serde_json::{Value as Json, json};

use super::Loaded;
use crate::shared::text;

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
        let listed = |tag: &Tag| tag.listed.clone();
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
    pub(super) fn resolved_roles(&self) -> Json {
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
    pub(super) fn assertions(&self) -> Json {
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

    /// The older services as they are written, with the defaults of what is not.
    fn services_as_written(&self) -> Json {
        let or = |written: &Json, default: Json| if written.is_null() { default } else { written.clone() };
        let mut services: BTreeMap<&str, BTreeMap<&str, Json>> = BTreeMap::new();
        for (_, instance) in self.instances(true) {
            let key = instance.key.as_deref().unwrap_or_default();
            let entries = instance.entries.iter().filter_map(|entry| self.inventory.node(*entry));
            let entry = entries.map(Node::to_json).reduce(|_, later| later).unwrap_or_default();
            let roles = entry["roles"].as_object().into_iter().flatten().map(|(name, role)| {
                let role = json!({
                    "config": or(&role["config"], json!({})), "extraModules": or(&role["extraModules"], json!([])),
                    "machines": or(&role["machines"], json!([])), "tags": or(&role["tags"], json!([])),
                });
                (name.clone(), role)
            });
            let answer = json!({
                "config": or(&entry["config"], json!({})), "enabled": instance.enabled,
                "extraModules": or(&entry["extraModules"], json!([])), "machines": or(&entry["machines"], json!({})),
                "meta": { "name": or(&entry["meta"]["name"], json!(key)),
                    "description": entry["meta"]["description"], "icon": entry["meta"]["icon"] },
                "roles": roles.collect::<serde_json::Map<String, Json>>(),
            });
            services.entry(self.service(instance)).or_default().insert(key, answer);
        }
        json!(services)
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

    pub(super) fn mistakes_of(&self, code: Code) -> Vec<&Mistake> {
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
    pub(super) fn answer(&self, api: &str, check: &Json) -> Option<Json> {
        let query = text(check, "query");
        if let Some((query, id)) = query.split_once(':') {
            return self.of_service(query, id);
        }
        let listed = |tag: &str| json!(self.listed().get(tag));
        Some(match (api, query) {
            ("services", "services") => self.services_as_written(),
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
    pub(super) fn errors(&self, query: &str) -> Vec<&Mistake> {
        let concerns = |part: &Part| match part {
            Part::Everything => true,
            Part::Node(_) => query.starts_with("machine") || query == "tags",
            Part::Service(_) | Part::Instance(_) | Part::Role(..) => {
                matches!(query, "memberships" | "machine_roles" | "resolved" | "checks" | "machine_imports")
            }
            Part::Settings(..) => query == "resolved",
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
