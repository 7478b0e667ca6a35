"""The process card: what is printed around the flow."""

from __future__ import annotations

from dataclasses import dataclass

from yinuo.procedures.definition.texts import NOTHING, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """职责: what one department (or post) answers for."""

    department: Text
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term or abbreviation with its meaning."""

    term: Text
    meaning: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The process card: what is printed around the flow (S2, S4)."""

    number: str
    edition: str
    title: Text
    purpose: Text = NOTHING
    scope: Text = NOTHING
    terms: tuple[Term, ...] = ()
    references: tuple[Text, ...] = ()
    duties: tuple[Duty, ...] = ()
    resources: tuple[Text, ...] = ()
    inputs: tuple[Text, ...] = ()
    outputs: tuple[Text, ...] = ()
    kpis: tuple[Text, ...] = ()
    abbreviations: tuple[Term, ...] = ()
    attachments: tuple[Text, ...] = ()
