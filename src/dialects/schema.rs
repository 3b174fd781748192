//! The shape of inventory files as JSON Schema, with which editors complete and check JSON and YAML.
//!
//! What goes out is one schema for all systems, which are told apart by their keys at the top as they are when a
//! file is read. It says less than reading does: names that must be there, addresses and expressions are checked by
//! `invq check`. Each object that takes certain keys alone is compared with the table of those keys by a test.

use serde_json::{Map, Value as Json, json};

use super::clusterconfig::options;
use crate::operations::words;

/// Where the schema says that it is one.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of inventory files.
pub fn schema() -> Json {
    let mut properties = json!({
        "filters": described(named(text()), "named filters: expressions that are usable everywhere by name"),
        "include": described(one_or_list(text()), "further files, relative to this one"),
        "inventory": described(reference("clan"), "Clan: the inventory"),
        "clan": described(json!({ "type": "object", "properties": { "inventory": reference("clan") } }), "Clan: what stands around the inventory"),
        "clan_machines": described(json!({}), "Clan: machines that programs have registered"),
        "machine_directories": described(json!({}), "Clan: machines that have a folder"),
        "domain": described(reference("domain"), "ClusterConfig: the domain with its clusters"),
        "extensions": described(json!({}), "ClusterConfig: transformations"),
        "clouds": described(named(reference("cloud")), "Walrus: clouds by name"),
        "systems": described(named(reference("system")), "Walrus: systems by name"),
        "easyMode": described(boolean(), "Walrus: new systems are set up without credentials"),
        "latest_updates": described(named(named(text())), "Operations Center: the newest versions by channel and component"),
        "all": reference("group"),
        "ungrouped": reference("group"),
        "_meta": described(json!({ "type": "object" }), "Ansible: variables of hosts, as `ansible-inventory --list` writes them"),
        "plugin": described(text(), "Ansible: what makes groups and variables: `constructed`"),
    });
    let lists = super::operations_center::KEYS.iter();
    let lists = lists.filter(|key| !matches!(**key, "latest_updates" | "instances"));
    // What builds the machines may stand beside a Clan's inventory, and what makes groups has options of its own.
    let open = super::clan::BUILD_KEYS.iter().chain(&super::ansible::CONSTRUCTED_OPTIONS);
    let open = open.map(|key| ((*key).to_owned(), json!({})));
    let lists = lists.map(|key| {
        let of = match *key {
            "servers" => reference("server"),
            "clusters" => reference("managed_cluster"),
            "channels" | "cluster_templates" | "updates" => json!({ "type": "object" }),
            _ => reference("row"),
        };
        ((*key).to_owned(), described(list(of), "Operations Center: as its API answers"))
    });
    if let Some(properties) = properties.as_object_mut() {
        properties.extend(open.chain(super::clan::INVENTORY_KEYS.map(|key| (key.to_owned(), json!({})))));
        properties.extend(lists);
    }
    json!({
        "$schema": DIALECT,
        "title": "invq inventory",
        "type": "object",
        "properties": properties,
        "additionalProperties": reference("group"),
        // Around a Clan's inventory `machines` and others are NixOS modules.
        "if": { "anyOf": [{ "required": ["inventory"] }, { "required": ["clan"] }] },
        "else": { "properties": clan_at_the_top() },
        "$defs": definitions(),
    })
}

/// The keys of Clan's inventories where no key says that it is one: a list is Operations Center's.
fn clan_at_the_top() -> Json {
    let mut properties = clan_properties();
    if let Some(instances) = properties.get_mut("instances") {
        let of_clan = instances.take();
        *instances = json!({ "if": { "type": "array" }, "then": list(reference("row")), "else": of_clan });
    }
    properties
}

fn definitions() -> Json {
    let mut all = Map::new();
    all.insert(
        "filter".into(),
        described(text(), "an expression that selects machines, such as `tag \"web\"`"),
    );
    all.insert("clan".into(), closed(clan_properties()));
    all.extend(clan());
    all.extend(cluster_config());
    all.extend(walrus());
    all.extend(operations_center());
    all.insert("group".into(), group());
    Json::Object(all)
}

/// The keys of Clan's inventories.
fn clan_properties() -> Json {
    json!({
        "meta": reference("meta"),
        "machines": described(named(reference("clan_machine")), "machines by name"),
        "tags": described(named(list(text())), "machines by tag, in addition to what machines say"),
        "instances": described(named(reference("instance")), "instances of services by name"),
        "services": described(named(named(reference("service_instance"))), "the older interface: instances by service"),
        "modules": described(json!({}), "what modules take, by input and name"),
    })
}

