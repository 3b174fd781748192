//! Filters that must give a number of machines: `exactly`, `atLeast`, `atMost`.

use roaring::RoaringBitmap;

use super::filters::Scope;
use super::{Evaluation, locate};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{list_and, quoted};
use crate::value::{Count, Fault, Filter};

/// How many names a message shows.
const SHOWN: usize = 5;

impl Evaluation<'_> {
    /// The nodes for which a filter holds, as many as there must be. What is around it does not change that.
    pub(super) fn counted(
        &mut self,
        expected: Count,
        inner: &Filter,
        scope: Scope,
    ) -> Result<RoaringBitmap, Fault> {
        let set = self.nodes(inner, scope, None)?;
        self.check_count(expected, &set)?;
        Ok(set)
    }

    /// Whether these are as many nodes as there must be.
    fn check_count(&self, expected: Count, set: &RoaringBitmap) -> Result<(), Fault> {
        if expected.allows(set.len()) {
            return Ok(());
        }
        let (word, number) = expected.parts();
        let word = match word {
            "atLeast" => "at least",
            "atMost" => "at most",
            other => other,
        };
        let nodes = &self.world.model().nodes;
        let names: Vec<&str> = set.iter().take(SHOWN).map(|node| nodes.name(node)).collect();
        let more = match set.len().saturating_sub(SHOWN as u64) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let found = match set.len() {
            0 => "none".to_owned(),
            count if more.is_empty() => format!("{count}: {}", list_and(&names)),
            count => format!(
                "{count}: {}{more}",
                names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
            ),
        };
        let machines = if number == 1 { "machine" } else { "machines" };
        let message = format!("expected {word} {number} {machines}, found {found}");
        let help =
            format!("select another number of machines, or write `{} {}`", expected.parts().0, set.len());
        Err(Fault::new(Diagnostic::error(Code::WrongCount, message).help(help)))
    }

    /// Whether the filter inside of one that counts gives as many nodes of a cluster as there must be.
    pub(super) fn check_paths(
        &mut self,
        expected: Count,
        counting: &Filter,
        inner: &Filter,
        cluster: &str,
    ) -> Result<(), Fault> {
        let Some(home) = self.world.model().find_cluster(cluster) else { return Ok(()) };
        let set = self.nodes(inner, Scope::new(Some(home), Some(home)), None)?;
        self.check_count(expected, &set).map_err(|fault| placed(fault, counting))
    }
}

/// A fault with the place of the filter that it comes from.
pub(super) fn placed(fault: Fault, filter: &Filter) -> Fault {
    match &filter.place {
        Some(place) => locate(fault, &place.source, place.span, "asked for here"),
        None => fault,
    }
}
