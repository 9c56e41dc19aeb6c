//! Draws the requested pictures of a photograph, and the first of them as a preview.

use super::shown::{photograph_of, with_shown};
use super::{ExportOrder, ExportRow};
use crate::domain::Pixels;
use crate::export::figure::{self, FigureFormat, dpi_for};
use crate::export::formats::{Shown, Writes};
use crate::export::page::{self, Page};
use crate::export::png;
use crate::imaging;
use crate::progress::Cancel;
use crate::workflow::Error;
use crate::workflow::answer::Answer;
use crate::workflow::save::Saver;

/// Replaces the method in the name of a picture with covered parts.
const COVERED: &str = "covered";

/// The answer a written picture belongs to (`None`: all), and its name.
pub(super) type Written = (Option<usize>, String);

/// Writes the requested pictures of a photograph.
pub(super) fn pictures(
    order: &ExportOrder,
    row: &ExportRow,
    stem: &str,
    cancel: &Cancel,
    saver: &mut Saver,
) -> Result<Vec<Written>, Error> {
    let photograph = photograph_of(row)?;
    with_shown(order, row, &photograph, |shown| {
        let mut written = Vec::new();
        for Picture { of, name, draw } in pictures_of(order, row, stem) {
            cancel.check()?;
            let bytes = draw(shown)?.bytes(order.formats.figure.format)?;
            written.push((of, saver.write(&name, &bytes)?));
        }
        Ok(written)
    })
}

/// The first picture of the order, the longer side at most `longest` pixels: one of the whole photograph if requested,
/// else that of the first answer.
pub fn preview(order: &ExportOrder, longest: u32, cancel: &Cancel) -> Result<Pixels, Error> {
    let none = || Error::Usage("there is no answer to draw".to_owned());
    let row = order.rows.iter().find(|row| row.has_pictures());
    let row = row.ok_or_else(none)?;
    let photograph = photograph_of(row)?;
    cancel.check()?;
    let drawing = with_shown(order, row, &photograph, |shown| {
        let mut of_first = None;
        for format in &order.formats.desired {
            match format.row().writes {
                Writes::PerPhotograph(_, draw) => {
                    let page = draw(shown).map_err(figure::Error::from)?;
                    return Ok(Some(Drawing::Page(page)));
                }
                Writes::PerAnswer(_, draw) => of_first = of_first.or(Some(draw)),
                Writes::Report(..) | Writes::PerExport(..) => {}
            }
        }
        Ok(of_first.map(|draw| Drawing::Pixels(draw(shown, &shown.answers[0]))))
    });
    let drawing = drawing?.ok_or_else(none)?;
    cancel.check()?;
    Ok(match drawing {
        Drawing::Pixels(pixels) => imaging::thumbnail(&pixels, longest),
        Drawing::Page(page) => page::png::paint(&page, dpi_for(&page, longest)),
    })
}

/// A picture as it was drawn.
enum Drawing {
    Pixels(Pixels),
    Page(Page),
}

impl Drawing {
    fn bytes(&self, format: FigureFormat) -> Result<Vec<u8>, Error> {
        Ok(match self {
            Self::Pixels(pixels) => png::encode(pixels)?,
            Self::Page(page) => format.write(page)?,
        })
    }
}

/// Draws a picture of one photograph.
type Draw = Box<dyn Fn(&Shown<'_>) -> Result<Drawing, Error>>;

/// A requested picture of one photograph.
struct Picture {
    /// The answer it belongs to; `None`: all.
    of: Option<usize>,
    name: String,
    draw: Draw,
}

/// The requested pictures of a photograph, not drawn yet.
fn pictures_of(order: &ExportOrder, row: &ExportRow, stem: &str) -> Vec<Picture> {
    let mut pictures = Vec::new();
    for format in &order.formats.desired {
        match format.row().writes {
            Writes::PerAnswer(ending, draw) => {
                for (i, answer) in row.answers.iter().enumerate() {
                    let name = name_of_answer(stem, answer, ending);
                    pictures.extend(name.map(|name| Picture {
                        of: Some(i),
                        name,
                        draw: Box::new(move |shown| {
                            Ok(Drawing::Pixels(draw(shown, &shown.answers[i])))
                        }),
                    }));
                }
            }
            Writes::PerPhotograph(ending, draw) if row.has_pictures() => pictures.push(Picture {
                of: None,
                name: format!(
                    "{stem}.{ending}.{}",
                    order.formats.figure.format.extension()
                ),
                draw: Box::new(move |shown| {
                    let page = draw(shown).map_err(figure::Error::from)?;
                    Ok(Drawing::Page(page))
                }),
            }),
            Writes::PerPhotograph(..) | Writes::Report(..) | Writes::PerExport(..) => {}
        }
    }
    pictures
}

/// The file name of a picture of one answer, as the contract states it; `None` without a map.
fn name_of_answer(stem: &str, answer: &Answer, ending: &str) -> Option<String> {
    let what = match (&answer.covered, &answer.map) {
        (Some(_), _) => COVERED,
        (None, map) => map.as_ref()?.method.as_str(),
    };
    Some(format!("{stem}.{}.{what}.{ending}", answer.case.card.id))
}

/// The names of the requested pictures of a photograph.
pub(super) fn names(
    order: &ExportOrder,
    row: &ExportRow,
    stem: &str,
) -> impl Iterator<Item = String> + use<> {
    pictures_of(order, row, stem)
        .into_iter()
        .map(|picture| picture.name)
}
