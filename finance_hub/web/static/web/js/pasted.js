/* A block of cells as spreadsheets put it on the clipboard, and the headings that may stand above it. */

/** Rows of cells; a cell with a tab or a line end in it stands in quotation marks. Empty rows at the end are none. */
export function parse(text) {
  const rows = [[""]];
  let quoted = false;
  const plain = text.replace(/\r\n?/g, "\n");
  for (let at = 0; at < plain.length; at += 1) {
    const row = rows[rows.length - 1];
    const letter = plain[at];
    if (quoted) {
      if (letter !== '"') row[row.length - 1] += letter === "\n" ? " " : letter;
      else if (plain[at + 1] === '"') row[row.length - 1] += plain[(at += 1)];
      else quoted = false;
    } else if (letter === '"' && row[row.length - 1] === "" && isClosed(plain, at)) quoted = true;
    else if (letter === "\t") row.push("");
    else if (letter === "\n") rows.push([""]);
    else row[row.length - 1] += letter;
  }
  while (rows.length && !rows[rows.length - 1].some((cell) => cell.trim())) rows.pop();
  return rows;
}

/* A single quotation mark that begins a cell is only meant as one where another ends it. */
function isClosed(text, from) {
  return /^"(?:[^"]|"")*"(?:[\t\n]|$)/.test(text.slice(from, from + 5000));
}

function plainly(heading) {
  return heading.normalize("NFKC").toLowerCase().replace(/\s+/g, "").replace(/\*+$/, "");
}

/**
 * The rows, and where each of their columns belongs: none where no headings stand above them, null for what the
 * grid does not take. `unknown` is a heading that stands among others and is none.
 */
export function headed(rows, { columns, passed }) {
  const places = new Map(passed.map((name) => [name, null]));
  columns.forEach((column, at) => column.names.forEach((name) => places.set(name, at)));
  const heads = (rows[0] ?? []).map(plainly);
  const known = heads.filter((head) => places.has(head));
  if (known.length < 2 || known.length * 2 <= heads.filter(Boolean).length) return { rows };
  const unknown = heads.findIndex((head) => head && !places.has(head));
  if (unknown >= 0) return { rows, unknown: rows[0][unknown] };
  return { rows: rows.slice(1), columns: heads.map((head) => places.get(head) ?? null) };
}
