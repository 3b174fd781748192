//! Numbers: arithmetic, comparison, bits.

use super::support::{Answer, thrown};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::{Evaluator, Fault, Value, compare};

table! {
    "add" ["builtins" "lib" "lib.trivial"] "number -> number -> number"
        "the sum of two numbers, as `+`"
        ""
        { "builtins.add 1 2" => "3" "map (builtins.add 1) [ 1 2 ]" => "[2,3]" }
        |ev, left, right| calculate(ev, left, right, add);
    "sub" ["builtins" "lib" "lib.trivial"] "number -> number -> number"
        "the difference of two numbers, as `-`"
        ""
        { "builtins.sub 5 2" => "3" "lib.sub 1 2" => "-1" }
        |ev, left, right| calculate(ev, left, right, subtract);
    "mul" ["builtins"] "number -> number -> number"
        "the product of two numbers, as `*`"
        ""
        { "builtins.mul 2 3" => "6" "builtins.mul 1.5 2.0" => "3.0" }
        |ev, left, right| calculate(ev, left, right, multiply);
    "div" ["builtins"] "number -> number -> number"
        "the quotient of two numbers, as `/`"
        "Of two integers the quotient is an integer, cut off towards zero."
        { "builtins.div 7 2" => "3" "builtins.div 1 0" => "error: arithmetic" }
        |ev, left, right| calculate(ev, left, right, divide);
    "mod" ["bare" "lib" "lib.trivial"] "Int -> Int -> Int"
        "the remainder of the division of two integers"
        "It has the sign of the first."
        { "mod 7 3" => "1" "mod (-7) 3" => "-1" }
        |ev, base, divisor| {
            let (base, divisor) = (ev.int(base)?, ev.int(divisor)?);
            match divisor {
                0 => Err(arithmetic("division by zero".to_owned())),
                _ => Ok(Value::Int(base.wrapping_rem(divisor))),
            }
        };
    "min" ["bare" "lib" "lib.trivial"] "ordered -> ordered -> ordered"
        "the lesser of two values"
        "For the least element of a list there is `minimum`."
        { "min 3 2" => "2" "min \"a\" \"b\"" => "\"a\"" }
        |ev, left, right| if compare(ev, left, right)?.is_lt() { ev.force(left) } else { ev.force(right) };
    "max" ["bare" "lib" "lib.trivial"] "ordered -> ordered -> ordered"
        "the greater of two values"
        "For the greatest element of a list there is `maximum`."
        { "max 3 2" => "3" "foldl' max 0 [ 4 9 2 ]" => "9" }
        |ev, left, right| if compare(ev, left, right)?.is_gt() { ev.force(left) } else { ev.force(right) };
    "lessThan" ["bare" "builtins" "lib" "lib.trivial"] "ordered -> ordered -> Bool"
        "whether the first value is less than the second, as `<`"
        ""
        { "lessThan 1 2" => "true" "sort lessThan [ 3 1 2 ]" => "[1,2,3]" }
        |ev, left, right| Ok(Value::Bool(compare(ev, left, right)?.is_lt()));
    "ceil" ["bare" "builtins"] "number -> Int"
        "the least integer that is not less than a number"
        ""
        { "ceil 1.2" => "2" "ceil (-1.2)" => "-1" }
        |ev, number| rounded(ev, number, f64::ceil);
    "floor" ["bare" "builtins"] "number -> Int"
        "the greatest integer that is not greater than a number"
        ""
        { "floor 1.8" => "1" "floor (-1.2)" => "-2" }
        |ev, number| rounded(ev, number, f64::floor);
    "bitAnd" ["builtins" "lib" "lib.trivial"] "Int -> Int -> Int"
        "the bits that two integers have in common"
        ""
        { "builtins.bitAnd 6 3" => "2" "lib.bitAnd 12 10" => "8" }
        |ev, left, right| Ok(Value::Int(ev.int(left)? & ev.int(right)?));
    "bitOr" ["builtins" "lib" "lib.trivial"] "Int -> Int -> Int"
        "the bits of two integers together"
        ""
        { "builtins.bitOr 6 3" => "7" "builtins.bitOr 0 (-8)" => "-8" }
        |ev, left, right| Ok(Value::Int(ev.int(left)? | ev.int(right)?));
    "bitXor" ["builtins" "lib" "lib.trivial"] "Int -> Int -> Int"
        "the bits that exactly one of two integers has"
        ""
        { "builtins.bitXor 6 3" => "5" "builtins.bitXor (-1) 1" => "-2" }
        |ev, left, right| Ok(Value::Int(ev.int(left)? ^ ev.int(right)?));
    "bitNot" ["lib" "lib.trivial"] "Int -> Int"
        "an integer with all bits the other way"
        ""
        { "lib.bitNot 6" => "-7" "lib.bitNot (-1)" => "0" }
        |ev, number| Ok(Value::Int(!ev.int(number)?));
    "langVersion" ["builtins"] "Int"
        "the version of Nix's language whose library this is"
        "It has been 6 for years."
        { "builtins.langVersion" => "6" "builtins.langVersion >= 5" => "true" }
        |_ev| Ok(Value::Int(6));
    "toBaseDigits" ["lib" "lib.trivial"] "Int -> Int -> [Int]"
        "the digits of an integer of at least 0 in a base, the highest first"
        ""
        { "lib.toBaseDigits 2 6" => "[1,1,0]" "lib.toBaseDigits 16 0" => "[0]" }
        |ev, base, number| {
            let (base, number) = (ev.int(base)?, ev.int(number)?);
            match (base, number) {
                (2.., 0..) => Ok(Value::list(digits(base, number))),
                _ => Err(thrown(Code::InvalidValue, format!("{number} has no digits in base {base}"))),
            }
        };
    "fromHexString" ["lib" "lib.trivial"] "String -> Int"
        "the integer that a text writes in hexadecimal digits"
        ""
        { "lib.fromHexString \"FF\"" => "255" "lib.fromHexString \"0x10\"" => "16" "lib.fromHexString \"x\"" => "error: invalid-value" }
        |ev, text| {
            let text = ev.string(text)?;
            let digits = text.strip_prefix("0x").unwrap_or(&text);
            match i64::from_str_radix(digits, 16) {
                Ok(number) if !digits.starts_with(['-', '+']) => Ok(Value::Int(number)),
                _ => Err(thrown(Code::InvalidValue, format!("{} is no hexadecimal integer", crate::text::quoted(&text)))),
            }
        };
    "toHexString" ["lib" "lib.trivial"] "Int -> String"
        "an integer of at least 0 in hexadecimal digits"
        ""
        { "lib.toHexString 250" => "\"FA\"" "lib.toHexString 0" => "\"0\"" }
        |ev, number| match ev.int(number)? {
            number @ 0.. => Ok(Value::string(format!("{number:X}"))),
            number => {
                let message = format!("expected an integer of at least 0, found {number}");
                Err(thrown(Code::InvalidValue, message).of_argument(0))
            }
        };
}

