//! `privacy:` of `duban.yaml`: what a public edition shows of persons and units, by role.

use crate::model::Field;
use crate::place::Place;
use crate::project::keys::PRIVACY;
use crate::project::mapping::MappingReader;
use crate::source::yaml::Node;
use crate::words::person::MaskStyle;

/// The role of the person or unit in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A member of the public, or someone mentioned in passing.
    PublicPerson,
    /// A disciplined cadre.
    DisciplinedCadre,
    /// The person who reported the issue: never printed.
    Reporter,
    /// A unit.
    Unit,
    /// A telephone number, an address, an internal note: never printed.
    Private,
    /// Not sensitive.
    Open,
}

impl Role {
    /// All roles, with their names in the config.
    pub const ALL: [(&'static str, Self); 6] = [
        ("public_person", Self::PublicPerson),
        ("disciplined_cadre", Self::DisciplinedCadre),
        ("reporter", Self::Reporter),
        ("unit", Self::Unit),
        ("private", Self::Private),
        ("open", Self::Open),
    ];
}

/// How a name is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    /// In full.
    Name,
    /// Masked, such as 张某某.
    Mask,
    /// Not at all.
    Omit,
}

/// What a public edition shows. The defaults follow the practice of published bulletins (domain facts, anonymisation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Privacy {
    /// The style of masked names.
    pub style: MaskStyle,
    /// Members of the public.
    pub public_person: Printed,
    /// Disciplined cadres, who are usually named.
    pub disciplined_cadre: Printed,
    /// Units, which are usually named.
    pub unit: Printed,
    /// Counts of issues and measures from 1 to below it are shown in words; nothing if all are shown.
    pub small_counts: Option<u64>,
    /// Whether the pictures that logs name are shown.
    pub shows_pictures: bool,
    /// Declared roles, by field key or, for columns that match no field, by header.
    pub roles: Vec<(String, Role)>,
}

impl Default for Privacy {
    fn default() -> Self {
        Self {
            style: MaskStyle::default(),
            public_person: Printed::Mask,
            disciplined_cadre: Printed::Name,
            unit: Printed::Name,
            small_counts: None,
            shows_pictures: false,
            roles: Vec::new(),
        }
    }
}

/// Words in column headers that indicate a role.
const HEADER_WORDS: [(Role, &[&str]); 3] = [
    (
        Role::Reporter,
        &["举报", "反映人", "信访人", "投诉人", "来访人", "报告人", "reporter", "informant", "complainant"],
    ),
    (
        Role::Private,
        &[
            "电话",
            "手机",
            "身份证",
            "住址",
            "地址",
            "车牌",
            "备注",
            "病",
            "phone",
            "mobile",
            "address",
            "identity",
            "plate",
            "note",
            "health",
        ],
    ),
    (
        Role::PublicPerson,
        &["姓名", "联系人", "当事人", "负责人", "责任人", "法人", "法定代表人", "经办人", "name", "person", "contact"],
    ),
];

impl Privacy {
    /// Returns the role of the values of a canonical key.
    #[must_use]
    pub fn role(&self, key: &str) -> Role {
        if let Some(role) = self.declared(key) {
            return role;
        }
        match Field::from_key(key) {
            Some(Field::Responsible | Field::Leader | Field::VerifiedBy) => Role::PublicPerson,
            Some(Field::Person) => Role::DisciplinedCadre,
            Some(Field::Unit | Field::CoUnits) => Role::Unit,
            Some(Field::Phone | Field::Note) => Role::Private,
            _ => Role::Open,
        }
    }

    /// Returns the role of a column that matches no field, by its header.
    #[must_use]
    pub fn role_of_header(&self, header: &str) -> Role {
        let lower = header.to_lowercase();
        let by_word = HEADER_WORDS.iter().find(|(_, words)| words.iter().any(|word| lower.contains(word)));
        self.declared(header).or(by_word.map(|(role, _)| *role)).unwrap_or(Role::Open)
    }

