// Follows the pictures of a candidate, shows each, and says when none comes any more.

import { morphChildren } from './elements.js';
import * as sections from './sections.js';

const BODIES = ['traffic', 'decisions', 'regions', 'paths', 'services', 'inputs', 'orders'];
/** A picture comes each second. */
const LATE_MILLIS = 3000;
const AGAIN_MILLIS = 5000;

let seenAt = 0;
let told = '';

const at = id => document.getElementById(id);

function show(picture) {
  const { status } = picture;
  const first = status.outlook.lines[0];
  at('mesh').textContent = status.mesh ?? '';
  document.body.dataset.level = status.outlook.level;
  document.title = `${status.outlook.level === 'WELL' ? '' : '▲ '}${first.subject} ${first.says} – Beringia`;
  morphChildren(at('outlook'), sections.outlook(picture));
  at('drill').hidden = !picture.drill;
  if (picture.drill) morphChildren(at('drill'), sections.drill(picture));
  for (const id of BODIES) {
    morphChildren(at(id).querySelector('.body'), sections[id](picture));
  }
  tell(picture);
}

/** For those who listen: what is worst, and what was decided last, once each. */
function tell({ status, timeline }) {
  const first = status.outlook.lines[0];
  const newest = timeline[0];
  const news = `${first.subject} ${first.says}. ${newest ? `Last: ${newest.subject} ${newest.what}, ${newest.why}.` : ''}`;
  if (news !== told) {
    told = news;
    at('said').textContent = news;
  }
}

function line(state, text) {
  if (at('line').textContent !== text) at('line').textContent = text;
  document.body.dataset.line = state;
}

function watch() {
  const silence = Date.now() - seenAt;
  if (seenAt === 0) {
    line('connecting', 'connecting');
  } else if (silence > LATE_MILLIS) {
    line('lost', `no answer for ${Math.floor(silence / 1000)} s: what you see is old`);
  }
}

/** A browser asks again by itself after a broken line, and never after an answer that is no stream. */
function follow() {
  const events = new EventSource('/v1/events');
  events.addEventListener('picture', event => {
    show(JSON.parse(event.data));
    seenAt = Date.now();
    line('live', 'live');
  });
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN_MILLIS);
  });
}

follow();
setInterval(watch, 1000);
