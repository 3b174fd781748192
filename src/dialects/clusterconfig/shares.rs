//! The nodes of a large document are read by two threads.
//!
//! Both walk over the whole text, passing over what the other one reads, and read the machines and VMs of the
//! stretches that they have claimed: the first thread from the beginning on, the second from the middle on, where
//! the first comes to what the second has not. A second thread that gets no processor costs little in this way.
//! The first one reads everything else too.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::{self, Builder};
use std::time::Duration;

use super::Reader;
use super::nodes::read;
use super::place::Place;
use crate::inventory::document::{Key, Keys, Node};
use crate::inventory::draft::Draft;
use crate::inventory::model::NodeKind;

/// From how many bytes on a second thread is worth its start.
pub(super) struct Large(usize);

impl Default for Large {
    fn default() -> Large {
        Large(1 << 20)
    }
}

/// How many stretches a document has. At its end the first thread waits for one of them at most.
const STRETCHES: usize = 64;

/// How long the second thread is waited for to begin.
const PATIENCE: Duration = Duration::from_millis(2);

/// The machines or VMs that a key of a cluster holds.
pub(super) fn nodes_under(key: &str) -> Option<NodeKind> {
    match key {
        "machines" => Some(NodeKind::Machine),
        "vms" => Some(NodeKind::Vm),
        _ => None,
    }
}

/// Which stretches of a document somebody reads.
struct Claims {
    claimed: [AtomicBool; STRETCHES],
    start: usize,
    length: usize,
}

impl Claims {
    fn new(start: usize, end: usize) -> Claims {
        let claimed = [const { AtomicBool::new(false) }; STRETCHES];
        Claims { claimed, start, length: end.saturating_sub(start) / STRETCHES + 1 }
    }

    /// The stretch that a place is in.
    fn stretch(&self, at: usize) -> usize {
        (at.saturating_sub(self.start) / self.length).min(STRETCHES - 1)
    }

    /// Whether nobody has claimed a stretch before.
    fn claim(&self, stretch: usize) -> bool {
        self.claimed.get(stretch).is_some_and(|claimed| !claimed.swap(true, Ordering::Relaxed))
    }

    fn share(&self, from: usize) -> Share<'_> {
        Share { claims: self, from, last: None }
    }
}

/// The stretches that one thread reads.
pub(super) struct Share<'c> {
    claims: &'c Claims,
    /// Earlier ones are left to the other thread.
    from: usize,
    /// The stretch that was come to last, and whether it is this thread's.
    last: Option<(usize, bool)>,
}

impl Share<'_> {
    /// Whether this thread reads a node; if not, it is passed over. Keys come in the order of the text.
    pub(super) fn takes(&mut self, key: &Key<'_>, node: Node<'_>) -> bool {
        let stretch = self.claims.stretch(key.span.start as usize);
        let mine = match self.last {
            Some((last, mine)) if last == stretch => mine,
            _ => stretch >= self.from && self.claims.claim(stretch),
        };
        self.last = Some((stretch, mine));
        if !mine {
            node.pass();
        }
        mine
    }
}

impl Reader {
    /// Reads `clusters`, by two threads where that is worth it. Whoever has read what, the mistakes come in the
    /// order of their places.
    pub(super) fn clusters(&mut self, draft: &mut Draft, place: &Place<'_>, node: Node<'_>) {
        let told = draft.mistakes().len();
        self.clusters_of_all(draft, place, node);
        draft.sort_mistakes(told);
    }

    fn clusters_of_all(&mut self, draft: &mut Draft, place: &Place<'_>, node: Node<'_>) {
        let length = node.source().text().len();
        let is_large = length >= self.large.0
            // What an earlier document has may stand here again, which only those see who see both.
            && self.earlier_nodes == 0
            && (cfg!(test) || thread::available_parallelism().is_ok_and(|cores| cores.get() > 1));
        let again = || is_large.then(|| node.document().again()).flatten();
        let (Some(one), Some(other)) = (again(), again()) else {
            return self.clusters_of(draft, place, node, &mut None);
        };
        // In JSON, values are named by where they begin.
        let claims = Claims::new(node.raw().at as usize, length);
        let second = thread::scope(|scope| {
            let beside = Draft::with_documents(draft.documents().to_vec());
            let (clusters, share) = (other.node(node.raw()), claims.share(STRETCHES / 2));
            let (begins, begun) = mpsc::channel::<()>();
            let second = Builder::new().spawn_scoped(scope, move || {
                drop(begins);
                Second::read(beside, place, clusters, share)
            });
            // A new thread stays for milliseconds with the processor of the one that made it, unless that waits.
            let _hung_up = begun.recv_timeout(PATIENCE);
            self.clusters_of(draft, place, one.node(node.raw()), &mut Some(claims.share(0)));
            // Where no second thread could be had, the first one has read everything.
            second.ok().map(|second| second.join().unwrap_or_else(|panic| resume_unwind(panic)))
        });
        if let Some(second) = second {
            let first = draft.append_nodes(second.draft);
            self.vms.extend(second.vms.into_iter().map(|vm| first + vm));
        }
        node.was_read_by(&[&one, &other]);
    }
}

/// What the second thread has read.
struct Second {
    draft: Draft,
    vms: Vec<u32>,
}

impl Second {
    fn read(mut draft: Draft, place: &Place<'_>, clusters: Node<'_>, mut share: Share<'_>) -> Second {
        let mut vms = Vec::new();
        for (key, cluster) in clusters.entries() {
            let place = place.then(&key);
            let number = draft.cluster(&key.text, None);
            let mut seen = Keys::default();
            for (key, nodes) in cluster.entries() {
                let (Some(kind), None) = (nodes_under(&key.text), seen.add(&key)) else { continue };
                let place = place.then(&key);
                for (key, node) in nodes.entries().filter(|(key, node)| share.takes(key, *node)) {
                    let id = read(&mut draft, number, kind, &place.then(&key), &key, node);
                    if kind == NodeKind::Vm {
                        vms.push(id);
                    }
                }
            }
        }
        Second { draft, vms }
    }
}

#[cfg(test)]
mod tests;
