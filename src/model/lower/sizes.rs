//! `cpu` and `memory`, and which pairs of them Container Apps takes (Microsoft Learn, "Allocations"
//! of Azure Container Apps: consumption plan, 0.25 to 4 processors in steps of 0.25, 2 GiB for each).

use super::Cx;
use crate::manifest::Spanned;
use crate::model::scope::Item;
use crate::model::written::{App, Number};
use crate::model::{Memory, Name};

/// What a replica of an app gets.
pub(super) fn check(
    cx: &mut Cx<'_>,
    written: &App,
    environments: &[Spanned<Name>],
) -> (Option<Spanned<f64>>, Option<Spanned<Memory>>) {
    let consumption: Vec<Spanned<Name>> =
        if written.workload_profile.is_some() { Vec::new() } else { environments.to_vec() };
    sizes(cx, written.cpu.as_ref(), written.memory.as_ref(), &consumption)
}

/// The same of anything in a container; `environments`: where nothing is said of a workload profile.
pub(in crate::model) fn sizes(
    cx: &mut Cx<'_>,
    cpu: Option<&Spanned<Number>>,
    text: Option<&Spanned<String>>,
    environments: &[Spanned<Name>],
) -> (Option<Spanned<f64>>, Option<Spanned<Memory>>) {
    let cpu = cpu.filter(|cpu| {
        let fits = cpu.get_ref().0 > 0.0 && cpu.get_ref().0 <= 1024.0;
        if !fits {
            cx.error("bad-value", format!("{} is no number of processors", cpu.get_ref().0), cpu.span(), "")
                .help("write a number above 0, for example `0.5`")
                .push();
        }
        fits
    });
    let memory = text.and_then(|text| memory(cx, text, "amount of memory"));
    let scope = cx.scope;
    let consumption = environments.iter().find_map(|name| {
        let item = scope.get(name.get_ref().as_str())?;
        is_consumption(item).then_some(item)
    });
    if let Some(environment) = consumption {
        let sized = text.zip(memory.as_ref().map(|memory| memory.gibibytes()));
        pair(cx, environment, cpu.map(|cpu| (cpu.span(), cpu.get_ref().0)), sized);
    }
    (cpu.map(|cpu| Spanned::new(cpu.span(), cpu.get_ref().0)), memory)
}

/// Machines of a workload profile can be shared out as one likes.
fn is_consumption(item: &Item<'_>) -> bool {
    item.kind.is_some_and(|kind| kind.name == "azure-container-apps")
}

fn pair(
    cx: &mut Cx<'_>,
    environment: &Item<'_>,
    cpu: Option<(crate::manifest::Span, f64)>,
    memory: Option<(&Spanned<String>, f64)>,
) {
    let help = "pairs are 0.25 and 0.5Gi, 0.5 and 1Gi, 0.75 and 1.5Gi, … up to 4 and 8Gi; other sizes need \
                a `workload-profile`";
    if let Some((span, cpu)) = &cpu {
        let quarters = cpu * 4.0;
        if (quarters - quarters.round()).abs() > 1e-9 || *cpu > 4.0 {
            let message = format!("Container Apps has no container with {cpu} processors");
            cx.error("bad-size", message, span.clone(), "").also(&environment.span, "it runs here").help(help).push();
            return;
        }
    }
    let Some((text, size)) = memory else { return };
    match &cpu {
        Some((span, cpu)) if (size - cpu * 2.0).abs() > 1e-9 => {
            let message = format!("Container Apps does not pair {cpu} processors with `{}` of memory", text.get_ref());
            cx.error("bad-size", message, text.span(), format!("should be `{}Gi`", cpu * 2.0))
                .also(span, "processors")
                .help(help)
                .push();
        }
        Some(_) => {}
        None => {
            let halves = size * 2.0;
            if (halves - halves.round()).abs() > 1e-9 || size > 8.0 {
                let message = format!("Container Apps has no container with `{}` of memory", text.get_ref());
                cx.error("bad-size", message, text.span(), "")
                    .also(&environment.span, "it runs here")
                    .help(help)
                    .push();
            }
        }
    }
}

/// How much a text such as `512Mi` means; `what` is what it should be.
pub(super) fn memory(cx: &mut Cx<'_>, written: &Spanned<String>, what: &str) -> Option<Spanned<Memory>> {
    let text = written.get_ref().as_str();
    if let Some(memory) = Memory::parse(text) {
        return Some(Spanned::new(written.span(), memory));
    }
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: Option<f64> = number.parse().ok().filter(|number| *number > 0.0);
    let better = match (number, unit.to_ascii_lowercase().as_str()) {
        (Some(number), "g" | "gb" | "gib" | "gi") => format!(", for example `{number}Gi`"),
        (Some(number), "m" | "mb" | "mib" | "mi") => format!(", for example `{number}Mi`"),
        _ => ", for example `512Mi` or `1Gi`".to_owned(),
    };
    cx.error("bad-value", format!("`{text}` is no {what}"), written.span(), "")
        .help(format!("write a number and `Ki`, `Mi`, `Gi` or `Ti`{better}"))
        .push();
    None
}
