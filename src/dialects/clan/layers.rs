//! The merge of layers: what `clan.nix` and `inventory.json` both say.
//!
//! As in Clan: lists join, objects merge, equal scalars are fine, different scalars are a conflict.
//! A `settings` object may be in one layer only.

use super::place::Path;
use super::report::{Owner, Report};
use crate::inventory::document::{Kind, Node};

/// Reports every scalar that two layers define differently.
pub(super) fn check(
    report: &mut Report<'_>,
    owner: &Owner,
    path: Path<'_>,
    first: Node<'_>,
    second: Node<'_>,
) {
    match (first.kind(), second.kind()) {
        (Kind::Object, Kind::Object) => {
            for (key, value) in second.entries() {
                if let Some(earlier) = first.get(&key.text) {
                    check(report, owner, path.below(&key.text), earlier, value);
                }
            }
        }
        (Kind::List, Kind::List) => {}
        (Kind::Expression, _) | (_, Kind::Expression) => report.conflict(owner, path, first, second),
        _ => {
            if first.to_json() != second.to_json() {
                report.conflict(owner, path, first, second);
            }
        }
    }
}
