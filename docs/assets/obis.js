"use strict";
// The browser of the OBIS codes. OBIS comes from codes.js: media → files, files → tables and rules, and the names.

const GROUPS = "abcdef";
const SLOT = /\{([^{}|]*)(?:\|([^{}]*))?\}/g;
const TERM = /([+-]?)([a-fn]|\d+)(?:(\*|\/\/|%)(\d+))?/g;
const SHOWN = 200;

/** Six numbers from 1.0.1.8.0.255, 1-0:1.8.0*255, 1-0:1.8.0, 1.8.0 or 0100010800FF; null if it is no code. */
function parseCode(text) {
  const said = text.trim();
  if (/^[0-9a-f]{12}$/i.test(said)) return said.match(/../g).map((pair) => parseInt(pair, 16));
  const found =
    /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(said) ||
    /^(\d{1,3})-(\d{1,3}):(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:[.*&](\d{1,3}))?$/.exec(said);
  if (!found) return null;
  const code = found.slice(1).map((part) => (part === undefined ? 255 : Number(part)));
  return code.every((number) => number <= 255) ? code : null;
}

/** The number that an expression such as d*128+e comes to. */
function evaluate(expression, groups) {
  let total = 0;
  for (const [, sign, term, operator, by] of expression.matchAll(TERM)) {
    let value = term in groups ? groups[term] : Number(term);
    if (operator === "*") value *= Number(by);
    if (operator === "//") value = Math.floor(value / Number(by));
    if (operator === "%") value %= Number(by);
    total += sign === "-" ? -value : value;
  }
  return total;
}

function lookup(table, number) {
  for (const [ranges, text] of table || []) {
    if (ranges.some(([first, last]) => first <= number && number <= last)) {
      return text.replace(SLOT, (_, expression) => evaluate(expression, { n: number }));
    }
  }
  return null;
}

/** What a code says: {words, classes, pattern}, by the first rule that fits. */
function describeCode(data, code) {
  const files = (data.media[code[0]] || data.every).map((place) => data.files[place]);
  const tables = Object.assign({}, ...files.map((file) => file.tables));
  const groups = Object.fromEntries([...GROUPS].map((letter, place) => [letter, code[place]]));
  for (const file of files) {
    for (const [pattern, admitted, wording, , classes] of file.rules) {
      const fits = admitted.every((ranges, place) =>
        ranges.some(([first, last]) => first <= code[place] && code[place] <= last),
      );
      if (!fits) continue;
      const filled = wording.replace(SLOT, (_, expression, table) => {
        const number = evaluate(expression, groups);
        if (table === undefined) return number;
        const words = lookup(tables[table], number);
        return words === null ? `${expression[0].toUpperCase()} ${number}` : words;
      });
      const pieces = filled.split(",").map((piece) => piece.split(/\s+/).filter(Boolean).join(" "));
      return { words: pieces.filter(Boolean).join(", "), classes, pattern };
    }
  }
  return null;
}

/** Every row of the table: names first, then the kinds of objects. */
function allRows(data) {
  const names = data.names.map(([code, name, words, classes]) => ({ code, name, words, classes }));
  const kinds = data.files.flatMap((file) =>
    file.rules.map(([pattern, , , words, classes]) => ({ code: pattern, name: "", words, classes })),
  );
  const rows = [...names, ...kinds];
  for (const row of rows) {
    const spoken = `${row.name} ${row.name.replace(/[._]/g, " ")} ${row.words} ${row.code} ${reduced(row.code)}`;
    row.heard = ` ${spoken.toLowerCase().replace(/[,()⟨⟩]/g, " ")}`;
  }
  return rows;
}

function reduced(code) {
  const parts = code.split(".");
  return `${parts[0]}-${parts[1]}:${parts.slice(2, 5).join(".")} ${parts.slice(2, 5).join(".")}`;
}

/** The rows in which each word of the query begins a word; class:3 asks for the class. */
function searchRows(rows, query) {
  const words = query.toLowerCase().replace(/[,()]/g, " ").split(/\s+/).filter(Boolean);
  const classes = words.filter((word) => /^class:\d+$/.test(word)).map((word) => Number(word.slice(6)));
  const rest = words.filter((word) => !/^class:\d+$/.test(word));
  return rows.filter(
    (row) =>
      classes.every((id) => row.classes.includes(id)) && rest.every((word) => row.heard.includes(` ${word}`)),
  );
}

function start(data, page) {
  const rows = allRows(data);
  const input = page.getElementById("obis-query");
  const answer = page.getElementById("obis-answer");
  const body = page.querySelector("#obis-rows tbody");
  const count = page.getElementById("obis-count");

  const element = (tag, text) => Object.assign(page.createElement(tag), { textContent: text });
  const links = (classes) => {
    const parts = page.createDocumentFragment();
    classes.forEach((id, place) => {
      const [name, href] = data.classes[id] || [String(id), ""];
      parts.append(place ? ", " : "", href ? Object.assign(element("a", name), { href }) : name);
    });
    return parts;
  };
  const show = () => {
    const code = parseCode(input.value);
    const said = code && describeCode(data, code);
    answer.replaceChildren();
    if (said) {
      const how = element("span", `by the pattern ${said.pattern}; usual classes: `);
      how.append(said.classes.length ? links(said.classes) : "not known");
      answer.append(element("code", code.join(".")), element("strong", said.words), how);
    }
    const found = searchRows(rows, said ? reduced(code.join(".")).split(" ")[0] : input.value);
    body.replaceChildren(
      ...found.slice(0, SHOWN).map((row) => {
        const line = page.createElement("tr");
        const cell = (inner) => line.appendChild(page.createElement("td")).append(inner);
        cell(element("code", row.code));
        cell(row.words);
        cell(row.name ? element("code", row.name) : "");
        cell(links(row.classes));
        return line;
      }),
    );
    const all = found.length > SHOWN ? `, the first ${SHOWN} are shown` : "";
    count.textContent = `${found.length} of ${rows.length} rows${all}`;
  };
  input.value = new URLSearchParams(page.location.search).get("obis") || "";
  input.addEventListener("input", show);
  show();
}

if (typeof document !== "undefined" && document.getElementById("obis-search")) start(OBIS, document);
if (typeof module !== "undefined") module.exports = { parseCode, describeCode, allRows, searchRows };
