/** Questions to another process that wait for their answers. */
export type Questions<Answer> = {
  /** Sends a question under a new number, and waits. Rejects when no answer comes in time. */
  ask: (send: (id: number) => void) => Promise<Answer>;
  /** Hands an answer to who asked; one that comes too late is dropped. */
  answer: (id: number, answer: Answer) => void;
};

/** @param patience how long an answer may take; milliseconds */
export function createQuestions<Answer>(patience: number): Questions<Answer> {
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  return {
    ask: (send) => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      last += 1;
      const id = last;
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new Error(`No answer within ${patience} ms`));
      }, patience);
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(answer);
      });
      send(id);
      return promise;
    },
    answer: (id, answer) => waiting.get(id)?.(answer),
  };
}
