//! The one table of builtins: each row holds name, type, documentation, examples and implementation.
//!
//! The checker, the evaluator, completion, `invq doc`, the reference pages and the tests read this
//! table and nothing else.

//!
//! Each subject has its file with a `table!` of rows and, below it, what the rows need. A new builtin is a
//! new row; nothing else has to know of it.

/// Writes a subject's table: for each row its name, scopes, type, which parameters name something of the
/// inventory, which fields of the first one do, which arguments it evaluates before anything else, summary, documentation, examples, and the implementation with one name an argument.
macro_rules! table {
    ($(
        $name:literal [$($scope:literal)*] $ty:literal $(names($($index:literal $kind:ident)*))?
            $(fields($($part:literal $kind_of_part:ident)*))?
            $(needs($($needed:literal)*))?
            $summary:literal
            $doc:literal
            { $($example:literal => $result:literal)* }
            |$evaluator:ident $(, $argument:ident)*| $body:expr;
    )*) => {
        pub(super) static TABLE: &[crate::builtins::Builtin] = &[$(crate::builtins::Builtin {
            name: $name,
            scopes: &[$($scope),*],
            ty: $ty,
            arity: {
                let arguments: &[&str] = &[$(stringify!($argument)),*];
                arguments.len()
            },
            names: &[$($(($index, crate::types::tir::NameKind::$kind)),*)?],
            fields: &[$($(($part, crate::types::tir::NameKind::$kind_of_part)),*)?],
            needs: &[$($($needed),*)?],
            summary: $summary,
            doc: $doc,
            examples: &[$(($example, $result)),*],
            run: |$evaluator, arguments| match arguments {
                [$($argument),*] => $body,
                _ => Err(crate::builtins::wrong_arity($name)),
            },
        },)*];
    };
}

mod attredits;
mod attrpaths;
mod attrs;
mod clouds;
mod clustereval;
mod clusterlib;
mod clusterpackages;
mod command_lines;
mod control;
mod data;
mod dependencies;
mod edits;
mod escapes;
mod explanations;
mod exports;
pub mod filters;
mod fixed_points;
mod folds;
mod functions;
mod generators;
mod hash_forms;
mod hashes;
mod known;
mod lists;
mod modules;
mod net;
pub mod nodeset;
mod nodesets;
mod numbers;
mod operations;
mod options;
mod ordered_texts;
mod packages;
mod patterns;
mod posix;
mod resources;
mod spelling;
mod strings;
mod sublists;
mod support;
#[cfg(test)]
mod tests;
mod units;
mod versions;
mod written;
mod xml;

pub use clouds::UNITS;
pub use data::float_text;
pub(crate) use net::block as address_block;
pub use operations::{RELATED_MACHINE, RELATED_ROWS, RELATED_SERVER, RELATED_SERVERS, uuid as row_uuid};
pub(crate) use posix::has_all_groups;

use std::collections::{BTreeSet, HashMap};
use std::sync::{LazyLock, OnceLock};

use crate::diagnostic::{Code, Diagnostic};
use crate::types::tir::NameKind;
use crate::types::{Scheme, Type, from_own_text};
use crate::value::{Evaluator, Fault, Value};

/// A row of the table.
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// Where it is found: `nix` (a bare name that Nix has too), `bare` (a bare name that is weaker than
    /// `with`), or a set: `builtins`, `lib`, `lib.lists`, `filters`, `clusterlib.ip`, …
    pub scopes: &'static [&'static str],
    /// Its type as text; the variable names `number`, `addable`, `logical`, `ordered` and `countable`
    /// are constrained as they say.
    pub ty: &'static str,
    /// How many arguments it takes before it is called; none for a constant.
    pub arity: usize,
    /// Which parameters name something of the inventory.
    pub names: &'static [(usize, NameKind)],
    /// Which fields of its first parameter, a set, name something of the inventory.
    pub fields: &'static [(&'static str, NameKind)],
    /// Arguments that it evaluates before it does anything else, in the order in which it does. Who calls it
    /// need not delay them.
    pub needs: &'static [usize],
    /// What it does, in one line without a full stop.
    pub summary: &'static str,
    /// What else there is to know; may be empty.
    pub doc: &'static str,
    /// Expressions with what they print, run as tests on the demo inventory: the value as compact
    /// JSON, filters as the list of the machines' names, or `error: CODE`.
    pub examples: &'static [(&'static str, &'static str)],
    /// What it computes; called with exactly `arity` arguments, which may be thunks.
    pub run: Run,
}

/// The implementation of a builtin.
pub type Run = fn(&mut dyn Evaluator, &[Value]) -> Result<Value, Fault>;

