/** The nodes as cells, coloured by their state and grouped by what they are: one can see what the sick have in common. */

import { compareNames } from '../../fleet/names.ts';
import { LABEL } from '../fold/trait-table.ts';
import { html, type Markup } from './html.ts';
import { type NodeState, nodeStates, type ReportData, STATES } from './model.ts';

/** Traits worth grouping by, in this order, beside the one that explains the worst trouble. Labels follow. */
const GROUPINGS = [
  'kernel',
  'nic.driver',
  'nic.firmware',
  'nic.switch',
  'model',
  'os',
  'image',
  'disk.model',
  'cpu',
];
/** So many groupings are offered; style.ts has a rule for each. */
export const MAX_GROUPINGS = 7;
/** With fewer values there is nothing to compare, with more nothing to see. */
const MIN_VALUES = 2;
const MAX_VALUES = 24;
/** Few nodes have their names written into their cells. */
const NAMED_UNTIL = 48;

interface Grouping {
  readonly name: string;
  readonly groups: readonly { readonly value: string; readonly nodes: readonly string[] }[];
}

/** The section. */
export function fleetMap(data: ReportData): Markup {
  const states = nodeStates(data);
  const all = [...states.keys()].sort(compareNames);
  const groupings = groupingsOf(data);
  const size = all.length <= NAMED_UNTIL ? 'named' : all.length <= 300 ? 'medium' : 'small';
  const cell = (node: string): Markup => {
    const { state, titles } = states.get(node) ?? { state: 'silent' as NodeState, titles: [] };
    const about = [`${node}: ${STATES[state]}`, ...titles.slice(0, 3)].join('; ');
    return html`<a class="cell ${state}" href="#n${all.indexOf(node)}" title="${about}" aria-label="${about}">${size === 'named' && node}</a>`;
  };
  const silent = data.failures.map(({ node }) => node);
  const shown: Grouping[] = [
    ...groupings,
    { name: 'all nodes', groups: [{ value: '', nodes: data.fleet.answered }] },
  ];
  const tabs = shown.map(
    ({ name }, at) =>
      html`<input type="radio" name="map" id="map${at}"${at === 0 && html` checked`}><label for="map${at}">${label(name)}</label>`,
  );
  const panels = shown.map(
    ({ groups }, at) =>
      html`<div class="panel p${at}">${sorted(groups, states).map(
        ({ value, nodes, sick }) =>
          html`<div class="group">${
            value &&
            html`<h3>${value} <span class="dim">${nodes.length} node${nodes.length !== 1 && 's'}${sick > 0 && `, ${sick} with troubles`}</span></h3>`
          }<div class="cells ${size}">${nodes.map(cell)}</div></div>`,
      )}</div>`,
  );
  return html`<section id="map"><h2>Fleet map</h2>
<p class="legend">${legend(states)}</p>
<div class="tabs">${tabs}${panels}</div>
${silent.length > 0 && html`<div class="group"><h3>no answer <span class="dim">${silent.length} node${silent.length !== 1 && 's'}</span></h3><div class="cells ${size}">${silent.map(cell)}</div></div>`}
</section>`;
}

function label(name: string): string {
  if (name.startsWith(LABEL)) return `label ${name.slice(LABEL.length)}`;
  return name
    .replace('.', ' ')
    .replace(/^nic\b/, 'NIC')
    .replace(/^os$/, 'OS')
    .replace(/^cpu$/, 'CPU');
}

function legend(states: ReadonlyMap<string, { state: NodeState }>): Markup[] {
  return (Object.keys(STATES) as NodeState[]).flatMap((state) => {
    const count = [...states.values()].filter((one) => one.state === state).length;
    return count === 0 ? [] : [html`<span><i class="cell ${state}"></i> ${count} ${STATES[state]}</span>`];
  });
}

/** Groups with the share of troubled nodes, the highest first. */
function sorted(groups: Grouping['groups'], states: ReadonlyMap<string, { state: NodeState }>) {
  const isSick = (node: string) => ['critical', 'warning'].includes(states.get(node)?.state ?? '');
  return groups
    .map((group) => ({ ...group, sick: group.nodes.filter(isSick).length }))
    .sort(
      (a, b) =>
        b.sick / b.nodes.length - a.sick / a.nodes.length ||
        b.nodes.length - a.nodes.length ||
        compareNames(a.value, b.value),
    );
}

/** By what the nodes can be grouped: the trait that explains the worst trouble first. */
function groupingsOf({ fleet: { reports, troubles } }: ReportData): Grouping[] {
  const values = new Map<string, Map<string, Set<string>>>();
  const add = (name: string, value: string, node: string) => {
    const byValue = values.get(name) ?? new Map<string, Set<string>>();
    values.set(name, byValue);
    byValue.set(value, (byValue.get(value) ?? new Set()).add(node));
  };
  for (const { node, labels, answer } of reports) {
    for (const { name, value } of answer.traits) add(name, value, node);
    for (const [name, value] of Object.entries(labels)) add(LABEL + name, value, node);
  }
  const explaining = troubles.flatMap(({ attribution }) =>
    attribution.distinctions.slice(0, 1).flatMap(({ traits }) => traits.map(({ name }) => name)),
  );
  const labels = [...values.keys()].filter((name) => name.startsWith(LABEL)).sort();
  const names = [...new Set([...explaining, ...GROUPINGS, ...labels])];
  return names
    .flatMap((name): Grouping[] => {
      const byValue = values.get(name);
      if (!byValue || byValue.size < MIN_VALUES || byValue.size > MAX_VALUES) return [];
      const told = new Set([...byValue.values()].flatMap((nodes) => [...nodes]));
      const untold = reports.filter(({ node }) => !told.has(node)).map(({ node }) => node);
      const groups = [...byValue].map(([value, nodes]) => ({ value, nodes: [...nodes].sort(compareNames) }));
      return [
        { name, groups: untold.length > 0 ? [...groups, { value: 'not known', nodes: untold }] : groups },
      ];
    })
    .slice(0, MAX_GROUPINGS);
}
