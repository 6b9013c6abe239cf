//! What a system gives or lacks is known to one room, so that no stage fails where threads, a disk or locks are missing.

use std::path::Path;

/// What only `src/platform` may say, and what others say instead.
const ONLY_THERE: [(&str, &str); 19] = [
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
    ("target_arch", "a function of `platform`"),
    ("Command::new(", "`World` or `platform::processes`"),
    ("thread::scope(", "`platform::threads`"),
    ("Instant::now(", "a day or a time that the caller gives"),
];

/// Who else says it, and why no stage fails for it where the system lacks something.
const ELSEWHERE: [(&str, &str, &str); 11] = [
    ("delimited/marks.rs", "target_arch", "the same marks by other instructions, held against the portable ones"),
    ("cli/git.rs", "Command::new(", "where there is no Git, that is an answer"),
    ("cli/git.rs", "thread::scope(", "Git was started"),
    ("cli/world.rs", "Command::new(", "the door"),
    ("cli/open/service.rs", "Command::new(", "the desk listens"),
    ("cli/open/service.rs", "thread::scope(", "a command was started"),
    ("cli/open/service.rs", "Instant::now(", "a command was started"),
    ("pdf/converter.rs", "Command::new(", "where there is no LibreOffice, that is an error with its remedy"),
    ("fold.rs", "thread::scope(", "`platform::threads` says how many; one needs no thread"),
    ("serve/server.rs", "Instant::now(", "a connection was taken"),
    ("serve/service.rs", "Instant::now(", "the server listens"),
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
        let is_known = move |word: &str| ELSEWHERE.iter().any(|(file, known, _)| *file == inside && *known == word);
        let said = ONLY_THERE.iter().filter(move |(word, _)| line.contains(word) && !is_known(word));
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

#[test]
fn nobody_is_excused_who_says_nothing() {
    for (file, word, _) in ELSEWHERE {
        let text = std::fs::read_to_string(super::root().join(file)).unwrap();
        assert!(without_tests(&text).contains(word), "{file}: {word}");
    }
}
