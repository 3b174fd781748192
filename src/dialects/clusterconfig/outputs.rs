//! What ClusterConfig generates for a machine besides its configuration: the commands that build, deploy and
//! reach it, and those for its services.
//!
//! Texts are those of ClusterConfig's scripts, without the paths of programs. A port, which ClusterConfig
//! cannot write, goes to `ssh -p`.

use serde_json::{Map, Value, json};

/// The platforms for which ClusterConfig gives its packages in any case.
pub const SYSTEMS: [&str; 4] = ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"];

/// The deployment options that are colmena's own; the others are ClusterConfig's.
const COLMENA: [&str; 9] = [
    "allowLocalDeployment",
    "buildOnTarget",
    "keys",
    "privilegeEscalationCommand",
    "replaceUnknownProfiles",
    "tags",
    "targetHost",
    "targetPort",
    "targetUser",
];

/// What colmena gets as `deployment` of a machine, from its deployment options.
pub fn colmena(deployment: &Value) -> Value {
    let own = COLMENA.iter().filter_map(|name| Some(((*name).to_owned(), deployment.get(name)?.clone())));
    Value::Object(own.collect())
}

/// The scripts of a machine, by name; those of its services below `services`. Where the machine has no
/// `targetHost`, there are only those that need none.
pub fn scripts(machine: &str, deployment: &Value, services: &[&str]) -> Value {
    let mut scripts = Map::new();
    let mut add = |name: &str, text: String| scripts.insert(name.to_owned(), text.into());
    let flake = format!("nixos-rebuild --flake {}", word(&format!(".#{machine}")));
    add("build", format!("{flake} build \"$@\""));
    add("deploySecrets", format!("colmena upload-keys --on {}", word(machine)));
    let Some(target) = target(deployment) else { return scripts.into() };
    let ssh = match deployment.get("targetPort").and_then(Value::as_i64) {
        Some(port) => format!("ssh -p {port} {}", word(&target)),
        None => format!("ssh {}", word(&target)),
    };
    add("connect", format!("{ssh} \"$@\""));
    add("deploy", format!("{flake} switch --target-host {} \"$@\"", quote(&target)));
    let generate = "nixos-generate-config --show-hardware-config --no-filesystems";
    add("hardware-configuration", format!("{ssh} -t '{generate}'"));
    let of_service = |service: &&str| {
        // Two shells read it: this one, and that of the machine.
        let unit = word(&format!("{service}.service"));
        let mut commands = Map::new();
        for command in ["start", "restart", "stop", "status"] {
            let text = format!("{ssh} {}", double(&format!("systemctl {command} {unit}")));
            commands.insert(command.to_owned(), text.into());
        }
        commands
            .insert("log".to_owned(), format!("{ssh} {}", double(&format!("journalctl -xu {unit}"))).into());
        ((*service).to_owned(), Value::Object(commands))
    };
    scripts.insert("services".to_owned(), Value::Object(services.iter().map(of_service).collect()));
    scripts.into()
}

/// `user@host`, or the host alone.
fn target(deployment: &Value) -> Option<String> {
    let text = |name: &str| deployment.get(name).and_then(Value::as_str);
    let host = text("targetHost")?;
    Some(text("targetUser").map_or_else(|| host.to_owned(), |user| format!("{user}@{host}")))
}

/// A word for a shell, in quotes where it needs them.
fn word(text: &str) -> String {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "_-./@:#{}".contains(sign);
    if !text.is_empty() && text.chars().all(is_plain) { text.to_owned() } else { quote(text) }
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A text in double quotes, in which nothing is replaced.
fn double(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        if matches!(sign, '"' | '\\' | '$' | '`') {
            quoted.push('\\');
        }
        quoted.push(sign);
    }
    quoted.push('"');
    quoted
}

/// The names of packages in their tree.
pub fn names(packages: &Value) -> Value {
    match packages {
        Value::Object(members) => {
            let named = members.iter().map(|(name, member)| {
                let below = if member.is_object() { names(member) } else { json!(name) };
                (name.clone(), below)
            });
            Value::Object(named.collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_commands() {
        let deployment = json!({ "targetHost": "10.0.0.1", "targetUser": "root", "targetPort": null });
        insta::assert_snapshot!(format!("{:#}", scripts("web1", &deployment, &["dns"])), @r##"
        {
          "build": "nixos-rebuild --flake .#web1 build \"$@\"",
          "deploySecrets": "colmena upload-keys --on web1",
          "connect": "ssh root@10.0.0.1 \"$@\"",
          "deploy": "nixos-rebuild --flake .#web1 switch --target-host 'root@10.0.0.1' \"$@\"",
          "hardware-configuration": "ssh root@10.0.0.1 -t 'nixos-generate-config --show-hardware-config --no-filesystems'",
          "services": {
            "dns": {
              "start": "ssh root@10.0.0.1 \"systemctl start dns.service\"",
              "restart": "ssh root@10.0.0.1 \"systemctl restart dns.service\"",
              "stop": "ssh root@10.0.0.1 \"systemctl stop dns.service\"",
              "status": "ssh root@10.0.0.1 \"systemctl status dns.service\"",
              "log": "ssh root@10.0.0.1 \"journalctl -xu dns.service\""
            }
          }
        }
        "##);
        let deployment = json!({ "targetHost": "10.0.0.1", "targetUser": null, "targetPort": 2222 });
        insta::assert_snapshot!(format!("{:#}", scripts("it's", &deployment, &["a\"$b"])), @r##"
        {
          "build": "nixos-rebuild --flake '.#it'\\''s' build \"$@\"",
          "deploySecrets": "colmena upload-keys --on 'it'\\''s'",
          "connect": "ssh -p 2222 10.0.0.1 \"$@\"",
          "deploy": "nixos-rebuild --flake '.#it'\\''s' switch --target-host '10.0.0.1' \"$@\"",
          "hardware-configuration": "ssh -p 2222 10.0.0.1 -t 'nixos-generate-config --show-hardware-config --no-filesystems'",
          "services": {
            "a\"$b": {
              "start": "ssh -p 2222 10.0.0.1 \"systemctl start 'a\\\"\\$b.service'\"",
              "restart": "ssh -p 2222 10.0.0.1 \"systemctl restart 'a\\\"\\$b.service'\"",
              "stop": "ssh -p 2222 10.0.0.1 \"systemctl stop 'a\\\"\\$b.service'\"",
              "status": "ssh -p 2222 10.0.0.1 \"systemctl status 'a\\\"\\$b.service'\"",
              "log": "ssh -p 2222 10.0.0.1 \"journalctl -xu 'a\\\"\\$b.service'\""
            }
          }
        }
        "##);
        let deployment = json!({ "targetHost": null, "targetUser": "root" });
        insta::assert_snapshot!(format!("{:#}", scripts("web1", &deployment, &["dns"])), @r##"
        {
          "build": "nixos-rebuild --flake .#web1 build \"$@\"",
          "deploySecrets": "colmena upload-keys --on web1"
        }
        "##);
    }

    #[test]
    fn packages_have_names() {
        let deployment = json!({ "targetHost": null });
        let packages = json!({ "machines": { "a": scripts("a", &deployment, &[]) } });
        let expected = json!({ "machines": { "a": { "build": "build", "deploySecrets": "deploySecrets" } } });
        assert_eq!(names(&packages), expected);
    }

    #[test]
    fn colmena_gets_its_own_options() {
        let deployment = json!({ "targetHost": "h", "formatScript": "disko", "tags": [] });
        assert_eq!(colmena(&deployment), json!({ "targetHost": "h", "tags": [] }));
    }
}
