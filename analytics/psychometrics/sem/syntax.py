"""The model text of lavaan, read into statements.

Reads `=~`, `~`, `~~`, `~ 1`, `:=`, `==`, labels, fixed values, `NA`, `start()`, one
value a group by `c()`, comments after `#` or `!`, and statements that are separated by
`;` or by line breaks. Whatever does not belong there is refused with line and column.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.sem.formula import Formula, read_formula

Operator = Literal["=~", "~", "~~", "~1", "|", "~*~"]  # the last two never in a text
Value = float | Literal["NA"]

OPERATORS = ("=~", "~~", "~", ":=", "==")
_UNSUPPORTED = ("<~", "|", "<", ">", ":", "%")
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\f]+|[#!][^\n]*)
      | (?P<break>\n|;)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>[^\W\d][\w.]*|\.[^\W\d][\w.]*)
      | (?P<string>"[^"\n]*"|'[^'\n]*')
      | (?P<sign>=~|~~|:=|==|<~|[~+\-*/^(),?|<>:%])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text; `kind` is number, name, string, sign or break."""

    kind: str
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One parameter that the text names.

    Attributes
    ----------
    left, right : str
        Factor and indicator (`=~`), outcome and predictor (`~`), two variables (`~~`),
        variable and "" (`~1`).
    operator : "=~", "~", "~~" or "~1"
    values : tuple of (float or "NA")
        Fixed value a group, "NA" = free; empty where the text says nothing; one entry
        holds for every group.
    labels : tuple of str
        Likewise; parameters with the same label are equal.
    start : float or None
        Where the estimation begins.
    line, column : int
        Of the right-hand variable, counted from 1.
    left_line, left_column : int
        Of the left-hand variable.
    """

    left: str
    operator: Operator
    right: str
    values: tuple[Value, ...]
    labels: tuple[str, ...]
    start: float | None
    line: int
    column: int
    left_line: int
    left_column: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A derived quantity (`:=`), or two formulas that are equal (`==`, name "")."""

    name: str
    formula: Formula
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ModelText:
    """A model as written.

    Attributes
    ----------
    statements : tuple of Statement
        In the order of the text.
    definitions : tuple of Definition
        Derived quantities.
    constraints : tuple of Definition
        Formulas (left side minus right side) that are to be zero.
    """

    statements: tuple[Statement, ...]
    definitions: tuple[Definition, ...]
    constraints: tuple[Definition, ...]


def read_model(text: str) -> ModelText:
    """Read a model text.

    Raises
    ------
    NotDefined
        A word is not understood; the sentence names line and column. Or there is
        nothing in the text.
    """
    statements: list[Statement] = []
    definitions: list[Definition] = []
    constraints: list[Definition] = []
    for tokens in _lines(list(_tokens(text))):
        at, operator = _operator(tokens)
        left, right = tokens[:at], tokens[at + 1 :]
        if operator.text in (":=", "=="):
            found = _formula_line(left, operator, right)
            (definitions if operator.text == ":=" else constraints).append(found)
        else:
            statements += _parameters(left, operator, right)
    if not statements:
        raise NotDefined("model-empty")
    return ModelText(_merged(statements), tuple(definitions), tuple(constraints))


def _tokens(text: str) -> Iterator[Token]:
    line, begin, at = 1, 0, 0
    for match in _TOKEN.finditer(text):
        if match.start() > at:
            break
        kind, found = str(match.lastgroup), match.group()
        if kind != "space":
            yield Token(kind, found, line, at - begin + 1)
        at = match.end()
        if found == "\n":
            line, begin = line + 1, at
    if at < len(text):
        column = at - begin + 1
        raise NotDefined("model-character", line=line, column=column, item=text[at])


def _lines(tokens: list[Token]) -> Iterator[list[Token]]:
    """Cut at breaks, except where the statement visibly goes on."""
    current: list[Token] = []
    depth = 0
    for i, token in enumerate(tokens):
        if token.kind != "break":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            current.append(token)
            continue
        following = next((t for t in tokens[i + 1 :] if t.kind != "break"), None)
        goes_on = (
            token.text == "\n"
            and current
            and (
                depth > 0
                or (current[-1].kind == "sign" and current[-1].text != ")")
                or (following is not None and following.text in ("+", "*"))
            )
        )
        if current and not goes_on:
            yield current
            current, depth = [], 0
    if current:
        yield current


def _operator(tokens: list[Token]) -> tuple[int, Token]:
    for i, token in enumerate(tokens):
        if token.kind == "sign" and token.text in OPERATORS:
            if i == 0:
                raise _unexpected("model-term", token)
            return i, token
        if token.kind == "sign" and token.text in _UNSUPPORTED:
            raise _unexpected("model-unsupported", token)
    raise _unexpected("model-operator", tokens[0])


def _parameters(
    left: list[Token], operator: Token, right: list[Token]
) -> list[Statement]:
    names = [_single_name(part) for part in _split(left, operator)]
    terms = [_Term.read(part) for part in _split(right, operator)]
    found = []
    for name in names:
        for term in terms:
            kind = operator.text
            if term.right == "1":
                if kind != "~":
                    raise _unexpected("model-term", term.token)
                kind = "~1"
            found.append(term.statement(name, kind))
    return found


def _split(tokens: list[Token], operator: Token) -> list[list[Token]]:
    """Cut one side of an operator at its `+` signs; no piece is empty."""
    parts: list[list[Token]] = [[]]
    depth = 0
    last = operator
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "+" and depth == 0:
            if not parts[-1]:
                raise _unexpected("model-term", token)
            parts.append([])
        else:
            parts[-1].append(token)
        last = token
    if not parts[-1]:
        raise _ends(last)
    return parts


