//! Writes an inventory of any size, always the same for the same arguments, for the comparison with
//! other tools (`benches/peers.sh`).
//!
//! ```sh
//! cargo bench --bench generate -- --machines 100000 --out DIRECTORY
//! ```
//!
//! writes `inventory.json` (clusters of machines with tags, addresses and variables, and a few services),
//! `inventory.ini` and `inventory.yml` (the same machines for Ansible, with a group for each cluster and tag),
//! and `expected.txt`: the sorted names of the machines that carry the tag `backup` and are not in the
//! cluster `c3`.

#![allow(clippy::disallowed_methods, clippy::print_stderr, missing_docs)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

const CLUSTERS: u64 = 10;
const TAGS: [&str; 12] =
    ["backup", "cache", "ci", "db", "dns", "edge", "gpu", "k8s", "monitoring", "storage", "vault", "web"];
const STEMS: [&str; 5] = ["db", "gw", "node", "store", "web"];
const SERVICES: [&str; 5] = ["borg", "dns", "k3s", "prometheus", "vault"];

/// A linear congruential generator: the same numbers on every machine and in every version.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        // The constants are those of Knuth's MMIX.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn of<'t>(&mut self, table: &[&'t str]) -> &'t str {
        let index = self.below(table.len() as u64) as usize;
        table.get(index).copied().unwrap_or("")
    }
}

fn main() -> ExitCode {
    let mut machines = 1000;
    let mut out = PathBuf::from(".");
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--machines" => {
                machines = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(machines)
            }
            "--out" => out = arguments.next().map_or(out, PathBuf::from),
            // What cargo adds of itself.
            _ => {}
        }
    }
    let generated = generate(machines);
    let written = std::fs::create_dir_all(&out)
        .and_then(|()| std::fs::write(out.join("inventory.json"), generated.inventory))
        .and_then(|()| std::fs::write(out.join("inventory.ini"), generated.ansible.ini()))
        .and_then(|()| std::fs::write(out.join("inventory.yml"), generated.ansible.yaml()))
        .and_then(|()| std::fs::write(out.join("expected.txt"), generated.expected));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}

/// The texts of one inventory.
struct Generated {
    inventory: String,
    ansible: Ansible,
    expected: String,
}

/// The machines as Ansible has them: hosts with variables, and groups.
#[derive(Default)]
struct Ansible {
    hosts: Vec<(String, Vec<(&'static str, String)>)>,
    groups: BTreeMap<String, Vec<String>>,
}

impl Ansible {
    fn add(&mut self, name: &str, number: u64, cluster: u64, tags: &[&str]) {
        let address = format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255);
        let cpus = (1 << (number % 5 + 1)).to_string();
        self.hosts.push((name.to_owned(), vec![("ansible_host", address), ("cpus", cpus)]));
        let groups = tags.iter().map(|tag| format!("tag_{tag}")).chain([format!("cluster_c{cluster}")]);
        groups.for_each(|group| self.groups.entry(group).or_default().push(name.to_owned()));
    }

    fn ini(&self) -> String {
        let mut text = String::new();
        for (name, variables) in &self.hosts {
            text.push_str(name);
            variables.iter().for_each(|(key, value)| text.push_str(&format!(" {key}={value}")));
            text.push('\n');
        }
        for (group, names) in &self.groups {
            let _ = write!(text, "\n[{group}]\n{}\n", names.join("\n"));
        }
        text
    }

    fn yaml(&self) -> String {
        let mut text = String::from("all:\n  hosts:\n");
        for (name, variables) in &self.hosts {
            let _ = writeln!(text, "    {name}:");
            variables.iter().for_each(|(key, value)| text.push_str(&format!("      {key}: {value}\n")));
        }
        text.push_str("  children:\n");
        for (group, names) in &self.groups {
            let _ = write!(text, "    {group}:\n      hosts:\n");
            names.iter().for_each(|name| text.push_str(&format!("        {name}:\n")));
        }
        text
    }
}

fn generate(count: u64) -> Generated {
    let mut numbers = Numbers(42);
    let mut clusters: BTreeMap<u64, (String, Vec<String>)> =
        (1..=CLUSTERS).map(|cluster| (cluster, (String::new(), Vec::new()))).collect();
    let mut expected = Vec::new();
    let mut ansible = Ansible::default();
    for number in 1..=count {
        let name = format!("{}{number:06}", numbers.of(&STEMS));
        let cluster = numbers.below(CLUSTERS) + 1;
        let mut tags: Vec<&str> = (0..numbers.below(5)).map(|_| numbers.of(&TAGS)).collect();
        tags.sort_unstable();
        tags.dedup();
        if tags.contains(&"backup") && cluster != 3 {
            expected.push(name.clone());
        }
        ansible.add(&name, number, cluster, &tags);
        let Some((text, names)) = clusters.get_mut(&cluster) else { continue };
        machine(text, &name, number, &tags, &mut numbers);
        names.push(name);
    }
    let mut text = String::from("{\"domain\":{\"suffix\":\"example.org\",\"clusters\":{");
    for (cluster, (machines, names)) in &clusters {
        let separator = if *cluster == 1 { "" } else { "," };
        let _ = write!(text, "{separator}\"c{cluster}\":{{\"machines\":{{{machines}}},\"services\":{{");
        services(&mut text, names, &mut numbers);
        text.push_str("}}");
    }
    text.push_str("}}}\n");
    expected.sort_unstable();
    let expected = expected.iter().fold(String::new(), |all, name| all + name + "\n");
    Generated { inventory: text, ansible, expected }
}

fn machine(text: &mut String, name: &str, number: u64, tags: &[&str], numbers: &mut Numbers) {
    let separator = if text.is_empty() { "" } else { "," };
    let system = numbers.of(&["x86_64-linux", "aarch64-linux"]);
    let tags: Vec<String> = tags.iter().map(|tag| format!("\"{tag}\"")).collect();
    let mut addresses = format!("\"10.{}.{}.{}\"", number >> 16 & 255, number >> 8 & 255, number & 255);
    if numbers.below(10) < 3 {
        let _ = write!(addresses, ",\"fd00::{number:x}\"");
    }
    let _ = write!(
        text,
        "{separator}\"{name}\":{{\"system\":\"{system}\",\"tags\":[{}],\"ips\":{{\"eth0\":[{addresses}]}},\
         \"vars\":{{\"cpus\":{},\"memGiB\":{},\"rack\":\"r{:02}\",\"owner\":\"{}\"}}}}",
        tags.join(","),
        1 << (numbers.below(5) + 1),
        1 << (numbers.below(6) + 2),
        numbers.below(40) + 1,
        numbers.of(&["data", "dev", "ops", "sec"]),
    );
}

fn services(text: &mut String, names: &[String], numbers: &mut Numbers) {
    if names.is_empty() {
        return;
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for (index, service) in SERVICES.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{separator}\"{service}\":{{\"selectors\":[\"tag \\\"{}\\\"\",\"hostname \\\"{}\\\"\"],\
             \"roles\":{{\"primary\":[\"hostname \\\"{}\\\"\"]}},\
             \"definition\":\"{{ selectors, roles, this }}: {{ }}\"}}",
            numbers.of(&TAGS),
            numbers.of(&names),
            numbers.of(&names),
        );
    }
}