fn digits(base: i64, number: i64) -> Vec<Value> {
    let mut digits = vec![Value::Int(number % base)];
    let mut rest = number / base;
    while rest > 0 {
        digits.push(Value::Int(rest % base));
        rest /= base;
    }
    digits.reverse();
    digits
}

/// What two numbers are combined by.
type Operation = fn(&Value, &Value) -> Answer;

fn calculate(ev: &mut dyn Evaluator, left: &Value, right: &Value, operation: Operation) -> Answer {
    let (left, right) = (ev.force(left)?, ev.force(right)?);
    operation(&left, &right)
}

/// The sum of two evaluated numbers.
pub(super) fn add(left: &Value, right: &Value) -> Answer {
    combine(left, right, "+", i64::checked_add, |a, b| a + b)
}

fn subtract(left: &Value, right: &Value) -> Answer {
    combine(left, right, "-", i64::checked_sub, |a, b| a - b)
}

fn multiply(left: &Value, right: &Value) -> Answer {
    combine(left, right, "*", i64::checked_mul, |a, b| a * b)
}

/// The quotient of two evaluated numbers.
pub(super) fn divide(left: &Value, right: &Value) -> Answer {
    if matches!(right, Value::Int(0)) || matches!(right, Value::Float(number) if *number == 0.0) {
        return Err(arithmetic("division by zero".to_owned()));
    }
    combine(left, right, "/", i64::checked_div, |a, b| a / b)
}

fn combine(
    left: &Value,
    right: &Value,
    symbol: &str,
    integers: fn(i64, i64) -> Option<i64>,
    floats: fn(f64, f64) -> f64,
) -> Answer {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => match integers(*a, *b) {
            Some(result) => Ok(Value::Int(result)),
            None => Err(arithmetic(format!("the result of `{a} {symbol} {b}` does not fit into 64 bits"))),
        },
        (Value::Float(a), Value::Float(b)) => Ok(Value::Float(floats(*a, *b))),
        (Value::Int(a), Value::Float(b)) => Ok(Value::Float(floats(*a as f64, *b))),
        (Value::Float(a), Value::Int(b)) => Ok(Value::Float(floats(*a, *b as f64))),
        (Value::Int(_) | Value::Float(_), other) | (other, _) => {
            let message = format!("expected a number, found {}", other.describe());
            Err(Fault::new(Diagnostic::error(Code::TypeMismatch, message)))
        }
    }
}

fn arithmetic(message: String) -> Fault {
    Fault::new(Diagnostic::error(Code::Arithmetic, message))
}

fn rounded(ev: &mut dyn Evaluator, number: &Value, round: fn(f64) -> f64) -> Answer {
    /// The first float that is too large for an integer.
    const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;
    match ev.force(number)? {
        Value::Int(number) => Ok(Value::Int(number)),
        Value::Float(number) => {
            let whole = round(number);
            if (-TOO_LARGE..TOO_LARGE).contains(&whole) {
                Ok(Value::Int(whole as i64))
            } else {
                Err(arithmetic(format!("{number} does not fit into 64 bits")))
            }
        }
        other => Err(ev.fault(Code::TypeMismatch, format!("expected a number, found {}", other.describe()))),
    }
}
