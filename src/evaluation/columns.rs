//! Finds the columns of photographs, persons and recorded values: by their names, by the photographs that they name,
//! and by the user's answers. If several are possible the user is asked.

use std::collections::{HashMap, HashSet};

use super::Error;
use super::answers::{Ambiguity, Answers, Question, RowsQuestion};
use super::by_person::{People, eye_of};
use super::column_names::{eye_of_column, has_hint, is_identifier, names, names_photograph};
use super::delimited::Line;
use super::fold::{column_name, folded};
use super::names::{image_name, last, stem_key};
use crate::domain::foreign::shown;
use crate::domain::{Laterality, Role, RowsPer, masked};

/// What is looked for in a column of recorded values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sought {
    /// Sex, age or label.
    pub role: Role,
    /// The user is asked if it is not found.
    pub required: bool,
}

/// The answer for a role that no column of the table has.
pub(super) const NO_COLUMN: &str = "-";

/// Indices of the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    pub rows_per: RowsPer,
    /// What names the photograph, or the person if rows are for eyes or persons. Several if one line is for several
    /// photographs and the user confirmed it; the eye is in the name of the column.
    pub image: Vec<(usize, Laterality)>,
    pub person: Option<usize>,
    pub eye: Option<usize>,
    /// One for each that is sought.
    pub values: Vec<Option<usize>>,
    pub covariates: Vec<usize>,
}

/// Numbers of photographs and of rows, and a person in the table with the index of a photograph.
type ByPerson<'a> = (usize, usize, Option<(&'a str, usize)>);

pub(super) struct Search<'a> {
    pub header: &'a Line,
    pub lines: &'a [Line],
    /// Names of the photographs.
    pub images: &'a [&'a str],
    /// The same without folder and extension, as [`stem_key`] returns them.
    pub photographs: &'a HashSet<String>,
    pub answers: &'a Answers,
    /// Numbers replace names of photographs in questions.
    pub masked: bool,
}

