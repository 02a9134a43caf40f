//! Where reading of a partition begins, from what the tables note and what the broker still has.

use std::ops::Range;

/// What to do where the broker no longer has messages that the tables do not have yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnGap {
    /// Stop, and say what is lost.
    #[default]
    Fail,
    /// Say it in the log and go on with the oldest message there is.
    Skip,
}

/// The offsets a broker holds: from `low`, up to but without `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    pub low: i64,
    pub high: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub start: i64,
    /// Offsets given up on.
    pub skipped: Option<Range<i64>>,
}

/// Why a partition cannot simply be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Gap {
    #[error(
        "the tables have read it up to offset {noted}, but the broker's oldest message is {low}: retention has \
         removed up to {} messages that were never read; set worker.on_gap = \"skip\" to go on without them",
        low - noted
    )]
    Lost { noted: i64, low: i64 },
    #[error(
        "the tables have read it up to offset {noted}, but it ends at {high}: the topic was probably deleted and \
         made anew; give it another name, or the worker another store.path, for these tables hold its offsets already"
    )]
    Ahead { noted: i64, high: i64 },
}

/// `replay` is the first offset that the operator wants to be read again.
pub(crate) fn plan(
    noted: Option<i64>,
    broker: Extent,
    replay: Option<i64>,
    on_gap: OnGap,
) -> Result<Plan, Gap> {
    let replay = replay.map(|offset| offset.clamp(broker.low, broker.high));
    let Some(noted) = noted else {
        return Ok(Plan { start: replay.unwrap_or(broker.low), skipped: None });
    };
    if noted > broker.high {
        return Err(Gap::Ahead { noted, high: broker.high });
    }
    if noted < broker.low {
        return match on_gap {
            OnGap::Fail => Err(Gap::Lost { noted, low: broker.low }),
            OnGap::Skip => Ok(Plan { start: broker.low, skipped: Some(noted..broker.low) }),
        };
    }
    Ok(Plan { start: replay.map_or(noted, |replay| replay.min(noted)), skipped: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BROKER: Extent = Extent { low: 100, high: 200 };

    #[test]
    fn the_first_time_reads_all_there_is() {
        assert_eq!(plan(None, BROKER, None, OnGap::Fail).unwrap().start, 100);
        assert_eq!(plan(None, BROKER, Some(150), OnGap::Fail).unwrap().start, 150);
    }

    #[test]
    fn a_replay_never_jumps_over_what_was_not_read() {
        assert_eq!(plan(Some(120), BROKER, Some(180), OnGap::Fail).unwrap().start, 120);
        assert_eq!(plan(Some(120), BROKER, Some(0), OnGap::Fail).unwrap().start, 100);
    }

    #[test]
    fn lost_messages_are_never_passed_over_in_silence() {
        let gap = plan(Some(40), BROKER, None, OnGap::Fail).unwrap_err();
        assert_eq!(gap, Gap::Lost { noted: 40, low: 100 });
        assert!(gap.to_string().contains("60 messages"), "{gap}");
        let skip = plan(Some(40), BROKER, None, OnGap::Skip).unwrap();
        assert_eq!(skip, Plan { start: 100, skipped: Some(40..100) });
    }

    #[test]
    fn a_topic_made_anew_is_not_mistaken_for_the_old_one() {
        assert!(matches!(plan(Some(201), BROKER, None, OnGap::Skip), Err(Gap::Ahead { .. })));
    }

    proptest! {
        #[test]
        fn every_plan_starts_within_the_broker_and_hides_no_gap(
            noted in proptest::option::of(0_i64..300),
            low in 0_i64..150,
            length in 0_i64..150,
            replay in proptest::option::of(0_i64..300),
        ) {
            let broker = Extent { low, high: low + length };
            if let Ok(plan) = plan(noted, broker, replay, OnGap::Skip) {
                prop_assert!((broker.low..=broker.high).contains(&plan.start));
                match (noted, plan.skipped) {
                    (Some(noted), Some(skipped)) => prop_assert_eq!(skipped, noted..plan.start),
                    (Some(noted), None) => prop_assert!(plan.start <= noted),
                    (None, skipped) => prop_assert_eq!(skipped, None),
                }
            }
        }
    }
}
