//! Names of packages, the paths inside of them, and the flags with which they are built.

use super::patterns::package;
use super::support::{Answer, field, long_text, text_room, thrown};
use crate::diagnostic::Code;
use crate::value::{Evaluator, Fault, Name, Value};

table! {
    "getName" ["lib" "lib.strings"] "Any -> String"
        "the name of a package: of a text with a version, or of a set with `pname` or `name`"
        ""
        { "lib.getName \"youtube-dl-2016.01.01\"" => "\"youtube-dl\"" "lib.getName { pname = \"a\"; }" => "\"a\"" }
        |ev, of| name_part(ev, of, "pname", |(name, _)| name);
    "getVersion" ["lib" "lib.strings"] "Any -> String"
        "the version of a package: of a text with a name, or of a set with `version` or `name`"
        ""
        { "lib.getVersion \"youtube-dl-2016.01.01\"" => "\"2016.01.01\"" "lib.getVersion { name = \"a-1.0\"; }" => "\"1.0\"" }
        |ev, of| name_part(ev, of, "version", |(_, version)| version);
    "nameFromURL" ["lib" "lib.strings"] "String -> String -> String"
        "the part of a URL between its last slash and the first separator after that"
        "A URL without the separator there is an error."
        { "lib.nameFromURL \"https://example.com/nix-1.7.tar.bz2\" \"-\"" => "\"nix\"" "lib.nameFromURL \"https://example.com/nix\" \"-\"" => "error: assertion-failed" }
        |ev, url, separator| {
            let (url, separator) = (ev.string(url)?, ev.string(separator)?);
            let file = url.rsplit('/').next().unwrap_or(&url);
            match file.split_once(&*separator) {
                Some((name, _)) if name != file => Ok(Value::string(name)),
                _ => failed(format!("{} has no {}", crate::text::quoted(file), crate::text::quoted(&separator))),
            }
        };
    "sanitizeDerivationName" ["lib.strings"] "String -> String"
        "a text as a name that Nix allows for a package"
        ""
        { "lib.strings.sanitizeDerivationName \"../hello.bar # foo\"" => "\"-hello.bar-foo\"" "lib.strings.sanitizeDerivationName \"\"" => "\"unknown\"" }
        |ev, text| {
            let text = ev.string(text)?;
            ev.work(text.len())?;
            text_room(ev, text.len())?;
            Ok(Value::string(package_name(&text)))
        };
    "makeSearchPath" ["lib" "lib.strings"] "String -> [String?] -> String"
        "a search path: directories, each with a subdirectory, and colons between them"
        "Nulls are left out."
        { "lib.makeSearchPath \"bin\" [ \"/usr\" \"/opt\" ]" => "\"/usr/bin:/opt/bin\"" "lib.makeSearchPath \"bin\" [ \"\" null ]" => "\"/bin\"" }
        |ev, directory, paths| {
            let directory = ev.string(directory)?;
            search_path(ev, &directory, paths)
        };
    "makeSearchPathOutput" ["lib" "lib.strings"] "String -> String -> [String?] -> String"
        "as `lib.makeSearchPath`, with the output of packages in front"
        "There are no packages in invq, so that the output makes no difference."
        { "lib.makeSearchPathOutput \"dev\" \"bin\" [ \"/usr\" ]" => "\"/usr/bin\"" "lib.makeSearchPathOutput \"dev\" \"bin\" [ ]" => "\"\"" }
        |ev, _output, directory, paths| {
            let directory = ev.string(directory)?;
            search_path(ev, &directory, paths)
        };
    "makeBinPath" ["lib" "lib.strings"] "[String?] -> String"
        "the search path of the directories `bin` below some paths"
        ""
        { "lib.makeBinPath [ \"/root\" \"/usr\" ]" => "\"/root/bin:/usr/bin\"" "lib.makeBinPath [ ]" => "\"\"" }
        |ev, paths| search_path(ev, "bin", paths);
    "makeLibraryPath" ["lib" "lib.strings"] "[String?] -> String"
        "the search path of the directories `lib` below some paths"
        ""
        { "lib.makeLibraryPath [ \"/usr\" \"/usr/local\" ]" => "\"/usr/lib:/usr/local/lib\"" "lib.makeLibraryPath [ ]" => "\"\"" }
        |ev, paths| search_path(ev, "lib", paths);
    "makeIncludePath" ["lib" "lib.strings"] "[String?] -> String"
        "the search path of the directories `include` below some paths"
        ""
        { "lib.makeIncludePath [ \"/usr\" \"/usr/local\" ]" => "\"/usr/include:/usr/local/include\"" "lib.makeIncludePath [ ]" => "\"\"" }
        |ev, paths| search_path(ev, "include", paths);
    "enableFeature" ["lib" "lib.strings"] "Bool -> String -> String"
        "`--enable-` or `--disable-` with a feature"
        ""
        { "lib.enableFeature true \"shared\"" => "\"--enable-shared\"" "lib.enableFeature false \"shared\"" => "\"--disable-shared\"" }
        |ev, on, feature| switch(ev, on, ["enable", "disable"], feature, None);
    "enableFeatureAs" ["lib" "lib.strings"] "Bool -> String -> String -> String"
        "`--enable-` with a feature and its value, or `--disable-` with the feature alone"
        ""
        { "lib.enableFeatureAs true \"shared\" \"foo\"" => "\"--enable-shared=foo\"" "lib.enableFeatureAs false \"shared\" (throw \"ignored\")" => "\"--disable-shared\"" }
        |ev, on, feature, value| switch(ev, on, ["enable", "disable"], feature, Some(value));
    "withFeature" ["lib" "lib.strings"] "Bool -> String -> String"
        "`--with-` or `--without-` with a feature"
        ""
        { "lib.withFeature true \"shared\"" => "\"--with-shared\"" "lib.withFeature false \"shared\"" => "\"--without-shared\"" }
        |ev, on, feature| switch(ev, on, ["with", "without"], feature, None);
    "withFeatureAs" ["lib" "lib.strings"] "Bool -> String -> String -> String"
        "`--with-` with a feature and its value, or `--without-` with the feature alone"
        ""
        { "lib.withFeatureAs true \"shared\" \"foo\"" => "\"--with-shared=foo\"" "lib.withFeatureAs false \"shared\" (throw \"ignored\")" => "\"--without-shared\"" }
        |ev, on, feature, value| switch(ev, on, ["with", "without"], feature, Some(value));
    "cmakeOptionType" ["lib" "lib.strings"] "String -> String -> String -> String"
        "the flag that sets an option of CMake, with its type"
        "Types are `bool`, `filepath`, `path`, `string`, `internal` and `list`, in any case."
        { "lib.cmakeOptionType \"string\" \"ENGINE\" \"sdl2\"" => "\"-DENGINE:STRING=sdl2\"" "lib.cmakeOptionType \"int\" \"A\" \"1\"" => "error: assertion-failed" }
        |ev, kind, feature, value| {
            let kind = ev.string(kind)?.to_ascii_uppercase();
            if !["BOOL", "FILEPATH", "PATH", "STRING", "INTERNAL", "LIST"].contains(&&*kind) {
                return failed(format!("CMake has no type {}", crate::text::quoted(&kind)));
            }
            let value = ev.string(value)?;
            definition(ev, feature, &format!(":{kind}"), &value)
        };
    "cmakeFeature" ["lib" "lib.strings"] "String -> String -> String"
        "the flag that sets an option of CMake to a text"
        ""
        { "lib.cmakeFeature \"MODULES\" \"badblock\"" => "\"-DMODULES:STRING=badblock\"" "lib.cmakeFeature \"A\" \"\"" => "\"-DA:STRING=\"" }
        |ev, feature, value| {
            let value = ev.string(value)?;
            definition(ev, feature, ":STRING", &value)
        };
    "cmakeBool" ["lib" "lib.strings"] "String -> Bool -> String"
        "the flag that sets an option of CMake to `TRUE` or `FALSE`"
        ""
        { "lib.cmakeBool \"ENABLE_STATIC\" false" => "\"-DENABLE_STATIC:BOOL=FALSE\"" "lib.cmakeBool \"A\" true" => "\"-DA:BOOL=TRUE\"" }
        |ev, feature, on| {
            let value = if ev.bool(on)? { "TRUE" } else { "FALSE" };
            definition(ev, feature, ":BOOL", value)
        };
    "mesonOption" ["lib" "lib.strings"] "String -> String -> String"
        "the flag that sets an option of Meson"
        ""
        { "lib.mesonOption \"engine\" \"opengl\"" => "\"-Dengine=opengl\"" "lib.mesonOption \"a\" \"\"" => "\"-Da=\"" }
        |ev, feature, value| {
            let value = ev.string(value)?;
            definition(ev, feature, "", &value)
        };
    "mesonBool" ["lib" "lib.strings"] "String -> Bool -> String"
        "the flag that sets an option of Meson to `true` or `false`"
        ""
        { "lib.mesonBool \"hardened\" true" => "\"-Dhardened=true\"" "lib.mesonBool \"static\" false" => "\"-Dstatic=false\"" }
        |ev, feature, on| {
            let value = if ev.bool(on)? { "true" } else { "false" };
            definition(ev, feature, "", value)
        };
    "mesonEnable" ["lib" "lib.strings"] "String -> Bool -> String"
        "the flag that sets a feature of Meson to `enabled` or `disabled`"
        ""
        { "lib.mesonEnable \"docs\" true" => "\"-Ddocs=enabled\"" "lib.mesonEnable \"savage\" false" => "\"-Dsavage=disabled\"" }
        |ev, feature, on| {
            let value = if ev.bool(on)? { "enabled" } else { "disabled" };
            definition(ev, feature, "", value)
        };
}

