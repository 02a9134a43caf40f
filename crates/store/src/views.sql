-- The tables as they lie. In Spark: CREATE VIEW feedback_log AS SELECT * FROM delta.`{root}/feedback`;
CREATE OR REPLACE VIEW feedback_log AS SELECT * FROM delta_scan('{root}/feedback');
CREATE OR REPLACE VIEW dead_letters_log AS SELECT * FROM delta_scan('{root}/dead_letters');
CREATE OR REPLACE VIEW insights AS SELECT * FROM delta_scan('{root}/insights');

-- What happened, in the order of sequence: steps of alerts, of cases and of deliveries, the digests that were made, what
-- people said of records in place of the models, and who changed what.
CREATE OR REPLACE VIEW alerts_log AS SELECT * FROM delta_scan('{root}/alerts');
CREATE OR REPLACE VIEW cases_log AS SELECT * FROM delta_scan('{root}/cases');
CREATE OR REPLACE VIEW deliveries_log AS SELECT * FROM delta_scan('{root}/deliveries');
CREATE OR REPLACE VIEW digests_log AS SELECT * FROM delta_scan('{root}/digests');
CREATE OR REPLACE VIEW corrections_log AS SELECT * FROM delta_scan('{root}/corrections');
CREATE OR REPLACE VIEW audit_log AS SELECT * FROM delta_scan('{root}/audit');

-- Of each week and owner the digest that was archived last.
CREATE OR REPLACE VIEW digests AS
WITH newest AS (
    SELECT *, row_number() OVER (PARTITION BY week, owner ORDER BY sequence DESC) AS digest_rank
    FROM digests_log
)
SELECT day, sequence, happened_at, week, owner, markdown, html, payload, quoted
FROM newest
WHERE digest_rank = 1;

-- What people corrected: of each record and content the last word on each judgement, unless that takes it back.
CREATE OR REPLACE VIEW corrections AS
WITH newest AS (
    SELECT *,
        row_number() OVER (
            PARTITION BY record_id, content_hash, field ORDER BY happened_at DESC, correction_id DESC
        ) AS field_rank
    FROM corrections_log
), holding AS (
    SELECT *,
        row_number() OVER (
            PARTITION BY record_id, content_hash ORDER BY happened_at DESC, correction_id DESC
        ) AS record_rank,
        CASE WHEN value = 'withdrawn' THEN 0 ELSE 1 END AS holds
    FROM newest
    WHERE field_rank = 1
)
SELECT record_id, content_hash,
    max(CASE WHEN field = 'sentiment' AND holds = 1 THEN value END) AS said_sentiment,
    max(CASE WHEN field = 'kind' AND holds = 1 THEN value END) AS said_kind,
    max(CASE WHEN field = 'topics' AND holds = 1 THEN topics END) AS said_topics,
    max(CASE WHEN field = 'topics' AND holds = 1 THEN body_chars END) AS said_chars,
    max(CASE WHEN record_rank = 1 THEN told_by END) AS corrected_by,
    max(CASE WHEN record_rank = 1 THEN happened_at END) AS corrected_at
FROM holding
GROUP BY record_id, content_hash
HAVING max(holds) = 1;

-- Of an item's rows the greatest (version, updated_at, content_hash) wins; its rows are current, one for
-- each part, unless it is a deletion. As the models judged them.
CREATE OR REPLACE VIEW feedback_judged AS
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

-- The same as people corrected them. A topic that a person named keeps the place that the model found it at; what the
-- model said alike of the whole and of a topic changes alike. Lists are written as DuckDB has them.
CREATE OR REPLACE VIEW feedback AS
WITH said AS (
    SELECT fact.*, said_sentiment, said_kind, said_topics, said_chars, corrected_by, corrected_at,
        [
            struct_pack(topic := name, hit := [hit FOR hit IN fact.topics IF hit.topic = name][1])
            FOR name IN said_topics
        ] AS named,
        len([hit FOR hit IN fact.topics IF hit.sentiment = fact.sentiment]) > 0 AS follows
    FROM feedback_judged AS fact
    LEFT JOIN corrections
        ON corrections.record_id = fact.record_id AND corrections.content_hash = fact.content_hash
), retold AS (
    SELECT * REPLACE (
            coalesce(said_sentiment, sentiment) AS sentiment,
            coalesce(said_kind, kind) AS kind,
            CASE
                WHEN said_topics IS NOT NULL THEN [
                    struct_pack(
                        topic := one.topic,
                        confidence := CAST(1 AS FLOAT),
                        sentiment := CASE
                            WHEN one.hit IS NULL THEN coalesce(said_sentiment, sentiment, 'unknown')
                            WHEN one.hit.sentiment = sentiment THEN coalesce(said_sentiment, sentiment)
                            ELSE one.hit.sentiment
                        END,
                        "start" := coalesce(one.hit."start", 0),
                        "end" := coalesce(one.hit."end", said_chars)
                    )
                    FOR one IN named
                ]
                WHEN said_sentiment IS NOT NULL AND follows THEN [
                    struct_pack(
                        topic := hit.topic,
                        confidence := hit.confidence,
                        sentiment := CASE
                            WHEN hit.sentiment = sentiment THEN said_sentiment ELSE hit.sentiment
                        END,
                        "start" := hit."start",
                        "end" := hit."end"
                    )
                    FOR hit IN topics
                ]
                ELSE topics
            END AS topics
        ),
        CASE WHEN said_sentiment IS NOT NULL THEN coalesce(sentiment, 'unknown') END AS judged_sentiment,
        CASE WHEN said_kind IS NOT NULL THEN coalesce(kind, 'unknown') END AS judged_kind,
        CASE
            WHEN said_topics IS NOT NULL OR (said_sentiment IS NOT NULL AND follows) THEN topics
        END AS judged_topics
    FROM said
)
SELECT
    {columns}, judged_sentiment, judged_kind, judged_topics, corrected_by, corrected_at
FROM retold;

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
