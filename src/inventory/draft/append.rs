//! Nodes that were read into a draft of their own.

use super::finish::{Numbers, renumbered};
use super::nodes::Changed;
use super::{Draft, number};
use crate::text::Deferred;

impl Draft {
    /// Adds the nodes of another draft over the same documents behind those that are here, with their
    /// clusters, tags, platforms, expressions and mistakes, as if they had been read here. Gives the number of
    /// the first. The other draft must hold nothing else.
    pub fn append_nodes(&mut self, mut other: Draft) -> u32 {
        let first = self.node_count();
        let clusters =
            other.clusters.iter().map(|cluster| self.cluster(&cluster.name, cluster.spot)).collect();
        let tags: Vec<u32> = other.tags.iter().map(|tag| self.tag(&tag.name)).collect();
        let systems: Vec<u32> = other.systems.iter().map(|system| self.system(system)).collect();
        let nodes = (first..).take(other.nodes.len()).collect();
        let numbers = Numbers::of_nodes(clusters, nodes);

        let (ours, theirs) = (&mut self.nodes, &mut other.nodes);
        let (names, tags_before) = (number(ours.names.len()), number(ours.tags.len()));
        let parts = number(ours.parts.len());
        append(&mut ours.cluster, &mut theirs.cluster, |cluster| numbers.cluster(cluster));
        append(&mut ours.system, &mut theirs.system, |system| renumbered(&systems, system));
        append(&mut ours.kind, &mut theirs.kind, |kind| kind);
        append(&mut ours.class, &mut theirs.class, |class| class);
        append(&mut ours.spot, &mut theirs.spot, |spot| spot);
        append(&mut ours.name_ends, &mut theirs.name_ends, |end| names + end);
        append(&mut ours.tag_ends, &mut theirs.tag_ends, |end| tags_before + end);
        append(&mut ours.part_starts, &mut theirs.part_starts, |start| parts + start);
        append(&mut ours.part_ends, &mut theirs.part_ends, |end| parts + end);
        append(&mut ours.tags, &mut theirs.tags, |tag| renumbered(&tags, tag));
        ours.names.push_str(&theirs.names);
        ours.parts.append(std::mem::take(&mut *theirs.parts));
        ours.count += theirs.count;

        for (node, Changed { tags: changed, parts }) in other.changed {
            let tags = changed.into_iter().map(|tag| renumbered(&tags, tag)).collect();
            self.changed.insert(first + node, Changed { tags, parts });
        }
        self.names_clouds |= other.names_clouds;
        for mut expression in other.expressions {
            expression.cluster = expression.cluster.map(|cluster| numbers.cluster(cluster));
            numbers.renumber(&mut expression.part);
            self.expressions.push(expression);
        }
        for mut mistake in other.mistakes {
            numbers.renumber(&mut mistake.part);
            self.mistakes.push(mistake);
        }
        first
    }

    /// Puts the mistakes from the `told`th on, which are all of one document, into the order of their places.
    pub fn sort_mistakes(&mut self, told: usize) {
        if let Some(mistakes) = self.mistakes.get_mut(told..) {
            mistakes.sort_by_key(|mistake| mistake.diagnostic.labels.first().map(|label| label.span));
        }
    }
}

/// Moves a column behind another one.
fn append<T: Copy>(column: &mut Deferred<Vec<T>>, other: &mut Deferred<Vec<T>>, changed: impl Fn(T) -> T) {
    column.extend(std::mem::take(&mut **other).into_iter().map(changed));
}