/// An assertion of nixpkgs that does not hold.
fn failed(message: String) -> Answer {
    Err(thrown(Code::AssertionFailed, message))
}

/// A part of the name of a package: by itself in an attribute, or of the whole name.
fn name_part(
    ev: &mut dyn Evaluator,
    of: &Value,
    attribute: &str,
    part: for<'t> fn((&'t str, &'t str)) -> &'t str,
) -> Answer {
    let whole = match ev.force(of)? {
        Value::String(text) => text.into(),
        set => match ev.attr(&set, attribute)? {
            Some(value) => return Ok(Value::from(ev.string(&value)?)),
            None => {
                let name = field(ev, &set, "name")?;
                ev.string(&name)?
            }
        },
    };
    Ok(Value::string(part(package(&whole))))
}

/// A text as a name that Nix allows; Nix wants no more than 211 bytes with `.drv` behind it.
fn package_name(text: &str) -> String {
    const MOST: usize = 207;
    let mut name = String::with_capacity(text.len());
    // What is not allowed becomes one dash, however much of it there is in a row.
    let mut gap = false;
    for character in text.trim_start_matches('.').chars() {
        let allowed = character.is_ascii_alphanumeric() || "+._?=-".contains(character);
        if allowed || !gap {
            name.push(if allowed { character } else { '-' });
        }
        gap = !allowed;
    }
    if name.is_empty() {
        return "unknown".to_owned();
    }
    name.drain(..name.len().saturating_sub(MOST));
    name
}

