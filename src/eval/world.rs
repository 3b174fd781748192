//! What an evaluation knows of the inventory.

use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::inventory::model::Inventory;
use crate::syntax::ast::Name;
use crate::text::{Source, Span};
use crate::types::tir::{Program, Root};
use crate::value::{Attrs, Entity, Evaluator, Fault, Value};

/// An expression of the inventory, ready to run.
pub enum Expression {
    /// Text of its own.
    Program(Arc<Program>),
    /// A part of the value of an expression file.
    File {
        /// The whole file.
        program: Arc<Program>,
        /// Keys and indices that lead to the part.
        path: Vec<Name>,
    },
    /// A part of ClusterConfig's configuration as its first transformations give it.
    Transformed(Vec<Name>),
}

/// The inventory as the evaluator sees it. Lazily computed values go through the evaluator that forces
/// them.
pub trait World {
    /// The entities.
    fn model(&self) -> &Inventory;

    /// One of the collections that every query sees.
    ///
    /// # Errors
    /// Mistakes of the inventory on which it depends; likewise below.
    fn root(&self, root: Root) -> Result<Value, Fault>;

    /// A field of a record by its name; nothing where it is missing.
    fn entity_field(&self, entity: Entity, name: &str) -> Result<Option<Value>, Fault>;

    /// A field of a record by its number.
    fn entity_field_at(&self, entity: Entity, index: usize) -> Result<Option<Value>, Fault>;

    /// Where a value of a record's free-form fields stands, which may have been made of several; the path
    /// begins with the field.
    fn places(
        &self,
        evaluator: &mut dyn Evaluator,
        entity: Entity,
        path: &[Name],
    ) -> Vec<(Arc<Source>, Span)>;

    /// Where a value stands that is reached through a collection of free-form data.
    fn places_in_documents(&self, root: Root, path: &[Name]) -> Vec<(Arc<Source>, Span)>;

    /// All fields of a record that are there.
    fn entity_attrs(&self, entity: Entity) -> Result<Attrs, Fault>;

    /// An expression that stands in the inventory.
    fn expression(&self, index: u32) -> Result<Expression, Fault>;

    /// ClusterConfig's configuration as its first transformations give it.
    fn transformed(&self, evaluator: &mut dyn Evaluator) -> Result<Value, Fault>;

    /// Every definition of an option in the final configuration of a machine; see
    /// [`Evaluator::definitions`].
    fn definitions(
        &self,
        evaluator: &mut dyn Evaluator,
        machine: Entity,
        option: &str,
    ) -> Result<Value, Fault>;

    /// The nodes that hold any role of an instance, or the role of this name.
    fn instance_nodes(&self, instance: u32, role: Option<&str>) -> Result<RoaringBitmap, Fault>;

    /// The nodes that get something from a service.
    fn service_nodes(&self, service: u32) -> Result<RoaringBitmap, Fault>;

    /// The nodes that have an address in a block.
    fn address_nodes(&self, block: &ipnet::IpNet) -> Result<RoaringBitmap, Fault>;

    /// The nodes in a cloud, by its index in the model.
    fn cloud_nodes(&self, cloud: u32) -> Result<RoaringBitmap, Fault>;

    /// The cloud that a node is in, by its index in the model.
    fn cloud_of(&self, node: u32) -> Result<Option<u32>, Fault>;

    /// `physical`, `virtual`, or what the inventory says a node is.
    fn node_kind(&self, node: u32) -> Name;

    /// Whether the list of the nodes of a cluster is complete, or of all.
    fn nodes_usable(&self, cluster: Option<u32>) -> Result<(), Fault>;

    /// Whether it is known which nodes carry a tag, in a cluster or in all.
    fn tags_usable(&self, cluster: Option<u32>) -> Result<(), Fault>;
}
