//! Studies in the window: creating one from the list, its run, closing and opening it again, and folders that moved.

use gantei::app::state::{Loadable, OpenedStudy, Purpose, StudyEnd};
use gantei::domain::Study;
use gantei::text::Lang;
use gantei::workflow::study::NAME;

use crate::desk::{BOTH, Desk, Scene};

fn study(desk: &Desk) -> &OpenedStudy {
    desk.state().study.open.as_ref().expect("a study is open")
}

fn answered(desk: &Desk) -> Option<usize> {
    let open = desk.state().study.open.as_ref()?;
    match &open.status {
        Loadable::Ready(status) if !open.is_running() => Some(status.answered),
        _ => None,
    }
}

/// Creates a study of the list in the folder that the dialog gives.
pub fn created(desk: &mut Desk) {
    let t = desk.t;
    desk.menu(t.menu_study());
    desk.pick(t.new_study());
    desk.rest();
    desk.click(t.study_choose_folder());
    desk.rest();
    desk.click(t.study_create());
    desk.until("the study", |d| answered(d) == Some(0));
    desk.rest();
}

/// The form of a new study, with a folder.
fn form(desk: &mut Desk) {
    let t = desk.t;
    desk.menu(t.menu_study());
    desk.pick(t.new_study());
    desk.rest();
    desk.click(t.study_choose_folder());
    desk.rest();
    let folder = desk.home.path("my study");
    desk.enter(t.study_folder_field(), folder.to_str().unwrap());
    desk.rest();
}

#[test]
fn the_list_becomes_a_study_that_is_run_closed_and_opened_again() {
    for lang in BOTH {
        let scene = Scene::new(lang).no_dialog();
        let mut desk = scene.files(&["a_OD.jpg", "b_OS.jpg", "broken.jpg"]).open();
        let t = desk.t;
        form(&mut desk);
        assert!(desk.sees(&t.study_of_list_count(3)));
        desk.click(t.study_create());
        desk.until("the study", |d| answered(d) == Some(0));
        assert!(desk.home.path("my study").join(NAME).is_file());
        desk.click(t.study_run());
        desk.until("the run", |d| answered(d) == Some(2));
        assert_eq!(
            study(&desk).run.as_ref().unwrap().end,
            Some(StudyEnd::Finished)
        );
        desk.rest();
        let results = desk.home.results("my study");
        assert_eq!(results["results"].as_array().unwrap().len(), 3);
        let photographs = &desk.state().photographs;
        let with_answers = photographs.iter().filter(|p| !p.answers.is_empty());
        assert_eq!(with_answers.count(), 2);
        assert!(!desk.is_disabled(t.study_run_failed()));
        let runs = desk.engine.runs().begun();
        desk.click(t.close_study());
        desk.rest();
        assert!(desk.state().study.open.is_none());
        let folder = desk.home.path("my study");
        desk.enter(t.study_open_field(), folder.to_str().unwrap());
        desk.until("the study again", |d| answered(d) == Some(2));
        assert_eq!(
            desk.engine.runs().begun(),
            runs,
            "nothing is computed again"
        );
        assert_eq!(desk.names(), ["a_OD.jpg", "b_OS.jpg", "broken.jpg"]);
    }
}

/// The tables and overlays of a study's run.
fn files(desk: &Desk) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(desk.home.path("my study")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_result = |path: &std::path::PathBuf| {
        let name = path.extension().and_then(|e| e.to_str());
        name == Some("csv") || name == Some("png")
    };
    let mut files: Vec<_> = paths
        .filter(is_result)
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            // With the times of a run.
            let bytes = (name != "results_full.csv").then(|| std::fs::read(&path).unwrap());
            (name, bytes.unwrap_or_default())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn results_of_the_list_are_answers_of_the_study_that_it_becomes() {
    for with_maps in [true, false] {
        let of_run_before = |runs_before: bool| {
            let scene = Scene::new(Lang::En).no_dialog();
            let mut desk = scene.files(&["a_OD.jpg", "b_OS.jpg", "broken.jpg"]).open();
            let t = desk.t;
            desk.until_known();
            if runs_before {
                desk.run_all_and_wait();
            }
            form(&mut desk);
            if !with_maps {
                desk.click(t.study_maps());
                desk.rest();
            }
            desk.click(t.study_create());
            let answers = if runs_before { 2 } else { 0 };
            desk.until("the study", |d| answered(d) == Some(answers));
            // A run without maps is one for the score alone.
            let passes = |d: &Desk| d.engine.runs().begun() + d.engine.covers().begun();
            let before = passes(&desk);
            desk.click(t.study_run());
            desk.until("the run", |d| {
                d.state()
                    .study
                    .open
                    .as_ref()
                    .is_some_and(|open| open.run.as_ref().is_some_and(|run| run.end.is_some()))
            });
            desk.rest();
            let computed = passes(&desk) - before;
            assert_eq!(computed, 2 - answers, "nothing is computed twice");
            assert_eq!(study(&desk).run.as_ref().unwrap().failed, 1);
            files(&desk)
        };
        let (handed, computed) = (of_run_before(true), of_run_before(false));
        let names = |files: &[(String, Vec<u8>)]| {
            files
                .iter()
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&handed), names(&computed));
        for (a, b) in handed.iter().zip(&computed) {
            assert!(a == b, "{}", a.0);
        }
    }
}

