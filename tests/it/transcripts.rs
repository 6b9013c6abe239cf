//! What a user sees: the commands in the documentation and their output, and a transcript for each topic.
//! `TRYCMD=overwrite cargo test` writes what a run prints.

#[test]
fn the_documentation_and_the_transcripts_show_what_a_run_prints() {
    // Drafts that an earlier state of the program wrote there are none of this run.
    let _ = std::fs::remove_dir_all("target/readme");
    let cases = trycmd::TestCases::new();
    cases.env("NO_COLOR", "1").env("LC_ALL", "zh_CN.UTF-8");
    for case in ["README.md", "README.zh-CN.md", "docs/**/*.md", "tests/cmd/*.md"] {
        cases.case(case);
    }
}
