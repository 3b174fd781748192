//! Filters, tests and methods that Ansible and Python have and Jinja itself does not.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use minijinja::value::{Kwargs, Rest, ValueKind, ValueOrKwargs, from_args};
use minijinja::{Environment, Error, ErrorKind, State, Value};
use regex::Regex;

/// Adds them to an environment.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("regex_replace", |text: String, pattern: String, with: Option<String>| {
        let with = python_references(&with.unwrap_or_default());
        Ok::<_, Error>(compiled(&pattern)?.replace_all(&text, with.as_str()).into_owned())
    });
    environment.add_filter("regex_search", |text: String, pattern: String| {
        let found = compiled(&pattern)?.find(&text).map(|found| found.as_str().to_owned());
        Ok::<_, Error>(found.map_or_else(|| Value::from(()), Value::from))
    });
    environment.add_filter("regex_findall", |text: String, pattern: String| {
        let regex = compiled(&pattern)?;
        Ok::<_, Error>(regex.find_iter(&text).map(|found| found.as_str().to_owned()).collect::<Vec<_>>())
    });
    environment.add_filter("intersect", |left: Vec<Value>, right: Vec<Value>| {
        distinct(left.into_iter().filter(|item| right.contains(item)))
    });
    environment.add_filter("difference", |left: Vec<Value>, right: Vec<Value>| {
        distinct(left.into_iter().filter(|item| !right.contains(item)))
    });
    environment
        .add_filter("union", |left: Vec<Value>, right: Vec<Value>| distinct(left.into_iter().chain(right)));
    environment.add_filter("symmetric_difference", |left: Vec<Value>, right: Vec<Value>| {
        let only = |these: &[Value], others: &[Value]| -> Vec<Value> {
            these.iter().filter(|item| !others.contains(item)).cloned().collect()
        };
        distinct(only(&left, &right).into_iter().chain(only(&right, &left)))
    });
    environment.add_filter("flatten", |list: Vec<Value>| {
        let mut flat = Vec::new();
        flatten(list, &mut flat)?;
        Ok::<_, Error>(flat)
    });
    environment.add_filter("combine", |first: Value, others: Rest<ValueOrKwargs>| {
        let mut others = others.into_values();
        let mut recursive = false;
        if let Some(options) = others.last().and_then(|last| Kwargs::try_from(last.clone()).ok()) {
            recursive = options.get::<Option<bool>>("recursive")?.unwrap_or(false);
            options.assert_all_used()?;
            others.pop();
        }
        others.iter().try_fold(first, |left, right| combined(&left, right, recursive))
    });
    environment.add_filter("items2dict", |list: Vec<Value>| {
        let pairs =
            list.into_iter().map(|item| Ok::<_, Error>((item.get_attr("key")?, item.get_attr("value")?)));
        Ok::<_, Error>(Value::from_pairs(pairs.collect::<Result<Vec<_>, Error>>()?))
    });
    environment.add_filter("dict2items", |state: &mut State<'_, '_>, value: Value| {
        let pairs = state.apply_filter("items", &[value])?;
        let pairs = pairs.try_iter()?.map(|pair| {
            let (key, value) = (pair.get_item_by_index(0)?, pair.get_item_by_index(1)?);
            Ok::<_, Error>(Value::from_pairs([("key", key), ("value", value)]))
        });
        pairs.collect::<Result<Vec<_>, Error>>()
    });
    environment.add_filter("bool", |value: Value| {
        Ok::<_, Error>(match defined(&value)?.as_str() {
            Some(text) => matches!(text.to_ascii_lowercase().as_str(), "yes" | "on" | "1" | "true"),
            None => value == Value::from(1) || value == Value::from(true),
        })
    });
    environment.add_filter(
        "ternary",
        |condition: Value, yes: Value, no: Value| {
            if condition.is_true() { yes } else { no }
        },
    );
    environment.add_test("match", |text: String, pattern: String| {
        Ok::<_, Error>(compiled(&pattern)?.find(&text).is_some_and(|found| found.start() == 0))
    });
    for name in ["search", "regex"] {
        environment.add_test(name, |text: String, pattern: String| {
            Ok::<_, Error>(compiled(&pattern)?.is_match(&text))
        });
    }
    for name in ["version", "version_compare"] {
        environment.add_test(name, |version: Value, other: Value, operator: Option<String>| {
            let order = versions(&version.to_string(), &other.to_string())?;
            Ok::<_, Error>(match operator.as_deref().unwrap_or("eq") {
                "==" | "=" | "eq" => order.is_eq(),
                "!=" | "<>" | "ne" => order.is_ne(),
                "<" | "lt" => order.is_lt(),
                "<=" | "le" => order.is_le(),
                ">" | "gt" => order.is_gt(),
                ">=" | "ge" => order.is_ge(),
                other => {
                    let message = format!("`{other}` is no comparison of versions");
                    return Err(Error::new(ErrorKind::InvalidOperation, message));
                }
            })
        });
    }
    environment.add_test("contains", |list: Vec<Value>, item: Value| list.contains(&item));
    environment.add_test("subset", |left: Vec<Value>, right: Vec<Value>| {
        left.iter().all(|item| right.contains(item))
    });
    environment.add_test("superset", |left: Vec<Value>, right: Vec<Value>| {
        right.iter().all(|item| left.contains(item))
    });
    environment.set_unknown_method_callback(method);
}

