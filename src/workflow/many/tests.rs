//! Runs over several photographs: order, failures, stops, and models opened beside the first photograph.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::storage::Places;
use crate::workflow::demonstration::BUNDLED;
use crate::workflow::open::SAMPLE_NAME;

fn context() -> (tempfile::TempDir, Context) {
    let home = tempfile::tempdir().unwrap();
    let context = Context::in_places(Places::below(home.path()));
    (home, context)
}

fn sample(eye: Option<Laterality>) -> Item {
    Item {
        source: Source::Sample,
        name: SAMPLE_NAME.to_owned(),
        eye,
        accepted: false,
    }
}

fn options(models: &[&str]) -> RunOptions {
    RunOptions {
        models: models.iter().map(|m| (*m).to_owned()).collect(),
        device: Device::Embedded,
        saliency: true,
        features: true,
        open: OpenOptions::default(),
    }
}

fn run(
    items: &[Item],
    models: &[&str],
    gate: &Gate,
    cancel: &Cancel,
    on_done: &mut dyn FnMut(PhotographResult) -> Result<(), Error>,
) -> (Result<Ended, Error>, (u64, u64)) {
    let (_home, context) = context();
    let progress = Progress::new();
    let ended = run_each(
        &context,
        items,
        &options(models),
        gate,
        cancel,
        &progress,
        on_done,
    );
    (ended, progress.steps())
}

#[test]
fn a_photograph_that_was_opened_beside_the_models_is_not_read_again() {
    let (home, context) = context();
    let eye = |name: &str| {
        let path = home.path().join(name);
        std::fs::copy("assets/samples/haggstrom_left_1411.jpg", &path).unwrap();
        Item {
            source: Source::File(path),
            name: name.to_owned(),
            eye: None,
            accepted: false,
        }
    };
    let items = [eye("first.jpg"), eye("second.jpg")];
    let options = options(&[BUNDLED[0].id]);
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let first = Some(items[0].clone());
    let (models, opened) =
        open_models_beside(&context, &options, first, &cancel, &progress).unwrap();
    for item in &items {
        std::fs::remove_file(item.source.file().unwrap()).unwrap();
    }
    let watch = Watch {
        gate: &Gate::new(),
        started: &|_| (),
        recall: &|_, _| None,
        lacks: &|_, _| true,
        opened: Mutex::new(opened),
        cancel: &cancel,
        progress: &progress,
    };
    let mut rows = Vec::new();
    let ended = run_with(
        &models,
        &items,
        &options.open,
        &watch,
        &|done| done,
        &mut |done| {
            rows.extend(done.rows);
            Ok(())
        },
    );
    assert_eq!(ended.unwrap(), Ended::Finished);
    let answered: Vec<bool> = rows.iter().map(|row| row.case.score.is_some()).collect();
    assert_eq!(answered, [true, false]);
    assert!(rows[0].case.timings.open > 0.0);
}

#[test]
fn rows_come_in_order_and_a_bad_file_is_one_of_them() {
    let absent = Item {
        source: Source::File(PathBuf::from("/nowhere/absent.png")),
        name: "a/absent.png".to_owned(),
        eye: None,
        accepted: false,
    };
    let items = [sample(None), absent, sample(Some(Laterality::Od))];
    let models = [BUNDLED[0].id, BUNDLED[1].id];
    let mut done = Vec::new();
    let (ended, steps) = run(&items, &models, &Gate::new(), &Cancel::new(), &mut |d| {
        done.push(d);
        Ok(())
    });
    assert_eq!((ended.unwrap(), steps), (Ended::Finished, (3, 3)));
    let indices: Vec<usize> = done.iter().map(|d| d.index).collect();
    assert_eq!(indices, [0, 1, 2]);
    for (d, item) in done.iter().zip(&items) {
        let named: Vec<_> = d
            .rows
            .iter()
            .map(|r| (r.case.image.as_str(), r.case.card.id.as_str()))
            .collect();
        let name = item.name.as_str();
        assert_eq!(named, [(name, models[0]), (name, models[1])]);
    }
    assert!(done[1].photograph.is_err());
    let reason = done[1].rows[0].case.error.as_deref().unwrap();
    assert!(
        reason.starts_with("absent.png could not be read"),
        "{reason}"
    );
    assert!(done[1].rows[0].seen.is_none());
    for d in [&done[0], &done[2]] {
        assert!(d.rows.iter().all(|r| r.case.error.is_none()));
        assert!(d.rows.iter().all(|r| r.case.timings.open > 0.0));
        assert!(
            d.rows
                .iter()
                .all(|r| r.seen.as_ref().unwrap().map.is_some())
        );
    }
    assert_eq!(done[0].rows[0].case.score, done[2].rows[0].case.score);
    assert_eq!(done[2].rows[0].case.eye, Laterality::Od);
    assert_eq!(done[2].rows[0].case.eye_source.as_str(), "user");
}

