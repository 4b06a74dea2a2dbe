import type { Check, Findings } from '../check.ts'
import type { Site } from '../site/site.ts'

export const logSecrets: Check = {
  name: 'log-secrets',
  title: 'The app prints no token and no secret',
  fix: 'Log paths without their query, and neither tokens, cookies, request headers nor bodies of the service.',
  readsOutput: true,
  run: async (site: Site): Promise<Findings> => ({
    problems: site.secrets.findIn(site.output()).map(({ kind, line }) => ({
      problem: `The app printed a secret: ${kind}. The line, without it: ${line}`,
    })),
  }),
}
