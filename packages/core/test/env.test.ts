import { describe, expect, it } from 'vitest'
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
