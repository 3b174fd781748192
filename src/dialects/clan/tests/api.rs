//! Mistakes in instances, services and declared modules.

use super::{all_mistakes, mistakes};

#[test]
fn mistakes_in_instances() {
    insta::assert_snapshot!(mistakes(&[r#"{ "instances": [] }"#]), @"
    error[invalid-option]: expected an object by instance name as `instances`, found a list (everything)
      @clan.json:1:16 []
      help: write `{}`
    ");
    insta::assert_snapshot!(mistakes(&[r#"{ "instances": { "i": null } }"#]), @r#"
    error[invalid-option]: expected an object as `instances.i`, found null (instance i)
      @clan.json:1:23 null
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "instances": { "i": { "modul": {} } } }"#]), @r#"
    error[unknown-option]: `instances.i` has no option `modul` (instance i)
      @clan.json:1:25 "modul"
      help: did you mean `module`?
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "instances": { "i": { "module": "zerotier" } } }"#]), @r#"
    error[invalid-option]: expected an object with `name` and `input` as `instances.i.module`, found a string (instance i)
      @clan.json:1:35 "zerotier"
      help: write `"module": { "name": "zerotier" }`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "instances": { "i": { "module": { "name": null, "input": 1, "source": "x" } } } }"#]), @r#"
    error[invalid-option]: expected a string as `instances.i.module.name`, found null (instance i)
      @clan.json:1:45 null
    error[invalid-option]: expected a string or `null` as `instances.i.module.input`, found `1` (instance i)
      @clan.json:1:60 1
      help: write `"1"`
    error[unknown-option]: `instances.i.module` has no option `source` (instance i)
      @clan.json:1:63 "source"
      help: its options are `name` and `input`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "instances": { "i": { "roles": [] } } }"#]), @"
    error[invalid-option]: expected an object by role name as `instances.i.roles`, found a list (instance i)
      @clan.json:1:34 []
      help: write `{}`
    ");
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": null } } } }"#]), @r#"
    error[invalid-option]: expected an object as `instances.i.roles.r`, found null (role r)
      @clan.json:1:87 null
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "config": {} } } } } }"#]), @r#"
    error[unknown-option]: `instances.i.roles.r` has no option `config` (role r)
      @clan.json:1:89 "config"
      help: write `instances.i.roles.r.settings`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "machine": {} } } } } }"#]), @r#"
    error[unknown-option]: `instances.i.roles.r` has no option `machine` (role r)
      @clan.json:1:89 "machine"
      help: did you mean `machines`?
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "machines": [ "jon" ] } } } } }"#]), @r#"
    error[invalid-option]: expected an object by machine name as `instances.i.roles.r.machines`, found a list (role r)
      @clan.json:1:101 [ "jon" ]
      help: write `"machines": { "jon": {} }`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "machines": "jon" } } } } }"#]), @r#"
    error[invalid-option]: expected an object by machine name as `instances.i.roles.r.machines`, found a string (role r)
      @clan.json:1:101 "jon"
      help: write `"machines": { "jon": {} }`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "machines": { "jon": null } } } } } }"#]), @r#"
    error[invalid-option]: expected an object as `instances.i.roles.r.machines.jon`, found null (role r)
      @clan.json:1:110 null
      help: write `"jon": {}`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "machines": { "jon": { "setings": {} } } } } } } }"#]), @r#"
    error[unknown-option]: `instances.i.roles.r.machines.jon` has no option `setings` (role r)
      @clan.json:1:112 "setings"
      help: did you mean `settings`?
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "machines": { "jon": { "settings": [] } } } } } } }"#]), @"
    error[invalid-option]: expected an object as `instances.i.roles.r.machines.jon.settings`, found a list (settings of role r)
      @clan.json:1:124 []
      help: write `{}`
    ");
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "tags": "web" } } } } }"#]), @r#"
    error[invalid-option]: expected a list of tags or an object by tag as `instances.i.roles.r.tags`, found a string (role r)
      @clan.json:1:97 "web"
      help: write `"tags": ["web"]`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "tags": [ 1 ] } } } } }"#]), @r#"
    error[invalid-option]: expected a tag in `instances.i.roles.r.tags`, found `1` (role r)
      @clan.json:1:99 1
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "tags": { "web": 1 } } } } } }"#]), @r#"
    error[invalid-option]: expected an object as `instances.i.roles.r.tags.web`, found `1` (role r)
      @clan.json:1:106 1
      help: write `"web": {}`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "settings": null } } } } }"#]), @r#"
    error[invalid-option]: expected an object as `instances.i.roles.r.settings`, found null (settings of role r)
      @clan.json:1:101 null
      help: write `"settings": {}`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "extraModules": "x" } } } } }"#]), @r#"
    error[invalid-option]: expected a list as `instances.i.roles.r.extraModules`, found a string (role r)
      @clan.json:1:105 "x"
      help: write `["x"]`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": { "tags": [ "web" ] } }, "instances": { "i": { "roles": { "r": { "select": [ "web" ] } } } } }"#]), @r#"
    error[invalid-option]: expected a filter as `instances.i.roles.r.select`, found a list (role r)
      @clan.json:1:99 [ "web" ]
      help: write `"select": "tag \"web\""`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "machines": { "jon": {} }, "instances": { "i": { "roles": { "r": { "machines": { "jon": {}, "jon": {} } } } } } }"#]), @r#"
    error[duplicate-name]: `jon` is defined twice in one object (role r)
      @clan.json:1:95 "jon" defined again here
      @clan.json:1:84 "jon" first defined here
      help: remove or rename one of the two
    "#);
}

