//! Log lines for scripts that watch the window, such as the smoke test; written to stderr if `GANTEI_LOG` is `1`.
//!
//! A line contains model ids and figures only, never a file name.

use std::fmt;
use std::time::{Duration, Instant};

/// A frame that blocks the UI thread for longer than this is reported.
const SLOW: Duration = Duration::from_millis(50);

#[derive(Clone, Debug, PartialEq)]
pub enum LogLine {
    Models {
        count: usize,
    },
    /// Photographs were added to the list.
    Added {
        count: usize,
    },
    Opened {
        width: u32,
        height: u32,
    },
    Score {
        model: String,
        score: f64,
    },
    Value {
        model: String,
        value: f64,
    },
    Failed {
        code: String,
    },
    /// From the start of the process to the end of the first drawn frame.
    FirstFrame {
        ms: f64,
    },
    SlowFrame {
        ms: f64,
    },
    /// All frames of a window, reported when it closes.
    Frames {
        count: u64,
        slowest_ms: f64,
    },
}

impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Models { count } => write!(f, "models {count}"),
            Self::Added { count } => write!(f, "added {count}"),
            Self::Opened { width, height } => write!(f, "opened {width}x{height}"),
            Self::Score { model, score } => write!(f, "score {model} {score:.4}"),
            Self::Value { model, value } => write!(f, "value {model} {value:.2}"),
            Self::Failed { code } => write!(f, "failed {code}"),
            Self::FirstFrame { ms } => write!(f, "first-frame {ms:.0} ms"),
            Self::SlowFrame { ms } => write!(f, "slow-frame {ms:.0} ms"),
            Self::Frames { count, slowest_ms } => {
                write!(f, "frames {count} slowest {slowest_ms:.0} ms")
            }
        }
    }
}

/// True if the environment requests the log.
pub(super) fn desired() -> bool {
    std::env::var_os("GANTEI_LOG").is_some_and(|value| value == "1")
}

/// Measures how long frames block the UI thread. The painting time of a frame is known only when the next one begins,
/// so each frame is judged then, and the last one on close.
pub struct Frames {
    process_began: Instant,
    /// When the current frame's own work began.
    began: Option<Instant>,
    /// Own work of the last drawn frame, not yet judged.
    drawn: Option<Duration>,
    count: u64,
    slowest: Duration,
}

impl Frames {
    /// `None`, and so no cost, unless the environment requests the log.
    pub fn watch(process_began: Instant) -> Option<Self> {
        desired().then(|| Self::since(process_began))
    }

    fn since(process_began: Instant) -> Self {
        Self {
            process_began,
            began: None,
            drawn: None,
            count: 0,
            slowest: Duration::ZERO,
        }
    }

    /// Call first in a frame. `whole_s`: seconds that the previous frame took including painting, without waiting for
    /// the screen.
    pub fn begin(&mut self, whole_s: Option<f32>) {
        notify(self.judge(whole_s));
        self.began = Some(Instant::now());
    }

    /// Call after everything in a frame is drawn.
    pub fn end(&mut self) {
        let Some(began) = self.began.take() else {
            return;
        };
        if self.count == 0 {
            let ms = millis(self.process_began.elapsed());
            eprintln!("{}", LogLine::FirstFrame { ms });
        }
        self.count += 1;
        self.drawn = Some(began.elapsed());
    }

    /// Call when the window closes.
    pub fn close(&mut self) {
        notify(self.judge(None));
        let (count, slowest_ms) = (self.count, millis(self.slowest));
        eprintln!("{}", LogLine::Frames { count, slowest_ms });
    }

    fn judge(&mut self, whole_s: Option<f32>) -> Option<LogLine> {
        let own = self.drawn.take()?;
        let whole = whole_s.and_then(|s| Duration::try_from_secs_f32(s).ok());
        let took = whole.map_or(own, |whole| whole.max(own));
        self.slowest = self.slowest.max(took);
        (took > SLOW).then(|| LogLine::SlowFrame { ms: millis(took) })
    }
}

fn notify(line: Option<LogLine>) {
    if let Some(line) = line {
        eprintln!("{line}");
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(ms: u64) -> Frames {
        Frames {
            drawn: Some(Duration::from_millis(ms)),
            ..Frames::since(Instant::now())
        }
    }

    #[test]
    fn a_frame_is_slow_by_its_own_work_or_by_its_painting() {
        assert_eq!(drawn(49).judge(Some(0.049)), None);
        let by_work = drawn(80).judge(None);
        assert_eq!(by_work, Some(LogLine::SlowFrame { ms: 80.0 }));
        let by_painting = drawn(8).judge(Some(0.125));
        assert_eq!(by_painting, Some(LogLine::SlowFrame { ms: 125.0 }));
    }

    #[test]
    fn a_frame_is_judged_once() {
        let mut frames = drawn(90);
        assert!(frames.judge(None).is_some());
        assert_eq!(frames.judge(Some(0.2)), None);
        assert_eq!(frames.slowest, Duration::from_millis(90));
    }

    #[test]
    fn figures_of_frames_are_whole_milliseconds() {
        let line = LogLine::Frames {
            count: 12,
            slowest_ms: 41.6,
        };
        assert_eq!(line.to_string(), "frames 12 slowest 42 ms");
        let first = LogLine::FirstFrame { ms: 311.2 };
        assert_eq!(first.to_string(), "first-frame 311 ms");
    }
}
