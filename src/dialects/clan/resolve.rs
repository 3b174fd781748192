//! Names that the parts of an inventory use of each other: modules, roles, machines, tags.
//!
//! In go instances as read, out come mistakes, and the services that the instances form. A mistake
//! belongs to the smallest part that it breaks, since Clan, too, evaluates each service for itself.
//!
//! Clan says nothing about a machine that a role names and the inventory does not have, although it
//! is a frequent slip; here it is an error. Made a warning, it leaves what Clan computes: the name
//! counts as a member and gets nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::json;

use super::instance::{Choice, Instance, Role, Selected};
use super::machines::Machines;
use super::modules::{Module, Modules, service_id};
use super::place::{entry_below, key_spot, written_key};
use super::report::{Owner, Report};
use super::tags::Declared;
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Node, Notation};
use crate::inventory::model::{MemberOrder, Spot};
use crate::syntax::ast::Name;
use crate::text::{did_you_mean, list_and, quoted};

/// A service: all instances of one module.
pub(super) struct Service<'m, 'd> {
    /// The module's name.
    pub(super) name: Name,
    /// Where it comes from.
    pub(super) input: Option<Name>,
    /// Its declaration.
    pub(super) module: Option<&'m Module<'d>>,
    /// Where it is first used.
    pub(super) spot: Spot,
}

/// Services by identifier.
pub(super) type Services<'m, 'd> = BTreeMap<Name, Service<'m, 'd>>;

/// The identifier of an instance's service: in the older API the module's name.
pub(super) fn id(instance: &Instance<'_>) -> Name {
    match &instance.key.0 {
        Some(module) => Name::clone(module),
        None => service_id(instance.input.as_deref(), &instance.module),
    }
}

