//! Rows and columns out of records, and CSV.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::shape::element;
use crate::diagnostic::{Code, Diagnostic};
use crate::types::{Record, Type, schema};

/// Records as rows of a table.
pub(super) struct Rows<'d> {
    /// The columns, in the order in which records first have them.
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
            (Value::Object(entries), Type::Dictionary(_)) => Ok(Rows::of_dictionary(entries)),
            (Value::Object(record), _) => Ok(Rows::of_records(vec![record], &[])),
            (Value::Array(items), _) => {
                let records: Option<Vec<&Map<String, Value>>> = items.iter().map(Value::as_object).collect();
                match records {
                    Some(records) => Ok(Rows::of_records(records, &known_columns(ty))),
                    None => Err(Box::new(unsuitable(format, "records"))),
                }
            }
            _ => Err(Box::new(unsuitable(format, "records"))),
        }
    }

    fn of_records(records: Vec<&'d Map<String, Value>>, known: &[String]) -> Rows<'d> {
        let mut columns = Columns::default();
        for record in &records {
            for name in record.keys() {
                columns.number(name);
            }
        }
        // Without a record the type still tells the header.
        if records.is_empty() {
            for name in known {
                columns.number(name);
            }
        }
        let rows = records
            .iter()
            .map(|record| columns.names.iter().map(|name| record.get(name).map(Cell::Data)).collect())
            .collect();
        Rows { columns: columns.names, rows }
    }

    fn of_dictionary(entries: &'d Map<String, Value>) -> Rows<'d> {
        let mut columns = Columns::default();
        let all_records = entries.values().all(Value::is_object);
        for record in entries.values().filter_map(Value::as_object).filter(|_| all_records) {
            for name in record.keys() {
                columns.number(name);
            }
        }
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

    /// Writes the rows as CSV, with a header.
    pub(super) fn write_csv(&self, delimiter: u8, out: &mut dyn Write) -> io::Result<()> {
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
    numbers: std::collections::HashMap<String, usize>,
}

impl Columns {
    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len();
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }
}

/// The fields of a list's records, as far as its type tells them.
fn known_columns(ty: &Type) -> Vec<String> {
    let names = |record: &Record| record.fields.iter().map(|field| field.name.to_string()).collect();
    match element(ty) {
        Some(Type::Record(record)) => names(record),
        Some(Type::Named(named)) => names(&schema::record(*named)),
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
