//! How types print.

use std::collections::HashMap;
use std::fmt::Write;

use super::{Rest, Type, TypeVariable};

/// Prints types; one printer gives the same letters to the same variables.
#[derive(Default)]
pub struct Printer {
    /// The numbers of their letters.
    variables: HashMap<TypeVariable, usize>,
}

/// Where a type stands, which decides whether it needs parentheses.
#[derive(Clone, Copy, PartialEq)]
enum Position {
    Whole,
    Parameter,
    Operand,
}

impl Printer {
    /// The type as text. Variables are `a`, `b`, … in the order in which they first stand there.
    pub fn print(&mut self, ty: &Type) -> String {
        let mut text = String::new();
        self.write(&mut text, ty, Position::Whole);
        text
    }

    fn letter(&mut self, variable: TypeVariable) -> String {
        let next = self.variables.len();
        let index = *self.variables.entry(variable).or_insert(next);
        let letter = char::from(b'a' + (index % 26) as u8);
        if index < 26 { letter.to_string() } else { format!("{letter}{}", index / 26) }
    }

    fn write(&mut self, out: &mut String, ty: &Type, position: Position) {
        match ty {
            Type::Any => out.push_str("Any"),
            Type::Never => out.push_str("Never"),
            Type::Null => out.push_str("Null"),
            Type::Bool => out.push_str("Bool"),
            Type::Int => out.push_str("Int"),
            Type::Float => out.push_str("Float"),
            Type::String => out.push_str("String"),
            Type::Path => out.push_str("Path"),
            Type::Filter => out.push_str("Filter"),
            Type::Named(named) => out.push_str(named.word()),
            Type::Variable(variable) => out.push_str(&self.letter(*variable)),
            Type::List(element) => {
                out.push('[');
                self.write(out, element, Position::Whole);
                out.push(']');
            }
            Type::Optional(inner) => {
                self.write(out, inner, Position::Operand);
                out.push('?');
            }
            Type::Function(parameter, result) => {
                if position != Position::Whole {
                    out.push('(');
                }
                self.write(out, parameter, Position::Parameter);
                out.push_str(" -> ");
                self.write(out, result, Position::Whole);
                if position != Position::Whole {
                    out.push(')');
                }
            }
            Type::Dictionary(value) => {
                out.push_str("{ _ : ");
                self.write(out, value, Position::Whole);
                out.push_str(" }");
            }
            Type::Record(record) => {
                let mut separator = "{ ";
                for field in record.fields.iter().filter(|field| field.ty != Type::Never) {
                    let mark = if field.optional { "?" } else { "" };
                    let _ =
                        write!(out, "{separator}{}{mark} : ", crate::syntax::format::attr_name(&field.name));
                    self.write(out, &field.ty, Position::Whole);
                    separator = ", ";
                }
                match &record.rest {
                    Rest::Closed => {}
                    Rest::Open(_) => {
                        out.push_str(separator);
                        out.push_str("..");
                        separator = ", ";
                    }
                    Rest::Keys(value) => {
                        out.push_str(separator);
                        out.push_str("_ : ");
                        self.write(out, value, Position::Whole);
                        separator = ", ";
                    }
                }
                out.push_str(if separator == "{ " { "{ }" } else { " }" });
            }
        }
    }
}
