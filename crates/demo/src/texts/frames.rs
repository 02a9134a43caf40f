//! Frames around a topic's noun phrases, and what people say before and after the point.

pub(crate) const NEG: &[&str] = &[
    "[main|biggest|only real] [gripe|complaint|problem]: {neg}",
    "[tired|sick|fed up] [of|with] {neg}",
    "please do something about {neg}",
    "{neg}. [Again|Every week|Not good|Enough|Need I say more?]",
    "[really|quite|very] [annoyed|disappointed|frustrated] by {neg}",
    "[lost|wasted] [half a day|hours|a morning|my patience] [on|over] {neg}",
    "[can't stand|I hate|cannot live with] {neg}",
    "[minus points for|let down by|no thanks to] {neg}",
    "the [worst|weakest|most annoying] part is {neg}",
    "[my day|the week|our Monday] was [ruined|spoiled] by {neg}",
    "not happy with {neg}",
    "[ugh|argh|sigh|oh dear], {neg}",
];

pub(crate) const POS: &[&str] = &[
    "[love|I love|we love|absolutely love] {pos}",
    "[big fan of|really happy with|delighted with|impressed by] {pos}",
    "{pos}[: brilliant|: wonderful|, just great|, excellent|: ten out of ten|!]",
    "[hats off|kudos|thank you|thanks|well done] for {pos}",
    "the best [thing|part] is {pos}",
    "[what I like most|what sold us]: {pos}",
    "what makes [my day|our week so much easier|a real difference]: {pos}",
    "[couldn't do|wouldn't want to work] without {pos}",
    "so [pleased|glad|happy] about {pos}",
];

pub(crate) const ASK: &[&str] = &[
    "[please add|would love|we'd love|I'd like] {ask}",
    "[any chance of|any plans for|what about] {ask}?",
    "[wish list|my wish|feature request|idea|suggestion]: {ask}",
    "[what's missing|the one thing missing|still missing]: {ask}",
    "[nice|useful|welcome|great] to have: {ask}",
    "[it needs|could use] {ask}",
];

pub(crate) const CANCEL: &[&str] = &[
    "[we are|I am] cancelling [our subscription|my account|at the end of the month] because of {neg}",
    "[cancelled|cancelling|switching to another tool]. [Reason|Why]: {neg}",
    "[please cancel our subscription|close our account, please|we won't renew], {neg} was the last straw",
    "[goodbye|we're out|that was it for us], [moving|switching] to [a competitor|something else] because of {neg}",
];

/// Love and trouble in one breath.
pub(crate) const MIXED: &[&str] = &[
    "[love|I love|really like] {pos}, [but|shame about|pity about] {neg}",
    "[big plus|plus|pro]: {pos}. [Big minus|Minus|Con]: {neg}",
    "[on the one hand|good]: {pos}. [On the other|Bad]: {neg}",
    "[would be perfect|could be five stars] with {pos}, if it weren't for {neg}",
    "thanks for {pos}, now please [look at|fix] {neg}",
    "[annoyed|driven mad] by {neg}, [though|but] [delighted with|a big fan of] {pos}",
];

pub(crate) const NEG_TAIL: &[&str] = &[
    "[very|deeply|so|really] [frustrating|disappointing|annoying]",
    "this [can't|cannot] go on",
    "[not acceptable|unacceptable] for a paid product",
    "{cons}",
    "[I expected more|I expected better]",
    "we are [looking at|testing] alternatives",
    "[third|second|fifth] time I mention it",
    "please fix this [soon|quickly|before we leave]",
    "I'm [losing|running out of] patience",
    "[what a mess|a shame, really|honestly awful|it makes me angry]",
    "[no fun|not good enough|really poor]",
    "[{2-9}|dozens of] [hours|mornings] gone",
    "[how|when] will [this|it] be [fixed|sorted|solved]? {people} [ask|keep asking]",
    "[I told|I warned] our {role}",
    "[ready to|about to] [give up|look elsewhere|cancel]",
    "{people} [gave up|complain every day|laugh about it]",
];

pub(crate) const POS_TAIL: &[&str] = &[
    "[thank you|thanks a lot|many thanks][ to the team|]",
    "[keep it up|keep up the good work|more of this, please]",
    "[would|I'd] recommend it to [anyone|every {role}|{trade}]",
    "[makes|it makes] my [day|work|week] so much easier",
    "[best decision|best tool] [this year|we've had]",
    "{people} [agree|love it|won't give it back]",
    "[happy customer here|very happy|really pleased]",
    "[great product|great tool|wonderful team]",
    "{people} [noticed at once|smile again|asked who built this]",
    "[saves|it saves] us {2-9} hours a week",
    "[cheers|greetings] from {place}",
    "my {role} is [delighted|a fan now|convinced]",
    "[told|showed] {people} [already|today]",
];

