//! Wrong usage, in Chinese: what clap found, said in our words.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// The sentence for an error of usage; `None` for one that has no sentence here, and for help and version, which are none.
pub(super) fn chinese(error: &Error) -> Option<String> {
    let of = |kind: ContextKind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join("、")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::StyledStrs(texts) => Some(texts.iter().map(ToString::to_string).collect::<Vec<_>>().join("；")),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let argument = || of(ContextKind::InvalidArg).unwrap_or_default();
    let value = || of(ContextKind::InvalidValue).unwrap_or_default();
    let text = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有 `{}` 这个选项或参数", argument()),
        ErrorKind::InvalidSubcommand => {
            format!("没有 `{}` 这个命令", of(ContextKind::InvalidSubcommand).unwrap_or_default())
        }
        ErrorKind::InvalidValue if value().is_empty() => format!("`{}` 后面缺少值", argument()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("`{}` 不能是 `{}`", argument(), value()),
        ErrorKind::MissingRequiredArgument => format!("缺少 {}", argument()),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::ArgumentConflict => match of(ContextKind::PriorArg) {
            Some(other) if other != argument() => format!("`{}` 不能与 `{other}` 一起用", argument()),
            _ => format!("`{}` 只能写一次", argument()),
        },
        ErrorKind::TooManyValues => format!("`{}` 的值太多：`{}`", argument(), value()),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("`{}` 的值的个数不对", argument()),
        ErrorKind::NoEquals => format!("`{}` 的值要用等号连写", argument()),
        ErrorKind::InvalidUtf8 => "命令行里有不是 UTF-8 的文字".to_owned(),
        _ => return None,
    };
    let mut text = format!("duban: {text}\n");
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand];
    if let Some(near) = near.into_iter().find_map(of) {
        text.extend(["  是否指 `", &near, "`？\n"]);
    }
    if let Some(values) = of(ContextKind::ValidValue).filter(|values| !values.is_empty()) {
        text.extend(["  可以是：", &values, "\n"]);
    }
    text.push_str("  用法见 --help\n");
    Some(text)
}
