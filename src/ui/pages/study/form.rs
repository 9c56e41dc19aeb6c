//! The form of a new study: its folder, photographs, models and settings.

use std::path::Path;

use egui::{Button, ComboBox, Ui, vec2};

use super::models::models_ui;
use crate::app::State;
use crate::app::apply::{Action, Study as Act};
use crate::app::state::Purpose;
use crate::domain::foreign::shown;
use crate::domain::{Persons, StudySettings};
use crate::storage::file_name;
use crate::text::window::Texts;
use crate::ui::pages::PageName;
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, primary_button_ui, titled_ui, wide_titles_ui, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// What is entered and not used yet.
#[derive(Default)]
pub struct StudyFormUi {
    folder: PathField,
    input: PathField,
    open: PathField,
    /// Ids of the chosen models; `None` until one was clicked: then those of runs are meant.
    models: Option<Vec<String>>,
    settings: StudySettings,
}

impl StudyFormUi {
    pub fn form_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let t = view.t;
        ui.heading(t.new_study().trim_end_matches(['.', '…']));
        words_ui(ui, t.study_about(), Emphasis::Plain);
        ui.add_space(theme::GAP);
        let titles = [
            t.study_folder(),
            t.study_photographs(),
            t.study_models(),
            t.study_persons(),
            t.study_pattern(),
        ];
        wide_titles_ui(ui, &titles, |ui| {
            self.folder_ui(ui, view);
            self.photographs_ui(ui, view);
            self.choice_ui(ui, view);
            self.persons_ui(ui, view);
        });
        ui.checkbox(&mut self.settings.saliency, t.study_maps());
        ui.checkbox(&mut self.settings.accept_any_picture, t.study_accept());
        ui.add_space(theme::GROUP_GAP);
        self.create_ui(ui, view);
    }

    fn folder_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        titled_ui(ui, t.study_folder(), |ui, _| {
            let choose = Button::new(t.study_choose_folder());
            if ui.add_enabled(!state.asking, choose).clicked() {
                view.action(Action::Study(Act::AskForFolder));
            }
            if let Some(folder) = &state.study.form.folder {
                path_ui(ui, folder, state);
            }
        });
        if state.no_dialog {
            let look = PathFieldLook {
                width: 460.0,
                name: t.study_folder_field(),
                go: t.apply(),
                desired: take_path_request(&[Purpose::StudyFolder], view),
                on_sight: false,
            };
            if let Some(path) = self.folder.path_ui(ui, look) {
                view.action(Action::Study(Act::Folder(path)));
            }
        }
    }

    /// The photographs of the list, unless folders are named.
    fn photographs_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let inputs = &state.study.form.inputs;
        titled_ui(ui, t.study_photographs(), |ui, _| {
            let add = Button::new(t.study_add_input());
            if ui.add_enabled(!state.asking, add).clicked() {
                view.action(Action::Study(Act::AskForInput));
            }
            if inputs.is_empty() {
                let words = match of_list(state) {
                    0 => t.study_needs_photographs().to_owned(),
                    count => t.study_of_list_count(count),
                };
                words_ui(ui, &words, Emphasis::Plain);
            }
        });
        for (at, input) in inputs.iter().enumerate() {
            titled_ui(ui, "", |ui, _| {
                if ui.small_button(t.study_remove_input()).clicked() {
                    view.action(Action::Study(Act::RemoveInput(at)));
                }
                path_ui(ui, input, state);
            });
        }
        if state.no_dialog {
            let look = PathFieldLook {
                width: 460.0,
                name: t.study_input_field(),
                go: t.apply(),
                desired: take_path_request(&[Purpose::StudyInput], view),
                on_sight: false,
            };
            if let Some(path) = self.input.path_ui(ui, look) {
                view.action(Action::Study(Act::Input(path)));
            }
        }
    }

    fn choice_ui(&mut self, ui: &mut Ui, view: &FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let mut chosen = self.chosen(state);
        let before = chosen.clone();
        models_ui(ui, &mut chosen, state, t);
        if chosen != before {
            self.models = Some(chosen);
        }
    }

    fn chosen(&self, state: &State) -> Vec<String> {
        match &self.models {
            Some(models) => models.clone(),
            None => state.chosen_models().iter().map(|m| m.id.clone()).collect(),
        }
    }

    fn persons_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let settings = &mut self.settings;
        titled_ui(ui, t.study_persons(), |ui, title| {
            let combo = ComboBox::from_id_salt("persons of a study")
                .width(220.0)
                .selected_text(persons_words(settings.persons, t));
            let combo = combo.show_ui(ui, |ui| {
                for persons in [Persons::Dicom, Persons::FileNames, Persons::None] {
                    let words = persons_words(persons, t);
                    ui.selectable_value(&mut settings.persons, persons, words);
                }
            });
            combo.response.labelled_by(title.id);
        });
        // The pattern that was accepted on the names of the list.
        let pattern = state.name_pattern.as_ref().map(ToString::to_string);
        titled_ui(ui, t.study_pattern(), |ui, _| {
            words_ui(
                ui,
                pattern.as_deref().unwrap_or(t.study_no_pattern()),
                Emphasis::Plain,
            );
            if ui.button(t.pattern()).clicked() {
                view.page(PageName::NamePattern);
            }
        });
        settings.file_name_pattern = pattern;
    }

    fn create_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let models = self.chosen(state);
        let form = &state.study.form;
        let lacks = if form.folder.is_none() {
            Some(t.study_needs_folder())
        } else if form.inputs.is_empty() && of_list(state) == 0 {
            Some(t.study_needs_photographs())
        } else if models.is_empty() {
            Some(t.study_needs_model())
        } else {
            None
        };
        ui.horizontal(|ui| {
            let open = Button::new(t.open_study()).min_size(vec2(0.0, theme::PRIMARY_HEIGHT));
            if ui.add_enabled(!state.asking, open).clicked() {
                view.action(Action::Study(Act::AskForStudy));
            }
            let size = vec2(200.0, theme::PRIMARY_HEIGHT);
            if primary_button_ui(ui, lacks.is_none(), t.study_create(), size).clicked() {
                let mut settings = self.settings.clone();
                if settings.file_name_pattern.is_some() {
                    settings.persons = Persons::FileNames;
                }
                let create = Act::Create(models, Box::new(settings));
                view.action(Action::Study(create));
            }
        });
        if let Some(lacks) = lacks {
            words_ui(ui, lacks, Emphasis::Weak);
        }
        if state.no_dialog {
            let look = PathFieldLook {
                width: 460.0,
                name: t.study_open_field(),
                go: t.study_open_go(),
                desired: take_path_request(&[Purpose::Study], view),
                on_sight: false,
            };
            if let Some(path) = self.open.path_ui(ui, look) {
                view.action(Action::Study(Act::Open(path)));
            }
        }
    }
}

/// How many photographs of the list a study can refer to.
fn of_list(state: &State) -> usize {
    let own = state
        .photographs
        .iter()
        .filter(|p| p.source.file().is_some());
    own.count()
}

/// The last part of a path; the whole one is its tooltip unless names are hidden.
fn path_ui(ui: &mut Ui, path: &Path, state: &State) {
    let words = words_ui(ui, &shown(&file_name(path)), Emphasis::Plain);
    if !state.settings.names_masked {
        words.on_hover_text(path.display().to_string());
    }
}

fn persons_words(persons: Persons, t: Texts) -> &'static str {
    match persons {
        Persons::Dicom => t.study_persons_dicom(),
        Persons::FileNames => t.study_persons_names(),
        Persons::None => t.study_persons_none(),
    }
}
