// Node's `ws` sending: `node node_sender.mjs URL COUNT SIZE`.
// The last line on standard error tells the times from the first message to the server's "done".
import { createRequire } from "node:module";

const { WebSocket } = createRequire(import.meta.url)("ws");

const [url, count, size] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const socket = new WebSocket(url, { perMessageDeflate: false });
const message = "x".repeat(size);
const HIGH_WATER = 1024 * 1024;
let sent = 0;
let start = 0n;
let used;

function sendOn() {
  while (sent < count) {
    sent += 1;
    if (socket.bufferedAmount > HIGH_WATER) {
      socket.send(message, sendOn);
      return;
    }
    socket.send(message);
  }
}

socket.on("open", () => {
  start = process.hrtime.bigint();
  used = process.cpuUsage();
  sendOn();
});
socket.on("message", () => {
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(used);
  console.error(JSON.stringify({ seconds, processor: (user + system) / 1e6 }));
  socket.close(1000);
});
socket.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
