//! Rate and remaining time of a run over many photographs, from the latest rows, so that a pause or a slow start does
//! not distort them.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Number of rows in the rate.
const ROWS: usize = 30;
/// Fewer rows give no rate.
const LEAST: usize = 3;

/// When rows finished, pauses excluded.
#[derive(Debug, Default)]
pub struct Pace {
    /// Time spent working up to each of the last rows.
    rows: VecDeque<Duration>,
    worked: Duration,
    since: Option<Instant>,
}

impl Pace {
    pub fn start(now: Instant) -> Self {
        Self {
            since: Some(now),
            ..Self::default()
        }
    }

    pub fn pause(&mut self, now: Instant) {
        if let Some(since) = self.since.take() {
            self.worked += now.saturating_duration_since(since);
        }
    }

    pub fn resume(&mut self, now: Instant) {
        self.since.get_or_insert(now);
    }

    pub fn row(&mut self, now: Instant) {
        let at = self.worked
            + self
                .since
                .map_or(Duration::ZERO, |s| now.saturating_duration_since(s));
        self.rows.push_back(at);
        if self.rows.len() > ROWS {
            self.rows.pop_front();
        }
    }

    /// Photographs per second; `None` until enough have finished.
    pub fn per_second(&self) -> Option<f64> {
        let (first, last) = (self.rows.front()?, self.rows.back()?);
        let span = last.saturating_sub(*first).as_secs_f64();
        let steps = self.rows.len() - 1;
        (self.rows.len() >= LEAST && span > 0.0).then(|| steps as f64 / span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_does_not_slow_the_rate() {
        let begun = Instant::now();
        let at = |s: u64| begun + Duration::from_secs(s);
        let mut pace = Pace::start(begun);
        assert_eq!(pace.per_second(), None);
        pace.row(at(2));
        pace.row(at(4));
        pace.pause(at(5));
        pace.resume(at(105));
        pace.row(at(106));
        assert_eq!(pace.per_second(), Some(0.5));
    }

    #[test]
    fn only_the_last_rows_count() {
        let begun = Instant::now();
        let mut pace = Pace::start(begun);
        pace.row(begun + Duration::from_secs(1000));
        for s in 0..100 {
            pace.row(begun + Duration::from_secs(2000 + s));
        }
        assert_eq!(pace.per_second(), Some(1.0));
    }
}
