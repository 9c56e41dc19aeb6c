//! The last target of `cargo test` (targets run in the order of their names): one line on what the tests skipped, and
//! why.

mod skip;

fn main() {
    println!("{}", skip::summary());
}
