//! Where snapshots of inventories are kept, and whose they are.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use std::{env, fs};

use invq::engine::Kept;
use invq::{Engine, Inventory};
use xxhash_rust::xxh3::xxh3_128;

/// Opens the snapshot of an inventory, where there is one that can be believed.
pub(crate) fn open(engine: &Engine, inventory: &Path) -> Option<Inventory> {
    let path = path_of(inventory).filter(|path| path.is_file())?;
    engine.open_snapshot(inventory, Kept { path: &path, program: &program() })
}

/// The file in which the snapshot of an inventory is kept: named by where the inventory really is, in
/// `$XDG_CACHE_HOME/invq`, or else in `~/.cache/invq`. Nothing where there is no such folder or inventory.
pub(crate) fn path_of(inventory: &Path) -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // Only absolute paths are valid in the variable.
    let cache = set("XDG_CACHE_HOME").filter(|path| path.is_absolute());
    let folder = cache.or_else(|| set("HOME").map(|home| home.join(".cache")))?.join("invq");
    let real = fs::canonicalize(inventory).ok()?;
    Some(folder.join(format!("{:032x}.snapshot", xxh3_128(real.as_os_str().as_encoded_bytes()))))
}

/// This build of the program: another one may read an inventory in another way.
pub(crate) fn program() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let about = env::current_exe().and_then(fs::metadata);
    let built = about.as_ref().ok().and_then(|about| about.modified().ok()?.duration_since(UNIX_EPOCH).ok());
    let size = about.map_or(0, |about| about.len());
    format!("{version} {size} {}", built.unwrap_or_default().as_nanos())
}
