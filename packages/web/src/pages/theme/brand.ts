import { checkOption, onlyKnown } from '@linkpass/core/internal'
import type { AppOrigin } from '../../app-url.ts'
import { type Rgb, parseHex } from './accent.ts'

/** What makes the built-in pages the app's own. */
export interface BrandOptions {
  /** The app's name, in titles and above each page. @default the host of `appUrl` */
  name?: string | undefined
  /** An image shown instead of the app's initial: a path, or an absolute https URL. */
  logoUrl?: string | undefined
  /**
   * `#rgb` or `#rrggbb`; each theme gets the nearest shade of it that is legible there.
   * @default a deep green
   */
  accentColor?: string | undefined
}

export interface Brand {
  readonly name: string
  readonly logoUrl: string | undefined
  readonly accent: Rgb
}

export function resolveBrand(
  options: BrandOptions,
  app: Pick<AppOrigin, 'origin' | 'path'>,
): Brand {
  onlyKnown('brand', options, ['name', 'logoUrl', 'accentColor'])
  const { name = new URL(app.origin).host, logoUrl, accentColor = '#0d6e5f' } = options
  const accent = parseHex(accentColor)
  checkOption(
    typeof name === 'string' && name.trim() !== '' && name.length <= 80,
    'brand.name must be a name of 1 to 80 characters, such as "Acme".',
  )
  checkOption(
    accent !== undefined,
    'brand.accentColor must be "#rgb" or "#rrggbb", such as "#0d6e5f".',
  )
  checkOption(
    logoUrl === undefined || isLogoUrl(logoUrl),
    'brand.logoUrl must be a path such as "/logo.svg" or an https:// URL.',
  )
  const ownLogo = logoUrl?.startsWith('/') ? app.path + logoUrl : logoUrl
  return Object.freeze({ name, logoUrl: ownLogo, accent })
}

export function initialOf({ name }: Brand): string {
  const [first = ''] = name.trim()
  return first.toUpperCase()
}

// A path of the app (not of another host, as "//evil.test" is), or an https URL.
function isLogoUrl(value: unknown): boolean {
  if (typeof value !== 'string' || /[\s\\]/.test(value)) return false
  if (/^\/(?!\/)/.test(value)) return true
  if (!value.startsWith('https://') || !URL.canParse(value)) return false
  // Its origin goes into the pages' policy, where a semicolon would begin another directive.
  return /^[a-z\d.:-]+$/.test(new URL(value).host)
}