fn clan() -> [(String, Json); 5] {
    let role = closed(json!({
        "machines": named(closed(json!({ "settings": {} }))),
        "tags": { "anyOf": [list(text()), named(closed(json!({ "settings": {} })))] },
        "settings": {},
        "select": reference("filter"),
        "extraModules": list(json!({})),
    }));
    let service_role = closed(json!({
        "machines": list(text()),
        "tags": list(text()),
        "config": { "type": "object" },
        "select": reference("filter"),
        "extraModules": list(json!({})),
    }));
    [
        (
            "meta".into(),
            closed(json!({
                "name": { "type": "string", "pattern": "^[A-Za-z0-9_-]*$", "description": "the name of the inventory" },
                "description": text_or_null(),
                "icon": text_or_null(),
                "tld": text_or_null(),
                "domain": described(text(), "the domain below which the machines are"),
            })),
        ),
        (
            "clan_machine".into(),
            closed(json!({
                "tags": list(text()),
                "description": text_or_null(),
                "machineClass": { "enum": ["nixos", "darwin"] },
                "deploy": closed(json!({
                    "targetHost": text_or_null(),
                    "buildHost": text_or_null(),
                    "forwardAgent": { "type": ["boolean", "null"] },
                })),
                "name": text(),
                "icon": text_or_null(),
                "installedAt": { "type": ["integer", "null"] },
                "ips": described(named(one_or_list(text())), "addresses by interface"),
                "kind": text(),
                "cloud": text(),
                "system": described(text(), "the platform, such as `x86_64-linux`"),
                "vars": { "type": "object" },
            })),
        ),
        (
            "instance".into(),
            closed(json!({
                "module": closed(json!({ "name": text(), "input": text_or_null() })),
                "roles": named(role),
            })),
        ),
        (
            "service_instance".into(),
            closed(json!({
                "roles": named(service_role),
                "machines": named(closed(json!({ "config": {}, "extraModules": list(json!({})) }))),
                "config": { "type": "object" },
                "enabled": boolean(),
                "meta": closed(json!({ "name": text(), "description": text_or_null(), "icon": text_or_null() })),
                "extraModules": list(json!({})),
            })),
        ),
        ("addresses".into(), options::Type::Addresses.schema()),
    ]
}

fn cluster_config() -> [(String, Json); 5] {
    let machine = json!({
        "system": described(text(), "the platform, such as `x86_64-linux`"),
        "users": options::USERS.schema(),
        "nixosModules": {},
        "serviceAddresses": options::SERVICE_ADDRESSES.schema(),
        "virtualization": options::VIRTUALIZATION.schema(),
        "deployment": options::DEPLOYMENT.schema(),
        "tags": list(text()),
        "ips": reference("addresses"),
        "kind": text(),
        "description": text(),
        "cloud": text(),
        "vars": { "type": "object" },
    });
    let mut vm = machine.clone();
    if let (Some(vm), Json::Object(own)) = (
        vm.as_object_mut(),
        json!({
            "host": described(text(), "the machine that it runs on"),
            "autostart": boolean(),
            "restartIfChanged": boolean(),
            "backend": options::BACKEND.schema(),
        }),
    ) {
        vm.extend(own);
    }
    let selected = || json!({ "anyOf": [reference("filter"), { "type": "array" }] });
    [
        (
            "domain".into(),
            closed(
                json!({ "suffix": described(text(), "what all domain names end with"), "clusters": named(reference("cluster")) }),
            ),
        ),
        (
            "cluster".into(),
            closed(json!({
                "users": options::USERS.schema(),
                "services": named(reference("service")),
                "machines": named(reference("machine")),
                "vms": named(reference("vm")),
            })),
        ),
        ("machine".into(), closed(machine)),
        ("vm".into(), closed(vm)),
        (
            "service".into(),
            closed(json!({
                "selectors": described(selected(), "filters for the machines that get the service"),
                "roles": named(selected()),
                "definition": described(text(), "the source of a function `{ selectors, roles, this }: { … }`"),
                "extraConfig": {},
            })),
        ),
    ]
}

fn walrus() -> [(String, Json); 2] {
    [
        (
            "cloud".into(),
            closed(json!({
                "blocks": described(list(text()), "blocks of addresses whose systems are in this cloud"),
                "reaches": described(list(text()), "the clouds that its systems reach"),
            })),
        ),
        (
            "system".into(),
            closed(json!({
                "kind": { "enum": ["physical", "virtual"] },
                "ip": described(text(), "its address"),
                "cloud": described(json!({ "type": ["string", "null"] }), "its cloud; not needed where a block holds its address"),
                "tags": list(text()),
                "roles": list(text()),
                "auth": described(json!({ "type": ["string", "object", "null"] }), "what it takes to log in"),
                "adopted": boolean(),
                "ips": reference("addresses"),
                "description": text(),
                "vars": { "type": "object" },
                "system": described(text(), "the platform, such as `x86_64-linux`"),
            })),
        ),
    ]
}

