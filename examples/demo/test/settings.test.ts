import { expect, test } from 'vitest'
import { readSettings } from '../src/settings.ts'

test('without settings, the demo uses its default ports and an emulator', () => {
  expect(readSettings({})).toEqual({
    app: { port: 3000, chosen: false, variable: 'PORT' },
    emulator: { port: 4500, chosen: false, variable: 'EMULATOR_PORT' },
    live: false,
  })
})

test('ports can be set, and 0 selects a free one', () => {
  const { app, emulator } = readSettings({ PORT: '8080', EMULATOR_PORT: '0' })
  expect(app).toMatchObject({ port: 8080, chosen: true })
  expect(emulator).toMatchObject({ port: 0, chosen: true })
})

test('a project id selects the real service', () => {
  expect(readSettings({ DESCOPE_PROJECT_ID: 'P2abc' }).live).toBe(true)
  expect(readSettings({ DESCOPE_PROJECT_ID: '' }).live).toBe(false)
})

test.each(['http', '-1', '65536', '80 ', '3e3', '99999999'])('%j is not a port', (value) => {
  expect(() => readSettings({ PORT: value })).toThrow(TypeError)
  expect(() => readSettings({ EMULATOR_PORT: value })).toThrow('EMULATOR_PORT')
})
