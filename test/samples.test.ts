import type { DescopeClient } from '@linkpass/core'
import { createDescopeClient } from '@linkpass/core'
import { type Emulator, startEmulator } from '@linkpass/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  backendGuide,
  callSamples,
  hasDocuments,
  mobileGuide,
  setUpSample,
} from './samples/extract.ts'
import { runCall, runSetUp } from './samples/run.ts'

const redirect = 'http://auth.company.com/api/verify_magiclink'
const templateOptions = { option: 'Value1' }
const customClaims = { claim: 'Value1' }

const withoutDocuments = { meta: { skipReason: 'the documents are not at ../shared/seeds' } }

describe.skipIf(!hasDocuments())('the samples of the documents', withoutDocuments, () => {
  let emulator: Emulator
  let client: DescopeClient

  beforeAll(async () => {
    emulator = await startEmulator()
  })

  beforeEach(() => {
    emulator.reset()
    const { projectId, url: baseUrl, clock } = emulator
    client = createDescopeClient({ projectId, baseUrl, clock })
  })

  afterAll(() => emulator.close())

  /** The requests since the last reset, oldest first. */
  function requests(): string[] {
    return emulator
      .requests()
      .map(({ method, path, status }) => `${method} ${path} ${status}`)
      .toReversed()
  }

  it('make a client, its project id and base URL filled in', async () => {
    const fill = `{ projectId: '${emulator.projectId}', baseUrl: '${emulator.url}' }`
    const run = await runSetUp(setUpSample(backendGuide), fill)
    expect(run.printed).toEqual([])
    expect(run.client?.settings).toMatchObject({
      projectId: emulator.projectId,
      baseUrl: emulator.url,
    })
  })

  it('say that they could not, with the placeholder of the project id as printed', async () => {
    const run = await runSetUp(setUpSample(backendGuide), "{ projectId: '__ProjectID__' }")
    expect(run.client).toBeUndefined()
    expect(run.printed).toEqual([
      expect.stringMatching(/^failed to initialize: TypeError: projectId/),
    ])
  })

  it.each([backendGuide, mobileGuide])('are all found in %s', (document) => {
    const calls = callSamples(document).map((sample) =>
      sample.calls.replace(/^\w+\.magic[lL]ink\./, ''),
    )
    expect(calls).toEqual([
      'signUp[deliveryMethod]',
      'signIn[deliveryMethod]',
      'signUpOrIn[deliveryMethod]',
      'verify',
      'update.email',
      'update.phone',
    ])
  })

  describe.each([backendGuide, mobileGuide])('of %s', (document) => {
    function codeOf(call: string): string {
      const sample = callSamples(document).find(({ calls }) => calls.endsWith(call))
      if (sample === undefined) throw new Error(`There is no sample of ${call}.`)
      return sample.code
    }

    it('sign up', async () => {
      const { printed } = await runCall(codeOf('signUp[deliveryMethod]'), client)
      expect(printed).toEqual(['Successfully initialized signup flow'])
      expect(requests()).toEqual(['POST /v1/auth/magiclink/signup/email 200'])
      const message = await emulator.inbox.waitFor({ to: 'email@company.com' })
      expect(message).toMatchObject({
        channel: 'email',
        purpose: 'sign-up',
        options: { templateOptions, customClaims },
      })
      expect(message.links[0]?.url).toContain(`${redirect}?t=`)
    })

    it('sign in', async () => {
      await emulator.signIn('email@company.com')
      const { printed } = await runCall(codeOf('signIn[deliveryMethod]'), client)
      expect(printed).toEqual(['Successfully initialized signin flow'])
      expect(requests()).toEqual(['POST /v1/auth/magiclink/signin/email 200'])
      const message = await emulator.inbox.waitFor({ to: 'email@company.com' })
      expect(message).toMatchObject({
        purpose: 'sign-in',
        options: { templateOptions, customClaims },
      })
      expect(message.links[0]?.url).toContain(`${redirect}?t=`)
    })

    it('print the three fields of a refusal', async () => {
      const { printed } = await runCall(codeOf('signIn[deliveryMethod]'), client)
      expect(printed).toEqual([
        'Failed to initialize signin flow',
        'Status Code: 400',
        'Error Code: E062108',
        expect.stringMatching(/^Error Description: \S/),
        expect.stringMatching(/^Error Message: \S/),
      ])
    })

    it('sign up or in', async () => {
      const { printed } = await runCall(codeOf('signUpOrIn[deliveryMethod]'), client)
      expect(printed).toHaveLength(1)
      expect(printed[0]).toMatch(/^Successfully initialized/)
      expect(requests()).toEqual(['POST /v1/auth/magiclink/signup-in/email 200'])
      const message = await emulator.inbox.waitFor({ to: 'email@company.com' })
      expect(message).toMatchObject({ purpose: 'sign-up-or-in', options: { templateOptions } })
    })

    it('verify a token', async () => {
      await client.magicLink.signUpOrIn.email('email@company.com', redirect)
      const { links } = await emulator.inbox.waitFor({ to: 'email@company.com' })
      const token = links[0]?.token ?? ''
      const { printed } = await runCall(codeOf('verify'), client, { xxxx: token })
      expect(printed).toEqual(['Successfully verified magic link token'])
      expect(requests()).toContain('POST /v1/auth/magiclink/verify 200')
    })

    it('change an e-mail address, in the documented order of arguments', async () => {
      const { refreshJwt } = await emulator.signIn('email@company.com')
      const { printed } = await runCall(codeOf('update.email'), client, { xxxxx: refreshJwt })
      expect(printed[0]).toBe('Successfully started magic link email update')
      expect(requests()).toEqual(['POST /v1/auth/magiclink/update/email 200'])
      const message = await emulator.inbox.waitFor({ to: 'newEmail@company.com' })
      expect(message).toMatchObject({ purpose: 'update-email', options: { templateOptions } })
      // The order the documents give makes the official SDK mail out the refresh token as the link.
      expect(JSON.stringify(message)).not.toContain(refreshJwt)
    })

    it('change a phone number, the delivery method first', async () => {
      const { refreshJwt } = await emulator.signIn('phone@company.com')
      const { printed } = await runCall(codeOf('update.phone'), client, { xxxxx: refreshJwt })
      expect(printed[0]).toBe('Successfully started magic link phone update')
      expect(requests()).toEqual(['POST /v1/auth/magiclink/update/phone/sms 200'])
      const message = await emulator.inbox.waitFor({ to: '+12223334455' })
      expect(message).toMatchObject({ channel: 'sms', purpose: 'update-phone' })
      expect(JSON.stringify(message)).not.toContain(refreshJwt)
    })

    it.each([
      ['verify', 'Failed to verify magic link token'],
      ['update.email', 'Failed to start magic link email update'],
      ['update.phone', 'Failed to start magic link phone update'],
    ])('send nothing with the placeholders of %s as printed', async (call, failure) => {
      const { printed } = await runCall(codeOf(call), client)
      expect(printed.slice(0, 3)).toEqual([failure, 'Status Code: 0', 'Error Code: ERR_ARGUMENT'])
      expect(requests()).toEqual([])
    })
  })
})
