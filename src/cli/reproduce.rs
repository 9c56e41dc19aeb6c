//! The command line that reproduces an answer of the window.

use crate::app::state::Reproduction;
use crate::saliency::Recipe;

/// Placeholder for a photograph whose name is masked.
const PHOTOGRAPH: &str = "PHOTOGRAPH";
/// Output folder of the maps.
const OUT: &str = "maps";

/// One command for the answers and, if the map in view is not the one that every run computes, one for the map; one per
/// line.
pub fn command_line(of: &Reproduction) -> String {
    let commands = [
        Some(predict(of)),
        of.recipe.as_ref().map(|r| explain(of, r)),
    ];
    let lines = commands.into_iter().flatten().map(|words| {
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        words.join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn predict(of: &Reproduction) -> Vec<String> {
    let mut words = begun("predict", of, &of.models);
    if let Some(eye) = of.eye {
        words.extend(["--eye".to_owned(), eye.as_str().to_owned()]);
    }
    words
}

fn explain(of: &Reproduction, recipe: &Recipe) -> Vec<String> {
    let first = of.models.get(..1).unwrap_or_default();
    let mut words = begun("explain", of, first);
    let mut flag = |name: &str, value: Option<String>| {
        words.extend(value.into_iter().flat_map(|v| [name.to_owned(), v]));
    };
    flag("--method", Some(recipe.method.as_str().to_owned()));
    flag("--layer", recipe.layer.clone());
    flag("--target", recipe.target.map(|t| t.to_string()));
    flag("--steps", recipe.steps.map(|s| s.to_string()));
    flag("--baseline", recipe.baseline.map(|b| b.to_string()));
    flag("--seed", recipe.seed.map(|s| s.to_string()));
    flag("--out", Some(OUT.to_owned()));
    words
}

fn begun(command: &str, of: &Reproduction, models: &[String]) -> Vec<String> {
    let photograph = match &of.photograph {
        Some(path) => path.to_string_lossy().into_owned(),
        None => PHOTOGRAPH.to_owned(),
    };
    let mut words = vec!["gantei".to_owned(), command.to_owned(), photograph];
    for model in models {
        words.extend(["--model".to_owned(), model.clone()]);
    }
    if let Some(frame) = of.frame {
        words.extend(["--frame".to_owned(), frame.to_string()]);
    }
    words.extend(["--device".to_owned(), of.device.as_str().to_owned()]);
    if of.accepted {
        words.push("--accept-any-picture".to_owned());
    }
    if of.names_masked {
        words.push("--mask-names".to_owned());
    }
    words
}

/// A word as shells take it: unless it is plain, in double quotes on Windows and in single ones elsewhere.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:@%+=,~\\".contains(c);
    let plain = match cfg!(windows) {
        true => word.chars().all(is_plain),
        false => word.chars().all(|c| is_plain(c) && !"\\~%".contains(c)),
    };
    match (plain && !word.is_empty(), cfg!(windows)) {
        (true, _) => word.to_owned(),
        (false, true) => format!("\"{word}\""),
        (false, false) => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use strum::IntoEnumIterator;

    use super::*;
    use crate::cli::args::{Args, Command};
    use crate::domain::Laterality;
    use crate::runtime::Device;
    use crate::saliency::{Baseline, Method};

    fn of() -> Reproduction {
        Reproduction {
            photograph: Some("/eyes/left.jpg".into()),
            names_masked: false,
            frame: None,
            models: vec!["demo-mobilenet".into(), "study".into()],
            device: Device::Embedded,
            eye: Some(Laterality::Os),
            accepted: true,
            recipe: None,
        }
    }

    #[test]
    fn the_command_line_takes_what_is_copied_and_means_the_same() {
        let cli = Args::try_parse_from(predict(&of())).unwrap();
        let Some(Command::Predict(args)) = cli.command else {
            panic!("another command");
        };
        let options = args.options().unwrap();
        assert_eq!(options.inputs, [std::path::PathBuf::from("/eyes/left.jpg")]);
        assert_eq!(options.models, of().models);
        assert_eq!(
            (options.device, options.open.eye),
            (Device::Embedded, of().eye)
        );
        assert!(options.open.accept_any_picture && !options.mask_names && options.saliency);

        for method in Method::iter() {
            let facts = method.description();
            let mut recipe = Recipe::of(method);
            recipe.layer = method.is_of_a_layer().then(|| "block_3 relu".into());
            recipe.steps = facts.steps.map(|_| 7);
            recipe.baseline = facts.baseline.map(|_| Baseline::Blur);
            recipe.seed = facts.has_seed.then_some(9);
            recipe.target = Some(0);
            let cli = Args::try_parse_from(explain(&of(), &recipe)).unwrap();
            let Some(Command::Explain(args)) = cli.command else {
                panic!("another command");
            };
            let request = args.request().unwrap();
            assert_eq!(request.map.recipe, recipe);
            assert_eq!(
                (&*request.map.model, request.map.device),
                ("demo-mobilenet", Device::Embedded)
            );
        }
    }

    #[cfg(not(windows))]
    #[test]
    fn it_is_a_line_for_a_shell_and_hides_what_is_hidden() {
        let mut of = of();
        of.photograph = Some("/eyes/O'Hara 眼 $HOME.jpg".into());
        of.recipe = Some(Recipe::of(Method::HiresCam));
        let expected = [
            r"gantei predict '/eyes/O'\''Hara 眼 $HOME.jpg' --model demo-mobilenet --model study --device embedded --accept-any-picture --eye OS",
            r"gantei explain '/eyes/O'\''Hara 眼 $HOME.jpg' --model demo-mobilenet --device embedded --accept-any-picture --method hires-cam --out maps",
        ];
        assert_eq!(command_line(&of), expected.join("\n"));
        of = Reproduction {
            photograph: None,
            names_masked: true,
            models: vec!["m".into()],
            eye: None,
            accepted: false,
            recipe: None,
            ..of
        };
        let hidden = "gantei predict PHOTOGRAPH --model m --device embedded --mask-names";
        assert_eq!(command_line(&of), hidden);
        assert_eq!(quoted(""), "''");
    }
}
