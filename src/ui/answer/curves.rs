//! The deletion and insertion curves of a map against those of random areas, on axes with figures.

use egui::{
    Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke,
    TextStyle, Ui, WidgetInfo, lerp, pos2, vec2,
};

use crate::saliency::sanity_checks::{Curves, DeletionInsertion};
use crate::text::report::Report;
use crate::text::sanity_checks::signed;
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};

/// Height of the area of the curves, without its axis.
const HEIGHT: f32 = 92.0;
/// Shares at which the horizontal axis has a figure.
const SHARES: [f64; 3] = [0.0, 0.5, 1.0];
/// Length of a tick.
const TICK: f32 = 4.0;
/// Dashes of the curve of random areas.
const DASH: [f32; 2] = [5.0, 4.0];

/// Both curves, on one scale.
pub fn curves_ui(ui: &mut Ui, found: &DeletionInsertion, years: bool, t: Texts) {
    let curves = &found.curves;
    let axis = Axis::of(range_of(curves));
    let shown_sd: Vec<f64> = curves.random_sd.iter().rev().copied().collect();
    let shown = curves.random_shown();
    let output = Report(t.0).output_with_unit(found.answer, years);
    for plot in [
        Plot {
            title: t.cells_hidden(),
            across: t.share_hidden(),
            map: &curves.deletion,
            random: &curves.random,
            deviation: &curves.random_sd,
            area: curves.deletion_area(),
            gain: curves.deletion_gain(),
        },
        Plot {
            title: t.cells_shown(),
            across: t.share_shown(),
            map: &curves.insertion,
            random: &shown,
            deviation: &shown_sd,
            area: curves.insertion_area(),
            gain: curves.insertion_gain(),
        },
    ] {
        plot.plot_ui(ui, curves, (&axis, &output), t);
        ui.add_space(theme::GAP);
    }
    legend_ui(ui, t);
}

/// The lowest and highest output of all curves, including the band of the random areas.
fn range_of(curves: &Curves) -> [f64; 2] {
    let bands = curves.random.iter().zip(&curves.random_sd);
    let ends = bands.flat_map(|(mean, sd)| [mean - sd, mean + sd]);
    let all = curves.deletion.iter().chain(&curves.insertion).copied();
    let range = all.chain(ends).filter(|v| v.is_finite());
    range.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], v| {
        [low.min(v), high.max(v)]
    })
}

/// The vertical axis: round figures that enclose the data.
#[derive(Clone, Debug, PartialEq)]
struct Axis {
    ticks: Vec<f64>,
    decimals: usize,
}

impl Axis {
    /// Three to six figures at a distance of 1, 2 or 5 times a power of ten.
    fn of([low, high]: [f64; 2]) -> Self {
        if !(low.is_finite() && high.is_finite()) {
            return Self::of([0.0, 1.0]);
        }
        // Curves without any change still have an axis.
        let least = 1e-6 * low.abs().max(high.abs()).max(1.0);
        let (low, high) = match high - low < least {
            true => (low - least, high + least),
            false => (low, high),
        };
        let power = libm::floor(libm::log10((high - low) / 3.0));
        let unit = libm::pow(10.0, power);
        let steps = [1.0, 2.0, 5.0, 10.0].map(|n| n * unit);
        let fits = |step: &f64| (high / step).ceil() - (low / step).floor() <= 5.0;
        let step = steps.into_iter().find(fits).unwrap_or(10.0 * unit);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let count = (last - first).clamp(1.0, 8.0) as usize;
        Self {
            ticks: (0..=count).map(|i| (first + i as f64) * step).collect(),
            decimals: (-libm::floor(libm::log10(step) + 1e-9)).clamp(0.0, 9.0) as usize,
        }
    }

    fn ends(&self) -> (f64, f64) {
        (self.ticks[0], self.ticks[self.ticks.len() - 1])
    }

