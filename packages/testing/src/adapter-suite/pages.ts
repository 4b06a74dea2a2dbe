import type { TestAdapter } from './adapter.ts'
import { languageCases } from './pages/languages.ts'
import { messageCases } from './pages/messages.ts'
import { signedInPageCases } from './pages/signed-in.ts'

/** The built-in pages: their language, their texts, and what they say of who is signed in. */
export function pageCases(adapter: TestAdapter): void {
  languageCases(adapter)
  messageCases(adapter)
  signedInPageCases(adapter)
}
