// A block copied from Excel, pasted into a table of lines: it fills the lines downward from the cell one stands in, adds
// lines where the table grows, says what was taken and what was not, and is taken back as a whole.

const MOST_TOLD = 6;
const STAMP = /^(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?(.*)$/;
const CLOCK = /(上午|下午|中午|晚上)?\s*(\d{1,2})\s*[:时点]\s*(\d{1,2})?\s*分?(?::\d{1,2}(?:\.\d+)?)?\s*$/;
const DIGITS = "〇一二三四五六七八九";
const YES = ["是", "有", "√", "✓", "y", "yes", "true", "1"];
const NO = ["否", "无", "×", "✗", "n", "no", "false", "0"];

const plain = (text) => text.normalize("NFKC").replaceAll(/\s+/g, " ").trim().toLowerCase();
const told = (sentence, facts) => sentence.replaceAll(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");

// What is in the clipboard -------------------------------------------------------------------------------------------

function cellAt(text, at) {
  if (text[at] === '"') {
    const quoted = /"((?:[^"]|"")*)"(?=\t|\n|$)/y;
    quoted.lastIndex = at;
    const inside = quoted.exec(text)?.[1];
    // Excel quotes what has lines or tabs in it; other quotes belong to the text.
    if (inside !== undefined && /[\t\n]/.test(inside)) return [inside.replaceAll('""', '"'), quoted.lastIndex];
  }
  const end = text.slice(at).search(/[\t\n]/);
  return end < 0 ? [text.slice(at), text.length] : [text.slice(at, at + end), at + end];
}

function rowsOf(text) {
  const rows = [[]];
  for (let at = 0, end; at <= text.length; at = end + 1) {
    let cell;
    [cell, end] = cellAt(text, at);
    rows.at(-1).push(cell);
    if (end < text.length && text[end] === "\n") rows.push([]);
  }
  return withoutEnd(rows);
}

function withoutEnd(rows) {
  while (rows.length && rows.at(-1).every((cell) => !cell.trim())) rows.pop();
  return rows;
}

// Parsed without being shown: nothing in it runs or is fetched.
function tableOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const tables = page.querySelectorAll("table");
  if (tables.length !== 1) return null;
  const [table] = tables;
  const grid = [...table.rows].map(() => []);
  for (const [at, row] of [...table.rows].entries()) {
    let column = 0;
    for (const cell of row.cells) {
      while (grid[at][column] !== undefined) column += 1;
      for (let down = 0; down < Math.min(cell.rowSpan || 1, grid.length - at); down += 1)
        for (let along = 0; along < cell.colSpan; along += 1) grid[at + down][column + along] = down || along ? "" : textOf(cell);
      column += cell.colSpan;
    }
  }
  table.remove();
  const isAlone = !page.body.textContent.trim(); // else it is a text with a table in it
  return isAlone ? withoutEnd(grid.map((row) => Array.from(row, (cell) => cell ?? ""))) : null;
}

function textOf(cell) {
  for (const end of cell.querySelectorAll("br, p:not(:last-child), div:not(:last-child)")) end.append("\u2028");
  for (const end of cell.querySelectorAll("br")) end.replaceWith("\u2028");
  return cell.textContent.replaceAll(/[ \t\r\n]+/g, " ").replaceAll(/ ?\u2028 ?/g, "\n").trim();
}

// The block, or null where the browser had better paste as ever: words, not cells.
function blockOf(clipboard, target) {
  const text = clipboard.getData("text/plain").replaceAll(/\r\n?/g, "\n");
  const html = clipboard.getData("text/html");
  const table = html ? tableOf(html) : null;
  const isProse = html ? !table : !text.includes("\t") && (target.matches("textarea") || !text.trim().includes("\n"));
  if (isProse) return null;
  const rows = rowsOf(text);
  // The text has the cells as they were; the table knows better where lines inside a cell were not quoted.
  const isSame = table && table.length === rows.length && table[0]?.length === rows[0]?.length;
  const block = table && !isSame ? table : rows;
  return block.length ? block : null;
}

// Days and numbers as people write them ------------------------------------------------------------------------------

function counted(text) {
  return text.replaceAll("零", "〇").replaceAll(/[〇一二三四五六七八九十]+/g, (word) => {
    if (!word.includes("十")) return [...word].map((each) => DIGITS.indexOf(each)).join("");
    const [tens, ones] = word.split("十");
    return String((tens ? DIGITS.indexOf(tens) : 1) * 10 + (ones ? DIGITS.indexOf(ones) : 0));
  });
}

function iso(year, month, day) {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal && year >= 1900 && year < 2200 ? date.toISOString().slice(0, 10) : null;
}

