//! Contribution by region: disc and fovea detected, accepted or marked, and the shares of the map in the resulting
//! regions.

use egui::{
    Align, Button, CollapsingHeader, Label, Layout, ProgressBar, Rect, RichText, Sense, TextStyle,
    Ui, UiBuilder, pos2, vec2,
};

use crate::app::State;
use crate::app::apply::anatomy::HideRegions;
use crate::app::apply::{Action, Anatomy};
use crate::app::state::Photograph;
use crate::domain::{Certainty, DetectedPoint, MarkSource};
use crate::saliency::Regions;
use crate::text::region_table::RegionTable;
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, share_of, wide_button_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::anatomy::passes;

pub fn anatomy_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.heading(super::of_model(t.anatomy(), state, t));
    let Some(photo) = state.selected().filter(|_| state.can_mark()) else {
        words_ui(ui, t.anatomy_needs_photograph(), Emphasis::Weak);
        return;
    };
    marks_ui(ui, photo, view);
    if photo.fundus.marks.is_some() {
        let mut shown = state.anatomy.outlines_shown;
        if ui.checkbox(&mut shown, t.region_outlines()).changed() {
            view.action(Action::Anatomy(Anatomy::Outlines(shown)));
        }
        if let Some(regions) = state.regions_in_view() {
            regions_ui(ui, state, photo, &regions, t);
        }
        cover_ui(ui, view);
    }
    CollapsingHeader::new(t.about_regions())
        .id_salt("about regions")
        .show(ui, |ui| {
            words_ui(ui, t.about_region_sizes(), Emphasis::Small);
            ui.add_space(theme::GAP);
            words_ui(ui, t.about_region_reference(), Emphasis::Small);
        });
}

/// The source of the marks and the available actions.
fn marks_ui(ui: &mut Ui, photo: &Photograph, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let fundus = &photo.fundus;
    let placing = state.anatomy.placing.filter(|p| p.photo == photo.id);
    let measuring = state.anatomy.measuring.as_ref();
    let looking = measuring.is_some_and(|m| m.photo == photo.id && m.marks.is_none());
    let failed = state.anatomy.failed.as_ref();
    let failed = failed.filter(|(id, _)| *id == photo.id);
    let word = |found: Option<DetectedPoint>| {
        found.map_or(Certainty::NotFound, |found| Certainty::of(found.sureness))
    };
    let source = fundus.marks.map(|(_, source)| source);
    let says = match (placing, source, fundus.proposal) {
        (Some(placing), ..) => t.click_next(placing.disc.is_some()).to_owned(),
        (None, Some(MarkSource::Accepted), _) => t.landmarks_accepted().to_owned(),
        (None, Some(MarkSource::User), _) => t.landmarks_by_hand().to_owned(),
        (None, None | Some(MarkSource::Proposed), Some(found)) => {
            t.landmarks_proposed(word(found.disc), word(found.fovea))
        }
        (None, None | Some(MarkSource::Proposed), None) if looking => t.measuring().to_owned(),
        (None, None | Some(MarkSource::Proposed), None) => t.anatomy_start().to_owned(),
    };
    words_ui(ui, &says, Emphasis::Weak);
    if let Some((_, failure)) = failed {
        let serious = Palette::of(ui.visuals()).serious;
        let why = format!("{} {}", failure.message(t.0), failure.hint(t.0));
        words_ui(ui, &why, Emphasis::Coloured(serious));
    }
    ui.horizontal_wrapped(|ui| {
        let mut button = |text: &str, tip: &str, enabled: bool, action: Anatomy| {
            let response = ui.add_enabled(enabled, Button::new(text));
            if response.on_hover_text(tip).clicked() {
                view.action(Action::Anatomy(action));
            }
        };
        if placing.is_some() {
            let stop = t.stop_marking();
            button(stop, stop, true, Anatomy::Stop);
            return;
        }
        if source == Some(MarkSource::Proposed) {
            let tip = t.accept_landmarks_tip();
            button(t.accept_landmarks(), tip, true, Anatomy::Accept);
        }
        // Detecting again would give the same result.
        if source.is_none() && fundus.proposal.is_none() {
            let tip = t.find_landmarks_tip();
            button(t.find_landmarks(), tip, !looking, Anatomy::Find);
        }
        let tip = t.mark_landmarks_tip();
        button(t.mark_landmarks(), tip, true, Anatomy::Place);
        if source.is_some() {
            let clear = t.clear_landmarks();
            button(clear, clear, true, Anatomy::Clear);
        }
    });
}

