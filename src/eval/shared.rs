//! Parts that filters share, resolved once.
//!
//! A filter that is joined with itself again and again has few parts, and more ways through them than
//! there is time for. While a filter is resolved, what is known of each shared part is kept by its
//! address; when the outermost resolution ends, all of it is forgotten.

use std::any::Any;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use roaring::RoaringBitmap;

use super::Evaluation;
use super::filters::Scope;
use crate::value::{Fault, Filter, FilterKind};

/// What is known of the parts that filters share.
#[derive(Default)]
pub(super) struct Shared {
    /// How many resolutions are running, one inside the other.
    running: u32,
    known: HashMap<Key, Known>,
}

/// A shared part, and all else that its nodes depend on.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    address: usize,
    cluster: Option<u32>,
    home: Option<u32>,
    optional: bool,
}

/// What is known of a shared part.
struct Known {
    /// The nodes that it was asked about; nothing where these are all.
    asked: Option<RoaringBitmap>,
    /// Those of them for which it holds.
    holds: RoaringBitmap,
    /// Keeps the address from being used for something else.
    _part: Rc<dyn Any>,
}

impl Evaluation<'_> {
    /// Resolves something; what becomes known of shared parts is kept meanwhile.
    pub(super) fn resolving<T>(
        &mut self,
        resolve: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.shared.running += 1;
        let result = resolve(self);
        self.shared.running -= 1;
        if self.shared.running == 0 {
            self.shared.known.clear();
        }
        result
    }

    /// The nodes for which a part of a filter holds, of those in `within` or of all: resolved for those
    /// that it was not asked about before, where something else may ask for the part, too.
    pub(super) fn once<T: 'static>(
        &mut self,
        part: &Rc<T>,
        scope: Scope,
        within: Option<&RoaringBitmap>,
        resolve: impl FnOnce(&mut Self, Option<&RoaringBitmap>) -> Result<RoaringBitmap, Fault>,
    ) -> Result<RoaringBitmap, Fault> {
        if Rc::strong_count(part) == 1 {
            return resolve(self, within);
        }
        let key = Key {
            address: Rc::as_ptr(part).cast::<u8>() as usize,
            cluster: scope.cluster,
            home: scope.home,
            optional: self.optional > 0,
        };
        let new = match (self.shared.known.get(&key), within) {
            (Some(Known { asked: None, holds, .. }), _) => return Ok(holds.clone()),
            (Some(Known { asked: Some(asked), holds, .. }), Some(within)) => {
                let new = within - asked;
                if new.is_empty() {
                    return Ok(holds.clone());
                }
                Some(new)
            }
            (_, within) => within.cloned(),
        };
        let mut found = resolve(self, new.as_ref())?;
        let known = self.shared.known.entry(key).or_insert_with(|| Known {
            asked: Some(RoaringBitmap::new()),
            holds: RoaringBitmap::new(),
            _part: Rc::clone(part) as Rc<dyn Any>,
        });
        match (new, &mut known.asked) {
            (Some(new), Some(asked)) => {
                found &= &new;
                *asked |= new;
                known.holds |= found;
            }
            _ => {
                known.asked = None;
                known.holds = found;
            }
        }
        Ok(known.holds.clone())
    }
}

/// Whether the filter must be resolved for each cluster by itself.
pub(super) fn needs_clusters(filter: &Filter) -> bool {
    let mut waiting = vec![filter];
    // Parts that are shared are looked at once: a filter joined with itself again and again has more
    // parts than there is time for.
    let mut seen: HashSet<*const Filter> = HashSet::new();
    while let Some(filter) = waiting.pop() {
        if !seen.insert(filter) {
            continue;
        }
        match &filter.kind {
            FilterKind::InCluster(..)
            | FilterKind::Path(_)
            | FilterKind::Function(_)
            | FilterKind::Named(_) => return true,
            FilterKind::Counted(_, inner) | FilterKind::Optional(inner) | FilterKind::Not(inner) => {
                waiting.push(inner);
            }
            FilterKind::And(parts) | FilterKind::Or(parts) => waiting.extend(parts.iter()),
            _ => {}
        }
    }
    false
}
