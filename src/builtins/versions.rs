//! The parts of versions, and versions of a given length.

use super::patterns::Parts;
use super::support::{Answer, room_later};
use crate::diagnostic::Code;
use crate::value::{Evaluator, Name, Value};

table! {
    "major" ["lib.versions"] "String -> String"
        "the first part of a version"
        ""
        { "lib.versions.major \"1.2.3\"" => "\"1\"" "lib.versions.major \"\"" => "error: missing-element" }
        |ev, version| part(ev, version, 0);
    "minor" ["lib.versions"] "String -> String"
        "the second part of a version"
        ""
        { "lib.versions.minor \"1.2.3\"" => "\"2\"" "lib.versions.minor \"1\"" => "error: missing-element" }
        |ev, version| part(ev, version, 1);
    "patch" ["lib.versions"] "String -> String"
        "the third part of a version"
        ""
        { "lib.versions.patch \"1.2.3\"" => "\"3\"" "lib.versions.patch \"1.2pre4\"" => "\"pre\"" }
        |ev, version| part(ev, version, 2);
    "majorMinor" ["lib.versions"] "String -> String"
        "the first two parts of a version"
        ""
        { "lib.versions.majorMinor \"1.2.3\"" => "\"1.2\"" "lib.versions.majorMinor \"1\"" => "\"1\"" }
        |ev, version| {
            let version = ev.string(version)?;
            let parts: Vec<&str> = Parts(&version).take(2).collect();
            Ok(Value::string(parts.join(".")))
        };
    "pad" ["lib.versions"] "Int -> String -> String"
        "a version with as many parts as said: longer ones are cut, shorter ones get zeros"
        "What follows the first `-` stays as it is and does not count."
        { "lib.versions.pad 3 \"1.2\"" => "\"1.2.0\"" "lib.versions.pad 2 \"1.2.3-rc1\"" => "\"1.2-rc1\"" }
        |ev, count, version| pad(ev, count, version);
}

fn part(ev: &mut dyn Evaluator, version: &Value, index: usize) -> Answer {
    let version: Name = ev.string(version)?;
    match Parts(&version).nth(index) {
        Some(part) => Ok(Value::string(part)),
        None => {
            let which = ["first", "second", "third"].get(index).copied().unwrap_or("further");
            Err(ev.fault(Code::MissingElement, format!("the version \"{version}\" has no {which} part")))
        }
    }
}

fn pad(ev: &mut dyn Evaluator, count: &Value, version: &Value) -> Answer {
    let (count, version) = (ev.int(count)?, ev.string(version)?);
    let Ok(count) = usize::try_from(count) else {
        return Err(ev
            .fault(Code::InvalidValue, format!("a version cannot have {count} parts"))
            .of_argument(0));
    };
    room_later(ev, count)?;
    let (numbers, suffix) = version.split_at(version.find('-').unwrap_or(version.len()));
    let parts: Vec<&str> = Parts(numbers).chain(std::iter::repeat("0")).take(count).collect();
    Ok(Value::string(parts.join(".") + suffix))
}
