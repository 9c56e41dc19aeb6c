//! Examples at the end of the help of each command. A test parses every one.

pub const PREDICT: &str = "\
Examples:
  gantei predict photo.jpg
  gantei predict clinic-a clinic-b --out results
  gantei predict clinic-a --model demo-mobilenet --model demo-efficientnet-b0 --json
  gantei predict volume.dcm --frame 3 --eye OS";

pub const EXPLAIN: &str = "\
Examples:
  gantei explain photo.jpg --out maps
  gantei explain photo.jpg --method integrated-gradients --baseline blur --out maps
  gantei explain photo.jpg --controls --regions --out maps
  gantei explain photo.jpg --regions --figure pdf --figure-width 85 --out maps
  gantei explain --tensor x.npy --model model.h5 --method occlusion --out maps";

pub const MODELS: &str = "\
Examples:
  gantei models
  gantei models --json
  gantei models --check
  gantei models --remove my-model
  gantei models --confirm my-model --fields labels,crop";

pub const DEVICES: &str = "\
Examples:
  gantei devices
  gantei devices --json";

pub const RUNTIME: &str = "\
Examples:
  gantei runtime install onnxruntime-1.24.1-cp312-cp312-manylinux_2_27_x86_64.whl
  gantei runtime install /opt/onnxruntime/lib/libonnxruntime.so.1.24.1 --accept";

pub const IMPORT: &str = "\
Examples:
  gantei import model.h5 --preset joir-efficientnet-b7
  gantei import download.zip --member sex/model.h5 --preset joir-mobilenet
  gantei import model.h5 --draft card.json
  gantei import model.h5 --card card.json --id my-model
  gantei import weights.h5 --architecture EfficientNetB0 --input-size 224x224 --head sigmoid --task sex --labels female,male";

pub const CHECK_IMPORT: &str = "\
Examples:
  gantei check-import my-model --labels labels.csv photographs
  gantei check-import my-model --labels labels.csv --columns image=File,sex=Sex --values 1=male,2=female photographs
  gantei check-import my-model --labels labels.csv photographs --apply --out check";

pub const VERIFY: &str = "\
Examples:
  gantei verify my-model --input x.npy --expected y.npy
  gantei verify model.h5 --input x.npy --expected y.npy --tolerance 1e-4 --device embedded";

pub const STUDY: &str = "\
Examples:
  gantei study new glaucoma photographs --model demo-mobilenet
  gantei study labels glaucoma --labels labels.csv --values 1=male,2=female
  gantei study run glaucoma
  gantei study run glaucoma --failed-only
  gantei study run glaucoma --shard 2/8
  gantei study status glaucoma --json";

pub const DRAW: &str = "\
Examples:
  gantei draw --count 200 --seed 1 --out eyes
  gantei draw --count 10 --seed 1 --size 1024x768 --format jpg --out eyes";

pub const COMPLETIONS: &str = "\
Examples:
  gantei completions bash > ~/.local/share/bash-completion/completions/gantei
  gantei completions man > gantei.1";

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use crate::cli::args::Args;

    #[test]
    fn every_command_has_examples_that_are_understood() {
        for command in Args::command().get_subcommands() {
            let name = command.get_name();
            let help = command.get_after_help().map(ToString::to_string);
            let help = help.unwrap_or_else(|| panic!("{name} has no examples"));
            let lines: Vec<&str> = help.lines().skip(1).collect();
            assert!(
                help.starts_with("Examples:\n") && !lines.is_empty(),
                "{name}"
            );
            for line in lines {
                let wording = line.split(" > ").next().unwrap_or_default();
                let args = Args::try_parse_from(wording.split_whitespace());
                let args = args.unwrap_or_else(|e| panic!("{line}: {e}"));
                assert!(args.command.is_some(), "{line}");
                assert!(
                    line.starts_with(&format!("  gantei {name} "))
                        || line == format!("  gantei {name}")
                );
            }
        }
    }
}
