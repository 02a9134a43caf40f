-- The tables as they lie. In Spark: CREATE VIEW feedback_log AS SELECT * FROM delta.`{root}/feedback`;
CREATE OR REPLACE VIEW feedback_log AS SELECT * FROM delta_scan('{root}/feedback');
CREATE OR REPLACE VIEW dead_letters_log AS SELECT * FROM delta_scan('{root}/dead_letters');
CREATE OR REPLACE VIEW insights AS SELECT * FROM delta_scan('{root}/insights');

-- What happened, in the order of sequence: steps of alerts, of cases and of deliveries, and the digests that were made.
CREATE OR REPLACE VIEW alerts_log AS SELECT * FROM delta_scan('{root}/alerts');
CREATE OR REPLACE VIEW cases_log AS SELECT * FROM delta_scan('{root}/cases');
CREATE OR REPLACE VIEW deliveries_log AS SELECT * FROM delta_scan('{root}/deliveries');
CREATE OR REPLACE VIEW digests_log AS SELECT * FROM delta_scan('{root}/digests');

-- Of each week and owner the digest that was archived last.
CREATE OR REPLACE VIEW digests AS
WITH newest AS (
    SELECT *, row_number() OVER (PARTITION BY week, owner ORDER BY sequence DESC) AS digest_rank
    FROM digests_log
)
SELECT day, sequence, happened_at, week, owner, markdown, html, payload, quoted
FROM newest
WHERE digest_rank = 1;

-- Of an item's rows the greatest (version, updated_at, content_hash) wins; its rows are current, one for
-- each part, unless it is a deletion.
CREATE OR REPLACE VIEW feedback AS
WITH ranked AS (
    SELECT *,
        rank() OVER (
            PARTITION BY item_id ORDER BY version DESC, updated_at DESC, content_hash DESC
        ) AS version_rank,
        row_number() OVER (
            PARTITION BY item_id, version, updated_at, content_hash, part
            ORDER BY position_offset, position_partition, position_topic
        ) AS copy_number
    FROM feedback_log
), judged AS (
    SELECT *,
        max(CASE WHEN version_rank = 1 AND deleted THEN 1 ELSE 0 END) OVER (PARTITION BY item_id) AS gone
    FROM ranked
)
SELECT
    {columns}
FROM judged
WHERE version_rank = 1 AND copy_number = 1 AND gone = 0;

-- Refused, ignored and erased messages: the newest note of each position that has no row above.
CREATE OR REPLACE VIEW dead_letters AS
WITH newest AS (
    SELECT *,
        row_number() OVER (
            PARTITION BY position_topic, position_partition, position_offset ORDER BY ingested_at DESC
        ) AS note_rank
    FROM dead_letters_log
)
SELECT day, outcome, reason, detail, payload, source_kind, author, records, ingested_at,
    position_topic, position_partition, position_offset, author_alias
FROM newest AS note
WHERE note_rank = 1
    AND outcome IN ('dead_letter', 'ignored', 'erased')
    AND NOT EXISTS (
        SELECT 1 FROM feedback_log AS fact
        WHERE fact.position_topic = note.position_topic
            AND fact.position_partition = note.position_partition
            AND fact.position_offset = note.position_offset
    );
