import type { RouteContext } from '../context.ts'
import { reportHook } from '../report.ts'
import { acceptedLanguage, isLanguageTag, matchingLanguage } from './accept-language.ts'

/** The language of one request. */
export interface RequestLocale {
  /** The language of its pages: one that they come in. */
  readonly page: string
  /** What the service is told, for its messages; undefined where neither app nor browser named one. */
  readonly service: string | undefined
}

/**
 * The language of a request: what the app's `locale` says, else the best match of `Accept-Language`, else
 * English. The service gets the app's own locale as it is, since its messages may come in more languages.
 */
export async function localeOf(context: RouteContext): Promise<RequestLocale> {
  const { header, settings } = context
  const offered = settings.languages.tags
  const own = await ownLocale(context)
  const accepted = acceptedLanguage(header('accept-language'), offered)
  const ofApp = own === undefined ? undefined : matchingLanguage(own, offered)
  return { page: ofApp ?? accepted ?? 'en', service: own ?? accepted }
}

// An error in it must not keep the user from the page, which may be the one for another error.
async function ownLocale({ request, settings }: RouteContext): Promise<string | undefined> {
  try {
    const given = await settings.locale?.(request)
    if (given === undefined || given === null || given === '') return undefined
    const tag = typeof given === 'string' ? given.replaceAll('_', '-') : given
    if (isLanguageTag(tag)) return tag
    throw new TypeError('locale must return a language tag such as "de" or "pt-BR", or undefined.')
  } catch (error) {
    reportHook('locale', error)
    return undefined
  }
}
