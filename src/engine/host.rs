//! Functions and types that the program around the library gives to queries.
//!
//! ```
//! use invq::Engine;
//!
//! # fn main() -> Result<(), Vec<invq::diagnostic::Diagnostic>> {
//! let mut engine = Engine::default();
//! engine.add_type("Ticket", "{ id : Int, title : String }")?;
//! engine.add_function("tickets", "String -> [Ticket]", |machine: String| -> Result<_, String> {
//!     Ok(vec![serde_json::json!({ "id": 7, "title": format!("{machine} is loud") })])
//! })?;
//! let inventory = engine.load_demo()?;
//! let query = engine.compile(r#"map (t: t.title) (tickets "jon")"#, &inventory)?;
//! assert_eq!(query.type_text(), "[String]");
//! let answer = query.run(&inventory).and_then(|answer| answer.deserialize::<Vec<String>>(&inventory));
//! assert_eq!(answer.map_err(|mistake| vec![mistake])?, ["jon is loud"]);
//! # Ok(())
//! # }
//! ```

use std::fmt::Display;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::Engine;
use super::given::Given;
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::Name;
use crate::syntax::format::attr_name;
use crate::syntax::parse;
use crate::text::{Source, Span, count, quoted};
use crate::types::tir::Root;
use crate::types::{Scheme, Type, from_expression_with, is_type_name};
use crate::value::HostFunction;

/// What an engine's queries may use besides the library.
#[derive(Clone, Debug, Default)]
pub(super) struct Host {
    functions: Vec<(Name, Scheme, Given)>,
    types: Vec<(Name, Type)>,
}

/// A function whose arguments and result are converted with serde. Every function of up to four arguments is
/// one whose arguments can be read and whose result, or failure in words, can be written.
pub trait Callable<Arguments>: Send + Sync + 'static {
    /// How many arguments it takes.
    const ARITY: usize;

    /// Calls it.
    ///
    /// # Errors
    /// An argument that cannot be converted, and what the function fails with.
    fn call(&self, arguments: Vec<Json>) -> Result<Json, String>;
}

macro_rules! callable {
    ($arity:literal: $($argument:ident $name:ident),*) => {
        impl<Called, $($argument,)* Output, Failure> Callable<($($argument,)*)> for Called
        where
            Called: Fn($($argument),*) -> Result<Output, Failure> + Send + Sync + 'static,
            $($argument: DeserializeOwned,)*
            Output: Serialize,
            Failure: Display,
        {
            const ARITY: usize = $arity;

            fn call(&self, arguments: Vec<Json>) -> Result<Json, String> {
                let mut arguments = arguments.into_iter();
                $(let $name: $argument = argument(&mut arguments)?;)*
                let output = self($($name),*).map_err(|failure| failure.to_string())?;
                serde_json::to_value(output).map_err(|error| format!("its result is no data: {error}"))
            }
        }
    };
}

callable!(1: First first);
callable!(2: First first, Second second);
callable!(3: First first, Second second, Third third);
callable!(4: First first, Second second, Third third, Fourth fourth);

fn argument<T: DeserializeOwned>(arguments: &mut impl Iterator<Item = Json>) -> Result<T, String> {
    let argument = arguments.next().unwrap_or(Json::Null);
    serde_json::from_value(argument).map_err(|error| format!("an argument does not fit: {error}"))
}

impl Engine {
    /// Lets queries call a function under a name. Its type is written as in the language and tells how many
    /// arguments there are; what it gives is held against that type.
    ///
    /// Queries are typed and planned around it as around a builtin: it is called when its result is needed, once
    /// or often, and from every thread that runs a query.
    ///
    /// # Errors
    /// A name that no query can use for it, a type that cannot be read, and another number of arguments.
    pub fn add_function<Arguments, F: Callable<Arguments>>(
        &mut self,
        name: &str,
        ty: &str,
        function: F,
    ) -> Result<(), Vec<Diagnostic>> {
        self.check_name(name)?;
        let (source, scheme) = self.read_type(ty)?;
        let mut result = scheme.ty.clone();
        let mut arity = 0;
        while arity < F::ARITY
            && let Type::Function(_, inner) = &result
        {
            result = Type::clone(inner);
            arity += 1;
        }
        if arity != F::ARITY {
            let message = format!(
                "the function takes {}, and its type has {arity}",
                count(F::ARITY, "argument", "arguments")
            );
            let whole = Span::new(0, ty.len());
            return Err(vec![Diagnostic::error(Code::TypeMismatch, message).at(&source, whole, "")]);
        }
        let name = Name::from(name);
        let call = Box::new(move |arguments| function.call(arguments));
        let function = HostFunction { name: name.clone(), arity, result, call };
        self.host_mut().functions.push((name, scheme, Given::Function(Arc::new(function))));
        Ok(())
    }

