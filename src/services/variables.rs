//! The variables of a machine: what its groups, their files and it itself say, laid over each other.

use std::sync::Arc;

use super::loaded::Loaded;
use crate::inventory::model::PartKind;
use crate::value::{Attrs, Name, Value};

/// The variables of a machine. Each is read when it is looked at.
pub(super) fn value(loaded: &Arc<Loaded>, node: u32) -> Value {
    let model = &loaded.model;
    let own = model.nodes.part(node, PartKind::Vars);
    if model.variables(node).is_empty() {
        return own.map_or_else(|| Value::Attrs(Attrs::empty()), |raw| model.raw_value(raw));
    }
    let (keys, values): (Vec<Name>, Vec<Value>) = model
        .laid_variables(node)
        .into_iter()
        .map(|(name, raw)| {
            let loaded = Arc::clone(loaded);
            (name, Value::lazy(move |_| Ok(loaded.model.raw_value(raw))))
        })
        .unzip();
    Value::Attrs(Attrs::new(keys.into(), values))
}
