//! Cluster templates: texts with `@VARIABLE@`, and what comes of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Number, Value as Json, json};

use super::{Kind, Mistake, entries, text};
use crate::inventory::document::Document;
use crate::text::Source;

/// Characters that names of clusters and templates may not have.
const PROHIBITED: &str = r#"\/:*?"<>|"#;

/// What counts as a variable in a template.
static VARIABLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("@([a-zA-Z0-9_]+)@").ok());

/// The two texts of a template, with how messages of [`validate`] and [`apply`] call each.
const TEXTS: [(&str, &str, &str); 2] = [
    ("service_config_template", "service config", "service config"),
    ("application_config_template", "application config", "application seed config"),
];

/// What is wrong with the name of a cluster or a template.
pub(super) fn check_name(what: &str, name: &str, mistakes: &mut Vec<Mistake>) {
    let problem = if name.is_empty() {
        "name can not be empty".to_owned()
    } else if name.chars().any(|character| PROHIBITED.contains(character)) {
        format!("name can not contain any of {PROHIBITED:?}")
    } else {
        return;
    };
    mistakes.push(Mistake::new(Kind::Validation, format!("Invalid {what}, {problem}")));
}

/// The variables that a text uses, in order, each as often as it stands there.
fn used(text: &str) -> Vec<&str> {
    let Some(pattern) = &*VARIABLE else { return Vec::new() };
    pattern.captures_iter(text).filter_map(|found| found.get(1)).map(|name| name.as_str()).collect()
}

/// Checks a template as upstream does when it is saved, in its order; variables by name.
pub fn validate(template: &Json) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    check_name("cluster template", text(template, "name"), &mut mistakes);
    let mut add = |message: String| mistakes.push(Mistake::new(Kind::Validation, message));
    let variables = entries(template.get("variables"));
    for (name, _) in &variables {
        let placeholder = format!("@{name}@");
        if used(&placeholder).is_empty() {
            add(format!(
                "Varible {name:?} does not match the expected pattern or contains invalid characters"
            ));
        } else if !TEXTS.iter().any(|(key, ..)| text(template, key).contains(&placeholder)) {
            add(format!("Defined variable {name:?} is not used in any template"));
        }
    }
    for (key, what, _) in TEXTS {
        let mut told: Vec<&str> = Vec::new();
        for name in used(text(template, key)) {
            if !told.contains(&name) && !variables.iter().any(|(known, _)| *known == name) {
                told.push(name);
                add(format!(
                    "Variable {name:?} used in the {what} template is not contained in the variable definitions"
                ));
            }
        }
    }
    mistakes
}

/// What comes of a template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// The configuration of services, by service.
    pub services_config: Json,
    /// The preseed of the application.
    pub application_seed_config: Json,
    /// Values for which the template has no variable. Upstream takes them without a word.
    pub unknown: Vec<String>,
    /// What is wrong; the documents are empty objects then.
    pub mistakes: Vec<Mistake>,
}

/// Fills in a template. All placeholders are replaced in one pass from left to right, so that what a value
/// contains is never looked at again. What types values have is YAML's to say, when all is filled in.
pub fn apply(template: &Json, values: &Json) -> Applied {
    let empty = || Json::Object(Map::new());
    let mut applied =
        Applied { services_config: empty(), application_seed_config: empty(), ..Applied::default() };
    let name = text(template, "name");
    let given: BTreeMap<String, String> = match flat(values) {
        Ok(given) => given,
        Err(message) => {
            applied.mistakes.push(Mistake::new(Kind::Validation, message));
            return applied;
        }
    };
    let variables = entries(template.get("variables"));
    let is_known = |given: &&String| variables.iter().any(|(known, _)| known == given);
    applied.unknown = given.keys().filter(|given| !is_known(given)).cloned().collect();
    let mut filled = given.clone();
    for (variable, definition) in &variables {
        let default = definition.get("default").map(scalar).unwrap_or_default();
        if given.contains_key(*variable) {
            continue;
        }
        if default.is_empty() {
            let message = format!(
                "Failed to apply cluster template variables on service config of {name:?}: No value provided for variable {variable:?}, which is required, since it has no default value defined"
            );
            applied.mistakes.push(Mistake::new(Kind::Validation, message));
        } else {
            filled.insert((*variable).clone(), default);
        }
    }
    if !applied.mistakes.is_empty() {
        return applied;
    }
    for (key, _, what) in TEXTS {
        match parse(&substitute(text(template, key), &filled)) {
            Ok(document) if key == "service_config_template" => applied.services_config = document,
            Ok(document) => applied.application_seed_config = document,
            Err(reason) => {
                let message = format!(
                    "Failed to apply cluster template variables on {what} of {name:?}: Failed to marshal {what} of {name:?}: {reason}"
                );
                applied.mistakes.push(Mistake::new(Kind::Validation, message));
            }
        }
    }
    if !applied.mistakes.is_empty() {
        (applied.services_config, applied.application_seed_config) = (empty(), empty());
    }
    applied
}

