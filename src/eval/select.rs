//! Selections: `a.b`, `a.b or c`, `a ? b`.

use super::ready::View;
use super::{Evaluation, Frame};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Span, did_you_mean, list_and, quoted};
use crate::types::tir::{Expr, ExprKind};
use crate::value::{Evaluator, Fault, Name, Value};

/// At most so many attributes are listed in a message.
const MANY: usize = 8;

/// Where following a path ended.
enum Walked {
    /// At its end.
    Found(Value),
    /// At the name with this index, which the value there does not have.
    Missing { value: Value, name: Name, index: usize },
}

/// Where a selection is written: what stands before the name, and the name.
#[derive(Clone, Copy)]
struct Place {
    base: Span,
    name: Span,
}

impl Evaluation<'_> {
    /// A selection of one attribute that must be there.
    #[inline(never)]
    pub(super) fn selection(&mut self, expr: &Expr, frame: &Frame<'_>) -> Result<Value, Fault> {
        let ExprKind::Select { base, name, hint, record } = &expr.kind else { return Ok(Value::Null) };
        match self.select(base, name, *hint, record.is_some(), expr.span, frame) {
            Err(fault) => self.failed(fault, expr, Some("needed here"), frame),
            result => result,
        }
    }

    /// One step to an attribute that must be there; `whole` is the place of the selection.
    fn select(
        &mut self,
        base: &Expr,
        name: &Name,
        hint: u32,
        record: bool,
        whole: Span,
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        if let Some(found) = self.ready_attribute(base, name, hint, &View::here(frame)) {
            return match found {
                Value::Thunk(thunk) => self.force_thunk(&thunk),
                found => Ok(found),
            };
        }
        let value = self.eval(base, frame)?;
        let found = match &value {
            Value::Attrs(attrs) => attrs.get_hinted(name, hint as usize).cloned(),
            Value::Entity(entity) if record => self.world.entity_field_at(*entity, hint as usize)?,
            Value::Entity(entity) => self.world.entity_field(*entity, name)?,
            _ => None,
        };
        match found {
            Some(found) => self.force(&found),
            None => {
                // The name ends the selection.
                let start = (whole.end as usize).saturating_sub(name.len());
                let last = Span::new(start, whole.end as usize);
                let place = if frame.source.slice(last) == &**name { last } else { whole };
                Err(self.missing(&value, name, Place { base: base.span, name: place }, frame)?)
            }
        }
    }

    /// Several steps, with a default where one leads nowhere.
    pub(super) fn select_path(
        &mut self,
        base: &Expr,
        path: &[Expr],
        default: Option<&Expr>,
        frame: &Frame<'_>,
    ) -> Result<Value, Fault> {
        let start = self.eval(base, frame)?;
        match (self.walk(start, path, frame)?, default) {
            (Walked::Found(found), _) => self.force(&found),
            (Walked::Missing { .. }, Some(default)) => self.eval(default, frame),
            (Walked::Missing { value, name, index }, None) => {
                let before = path.get(..index).and_then(<[Expr]>::last);
                let base = before.map_or(base.span, |last| base.span.to(last.span));
                let here = path.get(index).map_or(base, |name| name.span);
                Err(self.missing(&value, &name, Place { base, name: here }, frame)?)
            }
        }
    }

    /// Whether a path leads somewhere.
    pub(super) fn has_attr(&mut self, base: &Expr, path: &[Expr], frame: &Frame<'_>) -> Result<bool, Fault> {
        let start = self.eval(base, frame)?;
        Ok(matches!(self.walk(start, path, frame)?, Walked::Found(_)))
    }

    /// Follows a path as far as it goes: to its end, or to where an attribute is missing or what should
    /// have one is no set.
    fn walk(&mut self, start: Value, path: &[Expr], frame: &Frame<'_>) -> Result<Walked, Fault> {
        let mut value = start;
        for (index, name) in path.iter().enumerate() {
            let name = self.eval(name, frame)?;
            let evaluator: &mut dyn Evaluator = self;
            let name = evaluator.string(&name)?;
            value = evaluator.force(&value)?;
            let next = match &value {
                Value::Attrs(_) | Value::Entity(_) => evaluator.attr(&value, &name)?,
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => return Ok(Walked::Missing { value, name, index }),
            }
        }
        Ok(Walked::Found(value))
    }

    /// The mistake that a value has no attribute of a name.
    fn missing(
        &mut self,
        value: &Value,
        name: &str,
        place: Place,
        frame: &Frame<'_>,
    ) -> Result<Fault, Fault> {
        if !matches!(value, Value::Attrs(_) | Value::Entity(_)) {
            let what = value.describe();
            let message = format!("expected an attribute set before `.{name}`, found {what}");
            let diagnostic = Diagnostic::error(Code::TypeMismatch, message);
            return Ok(Fault::new(diagnostic.at(frame.source, place.base, format!("this is {what}"))));
        }
        let evaluator: &mut dyn Evaluator = self;
        let attrs = evaluator.attrs(value)?;
        let known: Vec<&str> = attrs.keys().iter().map(|key| &**key).collect();
        let base = frame.source.slice(place.base);
        let text = frame.source.slice(place.base.to(place.name));
        // An older ClusterConfig had all addresses of a machine there.
        let is_all = name == "all" && base.ends_with(".ips") && is_short(base);
        let all = is_all.then(|| format!("write `concatLists (attrValues {base})` for all of them"));
        let near = || did_you_mean(name, known.iter().copied());
        let help = all.or_else(near).unwrap_or_else(|| match known.as_slice() {
            few @ [_, ..] if few.len() <= MANY => {
                let more = if is_short(text) {
                    format!("; `{text} or null` allows it to be missing")
                } else {
                    String::new()
                };
                format!("the attributes are {}{more}", list_and(few))
            }
            _ if is_short(text) => format!("write `{text} or null` where it may be missing"),
            _ => "give a default with `or` where it may be missing".to_owned(),
        });
        let what = if is_short(base) { quoted(base) } else { "the attribute set".to_owned() };
        let message = format!("{what} has no attribute {}", quoted(name));
        let diagnostic = Diagnostic::error(Code::MissingElement, message).help(help);
        Ok(Fault::new(diagnostic.at(frame.source, place.name, "not there")))
    }
}

/// Whether a text can stand inside a message: it is short, and has both of each pair of parentheses, which the
/// places of expressions leave out.
fn is_short(text: &str) -> bool {
    text.len() <= 40 && !text.contains('\n') && text.matches('(').count() == text.matches(')').count()
}
