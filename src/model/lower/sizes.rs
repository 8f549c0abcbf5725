//! `cpu` and `memory`, and which pairs of them Container Apps takes (Microsoft Learn, "Allocations"
//! of Azure Container Apps: consumption plan, 0.25 to 4 processors in steps of 0.25, 2 GiB for each).

use super::Cx;
use crate::manifest::Spanned;
use crate::model::Name;
use crate::model::scope::Item;
use crate::model::written::{App, Number};

const MEMORY_UNITS: &[(&str, f64)] =
    &[("Ki", 1.0 / 1024.0 / 1024.0), ("Mi", 1.0 / 1024.0), ("Gi", 1.0), ("Ti", 1024.0)];

pub(super) fn check(cx: &mut Cx<'_>, written: &App, environments: &[Spanned<Name>]) {
    check_pair(cx, written.cpu.as_ref(), written.memory.as_ref(), environments);
}

/// Checks what a container is given.
pub(in crate::model) fn check_pair(
    cx: &mut Cx<'_>,
    cpu: Option<&Spanned<Number>>,
    memory: Option<&Spanned<String>>,
    environments: &[Spanned<Name>],
) {
    let cpu = cpu.filter(|cpu| {
        let fits = cpu.get_ref().0 > 0.0 && cpu.get_ref().0 <= 1024.0;
        if !fits {
            cx.error("bad-value", format!("{} is no number of processors", cpu.get_ref().0), cpu.span(), "")
                .help("write a number above 0, for example `0.5`")
                .push();
        }
        fits
    });
    let memory = memory.and_then(|memory| gibibytes(cx, memory).map(|size| (memory, size)));
    let scope = cx.scope;
    let consumption = environments.iter().find_map(|name| {
        let item = scope.get(name.get_ref().as_str())?;
        is_consumption(item).then_some(item)
    });
    if let Some(environment) = consumption {
        pair(cx, environment, cpu.map(|cpu| (cpu.span(), cpu.get_ref().0)), memory);
    }
}

fn is_consumption(item: &Item<'_>) -> bool {
    item.kind.is_some_and(|kind| kind.name == "azure-container-apps") && item.node.get("workload-profiles").is_none()
}

fn pair(
    cx: &mut Cx<'_>,
    environment: &Item<'_>,
    cpu: Option<(crate::manifest::Span, f64)>,
    memory: Option<(&Spanned<String>, f64)>,
) {
    let help = "pairs are 0.25 and 0.5Gi, 0.5 and 1Gi, 0.75 and 1.5Gi, … up to 4 and 8Gi; other sizes need \
                `workload-profiles` in the environment";
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

/// How much memory a text such as `512Mi` means, in GiB.
fn gibibytes(cx: &mut Cx<'_>, memory: &Spanned<String>) -> Option<f64> {
    let text = memory.get_ref().as_str();
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = MEMORY_UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| factor);
    let number: Option<f64> = number.parse().ok().filter(|number| *number > 0.0);
    if let (Some(number), Some(factor)) = (number, factor) {
        return Some(number * factor);
    }
    let better = match (number, unit.to_ascii_lowercase().as_str()) {
        (Some(number), "g" | "gb" | "gib" | "gi") => format!(", for example `{number}Gi`"),
        (Some(number), "m" | "mb" | "mib" | "mi") => format!(", for example `{number}Mi`"),
        _ => ", for example `512Mi` or `1Gi`".to_owned(),
    };
    cx.error("bad-value", format!("`{text}` is no amount of memory"), memory.span(), "")
        .help(format!("write a number and `Ki`, `Mi`, `Gi` or `Ti`{better}"))
        .push();
    None
}
