//! The command line: the operations of the window, without a window.
//!
//! With `--json` exactly one document is written to standard output, also for errors; progress and messages go to
//! standard error.

mod args;
mod check_args;
mod errors;
mod examples;
mod explain_args;
mod figure_args;
mod items;
mod mistyped;
mod pages;
mod reproduce;
mod say;
mod say_check;
mod say_models;
mod say_rows;
mod study;
mod table_args;
mod unfinished;
mod values;

pub use reproduce::command_line;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clap::{CommandFactory, Parser};
use serde_json::{Value, json};

use crate::domain::foreign::escaped;
use crate::export::json::skipped_reason;
use crate::jobs::{Panicked, Parent, interrupt, run_or_abandon};
use crate::numeric::gigabytes;
use crate::progress::{Cancel, Gate, Progress};
use crate::storage::{Reason, atomic, process};
use crate::text::{Lang, research_only};
use crate::workflow::check_models::State;
use crate::workflow::{
    self, CheckedModel, Class, Context, Error, Outcome, PartialResults, RunEvent, batch,
};
use args::{Args, Command, ModelsArgs, RuntimeCommand};
use check_args::CheckImportArgs;
use mistyped::Mistyped;
use unfinished::Unfinished;

/// How long a command may run after a request to stop, before its partial results are written without it.
const GRACE: Duration = Duration::from_millis(600);

/// Exit statuses of the contract.
pub mod status {
    pub const DONE: u8 = 0;
    /// A row failed, or a figure is outside its tolerance.
    pub const FAILED: u8 = 1;
    pub const USAGE: u8 = 2;
    /// A model, card or tensor was refused.
    pub const MODEL: u8 = 3;
    /// A device or memory is not available.
    pub const DEVICE: u8 = 4;
    pub const INTERRUPTED: u8 = 130;
}

/// What the arguments request.
pub enum Invocation {
    /// The window, with these photographs or folders.
    Window(Vec<PathBuf>),
    /// Nothing more: the command is complete, with this exit status.
    Done(u8),
}

/// Parses the arguments (the first is the program's name) and runs a command if there is one.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Invocation {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.len() == 2 && arguments[1] == batch::WORKER {
        return Invocation::Done(work());
    }
    let json = arguments.iter().any(|a| a == "--json");
    if let Some(mistyped) = mistyped::command(&arguments) {
        return Invocation::Done(not_there(&mistyped, json));
    }
    let args = match Args::try_parse_from(&arguments) {
        Ok(args) => args,
        Err(e) => return Invocation::Done(not_understood(&e, json)),
    };
    let command = match args.command {
        Some(command) => command,
        None => match mistyped::files(&args.files) {
            Some(missing) => return Invocation::Done(not_there(&missing, json)),
            None => return Invocation::Window(args.files),
        },
    };
    // Before the first thread starts.
    if let Err(e) = workflow::check_start() {
        return Invocation::Done(refuse(&e.into(), json));
    }
    let cancel = Cancel::new();
    if let Err(e) = interrupt::cancel_on_interrupt(&cancel, process::may_handle_hangup()) {
        say::note(&format!("Ctrl-C ends the program at once: {e}"));
    }
    Invocation::Done(match run_or_abandon_command(command, &cancel) {
        Ok(CommandOutput {
            document,
            human,
            status,
        }) => {
            let printed = match json {
                true => say::document(&document),
                false => say::text(&human),
            };
            heard(printed, status)
        }
        Err(mut refusal) => {
            if arguments.iter().any(|a| a == "--mask-names") {
                *refusal.error = (*refusal.error).masked();
            }
            refuse(&refusal, json)
        }
    })
}

/// The given exit status if the output was written to standard output; otherwise that of a failed write.
fn heard(printed: Result<(), Reason>, status: u8) -> u8 {
    let Err(reason) = printed else {
        return status;
    };
    say::note(&format!(
        "gantei: the answer could not be written to standard output: {reason}"
    ));
    match status {
        status::DONE => status::FAILED,
        worse => worse,
    }
}

