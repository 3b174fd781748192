//! What is known of the elements of a list, since a `filter` on its way has chosen them:
//! `machines |> filter (m: m ? cloud) |> map (m: m.cloud)`.

use super::Checker;
use super::scope::Fact;
use crate::builtins;
use crate::syntax::ast::{AttrNameKind, BinaryOperator as Op, Expr, ExprKind};

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
        match (self.builtin_name(function), arguments) {
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

    /// The builtin that a name is, by itself or behind `lib.` and `builtins.`.
    fn builtin_name<'e>(&self, function: &'e Expr) -> Option<&'e str> {
        let (root, name) = match &function.kind {
            ExprKind::Variable(name) => (name, name),
            ExprKind::Select { base, path, default: None } => {
                match (&base.kind, path.last().map(|name| &name.kind)) {
                    (ExprKind::Variable(root), Some(AttrNameKind::Static(name)))
                        if builtins::is_module(root) =>
                    {
                        (root, name)
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
        self.scopes.lookup(root).is_none().then_some(&**name)
    }
}