/// A value that is there.
fn defined(value: &Value) -> Result<&Value, Error> {
    match value.is_undefined() {
        true => Err(Error::new(ErrorKind::UndefinedError, "the value is not defined")),
        false => Ok(value),
    }
}

/// The elements of lists in lists.
fn flatten(list: Vec<Value>, flat: &mut Vec<Value>) -> Result<(), Error> {
    for item in list {
        if defined(&item)?.kind() == ValueKind::Seq {
            let inner = item.try_iter()?.collect();
            stacker::maybe_grow(64 * 1024, 1024 * 1024, || flatten(inner, flat))?;
        } else {
            flat.push(item);
        }
    }
    Ok(())
}

/// Two objects in one, of which the second wins; objects in both are combined too where that is asked.
fn combined(left: &Value, right: &Value, recursive: bool) -> Result<Value, Error> {
    if left.kind() != ValueKind::Map || right.kind() != ValueKind::Map {
        return Err(Error::new(ErrorKind::InvalidOperation, "only objects can be combined"));
    }
    let mut all: BTreeMap<Value, Value> = BTreeMap::new();
    for key in left.try_iter()? {
        all.insert(key.clone(), left.get_item(&key)?);
    }
    for key in right.try_iter()? {
        let value = right.get_item(&key)?;
        let value = match all.get(&key) {
            Some(known) if recursive && known.kind() == ValueKind::Map && value.kind() == ValueKind::Map => {
                stacker::maybe_grow(64 * 1024, 1024 * 1024, || combined(known, &value, recursive))?
            }
            _ => value,
        };
        all.insert(key, value);
    }
    Ok(Value::from_pairs(all))
}

/// Versions as Python's `LooseVersion` compares them: numbers as numbers, words as words, and neither with the
/// other.
fn versions(left: &str, right: &str) -> Result<Ordering, Error> {
    let (left, right) = (parts(left), parts(right));
    for (one, other) in left.iter().zip(&right) {
        let order = match (one.parse::<u64>(), other.parse::<u64>()) {
            (Ok(one), Ok(other)) => one.cmp(&other),
            (Err(_), Err(_)) => one.cmp(other),
            _ => {
                let message = format!("the versions `{one}` and `{other}` cannot be compared");
                return Err(Error::new(ErrorKind::InvalidOperation, message));
            }
        };
        if order.is_ne() {
            return Ok(order);
        }
    }
    Ok(left.len().cmp(&right.len()))
}

/// The numbers and words of a version, without the dots between them.
fn parts(version: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for piece in version.split('.') {
        let mut rest = piece;
        while let Some(first) = rest.chars().next() {
            let same = |next: char| next.is_ascii_digit() == first.is_ascii_digit();
            let (part, after) = rest.split_at(rest.find(|next| !same(next)).unwrap_or(rest.len()));
            parts.push(part);
            rest = after;
        }
    }
    parts
}

