/** A worker that is killed at a point: `node dying-worker.js <setting as JSON> <batch> <point>`. Without a point it prints those that it passes. */
import { deliver, type Setting } from './delivery.js';

const [, , setting = '', batch = '', point] = process.argv;
await deliver(JSON.parse(setting) as Setting, Number(batch), (name) => {
  if (point === undefined) console.log(name);
  // Nothing runs after this: no handler, no finally, no farewell to a server.
  else if (name === point) process.kill(process.pid, 'SIGKILL');
});
