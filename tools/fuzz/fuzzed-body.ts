import type { Chance } from './chance.ts'
import { attackText } from './attack-text.ts'

/** The fields that a route takes. */
export type Fields = Readonly<Record<string, string>>

/** A body with its content headers. */
export interface FuzzedBody {
  readonly text: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Whether it carries the fields in a form that can be read. */
  readonly isComplete: boolean
}

const form = 'application/x-www-form-urlencoded'
const json = 'application/json'

/** Fields as a form, as JSON, or as something similar to them. */
export function fuzzedBody(chance: Chance, fields: Fields, isValid: boolean): FuzzedBody {
  const asForm = formOf(fields)
  const asJson = JSON.stringify(fields)
  const odd = attackText(chance)
  const inJson = (member: string): string =>
    `${asJson.slice(0, -1)}${asJson === '{}' ? '' : ','}${member}}`
  if (isValid) return framed(asForm, form, true)
  if (!chance.oneIn(3)) {
    return chance.oneIn(2) ? framed(asForm, form, true) : framed(asJson, json, true)
  }
  return chance.pick([
    () => framed(asForm, json, false),
    () => framed(asJson, form, false),
    () => framed(asForm, `${form}; charset=${odd.slice(0, 20)}`, true),
    () =>
      framed(
        asJson,
        chance.pick(['text/plain', 'multipart/form-data', odd, 'application/xml']),
        false,
      ),
    () => framed(`${asForm}&${odd}`, form, true),
    () => framed(`${asForm}&__proto__[polluted]=1&constructor[prototype][polluted]=1`, form, true),
    () => framed(`${asForm}&t[]=a&loginId[a]=b`, form, true),
    () => framed(`${asForm}&${asForm}`, form, true),
    () => framed(inJson('"__proto__":{"polluted":1}'), json, true),
    () => framed(inJson('"constructor":{"prototype":{"polluted":1}}'), json, true),
    () =>
      framed(
        inJson(`"loginOptions":{"stepup":true},"redirectUrl":"https://evil.test"`),
        json,
        true,
      ),
    () => framed(inJson(`"t":["a"],"loginId":{"a":1}`), json, true),
    () => framed(asJson.slice(0, chance.below(asJson.length)), json, false),
    () =>
      framed(
        chance.pick(['[]', '""', 'null', '1', '{}', '[{}]', 'true', '\ufeff{}', '{"a":1}{}']),
        json,
        false,
      ),
    () => framed('['.repeat(chance.pick([100, 20_000])), json, false),
    () => framed(`{"t":"${'a'.repeat(chance.pick([5000, 17_000, 200_000]))}"}`, json, false),
    () => framed('a=b&'.repeat(chance.pick([500, 6000])), form, false),
    () => framed(odd, chance.pick([form, json]), false),
    () =>
      withHeader(
        framed(asForm, form, true),
        'content-encoding',
        chance.pick(['gzip', 'br', 'x', 'identity']),
      ),
    () => chunked(asForm, form),
    () => ({ ...framed('', form, false), headers: [] }),
  ])()
}

function formOf(fields: Fields): string {
  return new URLSearchParams(fields).toString()
}

function framed(text: string, type: string, isComplete: boolean): FuzzedBody {
  const length = String(Buffer.byteLength(text, 'utf8'))
  return {
    text,
    isComplete,
    headers: [
      ['content-type', type],
      ['content-length', length],
    ],
  }
}

function withHeader(body: FuzzedBody, name: string, value: string): FuzzedBody {
  return { ...body, headers: [...body.headers, [name, value]] }
}

function chunked(text: string, type: string): FuzzedBody {
  const length = Buffer.byteLength(text, 'utf8')
  const body = length === 0 ? '0\r\n\r\n' : `${length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
  return {
    text: body,
    isComplete: true,
    headers: [
      ['content-type', type],
      ['transfer-encoding', 'chunked'],
    ],
  }
}
