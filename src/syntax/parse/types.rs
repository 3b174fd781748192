//! Types as written.
//!
//! What comes in are pairs of a type; what goes out is its tree: `[T] -> { a? : U }?` is a
//! function from a list to an optional record.

use pest::iterators::Pair;

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Name, TypeExpr, TypeExprKind, TypeRest};
use crate::syntax::grammar::Rule;
use crate::syntax::limits::on_enough_stack;
use crate::text::{Span, quoted};

use super::build::{Builder, span_of};
use super::strings::unescape;

/// A type with its height.
pub(super) struct TypeNode {
    pub(super) ty: TypeExpr,
    pub(super) height: usize,
}

/// A field of a record while it is read.
struct Field {
    name: Name,
    span: Span,
    is_quoted: bool,
    optional: bool,
    ty: TypeNode,
}

impl Field {
    /// Whether it stands for any key.
    fn is_wildcard(&self) -> bool {
        &*self.name == "_" && !self.is_quoted
    }
}

impl Builder<'_> {
    /// A type: operands joined by `->`, from the right.
    pub(super) fn type_expression(&self, pair: Pair<'_, Rule>) -> Result<TypeNode, Diagnostic> {
        on_enough_stack(|| self.type_here(pair))
    }

    fn type_here(&self, pair: Pair<'_, Rule>) -> Result<TypeNode, Diagnostic> {
        let mut operands = Vec::with_capacity(1);
        for part in pair.into_inner().filter(|part| part.as_rule() == Rule::type_operand) {
            operands.push(self.type_operand(part)?);
        }
        let Some(mut result) = operands.pop() else { unreachable!("a type has an operand") };
        while let Some(parameter) = operands.pop() {
            let span = parameter.ty.span.to(result.ty.span);
            let height = parameter.height.max(result.height);
            let kind = TypeExprKind::Function(Box::new(parameter.ty), Box::new(result.ty));
            result = self.type_node(kind, span, height)?;
        }
        Ok(result)
    }

    fn type_node(&self, kind: TypeExprKind, span: Span, below: usize) -> Result<TypeNode, Diagnostic> {
        let height = self.grown(below, span)?;
        Ok(TypeNode { ty: TypeExpr { kind, span }, height })
    }

    fn type_operand(&self, pair: Pair<'_, Rule>) -> Result<TypeNode, Diagnostic> {
        let mut parts = pair.into_inner();
        let Some(primary) = parts.next() else { unreachable!("a type operand has a type") };
        let node = self.type_primary(primary)?;
        match parts.next() {
            Some(question) => {
                let span = node.ty.span.to(span_of(&question));
                self.type_node(TypeExprKind::Optional(Box::new(node.ty)), span, node.height)
            }
            None => Ok(node),
        }
    }

    fn type_primary(&self, pair: Pair<'_, Rule>) -> Result<TypeNode, Diagnostic> {
        let span = span_of(&pair);
        match pair.as_rule() {
            Rule::type_word => {
                let name = pair.as_str();
                let is_variable = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
                let kind = if is_variable {
                    TypeExprKind::Variable(name.into())
                } else {
                    TypeExprKind::Name(name.into())
                };
                self.type_node(kind, span, 0)
            }
            Rule::type_list => {
                let element = self.inner_type(pair)?;
                self.type_node(TypeExprKind::List(Box::new(element.ty)), span, element.height)
            }
            Rule::type_record => self.type_record(pair),
            _ => {
                let mut node = self.inner_type(pair)?;
                node.ty.span = span;
                Ok(node)
            }
        }
    }

    fn inner_type(&self, pair: Pair<'_, Rule>) -> Result<TypeNode, Diagnostic> {
        match pair.into_inner().find(|part| part.as_rule() == Rule::type_expression) {
            Some(part) => self.type_expression(part),
            None => unreachable!("brackets around a type have a type"),
        }
    }

    fn type_record(&self, pair: Pair<'_, Rule>) -> Result<TypeNode, Diagnostic> {
        let span = span_of(&pair);
        let mut fields: Vec<Field> = Vec::new();
        let mut open = None;
        for entry in pair.into_inner().filter(|part| part.as_rule() == Rule::type_field) {
            if let Some(open) = open {
                let name = entry.into_inner().next().map_or(open, |name| span_of(&name));
                return Err(self
                    .syntax("expected `}` after `..`, found another field", name, "")
                    .at(self.source, open, "allows all other fields")
                    .help("move `..` to the end of the type"));
            }
            match self.type_field(entry)? {
                Ok(field) => fields.push(field),
                Err(dots) => open = Some(dots),
            }
        }
        let height = fields.iter().map(|field| field.ty.height).max().unwrap_or(0);
        let mut keys = None;
        if let Some(wildcard) = fields.iter().position(Field::is_wildcard) {
            let wildcard = fields.remove(wildcard);
            if open.is_some() || wildcard.optional || fields.iter().any(Field::is_wildcard) {
                return Err(self
                    .syntax(
                        "expected one `_` for all other keys, and no `..` or `?` with it",
                        wildcard.span,
                        "",
                    )
                    .help("write `{ _ : T }` for any keys, or `{ a : T, _ : U }` for others than `a`"));
            }
            let value = Box::new(wildcard.ty.ty);
            if fields.is_empty() {
                return self.type_node(TypeExprKind::Dictionary(value), span, height);
            }
            keys = Some(value);
        }
        let mut names = std::collections::HashMap::new();
        for field in &fields {
            if let Some(first) = names.insert(&field.name, field.span) {
                let message = format!("the type names the field {} twice", quoted(&field.name));
                return Err(Diagnostic::error(Code::DuplicateName, message)
                    .at(self.source, field.span, "named again here")
                    .at(self.source, first, "first named here")
                    .help("remove one of them"));
            }
        }
        let fields = fields.into_iter().map(|field| (field.name, field.optional, field.ty.ty)).collect();
        let rest = match keys {
            Some(value) => TypeRest::Keys(value),
            None if open.is_some() => TypeRest::Open,
            None => TypeRest::Closed,
        };
        self.type_node(TypeExprKind::Record { fields, rest }, span, height)
    }

    /// A field, or the place of `..`.
    fn type_field(&self, pair: Pair<'_, Rule>) -> Result<Result<Field, Span>, Diagnostic> {
        let mut name = None;
        let mut optional = false;
        for part in pair.into_inner() {
            let span = span_of(&part);
            match part.as_rule() {
                Rule::type_open => return Ok(Err(span)),
                Rule::attr_word => name = Some((Name::from(part.as_str()), span, false)),
                Rule::string => {
                    let mut text = String::new();
                    for piece in part.into_inner() {
                        match piece.as_rule() {
                            Rule::string_text => text.push_str(&unescape(piece.as_str())),
                            Rule::interpolation => {
                                let message = "expected a name in a type, found a computed one";
                                return Err(self.syntax(message, span, "").help("write the name itself"));
                            }
                            _ => {}
                        }
                    }
                    name = Some((text.into(), span, true));
                }
                Rule::optional_mark => optional = true,
                Rule::type_expression => {
                    let ty = self.type_expression(part)?;
                    let Some((name, span, is_quoted)) = name else { unreachable!("a field has a name") };
                    return Ok(Ok(Field { name, span, is_quoted, optional, ty }));
                }
                _ => {}
            }
        }
        unreachable!("a field has a type")
    }
}
