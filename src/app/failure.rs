//! Failures as the state stores them and the window shows them.

use std::fmt;

use crate::domain::Head;
use crate::evaluation::{self, Question};
use crate::keras::{self, Architecture};
use crate::text::Lang;
use crate::text::failures::{Fault, ModelFault};
use crate::workflow::resolve_card::MAX_CLASSES;
use crate::workflow::{self, Class};

/// Why an operation failed, in words for the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Short name for programs, such as `image`.
    pub code: String,
    /// What failed, in English, for files and the command line; without paths or personal names.
    pub english: String,
    /// The same for the window, in either language.
    pub fault: Box<Fault>,
    /// The user cancelled: not an error.
    pub cancelled: bool,
    /// Fields that the user must state first, by their names in files.
    pub open: Vec<String>,
    /// The models, or the configurations of one, of which the user must choose, by their names in a folder or archive.
    pub members: Vec<String>,
    /// What the user must state about a table of labels first.
    pub question: Option<Box<Question>>,
    /// The network that a weights-only file belongs to, if its kernels identify one.
    pub network: Option<Architecture>,
}

impl Failure {
    /// A failure that requires no input from the user.
    pub fn of(code: &str, english: String, fault: Fault) -> Self {
        Self {
            code: code.to_owned(),
            english,
            fault: Box::new(fault),
            cancelled: false,
            open: Vec::new(),
            members: Vec::new(),
            question: None,
            network: None,
        }
    }

    /// What the user has chosen with one of the members: it supplements earlier choices, unless these were not found.
    pub fn choice_of(&self, member: &str, earlier: &[String]) -> Vec<String> {
        let earlier = match &*self.fault {
            Fault::Keras(keras::Error::Several(_)) => earlier,
            _ => &[],
        };
        [earlier, &[member.to_owned()]].concat()
    }

    /// The outputs of a network of which the user must choose one.
    pub fn outputs(&self) -> &[String] {
        match &*self.fault {
            Fault::Keras(keras::Error::Outputs(names) | keras::Error::OutputsOfOnnx(names)) => {
                names
            }
            _ => &[],
        }
    }

    /// The number of logits of a network, of which the user must state the last activation.
    pub fn logits(&self) -> Option<usize> {
        match &*self.fault {
            Fault::Model(ModelFault::Head {
                head: Head::Linear,
                units: units @ 2..=MAX_CLASSES,
            }) => Some(*units),
            _ => None,
        }
    }

    /// What failed, as shown in the window.
    pub fn message(&self, lang: Lang) -> String {
        self.fault.message(lang)
    }

    /// What to do next, as shown in the window.
    pub fn hint(&self, lang: Lang) -> String {
        self.fault.hint(lang)
    }
}

impl From<workflow::Error> for Failure {
    fn from(error: workflow::Error) -> Self {
        Self {
            code: error.code().to_owned(),
            english: error.wording(),
            fault: Box::new(error.fault()),
            cancelled: error.class() == Class::Interrupted,
            question: match &error {
                workflow::Error::Evaluation(evaluation::Error::Question(question)) => {
                    Some(Box::new(question.clone()))
                }
                _ => None,
            },
            members: match &error {
                workflow::Error::Keras(keras::Error::Several(members))
                | workflow::Error::NoSuchMember { members, .. }
                | workflow::Error::NotBeside { members, .. } => members.clone(),
                _ => Vec::new(),
            },
            network: match &error {
                workflow::Error::Open(open) => open.architecture,
                _ => None,
            },
            open: match error {
                workflow::Error::Unknown(fields) => fields,
                workflow::Error::Open(open) => {
                    open.missing.iter().map(|f| (*f).to_owned()).collect()
                }
                _ => Vec::new(),
            },
        }
    }
}

/// In English, for reports: the short name and what failed.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.english)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_supplements_those_that_led_to_its_question() {
        let members = || vec!["c.json".to_owned(), "d.json".to_owned()];
        let earlier = ["a.h5".to_owned()];
        let several = Failure::from(workflow::Error::Keras(keras::Error::Several(members())));
        assert_eq!(several.members, members());
        assert_eq!(several.choice_of("d.json", &earlier), ["a.h5", "d.json"]);
        let missing = Failure::from(workflow::Error::NoSuchMember {
            name: "a.h5".to_owned(),
            members: members(),
        });
        assert_eq!(missing.choice_of("d.json", &earlier), ["d.json"]);
    }

    #[test]
    fn outputs_and_logits_are_choices() {
        let names = || vec!["sex".to_owned(), "age".to_owned()];
        let several = Failure::from(workflow::Error::Keras(keras::Error::Outputs(names())));
        assert_eq!((several.outputs(), several.logits()), (&names()[..], None));
        let of = |head, units| Failure::from(workflow::Error::Head { head, units }).logits();
        assert_eq!(of(Head::Linear, 5), Some(5));
        assert_eq!(of(Head::Linear, MAX_CLASSES + 1), None);
        assert_eq!(of(Head::Softmax, 1), None);
    }
}
