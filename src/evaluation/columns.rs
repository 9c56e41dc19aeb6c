//! Finds the columns of photographs, persons and recorded values: by their names, by the photographs that they name,
//! and by the user's answers. If several are possible the user is asked.

use strum::IntoEnumIterator;

use std::collections::{HashMap, HashSet};

use super::Error;
use super::answers::{Ambiguity, Answers, Question, Role};
use super::delimited::Line;
use super::fold::{column_name, folded, words};
use super::names::{image_name, stem_key};
use crate::domain::foreign::shown;

/// Names of columns without spaces and punctuation, as [`column_name`] returns them.
fn names(role: Role) -> &'static [&'static str] {
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
        Role::Image | Role::Person | Role::Label => &[],
    }
}

fn has_hint(name: &str, role: Role) -> bool {
    let words = words(name);
    let whole = folded(name);
    hints(role).iter().any(|hint| {
        // Japanese and Chinese put no spaces between words.
        words.iter().any(|w| w == hint) || (!hint.is_ascii() && whole.contains(hint))
    })
}

/// Indices of the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    /// Several if one line is for several photographs and the user confirmed it.
    pub image: Vec<usize>,
    pub person: Option<usize>,
    pub value: usize,
}

pub(super) struct Search<'a> {
    pub header: &'a Line,
    pub lines: &'a [Line],
    /// Photographs by their names without folder and extension, as [`stem_key`] returns them.
    pub photographs: &'a HashSet<String>,
    pub answers: &'a Answers,
}

