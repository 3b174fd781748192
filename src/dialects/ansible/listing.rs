//! What `ansible-inventory --list` and inventory scripts write: groups with lists of names, and the
//! variables of all hosts under `_meta`.

use super::{Reader, TopKey};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::{Document, Key, Kind, Node, Notation};
use crate::inventory::draft::Draft;
use crate::inventory::model::{Part, Spot};
use crate::text::quoted;

/// Whether a document is such a list. Only JSON is.
pub(super) fn is_listing(document: &Document, keys: &[TopKey]) -> bool {
    let has_lists = |node: Node<'_>| {
        node.kind() == Kind::List
            || node
                .entries()
                .any(|(key, value)| matches!(&*key.text, "hosts" | "children") && value.kind() == Kind::List)
    };
    document.notation() == Notation::Json
        && (keys.iter().any(|key| key.name == "_meta")
            || keys.iter().any(|key| has_lists(document.node(key.value))))
}

impl Reader<'_> {
    /// Reads such a list.
    pub(super) fn listing(&mut self, draft: &mut Draft, document: &Document, keys: &[TopKey]) {
        for key in keys.iter().filter(|key| key.name != "_meta") {
            let spot = Spot { document: document.number(), span: key.span };
            let group = self.graph.group(&key.name, Some(spot));
            let node = document.node(key.value);
            if node.kind() == Kind::List {
                self.listed_hosts(draft, group, node);
                continue;
            }
            for (name, value) in node.entries() {
                match (&*name.text, value.kind()) {
                    (_, Kind::Null) => {}
                    ("hosts", Kind::List) => self.listed_hosts(draft, group, value),
                    ("children", Kind::List) => self.children(draft, group, value),
                    ("vars", Kind::Object) => {
                        self.set_priority(draft, group, value);
                        if let Some(entry) = self.graph.groups.get_mut(group as usize) {
                            entry.variables.push(value.raw());
                        }
                    }
                    (known, kind) => {
                        let message = format!(
                            "expected lists of names in `hosts` and `children` and an object in `vars`, found {} in {}",
                            kind.describe(),
                            quoted(known)
                        );
                        let diagnostic = Diagnostic::error(Code::InvalidOption, message).at(
                            &document.source,
                            name.span,
                            "",
                        );
                        self.report(draft, diagnostic);
                    }
                }
            }
        }
        for key in keys.iter().filter(|key| key.name == "_meta") {
            let variables = document.node(key.value).get("hostvars");
            for (host, variables) in variables.into_iter().flat_map(Node::entries) {
                self.listed_variables(draft, document, &host, variables);
            }
        }
    }

    fn listed_hosts(&mut self, draft: &mut Draft, group: u32, list: Node<'_>) {
        for item in list.items() {
            match item.as_str() {
                Some(name) if !name.is_empty() => {
                    let (host, _) = self.graph.host(&name, item.spot());
                    self.graph.add_host(group, host);
                }
                _ => self.wrong_name(draft, item, "a host"),
            }
        }
    }

    fn listed_variables(
        &mut self,
        draft: &mut Draft,
        document: &Document,
        host: &Key<'_>,
        variables: Node<'_>,
    ) {
        let Some(number) = self.graph.find_host(&host.text) else {
            let message = format!("no group names the host {}, which has variables", quoted(&host.text));
            let diagnostic =
                Diagnostic::warning(Code::UnknownMachine, message).at(&document.source, host.span, "");
            draft.mistake(diagnostic.help("add it to the hosts of `ungrouped`"), Part::Nothing);
            return;
        };
        if variables.kind() != Kind::Object {
            let message = format!(
                "expected an object of variables for {}, found {}",
                quoted(&host.text),
                variables.kind().describe()
            );
            let diagnostic =
                Diagnostic::error(Code::InvalidOption, message).at(&document.source, host.span, "");
            self.report(draft, diagnostic);
        } else if let Some(entry) = self.graph.hosts.get_mut(number as usize) {
            entry.variables.push(variables.raw());
        }
    }
}
