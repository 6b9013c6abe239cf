//! Counts by the numbers of values, row by row, until somebody asks for the groups.
//!
//! Issues are counted in cells: a cell is what the keys of the tally, unit and category have in common. What is counted of
//! a group is the sum of its cells.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::model::Issue;
use crate::model::key::{Key, StateKey};
use crate::model::period::Length;
use crate::model::record::{Coded, unstated};
use crate::model::state::State;
use crate::model::value_ids::{Dictionary, Slot};
use crate::tally::cell_index::{CellIndex, CellName, PARTS};
use crate::tally::id_set::IdSet;
use crate::words::symbol::Symbol;

/// Where each number of a cell's name comes from.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    list: Vec<Part>,
    /// The slots among them, by place.
    slots: Vec<(usize, Slot)>,
    /// The others, which take more to find out.
    others: Vec<(usize, Part)>,
    /// The part of each key of the tally; `None` for the group of the unit.
    keys: Vec<Option<usize>>,
    unit: usize,
    category: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Slot(Slot),
    State(StateKey),
    /// The period in which it was found, by its number since the beginning of the calendar.
    Found(Length),
}

impl Parts {
    /// The parts of cells for the keys of a tally; `None` if a key is not counted by numbers.
    pub(super) fn of(keys: &[Key]) -> Option<Self> {
        let mut list = Vec::new();
        let mut place = |part| {
            list.iter().position(|known| *known == part).unwrap_or_else(|| {
                list.push(part);
                list.len() - 1
            })
        };
        let mut places = Vec::new();
        for key in keys {
            places.push(match key {
                // Of several values each has a group.
                Key::Field(_) => match key.slot()? {
                    Slot::Tags | Slot::CoUnits => return None,
                    slot => Some(place(Part::Slot(slot))),
                },
                Key::Is(key) => Some(place(Part::State(*key))),
                Key::Found(length) => Some(place(Part::Found(*length))),
                Key::Group => None,
                Key::State | Key::Age | Key::Extra(_) => return None,
            });
        }
        let (unit, category) = (place(Part::Slot(Slot::Unit)), place(Part::Slot(Slot::Category)));
        let numbered = || list.iter().copied().enumerate();
        let slots = numbered()
            .filter_map(|(at, part)| Some((at, if let Part::Slot(slot) = part { slot } else { return None })));
        let others = numbered().filter(|(_, part)| !matches!(part, Part::Slot(_)));
        let (slots, others) = (slots.collect(), others.collect());
        (list.len() <= PARTS).then_some(Self { slots, others, list, keys: places, unit, category })
    }

    #[inline]
    fn name(&self, coded: &Coded<'_>, found_on: Option<NaiveDate>, state: State) -> CellName {
        let mut name = CellName::default();
        for (at, slot) in &self.slots {
            name[*at] = coded.ids.get(*slot);
        }
        for (at, part) in &self.others {
            name[*at] = match part {
                Part::Slot(slot) => coded.ids.get(*slot),
                Part::State(key) => u32::from(key.holds(state)),
                Part::Found(length) => found_on.map_or(0, |day| number_of(*length, day)),
            };
        }
        name
    }

    /// What a group is called whose issues have no value of a part.
    fn without_value(&self, at: usize) -> Option<Symbol> {
        matches!(self.list[at], Part::Slot(Slot::Category | Slot::Disposition)).then(unstated)
    }

    /// The value behind a number of a name, by its place there.
    fn value(&self, at: usize, name: &CellName, dictionary: &Dictionary) -> Option<Symbol> {
        let number = name[at];
        match self.list[at] {
            Part::Slot(slot) => dictionary.value(slot, number),
            Part::State(_) => Some(Symbol::new(if number == 1 { "yes" } else { "no" })),
            _ if number == 0 => None,
            Part::Found(length) => first_day(length, number).map(|day| Symbol::new(&length.of(day))),
        }
    }
}

/// The number of the period of a day, from 1.
#[inline]
fn number_of(length: Length, day: NaiveDate) -> u32 {
    let year = day.year().cast_unsigned();
    match length {
        Length::Day => day.num_days_from_ce().cast_unsigned(),
        Length::Week => day.num_days_from_ce().cast_unsigned().div_ceil(7),
        Length::Month => year * 12 + day.month(),
        Length::Quarter => year * 4 + day.month0() / 3 + 1,
        Length::Year => year,
    }
}

