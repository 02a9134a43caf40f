//! What the decoder promises, from outside: see each module.

mod contracts;
mod envelope;
mod fixtures;
mod hostile;
mod invariance;
mod payloads;
mod schemas;
mod vendors;
