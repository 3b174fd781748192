//! Random programs: what invq gives a type ends in Nix as it ends in invq.
//!
//! Each run tries others; the seed is printed, and `INVQ_SEED` tries the programs of one again. A program
//! that ends otherwise is made smaller before it is shown.

use std::hash::{BuildHasher, RandomState};

use invq::{Engine, Inventory};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{End, Scope, invq, nix_answers, version};
use crate::properties::Choices;

use self::builder::program;

mod builder;
mod typed;

/// How many programs a run tries.
const PROGRAMS: usize = 2_000;

/// How many of those that fail are tried in Nix, each in a process of its own.
const FAILING: usize = 80;

/// How often a program that ends otherwise is made smaller.
const SMALLER: usize = 60;

/// The seed of this run.
fn seed() -> u64 {
    let given = std::env::var("INVQ_SEED").ok();
    given.map_or_else(
        || RandomState::new().hash_one("seed"),
        |given| given.parse().expect("a seed is a number"),
    )
}

fn text(bytes: &[u8]) -> String {
    program(&mut Choices::new(bytes))
}

/// Whether integers did not fit into 64 bits, which versions of Nix take differently.
fn is_overflow(end: &End) -> bool {
    matches!(end, End::Failed(code, reason) if code == "arithmetic" && !reason.contains("zero"))
}

/// A program that ends otherwise in Nix, made as small as it goes.
fn smaller(engine: &Engine, inventory: &Inventory, tree: &mut impl ValueTree<Value = Vec<u8>>) -> String {
    let differs = |text: &str| {
        let own = invq(engine, inventory, text);
        let nix = nix_answers("smaller", &[(text, own.is_value())], Scope::Nix).remove(0);
        let differs = !own.agrees(&nix) && !matches!(own, End::Refused(..)) && !is_overflow(&own);
        differs.then(|| format!("{text}\n  invq gives {}\n  Nix gives  {}", own.text(), nix.text()))
    };
    let mut shown = differs(&text(&tree.current())).unwrap_or_default();
    for _ in 0..SMALLER {
        if !tree.simplify() {
            break;
        }
        while let Some(still) = Some(differs(&text(&tree.current()))) {
            match still {
                Some(still) => {
                    shown = still;
                    break;
                }
                None if !tree.complicate() => return shown,
                None => {}
            }
        }
    }
    shown
}

#[test]
fn random_programs_end_as_in_nix() {
    let seed = seed();
    println!("INVQ_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = proptest::collection::vec(proptest::arbitrary::any::<u8>(), 20..300);
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let mut tried = Vec::new();
    let (mut failing, mut refused) = (0, Vec::new());
    for _ in 0..PROGRAMS {
        let tree = strategy.new_tree(&mut runner).expect("bytes are always found");
        let text = text(&tree.current());
        let own = invq(&engine, &inventory, &text);
        match &own {
            End::Refused(_, reason) => refused.push(format!("{text}\n  {reason}")),
            End::Failed(..) if is_overflow(&own) || failing == FAILING => {}
            End::Failed(..) => {
                failing += 1;
                tried.push((tree, text, own));
            }
            End::Value(_) => tried.push((tree, text, own)),
        }
    }
    // Parameters have one type, so that now and then one is used for two.
    assert!(
        refused.len() <= PROGRAMS / 200,
        "{} are refused, such as\n{}",
        refused.len(),
        refused.join("\n")
    );
    assert!(tried.len() > PROGRAMS * 8 / 10, "only {} of {PROGRAMS} programs have an answer", tried.len());
    if version().is_none() {
        return;
    }
    let asked: Vec<(&str, bool)> =
        tried.iter().map(|(_, text, own)| (text.as_str(), own.is_value())).collect();
    let answers = nix_answers("programs", &asked, Scope::Nix);
    let wrong: Vec<usize> = (0..answers.len())
        .filter(|index| {
            let (_, text, own) = &tried[*index];
            // Nix compares sets in the order in which it met their names: one that fails may come later.
            let compares = text.contains(" == ") || text.contains(" != ");
            let is_order = compares && !own.is_value() && answers[*index].is_value();
            !is_order && !own.agrees(&answers[*index])
        })
        .collect();
    println!("{} programs, {failing} of them failing", tried.len());
    if let Some(first) = wrong.first() {
        let shown = smaller(&engine, &inventory, &mut tried[*first].0);
        panic!("INVQ_SEED={seed}: {} programs differ, such as\n{shown}", wrong.len());
    }
}