/// Replaces placeholders from left to right; of several that begin at one place the longest.
fn substitute(template: &str, values: &BTreeMap<String, String>) -> String {
    let mut names: Vec<&String> = values.keys().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('@') {
        let (before, from) = rest.split_at(at);
        filled.push_str(before);
        let inside = from.get(1..).unwrap_or("");
        let found = names.iter().find_map(|name| {
            let after = inside.strip_prefix(name.as_str())?.strip_prefix('@')?;
            Some((values.get(*name)?, after))
        });
        rest = match found {
            Some((value, after)) => {
                filled.push_str(value);
                after
            }
            None => {
                filled.push('@');
                inside
            }
        };
    }
    filled + rest
}

/// Reads YAML that must be a mapping, or nothing.
fn parse(filled: &str) -> Result<Json, String> {
    let document = Document::yaml(Source::new("template", filled));
    if let Some(wrong) = document.validate() {
        let line = wrong.labels.first().map(|label| label.source.position(label.span.start).line);
        let line = line.map_or_else(String::new, |line| format!("line {line}: "));
        return Err(format!("{line}{}", wrong.message));
    }
    match document.root().to_json() {
        Json::Null => Ok(json!({})),
        object @ Json::Object(_) => Ok(object),
        other => Err(format!("expected a mapping, found {}", kind(&other))),
    }
}

fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "a mapping",
    }
}

/// Values as a flat map of texts, as the API decodes them.
fn flat(values: &Json) -> Result<BTreeMap<String, String>, String> {
    let object = match values {
        Json::Null => return Ok(BTreeMap::new()),
        Json::Object(object) => object,
        other => return Err(format!("expected a mapping of values, found {}", kind(other))),
    };
    let mut flat = BTreeMap::new();
    for (key, value) in object {
        if value.is_array() || value.is_object() {
            return Err(format!("type {} is not supported in values: {key:?}", kind(value)));
        }
        flat.insert(key.clone(), scalar(value));
    }
    Ok(flat)
}

/// A scalar as text: whole numbers without a fraction, others as Go's `%g` writes them, null as nothing.
fn scalar(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Bool(truth) => truth.to_string(),
        Json::Number(number) => self::number(number),
        _ => String::new(),
    }
}

fn number(number: &Number) -> String {
    if number.is_i64() || number.is_u64() {
        return number.to_string();
    }
    let float = number.as_f64().unwrap_or(f64::NAN);
    // The range of 64-bit integers, as upstream has it.
    if float.fract() == 0.0 && float.abs() < 9_223_372_036_854_775_808.0 {
        // A zero has no sign then.
        return format!("{:.0}", float + 0.0);
    }
    general(float)
}

