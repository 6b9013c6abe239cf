//! What a user sees: the README's commands and their output, and a transcript for each topic.
//! `TRYCMD=overwrite cargo test` writes what a run prints.

#[test]
fn the_readme_and_the_transcripts_show_what_a_run_prints() {
    trycmd::TestCases::new().env("NO_COLOR", "1").env("LC_ALL", "zh_CN.UTF-8").case("README.md").case("tests/cmd/*.md");
}
