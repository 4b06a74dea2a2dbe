import { z } from 'zod'
import { explainIssue, mustBe } from '../../schema-error.ts'
import { randomId } from '../random.ts'
import { loginIdKey } from '../users/user-directory.ts'

/** A fault that hits requests to the service. It needs an effect: a status, a delay or a drop. */
export interface RequestFaultSpec {
  /** The path it matches; a trailing `*` takes all that start so. @default every path */
  path?: string | undefined
  method?: string | undefined
  /** How many requests it hits. @default 1 */
  times?: number | 'always' | undefined
  /** Answer with this status (400 to 599) instead of processing the request. */
  status?: number | undefined
  /** @default a code that goes with the status */
  errorCode?: string | undefined
  errorDescription?: string | undefined
  /** The Retry-After header. @default 1 with status 429, else none */
  retryAfterSeconds?: number | undefined
  /** Wait this long first, on the world's clock. */
  delayMs?: number | undefined
  /** Cut the connection before the request is processed, or after it was and before the answer. */
  drop?: 'before' | 'after' | undefined
}

/** A fault that hits messages on their way to the inbox. */
export interface DeliveryFaultSpec {
  /** The message never comes, comes later, or comes twice. */
  delivery: 'lost' | 'late' | 'twice'
  /** The address it matches. @default every address */
  to?: string | undefined
  /** How many messages it hits. @default 1 */
  times?: number | 'always' | undefined
  /** How late, on the world's clock. @default 60 */
  lateBySeconds?: number | undefined
}

/** What a fault may say; the same words in the library and at `POST /_emulator/faults`. */
export type FaultSpec = RequestFaultSpec | DeliveryFaultSpec

const aTimes = mustBe('a whole number from 1, or "always"')
const times = z.union([z.int(aTimes).min(1, aTimes), z.literal('always')], aTimes).optional()
const wholeFromZero = mustBe('a whole number from 0')
const whole = z.int(wholeFromZero).min(0, wholeFromZero).optional()
const aStatus = mustBe('a status from 400 to 599')
const aPath = mustBe('a path that begins with "/"')

const requestFault = z
  .strictObject({
    path: z.string(aPath).startsWith('/', aPath).optional(),
    method: z.string(mustBe('a method')).toUpperCase().optional(),
    times,
    status: z.int(aStatus).min(400, aStatus).max(599, aStatus).optional(),
    errorCode: z.string(mustBe('a code')).optional(),
    errorDescription: z.string(mustBe('text')).optional(),
    retryAfterSeconds: whole,
    delayMs: whole,
    drop: z.enum(['before', 'after'], mustBe('"before" or "after"')).optional(),
  })
  .refine(
    ({ status, delayMs, drop }) => [status, delayMs, drop].some((effect) => effect !== undefined),
    { error: 'A fault needs an effect: status, delayMs, drop or delivery.' },
  )
  .refine(({ status, drop }) => status === undefined || drop === undefined, {
    error: 'A fault either answers with a status or drops the connection.',
  })

const deliveryFault = z.strictObject({
  delivery: z.enum(['lost', 'late', 'twice'], mustBe('"lost", "late" or "twice"')),
  to: z.string(mustBe('an address')).optional(),
  times,
  lateBySeconds: z.number(mustBe('a number from 0')).min(0, mustBe('a number from 0')).optional(),
})

/** A fault that waits for something to hit. */
export type Fault<Spec extends FaultSpec = FaultSpec> = Spec & {
  readonly id: string
  /** How often it will still hit. */
  readonly remaining: number | 'always'
}

/** The faults of a world. The first one that matches hits, and wears out. */
export interface Faults {
  /** @throws {TypeError} the fault cannot be right; the message says what is wrong */
  add(spec: FaultSpec): Fault
  list(): readonly Fault[]
  /** Takes one back; false when there is none of that id. */
  remove(id: string): boolean
  clear(): void
}

/** The faults from the inside: `take…` uses one up. */
export interface FaultBook extends Faults {
  takeForRequest(method: string, path: string): Fault<RequestFaultSpec> | undefined
  takeForDelivery(to: string): Fault<DeliveryFaultSpec> | undefined
}

/** An empty book; `onChange` hears of every fault that comes, hits or goes. */
export function createFaultBook(onChange: () => void): FaultBook {
  let armed: Fault[] = []

  function take<S extends FaultSpec>(
    matches: (fault: Fault) => fault is Fault<S>,
  ): Fault<S> | undefined {
    const hit = armed.find(matches)
    if (hit === undefined) return undefined
    if (hit.remaining !== 'always') {
      const worn = { ...hit, remaining: hit.remaining - 1 }
      armed = armed.flatMap((fault) =>
        fault.id !== hit.id ? [fault] : worn.remaining > 0 ? [worn] : [],
      )
      onChange()
    }
    return hit
  }

  return {
    add: (spec) => {
      const isDelivery = typeof spec === 'object' && spec !== null && 'delivery' in spec
      const parsed = (isDelivery ? deliveryFault : requestFault).safeParse(spec)
      if (!parsed.success) throw new TypeError(`Fault: ${explainIssue(parsed.error)}`)
      const fault = { ...parsed.data, id: randomId('F'), remaining: parsed.data.times ?? 1 }
      armed.push(fault)
      onChange()
      return fault
    },
    list: () => [...armed],
    remove: (id) => {
      const before = armed.length
      armed = armed.filter((fault) => fault.id !== id)
      if (armed.length !== before) onChange()
      return armed.length !== before
    },
    clear: () => {
      armed = []
      onChange()
    },
    takeForRequest: (method, path) =>
      take((fault): fault is Fault<RequestFaultSpec> => {
        if ('delivery' in fault) return false
        return (fault.method ?? method) === method && pathMatches(fault.path, path)
      }),
    takeForDelivery: (to) =>
      take((fault): fault is Fault<DeliveryFaultSpec> => {
        if (!('delivery' in fault)) return false
        return fault.to === undefined || loginIdKey(fault.to) === loginIdKey(to)
      }),
  }
}

function pathMatches(pattern: string | undefined, path: string): boolean {
  if (pattern === undefined) return true
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}
