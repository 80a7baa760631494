//! The JSON Schema of the file, made from the rows, for editors that complete and check it. `assets/config.schema.json`
//! is what it gives; a test keeps it so.
//!
//! It takes every file that [`load`](fn@super::load) takes, and refuses most others. What it cannot say is left to the
//! reader: how long a delay may be, and what two settings say of each other.

use serde_json::{Map, Value, json};

use super::fields::Config;
use super::row::{SettingRow, Shape};
use super::table::Table;

/// The schema, in draft 2020-12.
#[must_use]
pub fn schema() -> Value {
    let mut schema = table(&Config::rows(None));
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!("The configuration of netdata-ilert"));
    Value::Object(schema)
}

fn table(rows: &[SettingRow]) -> Map<String, Value> {
    let required: Vec<_> = rows.iter().filter(|row| row.is_required).map(|row| row.key).collect();
    let properties: Map<_, _> = rows.iter().map(|row| (row.key.to_owned(), property(row))).collect();
    let mut table = closed(&properties);
    if !required.is_empty() {
        table.insert("required".to_owned(), json!(required));
    }
    table
}

/// A table without other keys than these.
fn closed(properties: &Map<String, Value>) -> Map<String, Value> {
    object(json!({ "type": "object", "properties": properties, "additionalProperties": false }))
}

fn property(row: &SettingRow) -> Value {
    let mut property = value(&row.shape);
    let help: Vec<_> = row.help.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    property.insert("description".to_owned(), json!(help.join("\n")));
    if let Some(default) = row.default.as_deref().filter(|_| row.shape.is_value()).and_then(from_toml) {
        property.insert("default".to_owned(), default);
    }
    Value::Object(property)
}

fn value(shape: &Shape) -> Map<String, Value> {
    object(match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Matching(pattern) => json!({ "type": "string", "pattern": pattern }),
        // The words for themselves, so that an editor offers them.
        Shape::Words { words, in_any_case: true } => {
            json!({ "anyOf": [{ "enum": words }, { "type": "string", "pattern": in_any_case(words) }] })
        }
        Shape::Words { words, in_any_case: false } => json!({ "enum": words }),
        Shape::Switch => json!({ "type": "boolean" }),
        Shape::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::List(least, of) => {
            json!({ "type": "array", "items": value(of), "minItems": least, "uniqueItems": true })
        }
        Shape::OneOrList(most, of) => {
            let list = json!({
                "type": "array", "items": value(of), "minItems": 1, "maxItems": most, "uniqueItems": true,
            });
            json!({ "anyOf": [value(of), list] })
        }
        Shape::Secret(pattern, places) => {
            let place = |(key, shape): &(&str, Shape)| ((*key).to_owned(), Value::Object(value(shape)));
            let mut places = closed(&places.iter().map(place).collect());
            places.extend(object(json!({ "minProperties": 1, "maxProperties": 1 })));
            json!({ "anyOf": [{ "type": "string", "pattern": pattern }, places] })
        }
        Shape::Table(rows) => return table(rows),
        Shape::Tables(rows) => json!({ "type": "array", "items": table(rows) }),
        Shape::Map(of) => json!({
            "type": "object", "propertyNames": { "pattern": "\\S" }, "additionalProperties": value(of),
        }),
    })
}

/// A regular expression for words in letters of any case.
fn in_any_case(words: &[&str]) -> String {
    let both = |c: char| format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase());
    let words: Vec<String> = words.iter().map(|word| word.chars().map(both).collect()).collect();
    format!("^({})$", words.join("|"))
}

/// A value of TOML, as JSON has it.
fn from_toml(text: &str) -> Option<Value> {
    let mut table: Map<_, _> = toml::from_str(&format!("value = {text}")).ok()?;
    table.remove("value")
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
