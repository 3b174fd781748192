//! Filters as values: an algebra over leaves.

use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use super::{Name, Value, meter};
use crate::text::{Source, Span};

/// Where a filter was written, for names that are only known to be wrong when it runs.
#[derive(Clone, Debug)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// The range in it.
    pub span: Span,
}

/// A filter: which nodes of a cluster it holds for.
#[derive(Clone)]
pub struct Filter {
    /// What it asks.
    pub kind: FilterKind,
    /// Where it was written.
    pub place: Option<Place>,
}

/// What a filter asks of a node, in the cluster in which it is resolved.
#[derive(Clone)]
pub enum FilterKind {
    /// `all`
    All,
    /// `none`
    None,
    /// `hostname N`, `machineName N`
    Machine(Name),
    /// `vmName N`
    Vm(Name),
    /// `clusterMachines`
    ClusterMachines,
    /// `clusterVms`
    ClusterVms,
    /// `clusterNodes`
    ClusterNodes,
    /// `tag T`
    Tag(Name),
    /// `group G`
    Group(Name),
    /// `cluster C`
    Cluster(Name),
    /// `inCluster C f`
    InCluster(Name, Rc<Filter>),
    /// `cloud C`
    Cloud(Name),
    /// `reachableFrom M`
    ReachableFrom(Name),
    /// `service S`
    Service(Name),
    /// `instance I`
    Instance(Name),
    /// `role I R`
    Role(Name, Name),
    /// `system S`
    System(Name),
    /// `class C`
    Class(Name),
    /// `kind K`
    Kind(Name),
    /// `address "10.0.0.0/8"`
    Address(ipnet::IpNet),
    /// `glob "web*"`
    Glob(globset::GlobMatcher),
    /// `matching "^web"`
    Matching(regex::Regex),
    /// `nodes "web[1-3]"`: the names it expands to, sorted.
    Nodes(Rc<[Name]>),
    /// `where (m: …)`
    Where(Value),
    /// `path P`
    Path(Name),
    /// A named filter of the inventory.
    Named(Name),
    /// `optional f`
    Optional(Rc<Filter>),
    /// `!f`
    Not(Rc<Filter>),
    /// `f && g && …`
    And(Rc<Parts>),
    /// `f || g || …`, and lists of filters.
    Or(Rc<Parts>),
    /// A function `clusterName: clusterConfig: [ path … ]`
    Function(Value),
}

/// The parts of a filter; their bytes count as those of other values do.
pub struct Parts {
    filters: Vec<Filter>,
    /// The most that one of them costs.
    cost: u32,
}

impl Parts {
    /// Parts in their order.
    pub fn new(parts: Vec<Filter>) -> Rc<Parts> {
        meter::add(size(&parts));
        let cost = parts.iter().map(Filter::cost).max().unwrap_or(0);
        Rc::new(Parts { filters: parts, cost })
    }
}

fn size(parts: &[Filter]) -> usize {
    48 + size_of_val(parts)
}

impl Deref for Parts {
    type Target = [Filter];

    fn deref(&self) -> &[Filter] {
        &self.filters
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        meter::remove(size(&self.filters));
        meter::drop_flat(self.filters.drain(..).map(|part| Value::Filter(Rc::new(part))));
    }
}

impl Filter {
    /// A filter without a place.
    pub fn new(kind: FilterKind) -> Filter {
        Filter { kind, place: None }
    }

    /// All of them hold; nested conjunctions become one.
    pub fn all_of(filters: &[Rc<Filter>]) -> Filter {
        Filter::new(FilterKind::And(join(filters, |kind| match kind {
            FilterKind::And(parts) => Some(parts),
            _ => None,
        })))
    }

    /// One of them holds; nested disjunctions become one.
    pub fn any_of(filters: &[Rc<Filter>]) -> Filter {
        Filter::new(FilterKind::Or(join(filters, |kind| match kind {
            FilterKind::Or(parts) => Some(parts),
            _ => None,
        })))
    }

    /// How much work it is, for the order in which the parts of an intersection are resolved.
    pub fn cost(&self) -> u32 {
        let mut filter = self;
        let mut around = 0;
        while let FilterKind::InCluster(_, inner) | FilterKind::Optional(inner) | FilterKind::Not(inner) =
            &filter.kind
        {
            around += 1;
            // Deeper ones are not looked into: this is asked often.
            if around > 8 {
                return 50;
            }
            filter = inner;
        }
        let own = match &filter.kind {
            FilterKind::All | FilterKind::None | FilterKind::ClusterNodes => 3,
            FilterKind::Machine(_) | FilterKind::Vm(_) | FilterKind::Path(_) => 0,
            FilterKind::Nodes(_) => 1,
            FilterKind::Glob(_) | FilterKind::Matching(_) | FilterKind::Kind(_) => 10,
            FilterKind::Service(_) | FilterKind::Instance(_) | FilterKind::Role(..) => 5,
            FilterKind::Function(_) => 20,
            FilterKind::Where(_) => 100,
            FilterKind::And(parts) | FilterKind::Or(parts) => parts.cost,
            _ => 2,
        };
        own + around
    }

    /// It does not hold.
    pub fn negate(filter: &Rc<Filter>) -> Filter {
        Filter::new(FilterKind::Not(Rc::clone(filter)))
    }
}

impl Drop for Filter {
    fn drop(&mut self) {
        let inner = |filter: Rc<Filter>| meter::drop_flat(std::iter::once(Value::Filter(filter)));
        match std::mem::replace(&mut self.kind, FilterKind::None) {
            FilterKind::InCluster(_, filter) | FilterKind::Optional(filter) | FilterKind::Not(filter) => {
                inner(filter);
            }
            FilterKind::Where(value) | FilterKind::Function(value) => {
                meter::drop_flat(std::iter::once(value));
            }
            _ => {}
        }
    }
}

/// Nested parts up to this many are joined. More stay together and are shared: copied again and again, a
/// filter that is joined with itself would fill the memory.
const JOINED: usize = 64;

fn join(filters: &[Rc<Filter>], parts: impl Fn(&FilterKind) -> Option<&Rc<Parts>>) -> Rc<Parts> {
    let mut joined = Vec::with_capacity(filters.len());
    for filter in filters {
        match parts(&filter.kind) {
            Some(inner) if inner.len() <= JOINED => joined.extend(inner.iter().cloned()),
            _ => joined.push(Filter::clone(filter)),
        }
    }
    Parts::new(joined)
}
