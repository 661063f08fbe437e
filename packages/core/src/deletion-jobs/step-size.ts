import { limits } from "../limits.ts";

/**
 * What a step is to take, in milliseconds, so that others do not wait long for what it locks, nor for the disk, to which
 * what it has written goes at its end.
 */
const targetMs = 15;
const bounds = { smallest: 100, largest: limits.deleteBatch };

/**
 * How many chats a step deletes: as many as take 15 ms, going by what the last ones took, because chats have from no
 * message to 256 that are erased at once. It doubles or halves at most, so that one step that was held up by something
 * else is soon made up for. It is not less than 100 but for chats that the database has refused: on a busy machine the
 * way to the database and back takes 40 ms by itself, and steps of a few chats would never come to an end.
 */
export class StepSize {
  current: number = bounds.smallest;

  /** Tells how long a step took that deleted `chats`, as many as it could or as there were; milliseconds. */
  learn(chats: number, tookMs: number): void {
    // Where there was little to delete the time says nothing of more.
    if (chats < this.current && tookMs <= targetMs) return;
    const right = Math.floor((chats * targetMs) / Math.max(tookMs, 1));
    // Behind a chat that the database has refused it comes up to the smallest, however long a step takes.
    const fewest =
      this.current < bounds.smallest ? this.current * 2 : Math.max(this.current / 2, bounds.smallest);
    this.current = Math.min(Math.max(right, Math.floor(fewest)), this.current * 2, bounds.largest);
  }

  /** Tells that the database has refused a step: a smaller one may leave out what it refused. */
  refused(): void {
    this.current = Math.max(1, Math.floor(this.current / 8));
  }
}
