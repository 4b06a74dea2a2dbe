/** Chromium for tests: pages, what to look for in them, and sites beside the app. */
export { axeViolations, loadAxe } from './axe.ts'
export { chromiumOrSkip, chromiumPath, launchChromium } from './launch.ts'
export { startHttpsFront } from './https-front.ts'
export { looksAt, show, usabilityProblems } from './looks.ts'
export type { Look } from './looks.ts'
export { describeInChromium, errorsOf, newLastingPage, newPage } from './pages.ts'
export { serveSite } from './serve-site.ts'
export { eventually, expectHeading, nextPage, tabTo } from './steps.ts'
