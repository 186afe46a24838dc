//! A form as the body of a request to the API. The name of a field is the JSON pointer of its member, so that a fault finds its way
//! back to its field; a kind after a colon says what is made of the text (`/severity:number`).

use serde_json::{Map, Value};

/// Deepest and longest that a pointer goes.
const DEEP: usize = 4;
const LONG: usize = 50;

/// The JSON of a form's fields; those that are no pointers are not for the API. What was left empty is left out.
pub(in crate::web) fn body<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let mut body = Value::Object(Map::new());
    for (name, text) in fields {
        let (pointer, kind) = name.split_once(':').unwrap_or((name, "text"));
        let text = text.trim();
        if !pointer.starts_with('/') || text.is_empty() {
            continue;
        }
        put(&mut body, pointer.trim_start_matches('/').split('/').take(DEEP), value(text, kind));
    }
    body
}

fn value(text: &str, kind: &str) -> Value {
    match kind {
        // What is no number goes on as it is: the API says what is wrong with it.
        "number" => serde_json::from_str::<serde_json::Number>(text).map_or_else(|_| Value::from(text), Value::Number),
        "bool" => Value::Bool(matches!(text, "true" | "on" | "yes")),
        "lines" => text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Value::from).collect(),
        "list" => text.split([',', '\n']).map(str::trim).filter(|piece| !piece.is_empty()).map(Value::from).collect(),
        _ => Value::from(text),
    }
}

fn put<'a>(into: &mut Value, mut path: impl Iterator<Item = &'a str>, value: Value) {
    let Some(name) = path.next() else {
        *into = value;
        return;
    };
    match name.parse::<usize>() {
        Ok(index) if index < LONG => {
            if !into.is_array() {
                *into = Value::Array(Vec::new());
            }
            let Some(items) = into.as_array_mut() else { return };
            while items.len() <= index {
                items.push(Value::Null);
            }
            put(&mut items[index], path, value);
        }
        _ => {
            if !into.is_object() {
                *into = Value::Object(Map::new());
            }
            put(&mut into[name], path, value);
        }
    }
}

#[cfg(test)]
mod tests;
