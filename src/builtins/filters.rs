//! Filters.
use std::rc::Rc;
use crate::value::{Evaluator, Fault, Filter, FilterKind, Value};
/// A value as a filter.
pub fn to_filter(evaluator: &mut dyn Evaluator, value: &Value) -> Result<Rc<Filter>, Fault> {
    match evaluator.force(value)? {
        Value::Filter(f) => Ok(f),
        Value::List(items) => {
            let mut parts = Vec::new();
            for i in items.iter() { parts.push(Filter::clone(&*to_filter(evaluator, i)?)); }
            Ok(Rc::new(Filter::new(FilterKind::Or(parts.into()))))
        }
        other => Ok(Rc::new(Filter::new(FilterKind::Function(other)))),
    }
}
