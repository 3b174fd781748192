//! Names with several numbers: sets of tuples, folded into as few products of ranges as may be.
//!
//! Which of the possible foldings is chosen, and in which order the products stand, is ClusterShell's
//! choice: beginning with single tuples, products that differ in one dimension are joined, neighbours first,
//! until no two are left that can be.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

use super::range::{LIMIT, RangeSet, Rank, mix, too_many};
use crate::diagnostic::Diagnostic;

/// A product of ranges, one a dimension.
pub(super) type Vector = Vec<RangeSet>;

/// A union of products of equally many dimensions, at least two.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    vectors: Vec<Vector>,
    folded: bool,
    /// Whether joining along one dimension has failed: it is not tried again.
    mixed: bool,
}

/// Sets of up to this many tuples are folded out of single tuples, as ClusterShell does; larger ones out of
/// the products that they are written as, which takes less room and may give other products.
const EXPANDED: u64 = 100_000;

/// Products that are compared pair by pair; more would take too long.
const PAIRWISE: usize = 20_000;

impl Grid {
    pub(super) fn new(vectors: Vec<Vector>) -> Grid {
        Grid { vectors, folded: false, mixed: false }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.vectors.is_empty()
    }

    /// Adds the products of another grid.
    pub(super) fn update(&mut self, other: &Grid) {
        self.vectors.extend(other.vectors.iter().cloned());
        self.folded = false;
    }

    /// Takes the tuples of another grid out.
    pub(super) fn subtract(&mut self, other: &Grid) -> Result<(), Diagnostic> {
        let mut left = Vec::new();
        for vector in &self.vectors {
            let mut pieces = vec![vector.clone()];
            for hole in &other.vectors {
                let mut next = Vec::new();
                for piece in pieces {
                    cut(piece, hole, &mut next);
                }
                pieces = next;
                if left.len() + pieces.len() > LIMIT {
                    return Err(too_many());
                }
            }
            left.extend(pieces);
        }
        self.vectors = left;
        self.folded = false;
        Ok(())
    }

    /// Keeps the tuples that another grid has too.
    pub(super) fn intersect(&mut self, other: &Grid) -> Result<(), Diagnostic> {
        let mut common = Vec::new();
        for left in &self.vectors {
            for right in &other.vectors {
                let both: Vector =
                    left.iter().zip(right).map(|(left, right)| left.intersection(right)).collect();
                if !both.iter().any(RangeSet::is_empty) {
                    common.push(both);
                }
            }
            if common.len() > LIMIT {
                return Err(too_many());
            }
        }
        *self = Grid::new(common);
        self.fold()?;
        self.folded = false;
        Ok(())
    }

    /// The products after folding.
    pub(super) fn vectors(&mut self) -> Result<&[Vector], Diagnostic> {
        self.fold()?;
        Ok(&self.vectors)
    }

    /// Number of tuples.
    pub(super) fn len(&mut self) -> Result<u64, Diagnostic> {
        Ok(self.vectors()?.iter().map(|vector| size(vector)).fold(0, u64::saturating_add))
    }

    fn fold(&mut self) -> Result<(), Diagnostic> {
        if !self.folded {
            if !self.mixed {
                self.absorb();
            }
            if self.vectors.len() > 1 && !self.join_along_one_dimension() {
                self.mixed = true;
                self.make_disjoint()?;
                self.join();
            }
            self.folded = true;
        }
        Ok(())
    }

    /// Joins products with the first one, in order, as long as each differs from it in one dimension:
    /// what adding them one after the other comes to.
    fn absorb(&mut self) {
        let mut rest = std::mem::take(&mut self.vectors).into_iter();
        let Some(first) = rest.next() else { return };
        let mut growing = Growing { vector: first, dimension: None, added: Vec::new() };
        for vector in rest {
            if self.mixed || !growing.take(&vector) {
                self.mixed = true;
                self.vectors.push(vector);
            }
        }
        growing.settle();
        self.vectors.insert(0, growing.vector);
    }

    fn join_along_one_dimension(&mut self) -> bool {
        let Some((first, rest)) = self.vectors.split_first() else { return false };
        let differs =
            |dimension: &usize| rest.iter().any(|vector| vector.get(*dimension) != first.get(*dimension));
        let differing: Vec<usize> = (0..first.len()).filter(differs).take(2).collect();
        let [dimension] = differing.as_slice() else { return false };
        let union = self.vectors.iter().filter_map(|vector| vector.get(*dimension).cloned());
        let union = RangeSet::union_all(union);
        self.vectors.truncate(1);
        if let Some(range) = self.vectors.first_mut().and_then(|first| first.get_mut(*dimension)) {
            *range = union;
        }
        self.mixed = false;
        true
    }

