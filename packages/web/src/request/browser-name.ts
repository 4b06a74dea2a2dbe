const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  // No user looks at this one: a script made the attempt, and the approval page should show it.
  [/\bHeadlessChrome\//, 'Headless Chrome'],
  [/\bChrome\/|\bCriOS\//, 'Chrome'],
  // Nearly every browser claims to be Safari. Safari itself adds its version.
  [/\bVersion\/.*\bSafari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

// A longer header is no browser's.
const maxLength = 1000

/**
 * What people call the browser of a `User-Agent`, such as `Firefox on Linux`; undefined when it
 * holds no name that they would know. For display only, since a client can send any header.
 */
export function browserNameOf(userAgent: string): string | undefined {
  const start = userAgent.slice(0, maxLength)
  const nameIn = (list: typeof browsers): string | undefined =>
    list.find(([pattern]) => pattern.test(start))?.[1]
  const [browser, system] = [nameIn(browsers), nameIn(systems)]
  if (browser === undefined) return system
  return system === undefined ? browser : `${browser} on ${system}`
}
