/** Something that was done and can be taken back. */
export type Undoable = {
  /** Whoever withdraws it names it by this. */
  id: string;
  undo: () => void;
};

/** As many steps back as anybody remembers having taken. */
const remembered = 50;

const stack: Undoable[] = [];

/** Makes `undoable` what Ctrl+Z takes back next. */
export function offerUndo(undoable: Undoable): void {
  withdrawUndo(undoable.id);
  stack.push(undoable);
  if (stack.length > remembered) stack.shift();
}

/** It has been taken back, or no longer can be. */
export function withdrawUndo(id: string): void {
  const at = stack.findIndex((undoable) => undoable.id === id);
  if (at !== -1) stack.splice(at, 1);
}

/** Takes back what was done last. Answers false if there is nothing. */
export function undoLast(): boolean {
  const last = stack.pop();
  last?.undo();
  return last !== undefined;
}
