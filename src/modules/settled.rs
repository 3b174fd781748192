//! Layers in which marks stand (`mkForce`, `mkIf`, `mkMerge`, `mkBefore`, …), as layers without them.
//!
//! In go the values that several documents give to one thing, in order, and its [`Shape`]. Out come parts of
//! documents to read one after the other, as if nobody had written a mark: what a condition takes away or a
//! stronger definition wins over is gone, `mkMerge` has become several parts, and lists have moved to where
//! `mkBefore` and `mkAfter` want them. Whether what is left agrees is for the reader, as it is without marks.

use std::collections::BTreeMap;

use super::{DEFAULT_ORDER, DEFAULT_PRIORITY, Definition, Failure};
use crate::inventory::document::{Document, Key, Kind, Node, Notation, TreeBuilder, TreeNode};
use crate::text::Span;

/// What a value is, as far as marks in it are concerned.
#[derive(Clone, Copy)]
pub enum Shape {
    /// Whoever merges it sees to its marks.
    Free,
    /// The same, but for marks around the whole of it.
    Whole,
    /// Options by their names, in a set that is an option itself. Others are values.
    Options(&'static [(&'static str, Shape)]),
    /// Options in a set that is none itself: a priority around it is that of each of them.
    Group,
    /// Values of one shape, by names that somebody chose.
    Named(&'static Shape),
    /// Anything else: sets merge by their names, lists join.
    Value,
}

impl Shape {
    fn below(self, key: &str) -> Shape {
        match self {
            Shape::Named(shape) => *shape,
            Shape::Options(options) => {
                options.iter().find(|(name, _)| *name == key).map_or(Shape::Value, |(_, shape)| *shape)
            }
            Shape::Group => Shape::Value,
            other => other,
        }
    }
}

/// Which part of the result something belongs to: lists that come first, then the order of documents, and in
/// one document that of the contents of `mkMerge`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    order: i64,
    /// Which of the values that went in it comes from.
    pub layer: usize,
    nth: Vec<usize>,
}

impl Place {
    /// The place of what a document says without marks.
    pub fn main(layer: usize) -> Place {
        Place { order: DEFAULT_ORDER, layer, nth: Vec::new() }
    }

    /// The same place of another layer.
    pub fn of_layer(self, layer: usize) -> Place {
        Place { layer, ..self }
    }

    /// Whether it is the place of what a document says without marks.
    pub fn is_main(&self) -> bool {
        self.order == DEFAULT_ORDER && self.nth.is_empty()
    }
}

/// A value without marks.
pub enum Settled<'d> {
    /// As it stands in its document.
    Same(Node<'d>),
    /// A list of these.
    List(Vec<Node<'d>>, Span),
    /// A set of these.
    Object(Vec<(Key<'d>, Settled<'d>)>, Span),
}

impl Settled<'_> {
    /// The value in a document that is being built.
    pub fn build(&self, builder: &mut TreeBuilder) -> TreeNode {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || match self {
            Settled::Same(node) => builder.copy(*node),
            Settled::List(items, span) => {
                let items: Vec<TreeNode> = items.iter().map(|item| builder.copy(*item)).collect();
                builder.list(items, *span)
            }
            Settled::Object(entries, span) => {
                let built: Vec<TreeNode> = entries.iter().map(|(_, value)| value.build(builder)).collect();
                let entries = entries.iter().zip(built);
                builder.object(entries.map(|((key, _), node)| (&*key.text, key.span, node)), *span)
            }
        })
    }
}

/// Whether marks may stand in a document, as far as that is seen without looking at its values: large ones
/// hardly ever have any.
pub fn may_have_marks(document: &Document) -> bool {
    // What is computed need not stand in the text as such.
    document.notation() == Notation::Expression || document.source.text().contains("_type")
}

/// Whether marks stand in a value where it is not free-form.
pub fn has_marks(node: Node<'_>, shape: Shape) -> bool {
    if mark(node).is_some() {
        return !matches!(shape, Shape::Free);
    }
    match (shape, node.kind()) {
        (Shape::Free | Shape::Whole, _) => false,
        (_, Kind::Object) => stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            node.entries().any(|(key, value)| has_marks(value, shape.below(&key.text)))
        }),
        (_, Kind::List) => node.items().any(|item| mark(item).is_some()),
        _ => false,
    }
}

