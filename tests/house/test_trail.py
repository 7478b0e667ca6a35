"""Nothing is written behind the trail's back: every act tells it, every model is told of or says why not."""

import ast

from django.apps import apps

from tests.house import calls, tree

# What leaves no entry: each with its reason. Parts of an act run inside one that tells.
SILENT = {
    "cases.actions.assigning.keep": "part of giving a case",
    "cases.actions.following.follow": "repeats on the case where its run stands, which the run's own moves tell",
    "cases.actions.opening.add_items": "part of opening a case",
    "cases.actions.opening.drafted": "part of opening a case",
    "cases.actions.opening.first_wording": "part of opening a case or adding an item",
    "comparisons.actions.decide": "nothing holds before it is confirmed; what is written is told",
    "letters.actions.story.announce": "part of the acts of talks: tells the rooms above",
    "letters.actions.posting.copied": "files a copy of what left: the letter shows it",
    "letters.actions.posting.handing_over": "a try to send a mail: what came of it is told",
    "messengers.actions.telling.send_digest": "repeats what is overdue",
    "notify.actions.send_digest": "repeats what is due",
    "notify.actions.tell": "a message about what another act told",
    "notify.actions.take_back": "undoes a message about an act that its undoing tells",
    "notify.actions.read": "what one has read of one's own inbox",
    "notify.actions.read_all": "what one has read of one's own inbox",
    "notify.actions.unread": "what one has not read of one's own inbox",
    "org.actions.batches.begin": "each row tells its own trail",
    "org.actions.batches.undo": "each row tells its own trail",
    "org.actions.calendars.renew": "part of a change of the calendar",
    "org.actions.signing_in.note_seen": "that somebody was there: their own page of sessions shows it",
    "org.actions.tokens.give_out_calls": "how many calls a token makes: nobody changed anything by it",
    "org.actions.tokens.note_used": "when it was used last: the page of settings shows it",
    "org.actions.views.begin_with": "with which view one's own list opens",
    "procedures.actions.clock.strike": "moves the run, and each move is told",
    "procedures.actions.course.locked": "locks a run for an act",
    "procedures.actions.effects.happened_to": "moves the run, and each move is told",
    "procedures.actions.handing.read_copy": "what one has read of what was copied to oneself",
    "procedures.actions.signing.check_proof": "part of signing",
    "procedures.actions.signing.sign_edition": "part of publishing",
    "procedures.actions.telling.tell": "a message about what another act told",
    "procedures.actions.working.opened": "that somebody has begun: the task shows it",
    "procedures.actions.working.own": "locks one's own task for an act",
    "procedures.actions.working.save_draft": "nothing holds before it is submitted",
    "records.actions.note_reading": "has a log of its own",
    "records.actions.note_readings": "has a log of its own",
    "reports.actions.accounting.count_changed": "counts what acts of other rooms changed",
    "reports.actions.sending.send_me_one": "each sending is a row of the log of what was sent",
    "reports.actions.counting.roll_up": "puts parts of sums together; no figure changes",
    "reports.actions.repeating.find": "compares what acts of other rooms changed",
    "sources.actions.carrying.carry": "part of accepting an edition, which counts what went on",
    "sources.actions.judging.propose_some": "the program proposes; what somebody decides is told",
    "sources.actions.citing.follow": "cited documents follow what is on record, which its own acts tell",
    "sources.actions.citing.guard": "part of changing who may see a document",
    "sources.actions.citing.look_through": "reads accepted clauses: what people say of it is told",
    "sources.actions.obsolete.note_customers": "reads customers' names: what people say of it is told",
    "sources.actions.texts.look_through": "reads words of other rooms: what people say of it is told",
    "sources.actions.texts.drop_ended": "what is over says nothing any more: the act that ended it told",
    "sources.actions.reading.give_up": "part of reading: what came of all files is told",
    "watches.actions.pages.follow": "follows the circle of its customer or document, which tells it",
    "sources.actions.reading.keep": "part of reading: what came of all files is told",
}
# Models whose rows have no entries of their own: whose entries tell of them, or why nobody needs to know.
TOLD_OTHERWISE = {
    "messengers.Delivery": "with its receiver",
    "kit.Exported": "that a list was taken out is told with its title",
    "kit.ExportedBlock": "part of what was taken out",
    "kit.Job": "work to be done; its acts tell",
    "kit.OneTimeKey": "keeps a form from being sent twice",
    "records.Word": "the trail itself",
    "records.Seal": "the trail itself",
    "records.Head": "the trail itself",
    "records.Entry": "the trail itself",
    "records.Reading": "a log of its own",
    "records.Blob": "with its attachments",
    "records.Attachment": "with its subject",
    "records.Hold": "with its subject",
    "org.HandedOver": "with the person whose work was handed over",
    "imports.Assignment": "told as the columns of its import",
    "imports.Meaning": "told as an answer in its import",
    "imports.Kept": "with its import, and with what the row became",
    "imports.Line": "with its import, and with what it became",
    "comparisons.Row": "with its comparison, and with what was written",
    "org.Location": "with its site",
    "org.Holding": "with its post",
    "org.PersonSkill": "with its person",
    "org.ScopeGrant": "with its scope",
    "org.RoleGrant": "with its person",
    "org.Invitation": "with its person",
    "org.FirstView": "with which view somebody's own list opens",
    "org.Batch": "each of its rows tells its own trail",
    "org.BatchRow": "each of its rows tells its own trail",
    "org.Token": "with its person",
    "org.Presence": "that somebody was there: their own page of sessions shows it",
    "org.CalendarStamp": "with its calendar",
    "org.CalendarDay": "with its calendar",
    "org.SiteCalendar": "with its calendar",
    "org.CalendarYear": "with its calendar",
    "org.WorkingHours": "with its calendar",
    "reports.Account": "follows acts of other rooms; setting it right is told",
    "reports.Apart": "with the case that is set apart",
    "reports.Asking": "follows acts of other rooms; what somebody says is told with the case",
    "reports.Receiver": "with its report",
    "reports.Sending": "the log of what was sent",
    "reports.Tally": "follows acts of other rooms; setting it right is told",
    "search.Document": "follows its subject",
    "search.Body": "follows its subject",
    "search.Frequency": "follows all texts",
    "search.Sample": "follows all texts",
    "changes.Application": "with its change",
    "changes.Counter": "how many numbers were given",
    "changes.Nudge": "with its change: that people were told",
    "changes.OwnDocument": "with its change",
    "changes.Supplier": "with its change",
    "sources.Citation": "read from accepted clauses",
    "sources.DocumentKey": "read from its document",
    "sources.Looked": "with which rules an edition was looked through",
    "sources.LookedText": "with which rules words of other rooms were looked through",
    "sources.File": "with its edition",
    "watches.Visit": "with its page: what it found, and what was decided",
    "sources.Lineage": "with its edition: counted in what is told of it",
    "sources.Blocks": "with its edition",
    "sources.Draft": "with its edition",
    "sources.Correction": "with its edition",
    "sources.Clause": "with its edition",
    "sources.Judgement": "with the text of its clause",
    "sources.Mapping": "with the text of its clause",
    "sources.Translation": "with the text of its clause",
    "sources.Origin": "with the edition of its standard",
    "sources.BaselineRow": "with the clause it decides of, and with its re-baselining",
    "notify.Message": "about what another act told",
    "notify.Digest": "on which day somebody got what repeats what is due",
    "procedures.Run": "with its subject",
    "procedures.Move": "with its run: what the timeline shows of it",
    "procedures.Task": "with its run",
    "procedures.Candidate": "follows from who holds which post",
    "procedures.Reminder": "the clock of a task",
    "procedures.Copy": "with its run",
    "procedures.Opinion": "with its run",
    "procedures.Signature": "with its run, and frozen",
    "customers.CustomerName": "with its customer",
    "customers.PartNumber": "with its product",
    "customers.Drawing": "with its product",
    "customers.Member": "with its project",
    "letters.Thread": "with its subject",
    "letters.Letter": "with its thread",
    "letters.Dispatch": "with its letter",
    "letters.DraftVersion": "with its letter",
    "letters.ProgressPlan": "with its subject",
    "letters.Recipient": "with its letter",
    "letters.TemplateEdition": "with its template",
    "letters.Releaser": "told of as a rule of who releases",
    "cases.FeedbackLink": "with its case",
    "cases.Assignment": "with its case",
    "cases.Counter": "how many numbers were given",
    "cases.Wording": "with its item",
    "cases.Link": "with both its cases",
    "cases.Merge": "with both its cases",
    "cases.TakenOver": "with its case",
}


