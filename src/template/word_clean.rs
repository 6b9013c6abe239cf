//! T503: what of a Word template will not be in the files made from it.

use crate::fault::{Code, Faults, Finding};
use crate::model::Field;
use crate::ooxml::{CleanPackage, Property, Thing};
use crate::place::{Place, SourceId};
use crate::word_template::WordTemplate;
use crate::words::lang::{Lang, counted};

/// Tells what will be taken out of the files made from a template, if there is anything.
pub(super) fn tell(template: &WordTemplate, source: SourceId, faults: &mut Faults) {
    // A file that can't be read has been told.
    let Ok(clean) = template.clean() else { return };
    let CleanPackage { removed, properties, things, .. } = &clean;
    if (removed.comments, removed.changes, removed.hidden) != (0, 0, 0)
        || !properties.is_empty()
        || things.iter().any(|thing| *thing != Thing::Comments)
    {
        faults.add(Place::file(source), WillBeRemoved { clean });
    }
}

/// What will be taken out.
#[derive(Debug)]
struct WillBeRemoved {
    clean: CleanPackage,
}

impl WillBeRemoved {
    fn list(&self, lang: Lang) -> String {
        let CleanPackage { removed, properties, things, .. } = &self.clean;
        let mut list = Vec::new();
        for (count, zh, en) in [
            (removed.comments, "批注", "comment"),
            (removed.changes, "修订", "tracked change"),
            (removed.hidden, "隐藏文字", "piece of hidden text"),
        ] {
            if count > 0 {
                let en = if en.starts_with("piece") && count > 1 {
                    format!("{count} pieces of hidden text")
                } else {
                    counted(count, en)
                };
                list.push(lang.pick(format!("{zh} {count} 处"), en));
            }
        }
        for (property, value) in properties {
            let name = match property {
                Property::Author => lang.pick("作者", "author"),
                Property::LastEditor => lang.pick("最后保存者", "last editor"),
                Property::Company => lang.pick("单位", "company"),
                Property::Manager => lang.pick("经理", "manager"),
            };
            list.push(lang.pick(format!("{name}“{value}”"), format!("{name} `{value}`")));
        }
        list.extend(things.iter().filter(|thing| **thing != Thing::Comments).map(|thing| {
            let (zh, en) = match thing {
                Thing::Comments => ("批注", "comments"),
                Thing::CustomProperties => ("自定义属性", "custom properties"),
                Thing::CustomXml => ("自定义 XML", "custom XML"),
                Thing::Thumbnail => ("缩略图", "the thumbnail"),
                Thing::Macros => ("宏", "macros"),
                Thing::Printers => ("打印机设置", "printer settings"),
                Thing::AttachedTemplate => ("附加的模板", "the attached template"),
                Thing::DataSource => ("邮件合并的数据源", "the data source of a mail merge"),
                Thing::LocalFile => ("指向本机文件的链接", "links to files of this computer"),
            };
            lang.pick(zh, en).to_owned()
        }));
        list.join(lang.pick("、", ", "))
    }
}

impl Finding for WillBeRemoved {
    fn code(&self) -> Code {
        const { Code::known("T503") }
    }

    fn words(&self, _: Option<Field>, lang: Lang) -> (String, String) {
        let list = self.list(lang);
        match lang {
            Lang::Zh => (
                format!("写出的文件不带版式模板里的：{list}"),
                "修订按接受处理，请先核对；要留的在 kind.yaml 写 keep: [comments, changes, hidden, properties]".into(),
            ),
            Lang::En => (
                format!("files made from this Word template go out without its {list}"),
                "tracked changes are accepted: check them first; what is to stay is listed in kind.yaml, `keep: [comments, \
                 changes, hidden, properties]`"
                    .into(),
            ),
        }
    }
}
