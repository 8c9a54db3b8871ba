/**
 * Stands in for `@daily-co/daily-js`, which Pipecat's transports import for their default media manager.
 * That manager loads scripts from other hosts; we always pass our own, so nothing of it may ship.
 */
export default {
  createCallObject(): never {
    throw new Error("Parley does not use Daily: pass a WavMediaManager to the transport.");
  },
};
