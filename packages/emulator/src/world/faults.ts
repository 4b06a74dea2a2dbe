import { z } from 'zod'
import { randomId } from './random.ts'
import { loginIdKey } from './users.ts'

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

const times = z.union([z.int().min(1), z.literal('always')]).optional()

const requestFault = z.strictObject({
  path: z.string().startsWith('/').optional(),
  method: z.string().toUpperCase().optional(),
  times,
  status: z.int().min(400).max(599).optional(),
  errorCode: z.string().optional(),
  errorDescription: z.string().optional(),
  retryAfterSeconds: z.int().min(0).optional(),
  delayMs: z.int().min(0).optional(),
  drop: z.enum(['before', 'after']).optional(),
})

const deliveryFault = z.strictObject({
  delivery: z.enum(['lost', 'late', 'twice']),
  to: z.string().optional(),
  times,
  lateBySeconds: z.number().min(0).optional(),
})

export const faultSchema: z.ZodType<FaultSpec> = z
  .union([deliveryFault, requestFault])
  .refine((spec) => 'delivery' in spec || hasEffect(spec), {
    error: 'A fault needs an effect: status, delayMs, drop or delivery.',
  })
  .refine((spec) => 'delivery' in spec || spec.drop === undefined || spec.status === undefined, {
    error: 'A fault either answers with a status or drops the connection.',
  })

/** A fault that waits for something to hit. */
export type Fault<Spec extends FaultSpec = FaultSpec> = Spec & {
  readonly id: string
  /** How often it will still hit. */
  readonly remaining: number | 'always'
}

/** The faults of a world. The first one that matches hits, and wears out. */
export interface Faults {
  /** @throws {TypeError} the fault cannot be right; the message says why */
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
      const parsed = faultSchema.safeParse(spec)
      if (!parsed.success) throw new TypeError(`faults.add: ${z.prettifyError(parsed.error)}`)
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

function hasEffect(spec: RequestFaultSpec): boolean {
  return spec.status !== undefined || spec.delayMs !== undefined || spec.drop !== undefined
}

function pathMatches(pattern: string | undefined, path: string): boolean {
  if (pattern === undefined) return true
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}
