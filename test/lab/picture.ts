/**
 * `node test/lab/picture.ts`: makes docs/report.png anew, the page of `nodectl report` over a simulated fleet of 36 nodes, as a
 * browser shows it.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportPage } from '../../cli/diag/report/page.ts';
import { faultyFleet } from '../../cli/diag/testing-faults.ts';
import { madeReportData } from '../../cli/diag/testing-report.ts';
import { chromium, Page } from '../support/chromium.ts';

const browser = chromium();
if (!browser) throw new Error('chromium is not installed');
const folder = mkdtempSync(join(tmpdir(), 'nodectl-picture-'));
try {
  const file = join(folder, 'report.html');
  writeFileSync(file, reportPage(madeReportData(faultyFleet(36, 11))));
  const page = await Page.open(browser, file, { width: 1_040, height: 2_080, scale: 0.72 });
  try {
    writeFileSync(join(import.meta.dirname, '..', '..', 'docs', 'report.png'), await page.screenshot());
  } finally {
    await page.close();
  }
} finally {
  rmSync(folder, { recursive: true });
}
