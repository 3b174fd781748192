//! Mistakes in what every inventory has: each with its places, its help and what it makes unusable.

use super::{all_mistakes, mistakes};

#[test]
fn mistakes_in_the_document() {
    insta::assert_snapshot!(mistakes(&[r#"[1]"#]), @r#"
    error[invalid-option]: expected an object as `inventory`, found a list (everything)
      @clan.json:1:1 [1]
    "#);
    insta::assert_snapshot!(mistakes(&[r#"null"#]), @r#"nothing"#);
    insta::assert_snapshot!(mistakes(&[r#"{ "inventory": [] }"#]), @"
    error[invalid-option]: expected an object as `inventory`, found a list (everything)
      @clan.json:1:16 []
      help: write `{}`
    ");
    insta::assert_snapshot!(mistakes(&[r#"{ "inventory": {}, "modlues": {} }"#]), @r#"
    error[unknown-option]: the document has no option `modlues` (everything)
      @clan.json:1:20 "modlues"
      help: did you mean `modules`?
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "inventory": { "instnces": {} } }"#]), @r#"
    error[unknown-option]: `inventory` has no option `instnces` (everything)
      @clan.json:1:18 "instnces"
      help: did you mean `instances`?
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": {}, "xyz": {} }"#]), @r#"
    error[unknown-option]: the document has no option `xyz` (everything)
      @clan.json:1:19 "xyz"
      help: its options are `meta`, `machines`, `tags`, `instances`, `services` and `modules`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "clan": { "inventory": {}, "machnes": {} } }"#]), @r#"
    error[unknown-option]: `clan` has no option `machnes` (everything)
      @clan.json:1:30 "machnes"
      help: did you mean `machines`?
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "clan": 1 }"#]), @r#"
    error[invalid-option]: expected an object as `clan`, found `1` (everything)
      @clan.json:1:11 1
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "inventory": {}, "clan_machines": { "a": {} } }"#]), @r#"
    error[invalid-option]: expected a list of machine names as `clan_machines`, found an object (everything)
      @clan.json:1:37 { "a": {} }
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "inventory": {}, "machine_directories": [ 1 ] }"#]), @r#"
    error[invalid-option]: expected a machine name in `machine_directories`, found `1` (everything)
      @clan.json:1:45 1
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "inventory": {}, "machines": [ "a" ] }"#]), @r#"
    error[invalid-option]: expected an object as `machines`, found a list (everything)
      @clan.json:1:32 [ "a" ]
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "inventory": { "machines": {}, "machines": {} } }"#]), @r#"
    error[duplicate-name]: `machines` is defined twice in one object (everything)
      @clan.json:1:34 "machines" defined again here
      @clan.json:1:18 "machines" first defined here
      help: remove or rename one of the two
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "inventory": {}, "directory": "./.", "specialArgs": {}, "domain": {} }"#]), @r#"nothing"#);
}

#[test]
fn mistakes_in_meta() {
    // Without any `meta` the name is asked for where `meta` is read.
    insta::assert_snapshot!(all_mistakes(&[r#"{ "machines": {} }"#]), @"nothing");
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": { "description": "x" } }"#]), @r#"
    error[missing-option]: the inventory has no name: `meta.name` is not given (meta)
      @clan.json:1:11 { "description": "x" }
      help: write `"name": "my-clan"`
    "#);
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": [] }"#]), @"
    error[invalid-option]: expected an object as `meta`, found a list (meta)
      @clan.json:1:11 []
      help: write `{}`
    ");
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": { "name": null } }"#]), @r#"
    error[invalid-option]: expected a string as `meta.name`, found null (meta)
      @clan.json:1:21 null
    "#);
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": { "name": "my clan" } }"#]), @r#"
    error[invalid-name]: expected a plain name as `meta.name`, found `my clan` (meta)
      @clan.json:1:21 "my clan"
      help: use letters, digits, `_` and `-`
    "#);
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": { "name": "c", "domain": "a..b" } }"#]), @r#"
    error[invalid-name]: expected a domain as `meta.domain`, found `a..b` (meta)
      @clan.json:1:36 "a..b"
      help: use labels of lower-case letters, digits and `-`, with dots between
    "#);
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": { "name": "c", "domain": null } }"#]), @r#"
    error[invalid-option]: expected a string as `meta.domain`, found null (meta)
      @clan.json:1:36 null
    "#);
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": { "name": "c", "icon": 1 } }"#]), @r#"
    error[invalid-option]: expected a string or `null` as `meta.icon`, found `1` (meta)
      @clan.json:1:34 1
      help: write `"1"`
    "#);
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": { "name": "c", "tld": "Lan" } }"#]), @r#"
    error[invalid-name]: expected a top-level domain as `meta.tld`, found `Lan` (meta)
      @clan.json:1:33 "Lan"
      help: use lower-case letters
    warning[outdated-option]: `meta.tld` is the old name of `meta.domain` (nothing)
      @clan.json:1:26 "tld"
      help: write `meta.domain = "Lan"`
    "#);
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": { "name": "c", "tld": "lan" } }"#]), @r#"
    warning[outdated-option]: `meta.tld` is the old name of `meta.domain` (nothing)
      @clan.json:1:26 "tld"
      help: write `meta.domain = "lan"`
    "#);
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": { "name": "c", "descripton": "x" } }"#]), @r#"
    error[unknown-option]: `meta` has no option `descripton` (meta)
      @clan.json:1:26 "descripton"
      help: did you mean `description`?
    "#);
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": { "name": "c" } }"#, r#"{ "meta": { "name": "d" } }"#]), @r#"
    error[conflict]: `meta.name` is defined twice and differently (meta)
      @inventory.json:1:21 "d" `"d"` here
      @clan.json:1:21 "c" `"c"` here
      help: remove one of the two definitions
    "#);
    insta::assert_snapshot!(all_mistakes(&[r#"{ "meta": { "name": "c" }, "inventory": { "meta": { "name": "c" } } }"#]), @r#"nothing"#);
}

#[test]
fn mistakes_in_machines() {
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": [ "jon" ] }"#]), @r#"
    error[invalid-option]: expected an object by machine name as `machines`, found a list (everything)
      @clan.json:1:15 [ "jon" ]
      help: write `"machines": { "name": {} }`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": null } }"#]), @r#"
    error[invalid-option]: expected an object as `machines.jon`, found null (machine jon)
      @clan.json:1:24 null
      help: write `"jon": {}`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": "x" } }"#]), @r#"
    error[invalid-option]: expected an object as `machines.jon`, found a string (machine jon)
      @clan.json:1:24 "x"
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tgas": [] } } }"#]), @r#"
    error[unknown-option]: `machines.jon` has no option `tgas` (machine jon)
      @clan.json:1:26 "tgas"
      help: did you mean `tags`?
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "hostname": "x" } } }"#]), @r#"
    error[unknown-option]: `machines.jon` has no option `hostname` (machine jon)
      @clan.json:1:26 "hostname"
      help: its options are `tags`, `description`, `machineClass`, `deploy`, `name`, `icon`, `installedAt`, `ips`, `kind`, `cloud`, `system` and `vars`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": "web" } } }"#]), @r#"
    error[invalid-option]: expected a list of strings as `machines.jon.tags`, found a string (machine jon)
      @clan.json:1:34 "web"
      help: write `"tags": ["web"]`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ 1 ] } } }"#]), @r#"
    error[invalid-option]: expected a string in `machines.jon.tags`, found `1` (machine jon)
      @clan.json:1:36 1
      help: write `"1"`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": null } } }"#]), @r#"
    error[invalid-option]: expected a list of strings as `machines.jon.tags`, found null (machine jon)
      @clan.json:1:34 null
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "name": 1, "description": 1, "icon": [], "installedAt": "now", "system": null } } }"#]), @r#"
    error[invalid-option]: expected a string as `machines.jon.name`, found `1` (machine jon)
      @clan.json:1:34 1
      help: write `"1"`
    error[invalid-option]: expected a string or `null` as `machines.jon.description`, found `1` (machine jon)
      @clan.json:1:52 1
      help: write `"1"`
    error[invalid-option]: expected a string or `null` as `machines.jon.icon`, found a list (machine jon)
      @clan.json:1:63 []
    error[invalid-option]: expected a whole number of seconds or `null` as `machines.jon.installedAt`, found a string (machine jon)
      @clan.json:1:82 "now"
    error[invalid-option]: expected a string as `machines.jon.system`, found null (machine jon)
      @clan.json:1:99 null
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "installedAt": 1.5 } } }"#]), @r#"
    error[invalid-option]: expected a whole number of seconds or `null` as `machines.jon.installedAt`, found `1.5` (machine jon)
      @clan.json:1:41 1.5
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "machineClass": "nixOS" } } }"#]), @r#"
    error[invalid-option]: expected `nixos` or `darwin` as `machines.jon.machineClass`, found `nixOS` (machine jon)
      @clan.json:1:42 "nixOS"
      help: write `"machineClass": "nixos"`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "machineClass": null } } }"#]), @r#"
    error[invalid-option]: expected `nixos` or `darwin` as `machines.jon.machineClass`, found null (machine jon)
      @clan.json:1:42 null
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "deploy": "x" } } }"#]), @r#"
    error[invalid-option]: expected an object as `machines.jon.deploy`, found a string (machine jon)
      @clan.json:1:36 "x"
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "deploy": { "host": "x" } } } }"#]), @r#"
    error[unknown-option]: `machines.jon.deploy` has no option `host` (machine jon)
      @clan.json:1:38 "host"
      help: its options are `targetHost`, `buildHost` and `forwardAgent`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "deploy": { "targetHost": 1, "forwardAgent": "yes" } } } }"#]), @r#"
    error[invalid-option]: expected a string or `null` as `machines.jon.deploy.targetHost`, found `1` (machine jon)
      @clan.json:1:52 1
      help: write `"1"`
    error[invalid-option]: expected a boolean or `null` as `machines.jon.deploy.forwardAgent`, found a string (machine jon)
      @clan.json:1:71 "yes"
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "ips": [ "10.0.0.1" ] } } }"#]), @r#"
    error[invalid-option]: expected lists of addresses by interface as `machines.jon.ips`, found a list (machine jon)
      @clan.json:1:33 [ "10.0.0.1" ]
      help: write `"ips": { "eth0": ["10.0.0.1"] }`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "ips": { "eth0": [ 1 ] } } } }"#]), @r#"
    error[invalid-option]: expected an address in `machines.jon.ips.eth0`, found `1` (machine jon)
      @clan.json:1:45 1
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "kind": 1, "cloud": [], "vars": 1 } } }"#]), @r#"
    error[invalid-option]: expected a string as `machines.jon.kind`, found `1` (machine jon)
      @clan.json:1:34 1
      help: write `"1"`
    error[invalid-option]: expected a string as `machines.jon.cloud`, found a list (machine jon)
      @clan.json:1:46 []
    error[invalid-option]: expected an object as `machines.jon.vars`, found `1` (machine jon)
      @clan.json:1:58 1
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [], "tags": [] } } }"#]), @r#"
    error[duplicate-name]: `tags` is defined twice in one object (machine jon)
      @clan.json:1:38 "tags" defined again here
      @clan.json:1:26 "tags" first defined here
      help: remove or rename one of the two
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": {}, "sara": {}, "jon": {} } }"#]), @r#"
    error[duplicate-name]: `jon` is defined twice in one object (machine jon)
      @clan.json:1:40 "jon" defined again here
      @clan.json:1:17 "jon" first defined here
      help: remove or rename one of the two
    "#);
}

