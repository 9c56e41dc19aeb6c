//! Small pictures of photographs with whose they are and what is recorded.

use egui::{Label, Rect, RichText, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use crate::app::State;
use crate::app::apply::{Action, Photographs};
use crate::app::state::{FoundRecords, PhotoId};
use crate::domain::foreign::shown;
use crate::domain::masked;
use crate::evaluation::records_check::Similar;
use crate::text::window::Texts;
use crate::ui::icons;
use crate::ui::list::{Thumbnails, paint_thumbnail};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// What is written below a picture besides person, eye and record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Captions {
    similar: Option<Similar>,
}

impl Captions {
    pub fn of_similar(similar: &Similar) -> Self {
        Self {
            similar: Some(*similar),
        }
    }
}

/// Draws pictures, and notes which of them are bare and which was clicked.
pub struct Pictures<'a> {
    pub thumbnails: &'a mut Thumbnails,
    pub found: &'a FoundRecords,
    pub bare: &'a mut Vec<PhotoId>,
    pub clicked: Option<PhotoId>,
}

impl Pictures<'_> {
    /// A title with pictures below it.
    pub fn group_ui(
        &mut self,
        ui: &mut Ui,
        title: &str,
        photographs: &[(usize, Captions)],
        side: f32,
        view: &FrameContext<'_>,
    ) {
        ui.add_space(8.0);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            ui.add(Label::new(RichText::new(title).small().weak()));
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                for (photograph, captions) in photographs {
                    ui.vertical(|ui| {
                        ui.set_width(side);
                        self.picture_ui(ui, *photograph, side, Some(*captions), view);
                        self.captions_ui(ui, *photograph, *captions, view);
                    });
                }
            });
        });
    }

    /// The picture; a click on it shows the photograph. A near-duplicate is framed.
    pub fn picture_ui(
        &mut self,
        ui: &mut Ui,
        photograph: usize,
        side: f32,
        captions: Option<Captions>,
        view: &FrameContext<'_>,
    ) {
        let (state, t) = (view.state, view.t);
        let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::click());
        let palette = Palette::of(ui.visuals());
        let photo = self.found.photos.get(photograph).copied().flatten();
        let photo = photo.and_then(|id| state.photograph(id));
        match photo {
            Some(photo) => {
                if photo.lacks_thumbnail() {
                    self.bare.push(photo.id);
                }
                paint_thumbnail(ui, ui.painter(), self.thumbnails, photo, rect);
            }
            None => {
                ui.painter().rect_filled(rect, 3, theme::CANVAS);
                icons::paint_empty_thumbnail(ui.painter(), rect, palette);
            }
        }
        let similar = captions.and_then(|captions| captions.similar);
        if similar.is_some_and(|similar| similar.is_near_duplicate) {
            let stroke = Stroke::new(2.0, palette.caution);
            frame(ui, rect, stroke);
        }
        if response.has_focus() {
            frame(ui, rect, ui.visuals().widgets.active.bg_stroke);
        }
        let name = name(state, self.found, photograph);
        let words = format!("{}: {name}", t.records_show());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &words));
        if response.clicked() {
            self.clicked = photo.map(|photo| photo.id);
        }
        response.on_hover_text(name);
    }

    fn captions_ui(
        &self,
        ui: &mut Ui,
        photograph: usize,
        captions: Captions,
        view: &FrameContext<'_>,
    ) {
        let (state, t) = (view.state, view.t);
        let palette = Palette::of(ui.visuals());
        let line = |ui: &mut Ui, words: RichText| {
            let words = words.small();
            ui.add(Label::new(words).truncate());
        };
        let of = &self.found.check.photographs[photograph];
        let person = person(state, self.found, photograph, t);
        let eye = of.eye.is_known().then(|| of.eye.as_str().to_owned());
        let whose: Vec<String> = person.into_iter().chain(eye).collect();
        line(ui, RichText::new(whose.join("  ")));
        line(
            ui,
            RichText::new(recorded(self.found, photograph, t)).weak(),
        );
        match captions.similar {
            Some(similar) if similar.is_near_duplicate => {
                let words = match similar.is_other_person {
                    true => t.records_other_person(),
                    false => t.records_same_photograph(),
                };
                let words = RichText::new(words).small().color(palette.caution);
                ui.add(Label::new(words).wrap());
            }
            Some(similar) => {
                let cosine = similar.cosine.map(|cosine| format!("{cosine:.2}"));
                line(ui, RichText::new(cosine.unwrap_or_default()).weak());
            }
            None => {}
        }
    }
}

fn frame(ui: &Ui, rect: Rect, stroke: Stroke) {
    let painter = ui.painter();
    painter.rect_stroke(rect, 3, stroke, StrokeKind::Outside);
}

/// Shows a photograph in the window.
pub fn show(photo: PhotoId, view: &mut FrameContext<'_>) {
    view.action(Action::Photographs(Photographs::Select(photo)));
    view.close_page();
}

/// The person of a photograph, as a number if names are masked; `None` if not known.
pub fn person(state: &State, found: &FoundRecords, photograph: usize, t: Texts) -> Option<String> {
    let of = &found.check.photographs[photograph];
    match state.settings.names_masked {
        true => Some(t.person_number(found.numbers.get(photograph).copied()??)),
        false => of.person.as_deref().map(shown),
    }
}

/// The name of a photograph, as a number if names are masked.
pub fn name(state: &State, found: &FoundRecords, photograph: usize) -> String {
    let photo = found.photos.get(photograph).copied().flatten();
    match photo.and_then(|id| state.photograph(id)) {
        Some(photo) => shown(&state.shown_name(photo)),
        None if state.settings.names_masked => masked::photograph(photograph + 1),
        None => shown(&found.check.photographs[photograph].image),
    }
}

/// The recorded label.
pub fn recorded(found: &FoundRecords, photograph: usize, t: Texts) -> String {
    match found.check.photographs[photograph].recorded {
        Some(is_one) => shown(&t.label(&found.check.labels[usize::from(is_one)])),
        None => t.records_not_recorded().to_owned(),
    }
}
