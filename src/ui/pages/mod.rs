//! Pages over the window: a file each, and a line each in the list below.

mod about;
mod check;
mod choices;
mod devices;
mod export;
mod frame;
mod import;
mod joir;
mod models;
mod palette;
mod settings;
mod shortcuts;
mod steps;

use egui::Ui;

use super::view::{FrameContext, PageChange};
use crate::app::State;
use crate::text::window::Texts;

/// A page: what it says of itself, and how it is drawn.
trait Page {
    fn place(&self) -> PagePlacement;

    /// Draws the page; for [`PagePlacement::Anywhere`] over the whole window, otherwise into its frame.
    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>);

    /// True while the state itself asks for this page, whatever was opened.
    fn is_called_for(&self, _: &State) -> bool {
        false
    }

    /// The page comes into view.
    fn opened(&mut self) {}

    /// The frame was closed, with this page in view or another.
    fn closed(&mut self) {}
}

/// Where a page is drawn.
#[derive(Clone, Copy)]
enum PagePlacement {
    /// On the sheet that the pages about models and engines share, under this title.
    Library(fn(Texts) -> &'static str),
    /// On a sheet of its own, this many points wide where there is room.
    Sheet(f32),
    /// In a frame that it draws itself, and closes.
    Anywhere,
}

/// Makes the names of the pages and the pages themselves of one list.
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

pages! {
    Models: models::ModelsPage;
    Joir: joir::JoirPage;
    Import: import::ImportPage;
    Check: check::CheckPage;
    Devices: devices::DevicesPage;
    Settings: settings::SettingsPage;
    Steps: steps::StepsPage;
    Palette: palette::PalettePage;
    Shortcuts: shortcuts::ShortcutsPage;
    About: about::AboutPage;
    Export: export::ExportPage;
}

/// All pages with what only they know, and which of them is open.
pub struct Pages {
    open: Option<PageName>,
    pages: [Box<dyn Page>; PageName::ALL.len()],
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            open: None,
            pages: all_pages(),
        }
    }
}

impl Pages {
    /// True while a page takes the keys.
    pub fn is_open(&self, state: &State) -> bool {
        self.in_view(state).is_some()
    }

    pub fn open(&mut self, page: PageName) {
        self.open = Some(page);
        self.pages[page as usize].opened();
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

    /// Draws the page in view, and turns to another or closes it where that is asked for.
    pub fn pages_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let Some(name) = self.in_view(view.state) else {
            return;
        };
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
            Some(PageChange::Close) => self.close(),
            None => {}
        }
    }

    /// The pages about models and engines.
    fn titles(&self, t: Texts) -> Vec<(PageName, &'static str)> {
        let title = |name: PageName| match self.pages[name as usize].place() {
            PagePlacement::Library(title) => Some((name, title(t))),
            PagePlacement::Sheet(_) | PagePlacement::Anywhere => None,
        };
        PageName::ALL.into_iter().filter_map(title).collect()
    }
}