def acts() -> list[calls.Node]:
    """Public functions of actions that somebody does at a moment, or that open a transaction."""
    found = []
    for path, module in tree.modules():
        if tree.shelf(path) != "actions":
            continue
        where = calls.dotted(path.relative_to(tree.ROOT).with_suffix("").parts)
        for node in module.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            opens = any("transaction.atomic" in ast.unparse(decorator) for decorator in node.decorator_list)
            if opens or {"by", "now"} <= {each.arg for each in node.args.kwonlyargs}:
                found.append((where, node.name))
    return found


def test_every_act_tells_the_trail() -> None:
    telling = calls.leading_to(("yinuo.records.actions", "write"))
    silent = {f"{module.removeprefix('yinuo.')}.{name}" for module, name in acts() if (module, name) not in telling}
    assert len(acts()) > 150
    assert sorted(silent - set(SILENT)) == []
    assert sorted(set(SILENT) - silent) == [], "tells by now, or is gone"


def test_every_model_is_told_of() -> None:
    """A model's rows are subjects of entries (their type is written somewhere), or the table says why not."""
    models = {m._meta.label: m for m in apps.get_models() if m.__module__.startswith("yinuo.")}
    own = {label for label, model in models.items() if isinstance(getattr(model, "subject_type", None), str)}
    assert sorted(set(models) - own - set(TOLD_OTHERWISE)) == []
    assert sorted(set(TOLD_OTHERWISE) - set(models)) == [], "is gone"
    assert sorted(own & set(TOLD_OTHERWISE)) == [], "has entries of its own"
