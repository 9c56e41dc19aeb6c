//! Tables as people have them: proposed, confirmed, and read the same way again.

use super::*;
use crate::domain::{CovariateKind, RowsPer};
use crate::evaluation::Ambiguity;

const FOUR: [&str; 4] = ["p1_OD.jpg", "p1_OS.jpg", "p2_OD.jpg", "p2_OS.jpg"];

fn sexes_and_ages() -> Vec<DesiredValue> {
    let mut wanted = desired_values(&[]);
    wanted[0].required = true;
    wanted
}

fn proposal(text: &str, photographs: &[&str], answers: &Answers) -> Result<Proposal, Error> {
    let wanted = sexes_and_ages();
    let request = LabelRequest {
        photographs,
        eyes: &[],
        values: &wanted,
        masked: false,
    };
    proposed(text.as_bytes(), "labels.csv".into(), &request, answers)
}

fn ready(text: &str, photographs: &[&str], answers: &Answers) -> Proposal {
    let proposal = proposal(text, photographs, answers).unwrap();
    assert_eq!(proposal.question, None, "{text}");
    again(text, photographs, &proposal);
    proposal
}

/// What was confirmed is read the same way again.
fn again(text: &str, photographs: &[&str], proposal: &Proposal) {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("labels.csv");
    std::fs::write(&table, text).unwrap();
    let wanted = sexes_and_ages();
    let request = LabelRequest {
        photographs,
        eyes: &[],
        values: &wanted,
        masked: false,
    };
    let mapping = proposal.mapping.as_ref().unwrap();
    let stored = serde_json::to_string(mapping).unwrap();
    let mapping = &serde_json::from_str(&stored).unwrap();
    let labels = read(mapping, &table, &request).unwrap();
    assert_eq!(labels.photographs, proposal.labels.photographs, "{text}");
    assert_eq!(labels.lists, proposal.labels.lists, "{text}");
    assert!(!is_changed(mapping, &table));
    std::fs::write(&table, format!("{text}\n")).unwrap();
    assert!(is_changed(mapping, &table));
    let refused = read(mapping, &table, &request).unwrap_err();
    assert!(refused.to_string().contains("changed"), "{refused}");
}

/// Sex and age of each photograph.
fn values(labels: &StudyLabels) -> Vec<String> {
    let said = |labelled: &Option<Labelled>| match labelled {
        None => "-".to_owned(),
        Some(labelled) => {
            let value = |(_, value, _): &(Role, RecordedValue, ValueSource)| match value {
                RecordedValue::Label(label) => label[..1].to_owned(),
                RecordedValue::Number(number) => number.to_string(),
            };
            let values: Vec<String> = labelled.values.iter().map(value).collect();
            values.join(" ")
        }
    };
    labels.photographs.iter().map(said).collect()
}

#[test]
fn sex_age_person_eye_and_covariates_are_read_together() {
    let text = "image,patient,eye,sex,age,camera,grade\n\
        p1_OD.jpg,1,OD,F,63,Topcon,2\np1_OS.jpg,1,OS,F,63,Topcon,\np2_OD.jpg,2,R,M,,Canon,1\nx.jpg,3,R,M,70,,1\n";
    let answers = Answers {
        columns: vec![
            (Role::Covariate, "grade".into()),
            (Role::Covariate, "camera".into()),
        ],
        ..Answers::default()
    };
    let proposal = ready(text, &FOUR, &answers);
    assert_eq!(values(&proposal.labels), ["f 63", "f 63", "m", "-"]);
    let first = proposal.labels.photographs[0].as_ref().unwrap();
    assert_eq!(
        (first.person.as_deref(), first.eye),
        (Some("1"), Laterality::Od)
    );
    let topcon = Covariate::Text("Topcon".into());
    assert_eq!(
        first.covariates,
        [
            ("camera".to_owned(), topcon),
            ("grade".to_owned(), Covariate::Number(2.0))
        ]
    );
    let mapping = proposal.mapping.unwrap();
    let kinds: Vec<_> = mapping.columns.iter().filter_map(|c| c.kind).collect();
    assert_eq!(kinds, [CovariateKind::Text, CovariateKind::Number]);
    let lists = &proposal.labels.lists;
    assert_eq!(lists.without_row, ["p2_OS.jpg"]);
    assert_eq!(lists.without_photograph, [(5, "x.jpg".to_owned())]);
    assert_eq!(lists.unreadable.len(), 1);
    assert_eq!(
        lists.entry(LabelList::Unreadable, 0, Lang::En),
        "4: p2_OD.jpg \"\" (no label)"
    );
    let csv = String::from_utf8(lists.csv(LabelList::WithoutPhotograph)).unwrap();
    assert!(
        csv.starts_with("\u{feff}line,name,research_only\r\n5,x.jpg,"),
        "{csv}"
    );
}