def _single_name(tokens: list[Token]) -> Token:
    if tokens[0].kind != "name":
        raise _unexpected("model-term", tokens[0])
    if len(tokens) > 1:
        raise _unexpected("model-term", tokens[1])
    return tokens[0]


@dataclass(frozen=True, slots=True)
class _Term:
    """A right-hand variable with what stands before its `*`."""

    token: Token
    right: str
    values: tuple[Value, ...] = ()
    labels: tuple[str, ...] = ()
    start: float | None = None

    @classmethod
    def read(cls, tokens: list[Token]) -> "_Term":
        pieces: list[list[Token]] = [[]]
        for token in tokens:
            if token.text in ("*", "?") and token.kind == "sign":
                pieces[-1].append(token)
                pieces.append([])
            else:
                pieces[-1].append(token)
        *modifiers, last = pieces
        if not last:
            raise _ends(tokens[-1])
        variable = last[0]
        is_one = variable.kind == "number" and variable.text == "1"
        if variable.kind != "name" and not is_one:
            raise _unexpected("model-term", variable)
        if len(last) > 1:
            wrong = last[1]
            code = "model-term" if wrong.kind == "name" else "model-unexpected"
            unsupported = wrong.text in _UNSUPPORTED
            raise _unexpected("model-unsupported" if unsupported else code, wrong)
        term = cls(variable, variable.text)
        for piece in modifiers:
            term = term._with(piece[:-1], piece[-1])
        return term

    def _with(self, tokens: list[Token], sign: Token) -> "_Term":
        if not tokens:
            raise _unexpected("model-modifier", sign)
        first = tokens[0]
        if first.text in ("c", "start", "label", "equal") and len(tokens) > 1:
            entries = _arguments(tokens)
            if first.text == "start" and len(entries) == 1:
                return replace(self, start=_number(entries[0]))
            if first.text == "start":
                raise _unexpected("model-modifier", first)
        else:
            entries = [tokens]
        if sign.text == "?":
            return replace(self, start=_number(entries[0]))
        if all(_is_value(entry) for entry in entries) and first.text != "label":
            return replace(self, values=tuple(_value(entry) for entry in entries))
        return replace(self, labels=tuple(_label(entry) for entry in entries))

    def statement(self, left: Token, operator: str) -> Statement:
        kinds: dict[str, Operator] = {"=~": "=~", "~": "~", "~~": "~~", "~1": "~1"}
        return Statement(
            left=left.text,
            operator=kinds[operator],
            right="" if operator == "~1" else self.right,
            values=self.values,
            labels=self.labels,
            start=self.start,
            line=self.token.line,
            column=self.token.column,
            left_line=left.line,
            left_column=left.column,
        )


def _arguments(tokens: list[Token]) -> list[list[Token]]:
    """Return the comma-separated arguments of `name(...)`."""
    if tokens[1].text != "(":
        raise _unexpected("model-modifier", tokens[1])
    if tokens[-1].text != ")":
        raise _ends(tokens[-1])
    parts: list[list[Token]] = [[]]
    for token in tokens[2:-1]:
        if token.text == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    if not all(parts):
        raise _unexpected("model-modifier", tokens[0])
    return parts


def _is_value(tokens: list[Token]) -> bool:
    return tokens[-1].kind == "number" or tokens[-1].text == "NA"


def _value(tokens: list[Token]) -> Value:
    return "NA" if tokens[0].text == "NA" else _number(tokens)


def _number(tokens: list[Token]) -> float:
    sign = -1.0 if tokens[0].text == "-" else 1.0
    rest = tokens[1:] if tokens[0].text in ("-", "+") else tokens
    if len(rest) != 1 or rest[0].kind != "number":
        raise _unexpected("model-modifier", tokens[0])
    return sign * float(rest[0].text)


def _label(tokens: list[Token]) -> str:
    if len(tokens) != 1 or tokens[0].kind not in ("name", "string"):
        raise _unexpected("model-modifier", tokens[0])
    return tokens[0].text.strip("\"'")


def _formula_line(left: list[Token], operator: Token, right: list[Token]) -> Definition:
    if not right:
        raise _ends(operator)
    formula, text = _formula(right)
    if operator.text == ":=":
        name = _single_name(left)
        return Definition(name.text, formula, text, name.line, name.column)
    first, first_text = _formula(left)
    difference = Formula("-", (first, formula))
    whole = f"{first_text}=={text}"
    return Definition("", difference, whole, left[0].line, left[0].column)


def _formula(tokens: list[Token]) -> tuple[Formula, str]:
    words = [token.text for token in tokens]
    formula, at = read_formula(words)
    if at is not None:
        if at >= len(tokens):
            raise _ends(tokens[-1])
        raise _unexpected("model-formula", tokens[at])
    return formula, "".join(words)


def _merged(statements: list[Statement]) -> tuple[Statement, ...]:
    """Join the modifiers of a parameter that is named several times."""
    found: dict[tuple[str, str, str], Statement] = {}
    for new in statements:
        key = (new.left, new.operator, new.right)
        turned = (new.right, new.operator, new.left)
        if new.operator == "~~" and turned in found:
            key = turned
        old = found.get(key)
        if old is None:
            found[key] = new
            continue
        if (old.values and new.values) or not (new.values or new.labels or new.start):
            raise NotDefined(
                "model-twice", line=new.line, column=new.column, item=new.right or "1"
            )
        found[key] = replace(
            old,
            values=new.values or old.values,
            labels=new.labels or old.labels,
            start=old.start if new.start is None else new.start,
        )
    return tuple(found.values())


def _unexpected(code: str, token: Token) -> NotDefined:
    return NotDefined(code, line=token.line, column=token.column, item=token.text)


def _ends(token: Token) -> NotDefined:
    column = token.column + len(token.text)
    return NotDefined("model-ends", line=token.line, column=column)
