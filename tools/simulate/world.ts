import type { Chooser, Option } from './choices.ts'

/** A process that can be paused, or can crash. */
export interface Actor {
  readonly name: string
  isAlive: boolean
  isPaused: boolean
  /** Until when it may do what it should have done before a pause. */
  unwellUntil: number
  /** When something that it sent last had no response. */
  faultAt: number
}

/** A message on its way, or anything else that happens at some moment. */
export interface Message {
  /** Says in the trace what happens; starts with a name that is the same in every replay. */
  readonly label: string
  /** The process that it is delivered to: none happens while that is paused or has crashed. */
  readonly to?: Actor | undefined
  /** Who it belongs to, where nothing is delivered to a process. */
  readonly owner?: string
  readonly touches?: readonly string[]
  readonly isRead?: boolean
  readonly run: () => void | Promise<void>
  /** What can happen instead. */
  readonly faults?: Readonly<Record<string, () => void>>
  /** In milliseconds, after which it is lost. @default never */
  readonly lifeMs?: number
}

interface Pending extends Happening {
  readonly to: Actor | undefined
  readonly faults: Readonly<Record<string, () => void>>
  readonly endsAt: number
  readyAt: number
}

interface Happening extends Option {
  readonly run: () => void | Promise<void>
  readonly isFault?: boolean
}

interface Timer {
  readonly at: number
  readonly actor: Actor | undefined
  readonly wake: () => void
}

/** A fault of no message, such as a crash: what it is called, and how it happens. */
export type Fault = readonly [label: string, run: () => void | Promise<void>]

/** What a schedule may do. */
export interface WorldOptions {
  readonly choices: Chooser
  /** How many faults may happen. */
  readonly faults: number
  /** Receives a line for each thing that happens. @default none */
  readonly trace?: ((line: string) => void) | undefined
}

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
 * The time, the messages on their way and the timers of one schedule. Between two choices, everything runs
 * until it waits at a seam.
 */
export class World {
  now: number = startTime
  violation: string | undefined
  /** Whether no fault has happened yet. */
  isUnharmed = true
  /** Called when a fault happens to a process: what it had in memory or on its way may be lost. */
  onFault: (actor: Actor) => void = () => {}
  readonly choices: Chooser
  readonly actors: Actor[] = []
  /** Faults of no message, such as a crash. */
  extraFaults: () => readonly Fault[] = () => []
  #pending: Pending[] = []
  readonly #timers: Timer[] = []
  readonly #names = new Map<string, number>()
  readonly #keys = new Map<string, string>()
  readonly #trace: WorldOptions['trace']
  #faultsLeft: number
  #isCalm = false

  constructor({ choices, faults, trace }: WorldOptions) {
    this.choices = choices
    this.#faultsLeft = faults
    this.#trace = trace
  }

  /** Puts a message on its way. */
  send(message: Message): void {
    const { label, to, run, faults = {}, touches, isRead = false, lifeMs = Infinity } = message
    const id = this.unique(label)
    const owner = to?.name ?? message.owner ?? id
    const times = { readyAt: this.now, endsAt: this.now + lifeMs }
    const pending: Pending = {
      id,
      owner,
      touches,
      isRead,
      to,
      faults,
      ...times,
      weight: 8,
      run: deliver,
    }
    const remove = (): void => this.#remove(pending)
    function deliver(): void | Promise<void> {
      remove()
      return run()
    }
    this.#pending.push(pending)
  }

