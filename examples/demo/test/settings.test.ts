import { expect, test } from 'vitest'
import { readSettings } from '../src/settings.ts'

test('with nothing set, the demo takes its usual ports and an emulator', () => {
  expect(readSettings({})).toEqual({
    app: { port: 3000, chosen: false, variable: 'PORT' },
    emulator: { port: 4500, chosen: false, variable: 'EMULATOR_PORT' },
    live: false,
  })
})

test('ports can be chosen, and 0 is any free one', () => {
  const { app, emulator } = readSettings({ PORT: '8080', EMULATOR_PORT: '0' })
  expect(app).toMatchObject({ port: 8080, chosen: true })
  expect(emulator).toMatchObject({ port: 0, chosen: true })
})

test('a project id means the real service', () => {
  expect(readSettings({ DESCOPE_PROJECT_ID: 'P2abc' }).live).toBe(true)
  expect(readSettings({ DESCOPE_PROJECT_ID: '' }).live).toBe(false)
})

test.each(['http', '-1', '65536', '80 ', '3e3', '99999999'])('%j is no port', (value) => {
  expect(() => readSettings({ PORT: value })).toThrow(TypeError)
  expect(() => readSettings({ EMULATOR_PORT: value })).toThrow('EMULATOR_PORT')
})
