//! Types as data.

use std::collections::HashMap;
use std::sync::Arc;

use crate::syntax::ast::{Name, TypeExpr, TypeExprKind, TypeRest};
use crate::syntax::parse;
use crate::text::{Source, Span};

/// A type variable, or a row variable: an index into a [`Table`](super::unify::Table), or into the
/// variables of a [`Scheme`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeVariable(pub u32);

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Data without a schema; goes with every type, and what is assumed of it is checked when it runs.
    Any,
    /// The type of a field that has been removed; no value has it. Stands in open records alone.
    Never,
    /// The type of `null`.
    Null,
    /// `true` and `false`.
    Bool,
    /// 64-bit integers.
    Int,
    /// 64-bit floating point numbers.
    Float,
    /// Text.
    String,
    /// A path to an element of the inventory, as filters give them; every path is also a text.
    Path,
    /// Not known yet, or any type at all.
    Variable(TypeVariable),
    /// `[T]`
    List(Arc<Type>),
    /// `T?`: T or null.
    Optional(Arc<Type>),
    /// `T -> U`
    Function(Arc<Type>, Arc<Type>),
    /// `{ a : T, b? : U }`, closed or open.
    Record(Arc<Record>),
    /// `{ _ : T }`: any keys.
    Dictionary(Arc<Type>),
    /// A record of the inventory.
    Named(Named),
    /// `ClusterName -> ClusterConfig -> [Path]`, with an algebra.
    Filter,
}

/// The fields of an attribute set, in the order in which they were first seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The known fields.
    pub fields: Vec<Field>,
    /// What else there may be.
    pub rest: Rest,
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// Whether it may be missing.
    pub optional: bool,
}

/// What a record holds besides its known fields.
#[derive(Clone, Debug, PartialEq)]
pub enum Rest {
    /// Nothing.
    Closed,
    /// The fields that the row variable stands for.
    Open(TypeVariable),
    /// Any other keys, with values of this type: `{ a : T, _ : U }`.
    Keys(Arc<Type>),
}

/// The records of the inventory; their fields are in [`schema`](super::schema).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Named {
    /// A machine or VM.
    Machine,
    /// A cluster.
    Cluster,
    /// A service: a kind of thing that runs.
    Service,
    /// An instance of a service.
    Instance,
    /// A role of an instance.
    Role,
    /// A machine in a role of an instance, and why.
    Placement,
    /// A set of machines that reach each other.
    Cloud,
    /// A check of the inventory that does not hold.
    Check,
    /// A filter with what it says of one machine; a value, and nothing of the inventory.
    Explanation,
    /// A change of the inventory; a value likewise.
    Edit,
    /// A server of Operations Center.
    Server,
    /// A row of Operations Center's inventory.
    Resource,
}

impl Named {
    /// All of them.
    pub const ALL: [Named; 12] = [
        Named::Machine,
        Named::Cluster,
        Named::Service,
        Named::Instance,
        Named::Role,
        Named::Placement,
        Named::Cloud,
        Named::Check,
        Named::Explanation,
        Named::Edit,
        Named::Server,
        Named::Resource,
    ];

    /// The name as written in types.
    pub fn word(self) -> &'static str {
        match self {
            Named::Machine => "Machine",
            Named::Cluster => "Cluster",
            Named::Service => "Service",
            Named::Instance => "Instance",
            Named::Role => "Role",
            Named::Placement => "Placement",
            Named::Cloud => "Cloud",
            Named::Check => "Check",
            Named::Explanation => "Explanation",
            Named::Edit => "Edit",
            Named::Server => "Server",
            Named::Resource => "Resource",
        }
    }
}

/// Which types a variable may become, where an operator works on several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Constraint {
    /// Every type.
    #[default]
    None,
    /// `Int` or `Float`: `-`, `*`, `/`.
    Number,
    /// `Int`, `Float`, `String` or `Path`: `+`.
    Addable,
    /// `Bool` or `Filter`: `&&`, `||`, `!`.
    Logical,
    /// `Int`, `Float`, `String`, or lists of these: `<`.
    Ordered,
    /// A list or an attribute set: `length`.
    Countable,
    /// What has a text form: null, `Bool`, numbers, `String`, and lists of these: `toString`.
    Printable,
    /// What has no function inside: `toJSON`.
    Data,
    /// An attribute set with an ordered `key`: `genericClosure`.
    Keyed,
}

/// A type with variables that may be chosen anew at each use: the variables are numbered from 0.
#[derive(Clone, Debug)]
pub struct Scheme {
    /// What each of the variables may become.
    pub variables: Vec<Constraint>,
    /// The type; its variables below `variables.len()` are bound here.
    pub ty: Type,
}

impl Scheme {
    /// A type without bound variables.
    pub fn plain(ty: Type) -> Scheme {
        Scheme { variables: Vec::new(), ty }
    }
}

impl Type {
    /// `[element]`
    pub fn list(element: Type) -> Type {
        Type::List(Arc::new(element))
    }

    /// `ty?`, where `Any`, `Null` and `T?` already allow null.
    pub fn optional(ty: Type) -> Type {
        match ty {
            Type::Any | Type::Null | Type::Optional(_) => ty,
            other => Type::Optional(Arc::new(other)),
        }
    }

    /// `parameter -> result`
    pub fn function(parameter: Type, result: Type) -> Type {
        Type::Function(Arc::new(parameter), Arc::new(result))
    }

    /// `{ _ : value }`
    pub fn dictionary(value: Type) -> Type {
        Type::Dictionary(Arc::new(value))
    }

    /// A record.
    pub fn record(fields: Vec<Field>, rest: Rest) -> Type {
        Type::Record(Arc::new(Record { fields, rest }))
    }
}