/// The first day of the period with a number.
fn first_day(length: Length, number: u32) -> Option<NaiveDate> {
    let months = |parts: u32| {
        let (year, part) = ((number - 1) / parts, (number - 1) % parts);
        NaiveDate::from_ymd_opt(year.cast_signed(), part * (12 / parts) + 1, 1)
    };
    match length {
        Length::Day => NaiveDate::from_num_days_from_ce_opt(number.cast_signed()),
        // The first day of the calendar is a Monday, and so is the first of each seven.
        Length::Week => NaiveDate::from_num_days_from_ce_opt(number.cast_signed() * 7 - 6),
        Length::Month => months(12),
        Length::Quarter => months(4),
        Length::Year => NaiveDate::from_ymd_opt(number.cast_signed(), 1, 1),
    }
}

/// The counts of one cell but those by value.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(super) struct Numbers([u64; 6]);

impl Numbers {
    /// What an issue adds, by the code of its state.
    const OF_CODE: [Self; State::CODES] = {
        let mut all = [Self([0; 6]); State::CODES];
        let mut code = 0;
        while code < State::CODES {
            let state = State::of_code(code);
            all[code] = Self([
                1,
                state.rectified as u64,
                state.closed as u64,
                state.overdue as u64,
                state.due_soon as u64,
                state.late as u64,
            ]);
            code += 1;
        }
        all
    };

    #[inline]
    fn add(&mut self, more: &Self) {
        for (count, more) in self.0.iter_mut().zip(more.0) {
            *count += more;
        }
    }

    /// found, rectified, closed, overdue, due soon, late.
    pub(super) fn parts(self) -> [u64; 6] {
        self.0
    }
}

/// Counts by the numbers of a slot, for each cell in a row of a table.
#[derive(Clone, Debug, Default)]
struct BySlot {
    /// Numbers that have room in a row.
    width: usize,
    counts: Vec<u64>,
}

impl BySlot {
    /// Adds to the count of a number in a cell.
    #[inline]
    fn add(&mut self, cell: usize, id: u32, count: u64) {
        let id = id as usize;
        if id >= self.width || (cell + 1) * self.width > self.counts.len() {
            self.make_room(cell, id);
        }
        self.counts[cell * self.width + id] += count;
    }

    #[cold]
    fn make_room(&mut self, cell: usize, id: usize) {
        if id >= self.width {
            let width = (id + 1).next_power_of_two().max(4);
            let rows = self.counts.len().checked_div(self.width).unwrap_or_default();
            let mut counts = vec![0; rows * width];
            for (row, old) in self.counts.chunks_exact(self.width.max(1)).enumerate() {
                counts[row * width..row * width + old.len()].copy_from_slice(old);
            }
            (self.width, self.counts) = (width, counts);
        }
        if (cell + 1) * self.width > self.counts.len() {
            self.counts.resize((cell + 1) * self.width, 0);
        }
    }

    fn row(&self, cell: usize) -> impl Iterator<Item = (u32, u64)> {
        let row = self.counts.get(cell * self.width..(cell + 1) * self.width).unwrap_or_default();
        (0..).zip(row.iter().copied()).filter(|(_, count)| *count > 0)
    }
}

/// The counts of all cells.
#[derive(Clone, Debug)]
pub(super) struct CodedCounts {
    parts: Parts,
    dictionary: Option<Arc<Dictionary>>,
    index: CellIndex,
    numbers: Vec<Numbers>,
    dispositions: BySlot,
    sources: BySlot,
    /// The sites of each cell; shorter than the cells if no issue behind has one.
    sites: Vec<IdSet>,
    /// Issues by the code of their state.
    states: [u64; State::CODES],
}

/// A cell with its values.
pub(super) struct Cell<'c> {
    /// The value of each key of the tally; `None` for a blank.
    pub(super) values: Vec<Option<Symbol>>,
    pub(super) unit: Option<Symbol>,
    pub(super) category: Option<Symbol>,
    pub(super) numbers: Numbers,
    pub(super) dispositions: Vec<(Option<Symbol>, u64)>,
    pub(super) sources: Vec<(Symbol, u64)>,
    pub(super) sites: Box<dyn Iterator<Item = Symbol> + 'c>,
}

