"use client";

import { type ComponentType, createElement, useEffect, useSyncExternalStore } from "react";

/** Between attempts to load what could not be loaded; milliseconds. It doubles up to the second. */
const firstPauseMs = 1_000;
const longestPauseMs = 15_000;
/** The latest moment to load the rest after the page shows what it is for; milliseconds. */
const idleMs = 2_000;

type Loader<Value> = {
  start: () => void;
  /** The value, once it has been loaded. */
  use: () => Value | undefined;
};

/** Something whose code is loaded when it is asked for; once, and again until that works. */
export function createLoader<Value>(load: () => Promise<Value>): Loader<Value> {
  let loaded: Value | undefined;
  let isLoading = false;
  let pauseMs = firstPauseMs;
  const listeners = new Set<() => void>();

  function start(): void {
    if (loaded !== undefined || isLoading) return;
    isLoading = true;
    load().then(
      (value) => {
        loaded = value;
        for (const listener of listeners) listener();
      },
      () => {
        setTimeout(() => {
          isLoading = false;
          start();
        }, pauseMs);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      },
    );
  }
  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
  const read = () => loaded;
  const never = () => undefined;
  return { start, use: () => useSyncExternalStore(subscribe, read, never) };
}

const rest = new Set<() => void>();

/**
 * A component that the first look at a page does not need, such as a dialog. Its code is loaded once the page stands
 * (`loadTheRest`), so that it is there when it is asked for, the server away or not; or when it is asked for before that.
 * Until then it renders nothing, or what stands in for it.
 *
 * @param load imports the component
 * @param isWanted whether these props ask for something to be shown
 * @param StandIn what is shown until it has been loaded, for which a server is needed
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  isWanted: (props: Props) => boolean = () => true,
  StandIn?: ComponentType<Props>,
): ComponentType<Props> {
  const loader = createLoader(load);
  rest.add(loader.start);
  return function Later(props) {
    const Loaded = loader.use();
    const wanted = isWanted(props);
    useEffect(() => {
      if (wanted) loader.start();
    }, [wanted]);
    const Shown = Loaded ?? StandIn;
    return Shown ? createElement(Shown, props) : null;
  };
}

/** Loads what was left for later as soon as the browser has nothing else to do. Call it once the page shows what it is for. */
export function loadTheRest(): void {
  const start = () => {
    for (const load of rest) load();
  };
  // Safari has had it only since 2026.
  if (typeof window.requestIdleCallback === "function")
    window.requestIdleCallback(start, { timeout: idleMs });
  else setTimeout(start, 200);
}

/**
 * The place of something that is loaded later. What is asked of it before is asked when it comes.
 */
export function createSlot<Value>() {
  let filled: { value: Value } | undefined;
  const waiting: ((value: Value) => void)[] = [];
  return {
    /** Asks something of the value, now or when it comes. */
    ask(what: (value: Value) => void): void {
      if (filled) what(filled.value);
      else waiting.push(what);
    },
    /** Puts the value there, or a newer one. */
    fill(value: Value): void {
      filled = { value };
      for (const what of waiting.splice(0)) what(value);
    },
  };
}
