//! Sets whose attributes may use each other, and changes of them, as overlays are written.
//!
//! An extension is a function of two sets: the one that comes out at the end, and the one before it. It
//! gives the attributes that it adds or replaces.

use std::rc::Rc;

use super::support::Answer;
use crate::value::{AttrsBuilder, Called, Evaluator, List, Partial, State, Thunk, Value};

table! {
    "fix'" ["lib" "lib.fixedPoints"] "(Any -> Any) -> Any"
        "as `fix`, and the set has the function itself as `__unfix__`"
        ""
        { "(lib.fix' (self: { a = 1; b = self.a + 1; })).b" => "2" "((lib.fix' (self: { a = 1; })).__unfix__ null).a" => "1" }
        |ev, function| recorded(ev, function);
    "extends" ["lib" "lib.fixedPoints"] "(Any -> Any -> Any) -> (Any -> Any) -> Any -> Any"
        "a function for `fix` with an extension"
        "The extension comes first."
        { "lib.fix (lib.extends (final: prev: { a = prev.a + 10; }) (self: { a = 1; b = self.a; }))" => "{\"a\":11,\"b\":11}" "lib.extends (final: prev: { b = final; }) (self: { a = self; }) 1" => "{\"a\":1,\"b\":1}" }
        |ev, extension, function, last| {
            let before = ev.call(function, std::slice::from_ref(last))?;
            let added = ev.call(extension, &[last.clone(), before.clone()])?;
            updated(ev, &before, &added)
        };
    "composeExtensions" ["lib" "lib.fixedPoints"] "(Any -> Any -> Any) -> (Any -> Any -> Any) -> Any -> Any -> Any"
        "two extensions in one; the second sees what the first has changed"
        ""
        { "lib.composeExtensions (final: prev: { a = prev.a + 1; }) (final: prev: { b = prev.a; }) { } { a = 1; }" => "{\"a\":2,\"b\":2}" "lib.composeExtensions (final: prev: { a = 1; }) (final: prev: { a = 2; }) { } { }" => "{\"a\":2}" }
        |ev, first, second, last, before| {
            compose(ev, &List::new(vec![first.clone(), second.clone()]), last, before)
        };
    "composeManyExtensions" ["lib" "lib.fixedPoints"] "[Any -> Any -> Any] -> Any -> Any -> Any"
        "several extensions in one; each sees what those before it have changed"
        ""
        { "lib.composeManyExtensions [ (final: prev: { a = prev.a + 1; }) (final: prev: { a = prev.a * 10; }) ] { } { a = 1; }" => "{\"a\":20}" "lib.composeManyExtensions [ ] { } { a = 1; }" => "{}" }
        |ev, extensions, last, before| {
            let extensions = ev.list(extensions)?;
            compose(ev, &extensions, last, before)
        };
    "toExtension" ["lib" "lib.fixedPoints"] "Any -> Any -> Any -> Any"
        "an extension from one, from a function of the set before alone, or from a set"
        ""
        { "lib.toExtension { a = 1; } { } { }" => "{\"a\":1}" "lib.toExtension (prev: { a = prev.a + 1; }) { } { a = 1; }" => "{\"a\":2}" "lib.toExtension (final: prev: { a = final.b; }) { b = 3; } { }" => "{\"a\":3}" }
        |ev, extension, last, before| {
            let extension = ev.force(extension)?;
            if !extension.is_function() {
                return Ok(extension);
            }
            let added = ev.call(&extension, std::slice::from_ref(before))?;
            match added.is_function() {
                true => ev.call(&extension, &[last.clone(), before.clone()]),
                false => Ok(added),
            }
        };
    "makeExtensible" ["lib" "lib.fixedPoints"] "(Any -> Any) -> Any"
        "as `fix`, and the set has a function `extend`, which takes an extension and gives the set anew"
        ""
        { "((lib.makeExtensible (self: { a = 1; b = self.a; })).extend (final: prev: { a = prev.a + 1; })).b" => "2" "(lib.makeExtensible (self: { a = 1; b = self.a; })).b" => "1" }
        |ev, function| extensible(ev, &Value::string("extend"), function);
    "makeExtensibleWithCustomName" ["lib" "lib.fixedPoints"] "String -> (Any -> Any) -> Any"
        "as `makeExtensible`, with another name for `extend`"
        ""
        { "((lib.makeExtensibleWithCustomName \"with'\" (self: { a = 1; })).with' (final: prev: { a = 2; })).a" => "2" "lib.makeExtensibleWithCustomName \"more\" (self: { a = 1; }) ? more" => "true" }
        |ev, name, function| extensible(ev, name, function);
}

/// `left // right`.
fn updated(ev: &mut dyn Evaluator, left: &Value, right: &Value) -> Answer {
    let (left, right) = (ev.attrs(left)?, ev.attrs(right)?);
    Ok(Value::Attrs(left.update(&right)))
}

/// The set that a function gives for that set itself, with the function in it.
fn recorded(ev: &mut dyn Evaluator, function: &Value) -> Answer {
    let blank = Thunk::blank();
    let whole = Value::Thunk(Rc::clone(&blank));
    let (function, last) = (function.clone(), whole.clone());
    blank.replace(State::Native(Box::new(move |ev| {
        let set = ev.call(&function, &[last])?;
        updated(ev, &set, &Value::attrs([("__unfix__", function)]))
    })));
    ev.force(&whole)
}

/// What extensions add, the later ones over the earlier ones.
fn compose(ev: &mut dyn Evaluator, extensions: &List, last: &Value, before: &Value) -> Answer {
    let mut before = before.clone();
    let mut all = AttrsBuilder::default();
    for extension in extensions.iter() {
        ev.step()?;
        let added = ev.call(extension, &[last.clone(), before.clone()])?;
        for (name, value) in ev.attrs(&added)?.iter() {
            all.insert(name.clone(), value.clone());
        }
        before = Value::lazy(move |ev| updated(ev, &before, &added));
    }
    Ok(Value::Attrs(all.finish()))
}

/// The set of a function, with a function of this name that takes an extension and gives the set anew.
fn extensible(ev: &mut dyn Evaluator, name: &Value, function: &Value) -> Answer {
    // extension: makeExtensibleWithCustomName name (extends extension function)
    let extend = partial("extends", Vec::new());
    let extended = partial("flip", vec![extend.clone(), function.clone()]);
    let anew = partial("makeExtensibleWithCustomName", vec![name.clone()]);
    let pipe = partial("pipe", Vec::new());
    let extender = partial("flip", vec![pipe, Value::list(vec![extended, anew])]);
    // last: function last // { ${name} = extender; }
    let added = Value::attrs([(ev.string(name)?, extender)]);
    let always = partial("const", vec![partial("const", vec![added])]);
    recorded(ev, &partial("extends", vec![always, function.clone()]))
}

/// A function of `lib` with its first arguments.
fn partial(name: &str, arguments: Vec<Value>) -> Value {
    match super::find("lib", name) {
        Some(index) => Value::Builtin(Partial::new(Called::Builtin(index), arguments)),
        None => Value::Null,
    }
}
