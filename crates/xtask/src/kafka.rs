//! `cargo xtask kafka`: a real Apache Kafka from Maven Central, cached under `target/tools`.

use crate::{paths, run};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs on Java 17, in KRaft mode, without ZooKeeper.
pub const VERSION: &str = "4.1.0";
const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

/// The folder of Kafka's jars; downloaded on the first call, reused afterwards.
///
/// # Errors
/// Where Java or Maven is missing, or Maven Central cannot be reached.
pub fn bring() -> Result<PathBuf> {
    let folder = paths::tools().join(format!("kafka-{VERSION}"));
    let libs = folder.join("libs");
    let complete = folder.join("complete");
    if complete.exists() {
        return Ok(libs);
    }
    for program in ["java", "mvn"] {
        if !run::exists(program) {
            bail!("{program} is not installed; on Debian `apt-get install openjdk-17-jdk-headless maven`");
        }
    }
    eprintln!("bringing Apache Kafka {VERSION} from Maven Central");
    download(&folder, &libs)?;
    std::fs::write(&complete, "").with_context(|| format!("could not write {}", complete.display()))?;
    Ok(libs)
}

/// Into a folder beside, renamed at the end: a download that was cut leaves nothing that looks whole.
/// Maven holds every jar against the checksum that the repository publishes.
fn download(folder: &Path, libs: &Path) -> Result<()> {
    let partial = folder.join(format!("partial-{}", std::process::id()));
    std::fs::create_dir_all(&partial).with_context(|| format!("could not make {}", partial.display()))?;
    let pom = partial.join("pom.xml");
    std::fs::write(&pom, pom_text()).with_context(|| format!("could not write {}", pom.display()))?;
    let mut mvn = Command::new("mvn");
    mvn.args(["--quiet", "--batch-mode", "--strict-checksums", "--file"])
        .arg(&pom)
        .args([COPY, "-DincludeScope=runtime"])
        .arg(format!("-DoutputDirectory={}", partial.join("libs").display()));
    run::run_quietly(&mut mvn).context("Maven could not bring Kafka; is Maven Central reachable?")?;
    if libs.exists() {
        std::fs::remove_dir_all(libs).with_context(|| format!("could not clear {}", libs.display()))?;
    }
    std::fs::rename(partial.join("libs"), libs).context("could not put Kafka's jars in place")?;
    std::fs::remove_dir_all(&partial).with_context(|| format!("could not clear {}", partial.display()))
}

fn pom_text() -> String {
    // Without a binding for slf4j the broker would not say why it does not start.
    format!(
        r#"<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>verbatim</groupId><artifactId>tools</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
"#
    )
}