/// Finds the modules of all instances, and adds an instance to its service.
pub(super) fn services<'m, 'd>(
    report: &mut Report<'d>,
    modules: &'m Modules<'d>,
    instances: &mut [Instance<'d>],
) -> Services<'m, 'd> {
    let mut services = Services::new();
    for instance in instances {
        let id = id(instance);
        let module = match &instance.key.0 {
            None => find_module(report, modules, instance, &id),
            Some(_) => find_older_module(report, modules, instance, &id),
        };
        if let Some(module) = module {
            check_roles(report, module, instance, &id);
        }
        services.entry(id).or_insert_with(|| Service {
            name: Name::clone(&instance.module),
            input: instance.input.clone(),
            module,
            spot: instance.module_spot,
        });
    }
    services
}

fn find_module<'m, 'd>(
    report: &mut Report<'d>,
    modules: &'m Modules<'d>,
    instance: &Instance<'d>,
    id: &Name,
) -> Option<&'m Module<'d>> {
    if !modules.are_declared() {
        return None;
    }
    let owner = Owner::Service(Name::clone(id));
    let wanted = &instance.module;
    let elsewhere: Vec<&str> = modules
        .inputs()
        .filter(|(_, of_input)| of_input.contains_key(wanted))
        .map(|(input, _)| &**input)
        .collect();
    let roles =
        || instance.roles.keys().map(|role| (role.to_string(), json!({}))).collect::<serde_json::Map<_, _>>();
    let Some(of_input) = modules.input(instance.input.as_deref()) else {
        let inputs: Vec<&str> = modules.inputs().map(|(input, _)| &**input).collect();
        let (message, spot, help) = match &instance.input {
            Some(input) => (
                format!("no input {} has modules", quoted(input)),
                instance.input_spot,
                did_you_mean(input, inputs.iter().copied())
                    .or_else(|| other_source(&elsewhere))
                    .or_else(|| {
                        known_names("inputs with modules are", modules.inputs().map(|(name, _)| name))
                            .map(|help| format!("{help}; without `module.input`, Clan's own are meant"))
                    })
                    .unwrap_or_else(|| {
                        let keys = ["modules", input, wanted];
                        declaration(report.notation(instance.input_spot), &keys, json!({ "roles": roles() }))
                    }),
            ),
            None => (
                format!("no module of Clan itself is declared, so there is no {}", quoted(wanted)),
                instance.module_spot,
                other_source(&elsewhere).unwrap_or_else(|| {
                    let keys = ["modules", super::modules::CORE, wanted];
                    declaration(report.notation(instance.module_spot), &keys, json!({ "roles": roles() }))
                }),
            ),
        };
        report.error(&owner, Code::UnknownName, spot, message, Some(help));
        return None;
    };
    let module = of_input.get(wanted);
    if module.is_none() {
        let source = match &instance.input {
            Some(input) => format!("input {}", quoted(input)),
            None => "Clan itself".to_owned(),
        };
        let message = format!("{source} has no module {}", quoted(wanted));
        let help = other_source(&elsewhere)
            .or_else(|| did_you_mean(wanted, of_input.keys().map(|name| &**name)))
            .or_else(|| known_names("its modules are", of_input.keys()));
        report.error(&owner, Code::UnknownName, instance.module_spot, message, help);
    }
    module
}

/// How to use the module of that name that another input has.
fn other_source(inputs: &[&str]) -> Option<String> {
    Some(match *inputs.first()? {
        super::modules::CORE => "remove `module.input` to use Clan's own module of that name".to_owned(),
        input => format!("write `module.input = \"{input}\"` to use the module of that name there"),
    })
}

fn find_older_module<'m, 'd>(
    report: &mut Report<'d>,
    modules: &'m Modules<'d>,
    instance: &mut Instance<'d>,
    id: &Name,
) -> Option<&'m Module<'d>> {
    if !modules.older_are_declared() {
        return None;
    }
    let module = modules.older().get(&instance.module);
    match module {
        None => {
            let message = format!("no module is called {}", quoted(&instance.module));
            let help = did_you_mean(&instance.module, modules.older().keys().map(|name| &**name))
                .unwrap_or_else(|| {
                    let keys = ["modules", &instance.module];
                    let roles: Vec<&str> = instance.roles.keys().map(|role| &**role).collect();
                    declaration(report.notation(instance.module_spot), &keys, json!({ "roles": roles }))
                });
            let owner = Owner::Service(Name::clone(id));
            report.error(&owner, Code::UnknownName, instance.module_spot, message, Some(help));
        }
        // The older API lists all roles of a module, also those that the instance does not use.
        Some(module) => {
            for role in &module.roles {
                let spot = instance.spot;
                let empty = || Role::new(spot, MemberOrder::NamesThenTags);
                instance.roles.entry(Name::clone(role)).or_insert_with(empty);
            }
        }
    }
    module
}

/// Reports the roles of an instance that its module does not have.
fn check_roles(report: &mut Report<'_>, module: &Module<'_>, instance: &Instance<'_>, id: &Name) {
    for (role, written) in &instance.roles {
        if module.roles.contains(role) {
            continue;
        }
        if module.roles.is_empty() {
            let message =
                format!("module {} defines no roles, and this instance uses one", quoted(&module.manifest));
            let edit = entry_below(module.node.document().notation(), &["roles", role], json!({}));
            let help = format!("declare it in the module: `{edit}`");
            report.error(
                &Owner::Service(Name::clone(id)),
                Code::UnknownName,
                written.spot,
                message,
                Some(help),
            );
            return;
        }
        let message = format!("module {} has no role {}", quoted(&instance.module), quoted(role));
        let help = did_you_mean(role, module.roles.iter().map(|name| &**name))
            .or_else(|| known_names("its roles are", module.roles.iter()));
        report.error(&instance.owner(), Code::UnknownName, written.spot, message, help);
    }
}

/// The help that declares a module.
fn declaration(notation: Notation, keys: &[&str], module: serde_json::Value) -> String {
    match keys {
        [parent, below @ ..] if notation != Notation::Expression => {
            format!("declare it in `{parent}`: `{}`", entry_below(notation, below, module))
        }
        _ => format!("declare it: `{}`", entry_below(notation, keys, module)),
    }
}

/// The edit that adds an empty object below one that stands there.
fn empty_entry(notation: Notation, parent: &str, key: &str) -> String {
    match notation {
        Notation::Expression => format!("`{}`", entry_below(notation, &[parent, key], json!({}))),
        _ => format!("`{}` in `{parent}`", notation.entry(key, &json!({}))),
    }
}

/// `its roles are …`, where there are any.
fn known_names<'n>(intro: &str, names: impl Iterator<Item = &'n Name>) -> Option<String> {
    let names: Vec<&str> = names.map(|name| &**name).collect();
    (!names.is_empty()).then(|| format!("{intro} {}", list_and(&names)))
}

