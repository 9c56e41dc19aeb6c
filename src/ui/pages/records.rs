//! The records check of the open study: photographs whose recorded label the model contradicts, by person, beside the
//! person's other photographs and those most like it, and what the reader decides.

mod picture;

use egui::{
    Button, ComboBox, Key, Label, Modifiers, ProgressBar, Rect, RichText, ScrollArea, Sense,
    TextEdit, Ui, UiBuilder, WidgetInfo, vec2,
};
use strum::IntoEnumIterator;

use super::{Page, PageName, PagePlacement};
use crate::app::apply::study::records::CheckRecords;
use crate::app::apply::{Action, Records as Act};
use crate::app::state::{FoundRecords, Loadable, OpenedStudy, Opening, PhotoId, RecordPlace};
use crate::domain::Decision;
use crate::domain::foreign::shown;
use crate::storage::file_name;
use crate::text::records_check as words;
use crate::ui::list::Thumbnails;
use crate::ui::rows::{Emphasis, primary_button_ui, share_of, toggle_button_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use picture::{Captions, Pictures};

/// Height of a record with its pictures, in points.
const ROW: f32 = 172.0;
/// Width of the column of decisions.
const DECISIONS: f32 = 176.0;
/// Side of the photograph in question, and of the others if there is space and if not.
const OWN: f32 = 132.0;
const OTHERS: [f32; 2] = [92.0, 76.0];
/// Width of the page from which on there is space.
const WIDE: f32 = 1150.0;
/// The person's other photographs that are shown.
const FELLOWS: usize = 2;

/// The records check of the open study.
#[derive(Default)]
pub struct RecordsPage {
    /// It was opened and starts the check, unless there is one.
    starts: bool,
    /// The reader's name while it is typed.
    reader: String,
    /// The record in view, by its place on the page.
    at: usize,
    /// The record in view is to be scrolled to.
    scrolls: bool,
    thumbnails: Thumbnails,
}

impl Page for RecordsPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(1480.0)
    }

    fn opened(&mut self) {
        self.starts = true;
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let Some(open) = &state.study.open else {
            // It was closed meanwhile.
            view.close_page();
            return;
        };
        let records = &state.study.records;
        let starts = std::mem::take(&mut self.starts);
        if starts && matches!(records.found, Loadable::NotRequested) && can_start(open) {
            view.action(Action::Records(Act::Start));
        }
        ui.heading(t.records_of(&shown(&file_name(&open.folder))));
        ui.add_space(theme::GAP);
        match &records.found {
            Loadable::NotRequested => start_ui(ui, open, view),
            Loadable::Pending => pending_ui(ui, view),
            Loadable::Failed(failure) => {
                let ink = Palette::of(ui.visuals()).serious;
                words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
                words_ui(ui, &failure.hint(t.0), Emphasis::Small);
                start_ui(ui, open, view);
            }
            Loadable::Ready(found) => self.found_ui(ui, open, found, view),
        }
        self.thumbnails.end();
    }
}

fn can_start(open: &OpenedStudy) -> bool {
    !open.is_running() && !open.study.models.is_empty()
}

fn can_decide(open: &OpenedStudy) -> bool {
    !open.is_running() && !open.read_only
}

/// The button that starts, and what is missing.
fn start_ui(ui: &mut Ui, open: &OpenedStudy, view: &mut FrameContext<'_>) {
    let t = view.t;
    ui.add_space(theme::GAP);
    ui.horizontal(|ui| {
        let size = vec2(150.0, theme::PRIMARY_HEIGHT);
        if primary_button_ui(ui, can_start(open), t.records_start(), size).clicked() {
            view.action(Action::Records(Act::Start));
        }
        for (words, page) in [
            (t.labels_open(), PageName::Labels),
            (t.show_study(), PageName::Study),
        ] {
            let button = Button::new(words).min_size(vec2(0.0, theme::PRIMARY_HEIGHT));
            if ui.add(button).clicked() {
                view.page(page);
            }
        }
    });
}

fn pending_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let t = view.t;
    let steps = view.runner.work::<CheckRecords>().steps;
    words_ui(ui, t.records_running(), Emphasis::Plain);
    words_ui(ui, t.records_features(), Emphasis::Small);
    let bar = ProgressBar::new(share_of(ui, steps))
        .desired_height(6.0)
        .corner_radius(2)
        .fill(Palette::of(ui.visuals()).bar_fill);
    ui.add(bar);
    let cancel = Button::new(t.cancel()).min_size(vec2(140.0, theme::PRIMARY_HEIGHT));
    if ui.add(cancel).clicked() {
        view.action(Action::Records(Act::Cancel));
    }
}

