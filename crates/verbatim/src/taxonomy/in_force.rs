//! The taxonomy in force, followed while a process runs.

use super::{Place, place};
use crate::config::Config;
use crate::context::topic_tree;
use crate::owners::triage_file;
use crate::surroundings::chain;
use analyze::Taxonomy;
use anyhow::{Context as _, Result};
use insight::triage::RuleSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use worker::{Processor, Shutdown, Triage};

/// So often its file is looked at.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Everybody who holds something of a taxonomy is told of another one here.
pub struct InForce {
    place: Place,
    /// The last that could be used.
    last: Mutex<Arc<Taxonomy>>,
    seen: Mutex<Seen>,
    holders: Mutex<Vec<Holder>>,
}

#[derive(Default)]
struct Seen {
    /// Of the file at the last look; `None` before the first.
    stamp: Option<Stamp>,
    /// Somebody could not take it up: they are asked again at the next look.
    is_pending: bool,
}

/// Tells whether a file is another one, without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stamp {
    NoFile,
    File { modified: Option<SystemTime>, bytes: u64, inode: u64 },
}

impl Stamp {
    fn of(path: Option<&Path>) -> Self {
        match path.and_then(|path| std::fs::metadata(path).ok()) {
            None => Self::NoFile,
            Some(of) => Self::File { modified: of.modified().ok(), bytes: of.len(), inode: of.ino() },
        }
    }
}

/// Takes up another taxonomy.
type Take = Box<dyn Fn(&Taxonomy) -> Result<()> + Send + Sync>;

/// Whoever holds something of the taxonomy.
struct Holder {
    /// As a sentence names it.
    what: &'static str,
    /// The version that they have.
    version: String,
    take: Take,
}

impl InForce {
    /// # Errors
    /// Where there is none that can be used.
    pub fn new(config: &Config) -> Result<Arc<Self>> {
        let place = place(config);
        let last = Mutex::new(Arc::new(place.load()?));
        Ok(Arc::new(Self { place, last, seen: Mutex::default(), holders: Mutex::default() }))
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The last one that could be used.
    pub fn taxonomy(&self) -> Arc<Taxonomy> {
        Arc::clone(&held(&self.last))
    }

    /// From now on `take` is called with each other taxonomy than that of `version`. It must leave all as it was where it
    /// fails, and must not take long.
    pub fn tell(
        &self,
        what: &'static str,
        version: &str,
        take: impl Fn(&Taxonomy) -> Result<()> + Send + Sync + 'static,
    ) {
        held(&self.holders).push(Holder { what, version: version.to_owned(), take: Box::new(take) });
    }

    /// Who judges and who decides what comes in. The rules stay those of the start.
    pub fn tell_processor(&self, config: &Config, processor: &Arc<Processor>) -> Result<()> {
        let (rules, own) = (triage_file(config)?, Arc::clone(processor));
        let take = move |taxonomy: &Taxonomy| {
            let analyzer = own.analyzer().with_taxonomy(taxonomy.clone())?;
            let rules = rules.as_ref().map(|file| RuleSet::new(file, &topic_tree(taxonomy))).transpose();
            let rules = rules.context("the triage rules cannot be used with this taxonomy")?;
            own.switch(analyzer, rules.map(|rules| Arc::new(rules) as Arc<dyn Triage>));
            Ok(())
        };
        self.tell("what comes in", processor.analyzer().taxonomy().version(), take);
        Ok(())
    }

    /// Follows the file until the end is asked for.
    pub async fn follow(self: Arc<Self>, shutdown: Shutdown) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = shutdown.requested() => return,
            }
            let own = Arc::clone(&self);
            if tokio::task::spawn_blocking(move || own.look()).await.is_err() {
                tracing::error!("a look at the taxonomy broke off by a defect of this program");
            }
        }
    }

    /// Looks whether it is another one by now, and tells everybody. It waits for the file, and for those who take it up.
    pub fn look(&self) {
        let mut seen = held(&self.seen);
        let stamp = Stamp::of(self.place.target());
        let is_same = seen.stamp == Some(stamp);
        if is_same && !seen.is_pending {
            return;
        }
        seen.stamp = Some(stamp);
        match self.place.load() {
            Ok(taxonomy) => seen.is_pending = !self.give(&taxonomy, is_same),
            Err(error) => {
                seen.is_pending = false;
                tracing::error!(
                    why = chain(&error),
                    "the taxonomy was changed and cannot be used; the one before stays in force"
                );
            }
        }
    }

    /// Whether everybody has it. What failed before is not told again.
    fn give(&self, taxonomy: &Taxonomy, is_told: bool) -> bool {
        let (mut has_news, mut all) = (false, true);
        for holder in held(&self.holders).iter_mut().filter(|holder| holder.version != taxonomy.version()) {
            match (holder.take)(taxonomy) {
                Ok(()) => {
                    taxonomy.version().clone_into(&mut holder.version);
                    has_news = true;
                }
                Err(error) => {
                    all = false;
                    if !is_told {
                        let (what, why) = (holder.what, chain(&error));
                        tracing::error!(
                            what,
                            why,
                            "the taxonomy was changed, and not all take it up; they are asked again"
                        );
                    }
                }
            }
        }
        if has_news {
            let topics = taxonomy.topics().len();
            tracing::info!(version = taxonomy.version(), topics, "another taxonomy is in force");
        }
        *held(&self.last) = Arc::new(taxonomy.clone());
        all
    }
}

