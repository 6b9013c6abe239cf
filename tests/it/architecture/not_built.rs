//! Tests that are not built for Windows, or not wholly, stand in `release/wine/not-built`, and those that are built and not run
//! there in `release/wine/left-out`, each with its reason.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, ItemFn, ItemMod, Meta, Token};

use super::imports::{Module, collect, module_of};

/// Whether what `cfg(…)` asks for holds on Windows, as far as it is about the system.
fn holds(asked: &Meta) -> bool {
    let all = || match asked {
        Meta::List(list) => list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap(),
        _ => Punctuated::new(),
    };
    match asked.path().get_ident().map(ToString::to_string).as_deref() {
        Some("unix" | "target_os") => false,
        Some("not") => !all().iter().all(holds),
        Some("any") => all().iter().any(holds),
        Some("all") => all().iter().all(holds),
        _ => true,
    }
}

fn is_built(attribute: &Attribute) -> bool {
    !attribute.path().is_ident("cfg") || attribute.parse_args::<Meta>().is_ok_and(|asked| holds(&asked))
}

/// What a file has that is not built.
#[derive(Default)]
struct Search {
    /// The module that is looked at.
    module: Module,
    /// Whether what is looked at is left out with what stands around it.
    is_out: bool,
    /// Whether a part of the test was left out.
    lacks_a_part: bool,
    /// The tests of which nothing is left out, and the others.
    built: Vec<String>,
    not_built: Vec<String>,
    modules: Vec<Module>,
}

impl<'a> Visit<'a> for Search {
    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        let before = self.is_out;
        self.is_out |= !item.attrs.iter().all(is_built);
        self.module.push(item.ident.to_string());
        if self.is_out && item.content.is_none() {
            self.modules.push(self.module.clone());
        }
        visit::visit_item_mod(self, item);
        self.module.pop();
        self.is_out = before;
    }

    fn visit_item_fn(&mut self, item: &'a ItemFn) {
        let around = std::mem::take(&mut self.lacks_a_part);
        visit::visit_item_fn(self, item);
        let is_test = item.attrs.iter().any(|attribute| attribute.path().is_ident("test"));
        if is_test {
            let is_built = !self.is_out && !self.lacks_a_part;
            let tests = if is_built { &mut self.built } else { &mut self.not_built };
            tests.push([self.module.join("::"), item.sig.ident.to_string()].join("::"));
        }
        self.lacks_a_part |= around;
    }

    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        self.lacks_a_part |= !is_built(attribute);
    }
}

/// The names of tests, as their programs list them.
#[derive(Default)]
struct Tests {
    built: BTreeSet<String>,
    not_built: BTreeSet<String>,
}

/// All tests of the crate.
static ALL_TESTS: LazyLock<Tests> = LazyLock::new(|| {
    let mut tests = Tests::default();
    for folder in ["src", "tests/it"] {
        tests_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut tests);
    }
    tests
});

/// Adds the tests below a folder.
fn tests_of(folder: &Path, tests: &mut Tests) {
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    let mut left_out: Vec<Module> = Vec::new();
    let files = paths.iter().map(|path| {
        let module = module_of(path.strip_prefix(folder).unwrap());
        let module = if module == ["main"] { Vec::new() } else { module };
        (module, syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap())
    });
    let mut files: Vec<(Module, syn::File)> = files.collect();
    // The file that leaves another out is looked at before that one.
    files.sort_by_key(|(module, _)| module.len());
    for (module, file) in files {
        let is_out = !file.attrs.iter().all(is_built) || left_out.iter().any(|out| module.starts_with(out));
        let mut search = Search { module, is_out, ..Search::default() };
        search.visit_file(&file);
        left_out.extend(search.modules);
        tests.built.extend(search.built);
        tests.not_built.extend(search.not_built);
    }
}

/// The names in a list below `release/wine`, each of which has a reason.
fn listed(name: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("release/wine").join(name)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let names = lines.map(|line| {
        let (item, why) = line.split_once('\t').unwrap_or((line, ""));
        assert!(!why.is_empty(), "{name}: {item}: why?");
        item.to_owned()
    });
    names.collect()
}

#[test]
fn what_is_not_built_for_windows_is_told_with_its_reason() {
    let (told, found) = (listed("not-built"), &ALL_TESTS.not_built);
    let (untold, gone) = (found.difference(&told), told.difference(found));
    assert_eq!(
        &told,
        found,
        "without a reason: {:?}; not there: {:?}",
        untold.collect::<Vec<_>>(),
        gone.collect::<Vec<_>>()
    );
}

#[test]
fn what_is_not_run_under_wine_is_there() {
    let gone: Vec<String> = listed("left-out").difference(&ALL_TESTS.built).cloned().collect();
    assert_eq!(gone, [""; 0], "renamed, or in `not-built` already");
}

#[test]
fn a_planted_test_is_found() {
    let planted = |text: &str| {
        let mut search = Search { module: vec!["a".to_owned()], ..Search::default() };
        search.visit_file(&syn::parse_str(text).unwrap());
        search.not_built
    };
    for text in [
        "#[cfg(unix)] #[test] fn t() {}",
        "#[test] #[cfg(not(windows))] fn t() {}",
        "#[test] #[cfg(all(unix, test))] fn t() {}",
        "#[test] fn t() { #[cfg(unix)] { f(); } }",
        "#[test] fn t() { for x in [#[cfg(target_os = \"linux\")] 1, 2] {} }",
    ] {
        assert_eq!(planted(text), ["a::t"], "{text}");
    }
    assert_eq!(planted("#[cfg(all(test, unix))] mod tests { #[test] fn t() {} }"), ["a::tests::t"]);
    for text in [
        "#[test] fn t() {}",
        "#[cfg(any(unix, windows))] #[test] fn t() {}",
        "#[cfg(unix)] fn f() {} #[test] fn t() {}",
        "#[test] fn t() { #[cfg(not(unix))] f(); }",
    ] {
        assert_eq!(planted(text), [""; 0], "{text}");
    }
}
