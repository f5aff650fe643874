// What stands in each section, made of one picture.

import { age, clock, drawing, element, percent, since, small, table, tag } from './elements.js';
import { map } from './map.js';

const PATHS = { UP: 'WELL', PROBATION: 'WATCH', SUSPECT: 'WATCH', DOWN: 'TROUBLE' };
const STEERED = { HEALTHY: 'WELL', DEGRADED: 'WATCH', UNHEALTHY: 'TROUBLE', PROBATION: 'WATCH', RAMPING: 'WATCH' };
/** An observer that is so unwell does not vote. */
const UNWELL = 3;

export function levels(status) {
  const worst = {};
  for (const line of [...status.outlook.lines].reverse()) worst[line.subject] = line.level;
  return worst;
}

export function outlook({ at, status }) {
  const [first, ...others] = status.outlook.lines;
  return [
    element('div', { class: `first ${first.level}` },
      element('p', { class: 'says' }, tag(first.level, first.subject), ` ${first.says}`),
      element('p', { class: 'why' }, first.since ? `${first.why} — since ${since(first.since, at)}` : first.why)),
    others.length === 0 ? [] : element('ul', { class: 'others' }, others.map(line => element('li', { class: line.level },
      tag(line.level, line.subject), ` ${line.says}`, small(` ${line.why}`)))),
    facts(status),
    status.notes.length === 0 ? [] : element('p', { class: 'notes' }, status.notes.join(' · ')),
  ].flat();
}

