//! Modules as they stand in an inventory: objects, or expressions; and what they import.

use super::place::{Place, wrong_type};
use crate::inventory::document::{Kind, Node};
use crate::inventory::draft::Draft;
use crate::inventory::model::{EmbeddedRole, Part};

/// Reads a module and those that it imports: texts and functions become expressions of the inventory, and
/// objects stay where they are.
pub(super) fn module(
    draft: &mut Draft,
    place: &Place<'_>,
    node: Node<'_>,
    cluster: Option<u32>,
    part: &Part,
) {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        match node.kind() {
            Kind::Object => waiting.extend(node.get("imports").into_iter().flat_map(Node::items)),
            Kind::String | Kind::Expression => {
                draft.add_expression_at(node, EmbeddedRole::Module, cluster, part.clone());
            }
            _ => {
                let diagnostic = wrong_type(place, node, "a module: an object, or a function as text");
                draft.mistake(diagnostic, part.clone());
            }
        }
    }
}