/// What stands behind these is replaced as a whole: whoever panicked left it so.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::assemble;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    fn started(dir: &tempfile::TempDir) -> (Arc<InForce>, std::path::PathBuf) {
        let mut config = assemble(None, std::iter::empty()).unwrap().config;
        config.store.path = dir.path().join("data");
        (InForce::new(&config).unwrap(), dir.path().join("data.taxonomy.toml"))
    }

    /// What a holder has taken.
    fn holder(in_force: &InForce) -> Arc<Mutex<Vec<String>>> {
        let taken = Arc::<Mutex<Vec<String>>>::default();
        let own = Arc::clone(&taken);
        let version = in_force.taxonomy().version().to_owned();
        in_force.tell("a test", &version, move |taxonomy| {
            own.lock().unwrap().push(taxonomy.version().split(':').next().unwrap().to_owned());
            Ok(())
        });
        taken
    }

    #[test]
    fn a_change_is_told_once_and_a_broken_file_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (in_force, file) = started(&dir);
        let taken = holder(&in_force);
        in_force.look();
        assert!(taken.lock().unwrap().is_empty(), "nothing has changed");
        // Each of another length, so that no clock is asked for what is new.
        std::fs::write(&file, "version = \"one\"\n").unwrap();
        in_force.look();
        in_force.look();
        std::fs::write(&file, "version = broken and more\n").unwrap();
        in_force.look();
        assert!(in_force.taxonomy().version().starts_with("one:"));
        std::fs::write(&file, "version = \"three\"\n").unwrap();
        in_force.look();
        std::fs::remove_file(&file).unwrap();
        in_force.look();
        assert_eq!(*taken.lock().unwrap(), ["one", "three", "1"], "at last the built-in one again");
        assert_eq!(in_force.taxonomy().version(), Taxonomy::standard().unwrap().version());
    }

    #[test]
    fn who_cannot_take_it_is_asked_again_and_the_others_have_it() {
        let dir = tempfile::tempdir().unwrap();
        let (in_force, file) = started(&dir);
        let (fails, asked) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
        let (failing, counted) = (Arc::clone(&fails), Arc::clone(&asked));
        let version = in_force.taxonomy().version().to_owned();
        in_force.tell("a test", &version, move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            anyhow::ensure!(!failing.load(Ordering::Relaxed), "not now");
            Ok(())
        });
        let taken = holder(&in_force);
        std::fs::write(&file, "version = \"one\"\n").unwrap();
        in_force.look();
        in_force.look();
        fails.store(false, Ordering::Relaxed);
        in_force.look();
        in_force.look();
        assert_eq!(asked.load(Ordering::Relaxed), 3);
        assert_eq!(*taken.lock().unwrap(), ["one"]);
    }

    #[test]
    fn what_comes_in_is_judged_by_the_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let (in_force, file) = started(&dir);
        let path = dir.path().join("data").to_string_lossy().into_owned();
        let loaded = assemble(None, std::iter::once(("VERBATIM__STORE__PATH".to_owned(), path))).unwrap();
        let context = crate::context::Context { loaded, json: false };
        let processor = Arc::new(context.passing_processor().unwrap());
        in_force.tell_processor(context.config(), &processor).unwrap();
        std::fs::write(&file, "version = \"one\"\n").unwrap();
        in_force.look();
        assert!(processor.analyzer().versions().taxonomy.starts_with("one:"));
    }
}