    /// Gives a type a name, for the types of functions and for ascriptions in queries: `x :: Ticket`.
    ///
    /// # Errors
    /// A name that does not begin with a capital letter or is one already, and a type that cannot be read.
    pub fn add_type(&mut self, name: &str, ty: &str) -> Result<(), Vec<Diagnostic>> {
        let is_word = name.starts_with(|first: char| first.is_ascii_uppercase())
            && name.chars().all(|next| next.is_ascii_alphanumeric());
        if !is_word {
            return Err(vec![
                Diagnostic::error(Code::Usage, format!("{} cannot be the name of a type", quoted(name)))
                    .help("it is letters and digits, the first one a capital"),
            ]);
        }
        if is_type_name(name) || self.host.types.iter().any(|(known, _)| **known == *name) {
            return Err(vec![Diagnostic::error(Code::Usage, format!("{} is a type already", quoted(name)))]);
        }
        let (source, scheme) = self.read_type(ty)?;
        if !scheme.variables.is_empty() {
            let whole = Span::new(0, ty.len());
            let message = "a type with a name of its own has no variables";
            return Err(vec![Diagnostic::error(Code::UnknownName, message).at(&source, whole, "")]);
        }
        self.host_mut().types.push((Name::from(name), scheme.ty));
        Ok(())
    }

    fn host_mut(&mut self) -> &mut Host {
        Arc::make_mut(&mut self.host)
    }

    /// Whether queries can use a name for something of the host's.
    fn check_name(&self, name: &str) -> Result<(), Vec<Diagnostic>> {
        let refused = |why: &str| {
            let message = format!("{} cannot be the name of a function: {why}", quoted(name));
            Err(vec![Diagnostic::error(Code::Usage, message)])
        };
        if name.is_empty() || attr_name(name) != name || name.contains('-') {
            return refused("it is no identifier");
        }
        if ["nix", "bare"].iter().any(|scope| builtins::find(scope, name).is_some())
            || Root::ALL.iter().any(|(_, known, _, _)| *known == name)
        {
            return refused("the language has that name");
        }
        if self.host.functions.iter().any(|(known, _, _)| **known == *name) {
            return refused("another function has it");
        }
        Ok(())
    }

    fn read_type(&self, text: &str) -> Result<(Arc<Source>, Scheme), Vec<Diagnostic>> {
        let source = Source::new("<type>", text);
        let expression = parse::type_expression(&source).map_err(|mistake| vec![mistake])?;
        let scheme = from_expression_with(&expression, &self.host.types).map_err(|unknown| {
            let message = format!("no type is called {}", quoted(&unknown.name));
            vec![Diagnostic::error(Code::UnknownName, message).at(&source, unknown.span, "")]
        })?;
        Ok((source, scheme))
    }
}

impl Host {
    /// The types with names of their own.
    pub(super) fn types(&self) -> &[(Name, Type)] {
        &self.types
    }

    /// Names that queries may use, the host's first; by this order they are told apart.
    pub(super) fn names(&self, others: &[(Name, Scheme)]) -> Vec<(Name, Scheme)> {
        let own = self.functions.iter().map(|(name, scheme, _)| (name.clone(), scheme.clone()));
        own.chain(others.iter().cloned()).collect()
    }

