//! Pages over the window: one file each, and one line each in the list below.

mod about;
mod card_rows;
mod check;
mod choices;
mod devices;
mod evaluation;
mod export;
mod figure_choices;
mod frame;
mod given;
mod glossary;
mod import;
mod joir;
mod labels;
mod leaving;
mod models;
mod name_pattern;
mod palette;
mod question;
mod records;
mod replay;
mod settings;
mod shortcuts;
mod steps;
mod study;
mod supplement;
mod table_questions;

use std::path::PathBuf;

use egui::Ui;

use question::Question;

use super::command::Command;
use super::view::{FrameContext, PageChange};
use crate::app::State;
use crate::app::apply::{Action, Library, Messages};
use crate::app::state::{Message, MessageTopic};
use crate::text::window::Texts;

/// A page: its placement and how it is drawn.
trait Page {
    fn place(&self) -> PagePlacement;

    /// Draws the page; for [`PagePlacement::Anywhere`] over the whole window, otherwise into its frame.
    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>);

    /// True while the state itself requires this page, whichever page was opened.
    fn is_called_for(&self, _: &State) -> bool {
        false
    }

    /// What the user has entered and not saved.
    fn entries(&self, _: &State) -> Entries {
        Entries::None
    }

    /// Called when the page comes into view.
    fn opened(&mut self) {}

    /// Called when the frame was closed, with this or another page in view.
    fn closed(&mut self) {}
}

/// What the user has entered on a page and not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entries {
    None,
    /// Closing the page keeps them; closing the window does not.
    Kept,
    /// Closing the page loses them.
    Loose,
}

/// What the user wanted when asked about entries.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Closing {
    Page,
    Window,
    /// Importing another file than the one of the form.
    Import(PathBuf),
    CancelImport,
}

/// Where a page is drawn.
#[derive(Clone, Copy)]
enum PagePlacement {
    /// On the sheet shared by the pages about models and engines, under this title.
    Library(fn(Texts) -> &'static str),
    /// On a sheet of its own, at most this many points wide.
    Sheet(f32),
    /// In a frame that the page draws and closes itself.
    Anywhere,
}

/// Generates the page names and the pages from one list.
macro_rules! pages {
    ($($name:ident: $page:ty;)*) => {
        /// The name of a page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum PageName {
            $($name,)*
        }

        impl PageName {
            const ALL: [Self; [$(Self::$name),*].len()] = [$(Self::$name),*];
        }

        fn all_pages() -> [Box<dyn Page>; PageName::ALL.len()] {
            [$(Box::<$page>::default()),*]
        }
    };
}

// The first that is called for is in view: questions before everything else.
pages! {
    Leaving: leaving::LeavingPage;
    NamePattern: name_pattern::NamePatternPage;
    Study: study::StudyPage;
    Evaluation: evaluation::EvaluationPage;
    Supplement: supplement::SupplementPage;
    Replay: replay::ReplayPage;
    Records: records::RecordsPage;
    Models: models::ModelsPage;
    Joir: joir::JoirPage;
    Import: import::ImportPage;
    Check: check::CheckPage;
    Labels: labels::LabelsPage;
    Devices: devices::DevicesPage;
    Settings: settings::SettingsPage;
    Steps: steps::StepsPage;
    Palette: palette::PalettePage;
    Shortcuts: shortcuts::ShortcutsPage;
    Glossary: glossary::GlossaryPage;
    About: about::AboutPage;
    Export: export::ExportPage;
}

/// All pages with their own state, and which one is open.
pub struct Pages {
    open: Option<PageName>,
    /// The user is asked whether entries may be lost.
    closing: Option<Closing>,
    /// The user has just agreed that they are lost with the window.
    agreed: bool,
    pages: [Box<dyn Page>; PageName::ALL.len()],
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            open: None,
            closing: None,
            agreed: false,
            pages: all_pages(),
        }
    }
}

/// True if the page says the same as the message.
fn is_told_by(page: PageName, message: &Message) -> bool {
    matches!(page, PageName::Import | PageName::Models)
        && matches!(message.subject, MessageTopic::Imported { .. })
}

impl Pages {
    /// True while a page receives the keys.
    pub fn is_open(&self, state: &State) -> bool {
        self.in_view(state).is_some() || self.closing.is_some()
    }

    pub fn shows(&self, state: &State, page: PageName) -> bool {
        self.in_view(state) == Some(page)
    }

    pub fn open(&mut self, page: PageName) {
        self.open = Some(page);
        self.pages[page as usize].opened();
    }

    /// True if the page in view is one of forms: Escape in a field of it leaves only the field.
    pub fn shows_form(&self, state: &State) -> bool {
        let in_view = self
            .in_view(state)
            .map(|name| self.pages[name as usize].place());
        matches!(in_view, Some(PagePlacement::Library(_)))
    }

