//! The schema of `duban.yaml`: what a file of the program says, with the keys and words of the table in both languages.

use serde_json::{Map, Value, json};

use super::fields::field_properties;
use crate::project::keys::{Below, CONFIG, word};

/// Returns the schema of `duban.yaml`.
///
/// # Errors
/// Fails if the file compiled in is not JSON, which a test rules out.
pub fn config() -> serde_json::Result<Value> {
    let mut schema: Value = serde_json::from_str(include_str!("config.json"))?;
    translate(&mut schema, Below::Keys(CONFIG));
    Ok(schema)
}

/// Adds the Chinese keys and words to a schema and those below it.
fn translate(schema: &mut Value, below: Below) {
    let Value::Object(schema) = schema else { return };
    if let Some(required) = schema.remove("required") {
        let names: Vec<&str> = required.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let all = names.into_iter().map(|name| json!({ "anyOf": required_names(name, below) }));
        schema.insert("allOf".to_owned(), all.collect());
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        *properties = translated(std::mem::take(properties), below);
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        let chinese: Vec<Value> = words.iter().filter_map(|one| word(one.as_str()?)).map(Value::from).collect();
        words.extend(chinese);
    }
    if schema.get("type").is_some_and(|of| of == "boolean") {
        schema.remove("type");
        schema.insert("enum".to_owned(), json!([true, false, "yes", "no", "是", "否"]));
    }
    if matches!(below, Below::Fields) && schema.contains_key("propertyNames") {
        of_fields(schema);
    }
    let inner = match below {
        Below::Names(keys) if !keys.is_empty() => Below::Keys(keys),
        Below::NamesOrList(keys) => Below::Keys(keys),
        other => other,
    };
    for (name, below) in [("items", below), ("additionalProperties", inner)] {
        if let Some(schema) = schema.get_mut(name) {
            translate(schema, below);
        }
    }
    if let Some(Value::Array(schemas)) = schema.get_mut("anyOf") {
        for schema in schemas {
            translate(schema, below);
        }
    }
}

/// A key is there under one of its names.
fn required_names(name: &str, below: Below) -> Vec<Value> {
    let chinese = below.key(name).map(|key| key.zh).filter(|zh| !zh.is_empty());
    [Some(name), chinese].into_iter().flatten().map(|name| json!({ "required": [name] })).collect()
}

/// The properties under both of their names.
fn translated(properties: Map<String, Value>, below: Below) -> Map<String, Value> {
    let mut both = Map::new();
    for (name, mut property) in properties {
        let key = below.key(&name);
        translate(&mut property, key.map_or(Below::Value, |key| key.below));
        if let Some(key) = key.filter(|key| !key.zh.is_empty()) {
            both.insert(key.zh.to_owned(), property.clone());
        }
        both.insert(name, property);
    }
    both
}

/// A mapping whose keys are fields has them as properties, so that editors offer them.
fn of_fields(schema: &mut Map<String, Value>) {
    schema.remove("propertyNames");
    let mut value = schema.remove("additionalProperties").unwrap_or_default();
    translate(&mut value, Below::Value);
    let (properties, pattern) = field_properties(&value);
    schema.insert("properties".to_owned(), properties.into());
    schema.insert("patternProperties".to_owned(), json!({ pattern: value }));
    schema.insert("additionalProperties".to_owned(), false.into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::field::FIELDS;
    use crate::project::keys::ConfigKey;

    /// The keys of every mapping of the schema, with those of the table that it belongs to.
    fn walk(schema: &Value, below: Below, wrong: &mut Vec<String>) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object)
            && !matches!(below, Below::Fields | Below::Selections)
        {
            let listed = |keys: &'static [ConfigKey]| -> Vec<&str> {
                let mut names: Vec<&str> =
                    keys.iter().flat_map(|key| [key.key, key.zh]).filter(|name| !name.is_empty()).collect();
                names.sort_unstable();
                names
            };
            let mut names: Vec<&str> = properties.keys().map(String::as_str).collect();
            names.sort_unstable();
            let is_known = match below {
                Below::Keys(keys) | Below::NamesOrList(keys) => names == listed(keys),
                Below::Listed(mapping, items) => names == listed(mapping) || names == listed(items),
                _ => false,
            };
            if !is_known {
                wrong.push(format!("{names:?}"));
            }
            for (name, schema) in properties {
                walk(schema, below.key(name).map_or(Below::Value, |key| key.below), wrong);
            }
        }
        let inner = match below {
            Below::Names(keys) if !keys.is_empty() => Below::Keys(keys),
            Below::NamesOrList(keys) => Below::Keys(keys),
            other => other,
        };
        for (name, below) in [("items", below), ("additionalProperties", inner)] {
            schema.get(name).into_iter().for_each(|schema| walk(schema, below, wrong));
        }
        for schema in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
            walk(schema, below, wrong);
        }
    }

    #[test]
    fn the_schema_has_the_keys_of_the_table_and_no_others() {
        let mut wrong = Vec::new();
        walk(&config().unwrap(), Below::Keys(CONFIG), &mut wrong);
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn no_list_of_the_config_is_left_to_be_filled() {
        let text = config().unwrap().to_string();
        assert!(!text.contains("\"enum\":[]") && !text.contains("propertyNames\":{\"enum"), "{text}");
        let schema = config().unwrap();
        for name in ["columns", "列", "values", "defaults", "dimensions"] {
            for info in FIELDS {
                let properties = &schema["properties"][name]["properties"];
                assert!(properties.get(info.key).is_some() && properties.get(info.zh).is_some(), "{name} {}", info.key);
            }
        }
    }
}