/// A command's output in both forms, and its exit status.
struct CommandOutput {
    document: Value,
    human: String,
    status: u8,
}

/// Why a command was refused, with what is known in addition to the error.
struct Refusal {
    error: Box<Error>,
    more: Value,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self {
            error: Box::new(error),
            more: Value::Null,
        }
    }
}

/// Runs a command. One that does not stop in time is abandoned, and its partial results are returned.
fn run_or_abandon_command(command: Command, cancel: &Cancel) -> Result<CommandOutput, Refusal> {
    let unfinished = Unfinished::default();
    let work = {
        let (unfinished, cancel) = (unfinished.clone(), cancel.clone());
        move || {
            let ctx = Context::start();
            ctx.on_note(|note| say::note(&format!("gantei: {}", note.words(Lang::En))));
            perform(&ctx, command, &unfinished, &cancel)
        }
    };
    let otherwise = || {
        let answer = unfinished.answer()?;
        atomic::stop_writing();
        Some(answer)
    };
    match run_or_abandon(cancel, GRACE, work, otherwise) {
        Ok(Ok(answer)) => answer,
        Ok(Err(panicked)) => Err(Error::from(panicked).into()),
        Err(e) => Err(Error::NoProcess(e.kind()).into()),
    }
}

fn perform(
    ctx: &Context,
    command: Command,
    unfinished: &Unfinished,
    cancel: &Cancel,
) -> Result<CommandOutput, Refusal> {
    let progress = Progress::new();
    match command {
        Command::Predict(args) => {
            let (json, options) = (args.json, args.options()?);
            let bar = say::bar();
            let partial = PartialResults::default();
            unfinished.register(&bar, {
                let partial = partial.clone();
                move || Some(workflow::batch_so_far(&partial)?.map(answer_of_batch))
            });
            let (mut rows, mut printed) = (0_u64, Ok(()));
            let mut on_event = |on_event: RunEvent| match on_event {
                RunEvent::Row(row) => {
                    let (_, total) = progress.steps();
                    rows += 1;
                    say::advance(&bar, rows, total * options.models.len() as u64, &row.image);
                    if !json {
                        let row_printed = bar.suspend(|| say::text(&say_rows::row(row)));
                        printed = printed.and(row_printed);
                    }
                }
                RunEvent::Remark(remark) => {
                    bar.suspend(|| say::note(&say::remark(remark)));
                }
            };
            let outcome = workflow::batch(
                ctx,
                &options,
                &partial,
                &Gate::new(),
                cancel,
                &progress,
                &mut on_event,
            )?;
            bar.finish_and_clear();
            let mut answer = answer_of_batch(outcome);
            answer.status = heard(printed, answer.status);
            Ok(answer)
        }
        Command::Explain(args) => {
            let reported = AtomicU64::new(0);
            progress.on_memory(move |bytes| {
                // Sanity checks open the network repeatedly.
                if bytes > reported.fetch_max(bytes, Ordering::Relaxed) {
                    say::note(&format!("This takes about {} of memory.", gigabytes(bytes)));
                }
            });
            let bar = say::bar();
            let shown = bar.clone();
            progress.on_step(move |done, total| say::advance(&shown, done, total, ""));
            let partial = PartialResults::default();
            unfinished.register(&bar, {
                let partial = partial.clone();
                move || Some(workflow::explained_so_far(&partial)?.map(|e| answer_of_explain(&e)))
            });
            let explained = workflow::explain(ctx, &args.request()?, &partial, cancel, &progress)?;
            bar.finish_and_clear();
            Ok(answer_of_explain(&explained))
        }
        Command::Models(args) => models(ctx, &args, cancel, &progress),
        Command::Devices(_) => {
            let report = workflow::devices(ctx, cancel, &progress)?;
            let document = serde_json::to_value(&report).unwrap_or(Value::Null);
            Ok(done(document, say::devices(&report)))
        }
        Command::Runtime(args) => {
            let RuntimeCommand::Install(args) = args.command;
            let installed = workflow::install_runtime(ctx, &args.file, args.accept)?;
            let report = workflow::devices(ctx, cancel, &progress)?;
            let name = crate::storage::file_name(&installed.folder);
            let human = format!("Installed {name}.\n{}", say::devices(&report));
            Ok(done(json!({"installed": name, "devices": report}), human))
        }
        Command::Import(args) => {
            let flags = args.flags()?;
            // The engines are tested with the new network, which takes minutes if it is large.
            let bar = say::bar();
            let shown = bar.clone();
            progress.on_step(move |done, total| say::advance(&shown, done, total, "trial"));
            let imported = workflow::import(
                ctx,
                &args.file,
                &flags,
                args.draft.as_deref(),
                cancel,
                &progress,
            );
            bar.finish_and_clear();
            match imported {
                Ok(report) => {
                    let human = say::import(&report, args.draft.is_some());
                    Ok(done(
                        serde_json::to_value(report).unwrap_or(Value::Null),
                        human,
                    ))
                }
                Err((error, report)) => Err(Refusal {
                    more: serde_json::to_value(report).unwrap_or(Value::Null),
                    error: Box::new(error),
                }),
            }
        }
        Command::CheckImport(args) => check_import(ctx, &args, cancel, &progress),
        Command::Verify(args) => {
            let verified = workflow::verify(ctx, &args.request()?, cancel, &progress)?;
            let status = if verified.within {
                status::DONE
            } else {
                status::FAILED
            };
            let human = say::verified(&verified);
            Ok(CommandOutput {
                document: serde_json::to_value(verified).unwrap_or(Value::Null),
                human,
                status,
            })
        }
        Command::Study(args) => study::perform(ctx, args.command, unfinished, cancel, &progress),
        Command::Completions(args) => {
            let text =
                pages::written(args.page, Args::command()).map_err(|e| Panicked(e.to_string()));
            let text = text.map_err(Error::from)?;
            Ok(done(Value::Null, text.trim_end().to_owned()))
        }
        Command::Draw(args) => {
            let bar = say::bar();
            let total = args.count;
            let drawn = workflow::draw(ctx, &args.request()?, cancel, &mut |count, name| {
                say::advance(&bar, count, total, name);
            })?;
            bar.finish_and_clear();
            let human = format!(
                "Drew {} eyes of {} persons; best possible AUC {:.4}.",
                drawn.images, drawn.persons, drawn.best_auc
            );
            Ok(done(
                serde_json::to_value(drawn).unwrap_or(Value::Null),
                human,
            ))
        }
    }
}

