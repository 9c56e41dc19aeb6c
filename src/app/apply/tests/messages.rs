//! Settings, messages, and handling of a defect.

use crate::app::apply::common::report_if_failed;
use crate::app::apply::devices::{InstallRuntime, TryDevices};
use crate::app::apply::dialog::Dialog;
use crate::app::apply::examples::{Desk, failure, file};
use crate::app::apply::explain::ReadStages;
use crate::app::apply::export::{RenderPreview, ShowFolder};
use crate::app::apply::find::{FindFiles, ReadRecent, SaveRecent};
use crate::app::apply::import::InspectFile;
use crate::app::apply::library::{RemoveModel, TestModel};
use crate::app::apply::many::RunMany;
use crate::app::apply::models::{self, FindDamaged, PrepareModels, ReadModels};
use crate::app::apply::open::{OpenPhotograph, ReadThumbnail, Urgency};
use crate::app::apply::predict::Predict;
use crate::app::apply::resume::{FindUnexported, ForgetInputs};
use crate::app::apply::settings::{self, SaveSettings};
use crate::app::apply::{Action, Export, Messages, Photographs, Run, SettingChange, View};
use crate::app::state::{
    Chosen, Display, ManyEnd, MessageTopic, Models, Opening, PhotoId, Preview, Purpose, RunEnd,
    RunSelection,
};
use crate::app::{Effect, Job, Settings};
use crate::domain::{SkipReason, Skipped};
use crate::runtime::Device;
use crate::workflow::ImportFlags;

#[test]
fn every_change_of_a_setting_is_saved_and_no_change_is_not() {
    let mut desk = Desk::new();
    desk.act(Action::Settings(SettingChange::OverlayOpacity(7.0)));
    let SaveSettings(settings) = desk.only_starts();
    assert!((settings.overlay.opacity - 1.0).abs() < 1e-6);
    for change in [
        SettingChange::OverlayOpacity(1.0),
        SettingChange::OverlayOpacity(f32::NAN),
        SettingChange::Scale(f32::NAN),
        SettingChange::Scale(0.1),
        SettingChange::OverlayContour(Some(f32::INFINITY)),
    ] {
        assert!(
            desk.act(Action::Settings(change.clone()))
                .effects
                .is_empty(),
            "{change:?}"
        );
    }
}

#[test]
fn figures_of_settings_stay_within_their_ranges() {
    let mut desk = Desk::new();
    desk.act(Action::Settings(SettingChange::Scale(9.0)));
    desk.act(Action::Settings(SettingChange::OverlayContour(Some(-3.0))));
    assert_eq!(desk.state.settings.scale, 2.0);
    assert_eq!(desk.state.settings.overlay.contour, Some(0.0));
}

#[test]
fn settings_name_no_photograph() {
    let mut desk = Desk::new();
    desk.act(Action::Settings(SettingChange::RememberFiles(true)));
    desk.open_ready("Yamada_Hanako_OD.jpg", "1");
    let written = serde_json::to_string(&desk.state.settings).unwrap();
    assert!(!written.contains("Yamada"), "{written}");
}

#[test]
fn the_display_is_for_the_screen_and_is_not_saved() {
    let mut desk = Desk::new();
    let display = Display {
        red_free: true,
        contrast: f32::NAN,
        ..Display::default()
    };
    desk.act(Action::View(View::Display(display)));
    assert!(desk.effects.is_empty());
    assert!(desk.state.display.red_free);
    assert_eq!(desk.state.display.contrast, 1.0);
}

#[test]
fn what_could_not_be_done_for_the_person_is_told_with_its_reason() {
    let mut desk = Desk::new();
    let folder = |result| move |s: &mut _| report_if_failed(s, MessageTopic::Folder, result);
    desk.land(folder(Err(failure("a"))));
    desk.land(|s| models::prepared(s, Err(failure("a"))));
    desk.land(|s| settings::saved(s, Err(failure("a"))));
    for (message, subject) in desk.state.messages.iter().zip([
        MessageTopic::Folder,
        MessageTopic::Models,
        MessageTopic::SettingsSave,
    ]) {
        assert_eq!(message.subject, subject);
        assert_eq!(message.failure, Some(failure("a")));
    }
    desk.land(folder(Ok(())));
    desk.land(|s| models::prepared(s, Ok(())));
    desk.land(|s| settings::saved(s, Ok(())));
    assert_eq!(desk.state.messages.len(), 3, "what went well is silent");
}

#[test]
fn details_are_copied_and_messages_dismissed() {
    let mut desk = Desk::new();
    desk.land(|s| report_if_failed(s, MessageTopic::Folder, Err(failure("folder"))));
    let id = desk.state.messages[0].id;
    desk.act(Action::Messages(Messages::CopyDetails(id)));
    match &desk.effects[..] {
        [Effect::CopyText(text)] => assert_eq!(text, "folder: it did not work"),
        other => panic!("{other:?}"),
    }
    desk.act(Action::Messages(Messages::Dismiss(id)));
    assert!(desk.state.messages.is_empty());
    desk.act(Action::Messages(Messages::CopyDetails(id)));
    assert!(desk.effects.is_empty());
}

