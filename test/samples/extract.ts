import { existsSync, readFileSync } from 'node:fs'

const folder = new URL('../../../shared/seeds/', import.meta.url)

/** One JavaScript sample of a document, as printed. */
export interface Sample {
  /** The client function that it calls, as it spells it. */
  readonly calls: string
  readonly code: string
}

/** Whether the documents are here. */
export function hasDocuments(): boolean {
  return existsSync(folder)
}

/** The backend guide: how the client is made, and each NodeJS sample after it. */
export const backendGuide = '002_d589e39fef33ecab.txt'
/** The guide for mobile SDKs, whose JavaScript samples make the same client calls. */
export const mobileGuide = '000_44084cc289d77312.txt'

/** The sample that makes the client: an import, then a try block. */
export function setUpSample(document: string): string {
  const [code] = /^import DescopeClient from [^]*?\n\}\n/m.exec(read(document)) ?? []
  if (code === undefined) throw new Error(`${document} holds no sample that makes a client.`)
  return code
}

/** Every sample that awaits a call, from its last "Args:" to the end of its "else". */
export function callSamples(document: string): Sample[] {
  const sample =
    /\/\/ Args:(?:(?!\/\/ Args:)[^])*?const resp = await ([\w.[\]]+)\([^]*?\nelse \{[^]*?\n\}/g
  return [...read(document).matchAll(sample)].map(([code, calls = '']) => ({ calls, code }))
}

function read(document: string): string {
  return readFileSync(new URL(document, folder), 'utf8')
}
