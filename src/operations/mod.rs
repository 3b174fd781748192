//! Operations Center's rules, as functions from documents to documents.
//!
//! FuturFusion's Operations Center manages clusters of Incus servers. What it computes from its documents,
//! and what it checks before it acts, is here: versions and states of servers, the texts of progress,
//! templates, what is sent to which server when a cluster is made, bulk operations, differences between
//! members, and what speaks against a removal. In go and out come JSON documents with the names of its API;
//! nothing is asked of a server. Rules are those of operations-center 41a98e0f, read from its source; its
//! phrases stay, so that people find them. Where it is order-dependent or wrong, the sound answer is given,
//! and `docs/operations-center.md` lists each such place.
//!
//! ```
//! use invq::operations::versions;
//! use serde_json::json;
//!
//! let data = json!({ "os": { "version": "9" }, "applications": [] });
//! let computed = versions::compute(&data, &json!({ "IncusOS": "a" }));
//! assert_eq!(computed["needs_update"], json!(true));
//! ```

pub mod addresses;
pub mod bulk;
pub mod clustering;
pub mod consistency;
mod golang;
pub mod preseed;
pub mod progress;
pub mod removal;
pub mod rows;
pub mod servers;
pub mod states;
pub mod templates;
#[cfg(test)]
mod tests;
pub mod versions;
pub mod words;

pub use golang::duration;

use serde_json::{Map, Value as Json};

/// What kind of mistake it is, in the words of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A document that cannot be right.
    Validation,
    /// Something that may not be done now.
    NotPermitted,
    /// A name that nothing has.
    NotFound,
    /// A request that cannot be read.
    BadRequest,
    /// What upstream finds only while it acts.
    Internal,
}

impl Kind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Validation => "validation",
            Kind::NotPermitted => "not_permitted",
            Kind::NotFound => "not_found",
            Kind::BadRequest => "bad_request",
            Kind::Internal => "internal",
        }
    }
}

/// Something that speaks against what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Its kind.
    pub kind: Kind,
    /// What is wrong, in upstream's words where it has some.
    pub message: String,
    /// The server that it is about, where it is about one.
    pub server: Option<String>,
}

impl Mistake {
    /// A mistake about no server.
    pub fn new(kind: Kind, message: impl Into<String>) -> Mistake {
        Mistake { kind, message: message.into(), server: None }
    }

    fn of(kind: Kind, server: &Json, message: impl Into<String>) -> Mistake {
        Mistake { kind, message: message.into(), server: Some(servers::name(server).to_owned()) }
    }

    /// As data: `{ kind, message, server }`.
    pub fn to_json(&self) -> Json {
        serde_json::json!({
            "kind": self.kind.word(),
            "message": self.message,
            "server": self.server.as_deref().unwrap_or(""),
        })
    }
}

/// The text at a key; empty where there is none.
pub fn text<'j>(value: &'j Json, key: &str) -> &'j str {
    value.get(key).and_then(Json::as_str).unwrap_or("")
}

/// The elements of the list at a key.
fn items<'j>(value: &'j Json, key: &str) -> &'j [Json] {
    value.get(key).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of the list at a key.
fn texts<'j>(value: &'j Json, key: &str) -> Vec<&'j str> {
    items(value, key).iter().filter_map(Json::as_str).collect()
}

/// The entries of an object by name; nothing where it is none.
fn entries(value: Option<&Json>) -> Vec<(&String, &Json)> {
    let mut entries: Vec<(&String, &Json)> =
        value.and_then(Json::as_object).map_or_else(Vec::new, |object| object.iter().collect());
    entries.sort_by_key(|(key, _)| *key);
    entries
}

/// An object with one entry.
fn object(key: &str, value: Json) -> Json {
    Json::Object(Map::from_iter([(key.to_owned(), value)]))
}
