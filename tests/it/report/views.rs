//! Lines, JSON, GitHub, files: each view of the same run.

use super::golden;
use super::run::{Buffer, Hand, SECRET, cleaner, drive, outcome, output, result, shop, shop_outcome};
use shipit::cli::report::github::{self, GithubReporter, Place};
use shipit::cli::report::{
    JsonReporter, LinesReporter, LogFileReporter, Paint, QuietReporter, ReportFormat, ReportSettings, Reporter,
    Reports, RunReporter, reporters, table,
};
use shipit::pipeline::{Event, Failure, Outcome, StepId, StepState};
use shipit::util::{FailureClass, Update};

const PLAIN: Paint = Paint { color: false, ascii: false };

#[track_caller]
fn check(name: &str, make: impl FnOnce(Buffer, &Hand) -> Box<dyn Reporter>) -> String {
    let (buffer, hand) = (Buffer::default(), Hand::default());
    let mut reporter = make(buffer.clone(), &hand);
    drive(&mut *reporter, &hand, &shop(), &shop_outcome());
    let text = buffer.text();
    assert!(!text.contains(SECRET), "{text}");
    assert!(!text.contains(['\u{1b}', '\r', '\u{202e}']), "{text}");
    golden(name, &text);
    text
}

#[test]
fn plain_progress_is_one_line_an_event() {
    let text = check("plain.txt", |out, hand| Box::new(LinesReporter::new(Box::new(out), hand.clock(), 0, PLAIN)));
    assert!(!text.contains("the engine is 20.10"));
}

#[test]
fn json_progress_is_one_object_a_line() {
    let text = check("json.jsonl", |out, hand| Box::new(JsonReporter::new(Box::new(out), hand.clock(), 1)));
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(value["seconds"].is_number() && value["event"].is_string(), "{line}");
    }
}

#[test]
fn quiet_progress_is_only_failures() {
    check("quiet.txt", |out, _| Box::new(QuietReporter::new(Box::new(out), PLAIN)));
    let (buffer, hand) = (Buffer::default(), Hand::default());
    let mut quiet = QuietReporter::new(Box::new(buffer.clone()), PLAIN);
    let done = outcome(vec![result("a", output(false, "x", 1), 0, 5)]);
    drive(&mut quiet, &hand, &[], &done);
    assert_eq!(buffer.text(), "");
}

#[test]
fn github_gets_groups_annotations_and_a_summary() {
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    let text = check("github.txt", |out, hand| {
        Box::new(GithubReporter::new(Box::new(out), hand.clock(), 0, Some(summary.clone())))
    });
    let commands: Vec<&str> = text.lines().filter(|line| line.trim_start().starts_with("::")).collect();
    assert_eq!(commands.len(), 3, "foreign text gave a command: {commands:#?}");
    assert!(!text.contains("##["));
    let summary = std::fs::read_to_string(summary).unwrap();
    assert!(!summary.contains(SECRET));
    golden("github-summary.md", &summary);
}

#[test]
fn workflow_commands_are_escaped() {
    let place = Place { file: "a,b:c%.toml".to_owned(), line: 3, column: 7 };
    assert_eq!(
        github::error_annotation(Some(&place), "unknown, key: x", "one\r\ntwo: 50%"),
        "::error file=a%2Cb%3Ac%25.toml,line=3,col=7,title=unknown%2C key%3A x::one%0D%0Atwo: 50%25\n"
    );
    assert_eq!(github::warning_annotation(None, "", "careful"), "::warning::careful\n");
    assert_eq!(github::add_mask("one\n\n two%\n"), "::add-mask::one\n::add-mask:: two%25\n");
    assert_eq!(
        github::output("digests", "end-of-value\nx"),
        "digests<<end-of-value-\nend-of-value\nx\nend-of-value-\n"
    );
}