#[test]
fn a_panic_in_the_work_on_one_photograph_is_its_row_alone() {
    let (_home, context) = context();
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let models = open_models(&context, &options(&[BUNDLED[0].id]), &cancel, &progress).unwrap();
    let items = [sample(None), sample(Some(Laterality::Od)), sample(None)];
    let watch = Watch {
        gate: &Gate::new(),
        started: &|index| assert!(index != 1, "on purpose"),
        recall: &|_, _| None,
        lacks: &|_, _| true,
        opened: Mutex::default(),
        cancel: &cancel,
        progress: &progress,
    };
    let mut errors = Vec::new();
    let open = OpenOptions::default();
    let complete = |done: PhotographResult| (done.index, done.rows[0].case.error.clone());
    run_with(&models, &items, &open, &watch, &complete, &mut |error| {
        errors.push(error);
        Ok(())
    })
    .unwrap();
    let reported = "a defect of the application stopped this: on purpose";
    assert_eq!(
        errors,
        [(0, None), (1, Some(reported.to_owned())), (2, None)]
    );
}

#[test]
fn a_model_that_cannot_be_opened_ends_the_run_before_the_first_photograph() {
    let models = [BUNDLED[0].id, "absent"];
    let (ended, _) = run(
        &[sample(None)],
        &models,
        &Gate::new(),
        &Cancel::new(),
        &mut |_| panic!("a photograph was run"),
    );
    assert!(matches!(ended, Err(Error::NoSuchModel(name)) if name == "absent"));
}

#[test]
fn a_stop_and_an_error_of_the_caller_end_the_run_at_once() {
    let items = vec![sample(None); 5];
    let cancel = Cancel::new();
    let mut count = 0;
    let (ended, steps) = run(&items, &[BUNDLED[0].id], &Gate::new(), &cancel, &mut |_| {
        count += 1;
        cancel.cancel();
        Ok(())
    });
    assert_eq!((ended.unwrap(), count), (Ended::Interrupted, 1));
    assert_eq!(steps, (1, 5));
    let (ended, _) = run(
        &items,
        &[BUNDLED[0].id],
        &Gate::new(),
        &Cancel::new(),
        &mut |done| Err(Error::Exists(done.index.to_string())),
    );
    assert!(matches!(ended, Err(Error::Exists(at)) if at == "0"));
}

#[test]
fn a_shut_gate_holds_the_passes() {
    let gate = Gate::new();
    gate.shut();
    let (opened, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut seen = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // A run that does not wait ends without it.
            while gate.held() == 0 && !over.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            opened.store(true, Ordering::SeqCst);
            gate.open();
        });
        let items = [sample(None), sample(None)];
        let (ended, _) = run(&items, &[BUNDLED[0].id], &gate, &Cancel::new(), &mut |d| {
            seen.push((d.index, opened.load(Ordering::SeqCst)));
            Ok(())
        });
        over.store(true, Ordering::SeqCst);
        assert_eq!(ended.unwrap(), Ended::Finished);
    });
    assert_eq!(seen, [(0, true), (1, true)]);
}

#[test]
fn several_models_answer_for_one_photograph_each_by_its_name() {
    let (_home, context) = context();
    let photograph = crate::workflow::open(&Source::Sample, &OpenOptions::default()).unwrap();
    let options = options(&[BUNDLED[1].id, "absent", BUNDLED[0].id]);
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let ask = || {
        let answers = std::cell::RefCell::new(Vec::new());
        let notify = |name: &str, answer| answers.borrow_mut().push((name.to_owned(), answer));
        predict_models(
            &context,
            &photograph,
            "eye",
            &options,
            &cancel,
            &progress,
            &notify,
        );
        answers.into_inner()
    };
    let answers = ask();
    assert_eq!(progress.steps(), (3, 3));
    let names: Vec<_> = answers.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names, options.models);
    assert!(matches!(answers[1].1, Err(Error::NoSuchModel(_))));
    for at in [0, 2] {
        let answer = answers[at].1.as_ref().unwrap();
        assert_eq!(answer.case.card.id, options.models[at]);
        assert!(answer.case.score.is_some() && answer.map.is_some());
    }
    cancel.cancel();
    let stopped = ask();
    assert_eq!(stopped.len(), 3);
    assert!(
        stopped
            .iter()
            .all(|(_, a)| matches!(a, Err(Error::Cancelled)))
    );
}
