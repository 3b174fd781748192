# Texts, generators and command lines of nixpkgs' library by their documented meaning.
{ lib }:
with builtins;
let
  # What a set of options says, or a default.
  said = options: name: default: if options ? ${name} then options.${name} else default;
  closed = names: options: if removeAttrs options names == { } then options else throw "unknown option";
  every = f: set: map (name: f name set.${name}) (attrNames set);
  lines = set: lib.concatStrings set;
  printable = genList (n: n + 32) 95;
  table = listToAttrs (genList
    (n: { name = substring n 1 characters; value = elemAt printable n; }) 95)
    // { "\t" = 9; "\n" = 10; "\r" = 13; };
  characters = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
  hex = character:
    let digits = lib.toHexString table.${character};
    in if stringLength digits == 1 then "0" + digits else digits;
  like = x: isString x;
  shell = x: lib.escapeShellArg (toString x);
  joined = separator: f: list: concatStringsSep separator (map f list);
  path = directory: paths: joined ":" (one: "${one}/${directory}") (filter (one: one != null) paths);
  autoconf = yes: no: on: feature: "--${if on then yes else no}-${feature}";
  as = flag: on: feature: value: flag on feature + (if on then "=${value}" else "");
  quoted = text: replaceStrings [ "$" ] [ "\\$" ] (toJSON text);
  keywords = [ "assert" "else" "if" "in" "inherit" "let" "or" "rec" "then" "with" ];
  smallest = foldl' lib.min;
  distance = a: b:
    let
      to = i: j:
        if i == 0 then j else if j == 0 then i
        else smallest (to (i - 1) j + 1) [
          (to i (j - 1) + 1)
          (to (i - 1) (j - 1) + (if substring (i - 1) 1 a == substring (j - 1) 1 b then 0 else 1))
        ];
    in to (stringLength a) (stringLength b);
  alike = at: a: b:
    let
      shorter = lib.min (stringLength a) (stringLength b);
      go = n: if n < shorter && at n a == at n b then go (n + 1) else n;
    in go 0;
  value = x:
    if isString x then x
    else if isBool x then (if x then "true" else "false")
    else if x == null then "null"
    else if isInt x || isFloat x then toString x
    else abort "no text";
  pair = write: separator: key: x: lib.escape [ separator ] key + separator + write x;
  several = x: if isList x then x else [ x ];
  keys = options: set:
    let
      write = said options "mkKeyValue" (pair value "=");
      line = key: x: said options "indent" "" + write key x + "\n";
      each = key: x: if said options "listsAsDuplicateKeys" false then map (line key) (several x) else [ (line key x) ];
    in lines (concatLists (every each set));
  ini = options: sections:
    let name = said options "mkSectionName" (lib.escape [ "[" "]" ]);
    in concatStringsSep "\n"
      (every (section: set: "[${name section}]\n" + keys (removeAttrs options [ "mkSectionName" ]) set) sections);
  # The values inside of sets, each with the names that lead to it.
  leaves = names: x:
    if isAttrs x then concatLists (every (name: leaves (names ++ [ name ])) x) else [ { inherit names x; } ];
  git = set:
    let
      sections = foldl'
        (all: { names, x }:
          lib.recursiveUpdate all { ${concatStringsSep "." (lib.init names)}.${lib.last names} = x; })
        { } (leaves [ ] set);
      write = x:
        if isString x
        then "\"" + replaceStrings [ "\n" "\t" "\"" "\\" ] [ "\\n" "\\t" "\\\"" "\\\\" ] x + "\""
        else value x;
      name = text:
        let parts = match "([^.\"]*)\\.([^\"]*)" text;
        in if parts == null then text else "${head parts} \"${elemAt parts 1}\"";
    in ini
      {
        mkSectionName = name;
        mkKeyValue = key: x: joined "\n" (one: "\t" + pair write " = " key one) (several x);
      }
      sections;
  blanks = multiline: indent:
    if multiline then { intro = "\n${indent}  "; outro = "\n${indent}"; } else { intro = " "; outro = " "; };
  pretty = options:
    let
      multiline = said options "multiline" true;
      write = indent: x:
        let
          inherit (blanks multiline indent) intro outro;
          deeper = write (indent + "  ");
          rows = filter isString (split "\n" x);
        in
        if x == null then "null"
        else if isBool x then value x
        else if isInt x || isFloat x then toJSON x
        else if isString x then
          if multiline && length rows > 1 then
            "''" + lines (map (row: intro + row) (map (replaceStrings [ "\${" "''" ] [ "''\${" "'''" ]) (lib.init rows)))
            + (if lib.last rows == "" then outro
               else intro + replaceStrings [ "\${" "''" ] [ "''\${" "'''" ] (lib.last rows))
            + "''"
          else "\"" + joined "\\n" (lib.escape [ "\\" "\"" "\${" ]) rows + "\""
        else if isList x then
          if x == [ ] then "[ ]" else "[" + lines (map (one: intro + deeper one) x) + outro + "]"
        else if isFunction x then
          let names = every (name: default: name + (if default then "?" else "")) (functionArgs x);
          in if names == [ ] then "<function>" else "<function, args: {${concatStringsSep ", " names}}>"
        else if said options "allowPrettyValues" false && x ? __pretty && x ? val then x.__pretty x.val
        else if x == { } then "{ }"
        else if (x.type or "") == "derivation" then "<derivation ${x.name or "???"}>"
        else "{" + lines (every (name: one: "${intro}${self.escapeNixIdentifier name} = ${deeper one};") x) + outro + "}";
    in write (said options "indent" "");
  lua = multiline: indent: x:
    let
      inherit (blanks multiline indent) intro outro;
      deeper = lua multiline (indent + "  ");
      table = rows: if rows == [ ] then "{}" else "{" + joined "," (row: intro + row) rows + outro + "}";
    in
    if x == null then "nil"
    else if isList x then table (map deeper x)
    else if isAttrs x then
      if (x._type or "") == "lua-inline" then "(${x.expr})"
      else table (every (name: one: "[${toJSON name}] = ${deeper one}") x)
    else toJSON x;
  dhall = x:
    if isAttrs x then "{ ${concatStringsSep ", " (every (name: one: "${name} = ${dhall one}") x)} }"
    else if isList x then "[ ${joined ", " dhall x} ]"
    else if isInt x then (if x < 0 then "" else "+") + toString x
    else if isBool x then (if x then "True" else "False")
    else if x == null || isFunction x then abort "not Dhall"
    else toJSON x;
  plist = escape: indent: x:
    let
      text = if escape then self.escapeXML else (x: x);
      deeper = plist escape (indent + "\t");
      members = lib.filterAttrs (name: one: name != "_module" && one != null) x;
      around = tag: rows: concatStringsSep "\n" [ "${indent}<${tag}>" (concatStringsSep "\n" rows) "${indent}</${tag}>" ];
    in
    if x == null then ""
    else if isBool x then "${indent}<${value x}/>"
    else if isInt x then "${indent}<integer>${toString x}</integer>"
    else if isFloat x then "${indent}<real>${toString x}</real>"
    else if isString x then "${indent}<string>${text x}</string>"
    else if isList x then around "array" (map deeper x)
    else around "dict" (concatLists (every (name: one: [ "${indent}\t<key>${text name}</key>" (deeper one) ]) members));
  # Command lines: the words for one value under a form.
  words = form: x:
    if x == null || (x == false && !form.explicitBool) then [ ]
    else if x == true && !form.explicitBool then [ form.option ]
    else if isList x && form.listRepr == "spread" then [ form.option ] ++ map form.formatArg x
    else if form.sep == null then [ form.option (form.formatArg x) ]
    else [ "${form.option}${form.sep}${form.formatArg x}" ];
  line = formOf: set: concatLists (every
    (name: x:
      let
        form = { formatArg = value; listRepr = "repeat"; splitList = list: [ list ]; } // formOf name;
        parts = { repeat = x; join = [ x ]; spread = form.splitList x; };
      in
      if name == "" then throw "no name"
      else concatMap (words form)
        (if isList x then parts.${form.listRepr} or (throw "no such form") else [ x ]))
    set);
  gnu = options: line (name:
    let
      long = said options "isLong" (name: stringLength name > 1) name;
      write = said options "formatArg" value;
      kind = said options "listRepr" (name: "repeat") name;
    in {
      option = (if long then "--" else "-") + name;
      sep = if long then "=" else "";
      explicitBool = said options "explicitBool" false;
      formatArg = x:
        if kind == "join" && isList x then said options "formatList" (joined "," write) x else write x;
      listRepr = kind;
      splitList = said options "splitList" (name: list: [ list ]) name;
    });
  older = options: set:
    let
      option = said options "mkOptionName" (name: (if stringLength name == 1 then "-" else "--") + name);
      separator = said options "optionValueSeparator" null;
      one = said options "mkOption" (name: x:
        if x == null then [ ]
        else if separator == null then [ (option name) (value x) ]
        else [ (option name + separator + value x) ]);
      many = said options "mkList" (name: concatMap (one name));
      truth = said options "mkBool" (name: x: if x then [ (option name) ] else [ ]);
    in concatLists (every (name: x: (if isBool x then truth else if isList x then many else one) name x) set);
  self = {
    join = concatStringsSep;
    concatMapAttrsStringSep = separator: f: set: concatStringsSep separator (every f set);
    replaceString = from: to: replaceStrings [ from ] [ to ];
    replaceChars = replaceStrings;
    trimWith = options: text:
      let
        blank = "[ \t\r\n]*";
        start = x: head (match "${blank}(.*)" x);
        end = x: let found = match "(.*[^ \t\r\n])${blank}" x; in if found == null then "" else head found;
        some = name: f: x: if said (closed [ "start" "end" ] options) name false then f x else x;
      in some "end" end (some "start" start text);
    normalizePath = text: concatStringsSep "/" (filter isString (split "/+" text));
    splitStringBy = begins: keep: text:
      let
        step = { parts, before }: c:
          let new = begins before c;
          in {
            before = c;
            parts =
              if new then parts ++ [ (if keep then c else "") ]
              else lib.init parts ++ [ (lib.last parts + c) ];
          };
      in (foldl' step { parts = [ "" ]; before = ""; } (lib.stringToCharacters text)).parts;
    toCamelCase = text:
      let
        rough = self.splitStringBy (before: c: elem c [ "-" "_" " " ]) false text;
        change = before: c: match "[a-z]" before != null && match "[A-Z]" c != null;
        parts = concatMap (self.splitStringBy change true) rough;
      in lines ([ (lib.toLower (head parts)) ] ++ map lib.toSentenceCase (tail parts));
    charToInt = c: table.${c};
    commonPrefixLength = alike (n: text: substring n 1 text);
    commonSuffixLength = alike (n: text: substring (stringLength text - n - 1) 1 text);
    levenshtein = distance;
    # What both begin and end with is left aside; where the two lie over each other, all behind the beginning counts.
    levenshteinAtMost = most: a: b:
      let
        begins = self.commonPrefixLength a b;
        between = text: substring begins (stringLength text - begins - self.commonSuffixLength a b) text;
        first = text: substring 1 (-1) text;
        last = text: substring 0 (stringLength text - 1) text;
        x = between a;
        y = between b;
      in
      if most <= 0 then a == b
      else if stringLength a < stringLength b then self.levenshteinAtMost most b a
      else if stringLength a - stringLength b > most then false
      else if most == 1 then stringLength x <= 1 && stringLength y <= 1
      else if most > 2 then distance x y <= most
      else if stringLength x - stringLength y == 2 then first (last x) == y
      else if stringLength x - stringLength y == 1 then first (last x) == last y || first (last x) == first y
      else first (last x) == first (last y) || last x == first y || first x == last y;
    isStringLike = like;
    isConvertibleWithToString = x:
      elem (typeOf x) [ "string" "null" "int" "float" "bool" ]
      || (isList x && all self.isConvertibleWithToString x);
    floatToString = toString;
    addContextFrom = source: text: text;
    lowerChars = lib.stringToCharacters "abcdefghijklmnopqrstuvwxyz";
    upperChars = lib.stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    escapeC = list: replaceStrings list (map (c: "\\x" + lib.toLower (hex c)) list);
    escapeNixString = quoted;
    escapeNixIdentifier = text:
      if match "[a-zA-Z_][a-zA-Z0-9_'-]*" text != null && !(elem text keywords) then text else quoted text;
    escapeURL = lib.stringAsChars (c: if match "[A-Za-z0-9_.~-]" c != null then c else if table ? ${c} then "%" + hex c else c);
    escapeXML = replaceStrings [ "\"" "'" "<" ">" "&" ] [ "&quot;" "&apos;" "&lt;" "&gt;" "&amp;" ];
    isValidPosixName = name: match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;
    toShellVar = name: x:
      if !(self.isValidPosixName name) then throw "no name"
      else if isAttrs x then "declare -A ${name}=(${concatStringsSep " " (every (key: one: "[${shell key}]=${shell one}") x)})"
      else if isList x then "declare -a ${name}=(${joined " " shell x})"
      else "${name}=${shell x}";
    toShellVars = set: concatStringsSep "\n" (every self.toShellVar set);

    getName = x: if isString x then (parseDrvName x).name else x.pname or (parseDrvName x.name).name;
    getVersion = x: if isString x then (parseDrvName x).version else x.version or (parseDrvName x.name).version;
    nameFromURL = url: separator:
      let
        file = lib.last (lib.splitString "/" url);
        name = head (lib.splitString separator file);
      in assert name != file; name;
    sanitizeDerivationName = text:
      let
        bare = head (match "\\.*(.*)" text);
        clean = lib.concatMapStrings (part: if isList part then "-" else part) (split "[^[:alnum:]+._?=-]+" bare);
        last = substring (lib.max 0 (stringLength clean - 207)) (-1) clean;
      in if last == "" then "unknown" else last;
    makeSearchPath = path;
    makeSearchPathOutput = output: path;
    makeBinPath = path "bin";
    makeLibraryPath = path "lib";
    makeIncludePath = path "include";
    enableFeature = autoconf "enable" "disable";
    enableFeatureAs = as self.enableFeature;
    withFeature = autoconf "with" "without";
    withFeatureAs = as self.withFeature;
    cmakeOptionType = type: feature: x:
      assert elem (lib.toUpper type) [ "BOOL" "FILEPATH" "PATH" "STRING" "INTERNAL" "LIST" ];
      "-D${feature}:${lib.toUpper type}=${x}";
    cmakeFeature = self.cmakeOptionType "string";
    cmakeBool = feature: on: self.cmakeOptionType "bool" feature (lib.toUpper (lib.boolToString on));
    mesonOption = feature: x: "-D${feature}=${x}";
    mesonBool = feature: on: self.mesonOption feature (lib.boolToString on);
    mesonEnable = feature: on: self.mesonOption feature (if on then "enabled" else "disabled");
  };
in self // {
  generators = {
    mkValueStringDefault = { }: value;
    mkKeyValueDefault = options: pair (said options "mkValueString" value);
    toKeyValue = keys;
    toINI = ini;
    toINIWithGlobalSection = options: { globalSection, sections ? { } }:
      (if globalSection == { } then "" else keys options globalSection + "\n") + ini options sections;
    toGitINI = git;
    toJSON = { }: toJSON;
    toYAML = { }: toJSON;
    toPretty = pretty;
    toLua = options: x:
      let indent = said options "indent" "";
      in if !(said options "asBindings" false) then lua (said options "multiline" true) indent x
      else if all (name: match "[[:alpha:]_][[:alnum:]_]*(\\.[[:alpha:]_][[:alnum:]_]*)*" name != null) (attrNames x)
      then lines (every (name: one: "${indent}${name} = ${lua (said options "multiline" true) indent one}\n") x)
      else throw "no name";
    mkLuaInline = expr: { _type = "lua-inline"; inherit expr; };
    toPlist = options: x: concatStringsSep "\n" [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
      "<!DOCTYPE plist PUBLIC \"-//Apple Computer//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">"
      "<plist version=\"1.0\">"
      (plist (said options "escape" false) "" x)
      "</plist>"
    ];
    toDhall = { }: dhall;
  };
  cli = {
    toCommandLine = line;
    toCommandLineShell = form: set: lib.escapeShellArgs (line form set);
    toCommandLineGNU = gnu;
    toCommandLineShellGNU = options: set: lib.escapeShellArgs (gnu options set);
    toGNUCommandLine = older;
    toGNUCommandLineShell = options: set: lib.escapeShellArgs (older options set);
  };
}
