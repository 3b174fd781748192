//! Paths: lists of names in a text form.