impl RecordsPage {
    fn found_ui(
        &mut self,
        ui: &mut Ui,
        open: &OpenedStudy,
        found: &FoundRecords,
        view: &mut FrameContext<'_>,
    ) {
        let (state, t) = (view.state, view.t);
        self.choice_ui(ui, open, found, view);
        let caution = Palette::of(ui.visuals()).caution;
        if found.check.is_demonstration {
            words_ui(
                ui,
                t.evaluation_demonstration(),
                Emphasis::Coloured(caution),
            );
        }
        if found.check.is_unconfirmed {
            words_ui(ui, t.evaluation_unconfirmed(), Emphasis::Coloured(caution));
        }
        if found.order.is_empty() {
            words_ui(ui, t.records_none(), Emphasis::Plain);
            return;
        }
        words_ui(ui, t.records_about(), Emphasis::Plain);
        if let Some(missing) = words::without_features(&found.check, t.0) {
            words_ui(ui, &missing, Emphasis::Coloured(caution));
        }
        if open.is_running() {
            words_ui(ui, t.records_while_running(), Emphasis::Coloured(caution));
        } else if open.read_only {
            words_ui(ui, t.study_read_only(), Emphasis::Coloured(caution));
        } else if state.study.records.reader.is_none() {
            self.reader_ui(ui, view);
            return;
        } else {
            words_ui(ui, t.records_keys(), Emphasis::Small);
        }
        if let Some(failure) = &state.study.records.failure {
            let ink = Palette::of(ui.visuals()).serious;
            words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
            words_ui(ui, &failure.hint(t.0), Emphasis::Small);
        }
        self.at = self.at.min(found.order.len() - 1);
        self.keys_ui(ui, open, found, view);
        ui.separator();
        self.rows_ui(ui, open, found, view);
    }

    /// Model, number of records, and the reader, in one line.
    fn choice_ui(
        &mut self,
        ui: &mut Ui,
        open: &OpenedStudy,
        found: &FoundRecords,
        view: &mut FrameContext<'_>,
    ) {
        let (state, t) = (view.state, view.t);
        ui.horizontal_wrapped(|ui| {
            let models = open.study.models.iter();
            let models: Vec<_> = models.filter(|m| m.card.labels.len() == 2).collect();
            let title = ui.weak(t.model());
            let in_view = models.iter().find(|model| model.id == found.check.model);
            let combo = ComboBox::from_id_salt("model of the records")
                .width(300.0)
                .selected_text(in_view.map_or(String::new(), |m| t.model_name(&m.card)));
            let combo = combo.show_ui(ui, |ui| {
                for model in &models {
                    let on = model.id == found.check.model;
                    if ui.selectable_label(on, t.model_name(&model.card)).clicked() {
                        self.at = 0;
                        view.action(Action::Records(Act::Model(model.id.clone())));
                    }
                }
            });
            combo.response.labelled_by(title.id);
            ui.add_space(theme::GROUP_GAP);
            let (records, persons) = (found.order.len(), found.check.persons.len());
            ui.label(t.records_count(records, persons, found.decided()));
            let reader = state.study.records.reader.as_deref();
            if let Some(reader) = reader.filter(|reader| !reader.is_empty()) {
                ui.add_space(theme::GROUP_GAP);
                ui.weak(t.records_reader());
                ui.label(shown(reader));
            }
        });
    }

