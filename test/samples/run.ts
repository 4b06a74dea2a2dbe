import { runInThisContext } from 'node:vm'
import DescopeClient from '@linkpass/core'

/** What a sample printed, and whether it made its client. */
export interface SampleRun {
  readonly printed: string[]
  readonly client: DescopeClientObject | undefined
}

type DescopeClientObject = ReturnType<typeof DescopeClient>

type Program = (
  makeClient: unknown,
  client: unknown,
  useDescope: unknown,
  console: { log(line: unknown): void },
) => Promise<DescopeClientObject | undefined>

/**
 * Runs the sample that makes the client. A function cannot hold an import, so what it imports is
 * handed in (which is also where the package's name changes), and the client that the sample
 * declares inside its try block is returned, which makes it visible to the others.
 *
 * @param fill what to print instead of the placeholder of the project id
 */
export async function runSetUp(code: string, fill: string): Promise<SampleRun> {
  const visible = code
    .replace(/^import .*\n/, '')
    .replace('const descopeClient =', 'descopeClient =')
    .replace("{ projectId: '__ProjectID__' }", fill)
  return run(`${visible}\nreturn descopeClient`, undefined)
}

/** Runs a sample that calls a client, its placeholders replaced. */
export async function runCall(
  code: string,
  client: DescopeClientObject,
  placeholders: Readonly<Record<string, string>> = {},
): Promise<SampleRun> {
  let filled = code
  for (const [placeholder, value] of Object.entries(placeholders)) {
    filled = filled.replace(placeholder, value)
  }
  return run(filled, client)
}

async function run(code: string, client: DescopeClientObject | undefined): Promise<SampleRun> {
  const printed: string[] = []
  const source = `(async (DescopeClient, descopeClient, useDescope, console) => {\n${code}\n})`
  // The text of a function of that type; the documents are the test's own input.
  const program = runInThisContext(source) as Program
  // One sample calls the hook, another reads from it: it is taken to be the client, callable.
  const useDescope = Object.assign(() => client, client)
  const made = await program(DescopeClient, client, useDescope, {
    log: (line) => printed.push(String(line)),
  })
  return { printed, client: made }
}