fn search_path(ev: &mut dyn Evaluator, directory: &str, paths: &Value) -> Answer {
    let mut joined = String::new();
    let mut first = true;
    for path in ev.list(paths)?.iter() {
        ev.step()?;
        let path: Name = match ev.force(path)? {
            Value::Null => continue,
            path => ev.string(&path)?,
        };
        text_room(ev, joined.len() + path.len() + directory.len() + 2)?;
        if !std::mem::take(&mut first) {
            joined.push(':');
        }
        joined.push_str(&format!("{path}/{directory}"));
    }
    long_text(ev, &joined)
}

fn switch(
    ev: &mut dyn Evaluator,
    on: &Value,
    [yes, no]: [&str; 2],
    feature: &Value,
    value: Option<&Value>,
) -> Answer {
    let on = ev.bool(on)?;
    let mut flag = format!("--{}-{}", if on { yes } else { no }, ev.string(feature)?);
    if let (true, Some(value)) = (on, value) {
        flag.push_str(&format!("={}", ev.string(value)?));
    }
    long_text(ev, &flag)
}

fn definition(ev: &mut dyn Evaluator, feature: &Value, kind: &str, value: &str) -> Result<Value, Fault> {
    let feature = ev.string(feature)?;
    text_room(ev, feature.len() + value.len())?;
    long_text(ev, &format!("-D{feature}{kind}={value}"))
}
