//! A long list: from the folder to its rows, and the time in which the window filters and sorts them.
//!
//!     cargo bench --bench list [-- COUNT…]
//!
//! COUNT is the number of photographs, by default 1,000 and 10,000: one drawn eye under many names, none of which is
//! decoded. Milliseconds of each action with everything that follows from it, as the UI thread performs it; median of 21,
//! least and most in brackets.

use std::fs;
use std::time::Instant;

use gantei::app::Settings;
use gantei::app::apply::{Action, List, Photographs};
use gantei::app::state::{Only, SortBy};
use gantei::domain::Laterality;

#[path = "../desk/mod.rs"]
mod desk;

use desk::Desk;

const TURNS: usize = 21;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let words = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"));
    let counts: Result<Vec<usize>, _> = words.map(|word| word.parse()).collect();
    let mut counts = counts?;
    if counts.is_empty() {
        counts = vec![1_000, 10_000];
    }
    for count in counts {
        measure(count)?;
    }
    Ok(())
}

fn measure(count: usize) -> Result<(), Failure> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("photographs");
    fs::create_dir(&folder)?;
    let eye = scratch.path().join("eye.jpg");
    fs::copy("assets/samples/haggstrom_left_1411.jpg", &eye)?;
    for number in 0..count {
        let side = ["OD", "OS"][number % 2];
        fs::hard_link(&eye, folder.join(format!("p{:05}_{side}.jpg", number / 2)))?;
    }
    let mut desk = Desk::new(scratch.path(), Settings::default());
    let began = Instant::now();
    desk.act(Action::Photographs(Photographs::Add(vec![folder])));
    desk.until("the list", |state| state.photographs.len() == count);
    println!(
        "{count} photographs, from the folder to the rows: {:.0} ms",
        ms(began)
    );

    let eye = |eye| Only {
        eye,
        ..Only::default()
    };
    let actions = [
        (
            "filtered by a part of the name",
            [List::Words("p001".into()), List::Words(String::new())],
        ),
        (
            "filtered by eye",
            [List::Only(eye(Some(Laterality::Od))), List::Only(eye(None))],
        ),
        (
            "sorted by name",
            [List::Sort(SortBy::Name), List::Sort(SortBy::Added)],
        ),
        (
            "sorted by eye",
            [List::Sort(SortBy::Eye), List::Sort(SortBy::Added)],
        ),
    ];
    for (what, [action, back]) in actions {
        let mut times: Vec<f64> = Vec::new();
        for _ in 0..TURNS {
            let began = Instant::now();
            desk.act(Action::List(action.clone()));
            times.push(ms(began));
            desk.act(Action::List(back.clone()));
        }
        times.sort_by(f64::total_cmp);
        let (median, least, most) = (times[TURNS / 2], times[0], times[TURNS - 1]);
        println!("  {what}: {median:.2} ms ({least:.2} to {most:.2})");
    }
    Ok(())
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
