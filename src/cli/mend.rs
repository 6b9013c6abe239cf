//! `duban mend`.

use std::io::Read as _;
use std::path::Path;

use crate::cli::args::{InputFormatArg, MendArgs};
use crate::cli::logs::no_workbook;
use crate::cli::output;
use crate::cli::session::Session;
use crate::cli::{ExitStatus, Stop};
use crate::mend::{Edit, EditPlace, LogBytes, MendError, MendTarget, Mended, edits_of_json, mend};
use crate::platform::paths::{real_path, slashed};
use crate::source::Form;
use crate::source::excerpt::harmless;
use crate::source::find::is_workbook_name;
use crate::words::lang::{Lang, counted};

pub(super) fn run(args: &MendArgs, session: &mut Session<'_>) -> Result<ExitStatus, Stop> {
    let lang = session.lang;
    let is_stdin = args.log.as_os_str() == "-";
    let name = args.log.to_string_lossy().replace('\\', "/");
    let (path, out) = (session.world.folder.join(&args.log), session.world.folder.join(&args.output));
    let target = target(&name, &args.output, lang)?;
    if !args.sheets.is_empty() && !is_workbook_name(&name) {
        return Err(no_workbook(session));
    }
    if is_stdin && args.edits.as_ref().is_some_and(|edits| edits.as_os_str() == "-") {
        return Err(Stop::wrong(
            session.pick("标准输入只能是台账或修改之一", "standard input can't be both the log and the edits"),
        ));
    }
    if !is_stdin && real_path(&path).is_ok_and(|log| real_path(&out).is_ok_and(|out| out == log)) {
        return Err(Stop::wrong(session.pick(
            "-o 就是台账本身；改过的另写一份，交来的原样留着",
            "-o names the log itself; the mended copy is another file, and what was handed in stays as it is",
        )));
    }
    let mut edits = given(&args.new_values, &name, lang)?;
    if let Some(file) = &args.edits {
        let text = String::from_utf8(read(file, session)?);
        let text = text.map_err(|error| Stop::wrong(format!("{}: {error}", slashed(&file))))?;
        let more = edits_of_json(&text).map_err(|error| Stop::wrong(error.text(lang)))?;
        edits.extend(more);
    }
    let bytes = read(&args.log, session)?;
    let form = is_stdin.then_some(match args.input_format {
        InputFormatArg::Csv => Form::Table,
        InputFormatArg::Yaml | InputFormatArg::Json => Form::Tree,
    });
    let log = LogBytes { name: &name, bytes: &bytes, form, sheets: &args.sheets };
    let mended = mend(&log, &edits, target, &session.project).map_err(|error| stop(&error, &name, lang))?;
    output::write_file(&args.output, &mended.bytes, session)?;
    tell(&mended, &args.output, session)?;
    Ok(ExitStatus::Done)
}

/// The bytes of a file, or of standard input.
fn read(path: &Path, session: &mut Session<'_>) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        session.world.stdin.read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    session.read_file(path)
}

/// The edits of `--set`.
fn given(texts: &[String], name: &str, lang: Lang) -> Result<Vec<Edit>, Stop> {
    let (mut edits, mut wrong) = (Vec::new(), Vec::new());
    for text in texts {
        // What `check` prints begins with the name of the log.
        let text = text.strip_prefix(name).and_then(|rest| rest.strip_prefix(':')).unwrap_or(text);
        let ends = text.char_indices().filter(|(_, c)| *c == '=').map(|(at, _)| at);
        // A sheet or a header may have the sign itself.
        let edit = ends.into_iter().find_map(|at| {
            let place: EditPlace = text.get(..at)?.parse().ok()?;
            Some(Edit { place, was: None, value: text.get(at + 1..)?.to_owned() })
        });
        match edit {
            Some(edit) => edits.push(edit),
            None => wrong.push(lang.pick(
                format!("--set {text}：要写 位置=值，位置如 E5、台账!E5、5:8、5:整改期限"),
                format!("--set {text}: write PLACE=VALUE, with a place such as E5, Sheet1!E5, 5:8 or 5:deadline"),
            )),
        }
    }
    if wrong.is_empty() { Ok(edits) } else { Err(Stop::wrong(wrong.join("\n"))) }
}

/// What is written, by the endings of the log and of the copy.
fn target(log: &str, out: &Path, lang: Lang) -> Result<MendTarget, Stop> {
    let ending = |path: &Path| path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let (of_log, of_out) = (ending(Path::new(log)), ending(out));
    if is_workbook_name(log) && of_out == "csv" {
        return Ok(MendTarget::Csv);
    }
    let is_yaml = |ending: &str| matches!(ending, "yaml" | "yml");
    if log == "-" || of_log == of_out || is_yaml(&of_log) && is_yaml(&of_out) {
        return Ok(MendTarget::Same);
    }
    Err(Stop::wrong(lang.pick(
        format!("改过的与台账同一种格式：-o 的文件名要以 .{of_log} 结尾（工作簿也可以是 .csv）"),
        format!("the copy has the format of the log: let -o end in .{of_log} (or, of a workbook, in .csv)"),
    )))
}

fn stop(error: &MendError, name: &str, lang: Lang) -> Stop {
    let text = error.text(lang);
    Stop::wrong(match error {
        MendError::Faults(faults) => {
            let count = faults.len();
            let head = lang.pick(
                format!("{name}：修改有 {count} 处不对，一处也没有改"),
                format!("{name}: {} in the edits; nothing was mended", counted(count, "fault")),
            );
            format!("{head}\n{text}")
        }
        _ => format!("{name}{}{text}", lang.pick("：", ": ")),
    })
}

/// Says what is another now.
fn tell(mended: &Mended, out: &Path, session: &mut Session<'_>) -> Result<(), Stop> {
    let lang = session.lang;
    for cell in &mended.cells {
        let [old, new] = [&cell.old, &cell.new].map(|text| harmless(&text.replace('\n', "↵")));
        session.note(
            &lang
                .pick(format!("{}：“{old}”改为“{new}”", cell.place), format!("{}: `{old}` is `{new}` now", cell.place)),
        )?;
    }
    let (count, out) = (mended.cells.len(), slashed(&out));
    session.note(&lang.pick(
        format!("改了 {count} 个单元格，写到 {out}"),
        format!("{} mended, written to {out}", counted(count, "cell")),
    ))?;
    if !mended.left_out.is_empty() {
        let sheets = mended.left_out.join(lang.pick("、", ", "));
        session.warn(&lang.pick(
            format!("CSV 只有一张表；没有写进去的：{sheets}"),
            format!("a CSV has one sheet; left out: {sheets}"),
        ))?;
    }
    if mended.hidden > 0 {
        session.warn(&lang.pick(
            format!("写进 CSV 的有 {} 行在工作表里是隐藏的", mended.hidden),
            format!("{} of the sheet, now in the CSV", counted(mended.hidden, "hidden row")),
        ))?;
    }
    if mended.struck > 0 {
        session.warn(&lang.pick(
            format!("写进 CSV 的有 {} 行在工作表里整行划了删除线", mended.struck),
            format!("{} of the sheet, now in the CSV", counted(mended.struck, "struck-out row")),
        ))?;
    }
    if mended.has_formulas && count > 0 {
        session.warn(&session.pick(
            "工作簿里有公式，显示的还是改之前的结果；在 WPS 或 Excel 里打开，重新计算（Ctrl+Alt+F9）并保存",
            "the workbook has formulas, which show what they showed before; open it, calculate it anew (Ctrl+Alt+F9) and save it",
        ))?;
    }
    Ok(())
}