    /// Asks whether the window may be closed if the user has entered something that is not saved; false if not.
    pub fn ask_before_window_closes(&mut self, state: &State) -> bool {
        let asks =
            !std::mem::take(&mut self.agreed) && self.entered(state, &Closing::Window).is_some();
        if asks {
            self.closing = Some(Closing::Window);
        }
        asks
    }

    /// Opens the form of a model file, after a question if the form of another one holds entries.
    pub fn import(&mut self, state: &State, file: PathBuf) -> Option<Action> {
        self.open(PageName::Import);
        let closing = Closing::Import(file.clone());
        if self.entered(state, &closing).is_some() {
            self.closing = Some(closing);
            return None;
        }
        Some(Action::Library(Library::Inspect(file)))
    }

    /// The first page whose entries would be lost.
    fn entered(&self, state: &State, closing: &Closing) -> Option<PageName> {
        let entries = |name: PageName| self.pages[name as usize].entries(state);
        let loses = |name: &PageName| match (closing, entries(*name)) {
            (_, Entries::None) | (Closing::Page, Entries::Kept) => false,
            (Closing::Page, Entries::Loose) | (Closing::Window, _) => true,
            (Closing::Import(_) | Closing::CancelImport, _) => *name == PageName::Import,
        };
        PageName::ALL.into_iter().find(loses)
    }

    fn close(&mut self) {
        self.open = None;
        for page in &mut self.pages {
            page.closed();
        }
    }

    fn in_view(&self, state: &State) -> Option<PageName> {
        let called_for = |name: &PageName| self.pages[*name as usize].is_called_for(state);
        PageName::ALL.into_iter().find(called_for).or(self.open)
    }

    /// Draws the page in view, and switches pages or closes it on request.
    pub fn pages_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        if let Some(name) = self.in_view(view.state) {
            self.page_ui(ui, name, view);
        }
        self.closing_ui(ui, view);
    }

    fn page_ui(&mut self, ui: &mut Ui, name: PageName, view: &mut FrameContext<'_>) {
        for message in view.state.messages.iter().filter(|m| is_told_by(name, m)) {
            view.action(Action::Messages(Messages::Dismiss(message.id)));
        }
        let titles = self.titles(view.t);
        let page = &mut self.pages[name as usize];
        match page.place() {
            PagePlacement::Library(_) => {
                frame::library_ui(ui, (name, &titles), view, |ui, view| {
                    page.page_ui(ui, view);
                })
            }
            PagePlacement::Sheet(width) => frame::sheet_ui(ui, width, view, |ui, view| {
                page.page_ui(ui, view);
            }),
            PagePlacement::Anywhere => page.page_ui(ui, view),
        }
        match view.requested.turn.take() {
            Some(PageChange::To(page)) => self.open(page),
            Some(PageChange::Close) if self.entered(view.state, &Closing::Page).is_some() => {
                self.closing = Some(Closing::Page);
            }
            Some(PageChange::Close) => self.close(),
            Some(PageChange::CancelImport) => {
                let closing = Closing::CancelImport;
                match self.entered(view.state, &closing) {
                    Some(_) => self.closing = Some(closing),
                    None => view.action(Action::Library(Library::CancelImport)),
                }
            }
            None => {}
        }
    }

    /// The question about entries that would be lost.
    fn closing_ui(&mut self, ui: &Ui, view: &mut FrameContext<'_>) {
        let t = view.t;
        let Some(closing) = self.closing.clone() else {
            return;
        };
        // They may have been saved meanwhile.
        let Some(entered) = self.entered(view.state, &closing) else {
            self.closing = None;
            return;
        };
        let title = match closing {
            Closing::CancelImport => t.cancel_import_really(),
            Closing::Page | Closing::Window | Closing::Import(_) => t.discard_really(),
        };
        let question = Question {
            title,
            words: &[t.edits_unsaved().to_owned()],
            choices: &[t.discard_edits(), t.keep_editing()],
        };
        match question.ask(ui) {
            None => return,
            Some(0) => match closing {
                Closing::Page => self.close(),
                // The page stays until the window is closed: another question may keep it open.
                Closing::Window => {
                    self.agreed = true;
                    view.command(Command::Quit);
                }
                Closing::Import(file) => view.action(Action::Library(Library::Inspect(file))),
                Closing::CancelImport => view.action(Action::Library(Library::CancelImport)),
            },
            Some(_) => self.open = Some(entered),
        }
        self.closing = None;
    }

    /// Titles of the pages about models and engines.
    fn titles(&self, t: Texts) -> Vec<(PageName, &'static str)> {
        let title = |name: PageName| match self.pages[name as usize].place() {
            PagePlacement::Library(title) => Some((name, title(t))),
            PagePlacement::Sheet(_) | PagePlacement::Anywhere => None,
        };
        PageName::ALL.into_iter().filter_map(title).collect()
    }
}
