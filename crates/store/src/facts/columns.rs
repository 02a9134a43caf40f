//! The columns of `feedback`, one set for each day.

use super::row::FactRow;
use super::triage::TriageColumns;
use crate::encode::{EncodedFiles, encode};
use crate::error::StoreError;
use crate::schema::{self, Table};
use deltalake_core::arrow::array::{
    ArrayBuilder, ArrayRef, BinaryBuilder, BooleanBuilder, Float32Builder, Float64Builder, Int32Builder,
    Int64Builder, ListBuilder, RecordBatch, StringBuilder, StructBuilder, TimestampMicrosecondBuilder,
};
use deltalake_core::arrow::datatypes::{DataType, SchemaRef};
use feedback::time::{Day, Timestamp};
use std::sync::Arc;

/// Collects rows by day until they become files. Belongs to one thread at a time.
#[derive(Debug)]
pub struct FactColumns {
    schema: SchemaRef,
    /// Few: events come by the day. The last one used stands first.
    days: Vec<(Day, DayColumns)>,
    rows: usize,
    bytes: usize,
}

impl Default for FactColumns {
    fn default() -> Self {
        Self::new()
    }
}

impl FactColumns {
    #[must_use]
    pub fn new() -> Self {
        Self { schema: Table::Feedback.arrow_schema(), days: Vec::new(), rows: 0, bytes: 0 }
    }

    /// Copies the row's values; allocates only when a column's buffer must grow.
    pub fn push(&mut self, row: &FactRow<'_>) {
        let day = row.occurred_at.day();
        let at = self.days.iter().position(|(known, _)| *known == day).unwrap_or_else(|| {
            self.days.push((day, DayColumns::new()));
            self.days.len() - 1
        });
        self.days.swap(0, at);
        self.bytes += self.days[0].1.push(row);
        self.rows += 1;
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// About as much memory as the rows take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// One Parquet file for each day; the columns are empty afterwards and can take rows again.
    pub fn encode(&mut self) -> Result<EncodedFiles, StoreError> {
        let mut files = EncodedFiles::default();
        for (day, mut columns) in self.days.drain(..) {
            let batch = columns.finish(&self.schema)?;
            files.push(encode(Table::Feedback, Some(day), &[batch])?);
        }
        (self.rows, self.bytes) = (0, 0);
        Ok(files)
    }
}

/// What a row takes beside its texts.
const FIXED_BYTES: usize = 400;

type Topics = ListBuilder<StructBuilder>;

/// The builders, in the order of the schema.
#[derive(Debug)]
struct DayColumns {
    record_id: StringBuilder,
    item_id: StringBuilder,
    source_kind: StringBuilder,
    source: StringBuilder,
    native_id: StringBuilder,
    part: StringBuilder,
    conversation_id: StringBuilder,
    version: Int64Builder,
    deleted: BooleanBuilder,
    content_hash: Int64Builder,
    occurred_at: TimestampMicrosecondBuilder,
    updated_at: TimestampMicrosecondBuilder,
    collected_at: TimestampMicrosecondBuilder,
    ingested_at: TimestampMicrosecondBuilder,
    author: StringBuilder,
    account: StringBuilder,
    segment: StringBuilder,
    revenue: Float64Builder,
    product: StringBuilder,
    app_version: StringBuilder,
    platform: StringBuilder,
    territory: StringBuilder,
    tags: ListBuilder<StringBuilder>,
    permalink: StringBuilder,
    question: StringBuilder,
    title: StringBuilder,
    body: StringBuilder,
    agent_text: StringBuilder,
    score_kind: StringBuilder,
    score_value: Float64Builder,
    score_min: Float64Builder,
    score_max: Float64Builder,
    language: StringBuilder,
    sentiment: StringBuilder,
    sentiment_confidence: Float32Builder,
    p_negative: Float32Builder,
    p_neutral: Float32Builder,
    p_positive: Float32Builder,
    kind: StringBuilder,
    kind_confidence: Float32Builder,
    urgency: StringBuilder,
    urgency_confidence: Float32Builder,
    topics: Topics,
    redactions: ListBuilder<StructBuilder>,
    metadata: StringBuilder,
    embedding: BinaryBuilder,
    encoder: StringBuilder,
    vector: StringBuilder,
    taxonomy: StringBuilder,
    position_topic: StringBuilder,
    position_partition: Int32Builder,
    position_offset: Int64Builder,
    author_alias: StringBuilder,
    network_embedding: BinaryBuilder,
    network_vector: StringBuilder,
    triage: TriageColumns,
}

impl DayColumns {
    fn new() -> Self {
        let text = StringBuilder::new;
        let (real, half) = (Float64Builder::new, Float32Builder::new);
        Self {
            record_id: text(),
            item_id: text(),
            source_kind: text(),
            source: text(),
            native_id: text(),
            part: text(),
            conversation_id: text(),
            version: Int64Builder::new(),
            deleted: BooleanBuilder::new(),
            content_hash: Int64Builder::new(),
            occurred_at: times(),
            updated_at: times(),
            collected_at: times(),
            ingested_at: times(),
            author: text(),
            author_alias: text(),
            account: text(),
            segment: text(),
            revenue: real(),
            product: text(),
            app_version: text(),
            platform: text(),
            territory: text(),
            tags: ListBuilder::new(text()).with_field(element(schema::Type::Texts)),
            permalink: text(),
            question: text(),
            title: text(),
            body: text(),
            agent_text: text(),
            score_kind: text(),
            score_value: real(),
            score_min: real(),
            score_max: real(),
            language: text(),
            sentiment: text(),
            sentiment_confidence: half(),
            p_negative: half(),
            p_neutral: half(),
            p_positive: half(),
            kind: text(),
            kind_confidence: half(),
            urgency: text(),
            urgency_confidence: half(),
            topics: ListBuilder::new(StructBuilder::from_fields(schema::topic_fields(), 0))
                .with_field(element(schema::Type::Topics)),
            redactions: ListBuilder::new(StructBuilder::from_fields(schema::redaction_fields(), 0))
                .with_field(element(schema::Type::Redactions)),
            metadata: text(),
            embedding: BinaryBuilder::new(),
            encoder: text(),
            vector: text(),
            taxonomy: text(),
            position_topic: text(),
            position_partition: Int32Builder::new(),
            position_offset: Int64Builder::new(),
            network_embedding: BinaryBuilder::new(),
            network_vector: text(),
            triage: TriageColumns::new(),
        }
    }

