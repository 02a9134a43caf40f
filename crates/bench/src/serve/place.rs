//! A folder with tables and settings, in which the program is run as a user would.

use crate::process::{self, Usage};
use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The file of the settings, which the program finds by itself.
const SETTINGS: &str = "verbatim.toml";

#[derive(Debug, Clone)]
pub struct Place {
    binary: PathBuf,
    folder: PathBuf,
}

impl Place {
    /// A fresh folder, without what was there before.
    pub fn fresh(binary: &Path, folder: PathBuf) -> Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("could not clear {}", folder.display()))?;
        }
        std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
        Self::at(binary, folder)
    }

    /// One that is there.
    pub fn at(binary: &Path, folder: PathBuf) -> Result<Self> {
        let binary =
            binary.canonicalize().with_context(|| format!("there is no program {}", binary.display()))?;
        let folder = folder.canonicalize().context("the folder cannot be found")?;
        Ok(Self { binary, folder })
    }

    pub fn tables(&self) -> PathBuf {
        self.folder.join("store")
    }

    /// Of the pseudonyms; the program makes it beside the tables.
    pub fn key(&self) -> PathBuf {
        self.folder.join("store.key")
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What every command here goes by, beside the tables.
    pub fn settle(&self, settings: &str) -> Result<()> {
        let settings = format!(
            "[store]\npath = {:?}\n[log]\nformat = \"json\"\n{settings}",
            self.tables().display().to_string()
        );
        std::fs::write(self.file(SETTINGS), settings).context("could not write the settings")
    }

    /// A command that has these settings alone.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(args).current_dir(&self.folder).stdin(Stdio::null());
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("VERBATIM"))
        {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command to its end; what it says goes into a file of its name.
    pub fn run(&self, args: &[&str]) -> Result<(f64, Usage)> {
        let name = args.join(" ");
        let log = self.file(&format!("{}.log", args[0]));
        let file = File::options().create(true).append(true).open(&log).context("could not write a log")?;
        let also = file.try_clone().context("could not write a log")?;
        let started = Instant::now();
        let child = self.command(args).stdout(file).stderr(also).spawn();
        let (status, usage) = process::watch(child.with_context(|| format!("could not start {name}"))?)?;
        ensure!(status.success(), "verbatim {name} ended with {status}; {} says why", log.display());
        Ok((started.elapsed().as_secs_f64(), usage))
    }

    /// What a command prints.
    pub fn said(&self, args: &[&str]) -> Result<String> {
        let output = self.command(args).output().context("could not start the program")?;
        let error = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "verbatim {} ended with {}: {error}", args.join(" "), output.status);
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}
