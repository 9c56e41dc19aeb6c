//! What the network sees: the photograph's path through the model step by step, each at its own size.

use std::sync::Arc;

use egui::{
    Align2, Button, Color32, ColorImage, Pos2, Rect, Role, Sense, Stroke, StrokeKind,
    TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2,
};
use strum::VariantArray;

use super::{Page, PagePlacement};
use crate::app::apply::{self, Action};
use crate::app::state::Loadable;
use crate::domain::Head;
use crate::imaging::Grid;
use crate::imaging::overlay::{OverlayOptions, overlay_rgba};
use crate::text::report::{Report, capital};
use crate::text::window::Texts;
use crate::ui::answer::of_model;
use crate::ui::rows::{Emphasis, toggle_ui, words_ui};
use crate::ui::textures::{Cache, Shared, image_of};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::trace::Trace;

/// Maximum height of a step's picture.
const PICTURE: f32 = 400.0;
/// Height of all steps with their texts.
const HEIGHT: f32 = 590.0;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, VariantArray)]
enum Step {
    #[default]
    Original,
    Crop,
    Input,
    Scaled,
    Features,
    Map,
    Score,
}

impl Step {
    fn name(self, t: Texts) -> &'static str {
        match self {
            Self::Original => t.step_original(),
            Self::Crop => t.step_crop(),
            Self::Input => t.step_input(),
            Self::Scaled => t.step_scaled(),
            Self::Features => t.step_features(),
            Self::Map => t.step_map(),
            Self::Score => t.step_score(),
        }
    }

    fn says(self, t: Texts) -> &'static str {
        match self {
            Self::Original => t.step_original_says(),
            Self::Crop => t.step_crop_says(),
            Self::Input => t.step_input_says(),
            Self::Scaled => t.step_scaled_says(),
            Self::Features => t.step_features_says(),
            Self::Map => t.step_map_says(),
            Self::Score => t.step_score_says(),
        }
    }
}

/// The current step, and its picture as a texture.
#[derive(Default)]
pub struct StepsPage {
    at: Step,
    /// `None` for a step that this network does not offer.
    shown: Cache<(Shared<Trace>, Step), Option<TextureHandle>>,
}

impl Page for StepsPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(760.0)
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        // The sheet has a fixed size from the first frame: if it grew, half of it would be outside its frame.
        ui.set_min_height(HEIGHT);
        ui.heading(of_model(t.what_it_sees(), state, t));
        ui.add_space(theme::GAP);
        let trace = match state.trace_in_view() {
            Some(Loadable::Ready(trace)) => trace,
            Some(Loadable::Failed(failure)) => {
                let ink = Palette::of(ui.visuals()).serious;
                let wording = format!("{} {}", t.steps_failed(), failure.message(t.0));
                words_ui(ui, &wording, Emphasis::Coloured(ink));
                words_ui(ui, &failure.hint(t.0), Emphasis::Small);
                return;
            }
            Some(Loadable::Pending) => {
                words_ui(ui, t.steps_computing(), Emphasis::Weak);
                ui.ctx()
                    .request_repaint_after(std::time::Duration::from_millis(100));
                return;
            }
            Some(Loadable::NotRequested) | None if state.can_be_shown_to_a_model() => {
                view.action(Action::View(apply::View::Trace));
                words_ui(ui, t.steps_computing(), Emphasis::Weak);
                return;
            }
            Some(Loadable::NotRequested) | None => {
                words_ui(ui, t.result_waiting(), Emphasis::Weak);
                return;
            }
        };
        ui.horizontal_wrapped(|ui| {
            for (i, step) in Step::VARIANTS.iter().copied().enumerate() {
                let name = format!("{} {}", i + 1, step.name(t));
                if toggle_ui(ui, step == self.at, name).clicked() {
                    self.at = step;
                }
            }
        });
        ui.add_space(theme::GAP);
        self.picture_ui(ui, trace, t);
        self.shown.end();
        words_ui(ui, &size_words(self.at, trace, t), Emphasis::Plain);
        words_ui(ui, self.at.says(t), Emphasis::Weak);
        ui.add_space(theme::GAP);
        let place = Step::VARIANTS
            .iter()
            .position(|s| *s == self.at)
            .unwrap_or(0);
        ui.horizontal(|ui| {
            let back = ui.add_enabled(place > 0, Button::new(t.step_back()));
            if back.clicked() {
                self.at = Step::VARIANTS[place - 1];
            }
            let last = place + 1 == Step::VARIANTS.len();
            if ui.add_enabled(!last, Button::new(t.step_on())).clicked() {
                self.at = Step::VARIANTS[place + 1];
            }
        });
    }
}

