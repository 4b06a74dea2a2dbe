import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/model/redact.ts'

describe('redact', () => {
  const tokens = redact({ sessionJwt: 'canary-1', refreshJwt: 'canary-2', firstSeen: true })

  it('leaves the fields readable', () => {
    expect(tokens.sessionJwt).toBe('canary-1')
    expect({ ...tokens }).toEqual({
      sessionJwt: 'canary-1',
      refreshJwt: 'canary-2',
      firstSeen: true,
    })
  })

  it('prints no secret as JSON or through inspect, nested or not', () => {
    const printed = [
      JSON.stringify(tokens),
      JSON.stringify({ data: tokens }),
      inspect(tokens, { showHidden: true, depth: 9 }),
      inspect({ deep: [{ tokens }] }, { depth: 9 }),
    ].join('\n')
    expect(printed).not.toContain('canary')
    expect(printed).toContain('firstSeen')
    expect(printed).toContain('[redacted]')
  })
})
