//! Keys of the config that are fields: by their key, their Chinese name, or a header that is theirs alone.

use crate::model::Field;
use crate::model::field::{FIELDS, FieldInfo};
use crate::words::lang::Lang;
use crate::words::near::nearest;

/// Returns the field that a text names: by its key, its Chinese label, or a header that no other field has.
#[must_use]
pub(crate) fn field(name: &str) -> Option<Field> {
    let labelled = FIELDS.iter().find(|info| info.key == name || info.zh == name);
    let by_header = || {
        let mut named = FIELDS.iter().filter(|info| info.synonyms.contains(&name));
        let first = named.next();
        first.filter(|_| named.next().is_none())
    };
    labelled.or_else(by_header).map(|info| info.field)
}

/// Returns the names by which a field may be written: its key, its Chinese label, and the headers that are its own.
pub(crate) fn names_of(info: &'static FieldInfo) -> impl Iterator<Item = &'static str> {
    let names = [info.key, info.zh].into_iter().chain(info.synonyms.iter().copied());
    names.filter(|name| field(name) == Some(info.field))
}

/// Returns the name of a field that was probably meant.
#[must_use]
pub(crate) fn nearest_field(name: &str) -> Option<&'static str> {
    nearest(name, FIELDS.iter().flat_map(|info| [info.key, info.zh]))
}

/// Returns the names of all fields in a language.
#[must_use]
pub(crate) fn field_names(lang: Lang) -> String {
    FIELDS.iter().map(|info| lang.pick(info.zh, info.key)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_has_its_names_and_no_other_has_them() {
        for (name, wanted) in [
            ("unit", Some(Field::Unit)),
            ("责任单位", Some(Field::Unit)),
            ("单位", Some(Field::Unit)),
            ("期限", Some(Field::Deadline)),
            ("问题编号", Some(Field::Id)),
            // A header of issues and of inspections.
            ("检查时间", None),
            ("unti", None),
        ] {
            assert_eq!(field(name), wanted, "{name}");
        }
        for info in FIELDS {
            assert_eq!(field(info.zh), Some(info.field), "{}", info.zh);
            assert!(names_of(info).count() >= 2, "{}", info.key);
        }
        assert_eq!(nearest_field("责任单伟"), Some("责任单位"));
    }
}
