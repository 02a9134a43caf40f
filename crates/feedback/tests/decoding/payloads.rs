//! Payloads as the contracts allow them: every field present or not, in each of its forms.

use proptest::{collection::vec, option, prelude::*, strategy::Union};
use serde_json::{Map, Value, json};

type Values = BoxedStrategy<Value>;

fn of<S: Strategy + 'static>(strategy: S) -> Values
where
    S::Value: Into<Value>,
{
    strategy.prop_map(Into::into).boxed()
}

fn any_of(options: impl IntoIterator<Item = Values>) -> Values {
    Union::new(options).boxed()
}

fn null() -> Values {
    Just(Value::Null).boxed()
}

/// An object with `required`, and each of `optional` or not.
fn object(required: Vec<(&'static str, Values)>, optional: Vec<(&'static str, Values)>) -> Values {
    let (names, values): (Vec<_>, Vec<_>) = required.into_iter().unzip();
    let (maybe_names, maybe_values): (Vec<_>, Vec<_>) =
        optional.into_iter().map(|(name, value)| (name, option::of(value))).unzip();
    (values, maybe_values)
        .prop_map(move |(values, maybe)| {
            let maybe = maybe_names.iter().zip(maybe).filter_map(|(name, value)| Some((name, value?)));
            let all = names.iter().zip(values).chain(maybe);
            Value::Object(all.map(|(name, value)| ((*name).to_owned(), value)).collect::<Map<_, _>>())
        })
        .boxed()
}

fn array(of: Values, most: usize) -> Values {
    vec(of, 0..=most).prop_map(Value::Array).boxed()
}

pub fn words() -> Values {
    of("[a-zA-Z éß😀\"\\\\\n]{0,30}[a-z]")
}

fn text() -> Values {
    any_of([words(), of("\\PC{0,40}"), of("[a-z\u{7f}-\u{a0}\u{2028}\u{feff}]{0,8}"), null()])
}

fn label() -> Values {
    any_of([of("\\PC{0,12}"), of(any::<i32>()), of(-1e6..1e6), null()])
}

fn id() -> Values {
    any_of([of("[a-zA-Z0-9_:/é-]{1,20}"), of(any::<i32>())])
}

/// From 2001 to the day of the tests.
fn time() -> Values {
    const SPAN: std::ops::Range<i64> = 978_307_200..1_795_000_000;
    let zoned = (SPAN, -1_439_i32..1_440, 0_u32..1_000).prop_map(|(seconds, minutes, millis)| {
        let zone = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
        let at = chrono::DateTime::from_timestamp(seconds, millis * 1_000_000).unwrap();
        Value::String(at.with_timezone(&zone).to_rfc3339())
    });
    any_of([
        zoned.boxed(),
        of(SPAN),
        of(SPAN.prop_map(|seconds| seconds * 1_000)),
        of(SPAN.prop_map(|seconds| seconds.to_string())),
        of(SPAN.prop_map(|seconds| seconds as f64 + 0.25)),
        null(),
    ])
}

fn in_strings(numbers: Values) -> Values {
    any_of([numbers.clone(), numbers.prop_map(|number| Value::String(number.to_string())).boxed()])
}

fn named_score() -> Values {
    let on = |kind: &'static str, min: i64, max: i64| {
        let kind = Just(Value::from(kind)).boxed();
        let ends = vec![("min", in_strings(of(Just(min)))), ("max", in_strings(of(Just(max))))];
        object(vec![("kind", kind), ("value", in_strings(of(min..=max)))], ends)
    };
    let wide = json!({"kind": "csat", "value": 55.5, "min": -100, "max": 100});
    any_of([on("nps", 0, 10), on("csat", 1, 5), on("ces", 1, 7), on("stars", 1, 5), Just(wide).boxed()])
}

fn stars() -> Values {
    any_of([in_strings(of(1_i64..=5)), of(1.0..=5.0_f64), named_score()])
}

