//! What modules say about their definitions: conditions, priorities and orders, as in nixpkgs.

use super::attrpaths::lookup;
use super::options::is_type;
use super::support::{Answer, each, field, thrown};
use crate::diagnostic::Code;
use crate::types::Named;
use crate::value::{Attrs, Evaluator, Value};

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
    "mkFixStrictness" ["lib" "lib.modules"] "a -> a"
        "the value itself"
        "It has no effect in nixpkgs any more. It is there for modules that still call it."
        { "lib.mkFixStrictness { a = 1; }" => "{\"a\":1}" "lib.mkFixStrictness 1" => "1" }
        |ev, value| ev.force(value);
    "mkAliasIfDef" ["lib.modules"] "Any -> a -> { _type : String, condition : Bool, content : a }"
        "definitions that count where an option is one that a module declares, and is defined"
        "The option is a set with `_type = \"option\"` and `isDefined`, as modules get them in `options`."
        { "(lib.modules.mkAliasIfDef (lib.mkOption { } // { isDefined = true; }) 1).condition" => "true" "(lib.modules.mkAliasIfDef { isDefined = true; } 1).condition" => "false" }
        |_ev, option, content| Ok(alias(option, content.clone()));
    "mkAliasDefinitions" ["lib" "lib.modules"] "Any -> { _type : String, condition : Bool, content : Any }"
        "the definitions of another option, as definitions of this one"
        "The option is a set with `isDefined` and `definitions`, as modules get them in `options`."
        { "(lib.mkAliasDefinitions { _type = \"option\"; isDefined = true; definitions = [ 1 2 ]; }).content" => "{\"_type\":\"merge\",\"contents\":[1,2]}" "(lib.mkAliasDefinitions { }).condition" => "false" }
        |_ev, option| {
            let merged = option.clone();
            Ok(alias(option, Value::lazy(move |ev| merge_of(ev, &merged, None))))
        };
    "mkAliasAndWrapDefinitions" ["lib" "lib.modules"] "(Any -> Any) -> Any -> { _type : String, condition : Bool, content : Any }"
        "as `lib.mkAliasDefinitions`, with a function that is applied to the definitions"
        ""
        { "(lib.mkAliasAndWrapDefinitions (x: { a = x; }) { _type = \"option\"; isDefined = true; definitions = [ 1 ]; }).content.a.contents" => "[1]" "(lib.mkAliasAndWrapDefinitions (x: x) { })._type" => "\"if\"" }
        |_ev, wrap, option| {
            let (wrap, merged) = (wrap.clone(), option.clone());
            let content = Value::lazy(move |ev| {
                let definitions = merge_of(ev, &merged, None)?;
                ev.call(&wrap, &[definitions])
            });
            Ok(alias(option, content))
        };
    "mkAliasAndWrapDefsWithPriority" ["lib.modules"] "(Any -> Any) -> Any -> { _type : String, condition : Bool, content : Any }"
        "as `lib.mkAliasAndWrapDefinitions`, where the definitions keep the priority that the other option's have"
        "It is the option's `highestPrio`, or 100."
        { "(lib.modules.mkAliasAndWrapDefsWithPriority (x: x) { highestPrio = 50; definitions = [ 1 ]; }).content.contents" => "[{\"_type\":\"override\",\"content\":1,\"priority\":50}]" "(lib.modules.mkAliasAndWrapDefsWithPriority (x: x) { definitions = [ ]; }).content.contents" => "[]" }
        |_ev, wrap, option| {
            let (wrap, merged) = (wrap.clone(), option.clone());
            let content = Value::lazy(move |ev| {
                let priority = priority_of(ev, &merged)?;
                let definitions = merge_of(ev, &merged, Some(&priority))?;
                ev.call(&wrap, &[definitions])
            });
            Ok(alias(option, content))
        };
    "mkDerivedConfig" ["lib" "lib.modules"] "Any -> (Any -> a) -> { _type : String, priority : Int, content : a }"
        "a definition that a function makes of the value of an option, with the priority of the option's definitions"
        "The option is a set with `value`, and `highestPrio` where that is not 100."
        { "lib.mkDerivedConfig { value = 1; highestPrio = 50; } (x: x + 1)" => "{\"_type\":\"override\",\"content\":2,\"priority\":50}" "(lib.mkDerivedConfig { value = 1; } (x: x)).priority" => "100" }
        |_ev, option, function| {
            let (of_priority, of_value, function) = (option.clone(), option.clone(), function.clone());
            let priority = Value::lazy(move |ev| priority_of(ev, &of_priority));
            let content = Value::lazy(move |ev| {
                let value = field(ev, &of_value, "value")?;
                ev.call(&function, &[value])
            });
            Ok(ranked("override", &priority, &content))
        };
    "mkDefinition" ["lib.modules"] "{ file : Any, value : Any, .. } -> { _type : String, file : Any, value : Any }"
        "a definition that says where it stands"
        ""
        { "lib.modules.mkDefinition { file = \"a.nix\"; value = 1; }" => "{\"_type\":\"definition\",\"file\":\"a.nix\",\"value\":1}" "(lib.modules.mkDefinition { file = \"a.nix\"; value = mkForce 1; }).value.priority" => "50" }
        |ev, definition| {
            let mark = Attrs::new(["_type".into()].into(), vec![Value::string("definition")]);
            Ok(Value::Attrs(ev.attrs(definition)?.update(&mark)))
        };
    "defaultOverridePriority" ["lib.modules"] "Int"
        "the priority of a definition that has none of its own"
        ""
        { "lib.modules.defaultOverridePriority" => "100" "(mkForce 1).priority < lib.modules.defaultOverridePriority" => "true" }
        |_ev| Ok(Value::Int(NO_PRIORITY));
    "defaultOrderPriority" ["lib.modules"] "Int"
        "the place of a definition that has none of its own"
        ""
        { "lib.modules.defaultOrderPriority" => "1000" "(mkBefore [ ]).priority < lib.modules.defaultOrderPriority" => "true" }
        |_ev| Ok(Value::Int(1000));
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

