//! `extensions`: functions that change the configuration between the steps of its evaluation.
//!
//! They stand beside `domain`, or in `modules`, a list of objects that may import others. The order in which
//! they are called is that in which NixOS joins lists: those of imported modules, those beside `domain`,
//! ClusterConfig's own, and then those of `modules`; later modules come first.

use super::place::{Place, unknown_option, wrong_type};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Key, Kind, Node};
use crate::inventory::draft::Draft;
use crate::inventory::model::{EmbeddedRole, Part, Transformation};
use crate::text::did_you_mean;
use crate::value::Step;

/// What a module of the configuration may say.
const MODULE_OPTIONS: &[&str] = &["imports", "extensions"];

/// The modules that ClusterConfig ships, as its flake and its folders call them. What they do is there in
/// any case.
const SHIPPED: &[&str] =
    &["colmena", "default", "home-manager", "homeManager", "nixos-anywhere", "nixosAnywhere"];

/// The steps, each with the name of its list of functions.
const STEPS: [(Step, &str); 4] = [
    (Step::Cluster, "clusterTransformations"),
    (Step::Module, "moduleTransformations"),
    (Step::Deployment, "deploymentTransformations"),
    (Step::Info, "infoTransformations"),
];

/// Functions as they are found, to be brought into their order.
#[derive(Default)]
pub(super) struct Found {
    imported: Vec<Vec<Transformation>>,
    beside: Vec<Transformation>,
    modules: Vec<Vec<Transformation>>,
}

impl Found {
    /// Reads `extensions` beside `domain`.
    pub(super) fn extensions(&mut self, draft: &mut Draft, key: &Key<'_>, node: Node<'_>) {
        extensions(draft, &Place::root(key), node, false, &mut self.beside);
    }

    /// Reads `modules`.
    pub(super) fn modules(&mut self, draft: &mut Draft, key: &Key<'_>, node: Node<'_>) {
        let place = Place::root(key);
        let mut waiting: Vec<(Node<'_>, bool)> = node.items().map(|module| (module, false)).collect();
        let mut next = 0;
        while let Some((module, is_imported)) = waiting.get(next).copied() {
            next += 1;
            if module.as_str().is_some_and(|name| SHIPPED.contains(&&*name)) {
                continue;
            }
            if module.kind() != Kind::Object {
                let diagnostic = wrong_type(&place, module, "an object");
                let shipped = module.as_str().and_then(|name| did_you_mean(&name, SHIPPED.iter().copied()));
                let help = shipped.unwrap_or_else(|| {
                    "write the module as an object with `extensions`, or the name of one that ClusterConfig ships, \
                     such as `colmena`"
                        .to_owned()
                });
                draft.mistake(diagnostic.help(help), Part::Everything);
                continue;
            }
            let mut found = Vec::new();
            for (key, value) in module.entries() {
                let place = place.then(&key);
                match &*key.text {
                    "imports" => waiting.extend(value.items().map(|module| (module, true))),
                    "extensions" => extensions(draft, &place, value, !is_imported, &mut found),
                    _ => draft.mistake(unknown_option(&place, value, MODULE_OPTIONS), Part::Everything),
                }
            }
            match is_imported {
                true => self.imported.push(found),
                false => self.modules.push(found),
            }
        }
    }

    /// Gives the functions to the draft, in the order in which they are called.
    pub(super) fn finish(self, draft: &mut Draft) {
        let imported = self.imported.into_iter().rev().flatten();
        let modules = self.modules.into_iter().rev().flatten();
        let mut all: Vec<Transformation> = imported.chain(self.beside).chain(modules).collect();
        all.sort_by_key(|transformation| transformation.step);
        all.into_iter().for_each(|transformation| draft.add_transformation(transformation));
    }
}

fn extensions(
    draft: &mut Draft,
    place: &Place<'_>,
    node: Node<'_>,
    late: bool,
    found: &mut Vec<Transformation>,
) {
    if node.kind() != Kind::Object {
        draft.mistake(wrong_type(place, node, "an object"), Part::Everything);
        return;
    }
    for (key, list) in node.entries() {
        let place = place.then(&key);
        let Some((step, _)) = STEPS.into_iter().find(|(_, name)| *name == key.text) else {
            let known = STEPS.map(|(_, name)| name);
            draft.mistake(unknown_option(&place, list, &known), Part::Everything);
            continue;
        };
        if list.kind() != Kind::List {
            draft.mistake(wrong_type(&place, list, "a list of functions"), Part::Everything);
            continue;
        }
        for item in list.items() {
            match draft.add_expression_at(item, EmbeddedRole::Transformation, None, Part::Everything) {
                Some(expression) => found.push(Transformation { step, late, expression }),
                None => {
                    let message = format!(
                        "expected a function in `{}`, found {}",
                        place.text(),
                        item.kind().describe()
                    );
                    let diagnostic = Diagnostic::error(Code::InvalidOption, message)
                        .at(item.source(), item.span(), "")
                        .help("write `clusterConfig: clusterConfig // { ... }`");
                    draft.mistake(diagnostic, Part::Everything);
                }
            }
        }
    }
}
