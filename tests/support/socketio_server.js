// A server of Socket.IO: prints its port. Clients of the namespace “/” need the token “s3same”.
// `sum` and `size` are acknowledged, `chat` is sent to everyone, `leave` ends the connection.
const { Server } = require("socket.io");
const http = require("http").createServer();
const server = new Server(http, { pingInterval: 200, pingTimeout: 1000 });

server.use((socket, next) => {
  if (socket.handshake.auth.token === "s3same") next();
  else next(Object.assign(new Error("not authorized"), { data: { code: 401 } }));
});
for (const space of [server.of("/"), server.of("/admin")]) {
  space.on("connection", (socket) => {
    socket.emit("welcome", socket.nsp.name);
    socket.on("sum", (a, b, answer) => answer?.(a + b));
    socket.on("size", (data, answer) => answer(data.length, data));
    socket.on("chat", (...words) => space.emit("chat", ...words));
    socket.on("leave", () => socket.conn.close());
  });
}
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