impl Search<'_> {
    pub(super) fn places(&self, value: Role) -> Result<Places, Error> {
        Ok(Places {
            image: self.image()?,
            value: self.value(value)?,
            person: self.person()?,
        })
    }

    fn all(&self) -> std::ops::Range<usize> {
        0..self.header.cells.len()
    }

    fn named(&self, role: Role) -> Vec<usize> {
        let is = |&at: &usize| names(role).contains(&column_name(&self.header.cells[at]).as_str());
        self.all().filter(is).collect()
    }

    /// Whether the first line has a usual name for any role; then it is the header, not a photograph's line.
    pub(super) fn has_usual_name(&self) -> bool {
        let is_usual = |role| !self.named(role).is_empty();
        Role::iter().any(is_usual)
    }

    /// Columns that the user named.
    fn wording(&self, role: Role) -> Result<Vec<usize>, Error> {
        let wording = self.answers.columns_of(role);
        let mut places: Vec<usize> = wording
            .map(|name| self.find(role, name))
            .collect::<Result<_, _>>()?;
        places.dedup();
        Ok(places)
    }

    /// A column by its exact name, its position, or a variant spelling of its name if only one column matches.
    fn find(&self, role: Role, desired: &str) -> Result<usize, Error> {
        let cells = &self.header.cells;
        let place = desired
            .strip_prefix('#')
            .and_then(|n| n.parse::<usize>().ok());
        let by_place = place
            .filter(|n| (1..=cells.len()).contains(n))
            .map(|n| vec![n - 1]);
        let exact: Vec<usize> = self.all().filter(|&at| cells[at] == desired).collect();
        let alike = || {
            self.all()
                .filter(|&at| folded(&cells[at]) == folded(desired))
                .collect()
        };
        let found = match (exact.is_empty(), by_place) {
            (false, _) => exact,
            (true, Some(place)) => place,
            (true, None) => alike(),
        };
        match found[..] {
            [] => Err(Error::NoSuchColumn {
                role,
                desired: shown(desired),
                found: self.shown(self.all()),
            }),
            [one] => Ok(one),
            _ => Err(self.question(role, found, Ambiguity::Several)),
        }
    }

    /// Column names as an answer may repeat them: with the position if the name is empty or not unique.
    fn shown(&self, places: impl IntoIterator<Item = usize>) -> Vec<String> {
        let cells = &self.header.cells;
        let mut times: HashMap<&str, usize> = HashMap::new();
        for cell in cells {
            *times.entry(cell).or_default() += 1;
        }
        let name = |at: usize| {
            let name = &cells[at];
            let once = times[name.as_str()] == 1;
            if once && !name.is_empty() && shown(name) == *name {
                name.clone()
            } else {
                format!("#{}", at + 1)
            }
        };
        places.into_iter().map(name).collect()
    }

    fn question(&self, role: Role, places: Vec<usize>, why: Ambiguity) -> Error {
        Error::Question(Question::Column {
            role,
            found: self.shown(places),
            why,
        })
    }

    fn value(&self, role: Role) -> Result<usize, Error> {
        match self.wording(role)?[..] {
            [one] => return Ok(one),
            [] => {}
            ref several => return Err(self.question(role, several.to_vec(), Ambiguity::Several)),
        }
        let named = self.named(role);
        let hinted = self
            .all()
            .filter(|&at| has_hint(&self.header.cells[at], role));
        let mut meant: Vec<usize> = named.iter().copied().chain(hinted).collect();
        meant.sort_unstable();
        meant.dedup();
        match (&meant[..], &named[..]) {
            (&[one], &[_]) => Ok(one),
            // Candidates, none with a usual name.
            (&[_], _) => Err(self.question(role, meant, Ambiguity::Missing)),
            (&[], _) => Err(self.question(role, self.all().collect(), Ambiguity::Missing)),
            _ => Err(self.question(role, meant, Ambiguity::Several)),
        }
    }

    /// Whether a column names any of the photographs.
    fn names_some(&self, at: usize) -> bool {
        let mut names = self.lines.iter().map(|line| image_name(line.cell(at)));
        names.any(|name| self.photographs.contains(&stem_key(name)))
    }

    fn image(&self) -> Result<Vec<usize>, Error> {
        let wording = self.wording(Role::Image)?;
        if !wording.is_empty() {
            return Ok(wording);
        }
        let named = self.named(Role::Image);
        let matching = |places: &[usize]| -> Vec<usize> {
            places
                .iter()
                .copied()
                .filter(|&at| self.names_some(at))
                .collect()
        };
        let found = matching(&named);
        match (&found[..], &named[..]) {
            (&[one], _) => Ok(vec![one]),
            (&[_, ..], _) if self.same_photographs(&found) => Ok(vec![self.longest(&found)]),
            (&[_, ..], _) => Err(self.question(Role::Image, found, Ambiguity::SeveralOfImages)),
            (&[], _) => {
                let others = matching(&self.all().collect::<Vec<_>>());
                match (&others[..], &named[..]) {
                    // A table that matches nothing is reported with the reason after the rows are read.
                    (&[], &[first, ..]) => Ok(vec![first]),
                    (&[], &[]) => {
                        Err(self.question(Role::Image, self.all().collect(), Ambiguity::Missing))
                    }
                    (&[_], &[]) => Err(self.question(Role::Image, others, Ambiguity::Missing)),
                    (&[_], _) => Err(self.question(Role::Image, others, Ambiguity::OthersMatch)),
                    _ => Err(self.question(Role::Image, others, Ambiguity::SeveralOfImages)),
                }
            }
        }
    }

    /// Whether the columns name the same photograph in every line, perhaps with and without its folder.
    fn same_photographs(&self, places: &[usize]) -> bool {
        self.lines.iter().all(|line| {
            let mut keys = places.iter().map(|&at| stem_key(image_name(line.cell(at))));
            let first = keys.next();
            keys.all(|key| Some(key) == first)
        })
    }

    /// Among columns that name the same photographs, the one with the most folders; the first of equals.
    fn longest(&self, places: &[usize]) -> usize {
        let folders = |at: usize| -> usize {
            let names = self.lines.iter().map(|line| image_name(line.cell(at)));
            names.map(|name| name.matches('/').count()).sum()
        };
        let mut best = places[0];
        for &at in places {
            if folders(at) > folders(best) {
                best = at;
            }
        }
        best
    }

    fn person(&self) -> Result<Option<usize>, Error> {
        match self.wording(Role::Person)?[..] {
            [one] => return Ok(Some(one)),
            [] => {}
            ref several => {
                return Err(self.question(Role::Person, several.to_vec(), Ambiguity::Several));
            }
        }
        let named = self.named(Role::Person);
        match named[..] {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            [first, ref rest @ ..] if rest.iter().all(|&at| self.same_groups(first, at)) => {
                Ok(Some(first))
            }
            _ => Err(self.question(Role::Person, named, Ambiguity::Several)),
        }
    }

    /// Whether two columns group the lines in the same way.
    fn same_groups(&self, a: usize, b: usize) -> bool {
        let mut forth = std::collections::HashMap::new();
        let mut back = std::collections::HashMap::new();
        self.lines.iter().all(|line| {
            let (a, b) = (folded(line.cell(a)), folded(line.cell(b)));
            *forth.entry(a.clone()).or_insert_with(|| b.clone()) == b
                && *back.entry(b).or_insert_with(|| a.clone()) == a
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::delimited::lines;

    fn places_with(text: &str, role: Role, answers: &Answers) -> Result<Places, Error> {
        let lines = lines(text).unwrap().lines;
        let photographs = ["p1.jpg", "p2.jpg", "p3.jpg"]
            .map(stem_key)
            .into_iter()
            .collect();
        let search = Search {
            header: &lines[0],
            lines: &lines[1..],
            photographs: &photographs,
            answers,
        };
        search.places(role)
    }

    fn places(text: &str, role: Role) -> Result<Places, Error> {
        places_with(text, role, &Answers::default())
    }

    fn requested(text: &str, role: Role) -> (Role, Vec<String>, Ambiguity) {
        match places(text, role) {
            Err(Error::Question(Question::Column { role, found, why })) => (role, found, why),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn usual_names_in_many_languages_are_known() {
        for (header, role) in [
            ("image,patient_id,sex", Role::Sex),
            ("Filename,PatientID,Gender", Role::Sex),
            ("画像,患者番号,性別", Role::Sex),
            ("ファイル名,患者ID,年齢（歳）", Role::Age),
            ("Bild,Patienten-ID,Geschlecht", Role::Sex),
            ("image_id,patient_id,patient_sex", Role::Sex),
            ("imagen,paciente,sexo", Role::Sex),
            ("ｉｍａｇｅ,ｐｅｒｓｏｎ,ａｇｅ", Role::Age),
            ("Image Name,Subject,Age (years)", Role::Age),
            ("fichier,sujet,Âge", Role::Age),
            ("id_code,subject_id,label", Role::Label),
        ] {
            let found = places(&format!("{header}\np1,7,x\n"), role);
            let expected = Places {
                image: vec![0],
                person: Some(1),
                value: 2,
            };
            assert_eq!(found, Ok(expected), "{header}");
        }
    }

    #[test]
    fn two_columns_that_could_be_meant_are_asked_for() {
        for (header, role, found) in [
            ("image,sex,gender", Role::Sex, ["sex", "gender"]),
            ("image,sex,Sex", Role::Sex, ["sex", "Sex"]),
            ("image,sex,sex", Role::Sex, ["#2", "#3"]),
            ("image,age,age_group", Role::Age, ["age", "age_group"]),
            (
                "image,AgeAtBaseline,age",
                Role::Age,
                ["AgeAtBaseline", "age"],
            ),
            (
                "画像,性別,戸籍上の性別",
                Role::Sex,
                ["性別", "戸籍上の性別"],
            ),
        ] {
            let requested = requested(&format!("{header}\np1,1,2\n"), role);
            assert_eq!(
                requested,
                (role, found.map(str::to_owned).to_vec(), Ambiguity::Several),
                "{header}"
            );
        }
        let (role, found, why) = requested("image,age_group\np1,60-70\n", Role::Age);
        assert_eq!(
            (role, found, why),
            (Role::Age, vec!["age_group".to_owned()], Ambiguity::Missing)
        );
        let (_, found, why) = requested("image,percentage\np1,1\n", Role::Age);
        assert_eq!((found.len(), why), (2, Ambiguity::Missing));
    }

    #[test]
    fn the_column_of_photographs_is_the_one_that_names_them() {
        let one = |text| places(text, Role::Sex).unwrap().image;
        assert_eq!(one("file,image,sex\n1,p1.jpg,F\n2,p2.jpg,M\n"), [1]);
        // The same photograph with and without its folder.
        assert_eq!(
            one("filename,path,sex\np1.jpg,x/p1.jpg,F\np2.jpg,x/p2.jpg,M\n"),
            [1]
        );
        assert_eq!(one("image,sex\nq1,F\n"), [0]);
        let wide =
            "ID,Patient Sex,Left-Fundus,Right-Fundus\n0,Female,p1.jpg,p2.jpg\n1,Male,,p3.jpg\n";
        let columns = vec!["Left-Fundus".to_owned(), "Right-Fundus".to_owned()];
        assert_eq!(
            requested(wide, Role::Sex),
            (Role::Image, columns.clone(), Ambiguity::SeveralOfImages)
        );
        let answers = Answers {
            columns: columns.into_iter().map(|c| (Role::Image, c)).collect(),
            ..Answers::default()
        };
        assert_eq!(
            places_with(wide, Role::Sex, &answers).unwrap().image,
            [2, 3]
        );
        let (_, found, why) = requested("image,scan,sex\n1,p1.jpg,F\n", Role::Sex);
        assert_eq!(
            (found, why),
            (vec!["scan".to_owned()], Ambiguity::OthersMatch)
        );
        let (_, found, why) = requested("scan,sex\np1.jpg,F\n", Role::Sex);
        assert_eq!((found, why), (vec!["scan".to_owned()], Ambiguity::Missing));
    }

    #[test]
    fn persons_may_stand_twice_as_long_as_both_mean_the_same() {
        let text = "image,patient,subject_id,sex\np1,7,a,F\np2,7,a,F\np3,8,b,M\n";
        assert_eq!(places(text, Role::Sex).unwrap().person, Some(1));
        let (role, found, _) = requested(&text.replace("p2,7", "p2,9"), Role::Sex);
        assert_eq!((role, found.len()), (Role::Person, 2));
    }

    #[test]
    fn a_column_is_found_by_name_place_or_other_writing() {
        let text = "image,sex,Sex,sex\np1,1,2,3\n";
        let with = |name: &str| {
            let columns = vec![(Role::Sex, name.to_owned())];
            places_with(
                text,
                Role::Sex,
                &Answers {
                    columns,
                    ..Answers::default()
                },
            )
            .map(|p| p.value)
        };
        assert_eq!(with("Sex"), Ok(2));
        assert_eq!(with("#4"), Ok(3));
        assert!(matches!(with("sex"), Err(Error::Question(_))));
        assert!(matches!(with("#9"), Err(Error::NoSuchColumn { .. })));
        assert!(matches!(with("nothing"), Err(Error::NoSuchColumn { .. })));
    }
}
