//! Where file names have person and eye: a pattern, and what it reads in the first names of the list before it is used.

use std::collections::BTreeMap;

use egui::{Grid, Label, RichText, Role, TextEdit, Ui, WidgetInfo, vec2};

use super::{Page, PagePlacement};
use crate::app::State;
use crate::app::apply::{Action, Photographs};
use crate::app::state::Photograph;
use crate::domain::Laterality;
use crate::imaging::NamePattern;
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, primary_button_ui, value_ui, wide_titles_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Names that are shown with what is read in them.
const FIRST: usize = 10;
/// Names that are read in one frame: long lists are counted over several, so that typing stays smooth.
const AT_A_TIME: usize = 400;

#[derive(Default)]
pub struct NamePatternPage {
    /// `None` until the page has proposed one.
    text: Option<String>,
    count: Count,
}

/// How many names a pattern fits, as far as counted.
#[derive(Default)]
struct Count {
    /// The pattern and the number of photographs that it belongs to.
    of: (String, usize),
    /// The photographs that were read.
    at: usize,
    fits: usize,
    /// The eyes of each person: right, left. As in [`crate::imaging::persons_by_pattern`], equal persons of different
    /// inputs or folders are different.
    persons: BTreeMap<(usize, String, String), [bool; 2]>,
}

impl Page for NamePatternPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(620.0)
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        ui.heading(t.name_pattern_title());
        words_ui(ui, t.name_pattern_about(), Emphasis::Plain);
        ui.add_space(theme::GAP);
        let own = own(state);
        if own.is_empty() || state.settings.names_masked {
            let why = match own.is_empty() {
                true => t.pattern_none_listed(),
                false => t.pattern_masked(),
            };
            words_ui(ui, why, Emphasis::Weak);
            return;
        }
        let mut text = self.text.take().unwrap_or_else(|| proposal(state, &own));
        let pattern = text.parse::<NamePattern>();
        let ink = Palette::of(ui.visuals());
        let field = TextEdit::singleline(&mut text)
            .font(egui::TextStyle::Monospace)
            .margin(theme::FIELD_MARGIN)
            .desired_width(f32::INFINITY);
        let response = ui.add(field);
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, t.pattern()));
        match &pattern {
            Ok(pattern) => {
                self.count.advance(ui, &own, pattern);
                let count = &self.count;
                let both = count.persons.values().filter(|[od, os]| *od && *os);
                let (persons, both) = (count.persons.len(), both.count());
                let words = t.pattern_fits(count.fits, count.at, persons, both);
                words_ui(ui, &words, Emphasis::Plain);
            }
            Err(fault) => {
                let caution = Emphasis::Coloured(ink.caution);
                words_ui(ui, t.pattern_fault(*fault), caution);
            }
        }
        self.text = Some(text);
        ui.add_space(theme::GAP);
        first_names_ui(ui, &own, pattern.as_ref().ok(), t);
        ui.add_space(theme::GAP);
        fields_ui(ui, t);
        words_ui(ui, t.pattern_folders(), Emphasis::Small);
        words_ui(ui, t.pattern_tags_first(), Emphasis::Small);
        ui.add_space(theme::GROUP_GAP);
        ui.horizontal(|ui| {
            let size = vec2(220.0, theme::PRIMARY_HEIGHT);
            let fits = pattern.is_ok() && self.count.fits > 0;
            if primary_button_ui(ui, fits, t.pattern_use(), size).clicked() {
                let accepted = Photographs::NamePattern(pattern.ok());
                view.action(Action::Photographs(accepted));
                view.close_page();
            }
            if state.name_pattern.is_some() && ui.button(t.pattern_drop()).clicked() {
                view.action(Action::Photographs(Photographs::NamePattern(None)));
                view.close_page();
            }
        });
    }

    fn opened(&mut self) {
        *self = Self::default();
    }
}

/// The photographs whose names are the user's.
fn own(state: &State) -> Vec<&Photograph> {
    let own = state.photographs.iter();
    own.filter(|photo| photo.source.is_own()).collect()
}

/// The pattern in use, else the common one that fits the first names, else an example.
fn proposal(state: &State, own: &[&Photograph]) -> String {
    const SAMPLE: usize = 100;
    if let Some(pattern) = &state.name_pattern {
        return pattern.to_string();
    }
    let names = own.iter().take(SAMPLE).map(|photo| photo.name.as_str());
    let proposed = NamePattern::proposed(names);
    proposed.map_or_else(|| NamePattern::COMMON[0].to_owned(), |p| p.to_string())
}

fn first_names_ui(ui: &mut Ui, own: &[&Photograph], pattern: Option<&NamePattern>, t: Texts) {
    let ink = Palette::of(ui.visuals());
    let cell = |ui: &mut Ui, text: RichText| ui.add(Label::new(text).truncate());
    Grid::new("first names")
        .num_columns(3)
        .striped(true)
        .min_col_width(90.0)
        .spacing(vec2(theme::GROUP_GAP, theme::GAP))
        .show(ui, |ui| {
            for title in [t.pattern_name(), t.pattern_reads_person(), t.eye()] {
                cell(ui, RichText::new(title).color(ink.weak));
            }
            ui.end_row();
            for photo in own.iter().take(FIRST) {
                ui.scope(|ui| {
                    ui.set_max_width(280.0);
                    cell(ui, RichText::new(&photo.name)).on_hover_text(&photo.name);
                });
                match pattern.map(|pattern| pattern.read(&photo.name)) {
                    Some(Some(found)) => {
                        let eye = match found.eye {
                            Laterality::Unknown => "–",
                            eye => eye.as_str(),
                        };
                        cell(ui, RichText::new(found.person));
                        cell(ui, RichText::new(eye));
                    }
                    Some(None) => {
                        cell(ui, RichText::new(t.pattern_misses()).color(ink.caution));
                        ui.label("");
                    }
                    None => {
                        ui.label("");
                        ui.label("");
                    }
                }
                ui.end_row();
            }
        });
}

fn fields_ui(ui: &mut Ui, t: Texts) {
    let fields = [
        ("{person}", t.pattern_person()),
        ("{eye}", t.pattern_eye()),
        ("{number}", t.pattern_number()),
        ("*", t.pattern_anything()),
        ("/", t.pattern_folder()),
    ];
    wide_titles_ui(ui, &[], |ui| {
        for (field, meaning) in fields {
            value_ui(ui, field, meaning);
        }
    });
}

impl Count {
    /// Reads some more names.
    fn advance(&mut self, ui: &Ui, own: &[&Photograph], pattern: &NamePattern) {
        let of = (pattern.as_str().to_owned(), own.len());
        if self.of != of {
            *self = Self {
                of,
                ..Self::default()
            };
        }
        for photo in own.iter().skip(self.at).take(AT_A_TIME) {
            self.at += 1;
            let Some(found) = pattern.read(&photo.name) else {
                continue;
            };
            self.fits += 1;
            let person = (photo.input, found.folder, found.person);
            let eyes = self.persons.entry(person).or_default();
            match found.eye {
                Laterality::Od => eyes[0] = true,
                Laterality::Os => eyes[1] = true,
                Laterality::Unknown => {}
            }
        }
        if self.at < own.len() {
            ui.ctx().request_repaint();
        }
    }
}
