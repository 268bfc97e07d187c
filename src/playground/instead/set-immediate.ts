/** Node's way to let other work go first, which the training loop takes between its slices. */
const waiting: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => waiting.shift()?.();

const later = (work: () => void): void => {
  waiting.push(work);
  channel.port2.postMessage(undefined);
};
Object.assign(globalThis, { setImmediate: later });
