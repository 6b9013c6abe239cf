//! The imports of the source: which file names which other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// A module by its path below `crate`: `log::table::find_header`.
pub(super) type Module = Vec<String>;

/// What a file names: paths below `crate`, each with what it was written as.
#[derive(Debug)]
pub(super) struct File {
    pub(super) module: Module,
    pub(super) inside: PathBuf,
    /// Paths below `crate`.
    pub(super) paths: BTreeSet<Module>,
    /// The first names of paths that lead out of the crate.
    pub(super) outside: BTreeSet<String>,
}

/// Everything that the modules below a folder name, without their tests.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) files: Vec<File>,
    /// Names that a module passes on, and where they come from.
    passed_on: BTreeMap<(Module, String), Module>,
}

impl Source {
    /// Reads `src`.
    pub(super) fn read(root: &Path) -> Self {
        let mut paths = Vec::new();
        collect(root, &mut paths);
        paths.sort();
        let texts = paths.into_iter().map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path.strip_prefix(root).unwrap().to_owned(), text)
        });
        Self::of(texts.collect())
    }

    /// The same of texts by their paths below `src`.
    pub(super) fn of(texts: Vec<(PathBuf, String)>) -> Self {
        let mut source = Self::default();
        let mut test_modules = BTreeSet::new();
        for (inside, text) in texts {
            let module = module_of(&inside);
            let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", inside.display()));
            let mut names = Names::of(module.clone());
            names.items(&file.items);
            test_modules.extend(names.tests);
            source.passed_on.extend(names.passed_on);
            source.files.push(File { module, inside, paths: names.paths, outside: names.outside });
        }
        source.files.retain(|file| !test_modules.iter().any(|test| file.module.starts_with(test)));
        source
    }

    /// The module in which what a path names stands: names that are passed on lead to where they are made.
    pub(super) fn home(&self, path: &Module) -> Option<&File> {
        let mut path = path.clone();
        for _ in 0..8 {
            let file = self.files.iter().filter(|file| path.starts_with(&file.module));
            let file = file.max_by_key(|file| file.module.len())?;
            let name = path.get(file.module.len());
            match name.and_then(|name| self.passed_on.get(&(file.module.clone(), name.clone()))) {
                Some(from) => path.splice(..=file.module.len(), from.iter().cloned()).for_each(drop),
                None => return Some(file),
            }
        }
        None
    }
}

pub(super) fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// `log/table/mod.rs` and `log/table.rs` are `log::table`.
pub(super) fn module_of(inside: &Path) -> Module {
    let mut parts: Module =
        inside.iter().map(|part| part.to_string_lossy().trim_end_matches(".rs").to_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

/// Collects the paths of one file.
struct Names {
    module: Module,
    /// The modules declared so far in each module of the file.
    children: BTreeSet<Module>,
    paths: BTreeSet<Module>,
    outside: BTreeSet<String>,
    passed_on: BTreeMap<(Module, String), Module>,
    tests: Vec<Module>,
}

impl Names {
    fn of(module: Module) -> Self {
        let (children, paths, outside) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Self { module, children, paths, outside, passed_on: BTreeMap::new(), tests: Vec::new() }
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            if let Item::Mod(child) = item {
                let path = below(&self.module, &child.ident.to_string());
                if is_test(&child.attrs) {
                    self.tests.push(path);
                } else {
                    self.children.insert(path);
                }
            }
        }
        for item in items {
            self.visit_item(item);
        }
    }

    fn add(&mut self, segments: &[String]) -> Option<Module> {
        let path = match segments.first()?.as_str() {
            "crate" => segments[1..].to_vec(),
            "self" => [&self.module[..], &segments[1..]].concat(),
            "super" => {
                let up = segments.iter().take_while(|segment| *segment == "super").count();
                [&self.module[..self.module.len().saturating_sub(up)], &segments[up..]].concat()
            }
            first if self.children.contains(&below(&self.module, first)) => [&self.module[..], segments].concat(),
            first => {
                self.outside.insert(first.to_owned());
                return None;
            }
        };
        self.paths.insert(path.clone());
        Some(path)
    }

    fn tree(&mut self, tree: &UseTree, before: &[String], is_passed_on: bool) {
        match tree {
            UseTree::Path(path) => self.tree(&path.tree, &below(before, &path.ident.to_string()), is_passed_on),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, before, is_passed_on)),
            UseTree::Glob(_) => drop(self.add(before)),
            UseTree::Name(name) => self.named(before, &name.ident.to_string(), None, is_passed_on),
            UseTree::Rename(name) => {
                self.named(before, &name.ident.to_string(), Some(name.rename.to_string()), is_passed_on);
            }
        }
    }

    fn named(&mut self, before: &[String], name: &str, rename: Option<String>, is_passed_on: bool) {
        let segments = if name == "self" { before.to_vec() } else { below(before, name) };
        if let Some(path) = self.add(&segments)
            && is_passed_on
        {
            self.passed_on.insert((self.module.clone(), rename.unwrap_or_else(|| name.to_owned())), path);
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            Item::Use(use_) if !is_test(&use_.attrs) => {
                self.tree(&use_.tree, &[], !matches!(use_.vis, syn::Visibility::Inherited));
            }
            Item::Use(_) => {}
            Item::Mod(child) if is_test(&child.attrs) => {}
            Item::Mod(child) => {
                if let Some((_, items)) = &child.content {
                    self.module.push(child.ident.to_string());
                    self.items(items);
                    self.module.pop();
                }
            }
            Item::Fn(function) if is_test(&function.attrs) => {}
            other => visit::visit_item(self, other),
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_test(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    // `pub(in crate::log)` names who may see, not what is used.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 {
            self.add(&segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, inside: &'ast syn::Macro) {
        // What stands in a macro is no syntax tree; its words are looked through for whole paths.
        let words = inside.tokens.to_string().replace(' ', "");
        for part in words.split("crate::").skip(1) {
            let path: String = part.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
            self.paths.insert(path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect());
        }
    }
}

fn below(module: &[String], name: &str) -> Module {
    [module, &[name.to_owned()]].concat()
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}