    /// Returns how a role is printed.
    #[must_use]
    pub fn printed(&self, role: Role) -> Printed {
        match role {
            Role::PublicPerson => self.public_person,
            Role::DisciplinedCadre => self.disciplined_cadre,
            Role::Unit => self.unit,
            Role::Reporter | Role::Private => Printed::Omit,
            Role::Open => Printed::Name,
        }
    }

    fn declared(&self, key: &str) -> Option<Role> {
        self.roles.iter().find(|(name, _)| name == key).map(|(_, role)| *role)
    }
}

/// Reads the `privacy:` section.
pub(super) fn read(node: &Node, keys: &mut MappingReader<'_>) -> Privacy {
    let mut privacy = Privacy::default();
    let person = [("name", Printed::Name), ("mask", Printed::Mask), ("omit", Printed::Omit)];
    for (key, node) in keys.known(node, PRIVACY) {
        match key {
            "names" => privacy.style = keys.one_of(key, node, &MaskStyle::ALL).unwrap_or_default(),
            "public_person" => privacy.public_person = keys.one_of(key, node, &person).unwrap_or(Printed::Mask),
            "disciplined_cadre" => privacy.disciplined_cadre = keys.one_of(key, node, &person).unwrap_or(Printed::Mask),
            "small_counts" => match keys.number(node) {
                // Below 3 there is one count that it could be.
                Some(1 | 2) => keys.bad_value(key, node, "3, 4, 5 …; 0", None),
                number => privacy.small_counts = number.filter(|number| *number > 0).map(u64::from),
            },
            "pictures" => {
                let words = [("omit", false), ("show", true)];
                privacy.shows_pictures = keys.one_of(key, node, &words).unwrap_or_default();
            }
            "unit" => privacy.unit = keys.one_of(key, node, &person[..2]).unwrap_or(Printed::Mask),
            _ => {
                let mut seen: Vec<(String, (&str, Place))> = Vec::new();
                for ((place, name), node) in keys.entries(node) {
                    // A field may be named by any of its headers.
                    let field = Field::of_issue().find(|field| {
                        let info = field.info();
                        info.key == name || info.zh == name || info.synonyms.contains(&name)
                    });
                    let of = field.map_or_else(|| name.to_owned(), |field| field.key().to_owned());
                    if let Some((_, first)) = seen.iter().find(|(other, _)| *other == of) {
                        keys.doubled(place, name, *first);
                    } else if let Some(role) = keys.one_of(name, node, &Role::ALL) {
                        privacy.roles.push((of.clone(), role));
                    }
                    seen.push((of, (name, place)));
                }
            }
        }
    }
    privacy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Faults;
    use crate::place::SourceId;
    use crate::project::config::parse;

    #[test]
    fn roles_are_those_of_practice_unless_declared() {
        let mut faults = Faults::default();
        let text = "privacy:\n  names: 某\n  unit: mask\n  roles: {责任人: open, 门牌: private, 备注栏: open}\n";
        let privacy = parse(SourceId(0), text, &mut faults).privacy;
        assert_eq!(faults.sorted().len(), 0, "{faults:?}");
        assert_eq!((privacy.style, privacy.unit), (MaskStyle::One, Printed::Mask));
        assert_eq!(privacy.role("responsible"), Role::Open);
        assert_eq!(privacy.role("phone"), Role::Private);
        assert_eq!(privacy.role("person"), Role::DisciplinedCadre);
        for (header, role) in [
            ("门牌", Role::Private),
            ("备注栏", Role::Open),
            ("举报人电话", Role::Reporter),
            ("家庭住址", Role::Private),
            ("Contact person", Role::PublicPerson),
            ("面积", Role::Open),
        ] {
            assert_eq!(privacy.role_of_header(header), role, "{header}");
        }
    }

    #[test]
    fn a_policy_that_is_none_is_a_fault() {
        for text in ["privacy: {unit: omit}", "privacy: {public_person: hide}", "privacy: {roles: {责任人: nobody}}"]
        {
            let mut faults = Faults::default();
            let _ = parse(SourceId(0), text, &mut faults);
            assert_eq!(faults.sorted().len(), 1, "{text}");
        }
    }
}
