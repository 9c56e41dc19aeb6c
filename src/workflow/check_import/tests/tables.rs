//! Tables of labels as they occur in practice, against photographs of which only the names matter here: read,
//! questioned, or refused with the reason; never read as something else.

use super::*;
use crate::domain::{Head, ModelCard};
use crate::evaluation::{self, Ambiguity, Answers, Meaning, Question, Role, RowsPer};
use crate::workflow::check_import::dataset::{Dataset, dataset};

/// Names of eight photographs, `img00001.jpg` to `img00008.jpg`.
fn eight() -> Vec<String> {
    (1..=8).map(|n| format!("img{n:05}.jpg")).collect()
}

fn sexes() -> ModelCard {
    ModelCard {
        task: Task::Sex,
        head: Head::Sigmoid,
        labels: vec!["female".into(), "male".into()],
        ..example()
    }
}

fn ages() -> ModelCard {
    ModelCard {
        task: Task::Age,
        head: Head::Linear,
        labels: vec![],
        ..example()
    }
}

struct Table<'a> {
    names: Vec<String>,
    bytes: Vec<u8>,
    card: ModelCard,
    answers: &'a [(&'a str, &'a str)],
    columns: &'a [(Role, &'a str)],
    zeros: bool,
    rows_per: Option<RowsPer>,
    sheet: Option<&'a str>,
}

impl Table<'_> {
    fn of(bytes: &[u8]) -> Self {
        Self {
            names: eight(),
            bytes: bytes.to_owned(),
            card: sexes(),
            answers: &[],
            columns: &[],
            zeros: false,
            rows_per: None,
            sheet: None,
        }
    }

    fn named(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/labels");
        Self::of(&std::fs::read(root.join(name)).unwrap())
    }

    fn gathered(&self) -> Result<Dataset, Error> {
        let folder = tempfile::tempdir().unwrap();
        for name in &self.names {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"").unwrap();
        }
        let meaning = |word: &str| match word {
            "-" => Meaning::LeaveOut,
            word => Meaning::Label(word.to_owned()),
        };
        let request = CheckRequest {
            mask_names: false,
            images: vec![folder.path().to_owned()],
            answers: Answers {
                columns: self
                    .columns
                    .iter()
                    .map(|(role, name)| (*role, (*name).to_owned()))
                    .collect(),
                values: self
                    .answers
                    .iter()
                    .map(|(v, m)| ((*v).to_owned(), meaning(m)))
                    .collect(),
                without_leading_zeros: self.zeros,
                rows_per: self.rows_per,
                sheet: self.sheet.map(str::to_owned),
                ..Answers::default()
            },
            ..CheckRequest::default()
        };
        dataset(&self.bytes, &request, &self.card, &Cancel::new())
    }

    /// What is recorded for each photograph, in order.
    fn read(&self) -> Vec<(String, f64)> {
        let gathered = self.gathered().unwrap();
        let values: Vec<f64> = match &gathered.truths {
            ReferenceValues::Labels(labels) => {
                labels.iter().map(|l| f64::from(u8::from(*l))).collect()
            }
            ReferenceValues::Values(values) => values.clone(),
        };
        let names = gathered.cases.iter().map(|case| case.name.clone());
        let mut read: Vec<(String, f64)> = names.zip(values).collect();
        read.sort_by(|a, b| a.0.cmp(&b.0));
        read
    }

    fn values(&self) -> Vec<f64> {
        self.read().into_iter().map(|(_, value)| value).collect()
    }

    fn refused(&self) -> Error {
        let error = self.gathered().err().unwrap();
        assert_eq!(
            (error.class(), error.code()),
            (Class::Usage, "labels"),
            "{error}"
        );
        error
    }

    /// Values with an open question, with the number of their rows.
    fn requested(&self) -> Vec<(String, usize)> {
        let error = self.refused();
        match error {
            Error::Evaluation(evaluation::Error::Question(Question::Values(requested))) => {
                requested.values
            }
            other => panic!("{other}"),
        }
    }

    fn column(&self) -> (Role, Vec<String>, Ambiguity) {
        let error = self.refused();
        match error {
            Error::Evaluation(evaluation::Error::Question(Question::Column {
                role,
                found,
                why,
            })) => (role, found, why),
            other => panic!("{other}"),
        }
    }

    fn codes(&self) -> Vec<&'static str> {
        self.gathered()
            .unwrap()
            .remarks
            .iter()
            .map(|r| r.code())
            .collect()
    }

    fn unused(&self) -> Vec<(&'static str, usize)> {
        let unused = self.gathered().unwrap().left_out.unused();
        unused
            .iter()
            .map(|(what, count)| (what.code(), *count))
            .collect()
    }
}

