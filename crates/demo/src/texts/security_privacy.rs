//! Security, privacy, compliance.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "security_privacy",
    weight: 0.025,
    moods: [0.46, 0.38, 0.16],
    bug_share: 0.3,
    neg: &[
        "the [vague|endless] privacy policy",
        "not knowing where our data is stored",
        "tracking cookies everywhere",
        "missing audit logs",
        "a suspicious login nobody warned us about",
    ],
    pos: &["how seriously you take privacy", "the audit log", "data stored in Europe", "your security page"],
    ask: &[
        "an audit log",
        "data residency in [Europe|Canada|Australia]",
        "encryption with our own key",
        "a signed data processing agreement",
    ],
    bugs: &[
        "a [deleted|removed] user can still [open our boards|download files], that's a security hole",
        "I can see [another company's|a stranger's] board title in my history, [a data leak|is that a privacy breach]?",
    ],
    complaints: &[
        "we asked {3-5} times where our data is stored and [got no answer|got a link to the privacy policy], [our data protection officer is furious|unacceptable under GDPR]",
        "why does a planning tool need [my location|my contacts|access to all photos]? [Creepy|I don't trust that|Privacy looks different]",
        "somebody logged in from [another country|abroad] and there is [no alert|no audit log], [security is an afterthought|that worries us]",
    ],
    requests: &[
        "please [provide|add] [an audit log|encryption at rest with our key|a data processing agreement]",
        "we need [data residency in Europe|a security certificate] to pass our audit",
    ],
    questions: &[
        "where is our data stored, and who can access it?",
        "do you have a [data processing agreement|penetration test report|security certificate]?",
        "how long do you keep [deleted boards|backups|logs]?",
    ],
    praise: &[
        "[clear privacy policy|serious about security], [our auditors were happy|data stays in Europe], [excellent|reassuring]",
        "the audit log and [two-step checks|encryption] [won over our security officer|make us feel safe], [great work|well done]",
    ],
    plain: &[
        "our security team sent the yearly questionnaire",
        "we signed the data processing agreement in {month}",
    ],
};
