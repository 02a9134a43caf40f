//! What to type to ask the demo's tables again.

use crate::output;
use insight::report::Period;
use std::path::{Path, PathBuf};

/// The same report on these tables, by the program that is running.
pub fn report(tables: &Path, period: Period) -> String {
    let Period { from, to } = period;
    let program = not_installed().map_or_else(
        || "verbatim".to_owned(),
        |program| {
            let shown = seen_from(&std::env::current_dir().unwrap_or_default(), &program);
            output::shell_word(&shown.to_string_lossy())
        },
    );
    format!("{} {program} report --from {from} --to {to}", place(tables))
}

/// What makes the commands that the report prints work in the shell that ran the demo.
pub fn before_its_commands(tables: &Path) -> String {
    let alias = not_installed()
        .map(|program| format!("; alias verbatim={}", output::shell_word(&program.to_string_lossy())));
    format!("export {}{}", place(tables), alias.unwrap_or_default())
}

fn place(tables: &Path) -> String {
    format!("VERBATIM__STORE__PATH={}", output::shell_word(&tables.to_string_lossy()))
}

/// Whoever tries the demo has hardly installed it: `None` only where the PATH leads to this very program.
fn not_installed() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let installed = std::env::var_os("PATH").is_some_and(|path| {
        let found = std::env::split_paths(&path).map(|dir| dir.join("verbatim")).find(|file| file.is_file());
        found.and_then(|file| file.canonicalize().ok()).is_some_and(|file| file == program)
    });
    (!installed).then_some(program)
}

/// From the directory where it lies below it. A shell finds a program by its path only if that has a slash.
fn seen_from(dir: &Path, program: &Path) -> PathBuf {
    match program.strip_prefix(dir) {
        Ok(below) if below.components().count() > 1 => below.to_owned(),
        Ok(below) => Path::new(".").join(below),
        Err(_) => program.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_named_so_that_a_shell_finds_it() {
        let program = Path::new("/work/target/debug/verbatim");
        let from = |dir: &str| seen_from(Path::new(dir), program).display().to_string();
        assert_eq!(from("/work"), "target/debug/verbatim");
        assert_eq!(from("/work/target/debug"), "./verbatim");
        assert_eq!(from("/elsewhere"), "/work/target/debug/verbatim");
    }
}