/// Women and men alternating, as most of the tables here have them.
const IN_TURN: [f64; 8] = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0];

fn pairs(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
    expected
        .iter()
        .map(|(value, rows)| ((*value).to_owned(), *rows))
        .collect()
}

#[test]
fn codes_of_public_tables_are_asked_for() {
    assert_eq!(
        Table::named("brset.csv").requested(),
        pairs(&[("2", 4), ("1", 4)])
    );
    assert_eq!(
        Table::named("codes_1_2_female.csv").requested(),
        pairs(&[("2", 4), ("1", 4)])
    );
    assert_eq!(
        Table::named("iso_5218.csv").requested(),
        pairs(&[("1", 4), ("2", 3), ("0", 1)])
    );
    // The same questions whatever the order of the card's labels.
    let mut turned = Table::named("iso_5218.csv");
    turned.card.labels.reverse();
    assert_eq!(turned.requested().len(), 3);
    let message = Table::named("codes_1_2_female.csv").refused().to_string();
    assert!(message.contains("2 (4 rows), 1 (4 rows)"), "{message}");
}

#[test]
fn answers_are_heeded_and_what_they_leave_out_is_counted() {
    let mut table = Table::named("codes_1_2_female.csv");
    table.answers = &[("1", "male"), ("2", "F")];
    assert_eq!(table.values(), IN_TURN);
    table.card.labels = vec!["男性".into(), "女性".into()];
    assert_eq!(table.values(), IN_TURN.map(|v| 1.0 - v));
    assert!(table.gathered().unwrap().understood.by_answer);
    let mut table = Table::named("iso_5218.csv");
    table.answers = &[("0", "-"), ("1", "male"), ("2", "female"), ("9", "-")];
    assert_eq!(table.values().len(), 7);
    assert_eq!(
        table.unused(),
        [("without-label", 1), ("left-out-by-user", 1)]
    );
    let mut table = Table::named("brset.csv");
    table.answers = &[("1", "male"), ("2", "female")];
    assert_eq!(table.values(), IN_TURN);
    // Persons 7 to 10 are women and men there.
    assert!(table.codes().contains(&"persons-of-both-labels"));
}

#[test]
fn letters_of_other_languages_are_asked_for_and_clear_ones_are_not() {
    let text = |[woman, man]: [&str; 2]| {
        let rows = eight().into_iter().enumerate();
        let rows =
            rows.map(|(i, name)| format!("{name},{}\n", if i % 2 == 0 { woman } else { man }));
        Table::of(format!("image,sex\n{}", rows.collect::<String>()).as_bytes())
    };
    for words in [
        ["M", "H"],
        ["W", "M"],
        ["F", "H"],
        ["K", "M"],
        ["V", "M"],
        ["w", "m"],
        ["D", "H"],
        ["N", "F"],
        ["0", "1"],
        ["1", "0"],
        ["2", "1"],
        ["1", "2"],
        ["1.0", "0.0"],
        ["０", "１"],
        ["-1", "1"],
        ["A", "B"],
        ["vrouw", "M"],
    ] {
        let requested = text(words).requested();
        let expected = if words[0] == "vrouw" { 1 } else { 2 };
        assert_eq!(requested.len(), expected, "{words:?}");
    }
    for words in [
        ["F", "M"],
        ["f", "m"],
        ["Female", "Male"],
        ["女", "男"],
        ["女性", "男性"],
        ["Ｆ", "Ｍ"],
        ["mujer", "hombre"],
        ["weiblich", "männlich"],
        ["femme", "homme"],
        ["♀", "♂"],
        ["женский", "мужской"],
        ["여", "남"],
    ] {
        assert_eq!(text(words).values(), IN_TURN, "{words:?}");
        let mut turned = text(words);
        turned.card.labels = vec!["男".into(), "女".into()];
        assert_eq!(turned.values(), IN_TURN.map(|v| 1.0 - v), "{words:?}");
    }
    // A card whose labels are the codes.
    let mut own = text(["0", "1"]);
    own.card.labels = vec!["0".into(), "1".into()];
    assert_eq!(own.values(), IN_TURN);
    own.card.labels.reverse();
    assert_eq!(own.values(), IN_TURN.map(|v| 1.0 - v));
}

