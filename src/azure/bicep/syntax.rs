//! The tree of a Bicep file. Every node has its place in the text.

use std::borrow::Cow;

/// Bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// Offsets beyond 4 GiB are cut; the lexer refuses such files.
    pub(super) fn new(start: usize, end: usize) -> Self {
        let [start, end] = [start, end].map(|offset| u32::try_from(offset).unwrap_or(u32::MAX));
        Self { start, end }
    }

    pub(super) fn to(self, end: Self) -> Self {
        Self { start: self.start, end: end.end }
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A parsed file.
#[derive(Debug)]
pub struct File<'a> {
    pub text: &'a str,
    pub statements: Vec<Statement<'a>>,
    /// The `#disable-next-line …` lines.
    pub directives: Vec<Span>,
}

#[derive(Debug)]
pub struct Statement<'a> {
    pub span: Span,
    pub decorators: Vec<Decorator<'a>>,
    pub declaration: Declaration<'a>,
}

/// `@name(arguments)`, `@namespace.name(arguments)`
#[derive(Debug)]
pub struct Decorator<'a> {
    pub name: Name<'a>,
    pub arguments: Vec<Expression<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    pub text: &'a str,
    pub span: Span,
}

#[derive(Debug)]
pub enum Declaration<'a> {
    TargetScope(Expression<'a>),
    /// `using '…'` of a parameter file, perhaps `with {…}`; no path after `using none`.
    Using(Option<StringLiteral<'a>>, Option<Expression<'a>>),
    Extends(StringLiteral<'a>),
    Metadata(Name<'a>, Expression<'a>),
    Param(Param<'a>),
    Var(Name<'a>, Option<Type<'a>>, Expression<'a>),
    Resource(Resource<'a>),
    Module(Module<'a>),
    Output(Name<'a>, Type<'a>, Expression<'a>),
    Type(Name<'a>, Type<'a>),
    Function(Function<'a>),
    Import(Import<'a>),
    /// `extension name with {…} as alias`, and `extensionConfig name with {…}` of a parameter file.
    Extension(Option<Name<'a>>, Option<Expression<'a>>),
    /// `assert name = condition`, `test name 'file' = {…}`
    Assert(Name<'a>, Expression<'a>),
}

/// `param name type = default`; in a parameter file `param name = value`.
#[derive(Debug)]
pub struct Param<'a> {
    pub name: Name<'a>,
    pub kind: Option<Type<'a>>,
    pub value: Option<Expression<'a>>,
}

#[derive(Debug)]
pub struct Resource<'a> {
    pub name: Name<'a>,
    /// `Microsoft.App/containerApps@2025-01-01`
    pub kind: StringLiteral<'a>,
    pub is_existing: bool,
    pub body: Body<'a>,
}

#[derive(Debug)]
pub struct Module<'a> {
    pub name: Name<'a>,
    pub path: StringLiteral<'a>,
    pub body: Body<'a>,
}

/// `{…}`, `if (condition) {…}`, `[for item in list: if (condition) {…}]`
#[derive(Debug)]
pub struct Body<'a> {
    pub repeat: Option<Loop<'a>>,
    pub condition: Option<Expression<'a>>,
    pub object: Object<'a>,
}

#[derive(Debug)]
pub struct Loop<'a> {
    pub item: Name<'a>,
    pub index: Option<Name<'a>>,
    pub list: Expression<'a>,
}

#[derive(Debug)]
pub struct Function<'a> {
    pub name: Name<'a>,
    pub parameters: Vec<(Name<'a>, Type<'a>)>,
    pub result: Type<'a>,
    pub body: Expression<'a>,
}

#[derive(Debug)]
pub struct Import<'a> {
    /// What is declared by it.
    pub names: Vec<Name<'a>>,
    pub path: StringLiteral<'a>,
}

#[derive(Debug)]
pub struct Expression<'a> {
    pub span: Span,
    pub kind: ExpressionKind<'a>,
}

