//! The text of types.
//!
//! What comes in is the tree of a type; what goes out is its text on one line, such as
//! `(a -> b) -> [a] -> { name : String, .. }?`.

use crate::syntax::ast::{TypeExpr, TypeExprKind, TypeRest};

use super::attr_name;

/// The text of a type.
pub(super) fn type_expression(ty: &TypeExpr) -> String {
    let mut text = String::new();
    write_type(&mut text, ty, Place::Anywhere);
    text
}

/// Where a type stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    Parameter,
    BeforeQuestion,
}

fn write_type(text: &mut String, ty: &TypeExpr, place: Place) {
    let needs_parentheses = match &ty.kind {
        TypeExprKind::Function(..) => place != Place::Anywhere,
        TypeExprKind::Optional(_) => place == Place::BeforeQuestion,
        _ => false,
    };
    if needs_parentheses {
        text.push('(');
    }
    match &ty.kind {
        TypeExprKind::Name(name) | TypeExprKind::Variable(name) => text.push_str(name),
        TypeExprKind::List(element) => {
            text.push('[');
            write_type(text, element, Place::Anywhere);
            text.push(']');
        }
        TypeExprKind::Optional(inner) => {
            write_type(text, inner, Place::BeforeQuestion);
            text.push('?');
        }
        TypeExprKind::Function(parameter, result) => {
            write_type(text, parameter, Place::Parameter);
            text.push_str(" -> ");
            write_type(text, result, Place::Anywhere);
        }
        TypeExprKind::Record { fields, rest } => {
            text.push('{');
            for (index, (name, optional, ty)) in fields.iter().enumerate() {
                text.push_str(if index == 0 { " " } else { ", " });
                // A bare `_` would make the record a dictionary.
                let name = if &**name == "_" { "\"_\"".to_owned() } else { attr_name(name) };
                text.push_str(&name);
                text.push_str(if *optional { "? : " } else { " : " });
                write_type(text, ty, Place::Anywhere);
            }
            let separator = if fields.is_empty() { " " } else { ", " };
            match rest {
                TypeRest::Closed => {}
                TypeRest::Open => {
                    text.push_str(separator);
                    text.push_str("..");
                }
                TypeRest::Keys(value) => {
                    text.push_str(separator);
                    text.push_str("_ : ");
                    write_type(text, value, Place::Anywhere);
                }
            }
            text.push_str(" }");
        }
        TypeExprKind::Dictionary(value) => {
            text.push_str("{ _ : ");
            write_type(text, value, Place::Anywhere);
            text.push_str(" }");
        }
    }
    if needs_parentheses {
        text.push(')');
    }
}
