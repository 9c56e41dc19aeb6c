//! Usual names of columns, in the languages in which tables are kept.

use std::collections::HashSet;

use strum::IntoEnumIterator;

use super::fold::{column_name, folded, words};
use super::names::{image_name, stem_key};
use crate::domain::{Laterality, Role};

/// Names of columns without spaces and punctuation, as [`column_name`] returns them.
pub(super) fn names(role: Role) -> &'static [&'static str] {
    match role {
        Role::Image => &[
            "image",
            "imageid",
            "imagename",
            "imagefile",
            "imagefilename",
            "imagepath",
            "images",
            "img",
            "imgid",
            "imgname",
            "imgpath",
            "file",
            "fileid",
            "filename",
            "filepath",
            "path",
            "picture",
            "photo",
            "photograph",
            "fundus",
            "fundusimage",
            "idcode",
            "画像",
            "画像名",
            "画像id",
            "画像番号",
            "画像ファイル",
            "画像ファイル名",
            "ファイル",
            "ファイル名",
            "ファイルパス",
            "写真",
            "写真名",
            "bild",
            "bildname",
            "bilddatei",
            "datei",
            "dateiname",
            "imagen",
            "archivo",
            "fichier",
            "nomdufichier",
            "imagem",
            "arquivo",
            "immagine",
            "foto",
            "图像",
            "图片",
            "文件名",
        ],
        Role::Person => &[
            "person",
            "personid",
            "patient",
            "patientid",
            "patientno",
            "patientnumber",
            "patientcode",
            "patientname",
            "patid",
            "subject",
            "subjectid",
            "subjectcode",
            "participant",
            "participantid",
            "individual",
            "individualid",
            "eid",
            "pid",
            "患者",
            "患者id",
            "患者番号",
            "患者no",
            "患者名",
            "被験者",
            "被験者id",
            "被験者番号",
            "被検者",
            "人",
            "個人",
            "個人番号",
            "カルテ番号",
            "症例番号",
            "patientennummer",
            "patientenid",
            "proband",
            "probandid",
            "paciente",
            "idpaciente",
            "pacienteid",
            "sujet",
            "idpatient",
            "paziente",
            "patiënt",
            "患者编号",
            "환자",
        ],
        Role::Sex => &[
            "sex",
            "gender",
            "recordedsex",
            "patientsex",
            "patientgender",
            "biologicalsex",
            "sexatbirth",
            "性別",
            "記録上の性別",
            "患者性別",
            "geschlecht",
            "sexo",
            "género",
            "genero",
            "sexe",
            "genre",
            "sesso",
            "genere",
            "kön",
            "køn",
            "kjønn",
            "geslacht",
            "płeć",
            "cinsiyet",
            "пол",
            "pohlaví",
            "sukupuoli",
            "nem",
            "性别",
            "성별",
        ],
        Role::Age => &[
            "age",
            "ages",
            "ageyears",
            "ageyear",
            "ageyrs",
            "ageyr",
            "ageinyears",
            "patientage",
            "ageatexam",
            "ageatexamination",
            "ageatvisit",
            "年齢",
            "年令",
            "満年齢",
            "患者年齢",
            "検査時年齢",
            "撮影時年齢",
            "alter",
            "edad",
            "âge",
            "idade",
            "età",
            "leeftijd",
            "ålder",
            "alder",
            "wiek",
            "yaş",
            "возраст",
            "ikä",
            "年龄",
            "나이",
            "연령",
        ],
        Role::Eye => &[
            "eye",
            "eyes",
            "eyeside",
            "exameye",
            "studyeye",
            "laterality",
            "imagelaterality",
            "eyelaterality",
            "side",
            "odos",
            "眼",
            "左右",
            "左右眼",
            "眼側",
            "検査眼",
            "撮影眼",
            "側性",
            "auge",
            "seite",
            "ojo",
            "lado",
            "œil",
            "oeil",
            "occhio",
            "olho",
            "oog",
            "眼别",
        ],
        Role::ImageRight | Role::ImageLeft | Role::Covariate => &[],
        Role::Label => &[
            "label",
            "labels",
            "class",
            "value",
            "target",
            "ラベル",
            "クラス",
            "値",
        ],
    }
}

