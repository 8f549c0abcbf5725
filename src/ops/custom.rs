//! Steps of the user's own: runs their command.

use super::run::Run;
use crate::model::{Name, Target};
use crate::pipeline::{Failure, StepContext, StepOutput};
use crate::resolve::Value;
use crate::util::process::Command;
use crate::util::{FailureClass, Secret};

/// How much of what a command wrote is repeated when it fails, in lines.
const LAST_LINES: usize = 10;

/// Runs the command of a step in the manifest's folder, or the one that it names.
pub(super) async fn custom(run: &Run, name: &Name, cx: &StepContext) -> Result<StepOutput, Failure> {
    let step = &run.resolved.steps[name];
    let images = run.images_by_digest();
    let complete = |value: &Value| value.complete(&images).map_err(|target| unknown(&target));
    let mut argv = Vec::new();
    for value in &step.run {
        argv.push(complete(value)?);
    }
    let mut argv = argv.iter().map(|value| value.as_secret().unwrap_or_else(|| Secret::new("")));
    let program = argv.next().expect("a step runs at least a program");
    let folder = step.working_directory.as_ref().map_or_else(|| run.root.clone(), |folder| run.root.join(folder));
    let mut command = Command::new(program.expose()).current_folder(folder).until(cx.cancel.clone());
    for argument in argv {
        command = command.arg(argument.expose());
    }
    for (variable, value) in &step.env {
        if let Some(value) = complete(value)?.as_secret() {
            command = command.env(variable, value.expose());
        }
    }
    let ended = command.stream(&cx.progress, &run.redactor).await;
    let ended = ended.map_err(|error| Failure::from_error(FailureClass::Permanent, &error))?;
    if ended.status.success() {
        return Ok(StepOutput::default());
    }
    let mut message = format!("`{}` ended with {}", command.name(), ended.ending());
    for line in &ended.tail[ended.tail.len().saturating_sub(LAST_LINES)..] {
        message.push('\n');
        message.push_str(line);
    }
    Err(Failure::new(FailureClass::Permanent, message))
}

fn unknown(target: &Target) -> Failure {
    let what = match target {
        Target::App { name, property } => format!("`{property}` of the app `{name}`"),
        Target::Resource { name, property } => format!("`{property}` of the resource `{name}`"),
        Target::Environment { name, property } => format!("`{property}` of the environment `{name}`"),
        Target::Registry { name, property } => format!("`{property}` of the registry `{name}`"),
        Target::Parameter(name) => format!("the parameter `{name}`"),
        Target::Git(_) => "a fact about git".to_owned(),
        Target::Shipit(_) => "a fact about shipit".to_owned(),
    };
    Failure::new(FailureClass::Permanent, format!("{what} is not known in this run"))
        .help("run the steps that make it in the same run")
}
