//! Rows of Operations Center's inventory, chosen and grouped as its `inventory query` does.

use std::collections::{BTreeMap, BTreeSet};

use super::filters::filter;
use super::support::{field, texts};
use crate::diagnostic::{Code, Diagnostic};
use crate::operations::words::KINDS;
use crate::text::{did_you_mean, list_or, quoted};
use crate::value::{Evaluator, Fault, FilterKind, Name, Value};

table! {
    "query" ["operationsCenter"] "{ kind? : [String], cluster? : [String], server? : [String], project? : [String], parent? : [String], server_include_empty? : Bool, project_include_empty? : Bool, parent_include_empty? : Bool, filter? : Resource -> Bool } -> { _ : [Resource] } -> [{ cluster : String, servers : [String], resources : { _ : [String] } }]" fields("kind" Row "cluster" Cluster "server" Source)
        "the names of rows by cluster and kind, as Operations Center's `inventory query` prints them"
        "The second argument is `resources`. A row must have one of the names of each list that is given; `…_include_empty` adds those that have none. A project belongs to itself, and a volume is called `type/name`."
        { "operationsCenter.query { kind = [ \"network\" ]; } resources" => "[]"
          "operationsCenter.query { kinds = [ \"network\" ]; } resources" => "error: unknown-argument" }
        |ev, flags, tables| query(ev, flags, tables);
}

/// The columns that rows are chosen by: the flag, and the field.
const COLUMNS: [(&str, &str); 5] = [
    ("kind", "kind"),
    ("cluster", "cluster"),
    ("server", "server"),
    ("project", "project_name"),
    ("parent", "parent_name"),
];

/// A row as far as it is chosen and told: kind, cluster, server, project, parent, name.
struct Row {
    fields: [Name; 5],
    name: Name,
}

impl Row {
    fn column(&self, index: usize) -> &Name {
        // There are as many columns as fields.
        let [kind, ..] = &self.fields;
        self.fields.get(index).unwrap_or(kind)
    }
}

fn query(ev: &mut dyn Evaluator, flags: &Value, tables: &Value) -> Result<Value, Fault> {
    let mut wanted: Vec<Option<(Vec<Name>, bool)>> = Vec::new();
    for (flag, _) in COLUMNS {
        let names = match ev.attr(flags, flag)? {
            Some(names) => texts(ev, &names)?,
            None => Vec::new(),
        };
        let empty = match ev.attr(flags, &format!("{flag}_include_empty"))? {
            Some(empty) => ev.bool(&empty)?,
            None => false,
        };
        wanted.push((!names.is_empty()).then_some((names, empty)));
    }
    let predicate = ev.attr(flags, "filter")?;
    let mut rows: Vec<Row> = Vec::new();
    let mut seen: [BTreeSet<Name>; 5] = Default::default();
    for (_, table) in ev.attrs(tables)?.iter() {
        for value in ev.list(table)?.iter() {
            ev.step()?;
            let row = read(ev, value)?;
            for (names, field) in seen.iter_mut().zip(&row.fields) {
                if !names.contains(field) {
                    names.insert(field.clone());
                }
            }
            let chosen = wanted.iter().enumerate().all(|(index, names)| match names {
                None => true,
                Some((names, empty)) => {
                    let found = row.column(index);
                    names.contains(found) || *empty && found.is_empty()
                }
            });
            let holds = match &predicate {
                Some(predicate) if chosen => ev.holds(predicate, value)?,
                _ => chosen,
            };
            if holds {
                rows.push(row);
            }
        }
    }
    for (index, (flag, _)) in COLUMNS.iter().enumerate() {
        let names = wanted.get(index).and_then(Option::as_ref).map_or(&[][..], |(names, _)| names);
        for name in names {
            must_be_there(ev, flag, name, &seen)?;
        }
    }
    rows.sort_by(|left, right| key(left).cmp(&key(right)));
    Ok(grouped(&rows))
}

/// A name that nothing has must not choose nothing in silence.
fn must_be_there(
    ev: &mut dyn Evaluator,
    flag: &str,
    name: &Name,
    [kinds, clusters, servers, projects, parents]: &[BTreeSet<Name>; 5],
) -> Result<(), Fault> {
    let known: Vec<&str> = match flag {
        _ if name.is_empty() => return Ok(()),
        "kind" if KINDS.contains(&&**name) => return Ok(()),
        "kind" => KINDS.to_vec(),
        "cluster" if !clusters.contains(name) => {
            // One without rows is known to the inventory.
            return ev.selected(&filter(FilterKind::Cluster(name.clone()))).map(|_| ());
        }
        "server" if !servers.contains(name) => return ev.find_machine(name).map(|_| ()),
        "project" if !projects.contains(name) => projects.iter().map(|name| &**name).collect(),
        "parent" if !parents.contains(name) => parents.iter().map(|name| &**name).collect(),
        _ => return Ok(()),
    };
    let known: Vec<&str> = known.into_iter().filter(|name| !name.is_empty()).collect();
    if flag != "kind" && kinds.is_empty() {
        return Ok(());
    }
    let message = match flag {
        "kind" => format!("no kind of rows is called {}", quoted(name)),
        _ => format!("no row here has the {flag} {}", quoted(name)),
    };
    let help = did_you_mean(name, known.iter().copied())
        .or_else(|| (known.len() <= 15 && !known.is_empty()).then(|| format!("write {}", list_or(&known))));
    Err(Fault::new(Diagnostic::error(Code::UnknownName, message).maybe_help(help)))
}

fn read(ev: &mut dyn Evaluator, row: &Value) -> Result<Row, Fault> {
    let mut read = |name: &str| {
        let value = field(ev, row, name)?;
        ev.string(&value)
    };
    let (kind, cluster, server) = (read("kind")?, read("cluster")?, read("server")?);
    let (mut project, parent, mut name) = (read("project_name")?, read("parent_name")?, read("name")?);
    if &*kind == "project" {
        project = name.clone();
    }
    if &*kind == "storage_volume" {
        name = format!("{}/{name}", read("type")?).into();
    }
    Ok(Row { fields: [kind, cluster, server, project, parent], name })
}

/// The order of rows: cluster, project, parent, name, server.
fn key(row: &Row) -> [&Name; 5] {
    let [_, cluster, server, project, parent] = &row.fields;
    [cluster, project, parent, &row.name, server]
}

fn grouped(rows: &[Row]) -> Value {
    let mut clusters: BTreeMap<&Name, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        let [_, cluster, ..] = &row.fields;
        clusters.entry(cluster).or_default().push(row);
    }
    let groups = clusters.into_iter().map(|(cluster, rows)| {
        let mut servers: Vec<&Name> = Vec::new();
        let mut kinds: BTreeMap<&Name, Vec<Value>> = BTreeMap::new();
        for row in rows {
            let [kind, _, server, ..] = &row.fields;
            kinds.entry(kind).or_default().push(Value::from(row.name.clone()));
            if !server.is_empty() {
                servers.push(server);
            }
        }
        servers.sort_unstable();
        servers.dedup();
        let kinds = kinds.into_iter().map(|(kind, names)| (kind.clone(), Value::list(names)));
        Value::attrs([
            ("cluster", Value::from(cluster.clone())),
            ("servers", Value::list(servers.into_iter().cloned().map(Value::from).collect())),
            ("resources", Value::attrs(kinds)),
        ])
    });
    Value::list(groups.collect())
}
