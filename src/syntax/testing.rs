//! What the tests of this layer share: trees without places, and random trees.

#![allow(clippy::panic, clippy::indexing_slicing)]

use std::fmt::Debug;
use std::sync::Arc;

use proptest::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

use super::ast::{
    Associativity, AttrName, AttrNameKind, BinaryOperator, Binding, Expr, ExprKind, Name, Parameter, Pattern,
    PatternField, StringPart, TypeExpr, TypeExprKind, TypeRest, UnaryOperator,
};
use super::parse;

/// A tree as text without its places: two trees are the same if these are equal.
pub(super) fn without_spans(tree: &impl Debug) -> String {
    let text = format!("{tree:?}");
    let mut pieces = text.split("Span { start: ");
    let mut plain = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        plain.push('_');
        plain.push_str(piece.split_once('}').map_or("", |(_, rest)| rest));
    }
    plain
}

/// The tree of a text that is right.
pub(super) fn parsed(text: &str) -> Expr {
    match parse::expression(&Source::new("<query>", text)) {
        Ok(expr) => expr,
        Err(diagnostic) => panic!("{text}\n{}", shown(&diagnostic)),
    }
}

/// The mistake in a text that is wrong.
pub(super) fn refused(text: &str) -> Diagnostic {
    match parse::expression(&Source::new("<query>", text)) {
        Ok(expr) => panic!("{text} is accepted: {expr:?}"),
        Err(diagnostic) => diagnostic,
    }
}

/// A diagnostic as its code and message, then its labels under their lines, then its help.
pub(super) fn shown(diagnostic: &Diagnostic) -> String {
    let mut text = format!("[{}] {}", diagnostic.code.word(), diagnostic.message);
    for label in &diagnostic.labels {
        let position = label.source.position(label.span.start);
        let covered = label.source.slice(label.span);
        text.push_str(&format!("\n  {}:{} `{covered}`", position.line, position.column));
        if !label.message.is_empty() {
            text.push_str(&format!(": {}", label.message));
        }
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("\n  help: {help}"));
    }
    text
}

fn at<T>(kind: T) -> (T, Span) {
    (kind, Span::default())
}

fn expr(kind: ExprKind) -> Expr {
    let (kind, span) = at(kind);
    Expr { kind, span }
}

const OPERATORS: [BinaryOperator; 17] = [
    BinaryOperator::Concat,
    BinaryOperator::Multiply,
    BinaryOperator::Divide,
    BinaryOperator::Add,
    BinaryOperator::Subtract,
    BinaryOperator::Update,
    BinaryOperator::Less,
    BinaryOperator::LessOrEqual,
    BinaryOperator::Greater,
    BinaryOperator::GreaterOrEqual,
    BinaryOperator::Equal,
    BinaryOperator::NotEqual,
    BinaryOperator::And,
    BinaryOperator::Or,
    BinaryOperator::Implies,
    BinaryOperator::PipeForward,
    BinaryOperator::PipeBackward,
];

/// All infix operators.
pub(super) fn operators() -> [BinaryOperator; 17] {
    OPERATORS
}

fn name() -> impl Strategy<Value = Name> {
    "[a-zA-Z_][a-zA-Z0-9_'-]{0,3}"
        .prop_filter("no keyword", |name| !super::lex::KEYWORDS.contains(&name.as_str()))
        .prop_map(Name::from)
}

/// Text of characters that strings treat specially.
fn text() -> impl Strategy<Value = Name> {
    "[a-c '\"$\\\\{}\n\r\té\u{1b}]{1,6}".prop_map(Name::from)
}

fn attr(inner: impl Strategy<Value = Expr> + 'static) -> BoxedStrategy<AttrName> {
    let dynamic = inner.prop_filter_map("a plain string is a static name", |inner| {
        let is_static = match &inner.kind {
            ExprKind::String(parts) => !parts.iter().any(|part| matches!(part, StringPart::Interpolation(_))),
            _ => false,
        };
        (!is_static).then(|| AttrNameKind::Dynamic(Box::new(inner)))
    });
    prop_oneof![4 => static_attr(), 1 => dynamic.prop_map(|kind| AttrName { kind, span: Span::default() })]
        .boxed()
}

