//! Signing in, passwords, single sign-on, locked accounts.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "login_access",
    weight: 0.065,
    moods: [0.60, 0.24, 0.16],
    bug_share: 0.6,
    neg: &[
        "the [endless|never-ending] login loop",
        "being logged out [every hour|every single day|twice a day]",
        "password reset [mails|emails|links] that never [arrive|come]",
        "having to sign in {3-6} times a day",
        "getting locked out of my [own |]account",
        "login codes that [expire before they arrive|are always wrong]",
    ],
    pos: &[
        "the one-tap login",
        "how [quick|painless] signing in is",
        "single sign-on that [simply|just] works",
        "logging in with my fingerprint",
    ],
    ask: &[
        "single sign-on for [small|smaller] teams",
        "passkeys [instead of passwords|for login]",
        "login by magic link",
        "a remember-me box on the login page that remembers",
        "fingerprint login",
    ],
    bugs: &[
        "[I can't|I cannot|We can't] [log in|sign in|get into my account] [on|from] {device}[ since {since}|], [it just says invalid password|the page goes white|it drops me back on the sign-in screen|nothing happens after I press the button]",
        "[after|every time after] [entering|typing] my password the login [spins forever|throws me back to the start|shows error {err}][, even after a reset|]",
        "the [reset link|password reset email] [never arrives|is always expired][, I tried {3-7} times|], so I'm locked out of [my account|everything]",
        "two-factor login [rejects every code|says the code is wrong] [on|with] {device}[ although the clock is right|]",
        "single sign-on [sends me round in circles|ends with error {err}] and {people} can't log in",
        "it [logs me out|signs me out] {often} and then won't [accept my password|let me back in]",
    ],
    complaints: &[
        "[why do I have to|I'm sick of having to] [log in|sign in] again [every morning|after every coffee break|{4-9} times a day]",
        "[signing in|logging in] takes [three screens and a code|longer than the actual work]",
        "the password rules are [absurd|ridiculous], nobody on my team can remember their login",
        "[locked out again|locked out of my account again], and unlocking it takes [a day|{2-4} days]",
    ],
    requests: &[
        "please [add|support] [passkeys|login with a fingerprint|single sign-on on the {plan} plan]",
        "[could you|can you] keep me signed in for [longer|at least a week|{14-30} days] on [trusted devices|{device}]",
        "I'd like to [log in with my work account|sign in with a QR code from my phone]",
    ],
    questions: &[
        "how do I [change the email I log in with|reset my password without the old phone|turn on two-factor login]?",
        "is single sign-on [included in|part of] the {plan} plan?",
        "[can|could] two [people|colleagues] share one login, or does everybody need their own?",
    ],
    praise: &[
        "[signing in|logging in] is [finally|now] [quick|effortless|a matter of one tap], [great|lovely] change",
        "[setting up single sign-on|turning on two-factor login] took {5-12} minutes and [just worked|everyone got in at once]",
        "[love|really like] that I stay logged in on {device}",
        "[the new login page|login by fingerprint] is [wonderful|brilliant|so fast]",
    ],
    plain: &[
        "I [log in|sign in] [on|from] {device} most days",
        "we moved our logins to single sign-on [last month|in spring|{ago}]",
    ],
};
