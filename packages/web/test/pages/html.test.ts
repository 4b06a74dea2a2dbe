import { expect, test } from 'vitest'
import { html } from '../../src/pages/html.ts'

test('text is escaped wherever it stands', () => {
  const hostile = `<img src=x onerror="alert('1')">&`
  expect(html`<p title="${hostile}">${hostile}</p>`.toString()).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">' +
      '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</p>',
  )
})

test('markup made by html is kept, and a list is joined', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
  expect(
    html`<ul>
      ${items}
    </ul>`
      .toString()
      .replaceAll(/\s+/g, ''),
  ).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>')
})

test('nothing is nothing, and zero is a number', () => {
  expect(html`${undefined}${false}${0}${''}`.toString()).toBe('0')
})

test('an object that looks like markup is no markup', () => {
  // A JSON body can be given any shape; only an instance made here is trusted.
  const forged = { toString: () => '<script>', source: '<script>' } as never
  expect(() => html`${forged}`.toString()).toThrow(TypeError)
})

test('a literal keeps its backslashes as written', () => {
  expect(html`a\\b${1}`.toString()).toBe('a\\b1')
})
