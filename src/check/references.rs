//! Which of some names an expression refers to, so that bindings can be put in order.

use std::collections::{HashMap, HashSet};

use crate::syntax::ast::{AttrName, AttrNameKind, Binding, Expr, ExprKind, Name, Parameter, StringPart};

/// Names that see each other, by their numbers.
pub(super) struct Known(HashMap<Name, usize>);

impl Known {
    /// Numbers names; of equal ones the first counts.
    pub(super) fn new(names: &[Name]) -> Known {
        let mut known = HashMap::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            known.entry(name.clone()).or_insert(index);
        }
        Known(known)
    }

    /// The number of a name.
    pub(super) fn place(&self, name: &Name) -> Option<usize> {
        self.0.get(name).copied()
    }
}

/// The names of `known` (by number) that `expr` refers to; inner bindings of the same name hide them.
pub(super) fn references(expr: &Expr, known: &Known, found: &mut Vec<usize>) {
    let seen = found.iter().copied().collect();
    Walker { known, found, seen, hidden: HashMap::new() }.expr(expr);
}

struct Walker<'w> {
    known: &'w Known,
    found: &'w mut Vec<usize>,
    seen: HashSet<usize>,
    /// How many bindings around hide a name.
    hidden: HashMap<Name, u32>,
}

impl Walker<'_> {
    fn name(&mut self, name: &Name) {
        if let Some(index) = self.known.place(name)
            && self.hidden.get(name).is_none_or(|hiding| *hiding == 0)
            && self.seen.insert(index)
        {
            self.found.push(index);
        }
    }

    fn hiding(&mut self, names: Vec<Name>, walk: impl FnOnce(&mut Self)) {
        for name in &names {
            *self.hidden.entry(name.clone()).or_default() += 1;
        }
        walk(self);
        for name in &names {
            if let Some(hiding) = self.hidden.get_mut(name) {
                *hiding -= 1;
            }
        }
    }

    fn attr_names(&mut self, path: &[AttrName]) {
        for name in path {
            if let AttrNameKind::Dynamic(expr) = &name.kind {
                self.expr(expr);
            }
        }
    }

    fn bindings(&mut self, bindings: &[Binding], inherits_from_outside: bool) {
        for binding in bindings {
            match binding {
                Binding::Value { path, value } => {
                    self.attr_names(path);
                    self.expr(value);
                }
                Binding::Inherit { from: Some(from), .. } => self.expr(from),
                Binding::Inherit { from: None, names } => {
                    if inherits_from_outside {
                        for name in names {
                            if let AttrNameKind::Static(name) = &name.kind {
                                self.name(name);
                            }
                        }
                    }
                }
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Path(_) => {}
            ExprKind::String(parts) => {
                for part in parts {
                    if let StringPart::Interpolation(expr) = part {
                        self.expr(expr);
                    }
                }
            }
            ExprKind::Variable(name) => self.name(name),
            ExprKind::List(items) => items.iter().for_each(|item| self.expr(item)),
            ExprKind::AttrSet { recursive: false, bindings } => self.bindings(bindings, true),
            ExprKind::AttrSet { recursive: true, bindings } => {
                self.inherited(bindings);
                self.hiding(bound_names(bindings), |walker| walker.bindings(bindings, false));
            }
            ExprKind::Let { bindings, body } => {
                self.inherited(bindings);
                self.hiding(bound_names(bindings), |walker| {
                    walker.bindings(bindings, false);
                    walker.expr(body);
                });
            }
            ExprKind::If { condition, then, otherwise } => {
                self.expr(condition);
                self.expr(then);
                self.expr(otherwise);
            }
            ExprKind::With { scope, body } => {
                self.expr(scope);
                self.expr(body);
            }
            ExprKind::Assert { condition, body } => {
                self.expr(condition);
                self.expr(body);
            }
            ExprKind::Lambda { parameter, body } => {
                let names = match parameter {
                    Parameter::Name(name, _) => vec![name.clone()],
                    Parameter::Pattern(pattern) => pattern
                        .fields
                        .iter()
                        .map(|field| field.name.clone())
                        .chain(pattern.whole.iter().map(|(name, _)| name.clone()))
                        .collect(),
                };
                self.hiding(names, |walker| {
                    if let Parameter::Pattern(pattern) = parameter {
                        for default in pattern.fields.iter().filter_map(|field| field.default.as_ref()) {
                            walker.expr(default);
                        }
                    }
                    walker.expr(body);
                });
            }
            ExprKind::Apply { function, arguments } => {
                self.expr(function);
                arguments.iter().for_each(|argument| self.expr(argument));
            }
            ExprKind::Select { base, path, default } => {
                self.expr(base);
                self.attr_names(path);
                if let Some(default) = default {
                    self.expr(default);
                }
            }
            ExprKind::HasAttr { base, path } => {
                self.expr(base);
                self.attr_names(path);
            }
            ExprKind::Unary { operand, .. } => self.expr(operand),
            ExprKind::Chain { first, rest } => {
                self.expr(first);
                rest.iter().for_each(|(_, _, operand)| self.expr(operand));
            }
            ExprKind::Ascription { value, .. } => self.expr(value),
        }
    }

    /// Plain `inherit x` in a recursive scope takes `x` from outside of it.
    fn inherited(&mut self, bindings: &[Binding]) {
        for binding in bindings {
            if let Binding::Inherit { from: None, names } = binding {
                for name in names {
                    if let AttrNameKind::Static(name) = &name.kind {
                        self.name(name);
                    }
                }
            }
        }
    }
}

