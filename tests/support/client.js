// A client made of Node's `ws`: connects, sends a text, and prints subprotocol and answer.
"use strict";

const { WebSocket } = require("ws");

const [url, ...subprotocols] = process.argv.slice(2);
const peer = new WebSocket(url, subprotocols);

peer.on("error", (error) => console.log(error.message));
peer.on("open", () => peer.send("hi"));
peer.on("message", (data) => {
  console.log(`${peer.protocol} ${data}`);
  peer.close();
});
