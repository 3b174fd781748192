//! Sets of builtins as names: `builtins.map`, `lib.lists.head`, `with filters;`.

use super::Checker;
use super::scope::Entry;
use crate::builtins;
use crate::syntax::ast::{AttrNameKind, Expr, ExprKind};

/// The names that lead to a set of builtins where nothing else is called so.
const MODULES: [&str; 4] = ["builtins", "lib", "filters", "clusterlib"];

impl Checker<'_> {
    /// The set of builtins that an expression stands for: `lib`, `lib.lists`, or a `let`-bound name
    /// for one.
    pub(super) fn module_path(&self, expr: &Expr) -> Option<String> {
        match &expr.kind {
            ExprKind::Variable(name) => match self.scopes.lookup(name) {
                Some(Entry::Module { path, .. }) => Some(path.clone()),
                Some(_) => None,
                None => {
                    let known = MODULES.contains(&&**name) && !self.is_host(name);
                    (known && builtins::is_module(name)).then(|| name.to_string())
                }
            },
            ExprKind::Select { base, path, default: None } => {
                let mut full = self.module_path(base)?;
                for name in path {
                    let AttrNameKind::Static(name) = &name.kind else { return None };
                    full.push('.');
                    full.push_str(name);
                }
                builtins::is_module(&full).then_some(full)
            }
            _ => None,
        }
    }

    fn is_host(&self, name: &str) -> bool {
        self.context.hosts.iter().any(|(known, _)| &**known == name)
    }
}
