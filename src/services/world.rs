//! A loaded inventory as evaluations see it.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::configuration::sources;
use super::loaded::View;
use super::transformations::{BEFORE, TRANSFORMED};
use super::{collections, places, records};
use crate::eval::{Expression, World};
use crate::inventory::model::Inventory;
use crate::text::{Source, Span};
use crate::types::tir::Root;
use crate::value::{Attrs, Entity, Evaluator, Fault, Name, Value};

impl World for View {
    fn model(&self) -> &Inventory {
        &self.0.model
    }

    fn root(&self, root: Root) -> Result<Value, Fault> {
        collections::root(&self.0, root)
    }

    fn entity_field(&self, entity: Entity, name: &str) -> Result<Option<Value>, Fault> {
        records::field(&self.0, entity, name)
    }

    fn entity_field_at(&self, entity: Entity, index: usize) -> Result<Option<Value>, Fault> {
        match crate::types::schema::entries(entity.kind).get(index) {
            Some(entry) => records::field(&self.0, entity, entry.name.trim_end_matches('?')),
            None => Ok(None),
        }
    }

    fn places(
        &self,
        evaluator: &mut dyn Evaluator,
        entity: Entity,
        path: &[Name],
    ) -> Vec<(Arc<Source>, Span)> {
        places::of_field(&self.0, evaluator, entity, path)
    }

    fn places_in_documents(&self, root: Root, path: &[Name]) -> Vec<(Arc<Source>, Span)> {
        places::in_documents(&self.0.model, root, path)
    }

    fn entity_attrs(&self, entity: Entity) -> Result<Attrs, Fault> {
        records::attrs(&self.0, entity)
    }

    fn expression(&self, index: u32) -> Result<Expression, Fault> {
        let (loaded, index) = match (&self.0.before, index & BEFORE) {
            (Some(before), BEFORE) => (before, index & !BEFORE),
            _ => (&self.0, index & !BEFORE),
        };
        let Some(embedded) = loaded.model.expressions.get(index as usize) else {
            return Err(records::missing("the expression"));
        };
        loaded.usable(&embedded.part)?;
        if let Some(value) = &embedded.value
            && let [first, path @ ..] = value.path.as_slice()
            && &**first == TRANSFORMED
        {
            return Ok(Expression::Transformed(path.to_vec()));
        }
        if let Some(value) = &embedded.value
            && let Some(program) = loaded.files.get(&value.document)
        {
            return Ok(Expression::File { program: Arc::clone(program), path: value.path.clone() });
        }
        match loaded.programs.get(index as usize) {
            Some(Some(program)) => Ok(Expression::Program(Arc::clone(program))),
            _ => {
                let mistakes = loaded.model.mistakes.iter();
                let own = mistakes.map(|mistake| &mistake.diagnostic).find(|diagnostic| {
                    diagnostic.labels.iter().any(|label| Arc::ptr_eq(&label.source, &embedded.source))
                });
                Err(own.map_or_else(|| records::missing("the expression"), |own| Fault::new(own.clone())))
            }
        }
    }

    fn transformed(&self, evaluator: &mut dyn Evaluator) -> Result<Value, Fault> {
        self.0.before.as_ref().unwrap_or(&self.0).transformed(evaluator)
    }

    fn definitions(
        &self,
        evaluator: &mut dyn Evaluator,
        machine: Entity,
        option: &str,
    ) -> Result<Value, Fault> {
        sources::value(&self.0, machine.id, option, evaluator)
    }

    fn instance_nodes(&self, instance: u32, role: Option<&str>) -> Result<RoaringBitmap, Fault> {
        let Some(declared) = self.0.model.instances.get(instance as usize) else {
            return Ok(RoaringBitmap::new());
        };
        let mut nodes = RoaringBitmap::new();
        if role.is_none()
            && let Some(selected) = self.0.selector_members(instance)?
        {
            let home = declared.cluster.map_or(u32::MAX, |cluster| cluster);
            nodes |= &selected.nodes & self.0.model.index.cluster(home);
        }
        for (index, known) in (0..).zip(&declared.roles) {
            if role.is_none_or(|role| *known.name == *role) {
                nodes |= &self.0.members(instance, index)?.nodes;
            }
        }
        Ok(nodes)
    }

    fn service_nodes(&self, service: u32) -> Result<RoaringBitmap, Fault> {
        let mut nodes = RoaringBitmap::new();
        for (index, instance) in (0..).zip(&self.0.model.instances) {
            if instance.service == service {
                nodes |= self.instance_nodes(index, None)?;
            }
        }
        Ok(nodes)
    }

    fn address_nodes(&self, block: &ipnet::IpNet) -> Result<RoaringBitmap, Fault> {
        let all = self.0.addresses();
        let start = all.partition_point(|(address, _)| *address < block.network());
        let end = all.partition_point(|(address, _)| *address <= block.broadcast());
        Ok(all.get(start..end).unwrap_or(&[]).iter().map(|(_, node)| *node).collect())
    }

    fn cloud_nodes(&self, cloud: u32) -> Result<RoaringBitmap, Fault> {
        Ok(self.0.clouds_known()?.nodes(cloud).clone())
    }

    fn cloud_of(&self, node: u32) -> Result<Option<u32>, Fault> {
        self.0.cloud_of(node)
    }

    fn node_kind(&self, node: u32) -> Name {
        self.0.kind(node)
    }

    fn nodes_usable(&self, cluster: Option<u32>) -> Result<(), Fault> {
        self.0.nodes_usable(cluster)
    }

    fn tags_usable(&self, cluster: Option<u32>) -> Result<(), Fault> {
        self.0.tags_usable(cluster)
    }
}
