//! The keys under which services of Clan export data: `SERVICE:INSTANCE:ROLE:MACHINE`.
//!
//! A part that is empty means all. Names, rules and what fails are those of clan-core's
//! `clanLib.exports`; a colon in a part is refused wherever it stands, as Clan means it.

use super::support::thrown;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{did_you_mean, quoted};
use crate::value::{Attrs, Evaluator, Fault, Name, Value};

table! {
    "buildScopeKey" ["clanLib.exports"] "{ serviceName? : String, instanceName? : String, roleName? : String, machineName? : String } -> String"
        "the key of a scope of exports in Clan"
        "What is left out means all. A service or a machine must be named, and no part has a colon."
        { "clanLib.exports.buildScopeKey { serviceName = \"dns\"; machineName = \"jon\"; }" => "\"dns:::jon\"" "clanLib.exports.buildScopeKey { roleName = \"peer\"; }" => "error: thrown" }
        |ev, scope| {
            let parts = parts(ev, scope)?;
            Ok(Value::string(build(&parts)?))
        };
    "parseScope" ["clanLib.exports"] "String -> { serviceName : String, instanceName : String, roleName : String, machineName : String }"
        "the parts of a scope's key; empty ones mean all"
        ""
        { "(clanLib.exports.parseScope \"dns:home:peer:jon\").roleName" => "\"peer\"" "clanLib.exports.parseScope \"dns\"" => "error: thrown" }
        |ev, key| {
            let key = ev.string(key)?;
            Ok(scope(&parse(&key)?))
        };
    "checkScope" ["clanLib.exports"] "{ serviceName? : String, instanceName? : String, roleName? : String, machineName? : String, whitelist? : [String], errorDetails? : String } -> String -> String"
        "a scope's key, if its parts are the given ones"
        "What is left out is not looked at, and keys of the whitelist always pass."
        { "clanLib.exports.checkScope { serviceName = \"dns\"; } \"dns:::jon\"" => "\"dns:::jon\"" "clanLib.exports.checkScope { serviceName = \"dns\"; } \"web:::jon\"" => "error: thrown" }
        |ev, allowed, key| {
            let key = ev.string(key)?;
            check(ev, allowed, &key)?;
            Ok(Value::from(key))
        };
    "checkExports" ["clanLib.exports"] "{ serviceName? : String, instanceName? : String, roleName? : String, machineName? : String, whitelist? : [String], errorDetails? : String } -> { _ : a } -> { _ : a }"
        "exports, each of which fails where its key is not of the given scope"
        ""
        { "clanLib.exports.checkExports { serviceName = \"dns\"; } { \"dns:::jon\" = 1; }" => "{\"dns:::jon\":1}" "attrNames (clanLib.exports.checkExports { serviceName = \"dns\"; } { \"web:::\" = 1; })" => "[\"web:::\"]" }
        |ev, allowed, exports| {
            let exports = ev.attrs(exports)?;
            let checked = exports.iter().map(|(key, value)| {
                let (allowed, name, value) = (allowed.clone(), Name::clone(key), value.clone());
                let checked = Value::lazy(move |evaluator| {
                    check(evaluator, &allowed, &name)?;
                    evaluator.force(&value)
                });
                (Name::clone(key), checked)
            });
            Ok(Value::attrs(checked.collect::<Vec<_>>()))
        };
    "selectExports" ["clanLib.exports"] "({ serviceName : String, instanceName : String, roleName : String, machineName : String } -> Bool) -> { _ : a } -> { _ : a }"
        "the exports whose scope a predicate holds for"
        ""
        { "clanLib.exports.selectExports (s: s.machineName == \"jon\") { \"dns:::jon\" = 1; \"dns:::sara\" = 2; }" => "{\"dns:::jon\":1}"
          "attrNames (clanLib.exports.selectExports (s: s.serviceName != \"dns\") { \"dns:::jon\" = 1; \"ssh:::jon\" = 2; })" => "[\"ssh:::jon\"]" }
        |ev, predicate, exports| {
            let mut selected = Vec::new();
            let exports: Attrs = ev.attrs(exports)?;
            for (key, value) in exports.iter() {
                ev.step()?;
                let holds = ev.call(predicate, &[scope(&parse(key)?)])?;
                if ev.bool(&holds)? {
                    selected.push((Name::clone(key), value.clone()));
                }
            }
            Ok(Value::attrs(selected))
        };
    "getExport" ["clanLib.exports"] "{ serviceName? : String, instanceName? : String, roleName? : String, machineName? : String } -> { _ : a } -> a"
        "the export of exactly a scope"
        ""
        { "clanLib.exports.getExport { serviceName = \"dns\"; } { \"dns:::\" = 1; }" => "1" "clanLib.exports.getExport { serviceName = \"web\"; } { \"dns:::\" = 1; }" => "error: missing-element" }
        |ev, wanted, exports| {
            let key = build(&parts(ev, wanted)?)?;
            let exports = ev.attrs(exports)?;
            match exports.get(&key) {
                Some(value) => ev.force(value),
                None => {
                    let diagnostic = Diagnostic::error(Code::MissingElement, format!("there is no export {}", quoted(&key)));
                    let known = exports.iter().map(|(name, _)| &**name);
                    Err(Fault::catchable(diagnostic.maybe_help(did_you_mean(&key, known))))
                }
            }
        };
}