#[test]
fn what_was_left_out_is_copied_by_name() {
    let mut desk = Desk::new();
    let skipped = [
        ("a.txt", SkipReason::NotAPicture),
        ("@eaDir", SkipReason::LeftBySystem),
    ];
    let skipped = skipped
        .map(|(name, why)| Skipped {
            name: name.into(),
            why,
        })
        .into();
    desk.state.notify(MessageTopic::Skipped { skipped }, None);
    let id = desk.state.messages[0].id;
    desk.act(Action::Messages(Messages::CopyDetails(id)));
    let copied = "a.txt: not an image\n@eaDir: created by the operating system, a storage device or another program";
    assert!(matches!(&desk.effects[..], [Effect::CopyText(text)] if text == copied));
}

#[test]
fn masked_names_are_in_no_message_and_not_on_the_clipboard() {
    let mut desk = Desk::new();
    desk.open(&["Yamada_OD.jpg", "b.jpg"]);
    let wording = "Yamada_OD.jpg could not be read";
    assert_eq!(desk.state.shown_message(wording), wording);
    desk.act(Action::Settings(SettingChange::NamesMasked(true)));
    assert_eq!(desk.state.shown_message(wording), "No. 1 could not be read");

    let skipped = vec![Skipped {
        name: "Yamada.txt".into(),
        why: SkipReason::NotAPicture,
    }];
    desk.state.notify(MessageTopic::Skipped { skipped }, None);
    let reported = crate::app::Failure {
        english: wording.into(),
        ..failure("file")
    };
    desk.state.notify(MessageTopic::Run, Some(reported));
    for place in 0..2 {
        let id = desk.state.messages[place].id;
        desk.act(Action::Messages(Messages::CopyDetails(id)));
        assert!(!format!("{:?}", desk.effects).contains("Yamada"));
    }
}

#[test]
fn a_defect_becomes_a_message_whatever_the_job_was_for() {
    let (photo, source, eye) = (PhotoId(7), file("a"), None);
    let open = OpenPhotograph {
        photo,
        source: source.clone(),
        eye,
        urgency: Urgency::Now,
    };
    let many = RunMany {
        items: vec![],
        models: vec![],
        device: Device::Auto,
        keep: None,
    };
    let jobs: [Box<dyn Job>; 20] = [
        Box::new(ReadModels),
        Box::new(FindDamaged),
        Box::new(PrepareModels),
        Box::new(ReadRecent),
        Box::new(SaveRecent(vec![])),
        Box::new(SaveSettings(Settings::default())),
        Box::new(open),
        Box::new(ReadThumbnail { photo, source, eye }),
        Box::new(many),
        Box::new(ReadStages("m".into())),
        Box::new(FindUnexported),
        Box::new(ForgetInputs),
        Box::new(RemoveModel("m".into())),
        Box::new(TryDevices),
        Box::new(FindFiles {
            number: 1,
            paths: vec![],
        }),
        Box::new(ShowFolder("out".into())),
        Box::new(TestModel {
            model: "m".into(),
            device: Device::Auto,
        }),
        Box::new(InspectFile {
            file: "m.h5".into(),
            flags: ImportFlags::default(),
        }),
        Box::new(InstallRuntime {
            file: "a.whl".into(),
            accept: false,
        }),
        Box::new(Dialog::new(Purpose::Keras, || Chosen::Nothing)),
    ];
    for job in jobs {
        let mut desk = Desk::new();
        desk.met_defect(&*job);
        assert_eq!(desk.state.messages.len(), 1, "{job:?}");
        let message = &desk.state.messages[0];
        assert_eq!(message.subject, MessageTopic::Internal);
        let details = message.failure.as_ref().unwrap().to_string();
        assert!(details.contains("index out of bounds"), "{details}");
    }
}

#[test]
fn a_defect_frees_what_waited_for_the_job() {
    let mut desk = Desk::new();
    let ids = desk.open(&["a", "b"]);
    desk.opened(ids[0], crate::app::apply::examples::image("1", 4));
    desk.run().panics::<Predict>();
    assert_eq!(desk.state.running, None);
    assert!(matches!(
        desk.photo(ids[0]).run_end,
        Some(RunEnd::Failed(_))
    ));

    // The row after the one in view is being read already.
    desk.photo_mut(ids[1]).opening = Opening::Closed;
    desk.act(Action::Photographs(Photographs::Seen(vec![ids[1]])));
    desk.panics::<ReadThumbnail>();
    assert!(!desk.photo(ids[1]).glancing);
    assert!(matches!(desk.photo(ids[1]).opening, Opening::Failed(_)));

    desk.act(Action::Run(Run::StartMany(RunSelection::All)));
    desk.panics::<RunMany>();
    assert_eq!(desk.state.many.as_ref().unwrap().end, Some(ManyEnd::Failed));

    desk.act(Action::Photographs(Photographs::AskForFiles));
    desk.met_defect(&Dialog::new(Purpose::Photographs, || Chosen::Nothing));
    assert!(!desk.state.asking);

    desk.act(Action::Photographs(Photographs::Add(vec!["f".into()])));
    desk.panics::<FindFiles>();
    assert!(!desk.state.finding);

    desk.row(ids[0], "1", 0.5).act(Action::Export(Export::Open));
    desk.panics::<RenderPreview>();
    let dialog = desk.state.export.as_ref().unwrap();
    assert!(!matches!(dialog.preview, Preview::Pending { .. }));
    assert!(!dialog.writing);

    desk.met_defect(&ReadModels);
    assert!(matches!(desk.state.models, Models::Failed(_)));
}