#[test]
fn rows_for_persons_and_eyes_are_offered_and_never_assumed() {
    let people = "患者番号,性別,年齢\n1,女,63\n2,男,41\n";
    let photographs = ["1_right.jpg", "1_left.jpg", "2_right.jpg", "9_left.jpg"];
    let asked = proposal(people, &photographs, &Answers::default()).unwrap();
    let Some(Question::RowsPer(question)) = &asked.question else {
        panic!("{:?}", asked.question);
    };
    assert_eq!(
        (question.per, question.photographs, question.rows),
        (RowsPer::Person, 3, 2)
    );
    assert!(asked.mapping.is_none() && asked.columns.len() == 3);
    let answers = Answers {
        rows_per: Some(RowsPer::Person),
        ..Answers::default()
    };
    let read = ready(people, &photographs, &answers);
    assert_eq!(values(&read.labels), ["f 63", "f 63", "m 41", "-"]);
    // The number behind the eye is a visit, not the person 1.
    let visits = ["99_OD_1.jpg", "1_OD_2.jpg", "2_OD_1.jpg"];
    let read = ready(people, &visits, &answers);
    assert_eq!(values(&read.labels), ["-", "f 63", "m 41"]);
    let eyes = "id,eye,sex,age\n1,OD,F,63\n1,OS,F,64\n2,OD,M,41\n";
    let asked = proposal(eyes, &photographs, &Answers::default()).unwrap();
    assert!(matches!(asked.question, Some(Question::RowsPer(q)) if q.per == RowsPer::Eye));
    let answers = Answers {
        rows_per: Some(RowsPer::Eye),
        ..Answers::default()
    };
    let read = ready(eyes, &photographs, &answers);
    assert_eq!(values(&read.labels), ["f 63", "f 64", "m 41", "-"]);
    // Codes of the eye are asked about, like every code.
    let codes = "id,eye,sex,age\n1,1,F,63\n1,2,F,64\n2,1,M,41\n";
    let asked = proposal(codes, &photographs, &answers).unwrap();
    let Some(Question::Values(question)) = asked.question else {
        panic!("no question");
    };
    assert_eq!(question.labels, ["OD", "OS"]);
    let eye = |value: &str, eye: &str| (value.to_owned(), Meaning::Label(eye.to_owned()));
    let answers = Answers {
        values: vec![eye("1", "OD"), eye("2", "OS")],
        ..answers
    };
    let read = ready(codes, &photographs, &answers);
    assert_eq!(values(&read.labels), ["f 63", "f 64", "m 41", "-"]);
}

#[test]
fn both_eyes_in_one_row_are_two_photographs_of_one_person() {
    let text = "ID,Age,Sex,Left-Fundus,Right-Fundus\n7,63,Female,p1_OS.jpg,p1_OD.jpg\n8,41,Male,p2_OS,p2_OD\n";
    let asked = proposal(text, &FOUR, &Answers::default()).unwrap();
    let Some(Question::Column { why, found, .. }) = asked.question else {
        panic!("no question");
    };
    assert_eq!(why, Ambiguity::SeveralOfImages);
    let columns = found.into_iter().map(|name| (Role::Image, name)).collect();
    let answers = Answers {
        columns,
        ..Answers::default()
    };
    let read = ready(text, &FOUR, &answers);
    assert_eq!(values(&read.labels), ["f 63", "f 63", "m 41", "m 41"]);
    let eyes: Vec<Laterality> = read
        .labels
        .photographs
        .iter()
        .map(|l| l.as_ref().unwrap().eye)
        .collect();
    let [od, os] = [Laterality::Od, Laterality::Os];
    assert_eq!(eyes, [od, os, od, os]);
    let roles: Vec<Role> = read
        .mapping
        .unwrap()
        .columns
        .iter()
        .map(|c| c.role)
        .collect();
    assert_eq!(
        roles,
        [Role::Age, Role::Sex, Role::ImageLeft, Role::ImageRight]
    );
}

#[test]
fn titles_two_header_lines_and_codes_are_read_after_one_question() {
    let text = "対象者の一覧;;\n2024年5月;;\n画像;性別;年齢\nimage;(1/2);(歳)\np1_OD;1;63\np2_OD;2;４１歳\n";
    let asked = proposal(text, &FOUR, &Answers::default()).unwrap();
    let Some(Question::Values(question)) = asked.question else {
        panic!("no question");
    };
    assert_eq!(question.values, [("1".to_owned(), 1), ("2".to_owned(), 1)]);
    let label = |word: &str| Meaning::Label(word.to_owned());
    let answers = Answers {
        values: vec![("1".into(), label("male")), ("2".into(), label("female"))],
        ..Answers::default()
    };
    let read = ready(text, &FOUR, &answers);
    assert_eq!(values(&read.labels), ["m 63", "-", "f 41", "-"]);
    let mapping = read.mapping.unwrap();
    assert_eq!((mapping.header_line, mapping.header_lines), (3, 2));
}

