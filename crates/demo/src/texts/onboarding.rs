//! The first days: set-up, tutorials, learning it.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "onboarding",
    weight: 0.04,
    moods: [0.40, 0.22, 0.38],
    bug_share: 0.1,
    neg: &[
        "the [confusing|clumsy] setup",
        "a getting-started tour [nobody can skip|that explains nothing]",
        "the steep learning curve",
        "[starting|being dropped] on an empty board with no guidance",
        "how long it takes to get started",
    ],
    pos: &[
        "the [friendly|excellent|short] onboarding",
        "how [easy|quick] it was to get started",
        "the getting-started [tour|checklist|templates]",
        "the gentle learning curve",
    ],
    ask: &[
        "[better|more] starter templates",
        "a setup wizard for [new teams|admins]",
        "a sandbox to train new colleagues",
        "a guided tour for new users",
    ],
    bugs: &[
        "the welcome tour [stops|gets stuck] at step {2-5} [on|with] {device} and can't be closed",
        "the setup wizard [forgets everything|starts over] when I go back a step",
    ],
    complaints: &[
        "[getting started|the setup] was [a nightmare|far too complicated|confusing], [it took us {2-5} weeks to get going|nobody on my team understood the first screen]",
        "new [colleagues|users] are [lost|overwhelmed] on their first day, the onboarding [explains nothing|shows buttons we never use]",
        "the learning curve is [brutal|far too steep], after {2-4} weeks {people} still ask how to start",
    ],
    requests: &[
        "please give us [a starter template for {trade}|a checklist for new users|a shorter tour]",
        "[a video course|a guided tour] for new team members would make onboarding [easier|faster]",
    ],
    questions: &[
        "what's the best way to get [a team of {8-40}|new colleagues] started?",
        "is there a [setup guide|training|getting-started course] for {trade}?",
        "how do I [restart|skip] the introduction tour?",
    ],
    praise: &[
        "[set up|up and running] in {10-40} minutes, [the tour was spot on|easiest onboarding I've had|fantastic]",
        "the getting-started [templates|checklist|guide] [are|were] [a delight|so helpful], {people} got going [on day one|at once]",
        "very easy to learn, [my {role} was productive the first day|no training needed]",
    ],
    plain: &["we are still in the setup phase", "our first week: setting up boards and inviting people"],
};
