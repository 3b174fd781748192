//! Names that are bound: parameters, patterns, attribute paths, the bindings of sets and `let`.
//!
//! What comes in are their pairs; what goes out are their trees with the height of the highest
//! expression in them: `{ a, b ? [ ] }:` is a pattern of height 1. A name that is given twice in a
//! pattern, and one that must be known before anything runs and is not, are mistakes here.

use std::collections::HashMap;
use std::sync::Arc;

use pest::iterators::Pair;

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{
    AttrName, AttrNameKind, Binding, Expr, ExprKind, Name, Parameter, Pattern, PatternField, StringPart,
};
use crate::syntax::grammar::Rule;
use crate::text::{Span, quoted};

use super::build::{Builder, span_of};

/// The names of an attribute path, the place of the last, and the height of its expressions.
pub(super) type AttrPath = (Vec<AttrName>, Span, usize);

/// Where bindings stand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Set,
    Let,
    Inherit,
    Scope,
}

impl Builder<'_> {
    pub(super) fn parameter<'i>(
        &self,
        parts: impl Iterator<Item = Pair<'i, Rule>>,
    ) -> Result<(Parameter, usize), Diagnostic> {
        let mut name = None;
        let mut pattern = None;
        for part in parts {
            match part.as_rule() {
                Rule::identifier => name = Some((Name::from(part.as_str()), span_of(&part))),
                Rule::pattern => pattern = Some(self.pattern(part)?),
                _ => {}
            }
        }
        match (pattern, name) {
            (None, Some((name, span))) => Ok((Parameter::Name(name, span), 0)),
            (Some((mut pattern, height)), whole) => {
                if let Some((name, span)) = &whole
                    && let Some(field) = pattern.fields.iter().find(|field| field.name == *name)
                {
                    return Err(self.named_twice(name, field.span, *span));
                }
                pattern.whole = whole;
                Ok((Parameter::Pattern(pattern), height))
            }
            (None, None) => unreachable!("a function has a parameter"),
        }
    }

    fn pattern(&self, pair: Pair<'_, Rule>) -> Result<(Pattern, usize), Diagnostic> {
        let mut pattern = Pattern { fields: Vec::new(), open: false, whole: None, span: span_of(&pair) };
        let mut height = 0;
        let mut seen: HashMap<Name, Span> = HashMap::new();
        for entry in pair.into_inner().filter(|part| part.as_rule() == Rule::pattern_entry) {
            let mut name = None;
            let mut default = None;
            for part in entry.into_inner() {
                let span = span_of(&part);
                if pattern.open {
                    return Err(self
                        .syntax("expected `}` after `...`, found another attribute", span, "")
                        .help("move `...` to the end of the pattern"));
                }
                match part.as_rule() {
                    Rule::ellipsis => pattern.open = true,
                    Rule::identifier => name = Some((Name::from(part.as_str()), span)),
                    Rule::expression => {
                        let node = self.expression(part)?;
                        height = height.max(node.height);
                        default = Some(node.expr);
                    }
                    _ => {}
                }
            }
            if let Some((name, span)) = name {
                if let Some(first) = seen.insert(Arc::clone(&name), span) {
                    return Err(self.named_twice(&name, first, span));
                }
                pattern.fields.push(PatternField { name, span, default });
            }
        }
        Ok((pattern, height))
    }

    fn named_twice(&self, name: &str, one: Span, other: Span) -> Diagnostic {
        let (first, second) = if one < other { (one, other) } else { (other, one) };
        Diagnostic::error(Code::DuplicateName, format!("the pattern names {} twice", quoted(name)))
            .at(self.source, second, "named again here")
            .at(self.source, first, "first named here")
            .help("remove one of them, or give it another name")
    }

    pub(super) fn attr_path(&self, pair: Pair<'_, Rule>) -> Result<AttrPath, Diagnostic> {
        let mut path = Vec::with_capacity(1);
        let mut end = Span::default();
        let mut height = 0;
        for part in pair.into_inner().filter(|part| part.as_rule() == Rule::attr) {
            let (name, highest) = self.attr(part)?;
            end = name.span;
            height = height.max(highest);
            path.push(name);
        }
        Ok((path, end, height))
    }

    pub(super) fn attr(&self, pair: Pair<'_, Rule>) -> Result<(AttrName, usize), Diagnostic> {
        let Some(part) = pair.into_inner().next() else { unreachable!("an attribute has a name") };
        let span = span_of(&part);
        let (expr, height) = match part.as_rule() {
            Rule::attr_word => {
                return Ok((AttrName { kind: AttrNameKind::Static(part.as_str().into()), span }, 0));
            }
            Rule::string => {
                let (parts, height) = self.string(part)?;
                (Expr { kind: ExprKind::String(parts), span }, self.grown(height, span)?)
            }
            _ => {
                let node = self.interpolation(part)?;
                (node.expr, node.height)
            }
        };
        // `"a"` and `${"a"}` are names like `a`, as in Nix.
        let kind = match &expr.kind {
            ExprKind::String(parts) => match parts.as_slice() {
                [] => AttrNameKind::Static("".into()),
                [StringPart::Text(text)] => AttrNameKind::Static(Arc::clone(text)),
                _ => AttrNameKind::Dynamic(Box::new(expr)),
            },
            _ => AttrNameKind::Dynamic(Box::new(expr)),
        };
        Ok((AttrName { kind, span }, height))
    }

    pub(super) fn bindings<'i>(
        &self,
        parts: impl Iterator<Item = Pair<'i, Rule>>,
        place: Place,
    ) -> Result<(Vec<Binding>, usize), Diagnostic> {
        let mut bindings = Vec::new();
        let mut height = 0;
        for part in parts {
            let body = match part.as_rule() {
                Rule::binding => part.into_inner().next(),
                Rule::value_binding | Rule::inherit_binding => Some(part),
                _ => None,
            };
            let Some(body) = body else { continue };
            let (binding, highest) = match body.as_rule() {
                Rule::inherit_binding => self.inherit(body)?,
                _ => self.value_binding(body, place)?,
            };
            height = height.max(highest);
            bindings.push(binding);
        }
        Ok((bindings, height))
    }

    fn value_binding(&self, pair: Pair<'_, Rule>, place: Place) -> Result<(Binding, usize), Diagnostic> {
        let mut path: Vec<AttrName> = Vec::new();
        let mut height = 0;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::attr_path => (path, _, height) = self.attr_path(part)?,
                Rule::expression => {
                    let value = self.expression(part)?;
                    // Each further name opens a set inside of the one before.
                    let mut inner = value.height;
                    for name in path.iter().skip(1) {
                        inner = self.grown(inner, name.span)?;
                    }
                    height = height.max(inner);
                    self.check_static(path.first(), place)?;
                    return Ok((Binding::Value { path, value: value.expr }, height));
                }
                _ => {}
            }
        }
        unreachable!("a binding has a value")
    }

    fn inherit(&self, pair: Pair<'_, Rule>) -> Result<(Binding, usize), Diagnostic> {
        let mut from = None;
        let mut names = Vec::new();
        let mut height = 0;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::inherit_from => {
                    let node = self.interpolation(part)?;
                    height = node.height;
                    from = Some(node.expr);
                }
                Rule::attr => {
                    let (name, _) = self.attr(part)?;
                    self.check_static(Some(&name), Place::Inherit)?;
                    names.push(name);
                }
                _ => {}
            }
        }
        Ok((Binding::Inherit { from, names }, height))
    }

    /// A `let` and an `inherit` bind names that are known before anything runs.
    fn check_static(&self, name: Option<&AttrName>, place: Place) -> Result<(), Diagnostic> {
        let Some(AttrName { kind: AttrNameKind::Dynamic(_), span }) = name else { return Ok(()) };
        let (keyword, help) = match place {
            Place::Set => return Ok(()),
            Place::Scope => ("a binding", "write the name itself, or make a set: `{ ${name} = …; }`"),
            Place::Let => ("`let`", "write the name itself, or make a set: `{ ${name} = …; }`"),
            Place::Inherit => ("`inherit`", "bind it instead: `${name} = set.${name};`"),
        };
        let message = format!("expected a name in {keyword}, found a computed one");
        Err(self.syntax(message, *span, "computed when it runs").help(help))
    }
}