fn anything() -> Values {
    let leaf = any_of([null(), of(any::<bool>()), of(any::<i64>()), of(any::<f64>()), text()]);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let object = prop::collection::hash_map("[a-z\"é]{0,6}", inner.clone(), 0..4)
            .prop_map(|map| Value::Object(map.into_iter().collect()));
        prop_oneof![array(inner, 4), object]
    })
    .boxed()
}

fn author() -> Values {
    let revenue = any_of([in_strings(of(0_i64..1_000_000)), null()]);
    let fields = vec![
        ("id", any_of([id(), null()])),
        ("email", text()),
        ("name", text()),
        ("account", label()),
        ("segment", label()),
        ("revenue", revenue),
        ("plan", anything()),
    ];
    any_of([object(vec![], fields), null()])
}

fn common() -> Vec<(&'static str, Values)> {
    let named = prop::collection::hash_map("[a-z]{1,6}", anything(), 0..3)
        .prop_map(|map| Value::Object(map.into_iter().collect()));
    vec![
        ("version", any_of([in_strings(of(0_i64..1 << 40)), null()])),
        ("occurred_at", time()),
        ("updated_at", time()),
        ("author", author()),
        ("conversation_id", any_of([id(), null()])),
        ("title", text()),
        ("product", label()),
        ("app_version", label()),
        ("platform", label()),
        ("territory", label()),
        ("language", label()),
        ("permalink", text()),
        ("tags", any_of([array(label(), 4), text()])),
        ("metadata", named.boxed()),
        ("x_extra", anything()),
        ("another", anything()),
    ]
}

fn survey() -> Values {
    let answer = |id: &'static str| {
        let content = any_of([
            object(vec![("text", words())], vec![("score", named_score())]),
            object(vec![("score", named_score())], vec![("text", text())]),
        ]);
        (content, option::of(text()), anything())
            .prop_map(move |(mut answer, question, extra)| {
                answer["id"] = id.into();
                answer["extra"] = extra;
                if let Some(question) = question {
                    answer["question"] = question;
                }
                answer
            })
            .boxed()
    };
    let answers = (answer("b"), answer("a"), option::of(answer("7")))
        .prop_map(|(b, a, seven)| Value::Array([b, a].into_iter().chain(seven).collect()));
    let mut optional = common();
    optional.extend([("text", text()), ("question", text()), ("score", named_score())]);
    object(vec![("id", id()), ("answers", answers.boxed())], optional)
}

fn ticket() -> Values {
    let role = any_of(["customer", "agent", "bot"].map(|role| of(Just(role))));
    let fields = vec![("id", any_of([id(), null()])), ("at", time()), ("name", text()), ("via", anything())];
    let message = object(vec![("role", role), ("text", words())], fields);
    let messages = vec(message, 1..5).prop_map(Value::Array).boxed();
    let mut optional = common();
    optional.extend([("score", stars()), ("status", label()), ("priority", anything())]);
    object(vec![("id", id()), ("messages", messages)], optional)
}

fn nps() -> Values {
    let whole = in_strings(of(0_i64..=10));
    let score = any_of([whole.clone(), object(vec![("value", whole)], vec![("kind", of(Just("nps")))])]);
    let mut optional = common();
    optional.extend([("text", text()), ("question", text())]);
    object(vec![("id", id()), ("score", score)], optional)
}

fn social() -> Values {
    let mut optional = common();
    optional.extend([("score", stars()), ("network", label()), ("metrics", anything())]);
    object(vec![("id", id()), ("text", words())], optional)
}

/// A source kind and data that its contract takes.
pub fn payload() -> impl Strategy<Value = (&'static str, Value)> {
    prop_oneof![
        survey().prop_map(|data| ("survey", data)),
        ticket().prop_map(|data| ("ticket", data)),
        nps().prop_map(|data| ("nps", data)),
        social().prop_map(|data| ("social", data)),
    ]
}
