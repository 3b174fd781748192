//! Clouds: ways between machines, and what is done once for each of them.

use std::collections::{BTreeMap, HashSet, VecDeque};

use super::support::{Answer, invalid, text_list, texts};
use crate::text::{list_or, quoted};
use crate::value::{AttrsBuilder, Evaluator, Fault, Name, Value};

/// What something may be done once for; Walrus' words.
pub const UNITS: [&str; 4] = ["global", "cloud", "tag", "system"];

table! {
    "oncePer" ["bare" "lib"] "String -> [Machine] -> { _ : [Machine] }" names(0 Unit)
        "machines in groups, for what is done once in each: `global`, by `cloud`, by `tag`, or by `system`"
        "The first machine of a group is the one to do it on. Who has several tags is in several groups, and who has no cloud or tag is in none. Systems of one name in several clusters stand under `CLUSTER/NAME`."
        { "mapAttrs (cloud: ms: (head ms).name) (oncePer \"cloud\" machines)" => "{\"abroad\":\"lima\",\"home\":\"attic\",\"production\":\"db1\"}"
          "mapAttrs (all: length) (oncePer \"global\" machines)" => "{\"all\":10}"
          "oncePer \"clod\" machines" => "error: unknown-name" }
        |ev, unit, machines| once_per(ev, unit, machines);
    "route" ["bare" "lib"] "{ _ : Cloud } -> String -> String -> [String]?"
        "the clouds on a shortest way from one cloud to another, both included; null where there is none"
        "The first argument is `clouds`. Reaching is directed and goes on from cloud to cloud."
        { "route clouds \"home\" \"abroad\"" => "[\"home\",\"production\",\"abroad\"]" "route clouds \"abroad\" \"home\"" => "null" "route clouds \"home\" \"nowhere\"" => "error: invalid-value" }
        |ev, clouds, from, to| {
            let (from, to) = (ev.string(from)?, ev.string(to)?);
            route(ev, clouds, from, &to)
        };
}

fn once_per(ev: &mut dyn Evaluator, unit: &Value, machines: &Value) -> Answer {
    let unit = ev.string(unit)?;
    if !UNITS.contains(&&*unit) {
        let message = format!("{} is nothing that is done once for", quoted(&unit));
        return Err(invalid(message, format!("write {}", list_or(&UNITS))));
    }
    let mut groups: BTreeMap<Name, Vec<Value>> = BTreeMap::new();
    let machines = ev.list(machines)?;
    let mut names: BTreeMap<Name, Vec<(Name, Value)>> = BTreeMap::new();
    for machine in machines.iter() {
        ev.step()?;
        let keys = match &*unit {
            "global" => vec![Name::from("all")],
            "cloud" => text(ev, machine, "cloud")?.into_iter().collect(),
            "tag" => match ev.attr(machine, "tags")? {
                Some(tags) => texts(ev, &tags)?,
                None => Vec::new(),
            },
            _ => {
                let name = text(ev, machine, "name")?.unwrap_or_default();
                let cluster = text(ev, machine, "cluster")?.unwrap_or_default();
                names.entry(name).or_default().push((cluster, machine.clone()));
                continue;
            }
        };
        for key in keys {
            groups.entry(key).or_default().push(machine.clone());
        }
    }
    for (name, systems) in names {
        let alone =
            systems.iter().all(|(cluster, _)| systems.first().is_some_and(|(first, _)| first == cluster));
        for (cluster, system) in systems {
            let key = if alone { name.clone() } else { format!("{cluster}/{name}").into() };
            groups.entry(key).or_default().push(system);
        }
    }
    let mut attrs = AttrsBuilder::default();
    for (key, members) in groups {
        attrs.insert(key, Value::list(members));
    }
    Ok(Value::Attrs(attrs.finish()))
}

fn text(ev: &mut dyn Evaluator, machine: &Value, field: &str) -> Result<Option<Name>, Fault> {
    match ev.attr(machine, field)? {
        Some(value) => Ok(Some(ev.string(&value)?)),
        None => Ok(None),
    }
}

fn route(ev: &mut dyn Evaluator, clouds: &Value, from: Name, to: &Name) -> Answer {
    let clouds = ev.attrs(clouds)?;
    for end in [&from, to] {
        if clouds.get(end).is_none() {
            let known: Vec<&str> = clouds.keys().iter().map(|name| &**name).take(10).collect();
            let message = format!("no cloud is called {}", quoted(end));
            return Err(invalid(message, format!("name {}", list_or(&known))));
        }
    }
    let mut seen: HashSet<Name> = HashSet::from([from.clone()]);
    let mut waiting = VecDeque::from([vec![from]]);
    while let Some(way) = waiting.pop_front() {
        ev.step()?;
        let Some(here) = way.last() else { continue };
        if here == to {
            return Ok(text_list(way));
        }
        let Some(cloud) = clouds.get(here).cloned() else { continue };
        let Some(reaches) = ev.attr(&cloud, "reaches")? else { continue };
        for next in texts(ev, &reaches)? {
            if seen.insert(next.clone()) {
                let mut longer = way.clone();
                longer.push(next);
                waiting.push_back(longer);
            }
        }
    }
    Ok(Value::Null)
}
