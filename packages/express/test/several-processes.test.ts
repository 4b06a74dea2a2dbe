import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { bundleProgram } from '@linkpass/testing/bundle'
import { afterAll, expect, test } from 'vitest'

const app = await bundleProgram(new URL('several-processes/app.ts', import.meta.url))

afterAll(() => app[Symbol.asyncDispose]())

/** What the app prints on standard error. */
async function warningsOf(args: readonly string[], env: object = {}): Promise<string> {
  const child = spawn(process.execPath, [app.file, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_APP_INSTANCE: undefined, ...env },
  })
  const printed = text(child.stderr)
  expect(await once(child, 'exit')).toEqual([0, null])
  return printed
}

test.each<[string, string[], object]>([
  ['a worker of node:cluster', ['cluster'], {}],
  ['an instance that PM2 has numbered', ['alone'], { NODE_APP_INSTANCE: '0' }],
  ['a function of AWS Lambda', ['alone'], { AWS_LAMBDA_FUNCTION_NAME: 'app' }],
])('%s with a memory store is warned of once, with the fix', async (_which, args, env) => {
  const printed = await warningsOf(args, env)
  expect(printed.match(/LINKPASS_MEMORY_STORE/g)).toHaveLength(1)
  expect(printed).toContain('redisStore(client) of @linkpass/redis')
})

test.each<[string, string[], object]>([
  ['a process of its own', ['alone'], {}],
  ['a process that another has forked', ['forked'], {}],
  ['a worker with a shared store', ['cluster', 'shared'], {}],
])('%s is not warned of', async (_which, args, env) => {
  expect(await warningsOf(args, env)).not.toContain('LINKPASS_MEMORY_STORE')
})
