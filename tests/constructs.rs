//! Every construct of the language stands in a case that is accepted, and has one in which it is refused.
//!
//! The cases are those of `tests/language`. A construct is refused where a mistake is marked in it and in no
//! construct inside of it, or in a part of it.

use std::collections::BTreeSet;

use invq::Engine;
use invq::syntax::ast::{
    AttrName, AttrNameKind, BinaryOperator, Binding, Expr, ExprKind, Parameter, StringPart, UnaryOperator,
};
use invq::syntax::parse;
use invq::text::{Source, Span};

use crate::support::root;

/// The constructs, by what people call them.
const CONSTRUCTS: [&str; 43] = [
    "!",
    "!=",
    "&&",
    "*",
    "+",
    "++",
    "-",
    "->",
    "/",
    "//",
    "::",
    "<",
    "<=",
    "<|",
    "==",
    ">",
    ">=",
    "?",
    "@",
    "assert",
    "attribute set",
    "call",
    "default",
    "dynamic name",
    "float",
    "function",
    "if",
    "inherit",
    "inherit from",
    "integer",
    "interpolation",
    "let",
    "list",
    "minus",
    "nested name",
    "or",
    "pattern",
    "rec",
    "selection",
    "string",
    "with",
    "|>",
    "||",
];

/// The constructs of an expression, with their places.
#[derive(Default)]
struct Found(Vec<(&'static str, Span)>);

impl Found {
    fn of(text: &str) -> Option<Found> {
        let source = Source::new("<query>", text);
        let expr = parse::expression(&source).ok()?;
        let mut found = Found::default();
        found.expr(&expr);
        Some(found)
    }

    /// The innermost constructs around a place: the smallest, and what it is a part of.
    fn around(&self, place: Span) -> BTreeSet<&'static str> {
        let mut around: Vec<(&'static str, Span)> = self
            .0
            .iter()
            .filter(|(_, span)| span.start <= place.start && place.end <= span.end)
            .copied()
            .collect();
        around.sort_by_key(|(_, span)| span.len());
        let sizes: BTreeSet<_> = around.iter().map(|(_, span)| span.len()).take(2).collect();
        around.into_iter().filter(|(_, span)| sizes.contains(&span.len())).map(|(name, _)| name).collect()
    }

    fn all(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        let span = expr.span;
        let mut add = |name| self.0.push((name, span));
        match &expr.kind {
            ExprKind::Int(_) => add("integer"),
            ExprKind::Float(_) => add("float"),
            ExprKind::String(parts) => {
                add("string");
                for part in parts {
                    if let StringPart::Interpolation(inner) = part {
                        self.0.push(("interpolation", inner.span));
                        self.expr(inner);
                    }
                }
            }
            // Names are no constructs, and files are imported by expression files alone.
            ExprKind::Variable(_) | ExprKind::Path(_) => {}
            ExprKind::List(items) => {
                add("list");
                self.all(items);
            }
            ExprKind::AttrSet { recursive, bindings } => {
                add(if *recursive { "rec" } else { "attribute set" });
                self.bindings(bindings);
            }
            ExprKind::Let { bindings, body } => {
                add("let");
                self.bindings(bindings);
                self.expr(body);
            }
            ExprKind::If { condition, then, otherwise } => {
                add("if");
                [condition, then, otherwise].into_iter().for_each(|part| self.expr(part));
            }
            ExprKind::With { scope, body } => {
                add("with");
                [scope, body].into_iter().for_each(|part| self.expr(part));
            }
            ExprKind::Assert { condition, body } => {
                add("assert");
                [condition, body].into_iter().for_each(|part| self.expr(part));
            }
            ExprKind::Lambda { parameter, body } => {
                add("function");
                self.parameter(parameter);
                self.expr(body);
            }
            ExprKind::Apply { function, arguments } => {
                add("call");
                self.expr(function);
                self.all(arguments);
            }
            ExprKind::Select { base, path, default } => {
                add("selection");
                if let Some(default) = default {
                    add("or");
                    self.expr(default);
                }
                self.path(path);
                self.expr(base);
            }
            ExprKind::HasAttr { base, path } => {
                add("?");
                self.path(path);
                self.expr(base);
            }
            ExprKind::Unary { operator, operand } => {
                add(match operator {
                    UnaryOperator::Negate => "minus",
                    UnaryOperator::Not => "!",
                });
                self.expr(operand);
            }
            ExprKind::Chain { first, rest } => {
                for (operator, _, operand) in rest {
                    self.0.push((BinaryOperator::symbol(*operator), span));
                    self.expr(operand);
                }
                self.expr(first);
            }
            ExprKind::Ascription { value, .. } => {
                add("::");
                self.expr(value);
            }
        }
    }

    fn bindings(&mut self, bindings: &[Binding]) {
        for binding in bindings {
            match binding {
                Binding::Value { path, value } => {
                    if let ([first, _, ..], Some(last)) = (path.as_slice(), path.last()) {
                        self.0.push(("nested name", first.span.to(last.span)));
                    }
                    self.path(path);
                    self.expr(value);
                }
                Binding::Inherit { from, names } => {
                    let name = if from.is_some() { "inherit from" } else { "inherit" };
                    self.0.extend(names.iter().map(|inherited| (name, inherited.span)));
                    from.iter().for_each(|from| self.expr(from));
                }
            }
        }
    }

    fn path(&mut self, path: &[AttrName]) {
        for name in path {
            if let AttrNameKind::Dynamic(inner) = &name.kind {
                self.0.push(("dynamic name", name.span));
                self.expr(inner);
            }
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        let Parameter::Pattern(pattern) = parameter else { return };
        self.0.push(("pattern", pattern.span));
        if let Some((_, span)) = &pattern.whole {
            self.0.push(("@", pattern.span.to(*span)));
        }
        for field in &pattern.fields {
            if let Some(default) = &field.default {
                self.0.push(("default", field.span.to(default.span)));
                self.expr(default);
            }
        }
    }
}

/// The cases in a folder.
fn cases(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join("tests/language").join(folder)).expect("there are cases");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let cases = paths.filter(|path| path.extension().is_some_and(|extension| extension == "invq"));
    cases.map(|path| std::fs::read_to_string(path).expect("the case is text").trim_end().to_owned()).collect()
}

fn missing(covered: &BTreeSet<&str>) -> Vec<&'static str> {
    CONSTRUCTS.into_iter().filter(|construct| !covered.contains(construct)).collect()
}

#[test]
fn every_construct_has_a_case_that_is_accepted() {
    let texts = cases("ok");
    let found: Vec<Found> = texts.iter().filter_map(|text| Found::of(text)).collect();
    let covered = found.iter().flat_map(|found| found.0.iter().map(|(name, _)| *name)).collect();
    assert_eq!(missing(&covered), [""; 0]);
}

#[test]
fn every_construct_has_a_case_that_is_refused() {
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let mut covered = BTreeSet::new();
    for text in cases("type-error") {
        let Some(found) = Found::of(&text) else { continue };
        for mistake in engine.compile(&text, &inventory).err().unwrap_or_default() {
            if let Some(label) = mistake.labels.first() {
                covered.extend(found.around(label.span));
            }
        }
    }
    // What can be wrong with `@` is a name that stands twice, which the parser tells.
    assert_eq!(missing(&covered), ["@"]);
}
