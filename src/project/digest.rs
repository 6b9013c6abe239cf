//! What a config says, as a digest: comments and layout don't count, nor does the way a text is quoted.

use std::io::{self, Write as _};
use std::path::Path;

use crate::digest::{self, Hasher};
use crate::fault::Faults;
use crate::place::SourceId;
use crate::project::config;
use crate::source::Sources;
use crate::source::yaml::{Node, Value, read_all};

/// Returns the digest of the config of a folder and the files that it names.
///
/// # Errors
/// The config can't be read.
pub fn of_project(root: &Path) -> io::Result<String> {
    let mut sources = Sources::default();
    config::load(root, &mut sources, &mut Faults::default())?;
    let mut ids = sources.ids();
    let config = ids.next().map(|id| sources.get(id).read_to_string().map_err(|error| error.cause)).transpose()?;
    let named: Vec<Vec<u8>> = ids.map(|id| sources.get(id).bytes().unwrap_or_default()).collect();
    Ok(config_digest(&config.unwrap_or_default(), &named))
}

/// Returns the digest of the text of a config and the bytes of the files that it names, in their order: 64 hexadecimal
/// digits.
#[must_use]
pub fn config_digest(text: &str, files: &[Vec<u8>]) -> String {
    let mut hasher = Hasher::default();
    match read_all(SourceId(0), text) {
        Ok(root) => add(&root, &mut hasher),
        // Its fault is told where it is read.
        Err(_) => put(&mut hasher, b't', text.as_bytes()),
    }
    for file in files {
        put(&mut hasher, b'f', file);
    }
    digest::hex(&hasher.so_far())
}

fn add(node: &Node, hasher: &mut Hasher) {
    let length = |count: usize| count.to_string();
    match &node.value {
        Value::Scalar { .. } => put(hasher, b't', node.scalar().unwrap_or_default().as_bytes()),
        Value::List(items) => {
            put(hasher, b'l', length(items.len()).as_bytes());
            for item in items {
                add(item, hasher);
            }
        }
        Value::Map(pairs) => {
            put(hasher, b'm', length(pairs.len()).as_bytes());
            for (key, value) in pairs {
                add(key, hasher);
                add(value, hasher);
            }
        }
    }
}

/// Adds a piece with its length, so that no two pieces read as another one.
fn put(hasher: &mut Hasher, kind: u8, bytes: &[u8]) {
    // Writing to a digest cannot fail.
    let _ = write!(hasher, "{}{} ", char::from(kind), bytes.len()).and_then(|()| hasher.write_all(bytes));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_config_says_counts() {
        let digest = |text: &str| config_digest(text, &[]);
        let one = digest("units: [甲, 乙]\nlang: zh\n");
        assert_eq!(one, digest("# x\nunits:\n- '甲'\n- 乙 # y\n\nlang: \"zh\"\n"));
        for other in
            ["units: [乙, 甲]\nlang: zh\n", "units: [甲]\nlang: zh\n", "units: [甲, 乙, lang]\n", "units: [甲, 乙"]
        {
            assert_ne!(one, digest(other), "{other}");
        }
        assert_ne!(config_digest("a: b", &[b"1".to_vec()]), config_digest("a: b", &[b"2".to_vec()]));
    }
}
