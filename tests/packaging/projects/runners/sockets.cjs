// Notes every connection that a process of the runner opens to another host.
const { appendFileSync } = require("node:fs");
const { Socket } = require("node:net");

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  const [first] = args.flat();
  const { path, host, port } = Object(first);
  if (!path && typeof first !== "string") {
    const { stack } = new Error(`${host}:${port ?? first}`);
    appendFileSync(process.env.SOCKETS_LOG, `${stack}\n`);
  }
  return connect.apply(this, args);
};
