//! Interned strings.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::ptr;
use std::sync::{PoisonError, RwLock};

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

/// An interned string: the process has one copy of each distinct text.
///
/// The values of a log repeat: a hundred thousand rows name a few dozen units and categories. A symbol is copied as two
/// words and compared by address. The text is never freed, so the memory grows with the number of distinct spellings,
/// not of rows; don't make symbols of free text.
///
/// Equality and order are those of the text, so a sorted list never depends on which row came first. The hash, however,
/// is that of the address: a `Symbol` hashes differently from run to run and differently from its `str`, and therefore
/// does not implement `Borrow<str>`. Print from ordered maps.
#[derive(Clone, Copy)]
pub struct Symbol(&'static str);

impl Symbol {
    /// Returns the symbol of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        // A poisoned lock is usable: a panic cannot leave the table half changed, since an insertion happens or does
        // not.
        let known = TABLE.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(text) {
            return Self(known);
        }
        drop(known);
        let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have inserted it between the two locks.
        if let Some(known) = table.get(text) {
            return Self(known);
        }
        let kept: &'static str = Box::leak(text.into());
        table.insert(kept);
        Self(kept)
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

/// The texts of all symbols.
static TABLE: RwLock<BTreeSet<&'static str>> = RwLock::new(BTreeSet::new());

impl Default for Symbol {
    /// Returns the symbol of the empty text.
    fn default() -> Self {
        Self::new("")
    }
}

impl Deref for Symbol {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

impl AsRef<str> for Symbol {
    fn as_ref(&self) -> &str {
        self.0
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Self) -> bool {
        // Compares address and length: the empty text occupies no memory, so its address may be that of another text.
        ptr::eq(self.0, other.0)
    }
}

impl Eq for Symbol {}

impl PartialEq<str> for Symbol {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Symbol {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        ptr::hash(self.0, state);
    }
}

impl Ord for Symbol {
    fn cmp(&self, other: &Self) -> Ordering {
        if self == other { Ordering::Equal } else { self.0.cmp(other.0) }
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

impl Serialize for Symbol {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Symbol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(SymbolVisitor)
    }
}

struct SymbolVisitor;

impl Visitor<'_> for SymbolVisitor {
    type Value = Symbol;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Symbol, E> {
        Ok(Symbol::new(text))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::thread;

    use proptest::prelude::*;
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error as ValueError, StrDeserializer};

    use super::*;

    #[test]
    fn the_empty_text_is_a_symbol_like_any_other() {
        assert_eq!(Symbol::default(), Symbol::new(""));
        assert_ne!(Symbol::default(), Symbol::new("x"));
        assert_eq!(Symbol::default().as_str(), "");
    }

    #[test]
    fn threads_share_one_copy() {
        let of_threads: Vec<Symbol> =
            (0..8).map(|_| thread::spawn(|| Symbol::new("金光路街道"))).map(|thread| thread.join().unwrap()).collect();
        assert!(of_threads.iter().all(|symbol| *symbol == of_threads[0]));
    }

    #[test]
    fn equal_symbols_are_one_in_a_set() {
        let set: HashSet<Symbol> = ["a", "b", "a", ""].map(Symbol::new).into();
        assert_eq!(set.len(), 3);
    }

    #[test]
    fn it_is_written_and_read_as_a_string() {
        struct Written(Symbol);
        impl fmt::Display for Written {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.serialize(f)
            }
        }
        let read: StrDeserializer<'_, ValueError> = "消防安全".into_deserializer();
        let symbol = Symbol::deserialize(read).unwrap();
        assert_eq!(symbol, "消防安全");
        assert_eq!(Written(symbol).to_string(), "消防安全");
        assert_eq!(format!("{symbol:?} {symbol:>5}"), "\"消防安全\"  消防安全");
    }

    proptest! {
        #[test]
        fn symbols_compare_as_their_texts_do(a in "[a-c]{0,3}|.{0,4}", b in "[a-c]{0,3}|.{0,4}") {
            let (x, y) = (Symbol::new(&a), Symbol::new(&b));
            prop_assert_eq!(x == y, a == b);
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            prop_assert_eq!(x.as_str(), a.as_str());
        }
    }
}
