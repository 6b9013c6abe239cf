//! What a system gives or lacks is known to one room, so that no stage fails where threads, a disk or locks are missing.

use std::path::Path;

/// What only `src/platform` may say, and what others say instead.
const ONLY_THERE: [(&str, &str); 15] = [
    ("cfg(unix", "a function of `platform`"),
    ("cfg(not(unix", "a function of `platform`"),
    ("cfg(windows", "a function of `platform`"),
    ("cfg(not(windows", "a function of `platform`"),
    ("cfg!(", "a function of `platform`"),
    ("target_os", "a function of `platform`"),
    ("os::unix", "a function of `platform`"),
    ("os::windows", "a function of `platform`"),
    (".canonicalize(", "`platform::paths::real_path`"),
    ("thread::spawn(", "`platform::threads`, or a `thread::Builder` whose refusal is answered"),
    ("tempfile()", "`platform::scratch::ScratchFile`"),
    ("tempdir()", "`platform::scratch::folder`"),
    ("temp_dir()", "`platform::scratch`"),
    (".display()", "`platform::paths::slashed`"),
    (".lock_shared()", "`platform::locks`"),
];

/// The part of a file that is no test.
fn without_tests(text: &str) -> &str {
    let begins = ["\n#[cfg(test)]\nmod ", "\n#[cfg(all(test"].iter().filter_map(|mark| text.find(mark)).min();
    begins.map_or(text, |at| &text[..at])
}

fn wrong(inside: &str, text: &str) -> Vec<String> {
    if inside.starts_with("platform/") || inside.ends_with("tests.rs") {
        return Vec::new();
    }
    let lines = without_tests(text).lines().enumerate();
    // Only tests unwrap; some are a file of their own.
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//") && !line.contains(".unwrap()"));
    let found = code.flat_map(|(at, line)| {
        let said = ONLY_THERE.iter().filter(move |(word, _)| line.contains(word));
        said.map(move |(word, instead)| format!("{inside}:{}: {word} …: use {instead}", at + 1))
    });
    found.collect()
}

fn each_file(folder: &Path, each: &mut dyn FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_file(&path, each);
        } else {
            each(&path);
        }
    }
}

#[test]
fn one_room_knows_the_system() {
    let root = super::root();
    let mut found = Vec::new();
    each_file(&root, &mut |path| {
        if path.extension().is_some_and(|extension| extension == "rs") {
            let inside = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            found.extend(wrong(&inside, &std::fs::read_to_string(path).unwrap()));
        }
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn planted_questions_are_found() {
    for line in ["#[cfg(unix)]", "let real = path.canonicalize()?;", "if cfg!(windows) {", "tempfile::tempfile()?"] {
        assert_eq!(wrong("log/read.rs", line).len(), 1, "{line}");
        assert_eq!(wrong("platform/files.rs", line), Vec::<String>::new());
        assert_eq!(
            wrong("log/read.rs", &format!("// {line}\n#[cfg(test)]\nmod tests {{ {line} }}")),
            Vec::<String>::new()
        );
    }
}