// [day, rest of the text], or null. A day without a year is the nearest one; Excel's own number counts from 1899-12-30.
function dayOf(written) {
  const text = counted(written.normalize("NFKC").trim());
  const stamp = STAMP.exec(text) ?? /^(\d{4})(\d{2})(\d{2})()$/.exec(text);
  if (stamp) return [iso(Number(stamp[1]), Number(stamp[2]), Number(stamp[3])), stamp[4].trim()];
  const short = /^(\d{2})年(\d{1,2})月(\d{1,2})[日号]?(.*)$/.exec(text);
  if (short) return [iso(2000 + Number(short[1]), Number(short[2]), Number(short[3])), short[4].trim()];
  const near = /^(\d{1,2})月(\d{1,2})[日号]?(.*)$/.exec(text);
  if (near) {
    const now = Date.now();
    const year = new Date().getFullYear();
    const days = [year - 1, year, year + 1].map((each) => iso(each, Number(near[1]), Number(near[2]))).filter(Boolean);
    days.sort((a, b) => Math.abs(Date.parse(a) - now) - Math.abs(Date.parse(b) - now));
    return [days[0] ?? null, near[3].trim()];
  }
  if (/^[2-9]\d{4}(\.\d+)?$/.test(text)) {
    const minutes = Math.round((Number(text) - 25569) * 1440);
    const moment = new Date(minutes * 60000).toISOString();
    return [moment.slice(0, 10), text.includes(".") ? moment.slice(11, 16) : ""];
  }
  return null;
}

function clockOf(text) {
  const found = CLOCK.exec(text);
  if (!found) return null;
  let hour = Number(found[2]);
  if ((found[1] === "下午" || found[1] === "晚上") && hour < 12) hour += 12;
  const minute = Number(found[3] ?? 0);
  return hour < 24 && minute < 60 ? `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}` : null;
}

const isWeekday = (text) => /^[(（]?(星期|周|礼拜)[一二三四五六日天1-6][)）]?$/.test(text);

function dateIn(text) {
  const [day, rest] = dayOf(text) ?? [null, ""];
  return day && (!rest || isWeekday(rest) || clockOf(rest)) ? day : null;
}

function momentIn(text) {
  const [day, rest] = dayOf(text) ?? [null, ""];
  const clock = rest && !isWeekday(rest) ? clockOf(rest) : "00:00";
  return day && clock ? `${day}T${clock}` : null;
}

// Into a control ------------------------------------------------------------------------------------------------------

function valueOf(control) {
  if (control.type === "checkbox") return control.checked ? "yes" : "";
  return control.multiple ? [...control.selectedOptions].map((each) => each.value).join("\n") : control.value;
}

function set(control, value) {
  if (control.type === "checkbox") control.checked = value === "yes";
  else if (control.tomselect) control.tomselect.setValue(control.multiple ? value.split("\n").filter(Boolean) : value, true);
  else if (control.multiple) for (const each of control.options) each.selected = value.split("\n").includes(each.value);
  else control.value = value;
  for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
}

function optionsLike(control, text) {
  const wanted = plain(text);
  const all = [...control.options].map((each) => ({ value: each.value, text: each.label || each.textContent }));
  const known = Object.values(control.tomselect?.options ?? {}).map((each) => ({ value: String(each.value), text: each.text }));
  const options = [...all, ...known.filter((each) => !all.some((other) => other.value === each.value))].filter((each) => each.value);
  const same = options.filter((each) => plain(each.text) === wanted);
  if (same.length) return same;
  const meant = [[YES, ["yes", "true"]], [NO, ["no", "false"]]].find(([words]) => words.includes(wanted))?.[1] ?? [];
  const said = options.filter((each) => meant.includes(each.value));
  // People and the like stand there with a number behind their name.
  return said.length || !control.hasAttribute("data-search") ? said : options.filter((each) => plain(each.text).split(" ").includes(wanted));
}

const asked = new Map(); // what was looked up for a text already