#[test]
fn layers_that_disagree() {
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "deploy": { "targetHost": "a" } } } }"#, r#"{ "machines": { "jon": { "deploy": { "targetHost": "b" } } } }"#]), @r#"
    error[conflict]: `machines.jon.deploy.targetHost` is defined twice and differently (machine jon)
      @inventory.json:1:52 "b" `"b"` here
      @clan.json:1:52 "a" `"a"` here
      help: remove one of the two definitions
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "deploy": { "targetHost": "a" }, "machineClass": "darwin" } } }"#, r#"{ "machines": { "jon": { "deploy": { "targetHost": "a" }, "installedAt": 1 } } }"#]), @r#"nothing"#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "vars": { "rack": 1, "list": [ 1 ] } } } }"#, r#"{ "machines": { "jon": { "vars": { "rack": 2, "list": [ 2 ] } } } }"#]), @r#"
    error[conflict]: `machines.jon.vars.rack` is defined twice and differently (machine jon)
      @inventory.json:1:44 2 `2` here
      @clan.json:1:44 1 `1` here
      help: remove one of the two definitions
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "instances": { "i": { "module": { "name": "a" } } } }"#, r#"{ "instances": { "i": { "module": { "name": "b" } } } }"#]), @r#"
    error[conflict]: `instances.i.module.name` is defined twice and differently (instance i)
      @inventory.json:1:45 "b" `"b"` here
      @clan.json:1:45 "a" `"a"` here
      help: remove one of the two definitions
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "instances": { "i": { "roles": { "r": { "settings": {} } } } } }"#, r#"{ "instances": { "i": { "roles": { "r": { "settings": {} } } } } }"#]), @r#"
    error[conflict]: `instances.i.roles.r.settings` is defined twice, and takes only one definition (settings of role r)
      @inventory.json:1:55 {} defined again here
      @clan.json:1:55 {} first defined here
      help: move both definitions into one file
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "m": {} }, "instances": { "i": { "roles": { "r": { "machines": { "m": { "settings": { "a": 1 } } } } } } } }"#, r#"{ "instances": { "i": { "roles": { "r": { "machines": { "m": { "settings": { "a": 1 } } } } } } } }"#]), @r#"
    error[conflict]: `instances.i.roles.r.machines.m.settings` is defined twice, and takes only one definition (settings of role r)
      @inventory.json:1:76 { "a": 1 } defined again here
      @clan.json:1:101 { "a": 1 } first defined here
      help: move both definitions into one file
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "instances": { "i": { "roles": { "r": { "select": "all" } } } } }"#, r#"{ "instances": { "i": { "roles": { "r": { "select": "none" } } } } }"#]), @r#"
    error[conflict]: `instances.i.roles.r.select` is defined twice and differently (role r)
      @inventory.json:1:53 "none" `"none"` here
      @clan.json:1:53 "all" `"all"` here
      help: remove one of the two definitions
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "services": { "m": { "i": { "enabled": true, "meta": { "name": "x" } } } } }"#, r#"{ "services": { "m": { "i": { "enabled": false, "meta": { "name": "y" } } } } }"#]), @r#"
    error[conflict]: `services.m.i.enabled` is defined twice and differently (instance m-i)
      @inventory.json:1:42 false `false` here
      @clan.json:1:42 true `true` here
      help: remove one of the two definitions
    error[conflict]: `services.m.i.meta.name` is defined twice and differently (instance m-i)
      @inventory.json:1:67 "y" `"y"` here
      @clan.json:1:66 "x" `"x"` here
      help: remove one of the two definitions
    "#);
}