fn operations_center() -> [(String, Json); 3] {
    // An empty word is none, and null is as good.
    let word = |known: &[&str]| {
        let mut words: Vec<Json> = known.iter().map(|word| json!(word)).collect();
        words.extend([json!(""), Json::Null]);
        words.dedup();
        json!({ "enum": words })
    };
    let open = |properties: Json| json!({ "type": "object", "properties": properties, "required": ["name"] });
    [
        (
            "server".into(),
            open(json!({
                "name": text(),
                "cluster": text_or_null(),
                "server_type": word(words::SERVER_TYPES),
                "server_status": word(words::SERVER_STATUSES),
                "server_status_detail": word(words::SERVER_STATUS_DETAILS),
                "channel": text_or_null(),
                "properties": { "type": ["object", "null"] },
            })),
        ),
        (
            "managed_cluster".into(),
            open(
                json!({ "name": text(), "status": word(words::CLUSTER_STATUSES), "channel": text_or_null() }),
            ),
        ),
        (
            "row".into(),
            json!({ "type": "object", "properties": { "name": text(), "cluster": text_or_null(), "server": text_or_null() } }),
        ),
    ]
}

/// A group of Ansible's; lists are what `ansible-inventory --list` writes.
fn group() -> Json {
    let members = |of: Json| json!({ "anyOf": [{ "type": ["null", "string"] }, list(text()), { "type": "object", "additionalProperties": of }] });
    let mut group = closed(json!({
        "hosts": members(json!({ "type": ["object", "null"] })),
        "vars": { "type": ["object", "null"] },
        "children": members(reference("group")),
    }));
    if let Some(group) = group.as_object_mut() {
        group.insert("type".into(), json!(["object", "null"]));
    }
    described(group, "Ansible: a group of hosts")
}

fn text() -> Json {
    json!({ "type": "string" })
}

fn text_or_null() -> Json {
    json!({ "type": ["string", "null"] })
}

fn boolean() -> Json {
    json!({ "type": "boolean" })
}

fn list(of: Json) -> Json {
    json!({ "type": "array", "items": of })
}

fn one_or_list(of: Json) -> Json {
    json!({ "anyOf": [of.clone(), list(of)] })
}

/// An object with any names and values of this.
fn named(of: Json) -> Json {
    json!({ "type": "object", "additionalProperties": of })
}

/// An object with these keys alone.
fn closed(properties: Json) -> Json {
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn reference(definition: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{definition}") })
}

fn described(mut schema: Json, description: &str) -> Json {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), json!(description));
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(schema: &Json) -> Vec<&str> {
        let mut keys: Vec<&str> =
            schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        keys
    }

    #[test]
    fn every_object_has_the_keys_that_are_read() {
        use super::super::ansible::GROUP_KEYS;
        use super::super::{
            clan::keys as clan, clusterconfig::keys as clusterconfig, walrus::keys as walrus,
        };
        let all = schema();
        let definition = |name: &str| &all["$defs"][name];
        let role = |name: &str| &definition(name)["properties"]["roles"]["additionalProperties"];
        let vm: Vec<&str> =
            clusterconfig::MACHINE_OPTIONS.iter().chain(clusterconfig::VM_OPTIONS).copied().collect();
        let tables: [(&Json, &[&str]); 17] = [
            (definition("clan"), &clan::INVENTORY_KEYS),
            (definition("meta"), &clan::META_KEYS),
            (definition("clan_machine"), &clan::MACHINE_KEYS),
            (&definition("clan_machine")["properties"]["deploy"], &clan::DEPLOY_KEYS),
            (definition("instance"), &clan::INSTANCE_KEYS),
            (&definition("instance")["properties"]["module"], &clan::MODULE_KEYS),
            (role("instance"), &clan::ROLE_KEYS),
            (definition("service_instance"), &clan::SERVICE_INSTANCE_KEYS),
            (role("service_instance"), &clan::SERVICE_ROLE_KEYS),
            (definition("domain"), clusterconfig::DOMAIN_OPTIONS),
            (definition("cluster"), clusterconfig::CLUSTER_OPTIONS),
            (definition("machine"), clusterconfig::MACHINE_OPTIONS),
            (definition("vm"), &vm),
            (definition("service"), clusterconfig::SERVICE_OPTIONS),
            (definition("cloud"), &walrus::CLOUD_OPTIONS),
            (definition("system"), &walrus::SYSTEM_OPTIONS),
            (definition("group"), &GROUP_KEYS),
        ];
        for (object, table) in tables {
            let mut table = table.to_vec();
            table.sort_unstable();
            assert_eq!(keys(object), table, "{object}");
            assert_eq!(object["additionalProperties"], json!(false), "{object}");
        }
    }

    #[test]
    fn every_key_at_the_top_is_there() {
        let all = schema();
        let known = keys(&all);
        for dialect in crate::inventory::model::Dialect::ALL {
            for key in dialect.keys() {
                assert!(known.contains(key), "{key}");
            }
        }
    }
}
