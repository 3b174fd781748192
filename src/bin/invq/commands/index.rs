//! `invq index`: a snapshot of an inventory, from which queries open it.

use std::path::{Path, PathBuf};

use invq::engine::Kept;

use super::{print, wrong_usage};
use crate::args::{Query, Shared};
use crate::console::Console;
use crate::exit::{Outcome, Stage};
use crate::inputs::{Choice, nothing_found};
use crate::snapshots;

/// Writes the snapshot, and tells where it is.
pub(super) fn run(shared: &Shared, query: &Query, inventory: Option<&Path>, console: &Console) -> Outcome {
    let choice = inventory.map_or_else(|| Choice::of(shared), |path| Choice::Paths(vec![path.to_path_buf()]));
    let path = match &choice {
        Choice::Nothing => {
            console.report(&[nothing_found()]);
            return Outcome::Usage;
        }
        Choice::Paths(paths) if !choice.reads_stdin() && paths.len() == 1 => paths.first(),
        _ => None,
    };
    let Some(path) = path else {
        return wrong_usage(console, "only an inventory that is one file can be indexed", "invq index PATH");
    };
    let Some(kept) = place(path) else {
        return wrong_usage(
            console,
            "there is no folder for snapshots: neither `$XDG_CACHE_HOME` nor `$HOME` is set",
            "set `XDG_CACHE_HOME` to an absolute path",
        );
    };
    let engine = shared.engine(query.limits());
    match engine.write_snapshot(path, Kept { path: &kept, program: &snapshots::program() }) {
        Ok(()) => print(console, |out| writeln!(out, "{}", kept.display())),
        Err(failures) => {
            console.report(&failures);
            Outcome::of(&failures, &Stage::Loading)
        }
    }
}

/// Where the snapshot goes. An inventory that is not there is told of when it is read.
fn place(inventory: &Path) -> Option<PathBuf> {
    snapshots::path_of(inventory).or_else(|| (!inventory.exists()).then(PathBuf::new))
}
