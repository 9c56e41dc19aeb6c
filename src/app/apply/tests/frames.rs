//! Another frame of a file with several.

use std::path::PathBuf;

use crate::app::apply::examples::{Desk, image};
use crate::app::apply::open::OpenPhotograph;
use crate::app::apply::{Action, Leaving, Photographs};
use crate::app::state::{Opening, PhotoId};
use crate::domain::{Detail, Finding, FindingCode, FundusImage, Laterality, Severity};
use crate::workflow::Source;

fn frame(number: u32) -> FundusImage {
    let detail = Detail::Frame {
        frame: number,
        frames: 3,
    };
    FundusImage {
        findings: vec![Finding::with_detail(
            FindingCode::MultiFrame,
            Severity::Note,
            detail,
        )],
        ..image("file", 4)
    }
}

fn show(desk: &mut Desk, id: PhotoId, number: u32) {
    desk.act(Action::Leaving(Leaving::Frame(id, number)));
}

#[test]
fn another_frame_is_read_and_nothing_said_of_the_former_one_stays() {
    let mut desk = Desk::new();
    let id = desk.open_image("a.dcm", frame(1));
    desk.run().answered(id, "file", 0.8);
    desk.act(Action::Photographs(Photographs::CorrectEye(
        id,
        Laterality::Os,
    )));
    show(&mut desk, id, 3);
    assert!(
        desk.photo(id).opened().is_some(),
        "its results are in no file"
    );
    desk.act(Action::Leaving(Leaving::Proceed));
    let source = Source::Frame {
        path: PathBuf::from("a.dcm"),
        frame: 3,
    };
    assert_eq!(desk.started::<OpenPhotograph>().unwrap().source, source);
    let photo = desk.photo(id);
    assert!(photo.answers.is_empty() && photo.eye_by_hand.is_none());
    assert!(photo.known.is_none(), "nothing is known of this frame yet");
    assert_eq!(photo.frame(), Some((3, 3)));
    assert!(matches!(photo.opening, Opening::Pending));
    desk.opened(id, frame(3));
    // Adding the file again does not list it twice.
    assert_eq!(desk.open(&["a.dcm"]), [id]);
    desk.opened(id, frame(3));
    show(&mut desk, id, 1);
    assert_eq!(desk.photo(id).source, Source::File("a.dcm".into()));
}

#[test]
fn a_frame_that_does_not_exist_or_work_in_progress_changes_nothing() {
    let mut desk = Desk::new();
    let id = desk.open_image("a.dcm", frame(1));
    for number in [0, 1, 4] {
        show(&mut desk, id, number);
        assert!(desk.effects.is_empty(), "{number}");
    }
    desk.run();
    show(&mut desk, id, 2);
    assert!(desk.effects.is_empty() && desk.photo(id).opened().is_some());
    let plain = desk.open_ready("b.jpg", "1");
    show(&mut desk, plain, 2);
    assert_eq!(desk.photo(plain).source, Source::File("b.jpg".into()));
}
