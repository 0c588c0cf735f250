// A server of GraphQL over WebSocket: prints its port. It needs the token “s3same”.
const { buildSchema } = require("graphql");
const { useServer } = require("graphql-ws/use/ws");
const { WebSocketServer } = require("ws");

const schema = buildSchema(`
  type Query { double(n: Int!): Int }
  type Subscription { count(to: Int!): Int }
`);
const roots = {
  query: { double: ({ n }) => 2 * n },
  subscription: {
    count: async function* ({ to }) {
      for (let number = 1; number <= to; number++) yield { count: number };
    },
  },
};
const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
useServer({ schema, roots, onConnect: (c) => c.connectionParams?.token === "s3same" }, server);
server.on("listening", () => console.log(server.address().port));