impl Record {
    /// The known fields by their names, for looking up many.
    pub fn by_name(&self) -> ByName<'_> {
        const FEW: usize = 16;
        let names = (self.fields.len() > FEW)
            .then(|| self.fields.iter().rev().map(|field| (&*field.name, field)).collect());
        ByName { fields: &self.fields, names }
    }

    /// Whether it is the type of `{ }`.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.rest == Rest::Closed
    }

    /// The known field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| &*field.name == name)
    }
}

/// The fields of a record by their names.
pub struct ByName<'r> {
    fields: &'r [Field],
    /// Nothing where there are few.
    names: Option<HashMap<&'r str, &'r Field>>,
}

impl<'r> ByName<'r> {
    /// The field of this name.
    pub fn get(&self, name: &str) -> Option<&'r Field> {
        match &self.names {
            Some(names) => names.get(name).copied(),
            None => self.fields.iter().find(|field| &*field.name == name),
        }
    }
}

/// A type name that is none, with its place.
#[derive(Debug)]
pub struct UnknownType {
    /// What was written.
    pub name: Name,
    /// Where.
    pub span: Span,
}

/// The type that a text of the program's own says. What cannot be read is `Any`; tests hold that everything can.
pub fn from_own_text(text: &str) -> Scheme {
    parse::type_expression(&Source::new("<type>", text))
        .ok()
        .and_then(|expression| from_expression(&expression).ok())
        .unwrap_or_else(|| Scheme::plain(Type::Any))
}

/// Reads a written type; its variables are numbered in the order in which they first stand there,
/// open rows after the named ones.
///
/// # Errors
/// A capitalised name that is no type.
pub fn from_expression(expression: &TypeExpr) -> Result<Scheme, UnknownType> {
    from_expression_with(expression, &[])
}

/// As [`from_expression`], with types that have names of their own.
///
/// # Errors
/// As there.
pub fn from_expression_with(expression: &TypeExpr, types: &[(Name, Type)]) -> Result<Scheme, UnknownType> {
    let mut reader = Reader { types, names: Vec::new(), variables: Vec::new() };
    let ty = reader.read(expression)?;
    Ok(Scheme { variables: reader.variables, ty })
}

/// Types that have no parts, and that are no records of the inventory.
const PLAIN_TYPES: [(&str, Type); 9] = [
    ("Any", Type::Any),
    ("Null", Type::Null),
    ("Bool", Type::Bool),
    ("Int", Type::Int),
    ("Float", Type::Float),
    ("String", Type::String),
    ("Path", Type::Path),
    ("Filter", Type::Filter),
    ("ClusterConfig", Type::Any),
];

/// Whether the language has a type of this name.
pub fn is_type_name(name: &str) -> bool {
    plain_type_names().chain(Named::ALL.into_iter().map(Named::word)).any(|known| known == name)
}

/// The names of types that are no records of the inventory.
pub fn plain_type_names() -> impl Iterator<Item = &'static str> {
    PLAIN_TYPES.iter().map(|(name, _)| *name)
}

struct Reader<'t> {
    types: &'t [(Name, Type)],
    names: Vec<(Name, TypeVariable)>,
    variables: Vec<Constraint>,
}

impl Reader<'_> {
    fn fresh(&mut self, constraint: Constraint) -> TypeVariable {
        self.variables.push(constraint);
        TypeVariable(self.variables.len() as u32 - 1)
    }

    fn read(&mut self, expression: &TypeExpr) -> Result<Type, UnknownType> {
        Ok(match &expression.kind {
            TypeExprKind::Name(name) => {
                let plain = PLAIN_TYPES.iter().find(|(word, _)| **word == **name).map(|(_, ty)| ty);
                let named = Named::ALL.into_iter().find(|named| named.word() == &**name);
                let own = self.types.iter().find(|(known, _)| known == name).map(|(_, ty)| ty);
                match (plain.or(own), named) {
                    (Some(ty), _) => ty.clone(),
                    (None, Some(named)) => Type::Named(named),
                    (None, None) => return Err(UnknownType { name: name.clone(), span: expression.span }),
                }
            }
            TypeExprKind::Variable(name) => {
                if let Some((_, variable)) = self.names.iter().find(|(known, _)| known == name) {
                    return Ok(Type::Variable(*variable));
                }
                // Variables of builtin signatures say by their name what they may become.
                let constraint = match &**name {
                    "number" => Constraint::Number,
                    "addable" => Constraint::Addable,
                    "logical" => Constraint::Logical,
                    "ordered" => Constraint::Ordered,
                    "countable" => Constraint::Countable,
                    "printable" => Constraint::Printable,
                    "data" => Constraint::Data,
                    "keyed" => Constraint::Keyed,
                    _ => Constraint::None,
                };
                let variable = self.fresh(constraint);
                self.names.push((name.clone(), variable));
                Type::Variable(variable)
            }
            TypeExprKind::List(element) => Type::list(self.read(element)?),
            TypeExprKind::Optional(inner) => Type::optional(self.read(inner)?),
            TypeExprKind::Function(parameter, result) => {
                Type::function(self.read(parameter)?, self.read(result)?)
            }
            TypeExprKind::Dictionary(value) => Type::dictionary(self.read(value)?),
            TypeExprKind::Record { fields, rest } => {
                let mut read = Vec::with_capacity(fields.len());
                for (name, optional, ty) in fields {
                    read.push(Field { name: name.clone(), ty: self.read(ty)?, optional: *optional });
                }
                let rest = match rest {
                    TypeRest::Closed => Rest::Closed,
                    TypeRest::Open => Rest::Open(self.fresh(Constraint::None)),
                    TypeRest::Keys(value) => Rest::Keys(Arc::new(self.read(value)?)),
                };
                Type::record(read, rest)
            }
        })
    }
}
