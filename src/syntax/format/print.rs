//! The layout of expressions.
//!
//! What comes in is a tree; what goes out is a document whose text parses to the same tree.
//! Parentheses follow from levels: an expression of a level below what its place asks for gets
//! them.

use crate::syntax::ast::{
    AttrName, AttrNameKind, Binding, Expr, ExprKind, Parameter, Pattern, StringPart, UnaryOperator,
};
use crate::syntax::limits::on_enough_stack;

use super::doc::Doc;
use super::{attr_name, escaped, types};

/// Anything: the place is closed by a bracket, a keyword or `;`.
const ANY: u8 = 0;
/// An operation: heads such as `x:` and `if` need parentheses.
const OPERATION: u8 = 1;
/// What `::` takes.
const ASCRIBED: u8 = 3;
/// What `!` takes without parentheses that help the eye: `!a ? b`, `!f x`.
const NOT_OPERAND: u8 = 13;
/// What `?` takes: `-a ? b` is `(-a) ? b`.
const HAS_ATTR_BASE: u8 = 14;
/// A call.
const APPLICATION: u8 = 15;
/// An argument, a list's element, a default.
const SELECTION: u8 = 16;
/// What a selection takes.
const ATOM: u8 = 18;

/// The layout of a whole expression.
pub(super) fn expression(expr: &Expr) -> Doc {
    at_level(expr, ANY)
}

/// How tightly an expression holds together.
fn level(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Let { .. }
        | ExprKind::If { .. }
        | ExprKind::With { .. }
        | ExprKind::Assert { .. }
        | ExprKind::Lambda { .. } => ANY,
        ExprKind::Ascription { .. } => 2,
        ExprKind::Chain { rest, .. } => rest.first().map_or(ATOM, |(operator, ..)| operator.precedence()),
        ExprKind::Unary { operator, .. } => operator.precedence(),
        ExprKind::HasAttr { .. } => 13,
        ExprKind::Int(number) if *number < 0 => UnaryOperator::Negate.precedence(),
        ExprKind::Apply { .. } => APPLICATION,
        ExprKind::Select { .. } => SELECTION,
        // `1.a` would read as the float `1.`.
        ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Path(_) => 17,
        ExprKind::String(_) | ExprKind::Variable(_) | ExprKind::List(_) | ExprKind::AttrSet { .. } => ATOM,
    }
}

/// The layout where the place asks for `least`.
fn at_level(expr: &Expr, least: u8) -> Doc {
    if level(expr) >= least {
        return bare(expr);
    }
    if absorbs(expr) {
        return Doc::concat(vec![Doc::text("("), bare(expr), Doc::text(")")]);
    }
    let inner = Doc::concat(vec![Doc::soft_line(), bare(expr)]).nest();
    Doc::concat(vec![Doc::text("("), inner, Doc::soft_line(), Doc::text(")")]).group()
}

/// Whether the expression begins on the line of what it belongs to, also when it is broken.
fn absorbs(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::List(_) | ExprKind::AttrSet { .. } | ExprKind::String(_) => true,
        ExprKind::Lambda { .. } => true,
        ExprKind::Apply { arguments, .. } => arguments.last().is_some_and(absorbs),
        _ => false,
    }
}

/// The expression behind `x:` or `name =`: on the same line, or indented on the next.
fn body(expr: &Expr) -> Doc {
    if absorbs(expr) {
        Doc::concat(vec![Doc::text(" "), bare(expr)])
    } else {
        Doc::concat(vec![Doc::line(), bare(expr)]).nest().group()
    }
}

fn bare(expr: &Expr) -> Doc {
    on_enough_stack(|| bare_here(expr))
}

