"""The series as a tree of clauses, each with its title, its text and how far it can be trusted."""

from collections.abc import Sequence

from yinuo.sources.definition import Block, Clause, Part, Split
from yinuo.sources.rules import groups, identified, labels, levels, tables, titles, trust, values, words
from yinuo.sources.rules.candidates import Candidate, Kind
from yinuo.sources.rules.gathering import Cut, Draft, Gathering, Head, size
from yinuo.sources.rules.series import Step


def tree(
    blocks: Sequence[Block],
    candidates: Sequence[Candidate],
    steps: Sequence[Step],
    contents: set[int],
    depth: int | None,
) -> Split:
    """Everything of the blocks, in clauses or left over."""
    chosen = levels.clauses(steps, candidates, blocks, depth)
    heads = titles.of_parts(blocks, candidates, steps, chosen)
    gathering = Gathering(blocks, candidates, steps, contents, list(heads.values()))
    listed = identified.found(blocks, values.meant(blocks))
    listed += identified.named(blocks, {candidates[steps[place].candidate].block for place in chosen})
    gathering.walk(_cuts(blocks, candidates, steps, chosen, listed), [row for table in listed for row in table.loose])
    drafts = gathering.drafts
    clauses = _clauses(blocks, candidates, steps, drafts)
    trust.judge(clauses, [draft.cut.step for draft in drafts], steps, candidates)
    return Split(
        tuple(clauses),
        tuple(gathering.leftovers),
        gathering.assigned,
        sum(size(block.text) for block in blocks),
        tuple(_parts(drafts, heads)),
    )


def _cuts(
    blocks: Sequence[Block],
    candidates: Sequence[Candidate],
    steps: Sequence[Step],
    chosen: set[int],
    listed: Sequence[identified.Table] = (),
) -> list[Cut]:
    """The beginnings of clauses in the order of the text: of the series, of labels, of groups in tables."""
    cuts = []
    for place in sorted(chosen):
        step, candidate = steps[place], candidates[steps[place].candidate]
        at = 0 if candidate.kind is Kind.TAIL else candidate.at
        end = candidate.at if candidate.kind in (Kind.HEADING, Kind.TAIL) else step.number.end
        cuts.append(Cut(candidate.block, at, end, place, step.under))
    cuts += [Cut(block, 0, 0, -1, above) for block, above in labels.closing(blocks, cuts, steps)]
    begun = {cut.block for cut in cuts}
    for place, block in enumerate(blocks):  # what stands behind all clauses belongs to none of them
        if cuts and place > cuts[0].block and place not in begun and words.BACK_MATTER.fullmatch(block.text):
            cuts.append(Cut(place, 0, 0, -1, -1))
    rows = {cut.block: cut.at for cut in cuts}
    above = {cut.block: cut.above for cut in cuts}
    cuts += [Cut(block, 0, 0, -1, above[row]) for block, row in tables.ended(blocks, rows)]
    known = {place for table in listed for place in table.ids}
    columns = tables.levels(blocks, {cut.block: cut.at for cut in cuts}, known)
    loose = identified.loose(blocks, listed)
    rows = {row.block: row.at for row in loose if not row.is_head}
    below, cells = groups.cells(blocks, rows | {cut.block: cut.at for cut in cuts if cut.step >= 0})
    columns |= identified.columns(listed, loose) | below
    cuts += [Cut(row.block, row.at, row.at, -1, -1) for row in loose]
    begun = {cut.block for cut in cuts}
    cuts = [cut._replace(column=columns.get(cut.block, -1)) for cut in cuts]
    cuts += [Cut(block, 0, 0, -1, -1, column) for block, column in columns.items() if block not in begun]
    cuts += [Cut(block, at, at, -1, -1, column) for block, at, column in cells]
    return sorted(cuts, key=lambda cut: (cut.block, cut.at))


def _clauses(
    blocks: Sequence[Block], candidates: Sequence[Candidate], steps: Sequence[Step], drafts: list[Draft]
) -> list[Clause]:
    places = {draft.cut.step: index for index, draft in enumerate(drafts) if draft.cut.step >= 0}
    parents = {draft.cut.above for draft in drafts}
    clauses: list[Clause] = []
    columns: list[tuple[int, int]] = []  # open columns of a table whose columns are levels, and their clauses
    for index, draft in enumerate(drafts):
        cut = draft.cut
        above = cut.above
        while above >= 0 and above not in places:  # a twin is the clause of the step before it
            above = above - 1 if steps[above].how == "twin" else steps[above].under
        parent = places.get(above, -1)
        if cut.column >= 0:
            while columns and columns[-1][0] >= cut.column:
                columns.pop()
            parent = columns[-1][1] if columns and parent < 0 else parent
            columns.append((cut.column, index))
        candidate = candidates[steps[cut.step].candidate] if cut.step >= 0 else None
        title, text = titles.divided(draft.pieces, blocks, candidate, cut.step in parents)
        made_of = dict.fromkeys([cut.block, *(place for place, _ in draft.pieces)])
        number = steps[cut.step].number.printed if cut.step >= 0 else ""
        clauses.append(Clause(number, title, text, parent, [blocks[place].place.block for place in made_of]))
    return clauses


def _parts(drafts: list[Draft], heads: dict[int, Head]) -> list[Part]:
    places = {draft.cut.step: index for index, draft in enumerate(drafts) if draft.cut.step >= 0}
    return [Part(heads[step].title, places[step]) for step in sorted(heads) if step in places]


def paragraphs(blocks: Sequence[Block], contents: set[int]) -> Split:
    """A document without numbers and headings: each paragraph is a clause."""
    gathering = Gathering(blocks, (), (), contents, ())
    clauses: list[Clause] = []
    for place, block in enumerate(blocks):
        gathering.walk_one(place)
        if len(gathering.drafts) > len(clauses):
            shown = f"{block.number} {block.text.strip()}" if block.number else block.text.strip()
            clauses.append(Clause("", "", shown, -1, [block.place.block], 0.5, ["no_number"]))
    total = sum(size(block.text) for block in blocks)
    return Split(tuple(clauses), tuple(gathering.leftovers), gathering.assigned, total, ())
