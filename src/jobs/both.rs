//! Two pieces of work at the same time.

use std::panic::resume_unwind;
use std::thread;

/// Runs both, `beside` on a thread of its own, and returns their results. A panic in either continues here.
pub fn both<A: Send, B>(beside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let beside = scope.spawn(beside);
        let here = here();
        let beside = beside.join().unwrap_or_else(|panic| resume_unwind(panic));
        (beside, here)
    })
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
        both(|| panic!("beside"), || ());
    }
}