#[test]
fn mistakes_in_tags() {
    insta::assert_snapshot!(mistakes(&[r#"{ "tags": [] }"#]), @r#"
    error[invalid-option]: expected lists of machine names by tag as `tags`, found a list (everything)
      @clan.json:1:11 []
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "a": {} }, "tags": { "web": "a" } }"#]), @r#"
    error[invalid-option]: expected a list of machine names as `tags.web`, found a string (everything)
      @clan.json:1:45 "a"
      help: write `"web": ["a"]`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "tags": { "web": { "a": {} } } }"#]), @r#"
    error[invalid-option]: expected a list of machine names as `tags.web`, found an object (everything)
      @clan.json:1:20 { "a": {} }
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "tags": { "web": [ null ] } }"#]), @"
    error[invalid-option]: expected a machine name in `tags.web`, found null (everything)
      @clan.json:1:22 null
      help: remove it
    ");
    insta::assert_snapshot!(mistakes(&[r#"{ "tags": { "web": [ "ghost" ] } }"#]), @r#"
    warning[unknown-machine]: no machine is called `ghost`, so the tag `web` misses it (nothing)
      @clan.json:1:22 "ghost"
      help: remove it
    "#);
}

#[test]
fn mistakes_in_members() {
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": {}, "sara": {} }, "instances": { "i": { "roles": { "r": { "machines": { "jonn": {}, "all": {}, "ghost": {} } } } } } }"#]), @r#"
    error[unknown-machine]: no machine is called `jonn` (role r)
      @clan.json:1:96 "jonn"
      help: did you mean `jon`?
    error[unknown-machine]: no machine is called `all` (role r)
      @clan.json:1:108 "all"
      help: `all` is a tag: write `"all": {}` in `tags` instead of `machines`
    error[unknown-machine]: no machine is called `ghost` (role r)
      @clan.json:1:119 "ghost"
      help: add `"ghost": {}` in `machines`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "backup" ] } }, "instances": { "i": { "roles": { "r": { "tags": [ "bakcup", "jon", "darwin", "xyz" ] } } } } }"#]), @r#"
    warning[unknown-tag]: no machine carries the tag `bakcup`, so it adds none to role `r` of `i` (nothing)
      @clan.json:1:102 "bakcup"
      help: did you mean `backup`?
    warning[unknown-tag]: no machine carries the tag `jon`, so it adds none to role `r` of `i` (nothing)
      @clan.json:1:112 "jon"
      help: `jon` is a machine: write it in `machines` instead of `tags`
    warning[unknown-tag]: no machine carries the tag `darwin`, so it adds none to role `r` of `i` (nothing)
      @clan.json:1:119 "darwin"
      help: put machines under it in `tags.darwin`, or remove it from the role
    warning[unknown-tag]: no machine carries the tag `xyz`, so it adds none to role `r` of `i` (nothing)
      @clan.json:1:129 "xyz"
      help: tags of machines are `all`, `backup` and `nixos`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": {} }, "services": { "m": { "i": { "roles": { "r": { "machines": [ "all", "ghost" ], "tags": [ "web" ] } } } } } }"#]), @r#"
    error[unknown-machine]: no machine is called `all` (role r)
      @clan.json:1:90 "all"
      help: `all` is a tag: write it in `tags` instead of `machines`
    error[unknown-machine]: no machine is called `ghost` (role r)
      @clan.json:1:97 "ghost"
      help: add `"ghost": {}` in `machines`
    warning[unknown-tag]: no machine carries the tag `web`, so it adds none to role `r` of `i` (nothing)
      @clan.json:1:118 "web"
      help: tags of machines are `all` and `nixos`
    "#);
}

