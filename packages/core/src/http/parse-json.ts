/** The JSON of a text; undefined when it is none. The parser's error quotes the text, so it goes. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
