//! What a user sees: the commands of the READMEs and their output, and a transcript for each topic.
//! `TRYCMD=overwrite cargo test` writes what a run prints.

#[test]
fn the_readmes_and_the_transcripts_show_what_a_run_prints() {
    let cases = trycmd::TestCases::new();
    cases.env("NO_COLOR", "1").env("LC_ALL", "zh_CN.UTF-8");
    for case in ["README.md", "README.zh-CN.md", "tests/cmd/*.md"] {
        cases.case(case);
    }
}
