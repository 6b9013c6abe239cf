//! Why nothing was mended.

use crate::mend::edit::Edit;
use crate::source::find::FindError;
use crate::source::workbook::BookError;
use crate::words::lang::Lang;

/// What is wrong with one edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditFault {
    /// The place, as the edit names it.
    pub place: String,
    /// What is wrong.
    pub what: What,
}

/// What can be wrong with an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A sheet is named, and the log is no workbook.
    NoWorkbook,
    /// No sheet is named, and none or several are read.
    WhichSheet(Vec<String>),
    /// There is no such sheet; there are these.
    NoSheet(Vec<String>),
    /// There is no row on the line.
    NoLine,
    /// No cell or value begins at the character.
    NoCell,
    /// No column or key has the name.
    NoColumn,
    /// Several columns or keys have the name.
    SeveralColumns,
    /// Beyond the last column.
    NoSuchColumn,
    /// The cell shows something else than the edit says.
    Was {
        /// What it should show.
        was: String,
        /// What it shows.
        shows: String,
    },
    /// Another edit has the same cell.
    Twice,
    /// The encoding can't hold a character.
    Unencodable {
        /// The character.
        c: char,
        /// The encoding.
        encoding: &'static str,
    },
    /// A character that nobody sees.
    Control(char),
    /// More characters than a cell of a workbook can hold.
    TooLong,
    /// The cell lies in a merged one, and is not its first.
    Merged {
        /// The first cell.
        first: String,
        /// The merged area.
        area: String,
    },
    /// Other cells have their formula from this one.
    SharedFormula {
        /// The cells.
        area: String,
    },
    /// The cell is part of a formula over several cells.
    ArrayFormula {
        /// The cells.
        area: String,
    },
    /// The cell is in the heading or the total row of a table object, which knows its text too.
    TableRow {
        /// The name of the table.
        table: String,
    },
    /// The row has cells without addresses, and a cell would have to be put between them.
    NoAddresses,
    /// The value is a list or a mapping.
    NotText,
    /// The value is a list of so many values, and the edit gives another number of them.
    Items(usize),
    /// The value stands on several lines, or in a way of writing that is left to a person.
    SeveralLines,
    /// The value is an anchor's, or has a tag.
    Anchored,
    /// The place is that of a key.
    Key,
}

impl EditFault {
    pub(super) fn new(edit: &Edit, what: What) -> Self {
        Self { place: edit.place.to_string(), what }
    }

    /// Returns the fault as a sentence, with its place.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let sentence = self.what.text(lang);
        lang.pick(format!("{}：{sentence}", self.place), format!("{}: {sentence}", self.place))
    }
}

impl What {
    fn text(&self, lang: Lang) -> String {
        let listed = |names: &[String]| names.join(lang.pick("、", ", "));
        let pick = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
        match self {
            Self::NoWorkbook => pick("台账不是工作簿，没有工作表", "the log is no workbook and has no sheets"),
            Self::WhichSheet(sheets) => lang.pick(
                format!("写明哪一张工作表：{}", listed(sheets)),
                format!("name the sheet, one of {}", listed(sheets)),
            ),
            Self::NoSheet(there) => lang.pick(
                format!("没有这张工作表；有：{}", listed(there)),
                format!("there is no such sheet; there are: {}", listed(there)),
            ),
            Self::NoLine => pick("这一行没有内容", "there is no row on this line"),
            Self::NoCell => pick(
                "这里没有单元格，也没有值；位置照 check 的写法",
                "no cell and no value begins here; write the place as check prints it",
            ),
            Self::NoColumn => pick("没有这一列（键）", "there is no such column or key"),
            Self::SeveralColumns => pick(
                "同名的列（键）不止一个；写位置，如 5:8",
                "several columns or keys have this name; write the place, such as 5:8",
            ),
            Self::NoSuchColumn => pick("在最后一列之外", "it is beyond the last column"),
            Self::Was { was, shows } => lang.pick(
                format!("应是“{was}”，现在是“{shows}”：台账已经不是提出修改时的样子"),
                format!(
                    "it should show `{was}` and shows `{shows}`: the log is not the one that the edit was made for"
                ),
            ),
            Self::Twice => pick("同一单元格改了两次", "two edits have this cell"),
            Self::Unencodable { c, encoding } => lang.pick(
                format!("文件的编码（{encoding}）里没有“{c}”（U+{:04X}）", u32::from(*c)),
                format!("the encoding of the file, {encoding}, has no `{c}` (U+{:04X})", u32::from(*c)),
            ),
            Self::Control(c) => lang.pick(
                format!("新值里有看不见的控制字符（U+{:04X}）", u32::from(*c)),
                format!("the new value has a control character (U+{:04X})", u32::from(*c)),
            ),
            Self::TooLong => {
                pick("超过 32767 个字符，单元格放不下", "more than 32,767 characters: no cell can hold it")
            }
            Self::Merged { first, area } => lang.pick(
                format!("在合并单元格 {area} 里；改 {first}"),
                format!("it is part of the merged cell {area}; set {first}"),
            ),
            Self::SharedFormula { area } => lang.pick(
                format!("{area} 的公式都写在这里，改了就全没了；在 WPS 或 Excel 里改"),
                format!("{area} have their formula from here; mend it in a spreadsheet program"),
            ),
            Self::ArrayFormula { area } => lang.pick(
                format!("是 {area} 的公式的一部分；在 WPS 或 Excel 里改"),
                format!("it is part of a formula over {area}; mend it in a spreadsheet program"),
            ),
            Self::TableRow { table } => lang.pick(
                format!("是表格“{table}”的标题行或汇总行；在 WPS 或 Excel 里改"),
                format!(
                    "it is in the heading or the total row of the table `{table}`; mend it in a spreadsheet program"
                ),
            ),
            Self::NoAddresses => pick(
                "工作表的单元格没有地址，插不进新的；在 WPS 或 Excel 里打开并另存",
                "the cells of the sheet have no addresses, and none can be put between them; open it in a spreadsheet program and save it",
            ),
            Self::Items(count) => lang.pick(
                format!("这里列了 {count} 个值：用顿号（、）隔开写 {count} 个；要增减，在编辑器里改"),
                format!("here stands a list of {count} values: write {count} with 、 between them; to add or remove one, use an editor"),
            ),
            Self::NotText => pick("这里是一组值，不是一个", "the value is a list or a mapping"),
            Self::SeveralLines => pick(
                "值占几行，或写法特殊；在编辑器里改",
                "the value stands on several lines, or is written in a special way; mend it in an editor",
            ),
            Self::Anchored => pick(
                "值是引用（& * !）；在编辑器里改",
                "the value is an anchor, an alias or has a tag (& * !); mend it in an editor",
            ),
            Self::Key => pick("这里是键，不是值", "this is a key, not a value"),
        }
    }
}