    fn figures(&self, t: Texts) -> Vec<String> {
        let figure = |v: &f64| {
            let text = format!("{v:.*}", self.decimals);
            t.signed(if text.trim_matches(['-', '0', '.']).is_empty() {
                text.replace('-', "")
            } else {
                text
            })
        };
        self.ticks.iter().map(figure).collect()
    }
}

struct Plot<'a> {
    title: &'a str,
    /// The name of the horizontal axis.
    across: &'a str,
    map: &'a [f64],
    random: &'a [f64],
    deviation: &'a [f64],
    area: f64,
    gain: f64,
}

impl Plot<'_> {
    fn plot_ui(&self, ui: &mut Ui, curves: &Curves, (axis, output): (&Axis, &str), t: Texts) {
        words_ui(ui, &format!("{}: {output}", self.title), Emphasis::Small);
        let palette = Palette::of(ui.visuals());
        let font = TextStyle::Small.resolve(ui.style());
        let figures = axis.figures(t);
        let width = |text: &String| {
            let galley = ui
                .painter()
                .layout_no_wrap(text.clone(), font.clone(), palette.weak);
            galley.size().x
        };
        let left = figures.iter().map(width).fold(0.0, f32::max) + TICK + 4.0;
        let below = 2.0 * font.size * 1.3 + TICK;
        let size = vec2(ui.available_width(), HEIGHT + below + font.size / 2.0);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        self.named(response, curves, t);
        let area = Rect::from_min_max(
            rect.min + vec2(left, font.size / 2.0),
            rect.max - vec2(font.size, below),
        );
        let painter = ui.painter();
        painter.rect_filled(area, 2.0, palette.window);
        let (low, high) = axis.ends();
        let at = |share: f64, answer: f64| {
            let up = ((answer - low) / (high - low)).clamp(0.0, 1.0) as f32;
            pos2(
                lerp(area.x_range(), share as f32),
                lerp(area.bottom()..=area.top(), up),
            )
        };
        self.axes(painter, (area, &font, palette), (axis, &figures), &at);
        let line = |answers: &[f64]| -> Vec<Pos2> {
            let points = curves.shares.iter().zip(answers);
            points.map(|(&share, &answer)| at(share, answer)).collect()
        };
        let band = |sign: f64| -> Vec<f64> {
            let bands = self.random.iter().zip(self.deviation);
            bands.map(|(mean, sd)| mean + sign * sd).collect()
        };
        let [lower, upper] = [-1.0, 1.0].map(|sign| line(&band(sign)));
        painter.add(filled(&lower, &upper, palette.bar));
        for edge in [lower, upper] {
            painter.add(Shape::line(edge, band_edge(palette)));
        }
        dashed(painter, &line(self.random), palette);
        painter.add(Shape::line(line(self.map), map_line(palette)));
        let gain = signed(self.gain, axis.decimals + 1);
        words_ui(ui, &t.area_between(&gain), Emphasis::Small);
    }

    fn named(&self, response: Response, curves: &Curves, t: Texts) {
        let random = curves.random_area();
        let name = t.curve_name(
            self.title,
            &t.signed(format!("{:.2}", self.area)),
            &t.signed(format!("{random:.2}")),
        );
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        response.on_hover_text(name);
    }

    fn axes(
        &self,
        painter: &Painter,
        (area, font, palette): (Rect, &FontId, &Palette),
        (axis, figures): (&Axis, &[String]),
        at: &impl Fn(f64, f64) -> Pos2,
    ) {
        let stroke = Stroke::new(1.0, palette.weak);
        let text = |place: Pos2, align: Align2, text: &str| {
            painter.text(place, align, text, font.clone(), palette.weak);
        };
        painter.line_segment([area.left_top(), area.left_bottom()], stroke);
        painter.line_segment([area.left_bottom(), area.right_bottom()], stroke);
        for (value, figure) in axis.ticks.iter().zip(figures) {
            let place = at(0.0, *value);
            painter.line_segment([place, place - vec2(TICK, 0.0)], stroke);
            text(place - vec2(TICK + 3.0, 0.0), Align2::RIGHT_CENTER, figure);
        }
        let bottom = axis.ends().0;
        for share in SHARES {
            let place = at(share, bottom);
            painter.line_segment([place, place + vec2(0.0, TICK)], stroke);
            let below = place + vec2(0.0, TICK + 1.0);
            text(below, Align2::CENTER_TOP, &format!("{:.0}", 100.0 * share));
        }
        let middle = pos2(
            area.center().x,
            area.bottom() + TICK + 1.0 + 1.25 * font.size,
        );
        text(middle, Align2::CENTER_TOP, self.across);
    }
}

