//! Which machine is in which cloud: Walrus' systems as their inventory says, machines of other systems by
//! the cloud that they name, or by the blocks that hold their addresses.

use std::net::IpAddr;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::loaded::Loaded;
use super::records::{machine_list, spot_value, strings};
use crate::inventory::clouds::Blocks;
use crate::inventory::model::{Part, PartKind};
use crate::value::{Fault, Value};

/// The cloud of every node.
#[derive(Default)]
pub(super) struct Clouds {
    /// By node; nothing is `u32::MAX`. Empty where there is no cloud at all.
    of: Vec<u32>,
    nodes: Vec<RoaringBitmap>,
    none: RoaringBitmap,
}

impl Clouds {
    /// The nodes in a cloud.
    pub(super) fn nodes(&self, cloud: u32) -> &RoaringBitmap {
        self.nodes.get(cloud as usize).unwrap_or(&self.none)
    }

    fn of(&self, node: u32) -> Option<u32> {
        self.of.get(node as usize).copied().filter(|cloud| *cloud != u32::MAX)
    }
}

impl Loaded {
    /// The cloud of every node.
    ///
    /// # Errors
    /// Mistakes for which it is not known.
    pub(super) fn clouds_known(self: &Arc<Loaded>) -> Result<&Clouds, Fault> {
        self.clouds_usable()?;
        Ok(self.clouds())
    }

    pub(super) fn clouds(self: &Arc<Loaded>) -> &Clouds {
        self.clouds.get_or_init(|| self.compute_clouds())
    }

    /// The cloud of one node; mistakes of others are no matter.
    pub(crate) fn cloud_of(self: &Arc<Loaded>, node: u32) -> Result<Option<u32>, Fault> {
        self.usable(&Part::Clouds)?;
        self.usable(&Part::CloudOf(node))?;
        Ok(self.clouds().of(node))
    }

    fn compute_clouds(self: &Arc<Loaded>) -> Clouds {
        let model = &self.model;
        if model.clouds.is_empty() {
            return Clouds::default();
        }
        let mut of = vec![u32::MAX; model.nodes.len()];
        let mut open = RoaringBitmap::new();
        for (node, cloud) in (0..).zip(&mut of) {
            let named = |raw| model.node(raw)?.as_str().and_then(|name| model.find_cloud(&name));
            let known = match model.cloud_system(node) {
                Some(system) => system.cloud,
                None => model.nodes.part(node, PartKind::Cloud).and_then(named),
            };
            match known {
                Some(known) => *cloud = known,
                None => {
                    open.insert(node);
                }
            }
        }
        let blocks = Blocks::new(&model.clouds);
        if !blocks.is_empty() {
            self.derive_clouds(&blocks, &mut open, &mut of);
        }
        let mut nodes = vec![RoaringBitmap::new(); model.clouds.len()];
        for (node, cloud) in (0..).zip(&of) {
            if let Some(nodes) = nodes.get_mut(*cloud as usize) {
                nodes.insert(node);
            }
        }
        Clouds { of, nodes, none: RoaringBitmap::new() }
    }

    /// A machine whose addresses lie in blocks of one cloud is in it; in blocks of several, in none.
    fn derive_clouds(self: &Arc<Loaded>, blocks: &Blocks, open: &mut RoaringBitmap, of: &mut [u32]) {
        let addresses: &[(IpAddr, u32)] = self.addresses();
        for (address, node) in addresses {
            if !open.contains(*node) {
                continue;
            }
            let Some((_, [cloud])) = blocks.holding(*address) else { continue };
            let Some(place) = of.get_mut(*node as usize) else { continue };
            if *place == u32::MAX {
                *place = *cloud;
            } else if place != cloud {
                *place = u32::MAX;
                open.remove(*node);
            }
        }
    }
}

/// A field of a cloud, by its name; nothing where it is missing.
pub(super) fn field(loaded: &Arc<Loaded>, id: u32, name: &str) -> Result<Option<Value>, Fault> {
    let model = &loaded.model;
    let Some(cloud) = model.clouds.get(id as usize) else { return Ok(None) };
    if name != "name" && name != "source" {
        loaded.usable(&Part::Clouds)?;
    }
    Ok(Some(match name {
        "name" => Value::from(cloud.name.clone()),
        "blocks" => strings(cloud.blocks.iter().map(|(block, _)| block.to_string())),
        "reaches" => {
            let reached = cloud.reaches.iter().filter_map(|(other, _)| model.clouds.get(*other as usize));
            strings(reached.map(|other| &other.name))
        }
        "machines" => machine_list(loaded.clouds_known()?.nodes(id)),
        "source" => return Ok(spot_value(loaded, cloud.spot)),
        _ => return Ok(None),
    }))
}