fn distinct(items: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

fn compiled(pattern: &str) -> Result<Regex, Error> {
    regex::RegexBuilder::new(pattern).size_limit(1 << 20).build().map_err(|_| {
        Error::new(
            ErrorKind::UnknownFilter,
            format!("`{pattern}` is no regular expression that is known here"),
        )
    })
}

/// Python writes `\1` and `\g<name>` for what Rust's expressions write as `${1}` and `${name}`.
fn python_references(with: &str) -> String {
    let mut text = String::with_capacity(with.len());
    let mut rest = with;
    while let Some(at) = rest.find(['\\', '$']) {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let after_sign = after.get(1..).unwrap_or("");
        if after.starts_with('$') {
            text.push_str("$$");
            rest = after_sign;
            continue;
        }
        let digits = after_sign.bytes().take_while(u8::is_ascii_digit).count();
        let named = after_sign.strip_prefix("g<").and_then(|inner| inner.split_once('>'));
        rest = match (digits, named) {
            (1.., _) => {
                text.push_str(&format!("${{{}}}", after_sign.get(..digits).unwrap_or("")));
                after_sign.get(digits..).unwrap_or("")
            }
            (0, Some((name, behind))) => {
                text.push_str(&format!("${{{name}}}"));
                behind
            }
            (0, None) => {
                text.push('\\');
                after_sign
            }
        };
    }
    text + rest
}

/// Methods of Python's texts, lists and dictionaries.
fn method(state: &mut State<'_, '_>, value: &Value, name: &str, arguments: &[Value]) -> Result<Value, Error> {
    match value.kind() {
        // The host lacks what the method is called on.
        ValueKind::Undefined | ValueKind::None => {
            Err(Error::new(ErrorKind::UndefinedError, format!("there is nothing to call `{name}` on")))
        }
        ValueKind::String => text_method(value.as_str().unwrap_or_default(), name, arguments),
        ValueKind::Map => match name {
            "get" => {
                let (key, default): (Value, Option<Value>) = from_args(arguments)?;
                let found = value.get_item(&key)?;
                Ok(if found.is_undefined() { default.unwrap_or_else(|| Value::from(())) } else { found })
            }
            "keys" => Ok(value.try_iter()?.collect::<Vec<_>>().into()),
            "items" => state.apply_filter("items", std::slice::from_ref(value)),
            "values" => {
                let values = value.try_iter()?.map(|key| value.get_item(&key));
                Ok(values.collect::<Result<Vec<_>, _>>()?.into())
            }
            _ => Err(unknown(name)),
        },
        ValueKind::Seq => {
            let (item,): (Value,) = from_args(arguments)?;
            match name {
                "count" => Ok(value.try_iter()?.filter(|known| *known == item).count().into()),
                "index" => match value.try_iter()?.position(|known| known == item) {
                    Some(place) => Ok(place.into()),
                    None => Err(Error::new(ErrorKind::InvalidOperation, "the list has no such element")),
                },
                _ => Err(unknown(name)),
            }
        }
        _ => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> Error {
    Error::new(ErrorKind::UnknownMethod, format!("the method `{name}` is not known here"))
}

fn text_method(text: &str, name: &str, arguments: &[Value]) -> Result<Value, Error> {
    let any = |holds: &dyn Fn(&str) -> bool| -> Result<Value, Error> {
        let (wanted,): (Value,) = from_args(arguments)?;
        Ok(match wanted.as_str() {
            Some(one) => holds(one),
            None => wanted.try_iter()?.any(|one| one.as_str().is_some_and(holds)),
        }
        .into())
    };
    let trimmed = |start: bool, end: bool| -> Result<Value, Error> {
        let (characters,): (Option<String>,) = from_args(arguments)?;
        let is_cut = |next: char| match &characters {
            Some(characters) => characters.contains(next),
            None => next.is_whitespace(),
        };
        let text = if start { text.trim_start_matches(is_cut) } else { text };
        Ok(Value::from(if end { text.trim_end_matches(is_cut) } else { text }))
    };
    match name {
        "startswith" => any(&|start| text.starts_with(start)),
        "endswith" => any(&|end| text.ends_with(end)),
        "lower" => from_args::<()>(arguments).map(|()| text.to_lowercase().into()),
        "upper" => from_args::<()>(arguments).map(|()| text.to_uppercase().into()),
        "strip" => trimmed(true, true),
        "lstrip" => trimmed(true, false),
        "rstrip" => trimmed(false, true),
        "isdigit" => {
            from_args::<()>(arguments)?;
            Ok((!text.is_empty() && text.chars().all(|next| next.is_ascii_digit())).into())
        }
        "title" | "capitalize" => {
            from_args::<()>(arguments)?;
            let mut before: Option<char> = None;
            let cased = text.chars().flat_map(|next| {
                let begins = match before.replace(next) {
                    None => true,
                    Some(before) => name == "title" && !before.is_alphabetic(),
                };
                let cased: Vec<char> =
                    if begins { next.to_uppercase().collect() } else { next.to_lowercase().collect() };
                cased
            });
            Ok(cased.collect::<String>().into())
        }
        "replace" => {
            let (from, to): (String, String) = from_args(arguments)?;
            Ok(text.replace(&from, &to).into())
        }
        "find" => {
            let (wanted,): (String,) = from_args(arguments)?;
            let place =
                text.find(&wanted).map(|at| text.get(..at).map_or(0, |before| before.chars().count()));
            Ok(place.map_or(Value::from(-1), Value::from))
        }
        "split" => {
            let (separator, most): (Option<String>, Option<i64>) = from_args(arguments)?;
            let most = most.and_then(|most| usize::try_from(most).ok()).map_or(usize::MAX, |most| most + 1);
            let parts: Vec<Value> = match separator.filter(|separator| !separator.is_empty()) {
                Some(separator) => text.splitn(most, &separator).map(Value::from).collect(),
                None => text.split_whitespace().map(Value::from).collect(),
            };
            Ok(parts.into())
        }
        "join" => {
            let (items,): (Value,) = from_args(arguments)?;
            let items: Vec<String> = items.try_iter()?.map(|item| item.to_string()).collect();
            Ok(items.join(text).into())
        }
        _ => Err(unknown(name)),
    }
}
