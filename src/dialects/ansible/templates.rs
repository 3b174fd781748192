//! Jinja expressions over the variables of a host, as far as constructed inventories commonly need them.
//!
//! The language is minijinja's, which has Jinja's own filters and tests; what Ansible and Python add of common
//! filters and methods is in [`methods`](super::methods). Everything else is refused. Values that are
//! templates themselves are evaluated when they are looked at, as in Ansible.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use minijinja::value::{Object, ObjectRepr, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};
use serde_json::Value as Json;

use super::{literal, methods};
use crate::inventory::document::{Document, Raw};

/// Instructions that one expression may take.
const FUEL: u64 = 200_000;

/// Variables that one expression may look at, those in the templates of other variables included.
const LOOKUPS: u32 = 5_000;

/// How deep templates may name variables that are templates.
const DEPTH: u32 = 16;

/// Evaluates expressions.
pub(super) struct Templates {
    environment: Arc<Environment<'static>>,
    /// In which what is inside of something missing is missing too, as Ansible has it.
    chaining: Environment<'static>,
}

/// Why an expression has no value.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) message: String,
    /// The part of the expression, where it is known.
    pub(super) range: Option<Range<usize>>,
    /// Whether it is the expression that is not understood here; otherwise the host lacks something.
    pub(super) is_unsupported: bool,
}

/// The variables of a host.
#[derive(Clone)]
pub(super) struct Scope {
    /// Objects of variables, of which a later one wins.
    pub(super) layers: Arc<Vec<(Arc<Document>, Raw)>>,
    /// Variables that were computed, which win over all layers.
    pub(super) composed: Arc<Vec<(String, Json)>>,
    /// What every host has by itself.
    pub(super) own: Arc<Vec<(&'static str, Json)>>,
}

impl Templates {
    pub(super) fn new() -> Templates {
        let environment = |undefined| {
            let mut environment = Environment::new();
            environment.set_undefined_behavior(undefined);
            environment.set_fuel(Some(FUEL));
            environment.set_recursion_limit(64);
            environment.set_debug(true);
            environment.remove_global("debug");
            methods::add(&mut environment);
            environment
        };
        Templates {
            environment: Arc::new(environment(UndefinedBehavior::Strict)),
            chaining: environment(UndefinedBehavior::Chainable),
        }
    }

    /// The value of an expression as Ansible takes it: numbers are texts, and texts that look like a list, an
    /// object or a boolean are these.
    pub(super) fn value(&self, expression: &str, scope: &Scope) -> Result<Json, Failure> {
        self.evaluate(expression, scope).map(|value| finished(&value))
    }

    /// Whether an expression holds.
    pub(super) fn holds(&self, expression: &str, scope: &Scope) -> Result<bool, Failure> {
        self.evaluate(expression, scope).map(|value| value.is_true())
    }

    /// A text with its templates filled in.
    pub(super) fn text(&self, text: &str, scope: &Scope) -> Result<String, Failure> {
        let root = Value::from_object(self.variables(scope));
        self.environment.render_str(text, root).map_err(|error| failure(&error, None))
    }

    fn evaluate(&self, expression: &str, scope: &Scope) -> Result<Value, Failure> {
        let within = |environment: &Environment<'_>| {
            environment
                .compile_expression_owned(expression.to_owned())?
                .eval(Value::from_object(self.variables(scope)))
        };
        let value = match within(&self.environment) {
            // `hosts[0].ip | default('none')`: who names a default has thought of what is missing on the way.
            Err(error) if error.kind() == ErrorKind::UndefinedError && expression.contains("default") => {
                within(&self.chaining)
            }
            found => found,
        };
        let value = value.map_err(|error| failure(&error, Some(expression)))?;
        match value.kind() {
            ValueKind::Undefined => Err(Failure {
                message: "the expression is undefined".to_owned(),
                range: None,
                is_unsupported: false,
            }),
            _ => Ok(value),
        }
    }

    fn variables(&self, scope: &Scope) -> Variables {
        Variables {
            scope: scope.clone(),
            environment: Arc::clone(&self.environment),
            lookups: Arc::new(AtomicU32::new(0)),
            depth: 0,
        }
    }
}