#[test]
fn mistakes_in_configuration_of_others() {
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "a": { "tags": [ "t" ] }, "b": {} }, "services": { "m": { "i": { "machines": { "a": { "config": {} }, "b": { "config": {} }, "zz": {} }, "roles": { "r": { "tags": [ "t" ] } } } } } }"#]), @r#"
    warning[check-failed]: `b` is in no role of `i`, so this does nothing (nothing)
      @clan.json:1:119 "b"
      help: add the machine to a role, or remove this
    warning[check-failed]: `zz` is in no role of `i`, so this does nothing (nothing)
      @clan.json:1:142 "zz"
      help: add the machine to a role, or remove this
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "b": {} }, "services": { "m": { "i": { "machines": { "b": { "config": {} } }, "roles": { "r": { "select": "all" } } } } } }"#]), @r#"nothing"#);
}

#[test]
fn names_in_tags_that_no_machine_has() {
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": {} }, "tags": { "web": [ "jon", "jno", "x" ] } }"#]), @r#"
    warning[unknown-machine]: no machine is called `jno`, so the tag `web` misses it (nothing)
      @clan.json:1:56 "jno"
      help: did you mean `jon`?
    warning[unknown-machine]: no machine is called `x`, so the tag `web` misses it (nothing)
      @clan.json:1:63 "x"
      help: remove it
    "#);
}

