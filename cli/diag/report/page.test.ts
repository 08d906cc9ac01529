import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../../proto/failure.ts';
import { chromium, Page } from '../../../test/support/chromium.ts';
import { type MadeNode, madeFinding, madeReport } from '../testing.ts';
import { faultyFleet } from '../testing-faults.ts';
import { madeReportData } from '../testing-report.ts';
import { html } from './html.ts';
import type { ReportData } from './model.ts';
import { reportPage } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-report-'));
after(() => rmSync(folder, { recursive: true }));
const browser = chromium();
const noBrowser = browser ? false : 'chromium is not installed';

const refused = (node: string) => ({
  node,
  failure: new Failure('CONNECTION_REFUSED', 'nothing listens at 10.0.0.9:7443', {
    hint: 'is the agent running?',
  }),
});

/** The text of a page without its tags and style. */
function textOf(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

test('values are escaped, and markup is not', () => {
  const inner = html`<b>${'<&>"\''}</b>`;
  assert.equal(
    html`<i title="${'a"b'}">${inner}${[1, undefined, false]}</i>`.text,
    '<i title="a&quot;b"><b>&lt;&amp;&gt;&quot;&#39;</b>1</i>',
  );
  assert.equal(html`${'a\x1b\u202eb\0'}`.text, 'a\\x1b\\u{202e}b\\x00');
});

test('the page says what is wrong, what sets it apart, what is not known, and who made it', () => {
  const data = madeReportData(faultyFleet(100, 3), { failures: [refused('db-1')] });
  const text = textOf(reportPage(data));
  for (const wanted of [
    '2 troubles need acting on now',
    'All 10 have NIC firmware mlx5_core 22.31.1014 (DEL0000000027); none of the 90 healthy ones does',
    'A disk says of itself that it is failing',
    'ethtool is not installed',
    'nothing listens at 10.0.0.9:7443',
    'nodectl://operator/alice/operator',
    'Made by nodectl 0.1.0',
    '2026-11-18 11:06:41 UTC',
    '20 of 100 clocks are off by more than 50 ms',
    'web-100',
  ])
    assert.ok(text.includes(wanted), wanted);
});

test('a hundred nodes are about 0.6 MB, and a thousand a page still', () => {
  const size = (count: number) => reportPage(madeReportData(faultyFleet(count, 3))).length;
  assert.ok(size(100) < 800_000);
  assert.ok(size(1_000) < 8_000_000);
});

test('a fleet that is well, one node, and none that keeps a past', () => {
  const well = faultyFleet(5, 2).map(({ node, labels, answer }) =>
    madeReport({ node, labels, traits: answer.traits }, [], ['a']),
  );
  const page = textOf(reportPage(madeReportData(well.slice(0, 1), { pasts: [], clocks: [] })));
  assert.match(page, /Nothing needs acting on/);
  assert.match(page, /1 of 1 node is healthy/);
  assert.match(page, /Every check could be made on every node/);
  const skipped = { id: 'a', status: 'CHECK_STATUS_SKIPPED' as const, reason: 'ethtool is not installed' };
  const unclear = [madeReport({ node: 'web-1', labels: {}, traits: [] }, [], [skipped])];
  assert.match(
    textOf(reportPage(madeReportData(unclear, { pasts: [], clocks: [] }))),
    /Nothing was found, but not everything could be checked.*1 of 1 node is well as far as could be checked\. 1 check could not/,
  );
  assert.doesNotMatch(page, /Network errors|Pressure|Clocks/);
});

/** A fleet in which every text that a node or a user can choose tries to be markup. */
function hostile(evil: string): ReportData {
  const node = (at: number): MadeNode => ({
    node: `${evil}-${at}`,
    labels: { [evil]: `${evil}${at % 2}` },
    traits: ['kernel', 'model', 'nic.firmware', 'os', evil].map((name) => ({
      name,
      value: `${evil} ${at % 3}`,
    })),
  });
  const finding = madeFinding({
    ...{
      id: `a.${evil}`,
      title: evil,
      evidence: [evil, evil],
      links: [`javascript:alert(1)//${evil}`, `https://x/${evil}`],
    },
    subject: { kind: 'nic', name: evil, hardware: evil, attributes: { firmware: evil } },
    parameters: { [evil]: evil },
    remedy: { text: evil, risk: 'REMEDY_RISK_DATA' },
    ...{ lastUsec: 1, firstUsec: 1, severity: 'SEVERITY_CRITICAL' },
  });
  const skipped = { id: evil, status: 'CHECK_STATUS_SKIPPED' as const, reason: evil };
  const reports = Array.from({ length: 14 }, (_, at) =>
    madeReport(node(at), at < 6 ? [finding] : [], [`a.${evil}`, ...(at > 10 ? [skipped] : [])]),
  ).map((report) => ({
    ...report,
    answer: { ...report.answer, agentVersion: evil, problems: [{ what: evil, kind: evil, why: `${evil}!` }] },
  }));
  const data = madeReportData(reports, {
    ...{ place: evil, by: evil, version: evil },
    failures: [{ node: evil, failure: new Failure('INTERNAL', evil, { hint: evil }) }],
  });
  return {
    ...data,
    pasts: data.pasts.map(({ node: name, series }) => ({
      node: name,
      series: series.map((one) => ({ ...one, name: one.name.replace('eth0', evil.replaceAll('/', '')) })),
    })),
  };
}

test('nothing that a node can choose becomes markup', () => {
  const evil = '"\'><script>document.title="evil"</script><img src=x onerror=alert(1)>';
  const page = reportPage(hostile(evil));
  assert.doesNotMatch(page, /<script|<img|href="javascript/i);
  // Every tag is one of ours: none has an attribute that runs something, or another that the template does not write.
  for (const [tag] of page.replace(/<style>.*?<\/style>/s, '').matchAll(/<[a-z][^>]*>/g))
    assert.doesNotMatch(tag.replace(/"[^"]*"/g, '""'), /\son|style=|src=/, tag.slice(0, 200));
  assert.ok(page.includes('&lt;script&gt;'));
});

/** Opens a page and gives what is asked of it, with what the browser complained of. */
async function opened<T>(page: string, ask: (page: Page) => Promise<T>, dark = false) {
  const file = join(folder, `${Math.floor(performance.now() * 1_000)}.html`);
  writeFileSync(file, page);
  const open = await Page.open(browser ?? '', file, { dark });
  try {
    return { value: await ask(open), complaints: open.complaints };
  } finally {
    await open.close();
  }
}

test('a browser shows it and has nothing to complain of', { skip: noBrowser }, async () => {
  const page = reportPage(madeReportData(faultyFleet(12, 4), { failures: [refused('db-1')] }));
  const { value, complaints } = await opened(page, async (open) => {
    const count = (selector: string) =>
      open.evaluate<number>(`document.querySelectorAll(${JSON.stringify(selector)}).length`);
    const shown = (selector: string) =>
      open.evaluate<number>(
        `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => one.offsetHeight > 0).length`,
      );
    return {
      title: await open.evaluate<string>('document.title'),
      cards: await count('#findings > .card'),
      panels: await shown('.panel'),
      second: await open.evaluate<string>(
        `document.querySelector('label[for=map1]').click(); [...document.querySelectorAll('.panel')].findIndex((one) => one.offsetHeight > 0).toString()`,
      ),
      wide: await open.evaluate<number>('document.documentElement.scrollWidth'),
      dots: await count('#clocks circle'),
      sparks: await count('svg.spark'),
      anchors: await open.evaluate<number>(
        `[...document.querySelectorAll('a.cell')].filter((one) => !document.querySelector(one.getAttribute('href'))).length`,
      ),
      background: await open.evaluate<string>('getComputedStyle(document.body).backgroundColor'),
      untitled: await open.evaluate<number>(
        `[...document.querySelectorAll('svg[role=img]')].filter((one) => !one.getAttribute('aria-label') && !one.querySelector('title')).length`,
      ),
    };
  });
  assert.deepEqual(complaints, []);
  assert.match(value.title, /^prod: \d troubles need acting on now$/);
  assert.ok(value.cards >= 4);
  assert.deepEqual([value.panels, value.second], [1, '1']);
  // Nothing runs out of the page at 1,200 pixels.
  assert.ok(value.wide <= 1_200);
  assert.deepEqual([value.dots, value.anchors, value.untitled], [12, 0, 0]);
  assert.ok(value.sparks >= 12);
  assert.equal(value.background, 'rgb(246, 247, 248)');
});

test('it is dark for who prefers that', { skip: noBrowser }, async () => {
  const page = reportPage(madeReportData(faultyFleet(3, 4)));
  const ask = (open: Page) => open.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  assert.equal((await opened(page, ask, true)).value, 'rgb(18, 23, 27)');
});

test('in a browser too hostile names run nothing', { skip: noBrowser }, async () => {
  const page = reportPage(
    hostile('"><script>document.title="evil"</script><svg onload=document.title="evil">'),
  );
  const { value, complaints } = await opened(page, (open) =>
    open.evaluate<string>('document.title + document.scripts.length'),
  );
  assert.ok(!value.startsWith('evil'));
  assert.ok(value.endsWith('0'));
  assert.deepEqual(complaints, []);
});

test('the policy stops what could get in all the same, and the tests would see it', {
  skip: noBrowser,
}, async () => {
  const page = reportPage(madeReportData(faultyFleet(3, 4))).replace(
    '<footer>',
    '<script>document.title="evil"</script><p style="color:red"><img src="https://192.0.2.1/x.png"><footer>',
  );
  const { value, complaints } = await opened(page, (open) => open.evaluate<string>('document.title'));
  assert.notEqual(value, 'evil');
  assert.ok(
    complaints.filter((text) => /Content Security Policy/.test(text)).length >= 3,
    complaints.join('\n'),
  );
});