#[test]
fn columns_of_other_languages_are_known() {
    for header in [
        "image,sex",
        "Filename,Gender",
        "画像,性別",
        "ファイル名,性別",
        "Bild,Geschlecht",
        "Dateiname,Geschlecht",
        "imagen,sexo",
        "fichier,sexe",
        "immagine,sesso",
        "ｉｍａｇｅ,ｓｅｘ",
        "IMAGE_ID,PATIENT_SEX",
        "Image Name,Recorded sex",
        " image , sex ",
        "\"image\",\"sex\"",
    ] {
        let rows = eight().into_iter().enumerate();
        let rows: String = rows
            .map(|(i, name)| format!("{name},{}\n", if i % 2 == 0 { "F" } else { "M" }))
            .collect();
        assert_eq!(
            Table::of(format!("{header}\n{rows}").as_bytes()).values(),
            IN_TURN,
            "{header}"
        );
    }
    let table = Table::named("patient_id_header.csv").gathered().unwrap();
    assert!(table.persons_known);
    assert_eq!(table.persons.iter().max(), Some(&3));
}

#[test]
fn names_in_another_writing_match() {
    for name in [
        "other_case.csv",
        "windows_paths.csv",
        "sep_line.csv",
        "quotes_newlines.csv",
        "utf8_sig.csv",
    ] {
        assert_eq!(Table::named(name).values(), IN_TURN, "{name}");
    }
    let mut decomposed = Table::named("files_nfd.csv");
    let files = [
        "ホ\u{309a}リーフ\u{309a}_R.jpg",
        "Mu\u{308}ller_OD.jpg",
        "フ\u{309a}ロシ\u{3099}ェクト_右.jpg",
        "か\u{3099}_左.jpg",
    ];
    decomposed.names = files.map(str::to_owned).to_vec();
    assert_eq!(decomposed.values().len(), 4);
    assert!(decomposed.unused().is_empty());
    // The reverse case.
    let text = "image,sex\nか\u{3099}.jpg,F\nMu\u{308}ller.jpg,M\n";
    let mut composed = Table::of(text.as_bytes());
    composed.names = vec!["が.jpg".into(), "Müller.jpg".into()];
    assert_eq!(composed.values().len(), 2);
    // Two persons whose files have the same names.
    let text = "image,sex\nC:\\data\\p1\\OD.jpg,F\nC:\\data\\p2\\OD.jpg,M\n";
    let mut folders = Table::of(text.as_bytes());
    folders.names = vec!["p1/OD.jpg".into(), "p2/OD.jpg".into()];
    assert_eq!(folders.values(), [0.0, 1.0]);
}

#[test]
fn encodings_are_read_and_other_files_are_named() {
    assert_eq!(Table::named("cp932.csv").values(), IN_TURN);
    assert_eq!(Table::named("cp932.csv").codes(), ["encoding"]);
    let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
        let text = String::from_utf8(Table::named("utf8_sig.csv").bytes)
            .unwrap()
            .replace('\u{feff}', "");
        let bytes = text.encode_utf16().flat_map(bytes);
        Table::of(&mark.iter().copied().chain(bytes).collect::<Vec<u8>>())
    };
    assert_eq!(utf16(b"\xff\xfe", u16::to_le_bytes).values(), IN_TURN);
    assert_eq!(utf16(b"\xfe\xff", u16::to_be_bytes).values(), IN_TURN);
    // Every sex is a question mark there: reported as such, and not as if nothing matched.
    let reported = Table::named("cp1252_umlauts.csv").refused().to_string();
    assert!(
        reported.contains("8 rows: neither female nor male"),
        "{reported}"
    );
    assert_eq!(Table::named("workbook.xlsx").values(), IN_TURN);
    let open = Table::of(b"image,note,sex\nimg00001.jpg,\"a,F\nimg00002.jpg,b,M\n").refused();
    assert!(open.to_string().contains("line 2"), "{open}");
}

