//! The table of codes: each with its word, title, explanation and examples.

/// The kind of a mistake. Its word is what `--allow`, `--deny` and `invq explain` take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Code {
    /// Text that does not follow the grammar.
    Syntax,
    /// A habit from another language.
    ForeignSyntax,
    /// A name that nothing in scope or in the inventory has.
    UnknownName,
    /// A machine that the inventory does not have.
    UnknownMachine,
    /// A tag that no machine carries.
    UnknownTag,
    /// A field that the record does not have.
    UnknownField,
    /// A field that may be missing is read without a default.
    MissingField,
    /// A value of another type was expected.
    TypeMismatch,
    /// A function was called without an argument that it needs.
    MissingArgument,
    /// A function was called with an argument that it does not take.
    UnknownArgument,
    /// Something that is no function was called.
    NotAFunction,
    /// Elements of a list have different types.
    MixedList,
    /// A name is bound twice in one place.
    DuplicateName,
    /// An integer left the 64-bit range, or a division by zero.
    Arithmetic,
    /// An `assert` failed.
    AssertionFailed,
    /// `throw` or `abort` was evaluated.
    Thrown,
    /// A value needs itself to be computed.
    InfiniteRecursion,
    /// An index, an attribute or an element that is not there.
    MissingElement,
    /// An argument has the right type and a value that makes no sense.
    InvalidValue,
    /// A limit of the engine was reached.
    LimitReached,
    /// The evaluation was interrupted.
    Interrupted,
    /// A file could not be read or written.
    Io,
    /// A document is not valid JSON, YAML or TOML.
    InvalidDocument,
    /// A document is of no known dialect, or of several.
    UnknownDialect,
    /// A key that the inventory's dialect does not know.
    UnknownOption,
    /// A value of the wrong type in an inventory.
    InvalidOption,
    /// A value that the inventory must give is missing.
    MissingOption,
    /// A value is defined twice and differently.
    Conflict,
    /// A name that cannot be one: of a host, a domain, a tag.
    InvalidName,
    /// Named filters that need each other.
    FilterCycle,
    /// A group that holds itself.
    GroupCycle,
    /// A template that cannot be evaluated here.
    UnsupportedTemplate,
    /// Variables that stand in an encrypted file.
    EncryptedVariables,
    /// A path that leads to nothing, or to something that is no machine.
    UnresolvedPath,
    /// A filter gave another number of machines than it must.
    WrongCount,
    /// A check of a system did not hold.
    CheckFailed,
    /// A value that may not be written where changes are kept.
    ReadOnly,
    /// A key that the system has given up.
    OutdatedOption,
    /// Machines of several clusters have the same name.
    DuplicateHostName,
    /// Machines have the same address.
    DuplicateAddress,
    /// A system that Walrus has not taken into management.
    UnadoptedSystem,
    /// A system in a cloud to which no way leads.
    UnreachableSystem,
    /// A role that no machine has.
    EmptyRole,
    /// A service that is put on no machine.
    IdleService,
    /// Machines that get no service.
    IdleMachine,
    /// A role of a module that no instance uses.
    UnusedRole,
    /// Tags that select nothing anywhere.
    UnusedTag,
    /// A named filter that nothing uses.
    UnusedFilter,
    /// The inventory has mistakes on which the answer does not depend.
    BrokenInventory,
    /// A name cannot be written in the requested output.
    UnprintableName,
    /// The answer cannot be written in the requested output format.
    UnsuitableFormat,
    /// The command line was used wrongly.
    Usage,
}

/// A row of the table of codes.
#[derive(Debug)]
pub struct CodeEntry {
    /// The code.
    pub code: Code,
    /// The word that people type, in kebab case.
    pub word: &'static str,
    /// One line that says what is wrong.
    pub title: &'static str,
    /// What it means and what to do, in a paragraph.
    pub explanation: &'static str,
    /// What has the mistake.
    pub bad: &'static str,
    /// The same without it.
    pub good: &'static str,
    /// What the examples are.
    pub example: Example,
}

/// What the examples of a kind of mistakes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// Queries on the demo inventory.
    Query,
    /// Queries on the demo inventory: one that lasts while it is interrupted, and one that is done before.
    Lasting,
    /// Expressions whose values are inventories.
    Inventory,
    /// Texts of inventories in another format.
    Document,
    /// Calls of the program.
    CommandLine,
    /// Calls of the program in a folder: the call, then each file, its path between arrows before its text.
    Folder,
}

