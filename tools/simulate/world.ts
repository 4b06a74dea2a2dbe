import { flush } from '@linkpass/testing'
import type { Chooser, Option } from './choices.ts'
import type { Process } from './process.ts'

/** What is known of a message on its way, or of a timer. */
export interface Message {
  /** The process that it is delivered to: not while that is paused, and never once it has crashed. */
  readonly to?: Process
  /** Who it belongs to, where that is not the process. */
  readonly owner?: string
  /** The shared things that it reads or writes. @default none */
  readonly touches?: readonly string[]
  readonly isRead?: boolean
  /** What can happen instead, besides a delay. @default it cannot fail, like a timer */
  readonly faults?: Faults
  /** In how many milliseconds it happens, at the earliest. @default 0 */
  readonly inMs?: number
  /** In milliseconds, after which it is lost. @default never */
  readonly lifeMs?: number
}

interface Happening extends Option {
  readonly run: () => void | Promise<void>
  readonly isFault?: boolean
}

interface Pending extends Happening, Pick<Message, 'to' | 'faults'> {
  readonly endsAt: number
  readyAt: number
}

/** What can go wrong, by name. */
export type Faults = Readonly<Record<string, () => void | Promise<void>>>

const startTime = Date.UTC(2026, 0, 15, 12)
/** A schedule that takes more steps than this never ends. */
const mostSteps = 5000
/** How often a fault happens in place of what should, as long as there may be one. */
const faultPercent = 3
/** How long a message may take without that being a fault, in milliseconds. */
const slowMs = 100
/** How long a delayed message takes, in milliseconds: past one deadline after another. */
const delays = [700, 2500, 4000, 9800, 11_000] as const

/**
 * The time and the messages on their way of one schedule. Between two choices, everything runs until it
 * waits at a seam.
 */
export class World {
  now: number = startTime
  violation: string | undefined
  /** Whether no fault has happened yet. */
  isUnharmed = true
  /** Whether no fault may happen. */
  isCalm = false
  readonly choices: Chooser
  readonly processes: Process[] = []
  /** Faults of no message, such as a crash. */
  otherFaults: () => Faults = () => ({})
  readonly #trace: (line: string) => void
  readonly #names = new Map<string, number>()
  readonly #pending = new Set<Pending>()
  #faultsLeft: number

  /** @param faults how many may happen @param trace receives a line for each thing that happens */
  constructor(choices: Chooser, faults: number, trace: (line: string) => void = () => {}) {
    this.choices = choices
    this.#faultsLeft = faults
    this.#trace = trace
  }

  /** Puts a message on its way. Returns a function that takes it back. */
  send(label: string, run: () => void, { inMs = 0, lifeMs = Infinity, ...rest }: Message = {}) {
    const id = this.unique(label)
    const cancel = (): void => void this.#pending.delete(pending)
    const pending: Pending = {
      ...{ id, owner: rest.to?.name ?? id, touches: [], isRead: false, weight: 8, ...rest },
      ...{ readyAt: this.now + inMs, endsAt: this.now + lifeMs },
      run() {
        cancel()
        run()
      },
    }
    this.#pending.add(pending)
    return cancel
  }

  /** Resolves once `ms` have passed. @param to whose timer it is @default one outside of the app */
  sleep(ms: number, to?: Process, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = (): void => {
        cancel()
        reject(signal?.reason)
      }
      const wake = (): void => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const timer = { ...(to && { to }), owner: 'time', inMs: ms }
      const cancel = this.send(`${to?.name ?? 'a user'} wakes up`, wake, timer)
      signal?.addEventListener('abort', abort)
    })
  }

  violate(invariant: string): void {
    this.violation ??= invariant
  }

  note(line: string): void {
    this.#trace(`${String((this.now - startTime) / 1000).padStart(8)} s  ${line}`)
  }

  /** The text with a number, where it was used before. */
  unique(text: string): string {
    const times = (this.#names.get(text) ?? 0) + 1
    this.#names.set(text, times)
    return times === 1 ? text : `${text} (${times})`
  }

  /** One of these, of which the first is chosen where every order is tried. */
  oneOf<T>(list: readonly [T, ...T[]]): T {
    return list[this.choices.below(list.length)] ?? list[0]
  }

  /** From now on, no fault happens, and processes that were paused go on. */
  calm(): void {
    this.isCalm = true
    for (const process of this.processes) process.isPaused = false
  }

  /** Lets things happen until all of `script` has, or an invariant is violated. */
  async run(script: Promise<unknown>): Promise<void> {
    let isDone = false
    void script.then(() => (isDone = true))
    for (let step = 0; step < mostSteps; step += 1) {
      // Twice, since the product's own timers may wait for the end of a turn of the event loop.
      await flush()
      await flush()
      if (isDone || this.violation !== undefined) return
      const option = this.choices.pick(this.#options())
      if (option === undefined) return
      if (option.isFault) {
        this.#faultsLeft -= 1
        this.isUnharmed = false
      }
      this.note(option.id)
      await option.run()
    }
    this.violate('a schedule that does not end')
  }

  #options(): Happening[] {
    const { now, choices } = this
    for (const one of this.#pending) {
      if (now > one.endsAt || one.to?.isAlive === false) this.#pending.delete(one)
    }
    const running = [...this.#pending].filter(({ to }) => !to?.isPaused)
    const ready = running.filter(({ readyAt }) => readyAt <= now)
    const mayFail = !this.isCalm && this.#faultsLeft > 0
    const fails = mayFail && (choices.isExhaustive || choices.below(100) < faultPercent)
    const faults = fails ? this.#faults(ready) : []
    if (faults.length > 0 && !choices.isExhaustive) return faults
    const options = [...ready, ...faults, ...this.#resumptions()]
    const [next] = running
      .filter(({ readyAt }) => readyAt > now)
      .toSorted((one, other) => one.readyAt - other.readyAt)
    const isSlow = !choices.isExhaustive && !this.isCalm && next && next.readyAt <= now + slowMs
    if (next && (ready.length === 0 || isSlow)) {
      const pass = (): void => {
        this.now = next.readyAt
        if (next.faults === undefined) void next.run()
      }
      options.push(happening('time passes', pass, ready.length === 0 ? 8 : 0.7))
    }
    if (options.length === 0) this.violate('a request that is never answered')
    return options
  }

  #resumptions(): Happening[] {
    const paused = this.processes.filter(({ isPaused }) => isPaused)
    return paused.map((process) => {
      return happening(`${process.name} goes on`, () => process.resume(), 0.4)
    })
  }

  #faults(ready: readonly Pending[]): Happening[] {
    const ofMessages = ready.flatMap((message) => {
      if (message.faults === undefined) return []
      const delay = (): void => {
        message.readyAt = this.now + this.oneOf(delays)
        this.#pending.add(message)
      }
      const mayDelay = !this.choices.isExhaustive && { 'is delayed': delay }
      return Object.entries({ ...message.faults, ...mayDelay }).map(([name, happen]) => {
        const run = (): void | Promise<void> => {
          this.#pending.delete(message)
          return happen()
        }
        return { ...message, id: `${message.id}: ${name}`, run }
      })
    })
    const others = Object.entries(this.otherFaults()).map(([id, run]) => happening(id, run))
    return [...others, ...ofMessages].map((fault) => ({ ...fault, isFault: true, weight: 1 }))
  }
}

/** Something that does not commute with anything. */
function happening(id: string, run: Happening['run'], weight = 1): Happening {
  return { id, owner: '', touches: undefined, isRead: false, weight, run }
}