fn bare_here(expr: &Expr) -> Doc {
    match &expr.kind {
        ExprKind::Int(number) => Doc::text(number.to_string()),
        ExprKind::Float(number) => Doc::text(float(*number)),
        ExprKind::String(parts) => Doc::text(string(parts)),
        ExprKind::Path(path) => Doc::text(&**path),
        ExprKind::Variable(name) => Doc::text(&**name),
        ExprKind::List(elements) => {
            bracketed("[", elements.iter().map(|element| at_level(element, SELECTION)).collect(), "]")
        }
        ExprKind::AttrSet { recursive, bindings } => {
            let opener = if *recursive { "rec {" } else { "{" };
            bracketed(opener, bindings.iter().map(binding).collect(), "}")
        }
        ExprKind::Let { bindings, body } => {
            let mut docs = vec![Doc::text("let")];
            let bindings = bindings.iter().flat_map(|bound| [Doc::line(), binding(bound)]).collect();
            docs.push(Doc::concat(bindings).nest());
            docs.extend([Doc::line(), Doc::text("in"), Doc::line(), bare(body)]);
            Doc::concat(docs).group()
        }
        ExprKind::If { .. } => conditional(expr).group(),
        ExprKind::With { scope, body } => scoped("with ", scope, body),
        ExprKind::Assert { condition, body } => scoped("assert ", condition, body),
        ExprKind::Lambda { parameter, body: inner } => {
            let parameter = match parameter {
                Parameter::Name(name, _) => Doc::text(&**name),
                Parameter::Pattern(pattern) => self::pattern(pattern),
            };
            Doc::concat(vec![parameter, Doc::text(":"), body(inner)])
        }
        ExprKind::Apply { function, arguments } => application(function, arguments),
        ExprKind::Select { base, path, default } => {
            let mut docs = vec![at_level(base, ATOM), Doc::text(format!(".{}", attr_path(path)))];
            if let Some(default) = default {
                docs.extend([Doc::text(" or "), at_level(default, SELECTION)]);
            }
            Doc::concat(docs)
        }
        ExprKind::HasAttr { base, path } => {
            Doc::concat(vec![at_level(base, HAS_ATTR_BASE), Doc::text(format!(" ? {}", attr_path(path)))])
        }
        ExprKind::Unary { operator, operand } => {
            let is_run =
                matches!(&operand.kind, ExprKind::Unary { operator: inner, .. } if inner == operator);
            let least = match operator {
                _ if is_run => ANY,
                UnaryOperator::Not => NOT_OPERAND,
                UnaryOperator::Negate => APPLICATION,
            };
            Doc::concat(vec![Doc::text(operator.symbol()), at_level(operand, least)])
        }
        ExprKind::Chain { first, rest } => {
            let least = level(expr) + 1;
            let mut operands = Vec::with_capacity(rest.len() * 3);
            for (operator, _, operand) in rest {
                operands.push(Doc::line());
                operands.push(Doc::text(format!("{} ", operator.symbol())));
                operands.push(operand_doc(operand, least));
            }
            Doc::concat(vec![operand_doc(first, least), Doc::concat(operands).nest()]).group()
        }
        ExprKind::Ascription { value, ty } => Doc::concat(vec![
            at_level(value, ASCRIBED),
            Doc::text(format!(" :: {}", types::type_expression(ty))),
        ]),
    }
}

/// An operand of a chain; `!` reaches over all tighter operators behind it, so it is closed in.
fn operand_doc(operand: &Expr, least: u8) -> Doc {
    at_level(operand, least.max(OPERATION))
}

/// `opener a b closer`, with the closer on a line of its own where it is broken.
fn bracketed(opener: &str, inner: Vec<Doc>, closer: &str) -> Doc {
    if inner.is_empty() {
        return Doc::text(format!("{opener} {closer}"));
    }
    let inner = inner.into_iter().flat_map(|doc| [Doc::line(), doc]).collect();
    Doc::concat(vec![Doc::text(opener), Doc::concat(inner).nest(), Doc::line(), Doc::text(closer)]).group()
}

