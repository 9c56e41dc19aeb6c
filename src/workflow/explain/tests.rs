//! Maps as they are written, for photographs and for tensors.

use serde_json::{Value, json};

use super::*;
use crate::domain::{FindingCode, ResultRow, Tensor, model_card};
use crate::export::npy;
use crate::runtime::Device;
use crate::saliency::{Baseline, Method, Recipe};
use crate::storage::Places;
use crate::workflow::Class;
use crate::workflow::demonstration::BUNDLED;

struct Bench {
    home: tempfile::TempDir,
    ctx: Context,
    request: ExplainRequest,
}

/// The demonstration's reference input, twice, to be explained.
fn bench(method: Method) -> Bench {
    let home = tempfile::tempdir().unwrap();
    let ctx = Context::in_places(Places::below(&home.path().join("home")));
    let (x, _) = BUNDLED[0].reference(&BUNDLED[0].card().unwrap()).unwrap();
    let mut two = x.nhwc_from_nchw().unwrap();
    two.values.extend_from_within(..);
    two.shape[0] = 2;
    let tensor = home.path().join("x.npy");
    std::fs::write(&tensor, npy::write_floats(&two)).unwrap();
    let request = ExplainRequest {
        mask_names: false,
        report: None,
        subject: ExplainInput::Tensor(tensor),
        map: MapRequest {
            model: BUNDLED[0].id.to_owned(),
            recipe: Recipe::of(method),
            device: Device::Embedded,
        },
        regions: None,
        sanity_checks: None,
        figure: None,
        open: OpenOptions::default(),
        advice: |_| String::new(),
        out: home.path().join("out"),
    };
    Bench { home, ctx, request }
}

impl Bench {
    fn run(&self) -> Result<(Value, Tensor), Error> {
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let mut explained = explain(
            &self.ctx,
            &self.request,
            &PartialResults::default(),
            &cancel,
            &progress,
        )?;
        let (done, total) = progress.steps();
        assert_eq!(done, total, "{}", self.request.map.recipe.method);
        let document = explained.maps.remove(0).document("1");
        let files = document["files"].as_array().unwrap();
        let npy_file = files
            .iter()
            .find_map(|f| f.as_str().filter(|f| f.ends_with("npy")));
        let written = std::fs::read(self.request.out.join(npy_file.unwrap())).unwrap();
        Ok((document, npy::read_floats(&written).unwrap()))
    }
}

#[test]
fn every_method_writes_the_shape_of_the_contract() {
    for (method, steps, shape) in [
        (Method::GradCam, None, vec![2, 7, 7]),
        (Method::ScoreCam, Some(3), vec![2, 7, 7]),
        (Method::HiresCam, None, vec![2, 7, 7]),
        (Method::LayerCam, None, vec![2, 7, 7]),
        (Method::InputGradient, None, vec![2, 224, 224, 3]),
        (Method::IntegratedGradients, Some(3), vec![2, 224, 224, 3]),
        (Method::SmoothGrad, Some(2), vec![2, 224, 224, 3]),
        (Method::Occlusion, Some(4), vec![2, 4, 4]),
    ] {
        let mut bench = bench(method);
        bench.request.map.recipe.steps = steps;
        let (document, written) = bench.run().unwrap();
        assert_eq!(written.shape, shape, "{method}");
        assert!(written.values.iter().any(|v| *v != 0.0), "{method}");
        let (first, second) = written.values.split_at(written.values.len() / 2);
        assert_eq!(first, second, "{method}");
        let found = document["target_values"][1].as_f64().unwrap();
        assert!(found.is_finite());
        assert_eq!(document["steps"].as_u64(), steps.map(|s| s as u64));
    }
}

#[test]
fn a_layer_is_found_by_its_name_in_keras_and_a_wrong_one_is_answered_with_a_list() {
    let mut bench = bench(Method::GradCam);
    bench.request.map.recipe.layer = Some("conv_pw_5_relu".to_owned());
    let (document, written) = bench.run().unwrap();
    assert_eq!(document["layer"], "conv_pw_5_relu");
    assert_eq!(written.shape, [2, 28, 28]);
    // By gradient and by the head's algebra the last map is the same.
    bench.request.map.recipe.layer = Some("conv_pw_13_relu".to_owned());
    let (_, by_gradient) = bench.run().unwrap();
    bench.request.map.recipe.layer = None;
    let (_, by_head) = bench.run().unwrap();
    let largest = by_head.values.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    for (a, b) in by_gradient.values.iter().zip(&by_head.values) {
        assert!((a - b).abs() <= 1e-4 * largest, "{a} {b}");
    }
    bench.request.map.recipe.layer = Some("conv_pw_99".to_owned());
    let refused = bench.run().unwrap_err();
    assert_eq!(refused.class(), Class::Usage);
    assert!(
        refused.to_string().contains("conv_pw_11_relu (14 × 14)"),
        "{refused}"
    );
}

