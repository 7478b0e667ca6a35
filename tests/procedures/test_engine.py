"""Single moves of the engine, one by one."""

from __future__ import annotations

import pytest

from tests.procedures import stories
from tests.procedures.stories import Story
from yinuo.procedures.engine import asking, changes, moves, running

SOURCE = """
format: 1
key: small
card: {number: QP-9, edition: A/0, title: {zh: 小流程, en: Small}}
statuses:
  - {key: new, title: {zh: 待处理, en: Pending}, stage: pending}
  - {key: active, title: {zh: 处理中, en: In progress}, stage: active}
  - {key: held, title: {zh: 已暂停, en: On hold}, stage: active}
  - {key: again, title: {zh: 重新打开, en: Reopened}, stage: active}
  - {key: done, title: {zh: 已完成, en: Done}, stage: done}
shows: {start: new, held: held, completed: done, terminated: done, reopened: again}
forms:
  - key: paper
    number: F-1
    edition: A/0
    title: {zh: 表, en: Paper}
    fields: [{key: cost, kind: number, label: {zh: 费用, en: Cost}}]
flow:
  - task: plan
    title: {zh: 方案, en: Plan}
    who: {post: clerk}
    form: paper
    status: new
    on_open: [{effect: x.tell, repeatable: true}]
  - side_by_side: beside
    branches:
      - - task: left
          title: {zh: 左, en: Left}
          who: {post: clerk}
          status: active
      - - opinions: right
          title: {zh: 会签, en: Opinions}
          mode: any
          ask: [{department: quality}, {department: sales}]
          on_done: [x.keep]
  - decision: approve
    title: {zh: 批准, en: Approve}
    who: {post: boss}
    status: active
    may: {return_to: [plan], withdraw: false}
    outcomes:
      - {key: agree, label: {zh: 同意, en: Agree}}
      - {key: back, label: {zh: 退回, en: Return}, back: plan}
      - {key: end, label: {zh: 终止, en: End}, end: true}
  - task: close
    title: {zh: 办结, en: Close}
    who: {post: clerk}
    may: {add_signer: false}
"""


@pytest.fixture
def story() -> Story:
    return Story(stories.read(SOURCE))


def refused(story: Story, move: moves.Move) -> str:
    """The Chinese words of the refusal; the state stays as it was."""
    before = story.state
    with pytest.raises(running.CannotMove) as caught:
        story.move(move)
    assert story.state == before
    return caught.value.words.zh


def to_approval(story: Story) -> None:
    story.submit("plan", cost=5)
    story.submit("left")
    story.opine("right", "department:sales", "conditional", "加价")


def test_any_opinion_is_enough_and_the_others_are_told(story: Story) -> None:
    to_approval(story)
    [cancelled] = story.told(changes.ItemCancelled)
    assert (cancelled.item.party, cancelled.why) == ("department:quality", "answered")
    assert story.state.nodes["right"].verdict == "conditional"
    assert story.state.nodes["right"].data["counts"] == {"can": 0, "conditional": 1, "cannot": 0, "not_concerned": 0}
    assert [change.when for change in story.told(changes.RunEffect)] == ["done"]


def test_an_opinion_that_is_no_plain_yes_says_why(story: Story) -> None:
    story.submit("plan")
    item = story.item("right", party="department:sales").id
    assert "原因" in refused(story, moves.Submit(item=item, verdict="cannot"))
    assert "意见" in refused(story, moves.Submit(item=item))


def test_two_people_finishing_the_same_item_one_is_told(story: Story) -> None:
    item = story.item("plan").id
    story.move(moves.Submit(item=item))
    assert "已由他人完成" in refused(story, moves.Submit(item=item))


def test_an_outcome_leads_back_and_keeps_the_signature(story: Story) -> None:
    to_approval(story)
    signed = story.item("approve").id
    story.submit("approve", outcome="back")
    assert story.open == {"plan"}
    assert story.state.items[signed].outcome == "back"
    assert story.state.items[signed].void
    assert story.item("plan").attempt == 2
    assert {change.item.step for change in story.told(changes.ItemVoided)} == {"plan", "left", "right", "approve"}


def test_an_outcome_ends_the_run(story: Story) -> None:
    to_approval(story)
    story.submit("approve", outcome="end")
    assert (story.state.situation, story.state.ending, story.state.status) == ("ended", "terminated", "done")


def test_return_only_where_allowed_and_with_a_reason(story: Story) -> None:
    to_approval(story)
    item = story.item("approve").id
    assert asking.returns_of(story.definition, story.state, item) == ("plan",)
    assert "不能退回" in refused(story, moves.Return(item=item, to="left", reason="x"))
    assert "原因" in refused(story, moves.Return(item=item, to="plan"))


