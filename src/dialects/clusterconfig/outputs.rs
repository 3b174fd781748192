//! What ClusterConfig generates for a machine besides its configuration: the commands that install, build,
//! deploy and reach it, those for its services, and what its installer image is made of.
//!
//! Texts are those of ClusterConfig's scripts, without the paths of programs; where those have the path of
//! something that Nix has built, the command builds it. A port, which ClusterConfig cannot write, goes to
//! `ssh -p`.

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
    let format = deployment.get("formatScript").and_then(Value::as_str);
    add("create", create(machine, format, &target));
    add("format", format_disks(machine, format, deployment, &ssh));
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

/// The command that gives the path of something that Nix builds for a machine.
fn built(machine: &str, what: &str) -> String {
    let flake = word(&format!(".#nixosConfigurations.{machine}.config.system.build.{what}"));
    format!("\"$(nix build --no-link --print-out-paths {flake})\"")
}

/// The script that formats a machine's disks, as a word of the shell; nothing where there is none.
fn format_script(machine: &str, format: Option<&str>) -> Option<String> {
    Some(match format? {
        "disko" => built(machine, "diskoScript"),
        // What is copied to another machine stands in the store.
        script => format!("\"$(nix-store --add {})\"", word(script)),
    })
}

/// Installs a machine over ssh: formats its disks, where it says how, and puts its system there.
fn create(machine: &str, format: Option<&str>, target: &str) -> String {
    let (before, script) = match format_script(machine, format) {
        Some(script) => (String::new(), script),
        None => {
            let skip = "script=$(mktemp)\nprintf '#!/bin/sh\\necho skip formatting\\n' > \"$script\"\nchmod +x \"$script\"\n";
            (skip.to_owned(), "\"$(nix-store --add \"$script\")\"".to_owned())
        }
    };
    let system = built(machine, "toplevel");
    format!(
        "{before}nix run github:nix-community/nixos-anywhere -- --store-paths {script} {system} {}",
        word(target)
    )
}

/// Formats the disks of a machine after a question.
fn format_disks(machine: &str, format: Option<&str>, deployment: &Value, ssh: &str) -> String {
    let Some(script) = format_script(machine, format) else {
        return "echo no format script configured".to_owned();
    };
    let host = deployment.get("targetHost").and_then(Value::as_str).unwrap_or_default();
    let question = quote(&format!("format the disks of {machine}, and lose what is on them? Y/n> "));
    let store = word(&format!("ssh://root@{host}"));
    format!(
        "read -r -p {question} answer\ncase \"$answer\" in [Yy]*) ;; *) exit ;; esac\nscript={script}\nnix copy --to {store} \"$script\"\n{ssh} -t \"$script\""
    )
}

/// The names of users of every installation, which no installer takes over.
fn is_of_system(user: &str) -> bool {
    let names = ["backup", "messagebus", "nobody", "node-exporter", "root", "sshd"];
    user.starts_with("nix") || user.starts_with("systemd") || names.contains(&user)
}

/// What the installer image of a machine is made of: its interfaces, its own users and their groups, and what
/// it says of the console, the language and the time.
pub fn installer(system: Option<&str>, configuration: &Value) -> Value {
    let of = |set: &str, option: &str| configuration.get(set).and_then(|set| set.get(option)).cloned();
    let inherited = |set: &'static str, options: &[&str]| {
        let found = options.iter().filter_map(|option| Some(((*option).to_owned(), of(set, option)?)));
        let found: Map<String, Value> = found.collect();
        (!found.is_empty()).then(|| (set.to_owned(), Value::Object(found)))
    };
    let own = |option: &str| {
        let mut members = of("users", option)?;
        let entries = members.as_object_mut()?;
        entries.retain(|name, _| !is_of_system(name));
        for member in entries.values_mut().filter_map(Value::as_object_mut) {
            // The installer has no such shells and homes.
            member.remove("shell");
            member.remove("cryptHomeLuks");
        }
        Some((option.to_owned(), members))
    };
    let users: Map<String, Value> = ["users", "groups"].into_iter().filter_map(own).collect();
    let parts = [
        inherited("networking", &["interfaces"]),
        inherited("console", &["font", "keyMap"]),
        inherited("i18n", &["defaultLocale"]),
        inherited("time", &["timeZone"]),
        Some(("environment".to_owned(), json!({ "systemPackages": ["jq"] }))),
        Some(("users".to_owned(), Value::Object(users))),
    ];
    let parts = Value::Object(parts.into_iter().flatten().collect());
    let root = configuration.get("users").and_then(|users| users.get("users")?.get("root"));
    let root = root.map(|root| {
        let forced = json!({ "_type": "override", "priority": 50, "content": root });
        json!({ "users": { "users": { "root": forced } } })
    });
    let modules: Vec<Value> = root.into_iter().chain([parts]).collect();
    json!({ "format": "iso", "system": system, "modules": modules })
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

