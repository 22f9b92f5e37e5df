/** How often each API path was called and with which errcodes it was answered. */
export class CallCounts {
  private readonly byPath = new Map<string, {calls: number; errcodes: Map<number, number>}>()

  addCall(path: string): void {
    this.entry(path).calls += 1
  }

  addAnswer(path: string, errcode: number): void {
    const {errcodes} = this.entry(path)
    errcodes.set(errcode, (errcodes.get(errcode) ?? 0) + 1)
  }

  read(): Record<string, {calls: number; errcodes: Record<string, number>}> {
    const paths = Array.from(this.byPath).sort(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(
      paths.map(([path, entry]) => [path, {calls: entry.calls, errcodes: Object.fromEntries(entry.errcodes)}]),
    )
  }

  clear(): void {
    this.byPath.clear()
  }

  private entry(path: string): {calls: number; errcodes: Map<number, number>} {
    const found = this.byPath.get(path)
    if (found) return found
    const made = {calls: 0, errcodes: new Map<number, number>()}
    this.byPath.set(path, made)
    return made
  }
}
