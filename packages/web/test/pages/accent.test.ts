import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Rgb,
  contrast,
  legibleOn,
  mix,
  parseHex,
  toHex,
} from '../../src/pages/theme/accent.ts'
import { stylesheet } from '../../src/pages/theme/stylesheet.ts'

test.each([
  ['#0d6e5f', [13, 110, 95]],
  ['#FfF', [255, 255, 255]],
  ['#abc', [170, 187, 204]],
])('%s is read', (value, expected) => {
  expect(parseHex(value)).toEqual(expected)
})

test.each(['red', '#12', '#1234', '#12345g', '#0d6e5f;}', ' #fff', 'rgb(0,0,0)', ''])(
  '%j is no colour',
  (value) => {
    expect(parseHex(value)).toBeUndefined()
  },
)

test.each([
  [[0, 0, 0], [255, 255, 255], 21],
  [[255, 255, 255], [255, 255, 255], 1],
  // The pair that WCAG's own examples give as just short of 4.5.
  [[119, 119, 119], [255, 255, 255], 4.48],
] as const)('contrast of %j and %j is %d', (one, other, expected) => {
  expect(contrast(one, other)).toBeCloseTo(expected, 2)
  expect(contrast(other, one)).toBeCloseTo(expected, 2)
})

test('a colour that is legible already is left alone', () => {
  expect(legibleOn([255, 255, 255], [13, 110, 95])).toEqual([13, 110, 95])
})

test('mixing goes from one colour to the other', () => {
  expect(toHex(mix([0, 0, 0], [255, 255, 255], 0.5))).toBe('#808080')
})

const channel = fc.integer({ min: 0, max: 255 })

test('whatever the brand picks, text and buttons in it pass AA in both themes', () => {
  fc.assert(
    fc.property(fc.tuple(channel, channel, channel), (colour) => {
      const themes = stylesheet(colour).split('@media (prefers-color-scheme: dark)')
      expect(themes).toHaveLength(2)
      for (const theme of themes) {
        const accent = variable(theme, 'accent')
        const pressed = variable(theme, 'accent-hover')
        for (const surface of ['paper', 'card']) {
          expect(contrast(accent, variable(theme, surface))).toBeGreaterThanOrEqual(4.5)
          expect(contrast(pressed, variable(theme, surface))).toBeGreaterThanOrEqual(4.5)
        }
        const wash = variable(theme, 'accent-wash')
        expect(contrast(variable(theme, 'ink'), wash)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(accent, wash)).toBeGreaterThanOrEqual(3)
      }
    }),
  )
})

function variable(css: string, name: string): Rgb {
  const [, value = ''] = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css) ?? []
  const colour = parseHex(value)
  if (colour === undefined) throw new Error(`no --${name} in the stylesheet`)
  return colour
}
