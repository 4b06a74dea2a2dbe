import { createServer } from 'node:http'
import { launchChromium } from '@linkpass/testing/chromium/launch'
import { listenOnFreePort } from '@linkpass/testing'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import type { Backend } from '../backend.ts'
import type { ReactApp, Sdk, SdkResponse } from '../sdk.ts'

/** A page of an app: it shows who is signed in, and hands out what `useDescope()` returns. */
const app = `
  import { createElement } from 'react'
  import { createRoot } from 'react-dom/client'
  import { AuthProvider, useDescope, useSession, useUser } from '@descope/react-sdk'
  let sdk
  function App() {
    sdk = useDescope()
    const { isAuthenticated, isSessionLoading } = useSession()
    const { user, isUserLoading } = useUser()
    if (isSessionLoading || isUserLoading) return 'loading'
    return isAuthenticated && user ? 'signed in as ' + user.userId : 'signed out'
  }
  globalThis.call = async (path, ...args) => {
    const method = path.split('.').reduce((part, name) => part[name], sdk)
    const { ok, code, data, error } = await method(...args)
    return { ok, code, data, error }
  }
  const root = createRoot(document.querySelector('main'))
  root.render(createElement(AuthProvider, options, createElement(App)))
`

/** `@descope/react-sdk`, unmodified, in Chromium; its pages are of another origin than the service. */
export async function reactSdk(folder: string, { projectId, baseUrl }: Backend): Promise<Sdk> {
  const script = await bundle(folder, { projectId, baseUrl })
  const html = '<!doctype html><title>App</title><main></main><script src="app.js"></script>'
  const server = createServer(({ url }, response) => {
    const type = url === '/app.js' ? 'text/javascript' : 'text/html'
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` })
    response.end(url === '/app.js' ? script : html)
  })
  const browser = await launchChromium()
  const appUrl = `http://localhost:${await listenOnFreePort(server)}/`
  const open = async (): Promise<ReactApp> => {
    const context = await browser.newContext()
    context.setDefaultTimeout(30_000)
    const page = await context.newPage()
    await page.goto(appUrl)
    const shows = (text: string): Promise<void> => page.getByText(text, { exact: true }).waitFor()
    await shows('signed out')
    return { call: caller(page), shows, reload: async () => void (await page.reload()) }
  }
  const { call } = await open()
  const method =
    (path: string) =>
    (...args: unknown[]) =>
      call(path, ...args)
  const byMethod = (path: string) => ({
    email: method(`${path}.email`),
    sms: method(`${path}.sms`),
    whatsapp: method(`${path}.whatsapp`),
  })
  return {
    name: '@descope/react-sdk',
    magicLink: {
      signUp: byMethod('magicLink.signUp'),
      signIn: byMethod('magicLink.signIn'),
      signUpOrIn: byMethod('magicLink.signUpOrIn'),
      verify: method('magicLink.verify'),
      update: {
        email: method('magicLink.update.email'),
        phone: byMethod('magicLink.update.phone'),
      },
    },
    enchantedLink: {
      signUp: method('enchantedLink.signUp'),
      signIn: method('enchantedLink.signIn'),
      signUpOrIn: method('enchantedLink.signUpOrIn'),
      verify: method('enchantedLink.verify'),
      waitForSession: method('enchantedLink.waitForSession'),
      update: { email: method('enchantedLink.update.email') },
    },
    refresh: method('refresh'),
    selectTenant: method('selectTenant'),
    logout: method('logout'),
    logoutAll: method('logoutAll'),
    me: method('me'),
    myTenants: method('myTenants'),
    history: method('history'),
    exchangeAccessKey: method('accessKey.exchange'),
    openApp: open,
    close: async () => {
      await browser.close()
      server.close()
    },
  }
}

async function bundle(folder: string, options: object): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: app, resolveDir: folder },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    define: { options: JSON.stringify(options), 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

function caller(page: Page): ReactApp['call'] {
  return async (path, ...args) => {
    // As text, since JSON has no undefined.
    const given = [path, ...args].map((value) => JSON.stringify(value) ?? 'undefined')
    return await page.evaluate<SdkResponse>(`call(${given.join(', ')})`)
  }
}
