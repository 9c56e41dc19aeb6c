//! Two pieces of work at the same time.

use std::panic::resume_unwind;
use std::thread;

/// Runs both and returns their results: `beside` on a thread of its own, or before the other if the system has none
/// left. A panic in either continues here.
pub fn both<A: Send, B>(beside: impl Fn() -> A + Sync, here: impl FnOnce() -> B) -> (A, B) {
    thread::scope(
        |scope| match thread::Builder::new().spawn_scoped(scope, &beside) {
            Ok(thread) => {
                let here = here();
                let beside = thread.join().unwrap_or_else(|panic| resume_unwind(panic));
                (beside, here)
            }
            Err(_) => (beside(), here()),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_results_come_back() {
        let text = String::from("eye");
        assert_eq!(both(|| text.len(), || text.clone()), (3, text.clone()));
    }

    #[test]
    #[should_panic(expected = "beside")]
    fn a_panic_beside_is_a_panic_here() {
        both(|| -> () { panic!("beside") }, || ());
    }
}
