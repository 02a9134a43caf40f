//! Words and sentences that are put into texts or beside them; none says anything good or bad, but where it is to.

/// Invented.
pub const PRODUCTS: &[&str] = &[
    "Ardenzo",
    "Birchmail",
    "Corvella",
    "Dotrio",
    "FlowDesk",
    "Kestrelo",
    "Lumenta",
    "Marlivo",
    "Nimbora",
    "Notivo",
    "Orbivo",
    "Pixelo",
    "Quillpad",
    "Rondello",
    "Stackwise",
    "Tandriq",
    "Umberly",
    "Veltro",
];

pub const NEUTRAL: &[&str] = &[
    "We use it on two laptops.",
    "I am writing from our office in the north.",
    "Our team has seven people.",
    "This is about the account of our shop.",
    "I work in accounting.",
    "We started in spring.",
    "My colleague sits in the next room.",
    "The laptop is from last year.",
    "We have a branch in the city centre.",
    "I mostly use the browser on the left screen.",
    "It was a Tuesday.",
    "We sell garden tools.",
    "The phone has two cameras.",
    "Our office is on the third floor.",
    "I read the mail in the morning.",
    "There are four of us on this floor.",
    "The printer stands in the hall.",
    "My shift begins at seven.",
    "We are open from Monday to Friday.",
    "I have a desk by the window.",
    "Our customers are mostly schools.",
    "The screen is connected by a cable.",
    "We keep the files in one folder.",
    "The building has two entrances.",
];

pub const GREETINGS: &[&str] = &["Hi team,", "Hello,", "Dear team,", "Good morning,", "Hi there,", "Hey,"];
pub const CLOSINGS: &[&str] =
    &["Best regards", "Kind regards", "Regards", "Yours sincerely", "Sent from my phone", "Until then"];

pub const NEUTRAL_EMOJI: &[&str] = &["📎", "📅", "💻", "📦", "📱", "🔢", "🗂️", "🖥️", "📍", "🕒"];
pub const PLEASED_EMOJI: &[&str] = &["😍", "😀", "❤️", "👍", "🥰", "🤩"];
pub const ANGRY_EMOJI: &[&str] = &["😡", "😠", "👎", "🤬", "😤", "😞"];

pub const STRONGER: &[&str] = &["very", "really", "extremely", "incredibly"];
pub const WEAKER_PRAISE: &[&str] = &["somewhat", "fairly", "moderately"];
pub const WEAKER_BLAME: &[&str] = &["slightly", "a bit", "a little", "somewhat"];

pub const PRAISE: &[&str] = &[
    "I love it.",
    "It makes me happy every day.",
    "All in all a wonderful experience.",
    "Thank you, you are the best!",
    "I am more than satisfied.",
    "Keep up the great work.",
    "It is excellent.",
    "We are really delighted.",
];
pub const BLAME: &[&str] = &[
    "I hate it.",
    "I am very disappointed.",
    "All in all a terrible experience.",
    "This is unacceptable!",
    "I have had enough of it.",
    "You should be ashamed.",
    "It is awful.",
    "We are really angry.",
];

/// Short and long forms that mean the same; those with "not" come first, for "it is not" has two.
pub const CONTRACTIONS: &[(&str, &str)] = &[
    ("isn't", "is not"),
    ("aren't", "are not"),
    ("wasn't", "was not"),
    ("weren't", "were not"),
    ("don't", "do not"),
    ("doesn't", "does not"),
    ("didn't", "did not"),
    ("can't", "cannot"),
    ("couldn't", "could not"),
    ("won't", "will not"),
    ("wouldn't", "would not"),
    ("haven't", "have not"),
    ("hasn't", "has not"),
    ("i'm", "i am"),
    ("it's", "it is"),
    ("that's", "that is"),
    ("there's", "there is"),
    ("we're", "we are"),
    ("they're", "they are"),
    ("you're", "you are"),
    ("i'd like", "i would like"),
    ("i'll", "i will"),
    ("we'll", "we will"),
    ("i've", "i have"),
    ("we've", "we have"),
    ("you've", "you have"),
];
