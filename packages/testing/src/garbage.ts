import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/** Runs the garbage collector. Without the flag at start, only a new context has access to it. */
export const collectGarbage: () => void = runInNewContext('gc')
