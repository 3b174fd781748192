//! Options that modules declare, and their types, as in nixpkgs: data that the merge of modules reads.

use super::attrpaths::lookup;
use super::escapes::nix_name;
use super::support::{Answer, long_text, texts};
use crate::value::{Attrs, Evaluator, Value};

table! {
    "mkOption" ["lib" "lib.options"] "{ _ : Any } -> Any"
        "an option that a module declares, with its `type` and `default`"
        "It stands in `options` of a module. Where nobody defines the option, it has its default; a definition of another type is an error."
        { "(lib.mkOption { type = lib.types.port; default = 80; }).default" => "80" "(lib.mkOption { })._type" => "\"option\"" }
        |ev, declaration| declared(ev, declaration, Vec::new());
    "mkEnableOption" ["lib" "lib.options"] "String -> Any"
        "an option that is true or false, and false where nobody defines it"
        "The text is what it enables, for documentation."
        { "(lib.mkEnableOption \"the store\").default" => "false"
          "(lib.mkEnableOption \"the store\").description" => "\"Whether to enable the store.\"" }
        |ev, what| {
            let description = format!("Whether to enable {}.", ev.string(what)?);
            let given = Value::attrs([("description", Value::string(description))]);
            declared(ev, &given, vec![("default", Value::Bool(false)), ("type", plain("bool"))])
        };
    "literalExpression" ["lib" "lib.options"] "String -> { _type : String, text : String }"
        "the text of an expression that stands for a value in documentation"
        "For `defaultText` and `example` of an option."
        { "lib.literalExpression \"pkgs.hello\"" => "{\"_type\":\"literalExpression\",\"text\":\"pkgs.hello\"}" "(lib.literalExpression \"1 + 1\").text" => "\"1 + 1\"" }
        |ev, text| documentation(ev, "literalExpression", text);
    "literalMD" ["lib" "lib.options"] "String -> { _type : String, text : String }"
        "the text that stands for a value in documentation"
        "For `defaultText` and `example` of an option."
        { "lib.literalMD \"the *first* rack\"" => "{\"_type\":\"literalMD\",\"text\":\"the *first* rack\"}" "(lib.literalMD \"none\")._type" => "\"literalMD\"" }
        |ev, text| documentation(ev, "literalMD", text);
    "showOption" ["lib" "lib.options"] "[String] -> String"
        "the names that lead to an option, as they are written"
        "`<name>`, `*` and `<function body>` stand for any name, and for no text."
        { "lib.showOption [ \"services\" \"my app\" \"enable\" ]" => "\"services.\\\"my app\\\".enable\"" "lib.showOption [ \"users\" \"<name>\" \"uid\" ]" => "\"users.<name>.uid\"" }
        |ev, parts| {
            let parts = texts(ev, parts)?;
            let shown: Vec<String> = parts
                .iter()
                .map(|part| match &**part {
                    "<name>" | "*" | "<function body>" => Ok(part.to_string()),
                    _ => nix_name(ev, part),
                })
                .collect::<Result<_, _>>()?;
            long_text(ev, &shown.join("."))
        };
    "isType" ["lib" "lib.types"] "String -> Any -> Bool"
        "whether a value is a set of this `_type`"
        ""
        { "lib.isType \"if\" (mkIf true 1)" => "true" "lib.isType \"if\" 1" => "false" }
        |ev, name, value| {
            let name = ev.string(name)?;
            is_type(ev, &name, value)
        };
    "setType" ["lib" "lib.types"] "String -> { .. } -> Any"
        "a set with this `_type`"
        ""
        { "lib.setType \"rack\" { a = 1; }" => "{\"_type\":\"rack\",\"a\":1}" "lib.isType \"rack\" (lib.setType \"rack\" { })" => "true" }
        |ev, name, set| {
            let (name, set) = (name.clone(), ev.attrs(set)?);
            Ok(Value::Attrs(set.update(&Attrs::new(["_type".into()].into(), vec![name]))))
        };
    "isOption" ["lib" "lib.options"] "Any -> Bool"
        "whether a value is an option that a module declares"
        ""
        { "lib.isOption (lib.mkOption { })" => "true" "lib.isOption { }" => "false" }
        |ev, value| is_type(ev, "option", value);
    "isDerivation" ["lib" "lib.attrsets"] "Any -> Bool"
        "whether a value is a set whose `type` is `\"derivation\"`, as packages are"
        "There are no packages in invq. It is there for functions that leave them as they are."
        { "lib.isDerivation { type = \"derivation\"; }" => "true" "lib.isDerivation { type = \"rack\"; }" => "false" "lib.isDerivation \"a\"" => "false" }
        |ev, value| {
            let mark = lookup(ev, &["type"], value)?.map(|mark| ev.force(&mark)).transpose()?;
            Ok(Value::Bool(matches!(mark, Some(Value::String(mark)) if *mark == *"derivation")))
        };
    "isOptionType" ["lib" "lib.types"] "Any -> Bool"
        "whether a value is the type of an option"
        ""
        { "lib.isOptionType lib.types.int" => "true" "lib.isOptionType { }" => "false" }
        |ev, value| is_type(ev, "option-type", value);
    "anything" ["lib.types"] "Any"
        "the type of any value; sets merge"
        ""
        { "lib.types.anything.name" => "\"anything\""
          "(lib.types.attrsOf lib.types.anything).inner == lib.types.anything" => "true" }
        |_ev| Ok(plain("anything"));
    "raw" ["lib.types"] "Any"
        "the type of any value that nothing looks into"
        ""
        { "lib.types.raw.name" => "\"raw\""
          "lib.types.raw == lib.types.anything" => "false" }
        |_ev| Ok(plain("raw"));
    "attrs" ["lib.types"] "Any"
        "the type of sets"
        ""
        { "lib.types.attrs.name" => "\"attrs\""
          "lib.isOptionType lib.types.attrs" => "true" }
        |_ev| Ok(plain("attrs"));
    "bool" ["lib.types"] "Any"
        "the type of `true` and `false`"
        ""
        { "lib.types.bool.name" => "\"bool\""
          "(lib.mkEnableOption \"the store\").type == lib.types.bool" => "true" }
        |_ev| Ok(plain("bool"));
    "int" ["lib.types"] "Any"
        "the type of whole numbers"
        ""
        { "lib.types.int.name" => "\"int\""
          "(lib.types.nullOr lib.types.int).inner == lib.types.int" => "true" }
        |_ev| Ok(plain("int"));
    "float" ["lib.types"] "Any"
        "the type of numbers with a point"
        ""
        { "lib.types.float.name" => "\"float\""
          "(lib.mkOption { type = lib.types.float; default = 0.5; }).default" => "0.5" }
        |_ev| Ok(plain("float"));
    "number" ["lib.types"] "Any"
        "the type of numbers"
        ""
        { "lib.types.number.name" => "\"number\""
          "(lib.mkOption { type = lib.types.number; default = 1; }).default" => "1" }
        |_ev| Ok(plain("number"));
    "port" ["lib.types"] "Any"
        "the type of port numbers, 0 to 65535"
        ""
        { "lib.types.port.name" => "\"port\""
          "map (type: type.name) (lib.types.either lib.types.port lib.types.str).inner" => "[\"port\",\"str\"]" }
        |_ev| Ok(plain("port"));
    "positive" ["lib.types.ints"] "Any"
        "the type of whole numbers from 1"
        ""
        { "lib.types.ints.positive.name" => "\"positive\""
          "lib.types.positive" => "error: unknown-field" }
        |_ev| Ok(plain("positive"));
    "unsigned" ["lib.types.ints"] "Any"
        "the type of whole numbers from 0"
        ""
        { "lib.types.ints.unsigned.name" => "\"unsigned\""
          "(lib.mkOption { type = lib.types.ints.unsigned; default = 0; }).type.name" => "\"unsigned\"" }
        |_ev| Ok(plain("unsigned"));
    "str" ["lib.types"] "Any"
        "the type of texts on which all definitions agree"
        ""
        { "lib.types.str.name" => "\"str\""
          "lib.types.string" => "error: unknown-field" }
        |_ev| Ok(plain("str"));
    "lines" ["lib.types"] "Any"
        "the type of texts of which several are joined, line by line"
        ""
        { "lib.types.lines.name" => "\"lines\""
          "lib.types.lines == lib.types.str" => "false" }
        |_ev| Ok(plain("lines"));
    "path" ["lib.types"] "Any"
        "the type of absolute paths"
        ""
        { "lib.types.path.name" => "\"path\""
          "(lib.types.attrsOf lib.types.path).inner.name" => "\"path\"" }
        |_ev| Ok(plain("path"));
    "listOf" ["lib.types"] "Any -> Any"
        "the type of lists of a type; several are joined"
        ""
        { "(lib.types.listOf lib.types.str).name" => "\"listOf\""
          "(lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; }).default" => "[]" }
        |_ev, element| Ok(with("listOf", element));
    "attrsOf" ["lib.types"] "Any -> Any"
        "the type of sets with values of a type"
        ""
        { "(lib.types.attrsOf lib.types.int).inner.name" => "\"int\""
          "(lib.types.attrsOf (lib.types.listOf lib.types.port)).inner.inner.name" => "\"port\"" }
        |_ev, element| Ok(with("attrsOf", element));
    "lazyAttrsOf" ["lib.types"] "Any -> Any"
        "the type of sets with values of a type, as `attrsOf`"
        ""
        { "(lib.types.lazyAttrsOf lib.types.int).name" => "\"attrsOf\""
          "lib.types.lazyAttrsOf lib.types.int == lib.types.attrsOf lib.types.int" => "true" }
        |_ev, element| Ok(with("attrsOf", element));
    "nullOr" ["lib.types"] "Any -> Any"
        "the type of null and the values of a type"
        ""
        { "(lib.types.nullOr lib.types.str).name" => "\"nullOr\""
          "(lib.mkOption { type = lib.types.nullOr lib.types.port; default = null; }).type.inner.name" => "\"port\"" }
        |_ev, inner| Ok(with("nullOr", inner));
    "enum" ["lib.types"] "[Any] -> Any"
        "the type of the listed values"
        ""
        { "(lib.types.enum [ \"night\" \"noon\" ]).inner" => "[\"night\",\"noon\"]"
          "lib.types.enum \"night\"" => "error: type-mismatch" }
        |_ev, values| Ok(with("enum", values));
    "either" ["lib.types"] "Any -> Any -> Any"
        "the type of the values of one type or another"
        ""
        { "(lib.types.either lib.types.int lib.types.str).name" => "\"oneOf\""
          "lib.types.either lib.types.int lib.types.str == lib.types.oneOf [ lib.types.int lib.types.str ]" => "true" }
        |_ev, first, second| Ok(with("oneOf", &Value::list(vec![first.clone(), second.clone()])));
    "oneOf" ["lib.types"] "[Any] -> Any"
        "the type of the values of one of several types"
        ""
        { "(lib.types.oneOf [ lib.types.int lib.types.str ]).name" => "\"oneOf\""
          "map (type: type.name) (lib.types.oneOf [ lib.types.int lib.types.str ]).inner" => "[\"int\",\"str\"]" }
        |_ev, types| Ok(with("oneOf", types));
    "submodule" ["lib.types"] "{ _ : Any } -> Any"
        "the type of sets with options of their own"
        ""
        { "(lib.types.submodule { options.port = lib.mkOption { default = 1; }; }).inner.options.port.default" => "1"
          "(lib.types.attrsOf (lib.types.submodule { options.port = lib.mkOption { type = lib.types.port; }; })).inner.inner.options.port.type.name" => "\"port\"" }
        |_ev, module| Ok(with("submodule", module));
}