def test_return_from_a_branch_closes_its_siblings(story: Story) -> None:
    story.submit("plan")
    story.submit("left")
    item = story.item("right", party="department:sales").id
    story.move(moves.Return(item=item, to="plan", reason="资料不全"))
    assert story.open == {"plan"}
    assert story.state.items[item].outcome == "returned"
    assert story.state.items[item].condition == "资料不全"


def test_withdraw_while_nobody_has_gone_on(story: Story) -> None:
    story.submit("plan")
    plan = "plan#1"
    assert asking.may_withdraw(story.definition, story.state, plan)
    story.move(moves.Withdraw(item=plan))
    assert story.open == {"plan"}
    assert story.item("plan").attempt == 2
    story.submit("plan")
    story.submit("left")
    assert "后续工作已经完成" in refused(story, moves.Withdraw(item="plan#2"))
    assert "自己已提交" in refused(story, moves.Withdraw(item=plan))


def test_what_an_effect_has_done_cannot_be_withdrawn(story: Story) -> None:
    story.submit("plan")
    story.opine("right", "department:quality")
    item = next(item.id for item in story.state.items.values() if item.step == "right" and item.state == "done")
    assert "动作已经执行" in refused(story, moves.Withdraw(item=item))


def test_a_step_may_forbid_withdrawal_and_signers(story: Story) -> None:
    to_approval(story)
    story.submit("approve", outcome="agree")
    assert "不允许撤回" in refused(story, moves.Withdraw(item="approve#1"))
    assert "不允许加签" in refused(story, moves.AddSigner(item=story.item("close").id, party="person:E1"))


def test_a_signer_before_is_waited_for(story: Story) -> None:
    to_approval(story)
    owner = story.item("approve").id
    story.move(moves.AddSigner(item=owner, party="person:E1"))
    assert story.state.items[owner].state == "blocked"
    assert "加签人" in refused(story, moves.Submit(item=owner, outcome="agree"))
    assert "已请此人" in refused(story, moves.AddSigner(item=owner, party="person:E1"))
    signer = next(item for item in story.state.open_items() if item.kind == "signer")
    story.move(moves.Submit(item=signer.id, outcome="disagree", condition="费用过高"))
    assert story.state.items[owner].state == "open", "the owner decides, knowing the objection"
    story.submit("approve", outcome="agree")
    assert story.open == {"close"}


def test_a_signer_after_completes_the_step_or_opens_it_anew(story: Story) -> None:
    to_approval(story)
    owner = story.item("approve").id
    story.move(moves.AddSigner(item=owner, party="person:E1", before=False))
    signer = next(item for item in story.state.open_items() if item.kind == "signer")
    assert signer.state == "blocked"
    story.move(moves.Submit(item=owner, outcome="agree"))
    assert story.open == {"approve"}, "the step waits for the signer"
    story.move(moves.Submit(item=signer.id, outcome="disagree", condition="再议"))
    assert story.state.items[owner].void
    assert story.item("approve").attempt == 2
    story.submit("approve", outcome="agree")
    assert story.open == {"close"}


def test_hold_stops_people_and_clocks_but_not_news(story: Story) -> None:
    story.move(moves.Hold(reason="等顾客"))
    assert story.state.status == "held"
    assert "已暂停" in refused(story, moves.Submit(item=story.item("plan").id))
    story.move(moves.FactsChanged())
    story.move(moves.Resume())
    assert story.state.status == "new"


def test_reopening_shows_itself_until_work_goes_on(story: Story) -> None:
    to_approval(story)
    story.submit("approve", outcome="agree")
    story.submit("close")
    assert (story.state.situation, story.state.status) == ("ended", "done")
    assert asking.reopenings_of(story.definition, story.state) == ("plan", "approve", "close")
    assert "不能在所选步骤" in refused(story, moves.Reopen(to="left", reason="x"))
    story.move(moves.Reopen(to="approve", reason="顾客补充"))
    assert story.open == {"approve"}
    assert story.state.status == "again"
    assert story.state.nodes["left"].done, "what stands before stays done"
    story.submit("approve", outcome="agree")
    assert story.state.status == "active"


def test_a_run_pinned_to_another_edition_is_not_moved(story: Story) -> None:
    other = stories.read(SOURCE.replace("A/0, title: {zh: 小流程", "A/1, title: {zh: 小流程"))
    with pytest.raises(ValueError, match="pinned"):
        running.apply(other, story.state, {}, moves.FactsChanged())


