import type { Page } from 'playwright-core'

/** A colour scheme and a width that a page is shown in. */
export interface Look {
  readonly theme: 'light' | 'dark'
  readonly width: number
}

/** Both themes at each width; the width, which takes a new layout, changes last. */
export function looksAt(...widths: readonly number[]): readonly Look[] {
  return widths.flatMap((width) => (['light', 'dark'] as const).map((theme) => ({ theme, width })))
}

/** Shows an open page in another look, without loading it again. */
export async function show(page: Page, { theme, width }: Look): Promise<void> {
  // Without motion, so that no check runs in the middle of a transition.
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  await page.setViewportSize({ width, height: width < 600 ? 740 : 800 })
}

/** Problems on touch and narrow screens: sideways scrolling, cut text, and controls lower than 44 pixels. */
export async function usabilityProblems(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`[
    ...(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []),
    ...[...document.querySelectorAll('button, select, summary, input:not([type=hidden]), a.primary, a.open')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
      .map((element) => 'lower than 44 px: ' + element.outerHTML.slice(0, 80)),
    ...[...document.querySelectorAll('h1, p, dd, label, button, a.primary, a.secondary')]
      .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
      .map((element) => 'wider than its place: ' + element.outerHTML.slice(0, 80)),
  ]`)
}
