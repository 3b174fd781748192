//! Errors, and the order of evaluation.

use std::collections::HashSet;

use super::data::printed;
use super::support::{Answer, texts, thrown};
use crate::diagnostic::Code;
use crate::value::{Evaluator, Fault, List, Value, equal};

table! {
    "throw" ["nix" "builtins"] "String -> a"
        "gives up with a message"
        "`tryEval` catches it."
        { "throw \"no such rack\"" => "error: thrown" "(tryEval (throw \"no\")).success" => "false" }
        |ev, message| {
            let message = ev.string(message)?;
            Err(thrown(Code::Thrown, &*message))
        };
    "abort" ["nix" "builtins"] "String -> a"
        "gives up with a message that nothing catches"
        ""
        { "abort \"the inventory is empty\"" => "error: thrown" "if true then 1 else abort \"never asked for\"" => "1" }
        |ev, message| {
            let message = ev.string(message)?;
            Err(ev.fault(Code::Thrown, &*message))
        };
    "tryEval" ["bare" "builtins"] "a -> { success : Bool, value : Any }"
        "whether a value can be evaluated, and the value"
        "Catches `throw` and failed assertions, and nothing else, as in Nix; the value is then false. Only the outermost part is evaluated: `tryEval { a = throw \"no\"; }` succeeds."
        { "(tryEval (1 + 1)).value" => "2" "tryEval (assert false; 1)" => "{\"success\":false,\"value\":false}" }
        |ev, value| match ev.force(value) {
            Ok(value) => Ok(Value::attrs([("success", Value::Bool(true)), ("value", value)])),
            Err(fault) if fault.is_catchable() => {
                Ok(Value::attrs([("success", Value::Bool(false)), ("value", Value::Bool(false))]))
            }
            Err(fault) => Err(fault),
        };
    "seq" ["bare" "builtins" "lib" "lib.trivial"] "a -> b -> b"
        "evaluates the first value, then gives the second"
        ""
        { "seq 1 2" => "2" "seq (throw \"no\") 2" => "error: thrown" }
        |ev, first, second| {
            ev.force(first)?;
            ev.force(second)
        };
    "deepSeq" ["bare" "builtins" "lib" "lib.trivial"] "a -> b -> b"
        "evaluates the first value to its last part, then gives the second"
        ""
        { "deepSeq [ 1 2 ] 3" => "3" "deepSeq { a = throw \"no\"; } 3" => "error: thrown" }
        |ev, first, second| {
            force_deeply(ev, first)?;
            ev.force(second)
        };
    "trace" ["bare" "builtins" "lib" "lib.debug"] "a -> b -> b"
        "evaluates the first value, then gives the second"
        "Nix prints the first one. invq prints nothing, since what is on the screen is the answer; put what you want to see into the answer."
        { "trace \"seen\" 1" => "1" "trace (throw \"no\") 1" => "error: thrown" }
        |ev, first, second| {
            ev.force(first)?;
            ev.force(second)
        };
    "traceVerbose" ["builtins"] "a -> b -> b"
        "the second value; Nix prints the first one where it is asked to"
        "invq prints nothing, and does not evaluate the first one."
        { "builtins.traceVerbose \"seen\" 1" => "1" "builtins.traceVerbose (throw \"no\") 1" => "1" }
        |ev, _seen, value| ev.force(value);
    "break" ["builtins"] "a -> a"
        "the value itself"
        "Nix stops there in its debugger; invq has none."
        { "builtins.break 1" => "1" "map builtins.break [ \"a\" ]" => "[\"a\"]" }
        |ev, value| ev.force(value);
    "traceVal" ["lib" "lib.debug"] "a -> a"
        "the value itself"
        "nixpkgs prints it too; invq prints nothing."
        { "lib.traceVal 1" => "1" "map lib.traceVal [ \"a\" ]" => "[\"a\"]" }
        |ev, value| ev.force(value);
    "traceIf" ["lib" "lib.debug"] "Bool -> a -> b -> b"
        "the last value; where a condition holds, nixpkgs prints the one before it"
        "invq prints nothing. Where the condition holds, what would be printed is evaluated."
        { "lib.traceIf true \"seen\" 1" => "1" "lib.traceIf false (throw \"no\") 1" => "1" }
        |ev, condition, seen, value| {
            if ev.bool(condition)? {
                ev.force(seen)?;
            }
            ev.force(value)
        };
    "traceValFn" ["lib" "lib.debug"] "(a -> b) -> a -> a"
        "the value itself"
        "nixpkgs prints what the function gives for it; invq prints nothing, and evaluates that."
        { "lib.traceValFn (x: \"seen ${toString x}\") 1" => "1" "lib.traceValFn (x: throw \"no\") 1" => "error: thrown" }
        |ev, function, value| {
            ev.call(function, std::slice::from_ref(value))?;
            ev.force(value)
        };
    "traceSeq" ["lib" "lib.debug"] "a -> b -> b"
        "evaluates the first value to its last part, then gives the second"
        "nixpkgs prints the first one; invq prints nothing."
        { "lib.traceSeq [ 1 2 ] 3" => "3" "lib.traceSeq [ (throw \"no\") ] 3" => "error: thrown" }
        |ev, first, second| {
            force_deeply(ev, first)?;
            ev.force(second)
        };
    "traceValSeq" ["lib" "lib.debug"] "a -> a"
        "the value itself, evaluated to its last part"
        "nixpkgs prints it too; invq prints nothing."
        { "lib.traceValSeq [ 1 2 ]" => "[1,2]" "head (lib.traceValSeq [ 1 (throw \"no\") ])" => "error: thrown" }
        |ev, value| {
            force_deeply(ev, value)?;
            ev.force(value)
        };
    "traceValSeqFn" ["lib" "lib.debug"] "(a -> b) -> a -> a"
        "the value itself, evaluated to its last part"
        "nixpkgs prints what the function gives for it; invq prints nothing, and evaluates that."
        { "lib.traceValSeqFn length [ 1 2 ]" => "[1,2]" "lib.traceValSeqFn (x: throw \"no\") 1" => "error: thrown" }
        |ev, function, value| {
            force_deeply(ev, value)?;
            ev.call(function, std::slice::from_ref(value))?;
            ev.force(value)
        };
    "info" ["lib" "lib.trivial"] "String -> a -> a"
        "a value, with a message in Nix"
        "invq prints nothing. The message is evaluated, so that it must be a text."
        { "lib.info \"reading\" 1" => "1" "lib.info (throw \"no\") 1" => "error: thrown" }
        |ev, message, value| {
            ev.string(message)?;
            ev.force(value)
        };
    "showWarnings" ["lib" "lib.trivial"] "[String] -> a -> a"
        "a value, with several warnings in Nix"
        "invq prints nothing. The messages are evaluated, so that they must be texts."
        { "lib.showWarnings [ \"this will change\" ] 1" => "1" "lib.showWarnings [ (throw \"no\") ] 1" => "error: thrown" }
        |ev, messages, value| {
            texts(ev, messages)?;
            ev.force(value)
        };
    "warn" ["builtins" "lib" "lib.trivial"] "String -> a -> a"
        "a value, with a warning in Nix"
        "invq prints nothing. The message is evaluated, so that it must be a text."
        { "lib.warn \"this will change\" 1" => "1" "lib.warn (throw \"no\") 1" => "error: thrown" }
        |ev, message, value| {
            ev.string(message)?;
            ev.force(value)
        };
    "warnIf" ["lib" "lib.trivial"] "Bool -> String -> a -> a"
        "a value, with a warning in Nix where a condition holds"
        "invq prints nothing."
        { "lib.warnIf true \"this will change\" 1" => "1" "lib.warnIf false (throw \"no\") 1" => "1" }
        |ev, condition, message, value| {
            if ev.bool(condition)? {
                ev.string(message)?;
            }
            ev.force(value)
        };
    "warnIfNot" ["lib" "lib.trivial"] "Bool -> String -> a -> a"
        "a value, with a warning in Nix where a condition does not hold"
        "invq prints nothing."
        { "lib.warnIfNot false \"this will change\" 1" => "1" "lib.warnIfNot true (throw \"no\") 1" => "1" }
        |ev, condition, message, value| {
            if !ev.bool(condition)? {
                ev.string(message)?;
            }
            ev.force(value)
        };
    "addErrorContext" ["builtins" "lib"] "String -> a -> a"
        "a value; where it cannot be evaluated, Nix adds the text to the message"
        "invq's messages show the places in the expression instead. The text is not evaluated."
        { "builtins.addErrorContext \"while reading\" 1" => "1" "builtins.addErrorContext \"while reading\" (throw \"no\")" => "error: thrown" }
        |ev, _message, value| ev.force(value);
    "throwIf" ["lib" "lib.trivial"] "Bool -> String -> a -> a"
        "a value, unless a condition holds: then gives up with a message"
        ""
        { "lib.throwIf false \"no\" 1" => "1" "lib.throwIf true \"no\" 1" => "error: thrown" }
        |ev, condition, message, value| guard(ev, condition, false, message, value);
    "throwIfNot" ["lib" "lib.trivial"] "Bool -> String -> a -> a"
        "a value where a condition holds, else gives up with a message"
        ""
        { "lib.throwIfNot true \"no\" 1" => "1" "lib.throwIfNot false \"no\" 1" => "error: thrown" }
        |ev, condition, message, value| guard(ev, condition, true, message, value);
    "checkListOfEnum" ["lib" "lib.trivial"] "String -> [a] -> [a] -> b -> b"
        "a value, where all elements of a list are among those that are allowed"
        "What is allowed comes before what is given. The message stands before the elements that are not allowed."
        { "lib.checkListOfEnum \"colours\" [ \"red\" \"blue\" ] [ \"red\" ] 1" => "1" "lib.checkListOfEnum \"colours\" [ \"red\" ] [ \"green\" ] 1" => "error: thrown" }
        |ev, message, allowed, given, value| {
            let allowed = ev.list(allowed)?;
            let mut others = Vec::new();
            for element in ev.list(given)?.iter() {
                if !is_among(ev, element, &allowed)? {
                    others.push(element.clone());
                }
            }
            if others.is_empty() {
                return ev.force(value);
            }
            let message = ev.string(message)?;
            let (others, allowed) = (printed(ev, &Value::list(others))?, printed(ev, &Value::List(allowed))?);
            Err(thrown(Code::Thrown, format!("{message}: found `{others}` where only `{allowed}` are allowed")))
        };
    "assertMsg" ["lib" "lib.asserts"] "Bool -> String -> Bool"
        "true where a condition holds, else gives up with a message"
        "For `assert`: `assert lib.assertMsg (x > 0) \"x must be positive\"; x`."
        { "lib.assertMsg (1 < 2) \"no\"" => "true" "lib.assertMsg (1 > 2) \"no\"" => "error: thrown" }
        |ev, condition, message| guard(ev, condition, true, message, &Value::Bool(true));
    "assertOneOf" ["lib" "lib.asserts"] "String -> a -> [a] -> Bool"
        "true where a value is in a list, else gives up with a message that names what was asked"
        ""
        { "lib.assertOneOf \"colour\" \"red\" [ \"red\" \"blue\" ]" => "true" "lib.assertOneOf \"colour\" \"green\" [ \"red\" ]" => "error: thrown" }
        |ev, name, value, allowed| {
            let allowed = ev.list(allowed)?;
            if is_among(ev, value, &allowed)? {
                return Ok(Value::Bool(true));
            }
            let name = ev.string(name)?;
            Err(thrown(Code::Thrown, format!("{name} is none of the allowed values")))
        };
    "assertEachOneOf" ["lib.asserts"] "String -> [a] -> [a] -> Bool"
        "true where all values of a list are in another list, else gives up with a message that names what was asked"
        ""
        { "lib.asserts.assertEachOneOf \"colours\" [ \"red\" ] [ \"red\" \"blue\" ]" => "true" "lib.asserts.assertEachOneOf \"colours\" [ \"red\" \"green\" ] [ \"red\" ]" => "error: thrown" }
        |ev, name, values, allowed| {
            let allowed = ev.list(allowed)?;
            for value in ev.list(values)?.iter() {
                if !is_among(ev, value, &allowed)? {
                    let name = ev.string(name)?;
                    return Err(thrown(Code::Thrown, format!("{name} has a value that is none of the allowed ones")));
                }
            }
            Ok(Value::Bool(true))
        };
}