  /** Resolves once `ms` have passed. @param actor whose timer it is @default one outside of the app */
  sleep(ms: number, actor?: Actor, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = (): void => {
        const index = this.#timers.indexOf(timer)
        if (index !== -1) this.#timers.splice(index, 1)
        reject(signal?.reason)
      }
      const wake = (): void => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const timer = { at: this.now + ms, actor, wake }
      const later = this.#timers.findIndex(({ at }) => at > timer.at)
      this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer)
      signal?.addEventListener('abort', abort)
    })
  }

  violate(invariant: string): void {
    this.violation ??= invariant
  }

  note(line: string): void {
    this.#trace?.(`${String((this.now - startTime) / 1000).padStart(8)} s  ${line}`)
  }

  /** A key of the store in the trace: its kind and a number, since it may be random. */
  nameOf(key: string): string {
    const kind = key.split(':')[0] ?? ''
    const name = this.#keys.get(key) ?? `${kind}:${this.#keys.size + 1}`
    this.#keys.set(key, name)
    return name
  }

  /** The text with a number, where it was used before. */
  unique(text: string): string {
    const times = (this.#names.get(text) ?? 0) + 1
    this.#names.set(text, times)
    return times === 1 ? text : `${text} (${times})`
  }

  /** From now on, all is well: no fault happens, and processes that were paused go on. */
  calm(): void {
    this.#isCalm = true
    for (const actor of this.actors) actor.isPaused = false
  }

  /** From now on, there may be faults again. */
  trouble(): void {
    this.#isCalm = false
  }

  /** Lets things happen until all of `script` has, or an invariant is violated. */
  async run(script: Promise<unknown>): Promise<void> {
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
    const ready = this.#pending.filter(({ to, readyAt }) => readyAt <= now && !to?.isPaused)
    const isFaulty =
      !this.#isCalm &&
      this.#faultsLeft > 0 &&
      (choices.isExhaustive || choices.below(100) < faultPercent)
    const faults = isFaulty ? this.#faults(ready) : []
    if (faults.length > 0 && !choices.isExhaustive) return faults
    const options: Happening[] = [...ready, ...faults]
    for (const actor of this.actors.filter(({ isPaused }) => isPaused)) {
      const resume = (): void => {
        actor.isPaused = false
        actor.unwellUntil = this.now + 1000
      }
      options.push(happening(`${actor.name} goes on`, resume, 0.4))
    }
    const at = this.#nextMoment()
    const isSlow = !choices.isExhaustive && !this.#isCalm && at !== undefined && at <= now + slowMs
    if (at !== undefined && (ready.length === 0 || isSlow)) {
      options.push(happening('time passes', () => this.#pass(at), ready.length === 0 ? 8 : 0.7))
    }
    if (options.length === 0) this.violate('a request that is never answered')
    return options
  }

  #faults(ready: readonly Pending[]): Happening[] {
    const faults = this.extraFaults().map(([label, run]) => happening(label, run))
    const ofMessages = ready.flatMap((message) => {
      const { id } = message
      const instead = Object.entries(message.faults).map(([name, happen]) => {
        const run = (): void => {
          this.#remove(message)
          happen()
        }
        return { ...message, id: `${id}: ${name}`, run }
      })
      const delay = (): void =>
        void (message.readyAt = this.now + (delays[this.choices.below(delays.length)] ?? 0))
      if (this.choices.isExhaustive) return instead
      return [...instead, { ...message, id: `${id}: delayed`, run: delay }]
    })
    return [...faults, ...ofMessages].map((fault) => ({ ...fault, isFault: true, weight: 1 }))
  }

  #remove(message: Pending): void {
    this.#pending.splice(this.#pending.indexOf(message), 1)
  }

  #nextMoment(): number | undefined {
    const timer = this.#timers.find(({ actor }) => actor === undefined || isRunning(actor))
    const arrivals = this.#pending.flatMap(({ readyAt, to }) =>
      readyAt > this.now && !to?.isPaused ? [readyAt] : [],
    )
    const moments = timer === undefined ? arrivals : [timer.at, ...arrivals]
    return moments.length === 0 ? undefined : Math.min(...moments)
  }

  #pass(at: number): void {
    this.now = Math.max(this.now, at)
    const index = this.#timers.findIndex(({ actor }) => actor === undefined || isRunning(actor))
    const timer = this.#timers[index]
    if (timer === undefined || timer.at > this.now) return
    this.#timers.splice(index, 1)
    timer.wake()
  }
}

/** Something that does not commute with anything. */
function happening(id: string, run: Happening['run'], weight = 1): Happening {
  return { id, owner: '', touches: undefined, isRead: false, weight, run }
}

function isRunning({ isAlive, isPaused }: Actor): boolean {
  return isAlive && !isPaused
}

// Twice, since the product's own timers may wait for the end of a turn of the event loop.
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
}
