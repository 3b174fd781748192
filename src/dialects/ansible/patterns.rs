//! Ansible's host patterns, each with the filter that selects the same hosts.

/// A pattern with its filter.
pub struct Pattern {
    /// As Ansible writes it, in the inventory of `examples/ansible`.
    pub pattern: &'static str,
    /// The filter that selects the same hosts.
    pub filter: &'static str,
    /// What is to be known about it.
    pub note: &'static str,
}

macro_rules! patterns {
    ($($pattern:literal $filter:literal $note:literal;)*) => {
        &[$(Pattern { pattern: $pattern, filter: $filter, note: $note },)*]
    };
}

/// All of them, in the order in which the documentation tells them.
pub const PATTERNS: &[Pattern] = patterns! {
    "all" "all" "also `*`";
    "web01.example.com" "hostname \"web01.example.com\"" "a name that no host has is an error";
    "web" "group \"web\"" "with the hosts of its children";
    "web:db" "group \"web\" || group \"db\"" "also `web,db`";
    "web:&berlin" "group \"web\" && group \"berlin\"" "";
    "web:!berlin" "group \"web\" && !group \"berlin\"" "";
    "web:db:&oslo:!db2.example.com" "(group \"web\" || group \"db\") && group \"oslo\" && !hostname \"db2.example.com\"" "in Ansible the order of the parts does not matter";
    "!web" "!group \"web\"" "";
    "*.example.com" "glob \"*.example.com\"" "names of hosts alone";
    "we*" "glob \"we*\" || where (m: any (hasPrefix \"we\") m.groups)" "names of hosts and of groups";
    "web0[12].example.com" "glob \"web0[12].example.com\"" "also `nodes \"web[01-02].example.com\"`";
    "~web0[13]" "matching \"^web0[13]\"" "Ansible looks at the beginning of the name";
    "~.*[.]example[.]com$" "matching \"[.]example[.]com$\"" "";
    "web[0]" "hostname (head (sortOn (m: m.source.line) groups.web)).name" "the one that is written first; `head groups.web` is the first by name";
    "web[-1]" "hostname (last (sortOn (m: m.source.line) groups.web)).name" "";
    "web[0:1]" "map (m: hostname m.name) (take 2 (sortOn (m: m.source.line) groups.web))" "a list of filters is their union";
    "optional_group" "optional (group \"optional_group\")" "where nothing is fine";
};