/// The tables, one a subject, in the order of the reference pages.
static TABLES: &[(&str, &[Builtin])] = &[
    ("filters", filters::TABLE),
    ("lists", lists::TABLE),
    ("parts of lists", sublists::TABLE),
    ("folding, grouping and sorting", folds::TABLE),
    ("orders of lists", dependencies::TABLE),
    ("attribute sets", attrs::TABLE),
    ("changes of attribute sets", attredits::TABLE),
    ("attribute paths", attrpaths::TABLE),
    ("strings", strings::TABLE),
    ("characters and words", spelling::TABLE),
    ("texts inside of other languages", escapes::TABLE),
    ("names and flags of packages", packages::TABLE),
    ("files of configuration", generators::TABLE),
    ("command lines", command_lines::TABLE),
    ("texts in order", ordered_texts::TABLE),
    ("patterns and versions", patterns::TABLE),
    ("parts of versions", versions::TABLE),
    ("numbers", numbers::TABLE),
    ("functions", functions::TABLE),
    ("fixed points and extensions", fixed_points::TABLE),
    ("hashes", hashes::TABLE),
    ("hashes", hash_forms::TABLE),
    ("types and data", data::TABLE),
    ("errors and order of evaluation", control::TABLE),
    ("addresses", net::TABLE),
    ("node sets", nodesets::TABLE),
    ("changes of the inventory", edits::TABLE),
    ("explanations", explanations::TABLE),
    ("exports of Clan's services", exports::TABLE),
    ("clouds", clouds::TABLE),
    ("sizes, durations and dates", units::TABLE),
    ("modules", modules::TABLE),
    ("options of modules", options::TABLE),
    ("clusterlib", clusterlib::TABLE),
    ("clusterlib", clusterpackages::TABLE),
    ("clusterlib", clustereval::TABLE),
    ("Operations Center", operations::TABLE),
    ("rows of Operations Center", resources::TABLE),
];

/// A builtin was called with another number of arguments than its row says.
fn wrong_arity(name: &str) -> Fault {
    Fault::new(Diagnostic::error(
        Code::MissingArgument,
        format!("`{name}` was called with the wrong number of arguments"),
    ))
}

/// All builtins; their places in this list are the numbers in the typed tree.
pub static ALL: LazyLock<Vec<&'static Builtin>> =
    LazyLock::new(|| TABLES.iter().flat_map(|(_, table)| table.iter()).collect());

static BY_SCOPE: LazyLock<HashMap<(&'static str, &'static str), u32>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    for (index, builtin) in ALL.iter().enumerate() {
        for scope in builtin.scopes {
            map.insert((*scope, builtin.name), index as u32);
        }
    }
    map
});

static SCHEMES: LazyLock<Vec<OnceLock<Scheme>>> =
    LazyLock::new(|| ALL.iter().map(|_| OnceLock::new()).collect());

/// Subjects with their tables, for documentation.
pub fn tables() -> &'static [(&'static str, &'static [Builtin])] {
    TABLES
}

/// The builtin with this number.
pub fn get(index: u32) -> Option<&'static Builtin> {
    ALL.get(index as usize).copied()
}

/// The number of the builtin with this name in a scope.
pub fn find(scope: &str, name: &str) -> Option<u32> {
    // The keys are static; a lookup with borrowed texts of any lifetime is fine.
    BY_SCOPE.get(&(scope, name)).copied()
}

/// The names in a scope.
pub fn names(scope: &str) -> impl Iterator<Item = &'static str> + '_ {
    ALL.iter().filter(move |builtin| builtin.scopes.contains(&scope)).map(|builtin| builtin.name)
}

/// The sets of builtins right inside of another one: `lists` and others of `lib`.
pub fn modules(path: &str) -> BTreeSet<&'static str> {
    let scopes = ALL.iter().flat_map(|builtin| builtin.scopes);
    let inside = scopes.filter_map(|scope| scope.strip_prefix(path)?.strip_prefix('.'));
    inside.filter_map(|inside| inside.split('.').next()).collect()
}

/// The shortest path to a builtin with this name.
pub fn path_of(name: &str) -> Option<String> {
    let scopes = ALL.iter().filter(|builtin| builtin.name == name).flat_map(|builtin| builtin.scopes);
    let best = scopes.min_by_key(|scope| match **scope {
        "bare" | "nix" => (0, ""),
        scope => (scope.len(), scope),
    })?;
    Some(if matches!(*best, "bare" | "nix") { name.to_owned() } else { format!("{best}.{name}") })
}

/// Whether there is a set of builtins with this path: `lib`, `lib.lists`.
pub fn is_module(path: &str) -> bool {
    ALL.iter()
        .flat_map(|builtin| builtin.scopes)
        .any(|scope| *scope == path || scope.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

/// The type of a builtin; a test holds that every one can be read.
pub fn scheme(index: u32) -> Scheme {
    let read = || {
        let text = get(index).map_or("Any", |builtin| builtin.ty);
        from_own_text(text)
    };
    match SCHEMES.get(index as usize) {
        Some(cell) => cell.get_or_init(read).clone(),
        None => Scheme::plain(Type::Any),
    }
}
