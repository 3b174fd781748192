//! Changes of the inventory, as values: what `invq diff --with` looks ahead to.
//!
//! A change is plain data ([`Named::Edit`](crate::types::Named)): what to do, the names that lead there,
//! and a value. Making one changes nothing; who applies it knows the inventory and the rules by which
//! its files may be written.

use super::support::{text_list, texts};
use crate::value::{Name, Value};

table! {
    "addTag" ["bare"] "String -> String -> Edit" names(0 Machine)
        "the change that gives a machine a tag"
        "A machine that carries the tag already stays as it is. As with `hostname`, a name means the machines of all clusters that have it."
        { "addTag \"sara\" \"web\"" => "{\"at\":[\"machines\",\"sara\",\"tags\"],\"change\":\"add\",\"value\":\"web\"}" "map (m: addTag m \"old\") [ \"jon\" \"sara\" ] |> length" => "2" "addTag \"srah\" \"web\"" => "error: unknown-machine" }
        |ev, machine, tag| {
            let machine = ev.string(machine)?;
            Ok(edit("add", &["machines", &machine, "tags"], Some(tag)))
        };
    "removeTag" ["bare"] "String -> String -> Edit" names(0 Machine 1 Tag)
        "the change that takes a tag from a machine"
        "A tag that the machine carries because a list of the inventory names it cannot be taken so."
        { "(removeTag \"jon\" \"backup\").change" => "\"take\"" "removeTag \"jon\" \"bakcup\"" => "error: unknown-tag" }
        |ev, machine, tag| {
            let machine = ev.string(machine)?;
            Ok(edit("take", &["machines", &machine, "tags"], Some(tag)))
        };
    "addMachine" ["bare"] "String -> Any -> Edit"
        "the change that adds a machine with what the inventory says of it"
        "Where there are several clusters, write `CLUSTER/NAME`."
        { "(addMachine \"lab/max\" { tags = [ \"backup\" ]; }).at" => "[\"machines\",\"lab/max\"]" "(addMachine \"lab/max\" { }).change" => "\"set\"" }
        |ev, machine, entry| {
            let machine = ev.string(machine)?;
            Ok(edit("set", &["machines", &machine], Some(entry)))
        };
    "removeMachine" ["bare"] "String -> Edit" names(0 Machine)
        "the change that removes a machine"
        "Roles that name it are left as they are, and have a mistake then."
        { "(removeMachine \"jon\").change" => "\"remove\"" "removeMachine \"jonn\"" => "error: unknown-machine" }
        |ev, machine| {
            let machine = ev.string(machine)?;
            Ok(edit("remove", &["machines", &machine], None))
        };
    "addToRole" ["bare"] "String -> String -> String -> Edit" names(0 Instance 1 Role 2 Machine)
        "the change that names a machine in a role of an instance"
        "For Clan's instances and services, whose roles name machines. ClusterConfig's select by filters: change those with `setValue`."
        { "(addToRole \"borgbackup\" \"client\" \"web2\").at" => "[\"instances\",\"borgbackup\",\"roles\",\"client\",\"machines\"]" "addToRole \"borgbackup\" \"clinet\" \"web2\"" => "error: unknown-name" }
        |ev, instance, role, machine| {
            let (instance, role) = (ev.string(instance)?, ev.string(role)?);
            Ok(edit("add", &["instances", &instance, "roles", &role, "machines"], Some(machine)))
        };
    "removeFromRole" ["bare"] "String -> String -> String -> Edit" names(0 Instance 1 Role 2 Machine)
        "the change that takes the name of a machine out of a role of an instance"
        "For Clan's instances and services. A machine that a tag puts there stays."
        { "(removeFromRole \"borgbackup\" \"client\" \"jon\").change" => "\"take\"" "(removeFromRole \"borgbackup\" \"client\" \"jon\").at" => "[\"instances\",\"borgbackup\",\"roles\",\"client\",\"machines\"]" }
        |ev, instance, role, machine| {
            let (instance, role) = (ev.string(instance)?, ev.string(role)?);
            Ok(edit("take", &["instances", &instance, "roles", &role, "machines"], Some(machine)))
        };
    "setSetting" ["bare"] "String -> String -> [String] -> Any -> Edit" names(0 Instance 1 Role)
        "the change that sets a setting of a role of an instance"
        "The list names the setting, from the outside inwards. For Clan's instances; in services of its older interface it is the role's `config`."
        { "(setSetting \"borgbackup\" \"client\" [ \"startAt\" ] \"noon\").value or null" => "\"noon\"" "(setSetting \"borgbackup\" \"client\" [ \"keep\" \"daily\" ] 7).at |> length" => "7" }
        |ev, instance, role, path, value| {
            let (instance, role) = (ev.string(instance)?, ev.string(role)?);
            let mut at: Vec<Name> = ["instances", &instance, "roles", &role, "settings"].map(Name::from).to_vec();
            at.extend(texts(ev, path)?);
            Ok(change("set", &at, Some(value)))
        };
    "setValue" ["bare"] "[String] -> Any -> Edit"
        "the change that sets a value of the inventory"
        "The list names it, from the top of the inventory inwards. Parts of the way that are missing are made."
        { "setValue [ \"meta\" \"name\" ] \"harbour\"" => "{\"at\":[\"meta\",\"name\"],\"change\":\"set\",\"value\":\"harbour\"}" "(setValue [ \"meta\" \"name\" ] \"harbour\").change" => "\"set\"" }
        |ev, path, value| Ok(change("set", &texts(ev, path)?, Some(value)));
    "removeValue" ["bare"] "[String] -> Edit"
        "the change that removes a value of the inventory"
        ""
        { "(removeValue [ \"meta\" \"icon\" ]).change" => "\"remove\"" "(removeValue [ \"meta\" \"icon\" ]).at" => "[\"meta\",\"icon\"]" }
        |ev, path| Ok(change("remove", &texts(ev, path)?, None));
}

fn edit(word: &str, at: &[&str], value: Option<&Value>) -> Value {
    change(word, &at.iter().map(|name| Name::from(*name)).collect::<Vec<Name>>(), value)
}

fn change(word: &str, at: &[Name], value: Option<&Value>) -> Value {
    let mut fields = vec![("at", text_list(at)), ("change", Value::string(word))];
    fields.extend(value.map(|value| ("value", value.clone())));
    Value::attrs(fields)
}
