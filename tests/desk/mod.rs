//! The window without its frame: state, decisions and jobs.

use std::path::Path;
use std::time::{Duration, Instant};

use gantei::app::apply::export::RenderPreview;
use gantei::app::apply::{Action, Models};
use gantei::app::run::ForWindow;
use gantei::app::{Effect, Runner, Settings, State, Workflow, apply, land};
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
        let workflow = Workflow::in_places(&Places::below(home));
        let mut desk = Self {
            state: State::new(settings),
            runner: Runner::start(workflow, || {}).unwrap(),
            told: Vec::new(),
        };
        desk.act(Action::Models(Models::Load));
        desk.until("the models", |s| !s.installed().is_empty());
        desk
    }

    pub fn act(&mut self, action: Action) {
        let effects = apply(&mut self.state, action);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            // Nobody looks at the preview.
            if effect.started::<RenderPreview>().is_some() {
                continue;
            }
            if let Effect::Log(line) = &effect {
                self.told.push(line.to_string());
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
            for landing in self.runner.drain() {
                let effects = land(&mut self.state, landing);
                self.perform(effects);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
