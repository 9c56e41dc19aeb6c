//! `gantei study`: creates, runs and shows studies.

mod args;
mod evaluate;
mod labels;
mod records;
mod replay;
mod supplement;
mod text;

use serde_json::{Value, json};

use super::unfinished::Unfinished;
use super::{CommandOutput, Refusal, answer_of_batch, done, heard, say, say_rows};
use crate::export::json::skipped_reason;
use crate::progress::{Cancel, Gate, Progress};
use crate::workflow::study::{self, OpenStudy};
use crate::workflow::{self, Context, Error, PartialResults, RunEvent};

pub use args::StudyArgs;
use args::{StudyCommand, StudyNewArgs, StudyRunArgs};

pub(super) fn perform(
    ctx: &Context,
    command: StudyCommand,
    unfinished: &Unfinished,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CommandOutput, Refusal> {
    match command {
        StudyCommand::New(args) => new(ctx, &args, cancel),
        StudyCommand::Labels(args) => labels::perform(&args, cancel),
        StudyCommand::Run(args) => run(ctx, &args, unfinished, cancel, progress),
        StudyCommand::Evaluate(args) => evaluate::perform(ctx, &args, cancel, progress),
        StudyCommand::Records(args) => records::perform(ctx, &args, cancel, progress),
        StudyCommand::Replay(args) => replay::perform(ctx, &args, cancel, progress),
        StudyCommand::Supplement(args) => supplement::perform(&args, cancel),
        StudyCommand::Status(args) => {
            let status = study::status(ctx, &args.folder, cancel, progress)?;
            let human = text::status(&status);
            let document = serde_json::to_value(status).unwrap_or(Value::Null);
            Ok(done(document, human))
        }
    }
}

fn new(ctx: &Context, args: &StudyNewArgs, cancel: &Cancel) -> Result<CommandOutput, Refusal> {
    let (open, listing) = study::create(ctx, &args.folder, args.study(), cancel)?;
    let skipped = &listing.scan.skipped;
    let models: Vec<&String> = open.study().models.iter().map(|model| &model.id).collect();
    let document = json!({
        "folder": crate::storage::file_name(open.folder()),
        "photographs": listing.scan.found.len(),
        "models": models,
        "skipped": skipped.iter().map(|s| &s.name).collect::<Vec<_>>(),
        "skipped_reasons": skipped.iter().map(skipped_reason).collect::<Vec<_>>(),
    });
    Ok(done(document, text::created(&open, &listing)))
}

fn run(
    ctx: &Context,
    args: &StudyRunArgs,
    unfinished: &Unfinished,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CommandOutput, Refusal> {
    let options = args.options()?;
    let mut open = match args.shard {
        Some(_) => study::open_part(&args.folder)?,
        None => study::open(&args.folder)?,
    };
    change(ctx, args, &mut open, cancel)?;
    let models = open.study().models.len() as u64;
    let bar = say::bar();
    let partial = PartialResults::default();
    unfinished.register(&bar, {
        let partial = partial.clone();
        move || Some(workflow::batch_so_far(&partial)?.map(answer_of_batch))
    });
    let (mut rows, mut failed, mut printed) = (0_u64, 0_u64, Ok(()));
    let mut on_event = |event: RunEvent| match event {
        RunEvent::Row(row) => {
            rows += 1;
            failed += u64::from(row.error.is_some());
            let (_, photographs) = progress.steps();
            say::advance(&bar, rows, photographs * models, &row.image);
            bar.set_message(text::progress(failed, &row.image));
            if !args.json {
                let row_printed = bar.suspend(|| say::text(&say_rows::row(row)));
                printed = printed.and(row_printed);
            }
        }
        RunEvent::Remark(remark) => {
            bar.suspend(|| say::note(&say::remark(remark)));
        }
    };
    let gate = Gate::new();
    let outcome = study::run(
        ctx,
        &mut open,
        &options,
        &partial,
        &gate,
        cancel,
        progress,
        &mut on_event,
    )?;
    bar.finish_and_clear();
    let mut answer = answer_of_batch(outcome);
    answer.status = heard(printed, answer.status);
    Ok(answer)
}

/// What the arguments change in the study itself.
fn change(
    ctx: &Context,
    args: &StudyRunArgs,
    open: &mut OpenStudy,
    cancel: &Cancel,
) -> Result<(), Error> {
    for (old, new) in &args.moved {
        study::relocate(open, old, new)?;
    }
    if args.forget_missing {
        let count = study::forget_missing(open, cancel)?;
        say::note(&format!(
            "gantei: left {count} missing photographs out of the study"
        ));
    }
    if !args.models.is_empty() {
        study::choose_models(ctx, open, &args.models)?;
    }
    let before = open.study().settings.clone();
    let settings = args.settings.changed(&before);
    let changed = text::changed(&before, &settings);
    if !changed.is_empty() {
        study::change_settings(ctx, open, settings, cancel)?;
        say::note(&format!(
            "gantei: the study keeps other settings now: {changed}"
        ));
    }
    Ok(())
}