#[test]
fn integrated_gradients_state_what_they_leave_over() {
    let mut bench = bench(Method::IntegratedGradients);
    bench.request.map.recipe.baseline = Some(Baseline::Blur);
    let gap_with = |bench: &mut Bench, steps| {
        bench.request.map.recipe.steps = Some(steps);
        let (document, _) = bench.run().unwrap();
        let gap = document["completeness_gaps"][0].as_f64().unwrap();
        assert_eq!(document["baseline"], "blur");
        gap
    };
    let coarse = gap_with(&mut bench, 1);
    let fine = gap_with(&mut bench, 25);
    assert!(fine.abs() < coarse.abs(), "{fine} {coarse}");
}

#[test]
fn a_tensor_has_controls_without_a_photograph() {
    let mut bench = bench(Method::InputGradient);
    bench.request.sanity_checks = Some(Settings::default());
    let (document, _) = bench.run().unwrap();
    let sanity_checks = document["controls"].as_array().unwrap();
    assert_eq!(sanity_checks.len(), 2);
    assert_eq!(sanity_checks[0], sanity_checks[1]);
    let one = &sanity_checks[0];
    assert_eq!(one["hiding"]["grid"], json!([14, 14]));
    assert_eq!(one["hiding"]["cells"], 196);
    assert_eq!(one["randomised"].as_array().unwrap().len(), 2);
    assert!(one["outside"].is_null() && one["stability"].is_null());
    assert!(one["missing"]["stability"].is_string());
    assert!(one["verdict"].as_str().unwrap().contains("the score"));
    bench.request.sanity_checks = None;
    assert!(bench.run().unwrap().0["controls"].is_null());
}

#[test]
fn a_misfit_and_an_output_that_is_not_there_are_refused() {
    let mut misfit = bench(Method::GradCam);
    misfit.request.map.recipe.steps = Some(5);
    assert_eq!(misfit.run().unwrap_err().class(), Class::Usage);
    let mut bench = bench(Method::HiresCam);
    bench.request.map.recipe.target = Some(9);
    assert_eq!(bench.run().unwrap_err().class(), Class::Usage);
}

#[test]
fn an_age_that_is_hardly_years_is_doubted_on_a_page_of_its_own() {
    let card = std::sync::Arc::new(model_card::example_of_age());
    let mut case = ResultRow::unopened("a.jpg", card);
    for (age, doubted) in [(Some(0.4), true), (Some(61.0), false), (None, false)] {
        case.value = age;
        let mut findings = report::case_alone(&case).findings.into_iter();
        let found = findings.any(|f| f.code == FindingCode::ValueScaleSuspect);
        assert_eq!(found, doubted, "{age:?}");
    }
}

#[test]
fn a_photograph_gets_its_picture_and_figures_and_a_stop_is_a_stop() {
    let mut bench = bench(Method::SmoothGrad);
    let file = bench.home.path().join("eye.png");
    let pixels = crate::drawing::Pixels {
        width: 90,
        height: 80,
        rgb: (0..90 * 80 * 3).map(|i| i as u8).collect(),
    };
    let format = crate::drawing::PictureFormat::Png;
    std::fs::write(&file, crate::drawing::encode(&pixels, format).unwrap()).unwrap();
    bench.request.subject = ExplainInput::Photographs(vec![file]);
    bench.request.map.recipe.steps = Some(2);
    let refused = explain(
        &bench.ctx,
        &bench.request,
        &PartialResults::default(),
        &Cancel::new(),
        &Progress::new(),
    );
    let document = refused.unwrap().maps[0].document("1");
    for field in ["logit", "score", "value", "label", "saliency", "error"] {
        assert!(document[field].is_null(), "{field}");
    }
    assert_eq!(document["files"], json!([]));
    assert_eq!(document["findings"][0]["code"], "not-a-fundus");
    assert_eq!(std::fs::read_dir(&bench.request.out).unwrap().count(), 0);
    bench.request.report = Some(Lang::En);
    let refused = explain(
        &bench.ctx,
        &bench.request,
        &PartialResults::default(),
        &Cancel::new(),
        &Progress::new(),
    );
    let report = "eye.demo-mobilenet.smooth-grad.report.pdf";
    let document = refused.unwrap().maps[0].document("1");
    assert_eq!(document["files"], json!([report]));
    assert!(bench.request.out.join(report).is_file());
    bench.request.report = None;
    bench.request.open.accept_any_picture = true;
    let (document, first) = bench.run().unwrap();
    assert_eq!(first.shape, [224, 224, 3]);
    assert_eq!(document["seed"], 0);
    assert_eq!(document["findings"][0]["code"], "not-a-fundus-accepted");
    let logit = document["logit"].as_f64().unwrap();
    assert!((document["target_value"].as_f64().unwrap() - logit).abs() < 1e-4);
    assert!(
        bench
            .request
            .out
            .join("eye.demo-mobilenet.smooth-grad.png")
            .is_file()
    );
    bench.request.map.recipe.seed = Some(1);
    assert_ne!(bench.run().unwrap().1.values, first.values);
    bench.request.map.recipe.seed = None;
    assert_eq!(bench.run().unwrap().1.values, first.values);

    let cancel = Cancel::new();
    cancel.cancel();
    let stopped = explain(
        &bench.ctx,
        &bench.request,
        &PartialResults::default(),
        &cancel,
        &Progress::new(),
    );
    assert!(matches!(stopped, Err(Error::Cancelled)));
}
