//! Prices, plans, value for money.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "pricing",
    weight: 0.045,
    moods: [0.48, 0.30, 0.22],
    bug_share: 0.0,
    neg: &[
        "the price[ increase|]",
        "[overpriced|expensive] plans",
        "paying per [user|seat] for people who only read",
        "basic features hidden behind the {plan} plan",
        "a price that [doubles|jumps] with the {5-10}th user",
        "poor value for the money",
    ],
    pos: &[
        "the fair price",
        "the generous free plan",
        "value for money",
        "pricing that is easy to understand",
    ],
    ask: &[
        "a cheaper plan for [small teams|charities|schools]",
        "a discount for [nonprofits|yearly payment]",
        "a plan between {plan} and enterprise",
        "free seats for readers",
    ],
    bugs: &[],
    complaints: &[
        "[the new price is|your prices are] [far too high|outrageous|a slap in the face|hard to justify] for [a team of {3-9}|a small charity|what it does]",
        "[too expensive|way overpriced|getting too expensive][, we pay {money} a month for a to-do list|, the competition asks half|, {money} a month is a joke]",
        "[{15-40}% more|another price increase] and [nothing new to show for it|not one new feature], [this is greedy|disappointing]",
        "we have to buy the {plan} plan for [one|a single] feature, [terrible value|that pricing is absurd]",
        "per-seat pricing [kills it for us|makes no sense for seasonal staff], [too expensive|the cost is out of hand]",
    ],
    requests: &[
        "please [offer|add] a [cheaper|smaller] plan for [teams under {5-8}|freelancers|schools]",
        "[a discount for yearly payment|cheaper read-only seats] would [help|make the price easier to defend]",
    ],
    questions: &[
        "what does the {plan} plan cost for {8-40} users?",
        "is there a discount for [nonprofits|schools|yearly payment|startups]?",
        "what is the difference between the {plan} plan and enterprise, apart from the price?",
        "will [our price|the price of the {plan} plan] [change|stay the same] at renewal?",
    ],
    praise: &[
        "[great value for money|worth every penny|excellent value], [cheaper than|half the price of] what we had",
        "the free plan is [generous|all we need], [thank you|what a gift for a small club]",
        "[fair price|honest pricing|very reasonable price], no hidden costs, [love that|rare these days]",
    ],
    plain: &["we are on the {plan} plan at {money} a month", "we are comparing prices with two other tools"],
};