fn failure(error: &Error, expression: Option<&str>) -> Failure {
    let is_unsupported = matches!(
        error.kind(),
        ErrorKind::SyntaxError
            | ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownFunction
            | ErrorKind::UnknownMethod
            | ErrorKind::OutOfFuel
            | ErrorKind::TooManyArguments
            | ErrorKind::MissingArgument
    );
    // Python's `'%s' % value` fills in a text, which Jinja itself does not.
    let fills_in = error
        .detail()
        .is_some_and(|detail| detail.starts_with("tried to use % operator on unsupported types string"));
    let is_unsupported = is_unsupported || fills_in;
    let inside = error.template_source().is_none_or(|source| expression.is_none_or(|own| own == source));
    let message = match error.detail() {
        Some(detail) => detail.to_owned(),
        None => error.kind().to_string(),
    };
    Failure { message, range: error.range().filter(|_| inside), is_unsupported }
}

/// The variables of a host as minijinja sees them.
#[derive(Clone)]
struct Variables {
    scope: Scope,
    environment: Arc<Environment<'static>>,
    lookups: Arc<AtomicU32>,
    depth: u32,
}

impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Variables").finish_non_exhaustive()
    }
}

impl Object for Variables {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let found = self.find(key)?;
        if self.lookups.fetch_add(1, Ordering::Relaxed) > LOOKUPS || self.depth > DEPTH {
            let message = format!("the variable `{key}` leads through too many templates");
            return Some(Error::new(ErrorKind::InvalidOperation, message).into());
        }
        let inner = Variables { depth: self.depth + 1, ..Variables::clone(self) };
        Some(match inner.filled(found) {
            Ok(value) => from_json(&value),
            Err(error) => error.into(),
        })
    }
}

impl Variables {
    fn find(&self, key: &str) -> Option<Json> {
        if let Some((_, value)) = self.scope.own.iter().find(|(known, _)| *known == key) {
            return Some(value.clone());
        }
        if let Some((_, value)) = self.scope.composed.iter().find(|(known, _)| known == key) {
            return Some(value.clone());
        }
        self.scope.layers.iter().rev().find_map(|(document, raw)| {
            let entries = document.node(*raw).entries();
            entries.filter(|(known, _)| known.text == key).last().map(|(_, node)| node.to_json())
        })
    }

    /// A value with the templates in it filled in.
    fn filled(&self, value: Json) -> Result<Json, Error> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            Ok(match value {
                Json::String(text) if text.contains("{{") || text.contains("{%") => {
                    let root = Value::from_object(self.clone());
                    read_back(self.environment.render_str(&text, root)?)
                }
                Json::Array(items) => {
                    items.into_iter().map(|item| self.filled(item)).collect::<Result<Vec<_>, _>>()?.into()
                }
                Json::Object(members) => {
                    let members = members.into_iter().map(|(key, member)| Ok((key, self.filled(member)?)));
                    Json::Object(members.collect::<Result<_, Error>>()?)
                }
                other => other,
            })
        })
    }
}

fn from_json(value: &Json) -> Value {
    match value {
        Json::Null => Value::from(()),
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::from(whole),
            None => Value::from(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::from(items.iter().map(from_json).collect::<Vec<_>>()),
        Json::Object(members) => {
            Value::from_pairs(members.iter().map(|(key, member)| (key.as_str(), from_json(member))))
        }
    }
}

/// A rendered text: lists, objects and booleans are read back from it, as Ansible does.
fn read_back(text: String) -> Json {
    let trimmed = text.trim();
    if trimmed.starts_with(['[', '{']) || matches!(trimmed, "True" | "False") {
        let spelled = literal::read(trimmed);
        return spelled.or_else(|| serde_json::from_str(trimmed).ok()).unwrap_or(Json::String(text));
    }
    Json::String(text)
}

/// What Ansible makes of the value of an expression.
fn finished(value: &Value) -> Json {
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => Json::String(String::new()),
        ValueKind::Bool => Json::Bool(value.is_true()),
        ValueKind::String => read_back(value.as_str().unwrap_or_default().to_owned()),
        ValueKind::Seq | ValueKind::Map | ValueKind::Iterable => {
            serde_json::to_value(value).unwrap_or(Json::Null)
        }
        _ => Json::String(value.to_string()),
    }
}
