//! Every limit is reached with an ordinary mistake, and nothing that a text can say gets past them.
//!
//! What evaluates runs on a thread with the stack that threads have by default, in whatever build the
//! tests are. Times are bounds against hanging, many times what the work takes.

mod alone;
mod documents;
mod expressions;
mod interruption;
mod names;
mod options;
mod running;

use invq::diagnostic::{Code, Diagnostic};
use invq::{Engine, Limits};

/// Queries with recursive closures, and one that reaches a limit in the midst of them.
const RECURSIVE: [&str; 4] = [
    "let f = n: if n == 0 then [ ] else [ n ] ++ f (n - 1); s = { g = f; h = s.g; }; in length (s.h 20)",
    "let s = { a = f 1; } :: Any; f = x: if x == 0 then s else f (x - 1); in s.a ? a",
    "map (m: let self = { inherit m; me = self; } :: Any; in self.me.me.m.name) machines",
    "let f = x: f (x + 1); in f 0",
];

/// Runs on a thread with the stack that threads have by default.
fn on_a_small_stack<T: Send + 'static>(test: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(test).expect("a thread starts");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The data of a query as text, or its first mistake.
fn run(text: &str, limits: Limits) -> Result<String, Diagnostic> {
    let inventory = Engine::default().load_demo().expect("the demo inventory loads");
    let engine = Engine::new(limits);
    let first = |mut mistakes: Vec<Diagnostic>| mistakes.remove(0);
    let query = engine.compile(text, &inventory).map_err(first)?;
    Ok(query.run(&inventory)?.into_data(&inventory)?.to_string())
}

/// The code with which a query ends, if any.
fn code(text: &str, limits: Limits) -> Option<Code> {
    run(text, limits).err().map(|mistake| mistake.code)
}

/// Limits at which tests in a debug build are quick.
fn tight() -> Limits {
    Limits { steps: 2_000_000, memory: 32 << 20, ..Limits::default() }
}

/// Holds that a query ends with a limit, soon.
#[track_caller]
fn is_limited(text: &str, limits: Limits) {
    let outcome = run(text, limits);
    let shown: String = text.chars().take(120).collect();
    let code = outcome.as_ref().err().map(|mistake| mistake.code);
    let told = match &outcome {
        Ok(data) => data.chars().take(80).collect(),
        Err(mistake) => mistake.message.clone(),
    };
    assert_eq!(code, Some(Code::LimitReached), "{shown}: {told}");
}