/// Why there is no mended copy.
#[derive(Debug)]
pub enum MendError {
    /// What is wrong with the edits, all of it.
    Faults(Vec<EditFault>),
    /// The edits are no JSON of the form that is asked for.
    Request(String),
    /// The log can't be read.
    Find(FindError),
    /// A workbook can't be read.
    Book(BookError),
    /// The bytes are text of no encoding.
    Encoding,
    /// A table can't be read from a line on, or a YAML log.
    Unreadable {
        /// The line.
        line: u32,
    },
    /// The rows of a sheet were asked for, and there is none.
    NoSheets,
    /// A workbook of a format that can't be written.
    NotWritable,
    /// Other sheets than one would have to be written into one CSV.
    SeveralSheets,
    /// Numbers from which no day can be read, which would be read as days in a CSV; their cells.
    Doubtful(Vec<String>),
    /// A workbook is signed, and no edit would leave the signature sound.
    Signed,
    /// The parts of a file are not as they should be.
    Broken(String),
    /// What was made reads otherwise than it should, at a place.
    Changed(String),
}

impl MendError {
    /// Returns why, a sentence in each line.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let pick = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
        match self {
            Self::Faults(faults) => faults.iter().map(|fault| fault.text(lang)).collect::<Vec<_>>().join("\n"),
            Self::Request(why) => lang.pick(
                format!("修改不合格式（duban schema edits）：{why}"),
                format!("the edits are not as they should be (duban schema edits): {why}"),
            ),
            Self::Find(error) => error.text(lang),
            Self::Book(error) => error.text(lang),
            Self::Encoding => pick("看不出文件的编码；另存为 UTF-8", "the encoding of the file is not known; save it as UTF-8"),
            Self::Unreadable { line } => lang.pick(
                format!("第 {line} 行起读不出来（引号没有闭合，或语法有误）；先在编辑器里改好"),
                format!("it can't be read from line {line} on: a quote that is never closed, or its syntax; mend that in an editor first"),
            ),
            Self::NoSheets => pick("没有可写的工作表", "there is no sheet to write"),
            Self::NotWritable => pick(
                "这种工作簿（.xls .xlsb .ods .et）不能就地改；用 -o 文件.csv 写出表中各行，或先另存为 .xlsx",
                "this kind of workbook (.xls .xlsb .ods .et) can't be mended in place; write its rows with -o FILE.csv, or save it as .xlsx first",
            ),
            Self::SeveralSheets => pick(
                "CSV 只放得下一张工作表；用 --sheet 写明哪一张",
                "a CSV holds one sheet; name it with --sheet",
            ),
            Self::Doubtful(cells) => lang.pick(
                format!("{} 是数字，看不出是 8.2 还是 8.20 那样的日期，写成 CSV 就会读成一个日期；用 --set 一并写明", cells.join("、")),
                format!(
                    "{} are numbers, which may have lost a zero as in 8.20, and a CSV would make days of them; set them too",
                    cells.join(", ")
                ),
            ),
            Self::Signed => pick(
                "工作簿有数字签名，改了签名就失效；请签名的人改",
                "the workbook is signed, and would no longer be; whoever signed it is to mend it",
            ),
            Self::Broken(why) => lang.pick(
                format!("改不了这个文件：{why}；在 WPS 或 Excel 里打开并另存"),
                format!("this file can't be mended: {why}; open it in its program and save it"),
            ),
            Self::Changed(place) => lang.pick(
                format!("改过之后 {place} 读出来与应有的不同，所以没有写文件"),
                format!("once mended, {place} would not read as it should, so nothing was written"),
            ),
        }
    }
}
