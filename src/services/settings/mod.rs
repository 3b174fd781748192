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
mod report;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use self::definitions::Definition;
use self::interface::Options;
use self::report::{Place, Scope, error};
use super::loaded::Loaded;
use super::members::Member;
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Kind, Node, Raw};
use crate::inventory::model::{Role, SelectionKind};
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
    let declared = loaded.model.instances.get(instance as usize);
    let Some((declared, of_role)) =
        declared.and_then(|declared| Some((declared, declared.roles.get(role as usize)?)))
    else {
        return Ok(Value::Attrs(Attrs::empty()));
    };
    let scope = Rc::new(Scope { loaded: Arc::clone(loaded), spot: of_role.spot });
    let module = loaded.model.services.get(declared.service as usize).and_then(|service| service.module);
    let module = module.and_then(|module| loaded.model.node(module));
    let options: Rc<Result<Options, Fault>> = Rc::new(match module {
        Some(module) => Options::of_role(module, &of_role.name),
        None => Ok(Options::free_form()),
    });
    let mut by_machine: BTreeMap<Name, Value> = BTreeMap::new();
    for member in members.iter() {
        let name = Name::from(member.name(&loaded.model));
        let place = Place::new(&loaded.instance_key(instance), &of_role.name, &name);
        let written = written(loaded, of_role, &member, &name);
        let (scope, options) = (Rc::clone(&scope), Rc::clone(&options));
        let value = Value::lazy(move |_| {
            let options = match &*options {
                Ok(options) => options,
                Err(fault) => return Err(fault.clone()),
            };
            let mut definitions = Vec::with_capacity(written.len());
            for raw in written {
                definitions.extend(of_object(&scope, &place, raw)?);
            }
            merge::module(&scope, options, &place, &definitions)
        });
        by_machine.insert(name, value);
    }
    Ok(Value::attrs(by_machine))
}

/// The settings that are written for a member, in the order in which their lists join.
fn written(loaded: &Loaded, role: &Role, member: &Member, name: &str) -> Vec<Raw> {
    let carried: Vec<&str> = match member {
        Member::Node(node) => {
            let tags = loaded.model.nodes.tags(*node).iter();
            tags.filter_map(|tag| loaded.model.tags.get(*tag as usize)).map(|tag| &*tag.name).collect()
        }
        Member::Unknown(_) => Vec::new(),
    };
    let mut of_tags = Vec::new();
    let mut of_machine = None;
    for selection in &role.selections {
        match (&selection.kind, selection.settings) {
            (SelectionKind::Tag(tag), Some(settings)) if carried.contains(&&**tag) => {
                of_tags.push((tag, settings));
            }
            (SelectionKind::Machine(machine), Some(settings)) if **machine == *name => {
                of_machine = Some(settings);
            }
            _ => {}
        }
    }
    of_tags.sort_by(|(left, _), (right, _)| right.cmp(left));
    of_tags.into_iter().map(|(_, settings)| settings).chain(of_machine).chain(role.settings).collect()
}

/// The definitions that a whole settings object has: it is a module, so that some of its keys are no
/// settings.
fn of_object(scope: &Scope, place: &Place, raw: Raw) -> Result<Vec<Definition>, Fault> {
    let mut unwrapped = Definition::new(raw).unwrapped(scope.inventory())?.into_iter();
    let Some(definition) = unwrapped.next() else { return Ok(Vec::new()) };
    let node = scope.node(&definition)?;
    if let Some(second) = unwrapped.next() {
        let message = "one `settings` has several contents, and may have only one";
        let second = scope.node(&second)?;
        return Err(Fault::new(
            Diagnostic::error(Code::Conflict, message)
                .at(second.source(), second.span(), "defined again here")
                .at(node.source(), node.span(), "first defined here")
                .help("write the contents into one object"),
        ));
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
