// Node's `ws` counting the same flood: `node node_client.mjs URL COUNT [deflate]`.
// The last line on standard error tells the times from the first message to the last.
import { createRequire } from "node:module";

// import does not look in NODE_PATH, require does.
const { WebSocket } = createRequire(import.meta.url)("ws");

const [url, count] = [process.argv[2], Number(process.argv[3])];
const socket = new WebSocket(url, { perMessageDeflate: process.argv[4] === "deflate" });
let received = 0;
let start = 0n;
let used;

socket.on("message", () => {
  received += 1;
  if (received === 1) {
    start = process.hrtime.bigint();
    used = process.cpuUsage();
  }
  if (received === count) {
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const { user, system } = process.cpuUsage(used);
    console.error(JSON.stringify({ seconds, processor: (user + system) / 1e6 }));
    socket.close(1000);
  }
});
socket.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
socket.on("close", () => {
  if (received !== count) process.exitCode = 1;
});
