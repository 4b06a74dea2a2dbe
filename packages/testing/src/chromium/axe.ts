import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Has axe in each document that a page loads from now on, where sending it to each takes longer. */
export function loadAxe(page: Page): Promise<unknown> {
  return page.addInitScript(source)
}

/** The accessibility violations that axe finds on a page: one line per rule and element. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  // Evaluated through the debugger, so that the page's content security policy still applies.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(source)
  // To hand over the other results, too, takes as long as the checks.
  const violations = await page.evaluate<AxeResults['violations']>(
    'axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations)',
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.failureSummary ?? node.html}`),
  )
}
