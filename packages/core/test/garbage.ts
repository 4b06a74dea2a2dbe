import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/** Frees what nobody holds. Without the flag at the start, a new context is where it can be had. */
export const collectGarbage: () => void = runInNewContext('gc')
