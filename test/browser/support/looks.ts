import type { Page } from 'playwright-core'

/** One way of looking at a page. */
export interface Look {
  readonly theme: 'light' | 'dark'
  readonly width: number
}

/** Both themes at each width. */
export function looksAt(...widths: readonly number[]): readonly Look[] {
  return (['light', 'dark'] as const).flatMap((theme) => widths.map((width) => ({ theme, width })))
}

/** Shows the page that is open in another look, without loading it again. */
export async function show(page: Page, { theme, width }: Look): Promise<void> {
  // Motion is reduced so that no colour is caught halfway.
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  await page.setViewportSize({ width, height: width < 600 ? 740 : 800 })
}

/**
 * What a finger or a narrow screen would stumble over: sideways scrolling, and buttons or fields
 * that are lower than 44 pixels.
 */
export async function stumblingBlocks(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`[
    ...(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []),
    ...[...document.querySelectorAll('button, select, summary, input:not([type=hidden]), a.primary, a.open')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
      .map((element) => 'lower than 44 px: ' + element.outerHTML.slice(0, 80)),
  ]`)
}