impl Search<'_> {
    pub(super) fn places(&self, sought: &[Sought]) -> Result<Places, Error> {
        let (rows_per, image) = self.rows()?;
        let eye = self.eye()?;
        let values = sought.iter().map(|sought| self.value(*sought));
        let values: Vec<Option<usize>> = values.collect::<Result<_, _>>()?;
        let person = match rows_per {
            RowsPer::Photograph => self.person()?,
            RowsPer::Eye | RowsPer::Person => image.first().map(|(at, _)| *at),
        };
        let eye = match (rows_per, eye) {
            (RowsPer::Eye, None) => {
                let all = self.all().collect();
                return Err(self.question(Role::Eye, all, Ambiguity::Missing));
            }
            // A row for a person says nothing of the eye on one photograph.
            (RowsPer::Person, _) => None,
            (_, eye) => eye,
        };
        // In the order of the table, and none that has another role.
        let mut covariates = self.wording(Role::Covariate)?;
        covariates.sort_unstable();
        covariates.dedup();
        covariates.retain(|at| {
            let is_named = image.iter().any(|(place, _)| place == at);
            !is_named && ![person, eye].contains(&Some(*at)) && !values.contains(&Some(*at))
        });
        Ok(Places {
            rows_per,
            image,
            person,
            eye,
            values,
            covariates,
        })
    }

    fn all(&self) -> std::ops::Range<usize> {
        0..self.header.cells.len()
    }

    fn named(&self, role: Role) -> Vec<usize> {
        let is = |&at: &usize| names(role).contains(&column_name(&self.header.cells[at]).as_str());
        self.all().filter(is).collect()
    }

    /// The columns that the user gave a role, and those whose names say it, before the table is read.
    pub(super) fn given(&self) -> Vec<(Role, usize)> {
        let named = self.answers.columns.iter();
        let found = named.filter_map(|(role, name)| Some((*role, self.find(*role, name).ok()?)));
        let mut columns: Vec<(Role, usize)> = found.collect();
        for role in [Role::Image, Role::Person, Role::Eye, Role::Sex, Role::Age] {
            let is_answered = self.answers.columns_of(role).next().is_some();
            if let (false, [one]) = (is_answered, &self.named(role)[..]) {
                columns.push((role, *one));
            }
        }
        columns
    }

    /// Columns that the user named.
    fn wording(&self, role: Role) -> Result<Vec<usize>, Error> {
        let wording = self.answers.columns_of(role);
        let mut places: Vec<usize> = wording
            .filter(|name| *name != NO_COLUMN)
            .map(|name| self.find(role, name))
            .collect::<Result<_, _>>()?;
        places.dedup();
        Ok(places)
    }

    /// The user said that no column has this role.
    fn is_absent(&self, role: Role) -> bool {
        self.answers.columns_of(role).any(|name| name == NO_COLUMN)
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
    pub(super) fn shown(&self, places: impl IntoIterator<Item = usize>) -> Vec<String> {
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

    fn value(&self, sought: Sought) -> Result<Option<usize>, Error> {
        let role = sought.role;
        match self.wording(role)?[..] {
            [one] => return Ok(Some(one)),
            [] if self.is_absent(role) => return Ok(None),
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
            (&[one], &[_]) => Ok(Some(one)),
            (&[], _) if !sought.required => Ok(None),
            // Candidates, none with a usual name.
            (&[_], _) => Err(self.question(role, meant, Ambiguity::Missing)),
            (&[], _) => Err(self.question(role, self.all().collect(), Ambiguity::Missing)),
            _ => Err(self.question(role, meant, Ambiguity::Several)),
        }
    }

    /// Whether a column names any of the photographs.
    fn names_some(&self, at: usize) -> bool {
        let mut lines = self.lines.iter();
        lines.any(|line| names_photograph(line.cell(at), self.photographs))
    }

    /// What one row is about, and the columns that say which.
    fn rows(&self) -> Result<(RowsPer, Vec<(usize, Laterality)>), Error> {
        if let Some(per @ (RowsPer::Eye | RowsPer::Person)) = self.answers.rows_per {
            return Ok((per, vec![(self.persons_in_names()?, Laterality::Unknown)]));
        }
        let sides = [
            (Role::ImageRight, Laterality::Od),
            (Role::ImageLeft, Laterality::Os),
        ];
        let mut given: Vec<(usize, Laterality)> = Vec::new();
        for (role, eye) in sides {
            given.extend(self.wording(role)?.into_iter().map(|at| (at, eye)));
        }
        let wording = self.wording(Role::Image)?;
        given.extend(wording.into_iter().map(|at| (at, Laterality::Unknown)));
        if given.is_empty() {
            let found = self.image()?;
            given.extend(found.into_iter().map(|at| (at, Laterality::Unknown)));
        } else if !given.iter().any(|&(at, _)| self.names_some(at)) {
            let places: Vec<usize> = given.iter().map(|(at, _)| *at).collect();
            self.ask_for_rows(&places)?;
        }
        if given.len() > 1 {
            for (at, eye) in &mut given {
                if *eye == Laterality::Unknown {
                    *eye = eye_of_column(&self.header.cells[*at]);
                }
            }
        }
        Ok((RowsPer::Photograph, given))
    }

    fn image(&self) -> Result<Vec<usize>, Error> {
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
                if others.is_empty() {
                    self.ask_for_rows(&self.likely_persons())?;
                }
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

    /// Columns that may hold the persons that the names of photographs contain.
    fn likely_persons(&self) -> Vec<usize> {
        let mut likely = self.named(Role::Person);
        let others = self.named(Role::Image).into_iter();
        let others = others.chain(
            self.all()
                .filter(|&at| is_identifier(&self.header.cells[at])),
        );
        for at in others {
            if !likely.contains(&at) {
                likely.push(at);
            }
        }
        likely
    }

    /// Of these columns the first that gives most photographs a row by their persons: with the number of photographs, of
    /// rows and an example. Leading zeros do not count here; whether they may be ignored is asked afterwards.
    fn best(&self, places: &[usize], people: &People) -> Option<(usize, ByPerson<'_>)> {
        let cells = |at: usize| self.lines.iter().map(move |line| line.cell(at));
        let found = places.iter().map(|&at| (at, people.found(cells(at))));
        found
            .rev()
            .max_by_key(|(_, (photographs, ..))| *photographs)
    }

    /// Asks whether rows are for persons or eyes, if one of these columns holds persons that photographs contain.
    fn ask_for_rows(&self, places: &[usize]) -> Result<(), Error> {
        if self.answers.rows_per.is_some() || self.images.is_empty() {
            return Ok(());
        }
        let people = People::new(self.images, true);
        let Some((at, (photographs, rows, Some((name, image))))) = self.best(places, &people)
        else {
            return Ok(());
        };
        let photograph = match self.masked {
            true => masked::photograph(image + 1),
            false => shown(last(self.images[image])),
        };
        let per = match self
            .eye()?
            .is_some_and(|eye| self.has_a_row_for_each_eye(at, eye))
        {
            true => RowsPer::Eye,
            false => RowsPer::Person,
        };
        Err(Error::Question(Question::RowsPer(RowsQuestion {
            per,
            column: self.shown([at]).remove(0),
            photographs,
            rows,
            example: (
                match self.masked {
                    true => "-".to_owned(),
                    false => shown(name),
                },
                photograph,
            ),
        })))
    }

    /// The column of persons where rows are for persons or eyes.
    fn persons_in_names(&self) -> Result<usize, Error> {
        for role in [Role::Person, Role::Image] {
            if let [one] = self.wording(role)?[..] {
                return Ok(one);
            }
        }
        let likely = self.likely_persons();
        let people = People::new(self.images, true);
        match self.best(&likely, &people) {
            Some((at, _)) => Ok(at),
            None => Err(self.question(Role::Person, self.all().collect(), Ambiguity::Missing)),
        }
    }

    /// Whether a person's rows differ in the eye.
    fn has_a_row_for_each_eye(&self, person: usize, eye: usize) -> bool {
        let mut eyes: HashMap<String, Laterality> = HashMap::new();
        self.lines.iter().any(|line| {
            let (person, eye) = (folded(line.cell(person)), eye_of(line.cell(eye)));
            let other = *eyes.entry(person).or_insert(eye);
            eye != Laterality::Unknown && other != Laterality::Unknown && other != eye
        })
    }

    /// The column of the eye. Without a usual name there is none; of several, none is sure.
    fn eye(&self) -> Result<Option<usize>, Error> {
        match self.wording(Role::Eye)?[..] {
            [one] => return Ok(Some(one)),
            [] if self.is_absent(Role::Eye) => return Ok(None),
            [] => {}
            ref several => {
                return Err(self.question(Role::Eye, several.to_vec(), Ambiguity::Several));
            }
        }
        match self.named(Role::Eye)[..] {
            [one] => Ok(Some(one)),
            _ => Ok(None),
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
            [] if self.is_absent(Role::Person) => return Ok(None),
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

    const IMAGES: [&str; 3] = ["p1.jpg", "p2.jpg", "p3.jpg"];

    fn images(places: &Places) -> Vec<usize> {
        places.image.iter().map(|(at, _)| *at).collect()
    }

    fn places_with(text: &str, role: Role, answers: &Answers) -> Result<Places, Error> {
        let lines = lines(text).unwrap().lines;
        let photographs = IMAGES.map(stem_key).into_iter().collect();
        let search = Search {
            header: &lines[0],
            lines: &lines[1..],
            images: &IMAGES,
            photographs: &photographs,
            answers,
            masked: false,
        };
        search.places(&[Sought {
            role,
            required: true,
        }])
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
            let found = places(&format!("{header}\np1,7,x\n"), role).unwrap();
            assert_eq!(images(&found), [0], "{header}");
            assert_eq!(
                (found.person, &found.values[..]),
                (Some(1), &[Some(2)][..]),
                "{header}"
            );
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
        let one = |text| images(&places(text, Role::Sex).unwrap());
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
        let found = places_with(wide, Role::Sex, &answers).unwrap().image;
        assert_eq!(found, [(2, Laterality::Os), (3, Laterality::Od)]);
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
            .map(|p| p.values[0].unwrap())
        };
        assert_eq!(with("Sex"), Ok(2));
        assert_eq!(with("#4"), Ok(3));
        assert!(matches!(with("sex"), Err(Error::Question(_))));
        assert!(matches!(with("#9"), Err(Error::NoSuchColumn { .. })));
        assert!(matches!(with("nothing"), Err(Error::NoSuchColumn { .. })));
    }
}