impl Code {
    /// The word that people type.
    pub fn word(self) -> &'static str {
        CODES.iter().find(|entry| entry.code == self).map_or("unknown", |entry| entry.word)
    }

    /// The code with this word.
    pub fn from_word(word: &str) -> Option<Code> {
        CODES.iter().find(|entry| entry.word == word).map(|entry| entry.code)
    }

    /// The row of this code.
    pub fn entry(self) -> Option<&'static CodeEntry> {
        CODES.iter().find(|entry| entry.code == self)
    }
}

macro_rules! codes {
    (@example) => { Example::Query };
    (@example while_interrupted) => { Example::Lasting };
    (@example in_inventory) => { Example::Inventory };
    (@example in_document) => { Example::Document };
    (@example on_command_line) => { Example::CommandLine };
    (@example in_folder) => { Example::Folder };
    ($($code:ident $word:literal $title:literal $explanation:literal
        $($place:ident)? $bad:literal => $good:literal;)*) => {
        /// All codes, in the order in which the documentation tells them.
        pub const CODES: &[CodeEntry] = &[$(CodeEntry {
            code: Code::$code,
            word: $word,
            title: $title,
            explanation: $explanation,
            bad: $bad,
            good: $good,
            example: codes!(@example $($place)?),
        },)*];
    };
}

