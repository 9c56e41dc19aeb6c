//! Pictures for a paper, a slide or a record: the overlay with a caption, and photograph and overlays side by side.
//!
//! A caption is placed below the photograph, never over the retina, and always carries the research-only line.

use super::band::{Column, SOFT, Scale, WARNING, WHITE, ground, paste};
use super::sanity_checks::verdict;
use super::text_on_picture::with_minus;
use crate::domain::{Finding, FindingCode, Pixels, ResultRow, Severity};
use crate::imaging::overlay::{self, OverlayOptions, Rgba};
use crate::imaging::{Geometry, shrink};
use crate::saliency::SaliencyMap;
use crate::saliency::sanity_checks::SanityChecks;
use crate::text::map_scale::{MapScale, ends};
use crate::text::report::{Report, capital};
use crate::text::window::Texts;
use crate::text::{Lang, research_only};

/// Longest side of a figure, in pixels.
pub const FIGURE_LONGEST: u32 = 4096;

/// Smallest letter size and narrowest band for it, in pixels.
const SMALLEST_EM: f32 = 11.0;
const NARROWEST: u32 = 300;

/// One answer with everything that its caption names.
#[derive(Clone, Copy)]
pub struct Captioned<'a> {
    pub lang: Lang,
    /// The photograph's name as shown; it may be masked.
    pub name: &'a str,
    pub case: &'a ResultRow,
    pub map: Option<&'a SaliencyMap>,
    /// The input with covered parts replaced, over the area that the network saw.
    pub covered: Option<&'a Rgba>,
    /// Sanity checks of the map, if requested: one line reports the effect of hiding the marked area.
    pub sanity_checks: Option<&'a SanityChecks>,
    pub overlay: &'a OverlayOptions,
    /// The share of the map's evidence outside the photograph, 0–1; it is stated, not drawn.
    pub outside: f64,
}

/// Lines of the caption: name, eye and its source; the model; its answer; how the map was computed, drawn and coloured;
/// warnings about the score; the research-only line.
pub fn caption(of: &Captioned) -> Vec<String> {
    let mut lines = vec![of.title(), of.model().to_owned(), of.answer()];
    lines.extend(of.map_lines());
    lines.extend(of.remarks().into_iter().map(|(remark, _)| remark));
    lines.push(research_only(of.lang).to_owned());
    lines
}

/// The overlay at full size, as written by the command line; the photograph itself if there is no map. With a caption a
/// band below holds its lines and the colour scale, and a picture narrower than 300 px is centred in a band of that
/// width.
pub fn overlay_picture(
    photograph: &Pixels,
    geometry: &Geometry,
    of: &Captioned,
    with_caption: bool,
) -> Pixels {
    let picture = of.laid_over(photograph, geometry);
    if !with_caption {
        return picture;
    }
    let width = picture.width.max(NARROWEST);
    let em = (width as f32 / 62.0).max(SMALLEST_EM);
    let mut column = Column::new(width as f32 - 2.0 * em, em);
    column.text(&of.title(), 1.15, WHITE);
    column.gap(0.3);
    column.text(of.model(), 1.0, WHITE);
    column.text(&of.answer(), 1.0, WHITE);
    of.put_map(&mut column, photograph);
    column.gap(0.4);
    for (remark, severity) in of.remarks() {
        column.text(&remark, 1.0, ink(severity));
    }
    column.text(research_only(of.lang), 1.0, SOFT);
    let below = (column.height() + 1.6 * em).ceil() as u32;
    let mut page = ground(width, picture.height + below);
    paste(&mut page, &picture, ((width - picture.width) / 2, 0));
    column.paint(&mut page, (em, picture.height as f32 + 0.8 * em));
    page
}

