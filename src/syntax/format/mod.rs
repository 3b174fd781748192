//! From the tree to text.
pub fn quote_string(text: &str) -> String { text.to_owned() }