WAITING = """
format: 1
key: waits
card: {number: QP-8, edition: A/0, title: {zh: 等, en: Waits}}
flow:
  - task: ask
    title: {zh: 问, en: Ask}
    who: {post: clerk}
  - wait: answer
    title: {zh: 等答复, en: Wait}
    until:
      rows:
        - {when: [[cases.answer, is, bad]], then: bad}
        - {when: [[cases.answer, not empty]], then: good}
    outcomes:
      - {key: good, label: {zh: 好, en: Good}}
      - {key: bad, label: {zh: 不好, en: Bad}, back: ask}
  - timer: later
    title: {zh: 稍后, en: Later}
    moment: cases.later_at
  - for_each: rounds
    title: {zh: 轮次, en: Rounds}
    name: round
    in_sequence: true
    list: {fact: cases.rounds}
    flow:
      - task: work
        title: {zh: 做, en: Work}
        who: {each: round.owner, fallback: {post: clerk}}
"""


def test_a_stale_fact_does_not_send_a_run_in_circles() -> None:
    story = Story(stories.read(WAITING), {"cases.answer": "bad"})
    story.submit("ask")
    assert story.open == {"ask"}, "the bad answer leads back"
    story.facts["cases.answer"] = "fine"
    story.submit("ask")
    assert story.open == {"later"}


def test_a_timer_tells_its_moment_and_rounds_go_one_by_one() -> None:
    facts = {
        "cases.answer": "fine",
        "cases.later_at": "2026-03-02T09:00:00+00:00",
        "cases.rounds": [{"key": "r1", "owner": "person:E1"}, "r2", {"no": "key"}, True, "r2"],
    }
    story = Story(stories.read(WAITING), facts)
    story.submit("ask")
    assert [change.item.step for change in story.told(changes.TimerStarted)] == ["later"]
    story.time("later")
    assert story.open == {"work@r1"}
    assert story.item("work", ("r1",)).party == "person:E1"
    story.submit("work", "r1")
    assert story.open == {"work@r2"}
    story.move(moves.Withdraw(item="work@r1#1"))
    assert story.open == {"work@r1"}, "the next round rests on it"
    story.submit("work", "r1")
    story.submit("work", "r2")
    assert story.state.ending == "completed"


SEEN = """
format: 1
key: seen
card: {number: QP-7, edition: A/0, title: {zh: 看, en: Seen}}
forms:
  - key: paper
    number: F-1
    edition: A/0
    title: {zh: 表, en: Paper}
    fields: [{key: cost, kind: number, label: {zh: 费用, en: Cost}}]
flow:
  - for_each: parts
    title: {zh: 逐项, en: Parts}
    name: part
    list: {fact: cases.parts}
    flow:
      - task: price
        title: {zh: 报价, en: Price}
        who: {post: clerk}
        form: paper
      - choice: dear
        title: {zh: 贵吗, en: Dear}
        table: {rows: [{when: [[price.cost, ">", 10], [part.kind, is, special]], then: look}], otherwise: skip}
        branches: {look: [{task: look, title: {zh: 看, en: Look}, who: {post: boss}}]}
  - choice: any_dear
    title: {zh: 有贵的吗, en: Any dear}
    table: {rows: [{when: [[price.cost, contains, 20]], then: total}], otherwise: skip}
    branches: {total: [{task: total, title: {zh: 合计, en: Total}, who: {post: boss}}]}
"""


def test_a_result_is_one_value_inside_its_iteration_and_a_list_outside() -> None:
    facts = {"cases.parts": [{"key": "P1", "kind": "special"}, {"key": "P2", "kind": "plain"}]}
    story = Story(stories.read(SEEN), facts)
    story.submit("price", "P1", cost=20)
    assert story.open == {"look@P1", "price@P2"}
    story.submit("price", "P2", cost=20)
    assert story.open == {"look@P1"}, "dear, but not special"
    story.submit("look", "P1")
    assert story.open == {"total"}
    story.submit("total")
    assert story.state.ending == "completed"


def test_questions_about_what_is_not_there_have_plain_answers(story: Story) -> None:
    assert asking.returns_of(story.definition, story.state, "nothing#1") == ()
    assert not asking.may_withdraw(story.definition, story.state, "nothing#1")
    assert asking.reopenings_of(story.definition, story.state) == ()
    assert "没有这项工作" in refused(story, moves.Withdraw(item="nothing#1"))
    assert "不适用" in refused(story, moves.TimeReached(item=story.item("plan").id))
    assert "原因" in refused(story, moves.Terminate(reason=" "))


ENDINGS = """
format: 1
key: ends
card: {number: QP-6, edition: A/0, title: {zh: 到期, en: Ends}}
flow:
  - wait: answer
    title: {zh: 等, en: Wait}
    events: [x.came]
    due: {working_days: 1}
    timeout: end
"""


def test_a_wait_may_end_the_run_when_its_time_is_over() -> None:
    story = Story(stories.read(ENDINGS))
    story.time("answer")
    assert story.state.ending == "terminated"
    assert story.state.items["answer#1"].outcome == "timed_out"
