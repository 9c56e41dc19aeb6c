//! SavedModels and checkpoints as TensorFlow 2.3 to 2.21 wrote them, against the outputs of Keras. Damaged copies are in
//! `tests/hostile`.

use crate::keras_fixtures::tensorflow::{import, read, rows, versions};
use crate::keras_fixtures::{assert_answers, engines, tensor};

const TOLERANCE: f32 = 2e-5;

#[test]
fn every_model_gives_the_output_of_keras_or_is_refused_with_the_reason() {
    let engines = engines();
    for (version, files) in versions() {
        let mut opened = 0;
        for row in rows(&files) {
            let name = format!("{version} {} {:?}", row.name, row.config);
            let imported = import(&files, &row);
            if let Some(reason) = &row.refused {
                let error = imported
                    .err()
                    .unwrap_or_else(|| panic!("{name} is accepted"));
                assert!(format!("{error:?}").contains(reason), "{name}: {error}");
                continue;
            }
            let imported = imported.unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(imported.form.as_str(), row.form, "{name}");
            assert_eq!(Some(imported.parameters), row.parameters, "{name}");
            let model = row.model.as_ref().unwrap();
            let input = tensor(&read(&files, &format!("{model}.input.npy")));
            let input = input.nchw_from_nhwc().unwrap();
            let expected = tensor(&read(&files, &format!("{model}.expected.npy")));
            assert_answers(
                &engines,
                &name,
                &imported.graph,
                &input,
                &expected,
                TOLERANCE,
            );
            opened += 1;
        }
        assert!(
            opened >= 7 || version.starts_with("2.21"),
            "{version}: {opened}"
        );
    }
}
