//! Shell completions and the manual page, generated from the definition of the arguments.

use clap::ValueEnum;
use clap_complete::Shell;

use crate::workflow::VERSION;

/// What `gantei completions` can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Page {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
    /// The manual page, for man(1)
    Man,
}

/// A page of the program as it is installed.
pub fn written(page: Page, mut program: clap::Command) -> std::io::Result<String> {
    let mut text = Vec::new();
    let shell = match page {
        Page::Man => {
            manual(program, &mut text)?;
            return String::from_utf8(text).map_err(std::io::Error::other);
        }
        Page::Bash => Shell::Bash,
        Page::Elvish => Shell::Elvish,
        Page::Fish => Shell::Fish,
        Page::Powershell => Shell::PowerShell,
        Page::Zsh => Shell::Zsh,
    };
    clap_complete::generate(shell, &mut program, "gantei", &mut text);
    String::from_utf8(text).map_err(std::io::Error::other)
}

/// The program, then every command in the order of its help.
fn manual(program: clap::Command, text: &mut Vec<u8>) -> std::io::Result<()> {
    let mut program = program.disable_help_subcommand(true);
    program.build();
    pages(&program, text)
}

fn pages(command: &clap::Command, text: &mut Vec<u8>) -> std::io::Result<()> {
    let page = clap_mangen::Man::new(command.clone());
    page.source(format!("gantei {VERSION}")).render(text)?;
    command.get_subcommands().try_for_each(|c| pages(c, text))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Args;

    /// `GANTEI_WRITE_PAGES=1 cargo test --lib pages` regenerates them.
    #[test]
    fn the_pages_kept_for_packages_are_those_that_the_program_writes() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging");
        for (page, name) in [
            (Page::Bash, "completions/gantei.bash"),
            (Page::Elvish, "completions/gantei.elv"),
            (Page::Fish, "completions/gantei.fish"),
            (Page::Powershell, "completions/_gantei.ps1"),
            (Page::Zsh, "completions/_gantei"),
            (Page::Man, "man/gantei.1"),
        ] {
            let path = folder.join(name);
            let text = written(page, Args::command()).unwrap();
            if std::env::var_os("GANTEI_WRITE_PAGES").is_some() {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, &text).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            let same = kept.replace("\r\n", "\n") == text;
            assert!(same, "{name} is stale; GANTEI_WRITE_PAGES=1 regenerates it");
        }
    }

    #[test]
    fn the_manual_lists_every_command() {
        let text = written(Page::Man, Args::command()).unwrap();
        let mut commands = vec![("gantei".to_owned(), Args::command())];
        let mut count = 0;
        while let Some((name, command)) = commands.pop() {
            assert!(text.contains(&format!(".TH {name} 1")), "{name}");
            let below = command.get_subcommands();
            commands.extend(below.map(|c| (format!("{name}-{}", c.get_name()), c.clone())));
            count += 1;
        }
        assert_eq!(text.matches(".TH ").count(), count);
        assert!(text.contains("clinic"), "examples are missing");
    }
}