#[test]
fn what_is_meant_by_names_that_no_machine_has() {
    let role = |machines: &str| {
        mistakes(&[&format!(
            r#"{{ "machines": {{ "jon": {{ "tags": ["web"] }} }}, "instances": {{ "i": {{ "roles": {{ "r": {{ "machines": {machines} }} }} }} }} }}"#
        )])
    };
    let names = ["all", "*", "All", "web", "jon.clan", "$MACHINE", "__YOUR_MACHINE__", "elsewhere"];
    let named: Vec<String> = names.iter().map(|name| role(&format!(r#"{{ "{name}": {{}} }}"#))).collect();
    insta::assert_snapshot!(named.join("\n"), @r#"
    error[unknown-machine]: no machine is called `all` (role r)
      @clan.json:1:101 "all"
      help: `all` is a tag: write `"all": {}` in `tags` instead of `machines`
    error[unknown-machine]: no machine is called `*` (role r)
      @clan.json:1:101 "*"
      help: `all` is a tag: write `"all": {}` in `tags` instead of `machines`
    error[unknown-machine]: no machine is called `All` (role r)
      @clan.json:1:101 "All"
      help: `all` is a tag: write `"all": {}` in `tags` instead of `machines`
    error[unknown-machine]: no machine is called `web` (role r)
      @clan.json:1:101 "web"
      help: `web` is a tag: write `"web": {}` in `tags` instead of `machines`
    error[unknown-machine]: no machine is called `jon.clan` (role r)
      @clan.json:1:101 "jon.clan"
      help: did you mean `jon`?
    error[unknown-machine]: no machine is called `$MACHINE` (role r)
      @clan.json:1:101 "$MACHINE"
      help: it is a placeholder: write the machine that is meant, such as `"jon": {}`, or remove it
    error[unknown-machine]: no machine is called `__YOUR_MACHINE__` (role r)
      @clan.json:1:101 "__YOUR_MACHINE__"
      help: it is a placeholder: write the machine that is meant, such as `"jon": {}`, or remove it
    error[unknown-machine]: no machine is called `elsewhere` (role r)
      @clan.json:1:101 "elsewhere"
      help: add `"elsewhere": {}` in `machines`
    "#);
    insta::assert_snapshot!(role(r#"["all"]"#), @r#"
    error[invalid-option]: expected an object by machine name as `instances.i.roles.r.machines`, found a list (role r)
      @clan.json:1:99 ["all"]
      help: `all` is a tag: write `"tags": ["all"]` instead
    "#);
    insta::assert_snapshot!(role(r#"["jon"]"#), @r#"
    error[invalid-option]: expected an object by machine name as `instances.i.roles.r.machines`, found a list (role r)
      @clan.json:1:99 ["jon"]
      help: write `"machines": { "jon": {} }`
    "#);
}