fn map_line(palette: &Palette) -> Stroke {
    Stroke::new(2.0, palette.bar_fill)
}

fn band_edge(palette: &Palette) -> Stroke {
    Stroke::new(1.0, palette.weak)
}

fn dashed(painter: &Painter, line: &[Pos2], palette: &Palette) {
    let stroke = Stroke::new(1.5, palette.text);
    painter.extend(Shape::dashed_line(line, stroke, DASH[0], DASH[1]));
}

/// The area between two lines with the same horizontal positions.
fn filled(lower: &[Pos2], upper: &[Pos2], fill: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    for (i, (low, high)) in lower.iter().zip(upper).enumerate() {
        mesh.colored_vertex(*high, fill);
        mesh.colored_vertex(*low, fill);
        if i > 0 {
            let first = 2 * (i as u32 - 1);
            mesh.add_triangle(first, first + 1, first + 2);
            mesh.add_triangle(first + 1, first + 2, first + 3);
        }
    }
    mesh
}

/// What each line means, beside a sample of it.
fn legend_ui(ui: &mut Ui, t: Texts) {
    let palette = Palette::of(ui.visuals());
    for (i, words) in [t.curve_of_map(), t.curve_of_random(), t.band_of_random()]
        .into_iter()
        .enumerate()
    {
        ui.horizontal_top(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(28.0, 16.0), Sense::hover());
            let painter = ui.painter();
            let ends = [rect.left_center(), rect.right_center()];
            match i {
                0 => {
                    painter.line_segment(ends, map_line(palette));
                }
                1 => dashed(painter, &ends, palette),
                _ => {
                    let band = rect.shrink2(vec2(0.0, 3.0));
                    let kind = egui::StrokeKind::Inside;
                    painter.rect(band, 0.0, palette.bar, band_edge(palette), kind);
                }
            }
            words_ui(ui, words, Emphasis::Small);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[test]
    fn the_axis_encloses_the_data_with_a_few_round_figures() {
        for range in [
            [0.61, 0.74],
            [0.0, 1.0],
            [-3.2, 8.0],
            [51.3, 51.9],
            [1e-5, 4e-5],
            [2.0, 2.0],
        ] {
            let axis = Axis::of(range);
            let (low, high) = axis.ends();
            assert!(low <= range[0] && high >= range[1], "{range:?} {axis:?}");
            assert!((3..=7).contains(&axis.ticks.len()), "{range:?} {axis:?}");
            let used = (range[1] - range[0]) / (high - low);
            assert!(
                used > 0.4 || range[0] == range[1],
                "{range:?} is flat on {axis:?}"
            );
        }
        let narrow = Axis::of([0.61, 0.74]);
        let figures = narrow.figures(Texts(Lang::En));
        assert_eq!(figures, ["0.60", "0.65", "0.70", "0.75"]);
        assert_eq!(Axis::of([-0.5, 0.5]).figures(Texts(Lang::En))[0], "−0.5");
    }

    #[test]
    fn an_axis_of_no_figures_is_still_one() {
        let axis = Axis::of([f64::INFINITY, f64::NEG_INFINITY]);
        assert_eq!(axis.ends(), (0.0, 1.0));
    }
}
