/**
 * Makes the brand colour legible. The colour of a logo may be too pale for text on white or too dark
 * on black, so each theme gets the nearest shade that meets WCAG 2.2 AA.
 */

/** Red, green and blue, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** Reads `#rgb` or `#rrggbb`; anything else is `undefined`. */
export function parseHex(value: unknown): Rgb | undefined {
  if (typeof value !== 'string' || !/^#(?:[0-9a-f]{3}){1,2}$/i.test(value)) return undefined
  const long = value.length === 4 ? value.replaceAll(/[^#]/g, '$&$&') : value
  const channelAt = (start: number): number => Number.parseInt(long.slice(start, start + 2), 16)
  return [channelAt(1), channelAt(3), channelAt(5)]
}

export function toHex(colour: Rgb): string {
  return `#${colour.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`
}

/**
 * The nearest shade of a colour that can be read on a surface: towards black on a light one,
 * towards white on a dark one. As contrast is symmetric, the surface can be read on it too.
 *
 * @param wanted their contrast @default what text needs (WCAG 2.2, 1.4.3)
 */
export function legibleOn(surface: Rgb, colour: Rgb, wanted: number = 4.5): Rgb {
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
  const ratio = (luminance(one) + 0.05) / (luminance(other) + 0.05)
  return Math.max(ratio, 1 / ratio)
}

// WCAG 2.2, "relative luminance".
function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function linear(channel: number): number {
  const share = channel / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}