    /// Cuts the products so that no two have a tuple in common.
    fn make_disjoint(&mut self) -> Result<(), Diagnostic> {
        let count = self.vectors.len() as u64;
        let tuples = self.vectors.iter().map(|vector| size(vector)).fold(0, u64::saturating_add);
        if tuples <= EXPANDED.max(count) {
            self.vectors = self.vectors.iter().flat_map(units).collect();
            self.vectors.sort_by_cached_key(order);
            self.vectors.dedup();
            return Ok(());
        }
        let mut index = 0;
        while let Some(mut current) = self.vectors.get(index).cloned() {
            let mut other = index + 1;
            while let Some((common, parts)) = self.vectors.get(other).map(|next| overlap(&current, next)) {
                match common {
                    None => other += 1,
                    Some(common) => {
                        current = common;
                        self.vectors.remove(other);
                        self.vectors.extend(parts);
                    }
                }
                if self.vectors.len() > PAIRWISE {
                    return Err(too_many());
                }
            }
            if let Some(place) = self.vectors.get_mut(index) {
                *place = current;
            }
            index += 1;
        }
        Ok(())
    }

    fn sort(&mut self) {
        self.vectors.sort_by_cached_key(order);
    }

    /// Joins products that differ in one dimension: first, while that changes anything, those that stand
    /// next to each other, then any two.
    fn join(&mut self) {
        loop {
            self.sort();
            let before = self.vectors.len();
            self.join_neighbours();
            if self.vectors.len() == before {
                break;
            }
        }
        loop {
            let before = self.vectors.len();
            self.join_any();
            if self.vectors.len() == before {
                break;
            }
            self.sort();
        }
    }

    fn join_neighbours(&mut self) {
        let mut joined: Vec<Vector> = Vec::new();
        for vector in std::mem::take(&mut self.vectors) {
            let last = joined.last_mut().and_then(|last| {
                let mut differing = (0..last.len()).filter(|at| last.get(*at) != vector.get(*at));
                let dimension = differing.next()?;
                differing.next().is_none().then_some((last, dimension))
            });
            match last.and_then(|(last, at)| last.get_mut(at).zip(vector.get(at))) {
                Some((own, added)) => *own = own.union(added),
                None => joined.push(vector),
            }
        }
        self.vectors = joined;
    }

    fn join_any(&mut self) {
        let count = self.vectors.len();
        let mut pass = Pass::new(std::mem::take(&mut self.vectors));
        for index in 0..count {
            let mut cursor = index;
            while let Some((partner, dimension)) = pass.partner(index, cursor) {
                pass.join(index, partner, dimension);
                cursor = partner;
            }
        }
        self.vectors = pass.slots.into_iter().flatten().collect();
    }
}

/// A product that grows along one dimension; what was added there is put in order at the end, so that
/// many additions cost no more than sorting.
struct Growing {
    vector: Vector,
    dimension: Option<usize>,
    added: Vec<RangeSet>,
}

impl Growing {
    /// Joins a product that differs in exactly one dimension; gives back whether it does.
    fn take(&mut self, next: &Vector) -> bool {
        // One number never equals what has grown already.
        let grown = |dimension: usize, range: &RangeSet| {
            self.dimension == Some(dimension) && !self.added.is_empty() && range.len() == 1
        };
        let known = next.iter().enumerate().any(|(dimension, range)| grown(dimension, range));
        if !known {
            self.settle();
        }
        let mut differing = None;
        for (dimension, range) in next.iter().enumerate() {
            if (known && self.dimension == Some(dimension)) || self.vector.get(dimension) != Some(range) {
                if differing.is_some() {
                    return false;
                }
                differing = Some((dimension, range));
            }
        }
        let Some((dimension, range)) = differing else { return false };
        if self.dimension != Some(dimension) {
            self.settle();
            self.dimension = Some(dimension);
        }
        self.added.push(range.clone());
        true
    }

    fn settle(&mut self) {
        let added = std::mem::take(&mut self.added);
        let range = self.dimension.and_then(|dimension| self.vector.get_mut(dimension));
        if let (Some(range), false) = (range, added.is_empty()) {
            *range = RangeSet::union_all(std::iter::once(std::mem::take(range)).chain(added));
        }
    }
}

/// One pass of joining: products by what they are in all dimensions but one, so that partners are
/// found without comparing all pairs.
struct Pass {
    slots: Vec<Option<Vector>>,
    prints: Vec<Vec<u64>>,
    places: HashMap<(usize, u64), BTreeSet<usize>>,
}

impl Pass {
    fn new(vectors: Vec<Vector>) -> Pass {
        let prints =
            vectors.iter().map(|vector| vector.iter().map(RangeSet::fingerprint).collect()).collect();
        let slots: Vec<Option<Vector>> = vectors.into_iter().map(Some).collect();
        let mut pass = Pass { slots, prints, places: HashMap::new() };
        for index in 0..pass.slots.len() {
            for key in pass.keys(index) {
                pass.places.entry(key).or_default().insert(index);
            }
        }
        pass
    }

