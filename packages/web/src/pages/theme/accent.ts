/**
 * Makes the brand colour legible. The colour of a logo may be too pale for text on white or too dark
 * on black, so each theme gets the nearest shade that meets WCAG 2.2 AA.
 */

/** Red, green and blue, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** The contrast that text needs (WCAG 2.2, 1.4.3). */
export const legibleContrast = 4.5

/** Reads `#rgb` or `#rrggbb`; anything else is `undefined`. */
export function parseHex(value: string): Rgb | undefined {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(value)
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(value)
  const [, red, green, blue] = short?.map((digit) => digit + digit) ?? long ?? []
  if (red === undefined || green === undefined || blue === undefined) return undefined
  return [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)]
}

/** Writes `#rrggbb`. */
export function toHex(colour: Rgb): string {
  return `#${colour.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`
}

/**
 * The nearest shade of a colour that can be read on a surface: towards black on a light one,
 * towards white on a dark one. As contrast is symmetric, the surface can be read on it too.
 */
export function legibleOn(surface: Rgb, colour: Rgb, wanted: number = legibleContrast): Rgb {
  const away: Rgb = luminance(surface) > 0.18 ? [0, 0, 0] : [255, 255, 255]
  for (let share = 0; share < 1; share += 0.02) {
    const shade = mix(colour, away, share)
    if (contrast(shade, surface) >= wanted) return shade
  }
  return away
}

/** The first colour with a share (0 to 1) of the second in it. */
export function mix(colour: Rgb, other: Rgb, share: number): Rgb {
  const blend = (from: number, to: number): number => Math.round(from + (to - from) * share)
  return [blend(colour[0], other[0]), blend(colour[1], other[1]), blend(colour[2], other[2])]
}

/** The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

// WCAG 2.2, "relative luminance".
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function linear(channel: number): number {
  const share = channel / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}
