//! A key of the config, and what stands below it.

use crate::words::lang::Lang;
use crate::words::near::nearest;

/// A key of the config.
#[derive(Debug)]
pub struct ConfigKey {
    /// The canonical key.
    pub key: &'static str,
    /// Its Chinese name; empty for `$schema`, which editors look for.
    pub zh: &'static str,
    /// What may be written after it, as YAML in one line: with Chinese keys and with English ones.
    pub example: (&'static str, &'static str),
    /// What stands below it.
    pub below: Below,
}

/// What stands below a key of the config.
#[derive(Clone, Copy, Debug)]
pub enum Below {
    /// No mapping.
    Value,
    /// A mapping with these keys, or a list of such mappings.
    Keys(&'static [ConfigKey]),
    /// A mapping with the first keys, or a list of mappings with the second ones.
    Listed(&'static [ConfigKey], &'static [ConfigKey]),
    /// A mapping whose keys are fields.
    Fields,
    /// Mappings whose keys are keys of `--by`.
    Selections,
    /// A mapping whose keys are free, of values or of mappings with these keys.
    Names(&'static [ConfigKey]),
    /// The same, or a list of mappings with these keys.
    NamesOrList(&'static [ConfigKey]),
}

impl ConfigKey {
    /// Returns its name in a language.
    #[must_use]
    pub fn label(&self, lang: Lang) -> &'static str {
        if self.zh.is_empty() { self.key } else { lang.pick(self.zh, self.key) }
    }

    /// Whether a text is one of its names.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.key == name || !self.zh.is_empty() && self.zh == name
    }
}

impl Below {
    /// Returns one of its keys, if they are fixed.
    #[must_use]
    pub fn key(self, name: &str) -> Option<&'static ConfigKey> {
        match self {
            Self::Keys(keys) | Self::NamesOrList(keys) => find(keys, name),
            Self::Listed(mapping, items) => find(mapping, name).or_else(|| find(items, name)),
            _ => None,
        }
    }

    /// Returns what stands below one of its keys.
    #[must_use]
    pub fn under(self, name: &str) -> Self {
        match self {
            Self::Keys(keys) => find(keys, name).map_or(Self::Value, |key| key.below),
            Self::Listed(..) => self.key(name).map_or(Self::Value, |key| key.below),
            Self::Names(keys) if !keys.is_empty() => Self::Keys(keys),
            Self::NamesOrList(keys) => find(keys, name).map_or(Self::Keys(keys), |key| key.below),
            _ => Self::Value,
        }
    }
}

/// Returns the key of a mapping that has a name in either language.
#[must_use]
pub fn find<'k>(keys: &'k [ConfigKey], name: &str) -> Option<&'k ConfigKey> {
    keys.iter().find(|key| key.is(name))
}

/// Returns the name that was probably meant, in the language in which it is nearest.
#[must_use]
pub fn nearest_name(keys: &'static [ConfigKey], name: &str) -> Option<&'static str> {
    nearest(name, keys.iter().flat_map(|key| [key.key, key.zh]).filter(|name| !name.is_empty()))
}

/// Returns the names of the keys in a language.
#[must_use]
pub fn names(keys: &'static [ConfigKey], lang: Lang) -> String {
    keys.iter().map(|key| key.label(lang)).collect::<Vec<_>>().join(" ")
}
