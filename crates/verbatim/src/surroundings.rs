//! What the configuration points to, looked at before anything depends on it: secrets, files, the taxonomy, the rules,
//! and librdkafka's own opinion of its properties. Nothing is connected to and nothing is made.

mod acting;

use crate::config::{ConfigError, Loaded, Problem, Property, VendorSection, dotted};
use crate::{context, encoders, gateway, kafka, key, tokens};
use std::collections::BTreeMap;

/// What is wrong with all that the configuration names, and what is hardly meant so.
#[derive(Debug, Default)]
pub struct Found {
    pub problems: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

/// Everything, also what a worker does without: what vendors sign with, where messages go, what is told, which goals there
/// are, who may ask.
pub fn all(loaded: &Loaded) -> Found {
    let Found { problems, warnings } = acting::rest(loaded);
    let problems = [self::problems(loaded), server(loaded), problems].concat();
    Found { problems, warnings }
}

/// What keeps the server from listening, or from knowing its vendors.
fn server(loaded: &Loaded) -> Vec<Problem> {
    let listening = tokens::problem(&loaded.config).map(|(path, message)| {
        let path = path.map(str::to_owned);
        let message = format!("{}: {message}", dotted(&path));
        Problem { at: loaded.layers.origin(&path).to_string(), message }
    });
    listening.into_iter().chain(vendor_secrets(loaded)).collect()
}

/// Stops where something that the server needs is not as the configuration says.
pub fn check_server(loaded: &Loaded) -> Result<(), ConfigError> {
    none_of(server(loaded))
}

/// Those that lead nowhere.
fn vendor_secrets(loaded: &Loaded) -> Vec<Problem> {
    let set = loaded.config.vendors.iter().filter(|(_, section)| section.secret.is_set());
    let problem = |(name, section): (&String, &VendorSection)| {
        let why = gateway::secret(section).err()?;
        let path = ["vendors", name.as_str(), "secret"].map(str::to_owned);
        let message = format!("{}: {}", dotted(&path), chain(&why));
        Some(Problem { at: loaded.layers.origin(&path).to_string(), message })
    };
    set.filter_map(problem).collect()
}

/// Everything wrong with what a worker needs.
pub fn problems(loaded: &Loaded) -> Vec<Problem> {
    let config = &loaded.config;
    let mut problems = Vec::new();
    let mut wrong = |path: &[&str], message: String| {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        let message = format!("{}: {message}", dotted(&path));
        problems.push(Problem { at: loaded.layers.origin(&path).to_string(), message });
    };
    let mut secrets = |path: [&str; 2], properties: &BTreeMap<String, Property>| {
        let mut sound = true;
        for (name, value) in properties {
            if let Err(error) = value.0.reveal() {
                sound = false;
                wrong(&[path[0], path[1], name], chain(&error.into()));
            }
        }
        sound
    };
    secrets(["store", "storage"], &config.store.storage);
    if secrets(["kafka", "properties"], &config.kafka.properties) {
        for (name, why) in kafka::property_problems(config) {
            match name {
                Some(name) => wrong(&["kafka", "properties", &name], why),
                None => wrong(&["kafka", "properties"], why),
            }
        }
    }
    if let Some(why) = kafka::address_problem(&config.kafka.bootstrap) {
        wrong(&["kafka", "bootstrap"], why);
    }
    if config.read_topics().is_empty() {
        wrong(&["kafka", "topics"], "no topic is named: name one, for a worker to read".to_owned());
    }
    if let Err(error) = key::check(config) {
        let setting = if config.privacy.key.is_set() { "key" } else { "key_file" };
        let said = chain(&error);
        // Elsewhere it begins with the setting, which stands before it here.
        let said = said.strip_prefix("privacy.key ").unwrap_or(&said);
        wrong(&["privacy", setting], said.to_owned());
    }
    if let Err(error) = context::taxonomy(config) {
        wrong(&["analyze", "taxonomy"], chain(&error));
    }
    if let Some((path, why)) = encoders::problem(config) {
        wrong(&path, why);
    }
    problems.extend(acting::triage(loaded));
    problems
}

/// Stops where something that a worker needs is not as the configuration says.
pub fn check(loaded: &Loaded) -> Result<(), ConfigError> {
    none_of(problems(loaded))
}

fn none_of(problems: Vec<Problem>) -> Result<(), ConfigError> {
    if problems.is_empty() { Ok(()) } else { Err(ConfigError::Wrong(problems)) }
}

/// An error with its causes, in one line.
pub fn chain(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        // Some errors repeat their source in their own words.
        if !text.contains(&cause) {
            text += &format!(": {}", cause.lines().next().unwrap_or_default());
        }
    }
    text
}
