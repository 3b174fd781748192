//! Functions that make or take functions, and small logic.

use std::rc::Rc;

use super::support::Answer;
use crate::diagnostic::Code;
use crate::types::tir::Parameter;
use crate::value::{Evaluator, State, Thunk, Value, equal};

table! {
    "id" ["lib" "lib.trivial"] "a -> a"
        "the value itself"
        ""
        { "lib.id 1" => "1" "map lib.id [ 1 2 ]" => "[1,2]" }
        |ev, value| ev.force(value);
    "const" ["lib" "lib.trivial"] "a -> b -> a"
        "the first of two values"
        "`lib.const x` is the function that always gives `x`."
        { "map (lib.const 0) [ 1 2 ]" => "[0,0]" "lib.const 1 (throw \"no\")" => "1" }
        |ev, value, _ignored| ev.force(value);
    "flip" ["lib" "lib.trivial"] "(a -> b -> c) -> b -> a -> c"
        "a function with its two arguments the other way round"
        ""
        { "lib.flip lib.const 1 2" => "2" "lib.flip map [ 1 2 ] (x: x + 1)" => "[2,3]" }
        |ev, function, second, first| ev.call(function, &[first.clone(), second.clone()]);
    "splitByAndCompare" ["lib" "lib.trivial"] "(a -> Bool) -> (a -> a -> Int) -> (a -> a -> Int) -> a -> a -> Int"
        "an order in which what a predicate holds of comes first, with a comparison for these and one for the others"
        ""
        { "lib.splitByAndCompare (hasPrefix \"db\") lib.compare lib.compare \"web\" \"db2\"" => "1" "sort (a: b: lib.splitByAndCompare (hasPrefix \"db\") lib.compare lib.compare a b < 0) [ \"a\" \"db2\" \"db1\" ]" => "[\"db1\",\"db2\",\"a\"]" }
        |ev, predicate, among_first, among_rest, left, right| {
            let compare = match (ev.holds(predicate, left)?, ev.holds(predicate, right)?) {
                (true, false) => return Ok(Value::Int(-1)),
                (false, true) => return Ok(Value::Int(1)),
                (true, true) => among_first,
                (false, false) => among_rest,
            };
            ev.call(compare, &[left.clone(), right.clone()])
        };
    "fix" ["lib" "lib.fixedPoints"] "(a -> a) -> a"
        "the value that a function gives for that value itself"
        "As `let self = f self; in self`: a set whose attributes may use each other, in which a later function can replace some."
        { "lib.fix (self: { a = 1; b = self.a + 1; })" => "{\"a\":1,\"b\":2}" "lib.fix (x: x)" => "error: infinite-recursion" }
        |ev, function| {
            let blank = Thunk::blank();
            let whole = Value::Thunk(Rc::clone(&blank));
            blank.replace(State::Call(function.clone(), whole.clone()));
            ev.force(&whole)
        };
    "converge" ["lib" "lib.fixedPoints"] "(a -> a) -> a -> a"
        "a value to which a function is applied again and again, until nothing changes"
        ""
        { "lib.converge (x: x / 2) 16" => "0" "lib.converge (removeSuffix \"/\") \"a//\"" => "\"a\"" }
        |ev, function, start| {
            let mut value = ev.force(start)?;
            loop {
                ev.step()?;
                let next = ev.call(function, std::slice::from_ref(&value))?;
                if equal(ev, &value, &next)? {
                    return Ok(value);
                }
                value = next;
            }
        };
    "pipe" ["lib" "lib.trivial"] "a -> [Any -> Any] -> Any"
        "a value passed through a list of functions, one after the other"
        "The functions may have different types, so the result is of type `Any`. The operator `|>` does the same and keeps the types."
        { "lib.pipe 1 [ (x: x + 1) (x: x * 10) ]" => "20" "lib.pipe 1 [ ]" => "1" }
        |ev, value, functions| {
            let mut value = value.clone();
            for function in ev.list(functions)?.iter() {
                value = ev.later(function, &value);
            }
            ev.force(&value)
        };
    "concat" ["lib" "lib.trivial"] "[a] -> [a] -> [a]"
        "two lists in one, as `++`"
        ""
        { "lib.concat [ 1 ] [ 2 ]" => "[1,2]" "foldl' lib.concat [ ] [ [ 1 ] [ 2 ] ]" => "[1,2]" }
        |ev, left, right| {
            let mut items = ev.list(left)?.to_vec();
            items.extend(ev.list(right)?.iter().cloned());
            Ok(Value::list(items))
        };
    "and" ["lib" "lib.trivial"] "Bool -> Bool -> Bool"
        "whether both hold, as `&&`"
        ""
        { "lib.and true false" => "false" "foldl' lib.and true [ true true ]" => "true" }
        |ev, left, right| Ok(Value::Bool(ev.bool(left)? && ev.bool(right)?));
    "or" ["lib" "lib.trivial"] "Bool -> Bool -> Bool"
        "whether at least one holds, as `||`"
        "The name is also a word of the language: `lib.\"or\"` reaches it everywhere."
        { "lib.\"or\" true false" => "true" "foldl' lib.\"or\" false [ false true ]" => "true" }
        |ev, left, right| Ok(Value::Bool(ev.bool(left)? || ev.bool(right)?));
    "xor" ["lib" "lib.trivial"] "Bool -> Bool -> Bool"
        "whether exactly one holds"
        ""
        { "lib.xor true true" => "false" "lib.xor true false" => "true" }
        |ev, left, right| Ok(Value::Bool(ev.bool(left)? != ev.bool(right)?));
    "implies" ["lib" "lib.trivial"] "Bool -> Bool -> Bool"
        "whether the second holds where the first does, as `->`"
        ""
        { "lib.implies true false" => "false" "lib.implies false false" => "true" }
        |ev, left, right| Ok(Value::Bool(!ev.bool(left)? || ev.bool(right)?));
    "toFunction" ["lib" "lib.trivial"] "Any -> Any -> Any"
        "what a function gives for a value; what is no function is the answer for every value"
        ""
        { "lib.toFunction (x: x + 1) 1" => "2" "lib.toFunction 7 1" => "7" }
        |ev, function, value| match ev.force(function)? {
            function if function.is_function() => ev.call(&function, std::slice::from_ref(value)),
            other => Ok(other),
        };
    "boolToYesNo" ["lib" "lib.trivial"] "Bool -> String"
        "`\"yes\"` or `\"no\"`"
        ""
        { "lib.boolToYesNo true" => "\"yes\"" "lib.boolToYesNo false" => "\"no\"" }
        |ev, value| Ok(Value::string(if ev.bool(value)? { "yes" } else { "no" }));
    "boolToString" ["bare" "lib" "lib.trivial"] "Bool -> String"
        "`\"true\"` or `\"false\"`"
        "`toString` gives `\"1\"` and `\"\"`, as in Nix."
        { "boolToString (1 < 2)" => "\"true\"" "boolToString false" => "\"false\"" }
        |ev, value| Ok(Value::string(if ev.bool(value)? { "true" } else { "false" }));
    "defaultTo" ["lib" "lib.trivial"] "a -> a? -> a"
        "a value, or a default where it is null"
        ""
        { "lib.defaultTo 1 null" => "1" "lib.defaultTo 1 2" => "2" }
        |ev, default, value| match ev.force(value)? {
            Value::Null => ev.force(default),
            value => Ok(value),
        };
    "mapNullable" ["lib" "lib.trivial"] "(a -> b) -> a? -> b?"
        "what a function gives for a value, or null where it is null"
        ""
        { "lib.mapNullable (x: x + 1) null" => "null" "lib.mapNullable (x: x + 1) 1" => "2" }
        |ev, function, value| match ev.force(value)? {
            Value::Null => Ok(Value::Null),
            value => ev.call(function, &[value]),
        };
    "functionArgs" ["bare" "builtins" "lib" "lib.trivial"] "(a -> b) -> { _ : Bool }"
        "the attributes that a function takes, each with whether it has a default"
        "A function whose parameter is no pattern takes none by name."
        { "functionArgs ({ a, b ? 1 }: a + b)" => "{\"a\":false,\"b\":true}" "functionArgs (x: x)" => "{}" }
        |ev, function| function_args(ev, function);
    "true" ["nix" "builtins"] "Bool"
        "what holds"
        ""
        { "true" => "true" "true && false" => "false" }
        |_ev| Ok(Value::Bool(true));
    "false" ["nix" "builtins"] "Bool"
        "what does not hold"
        ""
        { "false" => "false" "!false" => "true" }
        |_ev| Ok(Value::Bool(false));
    "null" ["nix" "builtins"] "Null"
        "no value"
        ""
        { "null" => "null" "null == null" => "true" }
        |_ev| Ok(Value::Null);
}

/// The attributes that a function takes, each with whether it has a default.
pub(super) fn function_args(ev: &mut dyn Evaluator, function: &Value) -> Answer {
    match ev.force(function)? {
        Value::Closure(closure) => {
            let parameter = closure.group.lambdas.get(closure.index).map(|lambda| &lambda.parameter);
            let fields = match parameter {
                Some(Parameter::Pattern { fields, .. }) => fields.as_slice(),
                _ => &[],
            };
            let pair = |field: &crate::types::tir::PatternField| {
                (field.name.clone(), Value::Bool(field.default.is_some()))
            };
            Ok(Value::attrs(fields.iter().map(pair)))
        }
        Value::Builtin(_) | Value::Filter(_) => Ok(Value::attrs(std::iter::empty::<(&str, Value)>())),
        other => {
            Err(ev.fault(Code::TypeMismatch, format!("expected a function, found {}", other.describe())))
        }
    }
}