/// The parts of a scope, in the order in which they stand in its key.
const PARTS: [&str; 4] = ["serviceName", "instanceName", "roleName", "machineName"];

/// The parts that a set names; those that it does not are empty.
fn parts(ev: &mut dyn Evaluator, scope: &Value) -> Result<[Name; 4], Fault> {
    let mut parts = PARTS.map(|_| Name::from(""));
    for (part, name) in parts.iter_mut().zip(PARTS) {
        if let Some(value) = ev.attr(scope, name)? {
            *part = ev.string(&value)?;
        }
    }
    Ok(parts)
}

fn build(parts: &[Name; 4]) -> Result<String, Fault> {
    if let Some(part) = parts.iter().find(|part| part.contains(':')) {
        return Err(thrown(
            Code::Thrown,
            format!("a part of a scope has no colon, and {} has one", quoted(part)),
        ));
    }
    let [service, _, _, machine] = parts;
    if service.is_empty() && machine.is_empty() {
        return Err(thrown(Code::Thrown, "a scope names at least a service or a machine"));
    }
    Ok(parts.join(":"))
}

fn parse(key: &str) -> Result<[Name; 4], Fault> {
    let parts: Vec<Name> = key.split(':').map(Name::from).collect();
    parts.try_into().map_err(|_| {
        let message = format!("expected a scope as `SERVICE:INSTANCE:ROLE:MACHINE`, found {}", quoted(key));
        thrown(Code::Thrown, message)
    })
}

fn scope(parts: &[Name; 4]) -> Value {
    Value::attrs(PARTS.into_iter().zip(parts).map(|(name, part)| (name, Value::from(Name::clone(part)))))
}

/// Fails where a key is not of the scope that is allowed.
fn check(ev: &mut dyn Evaluator, allowed: &Value, key: &Name) -> Result<(), Fault> {
    if let Some(passing) = ev.attr(allowed, "whitelist")?
        && super::support::texts(ev, &passing)?.contains(key)
    {
        return Ok(());
    }
    let found = parse(key)?;
    let wanted = parts(ev, allowed)?;
    for ((wanted, found), name) in wanted.iter().zip(&found).zip(PARTS) {
        if !wanted.is_empty() && wanted != found {
            let details = match ev.attr(allowed, "errorDetails")? {
                Some(details) => format!(": {}", ev.string(&details)?),
                None => String::new(),
            };
            let message = format!(
                "expected {} as `{name}` of the scope {}, found {}{details}",
                quoted(wanted),
                quoted(key),
                quoted(found)
            );
            return Err(thrown(Code::Thrown, message));
        }
    }
    Ok(())
}
