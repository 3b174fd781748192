//! What is known of the elements of a list, since a `filter` on its way has chosen them:
//! `machines |> filter (m: m ? cloud) |> map (m: m.cloud)`.

use super::Checker;
use super::scope::{Entry, Fact, With};
use crate::builtins;
use crate::syntax::ast::{AttrNameKind, BinaryOperator as Op, Expr, ExprKind, Name};
use crate::types::Rest;

impl Checker<'_> {
    /// What is known of each element of a list, as far as it is written out where the list comes from.
    pub(super) fn facts_of_elements(&self, list: &Expr) -> Vec<Fact> {
        match &list.kind {
            ExprKind::Apply { function, arguments } => match arguments.split_last() {
                Some((list, before)) => {
                    self.facts_behind(function, before, |checker| checker.facts_of_elements(list))
                }
                None => Vec::new(),
            },
            ExprKind::Chain { first, rest }
                if rest.iter().all(|(operator, ..)| *operator == Op::PipeForward) =>
            {
                let before = self.facts_of_elements(first);
                rest.iter().fold(before, |facts, (_, _, stage)| self.facts_behind_stage(stage, facts))
            }
            _ => Vec::new(),
        }
    }

    /// What is known of each element behind a function of a pipe.
    pub(super) fn facts_behind_stage(&self, stage: &Expr, facts: Vec<Fact>) -> Vec<Fact> {
        match &stage.kind {
            ExprKind::Apply { function, arguments } => self.facts_behind(function, arguments, |_| facts),
            _ => self.facts_behind(stage, &[], |_| facts),
        }
    }

    /// What is known of each element of what a function gives for a list, its last argument.
    fn facts_behind(
        &self,
        function: &Expr,
        arguments: &[Expr],
        facts: impl FnOnce(&Self) -> Vec<Fact>,
    ) -> Vec<Fact> {
        match (self.builtin_name(function).as_deref(), arguments) {
            (Some("filter"), [predicate]) => {
                let mut facts = facts(self);
                facts.extend(self.facts_of_predicate(predicate));
                facts
            }
            // These give elements of the list, and nothing else.
            (Some("sort" | "sortOn" | "take" | "drop"), [_])
            | (Some("reverseList" | "tail" | "unique"), []) => facts(self),
            _ => Vec::new(),
        }
    }

    /// Where a builtin has a list, and where the function that gets its elements.
    pub(super) fn list_of_function(builtin: &str, function: usize) -> Option<usize> {
        match (builtin, function) {
            (
                "all" | "any" | "concatMap" | "count" | "countBy" | "filter" | "groupBy" | "map"
                | "partition" | "sortOn",
                0,
            )
            | ("concatMapStringsSep", 1) => Some(function + 1),
            ("forEach", 1) => Some(0),
            _ => None,
        }
    }

    /// The builtin that a name is: by itself, behind `lib.` and `builtins.`, or inherited from there.
    pub(super) fn builtin_name(&self, function: &Expr) -> Option<Name> {
        match &function.kind {
            ExprKind::Variable(name) => match self.scopes.lookup(name) {
                None => (!self.may_be_of_with(name)).then(|| name.clone()),
                Some(Entry::Variable { from: Some(origin), .. }) if origin.root.is_none() => {
                    match &origin.selection.kind {
                        ExprKind::Select { base, .. } if self.module_path(base).is_some() => {
                            self.builtin_name(&origin.selection)
                        }
                        _ => None,
                    }
                }
                Some(_) => None,
            },
            ExprKind::Select { base, path, default: None } => {
                self.module_path(base)?;
                if let ExprKind::Variable(module) = &base.kind
                    && self.scopes.lookup(module).is_none()
                    && self.may_be_of_with(module)
                {
                    return None;
                }
                match path.last().map(|name| &name.kind) {
                    Some(AttrNameKind::Static(name)) => Some(name.clone()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether a `with` around may have something else under the name of a builtin: names that Nix binds
    /// everywhere are stronger than `with`, others are weaker.
    fn may_be_of_with(&self, name: &Name) -> bool {
        if builtins::find("nix", name).is_some() || **name == *"builtins" {
            return false;
        }
        for with in self.scopes.withs() {
            match with {
                With::Module(path) if builtins::find(&path, name).is_some() => return false,
                With::Module(path) if self.submodule(Some(&path), name).is_some() => return true,
                With::Module(_) => {}
                With::Value { ty, .. } => match self.as_record(&ty) {
                    Some(record) if record.rest == Rest::Closed && record.field(name).is_none() => {}
                    _ => return true,
                },
            }
        }
        false
    }
}
