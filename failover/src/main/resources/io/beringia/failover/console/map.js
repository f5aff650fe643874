// The sites, the ways between them as they are seen, and where clients are sent.

import { drawing, percent } from './elements.js';

const BOX = { width: 190, height: 78 };
const NAME_MAX = 16;
/** The height at which an ellipse of regions has its middle. */
const MIDDLE = 300;
const STATES = ['UP', 'PROBATION', 'SUSPECT', 'DOWN'];

/** @param levels how each region stands, by name */
export function map(status, levels) {
  const serving = servingOf(status);
  const width = serving.length > 2 ? 760 : 560;
  const seats = seated(serving, status, width);
  const height = Math.max(...Object.values(seats).map(seat => seat.y)) + BOX.height / 2 + 14;
  const arcs = flows(status, seats);
  const top = arcs.length === 0 && serving.length <= 3 ? 66 : 0;
  return drawing('svg', { viewBox: `0 ${top} ${width} ${height - top}`, role: 'img', 'aria-label': 'Map of the sites; the tables say the same' },
    drawing('defs', {}, arrowHead()),
    ways(status, seats),
    arcs,
    Object.entries(seats).map(([name, seat]) => box(name, seat, status, levels)));
}

function servingOf(status) {
  const regions = (status.regions ?? []).map(region => region.region);
  const targets = status.evidence.flatMap(site => site.observers).flatMap(one => one.paths).map(path => path.region);
  return [...new Set([...regions, ...targets])].sort();
}

/** Regions in a row, or on an ellipse if there are many; witnesses below, or in the middle of it. */
function seated(serving, status, width) {
  const sites = [...status.evidence.map(site => site.site), ...status.unheard];
  const watching = sites.filter(site => !serving.includes(site)).sort();
  const isRound = serving.length > 3;
  return Object.fromEntries([
    ...serving.map((name, index) => [name, isRound ? onEllipse(index, serving.length, width) : inRow(index, serving.length, width, 120)]),
    ...watching.map((name, index) => [name, inRow(index, watching.length, width, isRound ? MIDDLE : 290)]),
  ]);
}

const inRow = (index, count, width, y) => ({ x: (width / count) * (index + 0.5), y });

function onEllipse(index, count, width) {
  const angle = (2 * Math.PI * index) / count - Math.PI / 2;
  return { x: width / 2 + (width / 2 - BOX.width / 2 - 6) * Math.cos(angle), y: MIDDLE + 190 * Math.sin(angle) };
}

function arrowHead() {
  return drawing('marker', { id: 'head', viewBox: '0 0 10 10', refX: 7, refY: 5, markerWidth: 16, markerHeight: 16, markerUnits: 'userSpaceOnUse', orient: 'auto' },
    drawing('path', { d: 'M0 0 10 5 0 10z', class: 'head' }));
}

/** One line for each way, in the worst state that any observer of the site sees. */
function ways(status, seats) {
  return status.evidence.flatMap(site => {
    const worst = {};
    for (const path of site.observers.flatMap(observer => observer.paths)) {
      const state = STATES.indexOf(path.state);
      worst[path.region] = Math.max(worst[path.region] ?? 0, state);
    }
    return Object.entries(worst)
      .filter(([target]) => target !== site.site)
      .map(([target, state]) => way(seats[site.site], seats[target], STATES[state]));
  });
}

function way(from, to, state) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const [ox, oy] = [-dy * 7, dx * 7];
  const [mx, my] = [(from.x + to.x) / 2 + ox + dx * 26, (from.y + to.y) / 2 + oy + dy * 26];
  return drawing('g', { class: `way ${state}` },
    drawing('line', { x1: from.x + ox, y1: from.y + oy, x2: to.x + ox, y2: to.y + oy }),
    state === 'UP' ? [] : drawing('text', { x: mx, y: my + 5, 'text-anchor': 'middle' }, state === 'DOWN' ? '✕' : '▲'));
}

/** Where clients of one region are sent in another: the wider, the more of them; to the right above, to the left below. */
function flows(status, seats) {
  return Object.entries(status.shares ?? {}).flatMap(([source, row]) => Object.entries(row)
    .filter(([target]) => target !== source && seats[source] && seats[target])
    .map(([target, share]) => flow(seats[source], seats[target], share)));
}

function flow(from, to, share) {
  const side = Math.sign(to.x - from.x) || 1;
  const start = { x: from.x + side * BOX.width * 0.3, y: from.y - side * BOX.height / 2 };
  const end = { x: to.x - side * BOX.width * 0.3, y: to.y - side * (BOX.height / 2 + 6) };
  const peak = side > 0 ? Math.min(start.y, end.y) - 62 : Math.max(start.y, end.y) + 62;
  const d = `M${start.x} ${start.y}C${start.x} ${peak} ${end.x} ${peak} ${end.x} ${end.y}`;
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 8 + peak * 0.75 };
  return drawing('g', { class: 'flow' },
    drawing('path', { d, 'stroke-width': 2 + (share / 10000) * 7, 'marker-end': 'url(#head)' }),
    drawing('text', { x: middle.x, y: middle.y - side * 10 + 3, 'text-anchor': 'middle' }, percent(share)));
}

function box(name, seat, status, levels) {
  const region = (status.regions ?? []).find(one => one.region === name);
  const level = levels[name] ?? (region ? 'WELL' : 'NONE');
  const lines = [name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name, ...below(name, region, status)];
  return drawing('g', { class: `site ${level}` },
    drawing('title', {}, name),
    drawing('rect', { x: seat.x - BOX.width / 2, y: seat.y - BOX.height / 2, width: BOX.width, height: BOX.height, rx: 10 }),
    lines.map((line, index) => drawing('text', { x: seat.x, y: seat.y + 8 + (index - (lines.length - 1) / 2) * 21, 'text-anchor': 'middle', class: `line-${index}` }, line)));
}

function below(name, region, status) {
  if (!region) return [status.unheard.includes(name) ? 'never heard' : 'watches'];
  const home = (status.shares?.[name] ?? {})[name] ?? 0;
  const word = region.ramp ? `${region.state} ${percent(region.ramp)}` : region.state;
  if (home === 0) return [word, 'clients go elsewhere'];
  return [word, home === 10000 ? 'serves its clients' : `keeps ${percent(home)} of clients`];
}
