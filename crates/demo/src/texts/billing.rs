//! Invoices, charges, refunds.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "billing",
    weight: 0.05,
    moods: [0.60, 0.28, 0.12],
    bug_share: 0.3,
    neg: &[
        "being charged twice",
        "invoices with the wrong [VAT number|address|amount]",
        "a refund that never [came|arrived]",
        "billing for users [who left months ago|we deleted]",
        "charges [nobody can explain|after cancelling]",
        "invoices I have to [chase|beg for]",
    ],
    pos: &[
        "clear invoices",
        "the quick refund",
        "monthly billing without surprises",
        "the tidy billing page",
    ],
    ask: &[
        "invoices [as PDF by mail|sent to our accountant]",
        "one invoice for all workspaces",
        "a purchase order number on the invoice",
        "yearly billing by invoice",
    ],
    bugs: &[
        "we were [charged|billed] twice in {month}: {money} on the {2-9}th and again {2-3} days later",
        "the invoice for {month} shows {12-40} users, we have {5-11}",
        "the invoice [PDF is empty|download ends with error {err}|shows last year's address] since {since}",
        "our refund of {money} [still has not arrived|never arrived], it was promised for {month}",
    ],
    complaints: &[
        "you [charged|billed] me {money} [after I cancelled|for a trial I ended|without any warning], [I want my money back|this is theft|refund me]",
        "[every|each] invoice is wrong and every [month|time] I have to [argue with billing|ask for a corrected one]",
        "charged for {3-9} users who left in {month}, and no refund [offered|in sight]",
        "nobody can explain the extra {money} on our bill[, three mails and no answer|]",
    ],
    requests: &[
        "please [send|mail] invoices [automatically|to a second address|to accounting directly]",
        "[could we|we'd like to] [get one invoice for all workspaces|switch billing to yearly|have our VAT number on the invoice]",
    ],
    questions: &[
        "where do I [find|download] the invoice for {month}?",
        "[why is there|what is] a charge of {money} on our [card|statement] from {month}?",
        "when [will|does] the refund [arrive|show up on our statement]?",
        "how is billing prorated when we [add|remove] a user mid-month?",
    ],
    praise: &[
        "[billing is clear|invoices are clear and on time], [no surprises|our accountant is happy|a rare pleasure]",
        "the double charge was refunded [within a day|the same afternoon], [great|very fair of you]",
        "[changing the billing address|getting the corrected invoice] took [one minute|one click], [lovely|well done]",
    ],
    plain: &[
        "the invoice for {month} was {money}",
        "our billing moved to [yearly|another department] in {month}",
    ],
};