#[test]
fn ages_are_read_or_listed() {
    let mut table = Table::named("ages.csv");
    table.card = ages();
    assert_eq!(table.values(), [63.0, 63.0, 63.0, 63.5, 45.0]);
    assert_eq!(table.unused(), [("without-label", 3), ("not-an-age", 3)]);
    let listed = table
        .gathered()
        .unwrap()
        .left_out
        .unreadable(crate::text::Lang::En);
    assert_eq!(
        listed[0],
        "5: img00004.jpg \"1,234\" (not an age in years (above 0, at most 120))"
    );
    let mut months = Table::of(b"image,age\nimg00001.jpg,756\nimg00002.jpg,492\n");
    months.card = ages();
    let reported = months.refused().to_string();
    assert!(
        reported.contains("2 rows: not an age in years"),
        "{reported}"
    );
    // A decimal comma without quotes in a table with commas shifts the cells.
    let mut shifted = Table::of(b"image,age,eye\nimg00001.jpg,63,5,OD\nimg00002.jpg,41,OS\n");
    shifted.card = ages();
    assert_eq!(shifted.values(), [41.0]);
    assert_eq!(
        shifted.unused(),
        [("without-label", 7), ("too-many-cells", 1)]
    );
}

#[test]
fn two_columns_that_could_be_meant_are_a_question() {
    let (role, found, why) = Table::named("sex_and_gender.csv").column();
    assert_eq!(
        (role, found, why),
        (
            Role::Sex,
            vec!["sex".into(), "Sex".into()],
            Ambiguity::Several
        )
    );
    let mut answered = Table::named("sex_and_gender.csv");
    answered.columns = &[(Role::Sex, "Sex")];
    assert_eq!(answered.values(), IN_TURN);
    let mut table = Table::of(b"image,age,age_group\nimg00001.jpg,63,60-70\n");
    table.card = ages();
    assert_eq!(table.column().1, ["age", "age_group"]);
    table.columns = &[(Role::Age, "age")];
    assert_eq!(table.values(), [63.0]);
    let twice = Table::of(b"image,sex,sex\nimg00001.jpg,F,M\n").column();
    assert_eq!(twice.1, ["#2", "#3"]);
    let (role, found, why) = Table::of(b"image,age\nimg00001.jpg,63\n").column();
    assert_eq!((role, found.len(), why), (Role::Sex, 2, Ambiguity::Missing));
    let mut absent = Table::of(b"image,sex\nimg00001.jpg,F\n");
    absent.columns = &[(Role::Sex, "gender")];
    assert!(
        absent
            .refused()
            .to_string()
            .contains("its first line has: image, sex")
    );
}

#[test]
fn a_wide_table_is_asked_about_and_can_be_read_whole() {
    let text = "ID,Patient Age,Patient Sex,Left-Fundus,Right-Fundus\n0,69,Female,img00001.jpg,img00002.jpg\n1,57,Male,img00003.jpg,img00004.jpg\n";
    let mut wide = Table::of(text.as_bytes());
    let (role, found, why) = wide.column();
    assert_eq!((role, why), (Role::Image, Ambiguity::SeveralOfImages));
    assert_eq!(found, ["Left-Fundus", "Right-Fundus"]);
    wide.columns = &[(Role::Image, "Left-Fundus"), (Role::Image, "Right-Fundus")];
    assert_eq!(wide.values(), [0.0, 0.0, 1.0, 1.0]);
    let gathered = wide.gathered().unwrap();
    assert!(gathered.persons_known);
    assert_eq!(gathered.persons.iter().max(), Some(&1));
}

