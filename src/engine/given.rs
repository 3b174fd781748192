//! What names given from outside stand for: arguments of the command line, definitions of a session.

use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::syntax::ast::Name;
use crate::types::Named;
use crate::types::tir::Program;
use crate::value::{Called, Captured, Entity, HostFunction, Partial, State, Thunk, Value, from_json};

/// What a name stands for. It belongs to no evaluation: each one makes its own value of it.
#[derive(Clone, Debug)]
pub(super) enum Given {
    /// Data.
    Data(Arc<Json>),
    /// A machine.
    Machine(u32),
    /// Machines.
    Machines(Arc<[u32]>),
    /// What a program evaluates to; the names in it are given in the same order.
    Program(Arc<Program>),
    /// An attribute of what a program evaluates to.
    Attribute(Arc<Program>, Name),
    /// A function of the host's.
    Function(Arc<HostFunction>),
    /// Nothing: no name leads here.
    Nothing,
}

impl Given {
    /// Plain data.
    pub(super) fn data(data: Json) -> Given {
        Given::Data(Arc::new(data))
    }

    /// Its value, made when it is needed.
    pub(super) fn value(&self) -> Value {
        match self {
            Given::Data(data) => {
                let data = Arc::clone(data);
                Value::lazy(move |_| Ok(from_json(&data)))
            }
            Given::Machine(node) => machine(*node),
            Given::Machines(nodes) => {
                let nodes = Arc::clone(nodes);
                Value::lazy(move |_| Ok(Value::list(nodes.iter().map(|node| machine(*node)).collect())))
            }
            Given::Program(program) => delayed(program),
            Given::Attribute(program, name) => {
                let (set, name) = (delayed(program), name.clone());
                Value::lazy(move |evaluator| {
                    let found = evaluator.attr(&set, &name)?.unwrap_or(Value::Null);
                    evaluator.force(&found)
                })
            }
            Given::Function(function) => {
                let called = Called::Host(Arc::clone(function));
                Value::Builtin(Partial::new(called, Vec::new()))
            }
            Given::Nothing => Value::Null,
        }
    }
}

fn machine(node: u32) -> Value {
    Value::Entity(Entity { kind: Named::Machine, id: node })
}

fn delayed(program: &Program) -> Value {
    Value::Thunk(Thunk::new(State::Expression(Arc::clone(&program.body), Captured::Many(Rc::from([])))))
}
