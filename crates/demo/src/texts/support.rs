//! The people who help: speed, kindness, outcome.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "support",
    weight: 0.06,
    moods: [0.42, 0.08, 0.50],
    bug_share: 0.0,
    neg: &[
        "support that [never answers|takes {4-9} days to answer]",
        "canned replies from support",
        "being passed from one support agent to the next",
        "the useless chat bot instead of a human",
        "waiting {5-12} days for an answer from support",
    ],
    pos: &[
        "the [friendly|patient|quick|wonderful] support team",
        "how fast support answered",
        "customer service that [listens|cares]",
        "talking to a [real|competent] human in support",
    ],
    ask: &[
        "phone support",
        "support [at weekends|in our time zone]",
        "a human in the chat",
        "a ticket history we can see",
    ],
    bugs: &[],
    complaints: &[
        "[support has not answered|no answer from support] for {4-14} days, [three mails, nothing|I feel ignored|dreadful service]",
        "[the support agent|your support] [clearly did not read my message|sent me the same article three times|closed my ticket without a word], [infuriating|useless]",
        "a chat bot that [understands nothing|runs in circles] and no human in sight: [terrible customer service|that's not support]",
        "{3-6} agents, {3-6} different answers, [the issue is still open|nobody feels responsible]",
    ],
    requests: &[
        "please offer [phone support|support on Saturdays|a direct contact] [on the {plan} plan|]",
        "I'd like to see [my old tickets|who is working on my ticket] in the help centre",
    ],
    questions: &[
        "what are your support hours [in {place}|at weekends|]?",
        "how can I [reach|talk to] a human in support?",
    ],
    praise: &[
        "[the support team is|your support was] [outstanding|amazing|so kind|first class], [answered in {5-30} minutes|solved it the same day|stayed until it worked]",
        "{agent} from support [was a star|went out of their way|had the patience of a saint], [thank you so much|please pass on my thanks]",
        "[best|quickest|friendliest] customer service [I know|in years], [a real person who understood the issue|problem solved in one reply]",
        "[support|customer service] [answered|replied] within [the hour|minutes] and [knew the answer|fixed it], [excellent|very happy]",
    ],
    plain: &[
        "I have written to support [once or twice|about it]",
        "support answered after [a day|{1-2} days]",
    ],
};