#[test]
fn leading_zeros_are_a_question_and_contradictions_are_ambiguous() {
    let photographs = ["0012.jpg", "0013.jpg", "14.jpg"];
    let text = "image,sex\n12,F\n13,M\n";
    let asked = proposal(text, &photographs, &Answers::default()).unwrap();
    assert!(matches!(
        asked.question,
        Some(Question::LeadingZeros { photographs: 2, .. })
    ));
    let answers = Answers {
        without_leading_zeros: true,
        ..Answers::default()
    };
    let read = ready(text, &photographs, &answers);
    assert_eq!(values(&read.labels), ["f", "m", "-"]);
    // If some match already, it is offered and not asked.
    let some = ready("image,sex\n12,F\n14,M\n", &photographs, &Answers::default());
    assert!(matches!(
        some.mismatches[..],
        [MismatchReason::LeadingZeros { .. }]
    ));
    let twice = "image,sex,age\n14,F,63\n14.JPG,F,63\n0012,F,63\n0012,F,64\n";
    let read = ready(twice, &photographs, &Answers::default());
    assert_eq!(
        (values(&read.labels)[2].as_str(), read.labels.repeated),
        ("f 63", 1)
    );
    assert_eq!(read.labels.lists.ambiguous, ["0012"]);
}

#[test]
fn one_label_alone_is_told_and_an_empty_table_refused() {
    let read = ready("image,sex\np1_OD,F\np1_OS,F\n", &FOUR, &Answers::default());
    let one = read.labels.with_one_label();
    assert_eq!(one, [(Role::Sex, "female".to_owned())]);
    for text in ["", "image,sex\n", "\n\n"] {
        let refused = proposal(text, &FOUR, &Answers::default()).unwrap_err();
        assert!(refused.to_string().contains("empty"), "{refused}");
    }
    let none = proposal("image,sex\nx,F\n", &FOUR, &Answers::default()).unwrap_err();
    assert!(
        none.to_string().contains("none of the 4 photographs"),
        "{none}"
    );
}

#[test]
fn a_table_of_more_rows_than_can_be_read_is_refused() {
    let mut text = String::from("image,sex\n");
    for row in 0..=evaluation::MAX_ROWS {
        text.push_str(if row % 2 == 0 { "a,F\n" } else { "b,M\n" });
    }
    let refused = proposal(&text, &FOUR, &Answers::default()).unwrap_err();
    assert!(
        refused.to_string().contains("more than 1000000 rows"),
        "{refused}"
    );
}

#[test]
fn what_a_photograph_states_never_replaces_the_table() {
    let text = "image,sex,age\np1_OD,F,\np2_OD,M,41\n";
    let mut labels = ready(text, &FOUR, &Answers::default()).labels;
    let stated = StatedRecord {
        sex: Some("male"),
        age: Some(70.0),
        ..StatedRecord::default()
    };
    for photograph in 0..FOUR.len() {
        labels.add_stated(photograph, &stated);
    }
    assert_eq!(values(&labels), ["f 70", "m 70", "m 41", "m 70"]);
    let sources: Vec<ValueSource> = labels.photographs[0]
        .as_ref()
        .unwrap()
        .values
        .iter()
        .map(|(_, _, source)| *source)
        .collect();
    assert_eq!(sources, [ValueSource::Table, ValueSource::Dicom]);
    assert_eq!(labels.matched(), 2);
}

#[test]
fn a_cell_that_records_something_else_is_no_empty_one() {
    let text = "image,sex,age\np1_OD,F,61\np1_OS,M,six\np2_OD,,\np2_OS,X,\n";
    let mut labels = ready(text, &FOUR, &Answers::default()).labels;
    let otherwise = |labels: &StudyLabels| -> Vec<Vec<Role>> {
        let labelled = labels.photographs.iter().flatten();
        labelled
            .map(|labelled| labelled.otherwise.clone())
            .collect()
    };
    let expected = [vec![], vec![Role::Age], vec![], vec![Role::Sex]];
    assert_eq!(otherwise(&labels), expected);
    // What the photographs state fills empty cells only.
    let other = StatedRecord {
        is_other_sex: true,
        ..StatedRecord::default()
    };
    labels.add_stated(2, &other);
    let male = StatedRecord {
        sex: Some("male"),
        ..StatedRecord::default()
    };
    labels.add_stated(3, &male);
    assert_eq!(otherwise(&labels)[2..], [[Role::Sex], [Role::Sex]]);
    assert!(values(&labels)[3].is_empty());
    // Words for an unknown value say that nothing is recorded; others that something else is.
    for (cell, is_otherwise) in [("unknown", false), ("NA", false), ("intersex", true)] {
        let text = format!("image,sex\np1_OD,female\np1_OS,male\np2_OD,{cell}\n");
        let labels = ready(&text, &FOUR, &Answers::default()).labels;
        assert_eq!(
            otherwise(&labels)[2].contains(&Role::Sex),
            is_otherwise,
            "{cell}"
        );
    }
}

#[test]
fn a_table_of_more_bytes_than_can_be_read_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("labels.csv");
    let file = std::fs::File::create(&table).unwrap();
    file.set_len(MAX_TABLE_BYTES + 1).unwrap();
    let request = LabelRequest {
        photographs: &FOUR,
        eyes: &[],
        values: &sexes_and_ages(),
        masked: false,
    };
    let refused = propose(&table, &request, &Answers::default()).unwrap_err();
    assert!(refused.to_string().contains("labels.csv"), "{refused}");
    assert!(columns(&table, &request, &Answers::default()).is_empty());
}
