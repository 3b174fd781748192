//! Values: what expressions evaluate to.
//!
//! Values belong to one evaluation on one thread; what is shared between threads is the typed tree
//! and the inventory. A value may be a [`Thunk`], evaluated when it is needed and then overwritten.

mod attrs;
mod convert;
mod evaluator;
mod filter;
mod host;
mod list;
pub mod meter;
mod order;
mod text;
mod thunk;

use std::rc::Rc;
use std::sync::Arc;

pub use attrs::{Attrs, AttrsBuilder};
pub use convert::{from_json, parse_json, to_json};
pub use evaluator::{Evaluator, Fault, Kept, Sought, Step};
pub use filter::{Count, Filter, FilterKind, Parts, Place};
pub use host::{HostCall, HostFunction};
pub use list::List;
pub use order::{compare, equal};
pub use text::Text;
pub use thunk::{Captured, Scope, State, Thunk};

pub use crate::syntax::ast::Name;
use crate::types::tir::Group;
use crate::types::{Named, Needed};

/// A value, possibly not evaluated yet.
///
/// What kind it is takes a word of its own, so that values are moved by words: as a byte, it would be followed
/// by bytes that are copied one by one, and read as a word right after, for which processors wait.
#[derive(Clone)]
#[repr(u64)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A text; also a path in its text form.
    String(Text),
    /// A list; its elements may be thunks.
    List(List),
    /// An attribute set; its values may be thunks.
    Attrs(Attrs),
    /// A function written in the language.
    Closure(Rc<Closure>),
    /// A builtin, or another function that is not written in the language, with the arguments it has so far.
    Builtin(Rc<Partial>),
    /// A filter.
    Filter(Rc<Filter>),
    /// A record of the inventory.
    Entity(Entity),
    /// Not evaluated yet, or evaluated in place.
    Thunk(Rc<Thunk>),
}

/// A function with what it captured.
pub struct Closure {
    /// The functions it belongs to.
    pub group: Arc<Group>,
    /// Which of them it is.
    pub index: usize,
    /// What they captured.
    pub captures: Rc<[Value]>,
}

impl Closure {
    /// A function of a group, counted with what it captured.
    pub fn new(group: Arc<Group>, index: usize, captures: Rc<[Value]>) -> Rc<Closure> {
        let closure = Closure { group, index, captures };
        meter::add(closure.size());
        Rc::new(closure)
    }

    /// The arguments that it needs before anything else.
    #[inline]
    pub fn needed(&self) -> Needed {
        self.group.lambdas.get(self.index).map_or(Needed::default(), |lambda| lambda.needed)
    }

    fn size(&self) -> usize {
        size_of::<Closure>() + size_of_val(&*self.captures) + 64
    }
}

impl Drop for Closure {
    fn drop(&mut self) {
        meter::remove(self.size());
        thunk::drop_captures(&mut self.captures);
    }
}

/// What is called that is not written in the language.
#[derive(Clone)]
pub enum Called {
    /// A builtin, by its index in the table.
    Builtin(u32),
    /// A filter, which gives paths.
    Filter,
    /// A function of the host's.
    Host(Arc<HostFunction>),
}

/// A function that waits for arguments.
pub struct Partial {
    /// What it is.
    pub called: Called,
    /// The arguments so far; fewer than it takes.
    pub arguments: Vec<Value>,
}

impl Partial {
    /// A function with its first arguments, counted with them.
    pub fn new(called: Called, arguments: Vec<Value>) -> Rc<Partial> {
        let partial = Partial { called, arguments };
        meter::add(partial.size());
        Rc::new(partial)
    }

    fn size(&self) -> usize {
        size_of::<Partial>() + size_of_val(&*self.arguments) + 48
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        meter::remove(self.size());
        meter::drop_flat(self.arguments.drain(..));
    }
}

/// A record of the inventory: which kind, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Entity {
    /// The kind of record.
    pub kind: Named,
    /// Its number among those of its kind.
    pub id: u32,
}

impl Value {
    /// A text.
    pub fn string(text: impl AsRef<str>) -> Value {
        let text = Arc::from(text.as_ref());
        meter::text(&text);
        Value::from(text)
    }

    /// A list.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(List::new(items))
    }

    /// An attribute set from pairs in any order; of equal names the last one counts.
    pub fn attrs<N: Into<Name>>(pairs: impl IntoIterator<Item = (N, Value)>) -> Value {
        let mut builder = AttrsBuilder::default();
        for (name, value) in pairs {
            builder.insert(name.into(), value);
        }
        Value::Attrs(builder.finish())
    }

    /// A value that is computed when it is first needed.
    pub fn lazy(compute: impl FnOnce(&mut dyn Evaluator) -> Result<Value, Fault> + 'static) -> Value {
        Value::Thunk(Thunk::native(Box::new(compute)))
    }

    /// The same value without the thunk around it, where it has been evaluated.
    #[must_use]
    pub fn known(&self) -> Value {
        match self {
            Value::Thunk(thunk) => thunk.value().unwrap_or_else(|| self.clone()),
            other => other.clone(),
        }
    }

    /// Whether it can be called: a function, or a filter. An evaluated one is asked.
    pub fn is_function(&self) -> bool {
        matches!(self, Value::Closure(_) | Value::Builtin(_) | Value::Filter(_))
    }

    /// Whether dropping it drops parts of it, since nothing else holds it.
    fn ends_with_parts(&self) -> bool {
        match self {
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::String(_)
            | Value::Entity(_) => false,
            Value::List(list) => list.is_sole(),
            Value::Attrs(attrs) => attrs.is_sole(),
            Value::Closure(closure) => Rc::strong_count(closure) == 1,
            Value::Builtin(partial) => Rc::strong_count(partial) == 1,
            Value::Filter(filter) => Rc::strong_count(filter) == 1,
            Value::Thunk(thunk) => Rc::strong_count(thunk) == 1,
        }
    }

    /// What kind of value it is, as words in messages have it: `a list`, `an integer`.
    pub fn describe(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a float",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Attrs(_) => "an attribute set",
            Value::Closure(_) | Value::Builtin(_) => "a function",
            Value::Filter(_) => "a filter",
            Value::Entity(entity) => match entity.kind {
                Named::Machine => "a machine",
                Named::Cluster => "a cluster",
                Named::Service => "a service",
                Named::Instance => "an instance",
                Named::Role => "a role",
                Named::Placement => "a placement",
                Named::Cloud => "a cloud",
                Named::Check => "a check",
                Named::Explanation => "an explanation",
                Named::Edit => "an edit",
                Named::Server => "a server",
                Named::Resource => "a row of the inventory",
            },
            Value::Thunk(_) => "a value that is not evaluated yet",
        }
    }
}

impl From<Name> for Value {
    /// A text that is there as a name.
    #[inline]
    fn from(name: Name) -> Value {
        Value::String(Text::from(name))
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Bool(value) => write!(formatter, "{value}"),
            Value::Int(value) => write!(formatter, "{value}"),
            Value::Float(value) => write!(formatter, "{value:?}"),
            Value::String(value) => write!(formatter, "{value:?}"),
            other => formatter.write_str(other.describe()),
        }
    }
}
