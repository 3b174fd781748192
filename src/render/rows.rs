//! Rows and columns out of records, and CSV.

use std::collections::HashSet;
use std::io::{self, Write};

use serde_json::{Map, Value};

use super::shape::element;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::Name;
use crate::types::{Record, Type, schema};

/// Records as rows of a table.
pub(super) struct Rows<'d> {
    /// The columns: the fields that the type knows, in its order, then others as records first have them.
    pub(super) columns: Vec<String>,
    /// A cell for each column; nothing where the record does not have it.
    pub(super) rows: Vec<Vec<Option<Cell<'d>>>>,
}

/// What is in a cell.
pub(super) enum Cell<'d> {
    /// The key of a dictionary's entry.
    Key(&'d str),
    /// A part of the answer.
    Data(&'d Value),
}

impl<'d> Rows<'d> {
    /// The rows of an answer: a list of records, one record, or a dictionary, whose keys become the
    /// first column.
    ///
    /// # Errors
    /// An answer that has no records.
    pub(super) fn of(data: &'d Value, ty: &Type, format: &str) -> Result<Rows<'d>, Box<Diagnostic>> {
        match (data, ty) {
            (Value::Object(entries), Type::Dictionary(of)) => Ok(Rows::of_dictionary(entries, of)),
            (Value::Object(record), _) => Ok(Rows::of_records(vec![record], &fields(ty))),
            (Value::Array(items), _) => {
                let records: Option<Vec<&Map<String, Value>>> = items.iter().map(Value::as_object).collect();
                match records {
                    Some(records) => {
                        Ok(Rows::of_records(records, &element(ty).map_or_else(Vec::new, fields)))
                    }
                    None => Err(Box::new(unsuitable(format, "records"))),
                }
            }
            _ => Err(Box::new(unsuitable(format, "records"))),
        }
    }

    fn of_records(records: Vec<&'d Map<String, Value>>, known: &[Name]) -> Rows<'d> {
        let columns = Columns::of(&records, known);
        let rows = records
            .iter()
            .map(|record| columns.names.iter().map(|name| record.get(name).map(Cell::Data)).collect())
            .collect();
        Rows { columns: columns.names, rows }
    }

    fn of_dictionary(entries: &'d Map<String, Value>, of: &Type) -> Rows<'d> {
        let records: Option<Vec<&Map<String, Value>>> = entries.values().map(Value::as_object).collect();
        let all_records = records.is_some() && !matches!(of, Type::Dictionary(_));
        let columns = Columns::of(&records.filter(|_| all_records).unwrap_or_default(), &fields(of));
        let rows = entries
            .iter()
            .map(|(key, value)| {
                let mut row = vec![Some(Cell::Key(key))];
                match value.as_object().filter(|_| all_records) {
                    Some(record) => {
                        row.extend(columns.names.iter().map(|name| record.get(name).map(Cell::Data)));
                    }
                    None => row.push(Some(Cell::Data(value))),
                }
                row
            })
            .collect();
        let mut names = vec!["key".to_owned()];
        if all_records {
            names.extend(columns.names);
        } else {
            names.push("value".to_owned());
        }
        Rows { columns: names, rows }
    }

    /// Writes the rows as CSV, with a header; nothing where there is neither a column nor a row.
    pub(super) fn write_csv(&self, delimiter: u8, out: &mut dyn Write) -> io::Result<()> {
        if self.columns.is_empty() && self.rows.is_empty() {
            return Ok(());
        }
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            let cells = row.iter().map(|cell| cell.as_ref().map_or(String::new(), Cell::plain));
            writer.write_record(cells)?;
        }
        writer.flush()
    }
}

impl Cell<'_> {
    /// The text of a cell: null is nothing, texts are as they are, nested values are compact JSON.
    pub(super) fn plain(&self) -> String {
        match self {
            Cell::Key(key) => (*key).to_owned(),
            Cell::Data(Value::Null) => String::new(),
            Cell::Data(Value::String(text)) => text.clone(),
            Cell::Data(value) => value.to_string(),
        }
    }
}

/// The names of columns, each once, in the order of first use.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    seen: HashSet<String>,
}

impl Columns {
    /// The columns of records; where there is none, the type still tells them.
    fn of(records: &[&Map<String, Value>], known: &[Name]) -> Columns {
        let mut columns = Columns::default();
        for name in known {
            if records.is_empty() || records.iter().any(|record| record.contains_key(&**name)) {
                columns.add(name);
            }
        }
        for record in records {
            for name in record.keys() {
                columns.add(name);
            }
        }
        columns
    }

    fn add(&mut self, name: &str) {
        if !self.seen.contains(name) {
            self.seen.insert(name.to_owned());
            self.names.push(name.to_owned());
        }
    }
}

/// The fields of a record, as far as its type tells them.
fn fields(ty: &Type) -> Vec<Name> {
    let names = |record: &Record| record.fields.iter().map(|field| field.name.clone()).collect();
    match ty {
        Type::Record(record) => names(record),
        Type::Named(named) => names(&schema::record(*named)),
        _ => Vec::new(),
    }
}

/// An answer does not fit a format.
pub(super) fn unsuitable(format: &str, needs: &str) -> Diagnostic {
    let message = format!("`{format}` needs {needs}, and the answer is something else");
    Diagnostic::error(Code::UnsuitableFormat, message).help("`-o json` writes every answer")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::types::{Field, Rest};

    fn csv(data: &Value, ty: &Type) -> Result<String, Code> {
        let rows = Rows::of(data, ty, "csv").map_err(|diagnostic| diagnostic.code)?;
        let mut out = Vec::new();
        rows.write_csv(b',', &mut out).expect("a vector takes everything");
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    #[test]
    fn the_header_is_the_union_of_keys() {
        let data = json!([{ "b": 1, "a": "x,y" }, { "c": [1, "z"], "b": null }]);
        let expected = "b,a,c\n1,\"x,y\",\n,,\"[1,\"\"z\"\"]\"\n";
        assert_eq!(csv(&data, &Type::list(Type::Any)), Ok(expected.to_owned()));
    }

    #[test]
    fn no_records_still_have_a_header_when_the_type_tells_it() {
        let field = Field { name: "a".into(), ty: Type::Int, optional: false };
        let ty = Type::list(Type::record(vec![field], Rest::Closed));
        assert_eq!(csv(&json!([]), &ty), Ok("a\n".to_owned()));
    }

    #[test]
    fn the_type_orders_the_columns() {
        let field = |name: &str| Field { name: name.into(), ty: Type::Int, optional: true };
        let ty = Type::list(Type::record(vec![field("z"), field("never"), field("a")], Rest::Closed));
        assert_eq!(csv(&json!([{ "a": 1, "z": 2 }]), &ty), Ok("z,a\n2,1\n".to_owned()));
    }

    #[test]
    fn keys_of_a_dictionary_are_a_column() {
        let ty = Type::dictionary(Type::Int);
        assert_eq!(csv(&json!({ "lab": 1 }), &ty), Ok("key,value\nlab,1\n".to_owned()));
        let ty = Type::dictionary(Type::Any);
        assert_eq!(csv(&json!({ "lab": { "a": 1 } }), &ty), Ok("key,a\nlab,1\n".to_owned()));
    }

    #[test]
    fn other_answers_are_refused() {
        assert_eq!(csv(&json!(1), &Type::Int), Err(Code::UnsuitableFormat));
        assert_eq!(csv(&json!([1]), &Type::list(Type::Int)), Err(Code::UnsuitableFormat));
    }
}