/// Photograph on the left, one overlay per answer to the right, each pane with a heading above and its part of the
/// caption below. The longest side has at most [`FIGURE_LONGEST`] pixels. All answers are about this photograph; name
/// and language are taken from the first. A remark about all of them is placed below the photograph.
pub fn side_by_side(
    photograph: &Pixels,
    answers: &[(Captioned, &Geometry)],
    remark: Option<&str>,
) -> Pixels {
    let longest = f64::from(FIGURE_LONGEST);
    let mut scale = 1.0;
    // Text wraps differently at every size, so the scale is found iteratively; two passes suffice for photographs.
    for _ in 0..6 {
        let layout = Layout::new(photograph, answers, remark, scale);
        let side = f64::from(layout.width.max(layout.height));
        if side <= longest || layout.pane == (1, 1) {
            break;
        }
        scale *= longest / side * 0.995;
    }
    let figure = Layout::new(photograph, answers, remark, scale).paint(photograph, answers);
    let side = f64::from(figure.width.max(figure.height));
    if side <= longest {
        return figure;
    }
    let size = |v: u32| (f64::from(v) * longest / side) as u32;
    shrink(&figure, size(figure.width), size(figure.height))
}

/// Sizes and positions of a figure at one scale of its panes.
struct Layout<'a> {
    /// Width and height of a pane.
    pane: (u32, u32),
    em: f32,
    /// From one column's left edge to the next.
    step: u32,
    width: u32,
    height: u32,
    /// Top of the panes.
    top: u32,
    headings: Vec<Column<'a>>,
    notes: Vec<Column<'a>>,
}

impl<'a> Layout<'a> {
    fn new(
        photograph: &Pixels,
        answers: &'a [(Captioned<'a>, &Geometry)],
        remark: Option<&str>,
        scale: f64,
    ) -> Self {
        let side = |v: u32| ((f64::from(v) * scale) as u32).clamp(1, v);
        let pane = (side(photograph.width), side(photograph.height));
        let panes = answers.len() as u32 + 1;
        // Letters legible when the figure fills the width of a page.
        let em = (pane.0 as f32 * panes as f32 / (25.0 * (panes + 1) as f32)).max(SMALLEST_EM);
        let column = pane.0.max((24.0 * em) as u32);
        let gap = (0.6 * em).ceil() as u32;
        let new = || Column::new(column as f32 - 0.8 * em, em);
        let (mut headings, mut notes) = (Vec::new(), Vec::new());
        if let Some((first, _)) = answers.first() {
            let (mut heading, mut note) = (new(), new());
            heading.text(Report(first.lang).photograph(), 1.15, WHITE);
            note.text(&first.title(), 1.0, WHITE);
            if let Some(remark) = remark {
                note.text(remark, 1.0, SOFT);
            }
            note.gap(0.4);
            for (remark, severity) in remarks_of_all(answers) {
                note.text(&remark, 1.0, ink(severity));
            }
            note.text(research_only(first.lang), 1.0, SOFT);
            headings.push(heading);
            notes.push(note);
        }
        for (of, _) in answers {
            let (mut heading, mut note) = (new(), new());
            heading.text(of.model(), 1.15, WHITE);
            note.text(&of.answer(), 1.0, WHITE);
            of.put_map(&mut note, photograph);
            headings.push(heading);
            notes.push(note);
        }
        let tallest = |columns: &[Column]| columns.iter().map(Column::height).fold(0.0, f32::max);
        let top = (tallest(&headings) + 0.9 * em).ceil() as u32;
        let below = (tallest(&notes) + 1.6 * em).ceil() as u32;
        let margin = em.ceil() as u32;
        Self {
            pane,
            em,
            step: column + gap,
            width: 2 * margin + panes * column + (panes - 1) * gap,
            height: top + pane.1 + below,
            top,
            headings,
            notes,
        }
    }

    fn paint(&self, photograph: &Pixels, answers: &[(Captioned, &Geometry)]) -> Pixels {
        let mut page = ground(self.width, self.height);
        let margin = self.em.ceil() as u32;
        let left = |i: usize| margin + i as u32 * self.step;
        let mut put = |i: usize, picture: &Pixels| {
            let small = shrink(picture, self.pane.0, self.pane.1);
            paste(&mut page, &small, (left(i), self.top));
        };
        put(0, photograph);
        for (i, (of, geometry)) in answers.iter().enumerate() {
            put(i + 1, &of.laid_over(photograph, geometry));
        }
        for (i, heading) in self.headings.iter().enumerate() {
            // Headings sit directly above their panes, however many lines the others have.
            let y = self.top as f32 - 0.4 * self.em - heading.height();
            heading.paint(&mut page, (left(i) as f32, y));
        }
        let below = (self.top + self.pane.1) as f32 + 0.8 * self.em;
        for (i, note) in self.notes.iter().enumerate() {
            note.paint(&mut page, (left(i) as f32, below));
        }
        page
    }
}

