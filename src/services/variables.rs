//! The variables of a machine: what its groups, their files and it itself say, laid over each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::loaded::Loaded;
use crate::inventory::document::Raw;
use crate::inventory::groups::PRIORITY;
use crate::inventory::model::PartKind;
use crate::value::{Attrs, Name, Value};

/// The variables of a machine. Those that it has itself, in a system that has no layers, win over those of
/// its groups. Each is read when it is looked at.
pub(super) fn value(loaded: &Arc<Loaded>, node: u32) -> Value {
    let model = &loaded.model;
    let own = model.nodes.part(node, PartKind::Vars);
    let layers = model.variables(node);
    if layers.is_empty() {
        return own.map_or_else(|| Value::Attrs(Attrs::empty()), |raw| model.raw_value(raw));
    }
    let mut variables: BTreeMap<Name, Raw> = BTreeMap::new();
    let written = layers.into_iter().map(|layer| (layer.raw, layer.group.is_some() && layer.in_source));
    for (raw, of_group) in written.chain(own.map(|raw| (raw, false))) {
        for (key, value) in model.node(raw).into_iter().flat_map(|node| node.entries()) {
            if !(of_group && key.text == PRIORITY) {
                variables.insert(Name::from(&*key.text), value.raw());
            }
        }
    }
    let (keys, values): (Vec<Name>, Vec<Value>) = variables
        .into_iter()
        .map(|(name, raw)| {
            let loaded = Arc::clone(loaded);
            (name, Value::lazy(move |_| Ok(loaded.model.raw_value(raw))))
        })
        .unzip();
    Value::Attrs(Attrs::new(keys.into(), values))
}
