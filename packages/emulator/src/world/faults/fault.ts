import { z } from 'zod'
import { describeSchemaError, mustBe } from '../../schema-error.ts'

/** A fault for requests to the service. It needs an effect: a status, a delay or a drop. */
export interface RequestFaultSpec {
  /** The path it matches; with a trailing `*`, every path with that prefix. @default every path */
  path?: string | undefined
  method?: string | undefined
  /** How many requests it affects. @default 1 */
  times?: number | 'always' | undefined
  /** Respond with this status (400 to 599) instead of processing the request. */
  status?: number | undefined
  /** @default a code that goes with the status */
  errorCode?: string | undefined
  errorDescription?: string | undefined
  /** The Retry-After header. @default 1 with status 429, else none */
  retryAfterSeconds?: number | undefined
  /** Wait this long first, on the world's clock. */
  delayMs?: number | undefined
  /** Close the connection before the request is processed, or after that and before the response. */
  drop?: 'before' | 'after' | undefined
}

/** A fault for messages that are sent. */
export interface DeliveryFaultSpec {
  /** The message does not arrive, arrives later, or arrives twice. */
  delivery: 'lost' | 'late' | 'twice'
  /** The address it matches. @default every address */
  to?: string | undefined
  /** How many messages it affects. @default 1 */
  times?: number | 'always' | undefined
  /** The delay of a late message, on the world's clock. @default 60 */
  lateBySeconds?: number | undefined
}

/** A fault, with the same fields in the library and at `POST /_emulator/faults`. */
export type FaultSpec = RequestFaultSpec | DeliveryFaultSpec

/** A pending fault. */
export type Fault<Spec extends FaultSpec = FaultSpec> = Spec & {
  readonly id: string
  /** How many more requests or messages it will affect. */
  readonly remaining: number | 'always'
}

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
    error: 'A fault has either a status or a drop, not both.',
  })

const deliveryFault = z.strictObject({
  delivery: z.enum(['lost', 'late', 'twice'], mustBe('"lost", "late" or "twice"')),
  to: z.string(mustBe('an address')).optional(),
  times,
  lateBySeconds: z.number(mustBe('a number from 0')).min(0, mustBe('a number from 0')).optional(),
})

/** @throws {TypeError} the fault is invalid; the message names the field */
export function parseFault(spec: FaultSpec): FaultSpec {
  const isDelivery = typeof spec === 'object' && spec !== null && 'delivery' in spec
  const parsed = (isDelivery ? deliveryFault : requestFault).safeParse(spec)
  if (!parsed.success) throw new TypeError(`Fault: ${describeSchemaError(parsed.error)}`)
  return parsed.data
}
