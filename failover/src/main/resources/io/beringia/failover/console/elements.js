// Elements and text, and nothing else: whatever comes from outside becomes a text node, never markup.

const SVG = 'http://www.w3.org/2000/svg';

export const element = (name, attributes, ...children) =>
  filled(document.createElement(name), attributes, children);

export const drawing = (name, attributes, ...children) =>
  filled(document.createElementNS(SVG, name), attributes, children);

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  node.append(...children.flat().map(child => (child instanceof Node ? child : String(child))));
  return node;
}

/** Makes `old` what `fresh` is, and leaves alone what is the same: focus, selections and motion survive. */
export function morph(old, fresh) {
  if (old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
  } else if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
  } else {
    morphAttributes(old, fresh);
    morphChildren(old, [...fresh.childNodes]);
  }
}

function morphAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

export function morphChildren(parent, fresh) {
  const before = [...parent.childNodes];
  before.slice(fresh.length).forEach(node => node.remove());
  fresh.forEach((node, index) => (index < before.length ? morph(before[index], node) : parent.append(node)));
}

/**
 * A table. Its roles are written out, since on a narrow screen its rows are laid out as cards.
 * @param heads what stands over each column
 * @param rows cells by row: nodes, texts, or lists of them; the first is the row's head
 */
export function table(caption, heads, rows) {
  const head = element('tr', { role: 'row' },
    heads.map(text => element('th', { role: 'columnheader', scope: 'col' }, text)));
  return element('table', { role: 'table' },
    element('caption', { class: 'unseen' }, caption),
    element('thead', { role: 'rowgroup' }, head),
    element('tbody', { role: 'rowgroup' }, rows.map(row => tableRow(heads, row))));
}

function tableRow(heads, row) {
  return element('tr', { role: 'row' }, row.map((cell, index) => index === 0
    ? element('th', { role: 'rowheader', scope: 'row' }, cell)
    : element('td', { role: 'cell', 'data-head': heads[index] }, element('div', {}, cell))));
}

const GLYPHS = { WELL: '●', WATCH: '▲', UNKNOWN: '◆', TROUBLE: '■' };

/** A word with a colour and a shape, so that nobody needs the colour. */
export const tag = (level, word) =>
  element('span', { class: `tag ${level}` }, element('span', { 'aria-hidden': 'true' }, GLYPHS[level]), ` ${word}`);

export const small = text => element('small', {}, text);

export const percent = tenThousandths => `${Number((tenThousandths / 100).toFixed(2))} %`;

export function age(millis) {
  if (millis < 1000) return `${millis} ms`;
  const seconds = millis / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`;
}

/** The clock time of an instant, with its day when that is another than `now`. */
export const clock = (instant, now) =>
  instant.slice(0, 10) === now.slice(0, 10) ? instant.slice(11, 19) : `${instant.slice(0, 10)} ${instant.slice(11, 19)}`;

export const since = (instant, now) =>
  `${clock(instant, now)} (${age(Math.max(0, Date.parse(now) - Date.parse(instant)))})`;