    /// Asked once, before the first decision.
    fn reader_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let t = view.t;
        ui.add_space(theme::GAP);
        words_ui(ui, t.records_reader_ask(), Emphasis::Plain);
        ui.horizontal(|ui| {
            let field = TextEdit::singleline(&mut self.reader)
                .hint_text(t.records_reader_hint())
                .margin(theme::FIELD_MARGIN)
                .desired_width(300.0);
            let field = ui.add(field);
            let name = t.records_reader();
            field.widget_info(|| WidgetInfo::labeled(egui::Role::TextInput, true, name));
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            let size = vec2(120.0, theme::PRIMARY_HEIGHT);
            if primary_button_ui(ui, true, t.records_go(), size).clicked() || entered {
                view.action(Action::Records(Act::Reader(self.reader.trim().to_owned())));
            }
        });
    }

    /// Arrows lead through the records, and numbers decide.
    fn keys_ui(
        &mut self,
        ui: &Ui,
        open: &OpenedStudy,
        found: &FoundRecords,
        view: &mut FrameContext<'_>,
    ) {
        if ui.ctx().text_edit_focused() {
            return;
        }
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let last = found.order.len() - 1;
        let before = self.at;
        if pressed(Key::ArrowDown) {
            self.at = (self.at + 1).min(last);
        }
        if pressed(Key::ArrowUp) {
            self.at = self.at.saturating_sub(1);
        }
        self.scrolls |= self.at != before;
        let keys = [Key::Num1, Key::Num2, Key::Num3];
        for (key, decision) in keys.into_iter().zip(Decision::iter()) {
            if pressed(key) && can_decide(open) {
                let place = found.order[self.at].contradicted;
                let photograph = found.check.contradicted[place].photograph;
                view.action(Action::Records(Act::Decide(photograph, decision)));
            }
        }
    }

    /// Only visible records are drawn, and only their thumbnails are requested.
    fn rows_ui(
        &mut self,
        ui: &mut Ui,
        open: &OpenedStudy,
        found: &FoundRecords,
        view: &mut FrameContext<'_>,
    ) {
        let state = view.state;
        let height = (ui.ctx().content_rect().height() - 110.0).min(ui.available_height());
        let space = ui.spacing().item_spacing.y;
        let mut area = ScrollArea::vertical()
            .id_salt("records")
            .max_height(height.max(2.0 * ROW))
            .auto_shrink([false, false]);
        if std::mem::take(&mut self.scrolls) {
            let top = self.at as f32 * (ROW + space);
            area = area.vertical_scroll_offset((top - (height - ROW) / 2.0).max(0.0));
        }
        let mut bare = Vec::new();
        area.show_rows(ui, ROW, found.order.len(), |ui, range| {
            for at in range {
                let Some(place) = found.order.get(at) else {
                    continue;
                };
                let is_first = at == 0 || found.order[at - 1].person != place.person;
                self.record_ui(ui, (at, *place, is_first), open, found, &mut bare, view);
            }
        });
        bare.retain(|id: &PhotoId| {
            let photo = state.photograph(*id);
            photo.is_some_and(|p| !p.glancing && matches!(p.opening, Opening::Closed))
        });
        if !bare.is_empty() {
            view.action(Action::Records(Act::Seen(bare)));
        }
    }

    /// One record: the photograph, what is recorded and found, the person's other photographs, those most like it, and
    /// the decisions.
    fn record_ui(
        &mut self,
        ui: &mut Ui,
        (at, place, is_first): (usize, RecordPlace, bool),
        open: &OpenedStudy,
        found: &FoundRecords,
        bare: &mut Vec<PhotoId>,
        view: &mut FrameContext<'_>,
    ) {
        let palette = Palette::of(ui.visuals());
        let size = vec2(ui.available_width(), ROW);
        let (rect, row) = ui.allocate_exact_size(size, Sense::click());
        if row.clicked() {
            self.at = at;
        }
        if self.at == at {
            ui.painter()
                .rect_filled(rect, theme::CORNER, palette.raised);
            let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            ui.painter().rect_filled(edge, 1, palette.bar_fill);
        }
        if is_first && at > 0 {
            let line = (1.0, palette.line);
            ui.painter().hline(rect.x_range(), rect.top(), line);
        }
        let inner = rect.shrink2(vec2(10.0, 6.0));
        let contradicted = &found.check.contradicted[place.contradicted];
        let (left, right) = inner.split_left_right_at_x(inner.right() - DECISIONS);
        let mut pictures = Pictures {
            thumbnails: &mut self.thumbnails,
            found,
            bare,
            clicked: None,
        };
        let t = view.t;
        let other = OTHERS[usize::from(rect.width() < WIDE)];
        // The row has its place already; what is drawn into it takes none.
        let mut inside = ui.new_child(UiBuilder::new().max_rect(left));
        inside.shrink_clip_rect(rect);
        inside.horizontal_top(|ui| {
            pictures.picture_ui(ui, contradicted.photograph, OWN, None, view);
            facts_ui(ui, contradicted.photograph, found, view);
            let fellows = fellows(found, place);
            if !fellows.is_empty() {
                let title = t.records_same_person();
                pictures.group_ui(ui, title, &fellows, other, view);
            }
            let fits = ((ui.available_width() - 8.0) / (other + 10.0)).max(1.0) as usize;
            let similar = contradicted.similar.iter().take(fits);
            let similar: Vec<(usize, Captions)> = similar
                .map(|s| (s.photograph, Captions::of_similar(s)))
                .collect();
            if !similar.is_empty() {
                pictures.group_ui(ui, t.records_similar(), &similar, other, view);
            }
        });
        if let Some(photo) = pictures.clicked {
            picture::show(photo, view);
        }
        let mut inside = ui.new_child(UiBuilder::new().max_rect(right));
        inside.shrink_clip_rect(rect);
        self.decisions_ui(&mut inside, at, contradicted.photograph, open, found, view);
    }

    fn decisions_ui(
        &mut self,
        ui: &mut Ui,
        at: usize,
        photograph: usize,
        open: &OpenedStudy,
        found: &FoundRecords,
        view: &mut FrameContext<'_>,
    ) {
        let decided = found.decision(photograph);
        let name = picture::name(view.state, found, photograph);
        ui.vertical(|ui| {
            for (number, decision) in (1..).zip(Decision::iter()) {
                let on = decided == Some(decision);
                let words = words::decision(decision, view.t.0);
                let button = Button::new(format!("{number}  {words}"));
                let button = button
                    .min_size(vec2(DECISIONS, theme::CONTROL_HEIGHT))
                    .wrap();
                let enabled = can_decide(open);
                let button = ui.add_enabled_ui(enabled, |ui| toggle_button_ui(ui, on, button));
                // The same words stand beside every record.
                let label = format!("{words}: {name}");
                let role = egui::Role::Button;
                { &button.inner }.widget_info(|| WidgetInfo::selected(role, enabled, on, &label));
                if button.inner.clicked() {
                    self.at = at;
                    view.action(Action::Records(Act::Decide(photograph, decision)));
                }
            }
            let decision = found.check.photographs[photograph].decision.as_ref();
            if let Some(decision) = decision.filter(|of| !of.date.is_empty()) {
                let date = decision.date.split('T').next().unwrap_or_default();
                let by = format!("{date}  {}", shown(&decision.reader));
                let by = RichText::new(by).small().weak();
                ui.add(Label::new(by).truncate());
            }
        });
    }
}

