//! invq: an embedded, statically typed query language for machine inventories.
//!
//! An [`Engine`] loads an [`Inventory`] and compiles a [`Query`] for it: names and types are checked
//! before anything runs. What is wrong, in an inventory or in a query, is a
//! [`Diagnostic`](diagnostic::Diagnostic) with places, and never a panic.
//!
//! ```
//! use invq::diagnostic::Diagnostic;
//! use invq::render::write_short;
//! use invq::{Engine, Input, Limits};
//!
//! # fn main() -> Result<(), Vec<Diagnostic>> {
//! let text = r#"{
//!   "meta": { "name": "home" },
//!   "machines": { "jon": { "tags": ["backup"] }, "sara": { "tags": ["backup", "desktop"] } },
//!   "instances": {}
//! }"#;
//! let engine = Engine::new(Limits { steps: 1_000_000, ..Limits::default() });
//! let inventory = engine.load(vec![Input::text("inventory.json", text.to_owned())])?;
//!
//! // A filter selects machines.
//! let query = engine.compile(r#"tag "backup" && !hostname "jon""#, &inventory)?;
//! let machines = query.machines(&inventory).map_err(|mistake| vec![mistake])?;
//! let names: Vec<&str> = machines.iter().map(|machine| inventory.machine_name(*machine)).collect();
//! assert_eq!(names, ["sara"]);
//!
//! // Any other answer is data, whose type is known before the query runs.
//! let query = engine.compile(r#"map (m: elem "desktop" m.tags) machines"#, &inventory)?;
//! assert_eq!(query.type_text(), "[Bool]");
//! let answer = query.run(&inventory).and_then(|answer| answer.into_data(&inventory));
//! assert_eq!(answer.map_err(|mistake| vec![mistake])?, serde_json::json!([false, true]));
//!
//! // A name that does not exist is a mistake.
//! let Err(mistakes) = engine.compile(r#"tag "bakcup""#, &inventory) else { panic!("it compiles") };
//! let mut shown = Vec::new();
//! write_short(&mistakes, &mut shown).expect("a vector takes everything");
//! let line = "<query>:1:5: error[unknown-tag]: no machine carries the tag `bakcup`\n";
//! assert_eq!(String::from_utf8_lossy(&shown), line);
//! assert_eq!(mistakes[0].help.as_deref(), Some("did you mean `backup`?"));
//! # Ok(())
//! # }
//! ```
//!
//! # Modules
//!
//! In the order of their layers, of which each uses only those above it:
//!
//! - [`text`], [`diagnostic`]: texts with places, and mistakes as plain data.
//! - [`syntax`], [`types`], [`value`]: the tree of an expression, its types, and what it evaluates to.
//! - [`inventory`]: documents, the model that they fill, and its index.
//! - [`builtins`], [`modules`], [`dialects`]: the table of builtins, merging of modules, and each system's
//!   documents.
//! - [`check`], [`eval`], [`services`]: names and types, evaluation, and who gets which service.
//! - [`engine`]: loading, compiling and running; its types stand at the root of the crate too.
//! - [`render`]: answers and mistakes as text.

pub mod builtins;
pub mod check;
pub mod diagnostic;
pub mod dialects;
pub mod engine;
pub mod eval;
pub mod inventory;
pub mod limits;
pub mod modules;
pub mod operations;
pub mod render;
pub mod services;
pub mod syntax;
pub mod text;
pub mod types;
pub mod value;

pub use engine::{
    Answer, Arguments, Change, Defined, Difference, Edit, Engine, Explanation, Format, Input, Inventory,
    Link, Located, MachineChange, Membership, Planned, Query, Reach, Rewritten, Selected, Session,
    Severities, Sources,
};
pub use limits::{Limit, Limits, Watch};

/// The code in the README is compiled with the examples of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