impl CodedCounts {
    pub(super) fn new(parts: Parts) -> Self {
        Self {
            parts,
            dictionary: None,
            index: CellIndex::default(),
            numbers: Vec::new(),
            dispositions: BySlot::default(),
            sources: BySlot::default(),
            sites: Vec::new(),
            states: [0; State::CODES],
        }
    }

    /// Counts an issue; false if it must be counted by its values.
    #[inline]
    pub(super) fn count(&mut self, issue: &Issue<'_>, state: State) -> bool {
        let Some(coded) = issue.coded() else { return false };
        if issue.flags().has_several_categories() {
            return false;
        }
        let dictionary = coded.meanings.dictionary();
        match &self.dictionary {
            Some(known) if Arc::ptr_eq(known, dictionary) => {}
            Some(_) => return false,
            None => self.dictionary = Some(Arc::clone(dictionary)),
        }
        let name = self.parts.name(coded, issue.found_on, state);
        let cell = self.cell(&name);
        self.numbers[cell].add(&Numbers::OF_CODE[state.code()]);
        self.states[state.code()] += 1;
        self.dispositions.add(cell, coded.ids.get(Slot::Disposition), 1);
        let (source, site) = (coded.ids.get(Slot::Source), coded.ids.get(Slot::Site));
        if source != 0 {
            self.sources.add(cell, source, 1);
        }
        if site != 0 {
            self.sites_of(cell).insert(site);
        }
        true
    }

    #[inline]
    fn cell(&mut self, name: &CellName) -> usize {
        let cell = self.index.find_or_add(name) as usize;
        if cell == self.numbers.len() {
            self.numbers.push(Numbers::default());
        }
        cell
    }

    #[inline]
    fn sites_of(&mut self, cell: usize) -> &mut IdSet {
        if self.sites.len() <= cell {
            self.sites.resize_with(cell + 1, IdSet::default);
        }
        &mut self.sites[cell]
    }

    /// Adds the counts of others by the same parts. Returns them if their numbers are those of another dictionary.
    pub(super) fn merge(&mut self, later: Self) -> Option<Self> {
        let Some(dictionary) = &later.dictionary else { return None };
        match &self.dictionary {
            Some(known) if Arc::ptr_eq(known, dictionary) => {}
            Some(_) => return Some(later),
            None => {
                *self = later;
                return None;
            }
        }
        for (from, name) in later.index.names().iter().enumerate() {
            let to = self.cell(name);
            self.numbers[to].add(&later.numbers[from]);
            later.dispositions.row(from).for_each(|(id, count)| self.dispositions.add(to, id, count));
            later.sources.row(from).for_each(|(id, count)| self.sources.add(to, id, count));
            if let Some(sites) = later.sites.get(from).filter(|sites| !sites.is_empty()) {
                self.sites_of(to).merge(sites);
            }
        }
        self.states.iter_mut().zip(later.states).for_each(|(own, more)| *own += more);
        None
    }

    /// Returns the number of issues of each state.
    pub(super) fn states(&self) -> impl Iterator<Item = (State, u64)> {
        self.states.iter().enumerate().map(|(code, count)| (State::of_code(code), *count))
    }

    /// Returns what cells are named by.
    pub(super) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Calls `each` with every cell, in the order in which they first came.
    pub(super) fn each_cell(&self, mut each: impl FnMut(Cell<'_>)) {
        let Some(dictionary) = &self.dictionary else { return };
        for (at, name) in self.index.names().iter().enumerate() {
            let value = |part| self.parts.value(part, name, dictionary);
            let disposition = |(id, count)| (dictionary.value(Slot::Disposition, id), count);
            let source = |(id, count)| Some((dictionary.value(Slot::Source, id)?, count));
            let sites = self.sites.get(at).into_iter().flat_map(IdSet::iter);
            let unit = value(self.parts.unit);
            let of_key = |part: &Option<usize>| match *part {
                None => dictionary.group(unit),
                Some(part) => value(part).or_else(|| self.parts.without_value(part)),
            };
            each(Cell {
                values: self.parts.keys.iter().map(of_key).collect(),
                unit,
                category: value(self.parts.category),
                numbers: self.numbers[at],
                dispositions: self.dispositions.row(at).map(disposition).collect(),
                sources: self.sources.row(at).filter_map(source).collect(),
                sites: Box::new(sites.filter_map(|id| dictionary.value(Slot::Site, id))),
            });
        }
    }
}
