//! Settings of Clan's services: what each member of a role gets.
//!
//! In go the settings as they are written on a role, on its tags and on its machines, and the interface
//! that a declared module gives the role; out comes, for each member, one attribute set, every value of
//! which is merged when it is read. As in Clan, no level wins by itself: what is written has the same
//! priority everywhere, so that scalars must agree unless a mark says which one is stronger. Who is a
//! member never depends on settings.
//!
//! Lists join in the order in which NixOS evaluates modules: the settings of tags by the tags' names,
//! reversed, then those of the machine, then those of the role.

mod definitions;
mod interface;
mod merge;
mod problems;
mod report;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use self::definitions::Definition;
use self::interface::Options;
pub(super) use self::problems::problems;
use self::report::{Place, Scope, error};
use super::loaded::Loaded;
use super::members::Member;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::inventory::document::{Kind, Node, Raw};
use crate::inventory::model::{Inventory, Part, Role, SelectionKind};
use crate::modules::settled;
use crate::text::quoted;
use crate::value::{Attrs, Fault, Name, Value};

/// Keys with which a settings object would be a module of its own; Clan takes plain settings only.
const REFUSED: [&str; 6] = ["imports", "require", "options", "disabledModules", "freeformType", "_class"];

/// The settings of all members of a role, by name; those of a member are merged when they are read.
///
/// # Errors
/// Members that cannot be told.
pub(super) fn settings(loaded: &Arc<Loaded>, instance: u32, role: u32) -> Result<Value, Fault> {
    let members = loaded.members(instance, role)?;
    let Some(merge) = Merge::new(loaded, instance, role) else { return Ok(Value::Attrs(Attrs::empty())) };
    let mut by_machine: BTreeMap<Name, Value> = BTreeMap::new();
    for member in members.iter() {
        let name = Name::from(member.name(&loaded.model));
        by_machine.insert(Name::clone(&name), merge.of(&name, merge.written(&member)));
    }
    Ok(Value::attrs(by_machine))
}

/// What a machine gets from Clan's roles whose members are known: for each of its placements that settings
/// are written for, the names by which queries know them, and the settings.
///
/// # Errors
/// Mistakes of the whole inventory.
pub(super) fn settings_of(loaded: &Arc<Loaded>, node: u32) -> Result<Vec<(Vec<Name>, Value)>, Fault> {
    let mut found = Vec::new();
    let name = Name::from(loaded.model.nodes.name(node));
    for (_, placement) in loaded.known_placements(node)? {
        let Some(role) = placement.role else { continue };
        let Some(merge) = Merge::new(loaded, placement.instance, role) else { continue };
        let is_clan = loaded.model.instances.get(placement.instance as usize);
        if is_clan.is_none_or(|instance| instance.selectors.is_some() || instance.key.is_some()) {
            continue;
        }
        let written = merge.written(&Member::Node(node));
        let place = Place::new(&merge.instance, &merge.role.name, &name);
        found.push((place.names().to_vec(), merge.of(&name, written)));
    }
    Ok(found)
}

/// The merge of a role's settings.
struct Merge<'l> {
    scope: Rc<Scope>,
    role: &'l Role,
    /// The name of the instance, as queries write it.
    instance: Name,
    options: Rc<Result<Options, Fault>>,
    /// Mistakes that reading the inventory has shown in settings of this role.
    mistakes: Vec<&'l Diagnostic>,
    /// What is written for tags, in the reversed order of their names.
    of_tags: Vec<(&'l Name, Raw)>,
    /// What is written for machines.
    of_machines: HashMap<&'l str, Raw>,
}

