const key = "lethe-jobs-started";
/** Jobs that one tab remembers having started. */
const most = 20;

/** Remembers, for as long as the tab lives and across reloads, that a job was started here. */
export function rememberStarted(jobId: string): void {
  write([...read(), jobId].slice(-most));
}

/** Whether a job was started in this tab and its end has not been told yet. */
export function isStartedHere(jobId: string): boolean {
  return read().includes(jobId);
}

/** The end of a job has been told: once is enough. */
export function forgetStarted(jobId: string): void {
  write(read().filter((id) => id !== jobId));
}

function read(): string[] {
  try {
    return (sessionStorage.getItem(key) ?? "").split(" ").filter(Boolean);
  } catch {
    return [];
  }
}

function write(ids: string[]): void {
  try {
    sessionStorage.setItem(key, ids.join(" "));
  } catch {
    // Where the browser refuses storage, no toast tells the end; the page of jobs still shows it.
  }
}
