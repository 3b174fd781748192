# Functions of nixpkgs' library by their documented meaning, for the comparison with invq's own.
with builtins;
let
  # Counts from one number to another.
  range = first: last: genList (i: first + i) (if last < first then 0 else last - first + 1);
  indices = list: range 0 (length list - 1);
  cut = from: list: map (elemAt list) (range from (length list - 1));
  some = wanted: list: filter (x: x == wanted) list != [ ];
  pairs = set: map (name: { inherit name; value = set.${name}; }) (attrNames set);
  limit = count: list: map (elemAt list) (range 0 ((if count < length list then count else length list) - 1));
  text = concatStringsSep "";
  chars = string: genList (i: substring i 1 string) (stringLength string);
  minus = string: substring 0 1 string == "-";
  ends = suffix: string:
    let rest = stringLength string - stringLength suffix;
    in rest >= 0 && substring rest (-1) string == suffix;
  rightwards = combine: end: list:
    if list == [ ] then end else combine (head list) (rightwards combine end (tail list));
  leaf = value: !(isAttrs value);
  definition = kind: priority: content: { _type = kind; inherit priority content; };
  path = names: set:
    if names == [ ] then { found = true; value = set; }
    else if isAttrs set && set ? ${head names} then path (tail names) set.${head names}
    else { found = false; };
  self = rec {
    inherit range;

    # trivial
    id = x: x;
    const = x: y: x;
    flip = f: x: y: f y x;
    pipe = foldl' (x: f: f x);
    fix = f: let whole = f whole; in whole;
    converge = f: x: let next = f x; in if next == x then x else converge f next;
    concat = a: b: a ++ b;
    and = a: b: a && b;
    xor = a: b: a != b;
    mod = a: b: a - a / b * b;
    min = a: b: if a < b then a else b;
    max = a: b: if a > b then a else b;
    compare = a: b: if a < b then -1 else if b < a then 1 else 0;
    bitNot = x: -1 - x;
    boolToString = b: if b then "true" else "false";
    defaultTo = default: x: if x == null then default else x;
    mapNullable = f: x: if x == null then null else f x;
    mergeAttrs = a: b: a // b;
    throwIf = bad: message: x: if bad then throw message else x;
    throwIfNot = good: throwIf (!good);
    assertMsg = good: message: good || throw message;
    assertOneOf = name: x: allowed: elem x allowed || throw name;
    warn = message: x: seq (substring 0 0 message) x;
    warnIf = condition: message: if condition then warn message else id;
    warnIfNot = condition: warnIf (!condition);
    traceVal = x: x;
    toHexString = n: assert n >= 0;
      let digit = substring (mod n 16) 1 "0123456789ABCDEF";
      in if n < 16 then digit else toHexString (n / 16) + digit;

    implies = a: b: !a || b;
    boolToYesNo = b: if b then "yes" else "no";
    toFunction = f: if isFunction f then f else x: f;
    toBaseDigits = base: n: assert base > 1 && n >= 0; if n < base then [ n ] else toBaseDigits base (n / base) ++ [ (mod n base) ];
    fromHexString = digits: (fromTOML "n = 0x${digits}").n;

    info = message: x: seq (substring 0 0 message) x;
    showWarnings = messages: x: deepSeq (map (substring 0 0) messages) x;
    assertEachOneOf = name: values: allowed: all (x: elem x allowed) values || throw name;
    traceIf = condition: message: x: if condition then seq message x else x;
    traceValFn = f: x: seq (f x) x;
    traceSeq = deepSeq;
    traceValSeq = x: deepSeq x x;
    traceValSeqFn = f: x: seq (f (deepSeq x x)) x;

    # fixed points
    fix' = f: let whole = f whole // { __unfix__ = f; }; in whole;
    extends = change: f: whole: let before = f whole; in before // change whole before;
    composeExtensions = a: b: composeManyExtensions [ a b ];
    composeManyExtensions = changes: whole: before:
      let step = { added, before }: change:
        let new = change whole before; in { added = added // new; before = before // new; };
      in (foldl' step { added = { }; inherit before; } changes).added;
    toExtension = x:
      if !(isFunction x) then whole: before: x
      else whole: before: if isFunction (x before) then x whole before else x before;
    makeExtensible = makeExtensibleWithCustomName "extend";
    makeExtensibleWithCustomName = name: f: fix' (whole: f whole // {
      ${name} = change: makeExtensibleWithCustomName name (extends change f);
    });

    # lists
    replaceElemAt = list: place: x:
      if place < 0 || place >= length list then throw "no such place"
      else limit place list ++ [ x ] ++ cut (place + 1) list;
    uniqueStrings = list: attrNames (listToAttrs (map (name: { inherit name; value = null; }) list));
    concatAttrValues = set: concatLists (attrValues set);
    listDfs = stops: before: list:
      let
        from = current: visited: others:
          let
            loops = filter (x: before x current) visited;
            sides = partition (x: before x current) others;
          in
          if stops && loops != [ ] then { cycle = current; inherit loops visited; rest = others; }
          else if sides.right == [ ] then { minimal = current; inherit visited; rest = others; }
          else from (head sides.right) ([ current ] ++ visited) (tail sides.right ++ sides.wrong);
      in from (head list) [ ] (tail list);
    toposort = before: list:
      let
        first = listDfs true before list;
        others = toposort before (first.visited ++ first.rest);
      in
      if length list <= 1 then { result = list; }
      else if first ? cycle then
        { cycle = reverseList first.visited ++ [ first.cycle ]; inherit (first) loops; }
      else if others ? cycle then others
      else { result = [ first.minimal ] ++ others.result; };
    inherit (builtins) add sub;
    count = holds: list: length (filter holds list);
    drop = amount: list: sublist amount (length list) list;
    take = sublist 0;
    sublist = start: amount: list:
      let rest = length list - start;
      in genList (i: elemAt list (start + i)) (if rest < 1 then 0 else min amount rest);
    last = list: assert list != [ ]; elemAt list (length list - 1);
    init = list: assert list != [ ]; limit (length list - 1) list;
    findFirst = holds: default: list: head (filter holds list ++ [ default ]);
    imap0 = f: list: map (i: f i (elemAt list i)) (indices list);
    imap1 = f: imap0 (i: f (i + 1));
    forEach = list: f: map f list;
    flatten = x: if isList x then concatMap flatten x else [ x ];
    replicate = times: x: genList (i: x) times;
    reverseList = list: map (i: elemAt list (length list - 1 - i)) (indices list);
    singleton = x: [ x ];
    toList = x: if isList x then x else [ x ];
    optional = condition: x: if condition then [ x ] else [ ];
    optionals = condition: list: if condition then list else [ ];
    remove = x: filter (y: y != x);
    unique = foldl' (found: x: if some x found then found else found ++ [ x ]) [ ];
    allUnique = list: length (unique list) == length list;
    intersectLists = wanted: filter (x: some x wanted);
    subtractLists = unwanted: filter (x: !(some x unwanted));
    mutuallyExclusive = a: b: intersectLists a b == [ ];
    zipListsWith = f: a: b:
      genList (i: f (elemAt a i) (elemAt b i)) (min (length a) (length b));
    zipLists = zipListsWith (fst: snd: { inherit fst snd; });
    foldl = f: start: list: if list == [ ] then start else foldl f (f start (head list)) (tail list);
    foldr = rightwards;
    fold = rightwards;
    groupBy' = combine: start: name: list: mapAttrs (n: foldl combine start) (groupBy name list);
    sortOn = rank: sort (a: b: rank a < rank b);
    compareLists = order: a: b:
      if a == [ ] && b == [ ] then 0
      else if a == [ ] then -1
      else if b == [ ] then 1
      else let first = order (head a) (head b);
        in if first == 0 then compareLists order (tail a) (tail b) else first;

    crossLists = f: foldl' (calls: list: concatMap (call: map call list) calls) [ f ];
    findFirstIndex = holds: default: list:
      findFirst (i: holds (elemAt list i)) default (indices list);
    findSingle = holds: none: several: list:
      let found = filter holds list;
      in if found == [ ] then none else if length found == 1 then head found else several;
    commonPrefix = a: b:
      let shorter = min (length a) (length b);
      in take (findFirst (i: elemAt a i != elemAt b i) shorter (range 0 (shorter - 1))) a;
    takeEnd = amount: list: drop (max 0 (length list - amount)) list;
    dropEnd = amount: list: take (max 0 (length list - amount)) list;
    ifilter0 = holds: list: map (elemAt list) (filter (i: holds i (elemAt list i)) (indices list));

    # attribute sets
    mapAttrsToListRecursive = mapAttrsToListRecursiveCond (names: x: true);
    mapAttrsToListRecursiveCond = enters: f: set:
      let walk = names: inner: concatLists (mapAttrsToList (name: x:
        let here = names ++ [ name ];
        in if isAttrs x && enters here x then walk here x else [ (f here x) ]) inner);
      in walk [ ] set;
    overrideExisting = old: new: mapAttrs (name: x: if new ? ${name} then new.${name} else x) old;
    setAttr = set: name: x: set // { ${name} = x; };
    recurseIntoAttrs = set: set // { recurseForDerivations = true; };
    dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };
    unionOfDisjoint = a: b: a // mapAttrs (name: x: if a ? ${name} then throw name else x) b;
    genAttrs' = list: f: listToAttrs (map f list);
    showAttrPath = names:
      let show = name: if match "[A-Za-z_][A-Za-z0-9_'-]*" name != null then name else toJSON name;
      in if names == [ ] then "<root attribute path>" else concatMapStringsSep "." show names;
    longestValidPathPrefix = names: set:
      if names == [ ] || !(isAttrs set && set ? ${head names}) then [ ]
      else [ (head names) ] ++ longestValidPathPrefix (tail names) set.${head names};
    # The deepest parts are changed first, those of one depth in their order.
    updateManyAttrsByPath = changes: set:
      let
        change = names: f: x:
          if names == [ ] then f x
          else x // {
            ${head names} = change (tail names) f
              (x.${head names} or (if tail names == [ ] then throw "nothing there" else { }));
          };
      in foldl (x: { path, update }: change path update x) set
        (sort (a: b: length a.path > length b.path) changes);
    mapCartesianProduct = f: set: map f (cartesianProduct set);
    zipAttrsWithNames = names: f: sets: genAttrs names (name: f name (catAttrs name sets));
    recursiveUpdateUntil = until: a: b:
      let walk = names: a: b: a // mapAttrs
        (name: new:
          let here = names ++ [ name ];
          in if !(a ? ${name}) || until here a.${name} new || leaf a.${name} || leaf new then new
          else walk here a.${name} new)
        b;
      in walk [ ] a b;
    matchAttrs = pattern: set: all
      (name: set ? ${name} && (
        if isAttrs pattern.${name} && isAttrs set.${name} then matchAttrs pattern.${name} set.${name}
        else pattern.${name} == set.${name}))
      (attrNames pattern);
    mapAttrsRecursiveCond = enters: f: set:
      let walk = names: mapAttrs (name: x:
        if isAttrs x && enters x then walk (names ++ [ name ]) x else f (names ++ [ name ]) x);
      in walk [ ] set;
    getAttrs = names: set: listToAttrs (map (name: { inherit name; value = set.${name}; }) names);
    attrVals = names: set: map (name: set.${name}) names;
    mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
    mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
    nameValuePair = name: value: { inherit name value; };
    filterAttrs = holds: set: listToAttrs (filter ({ name, value }: holds name value) (pairs set));
    concatMapAttrs = f: set: foldl' (all: { name, value }: all // f name value) { } (pairs set);
    foldlAttrs = f: start: set: foldl' (all: { name, value }: f all name value) start (pairs set);
    foldAttrs = f: end: sets: zipAttrsWith (name: foldr f end) sets;
    zipAttrs = zipAttrsWith (name: values: values);
    attrsToList = pairs;
    genAttrs = names: f: listToAttrs (map (name: { inherit name; value = f name; }) names);
    optionalAttrs = condition: set: if condition then set else { };
    mergeAttrsList = foldl' (a: b: a // b) { };
    cartesianProduct = set:
      foldl' (rows: { name, value }: concatMap (row: map (x: row // { ${name} = x; }) value) rows)
        [ { } ] (pairs set);
    collect = holds: x:
      if holds x then [ x ] else if leaf x then [ ] else concatMap (collect holds) (attrValues x);
    attrByPath = names: default: set:
      let there = path names set; in if there.found then there.value else default;
    hasAttrByPath = names: set: (path names set).found;
    getAttrFromPath = names: set:
      let there = path names set; in if there.found then there.value else abort "nothing there";
    setAttrByPath = names: x: rightwards (name: inner: { ${name} = inner; }) x names;
    recursiveUpdate = a: b:
      a // mapAttrs
        (name: new: if isAttrs new && isAttrs (a.${name} or null) then recursiveUpdate a.${name} new else new)
        b;
    mapAttrsRecursive = f: set:
      let walk = names: mapAttrs (name: x:
        if leaf x then f (names ++ [ name ]) x else walk (names ++ [ name ]) x);
      in walk [ ] set;
    filterAttrsRecursive = holds: set:
      mapAttrs (name: x: if leaf x then x else filterAttrsRecursive holds x) (filterAttrs holds set);

    # strings
    concatStrings = text;
    concatLines = list: text (map (line: line + "\n") list);
    concatMapStrings = f: list: text (map f list);
    concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
    concatImapStringsSep = separator: f: list: concatStringsSep separator (imap1 f list);
    concatImapStrings = f: list: text (imap1 f list);
    stringAsChars = f: string: text (map f (chars string));
    toSentenceCase = string: toUpper (substring 0 1 string) + toLower (substring 1 (-1) string);
    intersperse = separator: list:
      concatLists (imap0 (i: x: if i == 0 then [ x ] else [ separator x ]) list);
    stringToCharacters = chars;
    hasPrefix = prefix: string: substring 0 (stringLength prefix) string == prefix;
    hasSuffix = ends;
    hasInfix = part: string: length (split (escapeRegex part) string) > 1;
    removePrefix = prefix: string:
      if hasPrefix prefix string then substring (stringLength prefix) (-1) string else string;
    removeSuffix = suffix: string:
      if ends suffix string then substring 0 (stringLength string - stringLength suffix) string else string;
    escapeRegex = escape (chars "\\[{()^$?*+|.");
    splitString = separator: string: filter isString (split (escapeRegex separator) string);
    toLower = replaceStrings (chars "ABCDEFGHIJKLMNOPQRSTUVWXYZ") (chars "abcdefghijklmnopqrstuvwxyz");
    toUpper = replaceStrings (chars "abcdefghijklmnopqrstuvwxyz") (chars "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    trim = string:
      let inner = match "[ \t\r\n]*(.*[^ \t\r\n])[ \t\r\n]*" string;
      in if inner == null then "" else head inner;
    toInt = string:
      let digits = trim string;
      in if match "-?(0|[1-9][0-9]*)" digits != null then fromJSON digits else throw string;
    toIntBase10 = string:
      let digits = match "[ \t\r\n]*(-?)0*([0-9]+)[ \t\r\n]*" string;
      in if digits == null then throw string else fromJSON (text digits);
    fixedWidthString = width: filler: string:
      if stringLength string == width then string
      else assert stringLength string < width; fixedWidthString width filler (filler + string);
    fixedWidthNumber = width: number: fixedWidthString width "0" (toString number);
    optionalString = condition: string: if condition then string else "";
    escape = list: replaceStrings list (map (c: "\\" + c) list);
    escapeShellArg = string:
      if match "[[:alnum:],._+:@%/-]+" string != null then string
      else "'" + replaceStrings [ "'" ] [ "'\\''" ] string + "'";
    escapeShellArgs = concatMapStringsSep " " escapeShellArg;
    versionOlder = a: b: compareVersions b a == 1;
    versionAtLeast = a: b: compareVersions a b != -1;

    # versions
    major = version: elemAt (splitVersion version) 0;
    minor = version: elemAt (splitVersion version) 1;
    patch = version: elemAt (splitVersion version) 2;
    majorMinor = version: concatStringsSep "." (limit 2 (splitVersion version));
    pad = amount: version:
      let
        numbers = head (splitString "-" version);
        zeros = genList (i: "0") amount;
      in concatStringsSep "." (limit amount (splitVersion numbers ++ zeros)) + removePrefix numbers version;

    # modules
    mkAssert = condition: message: mkIf (condition || throw message);
    literalExpression = text: { _type = "literalExpression"; inherit text; };
    literalMD = text: { _type = "literalMD"; inherit text; };
    isType = type: x: isAttrs x && x ? _type && x._type == type;
    setType = _type: set: set // { inherit _type; };
    isOption = isType "option";
    isOptionType = isType "option-type";
    mkIf = condition: content: { _type = "if"; inherit condition content; };
    mkMerge = contents: { _type = "merge"; inherit contents; };
    mkOverride = definition "override";
    mkForce = mkOverride 50;
    mkDefault = mkOverride 1000;
    mkOptionDefault = mkOverride 1500;
    mkImageMediaOverride = mkOverride 60;
    mkVMOverride = mkOverride 10;
    mkOrder = definition "order";
    mkBefore = mkOrder 500;
    mkAfter = mkOrder 1500;

    # The parts under which nixpkgs has them.
    strings = self // { replicate = times: string: text (genList (i: string) times); };
    lists = self // {
      hasPrefix = prefix: list: take (length prefix) list == prefix;
      removePrefix = prefix: list:
        if take (length prefix) list == prefix then drop (length prefix) list else throw "no prefix";
    };
    attrsets = builtins // self;
    trivial = self;
    modules = self;
    asserts = self;
    debug = self;
    fixedPoints = self;
    misc = self;
    options = self;
    types = self;
    versions = self // { inherit (builtins) splitVersion; };
  };
  texts = import ./texts.nix { lib = builtins // self; };
in
builtins // self // texts // { strings = self.strings // texts; }
