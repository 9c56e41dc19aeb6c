//! The window without its frame: state, decisions and jobs.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gantei::app::action::{Action, Models};
use gantei::app::office::Office;
use gantei::app::run::ForWindow;
use gantei::app::{Effect, Runner, Settings, State, apply};
use gantei::storage::Places;

pub struct Desk {
    pub state: State,
    pub runner: Runner,
    /// Lines of the log and texts for the clipboard.
    pub told: Vec<String>,
}

impl Desk {
    /// With its models loaded, which run on the built-in engine.
    pub fn new(home: &Path, settings: Settings) -> Self {
        let settings = Settings {
            device: "embedded".into(),
            ..settings
        };
        let office = Arc::new(Office::in_places(&Places::below(home)));
        let mut desk = Self {
            state: State::new(settings),
            runner: Runner::start(office, || {}).unwrap(),
            told: Vec::new(),
        };
        desk.act(Action::Models(Models::Load));
        desk.until("the models", |s| !s.installed().is_empty());
        desk
    }

    pub fn act(&mut self, action: Action) {
        for effect in apply(&mut self.state, action) {
            match &effect {
                // Nobody looks at the preview.
                Effect::Preview(_) => continue,
                Effect::Log(line) => self.told.push(line.to_string()),
                _ => {}
            }
            if let Some(ForWindow::CopyText(text)) = self.runner.perform(effect) {
                self.told.push(text);
            }
        }
    }

    pub fn until(&mut self, what: &str, is_so: impl Fn(&State) -> bool) {
        let limit = Instant::now() + Duration::from_secs(300);
        while !is_so(&self.state) {
            assert!(Instant::now() < limit, "waited for {what}");
            for action in self.runner.drain() {
                self.act(action);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
