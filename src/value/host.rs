//! Functions that the program around the library gives.

use serde_json::Value as Json;

use super::Name;
use crate::types::Type;

/// What computes a result of its arguments, as data; a failure is a message.
pub type HostCall = Box<dyn Fn(Vec<Json>) -> Result<Json, String> + Send + Sync>;

/// A function of the host's.
pub struct HostFunction {
    /// By which queries call it.
    pub name: Name,
    /// How many arguments it takes; at least one.
    pub arity: usize,
    /// What it gives, which is held against what it does give.
    pub result: Type,
    /// What it does.
    pub call: HostCall,
}

impl std::fmt::Debug for HostFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostFunction").field("name", &self.name).field("arity", &self.arity).finish()
    }
}
