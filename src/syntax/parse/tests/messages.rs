//! What people read.

use crate::syntax::parse::foreign_word;
use crate::syntax::testing::{refused, shown};

fn message(text: &str) -> String {
    shown(&refused(text))
}

#[test]
fn brackets() {
    insta::assert_snapshot!(message("[ 1 2"), @"
    [syntax] expected `]` or an expression, found the end of the text
      1:6 ``: `]` is missing here
      1:1 `[`: `[` is opened here
      help: add `]`
    ");
    insta::assert_snapshot!(message("[ 1 2 }"), @"
    [syntax] expected `]` or an expression, found `}`
      1:7 `}`: `]` is missing here
      1:1 `[`: `[` is opened here
      help: close `[` with `]` first
    ");
    insta::assert_snapshot!(message("(1 + 2"), @"
    [syntax] expected `)` or an operator, found the end of the text
      1:7 ``: `)` is missing here
      1:1 `(`: `(` is opened here
      help: add `)`
    ");
    insta::assert_snapshot!(message("f (a [ b ) c"), @"
    [syntax] expected `]` or an expression, found `)`
      1:10 `)`: `]` is missing here
      1:6 `[`: `[` is opened here
      help: close `[` with `]` first
    ");
    insta::assert_snapshot!(message("1 )"), @"
    [syntax] `)` closes nothing
      1:3 `)`: nothing is open here
      help: remove `)`
    ");
    insta::assert_snapshot!(message("{ a = [ 1; }"), @"
    [syntax] expected `]` or an expression, found `;`
      1:10 `;`: `]` is missing here
      1:7 `[`: `[` is opened here
    ");
    insta::assert_snapshot!(message("{ a = 1; "), @"
    [syntax] expected `}` or a binding such as `name = value;`, found the end of the text
      1:9 ``: `}` is missing here
      1:1 `{`: `{` is opened here
      help: add `}`
    ");
    insta::assert_snapshot!(message("(1 + )"), @"
    [syntax] expected an expression, found `)`
      1:6 `)`
      help: write a value behind `+`
    ");
    insta::assert_snapshot!(message("{ a = (1; b = 2; }"), @"
    [syntax] expected `)` or an operator, found `;`
      1:9 `;`: `)` is missing here
      1:7 `(`: `(` is opened here
    ");
}

#[test]
fn strings_and_comments() {
    insta::assert_snapshot!(message("f \"abc"), @r#"
    [syntax] expected `"` to close the string, found the end of the text
      1:7 ``: `"` is missing here
      1:3 `"`: the string is opened here
      help: add `"`
    "#);
    insta::assert_snapshot!(message("''abc\n  def'"), @"
    [syntax] expected `''` to close the string, found the end of the text
      2:7 ``: `''` is missing here
      1:1 `''`: the string is opened here
      help: add `''`
    ");
    insta::assert_snapshot!(message("1 /* abc"), @"
    [syntax] expected `*/` to close the comment, found the end of the text
      1:9 ``: `*/` is missing here
      1:3 `/*`: the comment is opened here
      help: add `*/`
    ");
    insta::assert_snapshot!(message("\"a ${b"), @"
    [syntax] expected `}` or an operator, found the end of the text
      1:7 ``: `}` is missing here
      1:4 `${`: `${` is opened here
      help: add `}`
    ");
    insta::assert_snapshot!(message("\"a ${b c\" d"), @r#"
    [syntax] expected `}` to close `${`, found `"`
      1:9 `"`: `}` is missing here
      1:4 `${`: `${` is opened here
      help: write `}` before `"`
    "#);
    insta::assert_snapshot!(message("\"a ${}\""), @r"
    [syntax] expected an expression inside `${}`, found nothing
      1:4 `${}`
      help: write a value between the braces, or `\${}` for the text itself
    ");
}

#[test]
fn operators_without_operands() {
    insta::assert_snapshot!(message(""), @"
    [syntax] expected an expression, found the end of the text
      1:1 ``
    ");
    insta::assert_snapshot!(message("1 +"), @"
    [syntax] expected an expression, found the end of the text
      1:4 ``
      help: write a value behind `+`
    ");
    insta::assert_snapshot!(message("1 + * 2"), @"
    [syntax] expected an expression, found `*`
      1:5 `*`
      help: remove `*`
    ");
    insta::assert_snapshot!(message("a == b == c"), @"
    [syntax] `==` cannot be chained
      1:8 `==`: `==` here
      1:3 `==`: `==` here
      help: compare twice: `a == b && b == c`
    ");
    insta::assert_snapshot!(message("a < b <= c"), @"
    [syntax] `<` and `<=` cannot be chained
      1:7 `<=`: `<=` here
      1:3 `<`: `<` here
      help: compare twice: `a < b && b <= c`
    ");
    insta::assert_snapshot!(message("a |> f <| b"), @"
    [syntax] `|>` and `<|` cannot be chained
      1:8 `<|`: `<|` here
      1:3 `|>`: `|>` here
      help: put parentheses around one of them: `(a |> b) <| c`
    ");
    insta::assert_snapshot!(message("a ? b ? c"), @"
    [syntax] `?` cannot be chained
      1:7 `?`: second `?`
      1:3 `?`: first `?`
      help: put parentheses around the first: `(a ? b) ? c`
    ");
    insta::assert_snapshot!(message("a :: T + 1"), @"
    [syntax] expected the end of the expression after its type, found `+`
      1:8 `+`
      1:3 `::`: the type begins here
      help: put parentheses around the ascription: `(e :: T)`
    ");
    insta::assert_snapshot!(message("a :: T :: U"), @"
    [syntax] `::` cannot be chained
      1:8 `::`: second `::`
      1:3 `::`: first `::`
      help: give one type, or put parentheses around the first: `(e :: T) :: U`
    ");
    insta::assert_snapshot!(message("a."), @"
    [syntax] expected an attribute name, found the end of the text
      1:3 ``
      help: write the name of an attribute behind `.`
    ");
    insta::assert_snapshot!(message("a.in"), @r#"
    [syntax] expected an attribute name, found `in`
      1:3 `in`
      help: write `a."in"`
    "#);
    insta::assert_snapshot!(message("a ++ é"), @"
    [syntax] expected an expression, found `é`
      1:6 `é`
    ");
    insta::assert_snapshot!(message("1 2 ; 3"), @"
    [syntax] expected an operator or the end of the text, found `;`
      1:5 `;`
      help: remove `;`
    ");
    insta::assert_snapshot!(message("a ^ b"), @"
    [foreign-syntax] `^` is no operator
      1:3 `^`
      help: write `foldl' (a: b: a * b) 1 (replicate b a)`
    ");
}

#[test]
fn heads() {
    insta::assert_snapshot!(message("let a = 1 in a"), @"
    [syntax] expected `;` or an operator, found `in`
      1:11 `in`
      help: end the binding before `in` with `;`
    ");
    insta::assert_snapshot!(message("let a = 1; b"), @"
    [syntax] expected `=`, found the end of the text
      1:13 ``
      help: write `in` before what the `let` gives: `in b`
    ");
    insta::assert_snapshot!(message("let a = 1; b = 2;"), @"
    [syntax] expected `in` or a binding such as `name = value;`, found the end of the text
      1:18 ``: `in` is missing here
      1:1 `let`: `let` stands here
      help: add `in`
    ");
    insta::assert_snapshot!(message("let a = 1\n    b = 2;\nin a"), @"
    [syntax] expected `;` before `b`, found another binding
      2:5 ``: `;` is missing here
      help: end the binding before it with `;`
    ");
    insta::assert_snapshot!(message("if a then b"), @"
    [syntax] expected `else` or an operator, found the end of the text
      1:12 ``: `else` is missing here
      1:6 `then`: `then` stands here
      help: add `else`
    ");
    insta::assert_snapshot!(message("if a else b"), @"
    [syntax] expected `then` or an operator, found `else`
      1:6 `else`: `then` is missing here
      1:1 `if`: `if` stands here
    ");
    insta::assert_snapshot!(message("with a b"), @"
    [syntax] what `with` takes ends with `;`
      1:7 ``: `;` is missing here
      1:1 `with`: `with` stands here
      help: write `with a; b`
    ");
    insta::assert_snapshot!(message("1 + if a then b else c"), @"
    [syntax] expected an expression, found `if`
      1:5 `if`
      help: put parentheses around it: `(if …)`
    ");
    insta::assert_snapshot!(message("a |> x: x"), @"
    [syntax] expected an operator or the end of the text, found `:`
      1:7 `:`
      help: put parentheses around a function: `(x: …)`
    ");
    insta::assert_snapshot!(message("[ x: x ]"), @"
    [syntax] expected `]` or an expression, found `:`
      1:4 `:`
      help: write `[ (x: x) ]`
    ");
    insta::assert_snapshot!(message("then"), @"
    [syntax] expected an expression, found `then`
      1:1 `then`
    ");
}

#[test]
fn sets_and_patterns() {
    insta::assert_snapshot!(message("{ a = 1 }"), @"
    [syntax] expected `;` or an operator, found `}`
      1:9 `}`
      help: end the binding with `;`
    ");
    insta::assert_snapshot!(message("{ a = 1; b }"), @"
    [syntax] expected a value for `b`, found a name alone
      1:10 `b`
      help: write `{ a = 1; inherit b; }`
    ");
    insta::assert_snapshot!(message("{ a b = 1; }"), @"
    [syntax] expected `=` behind `a`, found `b`
      1:5 `b`
      help: write `=` between a name and its value
    ");
    insta::assert_snapshot!(message("{ in = 1; }"), @r#"
    [syntax] expected `}` or a binding such as `name = value;`, found `in`
      1:3 `in`
      help: quote the name: `"in"`
    "#);
    insta::assert_snapshot!(message("{ = 1; }"), @"
    [syntax] expected `}` or a binding such as `name = value;`, found `=`
      1:3 `=`
    ");
    insta::assert_snapshot!(message("{ a, b }"), @"
    [syntax] the names in a set have values
      1:1 `{ a, b }`
      help: write `{ inherit a b; }`, or `{ a, b }: …` for a function
    ");
    insta::assert_snapshot!(message("{ a, b c }: a"), @"
    [syntax] expected `,` or `}`, found `c`
      1:8 `c`
    ");
    insta::assert_snapshot!(message("{ a, ..., b }: a"), @"
    [syntax] expected `}` after `...`, found another attribute
      1:11 `b`
      help: move `...` to the end of the pattern
    ");
    insta::assert_snapshot!(message("{ a, b, a }: a"), @"
    [duplicate-name] the pattern names `a` twice
      1:9 `a`: named again here
      1:3 `a`: first named here
      help: remove one of them, or give it another name
    ");
    insta::assert_snapshot!(message("{ a }@a: a"), @"
    [duplicate-name] the pattern names `a` twice
      1:7 `a`: named again here
      1:3 `a`: first named here
      help: remove one of them, or give it another name
    ");
    insta::assert_snapshot!(message("let ${a} = 1; in 1"), @"
    [syntax] expected a name in `let`, found a computed one
      1:5 `${a}`: computed when it runs
      help: write the name itself, or make a set: `{ ${name} = …; }`
    ");
    insta::assert_snapshot!(message("{ inherit ${a}; }"), @"
    [syntax] expected a name in `inherit`, found a computed one
      1:11 `${a}`: computed when it runs
      help: bind it instead: `${name} = set.${name};`
    ");
    insta::assert_snapshot!(message("{ inherit (a b; }"), @"
    [syntax] expected `)` or an operator, found `;`
      1:15 `;`: `)` is missing here
      1:11 `(`: `(` is opened here
    ");
}

#[test]
fn types() {
    insta::assert_snapshot!(message("a :: "), @"
    [syntax] expected a type, found the end of the text
      1:5 ``
    ");
    insta::assert_snapshot!(message("a :: [Int"), @"
    [syntax] expected `]`, found the end of the text
      1:10 ``: `]` is missing here
      1:6 `[`: `[` is opened here
      help: add `]`
    ");
    insta::assert_snapshot!(message("a :: { b }"), @"
    [syntax] expected `:`, found `}`
      1:10 `}`
    ");
    insta::assert_snapshot!(message("a :: { b : T; }"), @"
    [syntax] expected `,` or `}`, found `;`
      1:13 `;`: `}` is missing here
      1:6 `{`: `{` is opened here
      help: separate the fields with `,`
    ");
    insta::assert_snapshot!(message("a :: { .., b : T }"), @"
    [syntax] expected `}` after `..`, found another field
      1:12 `b`
      1:8 `..`: allows all other fields
      help: move `..` to the end of the type
    ");
    insta::assert_snapshot!(message("a :: { _ : T, _ : T }"), @"
    [syntax] expected one `_` for all other keys, and no `..` or `?` with it
      1:8 `_`
      help: write `{ _ : T }` for any keys, or `{ a : T, _ : U }` for others than `a`
    ");
    insta::assert_snapshot!(message("a :: { b : T, b : U }"), @"
    [duplicate-name] the type names the field `b` twice
      1:15 `b`: named again here
      1:8 `b`: first named here
      help: remove one of them
    ");
    insta::assert_snapshot!(message("a :: 1"), @"
    [syntax] expected a type, found `1`
      1:6 `1`
    ");
}

#[test]
fn numbers_and_paths() {
    insta::assert_snapshot!(message("9223372036854775808"), @"
    [arithmetic] expected an integer up to 9223372036854775807, found a larger one
      1:1 `9223372036854775808`: does not fit in 64 bits
      help: write it as a float: `9223372036854775808.0`
    ");
    insta::assert_snapshot!(message("1.0e999"), @"
    [arithmetic] the float is too large
      1:1 `1.0e999`: exceeds 1.8e308
    ");
    insta::assert_snapshot!(message("1e3"), @"
    [syntax] `1e3` is no number
      1:1 `1e3`
      help: write `1.0e3`
    ");
    insta::assert_snapshot!(message("12abc"), @r#"
    [syntax] `12abc` is no number
      1:1 `12abc`
      help: write the string `"12abc"`, or a space after the number
    "#);
    insta::assert_snapshot!(message("1.a or 2"), @r#"
    [syntax] `1.a` is no number
      1:1 `1.a`
      help: write the string `"1.a"`, or a space after the number
    "#);
    insta::assert_snapshot!(message("f ./a.invq"), @r#"
    [syntax] expected `import` before the path `./a.invq`
      1:3 `./a.invq`: a path stands only behind `import`
      help: write `import ./a.invq`, or the string `"./a.invq"`
    "#);
    insta::assert_snapshot!(message("import ./"), @"
    [syntax] expected an attribute name, found `/`
      1:9 `/`
    ");
}

#[test]
fn foreign_habits() {
    insta::assert_snapshot!(message("1 == 1 and 2 == 2"), @"
    [foreign-syntax] `and` is no operator
      1:8 `and`
      help: write `1 == 1 && 2 == 2`
    ");
    insta::assert_snapshot!(message("a == b or c == d"), @"
    [foreign-syntax] `or` stands only behind a selection: `a.b or c`
      1:8 `or`: gives a default for a missing attribute
      1:6 `b`: this selects no attribute
      help: write `||` in place of `or`
    ");
    insta::assert_snapshot!(message("[ 1, 2 ]"), @"
    [foreign-syntax] elements of a list have no `,` between them
      1:4 `,`
      help: write `[ 1 2 ]`
    ");
    insta::assert_snapshot!(message("f(a, b)"), @"
    [foreign-syntax] arguments have no `,` between them
      1:4 `,`
      help: write `f a b`
    ");
    insta::assert_snapshot!(message("{ a = 1, b = 2 }"), @"
    [foreign-syntax] a binding ends with `;`
      1:8 `,`
      help: write `;` in place of the `,`
    ");
    insta::assert_snapshot!(message("{ \"a\": 1 }"), @r#"
    [foreign-syntax] an attribute has `=` before its value
      1:6 `:`
      help: write `"a" = 1;`
    "#);
    insta::assert_snapshot!(message("tag 'web'"), @r#"
    [foreign-syntax] a string has double quotes
      1:5 `'web'`
      help: write `tag "web"`
    "#);
    insta::assert_snapshot!(message("filter (m: m.name = \"web\") machines"), @"
    [foreign-syntax] `=` binds a name, and `==` compares
      1:19 `=`
      help: write `==`
    ");
    insta::assert_snapshot!(message("x => x + 1"), @"
    [foreign-syntax] `=>` is no operator
      1:3 `=>`
      help: write `x: x + 1`
    ");
    insta::assert_snapshot!(message("machines | length"), @"
    [foreign-syntax] `|` is no operator
      1:10 `|`
      help: write `length machines`
    ");
    insta::assert_snapshot!(message("a & b"), @"
    [foreign-syntax] `&` is no operator
      1:3 `&`
      help: write `&&`
    ");
    insta::assert_snapshot!(message(".[] | .name"), @"
    [foreign-syntax] there is no current value that `.` could stand for
      1:1 `.`
      help: write `map (m: m.name) machines`
    ");
    insta::assert_snapshot!(message("machines |> .name"), @"
    [foreign-syntax] there is no current value that `.` could stand for
      1:13 `.`
      help: name the value: `map (m: m.name) machines`
    ");
    insta::assert_snapshot!(message("select(.cluster == \"lab\")"), @r#"
    [foreign-syntax] there is no current value that `.` could stand for
      1:8 `.`
      help: write `filter (m: m.cluster == "lab") machines`
    "#);
    insta::assert_snapshot!(message("@web && @db"), @r#"
    [foreign-syntax] a tag has no `@` before its name
      1:1 `@web`
      help: write `tag "web"`
    "#);
    insta::assert_snapshot!(message("a <> b"), @"
    [foreign-syntax] `<>` is no operator
      1:3 `<>`
      help: write `a != b`
    ");
    insta::assert_snapshot!(message("a === b"), @"
    [foreign-syntax] `===` is no operator
      1:3 `===`
      help: write `a == b`
    ");
    insta::assert_snapshot!(message("a !== b"), @"
    [foreign-syntax] `!==` is no operator
      1:3 `!==`
      help: write `a != b`
    ");
    insta::assert_snapshot!(message("map (lambda m: m.name) machines"), @"
    [foreign-syntax] a function has no `lambda` before its parameter
      1:6 `lambda`
      help: write `map (m: m.name) machines`
    ");
    insta::assert_snapshot!(message("\\x -> x"), @r"
    [foreign-syntax] a function has no `\` before its parameter
      1:1 `\`
      help: write `x: x`
    ");
    insta::assert_snapshot!(message("filter (m: \"web\" in m.tags) machines"), @r#"
    [foreign-syntax] `in` is no operator
      1:18 `in`
      help: write `filter (m: elem "web" m.tags) machines`
    "#);
    insta::assert_snapshot!(message("if a { b } else { c }"), @"
    [foreign-syntax] expected `then` after the condition, found `{`
      1:6 `{`
      1:1 `if`: the condition begins here
      help: write `if a then b else c`
    ");
    insta::assert_snapshot!(message("import <nixpkgs> { }"), @"
    [foreign-syntax] there are no search paths
      1:8 `<nixpkgs>`
      help: import a file beside this one: `import ./part.invq`
    ");
    insta::assert_snapshot!(message("$x + 1"), @"
    [foreign-syntax] a variable has no `$` before its name
      1:1 `$`
      help: remove `$`
    ");
}

#[test]
fn words_of_other_languages_have_a_help() {
    for word in ["and", "or", "not", "True", "False", "None", "nil", "undefined", "lambda", "elif", "in"] {
        assert!(foreign_word(word).is_some(), "{word}");
    }
    assert_eq!(foreign_word("machines"), None);
}