codes! {
    Syntax "syntax" "the text does not follow the grammar"
        "The parser stopped at the marked place and says what it expected there. A closing bracket, a semicolon after a binding or a quote is what is missing most often."
        "[ 1 2" => "[ 1 2 ]";
    ForeignSyntax "foreign-syntax" "this is how another language writes it"
        "The text would be right in jq, Python, SQL, JavaScript or PromQL, or is a pattern of Ansible or Salt. The help says how invq writes the same."
        "1 == 1 and 2 == 2" => "1 == 1 && 2 == 2";
    UnknownName "unknown-name" "nothing has this name"
        "The name is neither bound around the expression, nor a builtin, nor something of the inventory. A name in a string (of a cluster, a service, an instance, a role, a system) is looked up in the loaded inventory before anything runs, and so is a literal beside a field that names something (`m.cluster == \"labb\"`), since a misspelt name would otherwise select nothing without a word. Where nothing is fine, wrap the filter in `optional`."
        "cluster \"labb\"" => "cluster \"lab\"";
    UnknownMachine "unknown-machine" "no machine has this name"
        "The inventory has no machine of that name where the filter is resolved: in a query it must exist in one of the clusters, in a service in the service's own cluster."
        "hostname \"jonn\"" => "hostname \"jon\"";
    UnknownTag "unknown-tag" "no machine carries this tag"
        "A tag exists as soon as one machine of the inventory carries it, or the inventory declares it. `optional (tag \"x\")` selects nothing instead of failing."
        "tag \"bakcup\"" => "tag \"backup\"";
    UnknownField "unknown-field" "the record has no such field"
        "Records of the inventory and attribute sets whose attributes are known have exactly the listed fields; a misspelt one is an error before anything runs."
        "map (m: m.tgas) machines" => "map (m: m.tags) machines";
    MissingField "missing-field" "the field may be missing"
        "A field that is not always there must be read with a default, `x.field or default`, or asked for first with `x ? field`."
        "map (m: m.cloud) machines" => "map (m: m.cloud or \"none\") machines";
    TypeMismatch "type-mismatch" "a value of another type was expected"
        "What stands at the marked place has another type than its place needs. The message says what was expected before what was found."
        "1 + \"a\"" => "\"1\" + \"a\"";
    MissingArgument "missing-argument" "the function needs another argument"
        "A function whose parameter is a pattern names the attributes that it needs; those without a default must be given."
        "({ a, b }: a + b) { a = 1; }" => "({ a, b }: a + b) { a = 1; b = 2; }";
    UnknownArgument "unknown-argument" "the function takes no such argument"
        "A function whose parameter is a pattern without `...` takes exactly the attributes that it names."
        "({ a }: a) { a = 1; b = 2; }" => "({ a, ... }: a) { a = 1; b = 2; }";
    NotAFunction "not-a-function" "something that is no function was called"
        "In invq, as in Nix, writing two values side by side calls the first with the second. Elements of a list that are calls need parentheses."
        "1 2" => "[ 1 2 ]";
    MixedList "mixed-list" "the elements of the list have different types"
        "A list has elements of one type. What looks like a call inside a list is two elements, as in Nix: put parentheses around the call."
        "[ hostname \"jon\" ]" => "[ (hostname \"jon\") ]";
    DuplicateName "duplicate-name" "the name is bound twice"
        "One attribute set, `let` or pattern binds each name once."
        "{ a = 1; a = 2; }" => "{ a = 1; b = 2; }";
    Arithmetic "arithmetic" "the result is no number"
        "Integers have 64 bits; a result outside of them, and a division by zero, is an error, as in Nix."
        "1 / 0" => "1 / 2";
    AssertionFailed "assertion-failed" "an assertion does not hold"
        "The condition of an `assert` was false."
        "assert 1 == 2; true" => "assert 1 == 1; true";
    Thrown "thrown" "the expression gave up with a message"
        "`throw` or `abort` was evaluated; the message is its own."
        "throw \"no\"" => "\"yes\"";
    InfiniteRecursion "infinite-recursion" "the value needs itself"
        "Evaluating the value leads back to the same value before it is known."
        "let x = x + 1; in x" => "let x = 1; in x + 1";
    MissingElement "missing-element" "there is no such element"
        "An index is outside of the list, the list is empty, or a computed attribute is not in the set."
        "head [ ]" => "head [ 1 ]";
    InvalidValue "invalid-value" "the value makes no sense here"
        "The type is right and the value is not: a malformed pattern, address, number or JSON text."
        "address \"10.0.0.0/99\"" => "optional (address \"10.0.0.0/8\")";
    LimitReached "limit-reached" "a limit of the engine was reached"
        "Evaluation is bounded in steps, memory, depth and time, so that no expression can hang or take the machine down. The message names the limit and the option that raises it."
        "let f = x: f (x + 1); in f 0" => "let f = x: if x > 9 then x else f (x + 1); in f 0";
    Interrupted "interrupted" "the evaluation was interrupted"
        "Ctrl-C, or the host's request, stopped the evaluation. What is asked in fewer steps is done before anybody loses patience."
        while_interrupted "foldl' (sum: n: sum + n) 0 (range 1 100000)" => "100000 * 100001 / 2";
    Io "io" "a file could not be read or written"
        "The message gives the operating system's reason."
        on_command_line "invq -i no-such-file.yaml machines" => "invq --demo machines";
    InvalidDocument "invalid-document" "the file cannot be read as its format"
        "The text is not valid JSON, YAML, TOML or INI at the marked place; nothing of the file was used."
        in_document "{ \"inventory\": { \"machines\": { \"jon\": {}, } } }" => "{ \"inventory\": { \"machines\": { \"jon\": {} } } }";
    UnknownDialect "unknown-dialect" "no dialect of inventories has these keys"
        "The top-level keys decide which system's inventory a document is: `inventory` or `machines` with `instances` or `services` (Clan), `domain` (ClusterConfig), `clouds` or `systems` (Walrus), `all` or groups with `hosts`, `vars` and `children` (Ansible). `--from` says it outright."
        in_inventory "{ hosts.jon = { }; }" => "{ inventory.machines.jon = { }; }";
    UnknownOption "unknown-option" "the inventory has a key that its dialect does not know"
        "Keys are checked as the system itself checks them, so that a misspelt one cannot be ignored without a word."
        in_inventory "{ inventory.machines.jon.tgas = [ \"web\" ]; }" => "{ inventory.machines.jon.tags = [ \"web\" ]; }";
    InvalidOption "invalid-option" "a value of the inventory has the wrong type"
        "The message says what was expected at this key."
        in_inventory "{ inventory.machines.jon.tags = \"web\"; }" => "{ inventory.machines.jon.tags = [ \"web\" ]; }";
    MissingOption "missing-option" "the inventory does not give a value that it must give"
        "The key named in the message has no default."
        in_inventory "{ domain.clusters.lab.machines.jon.system = \"x86_64-linux\"; }" => "{ domain.suffix = \"example.org\"; domain.clusters.lab.machines.jon.system = \"x86_64-linux\"; }";
    Conflict "conflict" "a value is defined twice and differently"
        "Two files, layers or modules of equal priority define the same value differently; both places are marked. A priority lets one win."
        in_inventory "{ domain.suffix = \"example.org\"; domain.clusters.lab.machines.jon = { system = \"x86_64-linux\"; nixosModules = [ { a = 1; } { a = 2; } ]; }; }" => "{ domain.suffix = \"example.org\"; domain.clusters.lab.machines.jon = { system = \"x86_64-linux\"; nixosModules = [ { a = 1; } { a = mkForce 2; } ]; }; }";
    InvalidName "invalid-name" "this cannot be a name"
        "Host names have 1 to 63 letters, digits, `-` and `_`, and begin and end with a letter or digit; a domain is made of such labels with dots between."
        in_inventory "{ inventory.meta = { name = \"home\"; domain = \"My Home\"; }; }" => "{ inventory.meta = { name = \"home\"; domain = \"my.home\"; }; }";
    FilterCycle "filter-cycle" "named filters need each other"
        "A named filter may use others, as long as no one leads back to itself, and who is in a role may not depend on who is in a role. The message shows the cycle."
        in_inventory "{ inventory.machines.jon = { }; inventory.instances.vpn.roles.peer.select = instance \"vpn\"; }" => "{ inventory.machines.jon = { }; inventory.instances.vpn.roles.peer.select = hostname \"jon\"; }";
    GroupCycle "group-cycle" "a group holds itself"
        "The children of a group, and their children, may not lead back to the group. The message shows the way."
        in_document "[web:children]\nfront\n[front:children]\nweb\n" => "[web:children]\nfront\n[front]\nweb1\n";
    UnsupportedTemplate "unsupported-template" "the template cannot be evaluated here"
        "Constructed groups and variables of Ansible are Jinja expressions. Variables, tests, operators and the common filters are known here; lookups, and filters of plugins, are not, and the groups that they would make cannot be known. `ansible-inventory --list` writes down what Ansible makes of them."
        in_folder "invq check .\n\n==> hosts.yml <==\nall:\n  hosts:\n    web1: { user: root }\n\n==> keyed.yml <==\nplugin: constructed\nkeyed_groups:\n  - key: lookup('env', 'USER')\n" => "invq check .\n\n==> hosts.yml <==\nall:\n  hosts:\n    web1: { user: root }\n\n==> keyed.yml <==\nplugin: constructed\nkeyed_groups:\n  - key: user\n";
    EncryptedVariables "encrypted-variables" "the file of variables is encrypted"
        "A file that `ansible-vault` has encrypted is passed over: the variables in it are not known. `ansible-vault decrypt` makes it readable; names and groups of hosts do not depend on it. A warning."
        in_folder "invq check hosts.yml\n\n==> hosts.yml <==\nall:\n  hosts:\n    web1:\n\n==> group_vars/all.yml <==\n$ANSIBLE_VAULT;1.1;AES256\n6162630a\n" => "invq check hosts.yml\n\n==> hosts.yml <==\nall:\n  hosts:\n    web1:\n\n==> group_vars/all.yml <==\nuser: root\n";
    UnresolvedPath "unresolved-path" "the path leads to no machine"
        "A filter gave a path that is not in the inventory, or that leads to something that is neither a machine nor a VM."
        "path \"domain.clusters.lab.machines.nope\"" => "path \"domain.clusters.lab.machines.jon\"";
    WrongCount "wrong-count" "the filter gives another number of machines"
        "`exactly`, `atLeast` and `atMost` say how many machines a filter gives; in a role they hold for the cluster of the service."
        "exactly 1 (tag \"backup\")" => "atLeast 1 (tag \"backup\")";
    CheckFailed "check-failed" "a check of the inventory does not hold"
        "The inventory can be read, and a rule of its own system is not met: so many machines must hold a role, or so many instances of a service there may be."
        in_inventory "{ inventory = { machines.jon = { }; instances.vpn.roles.gate = { }; }; modules.\"<clan-core>\".vpn = { roles.gate = { }; manifest.constraints.roles.gate.minMachines = 1; }; }" => "{ inventory = { machines.jon = { }; instances.vpn.roles.gate.machines.jon = { }; }; modules.\"<clan-core>\".vpn = { roles.gate = { }; manifest.constraints.roles.gate.minMachines = 1; }; }";
    ReadOnly "read-only" "the value may not be written there"
        "Tools write into a file of their own beside the one that people write, Clan's into `inventory.json`. What the other file says is not theirs to change: its scalars, the elements of its lists, and everything below what it forces."
        in_folder "invq -i . diff --with 'removeMachine \"jon\"'\n\n==> clan.nix <==\n{ inventory.machines.jon.tags = [ \"backup\" ]; }\n\n==> inventory.json <==\n{ \"machines\": { \"sara\": { \"tags\": [ \"web\" ] } } }\n" => "invq -i . diff --with 'removeMachine \"sara\"'\n\n==> clan.nix <==\n{ inventory.machines.jon.tags = [ \"backup\" ]; }\n\n==> inventory.json <==\n{ \"machines\": { \"sara\": { \"tags\": [ \"web\" ] } } }\n";
    OutdatedOption "outdated-option" "the system has given up this key"
        "invq reads what older versions of a system wrote; the system's present version refuses the key or warns of it. The help says how one writes it now."
        in_inventory "{ inventory.meta = { name = \"home\"; tld = \"lan\"; }; }" => "{ inventory.meta = { name = \"home\"; domain = \"lan\"; }; }";
    DuplicateHostName "duplicate-host-name" "machines of several clusters have the same name"
        "Their full names differ, and `hostname` in a query means all of them. Where people and tools use the short name alone, they reach one of the machines and believe it is the other. A warning."
        in_inventory "{ domain.suffix = \"example.org\"; domain.clusters.lab.machines.jon.system = \"x86_64-linux\"; domain.clusters.prod.machines.jon.system = \"x86_64-linux\"; }" => "{ domain.suffix = \"example.org\"; domain.clusters.lab.machines.jon.system = \"x86_64-linux\"; domain.clusters.prod.machines.sara.system = \"x86_64-linux\"; }";
    DuplicateAddress "duplicate-address" "machines have the same address"
        "Two machines of one cluster have an address in common, or two machines anywhere have one that is reached from everywhere. Private addresses may be used again in another cluster, and those of a machine for itself (`127.0.0.1`, `fe80::1`) everywhere. A warning."
        in_inventory "{ inventory.machines.jon.ips.eth0 = [ \"10.0.0.1\" ]; inventory.machines.sara.ips.eth0 = [ \"10.0.0.1\" ]; }" => "{ inventory.machines.jon.ips.eth0 = [ \"10.0.0.1\" ]; inventory.machines.sara.ips.eth0 = [ \"10.0.0.2\" ]; }";
    UnadoptedSystem "unadopted-system" "the system is not adopted"
        "Walrus sets up what it has adopted; the inventory says of this system that it has not, or does not say. A warning."
        in_inventory "{ systems.jon = { ip = \"10.0.0.1\"; cloud = \"lab\"; auth = \"key\"; }; clouds.lab = { }; }" => "{ systems.jon = { ip = \"10.0.0.1\"; cloud = \"lab\"; auth = \"key\"; adopted = true; }; clouds.lab = { }; }";
    UnreachableSystem "unreachable-system" "no way leads to the system's cloud"
        "Several clouds have systems, and this system's cloud neither reaches one of them nor is reached from one. A warning."
        in_inventory "{ systems.jon = { ip = \"10.0.0.1\"; cloud = \"lab\"; auth = \"key\"; adopted = true; }; systems.sara = { ip = \"10.0.0.2\"; cloud = \"prod\"; auth = \"key\"; adopted = true; }; clouds = { lab = { }; prod = { }; }; }" => "{ systems.jon = { ip = \"10.0.0.1\"; cloud = \"lab\"; auth = \"key\"; adopted = true; }; systems.sara = { ip = \"10.0.0.2\"; cloud = \"prod\"; auth = \"key\"; adopted = true; }; clouds = { lab.reaches = [ \"prod\" ]; prod = { }; }; }";
    EmptyRole "empty-role" "no machine has the role"
        "What selects the role's machines selects none: a warning. A role that selects none on purpose, because nothing is written, is a hint. A tag that no machine carries, and a machine that is not there, are told as such."
        in_inventory "{ inventory = { machines.jon = { }; instances.vpn.roles = { peer.machines.jon = { }; gate.select = glob \"gate*\"; }; }; }" => "{ inventory = { machines.jon = { }; instances.vpn.roles = { peer.machines.jon = { }; gate.select = glob \"j*\"; }; }; }";
    IdleService "idle-service" "the service is put on no machine"
        "An instance of a service gives no machine anything: its selectors, or all its roles, select none. A warning; a hint where nothing is written that could select."
        in_inventory "{ inventory = { machines.jon = { }; instances.vpn = { }; }; }" => "{ inventory = { machines.jon = { }; instances.vpn.roles.peer.machines.jon = { }; }; }";
    IdleMachine "idle-machine" "machines get no service"
        "The inventory has services, and none of them is put on these machines. A hint, told once for each cluster."
        in_inventory "{ inventory = { machines = { jon = { }; sara = { }; }; instances.vpn.roles.peer.machines.jon = { }; }; }" => "{ inventory = { machines = { jon = { }; sara = { }; }; instances.vpn.roles.peer.tags.all = { }; }; }";
    UnusedRole "unused-role" "no instance uses a role of the module"
        "A module that is declared beside the inventory has a role that no instance of it names. A hint."
        in_inventory "{ inventory = { machines.jon = { }; instances.vpn.roles.peer.machines.jon = { }; }; modules.\"<clan-core>\".vpn.roles = { peer = { }; gate = { }; }; }" => "{ inventory = { machines.jon = { }; instances.vpn.roles = { peer.machines.jon = { }; gate.machines.jon = { }; }; }; modules.\"<clan-core>\".vpn.roles = { peer = { }; gate = { }; }; }";
    UnusedTag "unused-tag" "no role and no filter of the inventory uses the tags"
        "Tags that select nothing in the inventory may be meant for queries, or be misspelt. A hint, told once for all of them; inventories without services are left alone."
        in_inventory "{ inventory = { machines.jon.tags = [ \"bakcup\" ]; instances.borg.roles.client.machines.jon = { }; }; }" => "{ inventory = { machines.jon.tags = [ \"backup\" ]; instances.borg.roles.client.tags.backup = { }; }; }";
    UnusedFilter "unused-filter" "nothing in the inventory uses the named filter"
        "A named filter may be meant for queries, or be left over. A hint; inventories without services are left alone."
        in_inventory "{ inventory = { machines.jon = { }; instances.borg.roles.client.machines.jon = { }; }; filters.laptops = hostname \"jon\"; }" => "{ inventory = { machines.jon = { }; instances.borg.roles.client.select = filters.laptops; }; filters.laptops = hostname \"jon\"; }";
    BrokenInventory "broken-inventory" "the inventory has mistakes"
        "A mistake belongs to the machine, service, instance or role in which it stands, and stops the queries that need that part, with its own message. The answer at hand needs none of these parts. `invq check` lists all mistakes. A warning."
        in_folder "invq -i clan.json 'hostname \"sara\"'\n\n==> clan.json <==\n{ \"inventory\": { \"machines\": { \"jon\": { \"tags\": \"backup\" }, \"sara\": {} } } }\n" => "invq -i clan.json 'hostname \"sara\"'\n\n==> clan.json <==\n{ \"inventory\": { \"machines\": { \"jon\": { \"tags\": [ \"backup\" ] }, \"sara\": {} } } }\n";
    UnprintableName "unprintable-name" "the name cannot be written in this output"
        "Names with line breaks cannot be told apart where each stands on a line of its own, nor names with NUL where NUL ends each. `-o json` writes every name."
        on_command_line "invq '[ \"a\\nb\" ]'" => "invq -o json '[ \"a\\nb\" ]'";
    UnsuitableFormat "unsuitable-format" "the answer does not fit the output format"
        "Tables and CSV need records, `names` and `nodeset` need machines or strings, TOML needs a record; formats of other programs, such as `ansible` and `ssh`, need machines."
        on_command_line "invq --demo -o csv 'length machines'" => "invq --demo -o csv 'map (m: { inherit (m) name kind; }) machines'";
    Usage "usage" "the command line was used wrongly"
        "The message says which option or argument."
        on_command_line "invq --argjson limit '{' limit" => "invq --argjson limit 3 limit";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_unique_and_kebab_case() {
        let mut words: Vec<&str> = CODES.iter().map(|entry| entry.word).collect();
        for word in &words {
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{word}");
        }
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), CODES.len());
    }
}