#[test]
fn why_nothing_matches_is_said_and_zeros_are_offered() {
    let mut zeros = Table::named("leading_zeros.csv");
    zeros.names = (12..20).map(|n| format!("{n:05}.jpg")).collect();
    let refused = zeros.refused();
    assert!(
        refused.to_string().contains("8 would match, such as"),
        "{refused}"
    );
    let zeros_asked = matches!(
        refused,
        Error::Evaluation(evaluation::Error::Question(Question::LeadingZeros { .. }))
    );
    assert!(zeros_asked, "{refused}");
    zeros.zeros = true;
    assert_eq!(zeros.values(), IN_TURN);
    let mut persons = Table::of(b"image,sex\n10,F\n11,M\n");
    persons.names = ["10_left.jpg", "10_right.jpg", "11_left.jpg", "11_right.jpg"]
        .map(str::to_owned)
        .to_vec();
    let reported = persons.refused().to_string();
    assert!(reported.contains("one row per person"), "{reported}");
    persons.rows_per = Some(RowsPer::Person);
    assert_eq!(persons.values(), [0.0, 0.0, 1.0, 1.0]);
    let mut dates = Table::of(b"image,sex\n2.0210503E+13,F\n2.0210504E+13,M\n");
    dates.names = vec!["20210503123456.jpg".into(), "20210504123456.jpg".into()];
    assert!(dates.refused().to_string().contains("1.23E+12"));
    let other = Table::of(b"image,sex\nx.jpg,F\ny.jpg,M\n")
        .refused()
        .to_string();
    assert!(
        other.contains("x.jpg in the table, img00001.jpg among the photographs"),
        "{other}"
    );
    let mut nothing = Table::of(b"image,sex\nx.jpg,F\n");
    nothing.names = vec![];
    assert!(nothing.refused().to_string().contains("no photograph"));
    // If some match, the zeros of the others are a remark.
    let mut some = Table::of(b"image,sex\nimg00001.jpg,F\nimg00002.jpg,M\n12,F\n");
    some.names.push("00012.jpg".into());
    assert!(some.codes().contains(&"names"));
}

#[test]
fn rows_that_stand_twice_count_once_and_contradictions_not_at_all() {
    let twice = Table::named("equal_rows.csv");
    assert_eq!(twice.values(), IN_TURN);
    assert_eq!(twice.codes(), ["repeated-rows"]);
    let contradicting =
        Table::of(b"image,sex\nimg00001.jpg,F\nIMG00001.JPG,M\nimg00002.jpg,F\nimg00003.jpg,M\n");
    assert_eq!(contradicting.values(), [0.0, 1.0]);
    assert_eq!(
        contradicting.unused(),
        [("without-label", 5), ("contradicting", 1)]
    );
}

#[test]
fn one_label_alone_says_which_and_what_became_of_the_others() {
    let reported = Table::of(b"image,sex\nimg00001.jpg,M\nimg00002.jpg,M\nimg00003.jpg,unknown\n")
        .refused()
        .to_string();
    assert!(
        reported.contains("all 2 labelled images have the same label, male"),
        "{reported}"
    );
    assert!(
        reported.contains("1 row: neither female nor male"),
        "{reported}"
    );
}

#[test]
fn persons_have_the_same_numbers_however_many_photographs_they_have() {
    let row = |name: &str, person: usize| {
        format!(
            "{name},{person},{}\n",
            if person.is_multiple_of(3) { "F" } else { "M" }
        )
    };
    let once: String = (0..8)
        .map(|n| row(&format!("img{:05}.jpg", n + 1), n))
        .collect();
    let persons = |text: String, names: Vec<String>| {
        let mut table = Table::of(format!("image,person,sex\n{text}").as_bytes());
        table.names = names;
        let gathered = table.gathered().unwrap();
        let mut by_name: Vec<_> = gathered
            .cases
            .iter()
            .map(|c| c.name.clone())
            .zip(gathered.persons)
            .collect();
        by_name.sort();
        by_name
    };
    let single = persons(once.clone(), eight());
    let again: String = (0..8)
        .map(|n| row(&format!("again{}.jpg", n + 1), n))
        .collect();
    let names = eight()
        .into_iter()
        .chain((1..=8).map(|n| format!("again{n}.jpg")))
        .collect();
    let double = persons(once + &again, names);
    assert_eq!(double[8..], single[..]);
}