    /// Returns the bytes it took.
    fn push(&mut self, row: &FactRow<'_>) -> usize {
        self.push_identity(row);
        self.push_context(row);
        self.push_judgement(row);
        self.push_lists(row);
        let texts = [row.title, row.body, row.question, row.agent_text, row.metadata, row.permalink];
        let texts: usize = texts.iter().flatten().map(|text| text.len()).sum();
        let triage = self.triage.push(row.triage.as_ref());
        FIXED_BYTES + texts + triage + row.embedding.len() + row.network_embedding.len()
    }

    fn push_identity(&mut self, row: &FactRow<'_>) {
        let mut hex = [0; 32];
        self.record_id.append_value(row.record_id.write_hex(&mut hex));
        self.item_id.append_value(row.item_id.write_hex(&mut hex));
        self.source_kind.append_value(row.source_kind);
        self.source.append_value(row.source);
        self.native_id.append_value(row.native_id);
        self.part.append_value(row.part);
        self.conversation_id.append_option(row.conversation_id);
        self.version.append_value(row.version);
        self.deleted.append_value(row.deleted);
        self.content_hash.append_value(row.content_hash);
        self.occurred_at.append_value(row.occurred_at.0);
        self.updated_at.append_value(row.updated_at.0);
        self.collected_at.append_option(row.collected_at.map(|Timestamp(micros)| micros));
        self.ingested_at.append_value(row.ingested_at.0);
        self.position_topic.append_value(row.position_topic);
        self.position_partition.append_value(row.position_partition);
        self.position_offset.append_value(row.position_offset);
    }

    fn push_context(&mut self, row: &FactRow<'_>) {
        self.author.append_option(row.author);
        self.author_alias.append_option(row.author_alias);
        self.account.append_option(row.account);
        self.segment.append_option(row.segment);
        self.revenue.append_option(row.revenue);
        self.product.append_option(row.product);
        self.app_version.append_option(row.app_version);
        self.platform.append_option(row.platform);
        self.territory.append_option(row.territory);
        self.permalink.append_option(row.permalink);
        self.question.append_option(row.question);
        self.title.append_option(row.title);
        self.body.append_option(row.body);
        self.agent_text.append_option(row.agent_text);
        self.metadata.append_option(row.metadata);
        self.score_kind.append_option(row.score.map(|score| score.kind().as_str()));
        self.score_value.append_option(row.score.map(|score| score.value()));
        self.score_min.append_option(row.score.map(|score| score.min()));
        self.score_max.append_option(row.score.map(|score| score.max()));
    }

