//! Every use of a name: whether it is declared, and what uses what.

use super::super::syntax::{
    Body, Declaration, Decorator, Expression, ExpressionKind, Item, Key, Loop, Name, Object, Part, Span, Statement,
    Step, StringLiteral, Type, TypeKind,
};
use super::file::{Report, hint};
use super::interface::World;
use super::symbols::{SymbolKind, Symbols};
use super::{modules, tables};

pub(super) struct Walker<'a, 'r, 's> {
    symbols: &'s Symbols<'a>,
    world: &'a World<'a>,
    report: &'r mut Report<'a>,
    /// Names of loops and lambdas around.
    locals: Vec<&'a str>,
    /// The declaration that is read; none inside of a nested one.
    current: Option<usize>,
    /// For each symbol, what it uses and where.
    edges: Vec<Vec<usize>>,
}

impl<'a, 'r, 's> Walker<'a, 'r, 's> {
    pub(super) fn new(symbols: &'s Symbols<'a>, world: &'a World<'a>, report: &'r mut Report<'a>) -> Self {
        let edges = vec![Vec::new(); symbols.list.len()];
        Self { symbols, world, report, locals: Vec::new(), current: None, edges }
    }

    pub(super) fn finish(self) -> Vec<Vec<usize>> {
        self.edges
    }

    pub(super) fn statement(&mut self, statement: &'a Statement<'a>) {
        self.decorators(&statement.decorators, target(&statement.declaration));
        match &statement.declaration {
            Declaration::TargetScope(value) | Declaration::Metadata(_, value) | Declaration::Assert(_, value) => {
                self.value(value);
            }
            Declaration::Using(path, settings) => {
                self.strings(path.as_ref());
                self.values(settings.as_ref());
            }
            Declaration::Extends(path) => self.string(path),
            Declaration::Param(param) => {
                self.declares(param.name);
                self.types(param.kind.as_ref());
                self.values(param.value.as_ref());
            }
            Declaration::Var(name, kind, value) => {
                self.declares(*name);
                self.types(kind.as_ref());
                self.value(value);
            }
            Declaration::Resource(resource) => {
                self.declares(resource.name);
                self.body(&resource.body);
            }
            Declaration::Module(module) => {
                self.declares(module.name);
                self.string(&module.path);
                self.body(&module.body);
            }
            Declaration::Output(_, kind, value) => {
                self.kind(kind);
                self.value(value);
                if !statement.has("secure") {
                    self.secrets(value);
                }
            }
            Declaration::Type(_, kind) => self.kind(kind),
            Declaration::Function(function) => {
                for (_, kind) in &function.parameters {
                    self.kind(kind);
                }
                self.kind(&function.result);
                let names = function.parameters.iter().map(|(name, _)| name.text);
                self.within(names, |walker| walker.value(&function.body));
            }
            Declaration::Import(_) => {}
            Declaration::Extension(_, settings) => self.values(settings.as_ref()),
        }
        self.current = None;
    }

    fn declares(&mut self, name: Name<'a>) {
        let symbol = self.symbols.find(name.text);
        self.current = symbol.filter(|(_, symbol)| symbol.name.span == name.span).map(|(index, _)| index);
    }

    fn within(&mut self, names: impl IntoIterator<Item = &'a str>, read: impl FnOnce(&mut Self)) {
        let outer = self.locals.len();
        self.locals.extend(names);
        read(self);
        self.locals.truncate(outer);
    }