impl StepsPage {
    fn picture_ui(&mut self, ui: &mut Ui, trace: &Arc<Trace>, t: Texts) {
        let size = vec2(ui.available_width(), PICTURE);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let name = self.at.name(t);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
        ui.painter().rect_filled(rect, theme::CORNER, theme::CANVAS);
        let say = |text: &str, size: f32| {
            let font = egui::FontId::proportional(size);
            let (at, align) = (rect.center(), Align2::CENTER_CENTER);
            ui.painter().text(at, align, text, font, theme::ON_CANVAS);
        };
        if self.at == Step::Score {
            say(&score_words(trace, t), 22.0);
            return;
        }
        let texture = self.shown.get((Shared::of(trace), self.at), || {
            // Pixels of the network's input are shown as squares.
            let options = match self.at {
                Step::Original | Step::Crop => TextureOptions::LINEAR,
                Step::Input | Step::Scaled | Step::Features | Step::Map | Step::Score => {
                    TextureOptions::NEAREST
                }
            };
            let image = picture(self.at, trace)?;
            Some(ui.ctx().load_texture("step", image, options))
        });
        let Some(texture) = texture else {
            say(t.step_unavailable(), 15.0);
            return;
        };
        let size = texture.size_vec2();
        let fit = (rect.width() / size.x).min(rect.height() / size.y);
        let place = Rect::from_center_size(rect.center(), size * fit);
        let uv = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        let painter = ui.painter_at(rect);
        painter.image(texture.id(), place, uv, Color32::WHITE);
        if self.at == Step::Original {
            let scale = place.width() / trace.geometry.image[0] as f32;
            let area = trace.geometry.crop_in_image();
            let at = |x: f64, y: f64| place.min + vec2(x as f32, y as f32) * scale;
            let crop = Rect::from_min_max(at(area.left, area.top), at(area.right, area.bottom));
            let crop = crop.intersect(place.expand(2.0));
            let line = Stroke::new(theme::LINE_WIDTH, theme::FIELD_OUTLINE);
            painter.rect_stroke(crop, 0, line, StrokeKind::Inside);
        }
    }
}

fn picture(step: Step, trace: &Trace) -> Option<ColorImage> {
    match step {
        Step::Original => Some(image_of(&trace.original)),
        Step::Crop => Some(image_of(&trace.crop)),
        Step::Input => Some(image_of(&trace.input)),
        Step::Scaled => Some(image_of(&trace.scaled)),
        Step::Features => Some(energy(&trace.features.as_ref()?.energy)),
        Step::Map => {
            let grid = &trace.map.as_ref()?.grid;
            let options = OverlayOptions {
                opacity: 1.0,
                ..OverlayOptions::default()
            };
            let rgba = overlay_rgba(grid, &options, grid.columns(), grid.rows());
            let size = [rgba.width, rgba.height];
            Some(ColorImage::from_rgba_unmultiplied(size, &rgba.rgba))
        }
        Step::Score => None,
    }
}

/// From zero, black, to the strongest response, white.
fn energy(grid: &Grid) -> ColorImage {
    let most = grid.max_abs().max(f32::MIN_POSITIVE);
    let level = |v: &f32| (v / most * 255.0).round() as u8;
    let pixels = grid.values().iter().map(|v| Color32::from_gray(level(v)));
    ColorImage::new([grid.columns(), grid.rows()], pixels.collect())
}

fn size_words(step: Step, trace: &Trace, t: Texts) -> String {
    let geometry = &trace.geometry;
    let crop = geometry.crop;
    let of_grid = |grid: &Grid| {
        let (width, height) = (f64::from(crop.width), f64::from(crop.height));
        t.represents(
            true,
            width / grid.columns() as f64,
            height / grid.rows() as f64,
        )
    };
    let comma = match t.0 {
        crate::text::Lang::En => "; ",
        crate::text::Lang::Ja => "、",
    };
    match step {
        Step::Original => t.pixels_of(geometry.image[0], geometry.image[1]),
        Step::Crop => t.pixels_of(crop.width, crop.height),
        Step::Input => {
            let [across, down] = geometry.image_pixels_per_input_pixel();
            let size = t.pixels_of(geometry.input[0], geometry.input[1]);
            format!("{size}{comma}{}", t.represents(false, across, down))
        }
        Step::Scaled => {
            let count = geometry.input[0] as usize * geometry.input[1] as usize * 3;
            t.numbers_from(count, trace.range.0, trace.range.1)
        }
        Step::Features => trace
            .features
            .as_ref()
            .map_or_else(String::new, |features| {
                let grid = &features.energy;
                let size = t.cells_and_channels(grid.columns(), grid.rows(), features.channels);
                format!("{size}{comma}{}", of_grid(grid))
            }),
        Step::Map => trace.map.as_ref().map_or_else(String::new, |map| {
            let size = t.grid_of(map.method, map.grid.columns(), map.grid.rows());
            format!("{size}{comma}{}", of_grid(&map.grid))
        }),
        Step::Score => capital(&Report(t.0).answer(&trace.case)),
    }
}

/// From the number before the last function to the answer.
fn score_words(trace: &Trace, t: Texts) -> String {
    let case = &trace.case;
    match (case.card.head, case.logit, case.score, case.value) {
        (Head::Sigmoid | Head::Softmax, Some(logit), Some(score), _) => {
            let z = t.signed(format!("{logit:+.3}"));
            let (logit, score_word) = (t.logit(), t.model_score());
            let score = t.score_figure(score);
            format!("{logit} z = {z}  →  {score_word} 1 / (1 + exp(−z)) = {score}")
        }
        (_, _, _, Some(value)) => t.signed(format!("{value:.2}")),
        (Head::Sigmoid | Head::Softmax | Head::Linear, _, _, None) => String::new(),
    }
}
