//! What a machine's own options say about it.
