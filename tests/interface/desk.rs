//! A window on the real workflow in a temporary home, with an engine that the test controls, and the actions of a user.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui_kittest::kittest::{NodeT, Queryable};
use egui_kittest::{Harness, Node};

use gantei::app::state::{Chosen, Purpose};
use gantei::app::{SETTINGS_FILE, Settings, State, WorkflowContext};
use gantei::runtime::{self, Engines, Origin};
use gantei::storage::recent::Recent;
use gantei::storage::{Places, settings};
use gantei::text::Lang;
use gantei::text::window::Texts;
use gantei::ui::{Start, Tab, Window};
use gantei::workflow::Context;

use crate::dialogs::{self, Answers};
use crate::engine::{Engine, KeyedLock, Library, PATIENCE};
use crate::home::{DEMO, Home, STUDY};

pub const BOTH: [Lang; 2] = [Lang::En, Lang::Ja];

/// Most rounds of answers that lead to further work.
const MOST_ROUNDS: usize = 50;
/// Frames in which only time passes: 20 s, longer than any message is shown.
const MOST_IDLE_FRAMES: usize = 400;

/// Waits in real time; fails with `what` after [`PATIENCE`].
pub fn wait_until(what: &str, done: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < end, "waited {PATIENCE:?} for {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The initial state of a window.
pub struct Scene {
    home: Home,
    settings: Settings,
    files: Vec<PathBuf>,
    recent: Vec<PathBuf>,
    answers: Answers,
    size: [f32; 2],
}

impl Scene {
    /// The sample eye, the models of a prepared home, and the steps of the first page hidden.
    pub fn new(lang: Lang) -> Self {
        Self::in_home(lang, Home::new())
    }

    /// The same in a home that has been used.
    pub fn in_home(lang: Lang, home: Home) -> Self {
        Self {
            home,
            settings: Settings {
                language: lang,
                welcomed: true,
                ..Settings::default()
            },
            files: vec![],
            recent: vec![],
            answers: Answers::default(),
            size: [1320.0, 1200.0],
        }
    }

    pub fn files(mut self, files: &[&str]) -> Self {
        self.files = self.places(files);
        self
    }

    /// Puts a file or folder into the home.
    pub fn put(&self, name: &str) {
        self.places(&[name]);
    }

    /// Puts a file with this text into the home.
    pub fn put_text(&self, name: &str, text: &str) {
        std::fs::write(self.home.path(name), text).unwrap();
    }

    /// Puts a model file into the home; its name decides its content.
    pub fn put_model(&self, name: &str) {
        self.home.put_model(name);
    }

    /// Starts the window with a file that is in the home.
    pub fn given(mut self, name: &str) -> Self {
        self.files = vec![self.home.path(name)];
        self
    }

    /// Adds a model to the library whose gradient takes much memory.
    pub fn put_wide_model(&self) {
        self.home.put_wide_model();
    }

    /// Puts these files into the home and returns their paths.
    fn places(&self, names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(|name| self.home.put(name)).collect()
    }

    /// Both models are chosen.
    pub fn both_models(self) -> Self {
        self.with(|s| s.models = vec![DEMO.into(), STUDY.into()])
    }

    pub fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    pub fn recent(mut self, files: &[&str]) -> Self {
        self.recent = self.places(files);
        self.with(|s| s.remember_files = true)
    }

    /// What the file dialog answers.
    pub fn dialog(mut self, purpose: Purpose, files: &[&str]) -> Self {
        let files = self.places(files);
        let answers = &mut self.answers.chosen;
        answers.insert(dialogs::word(purpose), Chosen::Files(files));
        self
    }

    /// The system offers no file dialog.
    pub fn no_dialog(mut self) -> Self {
        for purpose in [
            Purpose::Photographs,
            Purpose::Folder,
            Purpose::ExportFolder,
            Purpose::Keras,
            Purpose::KerasFolder,
            Purpose::Runtime,
            Purpose::CheckLabels,
            Purpose::CheckImages,
            Purpose::StudyFolder,
            Purpose::StudyInput,
            Purpose::Study,
            Purpose::StudyMoved,
        ] {
            let word = dialogs::word(purpose);
            self.answers.chosen.insert(word, Chosen::NoDialog);
        }
        self
    }

    /// The file dialog answers when the test releases it.
    pub fn slow_dialog(self) -> Self {
        self.answers.turns.hold();
        self
    }

    pub fn size(mut self, size: [f32; 2]) -> Self {
        self.size = size;
        self
    }

    /// The window, before its jobs have answered.
    pub fn raise(self) -> Desk {
        let engine = Engine::default();
        let places = self.home.places();
        let files = self.recent;
        if !files.is_empty() {
            Recent { files }.save(&places).unwrap();
        }
        let context = Context::with_engines(places, engines(&engine));
        let t = Texts(self.settings.language);
        let dialogs = Arc::clone(&self.answers.turns);
        let start = Start {
            workflow: WorkflowContext::of(context),
            picker: Box::new(self.answers),
            settings: self.settings,
            files: self.files,
            command_line: gantei::cli::command_line,
        };
        let harness = Harness::builder()
            .with_size(self.size)
            .with_pixels_per_point(1.0)
            .with_max_steps(30)
            // Two consecutive clicks are a double click.
            .with_step_dt(0.05)
            .with_os(egui::os::OperatingSystem::Nix)
            .build_eframe(|cc| Window::new(&cc.egui_ctx, start).unwrap());
        Desk {
            harness,
            home: self.home,
            engine,
            dialogs,
            t,
            texts: vec![],
            pictures: 0,
        }
    }

    /// The window after its models and the first photograph are loaded.
    pub fn open(self) -> Desk {
        let mut desk = self.raise();
        desk.until_open();
        desk
    }
}

/// Finds the test's engine and, once a library is installed, a second one for it.
fn engines(engine: &Engine) -> impl Fn(&Places) -> Engines + Send + Sync + use<> {
    let engine = engine.clone();
    move |places| {
        let version = "1.24.1";
        let library = runtime::Library {
            path: places.runtime.join("libonnxruntime.so"),
            origin: Origin::RuntimeFolder,
            version: version.into(),
        };
        let in_its_place = Library {
            engine: engine.clone(),
            version,
        };
        let library: Option<(_, Arc<dyn runtime::Engine>)> = places
            .runtime
            .exists()
            .then(|| (library, Arc::new(in_its_place) as _));
        Engines::of(Arc::new(engine.clone()), library)
    }
}

pub struct Desk {
    pub harness: Harness<'static, Window>,
    pub home: Home,
    pub engine: Engine,
    /// What file dialogs wait for.
    pub dialogs: Arc<KeyedLock>,
    pub t: Texts,
    /// Texts copied to the clipboard.
    pub texts: Vec<String>,
    pub pictures: usize,
}

impl Desk {
    pub fn new(lang: Lang, files: &[&str]) -> Self {
        Scene::new(lang).files(files).open()
    }

    /// The displayed name of the first model, a demonstration.
    pub fn demonstration(&self) -> String {
        self.t.model_name(&self.state().installed()[0].card)
    }

    pub fn state(&self) -> &State {
        self.harness.state().state()
    }

    pub fn step(&mut self) {
        self.harness.step();
        self.look_at_clipboard();
    }

    fn look_at_clipboard(&mut self) {
        for command in &self.harness.output().platform_output.commands {
            match command {
                egui::OutputCommand::CopyText(text) => self.texts.push(text.clone()),
                egui::OutputCommand::CopyImage(_) => self.pictures += 1,
                _ => {}
            }
        }
    }

    /// True while work is in progress that the test does not hold.
    fn is_working(&self) -> bool {
        // Held jobs are counted first: none of them continues before this thread releases it.
        let held = self.engine.held() + self.dialogs.held();
        self.harness.state().is_working(held)
    }

    /// Lets the jobs get as far as they can without a release by the test. No frame is drawn meanwhile, so their
    /// duration on a busy machine does not affect timers, such as those of messages.
    fn let_work(&self, what: &str) {
        wait_until(&format!("{what}: jobs to come to an end"), || {
            !self.is_working()
        });
    }

    /// Draws until nothing moves and all answers that need no release by the test are handled. Fails on endless repaint
    /// requests, on a control without a name, and on a missing glyph.
    pub fn rest(&mut self) {
        self.step();
        for _ in 0..MOST_ROUNDS {
            self.let_work("rest");
            self.harness.run();
            if !self.is_working() && !self.harness.state().has_answers() {
                return;
            }
        }
        panic!("one answer leads to the next without end");
    }

    /// Draws frames until it has happened; after each, jobs get as far as they can. Fails when no work in progress can
    /// bring it about and time alone does not either.
    pub fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let mut idle = 0;
        while idle < MOST_IDLE_FRAMES {
            self.let_work(what);
            self.step();
            if done(self) {
                self.settle();
                return;
            }
            let comes = self.is_working() || self.harness.state().has_answers();
            idle = if comes { 0 } else { idle + 1 };
        }
        panic!("waited for {what}, but nothing is under way that could bring it");
    }

    pub fn until_open(&mut self) {
        self.until("the photograph", |d| d.state().can_run());
    }

    /// Closes the window; its home is kept.
    pub fn leave(mut self) -> Home {
        eframe::App::on_exit(self.harness.state_mut(), None);
        self.home
    }

    /// Waits until every thumbnail is loaded.
    pub fn until_known(&mut self) {
        self.until("the small pictures", |d| {
            let mut photographs = d.state().photographs.iter();
            photographs.all(|p| p.known.is_some() || p.has_failed())
        });
    }

    /// The only control with this name; a sentence with the same words does not count.
    pub fn node<'a>(&'a self, name: &'a str) -> Node<'a> {
        let mut found: Vec<_> = self.harness.query_all_by_label(name).collect();
        if found.len() > 1 {
            found.retain(|n| n.accesskit_node().role() != egui::Role::Label);
        }
        if found.len() > 1 {
            found.retain(|n| !n.accesskit_node().is_disabled());
        }
        assert_eq!(found.len(), 1, "so many controls are named {name:?}");
        found.remove(0)
    }

    /// The first control whose name begins with this.
    pub fn beginning<'a>(&'a self, name: &'a str) -> Node<'a> {
        self.beginnings(name).remove(0)
    }

    fn beginnings<'a>(&'a self, name: &'a str) -> Vec<Node<'a>> {
        let found = self.harness.query_all_by_label_contains(name);
        let begins = |n: &Node<'_>| {
            let node = n.accesskit_node();
            let label = node.label().unwrap_or_default();
            label.starts_with(name) && node.role() != egui::Role::Label
        };
        let found: Vec<_> = found.filter(begins).collect();
        assert!(!found.is_empty(), "no control's name begins with {name:?}");
        found
    }

    pub fn click(&mut self, name: &str) {
        self.node(name).click();
        self.settle();
    }

    /// Opens a tab of the panel on the right.
    pub fn tab(&mut self, tab: Tab) {
        self.click_role(egui::Role::Tab, tab.title(self.t));
        self.rest();
    }

    /// Opens the menu with further controls of the map, and draws it.
    pub fn map_menu(&mut self) {
        self.click(self.t.map_more());
        self.rest();
    }

    /// Chooses a line of the menu of runs over several photographs.
    pub fn run_menu(&mut self, name: &str) {
        self.click(self.t.run_more());
        self.pick(name);
    }

    /// Clicks a control that may be outside the visible part of a page.
    pub fn reach(&mut self, name: &str) {
        self.node(name).scroll_to_me();
        self.rest();
        self.click(name);
    }

    /// Clicks the last drawn control whose name begins with this, such as a line of the open menu, whose name is
    /// followed by its key.
    pub fn pick(&mut self, name: &str) {
        let found = self.beginnings(name).into_iter();
        let buttons = found.filter(|n| n.accesskit_node().role() == egui::Role::Button);
        let last = buttons.last();
        last.unwrap_or_else(|| panic!("no button's name begins with {name:?}"))
            .click();
        self.settle();
    }

    /// Clicks the control of this role, if another has the same name.
    pub fn click_role(&mut self, role: egui::Role, name: &str) {
        self.harness.get_by_role_and_label(role, name).click();
        self.settle();
    }

    /// Clicks the control that was drawn last, as in a menu over the window.
    pub fn click_last(&mut self, name: &str) {
        let found = self.harness.query_all_by_label(name).last();
        let found = found.unwrap_or_else(|| panic!("no control is named {name:?}"));
        found.click();
        self.settle();
    }

    /// Opens a menu of the bar at the top.
    pub fn menu(&mut self, title: &str) {
        let found = self.harness.query_all_by_label(title);
        let top = |n: &Node<'_>| n.rect().top();
        let found = found.min_by(|a, b| top(a).total_cmp(&top(b)));
        found.unwrap_or_else(|| panic!("no menu {title:?}")).click();
        self.settle();
    }

    /// Clicks with modifier keys held.
    pub fn click_with(&mut self, modifiers: egui::Modifiers, name: &str) {
        self.beginning(name).click_modifiers(modifiers);
        self.settle();
    }

    /// Lets an action take effect: two frames, since a widget may know its position only in the second, and the answers
    /// that need no release by the test.
    fn settle(&mut self) {
        self.step();
        self.step();
        for _ in 0..MOST_ROUNDS {
            self.let_work("the effect of an input");
            if !self.harness.state().has_answers() {
                return;
            }
            self.step();
            self.step();
        }
        panic!("one answer leads to the next without end");
    }

    pub fn press(&mut self, key: egui::Key) {
        self.harness.key_press(key);
        self.settle();
    }

    pub fn press_with(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Types letter by letter like a keyboard: each is a key and a text, wherever the focus is.
    pub fn type_keys(&mut self, text: &str) {
        for letter in text.chars() {
            let key = egui::Key::from_name(&letter.to_ascii_uppercase().to_string());
            let modifiers = match letter.is_uppercase() {
                true => egui::Modifiers::SHIFT,
                false => egui::Modifiers::NONE,
            };
            if let Some(key) = key {
                self.harness.key_press_modifiers(modifiers, key);
            }
            self.harness.event(egui::Event::Text(letter.to_string()));
            self.step();
        }
        self.settle();
    }

    /// Whether the text field of this name has the focus, and its text.
    pub fn field(&self, name: &str) -> (bool, String) {
        let node = self
            .harness
            .get_by_role_and_label(egui::Role::TextInput, name);
        let node = node.accesskit_node();
        (node.is_focused(), node.value().unwrap_or_default())
    }

    /// Types into the field of this name and presses Enter.
    pub fn enter(&mut self, field: &str, text: &str) {
        self.type_into(field, text);
        self.press(egui::Key::Enter);
    }

    pub fn type_into(&mut self, field: &str, text: &str) {
        let node = self
            .harness
            .get_by_role_and_label(egui::Role::TextInput, field);
        node.focus();
        self.settle();
        let node = self
            .harness
            .get_by_role_and_label(egui::Role::TextInput, field);
        node.type_text(text);
        self.settle();
    }

    pub fn drop_files(&mut self, paths: &[&str]) {
        for path in paths {
            let dropped: egui::DroppedFileHandle = Arc::new(Dropped(self.home.put(path)));
            self.harness.input_mut().dropped_files.push(dropped);
        }
        self.settle();
    }

    pub fn sees(&self, name: &str) -> bool {
        self.harness.query_all_by_label(name).next().is_some()
    }

    /// True if a control or sentence contains these words.
    pub fn reads(&self, part: &str) -> bool {
        let mut found = self.harness.query_all_by_label_contains(part);
        found.next().is_some()
    }

    pub fn is_disabled(&self, name: &str) -> bool {
        self.node(name).accesskit_node().is_disabled()
    }

    pub fn slider<'a>(&'a self, name: &'a str) -> Node<'a> {
        self.harness.get_by_role_and_label(egui::Role::Slider, name)
    }

    pub fn combo(&mut self, name: &str) {
        let find = |desk: &Self, then: &dyn Fn(Node<'_>)| {
            let role = egui::Role::ComboBox;
            then(desk.harness.get_by_role_and_label(role, name));
        };
        find(self, &|node| node.scroll_to_me());
        self.rest();
        find(self, &|node| node.click());
        self.settle();
    }

    /// The names of the list's rows, in order.
    pub fn names(&self) -> Vec<String> {
        let state = self.state();
        let rows = state.rows.iter().filter_map(|id| state.photograph(*id));
        rows.map(|p| p.name.clone()).collect()
    }

    /// Chooses a model in its combo box.
    pub fn choose_model(&mut self, name: &str) {
        self.combo(self.t.model());
        self.click_last(name);
        self.rest();
    }

    /// The label of the run button.
    pub fn run_word(&self) -> &'static str {
        match self.state().chosen_models().len() {
            2 => self.t.run_two(),
            _ => self.t.run_now(),
        }
    }

    pub fn run_and_wait(&mut self) {
        let word = self.run_word();
        self.click(word);
        self.until("the answer", |d| {
            d.state().running.is_none() && d.state().answer().is_some()
        });
        self.rest();
    }

    /// Runs all photographs and waits for every row.
    pub fn run_all_and_wait(&mut self) {
        self.press_with(egui::Modifiers::COMMAND, egui::Key::Enter);
        self.until("the rows", |d| {
            let many = d.state().many.as_ref();
            many.is_some_and(|m| !m.is_going_on())
        });
    }

    /// Whether this holds for the settings as last saved.
    pub fn saved(&self, holds: impl Fn(&Settings) -> bool) -> bool {
        let path = self.home.places().settings.join(SETTINGS_FILE);
        path.exists() && holds(&settings::load(&path).value)
    }

    /// A model's score for the photograph in view.
    pub fn score(&self, model: &str) -> f64 {
        let name = self.state().selected().unwrap().name.clone();
        self.score_of(model, &name)
    }

    /// The same as it is displayed.
    pub fn figure(&self, model: &str) -> String {
        self.t.score_figure(self.score(model))
    }

    /// A model's score for a photograph.
    pub fn score_of(&self, model: &str, name: &str) -> f64 {
        let mut photographs = self.state().photographs.iter();
        let photograph = photographs.find(|p| p.name == name).unwrap();
        photograph.answers[model].case.score.unwrap()
    }
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("read by path".into())
    }
}
