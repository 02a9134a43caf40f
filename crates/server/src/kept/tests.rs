use super::*;
use std::sync::atomic::AtomicU64;

/// Good until the basis is another one.
const RULES: Rules = Rules {
    what: "a number",
    times: 0,
    at_least: Duration::ZERO,
    at_most: Duration::ZERO,
    oldest: Duration::from_secs(3_600),
    patience: Duration::from_secs(3_600),
    at_once: 2,
    rest: 0,
    most: 3,
    waiting: 3,
};

#[derive(Debug, PartialEq, thiserror::Error)]
enum TestError {
    #[error("it was told to fail")]
    Told,
    #[error(transparent)]
    BrokeOff(#[from] BrokeOff),
    #[error(transparent)]
    Crowded(#[from] Crowded),
}

/// Answers with what it follows from, doubled.
struct Source {
    basis: AtomicU64,
    /// Answers so far.
    made: AtomicU64,
    /// One of them for each that may be made.
    leave: Semaphore,
    fails: AtomicBool,
}

impl Source {
    fn new(leave: usize) -> Arc<Self> {
        let (basis, made, fails) = (AtomicU64::new(1), AtomicU64::default(), AtomicBool::default());
        Arc::new(Self { basis, made, leave: Semaphore::new(leave), fails })
    }

    fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    fn moves_on(&self) {
        self.basis.fetch_add(1, Ordering::Relaxed);
    }
}

struct Doubled(Arc<Source>);

impl Maker for Doubled {
    type Answer = u64;
    type Basis = u64;
    type Error = TestError;

    async fn basis(&self) -> Result<u64, TestError> {
        Ok(self.0.basis.load(Ordering::Relaxed))
    }

    async fn make(&self, _: Haste) -> Result<(u64, u64), TestError> {
        self.0.leave.acquire().await.unwrap().forget();
        if self.0.fails.load(Ordering::Relaxed) {
            return Err(TestError::Told);
        }
        self.0.made.fetch_add(1, Ordering::Relaxed);
        let basis = self.basis().await?;
        Ok((basis, 2 * basis))
    }
}

type Numbers = Kept<&'static str, Doubled>;

async fn get(kept: &Numbers, question: &'static str, source: &Arc<Source>) -> Result<u64, TestError> {
    kept.get(question, Doubled(Arc::clone(source))).await.map(|made| *made.answer)
}

/// Lets the tasks beside go on until there are so many answers.
async fn until(source: &Source, made: u64) {
    while source.made() < made {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn all_who_ask_the_same_get_one_answer() {
    let (kept, source) = (Numbers::new(RULES), Source::new(9));
    let (one, other, third) =
        tokio::join!(get(&kept, "a", &source), get(&kept, "a", &source), get(&kept, "b", &source));
    // Good for no time: whoever comes second looks whether it still is the same.
    assert_eq!((one, other, third, source.made()), (Ok(2), Ok(2), Ok(2), 2));
}

#[tokio::test]
async fn what_is_still_the_same_is_not_made_again() {
    let (kept, source) = (Numbers::new(RULES), Source::new(9));
    for _ in 0..3 {
        assert_eq!(get(&kept, "a", &source).await, Ok(2));
    }
    assert_eq!(source.made(), 1);
    source.moves_on();
    assert_eq!((get(&kept, "a", &source).await, source.made()), (Ok(4), 2));
}

#[tokio::test]
async fn what_is_good_is_not_even_looked_at() {
    let good = Duration::from_secs(3_600);
    let (kept, source) = (Numbers::new(Rules { at_least: good, at_most: good, ..RULES }), Source::new(9));
    assert_eq!(get(&kept, "a", &source).await, Ok(2));
    source.moves_on();
    assert_eq!((get(&kept, "a", &source).await, source.made()), (Ok(2), 1));
    kept.clear();
    assert_eq!((get(&kept, "a", &source).await, source.made()), (Ok(4), 2));
}

#[tokio::test]
async fn the_last_one_is_shown_while_the_next_is_made() {
    let kept = Numbers::new(Rules { patience: Duration::ZERO, ..RULES });
    let source = Source::new(1);
    assert_eq!(get(&kept, "a", &source).await, Ok(2));
    source.moves_on();
    for _ in 0..3 {
        assert_eq!(get(&kept, "a", &source).await, Ok(2));
    }
    assert_eq!(source.made(), 1, "there is no leave yet");
    source.leave.add_permits(9);
    until(&source, 2).await;
    // Whoever asks now sees it, for it is the same still.
    assert_eq!((get(&kept, "a", &source).await, source.made()), (Ok(4), 2));
}

#[tokio::test]
async fn one_is_made_again_after_the_other_and_a_first_one_beside() {
    let kept = Numbers::new(Rules { patience: Duration::ZERO, ..RULES });
    let source = Source::new(2);
    assert_eq!((get(&kept, "a", &source).await, get(&kept, "b", &source).await), (Ok(2), Ok(2)));
    source.moves_on();
    assert_eq!((get(&kept, "a", &source).await, get(&kept, "b", &source).await), (Ok(2), Ok(2)));
    // Of the two that are due one has its turn, and waits for its leave; there is room for another kind of answer.
    let free = Source::new(1);
    assert_eq!(get(&kept, "c", &free).await, Ok(2));
    assert_eq!(source.made(), 2);
    source.leave.add_permits(2);
    until(&source, 4).await;
}

#[tokio::test]
async fn what_is_too_old_is_not_shown() {
    let kept = Numbers::new(Rules { oldest: Duration::ZERO, patience: Duration::ZERO, ..RULES });
    let source = Source::new(9);
    assert_eq!(get(&kept, "a", &source).await, Ok(2));
    assert_eq!((get(&kept, "a", &source).await, source.made()), (Ok(2), 1), "nothing has changed");
    source.moves_on();
    assert_eq!((get(&kept, "a", &source).await, source.made()), (Ok(4), 2));
}

#[tokio::test]
async fn the_one_that_nobody_asked_for_longest_goes() {
    let (kept, source) = (Numbers::new(RULES), Source::new(9));
    for question in ["a", "b", "c", "a", "d"] {
        get(&kept, question, &source).await.unwrap();
    }
    assert_eq!(source.made(), 4);
    get(&kept, "a", &source).await.unwrap();
    assert_eq!(source.made(), 4);
    get(&kept, "b", &source).await.unwrap();
    assert_eq!(source.made(), 5, "it was gone");
}

#[tokio::test]
async fn a_failure_is_told_to_whoever_has_nothing_else() {
    let (kept, source) = (Numbers::new(RULES), Source::new(9));
    source.fails.store(true, Ordering::Relaxed);
    assert_eq!(get(&kept, "a", &source).await, Err(TestError::Told));
    source.fails.store(false, Ordering::Relaxed);
    assert_eq!(get(&kept, "a", &source).await, Ok(2));
    source.moves_on();
    source.fails.store(true, Ordering::Relaxed);
    assert_eq!(get(&kept, "a", &source).await, Ok(2), "the last one");
    source.fails.store(false, Ordering::Relaxed);
    assert_eq!(get(&kept, "a", &source).await, Ok(4));
}

#[tokio::test]
async fn whoever_asks_for_more_than_can_be_made_hears_so_at_once() {
    let (kept, source) = (Numbers::new(RULES), Source::new(0));
    let ask = |question| {
        let (kept, source) = (kept.clone(), Arc::clone(&source));
        tokio::spawn(async move { get(&kept, question, &source).await })
    };
    let mut asked: Vec<_> = ["a", "b", "c"].map(ask).into();
    while kept.inner.places.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(get(&kept, "d", &source).await, Err(TestError::Crowded(Crowded)));
    assert_eq!(get(&kept, "e", &source).await, Err(TestError::Crowded(Crowded)));
    asked.push(ask("c"));
    source.leave.add_permits(9);
    for one in asked {
        assert_eq!(one.await.unwrap(), Ok(2));
    }
    assert_eq!(get(&kept, "d", &source).await, Ok(2));
    assert_eq!(source.made(), 4, "the last two waited for the same");
}

#[tokio::test]
async fn what_breaks_off_breaks_nothing_else() {
    struct Broken;

    impl Maker for Broken {
        type Answer = ();
        type Basis = ();
        type Error = TestError;

        async fn basis(&self) -> Result<(), TestError> {
            Ok(())
        }

        async fn make(&self, _: Haste) -> Result<((), ()), TestError> {
            panic!("as it was told to")
        }
    }

    let kept = Kept::<&str, Broken>::new(Rules { at_once: 1, ..RULES });
    for _ in 0..2 {
        let told = kept.get("a", Broken).await.map(|made| *made.answer);
        assert_eq!(told, Err(TestError::BrokeOff(BrokeOff)));
    }
}