/// A mark with what it says. One that is not complete is a set like any other, which its reader refuses.
enum Mark<'d> {
    Override(i64, Node<'d>),
    Order(i64, Node<'d>),
    If(bool, Node<'d>),
    Merge(Node<'d>),
}

fn mark(node: Node<'_>) -> Option<Mark<'_>> {
    if node.kind() != Kind::Object {
        return None;
    }
    let number = || node.get("priority").and_then(Node::as_int);
    let content = || node.get("content");
    Some(match &*node.get("_type")?.as_str()? {
        "override" => Mark::Override(number()?, content()?),
        "order" => Mark::Order(number()?, content()?),
        "if" => Mark::If(node.get("condition")?.as_bool()?, content()?),
        "merge" => Mark::Merge(node.get("contents").filter(|contents| contents.kind() == Kind::List)?),
        _ => return None,
    })
}

/// What kind of mark a value is, if it is one: `override`, `order`, `if` or `merge`.
pub fn mark_of(node: Node<'_>) -> Option<&'static str> {
    Some(match mark(node)? {
        Mark::Override(..) => "override",
        Mark::Order(..) => "order",
        Mark::If(..) => "if",
        Mark::Merge(_) => "merge",
    })
}

/// What is wrong with a mark that is not complete.
pub fn malformed(node: Node<'_>) -> Option<Failure> {
    super::discharge(Definition::new(node), &mut Vec::new()).err()
}

/// A value behind its marks.
#[derive(Clone)]
struct Given<'d> {
    node: Node<'d>,
    place: Place,
    priority: i64,
}

/// The parts of what these values give, in the order in which they are to be read.
pub fn settle<'d>(values: &[Node<'d>], shape: Shape) -> BTreeMap<Place, Settled<'d>> {
    let given = values.iter().enumerate().map(|(layer, node)| Given {
        node: *node,
        place: Place::main(layer),
        priority: DEFAULT_PRIORITY,
    });
    below(given.collect(), shape)
}

fn below<'d>(given: Vec<Given<'d>>, shape: Shape) -> BTreeMap<Place, Settled<'d>> {
    if matches!(shape, Shape::Free) {
        return given.into_iter().map(|given| (given.place, Settled::Same(given.node))).collect();
    }
    let mut open = Vec::new();
    for value in given {
        discharge(value, &mut open);
    }
    let strongest = open.iter().map(|given| given.priority).min();
    open.retain(|given| matches!(shape, Shape::Group) || Some(given.priority) == strongest);
    let mut parts = BTreeMap::new();
    let mut objects = Vec::new();
    for given in open {
        match given.node.kind() {
            Kind::Object if !matches!(shape, Shape::Whole) => objects.push(given),
            Kind::List if matches!(shape, Shape::Whole) => {
                parts.insert(given.place, Settled::Same(given.node));
            }
            Kind::List => {
                let list = Settled::List(elements(given.node), given.node.span());
                parts.insert(given.place, list);
            }
            // Places are those of lists: what is no list has none.
            _ => {
                parts.insert(unordered(given.place), Settled::Same(given.node));
            }
        }
    }
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || sets(objects, shape, &mut parts));
    parts
}

/// All parts of one document as one value: sets merge by their names, and lists join. Other values that are
/// there several times are equal, or stand several times in their set, where a reader finds them.
pub fn joined(parts: BTreeMap<Place, Settled<'_>>) -> Option<Settled<'_>> {
    let mut parts = parts.into_values();
    let first = parts.next()?;
    Some(parts.fold(first, |known, other| match (known, other) {
        (Settled::Object(known, span), Settled::Object(other, _)) => {
            Settled::Object(united(known, other), span)
        }
        (known, _) => known,
    }))
}

type Entries<'d> = Vec<(Key<'d>, Settled<'d>)>;

fn united<'d>(mut known: Entries<'d>, other: Entries<'d>) -> Entries<'d> {
    for (key, value) in other {
        let Some(at) = known.iter().position(|(known, _)| known.text == key.text) else {
            known.push((key, value));
            continue;
        };
        let Some((_, earlier)) = known.get_mut(at) else { continue };
        let before = std::mem::replace(earlier, Settled::List(Vec::new(), Span::default()));
        match stacker::maybe_grow(64 * 1024, 1024 * 1024, || two(before, value)) {
            (merged, None) => *earlier = merged,
            (before, Some(other)) => {
                *earlier = before;
                known.push((key, other));
            }
        }
    }
    known
}

/// Two values as one; the second one too, where they are not equal.
fn two<'d>(first: Settled<'d>, second: Settled<'d>) -> (Settled<'d>, Option<Settled<'d>>) {
    match (first, second) {
        (Settled::Object(first, span), Settled::Object(second, _)) => {
            (Settled::Object(united(first, second), span), None)
        }
        (first, second) => match (items(&first), items(&second)) {
            (Some((mut all, span)), Some((more, _))) => {
                all.extend(more);
                (Settled::List(all, span), None)
            }
            _ => match (&first, &second) {
                (Settled::Same(one), Settled::Same(other)) if is_equal(*one, *other) => (first, None),
                _ => (first, Some(second)),
            },
        },
    }
}