async function lookUp(control, text) {
  const remote = control.dataset.search;
  const beside = control.form?.elements[control.dataset.searchWith];
  const narrowed = beside?.value ? `&${beside.name}=${encodeURIComponent(beside.value)}` : "";
  const name = text.split(/[\s(（]/)[0];
  const url = `${remote}${remote.includes("?") ? "&" : "?"}q=${encodeURIComponent(name)}${narrowed}`;
  if (!asked.has(url)) asked.set(url, fetch(url).then((response) => (response.ok ? response.json() : [])).catch(() => []));
  const wanted = plain(text);
  const found = await asked.get(url);
  const same = found.filter((each) => plain(each.text) === wanted);
  return same.length ? same : found.filter((each) => plain(each.text).split(" ").includes(plain(name)));
}

function choose(control, found) {
  const [it] = found;
  if (control.tomselect) control.tomselect.addOption(it);
  else if (![...control.options].some((each) => each.value === it.value)) control.add(new Option(it.text, it.value));
  set(control, it.value);
}

async function chosen(control, text) {
  if (control.multiple) {
    const parts = text.split(/[、,，;；\n]/).map((each) => each.trim()).filter(Boolean);
    const found = parts.map((each) => optionsLike(control, each));
    const lost = parts.find((_each, at) => found[at].length !== 1);
    set(control, found.filter((each) => each.length === 1).map(([each]) => each.value).join("\n"));
    return lost === undefined ? null : ["unknown", { text: lost }];
  }
  let found = optionsLike(control, text);
  if (!found.length && control.dataset.search) found = await lookUp(control, text);
  if (found.length !== 1) return [found.length ? "several" : "unknown", { text }];
  choose(control, found);
  return null;
}

// Fill in the text; null, or [what is wrong, facts]. What is not understood leaves the control as it was.
function put(control, text) {
  if (control.matches("select")) return chosen(control, text);
  const kinds = { date: [dateIn, "day"], "datetime-local": [momentIn, "day"], number: [(said) => said.normalize("NFKC").replaceAll(/[,\s]/g, ""), "number"] };
  if (control.type === "checkbox") {
    set(control, YES.includes(plain(text)) ? "yes" : "");
    return null;
  }
  const [read, fault] = kinds[control.type] ?? [(said) => (control.matches("textarea") ? said : said.replaceAll(/\s*\n\s*/g, " ")), "unknown"];
  const value = read(text.trim());
  const isNumber = control.type !== "number" || (value !== "" && Number.isFinite(Number(value)));
  if (value === null || !isNumber) return [fault, { text }];
  set(control, value);
  return control.maxLength > 0 && value.length > control.maxLength ? ["long", { n: control.maxLength }] : null;
}

// Into the table ------------------------------------------------------------------------------------------------------

const rowsIn = (lines) => [...lines.querySelectorAll(":scope > [data-line]")];
const cellsIn = (row) => [...row.querySelectorAll(".lines-cell")];
const controlIn = (cell) => cell?.querySelector("[name]:not([type=hidden])");
const labelOf = (cell) => cell.querySelector(".lines-label")?.textContent.trim() ?? "";

function added(lines) {
  const button = lines.querySelector(":scope > [data-line-add]");
  if (!button || rowsIn(lines).length >= Number(lines.dataset.most)) return null;
  button.click();
  return button.previousElementSibling;
}

// Where each copied column goes: by its heading where the first row has the table's own, else along from the cell.
function columnsOf(block, labels, start) {
  const named = block[0].map((text) => labels.findIndex((label) => label && plain(label) === plain(text)));
  const isHead = block.length > 1 && named.filter((at) => at >= 0).length > (block[0].length > 1 ? 1 : 0);
  const width = Math.max(...block.map((row) => row.length));
  const along = Array.from({ length: width }, (_each, at) => (start + at < labels.length ? start + at : -1));
  return isHead ? { isHead, columns: named } : { isHead, columns: along };
}

function mark(control, sentence) {
  const cell = control.closest(".lines-cell");
  const said = Object.assign(document.createElement("span"), { className: "lines-fault", textContent: sentence });
  cell.querySelector(".lines-fault")?.remove();
  cell.append(said);
  cell.classList.add("is-unmatched");
  control.setAttribute("aria-invalid", "true");
}

function unmark(control) {
  const cell = control.closest(".lines-cell.is-unmatched");
  cell?.classList.remove("is-unmatched");
  cell?.querySelector(".lines-fault")?.remove();
  if (cell) control.removeAttribute("aria-invalid");
}

async function fill(lines, cell, block) {
  const words = JSON.parse(lines.dataset.paste);
  const first = cell.closest("[data-line]");
  const labels = cellsIn(first).map(labelOf);
  const { isHead, columns } = columnsOf(block, labels, cellsIn(first).indexOf(cell));
  const paste = { lines, words, cells: [], added: [], faults: [], rows: 0, isHead };
  const grows = Boolean(lines.querySelector(":scope > [data-line-add]"));
  let at = rowsIn(lines).indexOf(first);
  for (const [number, texts] of block.entries()) {
    if (number === 0 && isHead) continue;
    if (grows && texts.every((text) => !text.trim())) continue;
    let row = rowsIn(lines)[at];
    if (!row) {
      row = added(lines);
      if (row) paste.added.push(row);
    }
    if (!row) {
      const rows = number + 1 < block.length ? told(words.span, { from: number + 1, to: block.length }) : block.length;
      paste.faults.push(told(words[grows ? "rows_over" : "rows_out"], { rows, n: lines.dataset.most }));
      break;
    }
    at += 1;
    paste.rows += 1;
    for (const [column, text] of texts.entries()) if (text.trim() && columns[column] >= 0) await fillCell(paste, row, at, columns[column], text);
  }
  const lost = columns.flatMap((column, number) => (column < 0 && block.some((row) => row[number]?.trim()) ? [number] : []));
  if (lost.length) {
    const names = lost.map((number) => (isHead && block[0][number].trim() ? `“${block[0][number].trim()}”` : number + 1)).join(words.comma);
    paste.faults.push(told(words.columns_over, { columns: names }));
  }
  controlIn(cell)?.focus({ preventScroll: true });
  report(paste);
}

async function fillCell(paste, row, number, column, text) {
  const cell = cellsIn(row)[column];
  const control = controlIn(cell);
  if (!control || control.disabled || control.readOnly) return;
  unmark(control);
  const before = valueOf(control);
  const fault = await put(control, text);
  paste.cells.push({ control, before, now: valueOf(control) });
  if (!fault) return;
  const [what, facts] = fault;
  const sentence = told(paste.words[what], { ...facts, text: facts.text?.length > 30 ? `${facts.text.slice(0, 30)}…` : facts.text });
  mark(control, sentence);
  paste.faults.push(told(paste.words.at, { row: number, column: labelOf(cell), sentence }));
}

// What was taken, and taking it back ----------------------------------------------------------------------------------

const pastes = new WeakMap(); // the last paste of a table, while nothing was written after it

function element(name, className, text) {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

function report(paste) {
  const { lines, words, faults } = paste;
  lines.parentElement.querySelector(":scope > .lines-told")?.remove();
  const box = element("div", "lines-told", "");
  box.setAttribute("role", "status");
  const parts = [told(words.taken, { rows: paste.rows, cells: paste.cells.length })];
  if (paste.added.length) parts.push(told(words.added, { n: paste.added.length }));
  if (paste.isHead) parts.push(words.heads);
  const line = element("p", "", parts.join(words.stop) + words.end);
  if (faults.length) line.append(element("b", "lines-open", told(words.open, { n: faults.length })));
  const list = element("ul", "", "");
  list.append(...faults.slice(0, MOST_TOLD).map((each) => element("li", "", each)));
  if (faults.length > MOST_TOLD) list.append(element("li", "quiet", told(words.more, { n: faults.length - MOST_TOLD })));
  const undo = element("button", "btn btn-sm", words.undo);
  undo.type = "button";
  undo.addEventListener("click", () => takeBack(paste, box));
  const close = element("button", "btn btn-sm btn-quiet", words.close);
  close.type = "button";
  close.addEventListener("click", () => box.remove());
  const buttons = element("div", "lines-acts", "");
  buttons.append(undo, close);
  box.append(line, ...(faults.length ? [list] : []), buttons);
  lines.after(box);
  pastes.set(lines, { paste, box });
}

// What was changed by hand since then stays as it is.
function takeBack(paste, box) {
  for (const { control, before, now } of paste.cells.toReversed()) {
    unmark(control);
    if (valueOf(control) === now && before !== now) set(control, before);
  }
  const isEmpty = (row) => [...row.querySelectorAll("input[name], textarea[name]")].every((each) => each.type === "checkbox" || !each.value);
  for (const row of paste.added) if (isEmpty(row)) row.remove();
  pastes.delete(paste.lines);
  const said = element("p", "", paste.words.undone);
  box.replaceChildren(said);
  controlIn(cellsIn(rowsIn(paste.lines)[0] ?? box)[0])?.focus({ preventScroll: true });
}

// ---------------------------------------------------------------------------------------------------------------------

// Before others look: Excel puts a picture of the cells beside them, which is no file that somebody wants to hang on.
document.addEventListener(
  "paste",
  (event) => {
    const cell = event.target.closest?.("[data-paste] .lines-cell");
    const block = cell && blockOf(event.clipboardData, event.target);
    if (!block) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const isOne = block.length === 1 && block[0].length === 1;
    if (isOne && event.target.matches("textarea, input[type=text]") && event.target === controlIn(cell)) document.execCommand("insertText", false, block[0][0]);
    else fill(cell.closest("[data-lines]"), cell, block);
  },
  true,
);

document.addEventListener("input", (event) => {
  const lines = event.target.closest?.("[data-paste]");
  if (!lines) return;
  unmark(event.target);
  if (event.isTrusted) pastes.delete(lines);
});
document.addEventListener("change", (event) => {
  if (event.target.closest?.("[data-paste]")) unmark(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const last = pastes.get(event.target.closest?.("[data-paste]"));
  if (!last) return;
  event.preventDefault();
  takeBack(last.paste, last.box);
});