/// The table and a legend for its columns.
fn regions_ui(ui: &mut Ui, state: &State, photo: &Photograph, regions: &Regions, t: Texts) {
    let Some((_, key)) = state.map_in_view() else {
        return;
    };
    let has_map = photo.map(&key.model, &key.recipe).is_some();
    let measured = photo.fundus.shares.contains_key(&key);
    match (regions.shares, has_map, measured) {
        (Some(_), ..) => {}
        (None, false, _) => {
            words_ui(ui, t.anatomy_needs_map(), Emphasis::Small);
        }
        (None, true, true) => {
            words_ui(ui, t.map_without_evidence(), Emphasis::Small);
        }
        (None, true, false) => {
            words_ui(ui, t.measuring(), Emphasis::Small);
        }
    }
    if regions.shares.is_none() && regions.covered.is_none() {
        return;
    }
    let labels = state.model().map(|m| m.labels.as_slice());
    if let Some(table) = t.region_table(regions, labels.unwrap_or_default()) {
        table_ui(ui, regions, &table);
        for note in &table.notes {
            words_ui(ui, note, Emphasis::Small);
        }
    }
}

/// One line per region, over the full width of the panel.
fn table_ui(ui: &mut Ui, regions: &Regions, table: &RegionTable) {
    let columns = Columns {
        shares: regions.shares.is_some(),
        covered: regions.covered.is_some(),
        width: ui.available_width(),
    };
    columns.line_ui(ui, &table.titles, true, false);
    for (i, cells) in table.rows.iter().enumerate() {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        columns.line_ui(ui, &cells, false, i % 2 == 0);
    }
    ui.add_space(2.0);
}

/// Width of the region names, and the relative widths of the columns for shares and changes.
const NAMES: f32 = 70.0;
const SHARE: f32 = 1.0;
const CHANGE: f32 = 1.2;

/// Which columns the table has.
struct Columns {
    shares: bool,
    covered: bool,
    width: f32,
}

impl Columns {
    /// In points, one per cell in order.
    fn widths(&self) -> impl Iterator<Item = f32> {
        let shares = if self.shares { &[SHARE; 3][..] } else { &[] };
        let covered = if self.covered { &[CHANGE; 2][..] } else { &[] };
        let parts = || shares.iter().chain(covered).copied();
        let unit = (self.width - NAMES).max(0.0) / parts().sum::<f32>().max(SHARE);
        [NAMES]
            .into_iter()
            .chain(parts().map(move |part| part * unit))
    }

    /// The first cell is left-aligned, figures are right-aligned.
    fn line_ui(&self, ui: &mut Ui, cells: &[&str], strong: bool, shaded: bool) {
        let small = TextStyle::Small.resolve(ui.style()).size * theme::LINE_HEIGHT;
        let lines = cells.iter().map(|c| c.lines().count()).max().unwrap_or(1);
        let height = small * lines as f32 + 3.0;
        let (rect, _) = ui.allocate_exact_size(vec2(self.width, height), Sense::hover());
        if shaded {
            let shade = ui.visuals().faint_bg_color;
            ui.painter().rect_filled(rect, 2, shade);
        }
        let mut left = rect.left();
        for (i, (text, width)) in cells.iter().zip(self.widths()).enumerate() {
            let place = Rect::from_min_size(pos2(left, rect.top()), vec2(width, height));
            left += width;
            let layout = match i {
                0 => Layout::left_to_right(Align::Center),
                _ => Layout::right_to_left(Align::Center),
            };
            let text = RichText::new(*text)
                .text_style(TextStyle::Small)
                .line_height(Some(small));
            let text = if strong { text.weak() } else { text };
            let builder = UiBuilder::new().max_rect(place.shrink2(vec2(2.0, 0.0)));
            ui.scope_builder(builder.layout(layout), |ui| {
                ui.add(Label::new(text).extend());
            });
        }
    }
}

fn cover_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.add_space(2.0);
    if state.is_covering_here() {
        let steps = view.runner.work::<HideRegions>().steps;
        let bar = ProgressBar::new(share_of(ui, steps)).text(t.covering_regions());
        ui.add(bar);
        if ui.button(t.cancel_covering()).clicked() {
            view.action(Action::Anatomy(Anatomy::CancelCover));
        }
        return;
    }
    let button = Button::new(t.cover_regions());
    let response = wide_button_ui(ui, state.can_cover(), button, theme::CONTROL_HEIGHT);
    let tip = t.cover_tip(passes(crate::workflow::anatomy::RANDOMS));
    if response.on_hover_text(tip).clicked() {
        view.action(Action::Anatomy(Anatomy::Cover));
    }
}