impl<'l> Merge<'l> {
    /// The merge of a role that is there.
    fn new(loaded: &'l Arc<Loaded>, instance: u32, role: u32) -> Option<Merge<'l>> {
        let model = &loaded.model;
        let declared = model.instances.get(instance as usize)?;
        let index = role;
        let role = declared.roles.get(index as usize)?;
        let module = model.services.get(declared.service as usize).and_then(|service| service.module);
        let options = match module.and_then(|module| model.node(module)) {
            Some(module) => Options::of_role(module, &role.name),
            None => Ok(Options::free_form()),
        };
        let mut of_tags = Vec::new();
        let mut of_machines = HashMap::new();
        for selection in &role.selections {
            match (&selection.kind, selection.settings) {
                (SelectionKind::Tag(tag), Some(settings)) => of_tags.push((tag, settings)),
                (SelectionKind::Machine(machine), Some(settings)) => {
                    of_machines.insert(&**machine, settings);
                }
                _ => {}
            }
        }
        of_tags.sort_by(|(left, _), (right, _)| right.cmp(left));
        let mistakes = model.mistakes.iter().filter(|mistake| {
            mistake.part == Part::Settings(instance, index) && mistake.diagnostic.severity == Severity::Error
        });
        Some(Merge {
            scope: Rc::new(Scope { loaded: Arc::clone(loaded), spot: role.spot }),
            role,
            instance: loaded.instance_key(instance),
            options: Rc::new(options),
            mistakes: mistakes.map(|mistake| &mistake.diagnostic).collect(),
            of_tags,
            of_machines,
        })
    }

    /// The settings of a member, of which this is written.
    fn of(&self, machine: &Name, written: Vec<Raw>) -> Value {
        let place = Place::new(&self.instance, &self.role.name, machine);
        let (scope, options) = (Rc::clone(&self.scope), Rc::clone(&self.options));
        let broken = self.mistakes.iter().find(|mistake| concerns(scope.inventory(), mistake, &written));
        if let Some(broken) = broken {
            let fault = Fault::new((*broken).clone());
            return Value::lazy(move |_| Err(fault));
        }
        Value::lazy(move |_| {
            let options = match &*options {
                Ok(options) => options,
                Err(fault) => return Err(fault.clone()),
            };
            let mut definitions = Vec::with_capacity(written.len());
            for raw in written {
                definitions.extend(of_object(&scope, &place, raw)?);
            }
            merge::module(&scope, options, &place, &definitions)
        })
    }

    /// What is written for a member, in the order in which lists join.
    fn written(&self, member: &Member) -> Vec<Raw> {
        let model = self.scope.inventory();
        let (node, name) = match member {
            Member::Node(node) => (Some(*node), model.nodes.name(*node)),
            Member::Unknown(name) => (None, &**name),
        };
        let tags = node.map_or(&[][..], |node| model.nodes.tags(node));
        let carries = |tag: &Name| {
            tags.iter().any(|own| model.tags.get(*own as usize).is_some_and(|own| own.name == *tag))
        };
        let of_tags = self.of_tags.iter().filter(|(tag, _)| carries(tag)).map(|(_, settings)| *settings);
        of_tags.chain(self.of_machines.get(name).copied()).chain(self.role.settings).collect()
    }

    /// Whether nothing at all is written for the role.
    fn is_empty(&self) -> bool {
        self.of_tags.is_empty() && self.of_machines.is_empty() && self.role.settings.is_none()
    }
}

/// Whether a mistake is in one of these settings.
fn concerns(inventory: &Inventory, mistake: &Diagnostic, written: &[Raw]) -> bool {
    written.iter().filter_map(|raw| inventory.node(*raw)).any(|node| {
        mistake
            .labels
            .iter()
            .any(|label| label.span == node.span() && Arc::ptr_eq(&label.source, node.source()))
    })
}

/// The definitions that a whole settings object has: it is a module, so that some of its keys are no
/// settings.
fn of_object(scope: &Scope, place: &Place, raw: Raw) -> Result<Vec<Definition>, Fault> {
    let node = scope.node(&Definition::new(raw))?;
    if let Some(failure) = settled::malformed(node) {
        return Err(Fault::new(*failure));
    }
    if node.kind() != Kind::Object {
        return Err(scope.wrong_type(place, "an object", node));
    }
    if let Some((key, value)) = node.entries().find(|(key, _)| REFUSED.contains(&&*key.text)) {
        let message = format!("settings cannot have {}", quoted(&key.text));
        let mut fault = error(Code::InvalidOption, message, value);
        fault.diagnostic_mut().help = Some("write modules into `extraModules` of the role".to_owned());
        return Err(fault);
    }
    match node.get("config") {
        Some(config) => {
            let other = node.entries().find(|(key, _)| {
                key.text != "config" && key.text != "meta" && !merge::NO_SETTINGS.contains(&&*key.text)
            });
            match other {
                Some((other, _)) => Err(beside(&other.text, config)),
                None => Ok(vec![Definition::new(config.raw())]),
            }
        }
        None => Ok(vec![Definition::whole(node.raw())]),
    }
}

/// `config` beside other settings.
fn beside(other: &str, config: Node<'_>) -> Fault {
    let message =
        format!("`config` and {} stand side by side, and `config` would be all settings", quoted(other));
    let mut fault = error(Code::InvalidOption, message, config);
    fault.diagnostic_mut().help =
        Some("move what is in `config` out of it, or all settings into it".to_owned());
    fault
}
