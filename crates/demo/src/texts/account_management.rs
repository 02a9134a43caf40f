//! Accounts, users, seats, workspaces, ownership.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "account_management",
    weight: 0.03,
    moods: [0.44, 0.42, 0.14],
    bug_share: 0.4,
    neg: &[
        "how hard it is to [delete|close] an account",
        "removing users one by one",
        "a workspace owner [who left|nobody can change]",
        "merging two accounts",
    ],
    pos: &[
        "adding and removing users in bulk",
        "the simple user management",
        "how easy moving a workspace was",
    ],
    ask: &[
        "bulk removal of users",
        "transfer of ownership",
        "merging of two workspaces",
        "an admin role that is not the owner",
    ],
    bugs: &[
        "[changing|transferring] the owner of our workspace ends with error {err}",
        "a user I [removed|deactivated] {ago} is still listed in our account",
        "I can't change [my name|the email address|the company name] on our account, the form [stays grey|forgets it]",
    ],
    complaints: &[
        "deleting my account takes [a letter and {10-30} days|{4-8} mails], [let people leave|absurd]",
        "our [former {role}|ex-colleague] still owns the workspace and nobody can [change that|transfer it], {cons}",
    ],
    requests: &[
        "please let admins [remove users in bulk|merge two accounts|transfer ownership]",
        "[deactivating a user|moving a user to another workspace] without losing their tasks would be [helpful|good]",
    ],
    questions: &[
        "how do I [delete my account|transfer ownership|merge two workspaces|add {3-20} users]?",
        "what happens to the tasks of a user I remove?",
        "can one account belong to two workspaces?",
    ],
    praise: &[
        "[adding|inviting] {12-80} users took [one upload|two minutes], [user management is a breeze|great for admins]",
        "moving our account to the new company [was painless|went smoothly], [thanks|well done]",
    ],
    plain: &[
        "our account has {12-80} users in {2-5} workspaces",
        "we changed the owner of the workspace in {month}",
    ],
};
