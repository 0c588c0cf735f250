// An authorization server (oidc-provider), and a WebSocket server that wants its tokens.
// Prints its port. GET /test/expire makes all access tokens invalid, /test/revoke the grants too;
// /test/requests counts the answers of the token endpoint.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.NODE_PATH}/x.js`);
const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);
const { WebSocketServer } = require("ws");

const lifetime = Number(process.argv[2] ?? 3600); // seconds
const secret = "s3cret/of+the client";
const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;
const common = { response_types: [], redirect_uris: [] };
const person = { grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] };
const native = { application_type: "native", token_endpoint_auth_method: "none" };

const stores = [];
class Store extends Map {
  constructor(name) {
    super();
    stores.push([name, this]);
  }
  async upsert(id, payload) {
    this.set(id, payload);
  }
  async find(id) {
    return this.get(id);
  }
  async findByUid(uid) {
    return [...this.values()].find((one) => one.uid === uid);
  }
  async findByUserCode(code) {
    return [...this.values()].find((one) => one.userCode === code);
  }
  async consume(id) {
    this.get(id).consumed = Math.floor(Date.now() / 1000);
  }
  async destroy(id) {
    this.delete(id);
  }
  async revokeByGrantId(grant) {
    for (const [id, one] of this) if (one.grantId === grant) this.delete(id);
  }
}

const provider = new Provider(issuer, {
  adapter: Store,
  clients: [
    { client_id: "service", client_secret: secret, grant_types: ["client_credentials"], ...common },
    {
      client_id: "poster",
      client_secret: secret,
      grant_types: ["client_credentials"],
      token_endpoint_auth_method: "client_secret_post",
      ...common,
    },
    {
      client_id: "desktop",
      redirect_uris: ["http://127.0.0.1/callback", "http://localhost/back", "http://[::1]/callback"],
      ...native,
      ...person,
    },
    {
      client_id: "television",
      grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
      ...native,
      ...common,
    },
  ],
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: true },
  },
  scopes: ["openid", "feed"],
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: lifetime, ClientCredentials: lifetime, RefreshToken: 86400, Grant: 86400 },
  cookies: { keys: ["test"] },
});

let requests = 0;
provider.on("grant.success", () => (requests += 1));
const answer = provider.callback();
server.on("request", (request, response) => {
  const forget = {
    "/test/expire": ["AccessToken", "ClientCredentials"],
    "/test/revoke": ["AccessToken", "ClientCredentials", "RefreshToken", "Grant"],
  }[request.url];
  if (forget) {
    for (const [name, store] of stores) if (forget.includes(name)) store.clear();
    response.end("done");
  } else if (request.url === "/test/requests") {
    response.end(String(requests));
  } else {
    answer(request, response);
  }
});

const sockets = new WebSocketServer({ noServer: true });
server.on("upgrade", async (request, socket, head) => {
  const url = new URL(request.url, issuer);
  const header = (request.headers.authorization ?? "").replace(/^Bearer /, "");
  const token = header || (url.searchParams.get("access_token") ?? "");
  const found =
    (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  if (!found) {
    socket.end("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  sockets.handleUpgrade(request, socket, head, (peer) => peer.send(`hello ${found.clientId}`));
});
console.log(server.address().port);