/// Words that make a column a candidate, whatever the rest of its name.
fn hints(role: Role) -> &'static [&'static str] {
    match role {
        Role::Sex => &[
            "sex",
            "gender",
            "性別",
            "geschlecht",
            "sexo",
            "género",
            "genero",
            "sexe",
            "sesso",
            "性别",
            "성별",
        ],
        Role::Age => &[
            "age", "年齢", "年令", "alter", "edad", "âge", "idade", "leeftijd", "年龄",
        ],
        _ => &[],
    }
}

/// Whether a word of the name makes the column a candidate.
pub(super) fn has_hint(name: &str, role: Role) -> bool {
    let words = words(name);
    let whole = folded(name);
    hints(role).iter().any(|hint| {
        // Japanese and Chinese put no spaces between words.
        words.iter().any(|w| w == hint) || (!hint.is_ascii() && whole.contains(hint))
    })
}

/// Whether a cell is the usual name of a column.
pub(super) fn is_usual(cell: &str) -> bool {
    let name = column_name(cell);
    !name.is_empty() && Role::iter().any(|role| names(role).contains(&name.as_str()))
}

/// Whether a cell names one of these photographs, given by their names without folder and extension.
pub(super) fn names_photograph(cell: &str, photographs: &HashSet<String>) -> bool {
    !cell.is_empty() && photographs.contains(&stem_key(image_name(cell)))
}

/// Whether a column may hold persons by its name alone: an identifier of something.
pub(super) fn is_identifier(name: &str) -> bool {
    const WORDS: [&str; 8] = ["id", "ids", "no", "nr", "code", "key", "number", "record"];
    const ENDS: [&str; 4] = ["番号", "コード", "编号", "번호"];
    let whole = folded(name);
    words(name)
        .iter()
        .any(|word| WORDS.contains(&word.as_str()))
        || whole.ends_with("id")
        || ENDS.iter().any(|end| whole.contains(end))
}

/// The eye that the name of a column states, as in `Left-Fundus`.
pub(super) fn eye_of_column(name: &str) -> Laterality {
    const RIGHT: [&str; 8] = ["right", "od", "r", "re", "rechts", "derecho", "droit", "dx"];
    const LEFT: [&str; 8] = [
        "left",
        "os",
        "l",
        "le",
        "links",
        "izquierdo",
        "gauche",
        "sx",
    ];
    let (words, whole) = (words(name), folded(name));
    let has = |known: [&str; 8], sign: char| {
        words.iter().any(|word| known.contains(&word.as_str())) || whole.contains(sign)
    };
    match (has(RIGHT, '右'), has(LEFT, '左')) {
        (true, false) => Laterality::Od,
        (false, true) => Laterality::Os,
        _ => Laterality::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eye_of_a_column_is_in_its_name() {
        for (name, eye) in [
            ("Left-Fundus", Laterality::Os),
            ("file_OD", Laterality::Od),
            ("右眼画像", Laterality::Od),
            ("左眼ファイル", Laterality::Os),
            ("imageRight", Laterality::Od),
            ("file 1", Laterality::Unknown),
            ("left or right", Laterality::Unknown),
        ] {
            assert_eq!(eye_of_column(name), eye, "{name}");
        }
    }

    #[test]
    fn identifiers_and_usual_names_are_known() {
        assert!(is_usual("Patient ID") && is_usual("性別") && is_usual("Laterality"));
        assert!(!is_usual("F") && !is_usual("") && !is_usual("2024"));
        for name in ["ID", "study_id", "症例コード", "Record", "ptid"] {
            assert!(is_identifier(name), "{name}");
        }
        assert!(!is_identifier("age") && !is_identifier("video"));
    }
}