/// Lists the models, verifies them if requested, removes one, or confirms fields of its card.
fn models(
    ctx: &Context,
    args: &ModelsArgs,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CommandOutput, Refusal> {
    if let Some(id) = &args.remove {
        workflow::remove_model(ctx, id)?;
        return Ok(done(json!({"removed": id}), format!("Removed {id}.")));
    }
    if let Some(id) = &args.confirm {
        let card = workflow::statements::confirm_fields(ctx, id, &args.fields)?;
        let open: Vec<&str> = card.unconfirmed().collect();
        let human = match open.is_empty() {
            true => format!("All fields of {id} are confirmed."),
            false => format!("Still unconfirmed in {id}: {}.", open.join(", ")),
        };
        return Ok(done(json!({"confirmed": id, "unconfirmed": open}), human));
    }
    let checked = match args.check {
        true => Some(workflow::check_models(ctx, cancel, progress)?),
        false => None,
    };
    workflow::prepare_models(ctx, cancel, progress)?;
    let (models, damaged) = (workflow::models(ctx), workflow::damaged(ctx));
    let mut document = json!({"models": models, "damaged": damaged});
    let Some(checked) = checked else {
        for model in &damaged {
            say::note(&format!("gantei: {}", model.reason));
        }
        return Ok(done(document, say::models(&models)));
    };
    let is_damaged = |model: &CheckedModel| model.state == State::Damaged;
    // Files altered in place are found only by the check.
    document["damaged"] = checked
        .iter()
        .filter(|m| is_damaged(m))
        .map(|m| json!({"id": m.id, "reason": m.reason}))
        .collect();
    document["checked"] = json!(checked);
    Ok(CommandOutput {
        document,
        human: say_models::checked(&checked),
        status: match checked.iter().any(is_damaged) {
            true => status::MODEL,
            false => status::DONE,
        },
    })
}

/// Ranks the settings, writes the chosen one into the card if requested, then writes the files.
fn check_import(
    ctx: &Context,
    args: &CheckImportArgs,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CommandOutput, Refusal> {
    let request = args.request();
    // A card that cannot be changed is refused before an hour of work.
    if args.apply.is_some() {
        workflow::changeable(ctx, &request.model)?;
    }
    let bar = say::bar();
    let mut report = workflow::check_import(ctx, &request, cancel, progress, &mut |interim| {
        let (done, total) = progress.steps();
        say::advance(&bar, done, total, &interim.image);
    })?;
    bar.finish_and_clear();
    let mut refused = None;
    if let Some(choice) = args.choice().filter(|_| !report.interrupted) {
        match workflow::apply_setting(ctx, &report, choice) {
            Ok((_, applied)) => report.applied = Some(applied),
            Err(error) => refused = Some(error),
        }
    }
    if let Some(out) = &args.out {
        workflow::write_check(out, &report)?;
    }
    let document = serde_json::to_value(&report).unwrap_or(Value::Null);
    let human = say_check::checked(&report);
    let failed = !report.left_out.failed_images.is_empty();
    if let Some(error) = refused {
        say::note(&human);
        return Err(Refusal {
            error: Box::new(error),
            more: document,
        });
    }
    Ok(CommandOutput {
        document,
        human,
        status: match report.interrupted {
            true => status::INTERRUPTED,
            false if failed => status::FAILED,
            false => status::DONE,
        },
    })
}

fn done(document: Value, human: String) -> CommandOutput {
    CommandOutput {
        document,
        human,
        status: status::DONE,
    }
}

fn answer_of_explain(explained: &workflow::Explained) -> CommandOutput {
    CommandOutput {
        document: json!({
            "schema": crate::export::json::SCHEMA,
            "application": {"name": "gantei", "version": workflow::VERSION},
            "research_only": research_only(Lang::En),
            "skipped": explained.skipped.iter().map(|s| &s.name).collect::<Vec<_>>(),
            "skipped_reasons": explained.skipped.iter().map(skipped_reason).collect::<Vec<_>>(),
            "interrupted": explained.interrupted,
            "maps": explained.maps.iter().map(|m| m.document(workflow::VERSION)).collect::<Vec<_>>(),
        }),
        human: say::explained(explained),
        status: match explained.interrupted {
            true => status::INTERRUPTED,
            false if explained.failed() > 0 => status::FAILED,
            false => status::DONE,
        },
    }
}

fn answer_of_batch(outcome: Outcome) -> CommandOutput {
    // The other remarks were printed as they occurred.
    for remark in outcome.remarks.iter().filter(|r| r.is_of_tables()) {
        say::note(&say::remark(remark));
    }
    if let Some(error) = &outcome.failure {
        say::refusal(error);
    }
    let status = match &outcome.failure {
        Some(e) if !outcome.interrupted || !is_unwritten(e) => status_of(e.class()),
        _ if outcome.interrupted => status::INTERRUPTED,
        _ if outcome.failed_rows() > 0 => status::FAILED,
        _ => status::DONE,
    };
    let mut document = batch::document(&outcome);
    if let Some(error) = &outcome.failure {
        document["error"] = fields_of(error);
    }
    CommandOutput {
        document,
        human: say_rows::end(&outcome),
        status,
    }
}

/// Whether an error only means that some file of a run is not on the disk; any other error ended the run.
fn is_unwritten(error: &Error) -> bool {
    matches!(
        error,
        Error::Unwritten { .. } | Error::Overlays { .. } | Error::Storage(_)
    )
}

fn refuse(refusal: &Refusal, json: bool) -> u8 {
    let error = &refusal.error;
    let mut printed = Ok(());
    if json {
        let mut document = json!({"error": fields_of(error)});
        if let (Value::Object(document), Value::Object(more)) = (&mut document, &refusal.more) {
            document.extend(more.clone());
        }
        printed = say::document(&document);
    } else {
        say::refusal(error);
    }
    heard(printed, status_of(error.class()))
}

fn fields_of(error: &Error) -> Value {
    json!({
        "code": error.code(),
        "message": errors::message(error),
        "hint": errors::hint(error),
        "items": items::items(error),
    })
}

fn status_of(class: Class) -> u8 {
    match class {
        Class::Failed => status::FAILED,
        Class::Usage => status::USAGE,
        Class::Model => status::MODEL,
        Class::Device => status::DEVICE,
        Class::Interrupted => status::INTERRUPTED,
    }
}

/// Runs a worker. It reports to the process that started it.
fn work() -> u8 {
    let cancel = Cancel::new();
    let Ok(parent) = Parent::listen(&cancel, atomic::stop_writing) else {
        return status::DEVICE;
    };
    interrupt::leave_signals_to_the_parent();
    let serve = {
        let cancel = cancel.clone();
        move || {
            let ctx = Context::start();
            ctx.on_note(|note| say::note(&format!("gantei: {}", note.words(Lang::En))));
            batch::serve(&ctx, &parent, &cancel, errors::relayed);
        }
    };
    // On a thread with enough stack for deeply nested networks.
    match run_or_abandon(&cancel, GRACE, serve, || None) {
        Ok(Ok(())) => status::DONE,
        _ => status::DEVICE,
    }
}

/// An unknown command, or files that do not exist.
fn not_there(mistyped: &Mistyped, json: bool) -> u8 {
    let mut printed = Ok(());
    if json {
        let items: Vec<&String> = mistyped.meant.iter().collect();
        printed = say::document(&json!({"error": {
            "code": "usage",
            "message": mistyped.message,
            "hint": mistyped.hint,
            "items": items,
        }}));
    } else {
        say::note(&format!("gantei: {}", mistyped.message));
        say::note(&mistyped.hint);
    }
    heard(printed, status::USAGE)
}

/// Help and version are not errors; anything else is a usage error.
fn not_understood(e: &clap::Error, json: bool) -> u8 {
    if json && e.kind() == clap::error::ErrorKind::DisplayVersion {
        let version = json!({"application": {"name": "gantei", "version": workflow::VERSION}});
        return heard(say::document(&version), status::DONE);
    }
    if !e.use_stderr() {
        return heard(say::text(e.to_string().trim_end()), status::DONE);
    }
    let mut printed = Ok(());
    if json {
        let message = e.to_string();
        // The first paragraph; its items are on indented lines below the sentence.
        let mut lines = message.lines().take_while(|line| !line.is_empty());
        let sentence = lines.next().unwrap_or_default();
        let items: Vec<&str> = lines.map(str::trim).collect();
        printed = say::document(&json!({"error": {
            "code": "usage",
            "message": escaped(sentence.trim_start_matches("error: ")),
            "hint": "See gantei --help.",
            "items": items,
        }}));
    } else {
        say::note(e.to_string().trim_end());
    }
    heard(printed, status::USAGE)
}
