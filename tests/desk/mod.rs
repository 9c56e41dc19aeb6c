//! The window without its frame: state, decisions and jobs.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use gantei::app::apply::export::RenderPreview;
use gantei::app::apply::{Action, Models};
use gantei::app::run::WindowEffect;
use gantei::app::{Effect, Runner, Settings, State, WorkflowContext, apply, land};
use gantei::storage::Places;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Desk {
    pub state: State,
    pub runner: Runner,
    /// Signals that an answer may be available.
    woken: Receiver<()>,
    /// Log lines and clipboard texts.
    pub reported: Vec<String>,
}

impl Desk {
    /// With its models loaded, on the built-in engine.
    pub fn new(home: &Path, settings: Settings) -> Self {
        let settings = Settings {
            device: "embedded".into(),
            ..settings
        };
        let workflow = WorkflowContext::in_places(&Places::below(home));
        let (wake, woken) = channel();
        let wake = move || {
            let _ = wake.send(());
        };
        let mut desk = Self {
            state: State::new(settings),
            runner: Runner::start(workflow, wake).unwrap(),
            woken,
            reported: Vec::new(),
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
            // The preview is not tested here.
            if effect.started::<RenderPreview>().is_some() {
                continue;
            }
            if let Effect::Log(line) = &effect {
                self.reported.push(line.to_string());
            }
            if let Some(WindowEffect::CopyText(text)) = self.runner.perform(effect) {
                self.reported.push(text);
            }
        }
    }

    pub fn until(&mut self, what: &str, is_so: impl Fn(&State) -> bool) {
        loop {
            for landing in self.runner.drain() {
                let effects = land(&mut self.state, landing);
                self.perform(effects);
            }
            if is_so(&self.state) {
                return;
            }
            let woken = self.woken.recv_timeout(PATIENCE);
            woken.unwrap_or_else(|_| panic!("waited {PATIENCE:?} for {what}"));
        }
    }
}