pub(crate) const NEUTRAL_TAIL: &[&str] = &[
    "[thanks|thank you][ in advance|]",
    "[just wondering|just asking|for information]",
    "no hurry",
    "we are {team}[ in {place}|]",
    "asked by {people}",
    "[our {role}|my {role}] would like to know",
    "[let me know|tell me what you think]",
    "[asking for|that is for] [our {role}|{people}|{team}]",
    "otherwise fine",
];

pub(crate) const CONTEXT: &[&str] = &[
    "we are {team}[ in {place}|] and [have used {us} for {2-9} years|have used {us} since last year|use {us} every day|started with {us} {3-11} months ago]",
    "[I run|I look after] {us} for {team}[, {6-90} of us|]",
    "[some background|context]: {team}, {4-60} people, mostly [outdoors|in the office|on the road]",
    "I'm the {role} at {team}[ in {place}|]",
    "[I do the rota for|I look after the week of|I keep things moving for] {people}",
    "we work with {trade}[ around {place}|]",
];

pub(crate) const TRIED: &[&str] = &[
    "[I have tried|already tried|I tried] [restarting|a reinstall|another network|clearing the cache], [no change|same result|no luck]",
    "[it happens|happens] to {people} as well",
    "[I attached|attached is|see] a screenshot[ from {clock}|]",
    "[version|app version|we run] {ver}, [on|with] {device}",
    "[started|it began] {ago}, I think",
    "[steps|to reproduce]: open [a board|any task], [wait a moment|tap the menu], [done|there it is]",
    "it worked [until|before] {since}",
];

pub(crate) const HELLO: &[&str] = &[
    "[hi|hello|hey|dear] [team|all|there|support|Larchdeck team|folks]",
    "good [morning|afternoon|evening]",
    "hello",
    "hi {agent}",
];

pub(crate) const BYE: &[&str] = &[
    "[thanks|thank you|many thanks|best|regards|kind regards|cheers|best wishes|all the best]",
    "[thanks in advance|looking forward to your answer|talk soon]",
];

pub(crate) const AGENT: &[&str] = &[
    "Hi {first}, thanks for [getting in touch|writing|reporting this]. [I'm sorry to hear that|I see]. Could you [tell me which version you use|send a screenshot|try once more]?",
    "Hello {first}, [our engineers are looking into it|I have passed this on to the team|I can reproduce it here]. I'll [write again|keep you posted] [tomorrow|by {clock}|this week].",
    "Dear {first}, [we changed something on our side|a fix went out]; [does it look better now|please reload and tell me how it goes]?",
    "Hi {first}, {agent} here. [That option is under Settings|That is not possible yet|It is on our list]. [Anything else I can do|May I close this ticket]?",
];

pub(crate) const AFTER_GOOD: &[&str] = &[
    "[that worked|that did it|solved|works now], [thank you|thanks a lot|thanks for the quick help]",
    "[great|perfect|lovely], [you can close this|all good now|have a nice day]",
];

pub(crate) const AFTER_BAD: &[&str] = &[
    "[no change|still the same|still broken|sadly not], [I reloaded twice|also after a restart|also for {people}]",
    "[any news|hello, is anyone reading this|I'm still waiting]? [It has been {3-9} days|{cons}]",
    "[that didn't help|that changed nothing], [please escalate this|I'm losing patience|what now]",
    "it [came back|happened again] {ago}",
];

pub(crate) const AFTER_PLAIN: &[&str] = &[
    "[here is|attached is] the screenshot you asked for",
    "it's version {ver}",
    "[okay|all right], [I'll wait|let me know]",
    "[one more thing|another question]: does that apply to {people} too?",
];

pub(crate) const NEG_OPEN: &[&str] = &[
    "honestly,",
    "seriously,",
    "sorry, but",
    "[once|yet] again:",
    "just so you know:",
    "not for the first time:",
    "[our {role}|{people}] [asked me|told me] to pass this on:",
    "[every|each] {weekday} the same:",
    "[after|since] [the last update|version {ver}]:",
    "[hard to believe, but|it pains me, but]",
    "[this|last] [week|{weekday}]:",
    "{rating} stars:",
    "[in {place}|at our {place} branch]:",
];

pub(crate) const NEUTRAL_OPEN: &[&str] = &[
    "[quick|one|small] question:",
    "[just|only] an [idea|thought]:",
    "[for what it's worth|by the way|while I'm here],",
    "[maybe|perhaps] a [note|remark]:",
    "{people} [wonder|ask]:",
    "[in {place}|at our {place} branch]:",
    "[our {role}|my {role}] [asks|says]:",
];

pub(crate) const POS_OPEN: &[&str] = &[
    "honestly,",
    "wow,",
    "[just|simply] [great|lovely]:",
    "I have to say,",
    "[credit where it's due|where to start]:",
    "[our {role}|{people}] [says|said]:",
    "after {2-9} [weeks|months]:",
    "[best|good] news [this|of the] week:",
    "[in {place}|at our {place} branch]:",
    "[since|with] version {ver}:",
];
