//! Systems that Walrus cannot take care of: nobody has adopted them, or no way leads to them.

use super::Found;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::quoted;

impl Found<'_> {
    /// Systems that are not adopted, and those in clouds that no other cloud in use reaches or is reached
    /// from.
    pub(super) fn systems(&mut self) {
        let model = &self.loaded.model;
        if model.systems_of_clouds.is_empty() || self.loaded.clouds_usable().is_err() {
            return;
        }
        let alone = self.clouds_alone();
        for system in &model.systems_of_clouds {
            let name = model.nodes.name(system.node);
            let spot = self.node_spot(system.node);
            if !system.adopted {
                let message = format!("the system {} is not adopted", quoted(name));
                let found = Diagnostic::warning(Code::UnadoptedSystem, message)
                    .help("adopt it, and write `adopted = true`");
                self.add(name.to_owned(), vec![(spot, "not adopted".to_owned())], found);
            }
            let Some(cloud) = system.cloud.filter(|cloud| alone.contains(cloud)) else { continue };
            let cloud = quoted(model.clouds.get(cloud as usize).map_or("", |cloud| &*cloud.name));
            let message = format!("the system {} is unreachable", quoted(name));
            let found = Diagnostic::warning(Code::UnreachableSystem, message)
                .help(format!("give {cloud} a `reaches`, or name {cloud} in another cloud's `reaches`"));
            let label = format!("no way leads into its cloud {cloud} or out of it");
            self.add(name.to_owned(), vec![(spot, label)], found);
        }
    }

    /// The clouds with systems from which no way leads to another one with systems, nor back.
    fn clouds_alone(&self) -> Vec<u32> {
        let model = &self.loaded.model;
        let clouds = self.loaded.clouds();
        let used: Vec<u32> =
            (0..).take(model.clouds.len()).filter(|cloud| !clouds.nodes(*cloud).is_empty()).collect();
        let reached: Vec<_> = used.iter().map(|cloud| (*cloud, model.clouds_reached_from(*cloud))).collect();
        let is_linked = |cloud: u32| {
            reached.iter().any(|(from, reached)| match *from == cloud {
                true => used.iter().any(|to| *to != cloud && reached.contains_key(to)),
                false => reached.contains_key(&cloud),
            })
        };
        match used.len() {
            0 | 1 => Vec::new(),
            _ => used.iter().copied().filter(|cloud| !is_linked(*cloud)).collect(),
        }
    }
}