    fn push_judgement(&mut self, row: &FactRow<'_>) {
        self.language.append_option(row.language);
        self.sentiment.append_option(row.sentiment.map(|sentiment| sentiment.label.as_str()));
        self.sentiment_confidence.append_option(row.sentiment.map(|sentiment| sentiment.confidence));
        let probability = |class: usize| row.sentiment.map(|sentiment| sentiment.probabilities[class]);
        self.p_negative.append_option(probability(0));
        self.p_neutral.append_option(probability(1));
        self.p_positive.append_option(probability(2));
        self.kind.append_option(row.kind.map(|kind| kind.label.as_str()));
        self.kind_confidence.append_option(row.kind.map(|kind| kind.confidence));
        self.urgency.append_option(row.urgency.map(|(urgency, _)| urgency.as_str()));
        self.urgency_confidence.append_option(row.urgency.map(|(_, confidence)| confidence));
        self.encoder.append_option(row.encoder);
        self.vector.append_option(row.vector);
        self.taxonomy.append_option(row.taxonomy);
        self.network_vector.append_option(row.network_vector);
        self.embedding.append_option(bytes(row.embedding));
        self.network_embedding.append_option(bytes(row.network_embedding));
    }

    fn push_lists(&mut self, row: &FactRow<'_>) {
        for tag in row.tags {
            self.tags.values().append_value(tag);
        }
        self.tags.append(true);
        for hit in row.topics {
            let fields = self.topics.values();
            text_field(fields, 0, hit.topic);
            field::<Float32Builder>(fields, 1).append_value(hit.confidence);
            text_field(fields, 2, hit.sentiment.as_str());
            // A body is cut long before 2^31 characters.
            field::<Int32Builder>(fields, 3).append_value(hit.span.start as i32);
            field::<Int32Builder>(fields, 4).append_value(hit.span.end as i32);
            fields.append(true);
        }
        self.topics.append(true);
        for (class, count) in row.redactions {
            let fields = self.redactions.values();
            text_field(fields, 0, class);
            field::<Int32Builder>(fields, 1).append_value(*count);
            fields.append(true);
        }
        self.redactions.append(true);
    }

    fn finish(&mut self, schema: &SchemaRef) -> Result<RecordBatch, StoreError> {
        macro_rules! arrays {
            ($($name:ident),+ $(,)?) => { vec![$(Arc::new(self.$name.finish()) as ArrayRef),+] };
        }
        let mut arrays = arrays![
            record_id,
            item_id,
            source_kind,
            source,
            native_id,
            part,
            conversation_id,
            version,
            deleted,
            content_hash,
            occurred_at,
            updated_at,
            collected_at,
            ingested_at,
            author,
            account,
            segment,
            revenue,
            product,
            app_version,
            platform,
            territory,
            tags,
            permalink,
            question,
            title,
            body,
            agent_text,
            score_kind,
            score_value,
            score_min,
            score_max,
            language,
            sentiment,
            sentiment_confidence,
            p_negative,
            p_neutral,
            p_positive,
            kind,
            kind_confidence,
            urgency,
            urgency_confidence,
            topics,
            redactions,
            metadata,
            embedding,
            encoder,
            vector,
            taxonomy,
            position_topic,
            position_partition,
            position_offset,
            author_alias,
            network_embedding,
            network_vector,
        ];
        arrays.extend(self.triage.finish());
        RecordBatch::try_new(Arc::clone(schema), arrays).map_err(StoreError::encode)
    }
}

fn bytes(vector: &[i8]) -> Option<&[u8]> {
    (!vector.is_empty()).then(|| bytemuck::cast_slice(vector))
}

/// A column of times.
pub(super) fn times() -> TimestampMicrosecondBuilder {
    TimestampMicrosecondBuilder::new().with_data_type(schema::Type::Time.arrow())
}

/// The list's element as the schema names it.
pub(crate) fn element(list: schema::Type) -> deltalake_core::arrow::datatypes::FieldRef {
    match list.arrow() {
        DataType::List(element) => element,
        other => unreachable!("{other} is not a list"),
    }
}

/// The builder of a struct's field, whose type `schema` fixes beside the struct itself.
pub(crate) fn field<B: ArrayBuilder>(fields: &mut StructBuilder, at: usize) -> &mut B {
    match fields.field_builder::<B>(at) {
        Some(builder) => builder,
        None => unreachable!("field {at} is of another type than the schema says"),
    }
}

fn text_field(fields: &mut StructBuilder, at: usize, text: &str) {
    field::<StringBuilder>(fields, at).append_value(text);
}