fn items<'d>(value: &Settled<'d>) -> Option<(Vec<Node<'d>>, Span)> {
    match value {
        Settled::List(items, span) => Some((items.clone(), *span)),
        Settled::Same(node) if node.kind() == Kind::List => Some((node.items().collect(), node.span())),
        _ => None,
    }
}

fn is_equal(one: Node<'_>, other: Node<'_>) -> bool {
    one.kind() == other.kind() && one.kind() != Kind::Expression && one.to_json() == other.to_json()
}

fn unordered(place: Place) -> Place {
    Place { order: DEFAULT_ORDER, ..place }
}

/// Merges sets name by name.
fn sets<'d>(objects: Vec<Given<'d>>, shape: Shape, parts: &mut BTreeMap<Place, Settled<'d>>) {
    let mut built: BTreeMap<Place, (Vec<(Key<'d>, Settled<'d>)>, Span)> = BTreeMap::new();
    let mut spans: Vec<(usize, Vec<usize>, Span)> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut of_name: BTreeMap<String, Vec<(Key<'d>, Given<'d>)>> = BTreeMap::new();
    for given in objects {
        let place = unordered(given.place);
        let span = given.node.span();
        spans.push((place.layer, place.nth.clone(), span));
        built.insert(place.clone(), (Vec::new(), span));
        for (key, node) in given.node.entries() {
            let priority = if matches!(shape, Shape::Group) { given.priority } else { DEFAULT_PRIORITY };
            let below = Given { node, place: place.clone(), priority };
            let known = of_name.entry(key.text.to_string()).or_insert_with(|| {
                names.push(key.text.to_string());
                Vec::new()
            });
            known.push((key, below));
        }
    }
    for name in names {
        let Some(of_name) = of_name.remove(&name) else { continue };
        // A name that stands twice in one set is a mistake, which the reader finds where both stay.
        let again = |at: usize| {
            let here = of_name.get(at).map(|(_, given)| &given.place);
            of_name.iter().take(at).any(|(_, earlier)| Some(&earlier.place) == here)
        };
        let twice: Vec<bool> = (0..of_name.len()).map(again).collect();
        let mut keys: Vec<(Place, Key<'d>)> = Vec::new();
        let mut values = Vec::new();
        for ((key, given), twice) in of_name.into_iter().zip(twice) {
            if twice {
                if let Some((entries, _)) = built.get_mut(&given.place) {
                    entries.push((key, Settled::Same(given.node)));
                }
            } else {
                keys.push((given.place.clone(), key));
                values.push(given);
            }
        }
        for (place, value) in below(values, shape.below(&name)) {
            let from = |known: &Place| known.layer == place.layer && place.nth.starts_with(&known.nth);
            let Some((_, key)) = keys.iter().find(|(known, _)| from(known)) else { continue };
            let around =
                spans.iter().find(|(layer, nth, _)| *layer == place.layer && place.nth.starts_with(nth));
            let span = around.map_or(key.span, |(_, _, span)| *span);
            let (entries, _) = built.entry(place).or_insert_with(|| (Vec::new(), span));
            entries.push((key.clone(), value));
        }
    }
    let objects = built.into_iter().map(|(place, (entries, span))| (place, Settled::Object(entries, span)));
    parts.extend(objects);
}

/// Resolves the marks around a value.
fn discharge<'d>(given: Given<'d>, found: &mut Vec<Given<'d>>) {
    let mut open = vec![given];
    while let Some(mut given) = open.pop() {
        match mark(given.node) {
            None => found.push(given),
            Some(Mark::Override(priority, node)) => open.push(Given { priority, node, ..given }),
            Some(Mark::Order(order, node)) => {
                given.place.order = order;
                open.push(Given { node, ..given });
            }
            Some(Mark::If(true, node)) => open.push(Given { node, ..given }),
            Some(Mark::If(false, _)) => {}
            Some(Mark::Merge(contents)) => {
                let contents = contents.items().enumerate().map(|(nth, node)| {
                    let mut inner = Given { node, ..given.clone() };
                    inner.place.nth.push(nth);
                    inner
                });
                // What is pushed last comes out first.
                open.extend(contents.collect::<Vec<_>>().into_iter().rev());
            }
        }
    }
}

/// The elements of a list that no condition takes away.
fn elements(list: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    for node in list.items() {
        discharge(Given { node, place: Place::main(0), priority: DEFAULT_PRIORITY }, &mut found);
    }
    found.into_iter().map(|given| given.node).collect()
}