    /// For each dimension, what the product is in all others.
    fn keys(&self, index: usize) -> Vec<(usize, u64)> {
        let prints = self.prints.get(index).map_or(&[][..], Vec::as_slice);
        let key = |dimension: usize| {
            let others = prints.iter().enumerate().filter(|(other, _)| *other != dimension);
            (dimension, others.fold(0, |sum, (_, print)| mix(sum ^ mix(*print))))
        };
        (0..prints.len()).map(key).collect()
    }

    /// The first product after `cursor` that differs from the one at `index` in one dimension.
    fn partner(&self, index: usize, cursor: usize) -> Option<(usize, usize)> {
        let vector = self.slots.get(index)?.as_ref()?;
        let mut best: Option<(usize, usize)> = None;
        for key in self.keys(index) {
            let Some(places) = self.places.get(&key) else { continue };
            let fits = |place: &&usize| {
                self.slots.get(**place).and_then(Option::as_ref).is_some_and(|other| {
                    let pairs = vector.iter().zip(other).enumerate();
                    pairs.into_iter().all(|(dimension, (left, right))| dimension == key.0 || left == right)
                })
            };
            let after = (Bound::Excluded(cursor), Bound::Unbounded);
            if let Some(place) = places.range(after).find(fits) {
                best = best.min(Some((*place, key.0))).or(Some((*place, key.0)));
            }
        }
        best
    }

    /// Puts the product at `partner` into the one at `index`.
    fn join(&mut self, index: usize, partner: usize, dimension: usize) {
        for (place, keys) in [(index, self.keys(index)), (partner, self.keys(partner))] {
            for key in keys {
                if let Some(places) = self.places.get_mut(&key) {
                    places.remove(&place);
                }
            }
        }
        let taken = self.slots.get_mut(partner).and_then(Option::take);
        let range = taken.and_then(|vector| vector.into_iter().nth(dimension)).unwrap_or_default();
        let own =
            self.slots.get_mut(index).and_then(Option::as_mut).and_then(|vector| vector.get_mut(dimension));
        let print = self.prints.get_mut(index).and_then(|prints| prints.get_mut(dimension));
        if let (Some(own), Some(print)) = (own, print) {
            *own = own.union(&range);
            *print = own.fingerprint();
        }
        for key in self.keys(index) {
            self.places.entry(key).or_default().insert(index);
        }
    }
}

/// Number of tuples of a product.
fn size(vector: &[RangeSet]) -> u64 {
    vector.iter().map(RangeSet::len).fold(1, u64::saturating_mul)
}

/// A product's place: its number of tuples, and for each dimension its length, first and last member.
type Order = (Reverse<u64>, Vec<(Reverse<u64>, Rank, Rank)>);

/// The order of products: those of more tuples first, then by their dimensions: longer ones, those that
/// begin first, those that end first.
fn order(vector: &Vector) -> Order {
    let dimension = |range: &RangeSet| {
        let (first, last) = range.ends();
        (Reverse(range.len()), first, last)
    };
    (Reverse(size(vector)), vector.iter().map(dimension).collect())
}

/// The tuples of a product, each as a product of its own.
fn units(vector: &Vector) -> Vec<Vector> {
    let mut units = vec![Vec::with_capacity(vector.len())];
    for range in vector {
        let singles = range.singles();
        units = units
            .into_iter()
            .flat_map(|unit| {
                singles.clone().map(move |single| {
                    let mut unit = unit.clone();
                    unit.push(single);
                    unit
                })
            })
            .collect();
    }
    units
}

/// What two products have in common, if anything, and the rest of both in products that may overlap.
fn overlap(left: &Vector, right: &Vector) -> (Option<Vector>, Vec<Vector>) {
    let common: Vector = left.iter().zip(right).map(|(left, right)| left.intersection(right)).collect();
    if common.iter().any(RangeSet::is_empty) {
        return (None, Vec::new());
    }
    let mut parts = Vec::new();
    for (dimension, (of_left, of_right)) in left.iter().zip(right).enumerate() {
        for (vector, rest) in [(left, of_left.difference(of_right)), (right, of_right.difference(of_left))] {
            if !rest.is_empty() {
                parts.push(replaced(vector, dimension, rest));
            }
        }
    }
    (Some(common), parts)
}

/// What is left of a product without another one.
fn cut(piece: Vector, hole: &Vector, left: &mut Vec<Vector>) {
    let disjoint = piece.iter().zip(hole).any(|(own, other)| own.intersection(other).is_empty());
    if disjoint {
        left.push(piece);
        return;
    }
    // What is cut off along one dimension is not looked at along the next, so that the pieces have nothing
    // in common and their number stays small.
    let mut core = piece;
    for (dimension, other) in hole.iter().enumerate() {
        let Some(own) = core.get(dimension) else { return };
        let rest = own.difference(other);
        let common = own.intersection(other);
        if !rest.is_empty() {
            left.push(replaced(&core, dimension, rest));
            core = replaced(&core, dimension, common);
        }
    }
}

fn replaced(vector: &Vector, dimension: usize, range: RangeSet) -> Vector {
    let mut vector = vector.clone();
    if let Some(place) = vector.get_mut(dimension) {
        *place = range;
    }
    vector
}
