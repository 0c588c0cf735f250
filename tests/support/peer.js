// A server made of Node's `ws`; its paths are those of websockets_peer.py.
"use strict";

const { WebSocketServer } = require("ws");

const compression = process.argv[2] === "compressed";
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: 0,
  maxPayload: 0,
  perMessageDeflate: compression && { threshold: 0 },
  handleProtocols: (offered) => (offered.has("chat.v1") ? "chat.v1" : false),
});

server.on("listening", () => console.log(server.address().port));
server.on("connection", (peer, request) => {
  const target = new URL(request.url, "ws://peer");
  const query = target.searchParams;
  peer.on("error", () => {});
  switch (target.pathname) {
    case "/echo":
      peer.on("message", (data, binary) => peer.send(data, { binary }));
      break;
    case "/close":
      peer.close(Number(query.get("code")), query.get("reason") ?? "");
      break;
    case "/ping":
      peer.on("pong", (data) => {
        if (data.toString() === query.get("payload")) peer.send("the pong came");
      });
      peer.ping(query.get("payload"));
      break;
    case "/fragments":
      peer.send("one ", { fin: false });
      peer.send("two ", { fin: false });
      peer.send("three", { fin: true });
      break;
    case "/size":
      peer.on("message", (data) => peer.send(String(data.length)));
      break;
  }
});