fn is_among(ev: &mut dyn Evaluator, value: &Value, allowed: &List) -> Result<bool, Fault> {
    for known in allowed.iter() {
        ev.step()?;
        if equal(ev, value, known)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn guard(ev: &mut dyn Evaluator, condition: &Value, wanted: bool, message: &Value, value: &Value) -> Answer {
    if ev.bool(condition)? == wanted {
        return ev.force(value);
    }
    let message = ev.string(message)?;
    Err(thrown(Code::Thrown, &*message))
}

/// Evaluates a value to its last part; a part that leads back to itself is looked at once.
fn force_deeply(ev: &mut dyn Evaluator, value: &Value) -> Result<(), Fault> {
    let mut waiting = vec![value.clone()];
    let mut seen: HashSet<*const Value> = HashSet::new();
    // What was seen stays alive, since another value could come to stand in its place.
    let mut kept = Vec::new();
    while let Some(value) = waiting.pop() {
        ev.step()?;
        let value = ev.force(&value)?;
        match &value {
            Value::List(list) if !list.is_empty() && seen.insert(list.as_ptr()) => {
                waiting.extend(list.iter().rev().cloned());
                kept.push(value);
            }
            Value::Attrs(_) | Value::Entity(_) => {
                let attrs = ev.attrs(&value)?;
                if !attrs.is_empty() && seen.insert(attrs.values().as_ptr()) {
                    waiting.extend(attrs.values().iter().rev().cloned());
                    kept.push(Value::Attrs(attrs));
                }
            }
            _ => {}
        }
    }
    Ok(())
}