impl<'a> Captioned<'a> {
    fn title(&self) -> String {
        Report(self.lang).name_and_eye(self.name, self.case.eye, self.case.eye_source)
    }

    fn model(&self) -> &'a str {
        let card = &self.case.card;
        if card.name.is_empty() {
            &card.id
        } else {
            &card.name
        }
    }

    fn answer(&self) -> String {
        let report = Report(self.lang);
        match (&self.case.covered, self.covered) {
            // The label belongs to the whole photograph, which is not shown.
            (Some(covered), Some(_)) => report.covered(&self.case.card, covered),
            _ => with_minus(&capital(&report.answer(self.case))),
        }
    }

    /// The map's method and grid, its colours, and how it is drawn.
    fn map_lines(&self) -> Vec<String> {
        let Some(map) = self.map.filter(|_| self.covered.is_none()) else {
            return Vec::new();
        };
        let (report, options) = (Report(self.lang), self.overlay);
        let grid = [map.grid.rows(), map.grid.columns()];
        let made = report.map_computed(map.method, map.target.name(), map.layer.as_deref(), grid);
        let directions = report.map_directions(&self.case.card, map);
        let colours = report.colours(options.colormap, ends(options), &directions);
        let drawn = report.drawn(options, options.contour_of(&map.grid));
        let space = if self.lang == Lang::En { " " } else { "" };
        let provenance = self.case.saliency.as_ref();
        let settings = provenance.and_then(|p| report.map_settings(p));
        let drawn = format!("{colours}{space}{drawn}");
        let deletion = self.sanity_checks.and_then(|c| c.deletion.as_ref());
        let verdict = deletion.map(|h| report.verdict(&verdict(h, Some(&self.case.card))));
        let outside = (self.outside > 0.0).then(|| report.outside_not_drawn().to_owned());
        [Some(made), settings, Some(drawn), outside, verdict]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Lines about the map with its colour scale.
    fn put_map(&self, column: &mut Column<'a>, photograph: &Pixels) {
        column.gap(0.3);
        for line in self.map_lines() {
            column.text(&line, 1.0, SOFT);
        }
        if let Some(words) = self.scale() {
            let field = self.case.field_of_view.as_ref();
            column.gap(0.35);
            column.scale(Scale {
                options: self.overlay,
                ground: overlay::mean_of_ground(photograph, field, self.overlay.ground),
                words,
            });
        }
    }

    /// The words of the colour scale, those of the window; `None` if nothing is shown.
    fn scale(&self) -> Option<MapScale> {
        let map = self.map.filter(|_| self.covered.is_none())?;
        Report(self.lang).map_scale(&self.case.card, map, self.overlay, self.outside)
    }

    /// Every finding of the view, most severe first, that of a demonstration model after the other serious ones.
    /// Findings about the map are included only if the map is shown.
    fn remarks(&self) -> Vec<(String, Severity)> {
        let shows_map = self.map.is_some() && self.covered.is_none();
        let reported = self.case.findings.iter().filter(|f| match f.code {
            FindingCode::DemonstrationModel => false,
            FindingCode::MapNoBetterThanChance
            | FindingCode::MapSurvivesShuffling
            | FindingCode::EvidenceOutsideEye
            | FindingCode::NoSaliencyMap
            | FindingCode::LandmarksProposed
            | FindingCode::LandmarksNotFound => shows_map,
            // Already stated in the title.
            FindingCode::EyeUnknown => false,
            _ => true,
        });
        let demonstration = Finding::new(FindingCode::DemonstrationModel, Severity::Serious);
        let demonstration = Some(&demonstration).filter(|_| self.case.card.demonstration);
        let mut reported: Vec<&Finding> = reported.chain(demonstration).collect();
        reported.sort_by_key(|f| std::cmp::Reverse(f.severity));
        let report = Report(self.lang);
        let reasons = self.case.subject.reasons();
        let left_out = (!reasons.is_empty()).then(|| Texts(self.lang).left_out_because(reasons));
        reported
            .into_iter()
            .map(|f| (report.finding(f), f.severity))
            .chain(left_out.map(|wording| (wording, Severity::Note)))
            .collect()
    }

    fn laid_over(&self, photograph: &Pixels, geometry: &Geometry) -> Pixels {
        match (self.covered, self.map) {
            (Some(covered), _) => overlay::lay(photograph, covered, geometry),
            (None, Some(map)) => overlay::blend(photograph, &map.grid, geometry, self.overlay),
            (None, None) => photograph.clone(),
        }
    }
}