    /// What the names stand for.
    pub(super) fn given(&self, others: Arc<Vec<Given>>) -> Arc<Vec<Given>> {
        if self.functions.is_empty() {
            return others;
        }
        let own = self.functions.iter().map(|(_, _, given)| given.clone());
        Arc::new(own.chain(others.iter().cloned()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::session::{Outcome, Session, Wish};

    fn engine() -> Engine {
        let mut engine = Engine::default();
        engine.add_type("Rack", "{ name : String, height : Int }").expect("the type is right");
        engine
            .add_function("rack", "String -> Rack", |name: String| match name.as_str() {
                "r1" => Ok(serde_json::json!({ "name": name, "height": 42 })),
                "r2" => Ok(serde_json::json!({ "name": name, "height": "tall" })),
                _ => Err(format!("there is no rack {name}")),
            })
            .expect("the function is right");
        engine
            .add_function("plus", "Int -> Int -> Int", |a: i64, b: i64| -> Result<i64, String> {
                a.checked_add(b).ok_or_else(|| "that is too much".to_owned())
            })
            .expect("the function is right");
        engine
    }

    fn asked(text: &str) -> String {
        let engine = engine();
        let inventory = engine.load_demo().expect("the demo inventory is right");
        let query = match engine.compile(text, &inventory) {
            Ok(query) => query,
            Err(mistakes) => {
                return mistakes.iter().map(|mistake| format!("refused: {}", mistake.message)).collect();
            }
        };
        match query.run(&inventory).and_then(|answer| answer.into_data(&inventory)) {
            Ok(data) => format!("{}: {data}", query.type_text()),
            Err(mistake) => format!("failed: {}", mistake.message),
        }
    }

    #[test]
    fn functions_are_typed_called_and_held_to_their_types() {
        assert_eq!(asked("(rack \"r1\").height + 1"), "Int: 43");
        assert_eq!(asked("map (plus 2) [ 1 2 ]"), "[Int]: [3,4]");
        assert_eq!(asked("(rack \"r1\" :: Rack).name"), "String: \"r1\"");
        assert_eq!(asked("let unused = rack \"none\"; in 1"), "Int: 1");
        assert_eq!(asked("rack 1"), "refused: expected `String` as argument 1 of `rack`, found `Int`");
        assert_eq!(asked("(rack \"r1\").hight"), "refused: the attribute set has no field `hight`");
        assert_eq!(asked("rack \"r9\""), "failed: `rack` failed: there is no rack r9");
        assert_eq!(asked("plus 9223372036854775807 1"), "failed: `plus` failed: that is too much");
        assert!(asked("(rack \"r2\").height").starts_with("failed: "));
        assert!(asked("1 :: Rak").contains("no type is called `Rak`"));
    }

    #[test]
    fn definitions_of_a_session_stand_beside_functions() {
        let engine = engine();
        let inventory = engine.load_demo().expect("the demo inventory is right");
        let mut session = Session::new(engine, inventory);
        for line in ["two = plus 1 1", "four = plus two two", "two = 3"] {
            session.enter(line, Wish::Whole).expect("the line is right");
        }
        let Ok(Outcome::Answer(answer)) = session.enter("plus four two", Wish::Whole) else {
            panic!("it has an answer")
        };
        let sum: i64 = answer.deserialize(session.inventory()).expect("it is a number");
        assert_eq!(sum, 7);
    }

    #[test]
    fn what_cannot_be_named_or_typed_is_refused() {
        let mut engine = engine();
        let mut refused = |name: &str, ty: &str| {
            let called = |text: String| -> Result<String, String> { Ok(text) };
            engine.add_function(name, ty, called).expect_err(name).remove(0).message
        };
        assert_eq!(
            refused("map", "String -> String"),
            "`map` cannot be the name of a function: the language has that name"
        );
        assert_eq!(
            refused("machines", "String -> String"),
            "`machines` cannot be the name of a function: the language has that name"
        );
        assert_eq!(
            refused("a b", "String -> String"),
            "`a b` cannot be the name of a function: it is no identifier"
        );
        assert_eq!(
            refused("rack", "String -> String"),
            "`rack` cannot be the name of a function: another function has it"
        );
        assert_eq!(refused("f", "String"), "the function takes 1 argument, and its type has 0");
        assert_eq!(refused("f", "String -> Sting"), "no type is called `Sting`");
        for (name, ty) in [("rack2", "Int"), ("Int", "Int"), ("Rack", "Int"), ("List", "[a]")] {
            assert!(engine.add_type(name, ty).is_err(), "{name}");
        }
    }
}
