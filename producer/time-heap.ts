/**
 * A binary min-heap of (time, id) pairs in two flat arrays: what happens next, among very many that wait. Ties go to the smaller id, so that the
 * order depends on what is in the heap and not on how it came in.
 */
export class TimeHeap {
  #times: number[] = [];
  #ids: number[] = [];

  get size(): number {
    return this.#ids.length;
  }

  /** The earliest time, or Infinity when nothing waits. */
  get earliest(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY;
  }

  /** The id with the earliest time. @throws RangeError when nothing waits. */
  get earliestId(): number {
    const id = this.#ids[0];
    if (id === undefined) throw new RangeError('the heap is empty');
    return id;
  }

  push(time: number, id: number): void {
    this.#times.push(time);
    this.#ids.push(id);
    this.#rise(this.#ids.length - 1, time, id);
  }

  /** Gives the earliest entry a new, later time: half the work of a pop and a push. */
  replaceEarliest(time: number): void {
    this.#sink(time, this.earliestId);
  }

  pop(): number {
    const id = this.earliestId;
    // Both arrays have at least one element here, as `earliestId` has just shown.
    const lastTime = this.#times.pop() as number;
    const lastId = this.#ids.pop() as number;
    if (this.#ids.length > 0) this.#sink(lastTime, lastId);
    return id;
  }

  #rise(from: number, time: number, id: number): void {
    const times = this.#times;
    const ids = this.#ids;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      // Indexes below `size` are always filled, here and in #sink.
      const parentTime = times[parent] as number;
      const parentId = ids[parent] as number;
      if (parentTime < time || (parentTime === time && parentId <= id)) break;
      times[at] = parentTime;
      ids[at] = parentId;
      at = parent;
    }
    times[at] = time;
    ids[at] = id;
  }

  /** Lets (time, id) take the root's place and go down from there. */
  #sink(time: number, id: number): void {
    const times = this.#times;
    const ids = this.#ids;
    const size = ids.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      let childTime = times[child] as number;
      let childId = ids[child] as number;
      if (child + 1 < size) {
        const otherTime = times[child + 1] as number;
        const otherId = ids[child + 1] as number;
        if (otherTime < childTime || (otherTime === childTime && otherId < childId)) {
          child++;
          childTime = otherTime;
          childId = otherId;
        }
      }
      if (time < childTime || (time === childTime && id <= childId)) break;
      times[at] = childTime;
      ids[at] = childId;
      at = child;
    }
    times[at] = time;
    ids[at] = id;
  }
}
