//! What modules say about their definitions: conditions, priorities and orders, as in nixpkgs.

use super::support::thrown;
use crate::diagnostic::Code;
use crate::types::Named;
use crate::value::Value;

table! {
    "mkIf" ["bare" "lib" "lib.modules"] "Bool -> a -> { _type : String, condition : Bool, content : a }"
        "definitions that count where a condition holds"
        "The condition goes down to the values, so that it may depend on the configuration itself."
        { "(mkIf true { a = 1; }).content" => "{\"a\":1}" "(mkIf false 1)._type" => "\"if\"" }
        |_ev, condition, content| Ok(Value::attrs([
            ("_type", Value::string("if")),
            ("condition", condition.clone()),
            ("content", content.clone()),
        ]));
    "mkAssert" ["lib" "lib.modules"] "Bool -> String -> a -> { _type : String, condition : Bool, content : a }"
        "definitions that count where a condition holds; where it does not, what needs them gives up with a message"
        ""
        { "(lib.mkAssert true \"no\" { a = 1; }).condition" => "true" "(lib.mkAssert false \"no rack\" { a = 1; }).condition" => "error: thrown" }
        |_ev, condition, message, content| {
            let (condition, message) = (condition.clone(), message.clone());
            let holds = Value::lazy(move |ev| {
                if ev.bool(&condition)? {
                    return Ok(Value::Bool(true));
                }
                let message = ev.string(&message)?;
                Err(thrown(Code::Thrown, format!("failed assertion: {message}")))
            });
            Ok(Value::attrs([
                ("_type", Value::string("if")),
                ("condition", holds),
                ("content", content.clone()),
            ]))
        };
    "mkMerge" ["bare" "lib" "lib.modules"] "[Any] -> { _type : String, contents : [Any] }"
        "several definitions of one value"
        ""
        { "mkMerge [ { a = 1; } { b = 2; } ]" => "{\"_type\":\"merge\",\"contents\":[{\"a\":1},{\"b\":2}]}" "mkMerge [ ]" => "{\"_type\":\"merge\",\"contents\":[]}" }
        |_ev, contents| Ok(Value::attrs([("_type", Value::string("merge")), ("contents", contents.clone())]));
    "mkOverride" ["bare" "lib" "lib.modules"] "Int -> a -> { _type : String, priority : Int, content : a }"
        "a definition of a priority; the lowest number wins"
        "A definition without one has the priority 100."
        { "mkOverride 10 1" => "{\"_type\":\"override\",\"content\":1,\"priority\":10}" "(mkOverride 10 1).priority" => "10" }
        |_ev, priority, content| Ok(ranked("override", priority, content));
    "mkForce" ["bare" "lib" "lib.modules"] "a -> { _type : String, priority : Int, content : a }"
        "a definition that wins over ordinary ones: priority 50"
        ""
        { "(mkForce 1).priority" => "50" "(mkForce [ \"a\" ]).content" => "[\"a\"]" }
        |_ev, content| Ok(ranked("override", &Value::Int(50), content));
    "mkDefault" ["bare" "lib" "lib.modules"] "a -> { _type : String, priority : Int, content : a }"
        "a definition that ordinary ones win over: priority 1000"
        ""
        { "(mkDefault 1).priority" => "1000" "(mkDefault { a = 1; }).content" => "{\"a\":1}" }
        |_ev, content| Ok(ranked("override", &Value::Int(1000), content));
    "mkOptionDefault" ["lib" "lib.modules"] "a -> { _type : String, priority : Int, content : a }"
        "a definition that stands for an option's own default: priority 1500"
        ""
        { "(lib.mkOptionDefault 1).priority" => "1500" "(lib.mkOptionDefault 1).priority > (mkDefault 1).priority" => "true" }
        |_ev, content| Ok(ranked("override", &Value::Int(1500), content));
    "mkImageMediaOverride" ["lib" "lib.modules"] "a -> { _type : String, priority : Int, content : a }"
        "a definition of priority 60, as installation images use it"
        ""
        { "(lib.mkImageMediaOverride 1).priority" => "60" "(lib.mkImageMediaOverride 1).priority > (mkForce 1).priority" => "true" }
        |_ev, content| Ok(ranked("override", &Value::Int(60), content));
    "mkVMOverride" ["lib" "lib.modules"] "a -> { _type : String, priority : Int, content : a }"
        "a definition of priority 10, as virtual machines use it"
        ""
        { "(lib.mkVMOverride 1).priority" => "10" "(lib.mkVMOverride 1).priority < (mkForce 1).priority" => "true" }
        |_ev, content| Ok(ranked("override", &Value::Int(10), content));
    "mkOrder" ["bare" "lib" "lib.modules"] "Int -> a -> { _type : String, priority : Int, content : a }"
        "a definition with a place among those of a list; the lowest number comes first"
        "A definition without one has the place 1000."
        { "mkOrder 10 [ 1 ]" => "{\"_type\":\"order\",\"content\":[1],\"priority\":10}" "(mkOrder 10 [ 1 ]).priority" => "10" }
        |_ev, place, content| Ok(ranked("order", place, content));
    "mkBefore" ["bare" "lib" "lib.modules"] "a -> { _type : String, priority : Int, content : a }"
        "a definition that comes before ordinary ones: place 500"
        ""
        { "(mkBefore [ 1 ]).priority" => "500" "(mkBefore [ 1 ])._type" => "\"order\"" }
        |_ev, content| Ok(ranked("order", &Value::Int(500), content));
    "mkAfter" ["bare" "lib" "lib.modules"] "a -> { _type : String, priority : Int, content : a }"
        "a definition that comes after ordinary ones: place 1500"
        ""
        { "(mkAfter [ 1 ]).priority" => "1500" "(mkAfter [ 1 ])._type" => "\"order\"" }
        |_ev, content| Ok(ranked("order", &Value::Int(1500), content));
    "definitionsOf" ["bare"] "Machine -> String -> [{ value : Any, won : Bool, reason : String, priority : Int, by : String, source : { file : String, line : Int, column : Int } }]"
        "every definition of an option in a machine's final configuration, with those that lose and why"
        "The option is its names with dots between. Definitions that count come first, in the order in which lists are joined. `invq render --sources` shows the same."
        { "map (d: d.by) (definitionsOf clusters.lab.machines.jon \"networking.hostName\")" => "[\"the machine's name\"]"
          "definitionsOf clusters.lab.machines.jon \"networking.hostname\"" => "error: unknown-option" }
        |ev, machine, option| {
            let option = ev.string(option)?;
            match ev.force(machine)? {
                Value::Entity(machine) if machine.kind == Named::Machine => ev.definitions(machine, &option),
                other => {
                    let message = format!("expected a machine, found {}", other.describe());
                    Err(ev.fault(Code::TypeMismatch, message))
                }
            }
        };
}

/// A definition with its priority or place.
pub(super) fn ranked(kind: &str, priority: &Value, content: &Value) -> Value {
    Value::attrs([
        ("_type", Value::string(kind)),
        ("priority", priority.clone()),
        ("content", content.clone()),
    ])
}
