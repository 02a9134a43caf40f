//! A real Kafka broker for tests and measurements: one JVM, on free loopback ports, gone when dropped.

use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const START: Duration = Duration::from_secs(120);
/// The broker's certificate and key, and the store that holds them, live only in the temporary folder.
const STORE_PASSWORD: &str = "of-a-temporary-store";

/// How the broker is set up.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// A SCRAM-SHA-256 user and password; then the listener is SASL over TLS, else plain text.
    pub scram: Option<(String, String)>,
    /// Further lines of `server.properties`.
    pub properties: Vec<(String, String)>,
}

/// A running broker. Topics are created by the client; nothing is created on its own.
pub struct Broker {
    libs: PathBuf,
    folder: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl Broker {
    /// Starts a broker without encryption or authentication.
    ///
    /// # Errors
    /// Where the JVM does not start or does not listen within two minutes; the error holds its log.
    pub fn start(libs: &Path) -> Result<Self> {
        Self::start_with(libs, &Setup::default())
    }

    /// # Errors
    /// As [`Broker::start`].
    pub fn start_with(libs: &Path, setup: &Setup) -> Result<Self> {
        let folder = temporary_folder()?;
        let (port, controller) = (free_port()?, free_port()?);
        let mut broker = Self { libs: libs.to_owned(), folder, port, process: None };
        if setup.scram.is_some() {
            broker.make_certificate()?;
        }
        let path = broker.properties_path();
        std::fs::write(&path, broker.properties(controller, setup))
            .with_context(|| format!("could not write {}", path.display()))?;
        broker.format(setup)?;
        broker.resume()?;
        Ok(broker)
    }

    /// For `bootstrap.servers`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The certificate that a client of a TLS broker has to trust, for `ssl.ca.location`.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.folder.join("broker.pem")
    }

