"""YAML text as plain data that still knows its lines.

A deliberately small YAML: no anchors, no tags, `yes`/`no`/`on`/`off` and dates are plain words, so that nothing
in a procedure turns into something else behind its author's back.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from yinuo.procedures.definition.texts import Text

LARGEST = 2_000_000
DEEPEST = 80

TAG = "tag:yaml.org,2002:"


class Unreadable(Exception):
    """The text is no YAML of ours; `line` is 1-based, 0 = unknown."""

    def __init__(self, line: int, words: Text) -> None:
        super().__init__(words.en)
        self.line = line
        self.words = words


# libyaml takes a seventh of the time; where PyYAML was built without it, its own scanner reads the same.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    yaml_implicit_resolvers: dict[Any, Any] = {}


for _tag, _pattern, _first in (
    ("null", r"null|~|", ["n", "~", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"[-+]?[0-9]{1,15}", list("-+0123456789")),
    ("float", r"[-+]?[0-9]{1,15}\.[0-9]{1,15}", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(TAG + _tag, re.compile(f"^(?:{_pattern})$"), _first)


class Lines:
    """Line numbers (1-based) by path, e.g. ("flow", 2, "title"). `twice`: fields that stand a second time, and where;
    the first one counts."""

    def __init__(self) -> None:
        self._by_path: dict[tuple[str | int, ...], int] = {}
        self.twice: list[tuple[tuple[str | int, ...], int]] = []

    def put(self, path: tuple[str | int, ...], line: int) -> None:
        """Remember where a value stands."""
        self._by_path[path] = line

    def at(self, path: tuple[str | int, ...]) -> int:
        """The line of a path, or of the nearest thing around it; 0 when nothing is known."""
        while path and path not in self._by_path:
            path = path[:-1]
        return self._by_path.get(path, 0)


def load(source: str | bytes) -> tuple[Any, Lines]:
    """Plain data and its lines. Raises Unreadable, and nothing else, on any input."""
    if len(source) > LARGEST:
        raise Unreadable(0, Text("文件过大。", "The file is too large."))
    try:
        _refuse_depth(source)
        node = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise Unreadable(line, _not_yaml(error.problem or "")) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(0, _not_yaml(str(error).splitlines()[0] if str(error) else "")) from error
    except RecursionError as error:
        raise Unreadable(0, _too_deep()) from error
    lines = Lines()
    if node is None:
        return None, lines
    return _value(node, (), lines, set()), lines


def _not_yaml(problem: str) -> Text:
    en, zh = next(
        ((en, zh) for sign, zh, en in PROBLEMS if sign in problem), ("it cannot be read here", "此处无法识别")
    )
    return Text(
        f"不是有效的 YAML：{zh}。含有 : , ? # 等符号的文字请加引号，缩进请用空格。",
        f"This is not valid YAML: {en}. Put texts with signs like : , ? # in quotes, and indent with spaces.",
    )


PROBLEMS = (  # what the scanner says, and the same in plain words
    ("mapping values are not allowed", "冒号“:”位置不对，或缩进不齐", "a colon is out of place, or the indent differs"),
    ("did not find expected key", "缩进不齐，或括号、引号未配对", "the indent differs, or a bracket or quote is open"),
    ("did not find expected '-' indicator", "缩进与上文不齐，或多了一项", "the indent differs from above"),
    ("expected <block end>", "缩进与上文不齐，或多了一项", "the indent differs from above"),
    ("could not find expected ':'", "缺少冒号“:”", "a colon is missing"),
    ("tab character", "缩进中有制表符（Tab）", "a tab is used to indent"),
    ("found character '\\t'", "缩进中有制表符（Tab）", "a tab is used to indent"),
    ("cannot start any token", "文字以不能开头的符号开头", "a text begins with a sign that needs quotes"),
    ("unexpected end of stream", "引号或括号没有结束", "a quote or bracket is not closed"),
    ("expected ',' or", "方括号或花括号中缺少逗号，或括号没有结束", "a comma or a closing bracket is missing"),
    ("expected the node content", "括号内的内容不完整", "something is missing between brackets"),
    ("control characters are not allowed", "含有不可见的控制字符", "there are invisible control characters"),
    ("special characters are not allowed", "含有不可见的控制字符", "there are invisible control characters"),
    ("undefined alias", "不允许使用锚点与别名（& 与 *）", "anchors and aliases (& and *) are not allowed"),
    ("another document", "一个文件中只能有一个程序（不要用 ---）", "a file holds one procedure only (no ---)"),
    ("sequence entries are not allowed", "列表项“- ”位置不对", "a list's “- ” is out of place"),
    ("unknown escape character", "双引号中的反斜杠无效", "a backslash within double quotes is wrong"),
    ("UTF-8 octet", "文字编码不是 UTF-8", "the text is not UTF-8"),
    ("unacceptable character", "含有不可见的控制字符", "there are invisible control characters"),
    ("can't decode", "文字编码不是 UTF-8", "the text is not UTF-8"),
)


def _refuse_depth(source: str | bytes) -> None:
    """Events come one by one; nodes are built by calls within calls, and libyaml's never ask how many there are."""
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                mark = event.start_mark
                raise Unreadable(mark.line + 1 if mark else 0, _too_deep())
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _too_deep() -> Text:
    return Text("嵌套层次过深。", "Nested too deeply.")


def _value(node: yaml.Node, path: tuple[str | int, ...], lines: Lines, seen: set[int]) -> Any:
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise Unreadable(
            line, Text("不允许使用锚点与别名（& 与 *）。", "Anchors and aliases (& and *) are not allowed.")
        )
    if len(path) > DEEPEST:
        raise Unreadable(line, _too_deep())
    seen.add(id(node))
    lines.put(path, line)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, line)
    if not node.tag.startswith(TAG) or node.tag.removeprefix(TAG) not in ("map", "seq"):
        raise Unreadable(line, Text(f"不允许使用标签 {node.tag}。", f"The tag {node.tag} is not allowed."))
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, at), lines, seen) for at, child in enumerate(node.value)]
    return _mapping(node, path, lines, seen)


def _mapping(node: Any, path: tuple[str | int, ...], lines: Lines, seen: set[int]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, child in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise Unreadable(line, Text("字段名必须是一个词。", "A field name must be one word."))
        key = key_node.value
        if key in result:
            lines.twice.append(((*path, key), line))
            continue
        result[key] = _value(child, (*path, key), lines, seen)
        lines.put((*path, key), line)
    return result


def _scalar(node: yaml.ScalarNode, line: int) -> Any:
    value: str = node.value
    match node.tag.removeprefix(TAG):
        case "null":
            return None
        case "bool":
            return value == "true"
        case "int":
            return int(value)
        case "float":
            return float(value)
        case "str":
            return value
    raise Unreadable(line, Text(f"不允许使用标签 {node.tag}。", f"The tag {node.tag} is not allowed."))