#[derive(Debug)]
pub enum ExpressionKind<'a> {
    Null,
    Bool(bool),
    Number(u64),
    String(StringLiteral<'a>),
    Object(Object<'a>),
    Array(Vec<Expression<'a>>),
    /// `[for item in list: body]`
    For(Box<(Loop<'a>, Expression<'a>)>),
    /// `...value` in an array
    Spread(Box<Expression<'a>>),
    Name(&'a str),
    Call(Name<'a>, Vec<Expression<'a>>),
    /// `base.a[0]!.f(x)`
    Access(Box<Expression<'a>>, Vec<Step<'a>>),
    Paren(Box<Expression<'a>>),
    /// `!x`, `-x`, `+x`
    Unary(Box<Expression<'a>>),
    /// The operands of `a + b == c`, from left to right: nobody computes, so precedence does not matter.
    Operation(Vec<Expression<'a>>),
    /// `condition ? a : b`
    Choice(Box<[Expression<'a>; 3]>),
    Lambda(Vec<Name<'a>>, Box<Expression<'a>>),
}

/// One step from a value to a part of it.
#[derive(Debug)]
pub enum Step<'a> {
    /// `.name`, `.?name`
    Member(Name<'a>),
    /// `.name(arguments)`
    Method(Name<'a>, Vec<Expression<'a>>),
    /// `::name`
    Nested(Name<'a>),
    /// `[index]`, `[?index]`
    Index(Expression<'a>),
    /// `!`
    NotNull,
}

/// A string with its interpolations.
#[derive(Debug)]
pub struct StringLiteral<'a> {
    pub span: Span,
    pub parts: Vec<Part<'a>>,
}

#[derive(Debug)]
pub enum Part<'a> {
    /// As written, escapes included.
    Text(&'a str),
    /// Of a multi-line string: what is written is meant.
    Verbatim(&'a str),
    Value(Expression<'a>),
}

impl<'a> StringLiteral<'a> {
    /// What the string says, when it has no interpolation.
    pub fn literal(&self) -> Option<Cow<'a, str>> {
        match self.parts.as_slice() {
            [] => Some(Cow::Borrowed("")),
            [Part::Text(text)] => Some(unescape(text)),
            [Part::Verbatim(text)] => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }
}

/// Resolves the escapes of a single-line string; half of a surrogate pair becomes U+FFFD.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let mut chars = after.chars();
        rest = match chars.next() {
            Some('u') if let Some(number) = super::lexer::code_point(after) => {
                plain.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
                after.split_once('}').map_or("", |(_, after)| after)
            }
            Some(c) => {
                plain.push(match c {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    c => c,
                });
                chars.as_str()
            }
            None => "",
        };
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[derive(Debug)]
pub struct Object<'a> {
    pub span: Span,
    pub items: Vec<Item<'a>>,
}

#[derive(Debug)]
pub enum Item<'a> {
    Property(Property<'a>),
    /// `...value`
    Spread(Expression<'a>),
    /// A nested resource.
    Resource(Box<Statement<'a>>),
}

#[derive(Debug)]
pub struct Property<'a> {
    pub key: Key<'a>,
    pub value: Expression<'a>,
}

#[derive(Debug)]
pub enum Key<'a> {
    Name(Name<'a>),
    String(StringLiteral<'a>),
}

impl<'a> Key<'a> {
    /// None where it is computed.
    pub fn literal(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Name(name) => Some(Cow::Borrowed(name.text)),
            Self::String(string) => string.literal(),
        }
    }

    pub fn span(&self) -> Span {
        match self {
            Self::Name(name) => name.span,
            Self::String(string) => string.span,
        }
    }
}

impl<'a> Object<'a> {
    pub fn properties(&self) -> impl Iterator<Item = &Property<'a>> {
        self.items.iter().filter_map(|item| match item {
            Item::Property(property) => Some(property),
            Item::Spread(_) | Item::Resource(_) => None,
        })
    }

    pub fn get(&self, name: &str) -> Option<&Expression<'a>> {
        self.properties().find(|property| property.key.literal().as_deref() == Some(name)).map(|found| &found.value)
    }

    /// Whether all its keys are known: nothing is spread into it, no key is computed.
    pub fn is_closed(&self) -> bool {
        self.items.iter().all(|item| match item {
            Item::Property(property) => property.key.literal().is_some(),
            Item::Spread(_) => false,
            Item::Resource(_) => true,
        })
    }
}

#[derive(Debug)]
pub struct Type<'a> {
    pub span: Span,
    pub kind: TypeKind<'a>,
}

#[derive(Debug)]
pub enum TypeKind<'a> {
    /// `string`, `myType`; with arguments in angles, or parts (`a.b`, `a[]`, `a[0]`).
    Name(Name<'a>, Vec<Type<'a>>),
    /// A string, a number, a boolean, null.
    Literal,
    /// `a?`
    Nullable(Box<Type<'a>>),
    /// `a[]`, `a.b`, `(a)`
    Part(Box<Type<'a>>),
    /// `a | b`
    Union(Vec<Type<'a>>),
    /// `{ a: b }`, `[ a, b ]`, with the decorators of the members
    Members(Vec<(Vec<Decorator<'a>>, Type<'a>)>),
    /// `resource 'type@version'`
    Resource,
}

/// Line and column, both from 1, the column in characters.
pub fn place(text: &str, offset: u32) -> (usize, usize) {
    let offset = text.floor_char_boundary(offset as usize);
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before[start..].trim_start_matches('\u{feff}').chars().count() + 1)
}
