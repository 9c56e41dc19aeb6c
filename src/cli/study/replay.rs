//! `gantei study replay`: makes an export of a study again and says what is different.

use std::path::PathBuf;

use serde_json::json;

use crate::cli::{CommandOutput, Refusal, done, status};
use crate::domain::Lang;
use crate::domain::replay::ReplayDifference;
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;
use crate::text::{replay as words, research_only};
use crate::workflow::Context;
use crate::workflow::study::replay;

#[derive(Debug, clap::Args)]
pub struct StudyReplayArgs {
    /// Folder of an export of a study, with gantei-replay.json; the exit status is 1 if something is different
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Device to run on
    #[arg(long, default_value = "auto", value_name = "DEVICE")]
    device: Device,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

pub(super) fn perform(
    ctx: &Context,
    args: &StudyReplayArgs,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<CommandOutput, Refusal> {
    let differences = replay(ctx, &args.folder, args.device, true, cancel, progress)?;
    let document = json!({
        "schema": 1,
        "research_only": research_only(Lang::En),
        "identical": differences.is_empty(),
        "differences": differences.iter().map(|difference| json!({
            "what": difference.as_str(),
            "items": difference.items(),
            "largest_difference": match difference {
                ReplayDifference::Answers { largest, .. } => *largest,
                _ => None,
            },
            "message": words::difference(difference, Lang::En),
        })).collect::<Vec<_>>(),
    });
    let mut lines: Vec<String> = differences
        .iter()
        .map(|difference| words::difference(difference, Lang::En))
        .collect();
    if lines.is_empty() {
        lines.push(words::identical(Lang::En).to_owned());
    }
    let status = match differences.is_empty() {
        true => status::DONE,
        false => status::FAILED,
    };
    lines.push(research_only(Lang::En).to_owned());
    Ok(CommandOutput {
        status,
        ..done(document, lines.join("\n"))
    })
}