#[test]
fn models_of_the_open_study_are_chosen_on_its_page() {
    for lang in BOTH {
        let scene = Scene::new(lang).no_dialog().both_models();
        let mut desk = scene.files(&["a_OD.jpg"]).open();
        let t = desk.t;
        form(&mut desk);
        desk.click(t.study_create());
        desk.until("the study", |d| answered(d) == Some(0));
        let both = study(&desk).study.models.clone();
        assert_eq!(both.len(), 2);
        desk.click(t.study_choose_models());
        desk.rest();
        let installed = desk.state().installed().to_vec();
        let last = installed.iter().find(|m| m.id == both[1].id).unwrap();
        let name = t.model_name(&last.card).to_string();
        desk.click_role(egui::Role::CheckBox, &name);
        desk.rest();
        desk.click(t.study_use_models());
        desk.until("one model", |d| study(d).study.models == both[..1]);
        desk.until("how far it is", |d| answered(d) == Some(0));
        assert!(desk.sees(t.study_choose_models()));
        let file = std::fs::read(desk.home.path("my study").join(NAME)).unwrap();
        let kept: Study = serde_json::from_slice(&file).unwrap();
        assert_eq!(kept.models, both[..1]);
    }
}

#[test]
fn a_study_that_is_open_elsewhere_is_refused_with_a_reason() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).no_dialog().files(&["a_OD.jpg"]).open();
        let t = desk.t;
        form(&mut desk);
        desk.click(t.study_create());
        desk.until("the study", |d| answered(d) == Some(0));
        desk.click(t.close_study());
        desk.rest();
        let other = gantei::workflow::study::open(&desk.home.path("my study")).unwrap();
        desk.drop_files(&["my study"]);
        desk.until("the refusal", |d| d.state().study.failure.is_some());
        desk.rest();
        let failure = desk.state().study.failure.clone().unwrap();
        assert!(desk.sees(&failure.message(lang)) && desk.sees(&failure.hint(lang)));
        drop(other);
        desk.drop_files(&["my study"]);
        desk.until("the study", |d| answered(d) == Some(0));
    }
}

#[test]
fn a_folder_that_moved_is_asked_for() {
    let mut desk = Scene::new(Lang::En).no_dialog().open();
    let t = desk.t;
    form(&mut desk);
    let photographs = desk.home.put("folder");
    desk.enter(t.study_input_field(), photographs.to_str().unwrap());
    desk.rest();
    desk.click(t.study_create());
    desk.until("the study", |d| answered(d) == Some(0));
    desk.click(t.close_study());
    desk.rest();
    std::fs::rename(&photographs, desk.home.path("elsewhere")).unwrap();
    let folder = desk.home.path("my study");
    desk.enter(t.study_open_field(), folder.to_str().unwrap());
    desk.until("the study", |d| d.state().study.open.is_some());
    desk.rest();
    assert!(desk.sees(&t.study_not_there("folder")));
    assert!(desk.is_disabled(t.study_run()));
    let elsewhere = desk.home.path("elsewhere");
    desk.enter(t.study_other_folder_field(), elsewhere.to_str().unwrap());
    desk.until("the photographs", |d| study(d).moved.is_empty());
    desk.rest();
    assert!(!desk.is_disabled(t.study_run()));
}

#[test]
fn labels_that_are_confirmed_belong_to_the_open_study() {
    let scene = Scene::new(Lang::En)
        .files(&["eyes/a0_OD.png", "eyes/a1_OS.png"])
        .dialog(Purpose::StudyFolder, &["my study"])
        .dialog(Purpose::Labels, &["labels.csv"])
        .size([1320.0, 1600.0]);
    scene.put_text("labels.csv", "image,sex\na0_OD,F\na1_OS,M\n");
    let mut desk = scene.open();
    let t = desk.t;
    created(&mut desk);
    assert!(study(&desk).study.labels.is_none());
    desk.click(t.labels_open());
    desk.rest();
    desk.click(t.check_choose_labels());
    desk.until("what was found", |d| d.sees(d.t.labels_found()));
    desk.rest();
    desk.reach(t.labels_confirm());
    desk.until("the labels", |d| study(d).study.labels.is_some());
    desk.rest();
    let file = std::fs::read(desk.home.path("my study").join(NAME)).unwrap();
    let kept: Study = serde_json::from_slice(&file).unwrap();
    let labels = kept.labels.clone().unwrap();
    assert_eq!(labels.table, "../labels.csv");
    assert_eq!(
        labels.sha256,
        desk.state()
            .labels
            .confirmed
            .as_ref()
            .unwrap()
            .mapping
            .sha256
    );
    assert_eq!(kept, *study(&desk).study);
}
