//! Paying: checkout, cards that are declined, bank debits.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "payments",
    weight: 0.03,
    moods: [0.68, 0.20, 0.12],
    bug_share: 0.7,
    neg: &[
        "[a|the] checkout that fails {often}",
        "declined [cards|payments] for no reason",
        "the broken payment form",
        "not being able to pay [by bank transfer|with our company card]",
    ],
    pos: &["the smooth checkout", "how easy paying is", "paying by bank debit"],
    ask: &[
        "payment by [bank transfer|direct debit|invoice]",
        "a second card as a backup for payment",
        "paying in our own currency",
    ],
    bugs: &[
        "[checkout|the payment form] [fails|hangs] at the last step [with error {err}|and the card is never charged][ on {device}|]",
        "my card is [declined|rejected] {often}, the bank says [there was no request|all is fine on their side]",
        "payment failed {3-6} times, [then it went through twice|now the upgrade is stuck on pending]",
        "the 3-D Secure window [stays blank|closes by itself] [on|with] {device}, so I can't complete the payment",
    ],
    complaints: &[
        "I want to give you money and your checkout [won't let me|keeps refusing my card], [ridiculous|absurd]",
        "[paying is harder than using it|{4-7} attempts to pay], [the payment form is a mess|each time the card is declined]",
        "our payment [was rejected|failed] and you suspended us [the same day|without a word], {cons}",
    ],
    requests: &[
        "please [accept|support] [bank transfer|direct debit|paying by invoice]",
        "let us keep two cards on file for payment",
    ],
    questions: &[
        "[can we|is it possible to] pay by [bank transfer|direct debit|cheque] instead of card?",
        "how do I [change|update|remove] the card used for payment?",
        "which cards does the checkout accept?",
    ],
    praise: &[
        "[checkout took under a minute|paying was painless], [smoothest payment form I know|well done]",
        "[nice and easy|easy] payment, the card went through [first time|at once]",
    ],
    plain: &[
        "we [pay|now pay] by [card|direct debit] every month",
        "I updated our card at the checkout {when}",
    ],
};
