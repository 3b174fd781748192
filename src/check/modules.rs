//! Sets of builtins as names: `builtins.map`, `lib.lists.head`, `with filters;`.

use super::Checker;
use super::scope::Entry;
use crate::builtins;
use crate::syntax::ast::{AttrNameKind, Expr, ExprKind};

/// The names that lead to a set of builtins where nothing else is called so.
pub(super) const MODULES: [&str; 6] =
    ["builtins", "lib", "filters", "clusterlib", "clanLib", "operationsCenter"];

/// How inventories for ClusterConfig write names of sets of builtins: in full, and after its README.
const IN_INVENTORIES: [(&str, &str); 4] = [
    ("clusterConfig", "clusterConfig"),
    ("clusterConfig.lib", "clusterConfig.lib"),
    ("clusterConfig.lib.filter", "filters"),
    ("clusterConfig.lib.filters", "filters"),
];

impl Checker<'_> {
    /// The set of builtins that an expression stands for: `lib`, `lib.lists`, or a `let`-bound name
    /// for one.
    pub(super) fn module_path(&self, expr: &Expr) -> Option<String> {
        match &expr.kind {
            ExprKind::Variable(name) => match self.scopes.lookup(name) {
                Some(Entry::Module { path, .. }) => Some(path.clone()),
                Some(_) => None,
                None => {
                    if self.is_host(name) {
                        return None;
                    }
                    if MODULES.contains(&&**name) { self.submodule(None, name) } else { self.alias(name) }
                }
            },
            ExprKind::Select { base, path, default: None } => {
                let mut full = self.module_path(base)?;
                for name in path {
                    let AttrNameKind::Static(name) = &name.kind else { return None };
                    full = self.submodule(Some(&full), name)?;
                }
                Some(full)
            }
            _ => None,
        }
    }

    /// The set of builtins with this name inside of another one.
    pub(super) fn submodule(&self, module: Option<&str>, name: &str) -> Option<String> {
        let full = module.map_or_else(|| name.to_owned(), |module| format!("{module}.{name}"));
        if builtins::is_module(&full) { Some(full) } else { self.alias(&full) }
    }

    /// The set of builtins that is known by this name too; some names are known in inventories alone.
    fn alias(&self, full: &str) -> Option<String> {
        // As in Nix the set has itself; a value of it has not, so that it can be written.
        if full == "builtins.builtins" {
            return Some("builtins".to_owned());
        }
        let mut known = IN_INVENTORIES.iter().filter(|_| self.context.in_inventory);
        known.find(|(alias, _)| *alias == full).map(|(_, module)| (*module).to_owned())
    }

    fn is_host(&self, name: &str) -> bool {
        self.context.hosts.iter().any(|(known, _)| &**known == name)
    }
}