fn static_attr() -> BoxedStrategy<AttrName> {
    prop_oneof![name(), text(), Just(Name::from("or")), Just(Name::from("in")), Just(Name::from(""))]
        .prop_map(|name| AttrName { kind: AttrNameKind::Static(name), span: Span::default() })
        .boxed()
}

fn binding(inner: BoxedStrategy<Expr>, first_is_static: bool) -> BoxedStrategy<Binding> {
    let first = if first_is_static { static_attr() } else { attr(inner.clone()) };
    let value = (first, prop::collection::vec(attr(inner.clone()), 0..2), inner.clone()).prop_map(
        |(first, more, value)| {
            let mut path = vec![first];
            path.extend(more);
            Binding::Value { path, value }
        },
    );
    let inherit = (prop::option::of(inner), prop::collection::vec(static_attr(), 0..3))
        .prop_map(|(from, names)| Binding::Inherit { from, names });
    prop_oneof![3 => value, 1 => inherit].boxed()
}

fn parameter(inner: BoxedStrategy<Expr>) -> BoxedStrategy<Parameter> {
    let fields = prop::collection::btree_map(name(), prop::option::of(inner), 0..3);
    let pattern = (fields, any::<bool>(), prop::option::of(name())).prop_map(|(fields, open, whole)| {
        let whole = whole.filter(|whole| !fields.contains_key(whole)).map(at);
        let fields = fields
            .into_iter()
            .map(|(name, default)| PatternField { name, span: Span::default(), default })
            .collect();
        Parameter::Pattern(Pattern { fields, open, whole, span: Span::default() })
    });
    prop_oneof![name().prop_map(|name| Parameter::Name(name, Span::default())), pattern].boxed()
}

fn string(inner: BoxedStrategy<Expr>) -> BoxedStrategy<ExprKind> {
    prop::collection::vec(
        prop_oneof![text().prop_map(StringPart::Text), inner.prop_map(StringPart::Interpolation)],
        0..4,
    )
    .prop_map(|mut parts| {
        parts.dedup_by(|next, last| matches!((next, last), (StringPart::Text(_), StringPart::Text(_))));
        ExprKind::String(parts)
    })
    .boxed()
}

fn chain(inner: BoxedStrategy<Expr>) -> BoxedStrategy<ExprKind> {
    (0..OPERATORS.len(), inner.clone(), prop::collection::vec((any::<prop::sample::Index>(), inner), 1..4))
        .prop_map(|(index, first, operands)| {
            let operator = OPERATORS[index];
            let same: Vec<BinaryOperator> = OPERATORS
                .into_iter()
                .filter(|other| {
                    (other.precedence(), other.associativity())
                        == (operator.precedence(), operator.associativity())
                })
                .collect();
            let mut rest: Vec<(BinaryOperator, Span, Expr)> = operands
                .into_iter()
                .map(|(choice, operand)| (*choice.get(&same), Span::default(), operand))
                .collect();
            if operator.associativity() == Associativity::None {
                rest.truncate(1);
            }
            ExprKind::Chain { first: Box::new(first), rest }
        })
        .boxed()
}