/// The priority of a definition that has none of its own.
const NO_PRIORITY: i64 = 100;

/// Definitions that count where an option is declared and defined.
fn alias(option: &Value, content: Value) -> Value {
    let option = option.clone();
    let condition = Value::lazy(move |ev| {
        let declared = is_type(ev, "option", &option)?;
        if !ev.bool(&declared)? {
            return Ok(declared);
        }
        let defined = field(ev, &option, "isDefined")?;
        Ok(Value::Bool(ev.bool(&defined)?))
    });
    Value::attrs([("_type", Value::string("if")), ("condition", condition), ("content", content)])
}

/// The definitions of an option in one, with a priority if there is one.
fn merge_of(ev: &mut dyn Evaluator, option: &Value, priority: Option<&Value>) -> Answer {
    let definitions = field(ev, option, "definitions")?;
    let definitions = match priority {
        Some(priority) => {
            let definitions = ev.list(&definitions)?;
            let of_priority =
                each(ev, definitions.iter(), |_, definition| ranked("override", priority, definition))?;
            Value::list(of_priority)
        }
        None => definitions,
    };
    Ok(Value::attrs([("_type", Value::string("merge")), ("contents", definitions)]))
}

/// The priority of the definitions that an option has.
fn priority_of(ev: &mut dyn Evaluator, option: &Value) -> Answer {
    match lookup(ev, &["highestPrio"], option)? {
        Some(priority) => ev.force(&priority),
        None => Ok(Value::Int(NO_PRIORITY)),
    }
}

/// A definition with its priority or place.
pub(super) fn ranked(kind: &str, priority: &Value, content: &Value) -> Value {
    Value::attrs([
        ("_type", Value::string(kind)),
        ("priority", priority.clone()),
        ("content", content.clone()),
    ])
}