/// The names of a machine's packages, of which these are the scripts.
pub fn names(machine: &str, scripts: &Value) -> Value {
    let mut named = Map::new();
    named.insert("iso".to_owned(), json!(format!("iso-{machine}")));
    for (name, script) in scripts.as_object().into_iter().flatten() {
        let below = match script.as_object() {
            None => json!(format!("{name}-{machine}")),
            Some(services) => {
                let of_service = services.iter().map(|(service, commands)| {
                    let commands = commands.as_object().into_iter().flat_map(Map::keys);
                    let commands = commands.map(|command| {
                        let word = match command.as_str() {
                            "status" => "statusOf",
                            "log" => "logOf",
                            other => other,
                        };
                        (command.clone(), json!(format!("{word}-{machine}-{service}")))
                    });
                    (service.clone(), Value::Object(commands.collect()))
                });
                Value::Object(of_service.collect())
            }
        };
        named.insert(name.clone(), below);
    }
    Value::Object(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_commands() {
        let deployment = json!({ "targetHost": "10.0.0.1", "targetUser": "root", "targetPort": null });
        insta::assert_snapshot!(format!("{:#}", scripts("web1", &deployment, &["dns"])), @r#"
        {
          "build": "nixos-rebuild --flake .#web1 build \"$@\"",
          "deploySecrets": "colmena upload-keys --on web1",
          "connect": "ssh root@10.0.0.1 \"$@\"",
          "deploy": "nixos-rebuild --flake .#web1 switch --target-host 'root@10.0.0.1' \"$@\"",
          "create": "script=$(mktemp)\nprintf '#!/bin/sh\\necho skip formatting\\n' > \"$script\"\nchmod +x \"$script\"\nnix run github:nix-community/nixos-anywhere -- --store-paths \"$(nix-store --add \"$script\")\" \"$(nix build --no-link --print-out-paths .#nixosConfigurations.web1.config.system.build.toplevel)\" root@10.0.0.1",
          "format": "echo no format script configured",
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
        "#);
        let deployment = json!({ "targetHost": "10.0.0.1", "targetUser": null, "targetPort": 2222 });
        insta::assert_snapshot!(format!("{:#}", scripts("it's", &deployment, &["a\"$b"])), @r#"
        {
          "build": "nixos-rebuild --flake '.#it'\\''s' build \"$@\"",
          "deploySecrets": "colmena upload-keys --on 'it'\\''s'",
          "connect": "ssh -p 2222 10.0.0.1 \"$@\"",
          "deploy": "nixos-rebuild --flake '.#it'\\''s' switch --target-host '10.0.0.1' \"$@\"",
          "create": "script=$(mktemp)\nprintf '#!/bin/sh\\necho skip formatting\\n' > \"$script\"\nchmod +x \"$script\"\nnix run github:nix-community/nixos-anywhere -- --store-paths \"$(nix-store --add \"$script\")\" \"$(nix build --no-link --print-out-paths '.#nixosConfigurations.it'\\''s.config.system.build.toplevel')\" 10.0.0.1",
          "format": "echo no format script configured",
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
        "#);
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
        let deployment = json!({ "targetHost": "h" });
        let named = names("a", &scripts("a", &deployment, &["dns"]));
        assert_eq!(named["build"], "build-a");
        assert_eq!(named["iso"], "iso-a");
        assert_eq!(named["services"]["dns"]["start"], "start-a-dns");
        assert_eq!(named["services"]["dns"]["log"], "logOf-a-dns");
    }

    #[test]
    fn disks_are_formatted_as_the_machine_says() {
        let format = |format: Value| {
            let deployment =
                json!({ "targetHost": "10.0.0.1", "targetUser": "admin", "formatScript": format });
            let scripts = scripts("web1", &deployment, &[]);
            format!(
                "{}\n---\n{}",
                scripts["create"].as_str().unwrap_or(""),
                scripts["format"].as_str().unwrap_or("")
            )
        };
        insta::assert_snapshot!(format(json!(null)), @r#"
        script=$(mktemp)
        printf '#!/bin/sh\necho skip formatting\n' > "$script"
        chmod +x "$script"
        nix run github:nix-community/nixos-anywhere -- --store-paths "$(nix-store --add "$script")" "$(nix build --no-link --print-out-paths .#nixosConfigurations.web1.config.system.build.toplevel)" admin@10.0.0.1
        ---
        echo no format script configured
        "#);
        insta::assert_snapshot!(format(json!("disko")), @r#"
        nix run github:nix-community/nixos-anywhere -- --store-paths "$(nix build --no-link --print-out-paths .#nixosConfigurations.web1.config.system.build.diskoScript)" "$(nix build --no-link --print-out-paths .#nixosConfigurations.web1.config.system.build.toplevel)" admin@10.0.0.1
        ---
        read -r -p 'format the disks of web1, and lose what is on them? Y/n> ' answer
        case "$answer" in [Yy]*) ;; *) exit ;; esac
        script="$(nix build --no-link --print-out-paths .#nixosConfigurations.web1.config.system.build.diskoScript)"
        nix copy --to ssh://root@10.0.0.1 "$script"
        ssh admin@10.0.0.1 -t "$script"
        "#);
        insta::assert_snapshot!(format(json!("./format disks.sh")), @r#"
        nix run github:nix-community/nixos-anywhere -- --store-paths "$(nix-store --add './format disks.sh')" "$(nix build --no-link --print-out-paths .#nixosConfigurations.web1.config.system.build.toplevel)" admin@10.0.0.1
        ---
        read -r -p 'format the disks of web1, and lose what is on them? Y/n> ' answer
        case "$answer" in [Yy]*) ;; *) exit ;; esac
        script="$(nix-store --add './format disks.sh')"
        nix copy --to ssh://root@10.0.0.1 "$script"
        ssh admin@10.0.0.1 -t "$script"
        "#);
    }

    #[test]
    fn an_installer_takes_over_what_reaches_and_administers_a_machine() {
        let configuration = json!({
            "networking": { "hostName": "web1", "interfaces": { "eth0": { "useDHCP": true } } },
            "users": { "users": { "root": { "hashedPassword": "x" }, "sara": { "shell": "zsh", "uid": 7 }, "nixbld1": {} },
                "groups": { "crew": {}, "systemd-network": {} } },
            "console": { "keyMap": "de", "packages": [] },
        });
        let expected = json!({ "format": "iso", "system": "x86_64-linux", "modules": [
            { "users": { "users": { "root": { "_type": "override", "priority": 50, "content": { "hashedPassword": "x" } } } } },
            { "networking": { "interfaces": { "eth0": { "useDHCP": true } } }, "console": { "keyMap": "de" },
                "environment": { "systemPackages": ["jq"] }, "users": { "users": { "sara": { "uid": 7 } }, "groups": { "crew": {} } } },
        ] });
        assert_eq!(installer(Some("x86_64-linux"), &configuration), expected);
    }

    #[test]
    fn colmena_gets_its_own_options() {
        let deployment = json!({ "targetHost": "h", "formatScript": "disko", "tags": [] });
        assert_eq!(colmena(&deployment), json!({ "targetHost": "h", "tags": [] }));
    }
}
