//! Whether a value that could not be typed before is what an ascription says.

use super::{Evaluation, RED_ZONE, STACK_PIECE};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::quoted;
use crate::types::{Named, Printer, Rest, Type, schema};
use crate::value::{Evaluator, Fault, Value};

impl Evaluation<'_> {
    /// Checks a value against a type, to its last part where the type tells of parts.
    pub(super) fn conform(&mut self, value: &Value, ty: &Type) -> Result<(), Fault> {
        self.conform_at(value, ty, &mut String::new())
    }

    fn conform_at(&mut self, value: &Value, ty: &Type, path: &mut String) -> Result<(), Fault> {
        self.step()?;
        stacker::maybe_grow(RED_ZONE, STACK_PIECE, || self.conform_here(value, ty, path))
    }

    fn conform_here(&mut self, value: &Value, ty: &Type, path: &mut String) -> Result<(), Fault> {
        if matches!(ty, Type::Any | Type::Variable(_)) {
            return Ok(());
        }
        let value = self.force(value)?;
        match (ty, &value) {
            (Type::Null | Type::Optional(_), Value::Null)
            | (Type::Bool, Value::Bool(_))
            | (Type::Int, Value::Int(_))
            | (Type::Float, Value::Float(_))
            | (Type::String | Type::Path, Value::String(_))
            | (Type::Filter, Value::Filter(_) | Value::Closure(_) | Value::Builtin(_) | Value::List(_))
            | (Type::Function(..), Value::Closure(_) | Value::Builtin(_) | Value::Filter(_)) => Ok(()),
            (Type::Optional(inner), value) => self.conform_at(value, inner, path),
            (Type::List(element), Value::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.conform_part(item, element, path, &format!("[{index}]"))?;
                }
                Ok(())
            }
            (Type::Named(named), Value::Entity(entity)) if entity.kind == *named => Ok(()),
            (Type::Dictionary(element), Value::Attrs(_) | Value::Entity(_)) => {
                let evaluator: &mut dyn Evaluator = self;
                let attrs = evaluator.attrs(&value)?;
                for (name, part) in attrs.iter() {
                    self.conform_part(part, element, path, &format!(".{name}"))?;
                }
                Ok(())
            }
            (Type::Record(record), Value::Attrs(_) | Value::Entity(_)) => {
                self.conform_record(&value, record, ty, path)
            }
            (Type::Named(named), Value::Attrs(_)) => {
                self.conform_record(&value, &schema::record(*named), ty, path)
            }
            (ty, found) => Err(mismatch(ty, found, path)),
        }
    }

    fn conform_record(
        &mut self,
        value: &Value,
        record: &crate::types::Record,
        ty: &Type,
        path: &mut String,
    ) -> Result<(), Fault> {
        let evaluator: &mut dyn Evaluator = self;
        let attrs = evaluator.attrs(value)?;
        for field in &record.fields {
            match attrs.get(&field.name) {
                Some(part) => self.conform_part(part, &field.ty, path, &format!(".{}", field.name))?,
                None if field.optional => {}
                None => {
                    let message = format!(
                        "expected a `{}`, and the field {} is missing{}",
                        Printer::default().print(ty),
                        quoted(&field.name),
                        place(path)
                    );
                    return Err(Fault::new(Diagnostic::error(Code::TypeMismatch, message)));
                }
            }
        }
        if let Rest::Keys(value) = &record.rest {
            for (name, part) in attrs.iter().filter(|(name, _)| record.field(name).is_none()) {
                self.conform_part(part, value, path, &format!(".{name}"))?;
            }
        }
        if record.rest == Rest::Closed
            && let Some(extra) = attrs.keys().iter().find(|key| record.field(key).is_none())
        {
            let message = format!(
                "expected a `{}`, found the further field {}{}",
                Printer::default().print(ty),
                quoted(extra),
                place(path)
            );
            return Err(Fault::new(Diagnostic::error(Code::TypeMismatch, message)));
        }
        Ok(())
    }

    fn conform_part(&mut self, part: &Value, ty: &Type, path: &mut String, step: &str) -> Result<(), Fault> {
        let before = path.len();
        path.push_str(step);
        let result = self.conform_at(part, ty, path);
        path.truncate(before);
        result
    }
}

fn mismatch(ty: &Type, found: &Value, path: &str) -> Fault {
    let expected = Printer::default().print(ty);
    let message = format!("expected `{expected}`, found {}{}", describe(found), place(path));
    Fault::new(Diagnostic::error(Code::TypeMismatch, message))
}

fn describe(value: &Value) -> String {
    match value {
        Value::Entity(entity) if entity.kind == Named::Instance => "an instance".to_owned(),
        Value::String(text) if text.chars().count() <= 40 => format!("the string {text:?}"),
        Value::Int(number) => format!("the integer {number}"),
        Value::Bool(truth) => format!("`{truth}`"),
        other => other.describe().to_owned(),
    }
}

fn place(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" at {}", quoted(path.trim_start_matches('.'))) }
}
