// A server of the older GraphQL protocol, graphql-ws: prints its port. It needs the token “s3same”.
const { buildSchema, execute, subscribe } = require("graphql");
const { SubscriptionServer } = require("subscriptions-transport-ws");

const schema = buildSchema(`
  type Query { double(n: Int!): Int }
  type Subscription { count(to: Int!): Int }
`);
const rootValue = {
  double: ({ n }) => 2 * n,
  count: async function* ({ to }) {
    for (let number = 1; number <= to; number++) yield { count: number };
  },
};
const onConnect = (parameters) => {
  if (parameters?.token !== "s3same") throw new Error("token expired");
};
const http = require("http").createServer();
const options = { schema, execute, subscribe, rootValue, onConnect, keepAlive: 50 };
SubscriptionServer.create(options, { server: http });
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