/// The shortest text that is this number, with an exponent where Go's `%g` has one.
fn general(float: f64) -> String {
    let text = format!("{float:e}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return float.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// Reads a document of values, JSON or YAML, into texts by name.
///
/// # Errors
/// Documents that cannot be read, and values that are lists or mappings.
pub fn decode_values(format: &str, document: &str) -> Result<Json, Mistake> {
    let wrong = |message: String| Mistake::new(Kind::Validation, message);
    let data = match format {
        "yaml" => parse(document).map_err(wrong)?,
        _ => {
            let data: Json = serde_json::from_str(document).map_err(|error| wrong(error.to_string()))?;
            // The API reads JSON's numbers as floats.
            as_floats(data)
        }
    };
    let texts = flat(&data).map_err(wrong)?;
    Ok(Json::Object(texts.into_iter().map(|(key, value)| (key, Json::String(value))).collect()))
}

fn as_floats(data: Json) -> Json {
    match data {
        Json::Number(number) => {
            let float = number.as_f64().and_then(Number::from_f64);
            Json::Number(float.unwrap_or(number))
        }
        Json::Object(entries) => {
            Json::Object(entries.into_iter().map(|(key, value)| (key, as_floats(value))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(template: &str, values: Json) -> Json {
        let template = json!({ "name": "t", "service_config_template": template,
            "variables": { "A": {}, "B": { "default": "b" }, "AB": { "default": "ab" } } });
        apply(&template, &values).services_config
    }

    #[test]
    fn placeholders_are_replaced_in_one_pass() {
        assert_eq!(applied("a: '@A@'", json!({ "A": "@B@" })), json!({ "a": "@B@" }));
        assert_eq!(applied("a: '@A@B@'", json!({ "A": 1 })), json!({ "a": "1B@" }));
        assert_eq!(applied("a: '@AB@'", json!({ "A": 1 })), json!({ "a": "ab" }));
        assert_eq!(applied("a: '@@A@@'", json!({ "A": 1 })), json!({ "a": "@1@" }));
        assert_eq!(applied("a: 'x@y.z'", json!({ "A": 1 })), json!({ "a": "x@y.z" }));
    }

    #[test]
    fn yaml_decides_types_after_substitution() {
        assert_eq!(applied("a: @A@", json!({ "A": "true" })), json!({ "a": true }));
        assert_eq!(applied("a: '@A@'", json!({ "A": true })), json!({ "a": "true" }));
        assert_eq!(applied("a: @A@", json!({ "A": "1.10" })), json!({ "a": 1.1 }));
        assert_eq!(applied("", json!({ "A": "x" })), json!({}));
    }

    #[test]
    fn all_missing_and_unknown_variables_are_told() {
        let template = json!({ "name": "t", "service_config_template": "a: @X@ @Y@", "variables": { "X": {}, "Y": { "default": "" } } });
        let found = apply(&template, &json!({ "Z": 1, "W": 2 }));
        assert_eq!(found.mistakes.len(), 2);
        assert_eq!(found.unknown, ["W", "Z"]);
        // A value that is given is one, also where it is empty.
        assert!(apply(&template, &json!({ "X": "", "Y": null })).mistakes.is_empty());
    }

    #[test]
    fn mistakes_of_yaml_have_their_line() {
        let template = json!({ "name": "t", "service_config_template": "a: 1\nb: [", "variables": {} });
        let found = apply(&template, &json!({}));
        assert!(
            found.mistakes[0].message.contains("Failed to marshal service config of \"t\": line"),
            "{found:?}"
        );
        let list = json!({ "name": "t", "application_config_template": "- a" });
        assert!(apply(&list, &Json::Null).mistakes[0].message.ends_with("expected a mapping, found a list"));
    }

    #[test]
    fn values_become_texts() {
        let json = |document: &str| decode_values("json", document).map_err(|mistake| mistake.message);
        assert_eq!(
            json(r#"{ "a": 3.0, "b": 1e3, "c": 1.5, "d": true, "e": null, "f": "x", "g": -0.0 }"#),
            Ok(json!({ "a": "3", "b": "1000", "c": "1.5", "d": "true", "e": "", "f": "x", "g": "0" }))
        );
        assert_eq!(
            json(r#"{ "a": 18446744073709551615, "b": 1234567.5, "c": 0.00001 }"#),
            Ok(json!({ "a": "1.8446744073709552e+19", "b": "1.2345675e+06", "c": "1e-05" }))
        );
        assert!(json(r#"{ "a": [] }"#).is_err_and(|message| message.contains("is not supported")));
        let yaml =
            decode_values("yaml", "a: 9007199254740993\nb: no\nc: 0x10\n").map_err(|mistake| mistake.message);
        assert_eq!(yaml, Ok(json!({ "a": "9007199254740993", "b": "no", "c": "16" })));
    }
}
