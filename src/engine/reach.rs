//! Whether one machine reaches another, and by which way, or which link is missing.

use super::Inventory;
use crate::diagnostic::Diagnostic;
use crate::inventory::clouds::Blocks;
use crate::inventory::model::{PartKind, Spot};
use crate::value::Fault;

/// A machine with the cloud that it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The machine's name.
    pub machine: String,
    /// Its cloud, where it is in one.
    pub cloud: Option<String>,
    /// The block that puts it there; nothing where the machine names its cloud.
    pub block: Option<String>,
    /// Where that is written, as `file:line:column`.
    pub at: Option<String>,
}

/// A cloud that reaches another by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The cloud that reaches.
    pub from: String,
    /// The cloud that is reached.
    pub to: String,
    /// Where that is written, as `file:line:column`.
    pub at: String,
}

/// Whether one machine reaches another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Who would reach.
    pub from: Located,
    /// Who would be reached.
    pub to: Located,
    /// The links on a shortest way; none where both are in one cloud. Nothing where there is no way.
    pub way: Option<Vec<Link>>,
    /// All clouds that the one machine's cloud reaches, itself excluded.
    pub reached: Vec<String>,
    /// All clouds from which the other machine's cloud is reached, itself excluded.
    pub reaching: Vec<String>,
}

impl Inventory {
    /// Whether a machine reaches another.
    ///
    /// # Errors
    /// Mistakes for which the clouds of the two are not known.
    pub fn reach(&self, from: u32, to: u32) -> Result<Reach, Diagnostic> {
        let model = self.model();
        let name = |cloud: u32| {
            model.clouds.get(cloud as usize).map_or_else(String::new, |cloud| cloud.name.to_string())
        };
        let (start, start_cloud) = self.located(from)?;
        let (end, end_cloud) = self.located(to)?;
        let route = start_cloud.zip(end_cloud).and_then(|(from, to)| model.route(from, to));
        let way = route.map(|route| {
            let links = route.iter().zip(route.iter().skip(1));
            links
                .map(|(from, to)| Link { from: name(*from), to: name(*to), at: self.link_place(*from, *to) })
                .collect()
        });
        let reached = start_cloud.map(|cloud| model.clouds_reached_from(cloud)).unwrap_or_default();
        let reached = reached.into_keys().filter(|cloud| Some(*cloud) != start_cloud).map(name).collect();
        let all = 0..u32::try_from(model.clouds.len()).unwrap_or(u32::MAX);
        let reaching = all.filter(|cloud| {
            end_cloud.is_some_and(|end| end != *cloud && model.clouds_reached_from(*cloud).contains_key(&end))
        });
        let reaching = reaching.map(name).collect();
        Ok(Reach { from: start, to: end, way, reached, reaching })
    }

    fn located(&self, machine: u32) -> Result<(Located, Option<u32>), Diagnostic> {
        let model = self.model();
        let cloud = self.view.0.cloud_of(machine).map_err(Fault::into_diagnostic)?;
        let mut located = Located {
            machine: model.nodes.name(machine).to_owned(),
            cloud: cloud
                .and_then(|cloud| model.clouds.get(cloud as usize))
                .map(|cloud| cloud.name.to_string()),
            block: None,
            at: None,
        };
        let Some(cloud) = cloud else { return Ok((located, None)) };
        let entries = model.nodes.parts_of(machine, PartKind::Entry).filter_map(|raw| model.node(raw));
        let own = model.nodes.part(machine, PartKind::Cloud).and_then(|raw| model.node(raw));
        let named = own.into_iter().chain(entries.filter_map(|entry| entry.get("cloud")));
        if let Some(named) = named.into_iter().find(|node| node.as_str().is_some()) {
            located.at = Some(self.place_text(named.spot()));
            return Ok((located, Some(cloud)));
        }
        let blocks = Blocks::new(&model.clouds);
        let addresses = self.view.0.addresses_of(machine).map_err(Fault::into_diagnostic)?;
        let held = addresses.iter().find_map(|address| blocks.holding(address.parse().ok()?));
        if let Some((block, _)) = held {
            let written = model.clouds.get(cloud as usize).map_or(&[][..], |cloud| &cloud.blocks);
            let spot = written.iter().find(|(known, _)| *known == block).map(|(_, spot)| *spot);
            located.block = Some(block.to_string());
            located.at = spot.map(|spot| self.place_text(spot));
        }
        Ok((located, Some(cloud)))
    }

    fn link_place(&self, from: u32, to: u32) -> String {
        let reaches = self.model().clouds.get(from as usize).map_or(&[][..], |cloud| &cloud.reaches);
        let link = reaches.iter().find(|(known, _)| *known == to);
        link.map_or_else(String::new, |(_, spot)| self.place_text(*spot))
    }

    /// A place as `file:line:column`.
    fn place_text(&self, spot: Spot) -> String {
        let Some(document) = self.model().documents.get(spot.document as usize) else { return String::new() };
        let (file, span) = document.source.locate(spot.span);
        let position = file.position(span.start);
        format!("{}:{}:{}", file.name(), position.line, position.column)
    }
}