/// The names that bindings bind at their own level.
pub(super) fn bound_names(bindings: &[Binding]) -> Vec<Name> {
    let mut names = Vec::new();
    for binding in bindings {
        let bound: Vec<&AttrName> = match binding {
            Binding::Value { path, .. } => path.first().into_iter().collect(),
            Binding::Inherit { names, .. } => names.iter().collect(),
        };
        for name in bound {
            if let AttrNameKind::Static(name) = &name.kind {
                names.push(name.clone());
            }
        }
    }
    names
}

/// Groups numbered things so that each group comes after those it refers to; things that refer to
/// each other are in one group. `edges` gives for each what it refers to. The walk keeps its own
/// stack, since thousands of bindings may lead from one to the next.
pub(super) fn strongly_connected(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let count = edges.len();
    let mut order = vec![UNSEEN; count];
    let mut low = vec![0; count];
    let mut on_stack = vec![false; count];
    let mut stack = Vec::new();
    let mut groups = Vec::new();
    let mut next = 0;
    for start in 0..count {
        if order.get(start).copied() != Some(UNSEEN) {
            continue;
        }
        let mut work: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                set(&mut order, node, next);
                set(&mut low, node, next);
                next += 1;
                stack.push(node);
                set(&mut on_stack, node, true);
            }
            let target = edges.get(node).and_then(|targets| targets.get(edge)).copied();
            match target {
                Some(target) => {
                    work.push((node, edge + 1));
                    if order.get(target).copied() == Some(UNSEEN) {
                        work.push((target, 0));
                    } else if on_stack.get(target).copied() == Some(true) {
                        lower(&mut low, node, order.get(target).copied().unwrap_or(UNSEEN));
                    }
                }
                None => {
                    let own = low.get(node).copied().unwrap_or(0);
                    if Some(own) == order.get(node).copied() {
                        let mut group = Vec::new();
                        while let Some(member) = stack.pop() {
                            set(&mut on_stack, member, false);
                            group.push(member);
                            if member == node {
                                break;
                            }
                        }
                        group.sort_unstable();
                        groups.push(group);
                    }
                    if let Some((parent, _)) = work.last() {
                        lower(&mut low, *parent, own);
                    }
                }
            }
        }
    }
    groups
}

fn set<T>(values: &mut [T], index: usize, value: T) {
    if let Some(slot) = values.get_mut(index) {
        *slot = value;
    }
}

fn lower(values: &mut [usize], index: usize, value: usize) {
    if let Some(slot) = values.get_mut(index) {
        *slot = (*slot).min(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_come_after_what_they_refer_to() {
        // 0 -> 1 -> 2 -> 1, 3 -> 0
        let groups = strongly_connected(&[vec![1], vec![2], vec![1], vec![0]]);
        assert_eq!(groups, vec![vec![1, 2], vec![0], vec![3]]);
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let edges: Vec<Vec<usize>> =
            (0..100_000).map(|index| if index == 0 { vec![] } else { vec![index - 1] }).collect();
        assert_eq!(strongly_connected(&edges).len(), 100_000);
    }
}
