// A broker of MQTT over WebSocket: prints its port. The user “ada” needs the password “s3same”.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { Duplex } from "node:stream";
import { pathToFileURL } from "node:url";

const modules = process.env.NODE_PATH;
const { WebSocketServer } = createRequire(`${modules}/`)("ws");
const { Aedes } = await import(pathToFileURL(`${modules}/aedes/aedes.js`).href);

const broker = await Aedes.createBroker({
  authenticate: (_client, user, password, done) =>
    done(null, user === "ada" && String(password) === "s3same"),
});
const http = createServer();
const server = new WebSocketServer({ server: http, handleProtocols: () => "mqtt" });
server.on("connection", (socket, request) => {
  // Unlike the stream of `ws`, it sends a packet as one message, as other brokers do.
  const writev = (parts, done) => socket.send(Buffer.concat(parts.map((one) => one.chunk)), done);
  const write = (chunk, _encoding, done) => writev([{ chunk }], done);
  const stream = new Duplex({ read() {}, write, writev });
  socket.on("message", (data) => stream.push(data));
  socket.on("close", () => stream.destroy());
  stream.on("close", () => socket.close());
  stream.on("error", () => {});
  broker.handle(stream, request);
});
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
