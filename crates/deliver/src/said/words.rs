//! The words in which servers speak of what they cannot take. None of them tells anything of a customer by itself.

use std::collections::HashSet;
use std::sync::LazyLock;

/// In small letters. Of Slack, Teams and its workflows, Jira, mail servers, and HTTP itself.
const WORDS: &str = "\
    a about above accept accepted accepting access account action actions active add added address addresses \
    administrator after again agent all allow allowed already also an and another any api app application \
    applied apps are argument arguments array as assigned assignee at attachment attachments attempt attempts \
    auth authenticate authenticated authentication authorization authorized available back bad be because been \
    before being between block blocked blocklisted blocks body bot both bounce bounced boundary but by bytes \
    call calls can cannot cant capacity card cards certificate channel channels character characters check \
    choose client close closed code come command comment complete component components configuration \
    configured conflict connect connection connections connector contain contained contains content contents \
    could created credential credentials current currently custom customfield data database date day days \
    deadline default deferred delayed deleted delivered delivery denied deny deprecated description \
    destination did disabled disallowed disk dkim dmarc dns does domain done down due duedate duplicate \
    duplicated during each edit ehlo either element elements email empty enabled encoding encountered \
    encrypted encryption end endpoint enough enter entity entry environment error errors exceed exceeded \
    exceeds exception execute exist existing exists expected expired external fail failed fails failure \
    fallback false fatal fetch field fields file filter first fix flow for forbidden form format found from \
    full gateway general given gone greeting greylist greylisted greylisting group had hand handle has have \
    header headers held helo hook hooks host hour hours how html http https id idempotency if in inactive \
    incoming incorrect inside instead insufficient internal into invalid is issue issues issuetype it item \
    items its jira jql json just key keys kind label labels large larger later least left length less let \
    level limit limitation limited limits line link list listed local locked login long longer lookup mail \
    mailbox mailboxes maintenance malformed many maximum may media message messages method microsoft minimum \
    minute minutes missing more most must name names need needed network new no non none nor not nothing null \
    number object of off offline ok on once one only open operation option or organization other out outbound \
    over overloaded owner page param parameter parameters parent parse parsed parsing part password path \
    payload per permanent permanently permission permissions permitted please point policy port post posted \
    posting posts presented priority problem process processed processing prohibited project properties \
    property protocol provide provided proxy ptr public quota range rate rcpt reached read reason receive \
    received receiver recipient recipients record records refused reject rejected rejection relay relaying \
    remote remove removed repeats reply reported reporter reputation request requests require required \
    requires reset resource response rest restricted result retry return returned revoked right rollup route \
    rule rules run running said schema scope second seconds secure security see send sender sending sent \
    server service services session set setting should shut signature signed site size slack slow so some spam \
    specified specify spf standard start starttls state status stop storage string strings structure subject \
    submitted success such summary supplied support supported suspended syntax system tab table team teams \
    temporarily temporary tenant terminated text than that the their them then there these this those \
    throttled throttling through time timed timeout timestamp timetracking title tls to token tokens too topic \
    transaction transient trigger triggered true try type types unable unauthorized unavailable unencrypted \
    unexpected unknown unlisted unprocessable unreachable unrecognized unresolved unsigned unsolicited \
    unsupported until up update updated upstream url usage use used user users valid validate validation value \
    values verification verified verify version versions virus wait was way webhook webhooks were what when \
    where which while who will with within without word work workflow workflows workspace would write wrong \
    yet you your zero";

static LISTED: LazyLock<HashSet<&str>> = LazyLock::new(|| WORDS.split_whitespace().collect());

/// Whether a word, in small letters, is one of them.
pub fn is_listed(word: &str) -> bool {
    LISTED.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_one_of_small_words_in_their_order() {
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        assert!(words.is_sorted_by(|a, b| a < b));
        assert!(words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase())));
        assert!(is_listed("invalid") && is_listed("recipient") && !is_listed("printer") && !is_listed(""));
    }
}
