//! Builtins as what calls of random programs are made from, and types as what values are compared with.

use std::sync::LazyLock;

use invq::builtins;
use invq::types::{Constraint, Field, Record, Rest, Type, TypeVariable, schema};
use serde_json::Value;

/// A builtin as something that can be called: by which name, with what, for what.
pub(super) struct Callable {
    pub(super) name: String,
    pub(super) parameters: Vec<Type>,
    pub(super) result: Type,
    pub(super) constraints: Vec<Constraint>,
}

/// Builtins of which nothing is `Any`, and whose arguments need no names of the inventory.
pub(super) static CALLABLE: LazyLock<Vec<Callable>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for (index, builtin) in builtins::ALL.iter().enumerate() {
        let scheme = builtins::scheme(index as u32);
        let gives_up = ["throw", "abort", "fix", "converge"].contains(&builtin.name);
        let asks = builtin.scopes.contains(&"filters") || !builtin.names.is_empty();
        if asks || gives_up || mentions_any(&scheme.ty) {
            continue;
        }
        let Some(scope) = builtin.scopes.first() else { continue };
        let name = match *scope {
            "nix" | "bare" => builtin.name.to_owned(),
            scope => format!("{scope}.{}", builtin.name),
        };
        let (mut parameters, mut result) = (Vec::new(), scheme.ty);
        while let Type::Function(parameter, rest) = result {
            parameters.push(Type::clone(&parameter));
            result = Type::clone(&rest);
        }
        all.push(Callable { name, parameters, result, constraints: scheme.variables });
    }
    all
});

fn mentions_any(ty: &Type) -> bool {
    match ty {
        Type::Any => true,
        Type::List(inner) | Type::Optional(inner) | Type::Dictionary(inner) => mentions_any(inner),
        Type::Function(parameter, result) => mentions_any(parameter) || mentions_any(result),
        Type::Record(record) => record.fields.iter().any(|field| mentions_any(&field.ty)),
        _ => false,
    }
}

/// Finds what the variables of a result must be for it to be what is needed.
pub(super) fn matches(
    pattern: &Type,
    ty: &Type,
    chosen: &mut [Option<Type>],
    constraints: &[Constraint],
) -> bool {
    match (pattern, ty) {
        (Type::Variable(TypeVariable(index)), ty) => {
            let index = *index as usize;
            match &chosen[index] {
                Some(known) => known == ty,
                None => {
                    chosen[index] = Some(ty.clone());
                    satisfies(constraints[index], ty)
                }
            }
        }
        (Type::List(a), Type::List(b))
        | (Type::Optional(a), Type::Optional(b))
        | (Type::Dictionary(a), Type::Dictionary(b)) => matches(a, b, chosen, constraints),
        (Type::Function(a, b), Type::Function(c, d)) => {
            matches(a, c, chosen, constraints) && matches(b, d, chosen, constraints)
        }
        (Type::Record(a), Type::Record(b)) => {
            let names =
                |record: &Record| record.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
            a.rest == b.rest
                && names(a) == names(b)
                && a.fields.iter().zip(&b.fields).all(|(a, b)| matches(&a.ty, &b.ty, chosen, constraints))
        }
        (a, b) => a == b,
    }
}

pub(super) fn satisfies(constraint: Constraint, ty: &Type) -> bool {
    use Constraint::{Addable, Countable, Data, Keyed, Logical, Number, Ordered, Printable};
    match (constraint, ty) {
        (Constraint::None, _)
        | (Number | Addable | Ordered | Printable | Data, Type::Int | Type::Float)
        | (Addable | Ordered | Printable | Data, Type::String)
        | (Logical, Type::Bool | Type::Filter)
        | (Printable | Data, Type::Bool | Type::Null)
        | (Data, Type::Named(_))
        | (Countable, Type::List(_) | Type::Dictionary(_) | Type::Record(_) | Type::Named(_)) => true,
        (Ordered | Printable | Data, Type::List(inner))
        | (Printable | Data, Type::Optional(inner))
        | (Data, Type::Dictionary(inner)) => satisfies(constraint, inner),
        (Data, Type::Record(record)) => record.fields.iter().all(|field| satisfies(Data, &field.ty)),
        (Keyed, Type::Record(record)) => record.field("key").is_some_and(|key| satisfies(Ordered, &key.ty)),
        _ => false,
    }
}

pub(super) fn substituted(ty: &Type, chosen: &[Option<Type>]) -> Type {
    match ty {
        Type::Variable(TypeVariable(index)) => {
            chosen.get(*index as usize).cloned().flatten().unwrap_or(Type::Int)
        }
        Type::List(inner) => Type::list(substituted(inner, chosen)),
        Type::Optional(inner) => Type::optional(substituted(inner, chosen)),
        Type::Dictionary(inner) => Type::dictionary(substituted(inner, chosen)),
        Type::Function(a, b) => Type::function(substituted(a, chosen), substituted(b, chosen)),
        Type::Record(record) => {
            let fields = record.fields.iter();
            let fields = fields.map(|field| Field { ty: substituted(&field.ty, chosen), ..field.clone() });
            let more = Field { name: "more".into(), ty: Type::Int, optional: false };
            let more = matches!(record.rest, Rest::Open(_)).then_some(more);
            Type::record(fields.chain(more).collect(), Rest::Closed)
        }
        other => other.clone(),
    }
}

/// Whether data is of a type, as far as data can tell.
pub(super) fn is_of(value: &Value, ty: &Type) -> bool {
    match (ty, value) {
        (Type::Int, Value::Number(number)) => number.is_i64(),
        (Type::Float, Value::Number(_))
        | (Type::Bool, Value::Bool(_))
        | (Type::String | Type::Path, Value::String(_))
        | (Type::Null | Type::Optional(_), Value::Null)
        | (Type::Any | Type::Variable(_) | Type::Filter, _) => true,
        (Type::Optional(inner), value) => is_of(value, inner),
        (Type::List(element), Value::Array(items)) => items.iter().all(|item| is_of(item, element)),
        (Type::Dictionary(element), Value::Object(members)) => {
            members.values().all(|value| is_of(value, element))
        }
        (Type::Record(record), Value::Object(members)) => is_record(members, record),
        (Type::Named(named), Value::Object(members)) => is_record(members, &schema::record(*named)),
        _ => false,
    }
}

fn is_record(members: &serde_json::Map<String, Value>, record: &Record) -> bool {
    let known = record.fields.iter().all(|field| match members.get(&*field.name) {
        Some(value) => is_of(value, &field.ty),
        None => field.optional,
    });
    let others = members.iter().filter(|(name, _)| record.field(name).is_none());
    known
        && match &record.rest {
            Rest::Closed => others.count() == 0,
            Rest::Open(_) => true,
            Rest::Keys(element) => others.into_iter().all(|(_, value)| is_of(value, element)),
        }
}
