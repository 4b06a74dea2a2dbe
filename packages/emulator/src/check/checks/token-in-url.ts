import type { Check, Findings } from '../check.ts'
import type { Site } from '../site/site.ts'

export const tokenInUrl: Check = {
  name: 'token-in-url',
  title: 'No redirect and no Referer hands a token on',
  fix: 'Hand tokens to browsers in cookies alone, and set no Referrer-Policy that is weaker than what browsers do without one.',
  readsOutput: true,
  run: async ({ tokensInUrls }: Site): Promise<Findings> => ({
    problems: Array.from(tokensInUrls, ([problem, shownBy]) => ({ problem, shownBy })),
  }),
}