/// Whether a name is what templates have where one of one's own belongs: `__YOUR_CONTROLLER__`,
/// `<machine>`, `{{ host }}`, `my-machine-name`.
fn is_placeholder(name: &str) -> bool {
    let fenced = |open: &str, close: &str| {
        name.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(|inner| !inner.is_empty())
    };
    let fences =
        [("$", ""), ("__", "__"), ("<", ">"), ("{{", "}}"), ("${", "}"), ("@", "@"), ("%", "%"), ("[", "]")];
    let folded = name.to_ascii_lowercase();
    let mut words = folded.split(|next: char| !next.is_ascii_alphanumeric());
    fences.iter().any(|(open, close)| fenced(open, close))
        || words.any(|word| {
            matches!(
                word,
                "your"
                    | "yourmachine"
                    | "yourhost"
                    | "changeme"
                    | "replaceme"
                    | "placeholder"
                    | "todo"
                    | "fixme"
            )
        })
        || [
            "change-me",
            "change_me",
            "replace-me",
            "replace_me",
            "machine-name",
            "machine_name",
            "my-machine",
        ]
        .contains(&folded.as_str())
}

/// How many unknown names get a suggestion; looking for near names goes through all machines.
pub(super) const SUGGESTION_LIMIT: usize = 50;

/// Reports the machines and tags of roles that the inventory does not have.
pub(super) fn members(
    report: &mut Report<'_>,
    machines: &Machines<'_>,
    declared: &BTreeMap<Name, Declared<'_>>,
    instances: &[Instance<'_>],
) {
    let carried: BTreeSet<u32> =
        machines.all.iter().flat_map(|machine| machine.tags.iter().copied()).collect();
    let mut names = Names { machines, declared, carried, suggested: 0 };
    for instance in instances {
        for (role, written) in &instance.roles {
            for selected in &written.selections {
                match &selected.choice {
                    Choice::Machine(name) if machines.find(name).is_none() => {
                        names.unknown_machine(report, instance, role, selected, name);
                    }
                    Choice::Tag(tag) if !names.is_carried(tag) => {
                        names.empty_tag(report, instance, role, selected, tag);
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Warns of configuration that an instance of the older API has for machines that are in none of its
/// roles: nobody gets it. With a filter in a role the members are not known here.
pub(super) fn idle_configuration(
    report: &mut Report<'_>,
    machines: &Machines<'_>,
    instances: &[Instance<'_>],
) {
    for instance in instances.iter().filter(|instance| instance.key.0.is_some()) {
        let written = instance.entries.iter().filter_map(|entry| entry.get("machines"));
        let written: Vec<_> = written.flat_map(Node::entries).collect();
        let mut named: HashSet<&str> = HashSet::new();
        let mut tags: Vec<u32> = Vec::new();
        let mut filtered = false;
        for selected in instance.roles.values().flat_map(|role| &role.selections) {
            match &selected.choice {
                Choice::Machine(name) => {
                    named.insert(name);
                }
                Choice::Tag(tag) => tags.extend(machines.tags.known(tag)),
                Choice::Filter(_) => filtered = true,
            }
        }
        for (key, value) in written {
            let carried =
                machines.find(&key.text).and_then(|at| machines.all.get(at)).map(|machine| &machine.tags);
            let tagged = carried.is_some_and(|carried| carried.iter().any(|tag| tags.contains(tag)));
            if filtered || tagged || named.contains(&*key.text) {
                continue;
            }
            let message = format!(
                "{} is in no role of {}, so this does nothing",
                quoted(&key.text),
                quoted(&instance.key.1)
            );
            let diagnostic = Diagnostic::warning(Code::CheckFailed, message);
            let diagnostic = report
                .label(diagnostic, key_spot(&key, value), "")
                .help("add the machine to a role, or remove this");
            report.add(&Owner::Nothing, diagnostic);
        }
    }
}

/// What names there are, for messages.
struct Names<'n, 'd> {
    machines: &'n Machines<'d>,
    declared: &'n BTreeMap<Name, Declared<'d>>,
    carried: BTreeSet<u32>,
    suggested: usize,
}

impl Names<'_, '_> {
    /// Whether some machine carries the tag.
    fn is_carried(&self, tag: &str) -> bool {
        self.machines.tags.known(tag).is_some_and(|number| self.carried.contains(&number))
    }

    /// Whether a tag may be meant, because machines carry it or the inventory declares it.
    fn is_tag(&self, tag: &str) -> bool {
        self.is_carried(tag) || self.declared.contains_key(tag)
    }

    /// The tag that somebody means who names it as a machine: it itself, in other letters, or `*` for all.
    fn meant_tag(&self, wanted: &str) -> Option<String> {
        let lower = wanted.to_lowercase();
        let everything = (wanted == "*").then_some("all");
        let folded = Some(&*lower).filter(|lower| self.machines.find(lower).is_none());
        let meant = [Some(wanted), everything, folded].into_iter().flatten();
        meant.into_iter().find(|tag| self.is_tag(tag)).map(str::to_owned)
    }

    fn unknown_machine(
        &mut self,
        report: &mut Report<'_>,
        instance: &Instance<'_>,
        role: &Name,
        selected: &Selected<'_>,
        wanted: &str,
    ) {
        let message = format!("no machine is called {}", quoted(wanted));
        let notation = report.notation(selected.spot);
        self.suggested += 1;
        // A machine's name with a domain behind it is the machine.
        let host =
            wanted.split('.').next().filter(|host| *host != wanted && self.machines.find(host).is_some());
        let near = || match host {
            Some(host) => Some(format!("did you mean {}?", quoted(host))),
            None if self.suggested <= SUGGESTION_LIMIT => did_you_mean(wanted, self.machines.names()),
            None => None,
        };
        let help = if let Some(tag) = self.meant_tag(wanted) {
            match instance.key.0 {
                None => format!(
                    "{} is a tag: write {} instead of `machines`",
                    quoted(&tag),
                    empty_entry(notation, "tags", &tag)
                ),
                Some(_) if tag == wanted => {
                    format!("{} is a tag: write it in `tags` instead of `machines`", quoted(&tag))
                }
                Some(_) => format!("write the tag {} in `tags` instead", quoted(&tag)),
            }
        } else if is_placeholder(wanted) {
            let meant = self.machines.names().next().unwrap_or("my-machine");
            let entry = match instance.key.0 {
                None => notation.entry(meant, &json!({})),
                Some(_) => notation.value(&json!(meant)),
            };
            format!("it is a placeholder: write the machine that is meant, such as `{entry}`, or remove it")
        } else {
            near().unwrap_or_else(|| {
                let edit = empty_entry(notation, "machines", wanted);
                format!("add {edit}")
            })
        };
        let owner = Owner::Role(instance.key.clone(), Name::clone(role));
        report.error(&owner, Code::UnknownMachine, selected.spot, message, Some(help));
    }

    fn empty_tag(
        &self,
        report: &mut Report<'_>,
        instance: &Instance<'_>,
        role: &Name,
        selected: &Selected<'_>,
        wanted: &str,
    ) {
        let message = format!(
            "no machine carries the tag {}, so it adds none to role {} of {}",
            quoted(wanted),
            quoted(role),
            quoted(&instance.key.1)
        );
        let key = written_key(wanted);
        let carried =
            || self.carried.iter().filter_map(|number| self.machines.tags.name(*number)).map(|name| &**name);
        let help = if self.machines.find(wanted).is_some() {
            Some(format!("{} is a machine: write it in `machines` instead of `tags`", quoted(wanted)))
        } else if self.declared.contains_key(wanted) {
            Some(format!("put machines under it in `tags.{key}`, or remove it from the role"))
        } else {
            did_you_mean(wanted, carried()).or_else(|| {
                let mut known: Vec<&str> = carried().collect();
                known.sort_unstable();
                (!known.is_empty() && known.len() <= 12)
                    .then(|| format!("tags of machines are {}", list_and(&known)))
            })
        };
        let diagnostic = Diagnostic::warning(Code::UnknownTag, message);
        let diagnostic = report.label(diagnostic, selected.spot, "").maybe_help(help);
        report.add(&Owner::Nothing, diagnostic);
    }
}
