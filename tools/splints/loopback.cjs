// LocalStack's Kinesis, a Node server, has no setting that keeps it from listening on every interface.
const net = require("node:net");

const EVERYWHERE = "0.0.0.0";
const LOOPBACK = "127.0.0.1";
const listen = net.Server.prototype.listen;

function onLoopback(argument) {
  if (argument === EVERYWHERE) return LOOPBACK;
  return argument?.host === EVERYWHERE ? { ...argument, host: LOOPBACK } : argument;
}

net.Server.prototype.listen = function (...args) {
  return listen.apply(this, args.map(onLoopback));
};
