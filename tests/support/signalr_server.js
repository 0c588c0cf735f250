// A hub of SignalR as ASP.NET Core's documents describe it, in JSON and, with the argument
// "messagepack", in MessagePack as Microsoft's client reads and writes it: prints its port.
// `/hub` negotiates and wants the id it gave; `/moved` sends to it with a token; `/plain` does not
// negotiate; `/evil` sends to an address of the query, or to `/plain` with a broken token.
// `Add` is answered; `Who` tells the headers and parameters of the handshake. In MessagePack there
// are also `Size` of bytes, `Reverse` of bytes, `Fail`, the stream `Count` and `Shutdown`.
"use strict";

const { WebSocketServer } = require("ws");

const messagePack = process.argv[2] === "messagepack" && require("./signalr_message_pack.js");

const http = require("http").createServer();
const server = new WebSocketServer({ noServer: true });
const ids = new Set();
let count = 0;

http.on("request", (request, response) => {
  const url = new URL(request.url, "http://hub");
  const here = `http://127.0.0.1:${http.address().port}`;
  if (request.method !== "POST" || url.searchParams.get("negotiateVersion") !== "1") {
    response.writeHead(404).end();
  } else if (url.pathname === "/moved/negotiate") {
    response.end(JSON.stringify({ url: `${here}/hub?from=moved`, accessToken: "t0ken" }));
  } else if (url.pathname === "/evil/negotiate") {
    const to = url.searchParams.get("to") || `${here}/plain?from=evil`;
    response.end(JSON.stringify({ url: to, accessToken: "a\r\nX-Evil: 1" }));
  } else if (url.pathname === "/hub/negotiate") {
    const id = `id-${++count}`;
    ids.add(id);
    response.end(JSON.stringify({ negotiateVersion: 1, connectionId: "no", connectionToken: id }));
  } else {
    response.writeHead(404).end();
  }
});
http.on("upgrade", (request, socket, head) => {
  const url = new URL(request.url, "http://hub");
  if (url.pathname === "/hub" && !ids.delete(url.searchParams.get("id"))) {
    socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  server.handleUpgrade(request, socket, head, (peer) => serve(peer, request, url));
});

function serve(peer, request, url) {
  const say = (record) => peer.send(JSON.stringify(record) + "\x1e");
  let isOpen = false;
  let isPacked = false;
  peer.on("message", (data) => {
    if (isPacked) return messagePack.answer(peer, data);
    for (const text of data.toString().split("\x1e").filter(Boolean)) {
      const record = JSON.parse(text);
      if (!isOpen) {
        isOpen = true;
        isPacked = messagePack && record.protocol === "messagepack" && record.version === 1;
        if (isPacked) messagePack.accept(peer);
        else say(record.protocol === "json" ? {} : { error: "json only" });
      } else if (record.type === 1 && record.invocationId) {
        const [a, b] = record.arguments;
        const who = [request.headers.authorization ?? "", url.searchParams.get("from") ?? ""];
        const result = record.target === "Who" ? who : a + b;
        say({ type: 3, invocationId: record.invocationId, result });
      }
    }
  });
}
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