/// Any type that a text can have.
pub(super) fn any_type() -> BoxedStrategy<TypeExpr> {
    let ty = |kind| TypeExpr { kind, span: Span::default() };
    let leaf = prop_oneof![
        "[A-Z][a-z]{0,3}".prop_map(|name| TypeExprKind::Name(name.into())),
        "[a-z]".prop_map(|name| TypeExprKind::Variable(name.into())),
    ]
    .prop_map(ty);
    leaf.prop_recursive(4, 16, 3, move |inner| {
        let fields = prop::collection::btree_map(
            prop_oneof![name(), text(), Just(Name::from("_"))],
            (any::<bool>(), inner.clone()),
            0..3,
        );
        prop_oneof![
            inner.clone().prop_map(|inner| TypeExprKind::List(Box::new(inner))),
            inner.clone().prop_map(|inner| TypeExprKind::Optional(Box::new(inner))),
            inner.clone().prop_map(|inner| TypeExprKind::Dictionary(Box::new(inner))),
            (inner.clone(), inner.clone())
                .prop_map(|(from, to)| TypeExprKind::Function(Box::new(from), Box::new(to))),
            (fields, 0..3, inner).prop_map(|(fields, rest, keys)| {
                let fields: Vec<_> =
                    fields.into_iter().map(|(name, (optional, ty))| (name, optional, ty)).collect();
                let rest = match rest {
                    0 => TypeRest::Closed,
                    // Without fields, any keys are a dictionary.
                    1 if !fields.is_empty() => TypeRest::Keys(Box::new(keys)),
                    _ => TypeRest::Open,
                };
                TypeExprKind::Record { fields, rest }
            }),
        ]
        .prop_map(ty)
    })
    .boxed()
}

/// Any expression that a text can have.
pub(super) fn any_expression() -> BoxedStrategy<Expr> {
    let leaf = prop_oneof![
        (0..=i64::MAX).prop_map(ExprKind::Int),
        prop::num::f64::POSITIVE.prop_filter("finite", |number| number.is_finite()).prop_map(ExprKind::Float),
        (0.0..1e6).prop_map(ExprKind::Float),
        text().prop_map(|text| ExprKind::String(vec![StringPart::Text(text)])),
        name().prop_map(ExprKind::Variable),
        Just(ExprKind::List(Vec::new())),
    ]
    .prop_map(expr);
    leaf.prop_recursive(5, 48, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let path = || prop::collection::vec(attr(inner.clone()), 1..3);
        let arguments = prop::collection::vec(inner.clone(), 1..3);
        let bindings = |is_let| prop::collection::vec(binding(inner.clone(), is_let), 0..3);
        prop_oneof![
            string(inner.clone()),
            Just(ExprKind::Apply {
                function: Box::new(expr(ExprKind::Variable("import".into()))),
                arguments: vec![expr(ExprKind::Path("./lib/a-1.invq".into()))],
            }),
            prop::collection::vec(inner.clone(), 0..3).prop_map(ExprKind::List),
            (any::<bool>(), bindings(false))
                .prop_map(|(recursive, bindings)| ExprKind::AttrSet { recursive, bindings }),
            (bindings(true), boxed()).prop_map(|(bindings, body)| ExprKind::Let { bindings, body }),
            (boxed(), boxed(), boxed()).prop_map(|(condition, then, otherwise)| ExprKind::If {
                condition,
                then,
                otherwise
            }),
            (boxed(), boxed()).prop_map(|(scope, body)| ExprKind::With { scope, body }),
            (boxed(), boxed()).prop_map(|(condition, body)| ExprKind::Assert { condition, body }),
            (parameter(inner.clone()), boxed())
                .prop_map(|(parameter, body)| ExprKind::Lambda { parameter, body }),
            (boxed(), arguments).prop_map(|(function, arguments)| ExprKind::Apply { function, arguments }),
            (boxed(), path(), prop::option::of(boxed())).prop_map(|(base, path, default)| ExprKind::Select {
                base,
                path,
                default
            }),
            (boxed(), path()).prop_map(|(base, path)| ExprKind::HasAttr { base, path }),
            (any::<bool>(), boxed()).prop_map(|(not, operand)| ExprKind::Unary {
                operator: if not { UnaryOperator::Not } else { UnaryOperator::Negate },
                operand,
            }),
            chain(inner.clone()),
            chain(inner.clone()),
            (boxed(), any_type()).prop_map(|(value, ty)| ExprKind::Ascription { value, ty }),
        ]
        .prop_map(expr)
    })
    .boxed()
}

/// A source named as queries are.
pub(super) fn source(text: &str) -> Arc<Source> {
    Source::new("<query>", text)
}
