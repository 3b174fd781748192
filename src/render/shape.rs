//! The rule of `auto`: the type of a query decides how its answer is written.

use crate::types::{Named, Type};

/// The shapes in which `auto` writes answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The names of machines, one per line.
    Machines,
    /// Text, one per line.
    Lines,
    /// Compact JSON, one value per line.
    Records,
    /// One JSON value.
    Json,
}

/// A row of the rule.
pub struct ShapeRow {
    /// The types it is about, in words.
    pub types: &'static str,
    /// How they are written, in words.
    pub written: &'static str,
    /// How they are written.
    pub shape: Shape,
    /// Whether a terminal shows an aligned table instead.
    pub table: bool,
    applies: fn(&Type) -> bool,
}

/// The rule: the first row that applies.
pub const SHAPES: &[ShapeRow] = &[
    ShapeRow {
        types: "`Filter`, `Machine`, `[Machine]`, `[Filter]`",
        written: "the machines' names, one per line",
        shape: Shape::Machines,
        table: false,
        applies: |ty| is_machine(ty) || element(ty).is_some_and(is_machine),
    },
    ShapeRow {
        types: "`String`, `Path`, `[String]`, `[Path]`",
        written: "as they are, one per line",
        shape: Shape::Lines,
        table: false,
        applies: |ty| is_text(ty) || element(ty).is_some_and(is_text),
    },
    ShapeRow {
        types: "a list of records, of the inventory or others",
        written: "NDJSON: each as JSON on a line of its own; an aligned table on a terminal",
        shape: Shape::Records,
        table: true,
        applies: |ty| element(ty).is_some_and(is_record),
    },
    ShapeRow {
        types: "a record",
        written: "JSON on one line",
        shape: Shape::Records,
        table: false,
        applies: is_record,
    },
    ShapeRow {
        types: "every other type",
        written: "JSON",
        shape: Shape::Json,
        table: false,
        applies: |_| true,
    },
];

/// The row for a type.
pub(super) fn row(ty: &Type) -> Option<&'static ShapeRow> {
    SHAPES.iter().find(|row| (row.applies)(ty))
}

/// The shape for a type.
pub fn shape(ty: &Type) -> Shape {
    row(ty).map_or(Shape::Json, |row| row.shape)
}

/// The type of a list's elements.
pub(super) fn element(ty: &Type) -> Option<&Type> {
    match ty {
        Type::List(element) => Some(element),
        _ => None,
    }
}

fn is_machine(ty: &Type) -> bool {
    matches!(ty, Type::Filter | Type::Named(Named::Machine))
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Path)
}

fn is_record(ty: &Type) -> bool {
    matches!(ty, Type::Record(_) | Type::Named(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Rest;

    #[test]
    fn the_type_decides() {
        let record = Type::record(Vec::new(), Rest::Closed);
        let machine = Type::Named(Named::Machine);
        for (ty, expected) in [
            (Type::Filter, Shape::Machines),
            (Type::list(Type::Filter), Shape::Machines),
            (Type::list(machine.clone()), Shape::Machines),
            (machine.clone(), Shape::Machines),
            (Type::String, Shape::Lines),
            (Type::list(Type::Path), Shape::Lines),
            (record.clone(), Shape::Records),
            (Type::list(record), Shape::Records),
            (Type::list(Type::Named(Named::Placement)), Shape::Records),
            (Type::Named(Named::Cluster), Shape::Records),
            (Type::Int, Shape::Json),
            (Type::Any, Shape::Json),
            (Type::list(Type::Int), Shape::Json),
            (Type::optional(Type::String), Shape::Json),
            (Type::dictionary(Type::Int), Shape::Json),
            (Type::dictionary(machine), Shape::Json),
        ] {
            assert_eq!(shape(&ty), expected, "{ty:?}");
        }
    }
}