function facts(status) {
  const all = status.leading
    ? [['led from', status.site], ['epoch', status.epoch], ['plan', status.seq], ['lease left', age(status.leaseLeftMillis)],
      ['mode', status.mode], ['last look', status.decision]]
    : [['seen from', status.site], ['mode', status.mode]];
  return element('dl', { class: 'facts' }, all.map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}

export function drill({ drill: running }) {
  return [
    element('p', { class: 'says' }, 'Drill ', element('strong', {}, running.drill), running.chapter ? `: ${running.chapter}` : ''),
    element('p', { class: 'why' }, [running.hypothesis, running.fault && `fault: ${running.fault}`, running.since && `since ${running.since.slice(11, 19)}`]
      .filter(Boolean).join(' · ')),
  ];
}

export function traffic({ status }) {
  const sources = Object.entries(status.shares ?? {});
  const targets = [...new Set(sources.flatMap(([source, row]) => [source, ...Object.keys(row)]))].sort();
  const open = Object.fromEntries(status.evidence.map(site => [site.site, site.tunnels]));
  return [
    element('figure', {}, map(status, levels(status)), element('figcaption', {},
      'Thick: clients sent to another region. Thin: each way as the site at its end sees it; ', element('b', { class: 'WATCH' }, '▲'), ' in doubt, ',
      element('b', { class: 'TROUBLE' }, '✕'), ' down.')),
    sources.length === 0
      ? element('p', { class: 'none' }, 'Only the leader shows where clients are sent.')
      : table('Share of new connections by region of the clients', ['clients of', ...targets], sources.map(([source, row]) =>
        [source, ...targets.map(target => share(row[target] ?? 0, (open[source] ?? {})[target]))])),
  ];
}

function share(part, tunnels) {
  return [
    element('span', { class: part === 0 ? 'zero' : 'share' }, percent(part)),
    drawing('svg', { class: 'bar', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      drawing('rect', { width: 100, height: 4, class: 'rail' }), drawing('rect', { width: part / 100, height: 4 })),
    tunnels === undefined ? [] : small(`${tunnels} open across`),
  ].flat();
}

export function decisions({ at, timeline }) {
  return timeline.length === 0 ? [element('p', { class: 'none' }, 'None since this candidate began.')]
    : [element('ol', { class: 'decisions', tabindex: '0', 'aria-label': 'Decisions, newest first' }, timeline.map(entry => element('li', { class: entry.kind },
      element('time', { datetime: entry.at }, clock(entry.at, at)),
      element('div', {}, element('strong', {}, entry.subject), ` ${entry.what}`, small(`${entry.why} · plan ${entry.plan}`)))))];
}

export function regions({ at, status }) {
  if (!status.regions) return [element('p', { class: 'none' }, 'Only the leader shows them.')];
  const worst = levels(status);
  return [table('Regions', ['region', 'state', 'since', 'seen', 'why', 'held by', 'penalty'], status.regions.map(region => [
    region.region,
    [tag(worst[region.region] ?? 'WELL', region.ramp ? `${region.state} ${percent(region.ramp)}` : region.state),
      ...region.overlays.map(overlay => element('span', { class: 'overlay' }, overlay))],
    since(region.since, at),
    region.verdict ?? '–',
    region.reason,
    rules(region),
    region.penalty,
  ]))];
}

/** What stands against the next move of a region, whether anything wants it or not. */
function rules(region) {
  const all = [...region.guards.map(one => [one, 'guard']), ...region.warnings.map(one => [one, 'guard warns'])];
  return all.length === 0 ? 'nothing' : all.map(([one, kind]) =>
    element('span', { class: kind }, element('b', {}, one.rule), small(` ${kind === 'guard' ? '' : 'warns: '}${one.detail}`)));
}

export function paths({ status }) {
  const observers = status.evidence.flatMap(site => site.observers.map(observer => ({ site: site.site, ...observer })));
  const targets = [...new Set(observers.flatMap(one => one.paths.map(path => path.region)))].sort();
  return observers.length === 0 ? [element('p', { class: 'none' }, 'No observer is heard.')]
    : [table('Paths by observer', ['observer', 'heard', ...targets.map(target => `to ${target}`)], observers.map(one => [
      [one.site, small(` ${one.observer}`)], self(one), ...targets.map(target => path(one.paths.find(path => path.region === target))),
    ]))];
}

function self(observer) {
  const flaws = [observer.controlProbeOk ? [] : 'cut off itself', observer.localHealth < UNWELL ? [] : `unwell (${observer.localHealth} of 8)`].flat();
  return flaws.length === 0 ? `${age(observer.ageMillis)} ago` : [tag('WATCH', flaws.join(', ')), small(` ${age(observer.ageMillis)} ago: no vote`)];
}

function path(seen) {
  return seen === undefined ? '–' : [tag(PATHS[seen.state], seen.refused ? `${seen.state}, refused` : seen.state),
    small(` silent ${age(seen.silenceMillis)}, round trip ${age(seen.roundTripMillis)}`),
    ...seen.troubles.map(one => element('span', { class: 'guard' }, tag('WATCH', one.trouble), small(` at ${one.gateway}`)))];
}

export function services({ at, status }) {
  if (!status.services || status.services.length === 0) return [element('p', { class: 'none' }, 'All of them follow their region.')];
  const more = status.servicesLeftOut ? [element('p', { class: 'none' }, `${status.servicesLeftOut} more are left out.`)] : [];
  return [table('Services', ['service', 'in', 'state', 'keeps', 'seen', 'why'], status.services.map(one => [
    one.service, one.region, tag(STEERED[one.state] ?? 'UNKNOWN', one.state), percent(one.keeps), one.verdict,
    one.since ? [one.reason, small(` since ${since(one.since, at)}`)] : '–',
  ])), ...more];
}

export function inputs({ status }) {
  const behind = new Set((status.laggards ?? []).map(one => one.site));
  const newest = `${status.epoch}.${status.seq}`;
  const unheard = status.unheard.map(site => [site, tag('WATCH', 'never heard'), '–', '–', '–']);
  return [table('Sites', ['site', 'evidence', 'obeys plan', 'proxies that follow', 'hears'], [...status.evidence.map(site => [
    site.site,
    site.ageMillis > 5000 ? tag('WATCH', `${age(site.ageMillis)} old`) : `${age(site.ageMillis)} old`,
    behind.has(site.site) && site.acceptedPlan !== newest ? tag('WATCH', `${site.acceptedPlan}, behind`) : site.acceptedPlan,
    site.acknowledged < site.proxies ? tag('WATCH', `${site.acknowledged} of ${site.proxies}`) : `${site.acknowledged} of ${site.proxies}`,
    site.heartbeats.map(beat => `${beat.from} ${age(beat.ageMillis)} ago`).join(', ') || 'nobody',
  ]), ...unheard])];
}

export function orders({ at, status }) {
  return !status.overrides || status.overrides.length === 0 ? [element('p', { class: 'none' }, 'None.')]
    : [table('Orders', ['order', 'of', 'until', 'why', 'by', 'sets aside'], status.overrides.map(one => [
      one.verb, [one.region === '*' ? 'every region' : one.region, small(one.service ? ` ${one.service}` : '')], clock(one.expires, at), one.reason, one.actor, one.rules.join(', ') || 'nothing',
    ]))];
}
