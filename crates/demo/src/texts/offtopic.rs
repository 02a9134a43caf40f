//! What belongs to no topic: chatter, fragments, remarks that nobody could file.

pub(crate) const REMARKS: &[&str] = &[
    "n/a",
    "none",
    "-",
    "no comment",
    "nothing to add",
    "see above",
    "as I said last time",
    "idk",
    "ok",
    "fine I guess",
    "ask my {role}",
    "...",
    "[sent from my phone|sorry, wrong window|test, please ignore|typed this with one thumb]",
    "[raining|sunny|foggy] in {place} [again|today], [coffee number {2-6}|waiting for the bus|happy {weekday}]",
    "my {role} told me to fill this in",
    "[who else is|anyone] [going to|at] the [fair|meetup|trade show] in {place}[ next week|]?",
    "I [won|drew] the [raffle|short straw] so here is my answer",
    "[the cat|our dog|my toddler] [walked over the keyboard|wants attention], [back later|more next time]",
    "[long|short] survey, [short|long] [day|answer]",
    "{3-9} people in this office and one [kettle|parking space|working pen]",
    "[do you deliver|are you related] to [the bakery|the garden centre] in {place}?",
    "looking for [a flat|a second-hand van|a bass player] in {place}, [DM me|write me]",
    "[lovely sunset|heavy snow|a rainbow] over {place} [tonight|this morning]",
    "is this the company with the [tree|green] logo?",
    "[will fill this in|more] when I have time",
    "[hello from|greetings from] {place}",
    "[today|this week] was [long|odd|quiet|a Monday all week]",
    "[the sandwich|lunch] was [good|cold|late], [since you ask|the rest you know]",
];

pub(crate) const GENERAL_POS: &[&str] = &[
    "[great|good|excellent|super|fantastic|brilliant|nice] [product|tool|app|job|stuff]",
    "love it",
    "[very|really] [good|happy|pleased]",
    "[best|favourite] [app|tool] [I use|at work|on this phone]",
    "[works|does] [exactly what|what] [we need|it should|it says]",
    "[keep going|keep it up]",
    "[can't complain|nothing but praise|no complaints]",
    "[five stars|10/10|thumbs up][ from {people}|]",
    "[I'd|would] recommend [it|{us}] to [anyone|a friend|any {role}]",
    "{us} [is|remains] [a gem|a keeper|my favourite]",
    "we [are|remain] happy customers after {2-8} years",
];

pub(crate) const GENERAL_NEG: &[&str] = &[
    "[bad|terrible|awful|poor|disappointing] [product|app|experience]",
    "[hate it|don't like it|not for us]",
    "[waste|a waste] of [time|money]",
    "[worst|most annoying] [app|tool] [I use|at work|we have]",
    "[gets|getting] worse [every month|with every year]",
    "[very|deeply] [disappointed|unhappy]",
    "[one star|zero stars|thumbs down][, from {people} too|]",
    "[would not|wouldn't|can't] recommend [it|{us}]",
    "{us} [lets us down|disappoints] [again and again|more each month]",
    "[nothing works|it never does what we need]",
];

pub(crate) const GENERAL_NEUTRAL: &[&str] = &[
    "it's [okay|ok|fine|alright|decent]",
    "[does|it does] the job",
    "[average|nothing special|so-so|middling]",
    "no strong opinion[ either way|]",
    "[not used it much|only used it {2-6} times] [yet|so far]",
    "[some things good, some bad|has its ups and downs]",
    "[same|same answer] as last [time|quarter]",
    "[too early to say|still trying it out|we are still testing it]",
];

pub(crate) const NOTHING_TO_IMPROVE: &[&str] = &[
    "nothing",
    "Nothing.",
    "nothing at all",
    "nothing, [it's perfect|keep it as it is|carry on]",
    "can't think of anything",
    "nothing comes to mind[, we're happy|]",
];
pub(crate) const NOTHING_TO_LIKE: &[&str] = &[
    "nothing",
    "not much",
    "nothing really",
    "[honestly, nothing|good question]",
    "[less and less|hardly anything]",
];