/// Remarks on several answers about one photograph: each once, preceded by the model if it does not apply to all.
fn remarks_of_all(answers: &[(Captioned, &Geometry)]) -> Vec<(String, Severity)> {
    let each: Vec<_> = answers.iter().map(|(of, _)| of.remarks()).collect();
    let mut all: Vec<(String, Severity)> = Vec::new();
    for ((of, _), remarks) in answers.iter().zip(&each) {
        for (remark, severity) in remarks {
            let everywhere = each
                .iter()
                .all(|r| r.iter().any(|(wording, _)| wording == remark));
            let wording = if everywhere {
                remark.clone()
            } else {
                Report(of.lang).titled(of.model(), remark)
            };
            if !all.iter().any(|(known, _)| *known == wording) {
                all.push((wording, *severity));
            }
        }
    }
    all.sort_by_key(|(_, severity)| std::cmp::Reverse(*severity));
    all
}

/// The colour of a remark.
fn ink(severity: Severity) -> [u8; 3] {
    match severity {
        Severity::Note => SOFT,
        Severity::Caution | Severity::Serious => WARNING,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{
        CoveredFigures, EyeSource, Figures, Fill, Laterality, ModelCard, model_card,
    };
    use crate::imaging::{CropRect, Grid};
    use crate::saliency::{Method, Target};

    fn photograph(width: u32, height: u32) -> Pixels {
        let value = |i: u32| (i * 7 % 251) as u8;
        Pixels::new(width, height, (0..width * height * 3).map(value).collect()).unwrap()
    }

    fn geometry(of: &Pixels) -> Geometry {
        let side = of.width.min(of.height);
        let crop = CropRect::from((0, 0, side, side));
        Geometry::new([of.width, of.height], crop, [224, 224]).unwrap()
    }

    fn map() -> SaliencyMap {
        let value = |i: usize| {
            let (x, y) = ((i % 7) as f32 - 4.5, (i / 7) as f32 - 2.5);
            let (u, v) = ((i % 7) as f32 - 1.0, (i / 7) as f32 - 4.0);
            0.4 * (-(x * x + y * y) / 2.5).exp() - 0.3 * (-(u * u + v * v) / 3.0).exp()
        };
        SaliencyMap {
            method: Method::GradCam,
            layer: Some("conv_pw_13_relu".into()),
            target: Target::Logit,
            grid: Grid::new(7, 7, (0..49).map(value).collect()).unwrap(),
        }
    }

    fn case() -> ResultRow {
        let card = ModelCard {
            name: "Demonstration: MobileNet on drawn eyes".into(),
            demonstration: true,
            ..model_card::example()
        };
        let mut case = ResultRow::unopened("left_1411.jpg", Arc::new(card));
        (case.eye, case.eye_source) = (Laterality::Os, EyeSource::FileName);
        (case.score, case.logit) = (Some(0.731), Some(1.0));
        case.label = Some("male".into());
        case
    }

    fn captioned<'a>(
        case: &'a ResultRow,
        map: &'a SaliencyMap,
        overlay: &'a OverlayOptions,
        lang: Lang,
    ) -> Captioned<'a> {
        Captioned {
            lang,
            name: "left_1411.jpg",
            case,
            map: Some(map),
            covered: None,
            sanity_checks: None,
            overlay,
            outside: 0.0,
        }
    }

    #[test]
    fn without_a_caption_it_is_the_picture_of_the_command_line() {
        let (photograph, case, map) = (photograph(90, 60), case(), map());
        let geometry = geometry(&photograph);
        let options = OverlayOptions {
            contour: Some(0.5),
            ..OverlayOptions::default()
        };
        let of = captioned(&case, &map, &options, Lang::En);
        let plain = overlay_picture(&photograph, &geometry, &of, false);
        let blended = overlay::blend(&photograph, &map.grid, &geometry, &options);
        assert_eq!(plain, blended);
        let bare = Captioned { map: None, ..of };
        assert_eq!(
            overlay_picture(&photograph, &geometry, &bare, false),
            photograph
        );
    }

    #[test]
    fn a_caption_stands_below_the_photograph_and_leaves_it_alone() {
        let (case, map, options) = (case(), map(), OverlayOptions::default());
        for (width, height) in [(40, 50), (300, 200), (1200, 300)] {
            let photograph = photograph(width, height);
            let geometry = geometry(&photograph);
            for lang in [Lang::En, Lang::Ja] {
                let of = captioned(&case, &map, &options, lang);
                let plain = overlay_picture(&photograph, &geometry, &of, false);
                let with = overlay_picture(&photograph, &geometry, &of, true);
                assert_eq!(with.width, width.max(NARROWEST));
                let left = (with.width - width) / 2;
                for y in 0..height {
                    for x in 0..width {
                        assert_eq!(with.at(left + x, y), plain.at(x, y));
                    }
                }
                let band = with.rgb.len() - height as usize * with.width as usize * 3;
                let lit = with.rgb.iter().rev().take(band).filter(|v| **v > 150);
                assert!(lit.count() > 1000, "there are letters");
                let last = &with.rgb[with.rgb.len() - with.width as usize * 3..];
                assert!(last.iter().all(|v| *v < 20), "nothing is cut off below");
            }
        }
    }

    #[test]
    fn what_speaks_against_a_map_stands_below_it_and_not_below_a_covered_photograph() {
        let (mut case, map, options) = (case(), map(), OverlayOptions::default());
        case.findings = vec![
            Finding::new(FindingCode::MapSurvivesShuffling, Severity::Caution),
            Finding::new(FindingCode::Uncalibrated, Severity::Note),
        ];
        let scored = |score| Figures {
            score: Some(score),
            ..Figures::default()
        };
        case.covered = Some(CoveredFigures {
            fill: Fill::Blur,
            area_share: 0.12,
            before: scored(0.731),
            after: scored(0.612),
        });
        let sanity_checks = super::super::sanity_checks::tests::sample();
        let of = Captioned {
            sanity_checks: Some(&sanity_checks),
            ..captioned(&case, &map, &options, Lang::En)
        };
        let lines = caption(&of).join("\n");
        assert!(lines.contains("randomised"), "{lines}");
        assert!(lines.contains("Hiding the top"), "{lines}");
        assert!(lines.contains("Recorded-sex estimate"), "{lines}");
        let shown = Rgba {
            width: 1,
            height: 1,
            rgba: vec![0; 4],
        };
        let covered = Captioned {
            covered: Some(&shown),
            sanity_checks: None,
            ..of
        };
        let lines = caption(&covered).join("\n");
        assert!(
            lines.contains("with area hidden 0.612") && !lines.contains("randomised"),
            "{lines}"
        );
        assert!(!lines.contains("Recorded-sex estimate"), "{lines}");
    }

    #[test]
    fn the_caption_names_everything_in_both_languages() {
        let (case, map, options) = (case(), map(), OverlayOptions::default());
        let en = caption(&captioned(&case, &map, &options, Lang::En));
        assert_eq!(
            en,
            [
                "left_1411.jpg: OS (left), from the file name",
                "Demonstration: MobileNet on drawn eyes",
                "Recorded-sex estimate: male, model score 0.731 (threshold 0.5, logit 1.000)",
                "Saliency map of this model's score: Grad-CAM of the logit at layer conv_pw_13_relu, 7 × 7 cells.",
                "Magenta: towards male; blue: towards female. Native cells over the red-free photograph, opacity up to 60 %.",
                "Demonstration model: trained on computer-drawn eyes; its score has no meaning for a real eye.",
                research_only(Lang::En),
            ]
        );
        let ja = caption(&captioned(&case, &map, &options, Lang::Ja));
        assert_eq!(ja.len(), en.len());
        assert_eq!(
            ja[4],
            "マゼンタ: 男性側、青: 女性側。セル単位の表示(背景はレッドフリー)、不透明度は最大 60 %。"
        );
        assert_eq!(ja[6], research_only(Lang::Ja));
    }

    #[test]
    fn serious_findings_go_with_the_picture() {
        let (mut case, map, options) = (case(), map(), OverlayOptions::default());
        case.findings = vec![
            Finding::new(FindingCode::Uncalibrated, Severity::Note),
            Finding::new(FindingCode::DemonstrationModel, Severity::Serious),
            Finding::new(FindingCode::NotAFundus, Severity::Serious),
        ];
        let lines = caption(&captioned(&case, &map, &options, Lang::En));
        assert_eq!(lines[5], "This does not look like a fundus photograph.");
        assert!(lines[6].starts_with("Demonstration model"));
        assert_eq!(lines.len(), 9, "{lines:?}");
    }

    #[test]
    fn a_figure_carries_every_finding_and_says_which_model_it_is_about() {
        let (map, options, photograph) = (map(), OverlayOptions::default(), photograph(90, 60));
        let geometry = geometry(&photograph);
        let (mut one, mut two) = (case(), case());
        let conflict = Finding::new(FindingCode::EyeConflict, Severity::Caution);
        let disagree = Finding::new(FindingCode::ModelsDisagree, Severity::Caution);
        one.findings = vec![conflict.clone(), disagree.clone()];
        two.findings = vec![
            conflict,
            disagree,
            Finding::new(FindingCode::EvidenceOutsideEye, Severity::Caution),
        ];
        let answers =
            [&one, &two].map(|case| (captioned(case, &map, &options, Lang::En), &geometry));
        let wording: Vec<String> = remarks_of_all(&answers)
            .into_iter()
            .map(|(wording, _)| wording)
            .collect();
        assert_eq!(wording.len(), 4, "{wording:?}");
        assert!(wording[0].starts_with("Demonstration model"));
        assert!(
            wording[1].starts_with("The recorded laterality")
                && wording[2] == "The models disagree."
        );
        assert!(wording[3].starts_with("Demonstration: MobileNet on drawn eyes: "));
    }

    #[test]
    fn figures_fit_their_limit_whatever_the_photograph_is() {
        let (case, map, options) = (case(), map(), OverlayOptions::default());
        for size in [
            (30, 30),
            (300, 200),
            (2600, 1800),
            (5000, 40),
            (40, 5000),
            (1, 6000),
        ] {
            let photograph = photograph(size.0, size.1);
            let geometry = geometry(&photograph);
            let one = (captioned(&case, &map, &options, Lang::En), &geometry);
            let two = (captioned(&case, &map, &options, Lang::Ja), &geometry);
            for answers in [&[][..], &[one][..], &[one, two][..]] {
                let figure = side_by_side(&photograph, answers, None);
                let longest = figure.width.max(figure.height);
                assert!(longest <= FIGURE_LONGEST, "{size:?}: {longest}");
                assert_eq!(
                    figure.rgb.len(),
                    (figure.width * figure.height * 3) as usize
                );
            }
            // For a large photograph, the available space is used.
            if size == (2600, 1800) {
                let figure = side_by_side(&photograph, &[one], None);
                assert!(figure.width > FIGURE_LONGEST * 9 / 10, "{}", figure.width);
            }
        }
    }

    #[test]
    fn the_scale_of_a_figure_says_what_the_window_says() {
        let (case, map, options) = (case(), map(), OverlayOptions::default());
        let photograph = photograph(900, 600);
        for lang in [Lang::En, Lang::Ja] {
            let of = Captioned {
                outside: 0.28,
                ..captioned(&case, &map, &options, lang)
            };
            let mut column = Column::new(800.0, 12.0);
            of.put_map(&mut column, &photograph);
            let window = Report(lang).map_scale(&case.card, &map, &options, 0.28);
            let window = window.unwrap();
            let written = column.texts();
            assert!(written.ends_with(&window.texts()), "{written:?}");
        }
    }
}