    /// `target` is a letter of [`tables::DECORATORS`].
    fn decorators(&mut self, decorators: &'a [Decorator<'a>], target: char) {
        for decorator in decorators {
            let (name, span) = (decorator.name.text, decorator.name.span);
            match tables::DECORATORS.iter().find(|(known, _)| *known == name) {
                Some((_, targets)) if *targets == "*" || targets.contains(target) => {}
                Some(_) => self.report.error(span, "wrong-decorator", format!("`@{name}` has no meaning here")),
                None => {
                    let hint = hint(name, tables::DECORATORS.iter().map(|(known, _)| *known));
                    self.report.error(span, "unknown-decorator", format!("`@{name}` is no decorator{hint}"));
                }
            }
            self.all(&decorator.arguments);
        }
    }

    fn body(&mut self, body: &'a Body<'a>) {
        let read = |walker: &mut Self| {
            walker.values(body.condition.as_ref());
            walker.object(&body.object);
        };
        match &body.repeat {
            Some(repeat) => self.repeated(repeat, read),
            None => read(self),
        }
    }

    fn repeated(&mut self, repeat: &'a Loop<'a>, read: impl FnOnce(&mut Self)) {
        self.value(&repeat.list);
        self.within([repeat.item].into_iter().chain(repeat.index).map(|name| name.text), read);
    }

    fn all(&mut self, values: &'a [Expression<'a>]) {
        for value in values {
            self.value(value);
        }
    }

    fn values(&mut self, value: Option<&'a Expression<'a>>) {
        if let Some(value) = value {
            self.value(value);
        }
    }

    fn value(&mut self, value: &'a Expression<'a>) {
        match &value.kind {
            ExpressionKind::Null | ExpressionKind::Bool(_) | ExpressionKind::Number(_) => {}
            ExpressionKind::String(string) => self.string(string),
            ExpressionKind::Object(object) => self.object(object),
            ExpressionKind::Array(values) | ExpressionKind::Operation(values) => self.all(values),
            ExpressionKind::For(inside) => {
                let (repeat, body) = &**inside;
                self.repeated(repeat, |walker| walker.value(body));
            }
            ExpressionKind::Spread(inner) | ExpressionKind::Paren(inner) | ExpressionKind::Unary(inner) => {
                self.value(inner);
            }
            ExpressionKind::Name(name) => self.name(name, value.span),
            ExpressionKind::Call(name, arguments) => {
                self.call(*name);
                self.all(arguments);
            }
            ExpressionKind::Access(base, steps) => {
                self.value(base);
                for step in steps {
                    match step {
                        Step::Method(_, arguments) => self.all(arguments),
                        Step::Index(index) => self.value(index),
                        Step::Member(_) | Step::Nested(_) | Step::NotNull => {}
                    }
                }
                self.output(base, steps);
            }
            ExpressionKind::Choice(values) => self.all(&**values),
            ExpressionKind::Lambda(names, body) => {
                self.within(names.iter().map(|name| name.text), |walker| walker.value(body));
            }
        }
    }

    fn strings(&mut self, string: Option<&'a StringLiteral<'a>>) {
        if let Some(string) = string {
            self.string(string);
        }
    }

    fn string(&mut self, string: &'a StringLiteral<'a>) {
        for part in &string.parts {
            let Part::Value(value) = part else { continue };
            self.value(value);
            let ExpressionKind::Name(name) = value.kind else { continue };
            let is_local = self.locals.contains(&name);
            let symbol = self.symbols.find(name).filter(|_| !is_local).map(|(_, symbol)| symbol.kind);
            if let Some(SymbolKind::Resource(_) | SymbolKind::NestedResource | SymbolKind::Module(_)) = symbol {
                let message = format!("`{name}` is not a text that a string can contain");
                self.report.error(value.span, "not-a-string", message);
            }
        }
    }

    fn object(&mut self, object: &'a Object<'a>) {
        self.duplicates(object);
        for item in &object.items {
            match item {
                Item::Property(property) => {
                    if let Key::String(string) = &property.key {
                        self.string(string);
                    }
                    self.value(&property.value);
                }
                Item::Spread(value) => self.value(value),
                Item::Resource(statement) => {
                    let current = self.current.take();
                    self.statement(statement);
                    self.current = current;
                }
            }
        }
    }

    fn duplicates(&mut self, object: &'a Object<'a>) {
        if object.items.len() < 2 {
            return;
        }
        let mut keys: Vec<(std::borrow::Cow<'a, str>, Span)> =
            object.properties().filter_map(|property| Some((property.key.literal()?, property.key.span()))).collect();
        keys.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.start.cmp(&b.1.start)));
        for pair in keys.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            let message = format!("the property `{}` is there twice", pair[1].0);
            self.report.error(pair[1].1, "duplicate-property", message);
        }
    }

    fn name(&mut self, name: &'a str, span: Span) {
        if self.locals.contains(&name) || tables::NAMESPACES.contains(&name) {
            return;
        }
        let Some((index, symbol)) = self.symbols.find(name) else {
            let hint = hint(name, self.symbols.names().chain(self.locals.iter().copied()));
            self.report.error(span, "undeclared-name", format!("`{name}` is not declared{hint}"));
            return;
        };
        symbol.is_used.set(true);
        if let Some(current) = self.current {
            self.edges[current].push(index);
        }
    }

    fn call(&mut self, name: Name<'a>) {
        if let Some((_, symbol)) = self.symbols.find(name.text) {
            symbol.is_used.set(true);
            return;
        }
        let is_list =
            name.text.strip_prefix("list").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
        if !is_list && !tables::FUNCTIONS.contains(&name.text) {
            let hint = hint(name.text, tables::FUNCTIONS.iter().copied());
            self.report.error(name.span, "unknown-function", format!("`{}` is no function{hint}", name.text));
        }
    }

    /// `m.outputs.x`, `m[0].outputs.x`
    fn output(&mut self, base: &'a Expression<'a>, steps: &'a [Step<'a>]) {
        let ExpressionKind::Name(name) = base.kind else { return };
        if self.locals.contains(&name) {
            return;
        }
        let Some(SymbolKind::Module(module)) = self.symbols.find(name).map(|(_, symbol)| symbol.kind) else { return };
        let mut members = steps.iter().filter(|step| !matches!(step, Step::Index(_) | Step::NotNull));
        let Some(Step::Member(first)) = members.next() else { return };
        if !matches!(first.text, "outputs" | "name") {
            let message = format!("a module has no `{}`: what it gives is in `{name}.outputs`", first.text);
            self.report.error(first.span, "unknown-output", message);
            return;
        }
        let Some(Step::Member(output)) = members.next() else { return };
        let Some(interface) = modules::interface_of(module, self.report.path, self.world) else { return };
        if first.text == "outputs" && !interface.outputs.contains(output.text) {
            let hint = hint(output.text, interface.outputs.iter().copied());
            let message = format!("the module `{name}` has no output `{}`{hint}", output.text);
            self.report.error(output.span, "unknown-output", message);
        }
    }

    /// An output is stored and shown as it is.
    fn secrets(&mut self, value: &'a Expression<'a>) {
        for (name, span) in modules::plain_names(value) {
            if let Some(SymbolKind::Param(parameter)) = self.symbols.find(name).map(|(_, symbol)| symbol.kind)
                && parameter.is_secure
            {
                let message = format!("the output shows the secure parameter `{name}`");
                self.report.error(span, "outputs-should-not-contain-secrets", message);
            }
        }
    }

    fn types(&mut self, kind: Option<&'a Type<'a>>) {
        if let Some(kind) = kind {
            self.kind(kind);
        }
    }

    fn kind(&mut self, kind: &'a Type<'a>) {
        match &kind.kind {
            TypeKind::Name(name, arguments) => {
                if let Some((_, symbol)) = self.symbols.find(name.text) {
                    symbol.is_used.set(true);
                } else if !tables::TYPES.contains(&name.text) && !tables::NAMESPACES.contains(&name.text) {
                    let hint = hint(name.text, tables::TYPES.iter().copied());
                    self.report.error(name.span, "unknown-type", format!("`{}` is no type{hint}", name.text));
                }
                for argument in arguments {
                    self.kind(argument);
                }
            }
            TypeKind::Literal | TypeKind::Resource => {}
            TypeKind::Nullable(inner) | TypeKind::Part(inner) => self.kind(inner),
            TypeKind::Union(members) => {
                for member in members {
                    self.kind(member);
                }
            }
            TypeKind::Members(members) => {
                for (decorators, member) in members {
                    self.decorators(decorators, 't');
                    self.kind(member);
                }
            }
        }
    }
}

/// As in [`tables::DECORATORS`].
fn target(declaration: &Declaration<'_>) -> char {
    match declaration {
        Declaration::Param(_) => 'p',
        Declaration::Var(..) => 'v',
        Declaration::Output(..) => 'o',
        Declaration::Type(..) => 't',
        Declaration::Resource(_) => 'r',
        Declaration::Module(_) => 'm',
        Declaration::Function(_) => 'f',
        Declaration::TargetScope(_)
        | Declaration::Using(..)
        | Declaration::Extends(_)
        | Declaration::Metadata(..)
        | Declaration::Import(_)
        | Declaration::Extension(..)
        | Declaration::Assert(..) => '-',
    }
}
