import { describe, expect, it } from 'vitest'
import { createDescopeClient } from '@linkpass/core'
import { clientOptionsFromEnv } from '../src/env.ts'
import { projectId } from './fixtures.ts'

describe('clientOptionsFromEnv', () => {
  it('reads the variables that are set', () => {
    expect(
      clientOptionsFromEnv({
        DESCOPE_PROJECT_ID: projectId,
        DESCOPE_BASE_URL: 'https://auth.example.test',
        DESCOPE_AUTH_MANAGEMENT_KEY: 'key',
        DESCOPE_PUBLIC_KEY: '{}',
      }),
    ).toEqual({
      projectId,
      baseUrl: 'https://auth.example.test',
      authManagementKey: 'key',
      publicKey: '{}',
    })
  })

  it('uses the defaults for empty or missing variables', () => {
    expect(clientOptionsFromEnv({ DESCOPE_PROJECT_ID: projectId, DESCOPE_BASE_URL: '' })).toEqual({
      projectId,
    })
  })

  it.each([{}, { DESCOPE_PROJECT_ID: '' }])('names the variable that is missing', (environment) => {
    expect(() => clientOptionsFromEnv(environment)).toThrow(
      /DESCOPE_PROJECT_ID.*@linkpass\/emulator exec/,
    )
  })
})

it('spaces and line breaks around a variable are left out', () => {
  const options = clientOptionsFromEnv({
    DESCOPE_PROJECT_ID: ` ${'P'.padEnd(28, 'a')}\n`,
    DESCOPE_BASE_URL: 'https://auth.example.test\r\n',
    DESCOPE_AUTH_MANAGEMENT_KEY: ' ',
  })
  expect(options).toEqual({
    projectId: 'P'.padEnd(28, 'a'),
    baseUrl: 'https://auth.example.test',
  })
})

it.each([
  [' https://auth.example.test ', 'https://auth.example.test'],
  ['https://auth.example.test//', 'https://auth.example.test'],
  ['HTTPS://Auth.Example.test/API/', 'https://auth.example.test/API'],
  ['https://auth.example.test:443', 'https://auth.example.test'],
])('the base URL %j is requested as %s', (baseUrl, expected) => {
  const client = createDescopeClient({ projectId: 'P'.padEnd(28, 'a'), baseUrl })
  expect(client.settings.baseUrl).toBe(expected)
})
