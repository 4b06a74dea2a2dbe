import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { Backend } from '../backend.ts'
import type { Sdk } from '../sdk.ts'
import type { WebSdk } from './web-sdk.ts'

/** The native side of a phone, as far as the JavaScript of the SDK calls it: an empty storage. */
const nativeSide = `
  const ignore = async () => undefined
  export const Platform = { OS: 'ios', select: (options) => options.ios }
  export const NativeModules = {
    DescopeReactNative: { loadItem: ignore, saveItem: ignore, removeItem: ignore, configureLogging: ignore },
  }
  export class NativeEventEmitter { addListener() { return { remove() {} } } }
  export const AppState = { currentState: 'active', addEventListener: () => ({ remove() {} }) }
  export const Linking = { addEventListener: () => ({ remove() {} }) }
  export const UIManager = { getViewManagerConfig: () => ({}) }
  export const StyleSheet = { create: (styles) => styles, flatten: (style) => style }
  export const requireNativeComponent = (name) => name
  export const findNodeHandle = () => null
`

/** A component of an app, which hands out what \`useDescope()\` returns. */
const app = `
  import { createElement } from 'react'
  import { renderToString } from 'react-dom/server'
  import { AuthProvider, useDescope } from '@descope/react-native-sdk'
  export function start(options) {
    let sdk
    const App = () => { sdk = useDescope(); return null }
    renderToString(createElement(AuthProvider, options, createElement(App)))
    return sdk
  }
`

/** The JavaScript of `@descope/react-native-sdk`, unmodified, on a stand-in for the native side. */
export async function reactNativeSdk(folder: string, backend: Backend): Promise<Sdk> {
  const native = join(folder, 'react-native.mjs')
  writeFileSync(native, nativeSide)
  const outfile = join(folder, 'react-native-app.mjs')
  await build({
    stdin: { contents: app, resolveDir: folder },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['react-native', 'module', 'main'],
    alias: { 'react-native': native },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
    logLevel: 'error',
  })
  const { start }: { start: (options: object) => WebSdk } = await import(
    pathToFileURL(outfile).href
  )
  const { projectId, baseUrl } = backend
  const sdk = start({ projectId, baseUrl, autoRefresh: false, fetch: reactNativeFetch })
  return {
    ...sdk,
    name: '@descope/react-native-sdk',
    exchangeAccessKey: (accessKey) => sdk.accessKey.exchange(accessKey),
    close: async () => undefined,
  }
}

/**
 * The `fetch` of React Native (whatwg-fetch): what a response has are its own properties, and the SDK
 * copies them. Those of Node's fetch are getters of its class, which a copy loses.
 */
async function reactNativeFetch(url: string, init: RequestInit): Promise<object> {
  const response = await fetch(url, init)
  const { ok, status, statusText, headers } = response
  const text = await response.text()
  const own = { ok, status, statusText, headers, url: response.url, bodyUsed: false }
  return {
    ...own,
    text: async () => text,
    json: async (): Promise<unknown> => JSON.parse(text),
    clone: () => ({ ...own, text: async () => text }),
  }
}
