//! `cargo xtask libtorch`: the native library behind rust-bert, from the package index, cached under `target/tools`.
//!
//! The vendor's own archive is not on the package registries, but PyPI's wheel of torch holds the same library. Of its
//! GPU build only the CPU half is kept; the CUDA libraries that its profiler is linked to are stood in for by empty
//! ones, which answer "no device".

use crate::wheel::Wheel;
use crate::{paths, run};
use anyhow::{Context, Result, bail, ensure};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The one version that tch 0.17 binds to.
pub const VERSION: &str = "2.4.0";

const WHEEL: Wheel = Wheel {
    requirement: "torch==2.4.0",
    sha256: "e743adadd8c8152bb8373543964551a7cb7cc20ba898dc8f9c0cdbe47c283de0",
    built_for: Some(["manylinux1_x86_64", "311", "cp311"]),
};
const KEPT: [&str; 4] =
    ["torch/include/", "torch/lib/libtorch_cpu.so", "torch/lib/libc10.so", "torch/lib/libgomp-"];
/// What `libtorch_cpu.so` of the wheel asks for and a machine without CUDA does not have.
const STAND_INS: [&str; 2] = ["libcudart.so.12", "libcupti.so.12"];

/// The folder that `LIBTORCH` should name: what it names already, or one made on the first call.
///
/// # Errors
/// Where a tool is missing, the index cannot be reached, or `LIBTORCH` names something else.
pub fn bring() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("LIBTORCH") {
        let named = PathBuf::from(named);
        ensure!(
            named.join("lib/libtorch_cpu.so").exists(),
            "LIBTORCH names {}, which holds no lib/libtorch_cpu.so; unset it to have one brought",
            named.display()
        );
        return Ok(named);
    }
    let root = paths::tools().join(format!("libtorch-{VERSION}"));
    let folder = root.join("torch");
    if root.join("complete").exists() {
        return Ok(folder);
    }
    check_machine()?;
    WHEEL.unpack(&KEPT, &root)?;
    let lib = folder.join("lib");
    for library in STAND_INS {
        stand_in(&lib, library)?;
    }
    umbrella(&lib)?;
    openmp(&lib)?;
    std::fs::write(folder.join("build-version"), VERSION).context("could not note libtorch's version")?;
    std::fs::write(root.join("complete"), "").context("could not note that libtorch is complete")?;
    Ok(folder)
}

/// The environment in which a build with the feature `rust-bert` finds it.
#[must_use]
pub fn environment(folder: &Path) -> [(&'static str, PathBuf); 2] {
    // The wheel was built with the old ABI of C++ strings.
    [("LIBTORCH", folder.to_owned()), ("LIBTORCH_CXX11_ABI", PathBuf::from("0"))]
}

fn check_machine() -> Result<()> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        bail!("libtorch {VERSION} is brought for Linux on x86-64 only; elsewhere set LIBTORCH to your own");
    }
    for program in ["gcc", "nm", "python3"] {
        if !run::exists(program) {
            bail!("{program} is not installed; on Debian `apt-get install build-essential python3`");
        }
    }
    Ok(())
}

/// A library with every symbol that libtorch wants of `library`, each of which says that there is no device.
fn stand_in(lib: &Path, library: &str) -> Result<()> {
    let listed = run::run_quietly(
        Command::new("nm").args(["-D", "--undefined-only"]).arg(lib.join("libtorch_cpu.so")),
    )?;
    let listed = String::from_utf8_lossy(&listed.stdout);
    let wanted = listed.lines().filter_map(|line| {
        let (symbol, version) = line.split_whitespace().last()?.split_once('@')?;
        (version == library).then_some(symbol)
    });
    let source = lib.join(format!("{library}.c"));
    std::fs::write(&source, stand_in_source(wanted))
        .with_context(|| format!("could not write {}", source.display()))?;
    let map = lib.join(format!("{library}.map"));
    std::fs::write(&map, format!("{library} {{ global: *; }};\n"))
        .with_context(|| format!("could not write {}", map.display()))?;
    let mut gcc = Command::new("gcc");
    gcc.args(["-shared", "-fPIC", "-O1", "-w", "-o"]).arg(lib.join(library)).arg(&source);
    gcc.arg(format!("-Wl,-soname,{library}")).arg(format!("-Wl,--version-script={}", map.display()));
    run::run_quietly(&mut gcc).with_context(|| format!("could not build the stand-in for {library}"))?;
    Ok(())
}

fn stand_in_source<'s>(symbols: impl Iterator<Item = &'s str>) -> String {
    // 100 is cudaErrorNoDevice.
    let mut source = String::new();
    for symbol in symbols {
        // Writing to a string cannot fail.
        let _ = match symbol {
            "cudaGetErrorString" => {
                writeln!(source, "const char* {symbol}(int e) {{ return \"no CUDA in this build\"; }}")
            }
            "cudaGetDeviceCount" => writeln!(source, "int {symbol}(int* n) {{ if (n) *n = 0; return 100; }}"),
            _ => writeln!(source, "int {symbol}() {{ return 100; }}"),
        };
    }
    source
}

/// `libtorch.so`, which is nothing but the CPU half here.
fn umbrella(lib: &Path) -> Result<()> {
    let mut gcc = Command::new("gcc");
    gcc.args(["-shared", "-fPIC", "-o"]).arg(lib.join("libtorch.so")).args(["-x", "c", "/dev/null"]);
    gcc.args([
        "-Wl,-soname,libtorch.so",
        "-Wl,--no-as-needed",
        "-Wl,--allow-shlib-undefined",
        "-Wl,-rpath,$ORIGIN",
    ]);
    gcc.arg("-L").arg(lib).arg("-ltorch_cpu");
    run::run_quietly(&mut gcc).context("could not build libtorch.so")?;
    Ok(())
}

/// The wheel's OpenMP has a name of its own; the linker looks for the plain one.
fn openmp(lib: &Path) -> Result<()> {
    let own = std::fs::read_dir(lib)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| name.starts_with("libgomp-"))
        .context("the wheel of torch holds no libgomp")?;
    for name in ["libgomp.so.1", "libgomp.so"] {
        let link = lib.join(name);
        if !link.exists() {
            std::os::unix::fs::symlink(&own, &link)
                .with_context(|| format!("could not link {}", link.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_has_each_symbol_and_no_device() {
        let source = stand_in_source(["cudaGetDeviceCount", "cudaFree"].into_iter());
        assert_eq!(
            source,
            "int cudaGetDeviceCount(int* n) { if (n) *n = 0; return 100; }\nint cudaFree() { return 100; }\n"
        );
    }
}