    /// Kills the process; what it wrote stays.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.process.take() {
            // The shell ends the JVM as its input closes, and waits for it.
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }

    /// Starts again after [`Broker::kill`], with the same address and data.
    ///
    /// # Errors
    /// As [`Broker::start`].
    pub fn resume(&mut self) -> Result<()> {
        let log = std::fs::File::create(self.folder.join("broker.log")).context("could not make a log")?;
        let mut child = Command::new("sh")
            // The JVM ends with this process however that ends: its end closes the pipe.
            .args(["-c", r#""$@" & echo $!; read -r _; kill -9 $!; wait"#, "sh", "java"])
            .args([
                "-Xms128m",
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            ])
            .arg("-cp")
            .arg(self.libs.join("*"))
            .arg("kafka.Kafka")
            .arg(self.properties_path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("could not start java")?;
        let mut pid = String::new();
        let stdout = child.stdout.take().context("the shell gave no output")?;
        BufReader::new(stdout).read_line(&mut pid).context("the shell named no process")?;
        self.process = Some(child);
        self.wait_until_it_listens(pid.trim())
    }

    fn wait_until_it_listens(&self, pid: &str) -> Result<()> {
        let started = Instant::now();
        let address = self.address().parse().context("the address is not one")?;
        while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
            let alive = Path::new("/proc").join(pid).exists();
            if !alive || started.elapsed() > START {
                let log = std::fs::read_to_string(self.folder.join("broker.log")).unwrap_or_default();
                bail!("the broker {}:\n{log}", if alive { "does not listen" } else { "ended" });
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn properties_path(&self) -> PathBuf {
        self.folder.join("server.properties")
    }

    fn properties(&self, controller: u16, setup: &Setup) -> String {
        let client = if setup.scram.is_some() { "SASL_SSL" } else { "PLAINTEXT" };
        let mut lines = format!(
            "process.roles=broker,controller\n\
             node.id=1\n\
             controller.quorum.voters=1@127.0.0.1:{controller}\n\
             listeners=CLIENT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n\
             advertised.listeners=CLIENT://127.0.0.1:{port}\n\
             listener.security.protocol.map=CLIENT:{client},CONTROLLER:PLAINTEXT\n\
             inter.broker.listener.name=CLIENT\n\
             controller.listener.names=CONTROLLER\n\
             log.dirs={data}\n\
             auto.create.topics.enable=false\n\
             offsets.topic.replication.factor=1\n\
             offsets.topic.num.partitions=4\n\
             transaction.state.log.replication.factor=1\n\
             transaction.state.log.min.isr=1\n\
             share.coordinator.state.topic.replication.factor=1\n\
             share.coordinator.state.topic.min.isr=1\n\
             group.initial.rebalance.delay.ms=0\n\
             log.cleaner.dedupe.buffer.size=10485760\n",
            port = self.port,
            data = self.folder.join("data").display(),
        );
        if let Some((user, password)) = &setup.scram {
            let store = self.store();
            let _ = write!(
                lines,
                "sasl.enabled.mechanisms=SCRAM-SHA-256\n\
                 sasl.mechanism.inter.broker.protocol=SCRAM-SHA-256\n\
                 listener.name.client.scram-sha-256.sasl.jaas.config=\
                 org.apache.kafka.common.security.scram.ScramLoginModule required username=\"{user}\" password=\"{password}\";\n\
                 ssl.keystore.type=PKCS12\n\
                 ssl.keystore.location={store}\n\
                 ssl.keystore.password={STORE_PASSWORD}\n\
                 ssl.truststore.type=PKCS12\n\
                 ssl.truststore.location={store}\n\
                 ssl.truststore.password={STORE_PASSWORD}\n",
                store = store.display(),
            );
        }
        for (name, value) in &setup.properties {
            let _ = writeln!(lines, "{name}={value}");
        }
        lines
    }

    fn format(&self, setup: &Setup) -> Result<()> {
        let mut java = Command::new("java");
        java.args(["-XX:TieredStopAtLevel=1", "-cp"])
            .arg(self.libs.join("*"))
            .args(["kafka.tools.StorageTool", "format", "--cluster-id", "MkU3OEVBNTcwNTJENDM2Qk", "--config"])
            .arg(self.properties_path());
        if let Some((user, password)) = &setup.scram {
            java.arg("--add-scram").arg(format!("SCRAM-SHA-256=[name={user},password={password}]"));
        }
        crate::run::run_quietly(&mut java).context("could not format the broker's storage")?;
        Ok(())
    }

    fn store(&self) -> PathBuf {
        self.folder.join("broker.p12")
    }

    fn make_certificate(&self) -> Result<()> {
        let keytool = || {
            let mut command = Command::new("keytool");
            command.args([
                "-storetype",
                "PKCS12",
                "-storepass",
                STORE_PASSWORD,
                "-alias",
                "broker",
                "-keystore",
            ]);
            command.arg(self.store());
            command
        };
        crate::run::run_quietly(keytool().args([
            "-genkeypair",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-validity",
            "2",
            "-dname",
            "CN=127.0.0.1",
            "-ext",
            "san=ip:127.0.0.1",
            "-ext",
            "bc:c",
        ]))?;
        crate::run::run_quietly(keytool().args(["-exportcert", "-rfc", "-file"]).arg(self.certificate()))?;
        Ok(())
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn temporary_folder() -> Result<PathBuf> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("verbatim-kafka-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    Ok(folder)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port on loopback")?;
    Ok(listener.local_addr().context("a listener without an address")?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_with_users_is_encrypted() {
        let broker =
            Broker { libs: "libs".into(), folder: temporary_folder().unwrap(), port: 9, process: None };
        let plain = broker.properties(10, &Setup::default());
        assert!(plain.contains("CLIENT:PLAINTEXT") && !plain.contains("SASL"));
        let scram = Setup { scram: Some(("ann".to_owned(), "secret".to_owned())), properties: vec![] };
        let lines = broker.properties(10, &scram);
        assert!(lines.contains("CLIENT:SASL_SSL") && lines.contains("username=\"ann\""));
    }
}