#[test]
fn the_log_file_holds_everything_with_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.log");
    let hand = Hand::default();
    let mut reporter = LogFileReporter::create(&path, hand.clock()).unwrap();
    drive(&mut reporter, &hand, &shop(), &shop_outcome());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(SECRET) && !text.contains('\u{1b}'));
    golden("log-file.txt", &text);

    let missing = folder.path().join("no/run.log");
    let error = LogFileReporter::create(&missing, hand.clock()).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write the log file `{}`", missing.display()));
}

#[test]
fn the_report_is_written_as_json_and_as_one_page() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in [("report.json", ReportFormat::Json), ("report.html", ReportFormat::Html)] {
        let path = folder.path().join(name);
        assert_eq!(ReportFormat::of(&path), Some(format));
        drive(&mut RunReporter::new(path.clone(), format), &Hand::default(), &shop(), &shop_outcome());
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains(SECRET) && !text.contains('\u{1b}'));
        golden(name, &text);
    }
    let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(!page.contains("<all>") && !page.contains("http") && !page.contains("<script"));
    assert_eq!(ReportFormat::of("report.txt".as_ref()), None);
}

#[test]
fn the_closing_table_lists_states_then_each_failure_once() {
    golden("table.txt", &table(&cleaner().outcome(&shop_outcome()), PLAIN));
    golden("table-ascii.txt", &table(&cleaner().outcome(&shop_outcome()), Paint { ascii: true, color: false }));
    let coloured = table(&cleaner().outcome(&shop_outcome()), Paint { ascii: false, color: true });
    golden("table-colour.txt", &coloured.replace('\u{1b}', "ESC"));
}

#[test]
fn a_long_table_lists_what_was_not_done() {
    let mut steps: Vec<_> =
        (0..300).map(|n| result(&format!("build-{n}"), output(n % 3 == 0, "x", 0), n, 100)).collect();
    let skipped = StepState::Skipped { because: StepId::new("login") };
    steps.extend((0..60).map(|n| result(&format!("push-{n}"), skipped.clone(), 0, 0)));
    let failure = Failure::new(FailureClass::Passing, "the registry does not answer");
    steps.push(result("login", StepState::Failed(failure), 5, 30_000));
    golden("table-long.txt", &table(&outcome(steps), PLAIN));
}

#[test]
fn a_cancelled_run_says_so() {
    let steps = vec![
        result("build-api", output(false, "1 image", 0), 0, 1000),
        result("push-api", StepState::Cancelled, 1000, 500),
        result("push-web", StepState::Cancelled, 0, 0),
    ];
    golden("table-cancelled.txt", &table(&Outcome { cancelled: true, ..outcome(steps) }, PLAIN));
}

#[test]
fn every_view_is_fed_and_what_could_not_be_written_is_returned() {
    let folder = tempfile::tempdir().unwrap();
    let buffer = Buffer::default();
    let hand = Hand::default();
    let settings = ReportSettings {
        log_file: Some(folder.path().join("run.log")),
        reports: vec![
            (folder.path().join("report.json"), ReportFormat::Json),
            (folder.path().join("no/report.html"), ReportFormat::Html),
        ],
        ..ReportSettings::default()
    };
    let views = reporters(&settings, &hand.clock(), Box::new(buffer.clone())).unwrap();
    let reports = Reports::start(views, cleaner());
    let send = reports.sender();
    for (_, event) in shop() {
        send(event);
    }
    // More than may wait: nothing but positions may be lost.
    let line = |n: usize| Event::Progress { step: StepId::new("flood"), update: Update::Log(format!("line {n}.")) };
    (0..20_000).for_each(|n| send(line(n)));
    let errors: Vec<String> = reports.finish(shop_outcome()).iter().map(ToString::to_string).collect();
    assert_eq!(errors, [format!("cannot write the report `{}`", folder.path().join("no/report.html").display())]);
    send(line(0));

    let log = std::fs::read_to_string(folder.path().join("run.log")).unwrap();
    for text in [&log, &buffer.text()] {
        assert!(!text.contains(SECRET) && !text.contains('\u{1b}'));
        assert_eq!(text.matches("[flood] line ").count(), 20_000);
        assert!(text.contains("[flood] line 19999."));
    }
    assert!(folder.path().join("report.json").exists());
}
