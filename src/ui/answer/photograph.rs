//! Facts about the photograph in view: the eye with its source and correction; quality; size; frame and camera.

use egui::{Button, DragValue, Role, Ui, WidgetInfo, vec2};

use crate::app::apply::{Action, Leaving, Photographs};
use crate::app::state::{Known, Photograph};
use crate::domain::{CameraFacts, EyeSource, Laterality};
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, aside_ui, titled_ui, value_ui, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;
use crate::workflow::Source;

/// Width of a button for an eye.
const EYE_WIDTH: f32 = 40.0;
/// Width that the words for an eye take on one line.
const WORDS_WIDTH: f32 = 90.0;

pub fn facts_ui(ui: &mut Ui, photo: &Photograph, view: &mut FrameContext<'_>) {
    let t = view.t;
    ui.heading(t.photograph());
    let Some(known) = &photo.known else {
        // Another frame can be chosen while one is being read, and after one that cannot be read.
        frame_ui(ui, photo, view);
        return;
    };
    eye_ui(ui, photo, view);
    let source = match (&photo.source, known.eye_source) {
        // The sample's file name was never visible to the user.
        (Source::Sample, EyeSource::FileName) => t.from_sample(),
        (_, source) => t.eye_source(source),
    };
    if !source.is_empty() {
        aside_ui(ui, source);
    }
    guess_ui(ui, photo, known, view);
    value_ui(ui, t.quality(), t.quality_word(known.quality));
    value_ui(
        ui,
        t.size(),
        &format!("{} × {} px", known.width, known.height),
    );
    frame_ui(ui, photo, view);
    if let Some(camera) = &known.camera {
        camera_ui(ui, camera, t);
    }
}

/// OD and OS as two buttons; the eye in words beside them if it is not known.
fn eye_ui(ui: &mut Ui, photo: &Photograph, view: &mut FrameContext<'_>) {
    let t = view.t;
    titled_ui(ui, t.eye(), |ui, _| {
        for (eye, word, tip) in [
            (Laterality::Od, "OD", t.this_is_od()),
            (Laterality::Os, "OS", t.this_is_os()),
        ] {
            let on = photo.eye() == eye;
            let button = Button::new(word)
                .selected(on)
                .stroke(ui.visuals().widgets.noninteractive.fg_stroke)
                .min_size(vec2(EYE_WIDTH, theme::CONTROL_HEIGHT));
            let response = ui.add(button);
            response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, tip));
            if response.on_hover_text(tip).clicked() {
                view.action(Action::Photographs(Photographs::CorrectEye(photo.id, eye)));
            }
        }
        // A pressed button says it where there is no room for words.
        if !photo.eye().is_known() || ui.available_width() > WORDS_WIDTH {
            words_ui(ui, t.laterality(photo.eye()), Emphasis::Plain);
        }
    });
}

/// The eye suggested by the disc's position, next to the stated eye. A guess becomes the eye only if the user says so.
fn guess_ui(ui: &mut Ui, photo: &Photograph, known: &Known, view: &mut FrameContext<'_>) {
    let t = view.t;
    let guess = known.eye_guess;
    if guess == Laterality::Unknown {
        return;
    }
    if photo.eye() == guess {
        aside_ui(ui, t.guess_agrees());
        return;
    }
    aside_ui(ui, &t.guess_differs(t.laterality(guess)));
    titled_ui(ui, "", |ui, _| {
        let button = ui.button(t.accept_guess());
        let name = format!("{}: {}", t.accept_guess(), t.laterality(guess));
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if button.clicked() {
            view.action(Action::Photographs(Photographs::CorrectEye(
                photo.id, guess,
            )));
        }
    });
}

/// The frame in view of a file with several, and the choice of another.
fn frame_ui(ui: &mut Ui, photo: &Photograph, view: &mut FrameContext<'_>) {
    let Some((frame, frames)) = photo.frame() else {
        return;
    };
    let (state, t) = (view.state, view.t);
    let free = !state.is_worked_on(photo.id) && photo.source.has_own_name();
    titled_ui(ui, t.frame(), |ui, title| {
        let mut chosen = frame;
        let row = ui.add_enabled_ui(free, |ui| {
            step_ui(ui, "‹", t.previous_frame(), frame > 1, || {
                chosen = frame - 1
            });
            let number = DragValue::new(&mut chosen)
                .range(1..=frames)
                // Typed only: each step of a drag would read another frame.
                .speed(0.0)
                .update_while_editing(false);
            ui.add(number).labelled_by(title.id);
            words_ui(ui, &t.of_frames(frames), Emphasis::Plain);
            step_ui(ui, "›", t.next_frame(), frame < frames, || {
                chosen = frame + 1
            });
        });
        row.response.on_disabled_hover_text(t.frame_waits());
        if chosen != frame {
            view.action(Action::Leaving(Leaving::Frame(photo.id, chosen)));
        }
    });
}

fn step_ui(ui: &mut Ui, sign: &str, name: &str, enabled: bool, step: impl FnOnce()) {
    let size = vec2(theme::CONTROL_HEIGHT, theme::CONTROL_HEIGHT);
    let response = ui.add_enabled(enabled, Button::new(sign).min_size(size));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    if response.on_hover_text(name).clicked() {
        step();
    }
}

/// What the file says of the camera; on the screen only.
fn camera_ui(ui: &mut Ui, camera: &CameraFacts, t: Texts) {
    let degrees = camera.degrees().map(|degrees| t.degrees(degrees));
    match (camera.name(), degrees) {
        (name, Some(degrees)) if name.is_empty() => value_ui(ui, t.camera(), &degrees),
        (name, degrees) => {
            value_ui(ui, t.camera(), &name);
            if let Some(degrees) = degrees {
                aside_ui(ui, &degrees);
            }
        }
    }
}
