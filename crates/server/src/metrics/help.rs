//! What each counter of those who work beside the server says, for whoever reads a dashboard of them.

/// By the name of the family; a counter (`_total`) counts since the start of the process.
const HELP: [(&str, &str); 43] = [
    ("verbatim_deliver_attempt_milliseconds_total", "Time that attempts to deliver took, all together"),
    ("verbatim_deliver_attempts_total", "Attempts to deliver a message to its target"),
    ("verbatim_deliver_delivered_total", "Messages that their target took"),
    ("verbatim_deliver_failed_total", "Messages given up: refused, or past their deadline"),
    (
        "verbatim_deliver_note_errors_total",
        "Times that the outcome of an attempt could not be written at first",
    ),
    (
        "verbatim_deliver_refused_addresses_total",
        "Messages given up for an address that nothing may be sent to",
    ),
    ("verbatim_deliver_retries_total", "Attempts after which another one follows"),
    ("verbatim_deliver_running_attempts", "Attempts to deliver that are under way"),
    ("verbatim_gateway_ignored_items_total", "Items that hold no feedback and were not taken, by reason"),
    ("verbatim_gateway_items_total", "Items that were sent by HTTP, by route and by what became of them"),
    ("verbatim_gateway_refused_total", "Requests with feedback that were refused as a whole, by reason"),
    ("verbatim_gateway_unread_items_total", "Items that were refused or became dead letters, by reason"),
    ("verbatim_gateway_waiting_bytes", "Bytes received by HTTP that are not durable yet"),
    ("verbatim_http_refused_sign_ins_total", "Attempts to sign in with a token that is not known"),
    ("verbatim_http_refused_tokens_total", "Requests with a token that is not known"),
    ("verbatim_live_age_seconds", "Time since the tables were last read into memory"),
    ("verbatim_live_bytes", "Memory that the records for lists and search take"),
    ("verbatim_live_failed_looks_total", "Looks at the tables for what is new that failed"),
    ("verbatim_live_looks_total", "Looks at the tables for what is new"),
    ("verbatim_live_records", "Records held in memory for lists and search"),
    ("verbatim_serve_job_failures_total", "Times that a scheduled job failed, by job"),
    ("verbatim_serve_job_runs_total", "Times that a scheduled job had something to do and did it, by job"),
    (
        "verbatim_worker_batches_dropped_total",
        "Batches not committed, for another worker has their partition",
    ),
    ("verbatim_worker_broker_errors_total", "Errors that the Kafka client reported"),
    ("verbatim_worker_bytes_read_total", "Bytes of the messages that were read"),
    ("verbatim_worker_commit_retries_total", "Commits to the tables that had to be tried again"),
    ("verbatim_worker_commits_total", "Commits to the tables"),
    ("verbatim_worker_dead_letters_total", "Messages that could not be read and are kept as dead letters"),
    (
        "verbatim_worker_encoder_failures_total",
        "Readings at which the network failed and the built-in encoder answered",
    ),
    ("verbatim_worker_erased_total", "Messages left out for their author was erased"),
    ("verbatim_worker_held_back_total", "Times that reading paused for the tables were slower"),
    ("verbatim_worker_ignored_total", "Messages that hold no feedback, such as an agent's note"),
    ("verbatim_worker_known_total", "Messages passed over for they had been stored before"),
    ("verbatim_worker_lag_messages", "Messages in Kafka that are not committed yet"),
    ("verbatim_worker_lag_seconds", "How long the oldest message that is not committed has waited"),
    ("verbatim_worker_messages_read_total", "Messages read, those of dropped batches included"),
    (
        "verbatim_worker_offset_commit_errors_total",
        "Offsets that Kafka did not take; the tables have their own",
    ),
    ("verbatim_worker_rebalances_total", "Times that the partitions were shared out anew"),
    ("verbatim_worker_records_total", "Records stored, deletions included"),
    (
        "verbatim_worker_texts_sent_on_total",
        "Texts that a network judged; in a cascade, those that were sent on",
    ),
    ("verbatim_worker_texts_total", "Texts that were judged"),
    ("verbatim_worker_unclassified_total", "Texts whose analysis failed, stored as unclassified"),
    ("verbatim_worker_untriaged_total", "Records whose triage failed, stored without a decision"),
];

/// What a counter says, by its name, with labels or without.
#[must_use]
pub fn help(name: &str) -> Option<&'static str> {
    let family = name.split('{').next().unwrap_or_default();
    let at = HELP.binary_search_by(|(known, _)| (*known).cmp(family)).ok()?;
    Some(HELP[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_found_with_its_labels_or_without() {
        assert!(HELP.is_sorted_by(|(a, _), (b, _)| a < b));
        let runs = help("verbatim_serve_job_runs_total{job=\"alerts\"}");
        assert!(runs.is_some() && runs == help("verbatim_serve_job_runs_total"));
        assert_eq!(help("verbatim_serve"), None);
        for (name, told) in HELP {
            let words = name.trim_start_matches("verbatim_").trim_end_matches("_total").replace('_', " ");
            assert!(!told.ends_with('.') && !told.to_lowercase().starts_with(&words), "{name}: {told}");
        }
    }
}
