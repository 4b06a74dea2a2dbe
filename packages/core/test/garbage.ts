import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/** Collects garbage. Without the flag at the start, `gc` is available in a new context. */
export const collectGarbage: () => void = runInNewContext('gc')
