//! Once its scratch is warm, an analysis of a text without personal data allocates nothing.

use analyze::{Analyzer, Input, Known, Options, Scratch, Taxonomy};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator unchanged; counting touches no memory of its own.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: `pointer` came from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_warm_analysis_allocates_nothing() {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap();
    let texts = [
        "The export is slow, but your support is great. Write to us!",
        "Ünïcode 🙂, mixed 不好 words and a verylongcompoundwordthatnobodyknows",
        "ok",
    ];
    let mut scratch = Scratch::default();
    let known = Known::new(["Jo Doe"]);
    let mut all = || {
        for text in texts {
            let input = Input {
                title: Some("Export"),
                body: text,
                question: Some("Why?"),
                known: &known,
                ..Input::default()
            };
            std::hint::black_box(analyzer.analyze(&input, &mut scratch).sentiment.confidence);
        }
    };
    all();
    all();
    let before = ALLOCATIONS.get();
    all();
    assert_eq!(ALLOCATIONS.get() - before, 0);
}
