import type { Chooser, Option } from './choices.ts'

/** A process that can be paused, or can crash. */
export class Process {
  readonly name: string
  isAlive = true
  /** Whether it has not started yet: its store and the service respond at once. */
  isStarting = true
  /** Whether the service is available then. */
  hearsAtStart = true
  isPaused = false
  /** Until when it may do what it should have done before a pause. */
  unwellUntil = 0
  /** When something that it sent last had no response. */
  faultAt = 0
  /** Whether the service, whose time its responses tell, ever responded to it. */
  hasHeard = false

  constructor(name: string) {
    this.name = name
  }
}

/** A message on its way, or a timer. */
export interface Message {
  readonly label: string
  /** The process that it is delivered to: none happens while that is paused or has crashed. */
  readonly to?: Process | undefined
  /** Who it belongs to, where nothing is delivered to a process. */
  readonly owner?: string
  /** The shared things that it reads or writes. @default none */
  readonly touches?: readonly string[]
  readonly isRead?: boolean
  readonly run: () => void
  /** What can happen instead, besides a delay. @default it cannot fail, like a timer */
  readonly faults?: Readonly<Record<string, () => void>>
  /** In how many milliseconds it happens, at the earliest. @default 0 */
  readonly inMs?: number
  /** In milliseconds, after which it is lost. @default never */
  readonly lifeMs?: number
}

interface Happening extends Option {
  readonly run: () => void | Promise<void>
  readonly isFault?: boolean
}

interface Pending extends Happening {
  readonly to: Process | undefined
  readonly faults: Message['faults'] | undefined
  readonly endsAt: number
  readyAt: number
}

/** A fault of no message, such as a crash: what it is called, and how it happens. */
export type Fault = readonly [label: string, run: () => void | Promise<void>]

const startTime = Date.UTC(2026, 0, 15, 12)
/** A schedule that takes more steps than this never ends. */
const mostSteps = 5000
/** How often a fault happens in place of what should, as long as there may be one. */
const faultPercent = 3
/** How long a message may take without that being a fault, in milliseconds. */
const slowMs = 100
/** How long a delayed message takes, in milliseconds: past one deadline after another. */
const delays = [700, 2500, 4000, 9800, 11_000]

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
  /** Called when what a process had in memory or on its way may be lost. */
  onFault: (process: Process) => void = () => {}
  /** Faults of no message. */
  extraFaults: () => readonly Fault[] = () => []
  readonly #trace: (line: string) => void
  readonly #names = new Map<string, number>()
  #pending: Pending[] = []
  #faultsLeft: number

  /** @param faults how many may happen @param trace receives a line for each thing that happens */
  constructor(choices: Chooser, faults: number, trace: (line: string) => void = () => {}) {
    this.choices = choices
    this.#faultsLeft = faults
    this.#trace = trace
  }

  /** Puts a message on its way. Returns a function that takes it back. */
  send({ label, run, inMs = 0, lifeMs = Infinity, ...message }: Message): () => void {
    const id = this.unique(label)
    const remove = (): void => void (this.#pending = this.#pending.filter((one) => one !== pending))
    const pending: Pending = {
      ...{ id, owner: message.to?.name ?? id, touches: [], isRead: false, weight: 8, ...message },
      ...{ to: message.to, faults: message.faults },
      ...{ readyAt: this.now + inMs, endsAt: this.now + lifeMs },
      run() {
        remove()
        run()
      },
    }
    this.#pending.push(pending)
    return remove
  }

  /** Resolves once `ms` have passed. @param to whose timer it is @default one outside of the app */
  sleep(ms: number, to?: Process, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const label = `${to?.name ?? 'a user'} wakes up`
      const abort = (): void => {
        cancel()
        reject(signal?.reason)
      }
      const run = (): void => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const cancel = this.send({ label, to, owner: 'time', inMs: ms, run })
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

  /** From now on, no fault happens, and processes that were paused go on. */
  calm(): void {
    this.isCalm = true
    for (const process of this.processes) process.isPaused = false
  }

  /** Lets things happen until all of `script` has, or an invariant is violated. */
  async run(script: Promise<unknown>): Promise<void> {
    // Instances start side by side, so what they sent is in no certain order.
    this.#pending.sort((one, other) => (one.id < other.id ? -1 : 1))
    let isDone = false
    void script.then(() => (isDone = true))
    for (let step = 0; step < mostSteps; step += 1) {
      await settle()
      if (isDone || this.violation !== undefined) return
      const option = this.choices.pick(this.#options())
      if (option === undefined) return
      if (option.isFault) this.#faultsLeft -= 1
      if (option.isFault) this.isUnharmed = false
      this.note(option.id)
      await option.run()
    }
    this.violate('a schedule that does not end')
  }

  #options(): Happening[] {
    const { now, choices } = this
    this.#pending = this.#pending.filter(({ to, endsAt }) => now <= endsAt && to?.isAlive !== false)
    const running = this.#pending.filter(({ to }) => !to?.isPaused)
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
    return this.processes
      .filter(({ isPaused }) => isPaused)
      .map((process) => {
        const resume = { isPaused: false, unwellUntil: this.now + 1000 }
        return happening(`${process.name} goes on`, () => void Object.assign(process, resume), 0.4)
      })
  }

  #faults(ready: readonly Pending[]): Happening[] {
    const ofMessages = ready.flatMap((message) => {
      if (message.faults === undefined) return []
      const { id } = message
      const instead = Object.entries(message.faults).map(([name, happen]) => {
        const run = (): void => {
          this.#pending = this.#pending.filter((one) => one !== message)
          happen()
        }
        return { ...message, id: `${id}: ${name}`, run }
      })
      const delay = (): void =>
        void (message.readyAt = this.now + (delays[this.choices.below(delays.length)] ?? 0))
      const delayed = { ...message, id: `${id}: is delayed`, run: delay }
      return this.choices.isExhaustive ? instead : [...instead, delayed]
    })
    const ofNone = this.extraFaults().map(([label, run]) => happening(label, run))
    return [...ofNone, ...ofMessages].map((fault) => ({ ...fault, isFault: true, weight: 1 }))
  }
}

/** Something that does not commute with anything. */
function happening(id: string, run: Happening['run'], weight = 1): Happening {
  return { id, owner: '', touches: undefined, isRead: false, weight, run }
}

/** Twice, since the product's own timers may wait for the end of a turn of the event loop. */
export async function settle(): Promise<void> {
  for (const _ of [1, 2]) await new Promise((resolve) => setImmediate(resolve))
}
