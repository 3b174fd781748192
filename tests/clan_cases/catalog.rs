//! The modules that real inventories use, declared as invq reads them: Clan's own from the schemas of
//! their settings, those of other inputs with the roles that the inventory uses.

use serde_json::{Map, Value as Json, json};

use crate::shared::{files, text};

/// Defaults that a schema cannot say: lists and objects that are not empty.
const DEFAULTS: &[(&str, &str, &str, &str)] =
    &[("tor", "server", "portMapping", r#"[ { "port": 22, "target": { "port": 22 } } ]"#)];

/// The modules of an inventory's instances, by input and name.
pub(crate) fn modules(inventory: &Json) -> Json {
    let catalog = files("cases/clan").into_iter().find(|(name, _)| name == "catalog");
    let catalog = catalog.map(|(_, catalog)| catalog["services"].clone()).unwrap_or_default();
    let mut inputs: Map<String, Json> = Map::new();
    for (name, instance) in inventory["instances"].as_object().into_iter().flatten() {
        let module = &instance["module"];
        let input = module["input"].as_str().filter(|input| *input != "clan-core").unwrap_or("<clan-core>");
        let name = module["name"].as_str().unwrap_or(name);
        let of_input = inputs.entry(input).or_insert_with(|| json!({}));
        let known = catalog.get(name).filter(|_| input == "<clan-core>");
        match known {
            Some(known) => of_input[name] = declared(name, known),
            None => {
                for role in instance["roles"].as_object().into_iter().flatten() {
                    of_input[name]["roles"][role.0] = json!({});
                }
                if of_input[name].is_null() {
                    of_input[name] = json!({ "roles": {} });
                }
            }
        }
    }
    Json::Object(inputs)
}

/// A module of Clan itself.
fn declared(name: &str, module: &Json) -> Json {
    let role = |(role, known): (&String, &Json)| {
        let mut options = options(&known["settings_schema"], &known["defs"]);
        for (_, _, option, default) in
            DEFAULTS.iter().filter(|(module, of_role, ..)| *module == name && of_role == role)
        {
            options[*option]["default"] = serde_json::from_str(default).expect("defaults are JSON");
        }
        (role.clone(), json!({ "interface": { "options": options } }))
    };
    let roles: Map<String, Json> = module["roles"].as_object().into_iter().flatten().map(role).collect();
    json!({
        "manifest": { "name": text(module, "manifest_name"), "constraints": module["constraints"] },
        "roles": roles,
    })
}

/// A schema behind its references.
fn resolved<'s>(schema: &'s Json, definitions: &'s Json) -> &'s Json {
    match schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        Some(name) => resolved(&definitions[name], definitions),
        None => schema,
    }
}

/// The options of an object with fixed keys.
fn options(schema: &Json, definitions: &Json) -> Json {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let option = |(name, schema): (&String, &Json)| {
        let inner = resolved(schema, definitions);
        if inner["properties"].is_object() {
            return (name.clone(), options(inner, definitions));
        }
        let kind = kind(schema, definitions);
        let default = schema.get("default").cloned().or_else(|| match &kind {
            Json::Object(_) if required.contains(&json!(name)) => None,
            Json::Object(kind) if kind.contains_key("listOf") => Some(json!([])),
            Json::Object(kind) if kind.contains_key("attrsOf") => Some(json!({})),
            Json::Object(kind) if kind.contains_key("nullOr") => Some(Json::Null),
            _ => None,
        });
        let mut option = json!({ "type": kind });
        if let Some(default) = default {
            option["default"] = default;
        }
        (name.clone(), option)
    };
    schema["properties"].as_object().into_iter().flatten().map(option).collect::<Map<_, _>>().into()
}

/// The type that a schema stands for.
fn kind(schema: &Json, definitions: &Json) -> Json {
    if schema["$ref"].as_str().is_some_and(|path| path.ends_with("/AnyJson")) {
        return json!("anything");
    }
    let schema = resolved(schema, definitions);
    if let Some(values) = schema.get("enum") {
        return json!({ "enum": values });
    }
    if let Some(several) = schema["oneOf"].as_array() {
        let others: Vec<Json> = several
            .iter()
            .filter(|schema| schema["type"] != "null")
            .map(|schema| kind(schema, definitions))
            .collect();
        let inner = match others.as_slice() {
            [only] => only.clone(),
            _ => json!({ "oneOf": others }),
        };
        return if others.len() < several.len() { json!({ "nullOr": inner }) } else { inner };
    }
    match text(schema, "type") {
        "string" => json!("str"),
        "integer" => json!("int"),
        "number" => json!("number"),
        "boolean" => json!("bool"),
        "array" => json!({ "listOf": kind(&schema["items"], definitions) }),
        _ if schema["additionalProperties"].is_object() => {
            json!({ "attrsOf": kind(&schema["additionalProperties"], definitions) })
        }
        _ => json!({ "submodule": options(schema, definitions) }),
    }
}
