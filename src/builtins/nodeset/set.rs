//! Node sets: names by their pattern, which is the name with its numbers taken out.

use std::collections::BTreeMap;

use super::grid::{Grid, Vector};
use super::range::{LIMIT, RangeSet, too_many};
use crate::diagnostic::Diagnostic;

/// A set of names of machines.
#[derive(Clone, Debug, Default)]
pub struct NodeSet {
    /// By pattern: text in which `%s` stands for a number, and `%%` for `%`. Its byte order is the order
    /// in which patterns are written.
    patterns: BTreeMap<String, Indices>,
}

/// The numbers of the names of one pattern.
#[derive(Clone, Debug)]
enum Indices {
    /// The name has no number.
    None,
    /// One number.
    Line(RangeSet),
    /// Several numbers.
    Grid(Grid),
}

/// Names that share a pattern: the pattern, and the ranges of its numbers.
pub(super) struct Names {
    pub(super) pattern: String,
    pub(super) ranges: Vector,
}

impl NodeSet {
    /// The set of all these names.
    pub(super) fn collect(names: impl IntoIterator<Item = Names>) -> NodeSet {
        let mut gathered: BTreeMap<String, Vec<Vector>> = BTreeMap::new();
        for Names { pattern, ranges } in names {
            gathered.entry(pattern).or_default().push(ranges);
        }
        let indices = |vectors: Vec<Vector>| match vectors.first().map_or(0, Vec::len) {
            0 => Indices::None,
            1 => Indices::Line(RangeSet::union_all(vectors.into_iter().flatten())),
            _ => Indices::Grid(Grid::new(vectors)),
        };
        NodeSet {
            patterns: gathered.into_iter().map(|(pattern, vectors)| (pattern, indices(vectors))).collect(),
        }
    }

    /// Adds the names of another set.
    pub fn update(&mut self, other: &NodeSet) {
        for (pattern, added) in &other.patterns {
            match (self.patterns.get_mut(pattern), added) {
                (Some(Indices::Line(own)), Indices::Line(added)) => *own = own.union(added),
                (Some(Indices::Grid(own)), Indices::Grid(added)) => own.update(added),
                (Some(_), _) => {}
                (None, added) => {
                    self.patterns.insert(pattern.clone(), added.clone());
                }
            }
        }
    }

    /// Takes the names of another set out.
    ///
    /// # Errors
    /// A set that falls into too many parts; likewise below.
    pub fn subtract(&mut self, other: &NodeSet) -> Result<(), Diagnostic> {
        for (pattern, hole) in &other.patterns {
            match (self.patterns.get_mut(pattern), hole) {
                (Some(Indices::Line(own)), Indices::Line(hole)) => *own = own.difference(hole),
                (Some(Indices::Grid(own)), Indices::Grid(hole)) => own.subtract(hole)?,
                _ => {
                    self.patterns.remove(pattern);
                }
            }
        }
        self.drop_empty();
        Ok(())
    }

    /// Keeps the names that another set has too.
    ///
    /// # Errors
    /// As for [`NodeSet::subtract`].
    pub fn intersect(&mut self, other: &NodeSet) -> Result<(), Diagnostic> {
        self.patterns.retain(|pattern, _| other.patterns.contains_key(pattern));
        for (pattern, own) in &mut self.patterns {
            match (own, other.patterns.get(pattern)) {
                (Indices::Line(own), Some(Indices::Line(kept))) => *own = own.intersection(kept),
                (Indices::Grid(own), Some(Indices::Grid(kept))) => own.intersect(kept)?,
                _ => {}
            }
        }
        self.drop_empty();
        Ok(())
    }

    /// Keeps the names that exactly one of both sets has.
    ///
    /// # Errors
    /// As for [`NodeSet::subtract`].
    pub fn exclusive(&mut self, other: &NodeSet) -> Result<(), Diagnostic> {
        let mut added = other.clone();
        added.subtract(self)?;
        self.subtract(other)?;
        self.update(&added);
        Ok(())
    }

    fn drop_empty(&mut self) {
        self.patterns.retain(|_, indices| match indices {
            Indices::None => true,
            Indices::Line(range) => !range.is_empty(),
            Indices::Grid(grid) => !grid.is_empty(),
        });
    }

    /// How many names it has.
    ///
    /// # Errors
    /// As for [`NodeSet::subtract`].
    pub fn count(&mut self) -> Result<u64, Diagnostic> {
        let mut count: u64 = 0;
        for indices in self.patterns.values_mut() {
            count = count.saturating_add(match indices {
                Indices::None => 1,
                Indices::Line(range) => range.len(),
                Indices::Grid(grid) => grid.len()?,
            });
        }
        Ok(count)
    }

    /// The set as text, as short as ClusterShell writes it.
    ///
    /// # Errors
    /// As for [`NodeSet::subtract`].
    pub fn fold(&mut self) -> Result<String, Diagnostic> {
        let mut parts = Vec::new();
        let written =
            |range: &RangeSet| if range.len() > 1 { format!("[{range}]") } else { range.to_string() };
        for (pattern, indices) in &mut self.patterns {
            match indices {
                Indices::None => parts.push(fill(pattern, &[])),
                Indices::Line(range) => parts.push(fill(pattern, &[written(range)])),
                Indices::Grid(grid) => {
                    for vector in grid.vectors()? {
                        parts.push(fill(pattern, &vector.iter().map(written).collect::<Vec<_>>()));
                    }
                }
            }
        }
        Ok(parts.join(","))
    }

    /// The names, in ClusterShell's order.
    ///
    /// # Errors
    /// More names than the limit.
    pub fn names(&mut self) -> Result<Vec<String>, Diagnostic> {
        let count = self.count()?;
        if count > LIMIT as u64 {
            let error = too_many();
            return Err(Diagnostic {
                message: format!("the node set has {count} names, more than {LIMIT}"),
                ..error
            });
        }
        let mut names = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
        for (pattern, indices) in &mut self.patterns {
            match indices {
                Indices::None => names.push(fill(pattern, &[])),
                Indices::Line(range) => names.extend(range.texts().map(|text| fill(pattern, &[text]))),
                Indices::Grid(grid) => {
                    for vector in grid.vectors()? {
                        let mut tuples = vec![Vec::new()];
                        for range in vector {
                            tuples = extended(&tuples, range);
                        }
                        names.extend(tuples.iter().map(|tuple| fill(pattern, tuple)));
                    }
                }
            }
        }
        Ok(names)
    }
}

/// Each tuple with each member of the range.
fn extended(tuples: &[Vec<String>], range: &RangeSet) -> Vec<Vec<String>> {
    let texts: Vec<String> = range.texts().collect();
    let longer = |tuple: &Vec<String>, text: &String| {
        let mut tuple = tuple.clone();
        tuple.push(text.clone());
        tuple
    };
    tuples.iter().flat_map(|tuple| texts.iter().map(move |text| longer(tuple, text))).collect()
}

/// The pattern with its numbers put in.
fn fill(pattern: &str, numbers: &[String]) -> String {
    let mut text = String::with_capacity(pattern.len() + 8);
    let mut numbers = numbers.iter();
    let mut parts = pattern.split('%');
    text.push_str(parts.next().unwrap_or(""));
    while let Some(part) = parts.next() {
        match part.strip_prefix('s') {
            Some(rest) => {
                text.push_str(numbers.next().map_or("", String::as_str));
                text.push_str(rest);
            }
            // An escaped sign: nothing stands between its two.
            None => {
                text.push('%');
                text.push_str(parts.next().unwrap_or(""));
            }
        }
    }
    text
}