#[test]
fn mistakes_in_services() {
    insta::assert_snapshot!(mistakes(&[r#"{ "services": [] }"#]), @"
    error[invalid-option]: expected an object by service name as `services`, found a list (everything)
      @clan.json:1:15 []
      help: write `{}`
    ");
    insta::assert_snapshot!(mistakes(&[r#"{ "services": { "m": [] } }"#]), @"
    error[invalid-option]: expected an object by instance name as `services.m`, found a list (everything)
      @clan.json:1:22 []
      help: write `{}`
    ");
    insta::assert_snapshot!(mistakes(&[r#"{ "services": { "m": { "i": null } } }"#]), @r#"
    error[invalid-option]: expected an object as `services.m.i`, found null (instance m-i)
      @clan.json:1:29 null
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "services": { "m": { "i": { "enabled": "no", "meta": [], "roles": [], "machines": [], "config": [], "extraModules": {}, "settings": {} } } } }"#]), @r#"
    error[invalid-option]: expected a boolean as `services.m.i.enabled`, found a string (instance m-i)
      @clan.json:1:42 "no"
    error[invalid-option]: expected an object as `services.m.i.meta`, found a list (instance m-i)
      @clan.json:1:56 []
      help: write `{}`
    error[invalid-option]: expected an object by role name as `services.m.i.roles`, found a list (instance m-i)
      @clan.json:1:69 []
      help: write `{}`
    error[invalid-option]: expected an object by machine name as `services.m.i.machines`, found a list (instance m-i)
      @clan.json:1:85 []
      help: write `{}`
    error[invalid-option]: expected an object as `services.m.i.config`, found a list (instance m-i)
      @clan.json:1:99 []
      help: write `{}`
    error[invalid-option]: expected a list as `services.m.i.extraModules`, found an object (instance m-i)
      @clan.json:1:119 {}
    error[unknown-option]: `services.m.i` has no option `settings` (instance m-i)
      @clan.json:1:123 "settings"
      help: write `services.m.i.config`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "services": { "m": { "i": { "meta": { "name": 1, "icon": 1, "x": 1 } } } } }"#]), @r#"
    error[invalid-option]: expected a string as `services.m.i.meta.name`, found `1` (instance m-i)
      @clan.json:1:49 1
      help: write `"1"`
    error[invalid-option]: expected a string or `null` as `services.m.i.meta.icon`, found `1` (instance m-i)
      @clan.json:1:60 1
      help: write `"1"`
    error[unknown-option]: `services.m.i.meta` has no option `x` (instance m-i)
      @clan.json:1:63 "x"
      help: its options are `name`, `description` and `icon`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "services": { "m": { "i": { "machines": { "a": null, "b": { "config": 1, "extraModules": 1, "tags": [] } } } } } }"#]), @r#"
    error[invalid-option]: expected an object as `services.m.i.machines.a`, found null (instance m-i)
      @clan.json:1:50 null
    error[invalid-option]: expected an object as `services.m.i.machines.b.config`, found `1` (instance m-i)
      @clan.json:1:73 1
    error[invalid-option]: expected a list as `services.m.i.machines.b.extraModules`, found `1` (instance m-i)
      @clan.json:1:92 1
      help: write `["1"]`
    error[unknown-option]: `services.m.i.machines.b` has no option `tags` (instance m-i)
      @clan.json:1:95 "tags"
      help: its options are `config` and `extraModules`
    warning[check-failed]: `a` is in no role of `i`, so this does nothing (nothing)
      @clan.json:1:45 "a"
      help: add the machine to a role, or remove this
    warning[check-failed]: `b` is in no role of `i`, so this does nothing (nothing)
      @clan.json:1:56 "b"
      help: add the machine to a role, or remove this
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "services": { "m": { "i": { "roles": { "r": null } } } } }"#]), @r#"
    error[invalid-option]: expected an object as `services.m.i.roles.r`, found null (role r)
      @clan.json:1:47 null
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "services": { "m": { "i": { "roles": { "r": { "machines": { "a": {} }, "tags": "web", "config": [], "extraModules": 1, "settings": {} } } } } } }"#]), @r#"
    error[invalid-option]: expected a list of strings as `services.m.i.roles.r.machines`, found an object (role r)
      @clan.json:1:61 { "a": {} }
      help: write `"machines": ["a"]`
    error[invalid-option]: expected a list of strings as `services.m.i.roles.r.tags`, found a string (role r)
      @clan.json:1:82 "web"
      help: write `"tags": ["web"]`
    error[invalid-option]: expected an object as `services.m.i.roles.r.config`, found a list (role r)
      @clan.json:1:99 []
      help: write `{}`
    error[invalid-option]: expected a list as `services.m.i.roles.r.extraModules`, found `1` (role r)
      @clan.json:1:119 1
      help: write `["1"]`
    error[unknown-option]: `services.m.i.roles.r` has no option `settings` (role r)
      @clan.json:1:122 "settings"
      help: write `services.m.i.roles.r.config`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "services": { "m": { "i": { "roles": { "r": { "machines": [ 1 ] } } } } } }"#]), @r#"
    error[invalid-option]: expected a name in `services.m.i.roles.r.machines`, found `1` (role r)
      @clan.json:1:63 1
    "#);
}

#[test]
fn an_empty_object_of_modules_declares_none() {
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": {}, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "A", "input": "x" }, "roles": { "r": { "machines": { "jon": {} } } } } } } }"#]), @"nothing");
}

#[test]
fn mistakes_in_modules() {
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net" }, "roles": { "peer": {}, "server": {} } }, "empty": { "manifest": { "name": "nothing" } } }, "<clan-core>": { "B": { "roles": { "r": {} } } } }, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "A", "input": "slef" } } } } }"#]), @r#"
    error[unknown-name]: no input `slef` has modules (service slef-A)
      @clan.json:1:305 "slef"
      help: did you mean `self`?
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net" }, "roles": { "peer": {}, "server": {} } }, "empty": { "manifest": { "name": "nothing" } } }, "<clan-core>": { "B": { "roles": { "r": {} } } } }, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "A", "input": "other" } } } } }"#]), @r#"
    error[unknown-name]: no input `other` has modules (service other-A)
      @clan.json:1:305 "other"
      help: write `module.input = "self"` to use the module of that name there
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net" }, "roles": { "peer": {}, "server": {} } }, "empty": { "manifest": { "name": "nothing" } } }, "<clan-core>": { "B": { "roles": { "r": {} } } } }, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "Q", "input": "other" } } } } }"#]), @r#"
    error[unknown-name]: no input `other` has modules (service other-Q)
      @clan.json:1:305 "other"
      help: inputs with modules are `<clan-core>` and `self`; without `module.input`, Clan's own are meant
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net" }, "roles": { "peer": {}, "server": {} } }, "empty": { "manifest": { "name": "nothing" } } }, "<clan-core>": { "B": { "roles": { "r": {} } } } }, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "A" } } } } }"#]), @r#"
    error[unknown-name]: Clan itself has no module `A` (service <clan-core>-A)
      @clan.json:1:291 "A"
      help: write `module.input = "self"` to use the module of that name there
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net" }, "roles": { "peer": {}, "server": {} } }, "empty": { "manifest": { "name": "nothing" } } }, "<clan-core>": { "B": { "roles": { "r": {} } } } }, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "B", "input": "self" } } } } }"#]), @r#"
    error[unknown-name]: input `self` has no module `B` (service self-B)
      @clan.json:1:291 "B"
      help: remove `module.input` to use Clan's own module of that name
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net" }, "roles": { "peer": {}, "server": {} } }, "empty": { "manifest": { "name": "nothing" } } }, "<clan-core>": { "B": { "roles": { "r": {} } } } }, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "emtpy", "input": "self" } } } } }"#]), @r#"
    error[unknown-name]: input `self` has no module `emtpy` (service self-emtpy)
      @clan.json:1:291 "emtpy"
      help: did you mean `empty`?
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net" }, "roles": { "peer": {}, "server": {} } }, "empty": { "manifest": { "name": "nothing" } } }, "<clan-core>": { "B": { "roles": { "r": {} } } } }, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "xyzzy", "input": "self" } } } } }"#]), @r#"
    error[unknown-name]: input `self` has no module `xyzzy` (service self-xyzzy)
      @clan.json:1:291 "xyzzy"
      help: its modules are `A` and `empty`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net" }, "roles": { "peer": {}, "server": {} } }, "empty": { "manifest": { "name": "nothing" } } }, "<clan-core>": { "B": { "roles": { "r": {} } } } }, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "A", "input": "self" }, "roles": { "per": {}, "client": {} } } } } }"#]), @r#"
    error[unknown-name]: module `A` has no role `client` (instance i)
      @clan.json:1:337 "client"
      help: its roles are `peer` and `server`
    error[unknown-name]: module `A` has no role `per` (instance i)
      @clan.json:1:326 "per"
      help: did you mean `peer`?
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net" }, "roles": { "peer": {}, "server": {} } }, "empty": { "manifest": { "name": "nothing" } } }, "<clan-core>": { "B": { "roles": { "r": {} } } } }, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "empty", "input": "self" }, "roles": { "peer": {} } } } } }"#]), @r#"
    error[unknown-name]: module `nothing` defines no roles, and this instance uses one (service self-empty)
      @clan.json:1:330 "peer"
      help: declare it in the module: `"roles": { "peer": {} }`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net" }, "roles": { "peer": {}, "server": {} } }, "empty": { "manifest": { "name": "nothing" } } }, "<clan-core>": { "B": { "roles": { "r": {} } } } }, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "empty", "input": "self" }, "roles": {} } } } }"#]), @r#"nothing"#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": { "manifest": { "name": "net" }, "roles": { "peer": {}, "server": {} } }, "empty": { "manifest": { "name": "nothing" } } }, "<clan-core>": { "B": { "roles": { "r": {} } } } }, "inventory": { "machines": { "jon": {} }, "instances": { "i": { "module": { "name": "B", "input": "clan-core" }, "roles": { "r": {} } } } } }"#]), @r#"nothing"#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": {} } }, "inventory": { "instances": { "B": {} } } }"#]), @r#"
    error[unknown-name]: no module of Clan itself is declared, so there is no `B` (service <clan-core>-B)
      @clan.json:1:69 "B"
      help: declare it in `modules`: `"<clan-core>": { "B": { "roles": {} } }`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "borgbackup": { "roles": [ "client", "server" ] } }, "inventory": { "services": { "borgbakup": { "i": {} }, "zerotier": { "i": {} }, "borgbackup": { "i": { "roles": { "clinet": {} } } } } } }"#]), @r#"
    error[unknown-name]: module `borgbackup` has no role `clinet` (instance borgbackup-i)
      @clan.json:1:183 "clinet"
      help: did you mean `client`?
    error[unknown-name]: no module is called `borgbakup` (service borgbakup)
      @clan.json:1:98 "borgbakup"
      help: did you mean `borgbackup`?
    error[unknown-name]: no module is called `zerotier` (service zerotier)
      @clan.json:1:124 "zerotier"
      help: declare it in `modules`: `"zerotier": { "roles": [] }`
    "#);
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": [], "inventory": {} }"#]), @"
    error[invalid-option]: expected an object by input as `modules`, found a list (everything)
      @clan.json:1:14 []
      help: write `{}`
    ");
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": [] }, "inventory": {} }"#]), @"
    error[invalid-option]: expected an object by module name as `modules.self`, found a list (everything)
      @clan.json:1:24 []
      help: write `{}`
    ");
    insta::assert_snapshot!(mistakes(&[r#"{ "modules": { "self": { "A": [], "B": { "roles": 1, "manifest": { "constraints": { "maxInstances": "1" } } } } }, "inventory": { "instances": { "B": { "module": { "input": "self" } } } } }"#]), @r#"
    error[invalid-option]: expected an object with `manifest` and `roles` as `modules.self.A`, found a list (nothing)
      @clan.json:1:31 []
      help: write `{}`
    error[invalid-option]: expected an object as `modules.self.B.roles`, found `1` (service self-B)
      @clan.json:1:51 1
    error[invalid-option]: expected a whole number as `modules.self.B.manifest.constraints.maxInstances`, found a string (service self-B)
      @clan.json:1:101 "1"
    "#);
}

#[test]
fn the_older_api_is_told_to_be_so() {
    let layer = r#"{ "meta": { "name": "c" }, "machines": { "jon": {} },
      "services": { "borgbackup": { "home": { "roles": { "client": { "machines": ["jon"] } } } } } }"#;
    insta::assert_snapshot!(all_mistakes(&[layer]), @r#"
    hint[outdated-option]: Clan has given up `services` for `instances` (nothing)
      @clan.json:2:19 { "borgbackup": { "home": { "roles": { "client": { "machines": ["jon"] } } } } }
      help: write each as an instance: `"borgbackup-home": { "module": { "name": "borgbackup" }, "roles": {} }` in `instances`
    "#);
}