/// `if c then a else b`, with `else if` on one level.
fn conditional(expr: &Expr) -> Doc {
    let mut docs = Vec::new();
    let mut rest = expr;
    while let ExprKind::If { condition, then, otherwise } = &rest.kind {
        docs.extend([Doc::text("if "), bare(condition), Doc::text(" then")]);
        docs.push(Doc::concat(vec![Doc::line(), bare(then)]).nest());
        docs.extend([Doc::line(), Doc::text("else")]);
        rest = otherwise;
        if matches!(rest.kind, ExprKind::If { .. }) {
            docs.push(Doc::text(" "));
        }
    }
    docs.push(Doc::concat(vec![Doc::line(), bare(rest)]).nest());
    Doc::concat(docs)
}

/// `with e; body`, `assert c; body`
fn scoped(keyword: &str, scope: &Expr, body: &Expr) -> Doc {
    Doc::concat(vec![Doc::text(keyword), bare(scope), Doc::text(";"), Doc::line(), bare(body)]).group()
}

fn application(function: &Expr, arguments: &[Expr]) -> Doc {
    let function = at_level(function, SELECTION);
    let is_hugging = arguments.last().is_some_and(absorbs);
    let mut docs = vec![function];
    let last = arguments.len().saturating_sub(1);
    for (index, argument) in arguments.iter().enumerate() {
        let argument = at_level(argument, SELECTION);
        if is_hugging && index == last {
            // The last argument opens on the line of the call: `map (m: …)`, `f { … }`.
            let before = Doc::concat(docs).nest().group();
            return Doc::concat(vec![before, Doc::text(" "), argument]);
        }
        docs.extend([Doc::line(), argument]);
    }
    Doc::concat(docs).nest().group()
}

fn pattern(pattern: &Pattern) -> Doc {
    let mut entries: Vec<Doc> = Vec::new();
    for field in &pattern.fields {
        entries.push(match &field.default {
            Some(default) => Doc::concat(vec![Doc::text(format!("{} ? ", field.name)), bare(default)]),
            None => Doc::text(&*field.name),
        });
    }
    if pattern.open {
        entries.push(Doc::text("..."));
    }
    let last = entries.len().saturating_sub(1);
    let entries = entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| if index == last { entry } else { Doc::concat(vec![entry, Doc::text(",")]) })
        .collect();
    let braces = bracketed("{", entries, "}");
    match &pattern.whole {
        Some((name, _)) => Doc::concat(vec![braces, Doc::text(format!("@{name}"))]),
        None => braces,
    }
}

fn binding(binding: &Binding) -> Doc {
    match binding {
        Binding::Value { path, value } => {
            Doc::concat(vec![Doc::text(format!("{} =", attr_path(path))), body(value), Doc::text(";")])
        }
        Binding::Inherit { from, names } => {
            let mut docs = vec![Doc::text("inherit")];
            if let Some(from) = from {
                docs.extend([Doc::text(" ("), bare(from), Doc::text(")")]);
            }
            let names = names.iter().flat_map(|name| [Doc::line(), Doc::text(attr(name))]).collect();
            docs.extend([Doc::concat(names).nest(), Doc::text(";")]);
            Doc::concat(docs).group()
        }
    }
}

fn attr_path(path: &[AttrName]) -> String {
    path.iter().map(attr).collect::<Vec<_>>().join(".")
}

fn attr(name: &AttrName) -> String {
    match &name.kind {
        AttrNameKind::Static(name) => attr_name(name),
        AttrNameKind::Dynamic(expr) => match &expr.kind {
            ExprKind::String(parts) => string(parts),
            _ => format!("${{{}}}", bare(expr).print_flat()),
        },
    }
}

fn string(parts: &[StringPart]) -> String {
    let mut text = String::from("\"");
    let last = parts.len().saturating_sub(1);
    for (index, part) in parts.iter().enumerate() {
        match part {
            StringPart::Text(written) => text.push_str(&escaped(written, index < last)),
            StringPart::Interpolation(expr) => {
                text.push_str("${");
                text.push_str(&bare(expr).print_flat());
                text.push('}');
            }
        }
    }
    text.push('"');
    text
}

/// A float in one of Nix's forms, which have a dot before the exponent.
fn float(number: f64) -> String {
    let text = format!("{number:?}");
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
        _ => text,
    }
}