/// The person's other photographs: the contradicted ones first.
fn fellows(found: &FoundRecords, place: RecordPlace) -> Vec<(usize, Captions)> {
    let person = &found.check.persons[place.person];
    let contradicted = person
        .contradicted
        .iter()
        .filter(|of| **of != place.contradicted);
    let contradicted = contradicted.map(|of| found.check.contradicted[*of].photograph);
    let own = found.check.contradicted[place.contradicted].photograph;
    let eye = |at: &usize| found.check.photographs[*at].eye;
    let mut all: Vec<usize> = contradicted.chain(person.others.iter().copied()).collect();
    // The other eye comes first.
    all.sort_by_key(|at| eye(at) == eye(&own));
    all.truncate(FELLOWS);
    all.into_iter()
        .map(|at| (at, Captions::default()))
        .collect()
}

/// Person, eye, record, score and applicability.
fn facts_ui(ui: &mut Ui, photograph: usize, found: &FoundRecords, view: &FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let of = &found.check.photographs[photograph];
    ui.vertical(|ui| {
        ui.set_width(172.0);
        let line = |ui: &mut Ui, words: RichText| {
            ui.add(Label::new(words).truncate());
        };
        let person = picture::person(state, found, photograph, t);
        let person = person.unwrap_or_else(|| t.records_unknown_person().to_owned());
        line(ui, RichText::new(person).strong());
        if of.eye.is_known() {
            line(ui, RichText::new(t.laterality(of.eye)));
        }
        let recorded = picture::recorded(found, photograph, t);
        line(
            ui,
            RichText::new(format!("{}: {recorded}", t.records_recorded())),
        );
        if let Some(score) = of.score {
            line(
                ui,
                RichText::new(format!("{}: {score:.3}", t.records_score())),
            );
        }
        if let Some(grade) = of.applicability {
            line(
                ui,
                RichText::new(t.applicability_line(grade, &[]))
                    .small()
                    .weak(),
            );
        }
        let name = picture::name(state, found, photograph);
        line(ui, RichText::new(name).small().weak());
    });
}