/// A declaration with its mark; what it says itself counts.
fn declared(ev: &mut dyn Evaluator, declaration: &Value, defaults: Vec<(&str, Value)>) -> Answer {
    let given: Attrs = ev.attrs(declaration)?;
    let marked = defaults.into_iter().chain([("_type", Value::string("option"))]);
    let marked = ev.attrs(&Value::attrs(marked))?;
    Ok(Value::Attrs(marked.update(&given)))
}

/// A text that stands for a value in documentation.
fn documentation(ev: &mut dyn Evaluator, kind: &str, text: &Value) -> Answer {
    let text = Value::from(ev.string(text)?);
    Ok(Value::attrs([("_type", Value::string(kind)), ("text", text)]))
}

/// Whether a value is a set of this `_type`.
pub(super) fn is_type(ev: &mut dyn Evaluator, name: &str, value: &Value) -> Answer {
    let mark = lookup(ev, &["_type"], value)?.map(|mark| ev.force(&mark)).transpose()?;
    Ok(Value::Bool(matches!(mark, Some(Value::String(mark)) if *mark == *name)))
}

/// A type without arguments.
fn plain(name: &str) -> Value {
    Value::attrs([("_type", Value::string("option-type")), ("name", Value::string(name))])
}

/// A type with an argument.
fn with(name: &str, inner: &Value) -> Value {
    Value::attrs([
        ("_type", Value::string("option-type")),
        ("inner", inner.clone()),
        ("name", Value::string(name)),
    ])
}
