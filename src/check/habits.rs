//! Names of other languages and of Nix that stand behind a value, and what invq has for them.

/// The call for what other languages write behind a list: `machines.length`.
pub(super) fn list_method(name: &str) -> Option<&'static str> {
    Some(match name {
        "length" | "len" | "count" | "size" => "length",
        "first" | "head" => "head",
        "last" => "last",
        "map" | "collect" | "each" => "map (x: …)",
        "filter" | "select" | "where" | "find_all" => "filter (x: …)",
        "find" => "findFirst (x: …) null",
        "sort" | "sort_by" | "sorted" | "sortBy" => "sortOn (x: …)",
        "group_by" | "groupBy" => "groupBy (x: …)",
        "reverse" | "reversed" => "reverseList",
        "unique" | "uniq" | "distinct" => "unique",
        "contains" | "includes" | "has" => "elem x",
        "join" => "concatStringsSep \", \"",
        "sum" => "sum",
        "hosts" | "names" => "map (x: x.name)",
        "flatten" => "flatten",
        _ => return None,
    })
}

/// The call for what other languages write behind a string: `name.startswith("web")`.
pub(super) fn string_method(name: &str) -> Option<&'static str> {
    Some(match name {
        "startswith" | "startsWith" | "starts_with" => "hasPrefix \"…\"",
        "endswith" | "endsWith" | "ends_with" => "hasSuffix \"…\"",
        "contains" | "includes" => "hasInfix \"…\"",
        "upper" | "toUpperCase" | "to_uppercase" => "toUpper",
        "lower" | "toLowerCase" | "to_lowercase" => "toLower",
        "split" => "splitString \",\"",
        "replace" => "replaceStrings [ \"…\" ] [ \"…\" ]",
        "length" | "len" | "size" => "stringLength",
        "format" => "replaceStrings [ \"{}\" ] [ x ]",
        "strip" | "trim" => "lib.trim",
        "match" | "test" | "matches" => "match \"…\"",
        _ => return None,
    })
}

/// Why Nix has a builtin that is missing here.
pub(super) fn left_out(name: &str) -> Option<&'static str> {
    Some(match name {
        "getEnv" | "currentTime" | "currentSystem" | "nixPath" | "storeDir" | "nixVersion" => {
            "evaluation reaches no clock and no environment: give a value with `--arg NAME VALUE`"
        }
        "readFile" | "readDir" | "readFileType" | "pathExists" | "path" | "filterSource" | "findFile"
        | "toFile" | "hashFile" => "evaluation reaches no files but by `import ./part.invq`",
        "fetchurl" | "fetchTarball" | "fetchGit" | "fetchTree" | "fetchMercurial" | "getFlake" => {
            "evaluation reaches no network"
        }
        "derivation" | "mkDerivation" | "derivationStrict" | "placeholder" | "storePath" | "outputOf" => {
            "there are no derivations and no store"
        }
        "unsafeGetAttrPos" | "unsafeGetLambdaPos" => "a value does not know where it was written",
        "setFunctionArgs" | "mirrorFunctionArgs" => {
            "a function takes what its own pattern says: write `{ name, ... }: body`"
        }
        _ => return None,
    })
}
