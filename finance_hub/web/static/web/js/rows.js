/* The grid of rows: cells to type in, a block of a spreadsheet pasted over them, and the keys that move. */

import { headed, parse } from "./pasted.js";

const data = JSON.parse(document.getElementById("grid-data").textContent);
const form = document.querySelector("[data-rows]");
const place = document.getElementById("grid");
const said = form.querySelector("[data-said]");
const body = document.createElement("tbody");

function element(name, facts = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(facts)) if (value !== "") made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

function listOf(column) {
  const list = element("datalist", { id: `list-${column.code}` });
  list.append(...column.choices.map((choice) => element("option", { value: choice })));
  return list;
}

function headingOf(column) {
  const facts = { scope: "col", class: `cell-${column.kind}`, title: column.hint };
  const star = column.required ? [element("span", { class: "field-error", "aria-hidden": "true" }, " *")] : [];
  return element("th", facts, column.heading, ...star);
}

function cellOf(number, column, text) {
  const id = `r${number}-${column.code}`;
  const fault = data.faults[id] ?? "";
  const input = element("input", {
    id,
    class: `cell cell-${column.kind}`,
    "aria-label": `${column.heading}, ${data.words.row} ${number}`,
    "aria-invalid": fault && "true",
    title: fault,
    list: column.choices.length ? `list-${column.code}` : "",
    inputmode: column.kind === "money" ? "decimal" : "",
    autocomplete: "off",
  });
  input.value = text;
  return element("td", {}, input);
}

function headOf(number) {
  const outcome = data.outcomes[number];
  const tone = { new: "ok", unchanged: "none", refused: "alert" }[outcome];
  const head = element("th", { scope: "row" }, String(number));
  if (outcome) head.append(" ", element("span", { class: `small state state-${tone}` }, data.words[outcome]));
  if (outcome === "refused") {
    const label = `${data.words.empty} ${number}`;
    const button = element("button", { type: "button", class: "button button-small", "aria-label": label }, "×");
    button.title = label;
    button.addEventListener("click", () => emptyRow(head.parentElement));
    head.append(" ", button);
  }
  return head;
}

function rowOf(number, cells) {
  const inputs = data.columns.map((column, at) => cellOf(number, column, cells[at] ?? ""));
  const row = element("tr", {}, headOf(number), ...inputs);
  row.dataset.number = number;
  return row;
}

function inputsOf(row) {
  return [...row.querySelectorAll("input")];
}

function addRows(count) {
  const last = Number(body.lastElementChild?.dataset.number ?? 0);
  const room = Math.max(0, Math.min(count, data.most - body.rows.length));
  for (let at = 1; at <= room; at += 1) body.append(rowOf(last + at, []));
  return room;
}

function emptyRow(row) {
  for (const input of inputsOf(row)) input.value = "";
  inputsOf(row)[0].focus();
  changed();
}

function changed() {
  const enter = form.querySelector("[data-enter]");
  if (!enter || enter.hidden) return;
  enter.hidden = true;
  said.textContent = data.words.changed;
}

function focusAt(row, column) {
  const input = row && inputsOf(row)[column];
  if (!input) return false;
  input.focus();
  input.select();
  return true;
}

/* Left and right leave a cell only where the text ends; with a modifier the keys are the browser's. */
function move(event) {
  const input = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || input.tagName !== "INPUT") return;
  const row = input.closest("tr");
  const column = inputsOf(row).indexOf(input);
  const atStart = input.selectionStart === 0 && input.selectionEnd === 0;
  const atEnd = input.selectionStart === input.value.length;
  const steps = {
    ArrowUp: () => focusAt(row.previousElementSibling, column),
    ArrowDown: () => focusAt(row.nextElementSibling, column),
    ArrowLeft: () => atStart && focusAt(row, column - 1),
    ArrowRight: () => atEnd && focusAt(row, column + 1),
    Enter: () => {
      if (event.shiftKey) return focusAt(row.previousElementSibling, column) || true;
      if (!row.nextElementSibling) addRows(1);
      return focusAt(row.nextElementSibling, column) || true;
    },
  };
  if (steps[event.key]?.()) event.preventDefault();
}

function paste(event) {
  const input = event.target.closest("input");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!input || !/[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""))) return;
  event.preventDefault();
  const start = { row: body.rows.length && [...body.rows].indexOf(input.closest("tr")) };
  start.column = inputsOf(input.closest("tr")).indexOf(input);
  const block = headed(parse(text), data);
  if (block.unknown !== undefined) {
    said.textContent = data.words.unknown.replace("{heading}", block.unknown);
    return;
  }
  spread(block, start);
}

function spread({ rows, columns }, start) {
  const wanted = start.row + rows.length;
  if (wanted > data.most) {
    said.textContent = data.words.tooMany.replace("{most}", data.most);
    return;
  }
  addRows(wanted - body.rows.length);
  rows.forEach((cells, down) => {
    const inputs = inputsOf(body.rows[start.row + down]);
    cells.forEach((cell, across) => {
      const column = columns ? columns[across] : start.column + across;
      if (column !== null && inputs[column]) inputs[column].value = cell.trim();
    });
  });
  changed();
  said.textContent = data.words.pasted.replace("{rows}", rows.length);
}

function send() {
  const rows = [...body.rows].map((row) => ({
    n: Number(row.dataset.number),
    c: inputsOf(row).map((input) => input.value),
  }));
  form.elements.rows.value = JSON.stringify(rows.filter((row) => row.c.some((cell) => cell.trim())));
}

function build() {
  const head = element("tr", {}, element("th", { scope: "col" }, data.words.row), ...data.columns.map(headingOf));
  const facts = { class: "table table-close rows", "aria-labelledby": "grid-title", "aria-describedby": "grid-hint" };
  for (const row of JSON.parse(form.elements.rows.value || "[]")) body.append(rowOf(row.n, row.c));
  addRows(body.rows.length ? 1 : data.empty);
  place.append(element("table", facts, element("thead", {}, head), body));
  place.append(...data.columns.filter((column) => column.choices.length).map(listOf));
}

build();
body.addEventListener("keydown", move);
body.addEventListener("paste", paste);
body.addEventListener("input", changed);
form.addEventListener("submit", send);
form.querySelector("[data-more]").addEventListener("click", () => {
  const first = body.rows.length;
  if (addRows(data.empty)) focusAt(body.rows[first], 0);
});
