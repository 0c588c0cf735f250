// The hub's methods in SignalR's MessagePack, by the library of Microsoft's client.
"use strict";

const { MessageType, NullLogger } = require("@microsoft/signalr");
const { MessagePackHubProtocol } = require("@microsoft/signalr-protocol-msgpack");
const { decode } = require("@msgpack/msgpack");
const protocol = new MessagePackHubProtocol();

function say(peer, ...messages) {
  peer.send(Buffer.concat(messages.map((one) => Buffer.from(protocol.writeMessage(one)))));
}

exports.accept = (peer) => {
  peer.send(Buffer.from("{}\x1e"));
  say(peer, { type: MessageType.Invocation, target: "Welcome", arguments: ["ü", null] });
  say(peer, { type: MessageType.Ping });
};

exports.answer = (peer, data) => {
  for (const message of read(data)) {
    const { type, invocationId, target } = message;
    const values = message.arguments;
    const result = { type: MessageType.Completion, invocationId };
    if (type === MessageType.Ping) {
      say(peer, { type });
    } else if (type === MessageType.StreamInvocation) {
      const item = (number) => ({ type: MessageType.StreamItem, invocationId, item: number });
      const numbers = Array.from({ length: values[0] }, (_one, number) => item(number));
      say(peer, ...numbers, { ...result, result: undefined });
    } else if (target === "Shutdown") {
      // The library's own close message has no reason.
      peer.send(Buffer.from([5, 0x92, MessageType.Close, 0xa2, 0x6e, 0x6f]));
    } else if (target === "Fail") {
      say(peer, { ...result, error: "HubException: it failed" });
    } else if (target === "Reverse") {
      say(peer, { ...result, result: Uint8Array.from(values[0]).reverse() });
    } else if (invocationId) {
      say(peer, { ...result, result: target === "Size" ? values[0].length : values[0] + values[1] });
    }
  }
};

// The library reads what a client receives; the one message beside that is a StreamInvocation.
function read(data) {
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.length);
  const messages = protocol.parseMessages(bytes, NullLogger.instance);
  const items = data[1] < 0xa0 && data[0] < 0x80 ? decode(data.subarray(1, 1 + data[0])) : [];
  if (items[0] === MessageType.StreamInvocation) {
    const [type, headers, invocationId, target, values, streamIds] = items;
    messages.push({ type, headers, invocationId, target, arguments: values, streamIds });
  }
  return messages;
}
