//! Marks in a domain: `mkForce`, `mkDefault`, `mkIf`, `mkMerge` and the like, which ClusterConfig takes for every
//! option. Those in modules are resolved when configuration is merged.

use std::sync::Arc;

use crate::inventory::document::{Document, TreeBuilder, TreeNode};
use crate::inventory::draft::Draft;
use crate::limits::Limits;
use crate::modules::settled::{Shape, has_marks, joined, may_have_marks, settle};

static DOMAIN: Shape = Shape::Options(&[("clusters", Shape::Named(&CLUSTER))]);

static CLUSTER: Shape = Shape::Options(&[
    ("users", Shape::Named(&USER)),
    ("services", Shape::Named(&SERVICE)),
    ("machines", Shape::Named(&NODE)),
    ("vms", Shape::Named(&NODE)),
]);

static USER: Shape =
    Shape::Options(&[("systemConfig", Shape::Named(&Shape::Whole)), ("homeManagerModules", Shape::Whole)]);

static SERVICE: Shape = Shape::Options(&[("definition", Shape::Whole), ("extraConfig", Shape::Whole)]);

static NODE: Shape =
    Shape::Options(&[("users", Shape::Named(&USER)), ("nixosModules", Shape::Whole), ("vars", Shape::Free)]);

/// A document to read, in whose domain no mark is left; it takes the place of the one that people wrote.
pub(in crate::dialects) fn settled(draft: &mut Draft, number: u32) -> Option<Arc<Document>> {
    let document = draft.document(number)?;
    if !may_have_marks(&document) {
        return Some(document);
    }
    let root = document.root();
    let marked = root.get("domain").filter(|domain| has_marks(*domain, DOMAIN));
    let Some(domain) = marked.and_then(|domain| joined(settle(&[domain], DOMAIN))) else {
        return Some(document);
    };
    let mut builder = TreeBuilder::new(Arc::clone(&document.source));
    let entries: Vec<_> = root
        .entries()
        .map(|(key, value)| {
            let built: TreeNode =
                if key.text == "domain" { domain.build(&mut builder) } else { builder.copy(value) };
            (key, built)
        })
        .collect();
    let entries = entries.iter().map(|(key, node)| (&*key.text, key.span, *node));
    let root = builder.object(entries, root.span());
    let mut rebuilt = builder.finish_as(root, document.notation(), &Limits::default());
    rebuilt.set_original(number);
    draft.replace_document(number, rebuilt);
    draft.document(number)
}
